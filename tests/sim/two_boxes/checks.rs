//! What must hold of the rows, as somebody sees it who looks into the database only.

use mod_callcenter::engine::{AgentRow, Engine, MemberRow, Snapshot, TierRow, Timestamp};
use std::collections::HashSet;
use std::fmt::Debug;

/// Whom commands have been about.
#[derive(Default)]
pub struct Commanded {
    /// Agents, by name.
    pub agents: HashSet<String>,
}

/// What the box of that name has written differs from what was there before in its own rows only, and in those it was told to
/// change.
pub fn assert_untouched(name: &str, before: &Snapshot, after: &Snapshot, commanded: &Commanded) {
    let theirs: HashSet<&str> = before
        .agents
        .iter()
        .filter(|row| row.instance_id != name && !commanded.agents.contains(&row.name))
        .map(|row| row.name.as_str())
        .collect();
    let agents = |snapshot: &Snapshot| -> Vec<AgentRow> {
        let rows = snapshot.agents.iter();
        rows.filter(|row| theirs.contains(row.name.as_str())).cloned().collect()
    };
    let tiers = |snapshot: &Snapshot| -> Vec<TierRow> {
        let rows = snapshot.tiers.iter();
        rows.filter(|row| theirs.contains(row.agent.as_str()))
            .cloned()
            .collect()
    };
    let members = |snapshot: &Snapshot| -> Vec<MemberRow> {
        let rows = snapshot.members.iter();
        rows.filter(|row| row.instance_id != name).cloned().collect()
    };
    let configured = |snapshot: &Snapshot| -> Vec<(String, String)> {
        let rows = snapshot.configured_tiers.iter();
        rows.filter(|(_, agent)| theirs.contains(agent.as_str()))
            .cloned()
            .collect()
    };
    same(name, "agents", &agents(before), &agents(after));
    same(name, "tiers", &tiers(before), &tiers(after));
    same(name, "members", &members(before), &members(after));
    same(name, "configured tiers", &configured(before), &configured(after));
}

/// When all is quiet a box knows what is in the database.
pub fn assert_agreement(name: &str, engine: &Engine, now: Timestamp, rows: &Snapshot) {
    let members = engine
        .all_member_rows(now)
        .into_iter()
        .map(|listing| listing.row)
        .collect();
    let sorted = |mut rows: Vec<MemberRow>| {
        rows.sort_by(|a, b| a.uuid.cmp(&b.uuid));
        rows
    };
    same(name, "members known", &sorted(rows.members.clone()), &sorted(members));
    let sorted = |mut rows: Vec<AgentRow>| {
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        rows
    };
    same(
        name,
        "agents known",
        &sorted(rows.agents.clone()),
        &sorted(engine.agent_rows()),
    );
    let sorted = |mut rows: Vec<TierRow>| {
        rows.sort_by(|a, b| (&a.queue, &a.agent).cmp(&(&b.queue, &b.agent)));
        rows
    };
    same(
        name,
        "tiers known",
        &sorted(rows.tiers.clone()),
        &sorted(engine.tier_rows()),
    );
}

fn same<T: PartialEq + Debug>(name: &str, what: &str, before: &[T], after: &[T]) {
    assert_eq!(before.len(), after.len(), "{name}: {what}: {before:?} {after:?}");
    for (before, after) in before.iter().zip(after) {
        assert_eq!(before, after, "{name}: {what}");
    }
}
