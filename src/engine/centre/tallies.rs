//! What a queue and an agent have been through since the module was loaded: beside the figures of `stats`, which somebody may reset.

use crate::engine::border::histogram::{Bounds, Histogram};
use crate::engine::border::overview::LeaverOverview;
use crate::engine::border::tally::{Adds, AgentTally, Tally};
use crate::engine::centre::answer::Answer;
use crate::engine::centre::quarters::Quarters;
use crate::engine::vocabulary::time::{Span, WallTime};
use crate::engine::vocabulary::words::Media;
use std::collections::VecDeque;

/// So many of those who left unanswered are remembered of a queue.
const MOST_LEAVERS: usize = 50;

/// Something counted since the start and by the quarter of an hour.
#[derive(Debug)]
pub(in crate::engine) struct Counted<T> {
    pub total: T,
    pub quarters: Quarters<T>,
}

impl<T: Adds> Default for Counted<T> {
    fn default() -> Self {
        Self {
            total: T::default(),
            quarters: Quarters::default(),
        }
    }
}

impl<T: Adds> Counted<T> {
    /// Counts something that happens when the clock shows this.
    pub fn note(&mut self, at: WallTime, note: impl Fn(&mut T)) {
        note(&mut self.total);
        self.quarters.note(at, note);
    }
}

/// A queue's.
#[derive(Debug)]
pub(in crate::engine) struct Tallies {
    pub counted: Counted<Tally>,
    /// How long callers waited who were answered, who left by themselves, and whose wait was ended.
    pub answered_waits: Histogram,
    pub abandoned_waits: Histogram,
    pub released_waits: Histogram,
    pub talks: Histogram,
    /// How long phones rang that were answered.
    pub rings: Histogram,
    /// Who left unanswered, the latest last.
    pub leavers: VecDeque<LeaverOverview>,
}

impl Default for Tallies {
    fn default() -> Self {
        let waits = || Histogram::new(Bounds::of_waits(0));
        Self {
            counted: Counted::default(),
            answered_waits: waits(),
            abandoned_waits: waits(),
            released_waits: waits(),
            talks: Histogram::new(Bounds::of_talks()),
            rings: Histogram::new(Bounds::of_rings()),
            leavers: VecDeque::new(),
        }
    }
}

impl Tallies {
    /// A caller talks to an agent.
    pub fn note_answer(&mut self, at: WallTime, answer: &Answer, is_in_time: bool, service_level_seconds: u32) {
        let wait = answer.wait.max(Span::ZERO);
        self.counted.note(at, |tally| {
            tally.answered += 1;
            tally.answered_chats += u32::from(answer.media == Media::Chat);
            tally.answered_in_time += u32::from(is_in_time);
            tally.answered_outside_level += u32::from(answer.outside_level);
            tally.answered_by_preferred += u32::from(answer.by_preferred);
            tally.wait = tally.wait.and(wait);
            tally.longest_wait = tally.longest_wait.max(wait);
        });
        self.answered_waits.add_wait(wait, service_level_seconds);
        self.rings.add(answer.ring);
    }

    /// A caller leaves unanswered: in time or not, and perhaps outside the service level.
    pub fn note_leaver(
        &mut self,
        leaver: LeaverOverview,
        (is_in_time, outside_level): (bool, bool),
        service_level_seconds: u32,
    ) {
        let (waited, reason) = (leaver.waited, leaver.reason);
        self.counted.note(leaver.left, |tally| {
            tally.note_reason(reason);
            tally.left_in_time += u32::from(is_in_time);
            tally.left_outside_level += u32::from(outside_level);
            tally.left_wait = tally.left_wait.and(waited);
        });
        let waits = if reason.is_callers_own() {
            &mut self.abandoned_waits
        } else {
            &mut self.released_waits
        };
        waits.add_wait(waited, service_level_seconds);
        self.remember(leaver);
    }

    /// A talk is over.
    pub fn note_talk(&mut self, at: WallTime, talked: Span) {
        let talked = talked.max(Span::ZERO);
        self.counted.note(at, |tally| {
            tally.talks += 1;
            tally.talk = tally.talk.and(talked);
        });
        self.talks.add(talked);
    }

    fn remember(&mut self, leaver: LeaverOverview) {
        if self.leavers.len() == MOST_LEAVERS {
            self.leavers.pop_front();
        }
        self.leavers.push_back(leaver);
    }
}

/// An agent's.
pub(in crate::engine) type AgentTallies = Counted<AgentTally>;
