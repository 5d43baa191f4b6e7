//! Wrong words from dialplan and configuration: the switch and the calls live on.

use crate::harness::{compare, phone, with_ours, CallCenter, Setup, SOON};

const WRONG_WORDS: &str = r#"
<extension name="nothing said"><condition field="destination_number" expression="^nothing$">
  <action application="callcenter"/>
  <action application="set" data="after_queue=reached"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", "talk-300"), &[])
        .tier("support@default", "a1", 1, 1)
}

#[test]
fn an_unknown_or_missing_queue_lets_the_caller_go_on_as_in_stock() {
    compare(
        Setup::new(&call_centre()).extensions(WRONG_WORDS),
        |switch, recording| {
            for extension in ["queue-nowhere", "nothing"] {
                let mark = switch.events().mark();
                switch.call("5551234", "Ann", extension);
                switch.events().wait(mark, SOON, "end of the call", |event| {
                    event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("Call-Direction") == "inbound"
                });
                switch.wait_until_quiet();
                recording.call_centre_events(switch, mark);
                recording.final_variables(switch, mark);
            }
        },
    );
}

#[test]
fn an_empty_configuration_loads_as_in_stock() {
    let setup = Setup {
        callcenter: r#"<configuration name="callcenter.conf"/>"#.to_string(),
        ..Setup::default()
    };
    compare(setup, |switch, recording| {
        let answer = switch.api("module_exists mod_callcenter");
        recording.text(switch, "module_exists", &answer);
        for listing in ["queue list", "agent list", "tier list"] {
            recording.command(switch, listing);
        }
    });
}

/// With stock each of these elements crashes FreeSWITCH, now or at the next reload.
#[test]
fn elements_with_missing_attributes_are_named_and_the_rest_loads() {
    let broken = call_centre()
        .xml()
        .replace(
            "<agents>",
            r#"<agents><agent name="no-type" contact="user/1"/><agent type="callback"/>"#,
        )
        .replace(
            "<tiers>",
            r#"<tiers><tier queue="support@default"/><tier agent="a1"/><tier/>"#,
        )
        .replace(
            "<queues>",
            r#"<queues><queue/><queue name="q2@default"><param/><param name="strategy" value="no-such"/></queue>"#,
        );
    let setup = Setup {
        callcenter: broken,
        ..Setup::default()
    };
    with_ours(setup, |switch| {
        switch.wait_for_log("[WARNING]");
        switch.callcenter("tier reload support@default a1");
        switch.callcenter("queue reload support@default");
        let mark = switch.events().mark();
        switch.call_queue("5551234", "support");
        switch.wait_for(mark, "bridge-agent-start");
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
    });
}

#[test]
fn a_database_that_cannot_be_opened_is_named_and_freeswitch_lives_on() {
    let setup = Setup::new(&call_centre().setting("dbname", "/no/such/directory/callcenter.db"));
    with_ours(setup, |switch| {
        switch.wait_for_log("/no/such/directory");
        assert!(switch.api("status").contains("UP"));
    });
}
