//! Every answer of `callcenter_config`, for good and bad words, beside stock.

use callcenter_test_support::harness::{compare, with_ours, CallCenter, FreeSwitch, Recording, Setup};

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("time-base-score", "system")],
        )
        .queue("sales@default", &[("strategy", "ring-all")])
        .agent(
            "a1",
            "error/USER_BUSY",
            &[("max-no-answer", "3"), ("wrap-up-time", "10")],
        )
        .agent("a2", "[call_timeout=60]user/1002", &[("status", "Logged Out")])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "a2", 2, 3);
    Setup::new(&call_centre)
}

/// Runs the commands in order and records the answers.
fn record_answers(switch: &FreeSwitch, recording: &mut Recording, commands: &[&str]) {
    for command in commands {
        match *command {
            // Stock lists queues in the order of a hash table; here it is the order of the configuration.
            "queue list" => recording.unordered_listing(switch, command),
            _ => drop(recording.command(switch, command)),
        }
    }
}

/// Compares the answers, and the events the commands cause.
fn same_answers_and_events(commands: &'static [&'static str]) {
    compare(setup(), |switch, recording| {
        let mark = switch.events().mark();
        record_answers(switch, recording, commands);
        switch.catch_up();
        recording.call_centre_events(switch, mark);
    });
}

#[test]
fn agent_commands() {
    same_answers_and_events(AGENT);
}

#[test]
fn tier_commands() {
    same_answers_and_events(TIER);
}

#[test]
fn queue_commands() {
    same_answers_and_events(QUEUE);
}

/// Without the events: stock sets the status of the XML again at each reload, here a status is left alone that the XML
/// has not changed.
#[test]
fn commands_that_read_the_configuration_again() {
    compare(setup(), |switch, recording| record_answers(switch, recording, RELOAD));
}

const AGENT: &[&str] = &[
    "agent list",
    "agent list a1",
    "agent list nobody",
    "agent add a3 callback",
    "agent add a3 callback",
    "agent add a4 uuid-standby",
    "agent add a5 telephone",
    "agent add a6",
    "agent add",
    "agent",
    "agent get status a1",
    "agent get state a1",
    "agent get uuid a1",
    "agent get contact a1",
    "agent get status nobody",
    "agent get nothing a1",
    "agent get status",
    "agent set status a1 Available",
    "agent set status a1 'On Break'",
    "agent set status a1 'Available (On Demand)'",
    "agent set status a1 Somewhere",
    "agent set status nobody Available",
    "agent set status a1",
    "agent set status",
    "agent set",
    "agent set state a1 Idle",
    "agent set state a1 Waiting",
    "agent set state a1 Receiving",
    "agent set state a1 'In a queue call'",
    "agent set state a1 Dreaming",
    "agent set state nobody Waiting",
    "agent set state a1 Waiting",
    "agent set contact a1 user/1001",
    "agent set contact a1 \"[call_timeout=60]user/1001\"",
    "agent set contact a1 {a=b}user/1001@default",
    "agent set contact nobody user/1001",
    "agent set uuid a4 0d3c5a1e-0000-0000-0000-000000000000",
    "agent get uuid a4",
    "agent set type a3 uuid-standby",
    "agent set type a3 callback",
    "agent set type a3 telephone",
    "agent set max_no_answer a1 5",
    "agent set wrap_up_time a1 7",
    "agent set reject_delay_time a1 8",
    "agent set busy_delay_time a1 9",
    "agent set no_answer_delay_time a1 11",
    "agent set ready_time a1 0",
    "agent set max_no_answer nobody 5",
    "agent set height a1 5",
    "agent list",
    "agent list a1",
    "agent set status a1 'Logged Out'",
    "agent del a3",
    "agent del a3",
    "agent del",
    "agent list",
];

const RELOAD: &[&str] = &[
    "agent reload a2",
    "agent reload nobody",
    "agent reload",
    "agent list",
    "tier reload support@default a1",
    "tier reload all all",
    "tier list",
    "queue load support@default",
    "queue load nowhere@default",
    "queue load",
    "queue reload support@default",
    "queue reload nowhere@default",
    "queue reload",
    "queue list",
    "queue unload sales@default",
    "queue list",
    "queue load sales@default",
    "queue list",
    "agent list",
    "tier list",
];

