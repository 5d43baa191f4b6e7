//! Callers who are called back: how far they are, and what came of it.

use super::written::Writer;
use super::{by_word, of, with};
use crate::snapshot::Snapshot;
use std::fmt::Error;

/// How a callback can end: a rate needs a beginning, so each of them is there from the start.
const RESULTS: &[&str] = &["answered", "taken-live", "left", "cancelled", "declined", "expired"];

/// How it stands. Lists tell nothing of it.
pub(super) fn of_now(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    if snapshot.is_from_lists {
        return Ok(());
    }
    let callbacks = snapshot.queues.iter().flat_map(|queue| {
        let numbers = &queue.live.callbacks;
        let states = [
            ("pending", numbers.pending),
            ("attempting", numbers.attempting),
            ("reached", numbers.reached),
        ];
        states.map(|(state, count)| (with(queue, "state", state), count))
    });
    writer.gauge(
        "callbacks",
        "Callers to be called back: pending, attempting (being called), reached (waiting for an agent)",
        callbacks,
    )
}

/// What was counted since the module was loaded.
pub(super) fn of_results(writer: &mut Writer<'_>, snapshot: &Snapshot) -> Result<(), Error> {
    let requests = snapshot
        .queues
        .iter()
        .map(|queue| (of(queue), queue.total.callbacks_requested));
    writer.counter("callback_requests", "Callers who asked to be called back", requests)?;
    let results = snapshot.queues.iter().flat_map(|queue| {
        let counted = by_word(&queue.total.callbacks_by_result, RESULTS).into_iter();
        counted.map(move |(result, count)| (with(queue, "result", &result), count))
    });
    writer.counter(
        "callback_results",
        "Callbacks that have ended, by how they did",
        results,
    )
}
