//! A standing leg of a real phone, and every way to another partner that FreeSWITCH has for phones: busy as long as it is bridged, free the
//! moment it is not.

use std::time::Duration;

use callcenter_test_support::harness::{with_ours, CallCenter, FreeSwitch, Setup, SipPhone, SOON};

const QUEUE: &str = "support@default";

const EXTENSIONS: &str = r#"
<extension name="stand"><condition field="destination_number" expression="^stand$">
  <action application="answer"/>
  <action application="set" data="park_after_bridge=true"/>
  <action application="bind_meta_app" data="2 a s att_xfer::sofia/desk/expert-answer@127.0.0.1:$${phones_port}"/>
  <action application="park"/>
</condition></extension>
<extension name="caller"><condition field="destination_number" expression="^caller$">
  <action application="bind_meta_app" data="2 a s att_xfer::sofia/desk/expert-answer@127.0.0.1:$${phones_port}"/>
  <action application="callcenter" data="support@default"/>
</condition></extension>
<extension name="expert"><condition field="destination_number" expression="^expert$">
  <action application="bridge" data="sofia/desk/expert-answer@127.0.0.1:$${phones_port}"/>
</condition></extension>
<extension name="menu"><condition field="destination_number" expression="^menu$">
  <action application="answer"/>
  <action application="playback" data="silence_stream://60000"/>
</condition></extension>
<extension name="joins"><condition field="destination_number" expression="^three-(.+)$">
  <action application="answer"/>
  <action application="three_way" data="$1"/>
</condition></extension>
"#;

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .setting("queue-log-file", "queue_log")
        .queue(QUEUE, &[("discard-abandoned-after", "1")])
        .agent("a1", "", &[("type", "uuid-standby"), ("status", "Logged Out")])
        .tier(QUEUE, "a1", 1, 1);
    Setup::new(&call_centre).extensions(EXTENSIONS)
}

/// A standing leg that talks with a caller of the queue.
struct Talk {
    agent: SipPhone,
    /// The agent's call, as its phone knows it.
    stands: String,
    caller: SipPhone,
    /// The caller's call, as its phone knows it.
    call: String,
    leg: String,
    session: String,
}

fn channel_of(switch: &FreeSwitch, mark: usize, number: &str) -> String {
    let created = switch.events().wait(mark, SOON, "the channel", |event| {
        event.is_core("CHANNEL_ANSWER") && event.get("Caller-Destination-Number") == number
    });
    created.get("Unique-ID").to_owned()
}

fn talk(switch: &FreeSwitch) -> Talk {
    let (agent, caller) = (SipPhone::new(switch, 600), SipPhone::new(switch, 500));
    let mark = switch.events().mark();
    let stands = agent.call("stand");
    let leg = channel_of(switch, mark, "stand");
    switch.until(&format!("uuid_getvar {leg} current_application"), |answer| {
        answer.trim() == "park"
    });
    switch.callcenter(&format!("agent set uuid a1 {leg}"));
    switch.callcenter("agent set status a1 Available");
    let call = caller.call("caller");
    let session = channel_of(switch, mark, "caller");
    wait_for_state(switch, "In a queue call");
    switch.wait_until_joined(&leg, &session);
    Talk {
        agent,
        stands,
        caller,
        call,
        leg,
        session,
    }
}

fn wait_for_state(switch: &FreeSwitch, state: &str) {
    switch.until("callcenter_config agent get state a1", |answer| answer.trim() == state);
}

/// Waits for the bridge of the leg with somebody else than its caller; that channel.
fn wait_for_other(switch: &FreeSwitch, mark: usize, talk: &Talk) -> String {
    let bridged = switch.events().wait(mark, SOON, "another partner", |event| {
        let legs = [event.get("Bridge-A-Unique-ID"), event.get("Bridge-B-Unique-ID")];
        event.is_core("CHANNEL_BRIDGE") && legs.contains(&talk.leg.as_str()) && !legs.contains(&talk.session.as_str())
    });
    let legs = [bridged.get("Bridge-A-Unique-ID"), bridged.get("Bridge-B-Unique-ID")];
    let other = legs.into_iter().find(|leg| *leg != talk.leg);
    other.expect("a bridge has two legs").to_owned()
}

/// Somebody enters the queue, and nobody is offered.
fn is_busy(switch: &FreeSwitch) -> (SipPhone, String) {
    let mark = switch.events().mark();
    let next = SipPhone::new(switch, 0);
    let call = next.call("queue-support");
    switch.wait_for(mark, "member-queue-start");
    let offered = switch
        .events()
        .find(mark, Duration::from_millis(1500), |event| event.is("agent-offering"));
    assert!(offered.is_none(), "offered in the middle of a talk");
    (next, call)
}

