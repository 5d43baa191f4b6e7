//! Rows that somebody else changes.

use super::*;

impl Trial {
    pub(super) fn agent_by_sql(&self, name: &str, act: RowAct, word: usize, value: i64) -> Option<Input> {
        let new = AgentRow::new(name, Settings::default().instance_id, AgentType::parse("callback")?);
        let row = self.engine.agent_row(name).unwrap_or(new);
        let old = AgentRow {
            status: AgentStatus::OnBreak,
            wrap_up_time: 3,
            ..row.clone()
        };
        let changed = AgentRow {
            status: *pick_of(AgentStatus::ALL, word),
            state: *pick_of(AgentState::ALL, word / 4),
            wrap_up_time: value,
            last_bridge_end: value,
            last_offered_call: value,
            calls_answered: value,
            no_answer_count: value,
            talk_time: value,
            instance_id: pick_of(&INSTANCES, usize::from(value % 5 == 0)).to_string(),
            ..row.clone()
        };
        Some(Input::RowsChanged(ChangesByOthers {
            agents: act.change(row, old, changed),
            ..ChangesByOthers::default()
        }))
    }

    pub(super) fn member_by_sql(&self, pick: usize, act: RowAct, value: i64) -> Option<Input> {
        let rows = self.engine.all_member_rows(self.now);
        let row = rows.get(pick % rows.len().max(1))?.row.clone();
        let old = MemberRow {
            skill_score: 1,
            ..row.clone()
        };
        let changed = MemberRow {
            base_score: value,
            skill_score: value / 2,
            ..row.clone()
        };
        Some(Input::RowsChanged(ChangesByOthers {
            members: act.change(row, old, changed),
            ..ChangesByOthers::default()
        }))
    }
}

pub(super) fn tier_by_sql(trial: &Trial, (queue, agent): (&str, &str), act: RowAct, word: usize, value: i64) -> Input {
    let new = TierRow {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        state: TierState::Ready,
        level: 1,
        position: 1,
    };
    let rows = trial.engine.tier_rows().into_iter();
    let row = rows
        .chain([new.clone()])
        .find(|row| row.queue == queue && row.agent == agent)
        .unwrap_or(new);
    let old = TierRow {
        level: 7,
        ..row.clone()
    };
    let changed = TierRow {
        state: *pick_of(TierState::ALL, word),
        level: value,
        position: value / 2,
        ..row.clone()
    };
    Input::RowsChanged(ChangesByOthers {
        tiers: act.change(row, old, changed),
        ..ChangesByOthers::default()
    })
}
