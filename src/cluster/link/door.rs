//! What is looked at before a box takes part: whether the way to the server will do, and whether the others would understand it.

use crate::cluster::link::dsn::{Addresses, ANSWERED_WITHIN};
use crate::cluster::link::hints;
use crate::cluster::link::schema;
use crate::cluster::link::session::{Runner, Script, Session};
use crate::cluster::messages::VERSION;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A box that takes part has counted its beat up within this time.
const BEATS_WITHIN: Duration = Duration::from_millis(2_500);

/// From one look to the next.
const LOOK: Duration = Duration::from_millis(50);

/// Boxes that may be there and whose messages are none of ours: each with its version.
const STRANGERS: &str =
    "SELECT instance, version, beat FROM cluster_boxes WHERE standing IN ('here', 'expelled') AND abs(version - ";

/// Looks whether a box of this name can take part; false where the server is not reached, and nobody knows.
///
/// # Errors
/// In words for the operator: why it cannot, and what to do.
pub fn examine(addresses: &Addresses, instance: &str) -> Result<bool, String> {
    let runner = Runner::new()?;
    let deadline = Instant::now() + ANSWERED_WITHIN;
    let Ok(mut session) = Session::connect(&runner, addresses, deadline) else {
        return Ok(false);
    };
    match hints::listen(&mut session, &runner, instance, deadline) {
        Ok(true) => (),
        Ok(false) => return Err(hints::POOLER.to_owned()),
        Err(_) => return Ok(false),
    }
    if schema::prepare(&session, &runner, deadline).is_err() {
        // The connections that are kept tell of it.
        return Ok(false);
    }
    understands(&session, &runner)
}

/// Whether there is nobody who writes messages that are not read here, or whose messages are not read there.
fn understands(session: &Session, runner: &Runner) -> Result<bool, String> {
    let began = Instant::now();
    let mut known = BTreeMap::new();
    loop {
        let deadline = Instant::now() + ANSWERED_WITHIN;
        let Ok(Script::Done(rows)) = session.script(runner, deadline, &format!("{STRANGERS}{VERSION}) > 1")) else {
            return Ok(false);
        };
        for row in &rows {
            let [Some(name), Some(version), Some(beat)] = row.as_slice() else {
                continue;
            };
            let before = known.entry(name.clone()).or_insert_with(|| beat.clone());
            if before != beat {
                return Err(other_release(name, version));
            }
        }
        // One whose beat stands still is gone, whatever its row says.
        if rows.is_empty() || began.elapsed() >= BEATS_WITHIN {
            return Ok(true);
        }
        std::thread::sleep(LOOK);
    }
}

fn other_release(name: &str, version: &str) -> String {
    format!(
        "{name} takes part with a release whose messages are of version {version}, and this module writes version {VERSION}: boxes of \
         neighbouring releases understand one another. Upgrade the older ones first, one release after the other."
    )
}
