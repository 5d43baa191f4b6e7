//! All that the engine remembers.

use crate::engine::border::figures::Counts;
use crate::engine::border::output::Output;
use crate::engine::centre::aftermath::Changed;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::devices::Devices;
use crate::engine::centre::member::Member;
use crate::engine::centre::members_elsewhere::MembersElsewhere;
use crate::engine::centre::offer::Offer;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::random::Random;
use crate::engine::centre::refusals::Refusals;
use crate::engine::centre::standing_legs::StandingLegs;
use crate::engine::centre::tier::Tier;
use crate::engine::centre::timers::Timers;
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::centre::watch::Watchdog;
use crate::engine::configuration::settings::Settings;
use crate::engine::rows::member::MemberRow;
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, QueueId, TierId};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The call centre.
///
/// Between two inputs one thing always holds: no member who wants an agent is in line while an agent who may serve it is
/// free. Every change restores it at once, so nothing has to look round periodically.
pub struct Engine {
    pub(in crate::engine) settings: Settings,
    /// What is told outside of the time.
    pub(in crate::engine) wall: WallClock,
    pub(in crate::engine) random: Random,
    pub(in crate::engine) queues: BTreeMap<QueueId, Queue>,
    pub(in crate::engine) queue_names: HashMap<String, QueueId>,
    /// Loaded queues in the order they were loaded.
    pub(in crate::engine) loaded: Vec<QueueId>,
    pub(in crate::engine) agents: BTreeMap<AgentId, Agent>,
    pub(in crate::engine) agent_names: HashMap<String, AgentId>,
    pub(in crate::engine) tiers: BTreeMap<TierId, Tier>,
    /// Tiers by agent's name, whether or not there is such an agent.
    pub(in crate::engine) tiers_by_agent: HashMap<String, Vec<TierId>>,
    /// Loaded queues of the strategy round-robin, which goes on after the agent who was offered a call last.
    pub(in crate::engine) round_robin: BTreeSet<QueueId>,
    /// Loaded queues that have to know which of their agents could take a caller.
    pub(in crate::engine) staffed_queues: BTreeSet<QueueId>,
    /// Queues that require skills, loaded or loaded once.
    pub(in crate::engine) skill_queues: BTreeSet<QueueId>,
    /// Boxed: the nodes of the map are half empty, and 100,000 may wait.
    pub(in crate::engine) members: BTreeMap<MemberId, Box<Member>>,
    pub(in crate::engine) members_elsewhere: MembersElsewhere,
    /// Rows of members who were under way before this engine began, by uuid, until it is told what of them is up.
    pub(in crate::engine) unaccounted: BTreeMap<String, MemberRow>,
    pub(in crate::engine) member_uuids: HashMap<String, MemberId>,
    /// Members whose place is kept, by the channel that is on the way to it.
    pub(in crate::engine) successors: HashMap<String, MemberId>,
    pub(in crate::engine) offers: BTreeMap<OfferId, Offer>,
    pub(in crate::engine) devices: Devices,
    pub(in crate::engine) standing_legs: StandingLegs,
    pub(in crate::engine) timers: Timers,
    pub(in crate::engine) outputs: VecDeque<Output>,
    pub(in crate::engine) changed: Changed,
    pub(in crate::engine) watchdog: Watchdog,
    /// Calls are offered without being told to.
    pub(in crate::engine) dispatches: bool,
    /// Figures of all queues together, those included that are gone.
    pub(in crate::engine) counts: Counts,
    pub(in crate::engine) refusals: Refusals,
    last_id: u64,
}

impl Engine {
    /// An empty call centre; `seed` decides everything that is left to chance.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            dispatches: settings.internal_call_dispatching,
            settings,
            wall: WallClock::default(),
            random: Random::seeded(seed),
            queues: BTreeMap::new(),
            queue_names: HashMap::new(),
            loaded: Vec::new(),
            agents: BTreeMap::new(),
            agent_names: HashMap::new(),
            tiers: BTreeMap::new(),
            tiers_by_agent: HashMap::new(),
            round_robin: BTreeSet::new(),
            staffed_queues: BTreeSet::new(),
            skill_queues: BTreeSet::new(),
            members: BTreeMap::new(),
            members_elsewhere: MembersElsewhere::default(),
            unaccounted: BTreeMap::new(),
            member_uuids: HashMap::new(),
            successors: HashMap::new(),
            offers: BTreeMap::new(),
            devices: Devices::default(),
            standing_legs: StandingLegs::new(),
            timers: Timers::default(),
            outputs: VecDeque::new(),
            changed: Changed::default(),
            watchdog: Watchdog::default(),
            counts: Counts::default(),
            refusals: Refusals::default(),
            last_id: 0,
        }
    }

    /// A number that was never given out before.
    pub(in crate::engine) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}
