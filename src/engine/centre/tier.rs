//! One agent's place in one queue.

use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::centre::prospects::Standing;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::{AgentId, QueueId};
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
    /// How the queue counts it, where it could serve callers who bring no requirements.
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
