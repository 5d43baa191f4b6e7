//! Asterisk's queue_log of real calls, and what logrotate does to it.

use std::path::Path;
use std::time::{Duration, Instant};

use callcenter_test_support::harness::{phone, with_ours, CallCenter, Event, FreeSwitch, Setup, SOON};

/// Where a talking caller is sent.
const PARK: &str = r#"
<extension name="park"><condition field="destination_number" expression="^parked$">
  <action application="park"/>
</condition></extension>
"#;

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .setting("queue-log-file", "queue_log")
        .queue("support@default", &[])
        .queue("alone@default", &[])
        .queue("short@default", &[("max-wait-time", "1")])
        .queue("refused@default", &[])
        .agent("a1", &phone("a1", "answer"), &[])
        .agent("a2", &phone("a2", "reject"), &[("reject-delay-time", "60")])
        .tier("support@default", "a1", 1, 1)
        .tier("refused@default", "a2", 1, 1);
    Setup::new(&call_centre).extensions(PARK)
}

/// The lines of the file, without the second each begins with: callers by their number, agents' legs and lengths by a word.
pub fn lines(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut callers: Vec<(String, String)> = Vec::new();
    let shape = |line: &str| {
        let mut columns: Vec<String> = line.split('|').map(str::to_owned).collect();
        let second = columns.remove(0).parse::<i64>();
        assert!(second.is_ok_and(|second| second > 1_700_000_000), "{line}");
        let event = columns[3].clone();
        if event == "ENTERQUEUE" {
            callers.push((columns[0].clone(), columns[5].clone()));
        }
        let lengths: &[usize] = match event.as_str() {
            "CONNECT" => &[4, 6],
            "COMPLETEAGENT" | "COMPLETECALLER" => &[4, 5],
            "BLINDTRANSFER" | "ATTENDEDTRANSFER" => &[6, 7],
            "ABANDON" | "EXITWITHTIMEOUT" | "WITHDRAW" => &[6],
            "RINGNOANSWER" => &[4],
            "AGENTLOGOFF" => &[5],
            _ => &[],
        };
        for at in lengths {
            let length = columns[*at].parse::<i64>();
            assert!(length.is_ok_and(|length| (0..20_000).contains(&length)), "{line}");
            columns[*at] = "t".to_owned();
        }
        match event.as_str() {
            "CONNECT" => columns[5] = "leg".to_owned(),
            "AGENTLOGIN" | "AGENTLOGOFF" => columns[4] = "contact".to_owned(),
            _ => {}
        }
        if let Some((_, number)) = callers.iter().find(|(uuid, _)| *uuid == columns[0]) {
            columns[0] = number.clone();
        }
        columns.join("|")
    };
    text.lines().map(shape).collect()
}

