//! Callers who ask to be called back, and what comes of the calls.

use super::caller::CallerId;
use super::callers::{draw_call, new_caller};
use super::dice::{Dice, Draw};
use super::observer::Observer;
use super::plan::Traffic;
use super::world::{Call, Happening, World};
use mod_callcenter::engine::{
    CallBack, CallbackEnd, HangupCause, Input, JoinRequest, OfferId, Refusal, Reply, RingEnd, Span,
};

/// How long a phone rings before it is answered or found busy, and the key is pressed.
const UNTIL_THE_KEY: Draw = Draw::Uniform(6.0, 25.0);
/// Of the calls: find the phone busy.
const BUSY: f64 = 0.08;
/// Of the calls: are not answered.
const NO_ANSWER: f64 = 0.15;
/// Of the calls: are taken by a machine, which presses no key.
const MACHINE: f64 = 0.06;
/// Of the calls: the person wants none any more.
const DECLINES: f64 = 0.02;
/// Of those who were reached: hang up on the way to the place.
const HANGS_UP: f64 = 0.02;
/// How long whoever was reached waits for an agent.
const PATIENCE: Draw = Draw::Uniform(60.0, 300.0);
/// Of those who were promised a call: call again before it comes.
const CALLS_MEANWHILE: f64 = 0.05;
/// How long they wait before that.
const UNTIL_THEN: Draw = Draw::Uniform(5.0, 600.0);
/// Of the agents who are told whom they would call back: give it back.
const GIVES_BACK: f64 = 0.05;

/// How a call to somebody ends, and after how long; without an end the key is pressed.
fn fate(call: &CallBack, dice: &mut Dice) -> (Span, Option<CallbackEnd>) {
    let (choice, until_the_key) = (dice.unit(), UNTIL_THE_KEY.roll(dice));
    let in_vain = Span::from_secs(i64::from(call.timeout));
    if choice < BUSY {
        (Span::from_secs(2), Some(CallbackEnd::Busy))
    } else if choice < BUSY + NO_ANSWER || until_the_key >= in_vain {
        (in_vain, Some(CallbackEnd::NoAnswer))
    } else if choice < BUSY + NO_ANSWER + MACHINE {
        (in_vain, Some(CallbackEnd::NotConfirmed))
    } else if choice < BUSY + NO_ANSWER + MACHINE + DECLINES {
        (until_the_key, Some(CallbackEnd::Declined))
    } else {
        (until_the_key, None)
    }
}

impl World {
    /// A caller presses the key, if it means something at this moment, and confirms its own number.
    pub(super) fn asks_to_be_called_back(&mut self, id: CallerId, observer: &mut dyn Observer) {
        let Some(caller) = self.callers.get(&id) else { return };
        let is_waiting = caller.in_queue && caller.bridged.is_none() && !caller.has_turned_away();
        let Some(member) = caller.member.filter(|_| is_waiting) else {
            return;
        };
        let promise = Promise {
            talk: caller.talk,
            agent_ends: caller.agent_ends,
        };
        let (queue, own) = (caller.queue.clone(), caller.number.clone());
        let offer = self.driver.view(|engine, now| engine.callback_offer(now, member));
        let Some(number) = offer.and_then(|offer| offer.number) else {
            return;
        };
        if let Ok(Reply::CalledBack { member_uuid, .. }) = self.submit(Input::CallbackAsk { member, number }, observer)
        {
            self.promises.insert(member_uuid, promise);
            if let Some(caller) = self.callers.get_mut(&id) {
                caller.is_promised = true;
            }
            self.plan_soon(Happening::ReportsExit(id));
            self.perhaps_calls_meanwhile(&queue, own);
        }
    }

    /// Somebody who was promised a call may not wait for it.
    fn perhaps_calls_meanwhile(&mut self, queue: &str, number: String) {
        if self.called_back.chance(CALLS_MEANWHILE) {
            let at = self.now() + UNTIL_THEN.roll(&mut self.called_back);
            let call = Call {
                number,
                ..self.draw_call_of_known(queue)
            };
            self.schedule(at, Happening::Arrives(Box::new(call)));
        }
    }

