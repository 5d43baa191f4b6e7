//! `sticky-only`: callers to whom the agents whom they prefer are left, and nobody else.

use super::*;

#[test]
fn sticky_only_lets_nobody_else_have_the_caller() {
    let mut centre = two_agents(QueueConfig {
        sticky_only: true,
        max_wait_time: 300,
        ..sticky()
    });
    let second = centre.engage("a2");
    centre.caller_of("100", "a2");
    centre.pass(200);
    assert_eq!(centre.rung(), []);
    centre.hang_up(&second);
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a2");
    centre.fail(&ring, HangupCause::NO_ANSWER);
    centre.status("a2", "Logged Out");
    centre.pass(50);
    assert_eq!(centre.rung(), []);
    centre.caller_of("101", "nobody");
    assert_eq!(
        centre.rung(),
        [pair("101", "a1")],
        "an agent who does not serve the queue is nobody"
    );
    centre.pass(60);
    assert!(centre.outputs.iter().any(|output| matches!(output, Output::Release(_))));
}

#[test]
fn who_serves_the_queue_no_more_keeps_nobody_even_with_sticky_only() {
    let mut centre = two_agents(QueueConfig {
        sticky_only: true,
        ..sticky()
    });
    centre.status("a2", "Logged Out");
    centre.caller_of("100", "a2");
    assert_eq!(centre.rung(), []);
    centre.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "a2".to_owned(),
    });
    assert_eq!(centre.rung(), [pair("100", "a1")]);
}

#[test]
fn the_door_knows_who_alone_would_do() {
    let config = QueueConfig {
        sticky_only: true,
        reject_on_no_agents: true,
        join_empty: Some(Absences::PAUSED),
        ..sticky()
    };
    let mut centre = two_agents(config);
    let refused = |centre: &mut Centre| match centre.tell(Input::MemberJoin(wants("100", "a2"))) {
        Reply::Refused { reason, .. } => Some(reason),
        _ => None,
    };
    centre.status("a2", "On Break");
    assert_eq!(refused(&mut centre), Some(CancelReason::JoinEmpty));
    centre.status("a2", "Logged Out");
    assert_eq!(refused(&mut centre), Some(CancelReason::NoAgents));
    centre.status("a2", "Available");
    assert_eq!(refused(&mut centre), None);
}

/// A queue whose callers have preferred agents or none, and leave when those are all logged out or on a break.
fn left_when_empty() -> QueueConfig {
    QueueConfig {
        sticky_only: true,
        leave_when_empty: Some(Absences::PAUSED),
        retry_delay: 5,
        ..sticky()
    }
}

impl Centre {
    /// Why members were let go since somebody asked.
    fn sent_away(&mut self) -> Vec<(MemberId, CancelReason)> {
        let releases = std::mem::take(&mut self.outputs).into_iter();
        releases
            .filter_map(|output| match output {
                Output::Release(release) => Some((release.member, release.reason)),
                _ => None,
            })
            .collect()
    }
}

#[test]
fn who_has_nobody_left_leaves_the_queue_and_the_others_wait_on() {
    let mut centre = two_agents(left_when_empty());
    centre.engage("a1");
    centre.engage("a2");
    let own = centre.caller_of("100", "a2");
    centre.caller_of("101", "a1,a2");
    centre.caller_of("102", "");
    centre.caller_of("103", "nobody");
    assert_eq!(centre.sent_away(), []);
    centre.status("a2", "On Break");
    assert_eq!(centre.sent_away(), [(own, CancelReason::LeaveEmpty)]);
}

#[test]
fn who_comes_for_an_agent_who_is_gone_leaves_at_once() {
    let mut centre = two_agents(left_when_empty());
    centre.engage("a1");
    centre.status("a2", "Logged Out");
    let own = centre.caller_of("100", "a2");
    assert_eq!(centre.sent_away(), [(own, CancelReason::LeaveEmpty)]);
}

#[test]
fn an_agent_who_could_never_take_the_caller_is_as_one_who_is_gone() {
    let mut centre = two_agents(left_when_empty());
    centre.engage("a1");
    let mut request = wants("100", "a2");
    request.requirements.skills = RequiredSkills::parse("french").expect("a skill");
    let own = centre.joins(request);
    assert_eq!(centre.sent_away(), [(own, CancelReason::LeaveEmpty)]);
}

#[test]
fn who_was_being_offered_when_the_last_own_agent_went_leaves_after_that() {
    let mut centre = two_agents(left_when_empty());
    let own = centre.caller_of("100", "a2");
    let ring = centre.one_ring();
    centre.status("a2", "On Break");
    centre.fail(&ring, HangupCause::ORIGINATOR_CANCEL);
    assert_eq!(centre.sent_away(), [(own, CancelReason::LeaveEmpty)]);
}

