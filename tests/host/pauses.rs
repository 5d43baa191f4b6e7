//! Pauses with a reason, in a real FreeSWITCH.

use std::time::Duration;

use callcenter_test_support::harness::{install, phone, with_ours, CallCenter, FreeSwitch, Module, Setup, SOON};

const QUEUE: &str = "support@default";

fn call_centre(behaviour: &str, params: &[(&str, &str)]) -> CallCenter {
    CallCenter::new()
        .queue(QUEUE, params)
        .agent("a1", &phone("a1", behaviour), &[("reject-delay-time", "1")])
        .tier(QUEUE, "a1", 1, 1)
}

fn pause_change(switch: &FreeSwitch, mark: usize) -> (String, String, String) {
    let told = switch.wait_for(mark, "tier-pause-change");
    let get = |name| told.get(name).to_owned();
    assert_eq!(get("CC-Queue"), QUEUE);
    (get("CC-Agent"), get("CC-Tier-Paused"), get("CC-Pause-Reason"))
}

fn change(agent: &str, paused: &str, reason: &str) -> (String, String, String) {
    (agent.to_owned(), paused.to_owned(), reason.to_owned())
}

#[test]
fn a_pause_in_a_queue_survives_kill_9_and_ends_when_asked() {
    let Some(install) = install() else { return };
    let call_centre = call_centre("answer", &[]);
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    let mark = switch.events().mark();
    assert_eq!(
        switch.callcenter(&format!("tier pause {QUEUE} a1 'paper work'")),
        "+OK\n"
    );
    assert_eq!(pause_change(&switch, mark), change("a1", "true", "paper work"));
    switch.kill();
    switch.start_again(Module::Ours);
    let tiers = switch.callcenter("tier list");
    assert!(
        tiers.starts_with("queue|agent|state|level|position|paused|pause_reason|paused_epoch\n"),
        "{tiers}"
    );
    assert!(
        tiers.contains(&format!("{QUEUE}|a1|Standby|1|1|true|paper work|")),
        "{tiers}"
    );
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    switch.wait_for(mark, "member-queue-start");
    let offered = switch
        .events()
        .find(mark, Duration::from_secs(1), |event| event.is("agent-offering"));
    assert!(offered.is_none(), "the agent is paused");
    assert_eq!(switch.callcenter(&format!("tier resume {QUEUE} a1")), "+OK\n");
    assert_eq!(pause_change(&switch, mark), change("a1", "false", "paper work"));
    switch.wait_for(mark, "bridge-agent-start");
    assert_eq!(switch.callcenter("pause list"), "+OK\n");
}

#[test]
fn a_break_has_a_reason_and_survives_kill_9() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre("answer", &[])));
    let mark = switch.events().mark();
    assert_eq!(switch.callcenter("agent pause a1 lunch"), "+OK\n");
    let told = switch.wait_for(mark, "agent-status-change");
    assert_eq!(
        (told.get("CC-Agent-Status"), told.get("CC-Pause-Reason")),
        ("On Break", "lunch")
    );
    switch.kill();
    switch.start_again(Module::Ours);
    assert_eq!(switch.callcenter("agent get status a1"), "On Break");
    assert_eq!(switch.callcenter("agent get pause_reason a1"), "lunch");
    assert_eq!(switch.callcenter("agent resume a1"), "+OK\n");
    assert_eq!(switch.callcenter("agent get status a1"), "Available");
    assert_eq!(switch.callcenter("pause list"), "+OK\n");
}

#[test]
fn who_rejects_a_call_is_paused_in_the_queue() {
    let params = [
        ("autopause", "yes"),
        ("autopause-busy", "true"),
        ("leave-when-empty", "paused"),
    ];
    with_ours(Setup::new(&call_centre("reject", &params)), |switch| {
        let mark = switch.events().mark();
        switch.call_queue("5550001", "support");
        assert_eq!(pause_change(switch, mark), change("a1", "true", "Auto-Pause"));
        // Nobody is left who could take the call.
        let end = switch.wait_for(mark, "member-queue-end");
        assert_eq!(end.get("CC-Cancel-Reason"), "LEAVE_EMPTY");
        assert_eq!(switch.callcenter("agent get status a1"), "Available");
        let figures = switch.callcenter(&format!("stats queue {QUEUE}"));
        let column = |name: &str| {
            let names = figures.lines().next().unwrap_or_default().split('|');
            let at = names.clone().position(|column| column == name).expect("a column");
            figures
                .lines()
                .nth(1)
                .and_then(|row| row.split('|').nth(at))
                .unwrap_or_default()
        };
        assert_eq!((column("free_agents"), column("paused_agents")), ("0", "1"));
        switch.events().wait(mark, SOON, "the caller's end", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE")
        });
    });
}
