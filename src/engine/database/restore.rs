//! Taking up what a database kept, and resetting what a crash left behind.

use crate::engine::border::snapshot::Snapshot;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::member::MemberRow;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{AgentKind, AgentState, MemberState, TierState};

impl Engine {
    /// Takes up rows. Those of this instance are reset as after an unclean end: agents wait, tiers are ready, members are
    /// abandoned; what is up all the same is adopted afterwards. Those of other instances are left as they are.
    pub(in crate::engine) fn restore(&mut self, now: Timestamp, snapshot: Snapshot) {
        self.log_start(now);
        for config in snapshot.queues {
            self.restore_queue(now, config);
        }
        for row in snapshot.agents {
            self.restore_agent(now, row);
        }
        for (name, setting, value) in snapshot.configured {
            if let Some(agent) = self.agent_id(&name).ok().and_then(|id| self.agents.change(&id)) {
                agent.configured.insert(setting, value);
            }
        }
        for (name, limits) in snapshot.agent_limits {
            if let Some(agent) = self.agent_id(&name).ok().and_then(|id| self.agents.change(&id)) {
                agent.restore_limits(limits, &self.wall);
            }
        }
        for (agent, skills) in snapshot.skills {
            self.restore_skills(now, &agent, skills);
        }
        for row in snapshot.tiers {
            self.restore_tier(now, row);
        }
        for (queue, agent) in snapshot.configured_tiers {
            if let Some(tier) = self.tier_id(&queue, &agent).and_then(|id| self.tiers.get_mut(&id)) {
                tier.configured = true;
            }
        }
        for (agent, queue, pause) in snapshot.pauses {
            self.restore_pause(agent, queue, pause);
        }
        let called_back = self.restore_callbacks(now, snapshot.callbacks, &snapshot.members);
        for row in snapshot.members {
            if !called_back.contains(&row.uuid) {
                self.restore_member(now, row);
            }
        }
        for row in snapshot.callers {
            self.restore_caller(now, row);
        }
        for id in self.queues.loaded().to_vec() {
            self.review_callers(now, id);
        }
    }

    fn restore_agent(&mut self, now: Timestamp, mut row: AgentRow) {
        if self.agents.named(&row.name).is_some() {
            return;
        }
        let is_ours = self.is_ours(&row.instance_id);
        if is_ours {
            row.state = AgentState::Waiting;
            // In a cluster the box of a standing leg tells whether it is there.
            if !self.boxes.are_several() || row.agent_type.kind() == AgentKind::Callback {
                row.uuid = String::new();
            }
            row.external_calls_count = 0;
            // The machine's clock may have been set back: what has happened must not lie ahead, or a wrap-up would last till then.
            let happened = [
                &mut row.last_bridge_start,
                &mut row.last_bridge_end,
                &mut row.last_offered_call,
                &mut row.last_status_change,
            ];
            for instant in happened {
                *instant = (*instant).min(self.wall.secs(now));
            }
        }
        let id = self.insert_agent(row);
        if is_ours {
            self.save_agent(id);
        }
    }

    fn restore_tier(&mut self, now: Timestamp, mut row: TierRow) {
        // A tier whose agent is gone has no call either: it must be usable when the agent comes back.
        let is_ours = self.may_decide_for(&row.agent);
        if is_ours && holds(Mark::RestoredTiersAreReady) {
            row.state = TierState::Ready;
        }
        let id = self.insert_tier(now, row);
        if is_ours {
            self.changed.tiers.insert(id);
        }
    }

    /// A member of this instance is abandoned now, unless it was before: stock forgets when, and with it the caller's
    /// right to come back.
    pub(in crate::engine) fn restore_member(&mut self, now: Timestamp, mut row: MemberRow) {
        if !self.is_ours(&row.instance_id) {
            self.members_elsewhere.note(row);
            return;
        }
        if row.state != MemberState::Abandoned {
            self.unaccounted.insert(row.uuid.clone(), row.clone());
        }
        if row.state == MemberState::Answered && self.boxes.are_several() {
            self.note_said_to_talk(&row.instance_id, &row.serving_agent);
        }
        if row.state != MemberState::Abandoned || row.abandoned_epoch == 0 {
            row.abandoned_epoch = self.wall.secs(now);
        }
        let as_found = row.clone();
        // As with agents: a caller who comes back would have negative time waited.
        row.abandoned_epoch = row.abandoned_epoch.min(self.wall.secs(now));
        row.joined_epoch = row.joined_epoch.min(self.wall.secs(now));
        row.state = MemberState::Abandoned;
        row.session_uuid = String::new();
        let queue = self.queue_named(&row.queue);
        let id = MemberId(self.next_id());
        self.members
            .insert(id, Member::abandoned(row, &as_found, queue, &self.wall));
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.members.insert(id);
        }
        self.keep_abandoned(id);
    }
}
