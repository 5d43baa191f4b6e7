//! Pauses, limits and places that queues and supervisors decide.

use super::*;

fn withdraw(uuid: &str) -> Input {
    Input::MemberWithdraw {
        uuid: uuid.to_owned(),
        note: "moved".to_owned(),
    }
}

impl Centre {
    /// The reason of the last release.
    fn released(&self) -> Option<CancelReason> {
        self.outputs.iter().rev().find_map(|output| match output {
            Output::Release(release) => Some(release.reason),
            _ => None,
        })
    }

    /// The caller who is rung for, after the agent has ended a talk.
    fn next_after_talk(&mut self, agent_rings: &Ring) -> Vec<String> {
        self.hang_up(agent_rings);
        self.rings().into_iter().map(|ring| ring.member_uuid).collect()
    }
}

#[test]
fn a_member_is_not_offered_again_before_the_retry_delay() {
    let mut centre = Centre::with_queue(QueueConfig {
        retry_delay: 5,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    centre.caller("c");
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::USER_BUSY);
    centre.pass(4);
    assert_eq!(centre.rings(), []);
    centre.pass(1);
    assert_eq!(centre.one_ring().member_uuid, "member-c");
}

#[test]
fn an_offer_that_was_withdrawn_delays_nothing() {
    let mut centre = Centre::with_queue(QueueConfig {
        retry_delay: 5,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    centre.caller("c");
    let ring = centre.one_ring();
    centre.status(&ring.agent, "On Break");
    assert_eq!(centre.rings().len(), 1);
}

#[test]
fn wrap_up_is_the_agents_own_else_the_queues_and_never_longer_than_the_queue_allows() {
    for (own, of_queue, longest, expected) in [
        (0, 0, 0, 0),
        (0, 20, 0, 20),
        (7, 20, 0, 7),
        (0, 20, 12, 12),
        (30, 20, 12, 12),
        (30, 0, 40, 30),
    ] {
        let mut centre = Centre::with_queue(QueueConfig {
            wrap_up_time: of_queue,
            max_wrap_up_time: longest,
            ..QueueConfig::named(QUEUE)
        });
        centre.agent("a", 1, 1);
        let own_text = own.to_string();
        let setting = AgentSetting::attribute("wrap_up_time", &own_text).expect("a key");
        centre.set("a", setting.expect("a number"));
        let member = centre.caller("first");
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        centre.caller("second");
        centre.hang_up(&ring);
        centre.pass(expected - 1);
        let early = centre.rings().len();
        assert_eq!(early, usize::from(expected == 0), "{own} {of_queue} {longest}");
        centre.pass(2);
        assert_eq!(early + centre.rings().len(), 1, "{own} {of_queue} {longest}");
    }
}

#[test]
fn the_setting_is_the_wrap_up_of_who_has_no_other() {
    let settings = Settings {
        wrap_up_time: 9,
        ..Settings::default()
    };
    let mut centre = Centre::new("longest-idle-agent");
    centre.engine = Engine::new(settings, 1);
    centre.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    centre.agent("a", 1, 1);
    let member = centre.caller("first");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.caller("second");
    centre.hang_up(&ring);
    assert_eq!(
        centre.agent_row("a").ready_time,
        centre.now.secs() + 9,
        "it outlasts a restart"
    );
    centre.pass(8);
    assert_eq!(centre.rings(), []);
    centre.pass(1);
    assert_eq!(centre.rings().len(), 1);
}

#[test]
fn with_timeout_priority_app_a_phone_rings_no_longer_than_the_caller_waits() {
    for (priority, released) in [
        (TimeoutPriority::Conf, None),
        (TimeoutPriority::App, Some(CancelReason::Timeout)),
    ] {
        let mut centre = Centre::with_queue(QueueConfig {
            max_wait_time: 10,
            timeout_priority: priority,
            ..QueueConfig::named(QUEUE)
        });
        centre.agent("a", 1, 1);
        centre.caller("c");
        centre.one_ring();
        centre.pass(10);
        assert_eq!(centre.released(), released);
    }
}

#[test]
fn a_member_who_is_withdrawn_is_let_go_and_the_phone_stops() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("ringing");
    centre.one_ring();
    centre.caller("waiting");
    for name in ["ringing", "waiting"] {
        centre.outputs.clear();
        centre.tell(withdraw(&format!("member-{name}")));
        assert_eq!(centre.released(), Some(CancelReason::Withdraw), "{name}");
        assert_eq!(variable(&centre, "cc_withdraw_reason").as_deref(), Some("moved"));
        let stops = centre
            .outputs
            .iter()
            .any(|output| matches!(output, Output::CancelRing { .. }));
        assert_eq!(stops, name == "ringing");
        let again = centre.try_tell(withdraw(&format!("member-{name}")));
        assert_eq!(again, Err(EngineError::MemberNotWaiting));
    }
    assert_eq!(centre.try_tell(withdraw("nobody")), Err(EngineError::MemberNotFound));
}

#[test]
fn a_member_whose_agent_has_answered_cannot_be_withdrawn() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("c");
    let ring = centre.one_ring();
    centre.answer(&ring);
    assert_eq!(
        centre.try_tell(withdraw("member-c")),
        Err(EngineError::MemberNotWaiting)
    );
}

#[test]
fn another_score_is_another_place_at_once() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let talking = centre.caller("talking");
    let ring = centre.one_ring();
    centre.talk(&ring, talking);
    centre.caller("first");
    centre.caller("second");
    centre.tell(Input::MemberScore {
        uuid: "member-second".to_owned(),
        base_score: 30,
    });
    assert_eq!(centre.next_after_talk(&ring), ["member-second"]);
}

#[test]
fn a_caller_may_begin_further_in_front() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let talking = centre.caller("talking");
    let ring = centre.one_ring();
    centre.talk(&ring, talking);
    for name in ["first", "second", "third"] {
        centre.pass(10);
        centre.caller(name);
    }
    centre.pass(10);
    centre.tell(Input::MemberJoin(JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "session-vip".to_owned(),
        new_member_uuid: "member-vip".to_owned(),
        position: Some(2),
        ..JoinRequest::default()
    }));
    let listed = centre.engine.member_rows(Some(QUEUE), centre.now).into_iter();
    let waiting: Vec<String> = listed
        .map(|listing| listing.row.uuid)
        .filter(|uuid| uuid != "member-talking")
        .collect();
    assert_eq!(waiting, ["member-first", "member-vip", "member-second", "member-third"]);
    assert_eq!(centre.next_after_talk(&ring), ["member-first"]);
}

#[test]
fn wrandom_takes_lower_levels_more_often() {
    let mut chosen = [0_i64; 3];
    for seed in 0..600 {
        let mut centre = Centre::new("wrandom");
        centre.engine = Engine::new(Settings::default(), seed);
        centre.tell(Input::LoadQueue(QueueConfig {
            strategy: "wrandom".to_owned(),
            ..QueueConfig::named(QUEUE)
        }));
        for (level, name) in ["zero", "one", "two"].into_iter().enumerate() {
            centre.agent(name, i64::try_from(level).expect("small"), 1);
        }
        centre.caller("c");
        let ring = centre.one_ring();
        let at = ["zero", "one", "two"].iter().position(|name| *name == ring.agent);
        chosen[at.expect("one of them")] += 1;
    }
    // Six elevenths, three and two, each within five standard deviations.
    for (count, expected) in chosen.into_iter().zip([327, 164, 109]) {
        assert!((count - expected).abs() < 61, "{chosen:?}");
    }
}
