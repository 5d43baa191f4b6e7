//! Commands about agents: added, set, asked, listed, paused, counted.

use super::*;

#[test]
fn agents_are_counted_by_their_calls_outside_the_queues() {
    let bench = Bench::staffed();
    let agent = "1001".to_owned();
    bench.expect_all(&[
        ("agent login 1001", "+OK\n"),
        ("queue count agents support@default Available Waiting 0", "1\n"),
    ]);
    let input = Input::ExternalCallStarted { agent };
    bench.driver.submit(input).expect("the agent is known");
    bench.expect_all(&[
        ("queue count agents support@default Available Waiting 0", "0\n"),
        ("queue count agents support@default Available Waiting 1", "1\n"),
        ("queue count agents support@default Available Waiting", "1\n"),
        ("queue list agents support@default Available Waiting 0", "+OK\n"),
        ("queue count agents support@default Available Waiting some more", "1\n"),
    ]);
}

#[test]
fn a_value_that_is_empty_is_an_empty_line_where_stock_has_no_such_value() {
    Bench::staffed().expect_all(&[
        ("agent get uuid 1001", ""),
        ("agent get skills 1001", "\n"),
        ("queue get record_template support@default", "\n"),
    ]);
}

#[test]
fn pauses_are_begun_shown_and_ended() {
    let bench = Bench::staffed();
    bench.expect_all(&[("tier add support@default o\\'c", "+OK\n")]);
    let tiers = bench.console.config("tier list");
    bench.expect_all(&[
        ("tier pause support@default 1001 'lunch | break'", "+OK\n"),
        ("tier pause support@default nobody", "-ERR Tier not found!\n"),
        ("tier pause support@default", "-ERR Invalid!\n"),
        ("agent pause 1001 weekly meeting", "+OK\n"),
        ("agent get pause_reason 1001", "weekly meeting"),
        ("agent get status 1001", "On Break"),
    ]);
    let paused = bench.console.config("tier list");
    assert_eq!(
        paused.lines().next(),
        Some("queue|agent|state|level|position|paused|pause_reason|paused_epoch")
    );
    let row = paused.lines().find(|row| row.starts_with("support@default|1001|"));
    assert!(
        row.is_some_and(|row| row.starts_with("support@default|1001|Standby|2|3|true|lunch   break|")),
        "{paused}"
    );
    assert!(paused.contains("|false||0\n"), "{paused}");
    let pauses = bench
        .console
        .json(&json!({ "arguments": "pause list" }))
        .expect("pauses");
    assert_eq!(pauses[0]["reason"], "weekly meeting");
    assert_eq!(pauses[1]["queue"], "support@default");
    let json = bench.console.json(&json!({ "arguments": "tier list" })).expect("tiers");
    assert_eq!(json[0].as_object().expect("a row").len(), 8);
    bench.expect_all(&[
        ("tier resume support@default 1001", "+OK\n"),
        ("tier resume support@default 1001", "+OK\n"),
        ("agent resume 1001", "+OK\n"),
        ("agent get status 1001", "Available"),
        ("agent get pause_reason 1001", "\n"),
        ("pause list", "+OK\n"),
        ("agent pause nobody", "-ERR Agent not found!\n"),
        ("pause", "-ERR Invalid!\n"),
    ]);
    assert_eq!(
        bench.console.config("tier list"),
        tiers,
        "stock's columns and no others"
    );
}

#[test]
fn skills_are_asked() {
    Bench::staffed().expect_all(&[
        ("agent get skills 1001", "\n"),
        ("agent set skills 1001 german=5,billing", "+OK\n"),
        ("agent get skills 1001", "billing,german=5"),
    ]);
}

#[test]
fn limits_of_failed_offers_are_set_and_asked() {
    let bench = Bench::staffed();
    let columns = bench.console.config("agent list 1001");
    bench.expect_all(&[
        ("agent get not_registered_delay_time 1001", "5"),
        ("agent set not_registered_delay_time 1001 30", "+OK\n"),
        ("agent get not_registered_delay_time 1001", "30"),
        ("agent set max_rejected 1001 2", "+OK\n"),
        ("agent set MAX_BUSY 1001 3", "+OK\n"),
        ("agent set max_not_registered 1001 4", "+OK\n"),
        ("agent get max_rejected 1001", "2"),
        ("agent get max_busy 1001", "3"),
        ("agent get max_not_registered 1001", "4"),
        ("agent get rejected_count 1001", "0"),
        ("agent get busy_count 1001", "0"),
        ("agent get not_registered_count 1001", "0"),
        (
            "agent set max_busy 1001 3x",
            "-ERR Invalid max_busy '3x'! Use a number of offers from 0 to 2147483647.\n",
        ),
        ("agent get max_busy 1001", "3"),
        ("agent get max_busy nobody", "-ERR Agent not found!\n"),
        ("agent get max_lunch 1001", "-ERR Invalid Agent Update KEY!\n"),
    ]);
    let list = bench.console.config("agent list 1001");
    assert_eq!(list, columns, "the list has stock's columns and no others");
}

