//! Commands against the real engine: what is typed, and what comes back, byte for byte.

mod bad_input;
mod hostile;
mod snapshot;

use super::*;
use crate::config::{self, ConfigError, ConfigRequest, Configuration, Element};
use crate::driver::doubles::{DeadJournal, HandClock};
use crate::engine::{
    CallerRow, Engine, Input, JoinRequest, Kind, OfferId, Output, QueueConfig, Settings, Snapshot, QUEUE_PARAMETERS,
};
use crate::store::{Journal, NoJournal};
use crate::switch::Switch;
use parking_lot::Mutex;
use serde_json::{json, Value};

const NOW: i64 = 1_700_000_000;

/// What the switch was asked: offers and the events' actions.
#[derive(Default)]
struct Recorder {
    rings: Mutex<Vec<OfferId>>,
    actions: Mutex<Vec<String>>,
}

impl Switch for Recorder {
    fn carry_out(&self, output: Output) {
        match output {
            Output::Ring(ring) => self.rings.lock().push(ring.offer),
            Output::Event(event) => self.actions.lock().push(event.action().to_owned()),
            _ => (),
        }
    }
}

/// A configuration that a test can change, and what was asked of it.
struct TestSource {
    now: Mutex<Result<Configuration, ConfigError>>,
    /// What a question with parameters is answered with, where that is something else.
    in_part: Mutex<Option<Result<Configuration, ConfigError>>>,
    requests: Mutex<Vec<ConfigRequest>>,
}

impl ConfigSource for TestSource {
    fn read(&self, request: &ConfigRequest) -> Result<Configuration, ConfigError> {
        self.requests.lock().push(request.clone());
        let in_part = self.in_part.lock().clone();
        let is_whole = *request == ConfigRequest::default();
        in_part.filter(|_| !is_whole).unwrap_or_else(|| self.now.lock().clone())
    }
}

struct Bench {
    console: Console,
    driver: Arc<Driver>,
    switch: Arc<Recorder>,
    source: Arc<TestSource>,
}

const XML: &str = r#"<configuration name="callcenter.conf">
  <queues>
    <queue name="support@default"><param name="moh-sound" value="local_stream://moh"/></queue>
    <queue name="sales@default"><param name="strategy" value="ring-all"/></queue>
  </queues>
  <agents><agent name="1001" type="Callback" contact="user/1001" status="On Break" wrap-up-time="10"/></agents>
  <tiers>
    <tier agent="1001" queue="support@default" level="2" position="3"/>
    <tier agent="1001" queue="sales@default"/>
    <tier agent="ghost" queue="support@default"/>
  </tiers>
</configuration>"#;

impl Bench {
    fn with_journal(journal: Arc<dyn Journal>) -> Self {
        let switch = Arc::new(Recorder::default());
        let engine = Engine::new(Settings::default(), 1);
        let clock = Arc::new(HandClock::at(NOW));
        let driver = Arc::new(Driver::new(engine, clock, switch.clone(), journal));
        let now = Mutex::new(Ok(config::read(&Element::parse_for_tests(XML))));
        let source = Arc::new(TestSource {
            now,
            in_part: Mutex::default(),
            requests: Mutex::default(),
        });
        let console = Console::new(driver.clone(), source.clone());
        Self {
            console,
            driver,
            switch,
            source,
        }
    }

    /// Nothing is loaded.
    fn empty() -> Self {
        Self::with_journal(Arc::new(NoJournal))
    }

    /// The queue `support@default` with the agents `1001`, `a b` and `o'c`.
    fn staffed() -> Self {
        let bench = Self::empty();
        bench.expect_all(&[
            ("queue load support@default", "+OK\n"),
            ("queue unload sales@default", "+OK\n"),
            ("tier del sales@default 1001", "+OK\n"),
            ("agent add 'a b' uuid-standby", "+OK\n"),
            ("agent add o\\'c callback", "+OK\n"),
        ]);
        bench
    }

    fn expect_all(&self, lines: &[(&str, &str)]) {
        for (line, expected) in lines {
            assert_eq!(self.console.config(line), *expected, "{line}");
        }
    }

    fn join(&self, session: &str, cid_name: &str) {
        let request = JoinRequest {
            queue: "support@default".to_owned(),
            session_uuid: session.to_owned(),
            new_member_uuid: format!("member-of-{session}"),
            cid_number: "100".to_owned(),
            cid_name: cid_name.to_owned(),
            answered_epoch: NOW,
            ..JoinRequest::default()
        };
        self.driver
            .submit(Input::MemberJoin(request))
            .expect("the queue is loaded");
    }
}