#[test]
fn an_own_agent_who_goes_between_two_offers_is_missed_too() {
    let mut centre = two_agents(left_when_empty());
    let own = centre.caller_of("100", "a2");
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert_eq!(centre.sent_away(), []);
    centre.status("a2", "Logged Out");
    assert_eq!(centre.sent_away(), [(own, CancelReason::LeaveEmpty)]);
}

#[test]
fn the_last_tier_of_an_own_agent_that_goes_leaves_one_who_is_gone_alone() {
    let mut centre = two_agents(left_when_empty());
    centre.engage("a1");
    centre.status("a2", "Logged Out");
    let own = centre.caller_of("100", "a2,a1");
    assert_eq!(centre.sent_away(), []);
    centre.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "a1".to_owned(),
    });
    assert_eq!(centre.sent_away(), [(own, CancelReason::LeaveEmpty)]);
}

#[test]
fn who_is_told_of_other_rules_while_waiting_leaves_by_them() {
    let mut centre = two_agents(sticky());
    centre.engage("a1");
    centre.status("a2", "Logged Out");
    let own = centre.caller_of("100", "a2");
    assert_eq!(centre.sent_away(), []);
    centre.tell(Input::LoadQueue(left_when_empty()));
    assert_eq!(centre.sent_away(), [(own, CancelReason::LeaveEmpty)]);
}

/// Two agents who talk, and a line that has moved once a minute.
fn at_a_pace(config: QueueConfig) -> Centre {
    let mut centre = two_agents(config);
    centre.engage("a1");
    centre.engage("a2");
    let first = centre.caller_of("first", "");
    centre.pass(60);
    centre.leave(first);
    centre
}

#[test]
fn an_estimate_counts_on_the_agents_alone_who_will_take_the_caller() {
    let dissuading = |limit| QueueConfig {
        sticky_only: true,
        dissuade_estimated_wait: limit,
        dissuade_hangup: true,
        ..sticky()
    };
    let comes_in = |limit: u32, preferred: &str| {
        let mut centre = at_a_pace(dissuading(limit));
        matches!(
            centre.tell(Input::MemberJoin(wants("200", preferred))),
            Reply::Joined { .. }
        )
    };
    // One of two agents takes a caller every two minutes, both together one a minute.
    assert_eq!((comes_in(60, ""), comes_in(59, "")), (true, false));
    assert_eq!((comes_in(120, "a2"), comes_in(119, "a2")), (true, false));
    assert_eq!((comes_in(60, "a1,a2"), comes_in(59, "a1,a2")), (true, false));
}

#[test]
fn own_callers_before_one_count_as_theirs_and_the_others_at_the_pace_of_the_line() {
    let mut centre = at_a_pace(QueueConfig {
        sticky_only: true,
        ..sticky()
    });
    let minutes = |centre: &Centre, member| {
        let position = centre.engine.position_of(member).expect("a place");
        let wait = centre.engine.estimated_wait_of(centre.now, member, position);
        wait.map(|wait| wait.secs() / 60)
    };
    let anybody = centre.caller_of("201", "");
    let first = centre.caller_of("202", "a2");
    let second = centre.caller_of("203", "a2");
    let either = centre.caller_of("204", "a1,a2");
    let waits = [anybody, first, second, either].map(|member| minutes(&centre, member));
    assert_eq!(waits, [Some(1), Some(3), Some(5), Some(4)]);
    centre.status("a2", "Logged Out");
    let waits = [anybody, first, either].map(|member| minutes(&centre, member));
    assert_eq!(
        waits,
        [Some(1), None, Some(4)],
        "nobody is there who will take the second"
    );
}

#[test]
fn who_prefers_an_agent_who_is_free_does_not_wait() {
    let mut centre = two_agents(QueueConfig {
        sticky_only: true,
        dissuade_estimated_wait: 1,
        dissuade_hangup: true,
        ..sticky()
    });
    centre.engage("a1");
    let first = centre.caller_of("first", "a1");
    centre.pass(60);
    centre.leave(first);
    let to_own = centre.tell(Input::MemberJoin(wants("200", "a1")));
    assert!(matches!(to_own, Reply::Refused { .. }), "{to_own:?}");
    let to_free = centre.tell(Input::MemberJoin(wants("201", "a2")));
    assert!(matches!(to_free, Reply::Joined { .. }), "{to_free:?}");
}
