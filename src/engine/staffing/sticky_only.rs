//! Callers to whom `sticky-only` leaves the agents whom they prefer and nobody else: which of those could take them.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::prospects::{Prospect, Standing};
use crate::engine::centre::queue::Queue;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{MemberId, QueueId, TierId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::Media;

/// What decides which agents could take a caller.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Wishes<'a> {
    pub requirements: &'a CallerRequirements,
    pub preferred: Option<&'a PreferredAgents>,
    /// So long the caller has waited.
    pub waited: Span,
}

impl Wishes<'_> {
    /// What the caller asks of an agent, now and later.
    fn prospect(&self, queue: &Queue) -> Option<Prospect> {
        let config = queue.config.as_ref()?;
        Some(Prospect::of(config, self.requirements, self.waited))
    }
}

impl Engine {
    /// A member's wishes.
    pub(in crate::engine) fn wishes_of(&self, now: Timestamp, id: MemberId) -> Option<Wishes<'_>> {
        let member = self.members.get(&id)?;
        Some(Wishes {
            requirements: member.requirements(),
            preferred: member.preferred.as_deref(),
            waited: now.since(member.joined),
        })
    }

    /// The agents who alone may have such a caller: those whom it prefers, by their tiers; none where others may as well, because
    /// the queue says so or because none of them serves it.
    pub(in crate::engine) fn only_tiers(&self, queue: &Queue, wishes: &Wishes<'_>) -> Option<Vec<TierId>> {
        queue.config.as_ref().filter(|config| config.sticky_only)?;
        let names = wishes.preferred?.names().iter();
        let tiers = names.filter_map(|name| queue.tiers_by_agent.get(&**name).copied());
        let serves = |tier: &TierId| self.tiers.get(tier).is_some_and(|tier| tier.agent.is_some());
        let tiers: Vec<TierId> = tiers.filter(serves).collect();
        (!tiers.is_empty()).then_some(tiers)
    }

    /// How the agent of a tier is present for such a caller; none of one who is logged out or could never take it.
    fn present_for(&self, now: Timestamp, id: TierId, prospect: &Prospect) -> Option<Absences> {
        let tier = self.tiers.get(&id)?;
        let agent = self.agents.get(&tier.agent?)?;
        if !prospect.accepts(&Standing::of(agent, tier.level)) {
            return None;
        }
        match prospect.media() {
            Media::Audio => tier.present,
            media => self.present_in(id, agent.absences(now, media, &self.boxes), media),
        }
    }

    /// Those of these agents who are logged in and could take such a caller, sooner or later.
    pub(in crate::engine) fn prospects_among(
        &self,
        now: Timestamp,
        (queue, tiers): (&Queue, &[TierId]),
        wishes: &Wishes<'_>,
    ) -> Vec<TierId> {
        let Some(prospect) = wishes.prospect(queue) else {
            return Vec::new();
        };
        let is_there = |tier: &TierId| self.present_for(now, *tier, &prospect).is_some();
        tiers.iter().copied().filter(is_there).collect()
    }

    /// Whether all agents are absent so who alone may have such a caller; none where others may as well.
    pub(in crate::engine) fn are_only_agents_absent(
        &self,
        now: Timestamp,
        id: QueueId,
        wishes: &Wishes<'_>,
        absences: Absences,
    ) -> Option<bool> {
        let queue = self.queues.get(&id)?;
        let tiers = self.only_tiers(queue, wishes)?;
        let prospect = wishes.prospect(queue)?;
        let is_absent = |tier: &TierId| {
            let present = self.present_for(now, *tier, &prospect);
            present.is_none_or(|present| present.meets(absences))
        };
        Some(tiers.iter().all(is_absent) && holds(Mark::OnlyAgentsAreMissed))
    }
}
