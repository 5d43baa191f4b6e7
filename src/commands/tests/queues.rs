//! Commands about queues: listed, counted, set; their agents and members.

use super::*;

#[test]
fn queues_are_listed_with_their_columns_even_when_there_are_none() {
    const COLUMNS: &str = "name|strategy|moh_sound|time_base_score|tier_rules_apply|tier_rule_wait_second|\
        tier_rule_wait_multiply_level|tier_rule_no_agent_no_wait|discard_abandoned_after|abandoned_resume_allowed|\
        max_wait_time|max_wait_time_with_no_agent|max_wait_time_with_no_agent_time_reached|record_template|\
        calls_answered|calls_abandoned|ring_progressively_delay|skip_agents_with_external_calls|agent_no_answer_status\n";
    let bench = Bench::empty();
    bench.expect_all(&[("queue list", &format!("{COLUMNS}+OK\n")), ("queue count", "0\n")]);
    bench.expect_all(&[
        ("queue load support@default", "+OK\n"),
        (
            "queue list",
            &format!(
                "{COLUMNS}support@default|longest-idle-agent|local_stream://moh|queue|false|0|false|true|60|false|0|0|5||0|0|0|true|On Break\n\
                 sales@default|ring-all||queue|false|0|false|true|60|false|0|0|5||0|0|0|true|On Break\n+OK\n"
            ),
        ),
        ("queue count", "2\n"),
        ("queue unload sales@default", "+OK\n"),
        ("queue unload nowhere", "+OK\n"),
        ("queue count", "1\n"),
        ("queue load nowhere", "-ERR Invalid Queue not found!\n"),
        ("queue reload nowhere", "-ERR Invalid Queue not found!\n"),
    ]);
}

#[test]
fn a_queues_agents_are_filtered_by_the_exact_words() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("queue count agents support@default", "1\n"),
        ("queue count agents support@default 'On Break'", "1\n"),
        ("queue count agents support@default 'on break'", "0\n"),
        ("queue count agents support@default 'On Break' Waiting", "1\n"),
        ("queue count agents support@default 'On Break' Idle", "0\n"),
        ("queue count agents", "0\n"),
        ("queue list agents support@default Available", "+OK\n"),
    ]);
    let text = bench
        .console
        .config("queue list agents support@default 'On Break' Waiting");
    assert!(text.starts_with("name|instance_id|"), "{text}");
    assert!(
        text.ends_with(
            "\n1001|single_box||Callback|user/1001|On Break|Waiting|0|10|0|0|0|0|0|0|1700000000|0|0|0|0|0\n+OK\n"
        ),
        "{text}"
    );
}

#[test]
fn members_are_listed_with_their_score() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("queue list members support@default", "+OK\n"),
        ("queue count members support@default", "0\n"),
    ]);
    bench.join("s1", "One|Two");
    const EXPECTED: &str =
        "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|rejoined_epoch|\
        bridge_epoch|abandoned_epoch|base_score|skill_score|serving_agent|serving_system|state|score\n\
        support@default|single_box|member-of-s1|s1|100|One Two|1700000000|1700000000|0|0|0|0|0|||Waiting|0\n+OK\n";
    bench.expect_all(&[
        ("queue list members support@default", EXPECTED),
        ("queue list members", EXPECTED),
        ("queue list members nowhere", "+OK\n"),
        ("queue count members support@default", "1\n"),
    ]);
}

#[test]
fn members_of_all_queues_are_listed() {
    let bench = Bench::staffed();
    bench.expect_all(&[("member list", "+OK\n"), ("member list now", "-ERR Invalid!\n")]);
    bench.join("s1", "One");
    let of_queue = bench.console.config("queue list members support@default");
    assert!(of_queue.contains("|member-of-s1|"), "{of_queue}");
    assert_eq!(bench.console.config("member list"), of_queue);
}

#[test]
fn every_parameter_of_a_queue_can_be_set_and_got() {
    let bench = Bench::staffed();
    for parameter in QUEUE_PARAMETERS {
        let key = parameter.key();
        let value = match parameter.kind {
            Kind::Number { range, .. } => range.1.to_string(),
            Kind::Flag { get, .. } => (!get(&QueueConfig::named("q"))).to_string(),
            Kind::Word { words, .. } => words().last().copied().unwrap_or_default().to_owned(),
            Kind::Own { unit: "rules", .. } => "30:5".to_owned(),
            Kind::Own { unit: "seconds", .. } => "30".to_owned(),
            Kind::Own { unit: "key", .. } => "5".to_owned(),
            Kind::Own {
                unit: "time of day", ..
            } => "17:30".to_owned(),
            Kind::Own {
                unit: "yes, no, strict, loose or a list",
                ..
            } => "paused,wrapup".to_owned(),
            _ if parameter.name == "callback-dial" => "[one=two three]user/1001".to_owned(),
            _ => "one two".to_owned(),
        };
        let set = bench
            .console
            .config(&format!("queue set {key} support@default '{value}'"));
        assert_eq!(set, "+OK\n", "{key}");
        let get = bench
            .console
            .config(&format!("queue get {} support@default", parameter.name));
        assert_eq!(get, value, "{key}");
    }
    // Until the configuration is read again.
    bench.expect_all(&[
        ("queue reload support@default", "+OK\n"),
        ("queue get moh_sound support@default", "local_stream://moh"),
        ("queue get max_wait_time support@default", "0"),
    ]);
}

#[test]
fn a_queue_parameter_that_is_wrong_is_refused_and_nothing_changes() {
    let bench = Bench::staffed();
    let before = bench.console.config("queue list");
    bench.expect_all(&[
        ("queue set max_wait_time nowhere 5", "-ERR Queue not found!\n"),
        ("queue get max_wait_time nowhere", "-ERR Queue not found!\n"),
        (
            "queue set max_wait_tiem support@default 5",
            "-ERR Unknown queue parameter 'max_wait_tiem'! Did you mean max_wait_time?\n",
        ),
        (
            "queue set max_wait_time support@default 5s",
            "-ERR Invalid max_wait_time '5s'! Use a number of seconds from 0 to 86400.\n",
        ),
        (
            "queue set tier_rules_apply support@default maybe",
            "-ERR Invalid tier_rules_apply 'maybe'! Use \"true\" or \"false\".\n",
        ),
        ("queue set max_wait_time support@default", "-ERR Invalid!\n"),
    ]);
    let far = bench.console.config("queue get nonsense support@default");
    assert!(
        far.starts_with("-ERR Unknown queue parameter 'nonsense'! Use one of strategy, moh_sound, "),
        "{far}"
    );
    assert_eq!(bench.console.config("queue list"), before);
}
