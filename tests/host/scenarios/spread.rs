//! The same scenarios once more with the callers on one FreeSWITCH, the agents' phones on another and the commands on a third: a call
//! centre on several boxes does what stock does on one.

use super::play::Place;
use super::reference::Reference;
use super::verdict::{self, Verdict};
use super::{play_all, setup, wanted, Outcome};
use crate::clusters::wait_until_in;
use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, may_repeat, say, FreeSwitch, Install, Module};
use callcenter_test_support::private::{shared, Kind, PrivateServer};
use callcenter_test_support::scenario::Scenario;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is heard of the phones' box beside the events that its call centre tells everywhere.
const OF_PHONES: &[&str] = &[
    "event plain CHANNEL_CREATE CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE \
     CHANNEL_PROGRESS CHANNEL_EXECUTE DTMF",
];

/// The boxes, in the order they are started; the first one leads.
const NAMES: [&str; 3] = ["phones-box", "commands-box", "callers-box"];

/// What stands in the place of an instance's name where there is one call centre on one FreeSWITCH.
const ALONE: &str = "single_box";

/// Headers of events that only boxes of a cluster send.
const IN_A_CLUSTER: [&str; 2] = ["CC-Election:", "CC-Instance:"];

#[test]
#[ignore = "three FreeSWITCH for each group of scenarios: run by name"]
fn every_scenario_goes_as_with_stock_on_three_boxes() {
    let Some(install) = install() else { return };
    let Some(server) = shared(Kind::Postgres) else { return };
    let mut groups: BTreeMap<_, Vec<Scenario>> = BTreeMap::new();
    for scenario in wanted(install) {
        match left_out(&scenario) {
            Some(why) => say(&format!("{} is left out: {why}", scenario.name)),
            None => groups.entry(scenario.company()).or_default().push(scenario),
        }
    }
    let reference = Reference::new(install);
    let mut verdicts = Vec::new();
    for scenarios in groups.values() {
        for (scenario, ours) in scenarios.iter().zip(run(install, server, scenarios)) {
            let stock = || reference.recorded(scenario).map(without_lamps);
            let judged = |ours: Outcome| Verdict::of(scenario, stock(), ours.map(without_lamps));
            let again = |text: &str| {
                say(&format!("{} is played again, because at first:\n{text}", scenario.name));
                let mut alone = run(install, server, std::slice::from_ref(scenario));
                alone.pop().expect("an outcome")
            };
            let verdict = match judged(ours) {
                Verdict::Fails(text) if may_repeat(&format!("{} on three boxes", scenario.name)) => {
                    judged(again(&text))
                }
                as_it_is => as_it_is,
            };
            verdicts.push((scenario.clone(), verdict));
        }
    }
    say(&verdict::table(&verdicts));
    let failures = verdicts
        .iter()
        .filter_map(|(scenario, verdict)| verdict.failure(scenario));
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Why a scenario cannot be played so.
fn left_out(scenario: &Scenario) -> Option<&'static str> {
    let changes_rows = scenario.steps.iter().any(|step| step.sql.is_some());
    changes_rows.then_some("it changes rows of an SQLite file")
}

/// Plays the scenarios on three boxes of their own; the outcomes as if it had been one.
fn run(install: &'static Install, server: &PrivateServer, scenarios: &[Scenario]) -> Vec<Outcome> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let database = format!("spread{}", COUNT.fetch_add(1, Ordering::Relaxed));
    server.create_database(&database);
    let dsn = Driver::Pgsql.dsn(server, &database);
    let mut all: Vec<FreeSwitch> = Vec::new();
    for name in NAMES {
        let mut setup = setup(
            scenarios,
            &[
                ("cluster", "true"),
                ("cluster-events", "everywhere"),
                ("cc-instance-id", name),
                ("odbc-dsn", &dsn),
            ],
        );
        if let Some(phones) = all.first() {
            let port = phones.ports.phones.to_string();
            for text in [&mut setup.callcenter, &mut setup.extensions] {
                *text = text.replace("$${phones_port}", &port);
            }
        }
        let switch = FreeSwitch::start(install, Module::Ours, setup);
        wait_until_in(all.first(), name, &switch);
        all.push(switch);
    }
    let mut callers = all.pop().expect("three boxes");
    callers.hears(&all[0], OF_PHONES);
    let place = Place {
        callers: &callers,
        phones: &all[0],
        commands: &all[1],
    };
    let outcomes = play_all(place, scenarios, |_| false);
    outcomes.into_iter().map(|outcome| outcome.map(as_one)).collect()
}

/// The record as if it had been one box: without what events say of themselves in a cluster alone.
fn as_one(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !IN_A_CLUSTER.iter().any(|header| line.trim_start().starts_with(header)));
    let as_alone = |line: String| NAMES.iter().fold(line, |line, name| line.replace(name, ALONE));
    lines.into_iter().map(as_alone).collect()
}

/// The record without lamps: in a cluster they are told on a box where somebody has asked for them, and nobody does here.
fn without_lamps(lines: Vec<String>) -> Vec<String> {
    let mut is_lamp = false;
    let is_kept = |line: &String| {
        if !line.starts_with("    ") {
            is_lamp = line.trim() == "PRESENCE_IN";
        }
        !is_lamp
    };
    lines.into_iter().filter(is_kept).collect()
}
