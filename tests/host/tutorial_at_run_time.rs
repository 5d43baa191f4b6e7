//! A widely read tutorial followed to the letter: only the queue in XML, agents and tiers made at run time.

use std::time::Duration;

use callcenter_test_support::harness::{compare, free_udp, Setup, Sipp};

const CALLCENTER: &str = r#"
<configuration name="callcenter.conf" description="CallCenter">
  <settings>
  </settings>
    <queues>
        <queue name="3000@default">
            <param name="strategy" value="round-robin"/>
            <param name="moh-sound" value="$${sounds_dir}/ivr/common/music-on-hold.wav"/>
            <param name="time-base-score" value="system"/>
            <param name="max-wait-time" value="0"/>
            <param name="max-wait-time-with-no-agent" value="0"/>
            <param name="max-wait-time-with-no-agent-time-reached" value="20"/>
            <param name="tier-rules-apply" value="false"/>
            <param name="tier-rule-wait-second" value="300"/>
            <param name="tier-rule-wait-multiply-level" value="true"/>
            <param name="tier-rule-no-agent-no-wait" value="false"/>
            <param name="discard-abandoned-after" value="60"/>
            <param name="abandoned-resume-allowed" value="false"/>
        </queue>
    </queues>
    <agents>
    </agents>
    <tiers>
    </tiers>
</configuration>
"#;

const DIALPLAN: &str = r#"
<extension name="queue 3000"><condition field="destination_number" expression="^(3000)$">
  <action application="callcenter" data="$1@default"/>
</condition></extension>
"#;

const COMMANDS: &[&str] = &[
    "agent list",
    "queue list",
    "agent add 1001 callback",
    "agent list",
    "agent set reject_delay_time 1001 30",
    "agent set busy_delay_time 1001 60",
    "agent set no_answer_delay_time 1001 10",
    "agent set contact 1001  \"[call_timeout=60]user/1001\"",
    "agent set wrap_up_time 1001 10",
    "agent list",
    "tier add 3000@default 1001",
    "tier list",
    "agent set status 1001 Available",
    "agent list 1001",
];

#[test]
fn the_commands_of_the_tutorial() {
    let setup = Setup {
        callcenter: CALLCENTER.to_string(),
        extensions: DIALPLAN.to_string(),
        ..Setup::default()
    };
    compare(setup, |switch, recording| {
        let port = free_udp();
        Sipp::register(switch, "1001", port);
        let mark = switch.events().mark();
        for command in COMMANDS {
            recording.command(switch, command);
        }
        let called = switch.events().mark();
        let caller = switch.call("5551234", "Ann", "3000");
        // With the quotes the tutorial types around the contact it is stored with them, and cannot be dialled.
        switch.wait_for(called, "bridge-agent-fail");
        let _phone = Sipp::phone_that_talks(port, Duration::from_millis(500));
        recording.command(switch, "agent set contact 1001 [call_timeout=60]user/1001");
        recording.command(switch, "agent set ready_time 1001 0");
        switch.wait_for(called, "bridge-agent-start");
        switch.wait_for(called, "member-queue-end");
        switch.hang_up(&caller);
        switch.wait_until_quiet();
        switch.until("callcenter_config agent get state 1001", |state| state == "Waiting");
        recording.call_centre_events(switch, mark);
        recording.command(switch, "agent del 1001");
        recording.command(switch, "agent list");
        recording.command(switch, "tier list");
    });
}

#[test]
fn agents_and_tiers_are_truncated_on_load_when_asked() {
    let truncating = CALLCENTER.replace(
        "<settings>",
        "<settings><param name=\"truncate-agents-on-load\" value=\"true\"/><param name=\"truncate-tiers-on-load\" value=\"true\"/>",
    );
    compare(
        Setup {
            callcenter: truncating,
            ..Setup::default()
        },
        |switch, recording| {
            for command in [
                "agent add 1001 callback",
                "tier add 3000@default 1001",
                "agent list",
                "tier list",
            ] {
                recording.command(switch, command);
            }
            switch.stop();
            switch.start_again(switch.module);
            recording.command(switch, "agent list");
            recording.command(switch, "tier list");
        },
    );
}
