//! The engine: queues, tiers, agents, members, offers and timers as one deterministic state machine.
//!
//! Nothing here reads a clock, starts a thread, touches a database or calls FreeSWITCH. Time and randomness are
//! arguments; everything the engine wants done leaves as an [`Output`]. The same inputs at the same times
//! give the same outputs, so a failing simulation is its seed.
#![forbid(unsafe_code)]

mod agents;
#[cfg(any(test, debug_assertions))]
mod audit;
mod border;
mod centre;
mod configuration;
mod database;
mod doors;
mod looking;
pub mod marks;
mod matching;
mod offers;
mod queues;
mod reload;
mod rows;
mod settle;
mod staffing;
mod telling;
#[cfg(test)]
mod tests;
mod tiers;
mod vocabulary;
mod waiting;
mod watchdog;

pub use border::blf_key::{blf_key_name, blf_key_of, BlfKey};
pub use border::box_report::{
    ApplicationReport, AttemptReport, CallerReport, HeardReport, OfferCourse, OfferReport, OfferStage,
    StandingLegReport, Stay, TalkReport,
};
pub use border::callback::{
    CallBack, CallbackCounts, CallbackOffer, CallbackRefusal, CallsBack, UnkeptCallback, WaitingAgent,
};
pub use border::caller::{JoinRequest, MemberExit};
pub use border::changes_by_others::{ChangeByOthers, ChangesByOthers};
pub use border::error::EngineError;
pub use border::event::{Event, Presence};
pub use border::figures::{AgentCounts, AgentStatistics, CentreStatistics, Counts, Live, QueueStatistics, Sum};
pub use border::found::{Course, Found, LeftTalk, Talk};
pub use border::histogram::{Bounds, Histogram};
pub use border::hold::WayOut;
pub use border::hold::{Hold, Parting};
pub use border::input::{BoxReport, Input};
pub use border::output::{Announce, Connect, Inspection, Notice, NoticeLevel, Output, Release, Ring, VariableChange};
pub use border::overview::{
    AgentNumbers, AgentOverview, CallOverview, CallbackNumbers, CallbackOverview, Doing, Histograms, LeaverOverview,
    MemberOverview, Overview, OverviewRequest, QueueOverview, TierOverview,
};
pub use border::queue_log_line::QueueLogLine;
pub use border::reconfiguration::{ConfigChange, Reconfiguration};
pub use border::reply::{AnnouncementEnd, LateAnswer, Reply};
pub use border::row_change::RowChange;
pub use border::setting::{AgentGetKey, AgentSetting, TierSetting};
pub use border::snapshot::Snapshot;
pub use border::tally::{Adds, AgentTally, Tally};
pub use border::views::{
    AgentFilter, CallListing, Holdings, MemberListing, PauseListing, QueueInForce, QueueListing, Repairs, TierListing,
};
pub use centre::engine::Engine;
pub use configuration::agent::{AgentConfig, TierConfig};
pub use configuration::callbacks::CallbackConfig;
pub(crate) use configuration::parameters::starts_with_number;
pub use configuration::parameters::{
    find as find_parameter, is_nothing, leading_integer, nearest as nearest_name, Assignment, ColumnNames, Kind,
    Parameter, Topic, Wrong, NOTHING,
};
pub use configuration::queue::QueueConfig;
pub use configuration::settings::{Settings, DEFAULT_INSTANCE};
pub use configuration::tables::{
    AGENT_ATTRIBUTES, AGENT_LIMITS, AGENT_WORDS, QUEUE_PARAMETERS, SETTINGS, STRATEGIES, TIER_ATTRIBUTES,
};
pub use reload::SETTINGS_AT_ONCE;
pub use rows::agent::{AgentRow, AGENT_COLUMNS, LONGEST_CONTACT, LONGEST_NAME};
pub use rows::agent_limits::AgentLimits;
pub use rows::call_record::CallRecord;
pub use rows::call_record::CALL_RECORD_COLUMNS;
pub use rows::callback::{CallbackRow, CALLBACK_COLUMNS};
pub use rows::caller::CallerRow;
pub use rows::member::{MemberRow, MEMBER_COLUMNS};
pub use rows::tier::{TierRow, TIER_COLUMNS};
pub use vocabulary::absences::Absences;
pub use vocabulary::callback_end::CallbackEnd;
pub use vocabulary::callback_number::CallbackNumber;
pub use vocabulary::caller_requirements::CallerRequirements;
pub use vocabulary::channel_variables::{VARIABLES_READ, VARIABLES_SET};
pub use vocabulary::dial_string::device_of;
pub use vocabulary::event_names::{EVENTS, EVENT_HEADERS};
pub use vocabulary::ids::{AgentId, AnnouncementId, CallbackAttemptId, MemberId, OfferId, QueueId, TierId};
pub use vocabulary::leg_state::LegState;
pub use vocabulary::level_rules::{LevelLimits, LevelRules};
pub use vocabulary::local_time::{LocalTime, TimeOfDay};
pub use vocabulary::meaning::{means, Meaning, Named, Sample, Since};
pub(crate) use vocabulary::names;
pub use vocabulary::number_pattern::NumberPattern;
pub use vocabulary::pause::Pause;
pub use vocabulary::preferred_agents::{PreferredAgents, MOST_PREFERRED};
pub use vocabulary::queue_log_names::QUEUE_LOG_EVENTS;
pub use vocabulary::ring_end::{Refusal, RingEnd};
pub use vocabulary::skills::{RequiredSkills, Skills, HIGHEST_SKILL};
pub use vocabulary::talk_end::TalkEnd;
pub use vocabulary::time::{Span, Timestamp, WallTime};
pub use vocabulary::why_not::{Unoffered, WhyNot};
pub use vocabulary::words::{
    Absence, AgentKind, AgentReport, AgentState, AgentStatus, AgentType, Autopause, CallResult, CallState,
    CallbackFirst, CallbackLevel, CallbackResult, CancelReason, ChatDispatch, EstimateTold, HangupCause, Media,
    MemberState, PositionTold, QueueLogEvent, RecordKind, Strategy, TierState, TimeoutPriority,
};
