//! What the operator configures, as the engine uses it. Reading it from XML is the config room's work.

use crate::engine::configuration::parameters::Assignment;
use crate::engine::configuration::parameters::ColumnNames;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::staffing::presence::Absences;
use crate::engine::vocabulary::level_rules::LevelRules;
use crate::engine::vocabulary::skills::{RequiredSkills, Skills};
use crate::engine::vocabulary::words::{
    AgentStatus, AgentType, Autopause, ChatDispatch, EstimateTold, PositionTold, Strategy, TimeoutPriority,
};
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

/// One `<queue>`, with stock's defaults. Times are whole seconds, 0 to 86400.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueConfig {
    /// The queue's name, such as `support@default`.
    pub name: String,
    /// `strategy` as written; lists show it so.
    pub strategy: String,
    /// `moh-sound`: anything FreeSWITCH can play.
    pub moh_sound: Option<String>,
    /// `announce-sound`: played to waiting members now and then.
    pub announce_sound: Option<String>,
    /// `announce-frequency`: seconds between two announcements; 0 is never.
    pub announce_frequency: u32,
    /// `record-template`: where to record bridged calls; `${...}` is expanded on the member's channel.
    pub record_template: Option<String>,
    /// `time-base-score` as written: `system` counts the whole call, anything else the time in the queue.
    pub time_base_score: String,
    /// `ring-progressively-delay`: seconds before one more agent rings; 0 means 10, as in stock.
    pub ring_progressively_delay: u32,
    /// `tier-rules-apply`.
    pub tier_rules_apply: bool,
    /// `tier-rule-wait-second`.
    pub tier_rule_wait_second: u32,
    /// `tier-rule-wait-multiply-level`.
    pub tier_rule_wait_multiply_level: bool,
    /// `tier-rule-no-agent-no-wait`.
    pub tier_rule_no_agent_no_wait: bool,
    /// `discard-abandoned-after`: seconds an abandoned member is kept.
    pub discard_abandoned_after: u32,
    /// `abandoned-resume-allowed`: a returning caller gets the old place.
    pub abandoned_resume_allowed: bool,
    /// `max-wait-time`: seconds; 0 is for ever.
    pub max_wait_time: u32,
    /// `max-wait-time-with-no-agent`: seconds; 0 is for ever.
    pub max_wait_time_with_no_agent: u32,
    /// `max-wait-time-with-no-agent-time-reached`: seconds of grace after joining.
    pub max_wait_time_with_no_agent_time_reached: u32,
    /// `agent-no-answer-status`: what an agent who reached `max_no_answer` becomes.
    pub agent_no_answer_status: AgentStatus,
    /// `skip-agents-with-external-calls`.
    pub skip_agents_with_external_calls: bool,
    /// `ring-in-use`: whether agents are rung whose device is in use.
    pub ring_in_use: bool,
    /// `priority`: a freed agent takes a member of the queue with the highest one, whatever the scores. 0 by default.
    pub priority: u32,
    /// `required-skills`: what an agent needs to serve the queue; who has it serves it without a tier.
    pub required_skills: RequiredSkills,
    /// `skill-relax-seconds`: after each so many seconds of waiting less is required, see [`RequiredSkills`]; 0 is never.
    pub skill_relax_seconds: u32,
    /// `level-rules`: which levels may serve a member changes with the time waited.
    pub level_rules: LevelRules,
    /// `retry-delay`: seconds between an offer that failed and the next one of the same member; 0 is none.
    pub retry_delay: u32,
    /// `member-delay`: seconds of silence the agent hears before being connected.
    pub member_delay: u32,
    /// `wrap-up-time`: seconds, for agents who have none of their own; 0 is the setting of that name.
    pub wrap_up_time: u32,
    /// `max-wrap-up-time`: no wrap-up after a call of this queue is longer; 0 is no limit.
    pub max_wrap_up_time: u32,
    /// `chat-dispatch-policy`: which of several agents gets a chat.
    pub chat_dispatch_policy: ChatDispatch,
    /// `timeout-priority`: what counts when `max-wait-time` is reached while an agent is rung.
    pub timeout_priority: TimeoutPriority,
    /// `autopause`: where an agent is paused who has not answered.
    pub autopause: Autopause,
    /// `autopause-busy`: and so is one who was busy or has rejected the call.
    pub autopause_busy: bool,
    /// `autopause-unavailable`: and so is one whose phone is not registered.
    pub autopause_unavailable: bool,
    /// `autopause-delay`: nobody is paused within so many seconds of a call.
    pub autopause_delay: u32,
    /// `announce-position`: which members are told their place in line.
    pub announce_position: PositionTold,
    /// `announce-position-limit`: the last place that is told, where not all are.
    pub announce_position_limit: u32,
    /// `announce-position-frequency`: seconds after which a place is told again; 0 is never.
    pub announce_position_frequency: u32,
    /// `announce-position-min-frequency`: seconds after which a place is told again when it has changed; 0 is not before the other.
    pub announce_position_min_frequency: u32,
    /// `announce-holdtime`: whether members are told how long they will probably wait, as often as the place.
    pub announce_holdtime: EstimateTold,
    /// `announce-round-seconds`: how finely the wait is told, in seconds; 0 is minutes begun.
    pub announce_round_seconds: u32,
    /// `periodic-announce-sounds`: sounds with commas between them, one of which is played now and then.
    pub periodic_announce_sounds: Option<String>,
    /// `periodic-announce-frequency`: seconds between two of these; 0 is never.
    pub periodic_announce_frequency: u32,
    /// `periodic-announce-random`: any of the list, not one after the other.
    pub periodic_announce_random: bool,
    /// `periodic-announce-relative`: the interval counts from the end of the last, not from its beginning.
    pub periodic_announce_relative: bool,
    /// `agent-announce-sound`: what the agent hears before being connected.
    pub agent_announce_sound: Option<String>,
    /// `agent-announce-wait`: the agent is told how long the caller has waited.
    pub agent_announce_wait: bool,
    /// `welcome-sound`: what a caller hears before entering.
    pub welcome_sound: Option<String>,
    /// `cid-name-prefix`: put before the caller's name on the agent's phone.
    pub cid_name_prefix: Option<String>,
    /// `cc-export-vars`: names of the caller's variables that go to the agent's leg, with commas between them.
    pub cc_export_vars: Option<String>,
    /// `max-queue-length`: callers who may wait at once; 0 is any number.
    pub max_queue_length: u32,
    /// `reject-on-no-agents`: nobody enters while no agent of the queue is logged in.
    pub reject_on_no_agents: bool,
    /// `join-empty`: agents who are absent so do not count, and nobody enters when none counts; none: everybody enters.
    pub join_empty: Option<Absences>,
    /// `leave-when-empty`: as `join-empty`, for those who wait; none: everybody stays.
    pub leave_when_empty: Option<Absences>,
    /// `dissuade-queue-size`: callers who enter while more than so many wait are dissuaded; 0 is never.
    pub dissuade_queue_size: u32,
    /// `dissuade-estimated-wait`: callers who would probably wait longer, in seconds, are dissuaded; 0 is never.
    pub dissuade_estimated_wait: u32,
    /// `dissuade-wait`: seconds of waiting after which a caller is dissuaded; 0 is never.
    pub dissuade_wait: u32,
    /// `dissuade-sound`: what a caller hears who is dissuaded.
    pub dissuade_sound: Option<String>,
    /// `dissuade-hangup`: a caller who is dissuaded is hung up; otherwise, without a destination, the caller waits on.
    pub dissuade_hangup: bool,
    /// `exit-keys`: keys with which a caller leaves, where `cc_exit_keys` names none.
    pub exit_keys: Option<String>,
    /// `exit-context`: a caller who leaves with a key goes to the extension of that name in this context; none: the dialplan goes on.
    pub exit_context: Option<String>,
    /// `position-variable`: for so many of the first in line `cc_position` is kept current; 0 is nobody.
    pub position_variable: u32,
    /// `dissuade-destination`: where a caller who is dissuaded is transferred to: extension, dialplan and context.
    pub dissuade_destination: Option<String>,
}

