//! Offers from the answer on, and what becomes of them when agents, tiers and legs go.

use crate::ledger::entries::{Cost, Offer, Stage};
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{AgentSetting, EngineError, Input, OfferId, Refusal, Reply, RingEnd, Timestamp};

impl Ledger {
    /// Reports about offers.
    pub(in crate::ledger) fn offer_input(
        &mut self,
        now: Timestamp,
        input: &Input,
        reply: &Result<Reply, EngineError>,
    ) -> Finding {
        match (input, reply) {
            (Input::OfferAnswered { offer, agent_uuid }, Ok(_)) => {
                self.legs.insert(*offer, agent_uuid.clone());
                return self.advance(*offer, &[Stage::Ringing], Stage::Answered);
            }
            (Input::OfferAnswered { offer, .. }, Err(_)) => self.give_up_late(*offer),
            (Input::OfferFailed { offer, end }, Ok(_)) => {
                self.note_whose_doing(now, *offer, end);
                let waits = self.offers.get(offer).is_some_and(Offer::is_waiting);
                let from = if waits { Stage::Answered } else { Stage::Ringing };
                return self.advance(*offer, &[from, Stage::Cancelled], Stage::Failed);
            }
            (Input::OfferBridged { offer }, Ok(_)) => {
                self.advance(*offer, &[Stage::Answered], Stage::Bridged)?;
                self.count_bridge(*offer);
                self.note_acquaintance(*offer);
            }
            (Input::AgentLegEnded { offer, .. }, Ok(_)) => self.end_leg(*offer),
            (Input::StandingLeg { agent_uuid, state }, _) => drop(self.standing.insert(agent_uuid.clone(), *state)),
            (
                Input::BridgeFailed {
                    offer,
                    member_up,
                    agent_left,
                    ..
                },
                Ok(_),
            ) => {
                self.note_dropped(*offer, *member_up && *agent_left);
                self.mark_member_down(*offer, *member_up);
                return self.advance(*offer, &[Stage::Answered], Stage::Ending);
            }
            (Input::AgentBreak { agent_uuid }, Ok(_)) => self.note_break(agent_uuid),
            _ => {}
        }
        Ok(())
    }

    /// Agents and tiers that go while they are offered somebody.
    pub(in crate::ledger) fn agent_input(&mut self, input: &Input, reply: &Result<Reply, EngineError>) {
        match (input, reply) {
            (Input::AgentDel { name }, Ok(_)) => {
                self.commanded.remove(name);
                self.orphan_offers(name);
            }
            (
                Input::AgentSet {
                    name,
                    setting: AgentSetting::State(_) | AgentSetting::StateIfWaiting(_),
                },
                _,
            ) => drop(self.commanded.insert(name.clone())),
            (
                Input::AgentSet {
                    name,
                    setting: AgentSetting::ReadyTime(_),
                },
                Ok(_),
            ) => self.agents.entry(name.clone()).or_default().chat_rest_may_be_over = true,
            (Input::TierDel { queue, agent } | Input::TierNotConfigured { queue, agent }, Ok(_)) => {
                self.note_tiers_of_offers(false, |offer| offer.queue == *queue && offer.agent == *agent);
            }
            (Input::TierAdd(tier) | Input::ApplyTier(tier), Ok(_)) => {
                self.note_tiers_of_offers(true, |offer| offer.queue == tier.queue && offer.agent == tier.agent);
            }
            _ => {}
        }
    }

    pub(in crate::ledger) fn advance(&mut self, id: OfferId, from: &[Stage], to: Stage) -> Finding {
        match self.offers.get_mut(&id) {
            Some(offer) if from.contains(&offer.stage) => {
                offer.stage = to;
                Ok(())
            }
            other => Err(format!("offer {id} became {to:?} although it was {other:?}")),
        }
    }

    /// What was taken back costs nothing; otherwise it is as whoever rang the agent has seen it.
    pub(in crate::ledger) fn note_whose_doing(&mut self, now: Timestamp, id: OfferId, end: &RingEnd) {
        let is_open = |offer: &&mut Offer| offer.stage == Stage::Ringing || offer.is_waiting();
        let Some(offer) = self.offers.get_mut(&id).filter(is_open) else {
            return;
        };
        offer.cost = match end {
            RingEnd::NotTaken(_) | RingEnd::NoStandingLeg => Cost::Miss,
            RingEnd::Refused(..) | RingEnd::Withdrawn(_) | RingEnd::GivenBack => Cost::Moment,
            RingEnd::CallerGone => Cost::Nothing,
        };
        if *end == RingEnd::GivenBack {
            self.note_given_back(now, id);
        }
        self.note_missed(id);
    }