const TIER: &[&str] = &[
    "tier list",
    "tier add support@default a1",
    "tier add support@default a1 1 1",
    "tier add sales@default a1",
    "tier add sales@default a2 4",
    "tier add sales@default nobody 1 1",
    "tier add nowhere@default a1 1 1",
    "tier add sales@default",
    "tier add",
    "tier",
    "tier list",
    "tier set level sales@default a1 3",
    "tier set position sales@default a1 5",
    "tier set state sales@default a1 Standby",
    "tier set state sales@default a1 'No Answer'",
    "tier set state sales@default a1 Ready",
    "tier set state sales@default a1 Flying",
    "tier set height sales@default a1 5",
    "tier set level sales@default",
    "tier set level",
    "tier set",
    "tier list",
    "tier del sales@default a1",
    "tier del sales@default a1",
    "tier del sales@default",
    "tier del",
    "tier list",
];

const QUEUE: &[&str] = &[
    "queue list",
    "queue",
    "queue list agents support@default",
    "queue list agents support@default Available",
    "queue list agents support@default Available Waiting",
    "queue list agents support@default 'Logged Out'",
    "queue list agents nowhere@default",
    "queue list agents",
    "queue list members support@default",
    "queue list members nowhere@default",
    "queue list members",
    "queue list tiers support@default",
    "queue list tiers nowhere@default",
    "queue list tiers",
    "queue list nonsense support@default",
    "queue count",
    "queue count agents support@default",
    "queue count agents support@default Available",
    "queue count agents support@default Available Waiting",
    "queue count agents support@default 'Logged Out' Waiting",
    "queue count agents nowhere@default",
    "queue count agents",
    "queue count members support@default",
    "queue count members nowhere@default",
    "queue count members",
    "queue count tiers support@default",
    "queue count tiers nowhere@default",
    "queue count tiers",
    "queue count nonsense support@default",
    "queue unload sales@default",
    "queue list",
    "queue unload nowhere@default",
    "queue unload",
    "queue list",
];

/// Where stock answers nothing, or `Unknown Error`: here the trouble is named, and nothing has changed.
#[test]
fn what_stock_leaves_unclear_is_said_clearly() {
    with_ours(setup(), |switch| {
        let before = switch.callcenter("agent list") + &switch.callcenter("tier list");
        for command in UNCLEAR_IN_STOCK {
            let answer = switch.callcenter(command);
            let clear =
                answer.starts_with("-ERR ") && !answer.contains("no reply") && !answer.contains("Unknown Error");
            assert!(clear, "`callcenter_config {command}` answers {answer:?}");
        }
        assert_eq!(
            before,
            switch.callcenter("agent list") + &switch.callcenter("tier list")
        );
    });
}

const UNCLEAR_IN_STOCK: &[&str] = &[
    "nonsense list",
    "agent nonsense a1",
    "tier nonsense support@default a1",
    "queue nonsense support@default",
    "tier set level support@default nobody 3",
    "tier set state sales@default a1 Ready",
    "tier reload support@default all",
    "agent set status a1 On Holiday",
    "agent set status a1 \"Logged Out\"",
    "agent del a1 a2",
    "agent set contact a1 sofia/gateway/x y/1",
    "agent set contact a1 \"a b\"",
    "agent add \"double quoted\" callback",
    "tier del support@default a1 a2",
];

/// Statuses and states are recognised in any case and stored in their own spelling.
#[test]
fn a_status_in_any_case_is_stored_in_its_own_spelling() {
    with_ours(setup(), |switch| {
        for (typed, stored) in [
            ("available", "Available"),
            ("'ON BREAK'", "On Break"),
            ("'logged out'", "Logged Out"),
        ] {
            assert_eq!(switch.callcenter(&format!("agent set status a1 {typed}")), "+OK\n");
            assert_eq!(switch.callcenter("agent get status a1"), stored);
        }
    });
}
