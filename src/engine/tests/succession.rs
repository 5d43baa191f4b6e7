//! A place in line that goes over to the channel of another caller.

use super::*;

fn settings() -> Settings {
    Settings {
        cdrs: Some(true),
        queue_log_file: Some("queue_log".to_owned()),
        ..Settings::default()
    }
}

fn centre_with(config: QueueConfig) -> Centre {
    Centre::with_settings(settings(), config)
}

fn centre() -> Centre {
    centre_with(QueueConfig::named(QUEUE))
}

impl Centre {
    /// The call of this member is joined with the channel of that caller.
    fn hand_over(&mut self, member: MemberId, to: &str) {
        let reply = self.tell(Input::MemberHandsOver {
            member,
            successor: format!("session-{to}"),
        });
        assert_eq!(reply, Reply::Left { answered: false });
    }

    fn lose_successor(&mut self, name: &str) {
        self.tell(Input::SuccessorGone {
            session_uuid: format!("session-{name}"),
        });
    }

    /// Who waits: member and channel, the first in line first.
    fn line(&self) -> Vec<(String, String)> {
        let mut rows = self.engine.member_rows(Some(QUEUE), self.now);
        rows.retain(|listing| listing.row.state.waits());
        rows.sort_by_key(|listing| std::cmp::Reverse(listing.score));
        rows.into_iter()
            .map(|listing| (listing.row.uuid, listing.row.session_uuid))
            .collect()
    }

    fn records_of_members(&self) -> Vec<CallRecord> {
        let records = self.outputs.iter().filter_map(|output| match output {
            Output::Row(RowChange::CallRecord(record)) => Some((**record).clone()),
            _ => None,
        });
        records.filter(|record| record.kind == RecordKind::Member).collect()
    }

    fn log(&self) -> Vec<String> {
        let lines = self.outputs.iter().filter_map(|output| match output {
            Output::QueueLog(line) => Some(line.to_string()),
            _ => None,
        });
        lines
            .map(|line| line.split_once('|').expect("a second").1.to_owned())
            .collect()
    }
}

fn pair(member: &str, session: &str) -> (String, String) {
    (format!("member-{member}"), format!("session-{session}"))
}

#[test]
fn the_caller_takes_the_place_and_the_stay_goes_on() {
    let mut centre = centre();
    let leg = centre.caller("leg");
    centre.pass(5);
    centre.caller("other");
    centre.pass(5);
    centre.outputs.clear();
    centre.hand_over(leg, "customer");
    assert!(centre.outputs.iter().all(|output| !matches!(output, Output::Event(_))));
    centre.pass(2);
    assert_eq!(centre.caller("customer"), leg, "the same member");
    assert_eq!(centre.line(), [pair("leg", "customer"), pair("other", "other")]);
    centre.pass(3);
    centre.agent("a", 1, 1);
    let ring = centre.one_ring();
    assert_eq!(
        (ring.member_uuid.as_str(), ring.member_session_uuid.as_str()),
        ("member-leg", "session-customer")
    );
    centre.talk(&ring, leg);
    centre.pass(7);
    centre.hang_up(&ring);
    let records = centre.records_of_members();
    assert_eq!(records.len(), 1, "{records:?}");
    let record = &records[0];
    assert_eq!(
        (record.wait_ms, record.talk_ms, record.session_uuid.as_str()),
        (15_000, 7_000, "session-customer")
    );
    assert_eq!(record.caller_number, "customer");
    assert_eq!(
        centre.log(),
        [
            format!("NONE|{QUEUE}|a|ADDMEMBER|"),
            "NONE|NONE|a|AGENTLOGIN|user/a".to_owned(),
            format!("session-leg|{QUEUE}|a|CONNECT|15|leg-a|0"),
            format!("session-leg|{QUEUE}|a|COMPLETEAGENT|15|7|1"),
        ]
    );
    let counts = centre.engine.queue_statistics(Some(QUEUE)).remove(0).counts;
    assert_eq!((counts.calls, counts.answered, counts.abandoned), (2, 1, 0));
    let actions = centre.actions();
    let count = |action: &str| actions.iter().filter(|told| *told == action).count();
    assert_eq!(count("member-session-change"), 1);
    assert_eq!(
        (
            count("member-queue-start"),
            count("member-queue-resume"),
            count("member-queue-end")
        ),
        (0, 0, 1)
    );
}

