//! The engine: queues, tiers, agents, members, offers and timers as one deterministic state machine.
//!
//! Nothing here reads a clock, starts a thread, touches a database or calls FreeSWITCH. Time and randomness are
//! arguments; everything the engine wants done leaves as an [`Output`]. The same inputs at the same times
//! give the same outputs, so a failing simulation is its seed.
#![forbid(unsafe_code)]

mod agents;
#[cfg(test)]
mod audit;
mod border;
mod centre;
mod configuration;
mod database;
mod doors;
mod looking;
mod matching;
mod offers;
mod queues;
mod reload;
mod rows;
mod staffing;
mod telling;
#[cfg(test)]
mod tests;
mod tiers;
mod vocabulary;
mod waiting;
mod watchdog;

pub use agents::devices::device_of;
pub use agents::pauses::Pause;
pub use agents::standing_legs::LegState;
pub use border::changes_by_others::{ForeignChange, ForeignChanges};
pub use border::error::EngineError;
pub use border::event::{Event, Presence};
pub use border::input::{
    AgentGetKey, AgentSetting, AnnouncementEnd, Input, JoinRequest, MemberExit, Reply, Snapshot, TierSetting, WayOut,
};
pub use border::output::{
    Announce, Connect, Hold, Inspection, Notice, NoticeLevel, Output, Parting, Release, Ring, RowChange, VariableChange,
};
pub use border::views::{
    AgentFilter, CallListing, Holdings, MemberListing, PauseListing, QueueListing, Repairs, TierListing,
};
pub use centre::requirement::Wishes;
pub(crate) use configuration::parameters::starts_with_number;
pub use configuration::parameters::{
    find as find_parameter, is_nothing, leading_integer, nearest as nearest_name, Assignment, ColumnNames, Kind,
    Parameter, Since, Wrong, NOTHING,
};
pub use configuration::settings::{AgentConfig, QueueConfig, Settings, TierConfig, DEFAULT_INSTANCE};
pub use configuration::tables::{AGENT_ATTRIBUTES, AGENT_LIMITS, QUEUE_PARAMETERS, SETTINGS};
pub use database::adoption::{Course, Found, Talk};
pub use doors::Engine;
pub use looking::statistics::{AgentCounts, AgentStatistics, CentreStatistics, Counts, Live, QueueStatistics, Sum};
pub use matching::eligibility::WhyNot;
pub use reload::{ConfigChange, Reconfiguration, SETTINGS_AT_ONCE};
pub use rows::agent::{
    AgentRow, MemberRow, TierRow, AGENT_COLUMNS, CALL_RECORD_COLUMNS, LONGEST_CONTACT, LONGEST_NAME, MEMBER_COLUMNS,
    TIER_COLUMNS,
};
pub use rows::agent_limits::AgentLimits;
pub use staffing::presence::Absences;
pub use telling::blf::{lamp_name, lamp_of, Lamp};
pub use telling::call_records::CallRecord;
pub use telling::queue_log::{QueueLogLine, TalkEnd};
pub use vocabulary::ids::{AgentId, AnnouncementId, MemberId, OfferId, QueueId, TierId};
pub use vocabulary::level_rules::{LevelLimits, LevelRules};
pub use vocabulary::ring_end::{Refusal, RingEnd};
pub use vocabulary::skills::{RequiredSkills, Skills, HIGHEST_SKILL};
pub use vocabulary::time::{Span, Timestamp, WallTime};
pub use vocabulary::words::{
    Absence, AgentKind, AgentReport, AgentState, AgentStatus, AgentType, Autopause, CallResult, CallState,
    CancelReason, ChatDispatch, EstimateTold, HangupCause, Media, MemberState, PositionTold, QueueLogEvent, RecordKind,
    Strategy, TierState, TimeoutPriority,
};
