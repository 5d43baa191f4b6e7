//! What the queue log tells, line by line, as it stands in the file.

use super::*;

fn logging(config: QueueConfig) -> Centre {
    let settings = Settings {
        queue_log_file: Some("queue_log".to_owned()),
        ..Settings::default()
    };
    Centre::with_settings(settings, config)
}

fn usual() -> Centre {
    logging(QueueConfig::named(QUEUE))
}

impl Centre {
    /// The lines since the last call.
    fn lines(&mut self) -> Vec<String> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let lines = outputs.filter_map(|output| match output {
            Output::QueueLog(line) => Some(line.to_string()),
            _ => None,
        });
        lines.collect()
    }

    fn leave_by(&mut self, member: MemberId, reason: Option<CancelReason>, key: Option<char>) {
        self.tell(Input::MemberExit {
            member,
            exit: MemberExit {
                channel_up: true,
                reason,
                key,
            },
        });
    }

    fn end_talk(&mut self, ring: &Ring, by: TalkEnd) {
        self.tell(Input::AgentLegEnded {
            offer: ring.offer,
            cause: HangupCause::NORMAL_CLEARING,
            by,
        });
    }
}

#[test]
fn nothing_is_logged_unless_it_is_asked_for() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::Restore(Snapshot::default()));
    let member = centre.caller("100");
    centre.agent("a", 1, 1);
    let ring = centre.rings().remove(0);
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.status("a", "On Break");
    assert_eq!(centre.lines(), Vec::<String>::new());
}

#[test]
fn a_call_is_told_from_the_door_to_the_end_of_the_talk() {
    let mut centre = usual();
    centre.tell(Input::Restore(Snapshot::default()));
    let first = centre.caller("100");
    centre.pass(3);
    centre.caller("101");
    centre.agent("a", 1, 1);
    let ring = centre.rings().remove(0);
    centre.pass(4);
    centre.talk(&ring, first);
    centre.pass(30);
    centre.end_talk(&ring, TalkEnd::Caller);
    assert_eq!(
        centre.lines(),
        [
            "1000000|NONE|NONE|NONE|QUEUESTART|",
            "1000000|session-100|support@default|NONE|ENTERQUEUE||100|1",
            "1000003|session-101|support@default|NONE|ENTERQUEUE||101|2",
            "1000003|NONE|support@default|a|ADDMEMBER|",
            "1000003|NONE|NONE|a|AGENTLOGIN|user/a",
            "1000007|session-100|support@default|a|CONNECT|7|leg-a|4",
            "1000037|session-100|support@default|a|COMPLETECALLER|7|30|1",
        ]
    );
}

#[test]
fn each_end_of_a_talk_has_its_event() {
    let blind = TalkEnd::BlindTransfer {
        extension: "3000".to_owned(),
        context: "default".to_owned(),
    };
    let attended = TalkEnd::AttendedTransfer {
        to: "2000@desk".to_owned(),
    };
    for (by, expected) in [
        (TalkEnd::Agent, "COMPLETEAGENT|0|5|1"),
        (TalkEnd::Caller, "COMPLETECALLER|0|5|1"),
        (blind, "BLINDTRANSFER|3000|default|0|5|1"),
        (attended, "ATTENDEDTRANSFER|BRIDGE|2000@desk|0|5|1"),
    ] {
        let mut centre = usual();
        centre.agent("a", 1, 1);
        let member = centre.caller("100");
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        centre.pass(5);
        centre.lines();
        centre.end_talk(&ring, by);
        assert_eq!(
            centre.lines(),
            [format!("1000005|session-100|support@default|a|{expected}")]
        );
    }
}

#[test]
fn each_way_out_has_its_event_with_the_place_then_and_on_entering() {
    for (reason, key, expected) in [
        (None, None, "ABANDON|1|2|9"),
        (Some(CancelReason::BreakOut), None, "ABANDON|1|2|9"),
        (Some(CancelReason::Timeout), None, "EXITWITHTIMEOUT|1|2|9"),
        (Some(CancelReason::NoAgentTimeout), None, "EXITEMPTY|1|2|9"),
        (Some(CancelReason::LeaveEmpty), None, "EXITEMPTY|1|2|9"),
        (Some(CancelReason::ExitWithKey), Some('5'), "EXITWITHKEY|5|1|2|9"),
        (Some(CancelReason::Withdraw), None, "WITHDRAW|1|2|9"),
    ] {
        let mut centre = usual();
        let first = centre.caller("100");
        let second = centre.caller("101");
        centre.pass(4);
        centre.leave(first);
        centre.pass(5);
        centre.lines();
        centre.leave_by(second, reason, key);
        let line = format!("1000009|session-101|support@default|NONE|{expected}");
        assert_eq!(centre.lines(), [line], "{reason:?}");
    }
}

