//! Callers who are called back: a callback is the member, without a channel.

use super::*;

mod agent_first;
mod days_and_figures;

fn config() -> QueueConfig {
    QueueConfig {
        callbacks: CallbackConfig {
            key: Some('2'),
            dial: Some("loopback/${callback_number}/default".to_owned()),
            attempts: 2,
            retry_delay: 60,
            expires: 600,
            ring_time: 30,
            ..CallbackConfig::default()
        },
        ..QueueConfig::named(QUEUE)
    }
}

fn centre() -> Centre {
    centre_with(config())
}

fn centre_with(config: QueueConfig) -> Centre {
    let settings = Settings {
        cdrs: Some(true),
        ..Settings::default()
    };
    Centre::with_settings(settings, config)
}

fn changed(change: impl FnOnce(&mut CallbackConfig)) -> Centre {
    let mut config = config();
    change(&mut config.callbacks);
    centre_with(config)
}

impl Centre {
    fn ask(&mut self, member: MemberId, number: &str) -> Result<Reply, EngineError> {
        let number = number.to_owned();
        self.try_tell(Input::CallbackAsk { member, number })
    }

    /// A caller joins, asks to be called back, and hangs up.
    fn asks(&mut self, name: &str) -> MemberId {
        let member = self.caller(name);
        assert!(self.ask(member, name).is_ok(), "{name} is called back");
        self.exits(member);
        member
    }

    /// Takes whom to call back since the last call.
    fn calls(&mut self) -> Vec<CallBack> {
        let mut calls = Vec::new();
        self.outputs.retain(|output| match output {
            Output::CallBack(call) => {
                calls.push((**call).clone());
                false
            }
            _ => true,
        });
        calls
    }

    fn one_call(&mut self) -> CallBack {
        let mut calls = self.calls();
        assert_eq!(calls.len(), 1, "one call is expected: {calls:?}");
        calls.remove(0)
    }

    fn call_fails(&mut self, call: &CallBack, end: CallbackEnd) {
        self.tell(Input::CallbackFailed {
            attempt: call.attempt,
            end,
        });
    }

    /// Somebody confirms, on this channel.
    fn reached(&mut self, call: &CallBack) -> String {
        let session_uuid = format!("back-{}", call.number);
        self.tell(Input::CallbackReached {
            attempt: call.attempt,
            session_uuid: session_uuid.clone(),
        });
        session_uuid
    }

    /// Somebody confirms and comes to the place.
    fn comes_back(&mut self, call: &CallBack) -> MemberId {
        let session_uuid = self.reached(call);
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid,
            new_member_uuid: "another".to_owned(),
            cid_number: "0800".to_owned(),
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, hold, .. } => {
                assert_eq!(hold.callback_key, None, "nobody is called back twice for one place");
                member
            }
            other => panic!("coming back is answered with {other:?}"),
        }
    }

    /// How callbacks have ended since outputs were last taken.
    fn results(&self) -> Vec<String> {
        let results = self.outputs.iter().filter_map(|output| match output {
            Output::Event(event) => event.header("CC-Callback-Result").map(str::to_owned),
            _ => None,
        });
        results.collect()
    }

    fn causes(&self) -> Vec<String> {
        let records = self.outputs.iter().filter_map(|output| match output {
            Output::Row(RowChange::CallRecord(record)) => Some(record.cause.clone()),
            _ => None,
        });
        records.collect()
    }

    /// The last row of each callback and of each member, as a restart reads them.
    fn rows_kept(&self) -> Snapshot {
        let (mut callbacks, mut members) = (Vec::<CallbackRow>::new(), Vec::<MemberRow>::new());
        for output in &self.outputs {
            match output {
                Output::Row(RowChange::Callback(row)) => {
                    callbacks.retain(|old| old.uuid != row.uuid);
                    callbacks.push((**row).clone());
                }
                Output::Row(RowChange::CallbackGone(uuid)) => callbacks.retain(|old| old.uuid != *uuid),
                Output::Row(RowChange::Member(row)) => {
                    members.retain(|old| old.uuid != row.uuid);
                    members.push(row.clone());
                }
                Output::Row(RowChange::MemberGone(uuid)) => members.retain(|old| old.uuid != *uuid),
                _ => (),
            }
        }
        Snapshot {
            callbacks,
            members,
            ..Snapshot::default()
        }
    }

    /// The process ends, and another one begins with what the database kept.
    fn restarts(self) -> Centre {
        let mut next = Centre::with_settings(Settings::default(), config());
        next.now = self.now;
        next.tell(Input::Restore(self.rows_kept()));
        next.tell(Input::Adopt(Found::default()));
        next
    }
}

