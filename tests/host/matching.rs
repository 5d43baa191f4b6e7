//! Skills, priorities, levels and commands for waiting callers, in a real FreeSWITCH.

use callcenter_test_support::harness::{install, phone, with_ours, CallCenter, FreeSwitch, Module, Setup, SOON};

/// A caller who asks for more than the queue does.
const GOLD: &str = r#"
    <extension name="gold"><condition field="destination_number" expression="^gold$">
      <action application="set" data="cc_required_skills=gold"/>
      <action application="callcenter" data="support@default"/>
    </condition></extension>"#;

fn skilled() -> Setup {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("required-skills", "german>=3")])
        .agent("plain", &phone("plain", "ring"), &[])
        .agent("german", &phone("german", "ring"), &[("skills", "german=4")])
        .agent("golden", &phone("golden", "ring"), &[("skills", "german=3,gold")]);
    Setup::new(&call_centre).extensions(GOLD)
}

/// The agent who is offered a call next.
fn offered(switch: &FreeSwitch, mark: usize) -> String {
    switch.wait_for(mark, "agent-offering").get("CC-Agent").to_owned()
}

#[test]
fn agents_serve_by_their_skills_what_queue_and_caller_ask_for() {
    with_ours(skilled(), |switch| {
        let serving = switch.callcenter("queue list agents support@default");
        assert!(serving.contains("german|") && serving.contains("golden|"), "{serving}");
        assert!(!serving.contains("plain|"), "{serving}");
        assert_eq!(switch.callcenter("tier list"), "+OK\n");
        let mark = switch.events().mark();
        switch.call("5550001", "Gold", "gold");
        assert_eq!(offered(switch, mark), "golden");
        let mark = switch.events().mark();
        switch.call_queue("5550002", "support");
        assert_eq!(offered(switch, mark), "german");
        switch.call_queue("5550003", "support");
        let mark = switch.events().mark();
        assert_eq!(switch.callcenter("agent set skills plain german=3"), "+OK\n");
        assert_eq!(offered(switch, mark), "plain");
        let refused = switch.callcenter("agent set skills plain german=x");
        assert!(refused.starts_with("-ERR") && refused.contains("german=x"), "{refused}");
    });
}

#[test]
fn skills_set_by_command_outlast_a_crash() {
    let Some(install) = install() else { return };
    let call_centre = CallCenter::new().queue("support@default", &[("required-skills", "german")]);
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    assert_eq!(switch.callcenter("agent add a1 callback"), "+OK\n");
    assert_eq!(switch.callcenter("agent set skills a1 'german=2,o\\'clock'"), "+OK\n");
    switch.kill();
    switch.start_again(Module::Ours);
    assert_eq!(switch.callcenter("queue count agents support@default"), "1\n");
}

#[test]
fn a_waiting_caller_is_moved_and_withdrawn_by_command() {
    let call_centre = CallCenter::new().queue("support@default", &[]);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        switch.call_queue("5550001", "support");
        let uuid = switch
            .wait_for(mark, "member-queue-start")
            .get("CC-Member-UUID")
            .to_owned();
        assert_eq!(switch.callcenter(&format!("member set base_score {uuid} 500")), "+OK\n");
        let members = switch.callcenter("queue list members support@default");
        assert!(members.contains("|500|0|"), "{members}");
        assert_eq!(
            switch.callcenter(&format!("member withdraw {uuid} 'not today'")),
            "+OK\n"
        );
        let end = switch.wait_for(mark, "member-queue-end");
        assert_eq!(end.get("CC-Cancel-Reason"), "WITHDRAW");
        let over = switch.events().wait(mark, SOON, "the caller's end", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("variable_cc_cancel_reason") == "WITHDRAW"
        });
        assert_eq!(over.get("variable_cc_withdraw_reason"), "not today");
        let gone = switch.callcenter(&format!("member withdraw {uuid}"));
        assert!(gone.starts_with("-ERR Member"), "{gone}");
    });
}

#[test]
fn a_caller_of_the_queue_of_higher_priority_comes_first() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .queue("sales@default", &[("priority", "1")])
        .agent("a1", &phone("a1", "ring"), &[("status", "On Break")])
        .tier("support@default", "a1", 1, 1)
        .tier("sales@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        switch.call_queue("5550001", "support");
        switch.call_queue("5550002", "sales");
        let mark = switch.events().mark();
        assert_eq!(switch.callcenter("agent set status a1 Available"), "+OK\n");
        let offer = switch.wait_for(mark, "agent-offering");
        assert_eq!(offer.get("CC-Member-CID-Number"), "5550002");
    });
}
