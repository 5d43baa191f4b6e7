//! Reports, what-if, how many agents, and yesterday again, as somebody uses them.

use callcenter_simulator::study::{Case, Drawn};
use callcenter_simulator::{draw_callers, markdown_of_keys, Observer, Scenario, Scene, World};
use callcenter_test_support::repository::root;
use mod_callcenter::engine::{CallRecord, EngineError, Input, Output, Reply, RowChange, Span, Timestamp};
use serde_json::Value;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output as Ended};

/// Two queues that share nobody, so that what is changed in one is nothing to the other.
const CONFIG: &str = r#"<configuration name="callcenter.conf">
  <queues>
    <queue name="support"><param name="strategy" value="longest-idle-agent"/><param name="max-queue-length" value="4"/></queue>
    <queue name="sales"><param name="strategy" value="ring-all"/><param name="max-wait-time" value="90"/></queue>
    <queue name="quiet"><param name="strategy" value="ring-all"/></queue>
  </queues>
  <agents>
    <agent name="a" type="callback" contact="user/a" wrap-up-time="10"/>
    <agent name="b" type="callback" contact="user/b" wrap-up-time="10"/>
    <agent name="c" type="callback" contact="user/c" wrap-up-time="5"/>
    <agent name="unreachable" type="callback" contact="" wrap-up-time="5"/>
  </agents>
  <tiers>
    <tier agent="a" queue="support"/><tier agent="b" queue="support"/><tier agent="unreachable" queue="support"/>
    <tier agent="c" queue="sales"/>
  </tiers>
</configuration>"#;

const SCENARIO: &str = "hours = 4\n[callers]\ncalls_per_half_hour = [14, 20, 18, 14, 16, 20, 16, 10]\npatience = { mean = 120 }\nredial = 0.3\n\
                        [queues.quiet]\ncalls_per_hour = 0\n[queues.sales]\ncalls_per_hour = 18\n[team]\nno_answer = 0.05\n\
                        breaks = ['10:30-10:45']\n";

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().expect("a directory"));
        files.write("callcenter.conf.xml", CONFIG);
        files.write("day.toml", SCENARIO);
        files
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callcenter-sim"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .expect("callcenter-sim runs")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

fn number(value: &Value, path: &str) -> f64 {
    let found = value
        .pointer(path)
        .unwrap_or_else(|| panic!("{path} is missing in {value:#}"));
    found.as_f64().unwrap_or_else(|| panic!("{path} is {found}"))
}

#[test]
fn who_was_refused_let_go_or_gave_up_is_counted_and_every_queue_is_there() {
    let files = Files::new();
    let figures = files.json(&["callcenter.conf.xml", "day.toml", "--json"]);
    let queue = |name: &str| {
        figures["queues"]
            .as_array()
            .and_then(|all| all.iter().find(|queue| queue["name"] == name))
            .cloned()
    };
    let (support, sales) = (queue("support").expect("support"), queue("sales").expect("sales"));
    assert!(
        number(&support, "/refused") > 0.0 && number(&sales, "/released") > 0.0,
        "{figures:#}"
    );
    assert_eq!(queue("quiet").map(|quiet| quiet["calls"].clone()), Some(0.into()));
    for queue in [support, sales] {
        let parts = ["answered", "abandoned", "released", "refused", "left_over"];
        let sum: f64 = parts.iter().map(|part| number(&queue, &format!("/{part}"))).sum();
        assert_eq!(number(&queue, "/calls"), sum, "{queue:#}");
    }
    // Nobody is reached without a contact.
    let agents = figures["agents"].as_array().expect("agents");
    let unreachable = agents
        .iter()
        .find(|agent| agent["name"] == "unreachable")
        .expect("the agent");
    assert_eq!(unreachable["calls"], 0);
}