    /// The caller of an offer that its agent's side has failed has been missed by that agent.
    fn note_missed(&mut self, id: OfferId) {
        let Some(offer) = self.offers.get(&id).filter(|offer| offer.cost == Cost::Miss) else {
            return;
        };
        if let Some(member) = self.members.get_mut(&offer.member) {
            member.note_missed_by(&offer.agent, &self.queues);
        }
    }

    /// FreeSWITCH has refused to make a call. Of one that was taken back meanwhile nobody learns that.
    pub(in crate::ledger) fn note_refusal(&mut self, now: Timestamp, id: OfferId, refusal: Refusal) {
        self.refused = Some(now);
        let is_told = |offer: &&Offer| offer.stage == Stage::Ringing && refusal != Refusal::Fault;
        let offer = self.offers.get(&id).filter(is_told);
        if let Some(member) = offer.and_then(|offer| self.members.get_mut(&offer.member)) {
            member.refused = Some(now);
        }
    }

    /// An agent who was gone before the bridge has failed the offer.
    pub(in crate::ledger) fn note_dropped(&mut self, id: OfferId, by_agent: bool) {
        if let Some(offer) = self.offers.get_mut(&id).filter(|offer| by_agent && !offer.earlier_stay) {
            if let Some(member) = self.members.get_mut(&offer.member).filter(|member| !member.exited) {
                offer.cost = Cost::Miss;
                member.dropped_by.insert(offer.agent.clone());
                self.note_missed(id);
            }
        }
    }

    /// The refused answer of a cancelled ring is the ring's end, and so is that of one for a number which was called too often.
    pub(in crate::ledger) fn give_up_late(&mut self, id: OfferId) {
        let is_over =
            |offer: &&mut Offer| offer.stage == Stage::Cancelled || offer.calls_back && offer.stage == Stage::Ringing;
        if let Some(offer) = self.offers.get_mut(&id).filter(is_over) {
            offer.stage = Stage::Failed;
        }
    }

    /// A leg that ends before it is bridged leaves the offer to the report of its ring or bridge.
    pub(in crate::ledger) fn end_leg(&mut self, id: OfferId) {
        let unanswered =
            |offer: &&mut Offer| matches!(offer.stage, Stage::Ringing | Stage::Cancelled) || offer.is_waiting();
        if let Some(offer) = self.offers.get_mut(&id).filter(unanswered) {
            if offer.stage != Stage::Cancelled {
                offer.cost = Cost::Miss;
            }
            offer.stage = Stage::Failed;
            self.note_missed(id);
        }
    }

    /// Who talks to whom, where the queue remembers it. Of a caller who has left in this very moment nobody says.
    fn note_acquaintance(&mut self, offer: OfferId) {
        let Some(offer) = self
            .offers
            .get(&offer)
            .filter(|offer| !offer.earlier_stay && !offer.orphan)
        else {
            return;
        };
        let remembers = self
            .queues
            .get(&offer.queue)
            .is_some_and(|config| config.sticky_days > 0);
        if let Some(member) = self.members.get(&offer.member).filter(|_| remembers) {
            let talk = (offer.queue.clone(), member.number.clone(), offer.agent.clone());
            self.acquaintances.push(talk);
        }
    }

    /// A member counts as answered once it is bridged and its application has ended.
    pub(in crate::ledger) fn count_bridge(&mut self, offer: OfferId) {
        let Some(offer) = self.offers.get(&offer).filter(|offer| !offer.earlier_stay) else {
            return;
        };
        if self.members.get(&offer.member).is_some_and(|member| member.exited) {
            if let Some(figures) = self.figures.get_mut(&offer.queue) {
                figures.answered += 1;
            }
        }
    }

    pub(in crate::ledger) fn note_break(&mut self, agent_uuid: &str) {
        let broken = self.legs.iter().filter(|(_, leg)| *leg == agent_uuid);
        let broken: Vec<OfferId> = broken.map(|(offer, _)| *offer).collect();
        self.end_waiting(&broken);
        self.broken.extend(broken);
    }

    pub(in crate::ledger) fn orphan_offers(&mut self, agent: &str) {
        self.gone.insert(agent.to_owned());
        self.agents.remove(agent);
        for offer in self.offers.values_mut().filter(|offer| offer.agent == agent) {
            offer.orphan = true;
        }
        // Whoever has that name from now on has given nothing back.
        let callbacks = self.members.values_mut().filter_map(|member| member.callback.as_mut());
        for callback in callbacks {
            callback.given_back.remove(agent);
        }
    }

    /// The tiers that offers go through are gone, or there again.
    pub(in crate::ledger) fn note_tiers_of_offers(&mut self, there: bool, through: impl Fn(&Offer) -> bool) {
        for offer in self.offers.values_mut().filter(|offer| through(offer)) {
            offer.tier_gone = !there;
        }
    }
}
