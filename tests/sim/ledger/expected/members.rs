//! Members: how many there are, where none may be left, and why one is let go.

use crate::admission;
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{CancelReason, Event, MemberId, Span, Timestamp};

impl Ledger {
    /// Everybody is told how many members wait or are tried.
    pub(in crate::ledger) fn counts(&self, event: &Event) -> Finding {
        let right = self.count(event.header("CC-Queue").unwrap_or_default());
        if event.header("CC-Count") == Some(right.to_string().as_str()) {
            return Ok(());
        }
        Err(format!("{event:?} although there are {right}"))
    }

    /// Nobody may be left behind in a queue that has been deleted.
    pub(in crate::ledger) fn nobody_is_in(&self, queue: &str) -> Finding {
        match self.members.iter().find(|(_, member)| member.queue == queue) {
            Some((uuid, member)) => Err(format!("{queue} was deleted while {uuid} was in it: {member:?}")),
            None => Ok(()),
        }
    }

    /// Whoever is let go by a rule of this file is let go rightly.
    pub(in crate::ledger) fn leaves_for_a_reason(
        &self,
        now: Timestamp,
        member: MemberId,
        reason: CancelReason,
    ) -> Finding {
        let Some((uuid, queue)) = self.uuids.get(&member) else {
            return Ok(());
        };
        let (Some(config), Some(member)) = (self.queues.get(queue), self.members.get(uuid)) else {
            return Ok(());
        };
        let is_right = match reason {
            CancelReason::LeaveEmpty => config.leave_when_empty.is_some_and(|absences| {
                let asks = (queue.as_str(), &member.requirements);
                let waited = self
                    .places
                    .get(uuid)
                    .map_or(Span::ZERO, |place| now.since(place.joined));
                let own = member.still_prefers();
                admission::is_time(Some(absences)) || admission::is_empty(self, asks, (&own, waited), absences)
            }),
            CancelReason::DissuadeWait => {
                let waited = now.since(member.limits_from).secs();
                let limit = i64::from(config.dissuade_wait);
                admission::parts(config) && limit > 0 && waited >= limit
            }
            _ => true,
        };
        if is_right {
            return Ok(());
        }
        Err(format!("{uuid} is let go for {reason}: {member:?} {config:?}"))
    }
}