#[test]
fn the_day_ends_with_its_callers_however_patient_they_might_have_been() {
    let files = Files::new();
    let ended = |patience: u32| {
        files.write(
            "day.toml",
            &format!(
                "hours = 3\n[callers]\ncalls_per_hour = 6\npatience = {patience}\n[queues.quiet]\ncalls_per_hour = 0\n[team]\nshifts = ['09:00-18:00']\n"
            ),
        );
        let figures = files.json(&["callcenter.conf.xml", "day.toml", "--json"]);
        let agents = figures["agents"].as_array().expect("agents").clone();
        (figures["ended"].clone(), agents[0]["occupancy"].clone())
    };
    assert_eq!(ended(600), ended(86_400));
}

#[test]
fn the_same_callers_on_both_sides_and_no_difference_where_nothing_is_changed() {
    let files = Files::new();
    let arguments = [
        "callcenter.conf.xml",
        "day.toml",
        "--seeds",
        "4",
        "--json",
        "--against",
        "callcenter.conf.xml",
    ];
    let same = files.json(&arguments);
    let differences = same["what_if"]["differences"].as_object().expect("differences");
    assert!(differences.len() >= 8);
    for (name, difference) in differences {
        assert_eq!(
            (number(difference, "/half"), &difference["same"]),
            (0.0, &Value::Bool(true)),
            "{name}"
        );
    }
    // One more agent in sales is nothing to support, and something to sales.
    let more = files.json(&[
        "callcenter.conf.xml",
        "day.toml",
        "--seeds",
        "4",
        "--json",
        "--agents",
        "sales=+1",
    ]);
    let queues = more["what_if"]["queues"].as_array().expect("queues");
    let of = |name: &str| {
        queues
            .iter()
            .find(|queue| queue["name"] == name)
            .expect("the queue")
            .clone()
    };
    for (name, difference) in of("support")["differences"].as_object().expect("differences") {
        assert_eq!(difference["same"], true, "{name}: {difference}");
    }
    let level = &of("sales")["differences"]["service_level"];
    assert!(number(level, "/value") > number(level, "/half"), "{level}");
}

#[test]
fn more_callers_are_the_same_and_further_ones() {
    let files = Files::new();
    let read =
        callcenter_simulator::xml::read_file(files.0.path().join("callcenter.conf.xml")).expect("a configuration");
    let plan = Scenario::parse(SCENARIO)
        .and_then(|scenario| scenario.plan(&read, 7))
        .expect("a plan");
    let (usual, more, fewer) = (
        draw_callers(&plan, 1.0),
        draw_callers(&plan, 1.2),
        draw_callers(&plan, 0.8),
    );
    assert!(usual.iter().all(|caller| more.contains(caller)));
    assert!(fewer.iter().all(|caller| usual.contains(caller)));
    let ratio = |callers: usize| callers as f64 / usual.len() as f64;
    assert!((1.1..1.3).contains(&ratio(more.len())) && (0.7..0.9).contains(&ratio(fewer.len())));
}

#[test]
fn the_report_is_one_file_that_needs_nothing_else() {
    let files = Files::new();
    let arguments = [
        "callcenter.conf.xml",
        "day.toml",
        "--seeds",
        "3",
        "--report",
        "day.html",
        "--agents",
        "+1",
    ];
    let output = files.run(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("The report is in day.html"));
    let page = std::fs::read_to_string(files.0.path().join("day.html")).expect("the report");
    assert!(page.len() < 500_000, "{} bytes", page.len());
    for needed in [
        "<!DOCTYPE html>",
        "<h1>What if: 1 more agent</h1>",
        "With the change (1 more agent) ",
        "Answered in time",
        "Agents against the work",
        "max-queue-length",
        "<svg",
    ] {
        assert!(page.contains(needed), "{needed} is missing");
    }
    for foreign in ["http://", "https://", "<script", "<link", "url("] {
        assert!(!page.contains(foreign), "{foreign} is in the report");
    }
}

