//! Marks at the branches that matter most. A test build notes which of them were passed, so that a test can demand that the simulation
//! has been everywhere; and it can be told to go wrong at one of them, as stock does or as somebody might do tomorrow, so that `make
//! mutants` can demand that the simulation notices. Of a build without debug assertions they are no part.

pub mod adoption;

/// A room's marks: the enum `Mark` of its places, each with what is wrong where it does not hold, and the room's own `holds`.
macro_rules! marks {
    ($reach:vis, $($name:ident: $breaks:literal,)*) => {
        use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

        /// A place where this room does what is right, and could be made not to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Mark {
            $(#[doc = concat!("Otherwise ", $breaks, ".")] $name,)*
        }

        /// The marks that were passed in this process.
        static PASSED: [AtomicBool; Mark::ALL.len()] = [const { AtomicBool::new(false) }; Mark::ALL.len()];

        /// The mark that does not hold in this process.
        static BROKEN: AtomicUsize = AtomicUsize::new(usize::MAX);

        /// Whether to do what is right here: always, but where a test has said [`Mark::break_here`].
        #[inline]
        $reach fn holds(mark: Mark) -> bool {
            if !cfg!(debug_assertions) {
                return true;
            }
            let passed = &PASSED[mark as usize];
            // Threads that simulate side by side do not take the line from one another for what is written already.
            if !passed.load(Ordering::Relaxed) {
                passed.store(true, Ordering::Relaxed);
            }
            BROKEN.load(Ordering::Relaxed) != mark as usize
        }

        impl Mark {
            /// All there are.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What is wrong with a room in which this mark does not hold.
            pub fn breaks(self) -> &'static str {
                match self {
                    $(Self::$name => $breaks,)*
                }
            }

            /// From now on this process goes wrong here.
            pub fn break_here(self) {
                BROKEN.store(self as usize, Ordering::Relaxed);
            }

            /// The marks that nobody in this process has passed.
            pub fn not_passed() -> Vec<Self> {
                let is_new = |mark: &&Self| !PASSED[**mark as usize].load(Ordering::Relaxed);
                Self::ALL.iter().filter(is_new).copied().collect()
            }
        }
    };
}

pub(crate) use marks;

