//! Two FreeSWITCH on one database, each with its own agents and callers, told apart by `cc-instance-id`.

use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, phone, CallCenter, FreeSwitch, Module, SOON};
use callcenter_test_support::private::shared as server;

use std::path::Path;

const QUEUE: &str = "support@default";

/// Two boxes that may load at once, and the directory of their drivers' files.
struct Pair {
    first: FreeSwitch,
    second: FreeSwitch,
}

/// The box with this agent of its own.
fn started(
    driver: Driver,
    database: &str,
    directory: &Path,
    instance: Option<&str>,
    agent: &str,
) -> Option<FreeSwitch> {
    let server = server(driver.kind())?;
    let mut call_centre = CallCenter::new()
        .queue(
            QUEUE,
            &[
                ("abandoned-resume-allowed", "true"),
                ("discard-abandoned-after", "3600"),
            ],
        )
        .queue("patience@default", &[])
        .agent(agent, &phone(agent, "answer"), &[])
        .tier(QUEUE, agent, 1, 1);
    if let Some(instance) = instance {
        call_centre = call_centre.setting("cc-instance-id", instance);
    }
    let setup = driver.setup(server, database, &directory.join(format!("{agent}.ini")), call_centre);
    Some(FreeSwitch::start(install()?, Module::Ours, setup))
}

fn pair(driver: Driver, database: &str, directory: &Path, instances: [Option<&str>; 2]) -> Option<Pair> {
    if !driver.is_there() {
        return None;
    }
    server(driver.kind())?.create_database(database);
    Some(Pair {
        first: started(driver, database, directory, instances[0], "a1")?,
        second: started(driver, database, directory, instances[1], "b1")?,
    })
}

/// A list that shows something, at the latest when the box has looked.
fn shows(switch: &FreeSwitch, words: &str, what: &str) {
    switch.until(&format!("callcenter_config {words}"), |listing| listing.contains(what));
}

fn talk(switch: &FreeSwitch, number: &str, agent: &str) {
    let mark = switch.events().mark();
    switch.call_queue(number, "support");
    let start = switch.wait_for(mark, "bridge-agent-start");
    assert_eq!(start.get("CC-Agent"), agent);
}

fn each_serves_its_own(driver: Driver, database: &str, instances: [Option<&str>; 2]) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let Some(Pair { mut first, second }) = pair(driver, database, directory.path(), instances) else {
        return;
    };
    let names = instances.map(|name| name.unwrap_or("single_box"));
    let row = |agent: &str, name: &str| format!("{agent}|{name}|");
    for switch in [&first, &second] {
        shows(switch, "agent list", &row("a1", names[0]));
        shows(switch, "agent list", &row("b1", names[1]));
        shows(switch, "tier list", "support@default|a1|Ready|1|1");
        shows(switch, "tier list", "support@default|b1|Ready|1|1");
    }
    talk(&first, "5550001", "a1");
    talk(&second, "5550002", "b1");
    // The second box's agent is busy, the first box's too: whoever else calls waits, whoever of the other box is free.
    second.call_queue("5550003", "support");
    for switch in [&first, &second] {
        shows(switch, "agent list a1", "|Available|In a queue call|");
        shows(switch, "agent list b1", "|Available|In a queue call|");
        for number in ["5550001", "5550002", "5550003"] {
            shows(switch, "queue list members support@default", &format!("|{number}|"));
        }
    }
    crash_of_the_first(&mut first, &second, names);
    changes_about_the_others_agent(&first, &second, names);
}

/// What was the first one's is reset by its restart; the second one's call goes on and its rows stay.
fn crash_of_the_first(first: &mut FreeSwitch, second: &FreeSwitch, names: [&str; 2]) {
    first.call_queue("5550004", "patience");
    shows(second, "queue list members patience@default", "|5550004|");
    first.kill();
    first.start_again(Module::Ours);
    for switch in [&*first, second] {
        shows(switch, "agent list a1", &format!("a1|{}||", names[0]));
        shows(switch, "agent list a1", "|Available|Waiting|");
        shows(switch, "agent list b1", "|Available|In a queue call|");
        shows(switch, "tier list", "support@default|a1|Ready|1|1");
        shows(switch, "tier list", "support@default|b1|Active Inbound|1|1");
        let patient = format!("patience@default|{}|", names[0]);
        switch.until("callcenter_config queue list members patience@default", |listing| {
            listing.contains(&patient) && listing.contains("|Abandoned|")
        });
        switch.until("callcenter_config queue list members support@default", |listing| {
            let line = |number: &str| {
                listing
                    .lines()
                    .find(|line| line.contains(number))
                    .unwrap_or_default()
                    .to_owned()
            };
            line("5550002").contains("|b1|")
                && line("5550002").contains("|Answered|")
                && line("5550003").contains("|Waiting|")
        });
    }
    // The first one's agent is free again, and still takes no call of the second one.
    talk(first, "5550005", "a1");
    shows(second, "queue list members support@default", "|5550005|");
    second.until("callcenter_config queue list members support@default", |listing| {
        listing
            .lines()
            .any(|line| line.contains("|5550003|") && line.contains("|Waiting|"))
    });
    assert!(
        !second
            .events()
            .since(0)
            .iter()
            .any(|event| event.get("CC-Agent") == "a1" && event.is("agent-offering")),
        "an agent of the other box was rung"
    );
}

