//! A queue as it is configured.

use crate::engine::configuration::callbacks::CallbackConfig;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::level_rules::LevelRules;
use crate::engine::vocabulary::skills::RequiredSkills;
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::words::{
    AgentStatus, Autopause, ChatDispatch, EstimateTold, PositionTold, Strategy, TimeoutPriority,
};

/// ring-progressively's pause when the queue sets none (stock).
const DEFAULT_PROGRESSIVE_DELAY: u32 = 10;

/// ring-all: how long somebody who hears the phone takes to answer it. Until then a caller for whom it rings leaves further agents to
/// the others who wait.
pub(in crate::engine) const TIME_TO_ANSWER: Span = Span::from_secs(3);

impl QueueConfig {
    /// The least that is ever asked of an agent for the queue's own sake: who meets it serves the queue without a tier.
    pub fn least_skills(&self) -> RequiredSkills {
        if self.skill_relax_seconds == 0 {
            return self.required_skills.clone();
        }
        self.required_skills.relaxed(self.required_skills.relaxations())
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
    /// `sticky-days`: so many days a caller's last agent is preferred; 0 is none.
    pub sticky_days: u32,
    /// `sticky-key`: the channel variable by which callers are known again; none: their number.
    pub sticky_key: Option<String>,
    /// `sticky-wait`: seconds a caller waits for a preferred agent who is there and not free.
    pub sticky_wait: u32,
    /// `sticky-only`: who prefers agents of the queue is offered to nobody else.
    pub sticky_only: bool,
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
    /// Parameters about calling callers back.
    pub callbacks: CallbackConfig,
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
            sticky_days: 0,
            sticky_key: None,
            sticky_wait: 0,
            sticky_only: false,
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
            callbacks: CallbackConfig::default(),
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

impl QueueConfig {
    /// How long one phone rings for a member before the next one does, where several may.
    pub fn pause_between_rings(&self) -> Span {
        match (self.strategy(), self.ring_progressively_delay) {
            (Strategy::RingAll, _) => TIME_TO_ANSWER,
            (_, 0) => Span::from_secs(i64::from(DEFAULT_PROGRESSIVE_DELAY)),
            (_, delay) => Span::from_secs(i64::from(delay)),
        }
    }
}

impl QueueConfig {
    /// How long a caller waits for an agent who knows it, and so long any other may be passed over for it.
    pub fn sticky_patience(&self) -> Span {
        Span::from_secs(i64::from(self.sticky_wait))
    }
}

/// The waiting time the tier rules ask for, whoever is logged in.
impl QueueConfig {
    /// How long a member must have waited before agents of this level may serve it, by the tier rules alone.
    pub fn tier_rule_wait(&self, level: i64) -> Span {
        if !self.tier_rules_apply || level <= 0 || self.strategy().weighs_levels() {
            return Span::ZERO;
        }
        let step = i64::from(self.tier_rule_wait_second);
        let factor = if self.tier_rule_wait_multiply_level { level } else { 1 };
        Span::from_secs(step.saturating_mul(factor))
    }
}
