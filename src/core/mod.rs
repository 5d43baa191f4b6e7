//! The engine: queues, tiers, agents, members, offers and timers as one deterministic state machine.
//!
//! Nothing here reads a clock, starts a thread, touches a database or calls FreeSWITCH. Time and randomness are
//! arguments; everything the engine wants done leaves as an [`Output`]. The same inputs at the same times
//! give the same outputs, so a failing simulation is its seed.
#![forbid(unsafe_code)]

mod admission;
mod adoption;
mod agent;
mod agent_desk;
mod agent_limits;
mod agent_report;
mod announce;
mod announcement;
mod call_record;
mod call_state;
mod channel_variables;
mod chats;
mod classes;
mod configured_agent;
#[cfg(test)]
mod consistency;
mod demand;
mod device;
mod dispatch;
mod eligibility;
mod engine;
mod error;
mod estimate;
mod event;
mod event_names;
mod failure;
mod foreign;
mod foreign_desk;
mod ids;
mod input;
mod kept_queues;
mod lamps;
mod level_rules;
mod limits;
mod line;
mod listing;
mod manual_dispatch;
mod meaning;
mod member;
mod member_life;
mod missed;
mod next_call;
mod no_agent;
mod offer;
mod offer_life;
mod output;
mod ownership;
mod parameters;
mod pause;
mod position;
mod position_variable;
mod presence;
mod prospect;
mod queue;
mod queue_desk;
mod queue_log;
mod queue_log_names;
mod random;
mod ranked;
mod reconfigure;
mod restore;
mod ring_end;
mod row;
mod settings;
mod skill_desk;
mod skills;
mod standing_legs;
mod statistics;
mod succession;
#[cfg(test)]
mod tests;
mod tier;
mod tier_desk;
mod tiers_of_call;
mod time;
mod timers;
mod view;
mod wall;
mod watchdog;
mod words;
mod wrap_up;

pub use adoption::{Course, Found, Talk};
pub use agent_limits::AgentLimits;
pub use call_record::CallRecord;
pub use channel_variables::{VARIABLES_READ, VARIABLES_SET};
pub use demand::Wishes;
pub use device::device_of;
pub use eligibility::WhyNot;
pub use engine::Engine;
pub use error::EngineError;
pub use event::{Event, Presence};
pub use event_names::{EVENTS, EVENT_HEADERS};
pub use foreign::{ForeignChange, ForeignChanges};
pub use ids::{AgentId, AnnouncementId, MemberId, OfferId, QueueId, TierId};
pub use input::{
    AgentGetKey, AgentSetting, AnnouncementEnd, Input, JoinRequest, MemberExit, Reply, Snapshot, TierSetting, WayOut,
};
pub use lamps::{lamp_name, lamp_of, Lamp};
pub use level_rules::{LevelLimits, LevelRules};
pub use meaning::{means, Meaning, Named, Sample, Since};
pub use output::{
    Announce, Connect, Hold, Inspection, Notice, NoticeLevel, Output, Parting, Release, Ring, RowChange, VariableChange,
};
pub(crate) use parameters::starts_with_number;
pub use parameters::{
    find as find_parameter, is_nothing, leading_integer, nearest as nearest_name, Assignment, ColumnNames, Kind,
    Parameter, Topic, Wrong, AGENT_ATTRIBUTES, AGENT_LIMITS, AGENT_WORDS, NOTHING, QUEUE_PARAMETERS, SETTINGS,
    STRATEGIES, TIER_ATTRIBUTES,
};
pub use pause::Pause;
pub use presence::Absences;
pub use queue_log::{QueueLogLine, TalkEnd};
pub use queue_log_names::QUEUE_LOG_EVENTS;
pub use reconfigure::{ConfigChange, Reconfiguration, SETTINGS_AT_ONCE};
pub use ring_end::{Refusal, RingEnd};
pub use row::{
    AgentRow, MemberRow, TierRow, AGENT_COLUMNS, CALL_RECORD_COLUMNS, LONGEST_CONTACT, LONGEST_NAME, MEMBER_COLUMNS,
    TIER_COLUMNS,
};
pub use settings::{AgentConfig, QueueConfig, Settings, TierConfig, DEFAULT_INSTANCE};
pub use skills::{RequiredSkills, Skills, HIGHEST_SKILL};
pub use standing_legs::LegState;
pub use statistics::{AgentCounts, AgentStatistics, CentreStatistics, Counts, Live, QueueStatistics, Sum};
pub use time::{Span, Timestamp, WallTime};
pub use view::{AgentFilter, CallListing, Holdings, MemberListing, PauseListing, QueueListing, Repairs, TierListing};
pub use words::{
    Absence, AgentKind, AgentReport, AgentState, AgentStatus, AgentType, Autopause, CallResult, CallState,
    CancelReason, ChatDispatch, EstimateTold, HangupCause, Media, MemberState, PositionTold, QueueLogEvent, RecordKind,
    Strategy, TierState, TimeoutPriority,
};
