//! What is up when the module is loaded: talks, standing legs and tracked calls are taken over.

use std::path::Path;
use std::time::Duration;

use callcenter_test_support::harness::{
    check_promises, phone, rows, with_ours, CallCenter, Event, FreeSwitch, Setup, SOON,
};

/// Long enough for an offer that is made at once, where there must be none.
const A_WHILE: Duration = Duration::from_secs(1);

fn call_centre() -> CallCenter {
    CallCenter::new()
        .setting("cdrs", "true")
        .queue("support@default", &[("strategy", "longest-idle-agent")])
}

fn with_callback_agent(behaviour: &str) -> CallCenter {
    call_centre()
        .agent("a1", &phone("a1", behaviour), &[("wrap-up-time", "2")])
        .tier("support@default", "a1", 1, 1)
}

fn reload(switch: &FreeSwitch) {
    let answer = switch.api("reload mod_callcenter");
    assert!(answer.contains("+OK"), "reload: {answer}");
}

/// Waits until the agent talks to this caller, and says on which leg.
fn talk(switch: &FreeSwitch, mark: usize, number: &str) -> String {
    let start = switch.events().wait(mark, SOON, "the bridge", |event| {
        event.is("bridge-agent-start") && event.get("CC-Member-CID-Number") == number
    });
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.is("agent-state-change") && event.get("CC-Agent-State") == "In a queue call"
    });
    switch.until("show channels count", |count| !count.starts_with('0'));
    start.get("CC-Agent-UUID").to_owned()
}

/// The agent talks, and everybody sees it.
fn is_busy(switch: &FreeSwitch) {
    assert_eq!(switch.callcenter("agent get state a1"), "In a queue call");
    assert_eq!(switch.cell("tier list", "state"), "Active Inbound");
    let members = "queue list members support@default";
    assert_eq!(switch.cell(members, "state"), "Answered");
    assert_eq!(switch.cell(members, "serving_agent"), "a1");
}

fn nobody_is_offered(switch: &FreeSwitch, mark: usize) {
    let offered = switch.events().find(mark, A_WHILE, |event| event.is("agent-offering"));
    assert!(offered.is_none(), "{offered:?}");
}

/// The ends of this caller's talk, from the beginning of time.
fn ends_of(switch: &FreeSwitch, number: &str) -> Vec<Event> {
    let events = switch.events().since(0).into_iter();
    let is_end = |event: &Event| event.is("bridge-agent-end") || event.is("member-queue-end");
    events
        .filter(|event| is_end(event) && event.get("CC-Member-CID-Number") == number)
        .collect()
}

fn ended_once(switch: &FreeSwitch, number: &str) {
    let ends = ends_of(switch, number);
    let words: Vec<_> = ends
        .iter()
        .map(|event| (event.action(), event.get("CC-Agent-Bridged"), event.get("CC-Cause")))
        .collect();
    let expected = [("bridge-agent-end", "true", ""), ("member-queue-end", "", "Terminated")];
    assert_eq!(words, expected);
}

fn all_promises_hold(switch: &FreeSwitch) {
    let events = switch.events().since(0);
    check_promises(&events.iter().collect::<Vec<_>>());
}

fn records(database: &Path) -> Vec<String> {
    rows(database, "cdrs")
}

#[test]
fn a_callback_agent_who_talks_is_busy_after_a_reload_until_the_talk_ends() {
    with_ours(Setup::new(&with_callback_agent("answer")), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5550001", "support");
        let leg = talk(switch, mark, "5550001");
        let began: i64 = switch
            .cell("agent list", "last_bridge_start")
            .parse()
            .expect("an epoch");
        reload(switch);
        is_busy(switch);
        assert_eq!(switch.cell("agent list", "uuid"), leg);
        assert_eq!(switch.cell("agent list", "last_bridge_start"), began.to_string());

        let waiting = switch.events().mark();
        switch.call_queue("5550002", "support");
        nobody_is_offered(switch, waiting);
        is_busy_but_for_the_waiting(switch);

        let mark = switch.events().mark();
        switch.hang_up(&caller);
        let end = switch.wait_for(mark, "member-queue-end");
        let offering = switch.wait_for(mark, "agent-offering");
        assert!(
            offering.time() - end.time() >= 1_000_000,
            "no wrap-up: {end:?} {offering:?}"
        );
        assert_eq!(offering.get("CC-Member-CID-Number"), "5550002");
        ended_once(switch, "5550001");
        assert_eq!(end.get("CC-Agent-UUID"), leg);
        talk(switch, mark, "5550002");
        assert_eq!(switch.cell("agent list", "calls_answered"), "2");
        let talked: i64 = switch.cell("agent list", "talk_time").parse().expect("seconds");
        let ended: i64 = switch.cell("agent list", "last_bridge_end").parse().expect("an epoch");
        assert_eq!(talked, ended - began);
        let written = records(&switch.database());
        let of_talk = written.iter().filter(|row| row.contains("5550001"));
        assert_eq!(of_talk.count(), 2, "an offer and a stay: {written:?}");
        assert!(!written.iter().any(|row| row.contains("lost")), "{written:?}");
        all_promises_hold(switch);
    });
}

