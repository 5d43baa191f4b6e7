//! How many agents are logged in who could serve one kind of callers.

use crate::engine::vocabulary::time::Timestamp;

/// How many agents are logged in who could serve one kind of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Staff {
    pub agents: usize,
    /// Since when there has been none; none while there is one.
    pub nobody_since: Option<Timestamp>,
}

impl Staff {
    /// There are so many from now on. Whether the last one has just gone.
    pub fn set(&mut self, now: Timestamp, agents: usize) -> bool {
        let before = std::mem::replace(&mut self.agents, agents);
        if agents > 0 {
            self.nobody_since = None;
        } else if before > 0 {
            self.nobody_since = Some(now);
        }
        before > 0 && agents == 0
    }
}

impl Default for Staff {
    /// Nobody ever: stock counts from the epoch until an agent has been seen.
    fn default() -> Self {
        Self {
            agents: 0,
            nobody_since: Some(Timestamp::default()),
        }
    }
}