#[test]
fn agents_are_added_set_asked_and_deleted() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("agent add 1002 Callback", "+OK\n"),
        ("AGENT ADD 1002 callback", "-ERR Agent already exist!\n"),
        ("agent add 1003 phone", "-ERR Agent type invalid!\n"),
        ("agent set status 1002 'available (on demand)'", "+OK\n"),
        ("agent get status 1002", "Available (On Demand)"),
        ("agent set status 1002 Lunch", "-ERR Invalid Agent Status!\n"),
        ("agent set state 1002 idle", "+OK\n"),
        ("agent get state 1002", "Idle"),
        ("agent set state 1002 Dreaming", "-ERR Invalid Agent State!\n"),
        ("agent set state_if_waiting 1002 Idle", "-ERR Agent not found!\n"),
        ("agent set state 1002 Waiting", "+OK\n"),
        ("agent set state_if_waiting 1002 Idle", "+OK\n"),
        ("agent set uuid 1002 some-uuid", "+OK\n"),
        ("agent get UUID 1002", "some-uuid"),
        ("agent set contact 1002 \"[call_timeout=60]user/1002\"", "+OK\n"),
        ("agent set type 1002 phone", "-ERR Invalid Agent Type!\n"),
        ("agent set type 1002 uuid-standby", "+OK\n"),
        ("agent set max_no_answer 1002 3", "+OK\n"),
        ("agent set wrap_up_time 1002 10s", "+OK\n"),
        ("agent set reject_delay_time 1002 30", "+OK\n"),
        ("agent set busy_delay_time 1002 60", "+OK\n"),
        ("agent set no_answer_delay_time 1002 5", "+OK\n"),
        ("agent set ready_time 1002 4102444800", "+OK\n"),
        ("agent set nonsense 1002 1", "-ERR Invalid Agent Update KEY!\n"),
        ("agent get contact 1002", "-ERR Invalid Agent Update KEY!\n"),
        (
            "agent set wrap_up_time 1002 -1",
            "-ERR Invalid wrap_up_time '-1'! Use a number from 0 to 2147483647.\n",
        ),
        (
            "agent set max_no_answer 1002 99999999999999999999",
            "-ERR Invalid max_no_answer '99999999999999999999'! Use a number from 0 to 2147483647.\n",
        ),
        ("agent set nonsense ghost 1", "-ERR Agent not found!\n"),
        ("agent get nonsense ghost", "-ERR Agent not found!\n"),
        (
            "agent list 1002",
            "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time|busy_delay_time|\
             no_answer_delay_time|last_bridge_start|last_bridge_end|last_offered_call|last_status_change|no_answer_count|\
             calls_answered|talk_time|ready_time|external_calls_count\n\
             1002|single_box|some-uuid|uuid-standby|\"[call_timeout=60]user/1002\"|Available (On Demand)|Idle|3|10|30|60|5|\
             0|0|0|1700000000|0|0|0|4102444800|0\n+OK\n",
        ),
        ("agent del 1002", "+OK\n"),
        ("agent del 1002", "+OK\n"),
        ("agent list 1002", "+OK\n"),
        ("agent get status 1002", "-ERR Agent not found!\n"),
    ]);
    let actions = bench.switch.actions.lock();
    assert!(actions.iter().any(|action| action == "agent-status-get"), "{actions:?}");
}

#[test]
fn an_agent_list_is_empty_without_agents_and_a_bar_never_breaks_a_row() {
    let bench = Bench::empty();
    bench.expect_all(&[
        ("agent list", "+OK\n"),
        ("agent add a|b\\nc callback", "+OK\n"),
        ("agent set contact a|b\\nc 'one|two\\r\\nthree'", "+OK\n"),
    ]);
    let text = bench.console.config("agent list");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[1].starts_with("a b c|single_box||callback|one two  three|Logged Out|Waiting|0|"),
        "{text}"
    );
}

#[test]
fn a_contact_takes_the_rest_of_its_line() {
    let bench = Bench::staffed();
    let quoted = "{call_timeout=20,execute_on_pre_bridge='record_session /x/${strftime(%Y)}/${uuid}.wav'}user/1001@d";
    let plain = "{call_timeout=20,execute_on_pre_bridge=record_session /x/${uuid}.wav}user/1001@d";
    for (typed, contact) in [(format!("'{quoted}'"), quoted), (plain.to_owned(), plain)] {
        bench.expect_all(&[(&format!("agent set contact 1001 {typed}"), "+OK\n")]);
        let listed = bench.console.config("agent list 1001");
        assert!(listed.contains(&format!("|{contact}|")), "{listed}");
    }
    let refused = bench.console.config("agent set contact 1001 user/1001 user/1002");
    assert!(refused.starts_with("-ERR Too many words!"), "{refused}");
    assert!(bench.console.config("agent list 1001").contains(plain));
}

#[test]
fn an_agent_is_released_although_the_leg_stays_up() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("agent set wrap_up_time 1001 0", "+OK\n"),
        ("agent set status 1001 Available", "+OK\n"),
    ]);
    bench.join("s1", "One");
    let offer = *bench.switch.rings.lock().first().expect("the agent rings");
    let agent_uuid = "leg".to_owned();
    bench
        .driver
        .submit(Input::OfferAnswered { offer, agent_uuid })
        .expect("the offer is open");
    bench
        .driver
        .submit(Input::OfferBridged { offer })
        .expect("the offer is open");
    bench.expect_all(&[("agent get state 1001", "In a queue call")]);
    let usage = "-ERR Usage: callcenter_break agent <uuid>\n";
    for (line, expected) in [
        ("", usage),
        ("agent", usage),
        ("member leg", usage),
        ("agent other", "-ERR Session not found for uuid other\n"),
        ("agent leg", "+OK\n"),
        ("agent leg", "-ERR Session not found for uuid leg\n"),
    ] {
        assert_eq!(bench.console.break_agent(line), expected, "{line:?}");
    }
    bench.expect_all(&[("agent get state 1001", "Waiting")]);
}
