//! Who may enter a queue, and who is dissuaded from waiting there.
//!
//! A caller who is refused never becomes a member: the dialplan goes on, with the reason in `cc_cancel_reason`. Where dissuading
//! ends the wait, the caller hears `dissuade-sound` and is hung up or transferred; otherwise it is only heard, in the queue.

use crate::engine::border::caller::JoinRequest;
use crate::engine::border::hold::Parting;
use crate::engine::border::reply::Reply;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::staffing::sticky_only::Wishes;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CallState, CancelReason, Media};

impl QueueConfig {
    /// What becomes of a caller who is dissuaded; none where the wait goes on.
    pub(in crate::engine) fn parting(&self) -> Option<Parting> {
        let parting = || Parting {
            sound: self.dissuade_sound.clone(),
            destination: self.dissuade_destination.clone(),
            state: None,
        };
        (self.dissuade_hangup || self.dissuade_destination.is_some()).then(parting)
    }
}

impl CancelReason {
    /// Whether the caller was dissuaded.
    const fn is_dissuaded(self) -> bool {
        matches!(
            self,
            CancelReason::DissuadeQueueSize | CancelReason::DissuadeEstimatedWait | CancelReason::DissuadeWait
        )
    }
}

/// The wishes of a caller at the door.
fn wishes_of<'a>(request: &'a JoinRequest, preferred: Option<&'a PreferredAgents>) -> Wishes<'a> {
    Wishes {
        requirements: &request.requirements,
        preferred,
        waited: Span::ZERO,
    }
}

impl Engine {
    /// Why a caller may not enter a queue now.
    pub(in crate::engine) fn refusal(
        &mut self,
        now: Timestamp,
        id: QueueId,
        request: &JoinRequest,
    ) -> Option<CancelReason> {
        let config = self.config_of(id)?;
        let (rejects, join_empty) = (config.reject_on_no_agents, config.join_empty);
        if rejects && self.is_empty_to(now, id, request, Absences::NONE) {
            return Some(CancelReason::NoAgents);
        }
        if join_empty.is_some_and(|absences| self.is_empty_to(now, id, request, absences)) {
            return Some(CancelReason::JoinEmpty);
        }
        let queue = self.queues.get(&id)?;
        let config = queue.config.as_ref()?;
        let waiting = u32::try_from(queue.line_length()).unwrap_or(u32::MAX);
        if config.max_queue_length > 0 && waiting >= config.max_queue_length {
            return Some(CancelReason::QueueFull);
        }
        config
            .parting()
            .and_then(|_| self.dissuasion_at_the_door(now, id, request))
    }

    /// Whether no agent would do for a caller who comes now. For whom `sticky-only` leaves preferred agents alone, those alone would.
    fn is_empty_to(&mut self, now: Timestamp, id: QueueId, request: &JoinRequest, absences: Absences) -> bool {
        let preferred = self.preferred_alone(now, id, request);
        let wishes = wishes_of(request, preferred.as_deref());
        let own = self.are_only_agents_absent(now, id, &wishes, absences);
        own == Some(true) || self.is_empty_for(now, id, &request.requirements, absences)
    }

    /// Whom a caller at the door prefers, where that may keep it from everybody else.
    fn preferred_alone(&self, now: Timestamp, id: QueueId, request: &JoinRequest) -> Option<Box<PreferredAgents>> {
        self.config_of(id).filter(|config| config.sticky_only)?;
        self.preferred_by(now, id, request)
    }

