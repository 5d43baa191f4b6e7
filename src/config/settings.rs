//! `<settings>`. As in stock, the last of several parameters of one name counts and names are read in any case.

use super::param::{strangers, valued, Param, Unknown};
use super::warnings::Warnings;
use super::Element;
use crate::engine::{Parameter, Settings, Wrong, SETTINGS};
use std::collections::HashSet;

/// Reads `<settings>`.
pub(super) fn read(element: &Element, warnings: &mut Warnings) -> Settings {
    let mut settings = Settings::default();
    let mut unknown = Unknown::of(SETTINGS.iter().map(|setting| setting.name));
    let mut seen = HashSet::new();
    strangers("<settings>", element, &["param"], warnings);
    for Param { name, value, element } in valued("<settings>", element, warnings) {
        warnings.about(element);
        let trouble = match SETTINGS.iter().find(|setting| setting.name == name) {
            Some(setting) => apply(&mut settings, setting, value)
                .err()
                .map(|wrong| wrong.to_string()),
            None => unknown.param(&name, "setting"),
        };
        if let Some(trouble) = trouble {
            warnings.push(format!("<settings>: param \"{name}\": {trouble}"));
        }
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
        let mut warnings = Warnings::default();
        let settings = read(&element, &mut warnings);
        (settings, warnings.told())
    }

    #[test]
    fn every_setting_is_read() {
        let (settings, warnings) = read_text(
            r#"<param name="odbc-dsn" value="pgsql://x"/><param name="dbname" value="/tmp/cc.db"/>
               <param name="DEBUG" value="2"/><param name="reserve-agents" value="true"/>
               <param name="truncate-agents-on-load" value="yes"/><param name="truncate-tiers-on-load" value="1"/>
               <param name="global-database-lock" value="false"/><param name="cc-instance-id" value="box1"/>
               <param name="agent-originate-timeout" value="30"/><param name="sqlite-synchronous" value="FULL"/>
               <param name="rows-by-others-interval" value="250"/><param name="cdrs" value="true"/>
               <param name="cdr-odbc-dsn" value="reports:u:p"/><param name="cdrs-table" value="cc_cdrs"/>
               <param name="cdrs-journal-limit" value="5000"/><param name="queues-from-db" value="true"/>
               <param name="wrap-up-time" value="15"/><param name="service-level-seconds" value="30"/>
               <param name="agent-report" value="true"/><param name="agent-presence" value="true"/>
               <param name="queue-log-file" value="queue_log"/>
               <param name="internal-call-dispatching" value="false"/>
               <param name="agents-table" value="cc_agents"/><param name="agents-columns" value="name=id"/>"#,
        );
        assert_eq!(warnings, Vec::<String>::new());
        let expected = Settings {
            odbc_dsn: Some("pgsql://x".to_owned()),
            dbname: "/tmp/cc.db".to_owned(),
            debug: 2,
            reserve_agents: true,
            truncate_agents_on_load: true,
            truncate_tiers_on_load: true,
            queues_from_db: true,
            service_level_seconds: 30,
            agent_report: true,
            instance_id: "box1".to_owned(),
            agent_originate_timeout: 30,
            sqlite_synchronous_full: true,
            rows_by_others_interval: Some(Duration::from_millis(250)),
            cdrs: Some(true),
            cdr_odbc_dsn: Some("reports:u:p".to_owned()),
            cdrs_table: "cc_cdrs".to_owned(),
            cdrs_journal_limit: 5000,
            wrap_up_time: 15,
            queue_log_file: Some("queue_log".to_owned()),
            internal_call_dispatching: false,
            agent_presence: true,
            agents_table: "cc_agents".to_owned(),
            agents_columns: settings.agents_columns.clone(),
            ..Settings::default()
        };
        assert_eq!(settings, expected);
        assert_eq!(settings.agents_columns.to_string(), "name=id");
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
                "<settings>: param \"cc-instance-id\": it has no value and is ignored. Give it an attribute value=\"...\".",
                "<settings>: param \"\": it has no name and is ignored.",
                "<settings>: param \"agent-originate-timeout\": \"-5\" is not a number of seconds from 1 to 86400; 60 is used.",
                "<settings>: param \"reserve-agents\": \"perhaps\" is neither true nor false; false is used.",
                "<settings>: param \"sqlite-synchronous\": \"off\" is neither \"full\" nor \"normal\"; normal is used.",
                "<settings>: param \"no-such\": no setting of that name is known; it is ignored.",
            ]
        );
    }

    #[test]
    fn changes_by_others_may_never_be_looked_for() {
        let (settings, warnings) = read_text(r#"<param name="rows-by-others-interval" value="0"/>"#);
        assert_eq!((settings.rows_by_others_interval, warnings), (None, Vec::new()));
    }

    #[test]
    fn call_records_are_kept_where_a_setting_says_so() {
        let keeps = |params: &str| read_text(params).0.keeps_call_records();
        let dsn = r#"<param name="cdr-odbc-dsn" value="sqlite://records"/>"#;
        assert!(!keeps(""));
        assert!(keeps(dsn));
        assert!(keeps(r#"<param name="cdrs" value="true"/>"#));
        assert!(!keeps(&format!(r#"{dsn}<param name="cdrs" value="false"/>"#)));
    }

    #[test]
    fn a_table_of_call_records_has_a_plain_name_of_its_own() {
        for name in ["a b", "1cdrs", "cdrs;--", "cdr\"s", "Members", &"x".repeat(49)] {
            let text = name.replace('"', "&quot;");
            let (settings, warnings) = read_text(&format!(r#"<param name="cdrs-table" value="{text}"/>"#));
            assert_eq!((settings.cdrs_table.as_str(), warnings.len()), ("cdrs", 1), "{name}");
        }
        let (settings, warnings) =
            read_text(r#"<param name="cdrs-table" value=""/><param name="cdrs-journal-limit" value="10"/>"#);
        assert_eq!(settings, Settings::default());
        assert_eq!(
            warnings,
            ["<settings>: param \"cdrs-journal-limit\": \"10\" is not what it can be; 1000000 is used. Use a number of records from 1000 to 100000000."]
        );
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
