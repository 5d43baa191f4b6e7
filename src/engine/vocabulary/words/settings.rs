//! Words that are written as values of parameters.

use super::unknown;
use crate::engine::marks::{holds, Mark};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

words!(
    /// How a queue chooses agents.
    Strategy {
        /// Rings all free agents at once.
        RingAll = "ring-all",
        /// The agent whose last call ended longest ago.
        LongestIdleAgent = "longest-idle-agent",
        /// By position, going on after the agent offered last.
        RoundRobin = "round-robin",
        /// By position, going on after the agent this member was offered to last.
        TopDown = "top-down",
        /// The agent who has talked least since becoming available.
        AgentWithLeastTalkTime = "agent-with-least-talk-time",
        /// The agent who has answered fewest calls since becoming available.
        AgentWithFewestCalls = "agent-with-fewest-calls",
        /// By position, then by the longest time since the last offer.
        SequentiallyByAgentOrder = "sequentially-by-agent-order",
        /// As sequentially-by-agent-order: stock has no order of its own for it.
        SequentiallyByNextAgentOrder = "sequentially-by-next-agent-order",
        /// Any free agent of the lowest level.
        Random = "random",
        /// Rings one more agent after each `ring-progressively-delay`.
        RingProgressively = "ring-progressively",
        /// Any free agent, one of level 0 twice as often as one of level 1 and three times as often as one of level 2 (Asterisk).
        WeightedRandom = "wrandom",
    }
);

impl Strategy {
    /// The strategy a queue follows for this text. Stock serves unknown names by position and last offer.
    pub fn of(text: &str) -> Self {
        Self::parse(text).unwrap_or(Strategy::SequentiallyByAgentOrder)
    }

    /// Whether levels are weights and not an order: the tier rules have nothing to open then.
    pub const fn weighs_levels(self) -> bool {
        matches!(self, Strategy::WeightedRandom)
    }

    /// Whether one member may ring several agents at once.
    pub const fn rings_several(self) -> bool {
        matches!(self, Strategy::RingAll | Strategy::RingProgressively)
    }
}

words!(
    /// Who is called first when a callback is due: `callback-first`.
    CallbackFirst {
        /// Whoever is to be called back; an agent is held meanwhile.
        Customer = "customer",
        /// The agent, who may give it back.
        Agent = "agent",
    }
);

words!(
    /// How those who are called back count in the service level: `callback-service-level`.
    CallbackLevel {
        /// As everybody, from their first joining.
        Count = "count",
        /// Not at all.
        LeaveOut = "leave-out",
    }
);

words!(
    /// What counts when `max-wait-time` is reached while an agent is rung: Asterisk's `timeoutpriority`.
    TimeoutPriority {
        /// The phone rings as long as it would have: an agent who answers gets the caller (stock).
        Conf = "conf",
        /// The caller's time: ringing stops.
        App = "app",
    }
);

words!(
    /// Where an agent is paused who did not take a call: Asterisk's `autopause`.
    Autopause {
        /// Nowhere.
        No = "no",
        /// In the queue of the call.
        Yes = "yes",
        /// Everywhere: on a break.
        All = "all",
    }
);

words!(
    /// Which members are told their position: Asterisk's `announce-position`.
    PositionTold {
        /// Nobody.
        No = "no",
        /// Everybody.
        Yes = "yes",
        /// Those within `announce-position-limit`.
        Limit = "limit",
        /// Everybody; beyond `announce-position-limit` only that there are more before them.
        More = "more",
    }
);

words!(
    /// Why an agent who is logged in could not take a caller: Asterisk's words for `join-empty` and `leave-when-empty`.
    Absence {
        /// On a break, or put aside.
        Paused = "paused",
        /// In a call.
        InUse = "inuse",
        /// Being offered a call.
        Ringing = "ringing",
        /// In the pause after an offer that found no registered phone, or with a tier in a state through which nothing is offered.
        Unavailable = "unavailable",
        /// In the pause after a call.
        WrapUp = "wrapup",
    }
);

words!(
    /// Whether members are told how long they will probably wait: Asterisk's `announce-holdtime`.
    EstimateTold {
        /// Never.
        No = "no",
        /// With each position.
        Yes = "yes",
        /// The first time there is an estimate.
        Once = "once",
    }
);

words!(
    /// Which of several agents gets a chat: OpenSIPS's `chat_dispatch_policy`.
    ChatDispatch {
        /// Whoever has the fewest chats.
        Balancing = "balancing",
        /// Whoever has the most, until full: others stay free for calls.
        FullLoad = "full-load",
    }
);

impl ChatDispatch {
    /// Where an agent with so many chats stands: the smaller comes first.
    pub(in crate::engine) fn rank(self, chats: usize) -> i64 {
        let chats = i64::try_from(chats).unwrap_or(i64::MAX);
        match self {
            Self::FullLoad if holds(Mark::FullLoadFillsUp) => -chats,
            Self::Balancing | Self::FullLoad => chats,
        }
    }
}
