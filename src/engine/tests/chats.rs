//! Chats beside calls: how many, to whom, and what each medium leaves to the other.

use super::*;

fn writes() -> CallerRequirements {
    CallerRequirements {
        media: Media::Chat,
        ..CallerRequirements::default()
    }
}

fn by_policy(policy: ChatDispatch) -> QueueConfig {
    QueueConfig {
        chat_dispatch_policy: policy,
        ..QueueConfig::named(QUEUE)
    }
}

impl Centre {
    /// An agent who takes so many chats at once.
    fn chat_agent(&mut self, name: &str, position: i64, chats: i64) {
        self.agent(name, 1, position);
        self.set_number(name, "max_chats", chats);
    }

    fn set_number(&mut self, name: &str, key: &str, value: i64) {
        let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
        self.set(name, setting.expect("a value"));
    }

    /// Somebody who writes.
    fn chat(&mut self, name: &str) -> MemberId {
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            requirements: writes(),
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, .. } => member,
            other => panic!("joining is answered with {other:?}"),
        }
    }

    /// A chat that begins at once, and who has it.
    fn running_chat(&mut self, name: &str) -> Ring {
        let member = self.chat(name);
        let ring = self.one_ring();
        assert_eq!(ring.media, Media::Chat);
        self.talk(&ring, member);
        ring
    }

    fn state_of(&self, name: &str) -> AgentState {
        self.agent_row(name).state
    }

    fn who(&mut self) -> Vec<String> {
        self.rings().into_iter().map(|ring| ring.agent).collect()
    }
}

/// Who is to be idle after the call gets no chats meanwhile, and gets them again when that is taken back.
#[test]
fn an_agent_in_a_call_who_resumes_is_offered_the_chat_that_waits() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 1);
    let caller = centre.caller("100");
    let call = centre.one_ring();
    centre.talk(&call, caller);
    centre.set("a", AgentSetting::State("Idle".to_owned()));
    centre.chat("c1");
    assert_eq!(centre.who(), [""; 0]);
    centre.tell(Input::AgentResume { name: "a".to_owned() });
    assert_eq!(centre.who(), ["a"]);
}

#[test]
fn an_agent_has_one_call_and_as_many_chats_as_allowed() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 2);
    let first = centre.running_chat("c1");
    assert_eq!(centre.state_of("a"), AgentState::Waiting, "a call may still come");
    let caller = centre.caller("100");
    let call = centre.one_ring();
    assert_eq!(
        (call.media, centre.state_of("a")),
        (Media::Audio, AgentState::Receiving)
    );
    centre.talk(&call, caller);
    centre.running_chat("c2");
    assert_eq!(centre.state_of("a"), AgentState::InAQueueCall);
    centre.chat("c3");
    centre.caller("101");
    assert_eq!(centre.who(), Vec::<String>::new(), "one call and two chats are all");
    centre.hang_up(&first);
    let next = centre.one_ring();
    assert_eq!((next.media, next.member_uuid.as_str()), (Media::Chat, "member-c3"));
    centre.hang_up(&call);
    assert_eq!(centre.one_ring().member_uuid, "member-101");
}

#[test]
fn nobody_gets_a_chat_who_takes_none() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.chat("c1");
    assert_eq!(centre.who(), Vec::<String>::new());
    centre.set_number("a", "max_chats", 1);
    assert_eq!(centre.who(), ["a"]);
}

#[test]
fn one_chat_at_a_time_is_offered_to_an_agent() {
    let mut centre = Centre::new("ring-all");
    centre.chat_agent("a", 1, 3);
    let member = centre.chat("c1");
    centre.chat("c2");
    let ring = centre.one_ring();
    assert_eq!(ring.member_uuid, "member-c1");
    centre.talk(&ring, member);
    assert_eq!(centre.one_ring().member_uuid, "member-c2");
}

#[test]
fn balancing_shares_chats_out_and_full_load_fills_one_agent_first() {
    for (policy, expected) in [
        (ChatDispatch::Balancing, ["a", "b", "a", "b"]),
        (ChatDispatch::FullLoad, ["a", "a", "b", "b"]),
    ] {
        let mut centre = Centre::with_queue(QueueConfig {
            strategy: "sequentially-by-agent-order".to_owned(),
            ..by_policy(policy)
        });
        centre.chat_agent("a", 1, 2);
        centre.chat_agent("b", 2, 2);
        let got: Vec<String> = (0..4)
            .map(|chat| centre.running_chat(&format!("c{chat}")).agent)
            .collect();
        assert_eq!(got, expected, "{policy}");
    }
}

#[test]
fn the_level_comes_before_the_policy_and_the_strategy_after_it() {
    let mut centre = Centre::with_queue(QueueConfig {
        strategy: "round-robin".to_owned(),
        ..by_policy(ChatDispatch::Balancing)
    });
    for (name, level, position) in [("low", 1, 1), ("b", 2, 1), ("c", 2, 2)] {
        centre.agent(name, level, position);
        centre.set_number(name, "max_chats", 2);
    }
    assert_eq!(centre.running_chat("c1").agent, "low");
    assert_eq!(centre.running_chat("c2").agent, "low");
    assert_eq!(centre.running_chat("c3").agent, "b");
    assert_eq!(centre.running_chat("c4").agent, "c");
    assert_eq!(centre.running_chat("c5").agent, "b", "round and round");
    assert_eq!(centre.running_chat("c6").agent, "c");
}

