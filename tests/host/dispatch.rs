//! Calls given to agents by command in a real FreeSWITCH.

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup};

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .setting("internal-call-dispatching", "false")
        .queue("support@default", &[])
        .agent("a1", &phone("a1", "answer"), &[])
        .agent("a2", &phone("a2", "answer"), &[])
        .tier("support@default", "a1", 1, 1);
    Setup::new(&call_centre)
}

/// A caller in the queue, by the member's uuid.
fn member(switch: &FreeSwitch, number: &str) -> String {
    let mark = switch.events().mark();
    switch.call_queue(number, "support");
    let start = switch.wait_for(mark, "member-queue-start");
    start.get("CC-Member-UUID").to_owned()
}

fn json(switch: &FreeSwitch, data: &str) -> String {
    switch.api(&format!(r#"json {{"command":"callcenter_config","data":{data}}}"#))
}

#[test]
fn callers_wait_until_they_are_given_to_an_agent() {
    with_ours(setup(), |switch| {
        assert_eq!(switch.callcenter("dispatch internal"), "off\n");
        let mark = switch.events().mark();
        let first = member(switch, "5550001");
        let second = member(switch, "5550002");
        let dispatch = |member: &str, agent: &str| switch.callcenter(&format!("dispatch member {member} {agent}"));
        assert_eq!(dispatch("nobody", "a1"), "-ERR Member not found!\n");
        assert_eq!(dispatch(&first, "nobody"), "-ERR Agent not found!\n");
        assert_eq!(
            dispatch(&first, "a2"),
            "-ERR Agent does not serve the member's queue!\n"
        );
        let offered = |event: &callcenter_test_support::harness::Event| event.is("agent-offering");
        assert!(!switch.events().since(mark).iter().any(offered), "nobody was offered");
        assert_eq!(dispatch(&second, "a1"), "+OK\n");
        let start = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(start.get("CC-Member-CID-Number"), "5550002");
        switch.until("callcenter_config agent get state a1", |state| {
            state == "In a queue call"
        });
        assert_eq!(dispatch(&first, "a1"), "-ERR Agent is not free!\n");
        assert_eq!(dispatch(&second, "a1"), "-ERR Member is not waiting!\n");
        let mark = switch.events().mark();
        let leg = start.get("CC-Agent-UUID");
        assert!(switch.api(&format!("uuid_kill {leg}")).starts_with("+OK"));
        switch.wait_for(mark, "bridge-agent-end");
        let refused = json(
            switch,
            &format!(r#"{{"arguments":"dispatch member","member_uuid":"{first}","agent_name":"a2"}}"#),
        );
        assert!(
            refused.contains("Agent does not serve the member's queue!"),
            "{refused}"
        );
        let mark = switch.events().mark();
        let switched = json(switch, r#"{"arguments":"dispatch internal","value":"on"}"#);
        assert!(switched.contains(r#""internal":"on""#), "{switched}");
        let start = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(
            start.get("CC-Member-CID-Number"),
            "5550001",
            "whoever waits is served at once"
        );
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

#[test]
fn why_an_agent_is_not_offered_a_caller_is_asked_without_ringing() {
    with_ours(setup(), |switch| {
        let caller = member(switch, "5550001");
        let why = |agent: &str| switch.callcenter(&format!("dispatch why {caller} {agent}"));
        let mark = switch.events().mark();
        assert_eq!(why("nobody"), "-ERR Agent not found!\n");
        assert_eq!(why("a2"), "Agent does not serve the member's queue!\n");
        let off = "Internal dispatching is off: `dispatch member` offers it, or `dispatch internal on` everybody.";
        assert_eq!(why("a1"), format!("{off}\n"));
        assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
        assert_eq!(why("a1"), "Agent is not available!\n");
        let data = format!(r#"{{"arguments":"dispatch why","member_uuid":"{caller}","agent_name":"a1"}}"#);
        let answer = json(switch, &data);
        assert!(answer.contains(r#""may_be_offered":false"#), "{answer}");
        assert!(answer.contains(r#""reason":"Agent is not available!""#), "{answer}");
        assert_eq!(switch.callcenter("queue unload support@default"), "+OK\n");
        let unloaded = "The member's queue is not loaded! Load it with `queue load`.\n";
        assert_eq!(why("a1"), unloaded);
        let given = switch.callcenter(&format!("dispatch member {caller} a1"));
        assert_eq!(given, format!("-ERR {unloaded}"), "the same answer");
        let offered = |event: &callcenter_test_support::harness::Event| event.is("agent-offering");
        assert!(!switch.events().since(mark).iter().any(offered), "nobody was offered");
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

/// Callers whom the dialplan calls chats.
const CHATS: &str = r#"
    <extension name="chat"><condition field="destination_number" expression="^chat-(.+)$">
      <action application="set" data="cc_media=chat"/>
      <action application="callcenter" data="$1@default"/>
    </condition></extension>"#;

#[test]
fn a_chat_is_given_to_an_agent_who_is_in_a_call() {
    with_ours(setup().extensions(CHATS), |switch| {
        let dispatch = |member: &str| switch.callcenter(&format!("dispatch member {member} a1"));
        let chat = |number: &str| {
            let mark = switch.events().mark();
            switch.call(number, "Chat", "chat-support");
            let start = switch.wait_for(mark, "member-queue-start");
            start.get("CC-Member-UUID").to_owned()
        };
        let mark = switch.events().mark();
        let call = member(switch, "5550001");
        assert_eq!(dispatch(&call), "+OK\n");
        switch.wait_for(mark, "bridge-agent-start");
        let (first, second) = (chat("5550002"), chat("5550003"));
        assert_eq!(
            dispatch(&first),
            "-ERR Agent takes no chats! Give it some with `agent set max_chats`.\n"
        );
        assert_eq!(switch.callcenter("agent set max_chats a1 1"), "+OK\n");
        let mark = switch.events().mark();
        assert_eq!(dispatch(&first), "+OK\n");
        let start = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(start.get("CC-Media"), "chat");
        // Until the two are bridged it is the first chat that is being offered.
        switch.until(&format!("callcenter_config dispatch member {second} a1"), |answer| {
            answer == "-ERR Agent has as many chats as max_chats allows!\n"
        });
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}
