//! FreeSWITCH is killed in the middle of everything.

use crate::harness::{install, phone, CallCenter, FreeSwitch, Module, Setup, SOON};

fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("abandoned-resume-allowed", "true")],
        )
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1)
}

/// The value of a column in the first row of a listing.
fn column(listing: &str, name: &str) -> String {
    let mut lines = listing.lines();
    let at = lines
        .next()
        .and_then(|header| header.split('|').position(|column| column == name));
    let row: Vec<&str> = lines.next().unwrap_or_default().split('|').collect();
    at.and_then(|at| row.get(at)).copied().unwrap_or_default().to_string()
}

#[test]
fn an_acknowledged_command_survives_kill_9() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre()));
    for round in 0..3 {
        let agent = format!("temp{round}");
        assert_eq!(switch.callcenter(&format!("agent add {agent} callback")), "+OK\n");
        assert_eq!(
            switch.callcenter(&format!("agent set contact {agent} user/{agent}")),
            "+OK\n"
        );
        assert_eq!(
            switch.callcenter(&format!("tier add support@default {agent} 2 {round}")),
            "+OK\n"
        );
        assert_eq!(
            switch.callcenter(&format!("agent set status {agent} 'On Break'")),
            "+OK\n"
        );
        switch.kill();
        switch.start_again(Module::Ours);
        assert_eq!(switch.callcenter(&format!("agent get status {agent}")), "On Break");
        let listing = switch.callcenter(&format!("agent list {agent}"));
        assert_eq!(column(&listing, "contact"), format!("user/{agent}"));
        assert!(switch
            .callcenter("tier list")
            .contains(&format!("support@default|{agent}|Ready|2|{round}")));
    }
}

#[test]
fn nobody_is_stuck_after_kill_9_in_the_middle_of_calls() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre()));
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    switch.call_queue("5550002", "support");
    // Progress of a call is written within 50 ms; the kill shall find rows to clean up.
    std::thread::sleep(std::time::Duration::from_millis(200));
    switch.kill();
    switch.start_again(Module::Ours);
    assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
    assert!(switch.callcenter("tier list").contains("support@default|a1|Ready|1|1"));
    let members = switch.callcenter("queue list members support@default");
    for row in members.lines().filter(|row| row.starts_with("support@default|")) {
        assert!(row.contains("|Abandoned|"), "a member is left over: {row}");
    }
    let mark = switch.events().mark();
    switch.call_queue("5550003", "support");
    let talk = switch.wait_for(mark, "bridge-agent-start");
    assert_eq!(talk.get("CC-Agent"), "a1", "the agent takes calls again");
}
