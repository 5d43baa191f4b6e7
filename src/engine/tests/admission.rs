//! Who may enter a queue, who has to leave it, and who is dissuaded.

use super::*;

impl Centre {
    fn request(name: &str) -> JoinRequest {
        JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            cid_number: name.to_owned(),
            cid_name: format!("Caller {name}"),
            ..JoinRequest::default()
        }
    }

    /// Knocks; why the caller was refused, or none.
    fn refused(&mut self, name: &str) -> Option<(CancelReason, Option<Parting>)> {
        match self.tell(Input::MemberJoin(Self::request(name))) {
            Reply::Refused { reason, parting } => Some((reason, parting)),
            Reply::Joined { .. } => None,
            other => panic!("joining is answered with {other:?}"),
        }
    }

    fn reason(&mut self, name: &str) -> Option<CancelReason> {
        self.refused(name).map(|(reason, _)| reason)
    }

    /// Takes who has been let go since the last call, and why.
    fn let_go(&mut self) -> Vec<(String, CancelReason, Option<Parting>)> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let released = outputs.filter_map(|output| match output {
            Output::Release(release) => Some((release.session_uuid, release.reason, release.parting)),
            _ => None,
        });
        released.collect()
    }

    fn heard(&mut self) -> Vec<Vec<String>> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let heard = outputs.filter_map(|output| match output {
            Output::Announce(announce) => Some(announce.sounds),
            _ => None,
        });
        heard.collect()
    }
}

fn asterisk(text: &str) -> Option<Absences> {
    let mut queue = QueueConfig::named(QUEUE);
    let parameter = find_parameter(QUEUE_PARAMETERS, "join-empty").expect("a parameter");
    parameter.set(&mut queue, text).expect("a value");
    queue.join_empty
}

#[test]
fn a_refused_caller_is_no_member_and_the_channel_says_why() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_queue_length: 1,
        ..QueueConfig::named(QUEUE)
    });
    assert_eq!(centre.reason("100"), None);
    centre.outputs.clear();
    assert_eq!(centre.refused("101"), Some((CancelReason::QueueFull, None)));
    assert_eq!(centre.engine.member_count(QUEUE), 1);
    let told = centre.outputs.iter().find_map(|output| match output {
        Output::Variables { session_uuid, changes } if session_uuid == "session-101" => Some(changes.clone()),
        _ => None,
    });
    let told = told.expect("variables of the channel");
    for (name, value) in [("cc_cause", "cancel"), ("cc_cancel_reason", "QUEUE_FULL")] {
        assert!(
            told.iter()
                .any(|change| change.name == name && change.value.as_deref() == Some(value)),
            "{told:?}"
        );
    }
    let actions = centre.outputs.iter().filter_map(|output| match output {
        Output::Event(event) => Some(event.action()),
        _ => None,
    });
    assert_eq!(actions.collect::<Vec<_>>(), ["member-queue-refused"]);
}

#[test]
fn who_talks_or_has_left_takes_no_room() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_queue_length: 1,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    let first = centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(
        centre.reason("101"),
        Some(CancelReason::QueueFull),
        "who is rung for waits"
    );
    centre.talk(&ring, first);
    let second = centre.caller("102");
    assert_eq!(centre.reason("103"), Some(CancelReason::QueueFull));
    centre.leave(second);
    assert_eq!(centre.reason("104"), None);
}

#[test]
fn nobody_enters_while_nobody_is_logged_in() {
    let mut centre = Centre::with_queue(QueueConfig {
        reject_on_no_agents: true,
        ..QueueConfig::named(QUEUE)
    });
    assert_eq!(centre.reason("100"), Some(CancelReason::NoAgents));
    centre.agent("a1", 1, 1);
    centre.status("a1", "On Break");
    assert_eq!(centre.reason("101"), None, "on a break is logged in");
    centre.status("a1", "Logged Out");
    assert_eq!(centre.reason("102"), Some(CancelReason::NoAgents));
}

#[test]
fn each_absence_keeps_callers_out_where_it_counts() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let expect = |centre: &mut Centre, absent: &str, present: &str| {
        for (value, reason) in [(absent, Some(CancelReason::JoinEmpty)), (present, None)] {
            centre.tell(Input::LoadQueue(QueueConfig {
                join_empty: asterisk(value),
                ..QueueConfig::named(QUEUE)
            }));
            assert_eq!(centre.reason(&format!("{present}: {value}")), reason, "{value}");
        }
    };
    centre.status("a1", "On Break");
    expect(&mut centre, "no", "inuse,ringing,wrapup,unavailable");
    centre.status("a1", "Logged Out");
    expect(&mut centre, "loose", "yes");
    centre.tell(Input::ExternalCallStarted { agent: "a1".to_owned() });
    centre.status("a1", "Available");
    expect(&mut centre, "inuse", "strict");
    centre.tell(Input::ExternalCallEnded { agent: "a1".to_owned() });
    // Those who wait by now are offered.
    expect(&mut centre, "ringing", "inuse");
    centre.tell(Input::AgentDel { name: "a1".to_owned() });
    expect(&mut centre, "loose", "yes");
}

