//! One caller, one agent: the life of a call, event by event, beside stock.

use callcenter_test_support::harness::{compare, phone, CallCenter, FreeSwitch, Recording, Setup};

/// Keeps the caller on the line for a while after the queue, so that both modules fire their last events while
/// the caller's leg is up.
const STAYS_AFTERWARDS: &str = r#"
<extension name="stays"><condition field="destination_number" expression="^stays-(.+)$">
  <action application="set" data="cc_export_vars=colour"/>
  <action application="set" data="colour=green"/>
  <action application="callcenter" data="$1@default"/>
  <action application="set" data="after_queue=reached"/>
  <action application="sleep" data="1000"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

fn call_centre(behaviour: &str) -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", behaviour), &[])
        .tier("support@default", "a1", 1, 1)
}

fn record_end(switch: &FreeSwitch, recording: &mut Recording, mark: usize) {
    switch.wait_until_quiet();
    switch.until("callcenter_config agent get state a1", |state| state == "Waiting");
    recording.call_centre_events(switch, mark);
    recording.final_variables(switch, mark);
    recording.command(switch, "agent list");
    recording.command(switch, "tier list");
    recording.command(switch, "queue list");
    recording.command(switch, "queue list members support@default");
}

#[test]
fn agent_hangs_up_and_the_caller_goes_on_in_the_dialplan() {
    compare(
        Setup::new(&call_centre("talk-1000")).extensions(STAYS_AFTERWARDS),
        |switch, recording| {
            let mark = switch.events().mark();
            switch.call("5551234", "Ann", "stays-support");
            switch.wait_for(mark, "member-queue-end");
            record_end(switch, recording, mark);
        },
    );
}

#[test]
fn caller_hangs_up_while_talking() {
    compare(
        Setup::new(&call_centre("answer")).extensions(STAYS_AFTERWARDS),
        |switch, recording| {
            let mark = switch.events().mark();
            let caller = switch.call("5551234", "Ann", "stays-support");
            switch
                .events()
                .wait(mark, callcenter_test_support::harness::SOON, "the talk", |event| {
                    event.is("agent-state-change") && event.get("CC-Agent-State") == "In a queue call"
                });
            recording.command(switch, "queue list members support@default");
            recording.command(switch, "agent list");
            recording.command(switch, "tier list");
            switch.hang_up(&caller);
            switch.wait_for(mark, "member-queue-end");
            record_end(switch, recording, mark);
        },
    );
}