fn wait_for_lines(file: &Path, expected: &[&str]) {
    let deadline = Instant::now() + SOON;
    loop {
        let lines = lines(file);
        if lines == expected {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "expected: {expected:#?}\nwritten: {lines:#?}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until these lines are there, in this order, with or without others in between.
pub fn wait_until_log_has(file: &Path, expected: &[&str]) {
    let deadline = Instant::now() + SOON;
    loop {
        let lines = lines(file);
        let mut rest = lines.iter();
        if expected.iter().all(|line| rest.any(|other| other == line)) {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "expected: {expected:#?}\nwritten: {lines:#?}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A caller who has begun to talk.
fn talk(switch: &FreeSwitch, number: &str) -> Event {
    let mark = switch.events().mark();
    switch.until("callcenter_config agent get state a1", |state| state == "Waiting");
    switch.call_queue(number, "support");
    let start = switch.wait_for(mark, "bridge-agent-start");
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    start
}

fn ends_by(switch: &FreeSwitch, command: &str) {
    let mark = switch.events().mark();
    assert!(switch.api(command).starts_with("+OK"), "{command}");
    switch.wait_for(mark, "bridge-agent-end");
}

fn talks_end_in_three_ways(switch: &FreeSwitch) {
    let first = talk(switch, "5550001");
    ends_by(switch, &format!("uuid_kill {}", first.get("CC-Member-Session-UUID")));
    let second = talk(switch, "5550002");
    ends_by(switch, &format!("uuid_kill {}", second.get("CC-Agent-UUID")));
    let third = talk(switch, "5550003");
    ends_by(
        switch,
        &format!(
            "uuid_transfer {} parked XML default",
            third.get("CC-Member-Session-UUID")
        ),
    );
    switch.api("hupall");
    switch.wait_until_quiet();
}

fn callers_leave_in_four_ways(switch: &FreeSwitch) {
    let mark = switch.events().mark();
    let hangs_up = switch.call_queue("5550004", "alone");
    let withdrawn = switch.call_queue("5550005", "alone");
    switch.hang_up(&hangs_up);
    let end = switch.wait_for(mark, "member-queue-end");
    assert_eq!(end.get("CC-Member-CID-Number"), "5550004");
    let mark = switch.events().mark();
    let list = switch.callcenter("queue list members alone@default");
    let uuid = list
        .lines()
        .find(|line| line.contains("5550005"))
        .and_then(|line| line.split('|').nth(2));
    assert_eq!(
        switch.callcenter(&format!("member withdraw {}", uuid.expect("the member"))),
        "+OK\n"
    );
    switch.wait_for(mark, "member-queue-end");
    switch.hang_up(&withdrawn);
    let mark = switch.events().mark();
    switch.call_queue("5550006", "short");
    switch.wait_for(mark, "member-queue-end");
    let mark = switch.events().mark();
    let refused = switch.call_queue("5550007", "refused");
    switch.wait_for(mark, "bridge-agent-fail");
    switch.hang_up(&refused);
    switch.wait_for(mark, "member-queue-end");
    switch.wait_until_quiet();
}

#[test]
fn each_step_of_a_call_is_a_line() {
    with_ours(setup(), |switch| {
        talks_end_in_three_ways(switch);
        callers_leave_in_four_ways(switch);
        for words in [
            "tier add alone@default a1 1 1",
            "agent set status a1 'On Break'",
            "agent set status a1 'Logged Out'",
            "tier del alone@default a1",
        ] {
            assert_eq!(switch.callcenter(words), "+OK\n", "{words}");
        }
        wait_for_lines(
            &switch.dir().join("log/queue_log"),
            &[
                "NONE|NONE|NONE|QUEUESTART|",
                "NONE|NONE|a1|AGENTLOGIN|contact",
                "NONE|NONE|a2|AGENTLOGIN|contact",
                "5550001|support@default|NONE|ENTERQUEUE||5550001|1",
                "5550001|support@default|a1|CONNECT|t|leg|t",
                "5550001|support@default|a1|COMPLETECALLER|t|t|1",
                "5550002|support@default|NONE|ENTERQUEUE||5550002|1",
                "5550002|support@default|a1|CONNECT|t|leg|t",
                "5550002|support@default|a1|COMPLETEAGENT|t|t|1",
                "5550003|support@default|NONE|ENTERQUEUE||5550003|1",
                "5550003|support@default|a1|CONNECT|t|leg|t",
                "5550003|support@default|a1|BLINDTRANSFER|parked|default|t|t|1",
                "5550004|alone@default|NONE|ENTERQUEUE||5550004|1",
                "5550005|alone@default|NONE|ENTERQUEUE||5550005|2",
                "5550004|alone@default|NONE|ABANDON|1|1|t",
                "5550005|alone@default|NONE|WITHDRAW|1|2|t",
                "5550006|short@default|NONE|ENTERQUEUE||5550006|1",
                "5550006|short@default|NONE|EXITWITHTIMEOUT|1|1|t",
                "5550007|refused@default|NONE|ENTERQUEUE||5550007|1",
                "5550007|refused@default|a2|RINGNOANSWER|t",
                "5550007|refused@default|NONE|ABANDON|1|1|t",
                "NONE|alone@default|a1|ADDMEMBER|",
                "NONE|NONE|a1|PAUSEALL|",
                "NONE|support@default|a1|PAUSE|",
                "NONE|alone@default|a1|PAUSE|",
                "NONE|NONE|a1|AGENTLOGOFF|contact|t",
                "NONE|alone@default|a1|REMOVEMEMBER|",
            ],
        );
    });
}

#[test]
fn after_logrotate_lines_go_to_the_new_file() {
    with_ours(setup(), |switch| {
        let file = switch.dir().join("log/queue_log");
        let moved = switch.dir().join("log/queue_log.1");
        wait_for_lines(
            &file,
            &[
                "NONE|NONE|NONE|QUEUESTART|",
                "NONE|NONE|a1|AGENTLOGIN|contact",
                "NONE|NONE|a2|AGENTLOGIN|contact",
            ],
        );
        std::fs::rename(&file, &moved).expect("the file is moved");
        assert!(switch.api("fsctl send_sighup").starts_with("+OK"));
        wait_for_lines(&file, &["NONE|NONE|NONE|CONFIGRELOAD|"]);
        switch.callcenter("agent set status a1 'On Break'");
        wait_for_lines(
            &file,
            &[
                "NONE|NONE|NONE|CONFIGRELOAD|",
                "NONE|NONE|a1|PAUSEALL|",
                "NONE|support@default|a1|PAUSE|",
            ],
        );
        assert_eq!(lines(&moved).len(), 3, "nothing was added to the old file");
    });
}

#[test]
fn without_its_directory_calls_go_on() {
    let call_centre = CallCenter::new()
        .setting("queue-log-file", "/nonexistent-directory/queue_log")
        .queue("support@default", &[])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        switch.wait_for_log("Make its directory, or change queue-log-file.");
        let start = talk(switch, "5550001");
        ends_by(switch, &format!("uuid_kill {}", start.get("CC-Agent-UUID")));
        switch.wait_until_quiet();
        let told = switch.log().matches("cannot be written").count();
        assert_eq!(told, 1);
    });
}
