//! What is under way for an agent on a box and is not to be: a ring for a caller who is not there, a second talk. It is taken back, and
//! until that box has told its end the agent is offered nobody, or a phone would ring for two. Nor is an agent of whom rows alone tell a
//! talk, until the box of that talk has said what it has, or is given up.

use crate::engine::border::output::Output;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::adoption;
use crate::engine::vocabulary::ids::{AgentId, OfferId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::HangupCause;

/// How long that may take before the agent is given back all the same.
const PATIENCE: Span = Span::from_secs(10);

impl Engine {
    /// Takes something back. Where no agent of ours is known, nobody is kept for it.
    pub(in crate::engine) fn recall(&mut self, now: Timestamp, offer: OfferId, agent: Option<AgentId>) {
        self.outputs.push_back(Output::CancelRing {
            offer,
            cause: HangupCause::ORIGINATOR_CANCEL,
        });
        let Some(id) = agent else { return };
        if self.recalls.insert(offer, id).is_none() && adoption::holds(adoption::Mark::WhoIsTakenBackFromIsKept) {
            self.keep_from_offers(id);
        }
        self.timers.set(Timer::CancelOverdue(offer), now + PATIENCE);
    }

    /// Its end has been told, or has taken too long.
    pub(in crate::engine) fn end_recall(&mut self, offer: OfferId) {
        let Some(id) = self.recalls.remove(&offer) else { return };
        self.timers.clear(Timer::CancelOverdue(offer));
        self.give_back_to_offers(id);
    }

    /// A row tells that this agent talks there.
    pub(in crate::engine) fn note_said_to_talk(&mut self, instance: &str, agent: &str) {
        let known = self.agents.named(agent);
        let Some(id) = known.filter(|_| adoption::holds(adoption::Mark::WhoIsSaidToTalkIsNotFree)) else {
            return;
        };
        self.said_to_talk.entry(instance.to_owned()).or_default().push(id);
        self.keep_from_offers(id);
    }

    /// It is known now what is up on that box.
    pub(in crate::engine) fn end_said_to_talk(&mut self, instance: &str) {
        for id in self.said_to_talk.remove(instance).unwrap_or_default() {
            self.give_back_to_offers(id);
        }
    }

    fn keep_from_offers(&mut self, id: AgentId) {
        if let Some(agent) = self.agents.change(&id) {
            agent.recalls = agent.recalls.saturating_add(1);
        }
    }

    fn give_back_to_offers(&mut self, id: AgentId) {
        if self.agents.contains_key(&id) {
            if let Some(agent) = self.agents.change(&id) {
                agent.recalls = agent.recalls.saturating_sub(1);
            }
        }
    }
}
