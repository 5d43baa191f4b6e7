//! May this agent have this member now, and if not, why? Everybody who asks, asks here: the orders of free agents are its answers kept
//! up to date, `dispatch member` and `dispatch why` pass on its reasons, figures, estimates and lamps count those orders.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::RequirementClass;
use crate::engine::centre::member::Member;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Requirement;
use crate::engine::centre::tier::Tier;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::TierId;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::why_not::WhyNot;
use crate::engine::vocabulary::words::{Media, Strategy};

impl Engine {
    /// May the agent of this tier be offered a member who asks for this, and has waited so long?
    pub(in crate::engine) fn eligibility(
        &self,
        now: Timestamp,
        id: TierId,
        requirement: &Requirement,
        waited: Span,
    ) -> Result<(), WhyNot> {
        let tier = self.tiers.get(&id).ok_or(WhyNot::Gone)?;
        let queue = self.queues.get(&tier.queue).ok_or(WhyNot::QueueNotLoaded)?;
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        let agent = agent.ok_or(WhyNot::Gone)?;
        let media = requirement.media();
        if agent.ready_at(media, &self.boxes)? > now {
            return Err(WhyNot::Rests);
        }
        self.open_through(tier, agent, queue, media)?;
        requirement.met_by(agent.ability(), tier.level)?;
        let level = requirement.level(queue.level_in_order(tier));
        let class = queue.classes.of(requirement).and_then(|class| queue.classes.get(class));
        let is_open = class.is_none_or(|class| queue.wait_for_level(class, level) <= waited);
        is_open.then_some(()).ok_or(WhyNot::LevelNotOpen)
    }

    /// May a member who waits be offered to anybody now?
    pub(in crate::engine) fn offerable(&self, now: Timestamp, member: &Member) -> Result<(), WhyNot> {
        let strategy = self.strategy_of(member.queue).ok_or(WhyNot::QueueNotLoaded)?;
        if member.overdue.is_some() {
            return Err(WhyNot::Overdue);
        }
        if self.are_calls_refused(now, member) {
            return Err(WhyNot::CallsRefused);
        }
        let rings = !member.offers.is_empty();
        match strategy {
            Strategy::RingAll => Ok(()),
            Strategy::RingProgressively if rings && member.ring_more_at > now => Err(WhyNot::NextPhoneLater),
            Strategy::RingProgressively => Ok(()),
            _ if rings => Err(WhyNot::RingsAlready),
            _ if member.retry_at > now => Err(WhyNot::MemberRests),
            _ => Ok(()),
        }
    }

    /// Whether FreeSWITCH makes no calls at this moment.
    pub(in crate::engine) fn are_calls_refused(&self, now: Timestamp, member: &Member) -> bool {
        self.refusals.until(self.box_of(member)) > now && holds(Mark::RefusedCallersWait)
    }

    /// When that is over, where time alone ends it.
    pub(in crate::engine) fn offerable_again(&self, member: &Member, why: WhyNot) -> Option<Timestamp> {
        match why {
            WhyNot::CallsRefused => Some(self.refusals.until(self.box_of(member))),
            WhyNot::NextPhoneLater => Some(member.ring_more_at),
            WhyNot::MemberRests => Some(member.retry_at),
            _ => None,
        }
    }

    /// Whether the agent of this tier, free or not, is there for a member of this class who has waited so long: logged in, not on a
    /// break, and such as the member may have.
    pub(in crate::engine) fn is_at_hand(
        &self,
        now: Timestamp,
        id: TierId,
        class: &RequirementClass,
        waited: Span,
    ) -> bool {
        let Some(tier) = self.tiers.get(&id) else { return false };
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        let (Some(agent), Some(queue)) = (agent, self.queues.get(&tier.queue)) else {
            return false;
        };
        let media = class.requirement.media();
        let absences = agent.absences(now, media, &self.boxes);
        let is_there = absences.is_some_and(|absences| !absences.meets(Absences::PAUSED)) && !queue.is_paused(tier);
        let is_there = is_there || !holds(Mark::WhoIsAwayHoldsNobodyUp);
        let takes_such = media == Media::Audio || agent.limits.max_chats > 0;
        let level = class.requirement.level(queue.level_in_order(tier));
        is_there
            && takes_such
            && class.requirement.accepts(agent.ability(), tier.level)
            && queue.wait_for_level(class, level) <= waited
    }

    /// Whether the queue of a tier lets a ready agent have its members. The state of a tier, phones and other calls are about calls.
    pub(in crate::engine) fn open_through(
        &self,
        tier: &Tier,
        agent: &Agent,
        queue: &Queue,
        media: Media,
    ) -> Result<(), WhyNot> {
        if queue.config.is_none() {
            return Err(WhyNot::QueueNotLoaded);
        }
        if queue.is_paused(tier) {
            return Err(WhyNot::Paused);
        }
        if media == Media::Chat {
            return Ok(());
        }
        if !self.is_usable(tier) {
            return Err(WhyNot::TierState);
        }
        if queue.minds_other_calls(agent) {
            return Err(WhyNot::OtherCall);
        }
        if self.is_kept_by_device(tier, queue) {
            return Err(WhyNot::PhoneInUse);
        }
        Ok(())
    }
}
