//! Agents whom callers prefer, in a real FreeSWITCH: named by the dialplan, or because they talked to the caller last.

use callcenter_test_support::harness::{install, phone, with_ours, CallCenter, Caller, FreeSwitch, Module, Setup};
use std::time::Duration;

const QUEUE: &str = "support@default";

/// Callers whose dialplan names agents, or says who they are.
const EXTENSIONS: &str = r#"
    <extension name="second"><condition field="destination_number" expression="^second$">
      <action application="set" data="cc_preferred_agents=nobody, a2"/>
      <action application="callcenter" data="support@default"/>
    </condition></extension>
    <extension name="customer"><condition field="destination_number" expression="^customer$">
      <action application="set" data="customer_id=customer 7"/>
      <action application="callcenter" data="support@default"/>
    </condition></extension>"#;

/// Two agents, the first of whom comes first.
fn two_agents(params: &[(&str, &str)]) -> Setup {
    let params: Vec<(&str, &str)> = [("strategy", "sequentially-by-agent-order")]
        .iter()
        .chain(params)
        .copied()
        .collect();
    let call_centre = CallCenter::new()
        .queue(QUEUE, &params)
        .agent("a1", &phone("a1", "answer"), &[])
        .agent("a2", &phone("a2", "answer"), &[])
        .tier(QUEUE, "a1", 1, 1)
        .tier(QUEUE, "a2", 1, 2);
    Setup::new(&call_centre).extensions(EXTENSIONS)
}

/// The agent who talks to the next caller.
fn talks(switch: &FreeSwitch, mark: usize) -> String {
    switch.wait_for(mark, "bridge-agent-start").get("CC-Agent").to_owned()
}

/// A caller who prefers a2, and talks to it.
fn keeps_the_second_busy(switch: &FreeSwitch) -> Caller {
    let mark = switch.events().mark();
    let caller = switch.call("5550001", "Second", "second");
    assert_eq!(talks(switch, mark), "a2");
    caller
}

/// Another who prefers a2, and waits.
fn waits_for_the_second(switch: &FreeSwitch, mark: usize, number: &str) -> Caller {
    let caller = switch.call(number, "Waits", "second");
    switch.wait_for(mark, "member-queue-start");
    caller
}

/// Nobody is offered anybody for so long.
fn nobody_is_offered(switch: &FreeSwitch, mark: usize, patience: Duration) {
    let offered = switch.events().find(mark, patience, |event| event.is("agent-offering"));
    assert!(offered.is_none(), "{offered:?}");
}

#[test]
fn a_free_preferred_agent_gets_the_caller_and_one_who_is_away_does_not() {
    with_ours(two_agents(&[("sticky-wait", "60")]), |switch| {
        switch.hang_up(&keeps_the_second_busy(switch));
        switch.wait_until_quiet();
        for status in ["'On Break'", "'Logged Out'"] {
            assert_eq!(switch.callcenter(&format!("agent set status a2 {status}")), "+OK\n");
            let mark = switch.events().mark();
            let caller = switch.call("5550001", "Second", "second");
            assert_eq!(talks(switch, mark), "a1", "{status}");
            switch.hang_up(&caller);
            switch.wait_until_quiet();
        }
    });
}

#[test]
fn a_busy_preferred_agent_is_awaited_for_sticky_wait() {
    with_ours(two_agents(&[("sticky-wait", "3")]), |switch| {
        let first = keeps_the_second_busy(switch);
        let mark = switch.events().mark();
        let second = waits_for_the_second(switch, mark, "5550002");
        nobody_is_offered(switch, mark, Duration::from_secs(2));
        assert_eq!(talks(switch, mark), "a1");
        switch.hang_up(&second);
        let mark = switch.events().mark();
        let third = waits_for_the_second(switch, mark, "5550003");
        switch.hang_up(&first);
        assert_eq!(talks(switch, mark), "a2");
        switch.hang_up(&third);
        switch.wait_until_quiet();
    });
}