#[test]
fn without_words_the_usage_is_shown() {
    let text = Bench::empty().console.config("");
    assert!(
        text.starts_with(
            "-USAGE: \ncallcenter_config <target> <args>,\n\tcallcenter_config agent add [name] [type] | \n"
        ),
        "{text}"
    );
    // The console's list of commands goes on behind the last line, as with stock.
    assert!(
        text.ends_with("\tcallcenter_config queue count tiers [queue_name]\n"),
        "{text}"
    );
}

#[test]
fn every_command_of_the_usage_is_completed() {
    for line in USAGE.lines().skip(1) {
        let command: Vec<&str> = line
            .split_whitespace()
            .take_while(|word| !word.starts_with('[') && *word != "|")
            .collect();
        let completion = format!("add {}", command.join(" "));
        assert!(COMPLETIONS.contains(&completion), "{completion}");
    }
}

#[test]
fn what_is_not_understood_is_told() {
    Bench::staffed().expect_all(&[
        (" ", "-ERR Invalid!\n"),
        ("agent", "-ERR Invalid!\n"),
        (
            "agnet list",
            "-ERR Unknown target 'agnet'! Use agent, tier, queue, member, call, callback, caller, dispatch, pause, stats, snapshot, check or reload.\n",
        ),
        (
            "agent lst",
            "-ERR Unknown agent action 'lst'! Use add, del, reload, login, logout, pause, resume, set, get or list.\n",
        ),
        (
            "tier get",
            "-ERR Unknown tier action 'get'! Use add, set, del, reload, pause, resume or list.\n",
        ),
        (
            "queue make",
            "-ERR Unknown queue action 'make'! Use add, del, load, unload, reload, set, get, list or count.\n",
        ),
        ("agent add 1005", "-ERR Invalid!\n"),
        ("agent add '' callback", "-ERR Invalid!\n"),
        ("agent del", "-ERR Invalid!\n"),
        ("agent reload", "-ERR Invalid!\n"),
        ("agent set status 1001", "-ERR Invalid!\n"),
        ("agent get status", "-ERR Invalid!\n"),
        ("agent list 1001 1002", "-ERR Invalid!\n"),
        ("tier add support@default", "-ERR Invalid!\n"),
        ("tier set level support@default 1001", "-ERR Invalid!\n"),
        ("tier del support@default", "-ERR Invalid!\n"),
        ("tier reload", "-ERR Invalid!\n"),
        ("queue load", "-ERR Invalid!\n"),
        ("queue unload", "-ERR Invalid!\n"),
        ("queue reload", "-ERR Invalid!\n"),
        ("queue list calls", "-ERR Invalid!\n"),
        ("queue count calls", "-ERR Invalid!\n"),
        (
            "stats weather",
            "-ERR Unknown figures 'weather'! Use queue, agent, reset or watchdog.\n",
        ),
        ("stats reset 1001", "-ERR Invalid!\n"),
        ("stats queue ''", "-ERR Invalid!\n"),
        ("stats queue nowhere", "-ERR Queue not found!\n"),
        ("stats agent nobody", "-ERR Agent not found!\n"),
    ]);
}

#[test]
fn values_with_blanks_need_no_quotes_where_they_can_mean_one_thing_only() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("agent set status 1001 Available (On Demand)", "+OK\n"),
        ("agent get status 1001", "Available (On Demand)"),
        ("agent set status 1001 on break", "+OK\n"),
        ("agent get status 1001", "On Break"),
        ("queue count agents support@default On Break Waiting", "1\n"),
        ("queue count agents support@default 'On Break' Waiting", "1\n"),
        ("queue count agents support@default Logged Out", "0\n"),
        ("agent set state 1001 In a queue call", "+OK\n"),
        ("agent get state 1001", "In a queue call"),
        ("queue count agents support@default On Break In a queue call 0", "1\n"),
        ("tier set state support@default 1001 No Answer", "+OK\n"),
        (
            "agent set status 1001 On Holiday",
            "-ERR Too many words! 'set' takes 3; put a value with blanks between single quotes.\n",
        ),
    ]);
}

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
fn a_tier_may_begin_paused() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        (
            "tier add support@default o\\'c 1 1 sleeping",
            "-ERR Invalid word 'sleeping' behind the position! Use paused, and behind it a reason.\n",
        ),
        ("tier add support@default o\\'c 1 1 paused in training", "+OK\n"),
    ]);
    let tiers = bench.console.config("tier list");
    assert!(tiers.contains("|Standby|1|1|true|in training|"), "{tiers}");
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
fn the_watchdog_tells_what_it_has_put_right() {
    Bench::staffed().expect_all(&[(
        "stats watchdog",
        "lost_offers|endless_offers|lost_members\n0|0|0\n+OK\n",
    )]);
}

