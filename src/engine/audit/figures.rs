//! Members are counted, found, placed and announced to as looking at everybody says.

use super::Books;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::heard::announces_something;
use crate::engine::centre::member::Member;
use crate::engine::centre::timers::Timer;
use crate::engine::vocabulary::words::{Media, MemberState};
use std::collections::HashMap;

impl Books<'_> {
    /// What was changed of rows has been put out, at the end of a step.
    pub(super) fn check_rows_are_put_out(&self) {
        for (id, agent) in self.engine.agents.iter().filter(|(_, agent)| !agent.deleted) {
            assert!(!agent.row.is_news() && !agent.limits.is_news(), "the row of {id:?}");
        }
        for (id, member) in self.engine.members.iter().filter(|(_, member)| !member.is_served()) {
            assert!(!member.row.is_news(), "the row of {id:?}");
        }
    }

    /// The figures kept along the way are those of counting anew.
    pub(super) fn check_counts(&self) {
        for (id, queue) in self.engine.queues.iter() {
            let in_state = |state| {
                let members = self.engine.members.values();
                members
                    .filter(|member| member.queue == *id && !member.is_served() && member.row.state == state)
                    .count()
            };
            assert_eq!(
                queue.waiting,
                in_state(MemberState::Waiting),
                "waiting members of {}",
                queue.name
            );
            assert_eq!(
                queue.trying,
                in_state(MemberState::Trying),
                "tried members of {}",
                queue.name
            );
            let waits = |member: &Member| member.row.state.waits();
            let chats = self.engine.members.values().filter(|member| {
                member.queue == *id && !member.is_served() && waits(member) && member.facts.media == Media::Chat
            });
            assert_eq!(queue.waiting_chats, chats.count(), "chats of {}", queue.name);
            assert_eq!(
                queue.abandoned.len(),
                in_state(MemberState::Abandoned),
                "abandoned members of {}",
                queue.name
            );
            let counted = queue.present.values().sum::<usize>();
            assert_eq!(counted, queue.staff.agents, "present in {}", queue.name);
            self.check_staff(queue);
        }
    }

    /// Every member is found by its uuid, and nobody else.
    pub(super) fn check_uuids(&self) {
        let members = self.engine.members.iter();
        let expected: HashMap<&str, _> = members.map(|(id, member)| (member.row.uuid.as_str(), *id)).collect();
        let found = expected
            .iter()
            .all(|(uuid, id)| self.engine.members.of_uuid(uuid) == Some(*id));
        assert!(found && self.engine.members.uuids() == expected.len());
    }

    /// Whoever waits where there are announcements hears one, or will.
    pub(super) fn check_announcements(&self) {
        for (id, member) in self.engine.members.iter() {
            let config = self
                .engine
                .queues
                .get(&member.queue)
                .and_then(|queue| queue.config.as_ref());
            let heard = member.heard.as_ref();
            let plays = Engine::hears_something(member);
            let is_to_come = |config| heard.is_none_or(|heard| heard.first(config).is_some());
            let hears = member.facts.media == Media::Audio;
            assert!(hears || !plays, "{member:?} hears nothing");
            let announces = hears && config.is_some_and(|config| announces_something(config) && is_to_come(config));
            let waits = member.is_waiting_here();
            let is_due = self.engine.timers.at(Timer::Announcement(*id)).is_some();
            if announces && waits {
                assert_ne!(is_due, plays, "{member:?}");
            }
        }
    }

    /// A member's position is that of counting those who wait, best first.
    pub(super) fn check_positions(&self) {
        for (id, queue) in self.engine.queues.iter() {
            let of_queue = self.engine.members.iter().filter(|(_, member)| member.queue == *id);
            let waits = |member: &Member| member.row.state.waits();
            let mut order: Vec<_> = of_queue
                .filter(|(_, member)| waits(member))
                .map(|(id, member)| member.place_in_line(*id, 0))
                .collect();
            order.sort_unstable();
            for (before, place) in order.iter().enumerate() {
                assert_eq!(self.engine.position_of(place.member), Some(before + 1), "{place:?}");
            }
            assert_eq!(
                queue.waiting_order.nth(order.len()),
                None,
                "nobody else is in the order"
            );
            let first = queue.waiting_order.nth(0);
            let in_line = queue.classes.everybody();
            // Whoever looks for the next call passes a queue over by the first of the order.
            assert!(in_line
                .min()
                .is_none_or(|place| first.is_some_and(|first| first <= place)));
        }
    }
}
