//! The vocabulary of the stock module: statuses, states, strategies, reasons, and how each is spelled.
//!
//! Words are recognised in any case and written in their own spelling.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A message says a word that is none here.
fn unknown<E: Error>(of: &str, text: &str) -> E {
    E::custom(format!("{text:?} is no {of}"))
}

/// Declares an enum whose variants are known by stock's spelling.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant),+
        }

        impl $name {
            /// Every word, in declaration order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as stock spells it in rows, lists and events.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $text),+
                }
            }

            /// Recognises the word in any case.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str().eq_ignore_ascii_case(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| unknown(stringify!($name), &text))
            }
        }
    };
}

mod agent_type;
mod hangup_cause;
mod settings;

pub use agent_type::{AgentKind, AgentType};
pub use hangup_cause::HangupCause;
pub use settings::{
    Absence, Autopause, CallbackFirst, CallbackLevel, ChatDispatch, EstimateTold, PositionTold, Strategy,
    TimeoutPriority,
};

words!(
    /// What an agent has declared: whether they want calls.
    AgentStatus {
        /// Not working; receives nothing.
        LoggedOut = "Logged Out",
        /// Wants calls.
        Available = "Available",
        /// Wants one call; becomes [`AgentState::Idle`] after it.
        AvailableOnDemand = "Available (On Demand)",
        /// Logged in, but receives nothing for now.
        OnBreak = "On Break",
    }
);

impl AgentStatus {
    /// Whether an agent of this status may be offered calls.
    pub const fn wants_calls(self) -> bool {
        matches!(self, AgentStatus::Available | AgentStatus::AvailableOnDemand)
    }

    /// Whether the agent counts as present for `max-wait-time-with-no-agent` and the tier rules (stock counts
    /// agents on break).
    pub const fn is_logged_in(self) -> bool {
        !matches!(self, AgentStatus::LoggedOut)
    }
}

words!(
    /// What an agent is doing.
    AgentState {
        /// Ready for the next offer.
        Waiting = "Waiting",
        /// An offer is under way.
        Receiving = "Receiving",
        /// Talking to a member.
        InAQueueCall = "In a queue call",
        /// Finished an on-demand call, or put aside by a supervisor.
        Idle = "Idle",
        /// Claimed for an offer that is about to be made (`reserve-agents`).
        Reserved = "Reserved",
    }
);

words!(
    /// What a tier is doing.
    TierState {
        /// The last offer through this tier was not answered.
        NoAnswer = "No Answer",
        /// Usable.
        Ready = "Ready",
        /// An offer goes through this tier.
        Offering = "Offering",
        /// The agent talks to a member of this queue.
        ActiveInbound = "Active Inbound",
        /// The agent is busy for another queue.
        Standby = "Standby",
    }
);

impl TierState {
    /// Whether an offer may go through a tier of this state (stock's rule).
    pub const fn is_usable(self) -> bool {
        matches!(self, TierState::NoAnswer | TierState::Ready)
    }
}

words!(
    /// Where a member stands.
    MemberState {
        /// Waits for an agent.
        Waiting = "Waiting",
        /// Is being offered, or belongs to a queue that rings several agents.
        Trying = "Trying",
        /// Talks to an agent.
        Answered = "Answered",
        /// Left before an agent answered.
        Abandoned = "Abandoned",
    }
);

impl MemberState {
    /// Whether a member of this state waits for an agent, whether or not one is being offered the call.
    pub const fn waits(self) -> bool {
        matches!(self, MemberState::Waiting | MemberState::Trying)
    }
}

