//! Notices a database that does not answer at all. The thread that writes cannot: its driver keeps it.

use super::{notice, Shared};
use crate::engine::NoticeLevel;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A database that has not answered for this long hangs, as far as the operator is concerned.
pub(super) const HANGING: Duration = Duration::from_secs(5);

/// Tells the operator, once in each trouble, of a transaction that has been under way for longer than `patience`. It sleeps
/// until one begins, then until that would be too long. Ends when the journal is stopped.
pub(super) fn run(shared: &Arc<Shared>, patience: Duration) {
    let mut state = shared.state.lock();
    while state.give_up_at.is_none() {
        let Some(since) = state.busy_since.filter(|_| !state.told) else {
            state.is_overseen = false;
            shared.begun.wait(&mut state);
            continue;
        };
        if since + patience > Instant::now() {
            shared.begun.wait_until(&mut state, since + patience);
            continue;
        }
        state.told = true;
        drop(state);
        let text = format!(
            "The call-centre database has not answered for {} seconds: its server hangs, or another transaction holds a lock. \
             See that the server runs, and end that transaction. Calls go on; changes are kept in memory and written when it \
             answers.",
            patience.as_secs()
        );
        (shared.report)(notice(NoticeLevel::Error, text));
        state = shared.state.lock();
    }
}
