//! Unloading and reloading the module, and stopping FreeSWITCH, in the middle of calls.

use std::time::Duration;

use callcenter_test_support::harness::{compare, phone, with_ours, CallCenter, FreeSwitch, Setup, SOON};

fn call_centre(behaviour: &str) -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", behaviour), &[])
        .tier("support@default", "a1", 1, 1)
}

fn talk(switch: &FreeSwitch) {
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
}

#[test]
fn refused_while_a_member_waits() {
    compare(Setup::new(&call_centre("ring")), |switch, recording| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5550001", "support");
        let answer = switch.api("unload mod_callcenter");
        recording.text(switch, "unload mod_callcenter", &answer);
        recording.command(switch, "queue count members support@default");
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
    });
}

#[test]
fn succeeds_while_agents_talk_and_the_talk_goes_on() {
    with_ours(Setup::new(&call_centre("answer")), |switch| {
        talk(switch);
        // The caller's and the agent's calls have two legs each; FreeSWITCH writes the table in the background.
        switch.until("show channels count", |count| count.contains("4 total"));
        let mark = switch.events().mark();
        let answer = switch.api("unload mod_callcenter");
        assert!(answer.contains("+OK"), "unload: {answer}");
        switch.until("show api", |commands| !commands.contains("callcenter_config"));
        let ended = switch
            .events()
            .find(mark, Duration::from_secs(1), |event| event.is_core("CHANNEL_HANGUP"));
        assert!(ended.is_none(), "a talk was ended by the unload");
        assert!(switch.api("show channels count").contains("4 total"));
        // The end of the talk must reach nothing of the module that is gone.
        switch.api("hupall");
        switch.wait_until_quiet();
        let answer = switch.api("load mod_callcenter");
        assert!(answer.contains("+OK"), "load again: {answer}");
        assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
        talk(switch);
    });
}

#[test]
fn reload_works_again_and_again() {
    with_ours(Setup::new(&call_centre("talk-300")), |switch| {
        reload_and_call(switch);
        // FreeSWITCH has the threads for a call from now on.
        let threads = switch.threads();
        for _ in 0..5 {
            reload_and_call(switch);
        }
        let left = switch.threads();
        assert!(
            left <= threads + 2,
            "{threads} threads before five reloads, {left} after"
        );
    });
}

fn reload_and_call(switch: &FreeSwitch) {
    let answer = switch.api("reload mod_callcenter");
    assert!(answer.contains("+OK"), "reload: {answer}");
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    switch.wait_for(mark, "member-queue-end");
    switch.wait_until_quiet();
}

/// FreeSWITCH's own stop, with calls in every stage; the deadline is its own plus a little.
#[test]
fn shutdown_in_the_middle_of_calls_ends_in_time_and_in_order() {
    with_ours(Setup::new(&call_centre("answer")), |switch| {
        talk(switch);
        for caller in 2..8 {
            switch.call_queue(&format!("555000{caller}"), "support");
        }
        let (status, took) = switch.stop();
        assert!(status.success(), "FreeSWITCH ended with {status}");
        assert!(took < Duration::from_secs(15), "the shutdown took {took:?}");
        let core = std::fs::read_dir(switch.dir())
            .expect("the directory")
            .flatten()
            .any(|file| file.file_name().to_string_lossy().starts_with("core"));
        assert!(!core, "a core file was left");
        switch.start_again(switch.module);
        assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
    });
}
