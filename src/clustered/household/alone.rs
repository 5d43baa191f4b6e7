//! A box that nobody leads: what it knows of waiting by itself.

use super::{Household, Speaker};
use crate::cluster::Phase;
use crate::engine::names::variable;
use crate::engine::{CancelReason, Input, MemberExit, Output, Span, VariableChange};

/// How a caller leaves a queue of whom nobody else says it.
enum Leaving {
    /// An agent has the caller.
    Served,
    /// A call was promised.
    Promised,
    Unserved(CancelReason),
}

impl Household {
    /// Lets callers go whose `max-wait-time` is over: nobody else will.
    pub(super) fn end_waits(&mut self, voice: &mut Speaker<'_>) {
        if is_alone(voice.phase()) {
            let deeds = self.home.end_waits(voice.cluster_time());
            self.fulfil(voice, deeds);
            self.set_alarm(voice);
        }
    }

    /// How long until that of one of them is over, while the box is alone.
    pub(super) fn next_end_of_wait(&self, voice: &Speaker<'_>) -> Option<Span> {
        let at = self.home.next_end_of_wait().filter(|_| is_alone(voice.phase()))?;
        Some(at.since(voice.cluster_time()))
    }

    /// What the channel is to say of itself that leaves a queue and has no answer: what the leader wants of it may come when its dialplan
    /// has gone on. None where something else has happened.
    pub(in crate::clustered) fn last_words(&self, input: &Input) -> Option<Output> {
        let Input::MemberExit { member, exit } = input else {
            return None;
        };
        let (channel, has_agent) = self.home.channel_of(*member)?;
        let leaving = if self.home.is_promised(*member) {
            // As whoever leads has it: a channel that is gone is told nothing.
            exit.channel_up.then_some(Leaving::Promised)?
        } else if has_agent && exit.reason.is_none() {
            Leaving::Served
        } else {
            Leaving::Unserved(exit.reason.unwrap_or(CancelReason::BreakOut))
        };
        Some(self.words_of(channel, &leaving))
    }

    /// The same for a channel whose joining has had no answer, and that leaves for this reason.
    pub(in crate::clustered) fn words_of_unanswered(&self, channel: &str, exit: MemberExit) -> Output {
        let leaving = Leaving::Unserved(exit.reason.unwrap_or(CancelReason::BreakOut));
        self.words_of(channel, &leaving)
    }

    fn words_of(&self, channel: &str, leaving: &Leaving) -> Output {
        let change = |name, value| VariableChange { name, value };
        let mut changes = vec![change(variable::AGENT_FOUND, None)];
        match leaving {
            Leaving::Unserved(reason) => {
                let epoch = (self.clocks.wall)().secs().to_string();
                changes.extend([
                    change(variable::QUEUE_CANCELED_EPOCH, Some(epoch)),
                    change(variable::CAUSE, Some("cancel".to_owned())),
                    change(variable::CANCEL_REASON, Some(reason.to_string())),
                ]);
            }
            Leaving::Served => changes.push(change(variable::CAUSE, Some("answered".to_owned()))),
            Leaving::Promised => changes.push(change(variable::CAUSE, Some("callback".to_owned()))),
        }
        Output::Variables {
            session_uuid: channel.to_owned(),
            changes,
        }
    }
}

/// Whether nobody counts on the box, nor it on anybody.
pub(in crate::clustered) fn is_alone(phase: Phase) -> bool {
    matches!(phase, Phase::Joining | Phase::Alone)
}