#[test]
fn a_policy_set_at_run_time_holds_for_the_next_chat() {
    let mut centre = Centre::with_queue(by_policy(ChatDispatch::Balancing));
    centre.chat_agent("a", 1, 3);
    centre.chat_agent("b", 2, 3);
    assert_eq!(centre.running_chat("c1").agent, "a");
    centre.tell(Input::LoadQueue(by_policy(ChatDispatch::FullLoad)));
    assert_eq!(centre.running_chat("c2").agent, "a");
}

#[test]
fn each_medium_has_its_own_wrap_up() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 1);
    centre.set_number("a", "wrap_up_time", 60);
    centre.set_number("a", "chat_wrap_up_time", 20);
    let caller = centre.caller("100");
    let call = centre.one_ring();
    centre.talk(&call, caller);
    let chat = centre.running_chat("c1");
    centre.pass(5);
    centre.hang_up(&call);
    centre.hang_up(&chat);
    centre.caller("101");
    centre.chat("c2");
    centre.pass(19);
    assert_eq!(centre.who(), Vec::<String>::new());
    centre.pass(1);
    let next = centre.one_ring();
    assert_eq!((next.media, next.member_uuid.as_str()), (Media::Chat, "member-c2"));
    centre.pass(39);
    assert_eq!(centre.who(), Vec::<String>::new());
    centre.pass(1);
    assert_eq!(centre.one_ring().member_uuid, "member-101");
}

#[test]
fn the_queues_wrap_up_holds_for_chats_too_and_its_limit_shortens_the_agents() {
    for (own, expected) in [(0, 15), (20, 20), (90, 30)] {
        let mut centre = Centre::with_queue(QueueConfig {
            wrap_up_time: 15,
            max_wrap_up_time: 30,
            ..QueueConfig::named(QUEUE)
        });
        centre.chat_agent("a", 1, 1);
        centre.set_number("a", "chat_wrap_up_time", own);
        let chat = centre.running_chat("c1");
        centre.hang_up(&chat);
        centre.chat("c2");
        centre.pass(expected - 1);
        assert_eq!(centre.who(), Vec::<String>::new(), "{own}");
        centre.pass(1);
        assert_eq!(centre.who(), ["a"], "{own}");
    }
}

#[test]
fn the_queues_wrap_up_after_a_call_keeps_nobody_from_chats() {
    let mut centre = Centre::with_queue(QueueConfig {
        wrap_up_time: 40,
        ..QueueConfig::named(QUEUE)
    });
    centre.chat_agent("a", 1, 1);
    centre.set_number("a", "reject_delay_time", 10);
    let caller = centre.caller("100");
    let call = centre.one_ring();
    centre.talk(&call, caller);
    centre.hang_up(&call);
    centre.caller("101");
    centre.chat("c1");
    let chat = centre.one_ring();
    assert_eq!(chat.media, Media::Chat);
    centre.fail(&chat, HangupCause::CALL_REJECTED);
    centre.pass(10);
    assert_eq!(centre.one_ring().media, Media::Chat, "the chat again after the pause");
    centre.pass(29);
    assert_eq!(centre.who(), Vec::<String>::new(), "the wrap-up is not cut short");
    centre.pass(1);
    assert_eq!(centre.one_ring().media, Media::Audio);
}

#[test]
fn a_failed_chat_costs_what_a_failed_call_costs() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 1);
    centre.set_number("a", "max_no_answer", 2);
    centre.set_number("a", "no_answer_delay_time", 30);
    centre.chat("c1");
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::NO_ANSWER);
    centre.caller("100");
    centre.pass(29);
    assert_eq!(centre.who(), Vec::<String>::new(), "neither call nor chat");
    centre.pass(1);
    let rings = centre.rings();
    assert_eq!(rings.len(), 2, "both come then: {rings:?}");
    let again = rings
        .into_iter()
        .find(|ring| ring.media == Media::Chat)
        .expect("a chat");
    centre.fail(&again, HangupCause::NO_ANSWER);
    assert_eq!(centre.agent_row("a").status, AgentStatus::OnBreak);
}

#[test]
fn an_agent_on_demand_gets_one_caller_at_a_time() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 2);
    centre.status("a", "Available (On Demand)");
    let chat = centre.running_chat("c1");
    centre.hang_up(&chat);
    assert_eq!(centre.state_of("a"), AgentState::Idle);
    centre.chat("c2");
    assert_eq!(centre.who(), Vec::<String>::new());
}

#[test]
fn a_break_stops_a_chat_that_rings_and_leaves_those_that_run() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 2);
    centre.running_chat("c1");
    centre.chat("c2");
    let ringing = centre.one_ring();
    centre.outputs.clear();
    centre.status("a", "On Break");
    let cancelled: Vec<OfferId> = centre
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::CancelRing { offer, .. } => Some(*offer),
            _ => None,
        })
        .collect();
    assert_eq!(cancelled, [ringing.offer]);
    assert_eq!(centre.engine.agent_statistics(Some("a"))[0].chats, 1);
}

