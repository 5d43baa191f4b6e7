//! May this agent have this member now, and if not, why? Everybody who asks, asks here: the orders of free agents are its answers kept
//! up to date, `dispatch member` passes on its reasons, figures, estimates and lamps count those orders.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Requirement;
use crate::engine::centre::tier::Tier;
use crate::engine::vocabulary::ids::TierId;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::why_not::WhyNot;
use crate::engine::vocabulary::words::Media;

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
        if agent.ready_at(media, &self.settings.instance_id)? > now {
            return Err(WhyNot::Rests);
        }
        self.open_through(tier, agent, queue, media)?;
        requirement.met_by(&agent.skills, tier.level)?;
        let level = requirement.level(queue.level_in_order(tier));
        let class = queue.classes.of(requirement).and_then(|class| queue.classes.get(class));
        let is_open = class.is_none_or(|class| queue.wait_for_level(class, level) <= waited);
        is_open.then_some(()).ok_or(WhyNot::LevelNotOpen)
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
