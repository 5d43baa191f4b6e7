//! The database of a run: changes gather, are written together, and are tried again when that fails; all in virtual time.

use super::dice::Dice;
use super::disk::Disk;
use super::plan::{Edit, Storage};
use super::rows::Rows;
use mod_callcenter::engine::{ChangeByOthers, ChangesByOthers, RowChange, Snapshot, Span};
use mod_callcenter::store::{Pending, Store};

/// What is saved, and what would be lost if the process died now.
pub(super) struct Database {
    storage: Storage,
    disk: Disk,
    pending: Pending,
    dice: Dice,
    /// A write is planned.
    planned: bool,
    /// Changes are kept at all.
    keeps: bool,
}

impl Database {
    pub fn new(storage: Storage, seed: u64) -> Self {
        Self {
            disk: Disk::new(storage.fails, Dice::new(seed, "disk")),
            storage,
            pending: Pending::default(),
            dice: Dice::new(seed, "pauses of the disk"),
            planned: false,
            keeps: true,
        }
    }

    /// One that keeps nothing.
    pub fn never_written(self) -> Self {
        Self { keeps: false, ..self }
    }

    /// Takes a change, and says after how long a write is wanted if none is planned yet.
    pub fn record(&mut self, change: RowChange) -> Option<Span> {
        if !self.keeps {
            return None;
        }
        self.pending.add([change]);
        if self.storage == Storage::IDEAL {
            return self.write();
        }
        let wanted = !self.planned;
        self.planned = true;
        wanted.then_some(self.storage.gathering)
    }

    /// Writes what has gathered, and says after how long to try again if that failed.
    pub fn write(&mut self) -> Option<Span> {
        let batch = self.pending.take();
        self.planned = self.disk.apply(&batch).is_err();
        if self.planned {
            self.pending.put_back(batch);
        }
        self.planned.then(|| self.storage.pause.roll(&mut self.dice))
    }

    /// The process dies: what was not written is lost.
    pub fn forget_unwritten(&mut self) {
        self.pending.take();
        self.planned = false;
    }

    /// What a new process reads.
    pub fn snapshot(&mut self) -> Snapshot {
        self.disk.load().unwrap_or_default()
    }

    /// Lets somebody else write, and tells what the module finds; none when there is no such row.
    pub fn edit(&mut self, edit: &Edit) -> Option<ChangesByOthers> {
        let rows = self.disk.rows();
        let mut rows = rows.lock();
        let (change, told) = edited(&rows, edit)?;
        rows.apply(change);
        Some(told)
    }
}

fn edited(rows: &Rows, edit: &Edit) -> Option<(RowChange, ChangesByOthers)> {
    let agent = |name: &String| rows.agents().iter().find(|row| row.name == *name).cloned();
    let tier = |queue: &String, agent: &String| {
        let mut tiers = rows.tiers().iter();
        tiers.find(|row| row.queue == *queue && row.agent == *agent).cloned()
    };
    let member = |queue: &String| rows.members().iter().rev().find(|row| row.queue == *queue).cloned();
    Some(match edit {
        Edit::Agent {
            agent: name,
            status,
            state,
        } => {
            let before = agent(name)?;
            let mut after = before.clone();
            (after.status, after.state) = (*status, *state);
            (RowChange::Agent(after.clone()), of_agent(changed(before, after)))
        }
        Edit::NoAgent(name) => (
            RowChange::AgentGone(name.clone()),
            of_agent(ChangeByOthers::Gone(agent(name)?)),
        ),
        Edit::Tier {
            queue,
            agent,
            state,
            level,
        } => {
            let before = tier(queue, agent)?;
            let mut after = before.clone();
            (after.state, after.level) = (*state, *level);
            (RowChange::Tier(after.clone()), of_tier(changed(before, after)))
        }
        Edit::NoTier { queue, agent } => {
            let before = tier(queue, agent)?;
            let (queue, agent) = (queue.clone(), agent.clone());
            (
                RowChange::TierGone { queue, agent },
                of_tier(ChangeByOthers::Gone(before)),
            )
        }
        Edit::Score { queue, base_score } => {
            let before = member(queue)?;
            let mut after = before.clone();
            after.base_score = *base_score;
            (RowChange::Member(after.clone()), of_member(changed(before, after)))
        }
        Edit::NoMember { queue } => {
            let before = member(queue)?;
            (
                RowChange::MemberGone(before.uuid.clone()),
                of_member(ChangeByOthers::Gone(before)),
            )
        }
    })
}

fn changed<R>(before: R, after: R) -> ChangeByOthers<R> {
    ChangeByOthers::Changed { before, after }
}

fn of_agent(change: ChangeByOthers<mod_callcenter::engine::AgentRow>) -> ChangesByOthers {
    ChangesByOthers {
        agents: vec![change],
        ..ChangesByOthers::default()
    }
}

fn of_tier(change: ChangeByOthers<mod_callcenter::engine::TierRow>) -> ChangesByOthers {
    ChangesByOthers {
        tiers: vec![change],
        ..ChangesByOthers::default()
    }
}

fn of_member(change: ChangeByOthers<mod_callcenter::engine::MemberRow>) -> ChangesByOthers {
    ChangesByOthers {
        members: vec![change],
        ..ChangesByOthers::default()
    }
}
