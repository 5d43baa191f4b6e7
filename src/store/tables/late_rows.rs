//! What a database holds that takes the place of another, or is reached only after the call centre has started.

use super::owner::Owner;
use super::row_key::RowKey;
use crate::engine::{AgentRow, AgentState, ChangeByOthers, ChangesByOthers, RowChange, TierRow, TierState};
use crate::store::TakeUp;
use std::collections::HashSet;

/// Rows nobody here knew of.
pub(in crate::store) struct News {
    /// To be told.
    pub found: ChangesByOthers,
    /// To be deleted.
    pub unwanted: Vec<RowChange>,
    /// Agents of other instances, told even when one of that name was known: theirs was there first.
    pub elsewhere: HashSet<String>,
}

/// The agents and tiers among `rows` that are not `known`. Members without a caller are of no use and are left alone.
pub(in crate::store) fn unknown_rows<'a>(
    rows: Vec<RowChange>,
    known: impl Iterator<Item = &'a RowChange>,
    take_up: TakeUp,
    owner: &Owner,
) -> News {
    let known: HashSet<RowKey> = known.map(RowKey::of).collect();
    let mut news = News {
        found: ChangesByOthers::default(),
        unwanted: Vec::new(),
        elsewhere: HashSet::new(),
    };
    for row in rows {
        let is_known = known.contains(&RowKey::of(&row));
        match row {
            RowChange::Agent(row) if owner.is_elsewhere(&row.instance_id) => {
                news.elsewhere.insert(row.name.clone());
                news.found.agents.push(ChangeByOthers::Added(row));
            }
            RowChange::Tier(row) if !is_known && news.elsewhere.contains(&row.agent) => {
                news.found.tiers.push(ChangeByOthers::Added(row));
            }
            _ if is_known => {}
            RowChange::Queue(row) => news.found.queues.push(ChangeByOthers::Added(*row)),
            RowChange::Agent(row) if take_up.agents => {
                news.found.agents.push(ChangeByOthers::Added(at_rest(row, owner)));
            }
            RowChange::Agent(row) => news.unwanted.push(RowChange::AgentGone(row.name)),
            RowChange::Tier(row) if take_up.tiers => news.found.tiers.push(ChangeByOthers::Added(TierRow {
                state: TierState::Ready,
                ..row
            })),
            RowChange::Tier(row) => news.unwanted.push(RowChange::TierGone {
                queue: row.queue,
                agent: row.agent,
            }),
            _ => {}
        }
    }
    news
}

/// The agent without the call it had when the file was last in use.
fn at_rest(row: AgentRow, owner: &Owner) -> AgentRow {
    AgentRow {
        instance_id: owner.instance.clone(),
        state: AgentState::Waiting,
        uuid: String::new(),
        external_calls_count: 0,
        ..row
    }
}
