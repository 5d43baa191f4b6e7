//! What one day came to, when it is over.

use crate::tally::{seconds, AgentFigures, Outcome, QueueFigures, Slots, Stay, Tally, Times};
use mod_callcenter::engine::{Span, Timestamp};
use std::collections::BTreeMap;

/// How long a step of the distribution of waits is.
pub const STEP_OF_WAITS: f64 = 5.0;
/// How many steps there are; the last has all that is longer.
const STEPS_OF_WAITS: usize = 241;

/// A day's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct DayFigures {
    /// The slots of the day.
    pub slots: Slots,
    /// The parts of slots in which `line` is counted.
    pub line_slots: Slots,
    /// When the day was over.
    pub ended: Timestamp,
    /// All queues together.
    pub total: QueueFigures,
    /// Each queue, in the order of their names.
    pub queues: BTreeMap<String, QueueDay>,
    /// All queues together, by the slot in which the callers came.
    pub by_slot: Vec<QueueFigures>,
    /// Each agent.
    pub agents: BTreeMap<String, AgentFigures>,
    /// What all agents did, by slot.
    pub staff: Vec<Times>,
    /// How many waited, on average and at most.
    pub line: Vec<(f64, f64)>,
    /// How many of the answered, and of those who left the line unanswered, waited up to so many steps.
    pub waits: Vec<(u64, u64)>,
    /// Who was not served, by queue and reason.
    pub unserved: BTreeMap<(String, Outcome), u64>,
}

/// A queue's day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueueDay {
    /// The whole day.
    pub total: QueueFigures,
    /// By the slot in which the callers came.
    pub by_slot: Vec<QueueFigures>,
}

impl DayFigures {
    /// The figures of a day that ended then. `until` is the end of its last slot that is shown.
    pub fn of(mut tally: Tally, ended: Timestamp, until: Timestamp) -> Self {
        tally.close(ended);
        let slots = tally.slots();
        let count = slots.at(until + Span::from_micros(-1)) + 1;
        let agents = tally.agents(ended);
        let mut staff = vec![Times::default(); count];
        for agent in agents.values() {
            for (slot, times) in staff.iter_mut().enumerate() {
                *times = times.plus(&agent.by_slot.get(slot));
            }
        }
        let mut figures = Self {
            slots,
            line_slots: tally.line().slots(),
            ended,
            total: tally.total(),
            queues: BTreeMap::new(),
            by_slot: vec![QueueFigures::default(); count],
            agents,
            staff,
            line: tally.line().waiting(),
            waits: vec![(0, 0); STEPS_OF_WAITS],
            unserved: tally.without_an_agent(),
        };
        for (name, total) in tally.queues() {
            let queue = QueueDay {
                total: *total,
                by_slot: vec![QueueFigures::default(); count],
            };
            figures.queues.insert(name.clone(), queue);
        }
        let service_level = tally.service_level();
        for stay in tally.stays() {
            figures.book(stay, service_level);
        }
        figures
    }

    fn book(&mut self, stay: &Stay, service_level: Span) {
        let slot = self.slots.at(stay.entered);
        let queue = self.queues.get_mut(&stay.queue).map(|queue| &mut queue.by_slot);
        for by_slot in std::iter::once(&mut self.by_slot).chain(queue) {
            if let Some(figures) = by_slot.get_mut(slot) {
                figures.calls += 1;
                figures.count(stay, service_level);
            }
        }
        if matches!(stay.outcome, Outcome::Refused(_)) {
            return;
        }
        let step = ((seconds(stay.wait) / STEP_OF_WAITS) as usize).min(STEPS_OF_WAITS - 1);
        let (answered, left) = &mut self.waits[step];
        if stay.outcome == Outcome::Answered {
            *answered += 1;
        } else {
            *left += 1;
        }
    }

    /// The slots of a queue, or of all of them; none where there is no such queue.
    pub fn slots_of(&self, queue: Option<&str>) -> &[QueueFigures] {
        match queue {
            None => &self.by_slot,
            Some(name) => self.queues.get(name).map_or(&[], |queue| &queue.by_slot),
        }
    }

    /// What all agents did, in all.
    pub fn team(&self) -> Times {
        let agents = self.agents.values();
        agents.fold(Times::default(), |sum, agent| sum.plus(&agent.times))
    }
}
