//! What the operator configures, as the engine uses it. Reading it from XML is the config room's work.

use crate::engine::configuration::parameters::ColumnNames;
use std::time::Duration;

/// `<settings>` of callcenter.conf.xml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `odbc-dsn`: the database in FreeSWITCH's words; none means `dbname`.
    pub odbc_dsn: Option<String>,
    /// `dbname`: name or path of the SQLite file, or what `odbc-dsn` takes (stock's default: `callcenter`).
    pub dbname: String,
    /// `debug`: accepted as stock does.
    pub debug: i64,
    /// `reserve-agents`: announce the state `Reserved` before `Receiving`.
    pub reserve_agents: bool,
    /// `truncate-agents-on-load`: forget all agents of the database at load.
    pub truncate_agents_on_load: bool,
    /// `truncate-tiers-on-load`: forget all tiers of the database at load.
    pub truncate_tiers_on_load: bool,
    /// `queues-from-db`: the table `queues` holds queues as well (default: false; then there is no such table).
    pub queues_from_db: bool,
    /// `cc-instance-id`: the owner written into rows (stock's default: `single_box`).
    pub instance_id: String,
    /// `cluster`: whether this box is one of several that are one call centre (default: false).
    pub cluster: bool,
    /// `cluster-events`: whether each event is fired on every box of a cluster (default: once, on the box of its call).
    pub cluster_events_everywhere: bool,
    /// `agent-report`: whether events tell what agents do (default: false).
    pub agent_report: bool,
    /// `service-level-seconds`: a caller who is answered within so many counts as answered in time (default: 20).
    pub service_level_seconds: u32,
    /// `agent-originate-timeout`: seconds an agent's phone may ring (stock's default: 60).
    pub agent_originate_timeout: u32,
    /// `sqlite-synchronous`: `full` makes an acknowledged command survive a power cut as well.
    pub sqlite_synchronous_full: bool,
    /// `rows-by-others-interval`, milliseconds: how often changes are looked for that others make in the tables; none is never
    /// (default: 1000).
    pub rows_by_others_interval: Option<Duration>,
    /// `wrap-up-time`: seconds, for agents and queues that have none of their own; 0 is none.
    pub wrap_up_time: u32,
    /// `agents-table`: what stock's table `agents` is called.
    pub agents_table: String,
    /// `agents-columns`: what its columns are called.
    pub agents_columns: ColumnNames,
    /// `tiers-table`: what stock's table `tiers` is called.
    pub tiers_table: String,
    /// `tiers-columns`: what its columns are called.
    pub tiers_columns: ColumnNames,
    /// `members-table`: what stock's table `members` is called.
    pub members_table: String,
    /// `members-columns`: what its columns are called.
    pub members_columns: ColumnNames,
    /// `agent-presence`: whether the presence of free and of paused agents is told.
    pub agent_presence: bool,
    /// `cdrs`: whether call detail records are kept; none says that `cdr-odbc-dsn` decides.
    pub cdrs: Option<bool>,
    /// `cdr-odbc-dsn`: the database of the call detail records, as in `odbc-dsn`; none is the one of the rows.
    pub cdr_odbc_dsn: Option<String>,
    /// `cdrs-table`: the table of the call detail records (default: `cdrs`).
    pub cdrs_table: String,
    /// `cdrs-columns`: its columns that have another name.
    pub cdrs_columns: ColumnNames,
    /// `cdrs-journal-limit`: how many call detail records are kept here at most while their database is away (default: 1000000).
    pub cdrs_journal_limit: u32,
    /// `queue-log-file`: where Asterisk's queue_log is written; a name without a path is a file in FreeSWITCH's log directory; none:
    /// nowhere.
    pub queue_log_file: Option<String>,
    /// `internal-call-dispatching`: whether calls are offered without `dispatch member`, until `dispatch internal` says otherwise
    /// (default: true).
    pub internal_call_dispatching: bool,
}

impl Settings {
    /// Whether call detail records are kept.
    pub fn keeps_call_records(&self) -> bool {
        self.cdrs.unwrap_or(self.cdr_odbc_dsn.is_some())
    }
}

/// The owner stock writes into every row unless `cc-instance-id` says otherwise.
pub const DEFAULT_INSTANCE: &str = "single_box";

impl Default for Settings {
    fn default() -> Self {
        Self {
            odbc_dsn: None,
            dbname: "callcenter".to_owned(),
            debug: 0,
            reserve_agents: false,
            truncate_agents_on_load: false,
            truncate_tiers_on_load: false,
            queues_from_db: false,
            instance_id: DEFAULT_INSTANCE.to_owned(),
            cluster: false,
            cluster_events_everywhere: false,
            agent_report: false,
            service_level_seconds: 20,
            agent_originate_timeout: 60,
            sqlite_synchronous_full: false,
            rows_by_others_interval: Some(Duration::from_secs(1)),
            wrap_up_time: 0,
            agents_table: "agents".to_owned(),
            agents_columns: ColumnNames::default(),
            tiers_table: "tiers".to_owned(),
            tiers_columns: ColumnNames::default(),
            members_table: "members".to_owned(),
            members_columns: ColumnNames::default(),
            agent_presence: false,
            cdrs: None,
            cdr_odbc_dsn: None,
            cdrs_table: "cdrs".to_owned(),
            cdrs_columns: ColumnNames::default(),
            cdrs_journal_limit: 1_000_000,
            queue_log_file: None,
            internal_call_dispatching: true,
        }
    }
}
