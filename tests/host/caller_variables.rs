//! What a caller's channel and the agent's leg know of a call, and the way out of a queue by a key.

use std::time::Duration;

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup, SOON};

/// A caller who brings something, and where the key 5 leads to.
const DIALPLAN: &str = r#"
<extension name="bringing"><condition field="destination_number" expression="^bringing$">
  <action application="set" data="cc_param=order 4711"/>
  <action application="answer"/>
  <action application="callcenter" data="support@default"/>
</condition></extension>
<extension name="exporting"><condition field="destination_number" expression="^exporting$">
  <action application="set" data="colour=green"/>
  <action application="set" data="shape=round"/>
  <action application="set" data="size=9"/>
  <action application="set" data="nolocal:weight=3"/>
  <action application="set" data="cc_export_vars=shape,cc_size"/>
  <action application="answer"/>
  <action application="callcenter" data="exporting@default"/>
</condition></extension>
<extension name="five"><condition field="destination_number" expression="^5$">
  <action application="set" data="went_elsewhere=five of ${cc_queue}"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .setting("queue-log-file", "queue_log")
        .queue("support@default", &[])
        .queue("line@default", &[("position-variable", "2")])
        .queue("menu@default", &[("exit-context", "default")])
        .queue(
            "exporting@default",
            &[("cc-export-vars", "colour, nolocal:weight,shape,cc_missing")],
        )
        .queue("greeted@default", &[("welcome-sound", "tone_stream://%(2000,0,500)")])
        .agent("a1", &phone("a1", "answer-after-700"), &[])
        .tier("support@default", "a1", 1, 1)
        .tier("exporting@default", "a1", 1, 1);
    Setup::new(&call_centre).extensions(DIALPLAN)
}

fn variable(switch: &FreeSwitch, uuid: &str, name: &str) -> String {
    switch.api(&format!("uuid_getvar {uuid} {name}"))
}

#[test]
fn the_state_follows_the_call_and_what_the_caller_brings_reaches_the_agent() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call("5550001", "Caller", "bringing");
        let offering = switch.wait_for(mark, "agent-offering");
        assert_eq!(offering.get("CC-Param"), "order 4711");
        let member = offering.get("CC-Member-Session-UUID").to_owned();
        switch.until(&format!("uuid_getvar {member} cc_state"), |state| state == "preagent");
        let start = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(start.get("CC-Param"), "order 4711");
        assert_eq!(start.get("variable_cc_param"), "order 4711", "on the agent's leg");
        switch.until(&format!("uuid_getvar {member} cc_state"), |state| state == "toagent");
        switch.hang_up(&caller);
        let end = switch.wait_for(mark, "member-queue-end");
        assert_eq!(end.get("CC-Param"), "order 4711");
        switch.wait_until_quiet();
    });
}

/// FreeSWITCH #3094: what the agent's side needs to know is the queue's matter, not that of each dialplan.
#[test]
fn what_the_queue_names_goes_to_the_agents_leg_beside_what_the_channel_names() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call("5550001", "Caller", "exporting");
        let start = switch.wait_for(mark, "bridge-agent-start");
        for (name, value) in [
            ("colour", "green"),
            ("shape", "round"),
            ("weight", "3"),
            ("size", ""),
            ("cc_missing", ""),
        ] {
            assert_eq!(
                start.get(&format!("variable_{name}")),
                value,
                "{name} on the agent's leg"
            );
        }
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
    });
}

#[test]
fn the_welcome_is_a_state_of_its_own() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call("5550001", "Caller", "queue-greeted");
        let answered = switch.events().wait(mark, SOON, "the answer", |event| {
            event.is_core("CHANNEL_ANSWER") && event.get("Caller-Destination-Number") == "queue-greeted"
        });
        let member = answered.get("Unique-ID").to_owned();
        switch.until(&format!("uuid_getvar {member} cc_state"), |state| state == "welcome");
        switch.wait_for(mark, "member-queue-start");
        switch.until(&format!("uuid_getvar {member} cc_state"), |state| state == "queue");
        switch.hang_up(&caller);
        switch.wait_until_quiet();
    });
}

#[test]
fn the_place_in_line_is_on_the_channel() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        let first = switch.call_queue("5550001", "line");
        switch.call_queue("5550002", "line");
        switch.call_queue("5550003", "line");
        let starts = switch.events().since(mark);
        let sessions: Vec<String> = starts
            .iter()
            .filter(|event| event.is("member-queue-start"))
            .map(|event| event.get("CC-Member-Session-UUID").to_owned())
            .collect();
        let place_becomes = |caller: usize, expected: &str| {
            switch.until(&format!("uuid_getvar {} cc_position", sessions[caller]), |place| {
                place == expected
            });
        };
        place_becomes(0, "1");
        place_becomes(1, "2");
        assert_eq!(variable(switch, &sessions[2], "cc_position"), "_undef_");
        switch.hang_up(&first);
        place_becomes(1, "1");
        place_becomes(2, "2");
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

#[test]
fn a_key_leads_to_its_extension() {
    with_ours(setup(), |switch| {
        let caller = switch.call_queue("5550001", "menu");
        let mark = switch.events().mark();
        // Keys are heard once both ends send sound.
        std::thread::sleep(Duration::from_millis(300));
        switch.api(&format!("uuid_send_dtmf {} 5", caller.leg));
        let gone = switch.events().wait(mark, SOON, "the extension", |event| {
            event.is_core("CHANNEL_HANGUP") && !event.get("variable_went_elsewhere").is_empty()
        });
        assert_eq!(gone.get("variable_went_elsewhere"), "five of menu@default");
        assert_eq!(gone.get("variable_cc_cancel_reason"), "EXIT_WITH_KEY");
        assert_eq!(gone.get("variable_cc_exit_key"), "5");
        switch.wait_until_quiet();
        let log = std::fs::read_to_string(switch.dir().join("log/queue_log")).expect("the queue log");
        assert!(log.contains("|menu@default|NONE|EXITWITHKEY|5|1|1|"), "{log}");
    });
}
