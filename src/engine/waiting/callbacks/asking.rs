//! Somebody asks to be called back: the member keeps its place, and goes away.

use crate::engine::border::callback::CallbackRefusal;
use crate::engine::border::caller::MemberExit;
use crate::engine::border::error::EngineError;
use crate::engine::border::output::{Output, Release};
use crate::engine::border::reply::Reply;
use crate::engine::centre::callback::{Callback, CallbackStage};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Application;
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::callbacks::CallbackConfig;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::callback::CallbackRow;
use crate::engine::vocabulary::callback_number::CallbackNumber;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::time::{seconds, Timestamp};
use crate::engine::vocabulary::words::{CallbackResult, CancelReason, Media};

impl CallbackConfig {
    /// Whether the queue calls this number.
    ///
    /// # Errors
    /// Says why not.
    pub(in crate::engine) fn check(&self, number: &CallbackNumber) -> Result<(), CallbackRefusal> {
        let is_admitted = self
            .numbers
            .as_ref()
            .is_none_or(|numbers| numbers.admits(number.as_str()));
        is_admitted.then_some(()).ok_or(CallbackRefusal::NotAdmitted)
    }
}

impl Engine {
    /// Whether a queue calls this number back, where the caller's own number is this.
    ///
    /// # Errors
    /// Says why not.
    pub(in crate::engine) fn callback_number(
        &self,
        now: Timestamp,
        queue: QueueId,
        number: &str,
        own: Option<&str>,
    ) -> Result<CallbackNumber, CallbackRefusal> {
        let config = self.config_of(queue).map(|config| &config.callbacks);
        let config = config.filter(|config| config.dial.is_some());
        let config = config.ok_or(CallbackRefusal::NotInThisQueue)?;
        let number = CallbackNumber::parse(number).ok_or(CallbackRefusal::NotANumber)?;
        config.check(&number)?;
        if own.is_some_and(|own| own != number.as_str()) && !config.other_number {
            return Err(CallbackRefusal::NotTheCallers);
        }
        if self.is_too_late(now, config) {
            return Err(CallbackRefusal::TooLate);
        }
        let is_known = self.callbacks.of_number(queue, number.as_str()).is_some();
        if is_known && holds(Mark::OneCallbackOfANumber) {
            return Err(CallbackRefusal::Pending);
        }
        if self.is_used_up(now, number.as_str(), config.attempts_per_day) {
            return Err(CallbackRefusal::TooOften);
        }
        let pending = self.callbacks.count(queue);
        let is_full =
            config.max_pending > 0 && u32::try_from(pending).is_ok_and(|pending| pending >= config.max_pending);
        if is_full {
            return Err(CallbackRefusal::TooMany);
        }
        Ok(number)
    }

    /// A waiting caller asks to be called back. It keeps the place from now on, and is on the way out of the queue application.
    ///
    /// # Errors
    /// Says why it is not called back; it waits on.
    pub(in crate::engine) fn ask_callback(
        &mut self,
        now: Timestamp,
        id: MemberId,
        number: &str,
    ) -> Result<Reply, EngineError> {
        let member = self.members.get(&id).ok_or(EngineError::MemberNotFound)?;
        if !member.is_waiting_here() || member.overdue.is_some() {
            return Err(EngineError::MemberNotWaiting);
        }
        if member.facts.media != Media::Audio || member.callback.is_some() {
            return Err(CallbackRefusal::NotThisCaller.into());
        }
        let number = self.callback_number(now, member.queue, number, Some(&member.row.cid_number))?;
        self.begin_callback(now, id, &number, CallbackStage::Leaving);
        if let Some(member) = self.members.change(&id) {
            member.ask_out();
        }
        self.stop_rings_of(now, id);
        Ok(self.called_back(id))
    }

    /// Somebody is called back who does not wait for the answer any more: the channel is told to leave the queue.
    pub(in crate::engine) fn let_go_for_callback(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        self.outputs.push_back(Output::Release(Release {
            member: id,
            session_uuid: member.facts.session_uuid.clone(),
            reason: CancelReason::None,
            parting: None,
        }));
    }

    /// What whoever has asked is told.
    pub(in crate::engine) fn called_back(&self, id: MemberId) -> Reply {
        let member = self.members.get(&id);
        Reply::CalledBack {
            member_uuid: member.map(|member| member.row.uuid.clone()).unwrap_or_default(),
            position: self.position_of(id).unwrap_or(1),
        }
    }

