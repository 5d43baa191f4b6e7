//! `agent-presence` is switched while the module runs.

use crate::engine::border::blf_key::BlfKey;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::tier::Tier;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::words::Media;

impl Engine {
    /// `agent-presence` has been switched: lamps show what is so, or go out.
    pub(in crate::engine) fn renew_blf_keys(&mut self) {
        let is_on = self.settings.agent_presence;
        for id in self.queues.loaded().to_vec() {
            self.note_staffing_of_queue(id);
            let Some(queue) = self.queues.get_mut(&id) else {
                continue;
            };
            let is_free = queue.has_free(Media::Audio);
            queue.has_free_told = is_on && is_free;
            let tiers: Vec<_> = queue.tiers.iter().filter_map(|tier| self.tiers.get(tier)).collect();
            let agents: Vec<_> = tiers.iter().filter_map(|tier| tier.agent).collect();
            let is_paused = |tier: &&&Tier| tier.present.is_some_and(|present| present.meets(Absences::PAUSED));
            let paused: Vec<_> = tiers
                .iter()
                .filter(is_paused)
                .map(|tier| tier.agent_name.clone())
                .collect();
            self.show(id, BlfKey::Free, is_on && !is_free);
            for agent in paused {
                self.show(id, BlfKey::Paused(agent), is_on);
            }
            for agent in agents {
                self.note_staffing_by_queue(agent);
            }
        }
    }
}
