//! Phones of which nothing is heard any more, not even a BYE: agent and place are free when FreeSWITCH knows.

use std::time::Duration;

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup, SipPhone, SOON};

const QUEUE: &str = "support@default";

/// A caller whose silence ends the call after two seconds, and one whose does not.
const DOORS: &str = r#"
<extension name="watched"><condition field="destination_number" expression="^watched$">
  <action application="set" data="media_timeout=2000"/>
  <action application="callcenter" data="support@default"/>
</condition></extension>
<extension name="afterwards"><condition field="destination_number" expression="^afterwards$">
  <action application="callcenter" data="support@default"/>
  <action application="event" data="Event-Subclass=dialplan::seen,Event-Name=CUSTOM,Seen=afterwards"/>
  <action application="park"/>
</condition></extension>
"#;

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .queue(QUEUE, &[("moh-sound", "tone_stream://%(10000,0,440)")])
        .agent("a1", &phone("a1", "answer"), &[("status", "Logged Out")])
        .tier(QUEUE, "a1", 1, 1);
    Setup::new(&call_centre).extensions(DOORS)
}

fn begin_talk(
    switch: &FreeSwitch,
    agents: &SipPhone,
    options: &str,
    callers: &SipPhone,
    extension: &str,
) -> (usize, String) {
    switch.callcenter(&format!("agent set contact a1 {options}{}", agents.contact()));
    switch.callcenter("agent set status a1 Available");
    let mark = switch.events().mark();
    let call = callers.call(extension);
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    (mark, call)
}

fn wait_until_free(switch: &FreeSwitch) {
    switch.until("callcenter_config agent get state a1", |state| {
        state.trim() == "Waiting"
    });
}

/// FreeSWITCH cannot know: the talk lasts until the other side ends it, and then the agent is free at once, whether or not the phone
/// answers the BYE.
#[test]
fn without_a_time_limit_the_other_side_ends_the_talk() {
    with_ours(setup(), |switch| {
        for agent_vanishes in [true, false] {
            let (agents, callers) = (SipPhone::new(switch, 600), SipPhone::new(switch, 500));
            let (mark, call) = begin_talk(switch, &agents, "", &callers, "queue-support");
            if agent_vanishes {
                agents.vanish();
                callers.hang_up(&call);
            } else {
                callers.vanish();
                agents.hang_up(&agents.answered(0));
            }
            switch.wait_for(mark, "bridge-agent-end");
            switch.wait_for(mark, "member-queue-end");
            wait_until_free(switch);
            switch.api("hupall");
            switch.wait_until_quiet();
        }
    });
}

#[test]
fn an_agent_whose_phone_has_vanished_is_free_when_its_media_time_out() {
    with_ours(setup(), |switch| {
        let (agents, callers) = (SipPhone::new(switch, 600), SipPhone::new(switch, 500));
        let (mark, call) = begin_talk(switch, &agents, "[media_timeout=2000]", &callers, "afterwards");
        agents.vanish();
        let ended = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(ended.get("CC-Hangup-Cause"), "MEDIA_TIMEOUT");
        switch.wait_for(mark, "member-queue-end");
        switch
            .events()
            .wait(mark, SOON, "the dialplan behind the queue", |event| {
                event.get("Seen") == "afterwards"
            });
        wait_until_free(switch);
        callers.hang_up(&call);
        switch.wait_until_quiet();
    });
}

#[test]
fn a_caller_whose_phone_has_vanished_leaves_when_its_media_time_out() {
    with_ours(setup(), |switch| {
        let (agents, callers) = (SipPhone::new(switch, 600), SipPhone::new(switch, 500));
        let (mark, _) = begin_talk(switch, &agents, "", &callers, "watched");
        callers.vanish();
        switch.wait_for(mark, "member-queue-end");
        wait_until_free(switch);
        switch.wait_until_quiet();
    });
}

/// Nobody is to be rung for a caller who is not there.
#[test]
fn a_waiting_caller_whose_phone_has_vanished_leaves_when_its_media_time_out() {
    with_ours(setup(), |switch| {
        let callers = SipPhone::new(switch, 500);
        let mark = switch.events().mark();
        callers.call("watched");
        switch.wait_for(mark, "member-queue-start");
        let early = switch
            .events()
            .find(mark, Duration::from_millis(2500), |event| event.is("member-queue-end"));
        assert!(early.is_none(), "the caller is heard");
        callers.vanish();
        let ended = switch.wait_for(mark, "member-queue-end");
        assert_eq!(ended.get("CC-Cancel-Reason"), "BREAK_OUT");
        switch.wait_until_quiet();
    });
}

/// SIP session timers: the shortest that RFC 4028 allows is 90 seconds, after half of which the phone is asked whether it is there.
#[test]
#[ignore = "takes a minute and a half"]
fn an_agent_whose_phone_has_vanished_is_free_when_its_session_expires() {
    with_ours(setup(), |switch| {
        let (agents, callers) = (SipPhone::new(switch, 0), SipPhone::new(switch, 500));
        let (mark, call) = begin_talk(switch, &agents, "[sofia_session_timeout=90]", &callers, "afterwards");
        agents.vanish();
        let patience = Duration::from_secs(120);
        switch.events().wait(mark, patience, "the end of the talk", |event| {
            event.is("bridge-agent-end")
        });
        wait_until_free(switch);
        callers.hang_up(&call);
        switch.wait_until_quiet();
    });
}
