//! Who comes first among the members whom an agent may serve.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::{RequirementClass, RequirementClassId};
use crate::engine::centre::line::places::Place;
use crate::engine::centre::queue::Queue;
use crate::engine::vocabulary::ids::{MemberId, TierId};
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::words::Strategy;
use std::cmp::Reverse;

/// A member's rank among the members of all queues: the queue's priority first, then the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Rank {
    priority: Reverse<u32>,
    pub place: Place,
}

impl Rank {
    /// The rank of who has this place in a queue.
    pub fn of(queue: &Queue, place: Place) -> Self {
        Self {
            priority: Reverse(queue.priority()),
            place,
        }
    }

    /// The queue's priority.
    pub fn priority(&self) -> u32 {
        self.priority.0
    }
}

impl Engine {
    /// The best member an agent may serve now through this tier, of those who have waited so long at least.
    pub(in crate::engine) fn best_member_through(&self, id: TierId, waited: Span) -> Option<Rank> {
        let tier = self.tiers.get(&id)?;
        if tier.free.is_none() && tier.free_to_chat.is_none() {
            return None;
        }
        let may_have = |member| !self.is_kept_from(id, member);
        let is_asked = self.callbacks.has_given_back();
        best_in_line(
            self.queues.get(&tier.queue)?,
            waited,
            (is_asked, may_have),
            |id, class| {
                let media = class.requirement.media();
                let key = class.requirement.key(tier.free_for(media)?);
                // Who is not in the class's order does not fit; in that of all is everybody.
                let fits = id == RequirementClassId::of_all(media) || class.free.contains(&key);
                fits.then_some(key.level)
            },
        )
    }
}

/// The best member of a queue, of those who have waited so long at least and whom an agent may have, for an agent who counts as of such a
/// level in a class, or does not fit there.
pub(in crate::engine) fn best_in_line(
    queue: &Queue,
    waited: Span,
    (is_asked, may_have): (bool, impl Fn(MemberId) -> bool),
    level: impl Fn(RequirementClassId, &RequirementClass) -> Option<i64>,
) -> Option<Rank> {
    // Only a member for whom phones may ring on, or whom somebody has given back, is not for everybody: nobody else is looked up.
    let asks = is_asked || queue.strategy.is_some_and(Strategy::rings_several);
    let mut best: Option<Place> = None;
    for (id, class) in queue.classes.iter() {
        if class.line.is_empty() {
            continue;
        }
        let Some(level) = level(id, class) else { continue };
        let wait = queue.wait_for_level(class, level).max(waited);
        let first = class.line.best_of(wait, |member| !asks || may_have(member));
        best = match (best, first) {
            (Some(best), Some(first)) => Some(best.min(first)),
            (best, first) => best.or(first),
        };
    }
    Some(Rank::of(queue, best?))
}
