//! What follows from an input or a deadline, once all of it has been acted on.
//!
//! Whoever changes something notes it: an agent or a member by changing it (`Agents::change`, `Members::change`), the rest in the
//! [`Aftermath`](crate::engine::centre::aftermath::Aftermath). Placing and matching are done here alone.

use crate::engine::border::output::{NoticeLevel, Output};
use crate::engine::border::row_change::RowChange;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, TierId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::TierState;
use std::collections::BTreeSet;

/// What follows from a step takes a few rounds. Should it have no end, by a fault here, the switch must not stand still for that.
const MOST_ROUNDS: usize = 1_000;

/// How many pairs of somebody who calls and somebody who serves are looked at after every step.
#[cfg(debug_assertions)]
const MOST_AUDITED: usize = 400;

impl Engine {
    /// What follows from all that has happened at `now`: rows are put out when nothing is left to settle.
    pub(in crate::engine) fn finish(&mut self, now: Timestamp) {
        self.settle(now);
        self.await_moved_lines(now);
        if holds(Mark::StandbyEndsWithTheCall) {
            self.return_tiers();
        }
        self.put_out_rows();
        self.forget_gone_agents();
        debug_assert!(
            self.is_settled(),
            "something was changed after everything had been settled"
        );
        #[cfg(debug_assertions)]
        self.audit_small_centre(now);
    }

    /// In debug builds the books are checked after every step of a call centre that is small enough for it: an audit looks at each pair of
    /// member and agent. What is due now, and has not been acted on, is no fault.
    #[cfg(debug_assertions)]
    fn audit_small_centre(&self, now: Timestamp) {
        let callers = self.members.len() + self.offers.len() + 1;
        let staff = self.agents.len() + self.tiers.len() + 1;
        let nothing_is_due = self.timers.next().is_none_or(|at| at > now);
        if nothing_is_due && callers * staff <= MOST_AUDITED {
            self.audit(now);
        }
    }

    /// The settle loop: whoever was changed takes a place, who can have each other are brought together, and queues that have become
    /// empty are left, until nothing more follows. Nobody else places or matches, so nobody can forget to.
    pub(in crate::engine) fn settle(&mut self, now: Timestamp) {
        for _ in 0..MOST_ROUNDS {
            if self.is_settled() {
                return;
            }
            if holds(Mark::NobodyRingsWithoutATier) {
                self.stop_rings_of_who_left(now);
            }
            self.bring_together(now);
            self.leave_emptied_queues(now);
        }
        debug_assert!(false, "what follows from one step has no end");
        let text = "What follows from one step has no end; please report this with the log before it.";
        self.notice(NoticeLevel::Error, None, text.to_owned());
    }

    fn is_settled(&self) -> bool {
        let aftermath = &self.aftermath;
        let is_all_placed = self.agents.are_settled() && self.members.are_settled();
        let is_counted = aftermath.present.is_empty() && aftermath.staffing.is_empty() && aftermath.deserted.is_empty();
        let is_dialled = aftermath.leading.is_empty();
        is_all_placed && is_counted && is_dialled && aftermath.opened.is_empty() && aftermath.left_queues.is_empty()
    }

    /// Everybody noted takes their place before anybody is matched, so that scores and the strategy decide, not the order in which
    /// things happened. Agents come first: for each of them a better member may wait than those noted.
    fn bring_together(&mut self, now: Timestamp) {
        let agents = self.agents.take_touched();
        for agent in &agents {
            self.review_hold(*agent);
        }
        let mut members = self.members.take_touched();
        members.retain(|member| {
            let is_in_line = self.place_member(now, *member);
            self.note_leading(*member);
            is_in_line
        });
        for member in &members {
            self.mark_tried_by_several(*member);
        }
        let has_next_call = matches!(agents[..], [agent] if self.offer_next_call(now, agent));
        if !has_next_call {
            self.place_and_match_agents(now, &agents);
        }
        self.match_members(now, &members);
        self.dial_ahead(now);
        self.agents.give_back(agents);
        self.members.give_back(members);
        for member in std::mem::take(&mut self.aftermath.not_taken) {
            self.forget_offer_on_channel(member);
        }
    }

    fn place_and_match_agents(&mut self, now: Timestamp, agents: &[AgentId]) {
        let mut may_have_somebody = Vec::new();
        for agent in agents {
            if self.place_agent(now, *agent) {
                may_have_somebody.push(*agent);
            }
            self.note_if_gone(*agent);
        }
        if !self.aftermath.opened.is_empty() {
            let opened = std::mem::take(&mut self.aftermath.opened);
            self.review_holds();
            may_have_somebody.extend(opened.into_iter().flat_map(|queue| self.free_agents_of(queue)));
            may_have_somebody.sort_unstable();
            may_have_somebody.dedup();
        }
        if !may_have_somebody.is_empty() {
            self.match_agents(now, &may_have_somebody);
        }
    }

    /// Somebody who was deleted goes when nothing is under way any more.
    fn note_if_gone(&mut self, id: AgentId) {
        let agent = self.agents.get(&id);
        if agent.is_some_and(|agent| agent.deleted && agent.offers().next().is_none()) {
            self.aftermath.gone.insert(id);
        }
    }

    /// Whoever has gone is there until the end of the step, so that no identity dangles within it.
    fn forget_gone_agents(&mut self) {
        for id in std::mem::take(&mut self.aftermath.gone) {
            self.timers.clear(Timer::AgentReady(id));
            self.timers.clear(Timer::AgentMayChat(id));
            self.agents.forget(&id);
        }
    }

    /// Puts out the rows of everything that changed: one for each, however often it changed.
    fn put_out_rows(&mut self) {
        self.tell_free();
        let changed = std::mem::take(&mut self.changed);
        self.outputs.extend(changed.others.into_iter().map(Output::Row));
        let outputs = &mut self.outputs;
        self.agents.put_out_rows(|row| outputs.push_back(Output::Row(row)));
        self.put_out_tiers(changed.tiers, changed.tier_states);
        let outputs = &mut self.outputs;
        self.members.put_out_rows(|row| outputs.push_back(Output::Row(row)));
    }

    fn put_out_tiers(&mut self, changed: BTreeSet<TierId>, mut states: Vec<(TierId, TierState)>) {
        if !self.tells_of_offers {
            return;
        }
        let was_changed =
            |(id, before): &(TierId, TierState)| self.tiers.get(id).is_some_and(|tier| tier.state != *before);
        // Of several changes of one the first stays, which knows the state there was before.
        states.sort_by_key(|(id, _)| *id);
        states.dedup_by_key(|(id, _)| *id);
        let states = states.iter().filter(|state| was_changed(state)).map(|(id, _)| *id);
        let mut tiers: Vec<TierId> = changed.into_iter().chain(states).collect();
        tiers.sort_unstable();
        tiers.dedup();
        for tier in tiers {
            if let Some(row) = self.tiers.get(&tier).and_then(|tier| self.tier_row(tier)) {
                self.outputs.push_back(Output::Row(RowChange::Tier(row)));
            }
        }
    }
}
