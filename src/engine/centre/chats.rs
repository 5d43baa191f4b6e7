//! An agent's chats, and what the strategies ask of an agent.

use crate::engine::vocabulary::ids::OfferId;
use crate::engine::vocabulary::time::Timestamp;
use std::collections::BTreeSet;

/// An agent's chats, and what the strategies ask of them.
#[derive(Debug, Default)]
pub(in crate::engine) struct Chats {
    /// The one that is being offered, until member and agent are together.
    pub offered: Option<OfferId>,
    /// Those under way.
    pub running: BTreeSet<OfferId>,
    /// When the last one ended.
    pub last_end: Timestamp,
    /// When one was last offered.
    pub last_offered: Timestamp,
    /// How many there were since the agent became available, and seconds in them.
    pub answered: i64,
    pub talk_time: i64,
    /// When the wrap-up after the last one ends.
    pub rests_until: Timestamp,
    /// The agent may stand in the orders of those who are free to chat.
    pub is_placed: bool,
}

impl Chats {
    /// The agent has become available: what strategies count begins anew, as with calls.
    pub fn begin_anew(&mut self) {
        (self.answered, self.talk_time) = (0, 0);
    }
}

/// What the strategies ask of an agent, as it is for one medium.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Figures {
    pub last_end: Timestamp,
    pub last_offered: Timestamp,
    pub answered: i64,
    pub talk_time: i64,
}
