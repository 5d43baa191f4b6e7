//! The settings of the module.

use crate::engine::configuration::parameters::columns;
use crate::engine::configuration::parameters::entry::{flag, number, text};
use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::reading::{Since, Wrong};
use crate::engine::configuration::parameters::text::{is_blank, leading_integer, starts_with_number, truth};
use crate::engine::configuration::settings::Settings;
use crate::engine::rows::agent::{AGENT_COLUMNS, LONGEST_NAME};
use crate::engine::rows::call_record::CALL_RECORD_COLUMNS;
use crate::engine::rows::member::MEMBER_COLUMNS;
use crate::engine::rows::tier::TIER_COLUMNS;
use std::time::Duration;

/// The name of a table.
macro_rules! table {
    ($name:literal, $field:ident, $stocks:literal) => {
        own(
            $name,
            Since::Ours,
            "text",
            |settings, value| columns::read_table(&mut settings.$field, value, $stocks),
            |settings| settings.$field.clone(),
        )
    };
}

/// The names of a table's columns.
macro_rules! columns {
    ($name:literal, $field:ident, $stocks:ident) => {
        own(
            $name,
            Since::Ours,
            "names",
            |settings, value| columns::read_columns(&mut settings.$field, value, $stocks),
            |settings| settings.$field.to_string(),
        )
    };
}

/// Every setting. Names and defaults of the first ones are stock's.
pub static SETTINGS: &[Parameter<Settings>] = &[
    own("debug", Since::Stock, "number", debug, |settings| {
        settings.debug.to_string()
    }),
    own("dbname", Since::Stock, "text", dbname, |settings| {
        settings.dbname.clone()
    }),
    text!("odbc-dsn", Stock, odbc_dsn),
    flag!("reserve-agents", Stock, reserve_agents),
    flag!("truncate-tiers-on-load", Stock, truncate_tiers_on_load),
    flag!("truncate-agents-on-load", Stock, truncate_agents_on_load),
    number!(
        "service-level-seconds",
        Ours,
        service_level_seconds,
        "seconds",
        0,
        86_400
    ),
    flag!("agent-report", Ours, agent_report),
    flag!("queues-from-db", Ours, queues_from_db),
    Parameter {
        name: "global-database-lock",
        since: Since::Stock,
        // Accepted so that stock's files load without a complaint: no lock around the database is needed here.
        kind: Kind::Flag {
            get: |_| false,
            set: |_, _| (),
        },
    },
    own("cc-instance-id", Since::Stock, "text", instance_id, |settings| {
        settings.instance_id.clone()
    }),
    own(
        "agent-originate-timeout",
        Since::Stock,
        "seconds",
        originate_timeout,
        |settings| settings.agent_originate_timeout.to_string(),
    ),
    own("sqlite-synchronous", Since::Ours, "word", synchronous, |settings| {
        if settings.sqlite_synchronous_full {
            "full"
        } else {
            "normal"
        }
        .to_owned()
    }),
    number!("wrap-up-time", Ours, wrap_up_time, "seconds", 0, 86_400),
    own(
        "rows-by-others-interval",
        Since::Ours,
        "milliseconds",
        interval,
        |settings| {
            settings
                .rows_by_others_interval
                .map_or(0, |interval| interval.as_millis())
                .to_string()
        },
    ),
    table!("agents-table", agents_table, "agents"),
    columns!("agents-columns", agents_columns, AGENT_COLUMNS),
    table!("tiers-table", tiers_table, "tiers"),
    columns!("tiers-columns", tiers_columns, TIER_COLUMNS),
    table!("members-table", members_table, "members"),
    columns!("members-columns", members_columns, MEMBER_COLUMNS),
    flag!("agent-presence", Ours, agent_presence),
    own("cdrs", Since::Ours, "true or false", cdrs, |settings| {
        settings.cdrs.map(|kept| kept.to_string()).unwrap_or_default()
    }),
    text!("cdr-odbc-dsn", Ours, cdr_odbc_dsn),
    own("cdrs-table", Since::Ours, "text", cdrs_table, |settings| {
        settings.cdrs_table.clone()
    }),
    columns!("cdrs-columns", cdrs_columns, CALL_RECORD_COLUMNS),
    number!(
        "cdrs-journal-limit",
        Ours,
        cdrs_journal_limit,
        "records",
        1000,
        100_000_000
    ),
    text!("queue-log-file", Ours, queue_log_file),
    flag!("internal-call-dispatching", Ours, internal_call_dispatching),
];

