//! All that the engine remembers.

use crate::engine::border::figures::Counts;
use crate::engine::border::output::Output;
use crate::engine::centre::aftermath::{Aftermath, Changed};
use crate::engine::centre::boxes::{Boxes, Origin};
use crate::engine::centre::devices::Devices;
use crate::engine::centre::members_elsewhere::MembersElsewhere;
use crate::engine::centre::random::Random;
use crate::engine::centre::refusals::RefusalsByBox;
use crate::engine::centre::standing_legs::StandingLegs;
use crate::engine::centre::stores::agents::Agents;
use crate::engine::centre::stores::callbacks::Callbacks;
use crate::engine::centre::stores::callers::Callers;
use crate::engine::centre::stores::members::Members;
use crate::engine::centre::stores::offers::Offers;
use crate::engine::centre::stores::queues::Queues;
use crate::engine::centre::stores::tiers::Tiers;
use crate::engine::centre::timers::Timers;
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::centre::watch::Watchdog;
use crate::engine::configuration::settings::Settings;
use crate::engine::rows::member::MemberRow;
use crate::engine::vocabulary::ids::{AgentId, BoxNumber, MemberId, OfferId, QueueId};
use crate::engine::vocabulary::local_time::LocalTime;
use crate::engine::vocabulary::time::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The call centre.
///
/// Between two inputs one thing always holds: no member who wants an agent is in line while an agent who may serve it is
/// free; one who waits for a preferred agent is in line for that one alone. The settle loop restores it at the end of each step, so nothing has to look round periodically.
pub struct Engine {
    pub(in crate::engine) settings: Settings,
    /// Whose rows are ours.
    pub(in crate::engine) boxes: Boxes,
    /// Where the input comes from that is being acted on; the own box, and now, where none is.
    pub(in crate::engine) origin: Origin,
    /// What is told outside of the time.
    pub(in crate::engine) wall: WallClock,
    /// Which day and time of day that is, where the machine stands.
    pub(in crate::engine) local_time: LocalTime,
    pub(in crate::engine) random: Random,
    pub(in crate::engine) queues: Queues,
    pub(in crate::engine) agents: Agents,
    pub(in crate::engine) tiers: Tiers,
    pub(in crate::engine) members: Members,
    pub(in crate::engine) offers: Offers,
    /// Callers who are known again.
    pub(in crate::engine) callers: Callers,
    /// Callers who are called back.
    pub(in crate::engine) callbacks: Callbacks,
    /// Loaded queues of the strategy round-robin, which goes on after the agent who was offered a call last.
    pub(in crate::engine) round_robin: BTreeSet<QueueId>,
    /// Loaded queues that have to know which of their agents could take a caller.
    pub(in crate::engine) staffed_queues: BTreeSet<QueueId>,
    /// Queues that require skills, loaded or loaded once.
    pub(in crate::engine) skill_queues: BTreeSet<QueueId>,
    pub(in crate::engine) members_elsewhere: MembersElsewhere,
    /// Rows of members who were under way before this engine began, by uuid, until it is told what of them is up.
    pub(in crate::engine) unaccounted: BTreeMap<String, MemberRow>,
    /// Members whose place is kept, by the channel that is on the way to it.
    pub(in crate::engine) successors: HashMap<String, MemberId>,
    pub(in crate::engine) devices: Devices,
    pub(in crate::engine) standing_legs: StandingLegs,
    /// Calls outside the queues as each box of a cluster counts them, by agent.
    pub(in crate::engine) external_calls: BTreeMap<BoxNumber, BTreeMap<String, i64>>,
    /// What is being taken back on some box, and the agent who is kept for it.
    pub(in crate::engine) recalls: BTreeMap<OfferId, AgentId>,
    /// By instance, whom rows tell in a talk on a box of the cluster that has not said yet what it has.
    pub(in crate::engine) said_to_talk: BTreeMap<String, Vec<AgentId>>,
    pub(in crate::engine) timers: Timers,
    pub(in crate::engine) outputs: VecDeque<Output>,
    pub(in crate::engine) changed: Changed,
    pub(in crate::engine) aftermath: Aftermath,
    pub(in crate::engine) watchdog: Watchdog,
    /// Calls are offered without being told to.
    pub(in crate::engine) dispatches: bool,
    /// Figures of all queues together, those included that are gone.
    pub(in crate::engine) counts: Counts,
    pub(in crate::engine) refusals: RefusalsByBox,
    /// Whether events and rows of tiers tell of each offer.
    pub(in crate::engine) tells_of_offers: bool,
    last_id: u64,
}

impl Engine {
    /// An empty call centre; `seed` decides everything that is left to chance.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            dispatches: settings.internal_call_dispatching,
            boxes: Boxes::alone(&settings.instance_id),
            origin: Origin::default(),
            settings,
            wall: WallClock::default(),
            local_time: LocalTime::default(),
            random: Random::seeded(seed),
            queues: Queues::default(),
            agents: Agents::default(),
            tiers: Tiers::default(),
            members: Members::default(),
            offers: Offers::default(),
            callers: Callers::default(),
            callbacks: Callbacks::default(),
            round_robin: BTreeSet::new(),
            staffed_queues: BTreeSet::new(),
            skill_queues: BTreeSet::new(),
            members_elsewhere: MembersElsewhere::default(),
            unaccounted: BTreeMap::new(),
            successors: HashMap::new(),
            devices: Devices::default(),
            standing_legs: StandingLegs::new(),
            external_calls: BTreeMap::new(),
            recalls: BTreeMap::new(),
            said_to_talk: BTreeMap::new(),
            timers: Timers::default(),
            outputs: VecDeque::new(),
            changed: Changed::default(),
            aftermath: Aftermath::default(),
            watchdog: Watchdog::default(),
            counts: Counts::default(),
            refusals: RefusalsByBox::default(),
            tells_of_offers: true,
            last_id: 0,
        }
    }

    /// The same call centre without the events and the rows of tiers that tell of each offer. It does the same; days of which nobody
    /// looks at more than what they came to are played faster.
    #[must_use]
    pub fn without_news_of_offers(self) -> Self {
        Self {
            tells_of_offers: false,
            ..self
        }
    }

    /// The same call centre, which gives out identities above this number: engines that follow one another in a cluster meet each other's.
    #[must_use]
    pub fn counting_from(self, last_id: u64) -> Self {
        Self { last_id, ..self }
    }

    /// The same call centre where the clock on the wall has always been so much ahead of the engine's: in a cluster the engine's clock began
    /// with the first leader, and what happened under others has its epochs.
    #[must_use]
    pub fn with_wall_ahead(self, ahead: Span) -> Self {
        Self {
            wall: WallClock::always(ahead),
            ..self
        }
    }

    /// A number that was never given out before.
    pub(in crate::engine) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}
