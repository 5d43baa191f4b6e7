//! A call that comes in over SIP from outside and is answered by a SIP phone, beside stock.

use std::time::Duration;

use callcenter_test_support::harness::{compare, free_udp, with_ours, CallCenter, Setup, Sipp, SOON};

const STAYS_AFTERWARDS: &str = r#"
<extension name="stays"><condition field="destination_number" expression="^support$">
  <action application="callcenter" data="support@default"/>
  <action application="set" data="after_queue=reached"/>
  <action application="sleep" data="1000"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

#[test]
fn a_sip_caller_talks_to_a_sip_phone_and_goes_on_in_the_dialplan() {
    let call_centre = CallCenter::new()
        .queue(
            "support@default",
            &[
                ("strategy", "longest-idle-agent"),
                ("moh-sound", "local_stream://default"),
            ],
        )
        .agent("1001", "[call_timeout=20]user/1001", &[("status", "Logged Out")])
        .tier("support@default", "1001", 1, 1);
    compare(
        Setup::new(&call_centre).extensions(STAYS_AFTERWARDS),
        |switch, recording| {
            let phone_port = free_udp();
            Sipp::register(switch, "1001", phone_port);
            let phone = Sipp::phone_that_talks(phone_port, Duration::from_millis(1000));
            let mark = switch.events().mark();
            let caller = Sipp::caller(switch, "support");
            switch.wait_for(mark, "member-queue-start");
            assert!(caller.hears_something(SOON), "the caller hears no hold music");
            recording.command(switch, "agent set status 1001 Available");
            switch.wait_for(mark, "bridge-agent-start");
            switch.wait_for(mark, "member-queue-end");
            phone.finish();
            caller.finish();
            switch.wait_until_quiet();
            switch.until("callcenter_config agent get state 1001", |state| state == "Waiting");
            recording.call_centre_events(switch, mark);
            recording.final_variables(switch, mark);
            recording.command(switch, "agent list");
            recording.command(switch, "tier list");
        },
    );
}

#[test]
fn a_ringing_sip_phone_is_cancelled_when_the_caller_leaves() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("1001", "[call_timeout=20]user/1001", &[("status", "Logged Out")])
        .tier("support@default", "1001", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let phone_port = free_udp();
        Sipp::register(switch, "1001", phone_port);
        let phone = Sipp::phone_that_rings(phone_port);
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.callcenter("agent set status 1001 Available");
        switch.events().wait(mark, SOON, "ring of the phone", |event| {
            event.is_core("CHANNEL_PROGRESS") && event.get("variable_cc_side") == "agent"
        });
        switch.hang_up(&caller);
        // Ends well only when the phone was sent a CANCEL.
        phone.finish();
    });
}
