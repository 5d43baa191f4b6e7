//! The marks of what an engine takes over from boxes of a cluster. Nobody passes them without a cluster: the days of
//! `tests/cluster_engine` do.

use crate::engine::marks::marks;

marks! {
    pub(in crate::engine),
    WhatReportsDoNotNameIsOver: "what a box's report does not name goes on",
    LostJoiningsAreKnown: "a caller whose box has not heard of its joining joins once more",
    WhatHasHappenedSinceIsDone: "what has ended on a box, and was not heard, is forgotten",
    WhoIsTakenBackFromIsKept: "an agent is offered others while something is being taken back from a phone",
    WhoIsSaidToTalkIsNotFree: "an agent whom rows tell in a talk is free before the box of that talk has said what it has",
}
