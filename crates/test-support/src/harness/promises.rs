//! The order of events every client may rely on.

use super::event::Event;

/// Fails the test when the events break a promise: an offer before its member's start, an offer that ends
/// twice or a member that does.
pub fn check(events: &[&Event]) {
    for (at, event) in events.iter().enumerate() {
        match event.action() {
            "agent-offering" => check_offering(events, at),
            "bridge-agent-start" | "bridge-agent-fail" => check_end_of_offer(events, at),
            "bridge-agent-end" => check_end_of_talk(events, at),
            "member-queue-end" => check_end_of_member(events, at),
            _ => {}
        }
    }
}

fn same_member(a: &Event, b: &Event) -> bool {
    a.get("CC-Member-UUID") == b.get("CC-Member-UUID")
}

fn same_offer(a: &Event, b: &Event) -> bool {
    same_member(a, b) && a.get("CC-Agent") == b.get("CC-Agent")
}

fn is_one_of(event: &Event, actions: &[&str]) -> bool {
    actions.contains(&event.action())
}

fn check_offering(events: &[&Event], at: usize) {
    let started = events[..at].iter().any(|earlier| {
        is_one_of(earlier, &["member-queue-start", "member-queue-resume"]) && same_member(earlier, events[at])
    });
    assert!(started, "agent-offering before member-queue-start: {:?}", events[at]);
}

fn check_end_of_offer(events: &[&Event], at: usize) {
    let last = events[..at].iter().rev().find(|earlier| {
        is_one_of(earlier, &["agent-offering", "bridge-agent-start", "bridge-agent-fail"])
            && same_offer(earlier, events[at])
    });
    assert!(
        last.is_some_and(|last| last.is("agent-offering")),
        "{} without an open agent-offering: {:?}",
        events[at].action(),
        events[at]
    );
}

fn check_end_of_talk(events: &[&Event], at: usize) {
    let last = events[..at].iter().rev().find(|earlier| {
        is_one_of(earlier, &["bridge-agent-start", "bridge-agent-end"]) && same_offer(earlier, events[at])
    });
    assert!(
        last.is_some_and(|last| last.is("bridge-agent-start")),
        "bridge-agent-end without a start: {:?}",
        events[at]
    );
}

fn check_end_of_member(events: &[&Event], at: usize) {
    let ends = events[..at]
        .iter()
        .filter(|earlier| earlier.is("member-queue-end") && same_member(earlier, events[at]));
    let starts = events[..at].iter().filter(|earlier| {
        is_one_of(earlier, &["member-queue-start", "member-queue-resume"]) && same_member(earlier, events[at])
    });
    assert_eq!(
        ends.count() + 1,
        starts.count(),
        "member-queue-end does not match a start: {:?}",
        events[at]
    );
}
