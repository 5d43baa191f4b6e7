//! What the documents show, in a real FreeSWITCH: the README's first call, and every command.

use callcenter_test_support::documents::{blocks, Block};
use callcenter_test_support::harness::{free_udp, phone, with_ours, CallCenter, FreeSwitch, Setup, Sipp};
use std::path::Path;
use std::time::Duration;

/// What vars.xml says in FreeSWITCH's own configuration, of which these FreeSWITCHes have only as much as they need.
const HOLD_MUSIC: (&str, &str) = ("$${hold_music}", "local_stream://default");

/// The blocks of XML that the README has: the call centre, and the dialplan.
fn first_call() -> [String; 2] {
    let is_readme = |block: &Block| block.document == Path::new("README.md");
    let texts = blocks("xml")
        .into_iter()
        .filter(is_readme)
        .map(|block| block.text.replace(HOLD_MUSIC.0, HOLD_MUSIC.1));
    let texts: Vec<String> = texts.collect();
    texts.try_into().expect("a call centre and a dialplan")
}

#[test]
fn the_readmes_first_call_is_answered_and_its_agent_logs_in_by_phone() {
    let [callcenter, dialplan] = first_call();
    let empty = Setup::new(&CallCenter::new()).extensions(&dialplan);
    with_ours(empty, |switch| {
        switch.rewrite_callcenter(callcenter.clone());
        let told = switch.callcenter("reload");
        assert!(told.starts_with("+OK") && told.contains("agent 1001: added"), "{told}");
        assert_eq!(switch.callcenter("check"), "+OK\n");
        let port = free_udp();
        Sipp::register(switch, "1001", port);
        let _phone = Sipp::phone_that_talks(port, Duration::from_millis(500));
        let mark = switch.events().mark();
        switch.call("5550001", "Ann", "3000");
        assert_eq!(switch.wait_for(mark, "agent-offering").get("CC-Agent"), "1001");
        switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(switch.wait_for(mark, "member-queue-end").get("CC-Cause"), "Terminated");
        assert_eq!(switch.callcenter("agent logout 1001"), "+OK\n");
        switch.call("1001", "Extension 1001", "300");
        switch.until("callcenter_config agent get status 1001", |status| {
            status == "Available"
        });
    });
}

/// A reply to what is no command, or not understood.
fn is_refusal(reply: &str) -> bool {
    let beginnings = [
        "-USAGE",
        "-ERR Unknown",
        "-ERR Invalid",
        "-ERR Too many words",
        "-ERR no command",
    ];
    beginnings.iter().any(|beginning| reply.starts_with(beginning)) || reply.contains("ommand not found")
}

/// What is typed at fs_cli, and what `fs_cli -x` is given. What fs_cli does by itself begins with a slash; a reload of the module in the
/// middle of calls has tests of its own.
fn typed() -> Vec<(String, String)> {
    let mut typed = Vec::new();
    for block in blocks("fs_cli").into_iter().chain(blocks("sh")) {
        for line in block.text.lines() {
            let given = line
                .strip_prefix("fs_cli -x ")
                .map(|rest| rest.split(" #").next().unwrap_or_default().trim());
            let command = match (block.language.as_str(), given) {
                ("sh", None) => continue,
                (_, Some(given)) => given.trim_matches(['"', '\'']),
                (_, None) => line,
            };
            if !command.starts_with('/') && command != "reload mod_callcenter" {
                typed.push((block.place(), command.to_owned()));
            }
        }
    }
    typed
}

#[test]
fn every_command_of_the_documents_is_understood() {
    let call_centre = CallCenter::new()
        .setting("queues-from-db", "true")
        .queue("support@default", &[])
        .queue("sales@default", &[])
        .agent("1001", &phone("1001", "ring"), &[("status", "On Break")])
        .agent("1002", &phone("1002", "ring"), &[("status", "On Break")])
        .tier("support@default", "1001", 1, 1)
        .tier("sales@default", "1002", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let member = waiting_member(switch);
        let typed = typed();
        assert!(typed.len() > 60, "only {} commands", typed.len());
        for (place, command) in typed {
            let reply = switch.api(&command.replace("MEMBER_UUID", &member));
            assert!(!is_refusal(&reply), "{place}: {command}: {reply}");
        }
    });
}

fn waiting_member(switch: &FreeSwitch) -> String {
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    switch
        .wait_for(mark, "member-queue-start")
        .get("CC-Member-UUID")
        .to_owned()
}

#[test]
fn every_application_of_the_documents_is_one() {
    with_ours(Setup::new(&CallCenter::new()), |switch| {
        // FreeSWITCH notes them on a thread of its own, ours last.
        let known = switch.until("show application", |known| known.contains("\ncallcenter_track,"));
        for block in blocks("xml") {
            let named = block.text.split("<action application=\"").skip(1);
            for application in named.filter_map(|rest| rest.split('"').next()) {
                let is_known = known.lines().any(|line| line.starts_with(&format!("{application},")));
                assert!(is_known, "{}: {application}", block.place());
            }
        }
    });
}
