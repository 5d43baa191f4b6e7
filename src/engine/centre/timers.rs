//! The engine's deadlines: at most one for each subject, soonest first.

use crate::engine::vocabulary::ids::{AgentId, BoxNumber, MemberId, OfferId, QueueId};
use crate::engine::vocabulary::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What a deadline is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Timer {
    /// An agent's wrap-up, delay or floor is over.
    AgentReady(AgentId),
    /// What keeps an agent from one more chat is over.
    AgentMayChat(AgentId),
    /// A member has waited long enough for the next tier level, or for another requirement.
    TierOpens(MemberId),
    /// A member may be offered to one more agent: the pace of ring-progressively, or `retry-delay` after an offer that failed.
    RingOneMore(MemberId),
    /// A member has waited as long as `max-wait-time` allows.
    MaxWait(MemberId),
    /// The member's own part of `max-wait-time-with-no-agent`.
    NoAgentForMember(MemberId),
    /// The queue's part of `max-wait-time-with-no-agent`.
    NoAgentInQueue(QueueId),
    /// `announce-frequency`.
    Announcement(MemberId),
    /// `dissuade-wait`.
    Dissuade(MemberId),
    /// `position-variable`: a line has moved.
    Positions(QueueId),
    /// `discard-abandoned-after`.
    Discard(MemberId),
    /// Whoever is on the way to a place that is kept has had the time to arrive.
    Succession(MemberId),
    /// A callback may be attempted.
    CallbackDue(MemberId),
    /// An attempt to call back whose end nobody has reported.
    CallbackOverdue(MemberId),
    /// `callback-expires`.
    CallbackExpires(MemberId),
    /// A cancelled offer whose end nobody has reported.
    CancelOverdue(OfferId),
    /// The talks that an unloaded module has left up on a box count no longer.
    LeftBox(BoxNumber),
    /// The watchdog looks round.
    WatchRound,
    /// The watchdog looks once more for what it has not found.
    SecondLook,
}

/// A table of deadlines.
#[derive(Debug, Default)]
pub(in crate::engine) struct Timers {
    by_time: BTreeSet<(Timestamp, Timer)>,
    by_subject: BTreeMap<Timer, Timestamp>,
}

impl Timers {
    /// Sets the subject's deadline, replacing an earlier one.
    pub fn set(&mut self, timer: Timer, at: Timestamp) {
        let old = self.by_subject.insert(timer, at);
        if old == Some(at) {
            return;
        }
        if let Some(old) = old {
            self.by_time.remove(&(old, timer));
        }
        self.by_time.insert((at, timer));
    }

    /// Forgets the subject's deadline; false when there was none.
    pub fn clear(&mut self, timer: Timer) -> bool {
        let old = self.by_subject.remove(&timer);
        old.is_some_and(|old| self.by_time.remove(&(old, timer)))
    }

    /// How many deadlines there are.
    pub fn len(&self) -> usize {
        self.by_time.len()
    }

    /// The subject's deadline.
    pub fn at(&self, timer: Timer) -> Option<Timestamp> {
        self.by_subject.get(&timer).copied()
    }

    /// The soonest deadline.
    pub fn next(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Takes the soonest deadline that has passed at `now`.
    pub fn take_due(&mut self, now: Timestamp) -> Option<Timer> {
        let (at, timer) = *self.by_time.first()?;
        if at > now {
            return None;
        }
        self.by_time.pop_first();
        self.by_subject.remove(&timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_has_one_deadline_and_the_soonest_comes_first() {
        let mut timers = Timers::default();
        timers.set(Timer::MaxWait(MemberId(1)), Timestamp::from_secs(9));
        timers.set(Timer::MaxWait(MemberId(2)), Timestamp::from_secs(5));
        timers.set(Timer::MaxWait(MemberId(1)), Timestamp::from_secs(3));
        timers.clear(Timer::MaxWait(MemberId(7)));
        assert_eq!(timers.next(), Some(Timestamp::from_secs(3)));
        assert_eq!(timers.take_due(Timestamp::from_secs(2)), None);
        assert_eq!(
            timers.take_due(Timestamp::from_secs(6)),
            Some(Timer::MaxWait(MemberId(1)))
        );
        assert_eq!(
            timers.take_due(Timestamp::from_secs(6)),
            Some(Timer::MaxWait(MemberId(2)))
        );
        assert_eq!(timers.next(), None);
    }
}
