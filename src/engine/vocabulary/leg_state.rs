//! What a standing leg is doing.

use serde::{Deserialize, Serialize};

/// What a standing leg is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LegState {
    /// There is no such channel, or it is not answered.
    #[default]
    Gone,
    /// It is up, and nobody is on the line but for a caller the queues have given it.
    Alone,
    /// Somebody else is on the line.
    Taken,
}
