//! What is under way for an agent on a box and is not to be: a ring for a caller who is not there, a second talk. It is taken back, and
//! until that box has told its end the agent is offered nobody, or a phone would ring for two.

use crate::engine::border::output::Output;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
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
        if self.recalls.insert(offer, id).is_none() {
            if let Some(agent) = self.agents.change(&id) {
                agent.recalls = agent.recalls.saturating_add(1);
            }
        }
        self.timers.set(Timer::CancelOverdue(offer), now + PATIENCE);
    }

    /// Its end has been told, or has taken too long.
    pub(in crate::engine) fn end_recall(&mut self, offer: OfferId) {
        let Some(id) = self.recalls.remove(&offer) else { return };
        self.timers.clear(Timer::CancelOverdue(offer));
        if self.agents.contains_key(&id) {
            if let Some(agent) = self.agents.change(&id) {
                agent.recalls = agent.recalls.saturating_sub(1);
            }
        }
    }
}
