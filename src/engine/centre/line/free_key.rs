//! The order in which a queue's free agents are chosen.

use crate::engine::vocabulary::ids::TierId;

/// Where somebody stands in the order in which a queue's free agents are chosen: the strategy's, within the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct FreeKey {
    pub level: i64,
    /// By `chat-dispatch-policy`; the same for everybody where it is about calls.
    pub load: i64,
    pub turn: AgentTurn,
    pub tier: TierId,
}

/// What a strategy orders by. All of one queue are of one kind; instants and times are as the agents' figures have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum AgentTurn {
    /// longest-idle-agent: whose last talk ended first.
    LongestIdle { last_end: i64, position: i64 },
    /// agent-with-least-talk-time.
    LeastTalkTime { talk_time: i64, position: i64 },
    /// agent-with-fewest-calls.
    FewestCalls { answered: i64, position: i64 },
    /// ring-all, ring-progressively: the position alone.
    Position(i64),
    /// random, wrandom: a lot that was drawn when the agent took the place.
    Lot(i64),
    /// sequentially-by-agent-order, sequentially-by-next-agent-order.
    Sequence { position: i64, last_offered: i64 },
    /// round-robin, top-down: equals are taken by name, see [`NameOrder`].
    Round {
        position: i64,
        last_offered: i64,
        name: NameOrder,
    },
}

impl AgentTurn {
    /// Nobody comes before this, whatever the strategy.
    pub const FIRST: AgentTurn = AgentTurn::LongestIdle {
        last_end: i64::MIN,
        position: i64::MIN,
    };

    /// Behind everybody of this position, where a round goes on after it.
    pub const fn behind(position: i64) -> Self {
        AgentTurn::Round {
            position,
            last_offered: i64::MAX,
            name: NameOrder::LAST,
        }
    }
}

/// The beginning of a name, in an order that sorts as names do: round-robin and top-down take equals by name, which in stock follows from
/// the way the two halves of their statement are put together. Names that share their first sixteen bytes are taken by the age of
/// their tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct NameOrder(u64, u64);

impl NameOrder {
    const LAST: NameOrder = NameOrder(u64::MAX, u64::MAX);

    /// Where a name stands.
    pub fn of(name: &str) -> Self {
        let part = |at: usize| {
            let mut bytes = [0; 8];
            for (to, from) in bytes.iter_mut().zip(name.bytes().skip(at)) {
                *to = from;
            }
            u64::from_be_bytes(bytes)
        };
        Self(part(0), part(8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_as_they_sort() {
        let mut names = ["b", "", "a", "1001@default", "1001@defaulu", "1001", "zzzzzzzzzzzzzzzz"];
        names.sort_unstable();
        assert!(names
            .windows(2)
            .all(|two| NameOrder::of(two[0]) < NameOrder::of(two[1])));
        assert!(NameOrder::of(names[6]) < NameOrder::LAST);
    }
}
