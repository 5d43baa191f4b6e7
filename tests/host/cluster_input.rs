//! What may be wrong where a cluster is set up: told in a line that says what to do, and calls go on.

use crate::clusters::{boxes, shows, started, talks};
use callcenter_test_support::harness::FreeSwitch;
use callcenter_test_support::private::PrivateServer;

/// The box is a call centre by itself.
fn serves_by_itself(switch: &FreeSwitch, number: &str) {
    switch.wait_for_log("This box goes on by itself, without the cluster");
    let mark = switch.events().mark();
    assert_eq!(switch.callcenter("agent set status a1 Available"), "+OK\n");
    switch.call_queue(number, "support");
    talks(switch, mark, number);
}

/// The others go on as if nothing had happened, and know nothing of it.
fn knows_nothing_of_it(first: &FreeSwitch) {
    shows(first, "agent list", "|On Break|Waiting|");
    assert_eq!(first.callcenter("queue count members support@default"), "0\n");
}

/// A box of this name that is loaded beside `box1` is told why it cannot take part, and is a call centre by itself.
fn is_kept_out(database: &str, name: &str, prepare: impl FnOnce(&PrivateServer), why: &str) {
    let Some((all, server)) = boxes(database, 1) else {
        return;
    };
    prepare(server);
    let Some(other) = started(name, server, database) else {
        return;
    };
    other.wait_for_log(why);
    serves_by_itself(&other, "5550001");
    knows_nothing_of_it(&all[0]);
}

/// Two boxes of one name: the second one says so.
#[test]
fn a_name_that_is_taken_is_told() {
    let why = "another FreeSWITCH has the cc-instance-id of this one: give each box its own";
    is_kept_out("one_name", "box1", |_| (), why);
}

/// A release whose messages are too far from those of the others.
#[test]
fn a_release_that_the_others_do_not_understand_is_told() {
    let is_far = |server: &PrivateServer| {
        server.administer("releases", "UPDATE cluster_boxes SET version = 7");
    };
    let why = "box1 takes part with a release whose messages are of version 7";
    is_kept_out("releases", "box2", is_far, why);
}

/// Programs of the site write into the tables while a leader runs: it takes that as a call centre without a cluster does.
#[test]
fn rows_that_a_program_changes_count_within_a_moment() {
    let Some((all, server)) = boxes("site_rows", 2) else {
        return;
    };
    let [first, second] = all.as_slice() else { return };
    let mark = second.events().mark();
    second.call_queue("5550001", "support");
    shows(second, "agent list", "|On Break|Waiting|");
    server.administer("site_rows", "UPDATE agents SET status = 'Available' WHERE name = 'a1'");
    talks(second, mark, "5550001");
    server.administer(
        "site_rows",
        "INSERT INTO agents (name, instance_id, type, contact, status, state) \
         VALUES ('a2', 'box1', 'callback', 'user/a2', 'On Break', 'Waiting')",
    );
    shows(second, "agent list", "a2|");
    server.administer("site_rows", "DELETE FROM agents WHERE name = 'a2'");
    for switch in [first, second] {
        switch.until("callcenter_config agent list", |list| !list.contains("a2|"));
    }
}