marks! {
    pub(in crate::engine),
    LateAnswersAreRefused: "an answer that comes after the cancel is taken, and the agent's channel stays up for nobody (FreeSWITCH #2529)",
    NobodyRingsForWhoLeft: "phones ring on for a member who has left (FreeSWITCH #2529, #2540)",
    LosersStopRinging: "losers of a ring-all race ring on (FreeSWITCH #2530)",
    AdoptedTalksEngage: "an agent whose talk was found at the load is free",
    AdoptedTalksAreNotLost: "a talk that was found at the load is recorded as lost as well",
    OffersAreCancelledOnce: "an offer is cancelled twice",
    BreaksStopRings: "an agent who goes on break is rung on (FreeSWITCH #800)",
    BestMemberFirst: "a freed agent does not get the best member (FreeSWITCH #2511)",
    ReadinessHasADeadline: "nobody looks for members when a wrap-up or delay is over",
    OffersEngage: "an agent's offer is forgotten: a state set by hand lets in another",
    WaitEndsWhileConnecting: "max-wait-time is lost for a member whose agent is just being connected (FreeSWITCH #1188)",
    NoAgentCountsWhileOffered: "max-wait-time-with-no-agent is lost for a member who is just being offered",
    FailedOffersAreTold: "an offer that fails has no bridge-agent-fail",
    LeavingIsTold: "a member who leaves has no member-queue-end",
    CountHasWhoIsOffered: "members-count forgets who is being offered",
    TiersAreGivenBack: "a tier stays Offering after its offer (FreeSWITCH #2540)",
    StatesReachTheRow: "an agent's new state does not reach the row",
    WhoLeftIsNotBridged: "a caller who hangs up in the moment of the bridge is held together with the agent",
    RestoredTiersAreReady: "after a restart a tier is what it was in a call that is gone (FreeSWITCH #1641)",
    AbandonedPlacesExpire: "abandoned places are kept for ever (FreeSWITCH #1973)",
    WatchdogLooks: "the watchdog does not look (FreeSWITCH #1062)",
    OffersAreMissedTwice: "the watchdog ends an offer at the first miss, although its report may be on the way",
    MembersAreMissedTwice: "the watchdog lets a member go at the first miss",
    DeadPhonesRest: "an agent whose phone cannot be called is tried again at once",
    AnsweredCountsFromTheBridge: "answered calls are counted before the bridge",
    AbandonedCallsAreRecorded: "a caller who leaves unanswered has no call detail record",
    TalksAreRecordedOnce: "the end of a talk is recorded twice",
    WithdrawnIsNotRejected: "an offer that was withdrawn counts as one that the agent did not take",
    MaxChatsIsTheMost: "an agent gets one chat more than max-chats",
    OneChatRingsAtATime: "a chat is offered to an agent while another one rings",
    ChatsComeDuringCalls: "an agent in a call gets no chats",
    ChatsHaveAWrapUp: "there is no wrap-up between two chats",
    FullLoadFillsUp: "full-load shares chats out",
    StandbyEndsWithTheCall: "the tiers of an agent whose call is over stay on standby",
    NextCallNeedsTheSkills: "the next call goes to an agent who lacks the skills for it",
    AgentsAreCountedAnew: "queues do not count agents anew",
    CauseIsNoWithdrawal: "a phone that refuses with the cause of a cancelled call is rung again at once (OpenSIPS #2886)",
    RefusedIsNotMissed: "what FreeSWITCH refused to make counts as a missed call (FreeSWITCH #1729)",
    RefusedCallersWait: "a caller goes from agent to agent while FreeSWITCH makes no calls",
    NobodyRingsWithoutATier: "an agent whose tier is deleted is rung on for that queue",
    WhoCanServeIsLookedAt: "max-wait-time-with-no-agent looks at agents who cannot serve the caller",
    WishesMissWhoLogsOut: "who logs out is not missed by callers with wishes of their own",
    PreferredAgentsAreAwaitedAWhile: "a caller waits for a preferred agent as long as that one has no time",
    WhoIsAwayHoldsNobodyUp: "a caller waits for a preferred agent who is logged out or on a break",
    WhoIsSpokenForIsLeftAlone: "a caller who waits for a preferred agent is offered to others",
    OnlyAgentsAreMissed: "a caller to whom sticky-only leaves agents alone who are all gone waits on in spite of leave-when-empty",
    NobodyIsPassedOverForLong: "an agent's own callers pass over everybody, however long those have waited",
    AttemptsAreCounted: "somebody is called back again and again, however often that was in vain",
    WhoCallsTakesThePlace: "a caller who is to be called back, and calls meanwhile, has two places",
    WhoIsHeldIsNotFree: "an agent who is held for somebody who is being called back is given to others",
    WhoStandsBeforeIsServedBefore: "an agent who is held for somebody is kept from callers who stand before that one",
    WhoWaitedInVainIsFree: "an agent who has taken a callback waits on when nobody is reached",
    NobodyWaitsForAnUnloadedQueue: "an agent takes a callback of a queue that does not call back any more, and waits for ever",
    GivenBackIsForOthers: "an agent who has given a callback back is offered it again at once",
    AttemptsOfADayAreCounted: "a number is called however often it has been called on the day",
    NothingIsPromisedTooLate: "calls are promised after callback-until",
    LeadFollowsThePace: "callbacks are dialled before an agent is free however far back they stand",
    OneAttemptAtATime: "somebody who is being called is dialled once more",
    CallbacksKeepThePlace: "whoever asks to be called back begins to wait anew",
    SuccessIsTheBridge: "a callback has succeeded when somebody has confirmed, whether an agent comes or not",
    RetriesWait: "whoever was not reached is called again at once",
    RefusedIsNoAttempt: "a call that FreeSWITCH has not made counts as an attempt",
    CallbacksExpire: "somebody is called back however long ago that was promised",
    OneCallbackOfANumber: "a number is promised two calls from one queue",
    NoMoreAheadThanAgents: "more callbacks are dialled before an agent is free than there are agents",
    EndsOfCallbacksAreTold: "a callback ends and nobody is told",
    ResumeEndsIdleness: "agent resume leaves an agent put aside",
}
