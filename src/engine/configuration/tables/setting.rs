//! The settings of the module.

use crate::engine::configuration::parameters::columns;
use crate::engine::configuration::parameters::entry::{flag, number, own, text};
use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::reading::Wrong;
use crate::engine::configuration::parameters::text::{is_blank, leading_integer, starts_with_number, truth};
use crate::engine::configuration::parameters::topic::Topic;
use crate::engine::configuration::settings::Settings;
use crate::engine::rows::agent::{AGENT_COLUMNS, LONGEST_NAME};
use crate::engine::rows::call_record::CALL_RECORD_COLUMNS;
use crate::engine::rows::member::MEMBER_COLUMNS;
use crate::engine::rows::tier::TIER_COLUMNS;
use crate::engine::vocabulary::meaning::{means, Since};
use std::time::Duration;

type Entry = Parameter<Settings>;

/// The name of a table.
macro_rules! table {
    ($name:literal, $field:ident, $stocks:literal) => {
        own!(
            $name,
            V0_1,
            "text",
            |settings, value| columns::read_table(&mut settings.$field, value, $stocks),
            |settings| settings.$field.clone()
        )
    };
}

/// The names of a table's columns.
macro_rules! columns {
    ($name:literal, $field:ident, $stocks:ident) => {
        own!(
            $name,
            V0_1,
            "names",
            |settings, value| columns::read_columns(&mut settings.$field, value, $stocks),
            |settings| settings.$field.to_string()
        )
    };
}

