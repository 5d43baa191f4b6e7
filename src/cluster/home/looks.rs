//! What whoever stands beside the home asks of it.

use super::{Caller, Deed, Home};
use crate::engine::{
    ApplicationReport, CancelReason, LeftTalk, LegState, MemberId, OfferId, OfferStage, Output, Release, Ring,
    Timestamp,
};

impl Home {
    /// The ring of an offer that the agent has answered and that nobody has wanted to be connected yet, and the agent's channel.
    pub fn answered(&self, offer: OfferId) -> Option<(&Ring, &str)> {
        let offered = self.offers.get(offer)?;
        match &offered.stage {
            OfferStage::Answered(agent_uuid) => Some((&offered.ring, agent_uuid)),
            _ => None,
        }
    }

    /// The caller who is known by this uuid: the member, and the channel.
    pub fn caller_of_uuid(&self, member_uuid: &str) -> Option<(MemberId, &str)> {
        let mut callers = self.callers.values();
        let is_it = |caller: &&Caller| {
            let resumed = caller.stay.as_ref().is_some_and(|stay| stay.row.uuid == member_uuid);
            resumed || caller.request.new_member_uuid == member_uuid
        };
        let caller = callers.find(is_it)?;
        Some((caller.member?, &caller.request.session_uuid))
    }

    /// The channel of a member, and whether an agent has the caller.
    pub fn channel_of(&self, member: MemberId) -> Option<(&str, bool)> {
        let channel = &self.callers.of_member(member)?.request.session_uuid;
        Some((channel, self.has_agent(channel)))
    }

    /// Whether a member is to be called back, and on the way out for that.
    pub fn is_promised(&self, member: MemberId) -> bool {
        self.callers.of_member(member).is_some_and(|caller| caller.is_promised)
    }

    fn has_agent(&self, channel: &str) -> bool {
        let mut offers = self.offers.values();
        offers.any(|offered| {
            let is_joined = matches!(offered.stage, OfferStage::Connecting(_) | OfferStage::Bridged(_));
            is_joined && offered.ring.member_session_uuid == channel
        })
    }

    /// When the first of those who wait has waited for `max-wait-time`, on the cluster's clock.
    pub fn next_end_of_wait(&self) -> Option<Timestamp> {
        self.ends_of_waits().map(|(at, _)| at).min()
    }

    fn ends_of_waits(&self) -> impl Iterator<Item = (Timestamp, MemberId)> + '_ {
        let waits = |caller: &&Caller| caller.application == ApplicationReport::Runs && caller.left.is_none();
        let waiting = self.callers.values().filter(waits);
        let waiting = waiting.filter(|caller| !self.has_agent(&caller.request.session_uuid));
        waiting.filter_map(|caller| Some((caller.stay.as_ref()?.waits_until?, caller.member?)))
    }

    /// Those who have waited for so long are let go.
    pub fn end_waits(&mut self, now: Timestamp) -> Vec<Deed> {
        let over = self.ends_of_waits().filter(|(at, _)| *at <= now);
        let over: Vec<MemberId> = over.map(|(_, member)| member).collect();
        let releases = over.into_iter().filter_map(|member| {
            let caller = self.callers.of_member_mut(member)?;
            caller.application = ApplicationReport::IsToEnd;
            Some(Deed::CarryOut(Output::Release(Release {
                member,
                session_uuid: caller.request.session_uuid.clone(),
                reason: CancelReason::Timeout,
                parting: None,
            })))
        });
        releases.collect()
    }

    /// Whether an agent talks on this channel to a caller of this box.
    pub fn talks_on(&self, agent_uuid: &str) -> bool {
        let mut offers = self.offers.values();
        offers.any(|offered| matches!(&offered.stage, OfferStage::Bridged(leg) if leg == agent_uuid))
    }

    /// The talks of this box, as far as their course is known.
    pub fn talks(&self) -> Vec<LeftTalk> {
        let talks = self.offers.values().filter_map(|offered| self.told_talk(offered));
        let left = talks.map(|told| LeftTalk {
            talk: told.talk,
            known_as: Some((told.offer, told.member)),
        });
        left.collect()
    }

    /// What a standing leg is doing, as far as it was told.
    pub fn leg(&self, agent_uuid: &str) -> Option<LegState> {
        self.standing.get(agent_uuid).copied()
    }
}
