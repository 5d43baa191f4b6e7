//! What the books say when they are asked; nothing here changes or judges.

use super::entries::{Member, Offer, Stage};
use super::{Ledger, REFUSAL};
use mod_callcenter::engine::{
    AgentKind, AgentRow, LegState, Media, MemberId, OfferId, QueueConfig, Span, Strategy, Timestamp,
};

impl Ledger {
    /// Whether callers may be held back because FreeSWITCH makes no calls.
    pub fn may_pause(&self, now: Timestamp) -> bool {
        self.refused.is_some_and(|refused| now <= refused + REFUSAL)
    }

    /// What the agent's standing leg is doing; one who is called has the phone that is called.
    pub fn leg_of(&self, row: &AgentRow) -> LegState {
        match row.agent_type.kind() {
            AgentKind::Callback => LegState::Alone,
            AgentKind::UuidStandby => self.standing.get(&row.uuid).copied().unwrap_or_default(),
        }
    }

    /// Offers that have ended in the present step.
    pub fn ended_in_step(&self) -> impl Iterator<Item = &Offer> {
        self.offers_ended_in_this_step.iter()
    }

    /// The uuid of a member whose application runs.
    pub fn member_uuid(&self, member: MemberId) -> Option<&str> {
        self.uuids.get(&member).map(|(uuid, _)| uuid.as_str())
    }

    /// Live offers of an agent of this name.
    pub fn offers_of_agent<'a>(&'a self, agent: &'a str) -> impl Iterator<Item = &'a Offer> {
        self.offers
            .values()
            .filter(move |offer| offer.agent == agent && !offer.orphan)
    }

    /// The call of an agent, or the offer of one.
    pub fn call_of_agent<'a>(&'a self, agent: &'a str) -> Option<&'a Offer> {
        self.offers_of_agent(agent).find(|offer| offer.media == Media::Audio)
    }

    /// Live offers of a member's present stay.
    pub fn offers_of_member<'a>(&'a self, uuid: &'a str) -> impl Iterator<Item = &'a Offer> {
        self.offers
            .values()
            .filter(move |offer| offer.member == uuid && !offer.earlier_stay)
    }

    /// Whether a member may have reached a limit: it is offered to nobody else then, even while a ring is under way.
    pub fn may_be_overdue(&self, member: &Member, now: Timestamp) -> bool {
        let limits = |config: &QueueConfig| {
            [
                config.max_wait_time,
                config.max_wait_time_with_no_agent,
                config.dissuade_wait,
            ]
        };
        let waited = now.since(member.limits_from).secs();
        let reached = |limit: u32| limit > 0 && waited >= i64::from(limit);
        self.queues
            .get(&member.queue)
            .or_else(|| self.unloaded.get(&member.queue))
            .is_some_and(|config| limits(config).into_iter().any(reached))
    }

    /// Members of a queue who wait or are tried.
    pub fn count(&self, queue: &str) -> usize {
        let here = self.members.iter().filter(|(_, member)| member.queue == queue);
        here.filter(|(uuid, _)| self.waits(uuid)).count()
    }

    /// Whether a member of a queue has no talk yet.
    pub fn waits(&self, uuid: &str) -> bool {
        !self.offers_of_member(uuid).any(|offer| offer.stage == Stage::Bridged)
    }

    pub fn rings_several(&self, queue: &str) -> bool {
        self.strategy(queue).is_some_and(Strategy::rings_several)
    }

    pub fn strategy(&self, queue: &str) -> Option<Strategy> {
        self.queues.get(queue).map(QueueConfig::strategy)
    }

    /// How long a phone rings for a member of this queue before the next one does.
    pub(in crate::ledger) fn pause_between_rings(&self, queue: &str) -> Span {
        self.queues.get(queue).map_or(PROGRESSIVE, pause_between_rings)
    }

    pub(in crate::ledger) fn find_offer(&self, wanted: impl Fn(&Offer) -> bool) -> Option<OfferId> {
        self.offers.iter().find(|(_, offer)| wanted(offer)).map(|(id, _)| *id)
    }
}

/// How long one phone rings before the next, where nobody says otherwise.
const PROGRESSIVE: Span = Span::from_secs(10);

/// How long one phone rings for a member before the next one does. Those of a ring-all queue count for as long as somebody who hears one
/// needs to answer it.
pub(in crate::ledger) fn pause_between_rings(config: &QueueConfig) -> Span {
    match (config.strategy(), config.ring_progressively_delay) {
        (Strategy::RingAll, _) => Span::from_secs(3),
        (_, 0) => PROGRESSIVE,
        (_, delay) => Span::from_secs(i64::from(delay)),
    }
}