#[test]
fn figures_are_shown_of_the_call_centre_its_queues_and_its_agents() {
    let bench = Bench::staffed();
    let centre = bench.console.config("stats");
    assert!(
        centre.starts_with("calls|refused|distributed|answered|abandoned|released|on_hold|queued|agents|free_agents|"),
        "{centre}"
    );
    let queue = bench.console.config("stats queue support@default");
    assert_eq!(queue.lines().count(), 3, "{queue}");
    // What is told of chats and of callbacks stands behind everything else.
    let end = format!("|0|0|0|0|0|1||0{}\n+OK\n", "|0".repeat(2 + 11));
    assert!(
        queue.contains("\nsupport@default|0|0|0|0|0|0|0|0|") && queue.ends_with(&end),
        "{queue}"
    );
    let agents = bench.console.config("stats agent");
    assert!(agents.contains("\n1001|0|0|0|0|0|0\n"), "{agents}");
    bench.expect_all(&[("stats reset", "+OK\n")]);
    let json = bench.console.json(&json!({ "arguments": "stats" })).expect("figures");
    assert_eq!(json["calls"], 0);
    let json = bench
        .console
        .json(&json!({ "arguments": "stats queue", "queue_name": "support@default" }))
        .expect("figures");
    assert_eq!(json[0]["name"], "support@default");
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
fn tiers_are_added_set_listed_and_deleted() {
    Bench::staffed().expect_all(&[
        ("tier add support@default 1001", "-ERR Tier already exist!\n"),
        ("tier add support@default ghost", "-ERR Agent not found!\n"),
        ("tier add nowhere 1001", "-ERR Queue not found!\n"),
        ("tier add support@default 'a b' 1 -2", "+OK\n"),
        ("tier add support@default o\\'c '' 7x", "+OK\n"),
        (
            "tier add support@default x 99999999999",
            "-ERR Invalid level '99999999999'! Use a number from -2147483648 to 2147483647.\n",
        ),
        (
            "tier list",
            "queue|agent|state|level|position\nsupport@default|a b|Ready|1|-2\nsupport@default|o'c|Ready|1|7\n\
             support@default|1001|Ready|2|3\n+OK\n",
        ),
        ("tier set level support@default 1001 0", "+OK\n"),
        ("tier set position support@default 1001 four", "+OK\n"),
        ("tier set state support@default 1001 'no answer'", "+OK\n"),
        (
            "tier set state support@default 1001 Wrapping",
            "-ERR Invalid Tier State!\n",
        ),
        (
            "tier set colour support@default 1001 red",
            "-ERR Invalid Tier Update KEY!\n",
        ),
        ("tier set colour support@default ghost red", "-ERR Tier not found!\n"),
        ("tier set level nowhere 1001 1", "-ERR Tier not found!\n"),
        (
            "queue list tiers support@default",
            "queue|agent|state|level|position\nsupport@default|1001|No Answer|0|0\nsupport@default|a b|Ready|1|-2\n\
             support@default|o'c|Ready|1|7\n+OK\n",
        ),
        ("queue count tiers support@default", "3\n"),
        ("tier del support@default 1001", "+OK\n"),
        ("tier del support@default 1001", "+OK\n"),
        ("queue count tiers support@default", "2\n"),
        ("queue list tiers nowhere", "+OK\n"),
        ("queue list tiers", "+OK\n"),
    ]);
}

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
fn loading_a_queue_brings_the_agents_and_tiers_of_the_configuration() {
    let bench = Bench::empty();
    bench.expect_all(&[
        ("queue load SUPPORT@default", "+OK\n"),
        ("agent get status 1001", "On Break"),
        (
            "tier list",
            "queue|agent|state|level|position\nsales@default|1001|Ready|1|1\nsupport@default|1001|Ready|2|3\n+OK\n",
        ),
    ]);
    let asked = ConfigRequest {
        queue: Some("SUPPORT@default".to_owned()),
        agent: None,
    };
    assert_eq!(*bench.source.requests.lock(), [asked]);
}

#[test]
fn an_unloaded_queue_stays_unloaded_until_it_is_loaded_by_name() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("tier add sales@default 1001", "-ERR Queue not found!\n"),
        ("queue load support@default", "+OK\n"),
        ("tier reload all", "+OK\n"),
        ("queue count", "1\n"),
        ("queue reload sales@default", "+OK\n"),
        ("queue count", "2\n"),
        ("queue count tiers sales@default", "1\n"),
    ]);
}