/// The row of the one who waits is beside that of the one who talks.
fn is_busy_but_for_the_waiting(switch: &FreeSwitch) {
    assert_eq!(switch.callcenter("agent get state a1"), "In a queue call");
    assert_eq!(switch.callcenter("queue count members support@default"), "2\n");
}

#[test]
fn a_talk_that_the_agent_ends_after_a_reload_ends_once_and_its_row_goes() {
    with_ours(Setup::new(&with_callback_agent("answer")), |switch| {
        let mark = switch.events().mark();
        switch.call_queue("5550001", "support");
        let leg = talk(switch, mark, "5550001");
        for _ in 0..3 {
            reload(switch);
            is_busy(switch);
        }
        let mark = switch.events().mark();
        switch.api(&format!("uuid_kill {leg}"));
        switch.wait_for(mark, "member-queue-end");
        ended_once(switch, "5550001");
        assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
        switch.until("callcenter_config queue list members support@default", |list| {
            list == "+OK\n"
        });
        all_promises_hold(switch);
    });
}

/// Nobody of that name is there any more; the talk is told of all the same, and nobody is kept busy by it.
#[test]
fn the_talk_of_an_agent_who_was_deleted_in_it_ends_as_any_other_after_a_reload() {
    with_ours(Setup::new(&with_callback_agent("answer")), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5550001", "support");
        talk(switch, mark, "5550001");
        switch.callcenter("agent del a1");
        reload(switch);
        // The configuration has made an agent of that name again.
        assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
        let mark = switch.events().mark();
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        ended_once(switch, "5550001");
        all_promises_hold(switch);
    });
}

/// The standing leg of an agent, as the call centre sees it.
fn standing_leg(switch: &FreeSwitch) -> String {
    let mark = switch.events().mark();
    switch.call("5559", "Agent", "standby");
    let parked = switch.events().wait(mark, SOON, "the standing leg", |event| {
        event.is_core("CHANNEL_EXECUTE")
            && event.get("Application") == "park"
            && event.get("Call-Direction") == "inbound"
    });
    let leg = parked.get("Unique-ID").to_owned();
    assert_eq!(switch.callcenter(&format!("agent set uuid a1 {leg}")), "+OK\n");
    assert_eq!(switch.callcenter("agent set status a1 Available"), "+OK\n");
    leg
}

fn with_standby_agent() -> Setup {
    let agent = [("type", "uuid-standby"), ("status", "Logged Out")];
    let call_centre = call_centre()
        .agent("a1", "", &agent)
        .tier("support@default", "a1", 1, 1);
    Setup::new(&call_centre).extensions(
        r#"<extension name="standby"><condition field="destination_number" expression="^standby$">
             <action application="set" data="park_after_bridge=true"/>
             <action application="answer"/><action application="park"/>
           </condition></extension>
           <extension name="held"><condition field="destination_number" expression="^held$">
             <action application="answer"/><action application="callcenter" data="support@default"/><action application="park"/>
           </condition></extension>"#,
    )
}