#[test]
fn what_callers_and_administrators_write_cannot_break_the_report() {
    let files = Files::new();
    files.write(
        "callcenter.conf.xml",
        &CONFIG.replace("\"support\"", "\"&lt;script&gt;alert(1)&lt;/script&gt;\""),
    );
    let output = files.run(&[
        "callcenter.conf.xml",
        "--hours",
        "1",
        "--seeds",
        "1",
        "--report",
        "day.html",
    ]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = std::fs::read_to_string(files.0.path().join("day.html")).expect("the report");
    assert!(!page.contains("<script") && page.contains("&lt;script"));
}

#[test]
fn what_cannot_be_changed_is_told() {
    let files = Files::new();
    let refused = |arguments: &[&str]| {
        let output = files.run(&[&["callcenter.conf.xml", "day.toml"], arguments].concat());
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["--strategy", "ring-al"]).contains("ring-all is meant, perhaps"));
    assert!(refused(&["--agents", "-9"]).contains("at least one has to stay"));
    assert!(refused(&["--agents", "nowhere=+1"]).contains("There is no agent in nowhere"));
    assert!(refused(&["--calls", "10"]).contains("such as +10%"));
    assert!(refused(&["--report", "nowhere/day.html"]).contains("cannot be written"));
}

#[test]
fn the_documents_have_every_key_of_a_scenario() {
    let page = std::fs::read_to_string(root().join("docs/admin/simulator.md")).expect("the page");
    let table = page
        .split_once("<!-- keys of a scenario -->")
        .and_then(|(_, rest)| rest.split_once("<!-- end of"));
    let table = table.map(|(table, _)| table.trim()).unwrap_or_default();
    assert_eq!(
        table,
        markdown_of_keys().trim(),
        "write it anew with callcenter-sim --keys"
    );
}

/// Writes down what the module would.
#[derive(Default)]
struct Clerk {
    records: Vec<CallRecord>,
    log: String,
}