#[test]
fn each_end_of_a_ring_has_its_event_with_its_length() {
    let not_taken = RingEnd::NotTaken;
    for (end, expected) in [
        (not_taken(HangupCause::NO_ANSWER), Some("RINGNOANSWER")),
        (not_taken(HangupCause::USER_BUSY), Some("RINGNOANSWER")),
        (not_taken(HangupCause::CALL_REJECTED), Some("RINGNOANSWER")),
        (not_taken(HangupCause::ORIGINATOR_CANCEL), Some("RINGNOANSWER")),
        (RingEnd::NoStandingLeg, Some("RINGNOANSWER")),
        (RingEnd::CallerGone, Some("RINGCANCELED")),
        (RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL), Some("RINGCANCELED")),
        (RingEnd::Refused(Refusal::Sessions, HangupCause::NONE), None),
    ] {
        let mut centre = usual();
        centre.agent("a", 1, 1);
        centre.caller("100");
        let ring = centre.one_ring();
        centre.now = centre.now + Span::from_millis(1500);
        centre.lines();
        centre.end_ring(&ring, end);
        let line = |event| format!("1000001|session-100|support@default|a|{event}|1500");
        assert_eq!(centre.lines(), expected.map(line).into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn whoever_loses_the_race_has_nothing_to_tell() {
    let mut centre = logging(QueueConfig {
        strategy: "ring-all".to_owned(),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 1);
    let member = centre.caller("100");
    let rings = centre.rings();
    centre.lines();
    centre.talk(&rings[0], member);
    centre.fail(&rings[1], HangupCause::LOSE_RACE);
    let line = format!(
        "1000000|session-100|support@default|{}|CONNECT|0|leg-{0}|0",
        rings[0].agent
    );
    assert_eq!(centre.lines(), [line]);
}

#[test]
fn an_agent_who_is_gone_before_the_bridge_has_dumped_the_caller() {
    let mut centre = usual();
    centre.agent("a", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.lines();
    centre.answer(&ring);
    centre.fail_bridge(&ring);
    assert_eq!(centre.lines(), ["1000000|session-100|support@default|a|AGENTDUMP|"]);
}

#[test]
fn agents_come_pause_and_go() {
    let mut centre = usual();
    centre.agent("a", 1, 1);
    centre.lines();
    centre.pass(10);
    centre.status("a", "On Break");
    centre.pass(10);
    centre.status("a", "Available");
    centre.status("a", "Available (On Demand)");
    centre.status("a", "On Break");
    centre.pass(10);
    centre.status("a", "Logged Out");
    centre.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
    });
    assert_eq!(
        centre.lines(),
        [
            "1000010|NONE|NONE|a|PAUSEALL|",
            "1000010|NONE|support@default|a|PAUSE|",
            "1000020|NONE|NONE|a|UNPAUSEALL|",
            "1000020|NONE|support@default|a|UNPAUSE|",
            "1000020|NONE|NONE|a|PAUSEALL|",
            "1000020|NONE|support@default|a|PAUSE|",
            "1000030|NONE|NONE|a|AGENTLOGOFF|user/a|30",
            "1000030|NONE|support@default|a|REMOVEMEMBER|",
        ]
    );
}

#[test]
fn pauses_have_their_reason() {
    let mut centre = usual();
    centre.agent("a", 1, 1);
    centre.lines();
    let (queue, agent) = (QUEUE.to_owned(), "a".to_owned());
    centre.tell(Input::TierPause {
        queue: queue.clone(),
        agent: agent.clone(),
        reason: "mail".to_owned(),
    });
    centre.tell(Input::TierResume { queue, agent });
    centre.tell(Input::AgentPause {
        name: "a".to_owned(),
        reason: "lunch".to_owned(),
    });
    assert_eq!(
        centre.lines(),
        [
            "1000000|NONE|support@default|a|PAUSE|mail",
            "1000000|NONE|support@default|a|UNPAUSE|mail",
            "1000000|NONE|NONE|a|PAUSEALL|",
            "1000000|NONE|support@default|a|PAUSE|lunch",
        ]
    );
}

#[test]
fn tiers_of_the_configuration_are_not_told() {
    let mut centre = usual();
    centre.agent("a", 1, 1);
    centre.tell(Input::LoadQueue(QueueConfig::named("other@default")));
    centre.lines();
    centre.tell(Input::ApplyTier(TierConfig {
        queue: "other@default".to_owned(),
        agent: "a".to_owned(),
        level: 1,
        position: 1,
    }));
    assert_eq!(centre.lines(), Vec::<String>::new());
}

#[test]
fn nothing_in_a_column_passes_for_the_end_of_a_column_or_line() {
    let line = QueueLogLine {
        call: "one|two".to_owned(),
        data: vec!["3\n4".to_owned(), "5\r|6".to_owned()],
        ..QueueLogLine::of_the_log(WallTime::from_secs(7), QueueLogEvent::EnterQueue)
    };
    assert_eq!(line.to_string(), "7|one_two|NONE|NONE|ENTERQUEUE|3_4|5__6");
}