const fn own(
    name: &'static str,
    since: Since,
    unit: &'static str,
    configure: fn(&mut Settings, &str) -> Result<(), Wrong>,
    write: fn(&Settings) -> String,
) -> Parameter<Settings> {
    let kind = Kind::Own { unit, configure, write };
    Parameter { name, since, kind }
}

fn wrong(what: String, used: impl std::fmt::Display, advice: &str) -> Result<(), Wrong> {
    Err(Wrong {
        what,
        instead: format!("{used} is used"),
        advice: advice.to_owned(),
    })
}

/// The text, or the default where it is empty.
fn or_default(value: &str, default: String) -> String {
    if value.is_empty() {
        return default;
    }
    value.to_owned()
}

fn debug(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    settings.debug = leading_integer(value).unwrap_or(i64::MAX);
    if value.is_empty() || starts_with_number(value) {
        return Ok(());
    }
    wrong(format!("\"{value}\" is not a number"), settings.debug, "")
}

fn dbname(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    settings.dbname = or_default(value, Settings::default().dbname);
    Ok(())
}

fn instance_id(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    let length = value.chars().count();
    if length > LONGEST_NAME {
        let advice = format!("Use at most {LONGEST_NAME}.");
        return wrong(format!("it has {length} characters"), &settings.instance_id, &advice);
    }
    settings.instance_id = or_default(value, Settings::default().instance_id);
    Ok(())
}

/// Stock takes 0 for its default.
fn originate_timeout(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    let seconds = leading_integer(value).filter(|seconds| (0..=86_400).contains(seconds));
    match seconds.and_then(|seconds| u32::try_from(seconds).ok()) {
        Some(0) => settings.agent_originate_timeout = Settings::default().agent_originate_timeout,
        Some(seconds) => settings.agent_originate_timeout = seconds,
        None => {
            let what = format!("\"{value}\" is not a number of seconds from 1 to 86400");
            return wrong(what, settings.agent_originate_timeout, "");
        }
    }
    Ok(())
}

fn synchronous(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    settings.sqlite_synchronous_full = match value.to_ascii_lowercase().as_str() {
        "full" => true,
        "normal" | "" => false,
        _ => return wrong(format!("\"{value}\" is neither \"full\" nor \"normal\""), "normal", ""),
    };
    Ok(())
}

/// Milliseconds; 0 is never.
fn interval(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    settings.rows_by_others_interval = match value.parse::<u64>() {
        Ok(0) => None,
        Ok(milliseconds @ 100..=3_600_000) => Some(Duration::from_millis(milliseconds)),
        _ if value.is_empty() => Settings::default().rows_by_others_interval,
        _ => {
            let what = format!("\"{value}\" is neither 0 (never) nor a number of milliseconds from 100 to 3600000");
            return wrong(what, 1000, "");
        }
    };
    Ok(())
}

/// Empty: `cdr-odbc-dsn` decides.
fn cdrs(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    settings.cdrs = match truth(value) {
        _ if is_blank(value) => None,
        Some(kept) => Some(kept),
        None => {
            // Whoever writes it wants them or not; nobody is to find records that were not asked for.
            settings.cdrs = Some(false);
            return wrong(format!("\"{value}\" is neither true nor false"), false, "");
        }
    };
    Ok(())
}

fn cdrs_table(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    columns::read_table(&mut settings.cdrs_table, value, "cdrs")
}
