//! Callbacks at the door of a queue: who joins as one, who calls meanwhile and takes the place live, and who has not called at all.

use crate::engine::border::callback::CallbackRefusal;
use crate::engine::border::caller::JoinRequest;
use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::centre::callback::CallbackStage;
use crate::engine::centre::engine::Engine;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::callback_number::CallbackNumber;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallbackResult, CancelReason, Media};

impl Engine {
    /// A caller is at the door: enters, joins as a callback, or takes the place of one.
    pub(in crate::engine) fn come_in(&mut self, now: Timestamp, request: JoinRequest) -> Result<Reply, EngineError> {
        let request = self.at_its_box(request);
        let queue = self.loaded_queue(&request.queue)?;
        if self.successors.contains_key(&request.session_uuid) {
            return self.join(now, request);
        }
        if let Some(number) = request.callback_number.clone() {
            return Ok(self.join_as_callback(now, queue, &request, &number));
        }
        match self.callback_of_caller(queue, &request) {
            Some(id) => Ok(self.take_live(now, id, &request)),
            None => self.join(now, request),
        }
    }

    /// The callback of a caller who calls meanwhile.
    fn callback_of_caller(&self, queue: QueueId, request: &JoinRequest) -> Option<MemberId> {
        let id = self.callbacks.of_number(queue, &request.cid_number)?;
        let stage = self.callback_of(id)?.stage;
        let is_away = matches!(stage, CallbackStage::Pending | CallbackStage::Attempting(_));
        (is_away && request.requirements.media == Media::Audio && holds(Mark::WhoCallsTakesThePlace)).then_some(id)
    }

    fn take_live(&mut self, now: Timestamp, id: MemberId, request: &JoinRequest) -> Reply {
        self.stop_rings_of(now, id);
        self.end_callback(now, id, CallbackResult::TakenLive);
        self.begin_limits_anew(now, id);
        self.take_over(now, id, request)
    }

    fn join_as_callback(&mut self, now: Timestamp, queue: QueueId, request: &JoinRequest, number: &str) -> Reply {
        let known = self.callbacks.of_number(queue, number);
        if let Some(known) = known.filter(|_| CallbackNumber::parse(number).is_some()) {
            return self.promised(known, request);
        }
        if let Some(reason) = self.refusal(now, queue, request) {
            return self.refuse(now, queue, request, reason);
        }
        let is_call = request.requirements.media == Media::Audio;
        let number = match self.callback_number(now, queue, number, Some(&request.cid_number)) {
            Ok(number) if is_call => number,
            refused => {
                let why = refused.err().unwrap_or(CallbackRefusal::NotThisCaller);
                let told = vec![(variable::CALLBACK_REFUSED, Some(why.as_str().to_owned()))];
                self.set_variables(&request.session_uuid, told);
                return self.refuse(now, queue, request, CancelReason::CallbackRefused);
            }
        };
        let id = self.admit(now, queue, request);
        self.begin_callback(now, id, &number, CallbackStage::Pending);
        self.promised(id, request)
    }

    /// The dialplan behind the queue finds the promise on the channel, made now or before.
    fn promised(&mut self, id: MemberId, request: &JoinRequest) -> Reply {
        let changes = vec![(variable::CAUSE, Some("callback".to_owned()))];
        self.set_variables(&request.session_uuid, changes);
        self.called_back(id)
    }

    /// `callback add`.
    ///
    /// # Errors
    /// Says why nobody is called back.
    pub(in crate::engine) fn add_callback(
        &mut self,
        now: Timestamp,
        (queue_name, number, name): (String, String, String),
        uuid: String,
    ) -> Result<Reply, EngineError> {
        let queue = self.loaded_queue(&queue_name)?;
        let number = self.callback_number(now, queue, &number, None)?;
        let request = JoinRequest {
            queue: queue_name,
            new_member_uuid: uuid,
            cid_number: number.to_string(),
            cid_name: name,
            answered_epoch: self.wall.secs(now),
            ..JoinRequest::default()
        };
        let id = self.admit(now, queue, &request);
        self.begin_callback(now, id, &number, CallbackStage::Pending);
        Ok(self.called_back(id))
    }
}
