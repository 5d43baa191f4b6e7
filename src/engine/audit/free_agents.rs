//! Who is free stands in the orders, and nobody waits for whom.

use super::Books;
use crate::engine::vocabulary::words::Media;

impl Books<'_> {
    /// Who is in a queue's order of free agents is free, and stands there once.
    pub(super) fn check_free_agents(&self) {
        for queue in self.engine.queues.values() {
            for key in queue.classes.free(Media::Audio) {
                let tier = self.engine.tiers.get(&key.tier).expect("a free tier is there");
                assert_eq!(tier.free, Some(*key));
                assert!(
                    !self.engine.is_kept_by_device(tier, queue),
                    "{}'s phone is in use",
                    tier.agent_name
                );
                assert!(
                    !queue.pauses.contains_key(&tier.agent_name),
                    "{} is paused",
                    tier.agent_name
                );
                let agent = tier
                    .agent
                    .and_then(|agent| self.engine.agents.get(&agent))
                    .expect("its agent is there");
                let boxes = &self.engine.boxes;
                assert!(
                    agent.ready_at(Media::Audio, boxes).is_ok_and(|at| at <= self.now),
                    "{agent:?} is ready at {:?}",
                    self.now
                );
            }
        }
    }

    /// Who may be offered a chat stands in the order of the tier's queue, at the place of the queue's policy, and nobody else does.
    pub(super) fn check_free_to_chat(&self) {
        for (id, tier) in self.engine.tiers.iter() {
            let queue = self.engine.queues.get(&tier.queue).expect("its queue is there");
            let agent = tier.agent.and_then(|agent| self.engine.agents.get(&agent));
            let boxes = &self.engine.boxes;
            let ready = agent.filter(|agent| agent.ready_at(Media::Chat, boxes).is_ok_and(|at| at <= self.now));
            let expected = ready
                .filter(|_| !queue.is_paused(tier))
                .zip(queue.config.as_ref())
                .map(|(agent, config)| config.chat_dispatch_policy.rank(agent.chats.running.len()));
            let placed = tier
                .free_to_chat
                .filter(|key| queue.classes.free(Media::Chat).any(|free| free == key));
            assert_eq!(placed.map(|key| key.load), expected, "{id:?} {tier:?} {agent:?}");
        }
    }

    /// The promise of [`Engine`].
    pub(super) fn check_nobody_waits_for_a_free_agent(&self) {
        if !self.engine.dispatches() {
            return;
        }
        for queue in self.engine.queues.values() {
            for (_, class) in queue.classes.iter() {
                for key in &class.free {
                    let wait = queue.wait_for_level(class, key.level);
                    let best = class
                        .line
                        .best_of(wait, |member| !self.engine.is_kept_from(key.tier, member));
                    assert_eq!(best, None, "a member of {} could be served", queue.name);
                }
            }
        }
    }
}
