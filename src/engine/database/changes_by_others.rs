//! Rows that others change in the database: taken over as commands are, but without events, as with stock.
//!
//! A column is taken over if the engine has not changed it itself since the row was written. What an offer or a call
//! decides (state, leg, times and figures of its agent, state of its tier) stays the engine's until it is over. Every row
//! touched is put out again, so that the table follows wherever the engine decides otherwise. Rows of other instances are known
//! as they are and left alone.

use crate::engine::border::changes_by_others::{ChangeByOthers, ChangesByOthers};
use crate::engine::border::row_change::RowChange;
use crate::engine::border::setting::TierSetting;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::configuration::tables::AGENT_ATTRIBUTES;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::member::MemberRow;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::ids::{AgentId, MemberId, TierId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{MemberState, TierState};
use std::collections::HashMap;

impl Engine {
    /// Takes over what others have changed, and lets everybody find each other who now can.
    pub(in crate::engine) fn take_changes_by_others(&mut self, now: Timestamp, changes: ChangesByOthers) {
        for change in changes.queues {
            self.take_queue_by_others(now, change);
        }
        for change in changes.agents {
            self.take_agent_by_others(now, change);
        }
        for change in changes.tiers {
            self.take_tier_by_others(now, change);
        }
        self.take_members_by_others(changes.members);
    }

    fn take_agent_by_others(&mut self, now: Timestamp, change: ChangeByOthers<AgentRow>) -> Option<AgentId> {
        match change {
            ChangeByOthers::Added(row) => {
                let id = match self.agents.named(&row.name) {
                    // It was there before we were, or came at the same moment.
                    Some(id) if !self.is_ours(&row.instance_id) => {
                        let known = self.agents.get(&id)?.row.clone();
                        return self.change_agent_by_others(now, &known, row);
                    }
                    Some(id) => id,
                    None => self.insert_agent_by_others(row),
                };
                self.put_out_if_ours(id);
                self.agents.touch(id);
                Some(id)
            }
            ChangeByOthers::Changed { before, after } => self.change_agent_by_others(now, &before, after),
            ChangeByOthers::Gone(row) => {
                if let Some(id) = self.agents.named(&row.name) {
                    self.forget_skills(&row.name);
                    self.unlink_tiers(now, id);
                    let dismissed = self.dismiss_agent(now, &row.name);
                    self.stop_rings(now, dismissed.into_iter().flat_map(|(_, offers)| offers));
                }
                self.changed.others.push(RowChange::AgentGone(row.name));
                None
            }
        }
    }

    fn insert_agent_by_others(&mut self, mut row: AgentRow) -> AgentId {
        if self.is_ours(&row.instance_id) {
            row.external_calls_count = row.external_calls_count.max(0);
        }
        let id = self.insert_agent(row);
        self.renew_last_offered_of(id);
        id
    }

    fn put_out_if_ours(&mut self, id: AgentId) {
        let row = self.agents.get(&id).map(|agent| &agent.row);
        if row.is_some_and(|row| self.is_ours(&row.instance_id)) {
            self.save_agent(id);
        }
    }

    fn change_agent_by_others(&mut self, now: Timestamp, before: &AgentRow, after: AgentRow) -> Option<AgentId> {
        let id = self.agents.named(&after.name)?;
        let mut owner = self.agents.get(&id)?.row.instance_id.clone();
        if take(&mut owner, &before.instance_id, &after.instance_id) {
            self.change_owner(now, id, &owner);
        }
        let is_ours = self.is_ours(&owner);
        let agent = self.agents.change(&id)?;
        take_settings(agent, before, &after, &self.wall);
        agent.keep_chat_pause(&self.wall);
        let was_offered = agent.row.last_offered_call;
        let state_is_set = before.state != after.state;
        if agent.offer.is_none() {
            take_progress(agent, before, &after, &self.wall);
        }
        if is_ours && agent.row.external_calls_count < 0 {
            agent.row.external_calls_count = 0;
        }
        let offered_changed = agent.row.last_offered_call != was_offered;
        let declared = agent.row.status;
        let mut status = declared;
        let is_news = take(&mut status, &before.status, &after.status);
        if is_news && is_ours && agent.row.last_status_change == before.last_status_change {
            // Whoever changes a status by SQL rarely thinks of the column beside it.
            agent.row.last_status_change = self.wall.secs(now);
        }
        self.renew_device(id);
        self.renew_leg(now, id);
        self.put_out_if_ours(id);
        if offered_changed {
            self.renew_last_offered_of(id);
        }
        self.take_status(now, id, status, None);
        self.stop_unwanted_rings(now, id);
        if is_ours && !state_is_set {
            self.end_idleness(now, id, declared);
        }
        Some(id)
    }

    fn renew_last_offered_of(&mut self, id: AgentId) {
        let queues: Vec<_> = self
            .tiers_of(id)
            .iter()
            .filter_map(|tier| self.tiers.get(tier))
            .map(|tier| tier.queue)
            .collect();
        for queue in queues {
            self.renew_last_offered(queue);
        }
    }

    /// Leaves an agent's tiers without an agent, as stock's rows are whose agent was deleted by SQL.
    fn unlink_tiers(&mut self, now: Timestamp, id: AgentId) {
        self.drop_skill_tiers(now, id);
        let Some(agent) = self.agents.change(&id) else { return };
        let tiers = std::mem::take(&mut agent.tiers);
        for tier_id in tiers {
            self.leave_orders(tier_id);
            self.set_present(now, tier_id, None);
            self.count_as(now, tier_id, None);
            let Some(tier) = self.tiers.get_mut(&tier_id) else {
                continue;
            };
            tier.agent = None;
            if !tier.state.is_usable() {
                tier.state = TierState::Ready;
                self.changed.tiers.insert(tier_id);
            }
            let (queue, agent) = (tier.queue, tier.agent_name.clone());
            self.renew_last_offered(queue);
            self.touch_own_callers(queue, &agent);
        }
    }

    fn take_tier_by_others(&mut self, now: Timestamp, change: ChangeByOthers<TierRow>) {
        match change {
            ChangeByOthers::Added(row) => {
                let id = match self.tier_id(&row.queue, &row.agent) {
                    Some(id) => id,
                    None => self.insert_tier(now, row),
                };
                self.changed.tiers.insert(id);
                self.reconsider_tier(id);
            }
            ChangeByOthers::Changed { before, after } => {
                if let Some(id) = self.tier_id(&after.queue, &after.agent) {
                    self.change_tier_by_others(now, id, &before, &after);
                }
            }
            ChangeByOthers::Gone(row) => {
                if let Some(id) = self.tier_id(&row.queue, &row.agent) {
                    self.give_up_tier(now, id);
                    self.serve_by_skill(now, &row.agent);
                }
                self.changed.others.push(RowChange::TierGone {
                    queue: row.queue,
                    agent: row.agent,
                });
            }
        }
    }

    fn change_tier_by_others(&mut self, now: Timestamp, id: TierId, before: &TierRow, after: &TierRow) {
        let Some(tier) = self.tiers.get(&id) else { return };
        let (mut state, mut level, mut position) = (tier.state, tier.level, tier.position);
        if take(&mut state, &before.state, &after.state) {
            self.change_tier(now, id, TierSetting::State(state));
        }
        if take(&mut level, &before.level, &after.level) {
            self.change_tier(now, id, TierSetting::Level(level));
        }
        if take(&mut position, &before.position, &after.position) {
            self.change_tier(now, id, TierSetting::Position(position));
        }
        self.changed.tiers.insert(id);
    }

    /// Only scores are taken over: the rest of a member's row tells what happens to its call. A row that is added has no
    /// call behind it.
    fn take_members_by_others(&mut self, changes: Vec<ChangeByOthers<MemberRow>>) {
        let mut scores = HashMap::new();
        for change in changes {
            match change {
                ChangeByOthers::Added(row) if self.is_ours(&row.instance_id) => (),
                ChangeByOthers::Added(row) => self.members_elsewhere.note(row),
                ChangeByOthers::Changed { before, after } if !self.is_ours(&before.instance_id) => {
                    self.members_elsewhere.forget(&before);
                    if !self.is_ours(&after.instance_id) {
                        self.members_elsewhere.note(after);
                    }
                }
                ChangeByOthers::Changed { before, after } => {
                    scores.insert(after.uuid.clone(), Some((before, after)));
                }
                ChangeByOthers::Gone(row) => {
                    self.members_elsewhere.forget(&row);
                    if self.is_ours(&row.instance_id) {
                        scores.insert(row.uuid, None);
                    }
                }
            }
        }
        if scores.is_empty() {
            return;
        }
        let members = self.members.iter();
        let touched: Vec<_> = members
            .filter_map(|(id, member)| Some((*id, scores.remove(&member.row.uuid)?)))
            .collect();
        for (id, change) in touched {
            match change {
                Some((before, after)) => self.change_score(id, &before, &after),
                None => self.keep_or_discard(id),
            }
        }
    }

    fn change_score(&mut self, id: MemberId, before: &MemberRow, after: &MemberRow) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        member.row.save();
        let base = take(&mut member.row.base_score, &before.base_score, &after.base_score);
        let skill = take(&mut member.row.skill_score, &before.skill_score, &after.skill_score);
        if base || skill {
            self.keep_order(id);
        }
    }

    /// Somebody deleted a member's row. An abandoned place is given up with it; a caller who is there is served all the
    /// same, and the row comes back.
    fn keep_or_discard(&mut self, id: MemberId) {
        let state = self.members.get(&id).map(|member| member.row.state);
        if state == Some(MemberState::Abandoned) {
            self.timers.clear(Timer::Discard(id));
            self.discard(id);
        } else if let Some(member) = self.members.books_of(&id) {
            member.row.save();
        }
    }
}

