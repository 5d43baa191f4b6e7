//! Chats beside a call: how many an agent has, and when there may be one more.
//!
//! One chat at a time is offered to an agent, so that a chat which rings several phones never rings one of them twice. What the row of
//! an agent says (state, leg, calls, talk time) is about calls alone: those who read it know of nothing else.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, OfferId};
use crate::engine::vocabulary::time::Timestamp;

impl Engine {
    /// A chat is being offered to an agent.
    pub(in crate::engine) fn note_chat_offered(&mut self, now: Timestamp, id: AgentId, offer: OfferId) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.chats.offered = Some(offer);
        agent.chats.last_offered = now;
        for tier in &agent.tiers {
            let queue = self.tiers.get(tier).map(|tier| tier.queue);
            if let Some(queue) = queue.and_then(|queue| self.queues.get_mut(&queue)) {
                queue.last_chat_offered = Some(*tier);
            }
        }
    }

    /// A chat has begun.
    pub(in crate::engine) fn note_chat_begun(&mut self, id: AgentId, offer: OfferId) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.chats.offered = None;
        agent.chats.running.insert(offer);
        agent.chats.answered = agent.chats.answered.saturating_add(1);
        self.forget_failures(id);
    }

    /// A chat is over: the wrap-up is the agent's own for chats, else the queue's, else everybody's; within the queue's limit.
    pub(in crate::engine) fn note_chat_ended(&mut self, now: Timestamp, offer: &Offer) {
        let pause = self.wrap_up_of_queue(offer.queue);
        let Some(agent) = self.agents.change(&offer.agent) else {
            return;
        };
        let chats = &mut agent.chats;
        chats.last_end = now;
        chats.talk_time = chats.talk_time.saturating_add(now.since(offer.bridged).secs().max(0));
        if holds(Mark::ChatsHaveAWrapUp) {
            chats.rests_until = now + pause.after(agent.limits.chat_wrap_up_time);
        }
        self.keep_chat_pause(offer.agent);
    }

    /// What keeps an agent from chats outlasts a restart.
    pub(in crate::engine) fn keep_chat_pause(&mut self, id: AgentId) {
        if let Some(agent) = self.agents.change(&id) {
            agent.keep_chat_pause(&self.wall);
        }
    }
}
