//! The engine for all, while this box leads.

use crate::cluster::link::CallCentre;
use crate::cluster::{BoxId, Effects, Leader, Receipt, Takeover};
use crate::config::Configuration;
use crate::driver::{EventMark, Led};
use crate::engine::{Engine, EngineError, Input, LocalTime, Reply, Snapshot, Timestamp, DEFAULT_INSTANCE};
use std::collections::HashSet;

/// The engine, and what stands between it and the messages of boxes.
pub(super) struct Lead {
    pub engine: Engine,
    leader: Leader,
    led: Led,
}

/// What an engine begins with that is not in the cluster's tables.
pub(super) struct Beginning<'b> {
    /// This box.
    pub me: &'b BoxId,
    /// What its files say.
    pub configuration: &'b Configuration,
    /// How clocks go here.
    pub local_time: LocalTime,
    /// All boxes that ever were in the cluster.
    pub boxes: &'b [BoxId],
}

impl Lead {
    /// Takes over from whoever led before.
    pub fn begin(beginning: &Beginning<'_>, takeover: &Takeover<CallCentre>) -> (Self, Effects, Vec<Receipt>) {
        let now = takeover.engine_time;
        let me = &beginning.me.instance;
        let reports = takeover.reports.iter().map(|told| &told.from);
        let there: Vec<&BoxId> = reports.chain(&takeover.silent).collect();
        let is_gone = |id: &&BoxId| !there.contains(id);
        let gone = beginning.boxes.iter().filter(is_gone);
        let (left, gone): (Vec<&BoxId>, Vec<&BoxId>) = gone.partition(|id| takeover.left.contains(*id));
        let names_of = |boxes: Vec<&BoxId>| -> Vec<String> { boxes.iter().map(|id| id.instance.clone()).collect() };
        let (left, gone) = (names_of(left), names_of(gone));
        let mut names: Vec<String> = beginning.boxes.iter().map(|id| id.instance.clone()).collect();
        // Rows of a site that had one box without a name are the cluster's.
        names.extend([me.clone(), DEFAULT_INSTANCE.to_owned()]);
        let settings = beginning.configuration.settings.clone();
        let wall = takeover.wall;
        let mut engine = Leader::engine(settings, wall.secs().unsigned_abs(), wall, takeover, names);
        let _ = engine.handle_input(now, Input::LocalTime(beginning.local_time.clone()));
        let is_alone = there.iter().all(|id| *id == beginning.me);
        for input in inputs_of(beginning.configuration, &takeover.rows, is_alone) {
            // Only a tier can be refused; the engine says why, and the rest is loaded without it.
            let _ = engine.handle_input(now, input);
        }
        let (leader, effects, receipts) = Leader::begin(me, &mut engine, takeover, (&gone, &left));
        let led = Led {
            election: takeover.term.election(),
            since: wall,
        };
        (Self { engine, leader, led }, effects, receipts)
    }

    /// The last event.
    pub fn event_mark(&self) -> EventMark {
        EventMark {
            sequence: self.leader.last_event(),
            led: Some(self.led.clone()),
        }
    }

    /// Does something with both.
    pub fn act(&mut self, act: impl FnOnce(&mut Leader, &mut Engine) -> Effects) -> Effects {
        act(&mut self.leader, &mut self.engine)
    }

    /// A command of a box changes something.
    pub fn change(&mut self, now: Timestamp, of: &str, input: Input) -> (Result<Reply, EngineError>, Effects) {
        self.leader.change(&mut self.engine, now, of, input)
    }
}

/// Queues are in force by the files of whoever leads. Agents and tiers are rows: a box that is alone applies what its files say of
/// them, as at any load, and one that leads beside others adds those that are not there.
fn inputs_of(configuration: &Configuration, rows: &Snapshot, is_alone: bool) -> Vec<Input> {
    let agents: HashSet<&str> = rows.agents.iter().map(|row| row.name.as_str()).collect();
    let tiers = rows.tiers.iter().map(|row| (row.queue.as_str(), row.agent.as_str()));
    let tiers: HashSet<(&str, &str)> = tiers.collect();
    let new_agents = configuration.agents.iter();
    let new_agents = new_agents.filter(|agent| is_alone || !agents.contains(agent.name.as_str()));
    let new_tiers = configuration.tiers.iter();
    let new_tiers = new_tiers.filter(|tier| is_alone || !tiers.contains(&(tier.queue.as_str(), tier.agent.as_str())));
    let queues = configuration.queues.iter().cloned().map(Input::LoadQueue);
    queues
        .chain(new_agents.cloned().map(Input::ApplyAgent))
        .chain(new_tiers.cloned().map(Input::ApplyTier))
        .collect()
}
