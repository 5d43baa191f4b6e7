//! Several FreeSWITCH that are one call centre, on one private PostgreSQL.

use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, phone, CallCenter, FreeSwitch, Module, Setup, SOON};
use callcenter_test_support::private::{shared, Kind, PrivateServer};
use std::time::{Duration, Instant};

pub const QUEUE: &str = "support@default";

/// From the death of a box that leads until another one rings an agent.
const SUCCEEDED_WITHIN: Duration = Duration::from_secs(5);

/// A box of the cluster on that database, without agents.
pub fn box_of_cluster(name: &str, server: &PrivateServer, database: &str) -> CallCenter {
    CallCenter::new()
        .setting("cluster", "true")
        .setting("cc-instance-id", name)
        .setting("odbc-dsn", &Driver::Pgsql.dsn(server, database))
        .queue(QUEUE, &[("strategy", "longest-idle-agent")])
}

/// The same, with an agent who is on a break.
fn call_centre(name: &str, server: &PrivateServer, database: &str) -> CallCenter {
    box_of_cluster(name, server, database)
        .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
        .tier(QUEUE, "a1", 1, 1)
}

pub fn started(name: &str, server: &PrivateServer, database: &str) -> Option<FreeSwitch> {
    let setup = Setup::new(&call_centre(name, server, database));
    Some(FreeSwitch::start(install()?, Module::Ours, setup))
}

/// So many boxes, of which the first one leads.
pub fn boxes(database: &str, count: usize) -> Option<(Vec<FreeSwitch>, &'static PrivateServer)> {
    install()?;
    let server = shared(Kind::Postgres)?;
    server.create_database(database);
    let mut all = Vec::new();
    for number in 1..=count {
        let name = format!("box{number}");
        let switch = started(&name, server, database)?;
        wait_until_in(all.first(), &name, &switch);
        all.push(switch);
    }
    Some((all, server))
}

/// Waits until a box that was just started leads, where it is the first one, or takes part.
pub fn wait_until_in(first: Option<&FreeSwitch>, name: &str, started: &FreeSwitch) {
    match first {
        None => started.wait_for_log("this box leads from now on"),
        Some(first) => first.wait_for_log(&format!("{name} takes part")),
    }
}

/// The contact of an agent whose phone is at this box, as every box can dial it.
pub fn phone_at(switch: &FreeSwitch, agent: &str, behaviour: &str) -> String {
    let port = switch.api("global_getvar phones_port");
    phone(agent, behaviour).replace("$${phones_port}", port.trim())
}

pub fn set_status(switch: &FreeSwitch, status: &str) {
    assert_eq!(
        switch.callcenter(&format!("agent set status a1 '{status}'")),
        "+OK\n",
        "{}",
        switch.log_tail()
    );
}

/// The agent's phone is at this box from now on.
pub fn sits_at(switch: &FreeSwitch, asked: &FreeSwitch) {
    let contact = phone_at(switch, "a1", "answer");
    let reply = asked.callcenter(&format!("agent set contact a1 {contact}"));
    assert_eq!(reply, "+OK\n", "{}", asked.log_tail());
}

pub fn shows(switch: &FreeSwitch, words: &str, what: &str) {
    switch.until(&format!("callcenter_config {words}"), |listing| listing.contains(what));
}

pub fn talks(switch: &FreeSwitch, mark: usize, number: &str) {
    switch.events().wait(mark, SOON, &format!("{number} talks"), |event| {
        event.is("bridge-agent-start") && event.get("CC-Member-CID-Number") == number
    });
    // Whoever hangs up before the two hear each other has given up.
    switch.until("callcenter_config queue list members support@default", |listing| {
        let mut lines = listing.lines().filter(|line| line.contains(&format!("|{number}|")));
        lines.any(|line| line.contains("|Answered|"))
    });
}

/// What is known is the same on each box, commands take effect wherever they are given, and whoever has waited longest comes first,
/// wherever that is.
#[test]
fn two_boxes_are_one_call_centre() {
    let Some((all, server)) = boxes("one_centre", 2) else {
        return;
    };
    let [first, second] = all.as_slice() else { return };
    assert_eq!(first.callcenter("agent list"), second.callcenter("agent list"));
    shows(second, "agent list", "|On Break|Waiting|");
    let marks = [first.events().mark(), second.events().mark()];
    let longest = second.call_queue("5550001", "support");
    let later = first.call_queue("5550002", "support");
    for switch in [first, second] {
        for number in ["5550001", "5550002"] {
            shows(switch, "queue list members support@default", &format!("|{number}|"));
        }
        assert_eq!(switch.callcenter("queue count members support@default"), "2\n");
    }
    let asked = Instant::now();
    set_status(first, "Available");
    talks(second, marks[1], "5550001");
    println!("from the command to the talk on the other box: {:?}", asked.elapsed());
    for switch in [first, second] {
        shows(switch, "agent list", "|Available|In a queue call|");
    }
    second.hang_up(&longest);
    talks(first, marks[0], "5550002");
    first.hang_up(&later);
    for switch in [first, second] {
        shows(switch, "agent list", "|Available|Waiting|");
        let left = switch.soon("callcenter_config queue count members support@default", |count| {
            count == "0\n"
        });
        assert!(
            left.is_ok(),
            "{}",
            switch.callcenter("queue list members support@default")
        );
    }
    let rows = server.administer("one_centre", "SELECT name, instance_id FROM agents");
    assert_eq!(rows.lines().count(), 1, "{rows}");
}

