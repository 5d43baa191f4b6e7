//! What has come of callers and offers in some stretch of time. Tallies of neighbouring stretches add up; nobody resets one.

use crate::engine::border::callback::CallbackCounts;
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::words::{CallResult, CancelReason};

/// How an offer fails.
const FAILURES: [CallResult; 4] = [
    CallResult::NoAnswer,
    CallResult::Busy,
    CallResult::Rejected,
    CallResult::Failed,
];

/// Something that adds up.
pub trait Adds: Copy + Default {
    /// Adds what was counted in another stretch of time.
    fn add(&mut self, other: &Self);
}

/// What has come of a queue's callers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Callers who came, those included who were refused.
    pub calls: u32,
    /// Callers who talked to an agent.
    pub answered: u32,
    /// Those of them that were chats.
    pub answered_chats: u32,
    /// Of the answered, those within `service-level-seconds`.
    pub answered_in_time: u32,
    /// Of those who left unanswered, those within `service-level-seconds`.
    pub left_in_time: u32,
    /// Offers that were made.
    pub offers: u32,
    /// Talks that are over.
    pub talks: u32,
    /// Time until the agent answered, of all answered together.
    pub wait: Span,
    /// The longest of these times.
    pub longest_wait: Span,
    /// Time until they left, of all together who left unanswered.
    pub left_wait: Span,
    /// Time talked, of all talks that are over.
    pub talk: Span,
    /// Of the answered, those whom an agent had whom they prefer.
    pub answered_by_preferred: u32,
    /// Of the answered, those who do not count in the service level (`callback-service-level`).
    pub answered_outside_level: u32,
    /// Of those who left unanswered, those who do not count in it.
    pub left_outside_level: u32,
    /// Of those who were to be called back.
    pub callbacks: CallbackCounts,
    by_reason: [u32; CancelReason::ALL.len()],
    failed: [u32; FAILURES.len()],
}

impl Tally {
    /// Counts a caller who has left unanswered, or was refused, for this reason.
    pub(in crate::engine) fn note_reason(&mut self, reason: CancelReason) {
        if let Some(count) = self.by_reason.get_mut(reason as usize) {
            *count += 1;
        }
    }

    /// Counts an offer that has ended so, if that is a failure.
    pub(in crate::engine) fn note_result(&mut self, result: CallResult) {
        let place = FAILURES.iter().position(|failure| *failure == result);
        if let Some(count) = place.and_then(|place| self.failed.get_mut(place)) {
            *count += 1;
        }
    }

    /// Callers who were refused at the door.
    pub fn refused(&self) -> u32 {
        self.with(CancelReason::is_refusal)
    }

    /// Callers who left by themselves.
    pub fn abandoned(&self) -> u32 {
        self.with(CancelReason::is_callers_own)
    }

    /// Callers whose wait was ended by a limit of the queue or by a supervisor.
    pub fn released(&self) -> u32 {
        self.with(|reason| !reason.is_refusal() && !reason.is_callers_own())
    }

    fn with(&self, is_meant: impl Fn(CancelReason) -> bool) -> u32 {
        self.reasons()
            .filter(|(reason, _)| is_meant(*reason))
            .map(|(_, count)| count)
            .sum()
    }

    /// Each reason for which callers left unanswered or were refused, and how many they were.
    pub fn reasons(&self) -> impl Iterator<Item = (CancelReason, u32)> + '_ {
        let all = CancelReason::ALL.iter().copied().zip(self.by_reason);
        all.filter(|(_, count)| *count > 0)
    }

    /// Each way in which offers failed, and how many did.
    pub fn failures(&self) -> impl Iterator<Item = (CallResult, u32)> + '_ {
        FAILURES.into_iter().zip(self.failed).filter(|(_, count)| *count > 0)
    }
}

impl Adds for Tally {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.answered += other.answered;
        self.answered_chats += other.answered_chats;
        self.answered_in_time += other.answered_in_time;
        self.left_in_time += other.left_in_time;
        self.offers += other.offers;
        self.talks += other.talks;
        self.wait = self.wait.and(other.wait);
        self.longest_wait = self.longest_wait.max(other.longest_wait);
        self.left_wait = self.left_wait.and(other.left_wait);
        self.talk = self.talk.and(other.talk);
        self.answered_by_preferred += other.answered_by_preferred;
        self.answered_outside_level += other.answered_outside_level;
        self.left_outside_level += other.left_outside_level;
        self.callbacks.add(&other.callbacks);
        for (count, more) in self.by_reason.iter_mut().zip(other.by_reason) {
            *count += more;
        }
        for (count, more) in self.failed.iter_mut().zip(other.failed) {
            *count += more;
        }
    }
}

/// What an agent has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgentTally {
    /// Offers made to the agent.
    pub offers: u32,
    /// Calls and chats the agent took.
    pub answered: u32,
    /// Those of them that were chats.
    pub answered_chats: u32,
    /// Offers the agent's side did not take.
    pub missed: u32,
    /// Time talked, of all talks that are over.
    pub talk: Span,
}

impl Adds for AgentTally {
    fn add(&mut self, other: &Self) {
        self.offers += other.offers;
        self.answered += other.answered;
        self.answered_chats += other.answered_chats;
        self.missed += other.missed;
        self.talk = self.talk.and(other.talk);
    }
}

/// Whether this is an offer that the agent's side did not take.
pub(in crate::engine) fn is_failure(result: CallResult) -> bool {
    FAILURES.contains(&result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_counted_once_and_tallies_add_up() {
        let mut tally = Tally::default();
        for reason in CancelReason::ALL {
            tally.note_reason(*reason);
        }
        assert_eq!((tally.abandoned(), tally.released(), tally.refused()), (3, 10, 6));
        for result in CallResult::ALL {
            tally.note_result(*result);
        }
        let failures: Vec<_> = tally
            .failures()
            .map(|(result, count)| (result.as_str(), count))
            .collect();
        assert_eq!(
            failures,
            [("no-answer", 1), ("busy", 1), ("rejected", 1), ("failed", 1)]
        );
        tally.longest_wait = Span::from_secs(7);
        let mut both = tally;
        both.add(&tally);
        assert_eq!((both.abandoned(), both.failures().count()), (6, 4));
        assert_eq!(both.longest_wait, Span::from_secs(7));
    }
}