fn changes_about_the_others_agent(first: &FreeSwitch, second: &FreeSwitch, names: [&str; 2]) {
    assert_eq!(second.callcenter("agent set status a1 'On Break'"), "+OK\n");
    shows(first, "agent list a1", "|On Break|In a queue call|");
    assert_eq!(second.callcenter("agent set wrap_up_time a1 7"), "+OK\n");
    first.until("callcenter_config agent list a1", |listing| {
        listing.contains(&format!("a1|{}|", names[0])) && listing.contains("|On Break|") && listing.contains("|0|7|")
    });
    // The agent sits down at the other box: its phone is there now.
    first.api("hupall");
    shows(second, "agent list a1", "|On Break|Waiting|");
    let contact = phone("a1", "answer").replace("$${phones_port}", second.api("global_getvar phones_port").trim());
    assert_eq!(second.callcenter(&format!("agent set contact a1 {contact}")), "+OK\n");
    assert_eq!(second.callcenter("agent set wrap_up_time a1 0"), "+OK\n");
    let mark = second.events().mark();
    assert_eq!(second.callcenter("agent set status a1 Available"), "+OK\n");
    second.events().wait(mark, SOON, "the caller who waited", |event| {
        event.is("bridge-agent-start")
            && event.get("CC-Agent") == "a1"
            && event.get("CC-Member-CID-Number") == "5550003"
    });
    shows(first, "agent list a1", &format!("a1|{}|", names[1]));
    // The first one's configuration still names the agent, and leaves it to its owner.
    first.callcenter("agent reload a1");
    first.wait_for_log(&format!("the agent belongs to the instance {}", names[1]));
    assert_eq!(first.callcenter("agent del a1"), "+OK\n");
    second.until("callcenter_config agent list", |listing| !listing.contains("a1|"));
    second.until("callcenter_config tier list", |listing| !listing.contains("|a1|"));
}

#[test]
fn two_boxes_on_postgresql() {
    each_serves_its_own(Driver::Pgsql, "two_boxes", [Some("box1"), Some("box2")]);
}

#[test]
fn two_boxes_on_mariadb() {
    each_serves_its_own(Driver::MariaDb, "two_boxes", [Some("box1"), Some("box2")]);
}

/// One that has no name of its own yet runs: what it calls its own is not taken over by another.
#[test]
fn a_second_box_beside_one_without_a_name() {
    each_serves_its_own(Driver::Pgsql, "two_boxes_one_named", [None, Some("box2")]);
}

/// A site gives its only FreeSWITCH a name: everything that stock, or we without a name, left there is its own.
fn given_a_name(driver: Driver, database: &str) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let Some(server) = server(driver.kind()).filter(|_| driver.is_there()) else {
        return;
    };
    server.create_database(database);
    let Some(mut switch) = started(driver, database, directory.path(), None, "a1") else {
        return;
    };
    assert_eq!(switch.callcenter("agent add by-hand callback"), "+OK\n");
    switch.call_queue("5550001", "patience");
    shows(
        &switch,
        "queue list members patience@default",
        "patience@default|single_box|",
    );
    assert_eq!(switch.callcenter("agent set max_no_answer a1 3"), "+OK\n");
    switch.kill();
    drop(switch);
    let Some(switch) = started(driver, database, directory.path(), Some("box1"), "a1") else {
        return;
    };
    for row in ["a1|box1|", "by-hand|box1|"] {
        shows(&switch, "agent list", row);
    }
    switch.until("callcenter_config queue list members patience@default", |listing| {
        listing.contains("patience@default|box1|") && listing.contains("|Abandoned|")
    });
    talk(&switch, "5550002", "a1");
    assert!(!server
        .administer(database, "SELECT instance_id FROM agents")
        .contains("single_box"));
}

#[test]
fn a_postgresql_box_is_given_a_name() {
    given_a_name(Driver::Pgsql, "given_a_name");
}

#[test]
fn a_mariadb_box_is_given_a_name() {
    given_a_name(Driver::MariaDb, "given_a_name");
}