#[test]
fn a_queue_nobody_has_loaded_is_loaded_for_its_first_tier() {
    Bench::empty().expect_all(&[
        ("agent add 1009 callback", "+OK\n"),
        ("tier add support@default 1009 4 5", "+OK\n"),
        (
            "tier list",
            "queue|agent|state|level|position\nsupport@default|1009|Ready|4|5\n+OK\n",
        ),
        ("queue count", "1\n"),
    ]);
}

#[test]
fn a_queue_that_has_left_the_configuration_is_unloaded_by_its_reload() {
    let bench = Bench::staffed();
    *bench.source.now.lock() = Ok(Configuration {
        lists_tiers: true,
        ..Configuration::default()
    });
    bench.expect_all(&[
        ("queue reload support@default", "-ERR Invalid Queue not found!\n"),
        ("queue count", "0\n"),
    ]);
}

/// What a configuration server answers that has lost its data.
#[test]
fn an_empty_configuration_unloads_no_queue() {
    let bench = Bench::staffed();
    *bench.source.now.lock() = Ok(Configuration::default());
    bench.expect_all(&[
        (
            "queue reload support@default",
            "-ERR callcenter.conf is empty! Nothing was changed. Mend the configuration and try again.\n",
        ),
        ("queue count", "1\n"),
    ]);
}

#[test]
fn agents_and_tiers_are_reloaded_with_parameters_for_a_configuration_server() {
    let bench = Bench::staffed();
    bench.source.requests.lock().clear();
    bench.expect_all(&[
        ("agent set contact 1001 elsewhere", "+OK\n"),
        ("agent reload 1001", "+OK\n"),
        ("agent reload ghost", "+OK\n"),
        ("tier set level support@default 1001 9", "+OK\n"),
        ("tier reload support@default 1001", "+OK\n"),
        ("tier reload support@default", "+OK\n"),
        ("tier reload '' 1001", "+OK\n"),
        ("tier reload all", "+OK\n"),
        ("tier reload nowhere", "-ERR Tier not found!\n"),
        ("tier reload support@default 1002", "-ERR Tier not found!\n"),
        (
            "queue list tiers support@default",
            "queue|agent|state|level|position\nsupport@default|1001|Ready|2|3\n+OK\n",
        ),
    ]);
    assert!(bench.console.config("agent list 1001").contains("|user/1001|"));
    let asked = |queue: Option<&str>, agent: Option<&str>| ConfigRequest {
        queue: queue.map(str::to_owned),
        agent: agent.map(str::to_owned),
    };
    let expected = [
        asked(None, Some("1001")),
        asked(None, Some("ghost")),
        asked(None, None),
        asked(Some("support@default"), Some("1001")),
        asked(Some("support@default"), None),
        asked(None, Some("1001")),
        asked(None, None),
        asked(Some("nowhere"), None),
        asked(None, None),
        asked(Some("support@default"), Some("1002")),
        asked(None, None),
    ];
    assert_eq!(*bench.source.requests.lock(), expected);
}

