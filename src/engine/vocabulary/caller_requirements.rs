//! What a caller asks of an agent, beside what the queue does.

use crate::engine::vocabulary::ids::BoxNumber;
use crate::engine::vocabulary::level_rules::LevelLimits;
use crate::engine::vocabulary::skills::RequiredSkills;
use crate::engine::vocabulary::words::Media;
use serde::{Deserialize, Serialize};

/// What a caller brings along, beside what the queue asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CallerRequirements {
    /// `cc_required_skills`: added to those of the queue.
    pub skills: RequiredSkills,
    /// `cc_max_level`, `cc_min_level`, `cc_raise_level`: where the queue's `level-rules` begin.
    pub levels: LevelLimits,
    /// Whether the caller talks or writes.
    pub media: Media,
    /// In a cluster, the box that has the caller: agents who stand on a channel of another one cannot be joined with it. It is the engine
    /// that knows.
    #[serde(skip)]
    pub at: Option<BoxNumber>,
}

impl CallerRequirements {
    /// What most callers bring along.
    pub(in crate::engine) fn nothing() -> &'static Self {
        static NOTHING: CallerRequirements = CallerRequirements {
            skills: RequiredSkills::NOTHING,
            levels: LevelLimits {
                max: None,
                min: None,
                raise: None,
                raises_order_only: false,
            },
            media: Media::Audio,
            at: None,
        };
        &NOTHING
    }

    /// These requirements as a member keeps them: none where there are none.
    pub(in crate::engine) fn kept(&self) -> Option<Box<Self>> {
        (self != Self::nothing()).then(|| Box::new(self.clone()))
    }
}