#[test]
fn a_standing_leg_stays_logged_in_over_reloads_waiting_and_in_a_talk() {
    with_ours(with_standby_agent(), |switch| {
        let leg = standing_leg(switch);
        reload(switch);
        assert_eq!(switch.callcenter("agent get uuid a1"), leg);
        assert_eq!(switch.callcenter("agent get status a1"), "Available");

        let mark = switch.events().mark();
        let first = switch.call_queue("5550001", "support");
        assert_eq!(talk(switch, mark, "5550001"), leg);
        reload(switch);
        is_busy(switch);
        assert_eq!(switch.callcenter("agent get uuid a1"), leg);
        let waiting = switch.events().mark();
        let second = switch.call_queue("5550002", "support");
        nobody_is_offered(switch, waiting);

        let mark = switch.events().mark();
        switch.hang_up(&first);
        assert_eq!(talk(switch, mark, "5550002"), leg);
        ended_once(switch, "5550001");
        let mark = switch.events().mark();
        switch.hang_up(&second);
        switch.wait_for(mark, "member-queue-end");
        ended_once(switch, "5550002");
        assert_eq!(switch.callcenter("agent get uuid a1"), leg);
        assert_eq!(switch.callcenter("agent get status a1"), "Available");
        all_promises_hold(switch);
    });
}

/// What ended while no module was there cannot be told from the channel of a callback agent, which is gone; a standing leg is there.
#[test]
fn a_talk_of_a_standing_leg_that_ended_between_unload_and_load_ends_at_the_load() {
    with_ours(with_standby_agent(), |switch| {
        let leg = standing_leg(switch);
        let mark = switch.events().mark();
        let caller = switch.call_queue("5550001", "support");
        talk(switch, mark, "5550001");
        assert!(switch.api("unload mod_callcenter").contains("+OK"));
        let mark = switch.events().mark();
        switch.hang_up(&caller);
        switch.events().wait(mark, SOON, "the end of the bridge", |event| {
            event.is_core("CHANNEL_UNBRIDGE")
        });
        assert!(switch.api("load mod_callcenter").contains("+OK"));
        switch.wait_for(mark, "member-queue-end");
        ended_once(switch, "5550001");
        assert_eq!(switch.callcenter("agent get uuid a1"), leg);
        assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
        let mark = switch.events().mark();
        switch.call_queue("5550002", "support");
        assert_eq!(talk(switch, mark, "5550002"), leg);
        all_promises_hold(switch);
    });
}

/// The caller is up: that tells of the talk, which has lost its agent.
#[test]
fn a_talk_whose_standing_leg_ended_between_unload_and_load_ends_at_the_load() {
    with_ours(with_standby_agent(), |switch| {
        let leg = standing_leg(switch);
        let mark = switch.events().mark();
        let caller = switch.call("5550001", "Caller", "held");
        talk(switch, mark, "5550001");
        assert!(switch.api("unload mod_callcenter").contains("+OK"));
        let mark = switch.events().mark();
        switch.api(&format!("uuid_kill {leg}"));
        switch.events().wait(mark, SOON, "the end of the leg", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("Unique-ID") == leg
        });
        assert!(switch.api("load mod_callcenter").contains("+OK"));
        switch.wait_for(mark, "member-queue-end");
        ended_once(switch, "5550001");
        assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
        assert_eq!(switch.callcenter("agent get status a1"), "Logged Out");
        assert_eq!(switch.cell("agent list", "uuid"), "");
        let written = records(&switch.database());
        assert!(!written.iter().any(|row| row.contains("lost")), "{written:?}");
        switch.hang_up(&caller);
        all_promises_hold(switch);
    });
}

#[test]
fn a_tracked_call_counts_after_a_reload_until_it_ends() {
    let setup = Setup::new(&with_callback_agent("answer")).extensions(
        r#"<extension name="tracked"><condition field="destination_number" expression="^tracked$">
             <action application="answer"/><action application="callcenter_track" data="a1"/><action application="park"/>
           </condition></extension>"#,
    );
    with_ours(setup, |switch| {
        let mark = switch.events().mark();
        let caller = switch.call("5558", "Friend", "tracked");
        switch.events().wait(mark, SOON, "the parked call", |event| {
            event.is_core("CHANNEL_EXECUTE")
                && event.get("Application") == "park"
                && event.get("Call-Direction") == "inbound"
        });
        assert_eq!(switch.cell("agent list", "external_calls_count"), "1");
        reload(switch);
        assert_eq!(switch.cell("agent list", "external_calls_count"), "1");
        switch.hang_up(&caller);
        switch.until("callcenter_config agent list", |list| {
            list.lines().nth(1).is_some_and(|row| row.ends_with("|0"))
        });
    });
}
