//! Offers as outputs and events tell: they ring, are cancelled, begin a talk, fail and end.

use crate::chats;
use crate::ledger::entries::{Cost, Offer, Stage};
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{Event, Media, OfferId, Ring, Span, Timestamp};

impl Ledger {
    /// An offer begins.
    pub(in crate::ledger) fn ring(&mut self, now: Timestamp, ring: &Ring) -> Finding {
        self.may_ring(now, ring)?;
        self.announced = None;
        if ring.media == Media::Chat {
            let before = chats::most(self, &ring.agent);
            self.chats_of_this_step.push((ring.agent.clone(), before));
        }
        let pause = self.pause_between_rings(&ring.queue);
        if let Some(member) = self.members.get_mut(&ring.member_uuid) {
            member.ring_more_at = now + pause;
        }
        let offer = Offer {
            queue: ring.queue.clone(),
            agent: ring.agent.clone(),
            member: ring.member_uuid.clone(),
            stage: Stage::Ringing,
            cost: Cost::Nothing,
            media: ring.media,
            started: false,
            orphan: false,
            tier_gone: false,
            times_missing: 0,
            earlier_stay: false,
            calls_back: ring.calls_back.is_some(),
        };
        match self.offers.insert(ring.offer, offer) {
            Some(old) => Err(format!("offer id {} was used for {old:?} too", ring.offer)),
            None => Ok(()),
        }
    }

    pub(in crate::ledger) fn cancel(&mut self, id: OfferId) -> Finding {
        match self.offers.get_mut(&id) {
            Some(offer) if offer.stage == Stage::Ringing || offer.is_waiting() => offer.stage = Stage::Cancelled,
            Some(offer) if matches!(offer.stage, Stage::Answered | Stage::Bridged) => {}
            // Its agent was released from waiting while a number is dialled.
            Some(offer) if offer.calls_back && offer.stage == Stage::Failed => {}
            other => return Err(format!("offer {id} is cancelled although it is {other:?}")),
        }
        Ok(())
    }

    pub(in crate::ledger) fn offering(&mut self, agent: &str, uuid: &str) -> Finding {
        if !self.members.get(uuid).is_some_and(|member| member.started) {
            return Err(format!("agent-offering of {uuid} to {agent} before member-queue-start"));
        }
        match self.announced.replace((agent.to_owned(), uuid.to_owned())) {
            Some(other) => Err(format!("agent-offering of {other:?} without a ring")),
            None => Ok(()),
        }
    }

    pub(in crate::ledger) fn bridge_starts(&mut self, agent: &str, uuid: &str) -> Finding {
        let offer = self.offers.values_mut().find(|offer| {
            offer.agent == agent && offer.member == uuid && offer.stage == Stage::Answered && !offer.started
        });
        match offer {
            Some(offer) => offer.started = true,
            None => {
                return Err(format!(
                    "bridge-agent-start of {uuid} and {agent} without an answered offer"
                ))
            }
        }
        Ok(())
    }

    pub(in crate::ledger) fn offer_fails(&mut self, now: Timestamp, agent: &str, uuid: &str) -> Finding {
        let is_it = |offer: &Offer| offer.agent == agent && offer.member == uuid && !offer.started;
        // The agent may have been deleted and made anew: two offers to the same name, and only one has failed.
        let id = self
            .find_offer(|offer| is_it(offer) && offer.stage == Stage::Failed)
            .or_else(|| self.find_offer(|offer| is_it(offer) && offer.stage == Stage::Cancelled))
            .or_else(|| self.find_offer(|offer| is_it(offer) && offer.times_missing > 1));
        let Some(offer) = id.and_then(|id| self.offers.remove(&id)) else {
            return Err(format!(
                "bridge-agent-fail of {uuid} and {agent} without an offer that failed"
            ));
        };
        let is_agents_fault = offer.cost == Cost::Miss;
        let delay = self.queues.get(&offer.queue).map_or(0, |config| config.retry_delay);
        if let Some(member) = self.members.get_mut(uuid).filter(|_| is_agents_fault) {
            member.retry_at = now + Span::from_secs(i64::from(delay));
        }
        if offer.cost != Cost::Nothing && !offer.orphan {
            let times = self.agents.entry(agent.to_owned()).or_default();
            (times.retry_after, times.failed) = (now, Some(now));
        }
        self.offers_ended_in_this_step.push(offer);
        Ok(())
    }

    pub(in crate::ledger) fn bridge_ends(&mut self, now: Timestamp, agent: &str, uuid: &str, event: &Event) -> Finding {
        let id = self.find_offer(|offer| offer.agent == agent && offer.member == uuid && offer.started);
        let Some(offer) = id.and_then(|id| self.offers.remove(&id)) else {
            return Err(format!(
                "bridge-agent-end of {uuid} and {agent} without a bridge-agent-start"
            ));
        };
        let bridged = event.header("CC-Agent-Bridged") == Some("true");
        if bridged != (offer.stage == Stage::Bridged) {
            return Err(format!("CC-Agent-Bridged is {bridged} for {offer:?}"));
        }
        let chat_rest = now + chats::wrap_up(self, &offer);
        if !offer.orphan {
            let times = self.agents.entry(agent.to_owned()).or_default();
            match (bridged, offer.media) {
                (true, Media::Audio) => times.last_bridge_end = now,
                (true, Media::Chat) => (times.chat_rest, times.chat_rest_may_be_over) = (chat_rest, false),
                (false, _) => times.retry_after = now,
            }
            if offer.cost == Cost::Miss {
                times.failed = Some(now);
            }
        }
        self.offers_ended_in_this_step.push(offer);
        Ok(())
    }
}
