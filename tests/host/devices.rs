//! Phones in use, as FreeSWITCH knows them: `ring-in-use`.

use std::time::Duration;

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup, Sipp, SOON};

const QUEUE: &str = "support@default";

/// A call that a phone has made itself.
const OUTSIDE: &str = r#"
<extension name="outside"><condition field="destination_number" expression="^outside$">
  <action application="answer"/>
  <action application="sleep" data="2500"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

/// One agent, known to FreeSWITCH as the device of SIPp's caller.
fn setup(params: &[(&str, &str)]) -> Setup {
    let contact = format!("[presence_id=5551234@127.0.0.1]{}", phone("a1", "answer"));
    let call_centre = CallCenter::new()
        .queue(QUEUE, params)
        .agent("a1", &contact, &[])
        .tier(QUEUE, "a1", 1, 1);
    Setup {
        presence: true,
        ..Setup::new(&call_centre).extensions(OUTSIDE)
    }
}

fn is_in_use(switch: &FreeSwitch, expected: &str) {
    switch.until("callcenter_config agent get device_in_use a1", |answer| {
        answer == expected
    });
}

/// The agent is offered a caller, and not before the end of the call that the agent has made.
fn is_rung_after_own_call(switch: &FreeSwitch, mark: usize) {
    let offer = switch.wait_for(mark, "agent-offering");
    let over = switch
        .events()
        .wait(mark, SOON, "the end of the agent's own call", |event| {
            event.is_core("CHANNEL_HANGUP") && event.get("Caller-Caller-ID-Number") == "5551234"
        });
    assert!(over.time() <= offer.time(), "the agent was rung during the call");
}

#[test]
fn an_agent_whose_phone_is_in_use_is_rung_when_its_last_call_is_over() {
    with_ours(setup(&[("ring-in-use", "false")]), |switch| {
        assert_eq!(switch.callcenter("agent get device a1"), "5551234@127.0.0.1");
        let mark = switch.events().mark();
        let outside = Sipp::caller(switch, "outside");
        is_in_use(switch, "true");
        switch.call_queue("5550001", "support");
        switch.wait_for(mark, "member-queue-start");
        is_rung_after_own_call(switch, mark);
        outside.finish();
        switch.wait_for(mark, "bridge-agent-start");
        // The agent's leg of a queue's call is a call of the phone as well: when it has ended the next caller is served.
        is_in_use(switch, "true");
        switch.api("hupall");
        switch.wait_until_quiet();
        is_in_use(switch, "false");
        let mark = switch.events().mark();
        switch.call_queue("5550002", "support");
        switch.wait_for(mark, "bridge-agent-start");
    });
}

#[test]
fn a_phone_that_is_in_use_when_the_module_is_loaded_is_known_to_be() {
    with_ours(setup(&[("ring-in-use", "false")]), |switch| {
        let mark = switch.events().mark();
        let outside = Sipp::caller(switch, "outside");
        is_in_use(switch, "true");
        let answer = switch.api("reload mod_callcenter");
        assert!(answer.contains("+OK"), "reload: {answer}");
        assert_eq!(switch.callcenter("agent get device_in_use a1"), "true");
        switch.call_queue("5550001", "support");
        is_rung_after_own_call(switch, mark);
        outside.finish();
        switch.api("hupall");
        switch.wait_until_quiet();
        is_in_use(switch, "false");
    });
}

#[test]
fn without_the_parameter_a_phone_in_use_is_rung() {
    with_ours(setup(&[]), |switch| {
        let mark = switch.events().mark();
        let outside = Sipp::caller(switch, "outside");
        is_in_use(switch, "true");
        switch.call_queue("5550001", "support");
        let offer = switch
            .events()
            .find(mark, Duration::from_secs(1), |event| event.is("agent-offering"));
        assert!(offer.is_some(), "the agent is rung at once, as by stock");
        outside.finish();
    });
}
