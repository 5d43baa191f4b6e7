//! A thread for each lane: says what it is told, one statement after the other, and brings the answers back.

use crate::cluster::link::carrier::{Carried, Duties};
use crate::cluster::link::rows::StoredRows;
use crate::cluster::link::speaker::{Arrival, Speaker};
use crate::cluster::statements::{Lane, Statement};
use crate::cluster::tables::Tables;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;

/// Runs until nothing will be said any more.
pub(super) fn run<T: Tables, D: Duties<T>, R: StoredRows<T>>(
    carried: &Arc<Carried<T, D>>,
    lane: Lane,
    mut speaker: Speaker<T, R>,
    mut statements: UnboundedReceiver<Statement<T>>,
) {
    loop {
        match speaker.wait(&mut statements) {
            Arrival::Statement(statement) => {
                let answer = speaker.say(&statement);
                carried.answered(lane, answer, speaker.trouble());
            }
            Arrival::Hint => carried.hinted(),
            Arrival::Broken => carried.broken(lane, speaker.trouble()),
            Arrival::Over => return,
        }
    }
}
