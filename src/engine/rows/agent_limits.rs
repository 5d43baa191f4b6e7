//! What an agent has beyond stock's columns: limits for offers that are rejected, find the agent busy or the phone not
//! registered, how many of each there were in a row, and the pause of an agent whose phone is not registered. Also what decides when
//! an agent is ready again and stock's row cannot tell, so that a restart neither shortens nor lengthens a pause.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};

/// In place of the longest wrap-up: the agent has ended the last one before its time.
pub const WRAP_UP_IS_OVER: i64 = -1;

/// An agent's limits and how far they are used up: a row of the table `agents_limits`, which stands beside stock's so that
/// those stay stock's own. An agent whose limits are the default has no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentLimits {
    /// Seconds without offers after one that found the phone not registered.
    pub not_registered_delay_time: i64,
    /// Rejected offers in a row before the status is taken away; 0 is never.
    pub max_rejected: i64,
    /// Busy offers in a row before the status is taken away; 0 is never.
    pub max_busy: i64,
    /// Offers in a row to a phone that is not registered before the status is taken away; 0 is never.
    pub max_not_registered: i64,
    /// Chats at once, beside a call; 0 is none.
    pub max_chats: i64,
    /// Seconds without further chats after one; 0 is the queue's or the setting's `wrap-up-time`.
    pub chat_wrap_up_time: i64,
    /// Rejected offers in a row, as long as they have a limit.
    pub rejected_count: i64,
    /// Busy offers in a row, as long as they have a limit.
    pub busy_count: i64,
    /// Offers in a row to a phone that is not registered, as long as they have a limit.
    pub not_registered_count: i64,
    /// `max-wrap-up-time` of the queue of the last call: stock's row tells when that ended and what the agent's own wrap-up is, and not
    /// that this one was shorter. 0 is no limit, `WRAP_UP_IS_OVER` one that has ended the wrap-up already.
    pub longest_wrap_up: i64,
    /// When the pause between chats ends, epoch seconds; kept for agents who take any.
    pub chat_ready_time: i64,
}

impl Default for AgentLimits {
    /// No limits, and the five seconds that stock has built in.
    fn default() -> Self {
        Self {
            not_registered_delay_time: 5,
            max_rejected: 0,
            max_busy: 0,
            max_not_registered: 0,
            max_chats: 0,
            chat_wrap_up_time: 0,
            rejected_count: 0,
            busy_count: 0,
            not_registered_count: 0,
            longest_wrap_up: 0,
            chat_ready_time: 0,
        }
    }
}

impl AgentLimits {
    /// The columns that [`AgentLimits::count`] knows.
    pub const COUNTS: &'static [Named] = &[
        named(
            "rejected_count",
            Since::V0_1,
            means("Offers in a row that were rejected, where `max-rejected` limits them."),
        ),
        named(
            "busy_count",
            Since::V0_1,
            means("Offers in a row that were busy, where `max-busy` limits them."),
        ),
        named(
            "not_registered_count",
            Since::V0_1,
            means("Offers in a row that found no registered phone, where `max-not-registered` limits them."),
        ),
    ];

    /// A limit may have been lifted: what has none is not counted.
    pub(in crate::engine) fn forget_unlimited(&mut self) {
        let counts = [
            (self.max_rejected, &mut self.rejected_count),
            (self.max_busy, &mut self.busy_count),
            (self.max_not_registered, &mut self.not_registered_count),
        ];
        for (limit, count) in counts {
            if limit == 0 {
                *count = 0;
            }
        }
    }

    /// Starts counting anew. Says whether there was anything to forget.
    pub(in crate::engine) fn forget_counts(&mut self) -> bool {
        let before = *self;
        (self.rejected_count, self.busy_count, self.not_registered_count) = (0, 0, 0);
        before != *self
    }

    /// A count by the name of its column.
    pub fn count(&self, column: &str) -> Option<i64> {
        Some(match column {
            "rejected_count" => self.rejected_count,
            "busy_count" => self.busy_count,
            "not_registered_count" => self.not_registered_count,
            _ => return None,
        })
    }
}