#[test]
fn a_callback_keeps_the_place_and_ends_with_the_bridge() {
    let mut centre = centre();
    let first = centre.asks("100");
    centre.caller("101");
    assert_eq!(centre.engine.position_of(first), Some(1));
    centre.pass(40);
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    assert_eq!((call.dial.as_str(), call.timeout), ("loopback/100/default", 30));
    assert!(centre.rings().is_empty(), "the agent is held for who stands first");
    centre.pass(10);
    let member = centre.comes_back(&call);
    assert_eq!(member, first);
    let ring = centre.one_ring();
    assert_eq!(
        (ring.member_uuid.as_str(), ring.cid_number.as_str()),
        ("member-100", "100")
    );
    assert!(
        centre.results().is_empty(),
        "success is the bridge, and nothing before it"
    );
    centre.talk(&ring, member);
    assert_eq!(centre.results(), ["answered"]);
    centre.hang_up(&ring);
    assert_eq!(centre.one_ring().member_uuid, "member-101");
    assert!(centre.rows_kept().callbacks.is_empty());
    assert!(centre.calls().is_empty(), "nobody is called again after that");
}

#[test]
fn one_attempt_at_a_time_and_the_next_after_the_pause() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    let call = centre.one_call();
    centre.pass(20);
    assert!(centre.calls().is_empty());
    centre.call_fails(&call, CallbackEnd::Busy);
    let late = Input::CallbackFailed {
        attempt: call.attempt,
        end: CallbackEnd::Busy,
    };
    assert_eq!(centre.try_tell(late), Err(EngineError::AttemptOver));
    centre.pass(59);
    assert!(centre.calls().is_empty());
    centre.pass(1);
    assert_eq!(centre.one_call().number_of_attempt, 2);
}

#[test]
fn there_are_no_more_attempts_than_free_agents() {
    let mut centre = centre();
    for number in ["100", "101", "102"] {
        centre.asks(number);
    }
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    let calls = centre.calls();
    let numbers: Vec<_> = calls.iter().map(|call| call.number.as_str()).collect();
    assert_eq!(numbers, ["100", "101"]);
    centre.call_fails(&calls[0], CallbackEnd::NoAnswer);
    assert_eq!(
        centre.one_call().number,
        "102",
        "the agent who was held is free for the next"
    );
}

#[test]
fn whoever_stands_before_it_on_the_phone_is_served_first() {
    let mut centre = centre();
    let live = centre.caller("100");
    centre.asks("101");
    centre.agent("a1", 1, 1);
    let ring = centre.one_ring();
    assert_eq!(ring.member_uuid, "member-100");
    assert!(centre.calls().is_empty());
    centre.talk(&ring, live);
    centre.hang_up(&ring);
    assert_eq!(centre.one_call().number, "101");
}

#[test]
fn whoever_comes_to_stand_before_it_has_the_agent_who_is_held() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.caller("101");
    assert!(centre.rings().is_empty());
    let better = centre.caller_with_score("102", 5_000);
    let ring = centre.one_ring();
    assert_eq!(ring.member_uuid, "member-102");
    let back = centre.comes_back(&call);
    assert!(centre.rings().is_empty(), "nobody is free");
    centre.talk(&ring, better);
    centre.hang_up(&ring);
    assert_eq!(
        centre.one_ring().member_uuid,
        "member-100",
        "who has confirmed is first in line"
    );
    assert_eq!(centre.engine.position_of(back), Some(1));
}

