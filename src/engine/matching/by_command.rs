//! Calls given to agents by somebody else: OpenSIPS's `internal_call_dispatching` and `cc_dispatch_call_to_agent`.
//!
//! While internal dispatching is off, members stay in line, free agents stay in their order, and every limit on waiting holds; only
//! nobody is brought together with anybody, except by command.

use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::vocabulary::ids::{AgentId, MemberId, TierId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::why_not::{Unoffered, WhyNot};

impl Engine {
    /// Whether the engine offers calls by itself.
    pub fn dispatches(&self) -> bool {
        self.dispatches
    }

    /// `dispatch internal`: on, whoever waits is offered to the free agents at once; off, rings that are under way go on.
    pub(in crate::engine) fn set_dispatching(&mut self, on: bool) {
        self.dispatches = on;
        if on {
            self.aftermath.opened.extend(self.queues.loaded().iter().copied());
        }
    }

    /// `dispatch member`: offers a waiting member to an agent whom the engine might have chosen as well.
    ///
    /// # Errors
    /// Says which of the engine's own conditions is not met.
    pub(in crate::engine) fn dispatch_member(
        &mut self,
        now: Timestamp,
        uuid: &str,
        agent: &str,
    ) -> Result<Reply, EngineError> {
        let (member, tier) = self.offer_to_be(now, uuid, agent)?;
        self.offer(now, member, tier);
        Ok(Reply::Done)
    }

    /// `dispatch why`: why this agent is not offered this member now.
    ///
    /// # Errors
    /// What `dispatch member` would answer.
    pub fn why_not_offered(&self, now: Timestamp, uuid: &str, agent: &str) -> Result<Unoffered, EngineError> {
        let (id, tier) = self.offer_to_be(now, uuid, agent)?;
        if !self.dispatches {
            return Ok(Unoffered::DispatchingIsOff);
        }
        let member = self.members.get(&id).ok_or(EngineError::MemberNotFound)?;
        let awaits_preferred = member.place.is_some_and(|place| place.spoken_for) && !self.is_preferred(member, tier);
        Ok(match awaits_preferred {
            true => Unoffered::AwaitsPreferred,
            false if self.is_kept_from(tier, id) => Unoffered::HasDropped,
            false => Unoffered::ForNoReason,
        })
    }

    /// The member and the tier of an offer that may be made now.
    fn offer_to_be(&self, now: Timestamp, uuid: &str, agent: &str) -> Result<(MemberId, TierId), EngineError> {
        let member = self.waiting_member(uuid)?;
        let agent = self.agent_id(agent)?;
        let tier = self.tier_for(member, agent)?;
        self.check_offer(now, member, tier)?;
        Ok((member, tier))
    }

    /// The tier through which an agent serves the member's queue, made by somebody or by skill.
    fn tier_for(&self, member: MemberId, agent: AgentId) -> Result<TierId, EngineError> {
        let member = self.members.get(&member).ok_or(EngineError::MemberNotFound)?;
        let agent = self.agents.get(&agent).ok_or(EngineError::AgentNotFound)?;
        let serves = |tier: &&TierId| self.tiers.get(tier).is_some_and(|tier| tier.queue == member.queue);
        agent
            .tiers
            .iter()
            .find(serves)
            .copied()
            .ok_or(EngineError::AgentServesNot)
    }

    /// Who waits for a preferred agent may be given to any other by hand, unless `sticky-only` keeps it for its own.
    fn check_offer(&self, now: Timestamp, member: MemberId, tier: TierId) -> Result<(), EngineError> {
        let member = self.members.get(&member).ok_or(EngineError::MemberNotFound)?;
        self.offerable(now, member)?;
        let queue = self.queues.get(&member.queue).ok_or(WhyNot::QueueNotLoaded)?;
        let only = queue.config.as_ref().is_some_and(|config| config.sticky_only);
        let is_kept = only && member.place.is_some_and(|place| place.spoken_for);
        if is_kept && !self.is_preferred(member, tier) {
            return Err(WhyNot::OthersAlone.into());
        }
        // Whose rest is over this very moment is in line a moment later.
        let class = member.place.and_then(|place| queue.classes.get(place.class));
        let requirement = &class.ok_or(WhyNot::MemberRests)?.requirement;
        self.eligibility(now, tier, requirement, now.since(member.joined))?;
        Ok(())
    }

    /// Whether a member prefers the agent of this tier.
    fn is_preferred(&self, member: &Member, tier: TierId) -> bool {
        let agent = self.tiers.get(&tier).map(|tier| tier.agent_name.as_str());
        let is_own = |preferred: &PreferredAgents| agent.is_some_and(|agent| preferred.has(agent));
        member.preferred.as_deref().is_some_and(is_own)
    }
}