#[test]
fn a_phone_that_rings_stops_and_rings_again_for_the_caller() {
    let mut centre = centre();
    centre.agent("a", 1, 1);
    let leg = centre.caller("leg");
    let ring = centre.one_ring();
    centre.hand_over(leg, "customer");
    centre.end_ring(&ring, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
    assert!(centre.rings().is_empty(), "nobody is rung for a place");
    centre.caller("customer");
    assert_eq!(centre.one_ring().member_session_uuid, "session-customer");
}

#[test]
fn an_agent_who_has_answered_is_given_back_and_the_place_is_kept() {
    let mut centre = centre();
    centre.agent("a", 1, 1);
    let leg = centre.caller("leg");
    let ring = centre.one_ring();
    centre.answer(&ring);
    centre.hand_over(leg, "customer");
    centre.tell(Input::BridgeFailed {
        offer: ring.offer,
        member_up: false,
        agent_left: false,
        cause: HangupCause::ORIGINATOR_CANCEL,
    });
    assert_eq!(centre.agent_row("a").state, AgentState::Waiting);
    assert_eq!(centre.caller("customer"), leg);
    assert_eq!(centre.one_ring().member_session_uuid, "session-customer");
}

/// A limit that was reached on the way counts on arrival.
#[test]
fn limits_count_from_the_beginning_of_the_stay() {
    let mut centre = centre_with(QueueConfig {
        max_wait_time: 10,
        ..QueueConfig::named(QUEUE)
    });
    let leg = centre.caller("leg");
    centre.pass(5);
    centre.hand_over(leg, "customer");
    centre.pass(10);
    centre.caller("customer");
    centre.pass(0);
    let released = centre.outputs.iter().any(|output| {
        matches!(output, Output::Release(release)
            if release.session_uuid == "session-customer" && release.reason == CancelReason::Timeout)
    });
    assert!(released, "{:?}", centre.outputs);
}

#[test]
fn who_never_arrives_has_left() {
    for is_gone in [true, false] {
        let mut centre = centre();
        let leg = centre.caller("leg");
        centre.pass(5);
        centre.hand_over(leg, "customer");
        centre.pass(4);
        if is_gone {
            centre.lose_successor("customer");
        } else {
            centre.pass(60);
        }
        let actions = centre.actions();
        assert_eq!(actions.iter().filter(|action| *action == "member-queue-end").count(), 1);
        let counts = centre.engine.queue_statistics(Some(QUEUE)).remove(0).counts;
        assert_eq!((counts.calls, counts.abandoned), (1, 1));
        assert_ne!(centre.caller("customer"), leg, "the place is not kept for ever");
        centre.lose_successor("customer");
        assert_eq!(centre.line(), [pair("customer", "customer")]);
    }
}

#[test]
fn who_goes_to_another_queue_has_left_this_one() {
    let mut centre = centre();
    centre.tell(Input::LoadQueue(QueueConfig::named("sales@default")));
    let leg = centre.caller("leg");
    centre.hand_over(leg, "customer");
    let request = JoinRequest {
        queue: "sales@default".to_owned(),
        session_uuid: "session-customer".to_owned(),
        new_member_uuid: "member-customer".to_owned(),
        ..JoinRequest::default()
    };
    assert!(matches!(
        centre.tell(Input::MemberJoin(request)),
        Reply::Joined { member, .. } if member != leg
    ));
    assert!(centre.line().is_empty());
    assert_eq!(
        centre
            .actions()
            .iter()
            .filter(|action| *action == "member-queue-end")
            .count(),
        1
    );
}

/// A talk that has begun meanwhile is that of the call that has ended.
#[test]
fn a_place_that_an_agent_has_taken_is_handed_over_to_nobody() {
    let mut centre = centre();
    centre.agent("a", 1, 1);
    let leg = centre.caller("leg");
    let ring = centre.one_ring();
    centre.answer(&ring);
    centre.tell(Input::OfferBridged { offer: ring.offer });
    let reply = centre.tell(Input::MemberHandsOver {
        member: leg,
        successor: "session-customer".to_owned(),
    });
    assert_eq!(reply, Reply::Left { answered: true });
    assert_ne!(centre.caller("customer"), leg);
}