impl QueueConfig {
    /// A queue of this name with stock's defaults.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            strategy: "longest-idle-agent".to_owned(),
            moh_sound: None,
            announce_sound: None,
            announce_frequency: 0,
            record_template: None,
            time_base_score: "queue".to_owned(),
            ring_progressively_delay: 0,
            tier_rules_apply: false,
            tier_rule_wait_second: 0,
            tier_rule_wait_multiply_level: false,
            tier_rule_no_agent_no_wait: true,
            discard_abandoned_after: 60,
            abandoned_resume_allowed: false,
            max_wait_time: 0,
            max_wait_time_with_no_agent: 0,
            max_wait_time_with_no_agent_time_reached: 5,
            agent_no_answer_status: AgentStatus::OnBreak,
            skip_agents_with_external_calls: true,
            ring_in_use: true,
            priority: 0,
            required_skills: RequiredSkills::default(),
            skill_relax_seconds: 0,
            level_rules: LevelRules::default(),
            retry_delay: 0,
            member_delay: 0,
            wrap_up_time: 0,
            max_wrap_up_time: 0,
            chat_dispatch_policy: ChatDispatch::Balancing,
            timeout_priority: TimeoutPriority::Conf,
            autopause: Autopause::No,
            autopause_busy: false,
            autopause_unavailable: false,
            autopause_delay: 0,
            announce_position: PositionTold::No,
            announce_position_limit: 5,
            announce_position_frequency: 60,
            announce_position_min_frequency: 15,
            announce_holdtime: EstimateTold::No,
            announce_round_seconds: 0,
            periodic_announce_sounds: None,
            periodic_announce_frequency: 60,
            periodic_announce_random: false,
            periodic_announce_relative: true,
            agent_announce_sound: None,
            agent_announce_wait: false,
            welcome_sound: None,
            cid_name_prefix: None,
            cc_export_vars: None,
            max_queue_length: 0,
            reject_on_no_agents: false,
            join_empty: None,
            leave_when_empty: None,
            dissuade_queue_size: 0,
            dissuade_estimated_wait: 0,
            dissuade_wait: 0,
            dissuade_sound: None,
            dissuade_hangup: false,
            exit_keys: None,
            exit_context: None,
            position_variable: 0,
            dissuade_destination: None,
        }
    }

    /// The strategy the queue follows.
    pub fn strategy(&self) -> Strategy {
        Strategy::of(&self.strategy)
    }

    /// Whether the time before joining counts towards a member's score.
    pub fn counts_whole_call(&self) -> bool {
        self.time_base_score.eq_ignore_ascii_case("system")
    }
}

/// One `<agent>`; what is absent keeps the value the agent has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentConfig {
    /// The agent's name.
    pub name: String,
    /// `type`.
    pub agent_type: AgentType,
    /// `contact`.
    pub contact: Option<String>,
    /// `status`.
    pub status: Option<AgentStatus>,
    /// `skills`.
    pub skills: Option<Skills>,
    /// The attributes that are a value and nothing more, in their order.
    pub attributes: Vec<Assignment<AgentRow>>,
    /// The same, for what stock has no column for.
    pub limits: Vec<Assignment<AgentLimits>>,
}

/// One `<tier>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierConfig {
    /// The queue.
    pub queue: String,
    /// The agent.
    pub agent: String,
    /// `level`; 1 when absent.
    pub level: i64,
    /// `position`; 1 when absent.
    pub position: i64,
}