impl Observer for Clerk {
    fn input(&mut self, _: Timestamp, _: &Input, _: &Result<Reply, EngineError>) {}

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, _: Timestamp, output: &Output) {
        match output {
            Output::Row(RowChange::CallRecord(record)) => self.records.push((**record).clone()),
            Output::QueueLog(line) => drop(writeln!(self.log, "{line}")),
            _ => {}
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

const HEAD: &str =
    "uuid,record,result,cause,queue,agent,member_uuid,caller_number,received,wait_ms,pickup_ms,talk_ms,media\n";

/// A day that has been: its records and its log as files, and the share that was answered in time.
fn yesterday(files: &Files) -> f64 {
    let config = CONFIG.replace(
        "<queues>",
        "<settings><param name=\"cdrs\" value=\"true\"/><param name=\"queue-log-file\" value=\"queue_log\"/></settings><queues>",
    );
    // Whoever is refused is in no record.
    files.write(
        "callcenter.conf.xml",
        &config.replace("<param name=\"max-queue-length\" value=\"4\"/>", ""),
    );
    let read =
        callcenter_simulator::xml::read_file(files.0.path().join("callcenter.conf.xml")).expect("a configuration");
    let plan = Scenario::parse(SCENARIO)
        .and_then(|scenario| scenario.plan(&read, 11))
        .expect("a plan");
    let case = Case {
        plan: plan.clone(),
        callers: &Drawn(1.0),
        service_level: Span::from_secs(20),
    };
    let level = case.play(11).expect("a day").total.service_level().expect("callers");
    let mut clerk = Clerk::default();
    let callers = draw_callers(&plan, 1.0);
    World::with_callers(plan, callers).run_until_deserted(Timestamp::from_micros(i64::MAX), &mut clerk);
    let mut csv = HEAD.to_owned();
    for record in &clerk.records {
        let _ = writeln!(
            csv,
            "{},{},{},{},{},{},{},{},{},{},{},{},audio",
            record.uuid,
            record.kind,
            record.result,
            record.cause,
            record.queue,
            record.agent,
            record.member_uuid,
            record.caller_number,
            record.received,
            record.wait_ms,
            record.pickup_ms,
            record.talk_ms
        );
    }
    files.write("cdrs.csv", &csv);
    files.write("queue_log", &clerk.log);
    level
}

#[test]
fn a_day_that_is_played_again_from_its_records_comes_to_the_same() {
    let files = Files::new();
    let level = yesterday(&files);
    let arguments = [
        "callcenter.conf.xml",
        "--replay",
        "cdrs.csv",
        "--queue-log",
        "queue_log",
        "--seeds",
        "5",
        "--json",
    ];
    let played = files.json(&arguments);
    let real = number(&played, "/check/service_level");
    assert!((real - level).abs() < 1e-9, "{real} {level}");
    assert!(number(&played, "/check/error") < 0.08, "{:#}", played["check"]);
    let again = number(&played, "/days/total/service_level/value");
    assert!((again - level).abs() < 0.04, "{again} {level}");
    let what_if = files.json(&[&arguments[..], &["--agents", "support=+2"]].concat());
    assert!(
        number(&what_if, "/what_if/differences/service_level/value") > 0.02,
        "{:#}",
        what_if["what_if"]["differences"]
    );
}

#[test]
fn records_that_are_broken_are_named_counted_and_left_out() {
    let files = Files::new();
    yesterday(&files);
    let csv = std::fs::read_to_string(files.0.path().join("cdrs.csv")).expect("records");
    let mut lines: Vec<&str> = csv.lines().collect();
    lines[3] = "u,member,answered,NORMAL_CLEARING,support,a,m,1,never,1,1,1,audio";
    lines[5] = "half a line";
    files.write("cdrs.csv", &(lines.join("\n") + "\n"));
    let output = files.run(&[
        "callcenter.conf.xml",
        "--replay",
        "cdrs.csv",
        "--queue-log",
        "queue_log",
        "--seeds",
        "2",
        "--report",
        "r.html",
    ]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("Records and lines that cannot be used: 2:"), "{text}");
    assert!(
        text.contains("cdrs.csv:4: received is \"never\"") && text.contains("cdrs.csv:6: 1 columns"),
        "{text}"
    );
    let page = std::fs::read_to_string(files.0.path().join("r.html")).expect("the report");
    assert!(page.contains("cdrs.csv:4: ") && page.contains("How patient callers are"));
    // Numbers of callers are nowhere.
    let number = lines[1].split(',').nth(7).expect("a number");
    assert!(!number.is_empty() && !page.contains(number), "{number}");
}

#[test]
fn how_many_agents_are_needed_stands_beside_erlang() {
    let files = Files::new();
    files.write("day.toml", "hours = 1\n[callers]\ncalls_per_hour = 40\npatience = { mean = 300 }\n[queues.quiet]\ncalls_per_hour = 0\n[team]\nanswer = 0\n");
    let found = files.json(&[
        "callcenter.conf.xml",
        "day.toml",
        "--seeds",
        "2",
        "--staff",
        "80/20",
        "--json",
        "--report",
        "day.html",
    ]);
    let page = std::fs::read_to_string(files.0.path().join("day.html")).expect("the report");
    assert!(
        page.contains("How many agents? To answer 80\u{a0}% within 20 seconds support needs "),
        "{page}"
    );
    let support = &found["staffing"][0];
    assert_eq!(support["queue"], "support");
    let step = &support["steps"][0];
    assert_eq!(step["needed"], step["erlang_a"], "{step:#}");
    assert!(number(step, "/level") >= 0.8);
}

#[test]
fn reports_are_read_from_paths_that_are_files() {
    let files = Files::new();
    let output = files.run(&["callcenter.conf.xml", "--replay", "none.csv"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("none.csv cannot be read"),
        "{said}"
    );
    assert!(Path::new(files.0.path()).is_dir());
}
