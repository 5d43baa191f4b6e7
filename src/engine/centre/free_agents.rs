//! The orders of free agents: a tier is put in and taken out.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::RequirementClass;
use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::vocabulary::ids::TierId;
use crate::engine::vocabulary::words::Media;

impl Engine {
    /// Takes a tier out of all orders of free agents.
    pub(in crate::engine) fn leave_orders(&mut self, id: TierId) {
        for media in Media::ALL {
            self.set_free(id, *media, None);
        }
    }

    /// Puts a tier into the orders of free agents of its queue's classes that it fits, or takes it out of all for this medium.
    pub(in crate::engine) fn set_free(&mut self, id: TierId, media: Media, key: Option<FreeKey>) {
        let Some(tier) = self.tiers.get_mut(&id) else { return };
        let old = std::mem::replace(tier.free_for_mut(media), key);
        if old.is_none() && key.is_none() {
            return;
        }
        let Some(queue) = self.queues.get_mut(&tier.queue) else {
            return;
        };
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        if media == Media::Audio && self.settings.agent_presence && old.is_some() != key.is_some() {
            self.aftermath.free.insert(tier.queue);
        }
        let of_medium = |class: &&mut RequirementClass| class.requirement.media() == media;
        for class in queue.classes.iter_mut().filter(of_medium) {
            if let Some(old) = old {
                class.free.remove(&class.requirement.key(old));
            }
            if let (Some(key), Some(agent)) = (key, agent) {
                if class.requirement.accepts(agent.ability(), tier.level) {
                    class.free.insert(class.requirement.key(key));
                }
            }
        }
    }
}