#[test]
fn an_answer_in_part_that_does_not_have_what_was_asked_for_is_no_answer() {
    let in_part = |inside: &str| {
        let root = format!(
            "<configuration><queues><queue name=\"support@default\"><param name=\"strategy\" value=\"random\"/></queue></queues>{inside}\
             </configuration>"
        );
        Ok(config::read(&Element::parse_for_tests(&root)))
    };
    for answer in [
        in_part(""),
        in_part("<agents/><tiers/>"),
        Err(ConfigError("Open of callcenter.conf failed".to_owned())),
    ] {
        let bench = Bench::staffed();
        *bench.source.in_part.lock() = Some(answer.clone());
        let listed = "queue|agent|state|level|position\nsupport@default|1001|Ready|2|3\n+OK\n";
        bench.expect_all(&[
            ("tier set level support@default 1001 9", "+OK\n"),
            ("tier reload support@default", "+OK\n"),
            ("queue list tiers support@default", listed),
            ("agent set contact 1001 elsewhere", "+OK\n"),
            ("agent reload 1001", "+OK\n"),
        ]);
        assert!(bench.console.config("agent list 1001").contains("|user/1001|"));
        if answer.is_ok() {
            bench.expect_all(&[
                ("queue reload support@default", "+OK\n"),
                ("queue get strategy support@default", "random"),
                ("queue list tiers support@default", listed),
            ]);
        }
    }
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
fn a_reload_of_tiers_brings_a_queue_to_what_the_configuration_says() {
    let bench = Bench::empty();
    bench.expect_all(&[
        ("queue load support@default", "+OK\n"),
        ("agent add 1002 callback", "+OK\n"),
        ("tier add support@default 1002", "+OK\n"),
        ("tier reload support@default ghost", "-ERR Agent not found!\n"),
    ]);
    let tiers = |xml: &str| {
        let text = XML.split("<tiers>").next().unwrap_or_default();
        let root = Element::parse_for_tests(&format!("{text}{xml}</configuration>"));
        *bench.source.now.lock() = Ok(config::read(&root));
    };
    let count = "queue count tiers support@default";
    // Nothing is said of tiers: nothing is to be done.
    tiers("");
    bench.expect_all(&[("tier reload all", "-ERR Tier not found!\n"), (count, "2\n")]);
    tiers(r#"<tiers><tier agent="1001" queue="sales@default"/></tiers>"#);
    bench.expect_all(&[
        ("tier reload sales@default", "+OK\n"),
        ("tier reload support@default 1002", "-ERR Tier not found!\n"),
        (count, "2\n"),
        ("tier reload SUPPORT@default", "+OK\n"),
        (
            "tier list",
            "queue|agent|state|level|position\nsales@default|1001|Ready|1|1\nsupport@default|1002|Ready|1|1\n+OK\n",
        ),
        ("tier reload support@default", "-ERR Tier not found!\n"),
    ]);
    tiers("<tiers></tiers>");
    bench.expect_all(&[
        ("queue reload support@default", "+OK\n"),
        ("queue count tiers sales@default", "1\n"),
        ("queue reload sales@default", "+OK\n"),
        (
            "tier list",
            "queue|agent|state|level|position\nsupport@default|1002|Ready|1|1\n+OK\n",
        ),
    ]);
}

#[test]
fn a_configuration_that_cannot_be_read_changes_nothing_and_is_told() {
    let bench = Bench::staffed();
    *bench.source.now.lock() = Err(ConfigError("The file is gone.".to_owned()));
    for line in [
        "queue load support@default",
        "queue reload support@default",
        "agent reload 1001",
        "tier reload all",
    ] {
        assert_eq!(bench.console.config(line), "-ERR The file is gone.\n", "{line}");
    }
    bench.expect_all(&[("queue count", "1\n"), ("queue count tiers support@default", "1\n")]);
}

#[test]
fn a_change_that_is_not_saved_says_so() {
    let bench = Bench::with_journal(Arc::new(DeadJournal("the disk is full.")));
    let unsaved = "-ERR The change is in effect but not yet saved: the disk is full.\n";
    bench.expect_all(&[
        ("agent add 1001 callback", unsaved),
        ("queue load support@default", unsaved),
        ("agent get status 1001", "On Break"),
    ]);
}

#[test]
fn internal_dispatching_is_switched_and_asked() {
    let bench = Bench::staffed();
    for (line, answer) in [
        ("dispatch internal", "on\n"),
        ("dispatch internal off", "+OK\n"),
        ("dispatch Internal", "off\n"),
        ("dispatch internal ON", "+OK\n"),
        ("dispatch internal", "on\n"),
        (
            "dispatch internal perhaps",
            "-ERR Invalid value 'perhaps'! Use on or off.\n",
        ),
        (
            "dispatch internal on off",
            "-ERR Too many words! 'internal' takes 1; put a value with blanks between single quotes.\n",
        ),
        ("dispatch member x", "-ERR Invalid!\n"),
        ("dispatch member x 1001", "-ERR Member not found!\n"),
        ("dispatch why x", "-ERR Invalid!\n"),
        ("dispatch why x 1001", "-ERR Member not found!\n"),
        (
            "dispatch calls",
            "-ERR Unknown dispatch action 'calls'! Use internal, member or why.\n",
        ),
    ] {
        assert_eq!(bench.console.config(line), answer, "{line}");
    }
}

#[test]
fn a_caller_is_shown_and_forgotten() {
    let bench = Bench::staffed();
    for (line, answer) in [
        ("caller get 5550001", "+OK\n"),
        ("caller forget 5550001", "-ERR Caller is not remembered in any queue!\n"),
        ("caller get", "-ERR Invalid!\n"),
        ("caller forget", "-ERR Invalid!\n"),
        (
            "caller ring 5550001",
            "-ERR Unknown caller action 'ring'! Use get or forget.\n",
        ),
    ] {
        assert_eq!(bench.console.config(line), answer, "{line}");
    }
    let row = CallerRow {
        queue: "support@default".to_owned(),
        caller: "customer 7".to_owned(),
        agent: "1001".to_owned(),
        last_talk_epoch: 1_700_000_000,
    };
    let rows = Snapshot {
        callers: vec![row],
        ..Snapshot::default()
    };
    bench.expect_all(&[("queue set sticky_days support@default 30", "+OK\n")]);
    bench.driver.submit(Input::Restore(rows)).expect("rows");
    assert_eq!(
        bench.console.config("caller get 'customer 7'"),
        "queue|caller|agent|last_talk_epoch\nsupport@default|customer 7|1001|1700000000\n+OK\n"
    );
    let found = bench
        .console
        .json(&json!({ "arguments": "caller get", "caller": "customer 7" }));
    assert_eq!(found.expect("rows")[0]["agent"], "1001");
    bench.expect_all(&[
        ("caller forget 'customer 7'", "+OK\n"),
        ("caller get 'customer 7'", "+OK\n"),
    ]);
}

#[test]
fn why_an_agent_is_not_offered_a_member_is_told_and_nobody_is_offered() {
    let bench = Bench::staffed();
    bench.expect_all(&[("agent add idle callback", "+OK\n")]);
    let join = JoinRequest {
        queue: "support@default".to_owned(),
        new_member_uuid: "m".to_owned(),
        ..JoinRequest::default()
    };
    bench.expect_all(&[("agent set status 1001 'On Break'", "+OK\n")]);
    bench.driver.submit(Input::MemberJoin(join)).expect("a member");
    let why = |agent: &str| {
        let text = bench.console.config(&format!("dispatch why m {agent}"));
        let data = json!({ "arguments": "dispatch why", "member_uuid": "m", "agent_name": agent });
        (text, bench.console.json(&data).map_err(|error| error.to_string()))
    };
    let answer = |may: bool, reason: &str| {
        let json = json!({ "may_be_offered": may, "reason": reason });
        (format!("{reason}\n"), Ok(json))
    };
    assert_eq!(why("1001"), answer(false, "Agent is not available!"));
    assert_eq!(why("idle"), answer(false, "Agent does not serve the member's queue!"));
    let unknown = "Agent not found!".to_owned();
    assert_eq!(why("nobody"), (format!("-ERR {unknown}\n"), Err(unknown)));
    bench.expect_all(&[
        ("dispatch internal off", "+OK\n"),
        ("agent set status 1001 Available", "+OK\n"),
    ]);
    let off = "Internal dispatching is off: `dispatch member` offers it, or `dispatch internal on` everybody.";
    assert_eq!(why("1001"), answer(true, off));
    bench.expect_all(&[
        ("queue unload support@default", "+OK\n"),
        (
            "dispatch member m 1001",
            "-ERR The member's queue is not loaded! Load it with `queue load`.\n",
        ),
    ]);
}

#[test]
fn json_dispatches_with_the_same_words() {
    let bench = Bench::staffed();
    let ask = |data: Value| bench.console.json(&data).map_err(|error| error.to_string());
    let internal = |word: &str| Ok(json!({ "internal": word }));
    let switch = |word: &str| json!({ "arguments": "dispatch internal", "value": word });
    assert_eq!(ask(json!({ "arguments": "dispatch internal" })), internal("on"));
    assert_eq!(ask(switch("off")), internal("off"));
    assert_eq!(
        ask(switch("perhaps")),
        Err("Invalid value 'perhaps'! Use on or off.".to_owned())
    );
    let member = |agent: Value| json!({ "arguments": "dispatch member", "member_uuid": "x", "agent_name": agent });
    assert_eq!(ask(member("1001".into())), Err("Member not found!".to_owned()));
    let missing = Err("Missing data attribute: agent_name".to_owned());
    assert_eq!(ask(member(Value::Null)), missing);
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

#[test]
fn json_lists_have_text_for_rows_and_numbers_for_queues() {
    let bench = Bench::staffed();
    bench.join("s1", "One|Two");
    let ask = |arguments: &str| {
        let data = json!({ "arguments": arguments, "queue_name": "support@default" });
        bench.console.json(&data).expect("a list")
    };
    let agents = ask("Agent List");
    assert_eq!(agents.as_array().map(Vec::len), Some(3));
    assert_eq!(agents[0]["name"], "1001");
    assert_eq!(agents[0]["wrap_up_time"], "10");
    assert_eq!(agents[0].as_object().map(serde_json::Map::len), Some(21));
    let tier =
        json!([{ "queue": "support@default", "agent": "1001", "state": "Ready", "level": "2", "position": "3" }]);
    assert_eq!(ask("tier list"), tier);
    assert_eq!(ask("queue list tiers"), tier);
    assert_eq!(ask("queue list agents")[0]["status"], "On Break");
    for members in [ask("member list"), ask("queue list members")] {
        assert_eq!(members[0]["cid_name"], "One|Two");
        assert_eq!(members[0]["score"], "0");
    }
    let queue = &ask("queue list")[0];
    for (column, expected) in [
        ("name", json!("support@default")),
        ("moh_sound", json!("local_stream://moh")),
        ("record_template", json!("")),
        ("tier_rules_apply", json!("false")),
        ("discard_abandoned_after", json!(60)),
        ("calls_answered", json!(0)),
        ("calls_abandoned", json!(0)),
        ("ring_progressively_delay", json!(0)),
        ("agent_no_answer_status", json!("On Break")),
    ] {
        assert_eq!(queue[column], expected, "{column}");
    }
}

/// Which commands the JSON API takes is said with the command.
#[test]
fn json_takes_the_commands_that_say_so_and_no_others() {
    let bench = Bench::staffed();
    for command in commands() {
        let words = command.words();
        let mut data = json!({ "arguments": words });
        for key in command.json.unwrap_or_default() {
            data[key] = json!("support@default");
        }
        let is_unknown = bench.console.json(&data).err() == Some(JsonError::UnknownArguments(words.clone()));
        assert_eq!(is_unknown, command.json.is_none(), "{words}");
        for key in command.json.unwrap_or_default() {
            let mut lacking = data.clone();
            lacking[key] = json!("");
            let error = bench.console.json(&lacking).err().map(|error| error.to_string());
            let may_lack = [
                "stats queue",
                "stats agent",
                "dispatch internal",
                "snapshot",
                "callback list",
                "callback expired",
                "callback add",
            ]
            .contains(&words.as_str());
            let is_missed = error == Some(format!("Missing data attribute: {key}"));
            assert!(may_lack || is_missed, "{words} without {key}: {error:?}");
        }
    }
}

#[test]
fn json_requests_that_are_not_understood_say_why() {
    let bench = Bench::staffed();
    let refused = |data: Value| bench.console.json(&data).expect_err("a refusal").reply();
    for arguments in ["queue list agents", "queue list members", "queue list tiers"] {
        let expected = json!({ "error": "Missing data attribute: queue_name" });
        assert_eq!(refused(json!({ "arguments": arguments })), expected);
    }
    assert_eq!(
        refused(json!({})),
        json!({ "error": "Missing data attribute: arguments" })
    );
    assert_eq!(
        refused(Value::Null),
        json!({ "error": "Missing data attribute: arguments" })
    );
    assert_eq!(
        refused(json!({ "arguments": "calls list" })),
        json!({ "error": "Unknown arguments: calls list" })
    );
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

#[test]
fn check_tells_what_is_wrong_with_the_configuration() {
    let bench = Bench::empty();
    let trouble = "there is no agent of that name; the tier of queue \"support@default\" is left out. \
                   Add it, or remove the tier.";
    bench.expect_all(&[
        (
            "check",
            &format!("about|trouble\n<tier agent=\"ghost\">|{trouble}\n+OK\n"),
        ),
        ("CHECK all", "-ERR Too many words! 'check' takes none.\n"),
    ]);
    let as_json = || bench.console.json(&json!({ "arguments": "check" }));
    assert_eq!(
        as_json(),
        Ok(json!([{ "about": "<tier agent=\"ghost\">", "trouble": trouble }]))
    );
    // Whoever is added by command counts as well, and needs a contact as those of the configuration do.
    bench.expect_all(&[("agent add ghost callback", "+OK\n")]);
    let text = bench.console.config("check");
    assert!(
        text.starts_with("about|trouble\n<agent name=\"ghost\">|the contact is empty"),
        "{text}"
    );
    bench.expect_all(&[("agent set contact ghost user/1002", "+OK\n"), ("check", "+OK\n")]);
    assert_eq!(as_json(), Ok(json!([])));
    *bench.source.now.lock() = Err(ConfigError("Open of callcenter.conf failed".to_owned()));
    bench.expect_all(&[("check", "-ERR Open of callcenter.conf failed\n")]);
    assert_eq!(
        as_json().map_err(|error| error.reply()),
        Err(json!({ "error": "Open of callcenter.conf failed" }))
    );
}

#[test]
fn what_is_loaded_is_looked_at_once_it_is() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("agent set contact o\\'c user/1002", "+OK\n"),
        ("queue set required_skills support@default german", "+OK\n"),
    ]);
    let told: Vec<String> = bench.console.contradictions().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["<queue name=\"support@default\">: required-skills: no agent has the skill \"german\". Add it to an agent's skills."]
    );
    bench.expect_all(&[("agent set skills 1001 german", "+OK\n")]);
    assert_eq!(bench.console.contradictions(), []);
}