#[test]
fn voicemail_is_nobody_and_attempts_have_an_end() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    for _ in 0..2 {
        let call = centre.one_call();
        centre.call_fails(&call, CallbackEnd::NotConfirmed);
        centre.pass(60);
    }
    assert!(centre.calls().is_empty());
    assert_eq!(centre.results(), ["given-up"]);
    assert_eq!(centre.causes(), ["CALLBACK_GIVEN_UP"]);
    assert!(centre.member_states().is_empty());
    assert_eq!(centre.engine.queues()[0].calls_abandoned, 0);
}

#[test]
fn a_call_that_was_not_made_is_no_attempt() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    for _ in 0..5 {
        let call = centre.one_call();
        assert_eq!(call.number_of_attempt, 1);
        let end = CallbackEnd::Refused(Refusal::Sessions, HangupCause::NORMAL_CIRCUIT_CONGESTION);
        centre.call_fails(&call, end);
        assert!(centre.calls().is_empty());
        centre.pass(9);
    }
    let call = centre.one_call();
    centre.comes_back(&call);
}

#[test]
fn who_calls_meanwhile_takes_the_place() {
    let mut centre = centre();
    centre.asks("100");
    centre.caller("101");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.caller("100");
    assert_eq!(centre.results(), ["taken-live"]);
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    assert_eq!(centre.one_ring().member_uuid, "member-100");
    let session_uuid = "back".to_owned();
    let late = Input::CallbackReached {
        attempt: call.attempt,
        session_uuid,
    };
    assert_eq!(centre.try_tell(late), Err(EngineError::AttemptOver));
    assert_eq!(centre.member_states().len(), 2);
}

#[test]
fn a_number_is_called_back_once_from_a_queue() {
    let mut centre = changed(|config| config.other_number = true);
    centre.asks("100");
    let other = centre.caller("101");
    assert_eq!(centre.ask(other, "100"), Err(CallbackRefusal::Pending.into()));
    assert_eq!(centre.engine.position_of(other), Some(2), "who was told waits on");
    assert!(centre.ask(other, "101").is_ok());
}

#[test]
fn what_is_pending_and_what_was_under_way_is_there_after_a_crash() {
    let mut before = centre();
    let strict = JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "s".to_owned(),
        new_member_uuid: "strict".to_owned(),
        cid_number: "100".to_owned(),
        base_score: 50,
        requirements: CallerRequirements {
            skills: RequiredSkills::parse("german").expect("skills"),
            ..CallerRequirements::default()
        },
        param: Some("p".to_owned()),
        callback_number: Some("100".to_owned()),
        ..JoinRequest::default()
    };
    assert!(matches!(
        before.tell(Input::MemberJoin(strict)),
        Reply::CalledBack { position: 1, .. }
    ));
    before.asks("101");
    before.agent("a1", 1, 1);
    assert_eq!(before.one_call().number, "101", "a1 speaks no German");
    before.pass(5);
    let mut after = before.restarts();
    assert_eq!(after.member_states(), [MemberState::Waiting, MemberState::Waiting]);
    after.agent("a1", 1, 1);
    assert!(after.calls().is_empty(), "that call may still be up");
    after.pass(84);
    assert!(after.calls().is_empty());
    after.pass(1);
    let call = after.one_call();
    assert_eq!(
        (call.number.as_str(), call.number_of_attempt),
        ("101", 2),
        "what was cut off counts"
    );
    after.set("a1", AgentSetting::Skills(Skills::parse("german").expect("skills")));
    after.call_fails(&call, CallbackEnd::Declined);
    let call = after.one_call();
    assert_eq!((call.number.as_str(), call.member_uuid.as_str()), ("100", "strict"));
    after.comes_back(&call);
    let ring = after.one_ring();
    assert_eq!((ring.param.as_str(), ring.joined_epoch), ("p", 1_000_000));
}

#[test]
fn what_is_not_kept_in_time_is_given_up() {
    let mut centre = centre();
    centre.asks("100");
    centre.pass(599);
    assert!(centre.results().is_empty());
    centre.pass(1);
    assert_eq!(centre.results(), ["expired"]);
    assert_eq!(centre.causes(), ["CALLBACK_EXPIRED"]);
    assert_eq!(centre.engine.holdings(), Holdings::default());
}

