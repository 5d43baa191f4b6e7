//! Offers of callbacks (`callback-first` = `agent`): taken, given back, or lost while the number is dialled.

use crate::engine::border::error::EngineError;
use crate::engine::border::output::Output;
use crate::engine::border::reply::Reply;
use crate::engine::centre::callback::CallbackStage;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::configuration::callbacks::CallbackConfig;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::callback_end::CallbackEnd;
use crate::engine::vocabulary::ids::OfferId;
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::time::{seconds, Timestamp};
use crate::engine::vocabulary::words::{CallbackResult, HangupCause};

impl Engine {
    /// An agent has answered and taken a callback: the number is dialled, and no other phone rings for it.
    pub(in crate::engine) fn take_callback(
        &mut self,
        now: Timestamp,
        id: OfferId,
        agent_uuid: String,
    ) -> Result<Reply, EngineError> {
        let offer = self.offers.get_mut(&id).ok_or(EngineError::OfferOver)?;
        offer.stage = Stage::Calling;
        offer.answered = now;
        offer.agent_uuid = agent_uuid;
        let (member, agent, queue) = (offer.member, offer.agent, offer.queue);
        self.give_member(now, member, agent, id);
        // The queue may have been unloaded, or configured anew, while the agent's phone rang, and others may have called the number.
        if self.is_called_too_often(now, member) {
            self.drop_callback(now, member, CallbackResult::TooOften);
        } else if self.calls_back_from(queue) || !holds(Mark::NobodyWaitsForAnUnloadedQueue) {
            self.begin_attempt(now, member);
        } else {
            self.let_waiting_agent_go(now, member, HangupCause::ORIGINATOR_CANCEL);
        }
        Ok(Reply::Done)
    }

    /// The agent who has taken a callback is gone. Whoever has answered by then comes to the place, and to the next agent; otherwise the
    /// attempt is over. Unless somebody else has ended the waiting, it costs the agent what a rejected call does.
    pub(in crate::engine) fn lose_waiting_agent(&mut self, now: Timestamp, id: OfferId, end: &RingEnd) {
        let Some(member) = self.offers.get(&id).map(|offer| offer.member) else {
            return;
        };
        let end = match end {
            RingEnd::NotTaken(_) => &RingEnd::NotTaken(HangupCause::CALL_REJECTED),
            other => other,
        };
        self.end_unanswered(now, id, end);
        let stage = self.callback_of(member).map(|callback| callback.stage);
        if let Some(CallbackStage::Attempting(attempt)) = stage {
            self.outputs.push_back(Output::CancelCallBack(attempt));
            self.end_attempt(now, member, &CallbackEnd::AgentGone);
        }
    }

    /// An agent has given a callback back: it is others' for now.
    pub(in crate::engine) fn note_given_back(&mut self, now: Timestamp, offer: &Offer) {
        let id = offer.member;
        let at = self.wall.shown(now);
        self.count_callback(at, offer.queue, |counts| counts.given_back += 1);
        self.note_declined(offer);
        self.note_missed_by(offer, false);
        let pause = self
            .callback_config(id)
            .map_or(CallbackConfig::default().retry_delay, |config| config.retry_delay);
        let agent = offer.agent;
        let Some(callback) = self.change_callback(id).filter(|callback| callback.stage.is_away()) else {
            return;
        };
        if holds(Mark::GivenBackIsForOthers) {
            callback.give_back(agent, now + seconds(pause));
            self.note_who_gave_back(now, id);
        }
    }
}