#[test]
fn a_reload_reads_everything_anew_and_tells_what_has_changed() {
    let bench = Bench::staffed();
    bench.join("s1", "One");
    bench.source.requests.lock().clear();
    let changed = XML
        .replace("<queues>", "<settings><param name=\"wrap-up-time\" value=\"15\"/><param name=\"dbname\" value=\"pass:word\"/></settings><queues>")
        .replace("local_stream://moh", "local_stream://other")
        .replace("wrap-up-time=\"10\"", "wrap-up-time=\"20\" max-no-answer=\"x\"");
    *bench.source.now.lock() = Ok(config::read(&Element::parse_for_tests(&changed)));
    bench.expect_all(&[
        (
            "reload",
            "+OK\n\
             setting wrap-up-time: 0 -> 15\n\
             setting dbname: needs an unload: it holds as before until reload mod_callcenter\n\
             queue support@default: changed: moh-sound\n\
             queue sales@default: unloaded by command: it stays so until queue load\n\
             agent 1001: changed: wrap-up-time\n\
             tier sales@default 1001: left out: Queue not found!\n\
             tier support@default ghost: left out: Agent not found!\n\
             warning: <agent name=\"1001\">: max-no-answer \"x\" is not a number; 0 is used.\n",
        ),
        ("reload now", "-ERR Too many words! 'reload' takes none.\n"),
        ("queue count members support@default", "1\n"),
        ("agent get status 1001", "On Break"),
    ]);
    assert_eq!(*bench.source.requests.lock(), [ConfigRequest::default()]);
    let answer = bench.console.json(&json!({ "arguments": "reload" }));
    let answer = answer.expect("an answer");
    let first = json!({ "about": "setting", "name": "dbname", "change": "needs an unload: it holds as before until reload mod_callcenter" });
    assert_eq!(answer[0], first);
}

/// Everything is read before anything is changed.
#[test]
fn a_broken_configuration_changes_nothing() {
    let bench = Bench::staffed();
    let lists = ["queue list", "agent list", "tier list"];
    let before = lists.map(|list| bench.console.config(list));
    let refused = |bench: &Bench, trouble: &str| {
        let text = format!("-ERR {trouble}! Nothing was changed. Mend the configuration and try again.\n");
        assert_eq!(bench.console.config("reload"), text);
        assert_eq!(lists.map(|list| bench.console.config(list)), before);
    };
    *bench.source.now.lock() = Err(ConfigError("Open of callcenter.conf failed".to_owned()));
    refused(&bench, "Open of callcenter.conf failed");
    let error = bench.console.json(&json!({ "arguments": "reload" }));
    assert!(matches!(error, Err(JsonError::Refused(_))), "{error:?}");
    *bench.source.now.lock() = Ok(config::read(&Element::parse_for_tests("<configuration/>")));
    refused(&bench, "callcenter.conf is empty");
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