#[test]
fn an_attempt_that_is_under_way_is_not_cut_off_by_the_expiry() {
    let mut centre = centre();
    centre.asks("100");
    centre.pass(590);
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.pass(15);
    assert!(centre.results().is_empty());
    centre.call_fails(&call, CallbackEnd::NoAnswer);
    assert_eq!(centre.results(), ["expired"]);
}

#[test]
fn what_is_no_number_or_not_admitted_is_refused() {
    let mut centre = changed(|config| {
        config.numbers = Some(NumberPattern::parse("1[0-9]+").expect("a pattern"));
        config.max_pending = 1;
    });
    let member = centre.caller("100");
    let endless = "1".repeat(10_240);
    for text in ["", "${x}", "100,1", "100|1", "1:_:2", "{a=b}100", "1' OR 1", &endless] {
        assert_eq!(
            centre.ask(member, text),
            Err(CallbackRefusal::NotANumber.into()),
            "{text}"
        );
    }
    assert_eq!(centre.ask(member, "200"), Err(CallbackRefusal::NotAdmitted.into()));
    assert_eq!(centre.ask(member, "101"), Err(CallbackRefusal::NotTheCallers.into()));
    centre.asks("110");
    assert_eq!(centre.ask(member, "100"), Err(CallbackRefusal::TooMany.into()));
    let mut without = centre_with(QueueConfig::named(QUEUE));
    let member = without.caller("100");
    assert_eq!(without.ask(member, "100"), Err(CallbackRefusal::NotInThisQueue.into()));
}

#[test]
fn a_callback_is_not_abandoned_released_or_looked_for() {
    let mut centre = centre_with(QueueConfig {
        max_wait_time: 30,
        max_wait_time_with_no_agent: 20,
        leave_when_empty: Some(Absences::NONE),
        ..config()
    });
    centre.agent("a1", 1, 1);
    let live = centre.caller("99");
    let ring = centre.one_ring();
    centre.talk(&ring, live);
    let member = centre.asks("100");
    centre.outputs.clear();
    centre.status("a1", "Logged Out");
    centre.pass(500);
    assert_eq!(centre.engine.position_of(member), Some(1));
    let asks_for_it = |output: &Output| matches!(output, Output::Inspect(looked) if !looked.waiting.is_empty());
    assert!(!centre.outputs.iter().any(asks_for_it));
    assert!(!centre.outputs.iter().any(|output| matches!(output, Output::Release(_))));
    centre.hang_up(&ring);
    centre.status("a1", "Available");
    let call = centre.one_call();
    centre.comes_back(&call);
    centre.rings();
    assert!(
        !centre.outputs.iter().any(|output| matches!(output, Output::Release(_))),
        "limits count anew"
    );
}

#[test]
fn an_agent_who_goes_while_held_is_replaced() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.agent("a2", 1, 2);
    centre.status("a1", "Logged Out");
    assert!(centre.calls().is_empty());
    centre.caller("101");
    assert!(centre.rings().is_empty(), "a2 is held now");
    centre.comes_back(&call);
    assert_eq!(centre.one_ring().agent, "a2");
}

#[test]
fn who_was_reached_and_hangs_up_has_left() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    let member = centre.comes_back(&call);
    centre.one_ring();
    centre.leave(member);
    assert_eq!(centre.results(), ["left"]);
    assert!(centre.causes().contains(&"BREAK_OUT".to_owned()));
    let mut centre = self::centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    let session_uuid = centre.reached(&call);
    centre.tell(Input::SuccessorGone { session_uuid });
    assert_eq!(centre.results(), ["left"]);
}

#[test]
fn who_confirms_and_never_arrives_is_called_again() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.reached(&call);
    centre.caller("101");
    assert!(centre.rings().is_empty());
    centre.pass(10);
    assert_eq!(centre.one_ring().member_uuid, "member-101", "the agent is held no more");
    assert_eq!(centre.rows_kept().callbacks[0].last_end, "unreachable");
}

#[test]
fn an_attempt_of_which_nothing_is_heard_is_given_up() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.caller("101");
    centre.pass(34);
    assert!(centre.rings().is_empty());
    centre.pass(1);
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    assert_eq!(centre.one_ring().member_uuid, "member-101", "nobody is held for longer");
}

