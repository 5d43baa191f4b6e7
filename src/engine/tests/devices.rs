//! Agents whose device is in use, where the queue does not ring those.

use super::*;

impl Centre {
    fn device(&mut self, device: &str, in_use: bool) {
        self.tell(Input::DeviceState {
            device: device.to_owned(),
            in_use,
        });
    }
}

fn centre(ring_in_use: bool) -> Centre {
    let mut centre = Centre::with_queue(QueueConfig {
        ring_in_use,
        join_empty: Some(Absences::NONE.with(Absence::InUse)),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre
}

#[test]
fn who_has_another_call_is_rung_when_it_is_over() {
    let mut centre = centre(false);
    centre.caller("100");
    let ring = centre.rings().remove(0);
    centre.device("a@x", true);
    centre.fail(&ring, HangupCause::NO_ANSWER);
    centre.pass(5);
    assert_eq!(centre.rings(), [], "the device is in use");
    centre.device("A@Y", true);
    centre.device("a@x", false);
    assert_eq!(centre.rings(), [], "and so is another of the same user");
    centre.device("a@y", false);
    assert_eq!(centre.rings().len(), 1);
}

#[test]
fn a_device_of_somebody_else_or_of_another_domain_keeps_nobody() {
    let mut centre = centre(false);
    centre.set("a", AgentSetting::Contact("user/a@here".to_owned()));
    centre.device("a@there", true);
    centre.device("b@here", true);
    centre.caller("100");
    assert_eq!(centre.rings().len(), 1);
    assert!(!centre.engine.device_is_in_use("a"));
}

#[test]
fn stocks_queue_rings_whatever_the_phone_does() {
    let mut centre = centre(true);
    centre.device("a@x", true);
    centre.caller("100");
    assert_eq!(centre.rings().len(), 1);
}

#[test]
fn the_device_follows_the_contact() {
    let mut centre = centre(false);
    centre.device("other@x", true);
    centre.set("a", AgentSetting::Contact("user/other".to_owned()));
    assert!(centre.engine.device_is_in_use("a"));
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "session-100".to_owned(),
        new_member_uuid: "member-100".to_owned(),
        ..JoinRequest::default()
    };
    let refused = centre.tell(Input::MemberJoin(request));
    assert!(
        matches!(
            refused,
            Reply::Refused {
                reason: CancelReason::JoinEmpty,
                ..
            }
        ),
        "nobody is there whose phone is not in use"
    );
    centre.set("a", AgentSetting::Contact("user/a".to_owned()));
    centre.caller("101");
    assert_eq!(centre.rings().len(), 1);
}

#[test]
fn a_standing_leg_is_no_call() {
    let mut centre = centre(false);
    centre.stands_on("a", "leg");
    centre.leg("leg", LegState::Alone);
    centre.device("a@x", true);
    assert!(!centre.engine.device_is_in_use("a"));
    centre.caller("100");
    assert_eq!(centre.rings().len(), 1);
}
