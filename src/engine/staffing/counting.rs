//! Which of a queue's agents could take a caller: `join-empty` and `leave-when-empty`. Each queue counts its agents by what
//! keeps them away, so that the question is answered without looking at agents.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::queue::Queue;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::{AgentId, QueueId, TierId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{Absence, Media};

impl Engine {
    /// An agent may have become present or absent: its queues will count anew, once for all that happens to it now.
    pub(in crate::engine) fn note_staffing(&mut self, now: Timestamp, id: AgentId) {
        self.aftermath.present.note(id);
        self.report_agent(now, id);
    }

    /// The agent may be present in one of its queues otherwise than in the others.
    pub(in crate::engine) fn note_staffing_by_queue(&mut self, id: AgentId) {
        self.aftermath.present.note(id);
        self.aftermath.present_by_queue.insert(id);
    }

    /// Has queues count their agents anew whose presence was noted. Most queues only ask who is paused: a call leaves that as it is,
    /// and their tiers are not looked at.
    pub(in crate::engine) fn count_noted_staffing(&mut self, now: Timestamp) {
        let by_queue = std::mem::take(&mut self.aftermath.present_by_queue);
        let noted = self.aftermath.present.take();
        for id in &noted {
            let Some(agent) = self.agents.books_of(id) else {
                continue;
            };
            let present = agent.absences(now, Media::Audio, &self.boxes);
            let is_paused = present.map(Absences::pause_alone);
            let in_all = std::mem::replace(&mut agent.counted, is_paused) != is_paused || by_queue.contains(id);
            if !in_all && self.staffed_queues.is_empty() {
                continue;
            }
            for tier in agent.tiers.clone() {
                if in_all || self.asks_for_staffing(tier) {
                    self.set_present(now, tier, self.present_in(tier, present, Media::Audio));
                }
            }
        }
        self.aftermath.present.give_back(noted);
    }

    /// Whether a tier's queue has to know more of its agents than whether they are paused.
    fn asks_for_staffing(&self, id: TierId) -> bool {
        let queue = self.tiers.get(&id).map(|tier| tier.queue);
        queue.is_some_and(|queue| self.staffed_queues.contains(&queue))
    }

    /// A queue has been loaded, or has other parameters. Its agents are to be counted anew afterwards.
    pub(in crate::engine) fn note_staffing_of_queue(&mut self, id: QueueId) {
        let watched = self.settings.agent_presence;
        let asks = |config: &QueueConfig| config.join_empty.or(config.leave_when_empty).is_some();
        if self.config_of(id).is_some_and(|config| watched || asks(config)) {
            self.staffed_queues.insert(id);
        } else {
            self.staffed_queues.remove(&id);
        }
    }

    /// Counts a tier's agent in its queue, as present so, or not at all.
    pub(in crate::engine) fn set_present(&mut self, now: Timestamp, id: TierId, present: Option<Absences>) {
        self.count_in_prospects(now, id, present);
        let Some(tier) = self.tiers.get_mut(&id) else { return };
        let before = std::mem::replace(&mut tier.present, present);
        let queue = tier.queue;
        let decides_for_own_callers = before.map(Absences::pause_alone) != present.map(Absences::pause_alone);
        let may_desert = self.queues.get(&queue).is_some_and(Queue::may_be_deserted);
        let is_told = before != present && self.settings.agent_presence;
        if !decides_for_own_callers && !may_desert && !is_told {
            return;
        }
        let agent = tier.agent_name.clone();
        if decides_for_own_callers {
            self.touch_own_callers(queue, &agent);
        } else {
            self.note_own_callers(queue, &agent);
        }
        if is_told {
            self.tell_paused(queue, &agent, before, present);
        }
    }

    /// How an agent, present so for this medium, counts in the queue of a tier: whatever keeps a ready agent from being offered its members
    /// keeps it away.
    pub(in crate::engine) fn present_in(
        &self,
        id: TierId,
        present: Option<Absences>,
        media: Media,
    ) -> Option<Absences> {
        let mut present = present?;
        let tier = self.tiers.get(&id)?;
        let queue = self.queues.get(&tier.queue)?;
        let agent = self.agents.get(&tier.agent?)?;
        let is_about_calls = media == Media::Audio;
        if queue.is_paused(tier) {
            present = present.with(Absence::Paused);
        }
        // In a call the states of tiers follow from it.
        if is_about_calls && agent.offer.is_none() && !self.is_usable(tier) {
            present = present.with(Absence::Unavailable);
        }
        if is_about_calls && (queue.minds_other_calls(agent) || self.is_kept_by_device(tier, queue)) {
            present = present.with(Absence::InUse);
        }
        if self.staffed_queues.contains(&tier.queue) {
            return Some(present);
        }
        Some(present.pause_alone())
    }
}