words!(
    /// Why a member left without talking to an agent: `cc_cancel_reason` and CC-Cancel-Reason.
    CancelReason {
        /// The agent had answered, but the caller was gone before the bridge.
        None = "NONE",
        /// `max-wait-time` was reached.
        Timeout = "TIMEOUT",
        /// `max-wait-time-with-no-agent` was reached.
        NoAgentTimeout = "NO_AGENT_TIMEOUT",
        /// The caller hung up, or was taken away by a transfer or a break.
        BreakOut = "BREAK_OUT",
        /// The caller pressed one of `cc_exit_keys`.
        ExitWithKey = "EXIT_WITH_KEY",
        /// A supervisor took the caller out: `member withdraw` (Asterisk: QUEUESTATUS WITHDRAW).
        Withdraw = "WITHDRAW",
        /// `max-queue-length` callers wait already.
        QueueFull = "QUEUE_FULL",
        /// No agent could take the caller who wanted to enter: `join-empty`.
        JoinEmpty = "JOIN_EMPTY",
        /// No agent could take the caller any more: `leave-when-empty`.
        LeaveEmpty = "LEAVE_EMPTY",
        /// No agent of the queue is logged in: `reject-on-no-agents`.
        NoAgents = "NO_AGENTS",
        /// More callers than `dissuade-queue-size` wait.
        DissuadeQueueSize = "DISSUADE_QUEUE_SIZE",
        /// The caller would probably wait longer than `dissuade-estimated-wait`.
        DissuadeEstimatedWait = "DISSUADE_ESTIMATED_WAIT",
        /// The caller has waited for `dissuade-wait`.
        DissuadeWait = "DISSUADE_WAIT",
        /// The caller wanted to be called back, and the queue does not do so.
        CallbackRefused = "CALLBACK_REFUSED",
        /// The caller was to be called back, and was not within `callback-expires`.
        CallbackExpired = "CALLBACK_EXPIRED",
        /// The caller was called back `callback-attempts` times in vain.
        CallbackGivenUp = "CALLBACK_GIVEN_UP",
        /// The caller was called back, and wanted no call any more.
        CallbackDeclined = "CALLBACK_DECLINED",
        /// A supervisor wants the caller not to be called back any more: `callback cancel`.
        CallbackCancelled = "CALLBACK_CANCELLED",
        /// The caller's number was called `callback-attempts-per-day` times today.
        CallbackTooOften = "CALLBACK_TOO_OFTEN",
    }
);

impl CancelReason {
    /// Whether the caller left by itself.
    pub const fn is_callers_own(self) -> bool {
        matches!(
            self,
            CancelReason::None | CancelReason::BreakOut | CancelReason::ExitWithKey
        )
    }

    /// Whether the caller was turned away at the door.
    pub const fn is_refusal(self) -> bool {
        matches!(
            self,
            CancelReason::QueueFull
                | CancelReason::JoinEmpty
                | CancelReason::NoAgents
                | CancelReason::DissuadeQueueSize
                | CancelReason::DissuadeEstimatedWait
                | CancelReason::CallbackRefused
        )
    }
}

words!(
    /// How a callback ended.
    CallbackResult {
        /// An agent has the caller.
        Answered = "answered",
        /// The caller called meanwhile and has the place on the phone.
        TakenLive = "taken-live",
        /// The caller was reached, and has left before an agent had it.
        Left = "left",
        /// `callback cancel`.
        Cancelled = "cancelled",
        /// The caller wants no call any more.
        Declined = "declined",
        /// `callback-expires` has passed.
        Expired = "expired",
        /// `callback-attempts` were in vain.
        GivenUp = "given-up",
        /// The number was called `callback-attempts-per-day` times today.
        TooOften = "too-often",
    }
);

impl CallbackResult {
    /// Whether a call was promised and is not made any more.
    pub const fn is_unkept(self) -> bool {
        matches!(self, Self::Expired | Self::GivenUp | Self::TooOften)
    }
}

words!(
    /// What an agent does, in OpenSIPS's words: CC-Agent-Report.
    AgentReport {
        /// Takes no calls.
        Offline = "offline",
        /// Could take one.
        Free = "free",
        /// Is being offered a call, or has one.
        InCall = "incall",
        /// In the pause after a call.
        WrapUp = "wrapup",
    }
);

