//! What an offer that failed costs its agent: a pause, a count, and where the count reaches its limit the status.

use crate::engine::border::event::LimitWords;
use crate::engine::border::output::NoticeLevel;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::ring_end::{Refusal, RingEnd};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{AgentStatus, Autopause, HangupCause, Media, TierState};

/// The floor between two offers of one agent after a failure, whatever is configured.
pub(in crate::engine) const RETRY_FLOOR: Span = Span::from_secs(1);

/// The reason of a pause that nobody asked for (Asterisk's).
const AUTOPAUSE_REASON: &str = "Auto-Pause";

/// In what way an offer failed through its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Rejected,
    Busy,
    NotRegistered,
    NoAnswer,
}

impl Failure {
    /// In what way the agent's side did not take an offer, as stock reads the cause.
    fn of(cause: &HangupCause) -> Self {
        match cause.as_str() {
            "NORMAL_CIRCUIT_CONGESTION" | "USER_BUSY" => Self::Busy,
            "CALL_REJECTED" => Self::Rejected,
            "USER_NOT_REGISTERED" => Self::NotRegistered,
            _ => Self::NoAnswer,
        }
    }

    /// Seconds without offers.
    fn pause(self, agent: &Agent) -> i64 {
        match self {
            Self::Rejected => agent.row.reject_delay_time,
            Self::Busy => agent.row.busy_delay_time,
            Self::NotRegistered => agent.limits.not_registered_delay_time,
            Self::NoAnswer => agent.row.no_answer_delay_time,
        }
    }

    /// Counts it. The limit, where it is reached.
    fn count(self, agent: &mut Agent) -> Option<i64> {
        let limit = match self {
            Self::Rejected => agent.limits.max_rejected,
            Self::Busy => agent.limits.max_busy,
            Self::NotRegistered => agent.limits.max_not_registered,
            Self::NoAnswer => agent.row.max_no_answer,
        };
        if limit <= 0 && self != Self::NoAnswer {
            return None;
        }
        let count = match self {
            Self::Rejected => &mut agent.limits.rejected_count,
            Self::Busy => &mut agent.limits.busy_count,
            Self::NotRegistered => &mut agent.limits.not_registered_count,
            Self::NoAnswer => &mut agent.row.no_answer_count,
        };
        *count = count.saturating_add(1);
        (limit > 0 && *count >= limit).then_some(limit)
    }

    /// How its limit is called in events.
    fn words(self) -> LimitWords {
        let (action, count, status) = match self {
            Self::Rejected => (
                action::AGENT_MAX_REJECTED,
                header::AGENT_REJECTED_COUNT,
                header::AGENT_REJECTED_STATUS,
            ),
            Self::Busy => (
                action::AGENT_MAX_BUSY,
                header::AGENT_BUSY_COUNT,
                header::AGENT_BUSY_STATUS,
            ),
            Self::NotRegistered => (
                action::AGENT_MAX_NOT_REGISTERED,
                header::AGENT_NOT_REGISTERED_COUNT,
                header::AGENT_NOT_REGISTERED_STATUS,
            ),
            Self::NoAnswer => (
                action::AGENT_MAX_NO_ANSWER,
                header::AGENT_NO_ANSWER_COUNT,
                header::AGENT_NO_ANSWER_STATUS,
            ),
        };
        LimitWords { action, count, status }
    }
}

impl Engine {
    /// What a ring that was not answered costs the agent, and the state its tier is left in.
    pub(in crate::engine) fn count_missed(&mut self, now: Timestamp, offer: &Offer, end: &RingEnd) -> TierState {
        if !end.is_agents() || !holds(Mark::CauseIsNoWithdrawal) && end.cause() == HangupCause::ORIGINATOR_CANCEL {
            return TierState::Ready;
        }
        let failure = Failure::of(&end.cause());
        self.count_failure(now, offer, failure);
        if *end == RingEnd::NoStandingLeg {
            self.log_out_missing_standby(now, offer.agent);
        }
        match failure {
            Failure::NoAnswer => TierState::NoAnswer,
            Failure::Rejected | Failure::Busy | Failure::NotRegistered => TierState::Ready,
        }
    }

    /// An agent who answered was gone before the bridge: as costly as a rejected call.
    pub(in crate::engine) fn count_dropped(&mut self, now: Timestamp, offer: &Offer) {
        self.count_failure(now, offer, Failure::Rejected);
    }