#[test]
fn who_goes_on_a_break_is_not_awaited_any_longer() {
    with_ours(two_agents(&[("sticky-wait", "60")]), |switch| {
        let first = keeps_the_second_busy(switch);
        let mark = switch.events().mark();
        let second = waits_for_the_second(switch, mark, "5550002");
        assert_eq!(switch.callcenter("agent set status a2 'On Break'"), "+OK\n");
        assert_eq!(talks(switch, mark), "a1");
        switch.hang_up(&first);
        switch.hang_up(&second);
        switch.wait_until_quiet();
    });
}

/// A caller whose agent is deleted meanwhile is the others' at once, on the place that was kept: before whoever came later.
#[test]
fn whose_agent_is_deleted_is_served_by_others_on_the_place_of_before() {
    with_ours(two_agents(&[("sticky-wait", "60")]), |switch| {
        let hers = keeps_the_second_busy(switch);
        let mark = switch.events().mark();
        let others = switch.call_queue("5550009", "support");
        assert_eq!(talks(switch, mark), "a1");
        let mark = switch.events().mark();
        let waiting = waits_for_the_second(switch, mark, "5550002");
        let mark = switch.events().mark();
        let later = switch.call_queue("5550003", "support");
        switch.wait_for(mark, "member-queue-start");
        assert_eq!(switch.callcenter("agent del a2"), "+OK\n");
        nobody_is_offered(switch, mark, Duration::from_secs(1));
        for (ends, number) in [(&others, "5550002"), (&waiting, "5550003")] {
            let mark = switch.events().mark();
            switch.hang_up(ends);
            let talk = switch.wait_for(mark, "bridge-agent-start");
            assert_eq!((talk.get("CC-Agent"), talk.get("CC-Member-CID-Number")), ("a1", number));
        }
        switch.hang_up(&later);
        switch.hang_up(&hers);
        switch.wait_until_quiet();
    });
}

#[test]
fn the_agent_who_talked_last_is_remembered_over_kill_9() {
    let Some(install) = install() else { return };
    let setup = two_agents(&[("sticky-days", "7")]);
    let mut switch = FreeSwitch::start(install, Module::Ours, setup);
    let caller = keeps_the_second_busy(&switch);
    let known = switch.until("callcenter_config caller get 5550001", |known| known.contains("a2"));
    assert!(known.starts_with("queue|caller|agent|last_talk_epoch\n"), "{known}");
    switch.hang_up(&caller);
    switch.wait_until_quiet();
    switch.kill();
    switch.start_again(Module::Ours);
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    assert_eq!(talks(&switch, mark), "a2");
    switch.hang_up(&caller);
    switch.wait_until_quiet();
    assert_eq!(switch.callcenter("caller forget 5550001"), "+OK\n");
    assert_eq!(switch.callcenter("caller get 5550001"), "+OK\n");
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    assert_eq!(talks(&switch, mark), "a1");
}

#[test]
fn a_caller_is_known_by_what_the_dialplan_says() {
    let params = [("sticky-days", "7"), ("sticky-key", "customer_id")];
    with_ours(two_agents(&params), |switch| {
        assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
        let mark = switch.events().mark();
        let caller = switch.call("5550001", "Customer", "customer");
        assert_eq!(talks(switch, mark), "a2");
        switch.hang_up(&caller);
        switch.wait_until_quiet();
        assert_eq!(switch.callcenter("agent set status a1 Available"), "+OK\n");
        for (number, extension, agent) in [("5550009", "customer", "a2"), ("5550001", "queue-support", "a1")] {
            let mark = switch.events().mark();
            let caller = switch.call(number, "Customer", extension);
            assert_eq!(talks(switch, mark), agent, "{extension}");
            switch.hang_up(&caller);
            switch.wait_until_quiet();
        }
        assert!(switch.callcenter("caller get 'customer 7'").contains("|customer 7|a2|"));
    });
}