#[test]
fn whoever_waits_leaves_when_the_last_agent_goes() {
    let mut centre = Centre::with_queue(QueueConfig {
        leave_when_empty: asterisk("strict"),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    let first = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, first);
    centre.caller("101");
    assert_eq!(centre.let_go(), [], "who talks is not absent");
    centre.status("a1", "On Break");
    let gone = ("session-101".to_owned(), CancelReason::LeaveEmpty, None);
    assert_eq!(centre.let_go(), [gone]);
}

#[test]
fn a_caller_for_whom_it_rings_leaves_an_empty_queue_when_the_ring_has_failed() {
    let mut centre = Centre::with_queue(QueueConfig {
        leave_when_empty: Some(Absences::NONE.with(Absence::Ringing).with(Absence::Paused)),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.set("a1", attribute("max_no_answer", 1));
    centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(centre.let_go(), []);
    centre.fail(&ring, HangupCause::NO_ANSWER);
    let gone = ("session-100".to_owned(), CancelReason::LeaveEmpty, None);
    assert_eq!(centre.let_go(), [gone], "the agent is on a break now");
}

#[test]
fn a_phone_that_is_not_registered_is_unavailable_for_the_pause_after_the_offer() {
    let mut centre = Centre::with_queue(QueueConfig {
        join_empty: asterisk("strict"),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    let first = centre.caller("100");
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::USER_NOT_REGISTERED);
    centre.leave(first);
    assert_eq!(centre.reason("101"), Some(CancelReason::JoinEmpty));
    centre.pass(5);
    assert_eq!(centre.reason("102"), None);
}

#[test]
fn wrap_up_keeps_callers_out_until_it_ends() {
    let mut centre = Centre::with_queue(QueueConfig {
        join_empty: asterisk("inuse,wrapup"),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.set("a1", attribute("wrap_up_time", 30));
    let first = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, first);
    assert_eq!(centre.reason("101"), Some(CancelReason::JoinEmpty), "in use");
    centre.hang_up(&ring);
    assert_eq!(centre.reason("102"), Some(CancelReason::JoinEmpty), "wraps up");
    centre.pass(30);
    assert_eq!(centre.reason("103"), None);
}

#[test]
fn a_long_queue_sends_callers_elsewhere() {
    let mut centre = Centre::with_queue(QueueConfig {
        dissuade_queue_size: 1,
        dissuade_sound: Some("busy.wav".to_owned()),
        dissuade_destination: Some("3999 XML default".to_owned()),
        ..QueueConfig::named(QUEUE)
    });
    assert_eq!((centre.reason("100"), centre.reason("101")), (None, None));
    let parting = Parting {
        sound: Some("busy.wav".to_owned()),
        destination: Some("3999 XML default".to_owned()),
        state: Some(CallState::Dissuading1),
    };
    let refused = Some((CancelReason::DissuadeQueueSize, Some(parting)));
    assert_eq!(centre.refused("102"), refused, "more than one waits");
}

#[test]
fn a_long_queue_may_be_waited_in_all_the_same() {
    let mut centre = Centre::with_queue(QueueConfig {
        dissuade_queue_size: 1,
        dissuade_sound: Some("busy.wav".to_owned()),
        ..QueueConfig::named(QUEUE)
    });
    centre.caller("100");
    centre.caller("101");
    assert_eq!(centre.heard(), Vec::<Vec<String>>::new());
    centre.caller("102");
    assert_eq!(centre.heard(), [["busy.wav"]]);
}

#[test]
fn a_long_wait_ends_by_hanging_up() {
    let mut centre = Centre::with_queue(QueueConfig {
        dissuade_wait: 60,
        dissuade_hangup: true,
        ..QueueConfig::named(QUEUE)
    });
    centre.caller("100");
    centre.pass(59);
    assert_eq!(centre.let_go(), []);
    centre.pass(1);
    let parting = Parting {
        sound: None,
        destination: None,
        state: Some(CallState::Dissuading2),
    };
    let gone = ("session-100".to_owned(), CancelReason::DissuadeWait, Some(parting));
    assert_eq!(centre.let_go(), [gone]);
}

#[test]
fn a_long_wait_is_told_once_and_after_what_plays() {
    let mut centre = Centre::with_queue(QueueConfig {
        announce_sound: Some("please-wait.wav".to_owned()),
        announce_frequency: 60,
        dissuade_wait: 61,
        dissuade_sound: Some("call-later.wav".to_owned()),
        ..QueueConfig::named(QUEUE)
    });
    let member = centre.caller("100");
    centre.pass(61);
    let announce = centre.outputs.iter().find_map(|output| match output {
        Output::Announce(announce) => Some(announce.clone()),
        _ => None,
    });
    assert_eq!(centre.heard(), [["please-wait.wav"]]);
    let announcement = announce.expect("an announcement").announcement;
    let ended = |end| Input::AnnouncementEnded {
        member,
        announcement,
        end,
    };
    centre.tell(ended(AnnouncementEnd::Played));
    assert_eq!(centre.heard(), [["call-later.wav"]]);
    centre.pass(1000);
    assert_eq!(centre.heard(), Vec::<Vec<String>>::new(), "it plays on");
}

#[test]
fn a_limit_that_is_lifted_lets_a_caller_wait_on() {
    let mut centre = Centre::with_queue(QueueConfig {
        dissuade_wait: 5,
        dissuade_hangup: true,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.pass(6);
    assert_eq!(centre.let_go(), [], "it rings");
    centre.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert_eq!(centre.let_go(), []);
}