    /// No offer for a moment, at nobody's cost: one that ended without the agent's doing would only end again.
    pub(in crate::engine) fn hold_back(&mut self, now: Timestamp, id: AgentId) {
        if let Some(agent) = self.agents.change(&id) {
            agent.retry_after = now + RETRY_FLOOR;
        }
    }

    /// A call was not made: agent and caller have a pause, which grows while no call can be made, and the operator is told, though not each
    /// time.
    pub(in crate::engine) fn tell_refusal(
        &mut self,
        now: Timestamp,
        id: AgentId,
        refusal: Refusal,
        cause: &HangupCause,
    ) {
        self.hold_back(now, id);
        let at = self.origin.at;
        if refusal.is_of_all() {
            self.refusals.of_mut(at).note(now, refusal);
            // In a cluster the agent may be called from the other boxes meanwhile.
            let is_all_there_is = !self.boxes.are_several();
            if let Some(agent) = self.agents.change(&id).filter(|_| is_all_there_is) {
                agent.retry_after = agent.retry_after.max(self.refusals.until(at));
            }
        }
        if !self.refusals.of_mut(at).is_to_be_told(now) {
            return;
        }
        let name = self.agents.get(&id).map_or("", |agent| agent.row.name.as_str());
        let text = format!(
            "Agent {name} could not be called ({cause}): {}. It counts against no agent; callers wait until calls can be made again. \
             This is told once a minute.",
            refusal.advice()
        );
        self.notice(NoticeLevel::Warning, None, text);
    }

    fn count_failure(&mut self, now: Timestamp, offer: &Offer, failure: Failure) {
        self.hold_back(now, offer.agent);
        let Some(agent) = self.agents.change(&offer.agent) else {
            return;
        };
        agent.unreachable = failure == Failure::NotRegistered;
        let pause = failure.pause(agent);
        agent.row.save();
        let reached = failure.count(agent).filter(|_| !agent.deleted);
        if let Some(limit) = reached {
            self.take_status_away(now, offer, failure, limit);
        }
        self.autopause(now, offer, failure);
        self.pause_agent(now, offer, pause);
    }

    /// A limit is reached: the agent gets the status of the queue's `agent-no-answer-status`, whichever limit it is.
    fn take_status_away(&mut self, now: Timestamp, offer: &Offer, failure: Failure, limit: i64) {
        let config = self.config_of(offer.queue);
        let status = config.map_or(AgentStatus::OnBreak, |config| config.agent_no_answer_status);
        let words = failure.words();
        self.fire_limit_reached(offer.agent, &offer.facts, &words, limit, status.as_str());
        self.change_status(now, offer.agent, status);
    }

    /// `autopause`: as Asterisk has it, for a call that was not answered, and where the queue says so also for the others.
    fn autopause(&mut self, now: Timestamp, offer: &Offer, failure: Failure) {
        let (Some(config), Some(agent)) = (self.config_of(offer.queue), self.agents.get(&offer.agent)) else {
            return;
        };
        let counts = match failure {
            Failure::NoAnswer => true,
            Failure::Busy | Failure::Rejected => config.autopause_busy,
            Failure::NotRegistered => config.autopause_unavailable,
        };
        let delay = Span::from_secs(i64::from(config.autopause_delay));
        let is_early = delay > Span::ZERO && now < agent.last_bridge_end + delay;
        let status = agent.row.status;
        if !counts || is_early || agent.deleted || !status.wants_calls() {
            return;
        }
        let reason = AUTOPAUSE_REASON.to_owned();
        match config.autopause {
            Autopause::No => (),
            Autopause::Yes => self.begin_pause(now, offer.queue, offer.agent, reason),
            Autopause::All => self.change_status_because(now, offer.agent, AgentStatus::OnBreak, Some(reason)),
        }
    }

    fn pause_agent(&mut self, now: Timestamp, offer: &Offer, seconds: i64) {
        let Some(agent) = self.agents.change(&offer.agent) else {
            return;
        };
        if seconds > 0 {
            let at = now + Span::from_secs(seconds);
            // A chat may fail during the wrap-up of a call, and does not shorten it.
            let wrap_up = match offer.media() {
                Media::Audio => at,
                Media::Chat => agent.not_before.max(at),
            };
            agent.pause_until(at);
            agent.not_before = wrap_up;
            agent.row.ready_time = self.wall.secs(wrap_up);
            self.keep_chat_pause(offer.agent);
        }
    }
}