/// Every setting. Names and defaults of the first ones are stock's.
pub static SETTINGS: &[Parameter<Settings>] = &[
    own!("debug", Stock, "number", debug, |settings| settings.debug.to_string())
        .told(Topic::Ignored, means("Accepted, without effect.")),
    own!("dbname", Stock, "text", dbname, |settings| settings.dbname.clone()).told(
        Topic::Database,
        means(
            "Without `odbc-dsn`: the SQLite file. A bare name is a file in FreeSWITCH's database directory; a path is taken as it is.",
        ),
    ),
    text!("odbc-dsn", Stock, odbc_dsn).told(
        Topic::Database,
        means(
            "The database, in any form FreeSWITCH takes: `pgsql://`, `mariadb://`, `odbc://`, or the name of an ODBC source with user \
             and password.",
        )
        .opensips("`db_url`")
        .asterisk("`extconfig.conf`")
        .example("dsn:user:password"),
    ),
    flag!("reserve-agents", Stock, reserve_agents).told(
        Topic::Agents,
        means("Agents pass through state `Reserved` before `Receiving`."),
    ),
    flag!("truncate-tiers-on-load", Stock, truncate_tiers_on_load).told(
        Topic::Database,
        means("Forget the tiers of the database at load: only those of the configuration remain."),
    ),
    flag!("truncate-agents-on-load", Stock, truncate_agents_on_load).told(
        Topic::Database,
        means("Forget the agents of the database at load: only those of the configuration remain."),
    ),
    number!("service-level-seconds", V0_1, service_level_seconds, "seconds", 0, 86_400).told(
        Topic::Reports,
        means("A caller who is answered within so many seconds counts as answered in time, in `callcenter_config stats`.")
            .asterisk("`servicelevel`"),
    ),
    flag!("agent-report", V0_1, agent_report).told(
        Topic::Reports,
        means("Events `agent-report` tell whenever an agent is offline, free, in a call or wraps up.")
            .opensips("`E_CALLCENTER_AGENT_REPORT`"),
    ),
    flag!("queues-from-db", V0_1, queues_from_db).told(
        Topic::Database,
        means("Queues in the table `queues` as well: `queue add`, `queue set`, `queue del`.")
            .opensips("`cc_flows_table`")
            .asterisk("realtime queues"),
    ),
    // Accepted so that stock's files load without a complaint: no lock around the database is needed here.
    Entry::new(
        "global-database-lock",
        Since::Stock,
        Kind::Flag {
            get: |_| false,
            set: |_, _| (),
        },
    )
    .told(Topic::Ignored, means("Accepted, without effect.")),
    own!("cc-instance-id", Stock, "text", instance_id, |settings| settings
        .instance_id
        .clone())
    .told(
        Topic::Database,
        means("The name under which this FreeSWITCH writes its rows. Give each box its own when several share a database.")
            .asterisk("`systemname`"),
    ),
    flag!("cluster", V0_1, cluster).told(
        Topic::Database,
        means(
            "This FreeSWITCH is one call centre with all others that have this setting and the same database: one order of callers, one \
             roster of agents. Needs PostgreSQL in `odbc-dsn`, and a `cc-instance-id` of its own on each box.",
        ),
    ),
    own!("cluster-events", V0_1, "word", cluster_events, |settings| {
        if settings.cluster_events_everywhere {
            "everywhere"
        } else {
            "once"
        }
        .to_owned()
    })
    .told(
        Topic::Database,
        means(
            "With `cluster`: each event is fired `once`, on the box of its call, or `everywhere`, on every box. `CC-Instance` says whose \
             it is.",
        ),
    ),
    own!("agent-originate-timeout", Stock, "seconds", originate_timeout, |settings| {
        settings.agent_originate_timeout.to_string()
    })
    .told(
        Topic::Agents,
        means("The longest an agent's phone may ring, when the contact does not say.").asterisk("`timeout`"),
    ),
    own!("sqlite-synchronous", V0_1, "word", synchronous, |settings| {
        if settings.sqlite_synchronous_full {
            "full"
        } else {
            "normal"
        }
        .to_owned()
    })
    .told(
        Topic::Database,
        means("What a command that was answered `+OK` survives: `normal` a crash of FreeSWITCH, `full` a power cut, too."),
    ),
    number!("wrap-up-time", V0_1, wrap_up_time, "seconds", 0, 86_400).told(
        Topic::Agents,
        means("Pause after a call, for agents and queues without one of their own.")
            .opensips("`wrapup_time`")
            .asterisk("`wrapuptime`"),
    ),
    own!("rows-by-others-interval", V0_1, "milliseconds", interval, |settings| {
        settings
            .rows_by_others_interval
            .map_or(0, |interval| interval.as_millis())
            .to_string()
    })
    .told(
        Topic::Database,
        means("How often changes that others make by SQL are looked for in the tables; 0 is never."),
    ),
    table!("agents-table", agents_table, "agents").told(
        Topic::Tables,
        means("What stock's table `agents` is called.").opensips("`cc_agents_table`"),
    ),
    columns!("agents-columns", agents_columns, AGENT_COLUMNS).told(
        Topic::Tables,
        means("What the columns of `agents-table` are called: pairs of stock's name and the one here, by commas.")
            .opensips("`cca_agentid_column` and its like")
            .example("name=agent_id,contact=location"),
    ),
    table!("tiers-table", tiers_table, "tiers").told(Topic::Tables, means("What stock's table `tiers` is called.")),
    columns!("tiers-columns", tiers_columns, TIER_COLUMNS).told(
        Topic::Tables,
        means("What the columns of `tiers-table` are called: pairs of stock's name and the one here, by commas.").example("queue=flow,agent=agent_id"),
    ),
    table!("members-table", members_table, "members").told(
        Topic::Tables,
        means("What stock's table `members` is called.").opensips("`cc_calls_table`"),
    ),
    columns!("members-columns", members_columns, MEMBER_COLUMNS).told(
        Topic::Tables,
        means("What the columns of `members-table` are called: pairs of stock's name and the one here, by commas.").example("uuid=call_id"),
    ),
    flag!("agent-presence", V0_1, agent_presence).told(
        Topic::Reports,
        means("BLF keys for free and paused agents: [lamps](events.md#lamps-for-free-and-paused-agents).")
            .asterisk("`Queue:NAME_avail`, `Queue:NAME_pause_AGENT`"),
    ),
    own!("cdrs", V0_1, "true or false", cdrs, |settings| {
        settings.cdrs.map(|kept| kept.to_string()).unwrap_or_default()
    })
    .told(
        Topic::Records,
        means(
            "Whether call detail records are kept: a row for each offer that has ended and each member that has left \
             ([reports](reports.md)). Without it `cdr-odbc-dsn` decides.",
        )
        .example("true"),
    ),
    text!("cdr-odbc-dsn", V0_1, cdr_odbc_dsn).told(
        Topic::Records,
        means("The database of the call detail records, in any form `odbc-dsn` takes; without it the one of the rows.")
            .opensips("`acc_db_url`")
            .example("pgsql://host=reports dbname=calls user=callcenter"),
    ),
    own!("cdrs-table", V0_1, "text", cdrs_table, |settings| settings.cdrs_table.clone()).told(
        Topic::Records,
        means("The table of the call detail records.").opensips("`cc_cdrs`"),
    ),
    columns!("cdrs-columns", cdrs_columns, CALL_RECORD_COLUMNS).told(
        Topic::Records,
        means("What the columns of `cdrs-table` are called: pairs of our name and the one here, by commas.").example("received=calldate,caller_number=src"),
    ),
    number!("cdrs-journal-limit", V0_1, cdrs_journal_limit, "records", 1000, 100_000_000).told(
        Topic::Records,
        means("How many records are kept in a journal in FreeSWITCH's database directory while their database is away."),
    ),
    text!("queue-log-file", V0_1, queue_log_file).told(
        Topic::Records,
        means(
            "The file into which Asterisk's queue_log is written, for report programs that read it ([reports](reports.md)); a bare name is a file in \
             FreeSWITCH's log directory.",
        )
        .asterisk("`queue_log` of logger.conf")
        .example("queue_log"),
    ),
    flag!("internal-call-dispatching", V0_1, internal_call_dispatching).told(
        Topic::Agents,
        means("Callers are offered without `dispatch member`.").opensips("`internal_call_dispatching`"),
    ),
];

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

fn cluster_events(settings: &mut Settings, value: &str) -> Result<(), Wrong> {
    settings.cluster_events_everywhere = match value.to_ascii_lowercase().as_str() {
        "everywhere" => true,
        "once" | "" => false,
        _ => {
            return wrong(
                format!("\"{value}\" is neither \"once\" nor \"everywhere\""),
                "once",
                "",
            )
        }
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
