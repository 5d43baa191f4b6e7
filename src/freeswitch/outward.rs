//! What others are told: BLF keys and the queue log.

pub mod presence;
pub mod queue_log;