#[test]
fn commands_cancel_hasten_and_add() {
    let mut centre = changed(|config| config.delay = 120);
    let uuid = |uuid: &str| uuid.to_owned();
    centre.tell(Input::CallbackAdd {
        queue: QUEUE.to_owned(),
        number: "200".to_owned(),
        name: "Web".to_owned(),
        new_member_uuid: uuid("web"),
    });
    centre.agent("a1", 1, 1);
    centre.pass(60);
    assert!(centre.calls().is_empty());
    centre.tell(Input::CallbackNow { uuid: uuid("web") });
    let call = centre.one_call();
    assert_eq!((call.name.as_str(), call.member_uuid.as_str()), ("Web", "web"));
    centre.tell(Input::CallbackCancel { uuid: uuid("web") });
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    assert_eq!(centre.results(), ["cancelled"]);
    let again = Input::CallbackCancel { uuid: uuid("web") };
    assert_eq!(centre.try_tell(again), Err(EngineError::CallbackNotFound));
    assert_eq!(
        centre.caller("101"),
        MemberId(centre.caller("102").number() - 2),
        "both wait"
    );
    assert_eq!(centre.one_ring().member_uuid, "member-101", "the agent is free");
}

#[test]
fn a_caller_is_offered_it_when_the_queue_says() {
    let mut centre = changed(|config| {
        config.offer_after = 20;
        config.offer_position = 2;
        config.offer_sound = Some("offer.wav".to_owned());
        config.offer_frequency = 30;
    });
    let offered = |centre: &Centre, member| centre.engine.callback_offer(centre.now, member).is_some();
    let played = |centre: &mut Centre| {
        let outputs = std::mem::take(&mut centre.outputs);
        let announced = outputs.iter().filter(|output| matches!(output, Output::Announce(_)));
        announced.count()
    };
    centre.agent("a1", 1, 1);
    let talking = centre.caller("99");
    let ring = centre.one_ring();
    centre.talk(&ring, talking);
    let (first, second) = (centre.caller("100"), centre.caller("101"));
    let withheld = centre.caller("anonymous");
    assert!(!offered(&centre, second));
    centre.pass(20);
    assert_eq!(played(&mut centre), 1, "the second alone is told");
    assert!(offered(&centre, second) && !offered(&centre, first) && !offered(&centre, withheld));
    centre.leave(first);
    assert!(!offered(&centre, second), "now the first");
    centre.status("a1", "Logged Out");
    assert!(!offered(&centre, withheld), "nobody would call");
}

#[test]
fn a_dialplan_asks_by_a_variable_and_is_told() {
    let mut centre = centre();
    let request = |number: &str| JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "s".to_owned(),
        new_member_uuid: format!("m{number}"),
        cid_number: "100".to_owned(),
        callback_number: Some(number.to_owned()),
        ..JoinRequest::default()
    };
    let refused = centre.tell(Input::MemberJoin(request("1;2")));
    assert!(matches!(
        refused,
        Reply::Refused {
            reason: CancelReason::CallbackRefused,
            ..
        }
    ));
    let called_back = centre.tell(Input::MemberJoin(request("100")));
    let expected = Reply::CalledBack {
        member_uuid: "m100".to_owned(),
        position: 1,
    };
    assert_eq!(called_back, expected);
    assert_eq!(
        centre.tell(Input::MemberJoin(request("100"))),
        expected,
        "asking again changes nothing"
    );
    assert_eq!(centre.member_states(), [MemberState::Waiting]);
}

#[test]
fn nobody_is_dialled_before_the_caller_has_hung_up() {
    let mut centre = centre();
    let member = centre.caller("100");
    assert!(centre.ask(member, "100").is_ok());
    centre.agent("a1", 1, 1);
    centre.pass(30);
    assert!(centre.calls().is_empty() && centre.rings().is_empty());
    centre.exits(member);
    assert_eq!(centre.one_call().number, "100");
}

#[test]
fn rings_stop_for_who_asks_to_be_called_back() {
    let mut centre = centre();
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    assert!(centre.ask(member, "100").is_ok());
    centre.exits(member);
    assert!(centre.calls().is_empty(), "a1 is not free before the ring has ended");
    centre.end_ring(&ring, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
    assert_eq!(centre.one_call().number, "100");
}