    /// A member is to be called back from now on.
    pub(in crate::engine) fn begin_callback(
        &mut self,
        now: Timestamp,
        id: MemberId,
        number: &CallbackNumber,
        stage: CallbackStage,
    ) {
        let Some(config) = self.callback_config(id) else { return };
        let (delay, expires) = (seconds(config.delay), seconds(config.expires));
        let expires = (config.expires > 0).then(|| now + expires);
        let requested = self.wall.secs(now);
        let epoch_of = |at: Timestamp| self.wall.secs(at);
        let (due_epoch, expires_epoch) = (epoch_of(now + delay), expires.map_or(0, epoch_of));
        let Some(member) = self.members.get(&id) else { return };
        let row = CallbackRow {
            number: number.to_string(),
            requested_epoch: requested,
            next_attempt_epoch: due_epoch,
            expires_epoch,
            ..member.callback_row()
        };
        let queue = member.queue;
        self.callbacks.insert(queue, number.as_str(), id);
        if let Some(at) = expires {
            self.timers.set(Timer::CallbackExpires(id), at);
        }
        let at = self.wall.shown(now);
        self.count_callback(at, queue, |counts| counts.requested += 1);
        self.log_callback_requested(now, id, number.as_str());
        self.fire_callback_requested(&row);
        if let Some(member) = self.members.change(&id) {
            member.asked_for_callback = true;
            if !holds(Mark::CallbacksKeepThePlace) {
                member.row.joined_epoch = requested;
            }
            member.callback = Some(Box::new(Callback::of(row, now + delay, expires)));
        }
        self.go_away(now, id, stage);
    }

    /// A caller whom a call was promised before is still in the queue application: of a promise that is kept nowhere nothing is known.
    pub(in crate::engine) fn leave_for_promise(&mut self, now: Timestamp, id: MemberId) {
        let Some(callback) = self.callback_of(id) else { return };
        if let Some(at) = callback.expires {
            self.timers.set(Timer::CallbackExpires(id), at.max(now));
        }
        if let Some(member) = self.members.change(&id) {
            member.asked_for_callback = true;
            member.ask_out();
        }
        self.go_away(now, id, CallbackStage::Leaving);
    }

    /// The member has no channel any more, or is about to lose it.
    fn go_away(&mut self, now: Timestamp, id: MemberId, stage: CallbackStage) {
        self.clear_limits(id);
        self.release_prospect(id);
        let pause = self
            .callback_of(id)
            .map(|callback| callback.due.since(now))
            .unwrap_or_default();
        self.put_to(now, id, stage, pause);
        if stage == CallbackStage::Leaving {
            return;
        }
        let Some(member) = self.members.change(&id) else { return };
        member.application = Application::HasEnded;
        member.row.session_uuid = String::new();
        member.kind = None;
        if let Some(heard) = member.heard.as_mut() {
            heard.playing = None;
        }
        member.dissuasion_playing = None;
        self.expire_if_over(now, id);
    }

    /// The channel of a caller who has asked to be called back has left the queue application; whether this is such a one.
    pub(in crate::engine) fn leaves_for_callback(&mut self, now: Timestamp, id: MemberId, exit: &MemberExit) -> bool {
        let Some(CallbackStage::Leaving) = self.callback_of(id).map(|callback| callback.stage) else {
            return false;
        };
        let session_uuid = self.members.get(&id).map(|member| member.facts.session_uuid.clone());
        if exit.channel_up {
            let changes = vec![
                (variable::AGENT_FOUND, None),
                (variable::CAUSE, Some("callback".to_owned())),
            ];
            self.set_variables(&session_uuid.unwrap_or_default(), changes);
        }
        self.go_away(now, id, CallbackStage::Pending);
        true
    }

    /// `callback cancel`.
    ///
    /// # Errors
    /// Nobody of this uuid is to be called back, or has been.
    pub(in crate::engine) fn cancel_callback(&mut self, now: Timestamp, uuid: &str) -> Result<Reply, EngineError> {
        let id = self.away_callback(uuid)?;
        self.drop_callback(now, id, CallbackResult::Cancelled);
        Ok(Reply::Done)
    }

    /// `callback now`: no delay holds any more.
    ///
    /// # Errors
    /// Nobody of this uuid is to be called back, or has been.
    pub(in crate::engine) fn hasten_callback(&mut self, now: Timestamp, uuid: &str) -> Result<Reply, EngineError> {
        let id = self.away_callback(uuid)?;
        let is_pending = self
            .callback_of(id)
            .is_some_and(|callback| callback.stage == CallbackStage::Pending);
        if is_pending {
            self.put_to(now, id, CallbackStage::Pending, seconds(0));
        }
        Ok(Reply::Done)
    }

    fn away_callback(&self, uuid: &str) -> Result<MemberId, EngineError> {
        let id = self.members.of_uuid(uuid).ok_or(EngineError::CallbackNotFound)?;
        let callback = self.callback_of(id).ok_or(EngineError::CallbackNotFound)?;
        match callback.stage {
            CallbackStage::Pending | CallbackStage::Attempting(_) => Ok(id),
            CallbackStage::Leaving | CallbackStage::Arriving | CallbackStage::Here => Err(EngineError::CallbackReached),
        }
    }
}