/// JSON and refusals come from the leader as they are.
#[test]
fn lists_as_json_and_refusals_are_those_of_the_leader() {
    let Some((all, _)) = boxes("json", 2) else { return };
    let second = &all[1];
    let request = r#"json {"command":"callcenter_config","data":{"arguments":"agent list"}}"#;
    let answer = second.api(request);
    assert!(
        answer.contains("\"name\":\"a1\"") || answer.contains("\"name\":\t\"a1\""),
        "{answer}"
    );
    assert_eq!(
        second.callcenter("agent set status nobody Available"),
        "-ERR Agent not found!\n"
    );
    assert_eq!(second.callcenter("agent add b1 callback"), "+OK\n");
    shows(&all[0], "agent list", "b1|");
}

/// The box that leads is killed: whoever waits elsewhere is served, by an agent who sits there.
#[test]
fn a_leader_that_is_killed_is_succeeded() {
    let Some((mut all, _)) = boxes("killed", 2) else { return };
    sits_at(&all[1], &all[0]);
    let mark = all[1].events().mark();
    all[1].call_queue("5550001", "support");
    set_status(&all[0], "Logged Out");
    set_status(&all[1], "On Break");
    all[0].kill();
    let killed = Instant::now();
    all[1].wait_for_log("this box leads from now on");
    println!("succeeded after {:?}", killed.elapsed());
    all[1].until("callcenter_config agent set status a1 Available", |answer| {
        answer == "+OK\n"
    });
    talks(&all[1], mark, "5550001");
    let late = killed.elapsed();
    println!("rung after {late:?}");
    assert!(late < 2 * SUCCEEDED_WITHIN, "after {late:?}");
    // It comes back, and takes part.
    all[0].start_again(Module::Ours);
    all[1].wait_for_log("box1 takes part");
    shows(&all[0], "agent list", "|Available|In a queue call|");
}

/// The box that leads is unloaded: another one leads at once.
#[test]
fn a_leader_that_is_unloaded_hands_over() {
    let Some((all, _)) = boxes("handed_over", 2) else {
        return;
    };
    sits_at(&all[1], &all[0]);
    let mark = all[1].events().mark();
    all[1].call_queue("5550001", "support");
    let asked = Instant::now();
    let answer = all[0].api("unload mod_callcenter");
    assert!(answer.starts_with("+OK"), "{answer}");
    let unloaded = asked.elapsed();
    all[1].wait_for_log("this box leads from now on");
    println!("unloaded after {unloaded:?}, succeeded after {:?}", asked.elapsed());
    set_status(&all[1], "Available");
    talks(&all[1], mark, "5550001");
    let answer = all[0].api("load mod_callcenter");
    assert!(answer.contains("+OK"), "{answer}");
    all[1].wait_for_log("box1 takes part");
    shows(&all[0], "agent list", "|Available|In a queue call|");
}

fn signal(switch: &FreeSwitch, name: &str) {
    let pid = switch.pid().to_string();
    let sent = std::process::Command::new("kill").args(["-s", name, &pid]).status();
    assert!(sent.expect("run kill").success());
}

/// Of three boxes the one that leads freezes and wakes: it was given up, and takes part again, with what it has.
#[test]
fn a_leader_that_freezes_and_wakes_takes_part_again() {
    let Some((all, _)) = boxes("frozen", 3) else { return };
    sits_at(&all[2], &all[1]);
    let marks: Vec<usize> = all.iter().map(|switch| switch.events().mark()).collect();
    all[0].call_queue("5550001", "support");
    signal(&all[0], "STOP");
    let frozen = Instant::now();
    let led = |switch: &&FreeSwitch| switch.log().contains("this box leads from now on");
    while !all[1..].iter().any(|switch| led(&switch)) {
        assert!(frozen.elapsed() < 4 * SUCCEEDED_WITHIN, "{}", all[1].log_tail());
        std::thread::sleep(Duration::from_millis(20));
    }
    println!("succeeded after {:?}", frozen.elapsed());
    all[2].call_queue("5550002", "support");
    all[1].until("callcenter_config agent set status a1 Available", |answer| {
        answer == "+OK\n"
    });
    talks(&all[2], marks[2], "5550002");
    signal(&all[0], "CONT");
    all[0].wait_for_log("this box has lost touch");
    let leader = all[1..].iter().find(led).expect("one of them leads");
    leader.wait_for_log("box1 takes part");
    // Who waited there waits still, and is served next.
    for switch in &all {
        shows(switch, "queue list members support@default", "|5550001|");
    }
    all[2].api("hupall");
    talks(&all[0], marks[0], "5550001");
}

/// What is missing for a cluster is told in one line, and calls go on.
#[test]
fn what_cannot_be_a_cluster_goes_on_by_itself() {
    let Some(install) = install() else { return };
    let file = CallCenter::new()
        .setting("cluster", "true")
        .setting("cc-instance-id", "box1")
        .queue(QUEUE, &[])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier(QUEUE, "a1", 1, 1);
    let switch = FreeSwitch::start(install, Module::Ours, Setup::new(&file));
    switch.wait_for_log("cluster needs PostgreSQL");
    let mark = switch.events().mark();
    switch.call_queue("5550001", "support");
    talks(&switch, mark, "5550001");
}