#[test]
fn a_deleted_agent_is_kept_until_its_last_chat_is_over() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 2);
    let (first, second) = (centre.running_chat("c1"), centre.running_chat("c2"));
    centre.tell(Input::AgentDel { name: "a".to_owned() });
    centre.hang_up(&first);
    centre.hang_up(&second);
    assert_eq!(centre.engine.holdings().offers, 0);
}

#[test]
fn the_row_tells_of_calls_alone_and_events_name_the_medium_of_chats() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 1);
    centre.outputs.clear();
    let before = centre.agent_row("a");
    let chat = centre.running_chat("c1");
    centre.pass(30);
    centre.hang_up(&chat);
    assert_eq!(centre.agent_row("a"), before);
    let media: Vec<(String, Option<String>)> = centre
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Event(event) => Some((event.action().to_owned(), event.header("CC-Media").map(str::to_owned))),
            _ => None,
        })
        .filter(|(action, _)| action != "members-count")
        .collect();
    let expected = [
        "member-queue-start",
        "agent-offering",
        "bridge-agent-start",
        "bridge-agent-end",
        "member-queue-end",
    ];
    assert_eq!(
        media,
        expected.map(|action| (action.to_owned(), Some("chat".to_owned())))
    );
}

#[test]
fn figures_and_records_tell_chats_from_calls() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.engine.settings.cdrs = Some(true);
    centre.chat_agent("a", 1, 1);
    let caller = centre.caller("100");
    let call = centre.one_ring();
    centre.talk(&call, caller);
    centre.hang_up(&call);
    let chat = centre.running_chat("c1");
    centre.chat("c2");
    let queue = centre.engine.queue_statistics(Some(QUEUE)).remove(0);
    assert_eq!((queue.counts.answered, queue.counts.answered_chats), (2, 1));
    assert_eq!((queue.live.on_hold, queue.live.chats_on_hold), (1, 1));
    let agent = centre.engine.agent_statistics(Some("a")).remove(0);
    assert_eq!((agent.counts.answered_chats, agent.chats), (1, 1));
    centre.hang_up(&chat);
    let media: Vec<Media> = centre
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Row(RowChange::CallRecord(record)) => Some(record.media),
            _ => None,
        })
        .collect();
    assert_eq!(media, [Media::Audio, Media::Audio, Media::Chat, Media::Chat]);
}

#[test]
fn who_writes_hears_nothing() {
    let mut centre = Centre::with_queue(QueueConfig {
        moh_sound: Some("music".to_owned()),
        announce_sound: Some("sound".to_owned()),
        announce_frequency: 5,
        dissuade_wait: 7,
        dissuade_sound: Some("later".to_owned()),
        member_delay: 3,
        ..QueueConfig::named(QUEUE)
    });
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        requirements: writes(),
        ..JoinRequest::default()
    };
    let Reply::Joined { hold, .. } = centre.tell(Input::MemberJoin(request)) else {
        panic!("the chat is let in");
    };
    assert_eq!(hold.moh_sound, None);
    centre.pass(60);
    let announced = centre
        .outputs
        .iter()
        .any(|output| matches!(output, Output::Announce(_)));
    assert!(!announced, "{:?}", centre.outputs);
    centre.chat_agent("a", 1, 1);
    let ring = centre.one_ring();
    centre.answer(&ring);
    let delay = centre.outputs.iter().find_map(|output| match output {
        Output::Connect(connect) => Some(connect.delay),
        _ => None,
    });
    assert_eq!(delay, Some(0));
}

#[test]
fn limits_of_chats_outlast_a_restart_and_its_chats_do_not() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.chat_agent("a", 1, 1);
    centre.running_chat("c1");
    let snapshot = Snapshot {
        agents: centre.engine.agent_rows(),
        tiers: centre.engine.tier_rows(),
        agent_limits: vec![("a".to_owned(), centre.engine.agent_limits("a").expect("the agent"))],
        ..Snapshot::default()
    };
    let mut after = Centre::new("longest-idle-agent");
    after.tell(Input::Restore(snapshot));
    after.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    assert_eq!(after.running_chat("c2").agent, "a");
}

#[test]
fn a_chat_nobody_answers_pauses_the_agent_for_the_call_that_rings_as_well() {
    let mut centre = Centre::with_queue(QueueConfig {
        autopause: Autopause::Yes,
        ..QueueConfig::named(QUEUE)
    });
    centre.chat_agent("a", 1, 1);
    centre.chat("c1");
    let chat = centre.one_ring();
    centre.caller("100");
    let call = centre.one_ring();
    centre.fail(&chat, HangupCause::NO_ANSWER);
    let stopped = |output: &Output| matches!(output, Output::CancelRing { offer, .. } if *offer == call.offer);
    assert!(centre.outputs.iter().any(stopped), "{:?}", centre.outputs);
}
