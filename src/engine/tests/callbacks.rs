//! Callers who are called back: a callback is the member, without a channel.

use super::*;

mod agent_first;
mod asking;
mod attempts;
mod crashes;
mod days_and_figures;
mod lead;

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
fn an_agent_who_is_paused_in_the_queue_while_held_is_for_the_callers_of_others() {
    let mut centre = centre();
    let other = "other@default".to_owned();
    centre.tell(Input::LoadQueue(QueueConfig::named(&other)));
    centre.asks("100");
    centre.asks("101");
    centre.agent("a1", 1, 1);
    centre.tell(Input::TierAdd(TierConfig {
        queue: other.clone(),
        agent: "a1".to_owned(),
        level: 1,
        position: 1,
    }));
    centre.tell(Input::MemberJoin(JoinRequest {
        queue: other,
        session_uuid: "session-102".to_owned(),
        new_member_uuid: "member-102".to_owned(),
        ..JoinRequest::default()
    }));
    assert_eq!(centre.one_call().number, "100");
    assert!(centre.rings().is_empty(), "a1 is held");
    centre.tell(Input::TierPause {
        queue: QUEUE.to_owned(),
        agent: "a1".to_owned(),
        reason: "paper work".to_owned(),
    });
    assert_eq!(centre.one_ring().member_uuid, "member-102");
    assert!(centre.calls().is_empty());
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
