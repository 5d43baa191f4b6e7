//! Limits on waiting: `max-wait-time`, `max-wait-time-with-no-agent`, and `dissuade-wait` where it ends the wait.

use crate::engine::border::error::EngineError;
use crate::engine::border::output::{Output, Release};
use crate::engine::border::reply::Reply;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Application;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::time::{seconds, Timestamp};
use crate::engine::vocabulary::words::{CancelReason, TimeoutPriority};

impl Engine {
    /// Sets a member's deadlines when it enters a queue.
    pub(in crate::engine) fn set_limits(&mut self, now: Timestamp, id: MemberId) {
        if let Some(at) = self.max_wait_limit(id) {
            self.timers.set(Timer::MaxWait(id), at);
        }
        if let Some(at) = self.dissuasion_at(id) {
            self.timers.set(Timer::Dissuade(id), at.max(now));
        }
        self.set_announcement(now, id);
        self.set_no_agent_limit(now, id);
    }

    /// Sets a waiting member's deadlines again after its queue's limits have changed. A limit that was reached under the old ones,
    /// and is not under the new, is lifted, unless the caller is on the way out already.
    pub(in crate::engine) fn set_limits_anew(&mut self, now: Timestamp, id: MemberId) {
        self.clear_limits(id);
        self.forget_unplayable(id);
        let Some(member) = self.members.get(&id).filter(|member| !member.has_exited()) else {
            return;
        };
        let still_over = match member.overdue {
            Some(CancelReason::Timeout) => self.max_wait_limit(id).is_some_and(|at| at <= now),
            Some(CancelReason::NoAgentTimeout) => self.no_agent_limit(id).is_some_and(|at| at <= now),
            Some(CancelReason::LeaveEmpty) => self.is_left_by(now, id),
            Some(CancelReason::DissuadeWait) => self.must_part(now, id),
            Some(_) | None => true,
        };
        if !still_over && !member.is_leaving() {
            if let Some(member) = self.members.change(&id) {
                member.overdue = None;
            }
        }
        self.set_limits(now, id);
    }

    /// When `max-wait-time` ends a member's wait.
    pub(in crate::engine) fn max_wait_limit(&self, id: MemberId) -> Option<Timestamp> {
        let member = self.members.get(&id)?;
        let config = self.queues.get(&member.queue)?.config.as_ref()?;
        (config.max_wait_time > 0).then(|| member.limits_from + seconds(config.max_wait_time))
    }

    /// Whether `dissuade-wait` has ended a member's wait.
    fn must_part(&self, now: Timestamp, id: MemberId) -> bool {
        let queue = self.members.get(&id).map(|member| member.queue);
        let config = queue.and_then(|queue| self.config_of(queue));
        config.is_some_and(|config| config.parting().is_some()) && self.dissuasion_at(id).is_some_and(|at| at <= now)
    }

    /// Limits count from now on: the caller has been away, or was called back.
    pub(in crate::engine) fn begin_limits_anew(&mut self, now: Timestamp, id: MemberId) {
        if let Some(member) = self.members.books_of(&id) {
            member.limits_from = now;
        }
    }

    pub(in crate::engine) fn clear_limits(&mut self, id: MemberId) {
        for timer in [
            Timer::MaxWait(id),
            Timer::NoAgentForMember(id),
            Timer::Announcement(id),
            Timer::RingOneMore(id),
            Timer::Dissuade(id),
        ] {
            self.timers.clear(timer);
        }
    }

    pub(in crate::engine) fn reach_max_wait(&mut self, now: Timestamp, id: MemberId) {
        self.end_wait(id, CancelReason::Timeout);
        let queue = self.members.get(&id).map(|member| member.queue);
        let config = queue.and_then(|queue| self.config_of(queue));
        if config.is_some_and(|config| config.timeout_priority == TimeoutPriority::App) {
            self.stop_rings_of(now, id);
        }
    }

    /// `member withdraw`: no further offers, and the phones that ring stop.
    ///
    /// # Errors
    /// When no such member waits.
    pub(in crate::engine) fn withdraw(&mut self, now: Timestamp, uuid: &str, note: &str) -> Result<Reply, EngineError> {
        let id = self.waiting_member(uuid)?;
        let Some(member) = self.members.get(&id) else {
            return Err(EngineError::MemberNotFound);
        };
        let session_uuid = member.facts.session_uuid.clone();
        if !note.is_empty() {
            self.set_variables(&session_uuid, vec![(variable::WITHDRAW_REASON, Some(note.to_owned()))]);
        }
        self.end_wait(id, CancelReason::Withdraw);
        self.stop_rings_of(now, id);
        Ok(Reply::Done)
    }

    /// The member of this uuid, who waits: no agent has answered, and nobody has let it go.
    pub(in crate::engine) fn waiting_member(&self, uuid: &str) -> Result<MemberId, EngineError> {
        let id = self.members.of_uuid(uuid).ok_or(EngineError::MemberNotFound)?;
        let member = self.members.get(&id).ok_or(EngineError::MemberNotFound)?;
        let waits = member.is_waiting_here();
        waits.then_some(id).ok_or(EngineError::MemberNotWaiting)
    }

    /// `member set base_score`: another place in line, at once.
    ///
    /// # Errors
    /// When no such member waits.
    pub(in crate::engine) fn set_base_score(&mut self, uuid: &str, score: i64) -> Result<Reply, EngineError> {
        let id = self.waiting_member(uuid)?;
        if let Some(member) = self.members.change(&id) {
            member.row.base_score = score;
        }
        Ok(Reply::Done)
    }

    /// No further offers for a member; out it goes once none is under way: a caller whose agent is just answering gets that
    /// agent (stock gives this chance too), and goes if the bridge fails.
    pub(in crate::engine) fn end_wait(&mut self, id: MemberId, reason: CancelReason) {
        let Some(member) = self.members.get(&id) else {
            return;
        };
        let is_heard = member.serving().is_none() || holds(Mark::WaitEndsWhileConnecting);
        if member.application == Application::Runs && member.overdue.is_none() && is_heard {
            if let Some(member) = self.members.change(&id) {
                member.overdue = Some(reason);
            }
            self.release_overdue(id);
        }
    }

    /// Lets a member go whose limit was reached and for whom nothing rings any more.
    pub(in crate::engine) fn release_overdue(&mut self, id: MemberId) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        let Some(reason) = member.overdue else { return };
        let (queue, media) = (member.queue, member.facts.media);
        if member.offers.is_empty() && member.is_waiting_here() {
            member.ask_out();
            let release = Release {
                member: id,
                session_uuid: member.facts.session_uuid.clone(),
                reason,
                parting: self.parting_for(queue, media, reason),
            };
            self.outputs.push_back(Output::Release(release));
        }
    }
}
