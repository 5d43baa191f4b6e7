//! Agents who are held for callbacks.
//!
//! A callback that is due stands in line with those who wait on the phone, and whoever is free is found for it by the same rules. It gets no
//! phone rung: the attempt begins, and the agent is held until it has ended. So there are never more attempts than agents who were free
//! for them, and whoever is placed before the callback has been served first. Who is held is for nobody placed behind; whoever is placed
//! before it and finds nobody else has the agent, and the callback, if it is under way, looks for another one.

use crate::engine::centre::callback::{CallbackStage, HeldAgent};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, TierId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallbackFirst, CallbackResult};
use std::cmp::Reverse;

impl Engine {
    /// An agent was chosen for a member: its phone rings, or the agent is held for the one who is called back.
    pub(in crate::engine) fn assign(&mut self, now: Timestamp, member: MemberId, tier: TierId) {
        let stage = self.callback_of(member).map(|callback| callback.stage);
        match stage.filter(|stage| stage.is_away()) {
            None => self.offer(now, member, tier),
            Some(CallbackStage::Pending) => self.assign_to_pending(now, member, tier),
            Some(_) => self.hold_for(now, member, tier),
        }
    }

    fn assign_to_pending(&mut self, now: Timestamp, id: MemberId, tier: TierId) {
        let is_refused = |member: &Member| self.are_calls_refused(now, member);
        if self.members.get(&id).is_some_and(is_refused) {
            return self.wait_for_calls(now, id, tier);
        }
        if self.has_no_attempt_left(id) {
            return self.drop_callback(now, id, CallbackResult::GivenUp);
        }
        if self.is_called_too_often(now, id) {
            return self.drop_callback(now, id, CallbackResult::TooOften);
        }
        match self.calls_agent_first(id) {
            true => self.offer(now, id, tier),
            false => self.hold_for(now, id, tier),
        }
    }

    /// FreeSWITCH makes no calls: the agent is free again when it does. So the line as a whole waits, however many stand in it; in a
    /// cluster the callback alone does, for the agent may be called from other boxes meanwhile.
    fn wait_for_calls(&mut self, now: Timestamp, id: MemberId, tier: TierId) {
        let agent = self.tiers.get(&tier).and_then(|tier| tier.agent);
        let until = self
            .members
            .get(&id)
            .map(|member| self.refusals.until(self.box_of(member)));
        let (Some(agent_id), Some(until), false) = (agent, until, self.boxes.are_several()) else {
            self.place_member(now, id);
            self.note_leading(id);
            return self.members.note_placed(id);
        };
        if let Some(agent) = self.agents.change(&agent_id) {
            agent.retry_after = agent.retry_after.max(until);
        }
        self.place_agent(now, agent_id);
    }

    fn calls_agent_first(&self, member: MemberId) -> bool {
        let config = self.callback_config(member);
        config.is_some_and(|config| config.first == CallbackFirst::Agent)
    }

    fn hold_for(&mut self, now: Timestamp, id: MemberId, tier: TierId) {
        let Some(agent_id) = self.tiers.get(&tier).and_then(|tier| tier.agent) else {
            return;
        };
        let Some(member) = self.members.get(&id) else { return };
        let Some(queue) = self.queues.get(&member.queue) else {
            return;
        };
        let hold: HeldAgent = (Reverse(queue.priority()), member.place_in_line(id, 0), agent_id);
        let Some(callback) = self.change_callback(id) else {
            return;
        };
        callback.hold = Some(hold);
        let is_pending = callback.stage == CallbackStage::Pending;
        self.callbacks.hold(hold, id);
        self.set_held(agent_id, holds(Mark::WhoIsHeldIsNotFree));
        self.place_agent(now, agent_id);
        if is_pending || !holds(Mark::OneAttemptAtATime) {
            self.begin_attempt(now, id);
        }
        if !self.place_member(now, id) {
            self.members.note_placed(id);
        }
    }

    /// Something has changed about an agent who is held: the callback looks for an agent anew, and may find the same one.
    pub(in crate::engine) fn review_hold(&mut self, agent: AgentId) {
        if let Some(member) = self.callbacks.held_for(agent) {
            self.take_hold(member);
        }
    }

    /// Who is held may have become somebody's who stands before the callback.
    pub(in crate::engine) fn review_holds(&mut self) {
        let held: Vec<AgentId> = self.callbacks.held_agents().map(|(_, _, agent)| *agent).collect();
        held.into_iter().for_each(|agent| self.agents.touch(agent));
    }

    /// A member has found nobody free: whoever is held for one placed behind it, and would do, is free.
    pub(in crate::engine) fn outrank(&mut self, now: Timestamp, id: MemberId) {
        if self.callbacks.holds_nobody() || !self.dispatches {
            return;
        }
        let Some(member) = self.members.get(&id).filter(|member| !member.is_away()) else {
            return;
        };
        let (Some(queue), Some(place)) = (self.queues.get(&member.queue), member.place) else {
            return;
        };
        let rank = (Reverse(queue.priority()), place.place);
        let is_behind = |held: &&HeldAgent| (held.0, held.1) > rank;
        let behind: Vec<AgentId> = self
            .callbacks
            .held_agents()
            .take_while(is_behind)
            .map(|hold| hold.2)
            .collect();
        let found = behind.into_iter().find(|agent| self.would_do(now, id, *agent));
        if let Some(agent) = found.filter(|_| holds(Mark::WhoStandsBeforeIsServedBefore)) {
            self.agents.touch(agent);
        }
    }

    /// Whether an agent who is held might have a member, but for that.
    fn would_do(&mut self, now: Timestamp, id: MemberId, agent_id: AgentId) -> bool {
        let Some(member) = self.members.get(&id) else {
            return false;
        };
        let Some(place) = member.place else { return false };
        let Some(agent) = self.agents.get(&agent_id) else {
            return false;
        };
        let is_preferred = |preferred: &PreferredAgents| preferred.has(&agent.row.name);
        if place.spoken_for && !member.preferred.as_deref().is_some_and(is_preferred) {
            return false;
        }
        let serves = |tier: &&TierId| self.tiers.get(tier).is_some_and(|tier| tier.queue == member.queue);
        let Some(tier) = agent.tiers.iter().find(serves).copied() else {
            return false;
        };
        let queue = self.queues.get(&member.queue);
        let class = queue.and_then(|queue| queue.classes.get(place.class));
        let Some(requirement) = class.map(|class| class.requirement.clone()) else {
            return false;
        };
        let waited = now.since(member.joined);
        let is_kept = self.is_kept_from(tier, id);
        self.set_held(agent_id, false);
        let may_have = self.eligibility(now, tier, &requirement, waited).is_ok();
        self.set_held(agent_id, true);
        may_have && !is_kept
    }

    fn set_held(&mut self, id: AgentId, is_held: bool) {
        if let Some(agent) = self.agents.books_of(&id) {
            agent.is_held = is_held;
        }
    }
}
