//! Which agents could ever serve a caller, absent as they may be: who is counted where the door asks, and where a wait goes on.
//!
//! A queue counts its agents for callers who bring no requirements, and beside that for each kind of requirements that was asked about lately. So the
//! question is answered without looking at agents.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::prospects::{
    are_all_absent, count_anew, Counted, Prospect, Prospects, Standing, KEPT_PROSPECTS, MOST_PROSPECTS,
};
use crate::engine::centre::requirement::Requirement;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{MemberId, QueueId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::Media;
use std::sync::Arc;

impl Engine {
    /// The queue asks for something else: its agents are to be counted anew afterwards, and its members noted.
    pub(in crate::engine) fn renew_prospects(&mut self, id: QueueId) {
        let Some(queue) = self.queues.get_mut(&id) else { return };
        let Some(config) = &queue.config else { return };
        queue.prospects = Prospects::beginning_with(Prospect::of(config, CallerRequirements::nothing(), Span::ZERO));
        for member in queue.members.clone() {
            if let Some(member) = self.members.books_of(&member) {
                (member.prospect, member.kind) = (None, None);
            }
        }
    }

    /// Counts a tier's agent where it would do for whoever asks, as it is with most queues; says whether that was so.
    fn is_counted_for_all(&mut self, id: TierId, present: Option<Absences>) -> bool {
        let Some(tier) = self.tiers.get_mut(&id) else {
            return true;
        };
        let queue = self.queues.get_mut(&tier.queue);
        let Some(queue) = queue.filter(|queue| queue.prospects.are_all_the_same()) else {
            return false;
        };
        let before = std::mem::replace(&mut tier.counted, present);
        if before != present {
            count_anew(&mut queue.present, before, present);
            self.aftermath.staffing.insert(tier.queue);
        }
        true
    }

    /// Counts a tier's agent, present so for calls, wherever the agent would do.
    pub(in crate::engine) fn count_in_prospects(&mut self, now: Timestamp, id: TierId, present: Option<Absences>) {
        if self.is_counted_for_all(id, present) {
            return;
        }
        let Some(tier) = self.tiers.get(&id) else { return };
        let (queue_id, before) = (tier.queue, tier.counted);
        let Some(queue) = self.queues.get(&queue_id) else {
            return;
        };
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        let standing = agent.map(|agent| Standing::of(agent, tier.level));
        let will_do = |prospect: &Prospect| standing.as_ref().is_some_and(|standing| prospect.accepts(standing));
        let own = present.filter(|_| will_do(&queue.prospects.own));
        let present_for = |prospect: &Prospect| match prospect.media() {
            Media::Audio => present,
            media => {
                present?;
                self.present_in(id, agent?.absences(now, media, &self.boxes), media)
            }
        };
        let others = queue.prospects.others.keys();
        let others: Vec<_> = others
            .map(|prospect| {
                (
                    present_for(prospect).filter(|_| will_do(prospect)),
                    Arc::clone(prospect),
                )
            })
            .collect();
        let mut is_news = own != before;
        if let Some(tier) = self.tiers.get_mut(&id) {
            tier.counted = own;
        }
        let Some(queue) = self.queues.get_mut(&queue_id) else {
            return;
        };
        if is_news {
            count_anew(&mut queue.present, before, own);
        }
        for (present, prospect) in others {
            if let Some(counted) = queue.prospects.others.get_mut(&prospect) {
                is_news |= counted.agents.get(&id).copied() != present;
                counted.set(id, present);
            }
        }
        if is_news {
            self.aftermath.staffing.insert(queue_id);
        }
    }

    /// A tier goes.
    pub(in crate::engine) fn leave_prospects(&mut self, queue: QueueId, id: TierId, counted: Option<Absences>) {
        let Some(queue) = self.queues.get_mut(&queue) else {
            return;
        };
        count_anew(&mut queue.present, counted, None);
        queue
            .prospects
            .others
            .values_mut()
            .for_each(|counted| counted.set(id, None));
    }

    /// Whether no agent could ever serve a caller of these requirements who comes now, where who is absent so does not count.
    pub(in crate::engine) fn is_empty_for(
        &mut self,
        now: Timestamp,
        id: QueueId,
        requirements: &CallerRequirements,
        absences: Absences,
    ) -> bool {
        let Some(config) = self.config_of(id) else { return false };
        let prospect = self.known_prospect(now, id, Prospect::of(config, requirements, Span::ZERO));
        self.is_hopeless(id, &prospect, absences)
    }

    fn is_hopeless(&self, id: QueueId, prospect: &Prospect, absences: Absences) -> bool {
        let queue = self.queues.get(&id);
        let counts = queue.map(|queue| queue.counts_for(prospect).unwrap_or(&queue.present));
        counts.is_none_or(|counts| are_all_absent(counts, absences))
    }

    /// The prospect, whose agents are counted from now on; the queue's own when there are too many.
    fn known_prospect(&mut self, now: Timestamp, id: QueueId, prospect: Prospect) -> Arc<Prospect> {
        let Some(queue) = self.queues.get_mut(&id) else {
            return Arc::new(prospect);
        };
        if prospect == *queue.prospects.own {
            return Arc::clone(&queue.prospects.own);
        }
        if let Some((known, _)) = queue.prospects.others.get_key_value(&prospect) {
            return Arc::clone(known);
        }
        if queue.prospects.others.len() >= KEPT_PROSPECTS {
            queue.prospects.others.retain(|_, counted| counted.waiting > 0);
        }
        if queue.prospects.others.len() >= MOST_PROSPECTS {
            return Arc::clone(&queue.prospects.own);
        }
        let prospect = Arc::new(prospect);
        let counted = self.counted_for(now, id, &prospect);
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.prospects.others.insert(Arc::clone(&prospect), counted);
        }
        prospect
    }

    /// The one step that looks at all agents of a queue: when somebody asks for what nobody has asked for lately.
    fn counted_for(&self, now: Timestamp, id: QueueId, prospect: &Prospect) -> Counted {
        let mut counted = Counted::default();
        let tiers = self.queues.get(&id).map(|queue| &queue.tiers);
        for id in tiers.into_iter().flatten() {
            let Some(tier) = self.tiers.get(id) else { continue };
            let media = prospect.media();
            let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
            let agent = agent.filter(|agent| prospect.accepts(&Standing::of(agent, tier.level)));
            let absences = agent.and_then(|agent| agent.absences(now, media, &self.boxes));
            counted.set(*id, self.present_in(*id, absences, media));
        }
        counted
    }

    /// Notes what a waiting member asks for from now on, where the wait ends when nobody could serve it any more.
    pub(in crate::engine) fn note_prospect(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let (queue_id, waits) = (member.queue, member.row.state.waits());
        let Some(queue) = self.queues.get(&queue_id) else {
            return;
        };
        let Some(config) = queue.config.as_ref().filter(|config| config.leave_when_empty.is_some()) else {
            return;
        };
        if !waits || member.is_away() || (member.requirements.is_none() && !queue.prospects.own.changes()) {
            return;
        }
        let prospect = Prospect::of(config, member.requirements(), now.since(member.joined));
        if member.prospect.as_deref() == Some(&prospect) {
            return;
        }
        let prospect = self.known_prospect(now, queue_id, prospect);
        self.release_prospect(id);
        let Some(queue) = self.queues.get_mut(&queue_id) else {
            return;
        };
        if let Some(counted) = queue.prospects.others.get_mut(&prospect) {
            counted.waiting += 1;
            if let Some(member) = self.members.books_of(&id) {
                member.prospect = Some(prospect);
            }
        }
        self.aftermath.staffing.insert(queue_id);
    }

    /// When a member who waits asks for something else, where the wait ends when nobody could serve it any more.
    pub(in crate::engine) fn prospect_changes(&self, now: Timestamp, id: MemberId) -> Option<Timestamp> {
        let member = self.members.get(&id)?;
        let is_over =
            member.has_exited() || member.is_leaving() || member.serving().is_some() || !member.row.state.waits();
        let config = self
            .config_of(member.queue)
            .filter(|config| config.leave_when_empty.is_some() && !is_over)?;
        let (_, changes) = Requirement::after(config, member.requirements(), now.since(member.joined));
        Some(member.joined + changes?)
    }

    /// A member does not wait any more, or asks for something else.
    pub(in crate::engine) fn release_prospect(&mut self, id: MemberId) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let Some(prospect) = member.prospect.take() else { return };
        let queue = self.queues.get_mut(&member.queue);
        if let Some(counted) = queue.and_then(|queue| queue.prospects.others.get_mut(&prospect)) {
            counted.waiting = counted.waiting.saturating_sub(1);
        }
    }

    /// Whether a member is not to wait now, because of `leave-when-empty`.
    pub(in crate::engine) fn is_left_by(&self, now: Timestamp, id: MemberId) -> bool {
        let Some(member) = self.members.get(&id) else {
            return false;
        };
        let absences = self.config_of(member.queue).and_then(|config| config.leave_when_empty);
        let (Some(absences), Some(queue)) = (absences, self.queues.get(&member.queue)) else {
            return false;
        };
        let prospect = member.prospect.as_ref().unwrap_or(&queue.prospects.own);
        let wishes = self.wishes_of(now, id);
        let own = wishes.and_then(|wishes| self.are_only_agents_absent(now, member.queue, &wishes, absences));
        own == Some(true) || self.is_hopeless(member.queue, prospect, absences)
    }

    /// Those who wait in a queue where nobody could serve them any more.
    pub(in crate::engine) fn forsaken(&self, now: Timestamp, id: QueueId) -> Vec<MemberId> {
        let absences = self.config_of(id).and_then(|config| config.leave_when_empty);
        let (Some(absences), Some(queue)) = (absences, self.queues.get(&id)) else {
            return Vec::new();
        };
        let is_empty = are_all_absent(&queue.present, absences);
        if !is_empty && queue.hopeless(absences).is_empty() {
            return Vec::new();
        }
        let members = queue.members.iter().copied().filter(|id| self.is_alone(*id));
        members.filter(|id| self.is_left_by(now, *id)).collect()
    }

    /// Whether a member waits, and nobody is offered it just now.
    pub(in crate::engine) fn is_alone(&self, id: MemberId) -> bool {
        let member = self.members.get(&id);
        member.is_some_and(|member| member.row.state.waits() && member.offers.is_empty() && member.serving().is_none())
    }
}
