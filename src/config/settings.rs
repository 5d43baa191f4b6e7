//! `<settings>`. As in stock, the last of several parameters of one name counts and names are read in any case.

use super::param::Unknown;
use super::Element;
use crate::core::{Parameter, Settings, Wrong, SETTINGS};
use std::collections::HashSet;

/// Reads `<settings>`.
pub(super) fn read(element: &Element, warnings: &mut Vec<String>) -> Settings {
    let mut settings = Settings::default();
    let mut unknown = Unknown::of("settings", SETTINGS.iter().map(|setting| setting.name));
    let mut seen = HashSet::new();
    for (name, value) in element.params() {
        let name = name.to_ascii_lowercase();
        let trouble = match SETTINGS.iter().find(|setting| setting.name == name) {
            Some(setting) => apply(&mut settings, setting, value)
                .err()
                .map(|wrong| wrong.to_string()),
            None => unknown.param(&name, "setting"),
        };
        warnings.extend(trouble.map(|trouble| format!("<settings>: param \"{name}\": {trouble}")));
        if !seen.insert(name.clone()) {
            warnings.push(format!(
                "<settings>: param \"{name}\" is there more than once; the last one is used."
            ));
        }
    }
    settings
}

/// The last of several counts, so what an earlier one said does not matter.
fn apply(settings: &mut Settings, setting: &Parameter<Settings>, value: &str) -> Result<(), Wrong> {
    let mut fresh = Settings::default();
    let taken = setting.configure(&mut fresh, value);
    setting.copy(&fresh, settings);
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn read_text(params: &str) -> (Settings, Vec<String>) {
        let element = Element::parse_for_tests(&format!("<settings>{params}</settings>"));
        let mut warnings = Vec::new();
        let settings = read(&element, &mut warnings);
        (settings, warnings)
    }

    #[test]
    fn every_setting_is_read() {
        let (settings, warnings) = read_text(
            r#"<param name="odbc-dsn" value="pgsql://x"/><param name="dbname" value="/tmp/cc.db"/>
               <param name="DEBUG" value="2"/><param name="reserve-agents" value="true"/>
               <param name="truncate-agents-on-load" value="yes"/><param name="truncate-tiers-on-load" value="1"/>
               <param name="global-database-lock" value="false"/><param name="cc-instance-id" value="box1"/>
               <param name="agent-originate-timeout" value="30"/><param name="sqlite-synchronous" value="FULL"/>
               <param name="rows-by-others-interval" value="250"/>"#,
        );
        assert_eq!(warnings, Vec::<String>::new());
        let expected = Settings {
            odbc_dsn: Some("pgsql://x".to_owned()),
            dbname: "/tmp/cc.db".to_owned(),
            debug: 2,
            reserve_agents: true,
            truncate_agents_on_load: true,
            truncate_tiers_on_load: true,
            instance_id: "box1".to_owned(),
            agent_originate_timeout: 30,
            sqlite_synchronous_full: true,
            rows_by_others_interval: Some(Duration::from_millis(250)),
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn what_is_empty_or_wrong_falls_back_and_wrong_things_are_named() {
        let (settings, warnings) = read_text(
            r#"<param name="dbname" value=""/><param name="cc-instance-id"/><param name="odbc-dsn" value=""/>
               <param name="agent-originate-timeout" value="-5"/><param name="reserve-agents" value="perhaps"/>
               <param name="sqlite-synchronous" value="off"/><param name="no-such" value="1"/><param value="x"/>"#,
        );
        assert_eq!(settings, Settings::default());
        assert_eq!(
            warnings,
            [
                "<settings>: param \"agent-originate-timeout\": \"-5\" is not a number of seconds from 1 to 86400; 60 is used.",
                "<settings>: param \"reserve-agents\": \"perhaps\" is neither true nor false; false is used.",
                "<settings>: param \"sqlite-synchronous\": \"off\" is neither \"full\" nor \"normal\"; normal is used.",
                "<settings>: param \"no-such\": no setting of that name is known; it is ignored.",
                "<settings>: param \"\": it has no name and is ignored.",
            ]
        );
    }

    #[test]
    fn changes_by_others_may_never_be_looked_for() {
        let (settings, warnings) = read_text(r#"<param name="rows-by-others-interval" value="0"/>"#);
        assert_eq!((settings.rows_by_others_interval, warnings), (None, Vec::new()));
    }

    #[test]
    fn the_last_of_two_counts() {
        let (settings, warnings) = read_text(r#"<param name="dbname" value="a"/><param name="dbname" value="b"/>"#);
        assert_eq!(settings.dbname, "b");
        assert_eq!(
            warnings,
            ["<settings>: param \"dbname\" is there more than once; the last one is used."]
        );
    }
}
