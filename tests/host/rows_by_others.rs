//! Rows that somebody changes by SQL while FreeSWITCH runs take effect within a second, as they do with stock.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use callcenter_test_support::harness::{install, phone, CallCenter, FreeSwitch, Module, Setup, SOON};

/// A change is looked for once a second; the rest is for a busy machine.
const PATIENCE: Duration = Duration::from_secs(2);

fn call_centre() -> Setup {
    Setup::new(
        &CallCenter::new()
            .queue("support@default", &[("strategy", "longest-idle-agent")])
            .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
            .tier("support@default", "a1", 1, 1),
    )
}

/// A FreeSWITCH whose rows are in the database: whatever came before an acknowledged command is there.
fn started() -> Option<FreeSwitch> {
    let switch = FreeSwitch::start(install()?, Module::Ours, call_centre());
    assert_eq!(switch.callcenter("agent set max_no_answer a1 0"), "+OK\n");
    Some(switch)
}

fn by_sql(switch: &FreeSwitch, sql: &str) {
    let connection = Connection::open(switch.database()).expect("open the database");
    connection.busy_timeout(SOON).expect("set a busy timeout");
    connection.execute_batch(sql).expect("change rows");
}

/// Waits until a listing shows (or no longer shows) something.
fn shows(switch: &FreeSwitch, words: &str, what: &str, expected: bool) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let listing = switch.callcenter(words);
        if listing.contains(what) == expected {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "`{words}`, {what} expected {expected}: {listing}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_status_set_by_sql_brings_an_offer_and_takes_it_back() {
    let Some(switch) = started() else { return };
    switch.call_queue("5550001", "support");
    let mark = switch.events().mark();
    let contact = phone("a1", "ring").replace("$${phones_port}", &port_of(&switch));
    by_sql(
        &switch,
        &format!("UPDATE agents SET status = 'Available', contact = '{contact}' WHERE name = 'a1'"),
    );
    switch
        .events()
        .wait(mark, PATIENCE, "an offer", |event| event.is("agent-offering"));
    shows(&switch, "agent list a1", "|Available|Receiving|", true);
    by_sql(&switch, "UPDATE agents SET status = 'On Break' WHERE name = 'a1'");
    switch.events().wait(mark, PATIENCE, "the end of the offer", |event| {
        event.is("bridge-agent-fail")
    });
    shows(&switch, "agent list a1", "|On Break|Waiting|", true);
    let told = switch.events().since(mark);
    assert!(
        !told.iter().any(|event| event.is("agent-status-change")),
        "stock sends no event for SQL"
    );
}

/// The port of the agents' phones, as the contact in the configuration names it.
fn port_of(switch: &FreeSwitch) -> String {
    switch.api("global_getvar phones_port").trim().to_owned()
}

#[test]
fn agents_and_tiers_are_inserted_changed_and_deleted_by_sql() {
    let Some(switch) = started() else { return };
    let contact = phone("a2", "answer").replace("$${phones_port}", &port_of(&switch));
    switch.call_queue("5550001", "support");
    let mark = switch.events().mark();
    by_sql(
        &switch,
        &format!(
            "INSERT INTO agents (name, instance_id, type, contact, status, state)
               VALUES('a2', 'single_box', 'callback', '{contact}', 'Available', 'Waiting');
             INSERT INTO tiers (queue, agent, state, level, position) VALUES('support@default', 'a2', 'Ready', 2, 3);"
        ),
    );
    switch
        .events()
        .wait(mark, PATIENCE + SOON, "a talk of the new agent", |event| {
            event.is("bridge-agent-start") && event.get("CC-Agent") == "a2"
        });
    by_sql(&switch, "UPDATE tiers SET level = 5 WHERE agent = 'a2'");
    shows(&switch, "tier list", "support@default|a2|Active Inbound|5|3", true);
    by_sql(
        &switch,
        "DELETE FROM tiers WHERE agent = 'a1'; DELETE FROM agents WHERE name = 'a1'",
    );
    shows(&switch, "agent list", "a1|", false);
    shows(&switch, "tier list", "|a1|", false);
}

#[test]
fn an_unknown_word_is_logged_and_the_rest_of_the_row_taken() {
    let Some(switch) = started() else { return };
    by_sql(
        &switch,
        "UPDATE agents SET status = 'Lunch', wrap_up_time = 77 WHERE name = 'a1'",
    );
    shows(&switch, "agent list a1", "|77|", true);
    assert_eq!(switch.callcenter("agent get status a1"), "On Break");
    let remark = "agent status \"Lunch\" is not known";
    switch.wait_for_log(remark);
    let warnings = switch.log().matches(remark).count();
    assert_eq!(warnings, 1);
}
