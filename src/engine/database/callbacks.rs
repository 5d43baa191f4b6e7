//! Callbacks that a database kept: each is a member in line again, on the place it had.

use crate::engine::border::row_change::RowChange;
use crate::engine::centre::callback::{Callback, CallbackStage};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{Application, Brought, Member, MemberFacts};
use crate::engine::centre::timers::Timer;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::rows::member::{stay_began, MemberRow};
use crate::engine::vocabulary::callback_number::CallbackNumber;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallbackResult, Media, MemberState};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

impl Engine {
    /// Takes up callbacks of this instance, with the rows of their members. What was under way when the process ended has not reached the
    /// person, and is not tried again at once: that call may still be up.
    pub(in crate::engine) fn restore_callbacks(
        &mut self,
        now: Timestamp,
        rows: Vec<CallbackRow>,
        members: &[MemberRow],
    ) -> HashSet<String> {
        let members: HashMap<&str, &MemberRow> = members.iter().map(|row| (row.uuid.as_str(), row)).collect();
        let mut taken_up = HashSet::new();
        for row in rows {
            if !self.is_ours(&row.instance_id) {
                continue;
            }
            let member = members.get(row.uuid.as_str()).copied().cloned();
            let is_served = member
                .as_ref()
                .is_some_and(|member| member.state == MemberState::Answered);
            if is_served || CallbackNumber::parse(&row.number).is_none() || self.is_known_callback(&row) {
                self.changed.others.push(RowChange::CallbackGone(row.uuid));
                continue;
            }
            taken_up.insert(row.uuid.clone());
            self.restore_callback(now, row, member);
        }
        taken_up
    }

    fn is_known_callback(&mut self, row: &CallbackRow) -> bool {
        let queue = self.queue_named(&row.queue);
        self.members.of_uuid(&row.uuid).is_some() || self.callbacks.of_number(queue, &row.number).is_some()
    }

    fn restore_callback(&mut self, now: Timestamp, mut row: CallbackRow, member: Option<MemberRow>) {
        self.restore_attempts(now, &row);
        let queue = self.queue_named(&row.queue);
        let id = MemberId(self.next_id());
        let member_row = self.row_of_callback(now, &row, member);
        row.joined_epoch = member_row.joined_epoch;
        let (joined, entered) = (
            self.wall.instant(member_row.joined_epoch),
            self.wall.instant(stay_began(&member_row)),
        );
        let brought = Brought {
            param: Some(row.param.clone()).filter(|param| !param.is_empty()),
            logged_call: Some(row.uuid.clone()),
            ..Brought::default()
        };
        let facts = Arc::new(MemberFacts::of(&member_row, brought, entered, 0));
        let mut member = Member {
            entered,
            application: Application::HasEnded,
            requirements: row.requirements().kept(),
            ..Member::entering(member_row, queue, facts, joined)
        };
        let (preferred, _) = PreferredAgents::parse(&row.preferred_agents);
        member.preferred = (!preferred.is_empty()).then(|| Box::new(preferred));
        member.row.save();
        self.callbacks.insert(queue, &row.number, id);
        let expires = (row.expires_epoch > 0).then(|| self.wall.instant(row.expires_epoch));
        let due = self.wall.instant(row.next_attempt_epoch).max(now);
        if let Some(at) = expires {
            self.timers.set(Timer::CallbackExpires(id), at.max(now));
        }
        member.asked_for_callback = true;
        member.callback = Some(Box::new(Callback::of(row, due, expires)));
        self.members.insert(id, member);
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.members.insert(id);
            queue.count_state(Media::Audio, None, Some(MemberState::Waiting));
        }
        self.keep_order(id);
        self.put_to(now, id, CallbackStage::Pending, due.since(now));
    }

    /// The member's row: what the table has of it, or what the callback's own row says where that is gone.
    fn row_of_callback(&self, now: Timestamp, row: &CallbackRow, member: Option<MemberRow>) -> MemberRow {
        let kept = member.unwrap_or_else(|| MemberRow {
            queue: row.queue.clone(),
            instance_id: row.instance_id.clone(),
            uuid: row.uuid.clone(),
            session_uuid: String::new(),
            cid_number: row.number.clone(),
            cid_name: row.name.clone(),
            system_epoch: row.joined_epoch,
            joined_epoch: row.joined_epoch,
            rejoined_epoch: 0,
            bridge_epoch: 0,
            abandoned_epoch: 0,
            base_score: row.base_score,
            skill_score: 0,
            serving_agent: String::new(),
            serving_system: String::new(),
            state: MemberState::Waiting,
        });
        // The machine's clock may have been set back.
        let not_ahead = |epoch: i64| epoch.min(self.wall.secs(now));
        MemberRow {
            session_uuid: String::new(),
            joined_epoch: not_ahead(kept.joined_epoch),
            rejoined_epoch: not_ahead(kept.rejoined_epoch),
            abandoned_epoch: not_ahead(kept.abandoned_epoch),
            serving_agent: String::new(),
            serving_system: String::new(),
            state: MemberState::Waiting,
            ..kept
        }
    }

    /// Somebody who is to be called back talks to an agent already: what was kept is older than the bridge.
    pub(in crate::engine) fn end_callback_in_talk(&mut self, now: Timestamp, queue: QueueId, uuid: &str) {
        let Some(id) = self.members.of_uuid(uuid) else { return };
        let is_here = |member: &Member| member.queue == queue && member.is_away();
        if !self.members.get(&id).is_some_and(is_here) {
            return;
        }
        self.end_callback(now, id, CallbackResult::Answered);
        self.leave_line(id);
        self.set_member_state(id, MemberState::Abandoned);
        self.keep_abandoned(id);
    }
}
