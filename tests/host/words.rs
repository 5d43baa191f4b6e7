//! Quoting, spaces and case in `callcenter_config`, its extra words, and commands that others run for us, beside stock.

use callcenter_test_support::harness::{compare, CallCenter, Setup, SOON};

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .queue("two words", &[])
        .agent("a1", "error/USER_BUSY", &[("status", "On Break")])
        .agent("two words", "error/USER_BUSY", &[("status", "Logged Out")])
        .agent("A1", "error/USER_BUSY", &[("status", "On Break")])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "A1", 2, 2)
        .tier("two words", "two words", 1, 1);
    Setup::new(&call_centre)
}

const COMMANDS: &[&str] = &[
    "AGENT LIST",
    "Agent List a1",
    "agent list A1",
    "agent list 'two words'",
    "agent list \"two words\"",
    "agent list two words",
    "agent  list   a1",
    " agent list a1",
    "agent list a1 ",
    "agent list a1 and more words",
    "agent SET Status a1 Available",
    "agent Set CONTACT a1 'sofia/gateway/x y/1'",
    "agent set contact a1 'it\\'s'",
    "agent set contact a1 it's",
    "agent set contact a1 it''s",
    "agent set contact a1 'a''b'",
    "agent set contact a1 a\\sb\\nc",
    "agent set contact a1 a\\\\b",
    "agent set contact a1 ''",
    "agent set contact a1 {a='b c',d=e}[f=g]user/1001",
    "agent set contact a1 '[call_timeout=60]user/1001,user/1002'",
    "agent get contact a1",
    "agent GET Status 'two words'",
    "agent list a1",
    "agent add 'three short words' Callback",
    "agent add under_score-and.dot@domain callback",
    "agent set status 'three short words' 'On Break'",
    "tier ADD 'two words' 'three short words' 3 4",
    "tier SET Level 'two words' 'three short words' 5",
    "tier set state 'two words' 'two words' 'On Break'",
    "tier list",
    "Tier List and more words",
    "queue LIST Agents support@default",
    "queue list agents 'two words'",
    "queue list agents support@default Available",
    "queue list agents support@default available",
    "queue list agents support@default Available Waiting",
    "queue list agents support@default Available Waiting more words",
    "queue list agents support@default 'On Break' Waiting",
    "queue list agents SUPPORT@default",
    "queue list tiers 'two words'",
    "queue list tiers support@default Ready",
    "queue list members support@default Waiting",
    "QUEUE COUNT",
    "queue Count Agents support@default Available",
    "queue count agents support@default Available Waiting",
    "queue count agents support@default Available Receiving",
    "queue count agents support@default 'Logged Out'",
    "queue count agents support@default Available Waiting more",
    "queue count tiers support@default more words",
    "queue count members support@default Waiting",
    "agent del 'three short words'",
    "tier DEL 'two words' 'two words'",
    "agent list",
    "tier list",
];

#[test]
fn quoting_and_case_are_stocks() {
    compare(setup(), |switch, recording| {
        for command in COMMANDS {
            recording.command(switch, command);
        }
    });
}

/// Sites let the scheduler, the dialplan and `expand` run commands.
#[test]
fn commands_run_by_others() {
    compare(setup(), |switch, recording| {
        let mark = switch.events().mark();
        for line in [
            "expand callcenter_config agent set status a1 'Available (On Demand)'",
            "expand echo ${callcenter_config(agent get status a1)}",
            "eval ${callcenter_config(queue count agents support@default)}",
            "callcenter_break",
        ] {
            let answer = switch.api(line);
            recording.text(switch, line, &answer);
        }
        switch.api("sched_api +1 none callcenter_config agent set status 'two words' Available");
        switch.events().wait(mark, SOON, "the scheduled change", |event| {
            event.is("agent-status-change") && event.get("CC-Agent") == "two words"
        });
        recording.command(switch, "agent list");
        switch.catch_up();
        recording.call_centre_events(switch, mark);
    });
}
