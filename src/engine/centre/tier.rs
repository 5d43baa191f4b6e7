//! One agent's place in one queue.

use crate::engine::staffing::presence::Absences;
use crate::engine::staffing::prospects::Standing;
use crate::engine::vocabulary::ids::{AgentId, QueueId, TierId};
use crate::engine::vocabulary::words::{Media, TierState};

/// A tier. It may name an agent or a queue that does not exist (yet): stock keeps such rows.
#[derive(Debug)]
pub(in crate::engine) struct Tier {
    pub queue: QueueId,
    pub agent_name: String,
    pub agent: Option<AgentId>,
    pub state: TierState,
    pub level: i64,
    pub position: i64,
    /// The configuration names it: it goes when the configuration is read again and no longer does.
    pub configured: bool,
    /// Nobody made it: it stands for the skills that let the agent serve the queue. It is neither saved nor listed.
    pub by_skill: bool,
    /// Where the tier stands in its queue's order of all free agents, while the agent is free for that queue.
    pub free: Option<FreeKey>,
    /// The same for chats.
    pub free_to_chat: Option<FreeKey>,
    /// How the agent is present in the queue, while it is logged in.
    pub present: Option<Absences>,
    /// How the queue counts it, where it could serve callers who bring no wishes.
    pub counted: Option<Absences>,
    /// As what it counts among the agents who are logged in.
    pub logged_in: Option<Standing>,
}

impl Tier {
    /// Where the tier stands among those who are free for this medium.
    pub fn free_for(&self, media: Media) -> Option<FreeKey> {
        match media {
            Media::Audio => self.free,
            Media::Chat => self.free_to_chat,
        }
    }

    /// Where the place among those who are free for this medium is kept.
    pub fn free_for_mut(&mut self, media: Media) -> &mut Option<FreeKey> {
        match media {
            Media::Audio => &mut self.free,
            Media::Chat => &mut self.free_to_chat,
        }
    }
}

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
