//! Agents who have missed a caller, and their turn after the others.
//!
//! Where the strategy puts an agent first whatever becomes of the offer, the same agent would get the same caller again and again.
//! So a caller goes on to those who have not missed it yet, and begins anew when all who are free have.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::RequirementClass;
use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::centre::member::Member;
use crate::engine::centre::missed::Missed;
use crate::engine::centre::offer::Offer;
use crate::engine::vocabulary::ids::{MemberId, TierId};
use crate::engine::vocabulary::words::Strategy;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

/// How many who have missed a caller are passed over at a time. Where more stand first, the search goes on behind who missed it last.
const MOST_PASSED_OVER: usize = 64;

impl Strategy {
    /// Whether an agent who has missed a caller could be the first for it again and again: by its order, or because nobody else is of
    /// its level. The others go down the list by themselves, draw lots among all, or ring several agents.
    fn may_repeat_itself(self) -> bool {
        match self {
            Self::LongestIdleAgent
            | Self::RoundRobin
            | Self::AgentWithLeastTalkTime
            | Self::AgentWithFewestCalls
            | Self::SequentiallyByAgentOrder
            | Self::SequentiallyByNextAgentOrder
            | Self::Random => true,
            Self::TopDown | Self::WeightedRandom | Self::RingAll | Self::RingProgressively => false,
        }
    }
}

impl Engine {
    /// An agent did not take a caller. Where several phones ring, that hinders nobody and the agent is rung again as before.
    pub(in crate::engine) fn note_missed(&mut self, offer: &Offer) {
        self.note_declined(offer);
        if self.strategy_of(offer.queue).is_some_and(Strategy::may_repeat_itself) {
            self.note_missed_by(offer, false);
        }
    }

    /// An agent has answered and gone before the bridge: every answer stops the phones of the others.
    pub(in crate::engine) fn note_dropped(&mut self, offer: &Offer) {
        self.note_declined(offer);
        let strategy = self.strategy_of(offer.queue);
        if strategy.is_some_and(|strategy| strategy.may_repeat_itself() || strategy.rings_several()) {
            self.note_missed_by(offer, true);
        }
    }

    /// Who has declined a caller by whom it was preferred holds that one up no longer, unless nobody else may have the caller.
    pub(in crate::engine) fn note_declined(&mut self, offer: &Offer) {
        let is_the_same = |member: &Member| Arc::ptr_eq(&member.facts, &offer.facts) && member.preferred.is_some();
        let only = self.config_of(offer.queue).is_some_and(|config| config.sticky_only);
        if only || !self.members.get(&offer.member).is_some_and(is_the_same) {
            return;
        }
        if let Some(agent) = self.agents.get(&offer.agent).map(|agent| agent.row.name.clone()) {
            self.no_longer_prefers(offer.member, &agent);
        }
    }

    pub(in crate::engine) fn note_missed_by(&mut self, offer: &Offer, has_dropped: bool) {
        let Some(member) = self.members.change(&offer.member) else {
            return;
        };
        // The caller may have come back meanwhile, and begins anew.
        if Arc::ptr_eq(&member.facts, &offer.facts) {
            let missed = member.missed.get_or_insert_default();
            missed.by.insert(offer.tier);
            if has_dropped {
                missed.dropped_by.insert(offer.tier);
            }
            missed.last = offer.place;
        }
    }

    /// Whether a caller's phones are to ring on without this agent, who has dropped the caller before; or this agent has just given it back.
    pub(in crate::engine) fn is_kept_from(&self, tier: TierId, member: MemberId) -> bool {
        let member = self.members.get(&member);
        let has_dropped = |missed: &Missed| missed.dropped_by.contains(&tier);
        member.is_some_and(|member| {
            let is_dropped = !member.offers.is_empty() && member.missed.as_deref().is_some_and(has_dropped);
            is_dropped || self.was_given_back_by(tier, member)
        })
    }

    /// The first free agent who has not missed this caller; none when all who may serve it now have.
    pub(in crate::engine) fn first_who_has_not_missed(
        member: &Member,
        class: &RequirementClass,
        is_open: impl Fn(&FreeKey) -> bool,
    ) -> Option<FreeKey> {
        let missed = member.missed.as_ref()?;
        let is_new = |key: &&FreeKey| !missed.by.contains(&key.tier);
        let first = class.free.iter().take(MOST_PASSED_OVER).find(is_new);
        let found = first.or_else(|| {
            let behind = class.requirement.key(missed.last?);
            let further = class.free.range((Excluded(behind), Unbounded));
            further.take(MOST_PASSED_OVER).find(is_new)
        });
        found.copied().filter(is_open)
    }
}