    /// An agent who has heard whom the call is for may give it back. Whether it was so.
    pub(super) fn gives_back(&mut self, offer: OfferId, observer: &mut dyn Observer) -> bool {
        let is_told = self.legs.get(&offer).is_some_and(|leg| leg.caller.is_none());
        if !is_told || !self.called_back.chance(GIVES_BACK) {
            return false;
        }
        self.legs.remove(&offer);
        let end = RingEnd::GivenBack;
        let _ = self.submit(Input::OfferFailed { offer, end }, observer);
        true
    }

    /// Somebody is dialled, if calls are made at all.
    pub(super) fn dial(&mut self, call: Box<CallBack>) {
        let refuses = self.plan.network.refuses;
        let (after, end) = if self.happens(refuses) {
            let refusal = self.noise.pick(&Refusal::ALL).copied().unwrap_or(Refusal::Fault);
            let cause = HangupCause::DESTINATION_OUT_OF_ORDER;
            (Span::ZERO, Some(CallbackEnd::Refused(refusal, cause)))
        } else {
            fate(&call, &mut self.called_back)
        };
        self.schedule(self.now() + after, Happening::AttemptEnds(call, end));
    }

    /// The call has come to something. What is reported of one that was cancelled meanwhile is refused.
    pub(super) fn attempt_ends(&mut self, call: &CallBack, end: Option<CallbackEnd>, observer: &mut dyn Observer) {
        let attempt = call.attempt;
        if self.happens(self.plan.network.lost_results) {
            return;
        }
        if let Some(end) = end {
            let _ = self.submit(Input::CallbackFailed { attempt, end }, observer);
            return;
        }
        self.callers_ever += 1;
        let id = CallerId(self.callers_ever);
        let session_uuid = id.session_uuid();
        let reached = Input::CallbackReached {
            attempt,
            session_uuid: session_uuid.clone(),
        };
        if self.submit(reached, observer).is_err() {
            return;
        }
        if self.called_back.chance(HANGS_UP) {
            return self.plan_soon(Happening::Reports(Box::new(Input::SuccessorGone { session_uuid })));
        }
        // The dialplan may lose it on the way.
        if !self.happens(self.plan.network.lost_results) {
            self.takes_the_place(id, call, observer);
        }
    }

    /// A caller of this queue who has been there before: whoever comes anew comes as on a day without callbacks.
    fn draw_call_of_known(&mut self, queue: &str) -> Call {
        match self.plan.traffic.iter().find(|traffic| traffic.queue == queue) {
            Some(traffic) => draw_call(traffic, &mut self.called_back),
            None => draw_call(&Traffic::new(queue, 0.0), &mut self.called_back),
        }
    }

    fn takes_the_place(&mut self, id: CallerId, called: &CallBack, observer: &mut dyn Observer) {
        let mut call = Call {
            number: called.number.clone(),
            ..self.draw_call_of_known(&called.queue)
        };
        if let Some(promise) = self.promises.remove(&called.member_uuid) {
            (call.talk, call.agent_ends) = (promise.talk, promise.agent_ends);
        }
        self.callers.insert(id, new_caller(&call, None));
        let request = JoinRequest {
            queue: called.queue.clone(),
            session_uuid: id.session_uuid(),
            new_member_uuid: id.member_uuid(),
            cid_number: call.number,
            cid_name: called.name.clone(),
            answered_epoch: self.clock.wall_at(self.now()).secs(),
            ..JoinRequest::default()
        };
        let joined = self.submit(Input::MemberJoin(request), observer);
        let Ok(Reply::Joined { member, .. }) = joined else {
            self.callers.remove(&id);
            return;
        };
        if let Some(caller) = self.callers.get_mut(&id) {
            caller.member = Some(member);
        }
        let patience = PATIENCE.roll(&mut self.called_back);
        self.schedule(self.now() + patience, Happening::HangsUp(id));
    }
}

/// What is remembered of somebody who was promised a call: the talk that the call was for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Promise {
    talk: Span,
    agent_ends: bool,
}
