//! Who ended a talk, or what.

use serde::{Deserialize, Serialize};

/// How a talk ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TalkEnd {
    /// The agent's leg ended first, or nobody knows better.
    #[default]
    Agent,
    /// The caller hung up.
    Caller,
    /// The caller was transferred and goes on elsewhere in the dialplan.
    BlindTransfer {
        /// The extension.
        extension: String,
        /// Its context.
        context: String,
    },
    /// The agent's phone had called somewhere without anybody to talk to there, a queue for instance, and has sent the caller after it.
    JoinedWithApplication {
        /// The extension.
        extension: String,
    },
    /// The caller was given to another call.
    AttendedTransfer {
        /// Whom the caller goes on talking to, as far as the switch says.
        to: String,
    },
}