words!(
    /// What a line of the queue log tells, in Asterisk's words.
    QueueLogEvent {
        /// The log begins.
        QueueStart = "QUEUESTART",
        /// The log's file was opened anew.
        ConfigReload = "CONFIGRELOAD",
        /// A caller entered a queue.
        EnterQueue = "ENTERQUEUE",
        /// Caller and agent hear each other.
        Connect = "CONNECT",
        /// The talk ended, the agent first.
        CompleteAgent = "COMPLETEAGENT",
        /// The talk ended, the caller first.
        CompleteCaller = "COMPLETECALLER",
        /// The talk ended: the caller was transferred to an extension.
        BlindTransfer = "BLINDTRANSFER",
        /// The talk ended: the caller was given to another call.
        AttendedTransfer = "ATTENDEDTRANSFER",
        /// The caller left the queue without having talked.
        Abandon = "ABANDON",
        /// No agent could take the caller any more.
        ExitEmpty = "EXITEMPTY",
        /// The caller pressed a key and left.
        ExitWithKey = "EXITWITHKEY",
        /// The caller had waited as long as allowed.
        ExitWithTimeout = "EXITWITHTIMEOUT",
        /// The caller was taken out by command.
        Withdraw = "WITHDRAW",
        /// The caller is to be called back, and keeps the place.
        CallbackRequested = "CALLBACK_REQUESTED",
        /// The caller is being called back.
        CallbackAttempt = "CALLBACK_ATTEMPT",
        /// The caller was reached, and comes back to the place.
        CallbackReached = "CALLBACK_REACHED",
        /// The caller was not reached.
        CallbackFailed = "CALLBACK_FAILED",
        /// The caller is not to be called back any more.
        CallbackEnded = "CALLBACK_ENDED",
        /// The caller was promised a call, and is not called any more.
        CallbackExpired = "CALLBACK_EXPIRED",
        /// The agent did not take the offer.
        RingNoAnswer = "RINGNOANSWER",
        /// The offer was taken back while the agent's phone rang.
        RingCanceled = "RINGCANCELED",
        /// The agent answered, and was gone before the bridge.
        AgentDump = "AGENTDUMP",
        /// The agent logged in.
        AgentLogin = "AGENTLOGIN",
        /// The agent logged out.
        AgentLogoff = "AGENTLOGOFF",
        /// The agent became one of the queue.
        AddMember = "ADDMEMBER",
        /// The agent is none of the queue any more.
        RemoveMember = "REMOVEMEMBER",
        /// The agent takes no calls of the queue.
        Pause = "PAUSE",
        /// The agent takes calls of the queue again.
        Unpause = "UNPAUSE",
        /// The agent takes no calls of any queue.
        PauseAll = "PAUSEALL",
        /// The agent takes calls again.
        UnpauseAll = "UNPAUSEALL",
    }
);

words!(
    /// How far a call is, in OpenSIPS's words.
    CallState {
        /// Hears `welcome-sound`, before the queue.
        Welcome = "welcome",
        /// Hears `dissuade-sound` because of the queue's length or the estimated wait.
        Dissuading1 = "dissuading1",
        /// Hears it because of the time waited.
        Dissuading2 = "dissuading2",
        /// Waits for an agent.
        Queue = "queue",
        /// An agent's phone rings for it.
        PreAgent = "preagent",
        /// Talks to an agent.
        ToAgent = "toagent",
    }
);

words!(
    /// What caller and agent exchange.
    #[derive(Default)]
    Media {
        /// Sound: a call.
        #[default]
        Audio = "audio",
        /// Text, and no sound: a chat.
        Chat = "chat",
    }
);

words!(
    /// How an offer or a member's stay went.
    CallResult {
        /// Member and agent talked.
        Answered = "answered",
        /// The member left without having talked.
        Abandoned = "abandoned",
        /// The agent rejected the offer.
        Rejected = "rejected",
        /// The agent's phone was busy.
        Busy = "busy",
        /// The agent's phone rang as long as it may.
        NoAnswer = "no-answer",
        /// The agent was not reached, or answered and could not be bridged.
        Failed = "failed",
        /// The offer was taken back: the caller left, or somebody else answered.
        Withdrawn = "withdrawn",
        /// The process ended before the member's stay did.
        Lost = "lost",
    }
);

words!(
    /// What a call detail record is about.
    RecordKind {
        /// An offer that has ended.
        Offer = "offer",
        /// A member's stay that has ended.
        Member = "member",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_recognised_in_any_case_and_keep_their_spelling() {
        assert_eq!(
            AgentStatus::parse("available (ON demand)").map(AgentStatus::as_str),
            Some("Available (On Demand)")
        );
        assert_eq!(AgentState::parse("in a Queue call"), Some(AgentState::InAQueueCall));
        assert_eq!(AgentStatus::parse("Lunch"), None);
    }

    #[test]
    fn an_unknown_strategy_serves_by_agent_order() {
        assert_eq!(Strategy::of("no-such-thing"), Strategy::SequentiallyByAgentOrder);
        assert_eq!(Strategy::of("Ring-All"), Strategy::RingAll);
    }

    #[test]
    fn an_agent_type_keeps_its_spelling() {
        let typed = AgentType::parse("Callback").expect("a known type");
        assert_eq!((typed.kind(), typed.as_str()), (AgentKind::Callback, "Callback"));
    }
}
