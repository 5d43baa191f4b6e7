//! The marks of this room: see [`crate::engine::marks`].

use crate::engine::marks::marks;

marks! {
    pub(in crate::cluster),
    TermsHaveATimeline: "a term of a server that has lost its last commits may be newer than one given after it",
    TrustCountsFromTheSending: "trust counts from the answer of a renewal, which may be late",
    TrustEnds: "a box trusts its lease and its presence while the server is away",
    WhoCouldNotBeatHasSeenNothing: "who could not renew counts the silence of others, who could not either",
    OutputsFollowWhatTheEngineKnows: "an output that a report has overtaken passes for one that follows it",
    LateBoxesAreWaitedFor: "who is late after the server was away is given up as if it had been seen all the time",
    ElectionsWaitForReports: "a new leader begins before the boxes have told what they have",
    PromisesAreKept: "a box carries out what was wanted before it promised a newer term, or reported",
    NothingIsAppliedTwice: "a message that comes again is applied again",
    NeighboursAreUnderstood: "a message of the next release is refused, and no box can be upgraded while others work",
    IdentitiesAreOfATerm: "every leader counts its offers from one, so what is told of one is taken for news of another",
    NobodyIsRungForWhoHasLeft: "a phone rings for a caller who has left while the ring was on its way",
    EndsAreToldUntilTheyAreKnown: "an end that is not in the rows is told no more once it is a minute old",
    WhatIsInTheRowsIsNotDoneAgain: "an end that the rows have is done once more when its box reports",
    WhoIsGoneIsToldNothing: "what was for a box that is given up, events and the queue log with it, is written for nobody",
    WhatMayBeLostIsSentAgain: "messages that were on a connection which is lost are not sent again",
}
