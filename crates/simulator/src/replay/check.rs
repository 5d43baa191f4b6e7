//! The real day's figures, to see how near the played one comes.

use super::Replay;
use crate::study::{Days, SERVICE_LEVEL};
use crate::tally::{Outcome, QueueFigures, Slots, Stay};
use mod_callcenter::engine::{CallResult, CancelReason, Span};

/// A real day as its records have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    by_slot: Vec<QueueFigures>,
    /// The whole day.
    pub total: QueueFigures,
    /// How much was read.
    pub counts: String,
    /// What could not be used.
    pub broken: Vec<String>,
    /// How patient the callers are: seconds, and the share that would wait longer.
    pub patience: Vec<(f64, f64)>,
}

impl Check {
    /// The real day, in the slots of the played one.
    pub fn of(replay: &Replay, slots: Slots, service_level: Span) -> Self {
        let mut by_slot: Vec<QueueFigures> = Vec::new();
        let mut total = QueueFigures::default();
        for real in &replay.stays {
            let entered = replay.at(real.record.received);
            let stay = Stay {
                queue: real.record.queue.clone(),
                entered,
                wait: Span::from_millis(real.record.wait_ms),
                outcome: outcome(real.record.result, &real.record.cause),
            };
            let slot = slots.at(entered);
            if by_slot.len() <= slot {
                by_slot.resize(slot + 1, QueueFigures::default());
            }
            for figures in [&mut total, &mut by_slot[slot]] {
                figures.calls += 1;
                figures.count(&stay, service_level);
            }
        }
        let deeds: usize = replay.deeds.values().map(Vec::len).sum();
        let counts = format!(
            "Read: {} callers, {deeds} log-ins, log-outs and pauses of {} agents. Records and lines that cannot be used: {}{}",
            replay.stays.len(),
            replay.deeds.len(),
            replay.broken.len(),
            if replay.broken.is_empty() { "." } else { ":" },
        );
        Self {
            by_slot,
            total,
            counts,
            broken: replay.broken.clone(),
            patience: replay.patience_of_all.curve().to_vec(),
        }
    }

    /// The real figures of a slot.
    pub fn slot(&self, slot: usize) -> QueueFigures {
        self.by_slot.get(slot).copied().unwrap_or_default()
    }

    /// By how much the share answered in time is off in a slot, on average over the callers.
    pub fn error(&self, days: &Days) -> Option<f64> {
        let (mut sum, mut calls) = (0.0, 0.0);
        for (slot, real) in self.by_slot.iter().enumerate() {
            let played = days.slot(slot, &SERVICE_LEVEL).value;
            if let (Some(was), Some(is)) = (real.service_level(), played) {
                sum += (was - is).abs() * real.calls as f64;
                calls += real.calls as f64;
            }
        }
        (calls > 0.0).then_some(sum / calls)
    }
}

fn outcome(result: CallResult, cause: &str) -> Outcome {
    match (result, CancelReason::parse(cause)) {
        (CallResult::Answered, _) => Outcome::Answered,
        (_, Some(reason)) => Outcome::of_leaving(reason),
        (_, None) => Outcome::GaveUp(CancelReason::None),
    }
}
