//! Commands against the real engine: what is typed, and what comes back, byte for byte.

mod agents;
mod bad_input;
mod dispatch;
mod hostile;
mod json;
mod loading;
mod queues;
mod snapshot;
mod tiers;

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
            "-ERR Unknown target 'agnet'! Use agent, tier, queue, member, call, callback, caller, dispatch, pause, stats, snapshot, cluster, check or reload.\n",
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
fn a_change_that_is_not_saved_says_so() {
    let bench = Bench::with_journal(Arc::new(DeadJournal("the disk is full.")));
    let unsaved = "-ERR The change is in effect but not yet saved: the disk is full.\n";
    bench.expect_all(&[
        ("agent add 1001 callback", unsaved),
        ("queue load support@default", unsaved),
        ("agent get status 1001", "On Break"),
    ]);
}
