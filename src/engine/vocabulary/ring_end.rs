//! How a ring ended that nobody answered: whose doing it was.
//!
//! That is known from what was done and seen, never from a hangup cause. A phone may refuse a call with any cause there is, those
//! included that FreeSWITCH gives a call which was taken back.

use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::words::HangupCause;
use serde::{Deserialize, Serialize};

/// How a ring ended that nobody answered, as whoever rang the agent has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RingEnd {
    /// The agent's side did not take it: nobody answered, it was rejected, busy or could not be reached.
    NotTaken(HangupCause),
    /// The standing leg of a uuid-standby agent is gone.
    NoStandingLeg,
    /// The call was not made at all: no phone rang.
    Refused(Refusal, HangupCause),
    /// The caller's channel was gone before the agent was called.
    CallerGone,
    /// It was taken back.
    Withdrawn(HangupCause),
    /// The agent has answered and given it back with a key: somebody is to be called back, and not by this agent. It is no failure.
    GivenBack,
}

impl RingEnd {
    /// What events and records give as the cause.
    pub fn cause(&self) -> HangupCause {
        match self {
            Self::NotTaken(cause) | Self::Refused(_, cause) | Self::Withdrawn(cause) => cause.clone(),
            // As in stock.
            Self::NoStandingLeg => HangupCause::NONE,
            Self::CallerGone => HangupCause::ORIGINATOR_CANCEL,
            Self::GivenBack => HangupCause::NORMAL_CLEARING,
        }
    }

    /// Whether the agent's side has failed the offer.
    pub fn is_agents(&self) -> bool {
        let counts = matches!(self, Self::Refused(..)) && !holds(Mark::RefusedIsNotMissed);
        counts || matches!(self, Self::NotTaken(_) | Self::NoStandingLeg)
    }
}

/// Why a call was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// FreeSWITCH's limit of new sessions a second.
    SessionRate,
    /// FreeSWITCH's limit of sessions.
    Sessions,
    /// FreeSWITCH takes no new calls: it is paused, or shuts down.
    Paused,
    /// The processor has less idle time than FreeSWITCH is to keep.
    IdleTime,
    /// The system gives no thread.
    Threads,
    /// A fault of this module, which the log tells of.
    Fault,
}

impl Refusal {
    /// All there are.
    pub const ALL: [Refusal; 6] = [
        Self::SessionRate,
        Self::Sessions,
        Self::Paused,
        Self::IdleTime,
        Self::Threads,
        Self::Fault,
    ];

    /// Whether it would be the same with any other call.
    pub(in crate::engine) fn is_of_all(self) -> bool {
        self != Self::Fault
    }

    /// What is wrong, and what to do about it.
    pub(in crate::engine) fn advice(self) -> &'static str {
        match self {
            Self::SessionRate => {
                "FreeSWITCH makes no more new sessions in this second. Raise sessions-per-second in switch.conf.xml (at once: fsctl sps N)"
            }
            Self::Sessions => {
                "FreeSWITCH has as many sessions as it may have. Raise max-sessions in switch.conf.xml (at once: fsctl max_sessions N)"
            }
            Self::Paused => "FreeSWITCH takes no new calls. If that is not intended: fsctl resume",
            Self::IdleTime => {
                "the processor has less idle time than FreeSWITCH is to keep (min-idle-cpu in switch.conf.xml; at once: fsctl min_idle_cpu N)"
            }
            Self::Threads => {
                "the system gives no thread to make the call. Raise the limit of processes of FreeSWITCH's user (ulimit -u, TasksMax)"
            }
            Self::Fault => "this module has failed to make the call; please report this with the log before it",
        }
    }
}
