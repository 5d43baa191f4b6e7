//! Offers: who may be rung, who may not ring on, and what counts against an agent.

use crate::demand;
use crate::ledger::entries::{Away, Cost, Member, Offer, Stage};
use crate::ledger::{Finding, Ledger, FLOOR};
use mod_callcenter::engine::{AgentKind, LegState, Media, MemberId, Ring, RowChange, Timestamp};

impl Ledger {
    /// An offer is announced first, and agent and member are free for it.
    pub(in crate::ledger) fn may_ring(&self, now: Timestamp, ring: &Ring) -> Finding {
        let pair = (ring.agent.clone(), ring.member_uuid.clone());
        if self.announced.as_ref() != Some(&pair) {
            return Err(format!(
                "offer {} of {pair:?} rings without its agent-offering",
                ring.offer
            ));
        }
        self.is_agent_free(now, ring)?;
        self.is_member_free(now, ring)
    }

    fn is_agent_free(&self, now: Timestamp, ring: &Ring) -> Finding {
        let of_medium = |offer: &&Offer| offer.media == ring.media;
        let is_in_the_way = |offer: &&Offer| ring.media == Media::Audio || offer.is_being_offered();
        let mut others = self.offers_of_agent(&ring.agent).filter(of_medium);
        if let Some(other) = others.find(is_in_the_way) {
            return Err(format!(
                "agent {} is offered twice at once: offer {} and {other:?}",
                ring.agent, ring.offer
            ));
        }
        let stands = ring.agent_type.kind() == AgentKind::UuidStandby;
        if stands && self.standing.get(&ring.agent_uuid) != Some(&LegState::Alone) {
            return Err(format!(
                "{} is offered a caller on a leg that nobody has seen",
                ring.agent
            ));
        }
        let failed = self.agents.get(&ring.agent).and_then(|times| times.failed);
        if failed.is_some_and(|failed| now.since(failed) < FLOOR) {
            return Err(format!("{} is rung again {:?} after a failure", ring.agent, failed));
        }
        Ok(())
    }

    fn is_member_free(&self, now: Timestamp, ring: &Ring) -> Finding {
        let alone = !self.rings_several(&ring.queue);
        let rival = self
            .offers_of_member(&ring.member_uuid)
            .find(|offer| match offer.stage {
                Stage::Ringing => alone || offer.agent == ring.agent,
                Stage::Answered | Stage::Bridged => true,
                Stage::Cancelled | Stage::Failed | Stage::Ending => false,
            });
        if let Some(other) = rival {
            return Err(format!(
                "member {} is offered twice at once: {ring:?} and {other:?}",
                ring.member_uuid
            ));
        }
        let Some(member) = self.members.get(&ring.member_uuid) else {
            return Err(format!(
                "offer {} is for {}, who is in no queue",
                ring.offer, ring.member_uuid
            ));
        };
        if member.refused == Some(now) {
            return Err(format!(
                "{} goes from agent to agent while FreeSWITCH makes no calls",
                ring.member_uuid
            ));
        }
        let may_be_offered = match ring.calls_back {
            Some(_) => self.may_be_called_for(now, member, ring),
            None => !member.leaving,
        };
        if !may_be_offered || member.queue != ring.queue {
            return Err(format!("offer {} for {member:?} in {}", ring.offer, ring.queue));
        }
        if member.requirements.media != ring.media {
            return Err(format!("offer {} of {:?} for {member:?}", ring.offer, ring.media));
        }
        Ok(())
    }

    /// Whether an agent may be rung for somebody who is to be called back.
    fn may_be_called_for(&self, now: Timestamp, member: &Member, ring: &Ring) -> bool {
        // Of a caller whose channel was not found nobody says that it has left.
        let is_it = |id: &MemberId| self.member_uuid(*id) == Some(&ring.member_uuid);
        let is_missing = self.missing.iter().any(is_it);
        member.callback.as_ref().is_some_and(|callback| {
            let is_given_back = callback.given_back.get(&ring.agent).is_some_and(|until| now < *until);
            let is_away = callback.stage == Away::Pending || callback.stage == Away::Leaving && is_missing;
            is_away && now >= callback.not_before && !is_given_back
        })
    }

    /// Whoever serves a queue no more is not rung for it.
    pub(in crate::ledger) fn nobody_rings_who_left(&self) -> Finding {
        let serves = |offer: &Offer| {
            let config = self.queues.get(&offer.queue);
            config.is_some_and(|config| demand::serves_by_skill(self, config, &offer.agent))
        };
        let mut ringing = self.offers.values().filter(|offer| offer.stage == Stage::Ringing);
        match ringing.find(|offer| offer.tier_gone && !serves(offer)) {
            Some(offer) => Err(format!("{offer:?} rings on")),
            None => Ok(()),
        }
    }

    /// What the agent's side has not failed is not counted against the agent.
    pub(in crate::ledger) fn only_a_miss_counts(&self, change: &RowChange) -> Finding {
        let RowChange::Agent(row) = change else { return Ok(()) };
        let before = self.rows.agents().iter().find(|before| before.name == row.name);
        let counts = before.is_some_and(|before| row.no_answer_count > before.no_answer_count);
        let mut ended = self.offers_ended_in_this_step.iter();
        if counts && !ended.any(|offer| offer.agent == row.name && offer.cost == Cost::Miss) {
            return Err(format!(
                "{row:?} has one more missed call, although the agent missed none"
            ));
        }
        Ok(())
    }
}
