//! Whose rows are whose, where several instances share a database, and what becomes of the rows that stock marks as everybody's.

use crate::engine::{ChangeByOthers, ChangesByOthers, RowChange, Snapshot, DEFAULT_INSTANCE};
use std::collections::HashSet;

/// The instance this store belongs to.
#[derive(Debug, Clone)]
pub(in crate::store) struct Owner {
    /// `cc-instance-id`.
    pub instance: String,
    /// Rows that stock wrote for `single_box`, whichever instance that was, are taken over.
    pub adopts: bool,
}

impl Owner {
    /// An instance of that name, which takes over what stock left.
    pub fn of(instance: &str) -> Self {
        Self {
            instance: instance.to_owned(),
            adopts: true,
        }
    }

    /// Whether the instance goes by stock's name for all.
    pub fn is_default(&self) -> bool {
        self.instance == DEFAULT_INSTANCE
    }

    /// Whether a row with this `instance_id` is another instance's.
    pub fn is_elsewhere(&self, instance_id: &str) -> bool {
        instance_id != self.instance && !(self.adopts && instance_id == DEFAULT_INSTANCE)
    }

    /// Marks the rows that are taken over as ours; the engine writes them so.
    pub fn adopt(&self, snapshot: &mut Snapshot) {
        let agents = snapshot.agents.iter_mut().map(|row| &mut row.instance_id);
        let members = snapshot.members.iter_mut().map(|row| &mut row.instance_id);
        agents
            .chain(members)
            .for_each(|instance_id| self.adopt_one(instance_id));
    }

    /// As [`Owner::adopt`], for agents that somebody has inserted or changed.
    pub fn adopt_changes(&self, changes: &mut ChangesByOthers) {
        for change in &mut changes.agents {
            match change {
                ChangeByOthers::Added(row) | ChangeByOthers::Gone(row) => self.adopt_one(&mut row.instance_id),
                ChangeByOthers::Changed { before, after } => {
                    self.adopt_one(&mut before.instance_id);
                    self.adopt_one(&mut after.instance_id);
                }
            }
        }
    }

    fn adopt_one(&self, instance_id: &mut String) {
        if !self.is_elsewhere(instance_id) {
            instance_id.clone_from(&self.instance);
        }
    }
}

/// Whether somebody has put an agent among those of `single_box`.
pub(in crate::store) fn has_strays(changes: &ChangesByOthers) -> bool {
    changes.agents.iter().any(|change| match change {
        ChangeByOthers::Added(row) => row.instance_id == DEFAULT_INSTANCE,
        ChangeByOthers::Changed { before, after } => {
            before.instance_id != DEFAULT_INSTANCE && after.instance_id == DEFAULT_INSTANCE
        }
        ChangeByOthers::Gone(_) => false,
    })
}

/// Forgets what the settings `truncate-agents-on-load` and `truncate-tiers-on-load` say is to be forgotten of this instance's
/// rows; the changes that make the database forget it too. Agents of other instances and their tiers stay.
pub fn truncate(snapshot: &mut Snapshot, instance: &str, agents: bool, tiers: bool) -> Vec<RowChange> {
    let elsewhere: HashSet<String> = snapshot
        .agents
        .iter()
        .filter(|row| row.instance_id != instance)
        .map(|row| row.name.clone())
        .collect();
    let mut gone = Vec::new();
    if tiers {
        let ours = take_out(&mut snapshot.tiers, |tier| !elsewhere.contains(&tier.agent));
        gone.extend(ours.map(|tier| RowChange::TierGone {
            queue: tier.queue,
            agent: tier.agent,
        }));
        let configured = take_out(&mut snapshot.configured_tiers, |(_, agent)| !elsewhere.contains(agent));
        gone.extend(configured.map(|(queue, agent)| RowChange::ConfiguredTierGone { queue, agent }));
        let paused = take_out(&mut snapshot.pauses, |(agent, queue, _)| {
            queue.is_some() && !elsewhere.contains(agent)
        });
        gone.extend(paused.map(|(agent, queue, _)| RowChange::Pause {
            agent,
            queue,
            pause: None,
        }));
    }
    if agents {
        let ours = take_out(&mut snapshot.agents, |agent| agent.instance_id == instance);
        gone.extend(ours.map(|agent| RowChange::AgentGone(agent.name)));
    }
    gone
}

fn take_out<T>(rows: &mut Vec<T>, is_out: impl Fn(&T) -> bool) -> impl Iterator<Item = T> {
    let (out, rest) = std::mem::take(rows).into_iter().partition(is_out);
    *rows = rest;
    let out: Vec<T> = out;
    out.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::tests::{agent, member, tier};

    #[test]
    fn only_our_own_rows_are_forgotten_at_load() {
        let theirs = crate::engine::AgentRow {
            instance_id: "box2".to_owned(),
            ..agent("a2")
        };
        let mut snapshot = Snapshot {
            agents: vec![agent("a1"), theirs.clone()],
            tiers: vec![tier("q", "a1"), tier("q", "a2"), tier("q", "nobody")],
            members: vec![member("m1")],
            configured_tiers: vec![("q".to_owned(), "a1".to_owned()), ("q".to_owned(), "a2".to_owned())],
            ..Snapshot::default()
        };
        let gone = truncate(&mut snapshot, "single_box", true, true);
        assert_eq!((snapshot.agents, snapshot.tiers), (vec![theirs], vec![tier("q", "a2")]));
        assert_eq!(snapshot.configured_tiers, [("q".to_owned(), "a2".to_owned())]);
        assert_eq!(gone.len(), 4, "{gone:?}");
    }

    #[test]
    fn rows_of_stock_are_taken_over_by_an_instance_with_a_name_of_its_own() {
        let mut snapshot = Snapshot {
            agents: vec![agent("a1")],
            members: vec![member("m1")],
            ..Snapshot::default()
        };
        let mut owner = Owner::of("box1");
        owner.adopts = false;
        owner.adopt(&mut snapshot);
        assert_eq!(
            snapshot.agents[0].instance_id, DEFAULT_INSTANCE,
            "somebody goes by that name"
        );
        owner.adopts = true;
        owner.adopt(&mut snapshot);
        assert_eq!(snapshot.agents[0].instance_id, "box1");
        assert_eq!(snapshot.members[0].instance_id, "box1");
    }
}
