//! A widely read tutorial followed to the letter: queue, agents and tiers in XML, log-in and log-out by dialling
//! 300 and 301, calls through a Lua script.

use std::time::Duration;

use callcenter_test_support::harness::{compare, free_udp, install, FreeSwitch, Recording, Setup, Sipp, SOON};

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
        <agent name="1001" type="callback" contact="[call_timeout=60]user/1001" status="Logged Out" max-no-answer="3" wrap-up-time="10" reject-delay-time="30" busy-delay-time="60" no-answer-delay-time="10" />
        <agent name="1002" type="callback" contact="[call_timeout=60]user/1002" status="Logged Out" max-no-answer="3" wrap-up-time="10" reject-delay-time="30" busy-delay-time="60" no-answer-delay-time="10" />
    </agents>
    <tiers>
        <tier agent="1001" queue="3000@default" level="1" position="1"/>
        <tier agent="1002" queue="3000@default" level="1" position="1"/>
    </tiers>
</configuration>
"#;

const DIALPLAN: &str = r#"
    <extension name="Callcenter_TEST">
      <condition field="destination_number" expression="^(3000)$">
        <action application="set" data="continue_on_fail=true"/>
        <action application="log" data="ALERT ==== [3000] mod_callcenter TEST START ==== "/>
        <action application="lua" data="callcenter.lua"/>
      </condition>
    </extension>
    <extension name="agent_login">
        <condition field="destination_number" expression="^300$">
            <action application="log" data="INFO Add Call center agent"/>
            <action application="set" data="continue_on_fail=true"/>
            <action application="set" data="res=${callcenter_config(agent set status ${caller_id_number} 'Available')}" />
            <action application="answer" data=""/>
            <action application="sleep" data="500"/>
            <action application="playback" data="$${sounds_dir}/ivr/common/ivr-you_are_now_logged_in.wav"/>
            <action application="hangup" data="NORMAL_CLEARING"/>
        </condition>
    </extension>
    <extension name="agent_logoff">
        <condition field="destination_number" expression="^301$">
            <action application="log" data="INFO Delete Call center agent"/>
            <action application="set" data="continue_on_fail=true"/>
            <action application="set" data="res=${callcenter_config(agent set status ${caller_id_number} 'Logged Out')}" />
            <action application="log" data="INFO Delete Call center agent"/>
            <action application="answer" data=""/>
            <action application="sleep" data="500"/>
            <action application="playback" data="$${sounds_dir}/ivr/common/ivr-you_are_now_logged_out.wav"/>
            <action application="hangup" data=""/>
        </condition>
    </extension>
"#;

const LUA: &str = r#"
fs_api = freeswitch.API();
g_log_ani = session:getVariable("caller_id_number")
g_log_dnis = session:getVariable("destination_number")

function ScenarioLog(strLevel, strLog)
        local sLine = "[" .. g_log_ani .. "][" .. g_log_dnis .. "]" .. strLog
        freeswitch.consoleLog(strLevel, sLine)
end

local queue = g_log_dnis
ScenarioLog("INFO", "Test Call center Scenario Start Queue:" ..queue .."\n")
session:execute("set", "caller_id_name=" ..queue)
session:execute("callcenter", queue .."@default")
ScenarioLog("INFO", "Test Call center Scenario End \n")
"#;

#[test]
fn log_in_take_calls_in_turn_and_log_out() {
    if install().is_some_and(|install| !install.has_module("mod_lua")) {
        callcenter_test_support::harness::skip("this FreeSWITCH has no mod_lua");
        return;
    }
    let setup = Setup {
        callcenter: CALLCENTER.to_string(),
        extensions: DIALPLAN.to_string(),
        modules: vec!["mod_lua".to_string()],
        scripts: vec![("callcenter.lua".to_string(), LUA.to_string())],
        ..Setup::default()
    };
    compare(setup, |switch, recording| {
        let phones = [free_udp(), free_udp()];
        for (user, port) in ["1001", "1002"].iter().zip(phones) {
            Sipp::register(switch, user, port);
        }
        recording.command(switch, "agent list");
        for user in ["1001", "1002"] {
            dial(switch, recording, user, "300");
        }
        recording.command(switch, "agent list");
        for caller in ["5550001", "5550002"] {
            take_a_call(switch, recording, caller, phones);
        }
        dial(switch, recording, "1001", "301");
        recording.command(switch, "agent list");
        recording.command(switch, "queue list agents 3000@default Available");
    });
}

/// An agent dials the extension that logs in or out and hears its answer to the end.
fn dial(switch: &FreeSwitch, recording: &mut Recording, user: &str, extension: &str) {
    let mark = switch.events().mark();
    switch.call(user, &format!("Extension {user}"), extension);
    let end = switch.events().wait(mark, SOON, "end of the agent's call", |event| {
        event.is_core("CHANNEL_HANGUP_COMPLETE")
            && event.get("Caller-Destination-Number") == extension
            && event.get("Call-Direction") == "inbound"
    });
    recording.note(&format!(
        "{user} dialled {extension}: {} {}",
        end.get("variable_res"),
        end.get("Hangup-Cause")
    ));
    recording.call_centre_events(switch, mark);
}

/// A caller dials 3000; whichever phone is rung answers and hangs up.
fn take_a_call(switch: &FreeSwitch, recording: &mut Recording, caller: &str, phones: [u16; 2]) {
    let _phones = phones.map(|port| Sipp::phone_that_talks(port, Duration::from_millis(1100)));
    let mark = switch.events().mark();
    switch.call(caller, "Ann", "3000");
    let offer = switch.wait_for(mark, "agent-offering");
    recording.note(&format!("{caller} was answered by {}", offer.get("CC-Agent")));
    switch.wait_for(mark, "member-queue-end");
    switch.wait_until_quiet();
    switch.until(
        &format!("callcenter_config agent get state {}", offer.get("CC-Agent")),
        |state| state == "Waiting",
    );
    recording.command(switch, "agent list");
    recording.command(switch, "queue list");
}
