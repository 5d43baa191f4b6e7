//! Alert rules and dashboard in `conf`, by Prometheus's own program.

use callcenter_test_support::repository::root;
use callcenter_test_support::skip::skip;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

fn conf(name: &str) -> PathBuf {
    root().join("conf").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(conf(name)).expect("a file of ours")
}

/// What promtool says, and whether it is content; none, and the test is skipped, where there is none.
fn promtool(arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new("promtool").args(arguments).output() {
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            skip("there is no promtool: it is in Debian's package prometheus");
            None
        }
        Err(error) => panic!("promtool: {error}"),
    }
}

fn is_content(arguments: &[&str]) {
    if let Some((is_content, said)) = promtool(arguments) {
        assert!(is_content, "promtool {arguments:?}: {said}");
    }
}

#[test]
fn alert_rules_are_sound_and_do_what_their_tests_say() {
    let (rules, tests) = (
        conf("prometheus/callcenter-alerts.yml"),
        conf("prometheus/callcenter-alerts-test.yml"),
    );
    is_content(&["check", "rules", rules.to_str().expect("a path")]);
    is_content(&["test", "rules", tests.to_str().expect("a path")]);
}

#[test]
fn each_alert_rule_fires_in_a_test() {
    let named = |text: String, key: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.trim().split_once(key));
        lines.map(|(_, name)| name.trim().to_owned()).collect()
    };
    let rules = named(text("prometheus/callcenter-alerts.yml"), "- alert: ");
    let tests = text("prometheus/callcenter-alerts-test.yml");
    assert!(rules.len() > 5, "{rules:?}");
    for rule in rules {
        let fires = format!("alertname: {rule}\n        exp_alerts:\n          - exp_labels:");
        assert!(tests.contains(&fires), "no test has {rule} fire");
    }
}

fn panels() -> Vec<Value> {
    let dashboard: Value = serde_json::from_str(&text("grafana/callcenter.json")).expect("JSON");
    dashboard["panels"].as_array().expect("panels").clone()
}

#[test]
fn each_question_of_the_dashboard_is_one_that_prometheus_understands() {
    let panels = panels();
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    let questions = targets.filter_map(|target| target["expr"].as_str());
    let questions: Vec<String> = questions
        .map(|question| question.replace("$queue", ".*").replace("$instance", ".*"))
        .collect();
    assert!(questions.len() > 20, "{questions:?}");
    let rules: Vec<Value> = questions
        .iter()
        .zip(1..)
        .map(|(question, number)| serde_json::json!({ "record": format!("panel:{number}"), "expr": question }))
        .collect();
    let file = serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("dashboard.yml");
    // Every JSON is YAML.
    std::fs::write(&path, file.to_string()).expect("a file");
    is_content(&["check", "rules", path.to_str().expect("a path")]);
}

#[test]
fn the_dashboards_panels_have_names_and_do_not_cover_each_other() {
    let panels = panels();
    let ids: BTreeSet<i64> = panels.iter().filter_map(|panel| panel["id"].as_i64()).collect();
    assert_eq!(ids.len(), panels.len(), "a panel's id is there twice");
    let mut covered = BTreeSet::new();
    for panel in &panels {
        let title = panel["title"].as_str().unwrap_or_default();
        assert!(!title.is_empty(), "{panel}");
        let place = |key: &str| panel["gridPos"][key].as_i64().expect("a place");
        assert!(place("x") + place("w") <= 24, "{title} is too wide");
        for x in place("x")..place("x") + place("w") {
            for y in place("y")..place("y") + place("h") {
                assert!(covered.insert((x, y)), "{title} covers another panel");
            }
        }
    }
}