/// While the leg is with `other` nobody is offered; the next caller comes when the two are apart.
fn is_busy_with(switch: &FreeSwitch, talk: &Talk, other: &str) {
    let (next, call) = is_busy(switch);
    let mark = switch.events().mark();
    switch.api(&format!("uuid_kill {other}"));
    switch.wait_for(mark, "agent-offering");
    switch.events().wait(mark, SOON, "the talk with the next", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    next.hang_up(&call);
    wait_for_state(switch, "Waiting");
    assert_eq!(switch.api(&format!("uuid_exists {}", talk.leg)).trim(), "true");
}

/// The caller's phone has a second call, and joins the agent with it (REFER with Replaces), in one of the two ways phones do so.
#[test]
fn a_caller_who_joins_the_agent_with_another_call_leaves_the_agent_busy() {
    with_ours(setup(), |switch| {
        let ways: [fn(&SipPhone, &str, &str); 2] = [
            |phone, call, other| phone.join(call, other),
            |phone, call, other| phone.join(other, call),
        ];
        for way in ways {
            let talk = talk(switch);
            let expert = talk.caller.consult(switch, "expert");
            let mark = switch.events().mark();
            way(&talk.caller, &talk.call, &expert);
            let other = wait_for_other(switch, mark, &talk);
            talk.caller.wait_for_end(&talk.call);
            is_busy_with(switch, &talk, &other);
            switch.api("hupall");
            switch.wait_until_quiet();
        }
    });
}

/// The caller consults somebody by keys (`att_xfer`), and hangs up: the agent goes on with that one. FreeSWITCH hangs the leg up when that
/// talk ends, for the caller's thread comes back then and ends what it began: the agent is logged out, as by the end of any standing leg.
#[test]
fn a_caller_who_gives_the_agent_away_by_keys_leaves_the_agent_busy() {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let mark = switch.events().mark();
        talk.caller.press(&talk.call, "*2");
        switch.events().wait(mark, SOON, "the consultation", |event| {
            let legs = [event.get("Bridge-A-Unique-ID"), event.get("Bridge-B-Unique-ID")];
            event.is_core("CHANNEL_BRIDGE")
                && legs.contains(&talk.session.as_str())
                && !legs.contains(&talk.leg.as_str())
        });
        let mark = switch.events().mark();
        talk.caller.hang_up(&talk.call);
        let other = wait_for_other(switch, mark, &talk);
        let (next, call) = is_busy(switch);
        let mark = switch.events().mark();
        switch.api(&format!("uuid_kill {other}"));
        switch.wait_for(mark, "bridge-agent-end");
        next.hang_up(&call);
    });
}

/// The agent consults somebody by keys and comes back, and nobody is offered meanwhile.
#[test]
fn an_agent_who_consults_by_keys_is_busy_all_the_time() {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let mark = switch.events().mark();
        talk.agent.press(&talk.stands, "*2");
        let other = wait_for_other(switch, mark, &talk);
        let back = switch.events().mark();
        switch.api(&format!("uuid_kill {other}"));
        switch.events().wait(back, SOON, "the caller again", |event| {
            let legs = [event.get("Bridge-A-Unique-ID"), event.get("Bridge-B-Unique-ID")];
            event.is_core("CHANNEL_BRIDGE") && legs.contains(&talk.session.as_str())
        });
        assert_eq!(switch.callcenter("agent get state a1").trim(), "In a queue call");
        let ended = switch
            .events()
            .since(mark)
            .iter()
            .any(|event| event.is("bridge-agent-end"));
        assert!(!ended, "one talk, and it goes on");
        is_busy_with(switch, &talk, &talk.session);
    });
}

/// Whoever joins the talk hears both, and is no partner of the leg: the agent is free when the caller has left.
#[test]
fn a_third_in_the_talk_keeps_nobody_busy() {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let third = SipPhone::new(switch, 800);
        let call = third.call(&format!("three-{}", talk.leg));
        switch.until(&format!("uuid_buglist {}", talk.leg), |bugs| bugs.contains("eavesdrop"));
        let mark = switch.events().mark();
        talk.caller.hang_up(&talk.call);
        switch.wait_for(mark, "bridge-agent-end");
        wait_for_state(switch, "Waiting");
        let next = SipPhone::new(switch, 0);
        let next_call = next.call("queue-support");
        switch.wait_for(mark, "bridge-agent-start");
        wait_for_state(switch, "In a queue call");
        third.hang_up(&call);
        next.hang_up(&next_call);
        wait_for_state(switch, "Waiting");
        assert_eq!(switch.api(&format!("uuid_exists {}", talk.leg)).trim(), "true");
    });
}

/// The caller goes to a menu, where the agent is free, and is fetched back by somebody: the agent is busy again.
#[test]
fn a_caller_who_comes_back_from_a_menu_keeps_the_agent_busy() {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let mark = switch.events().mark();
        switch.api(&format!("uuid_transfer {} menu XML default", talk.session));
        switch.wait_for(mark, "bridge-agent-end");
        wait_for_state(switch, "Waiting");
        let mark = switch.events().mark();
        assert!(switch
            .api(&format!("uuid_bridge {} {}", talk.session, talk.leg))
            .starts_with("+OK"));
        switch.events().wait(mark, SOON, "the bridge", |event| {
            let legs = [event.get("Bridge-A-Unique-ID"), event.get("Bridge-B-Unique-ID")];
            event.is_core("CHANNEL_BRIDGE") && legs.contains(&talk.session.as_str())
        });
        is_busy_with(switch, &talk, &talk.session);
    });
}

/// The agent's own leg goes to a menu: it is bridged to nobody there, as with stock, and stands again when it comes back.
#[test]
fn a_leg_in_a_menu_is_free_and_is_fetched_out_of_it() {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let mark = switch.events().mark();
        switch.api(&format!("uuid_transfer {} menu XML default", talk.leg));
        switch.wait_for(mark, "bridge-agent-end");
        wait_for_state(switch, "Waiting");
        let next = SipPhone::new(switch, 0);
        let call = next.call("queue-support");
        switch.wait_for(mark, "bridge-agent-start");
        wait_for_state(switch, "In a queue call");
        next.hang_up(&call);
        wait_for_state(switch, "Waiting");
        assert_eq!(switch.api(&format!("uuid_exists {}", talk.leg)).trim(), "true");
    });
}
