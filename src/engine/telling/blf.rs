//! BLF keys beside a queue's own: what they show, and when. With the setting `agent-presence` only: each change costs the switch a look
//! at its subscriptions.

use crate::engine::border::blf_key::{blf_key_of, dialled, BlfKey};
use crate::engine::border::event::Presence;
use crate::engine::border::output::Output;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::QueueId;
use crate::engine::vocabulary::words::Media;

impl Engine {
    /// Tells of the queues in which the first agent has become free, or the last one is not any more.
    pub(in crate::engine) fn tell_free(&mut self) {
        let changed = std::mem::take(&mut self.aftermath.free);
        if !self.settings.agent_presence {
            return;
        }
        for id in changed {
            let Some(queue) = self.queues.get_mut(&id) else {
                continue;
            };
            let is_free = queue.has_free(Media::Audio);
            if std::mem::replace(&mut queue.has_free_told, is_free) != is_free {
                self.show(id, BlfKey::Free, !is_free);
            }
        }
    }

    /// Tells whether an agent is paused in a queue, where that has changed.
    pub(in crate::engine) fn tell_paused(
        &mut self,
        id: QueueId,
        agent: &str,
        before: Option<Absences>,
        now: Option<Absences>,
    ) {
        let is_paused = |present: Option<Absences>| present.is_some_and(|present| present.meets(Absences::PAUSED));
        if self.settings.agent_presence && is_paused(before) != is_paused(now) {
            self.show(id, BlfKey::Paused(agent.to_owned()), is_paused(now));
        }
    }

    /// Somebody watches a lamp; false when there is none of that name.
    pub(in crate::engine) fn show_watched(&mut self, name: &str) -> bool {
        let Some((queue, lamp)) = blf_key_of(name).filter(|_| self.settings.agent_presence) else {
            return false;
        };
        let Ok(id) = self.loaded_queue(&queue) else {
            return false;
        };
        let Some(queue) = self.queues.get(&id) else {
            return false;
        };
        let (lamp, is_lit) = match lamp {
            BlfKey::Free => (BlfKey::Free, !queue.has_free(Media::Audio)),
            BlfKey::Paused(agent) => {
                let mut tiers = queue.tiers.iter().filter_map(|tier| self.tiers.get(tier));
                let Some(tier) = tiers.find(|tier| dialled(&tier.agent_name) == agent) else {
                    return false;
                };
                let is_paused = tier.present.is_some_and(|present| present.meets(Absences::PAUSED));
                (BlfKey::Paused(tier.agent_name.clone()), is_paused)
            }
        };
        self.show(id, lamp, is_lit);
        true
    }

    pub(in crate::engine) fn show(&mut self, queue: QueueId, lamp: BlfKey, is_lit: bool) {
        let Some(queue) = self.queues.get(&queue) else { return };
        let queue = queue.name.clone();
        self.outputs
            .push_back(Output::Presence(Presence::BlfKey { queue, lamp, is_lit }));
    }
}