/// Takes a column over if it was changed, and the engine has not changed it itself since.
fn take<T: PartialEq + Clone>(current: &mut T, before: &T, after: &T) -> bool {
    let is_news = before != after && current == before;
    if is_news {
        current.clone_from(after);
    }
    is_news
}

/// What supervisors decide, whatever the agent is doing. The row has it already.
fn take_settings(agent: &mut Agent, before: &AgentRow, after: &AgentRow, wall: &WallClock) {
    let mut is_ready_otherwise = false;
    agent.row.change(|row| {
        take(&mut row.agent_type, &before.agent_type, &after.agent_type);
        take(&mut row.contact, &before.contact, &after.contact);
        for attribute in AGENT_ATTRIBUTES {
            let (was, is) = (attribute.get(before), attribute.get(after));
            if was != is && attribute.get(row) == was {
                attribute.copy(after, row);
            }
        }
        is_ready_otherwise = take(&mut row.ready_time, &before.ready_time, &after.ready_time);
        false
    });
    if is_ready_otherwise {
        agent.pause_until(wall.instant(after.ready_time));
    }
}

/// What calls decide while one is under way. The row has it already.
fn take_progress(agent: &mut Agent, before: &AgentRow, after: &AgentRow, wall: &WallClock) {
    let (started, ended, offered) = (
        &mut agent.bridge_start,
        &mut agent.last_bridge_end,
        &mut agent.last_offered,
    );
    agent.row.change(|row| {
        take(&mut row.state, &before.state, &after.state);
        take(&mut row.uuid, &before.uuid, &after.uuid);
        let changed = (before.last_status_change, after.last_status_change);
        take(&mut row.last_status_change, &changed.0, &changed.1);
        let unanswered = (before.no_answer_count, after.no_answer_count);
        take(&mut row.no_answer_count, &unanswered.0, &unanswered.1);
        take(&mut row.calls_answered, &before.calls_answered, &after.calls_answered);
        take(&mut row.talk_time, &before.talk_time, &after.talk_time);
        let elsewhere = (before.external_calls_count, after.external_calls_count);
        take(&mut row.external_calls_count, &elsewhere.0, &elsewhere.1);
        let instants = [
            (
                &mut row.last_bridge_start,
                before.last_bridge_start,
                after.last_bridge_start,
                started,
            ),
            (
                &mut row.last_bridge_end,
                before.last_bridge_end,
                after.last_bridge_end,
                ended,
            ),
            (
                &mut row.last_offered_call,
                before.last_offered_call,
                after.last_offered_call,
                offered,
            ),
        ];
        for (current, was, is, instant) in instants {
            if take(current, &was, &is) {
                *instant = wall.instant(is);
            }
        }
        false
    });
}
