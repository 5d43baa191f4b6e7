//! `<settings>`. As in stock, the last of several parameters of one name counts and names are read in any case.

use super::value::{starts_with_number, truth};
use super::{leading_integer, Element};
use crate::core::{Settings, LONGEST_NAME};
use std::collections::HashSet;
use std::time::Duration;

/// Reads `<settings>`.
pub(super) fn read(element: &Element, warnings: &mut Vec<String>) -> Settings {
    let mut settings = Settings::default();
    let mut seen = HashSet::new();
    for (name, value) in element.params() {
        let name = name.to_ascii_lowercase();
        if let Err(trouble) = apply(&mut settings, &name, value) {
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

fn apply(settings: &mut Settings, name: &str, value: &str) -> Result<(), String> {
    let defaults = Settings::default();
    match name {
        "debug" => {
            settings.debug = leading_integer(value).unwrap_or(i64::MAX);
            return number(value, settings.debug);
        }
        "dbname" => settings.dbname = or_default(value, &defaults.dbname),
        "odbc-dsn" => settings.odbc_dsn = (!value.is_empty()).then(|| value.to_owned()),
        "reserve-agents" => settings.reserve_agents = flag(value)?,
        "truncate-tiers-on-load" => settings.truncate_tiers_on_load = flag(value)?,
        "truncate-agents-on-load" => settings.truncate_agents_on_load = flag(value)?,
        // Accepted so that stock's files load without a complaint: no lock around the database is needed here.
        "global-database-lock" => drop(flag(value)?),
        "cc-instance-id" => {
            settings.instance_id = defaults.instance_id;
            settings.instance_id = instance_id(value)?;
        }
        "agent-originate-timeout" => {
            settings.agent_originate_timeout = defaults.agent_originate_timeout;
            settings.agent_originate_timeout = originate_timeout(value)?;
        }
        "sqlite-synchronous" => {
            settings.sqlite_synchronous_full = false;
            settings.sqlite_synchronous_full = synchronous_full(value)?;
        }
        "rows-by-others-interval" => {
            settings.rows_by_others_interval = defaults.rows_by_others_interval;
            settings.rows_by_others_interval = interval(value)?;
        }
        "" => return Err("it has no name and is ignored.".to_owned()),
        _ => return Err("no setting of that name is known; it is ignored.".to_owned()),
    }
    Ok(())
}

fn or_default(value: &str, default: &str) -> String {
    if value.is_empty() { default } else { value }.to_owned()
}

fn number(value: &str, used: i64) -> Result<(), String> {
    if value.is_empty() || starts_with_number(value) {
        return Ok(());
    }
    Err(format!("\"{value}\" is not a number; {used} is used."))
}

fn instance_id(value: &str) -> Result<String, String> {
    match value.chars().count() {
        length if length > LONGEST_NAME => Err(format!(
            "it has {length} characters; {} is used. Use at most {LONGEST_NAME}.",
            Settings::default().instance_id
        )),
        _ => Ok(or_default(value, &Settings::default().instance_id)),
    }
}

/// Stock takes every text that is not true for false.
fn flag(value: &str) -> Result<bool, String> {
    match truth(value) {
        Some(truth) => Ok(truth),
        None => Err(format!("\"{value}\" is neither true nor false; false is used.")),
    }
}

fn originate_timeout(value: &str) -> Result<u32, String> {
    let default = Settings::default().agent_originate_timeout;
    match leading_integer(value) {
        Some(0) => Ok(default),
        Some(seconds) if (1..=86_400).contains(&seconds) => Ok(u32::try_from(seconds).unwrap_or(default)),
        _ => Err(format!(
            "\"{value}\" is not a number of seconds from 1 to 86400; {default} is used."
        )),
    }
}

fn synchronous_full(value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "full" => Ok(true),
        "normal" | "" => Ok(false),
        _ => Err(format!(
            "\"{value}\" is neither \"full\" nor \"normal\"; normal is used."
        )),
    }
}

/// Milliseconds; 0 is never.
fn interval(value: &str) -> Result<Option<Duration>, String> {
    match value.parse::<u64>() {
        Ok(0) => Ok(None),
        Ok(milliseconds @ 100..=3_600_000) => Ok(Some(Duration::from_millis(milliseconds))),
        _ if value.is_empty() => Ok(Settings::default().rows_by_others_interval),
        _ => Err(format!(
            "\"{value}\" is neither 0 (never) nor a number of milliseconds from 100 to 3600000; 1000 is used."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
