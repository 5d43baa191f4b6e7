//! What a caller's channel knows: `cc_state`, `cc_position`, `cc_param`, and the way out by a key.

use super::*;

impl Centre {
    /// The values a variable of that caller's channel was given since the last call.
    fn values(&mut self, caller: &str, name: &str) -> Vec<String> {
        let session = format!("session-{caller}");
        let outputs = std::mem::take(&mut self.outputs);
        let (variables, others): (Vec<Output>, _) = outputs
            .into_iter()
            .partition(|output| matches!(output, Output::Variables { .. }));
        self.outputs = others;
        let changes = variables.iter().flat_map(|output| match output {
            Output::Variables { session_uuid, changes } if *session_uuid == session => changes.as_slice(),
            _ => &[],
        });
        changes
            .filter(|change| change.name == name)
            .map(|change| change.value.clone().unwrap_or_default())
            .collect()
    }
}

#[test]
fn the_state_follows_the_call() {
    let mut centre = Centre::new("longest-idle-agent");
    let member = centre.caller("100");
    assert_eq!(centre.values("100", "cc_state"), ["queue"]);
    centre.agent("a", 1, 1);
    assert_eq!(centre.values("100", "cc_state"), ["preagent"]);
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::CALL_REJECTED);
    assert_eq!(centre.values("100", "cc_state"), ["queue"]);
    centre.pass(1);
    assert_eq!(centre.values("100", "cc_state"), ["preagent"]);
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    assert_eq!(centre.values("100", "cc_state"), ["toagent"]);
}

#[test]
fn one_more_phone_that_rings_is_no_other_state() {
    let mut centre = Centre::new("ring-all");
    for agent in ["a", "b", "c"] {
        centre.agent(agent, 1, 1);
    }
    centre.caller("100");
    assert_eq!(centre.values("100", "cc_state"), ["queue", "preagent"]);
}

#[test]
fn whoever_leaves_keeps_the_last_state() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("100");
    centre.values("100", "cc_state");
    centre.leave(member);
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::ORIGINATOR_CANCEL);
    assert_eq!(centre.values("100", "cc_state"), Vec::<String>::new());
}

#[test]
fn a_caller_who_is_dissuaded_twice_hears_the_first_and_the_second_message() {
    let mut centre = Centre::with_queue(QueueConfig {
        dissuade_queue_size: 1,
        dissuade_sound: Some("busy.wav".to_owned()),
        ..QueueConfig::named(QUEUE)
    });
    centre.caller("100");
    centre.caller("101");
    let member = centre.caller("102");
    assert_eq!(centre.values("102", "cc_state"), ["queue", "dissuading1"]);
    let announcement = centre.outputs.iter().find_map(|output| match output {
        Output::Announce(announce) => Some(announce.announcement),
        _ => None,
    });
    centre.tell(Input::AnnouncementEnded {
        member,
        announcement: announcement.expect("the sound plays"),
        end: AnnouncementEnd::Played,
    });
    assert_eq!(centre.values("102", "cc_state"), ["queue"]);
    let mut centre = Centre::with_queue(QueueConfig {
        dissuade_wait: 10,
        dissuade_sound: Some("busy.wav".to_owned()),
        ..QueueConfig::named(QUEUE)
    });
    centre.caller("100");
    centre.pass(10);
    assert_eq!(centre.values("100", "cc_state"), ["queue", "dissuading2"]);
}

#[test]
fn the_place_is_kept_current_for_the_first_in_line_only() {
    let mut centre = Centre::with_queue(QueueConfig {
        position_variable: 2,
        ..QueueConfig::named(QUEUE)
    });
    let first = centre.caller("100");
    let second = centre.caller("101");
    centre.caller("102");
    centre.caller("103");
    centre.pass(2);
    let places = |centre: &mut Centre| {
        let outputs = centre.outputs.clone();
        let of = |caller| {
            centre.outputs = outputs.clone();
            centre.values(caller, "cc_position").join(" ")
        };
        let places = ["100", "101", "102", "103"].map(of);
        centre.outputs.clear();
        places
    };
    assert_eq!(places(&mut centre), ["1", "2", "", ""]);
    centre.leave(first);
    centre.leave(second);
    centre.pass(2);
    assert_eq!(places(&mut centre), ["", "", "1", "2"]);
    centre.pass(60);
    assert_eq!(
        places(&mut centre),
        ["", "", "", ""],
        "a line that stands still costs nothing"
    );
}

#[test]
fn a_line_that_moves_all_the_time_is_told_once_a_second() {
    let mut centre = Centre::with_queue(QueueConfig {
        position_variable: 5,
        ..QueueConfig::named(QUEUE)
    });
    let members: Vec<MemberId> = (0..40).map(|number| centre.caller(&number.to_string())).collect();
    centre.pass(2);
    centre.outputs.clear();
    for member in &members[..30] {
        centre.leave(*member);
        centre.now = centre.now + Span::from_millis(100);
        centre.pass(0);
    }
    centre.pass(1);
    let told = centre.values("39", "cc_position").len() + centre.values("30", "cc_position").len();
    assert!(told <= 5, "told {told} times in 4 seconds");
}

#[test]
fn nobody_is_told_a_place_unless_it_is_asked_for() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.caller("100");
    centre.pass(10);
    assert_eq!(centre.values("100", "cc_position"), Vec::<String>::new());
}

#[test]
fn what_a_caller_brings_goes_to_the_agent_and_into_events() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.outputs.clear();
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "session-100".to_owned(),
        new_member_uuid: "member-100".to_owned(),
        param: Some("order 4711".to_owned()),
        ..JoinRequest::default()
    };
    centre.tell(Input::MemberJoin(request));
    let carried: Vec<_> = centre
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Event(event) => Some((event.action().to_owned(), event.header("CC-Param")?.to_owned())),
            _ => None,
        })
        .collect();
    let with = |action: &str| (action.to_owned(), "order 4711".to_owned());
    assert_eq!(carried, [with("member-queue-start"), with("agent-offering")]);
    assert_eq!(centre.one_ring().param, "order 4711");
}

#[test]
fn a_context_takes_every_key_unless_keys_are_named() {
    let way_out = |keys: Option<&str>, context: Option<&str>| {
        let mut centre = Centre::with_queue(QueueConfig {
            exit_keys: keys.map(str::to_owned),
            exit_context: context.map(str::to_owned),
            ..QueueConfig::named(QUEUE)
        });
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            ..JoinRequest::default()
        };
        match centre.tell(Input::MemberJoin(request)) {
            Reply::Joined { hold, .. } => hold.way_out,
            other => panic!("joining is answered with {other:?}"),
        }
    };
    let destination = |way_out: &WayOut, key| way_out.parting(key).and_then(|parting| parting.destination);
    let neither = way_out(None, None);
    assert_eq!((neither.keys.as_str(), destination(&neither, '5')), ("", None));
    let keys = way_out(Some("05"), None);
    assert_eq!((keys.keys.as_str(), destination(&keys, '5')), ("05", None));
    let context = way_out(None, Some("menu"));
    assert_eq!(context.keys, "0123456789*#");
    assert_eq!(destination(&context, '5').as_deref(), Some("5 XML menu"));
    assert_eq!(way_out(Some("05"), Some("menu")).keys, "05");
}
