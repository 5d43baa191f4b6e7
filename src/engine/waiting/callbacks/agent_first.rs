//! The agent first (`callback-first`): what an agent is told who is rung for whoever is to be called back, and the agent who has taken it
//! and waits while the number is dialled.

use crate::engine::border::callback::{CallsBack, WaitingAgent};
use crate::engine::centre::callback::{Callback, CallbackStage};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, TierId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::HangupCause;
use std::sync::Arc;

impl Engine {
    /// What an agent is told whose phone rings for somebody who is to be called back; none for a caller who waits.
    pub(in crate::engine) fn calls_back(&self, id: MemberId) -> Option<CallsBack> {
        let callback = self.callback_of(id).filter(|callback| callback.stage.is_away())?;
        let config = self.callback_config(id)?;
        Some(CallsBack {
            number: callback.row.number.clone(),
            give_back_key: config.give_back_key,
            sound: config.agent_sound.clone(),
        })
    }

    /// The agent who waits while this member is called back.
    pub(in crate::engine) fn waiting_agent(&self, id: MemberId) -> Option<WaitingAgent> {
        let member = self.members.get(&id)?;
        let (id, offer) = self.offer_that_waits(member)?;
        let config = self.config_of(offer.queue)?;
        Some(WaitingAgent {
            offer: id,
            agent_uuid: offer.agent_uuid.clone(),
            hold_sound: config.moh_sound.clone(),
        })
    }

    fn offer_that_waits(&self, member: &Member) -> Option<(OfferId, &Offer)> {
        let id = member.serving()?;
        let offer = self.offers.get(&id).filter(|offer| offer.is_calling())?;
        Some((id, offer))
    }

    /// Whoever was called back is there, or has called meanwhile: the agent who waits has the caller.
    pub(in crate::engine) fn connect_waiting_agent(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let facts = Arc::clone(&member.facts);
        let Some((offer_id, _)) = self.offer_that_waits(member) else {
            return;
        };
        if let Some(offer) = self.offers.get_mut(&offer_id) {
            offer.facts = facts;
            offer.stage = Stage::Connecting {
                member_left: false,
                leg_ended: None,
            };
        }
        self.tell_state(id);
        self.begin_connecting(offer_id);
    }

    /// The agent who waits is free, by no doing of its own: nobody was reached.
    pub(in crate::engine) fn let_waiting_agent_go(&mut self, now: Timestamp, id: MemberId, cause: HangupCause) {
        let waits = self.members.get(&id).and_then(|member| self.offer_that_waits(member));
        if let Some((offer, _)) = waits {
            self.return_member(id, offer);
            if holds(Mark::WhoWaitedInVainIsFree) {
                self.cancel_offer(now, offer, cause);
            }
        }
    }

    /// Brings up to date for whom a callback is not any more, and when that ends for the first of them.
    pub(in crate::engine) fn note_who_gave_back(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let Some(callback) = member.callback.as_deref_mut() else {
            return;
        };
        if callback.given_back.is_empty() {
            return;
        }
        callback.given_back.retain(|(_, until)| *until > now);
        let first = callback.given_back.iter().map(|(_, until)| *until).min();
        let is_pending = callback.stage == CallbackStage::Pending;
        let due = callback.due;
        self.callbacks.note_given_back(id, first.is_some());
        let next = first.into_iter().chain(Some(due).filter(|due| *due > now)).min();
        if let Some(next) = next.filter(|_| is_pending) {
            self.timers.set(Timer::CallbackDue(id), next);
        }
    }

    /// Whether the agent of this tier has given a member back a short while ago.
    pub(in crate::engine) fn was_given_back_by(&self, tier: TierId, member: &Member) -> bool {
        let callback = member.callback.as_deref();
        let given_back = callback.map_or(&[][..], |callback| &callback.given_back);
        if given_back.is_empty() {
            return false;
        }
        let agent = self.tiers.get(&tier).and_then(|tier| tier.agent);
        given_back.iter().any(|(other, _)| agent == Some(*other))
    }
}

impl Callback {
    /// It is not this agent's until then.
    pub(in crate::engine) fn give_back(&mut self, agent: AgentId, until: Timestamp) {
        self.given_back.retain(|(other, _)| *other != agent);
        self.given_back.push((agent, until));
    }
}