    /// Why a caller who comes now is dissuaded. As OpenSIPS counts: more callers than `dissuade-queue-size` are there already.
    pub(in crate::engine) fn dissuasion_at_the_door(
        &self,
        now: Timestamp,
        id: QueueId,
        request: &JoinRequest,
    ) -> Option<CancelReason> {
        let queue = self.queues.get(&id)?;
        let config = queue.config.as_ref()?;
        let waiting = u32::try_from(queue.line_length()).unwrap_or(u32::MAX);
        if config.dissuade_queue_size > 0 && waiting > config.dissuade_queue_size {
            return Some(CancelReason::DissuadeQueueSize);
        }
        let limit = Some(config.dissuade_estimated_wait).filter(|limit| *limit > 0)?;
        let preferred = self.preferred_alone(now, id, request);
        let wait = self.estimated_wait_at_the_door(now, id, &wishes_of(request, preferred.as_deref()))?;
        let is_too_long = wait > Span::from_secs(i64::from(limit));
        is_too_long.then_some(CancelReason::DissuadeEstimatedWait)
    }

    /// Turns a caller away at the door.
    pub(in crate::engine) fn refuse(
        &mut self,
        now: Timestamp,
        id: QueueId,
        request: &JoinRequest,
        reason: CancelReason,
    ) -> Reply {
        self.count_refusal(now, id, reason);
        self.set_variables(
            &request.session_uuid,
            vec![
                (variable::SIDE, Some("member".to_owned())),
                (variable::QUEUE, Some(request.queue.clone())),
                (variable::QUEUE_CANCELED_EPOCH, Some(self.wall.secs(now).to_string())),
                (variable::CAUSE, Some("cancel".to_owned())),
                (variable::CANCEL_REASON, Some(reason.to_string())),
            ],
        );
        let text = format!(
            "Caller \"{}\" <{}> may not enter queue {}: {reason}",
            request.cid_name, request.cid_number, request.queue
        );
        self.debug(Some(&request.session_uuid), text);
        self.fire_member_refused(request, reason);
        Reply::Refused {
            reason,
            parting: self.parting_for(id, request.requirements.media, reason),
        }
    }

    /// What a caller hears, and where the call goes, who leaves a queue for this reason. Who writes hears nothing.
    pub(in crate::engine) fn parting_for(&self, queue: QueueId, media: Media, reason: CancelReason) -> Option<Parting> {
        let config = self.config_of(queue).filter(|_| reason.is_dissuaded())?;
        let parting = config.parting()?;
        Some(Parting {
            state: Some(CallState::of_dissuasion(reason)),
            sound: parting.sound.filter(|_| media == Media::Audio),
            ..parting
        })
    }

    /// When a member has waited for `dissuade-wait`; none once it has been told.
    pub(in crate::engine) fn dissuasion_at(&self, id: MemberId) -> Option<Timestamp> {
        let member = self.members.get(&id)?;
        let config = self.config_of(member.queue)?;
        let limit = config.dissuade_wait;
        let is_told = member.dissuaded && config.parting().is_none();
        (limit > 0 && !is_told).then(|| member.limits_from + Span::from_secs(i64::from(limit)))
    }

    /// A member has waited for `dissuade-wait`.
    pub(in crate::engine) fn dissuade(&mut self, id: MemberId) {
        let Some(queue) = self.members.get(&id).map(|member| member.queue) else {
            return;
        };
        match self.config_of(queue).and_then(QueueConfig::parting) {
            Some(_) => self.end_wait(id, CancelReason::DissuadeWait),
            None => self.play_dissuasion(id, CallState::Dissuading2),
        }
    }

    /// Lets a waiting member hear `dissuade-sound`, once in a stay; while something else plays, its end comes here again.
    pub(in crate::engine) fn play_dissuasion(&mut self, id: MemberId, state: CallState) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        if Self::hears_something(member) || std::mem::replace(&mut member.dissuaded, true) {
            return;
        }
        self.timers.clear(Timer::Dissuade(id));
        let hears = self
            .members
            .get(&id)
            .filter(|member| member.facts.media == Media::Audio);
        let sound = hears.and_then(|member| self.config_of(member.queue)?.dissuade_sound.clone());
        if let Some(sound) = sound {
            self.put_dissuasion(id, sound, state);
        }
    }
}
