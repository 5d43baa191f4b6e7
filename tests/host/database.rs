//! One database file, used by stock and by ours in turn.

use callcenter_test_support::harness::{
    compare, install_for, phone, rows, schema, CallCenter, FreeSwitch, Module, Setup, SOON,
};

fn queue_only() -> Setup {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("o'neil", "user/1002", &[("status", "Logged Out")])
        .tier("support@default", "o'neil", 1, 1);
    Setup::new(&call_centre)
}

const COMMANDS: &[&str] = &[
    "agent add a1 callback",
    "agent set contact a1 [call_timeout=60]user/1001",
    "agent set status a1 Available",
    "agent set max_no_answer a1 3",
    "agent set wrap_up_time a1 10",
    "agent set reject_delay_time a1 20",
    "agent set busy_delay_time a1 30",
    "agent set no_answer_delay_time a1 40",
    "agent add 'two words' callback",
    "agent set status 'two words' 'On Break'",
    "tier add support@default a1 2 3",
    "tier add support@default 'two words' 1 1",
];

/// Writes with one module, restarts with the other: every row is as it was, and commands go on working.
fn taken_over(first: Module, second: Module) {
    let Some(install) = install_for(Module::Stock) else {
        return;
    };
    let mut switch = FreeSwitch::start(install, first, queue_only());
    for command in COMMANDS {
        assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
    }
    let before = listings(&switch);
    switch.stop();
    let written = agents_and_tiers(&switch);
    switch.start_again(second);
    assert_eq!(
        before,
        listings(&switch),
        "listings after {first:?} gave the file to {second:?}"
    );
    for command in [
        "agent set status a1 'Logged Out'",
        "tier set level support@default a1 4",
    ] {
        assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
    }
    for command in ["agent set status a1 Available", "tier set level support@default a1 2"] {
        assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
    }
    switch.stop();
    assert_eq!(written, agents_and_tiers(&switch));
}

/// The listings without the time of the last change of status: stock applies the status of the XML at each start.
fn listings(switch: &FreeSwitch) -> Vec<String> {
    let without_time = |line: &str| {
        let fields = line.split('|').enumerate().filter(|(at, _)| *at != LAST_STATUS_CHANGE);
        fields.map(|(_, field)| field).collect::<Vec<_>>().join("|")
    };
    let agents: Vec<String> = switch.callcenter("agent list").lines().map(without_time).collect();
    let tiers = switch.callcenter("tier list");
    agents.into_iter().chain(tiers.lines().map(str::to_string)).collect()
}

/// The column of `agent list`.
const LAST_STATUS_CHANGE: usize = 15;

fn agents_and_tiers(switch: &FreeSwitch) -> Vec<String> {
    let settled = |row: &String| {
        let words = row.split(' ').filter(|word| !word.starts_with("last_status_change="));
        // A new agent has no leg yet; every start of either module makes that an empty one.
        words
            .map(|word| if word == "uuid=NULL" { "uuid=\"\"" } else { word })
            .collect::<Vec<_>>()
            .join(" ")
    };
    let agents = rows(&switch.database(), "agents");
    agents
        .iter()
        .map(settled)
        .chain(rows(&switch.database(), "tiers"))
        .collect()
}

#[test]
fn ours_takes_over_a_file_written_by_stock() {
    taken_over(Module::Stock, Module::Ours);
}

#[test]
fn stock_takes_back_a_file_written_by_ours() {
    taken_over(Module::Ours, Module::Stock);
}

#[test]
fn tables_have_stocks_columns() {
    compare(queue_only(), |switch, recording| {
        switch.callcenter("agent add a1 callback");
        for table in ["agents", "tiers", "members"] {
            recording.note(table);
            for column in schema(&switch.database(), table) {
                recording.note(&column);
            }
        }
    });
}

#[test]
fn rows_during_and_after_a_call_are_stocks() {
    let call_centre = CallCenter::new()
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("time-base-score", "queue")],
        )
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1);
    compare(Setup::new(&call_centre), |switch, recording| {
        let mark = switch.events().mark();
        let waiting = switch.call_queue("5550001", "support");
        switch.events().wait(mark, SOON, "the talk", |event| {
            event.get("CC-Agent-State") == "In a queue call"
        });
        switch.call_queue("5550002", "support");
        record_rows(switch, recording, "talking", |rows| {
            rows.contains("In a queue call") && rows.contains("5550002")
        });
        let second = switch.events().mark();
        switch.hang_up(&waiting);
        switch.events().wait(second, SOON, "the second talk", |event| {
            event.get("CC-Agent-State") == "In a queue call"
        });
        switch.api("hupall");
        switch.wait_until_quiet();
        record_rows(switch, recording, "afterwards", |rows| {
            !rows.contains("5550002") && rows.contains("Waiting")
        });
    });
}

/// Records every table once the rows say what is expected: ours writes a call's progress a moment later.
fn record_rows(
    switch: &FreeSwitch,
    recording: &mut callcenter_test_support::harness::Recording,
    when: &str,
    expected: impl Fn(&str) -> bool,
) {
    let deadline = std::time::Instant::now() + SOON;
    loop {
        let tables = ["agents", "tiers", "members"].map(|table| rows(&switch.database(), table).join("\n"));
        let all = tables.join("\n");
        if expected(&all) {
            recording.text(switch, when, &all);
            return;
        }
        assert!(std::time::Instant::now() < deadline, "rows {when}: {all}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
