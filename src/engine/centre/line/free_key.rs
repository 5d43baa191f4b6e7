//! The order in which a queue's free agents are chosen.

use crate::engine::vocabulary::ids::TierId;

/// The order in which a queue's free agents are chosen: the strategy's, within the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct FreeKey {
    pub level: i64,
    /// By `chat-dispatch-policy`; the same for everybody where it is about calls.
    pub load: i64,
    pub first: i64,
    pub second: i64,
    /// Decides between equals before the tier's age does, see [`name_order`].
    pub third: u128,
    pub tier: TierId,
}

/// The beginning of a name as a number that sorts as the name does: round-robin and top-down take equals by name, which
/// in stock follows from the way the two halves of their statement are put together. Names that share their first
/// sixteen bytes are taken by the age of their tiers.
pub(in crate::engine) fn name_order(name: &str) -> u128 {
    let mut beginning = [0; 16];
    for (to, from) in beginning.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    u128::from_be_bytes(beginning)
}
