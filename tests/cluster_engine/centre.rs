//! The call centre that all boxes are: its configuration, and the engine on the box that leads.

use callcenter_simulator::{Dice, Rows};
use callcenter_test_support::boxes::server::Kept;
use mod_callcenter::cluster::{BoxId, Command, Effects, Leader, Receipt, Tables, Takeover};
use mod_callcenter::engine::{
    AgentConfig, AgentSetting, AgentStatus, AgentType, CallRecord, CallResult, Engine, Input, OfferId, QueueConfig,
    RowChange, Settings, Snapshot, TierConfig, Timestamp, WallTime,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A caller, by its channel.
pub type Caller = u64;

/// An agent.
pub type Agent = u32;

/// An offer.
pub type Offer = OfferId;

/// What the server's clock shows when a day begins.
const MORNING: i64 = 1_700_000_000;

/// The strategies of the queues.
const STRATEGIES: [&str; 5] = [
    "longest-idle-agent",
    "ring-all",
    "round-robin",
    "agent-with-fewest-calls",
    "random",
];

/// How a caller's stay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An agent has served the caller.
    Served,
    /// The caller hung up.
    Left,
}

/// The tables of the call centre.
#[derive(Debug, Clone)]
pub struct Centre;

impl Tables for Centre {
    type Change = RowChange;
    type Rows = Snapshot;
    type Others = ();
}

/// What the server keeps.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    pub rows: Arc<Rows>,
    pub records: Arc<BTreeMap<String, CallRecord>>,
}

impl Stored {
    /// A record that says that a call was lost gives way to one that knows better, and no other does; gives two that contradict each other.
    fn keep_record(&mut self, record: &CallRecord) -> Option<(CallRecord, CallRecord)> {
        let records = Arc::make_mut(&mut self.records);
        match records.get(&record.uuid) {
            Some(old) if old.result != CallResult::Lost => {
                let contradicts = record.result != CallResult::Lost && record.result != old.result;
                contradicts.then(|| (old.clone(), record.clone()))
            }
            _ => {
                records.insert(record.uuid.clone(), record.clone());
                None
            }
        }
    }
}

impl Kept for Centre {
    type Store = Stored;
    type Undone = (CallRecord, CallRecord);

    fn apply(store: &mut Stored, change: &RowChange) -> Option<Self::Undone> {
        if let RowChange::CallRecord(record) = change {
            return store.keep_record(record);
        }
        Arc::make_mut(&mut store.rows).apply(change.clone());
        None
    }

    fn read(store: &Stored) -> Snapshot {
        store.rows.snapshot()
    }
}

/// What every box has in its configuration.
#[derive(Debug, Clone)]
pub struct Configuration {
    pub agents: u32,
    pub boxes: usize,
    strategies: Vec<&'static str>,
}

impl Configuration {
    pub fn random(seed: u64, boxes: usize, agents: u32) -> Self {
        let mut dice = Dice::new(seed, "centre");
        let queues = 1 + dice.below(3);
        let strategies = (0..queues).map(|_| STRATEGIES[dice.below(STRATEGIES.len())]);
        Self {
            agents,
            boxes,
            strategies: strategies.collect(),
        }
    }

    pub fn queue(&self, dice: &mut Dice) -> String {
        format!("q{}", dice.below(self.strategies.len()))
    }

    /// Whether a queue's callers are served one after the other: ring-all has several of them ring at a time.
    pub fn serves_in_order(&self, queue: &str) -> bool {
        let number = queue.strip_prefix('q').and_then(|number| number.parse::<usize>().ok());
        let strategy = number.and_then(|number| self.strategies.get(number));
        strategy.is_some_and(|strategy| *strategy != "ring-all")
    }

    fn settings(&self, me: &str) -> Settings {
        Settings {
            instance_id: me.to_owned(),
            cdrs: Some(true),
            ..Settings::default()
        }
    }

    /// Queues are read by every leader. Agents and tiers are rows: the first one of an empty cluster makes them.
    fn apply(&self, engine: &mut Engine, now: Timestamp, is_empty: bool) {
        let mut tell = |input: Input| {
            let said = engine.handle_input(now, input);
            said.unwrap_or_else(|error| panic!("the configuration is refused: {error}"));
        };
        for (number, strategy) in self.strategies.iter().enumerate() {
            tell(Input::LoadQueue(QueueConfig {
                strategy: (*strategy).to_owned(),
                ..QueueConfig::named(format!("q{number}"))
            }));
        }
        if !is_empty {
            return;
        }
        for agent in 0..self.agents {
            tell(Input::ApplyAgent(agent_config(
                format!("a{agent}"),
                AgentStatus::Available,
            )));
            for queue in 0..self.strategies.len() {
                tell(Input::ApplyTier(TierConfig {
                    queue: format!("q{queue}"),
                    agent: format!("a{agent}"),
                    level: 1,
                    position: 1,
                }));
            }
        }
        // Commands are given about these: they serve nobody.
        for index in 0..self.boxes {
            tell(Input::ApplyAgent(agent_config(
                format!("k{index}"),
                AgentStatus::LoggedOut,
            )));
        }
    }
}

fn agent_config(name: String, status: AgentStatus) -> AgentConfig {
    AgentConfig {
        contact: Some(format!("user/{name}")),
        name,
        agent_type: AgentType::callback(),
        status: Some(status),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    }
}

/// The number of an agent by name.
pub fn number_of(agent: &str) -> Agent {
    agent.trim_start_matches('a').parse().expect("an agent's number")
}

/// The engine for all, and what stands between it and the messages.
pub struct Desk {
    pub engine: Engine,
    leader: Leader,
}

impl Desk {
    /// An engine that begins with rows and reports. `boxes` are all that ever were, `gone` those of which nothing is up.
    pub fn begin(
        configuration: &Configuration,
        me: &str,
        (world_now, seed): (i64, u64),
        takeover: &Takeover<Centre>,
        (boxes, gone): (Vec<String>, Vec<String>),
    ) -> (Self, Effects, Vec<Receipt>) {
        let wall = WallTime::from_micros(MORNING * 1_000_000 + world_now);
        let settings = configuration.settings(me);
        let mut engine = Leader::engine(settings, seed, wall, takeover, boxes);
        configuration.apply(&mut engine, takeover.engine_time, takeover.rows.agents.is_empty());
        let (leader, effects, receipts) = Leader::begin(me, &mut engine, takeover, (&gone, &[]));
        (Self { engine, leader }, effects, receipts)
    }

    /// Does something with both.
    pub fn act(&mut self, act: impl FnOnce(&mut Leader, &mut Engine) -> Effects) -> Effects {
        act(&mut self.leader, &mut self.engine)
    }

    /// Carries out commands that boxes have given.
    pub fn obey(&mut self, now: Timestamp, commands: Vec<(BoxId, u64, Command)>) -> Effects {
        let mut effects = Effects::default();
        for (from, question, command) in commands {
            let (agent, contact) = command.words.split_once(' ').expect("agent and contact");
            let set = Input::AgentSet {
                name: agent.to_owned(),
                setting: AgentSetting::Contact(contact.to_owned()),
            };
            let text = match self.engine.handle_input(now, set) {
                Ok(_) => "+OK".to_owned(),
                Err(error) => format!("-ERR {error}"),
            };
            effects.add(self.leader.replied(&mut self.engine, &from, question, text));
        }
        effects
    }
}
