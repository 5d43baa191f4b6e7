//! Situations in a call centre, each a file in `scenarios/`, played beside stock.
//!
//! Scenarios with the same settings share one FreeSWITCH of each module and are played a few at a time.
//! `CALLCENTER_SCENARIOS=moh,tier` plays only those with such a word in their name, and
//! `CALLCENTER_SHOW_RECORDINGS=1` prints what was recorded.
//!
//! A scenario that fails is played once more by itself, and that counts; the first failure is printed. How many were is told at the end,
//! and more than a few in a run are no accident: they stand as they went at first.
//!
//! What stock does is kept in `scenarios/recorded/`. Where stock's module is missing, ours is compared with that; where
//! it is there, a record that no longer holds fails the test. One command makes all records anew:
//! `CALLCENTER_RECORD_STOCK=1 make host-test HOST_TESTS=every_scenario`. Look at the changes before keeping them; a
//! record is only written of a scenario that came to its end with both modules.

mod play;
mod reference;
mod spread;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Mutex;

use callcenter_test_support::harness::{
    install, may_repeat, phone, repeats_told, say, CallCenter, FreeSwitch, Install, Module, Setup,
};
use callcenter_test_support::scenario::{read_all, Scenario};
use play::Place;
use reference::Reference;
use verdict::Verdict;

/// How many scenarios are played in one FreeSWITCH at a time: they mostly wait.
const AT_A_TIME: usize = 6;

/// The record of a scenario, or why there is none.
type Outcome = Result<Vec<String>, String>;

#[test]
fn every_scenario_goes_as_with_stock() {
    let Some(install) = install() else { return };
    let mut groups: BTreeMap<_, Vec<Scenario>> = BTreeMap::new();
    for scenario in wanted(install) {
        groups.entry(scenario.company()).or_default().push(scenario);
    }
    let mut reference = Reference::new(install);
    let mut verdicts = Vec::new();
    let mut failures = Vec::new();
    for scenarios in groups.values() {
        let (stock, ours) = std::thread::scope(|scope| {
            let stock = scope.spawn(|| reference.outcomes(scenarios));
            let ours = run(install, Module::Ours, scenarios);
            (stock.join(), ours)
        });
        let stock = stock.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let outcomes = stock.into_iter().zip(ours);
        for (scenario, (stock, ours)) in scenarios.iter().zip(outcomes) {
            show(scenario, &stock, &ours);
            failures.extend(reference.keep(scenario, &stock, &ours).err());
            let verdict = match Verdict::of(scenario, stock, ours) {
                Verdict::Fails(text) if may_repeat(&scenario.name) => {
                    played_alone(install, &reference, scenario, &text)
                }
                as_it_is => as_it_is,
            };
            verdicts.push((scenario.clone(), verdict));
        }
    }
    say(&verdict::table(&verdicts));
    say(&format!("scenarios: {}", repeats_told()));
    let judged = verdicts.iter();
    failures.extend(judged.filter_map(|(scenario, verdict)| verdict.failure(scenario)));
    failures.extend(reference.left_over());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Plays a scenario that failed among others by itself, and judges that. On a busy machine FreeSWITCH's own threads come now
/// and then in another order, with either module; what is wrong in ours is wrong again.
fn played_alone(install: &'static Install, reference: &Reference, scenario: &Scenario, failure: &str) -> Verdict {
    say(&format!(
        "{} is played again, because at first:\n{failure}",
        scenario.name
    ));
    let alone = std::slice::from_ref(scenario);
    let mut stock = reference.outcomes(alone);
    let mut ours = run(install, Module::Ours, alone);
    match (stock.pop(), ours.pop()) {
        (Some(stock), Some(ours)) => Verdict::of(scenario, stock, ours),
        _ => Verdict::Fails(failure.to_string()),
    }
}

fn wanted(install: &Install) -> Vec<Scenario> {
    let mut scenarios = read_all();
    scenarios.retain(|scenario| can_be_played(install, scenario));
    if let Ok(words) = std::env::var("CALLCENTER_SCENARIOS") {
        scenarios.retain(|scenario| words.split(',').any(|word| scenario.name.contains(word)));
    }
    scenarios
}

/// Whether FreeSWITCH has the modules the scenario needs; says so where it has not.
fn can_be_played(install: &Install, scenario: &Scenario) -> bool {
    let missing = scenario.needs.iter().find(|module| !install.has_module(module));
    if let Some(module) = missing {
        say(&format!(
            "scenario {} SKIPPED: this FreeSWITCH has no {module}",
            scenario.name
        ));
    }
    missing.is_none()
}

/// Plays every scenario in a FreeSWITCH with this module, a few at a time; the outcomes in their order.
fn run(install: &'static Install, module: Module, scenarios: &[Scenario]) -> Vec<Outcome> {
    let mut switch = FreeSwitch::start(install, module, setup(scenarios, &[]));
    let outcomes = play_all(Place::one(&switch), scenarios, |scenario| {
        module == Module::Stock && !scenario.is_beside_stock()
    });
    if outcomes.iter().any(Result::is_err) && module == Module::Ours {
        say(&switch.log_tail());
    }
    let (status, _) = switch.stop();
    assert!(
        status.success(),
        "FreeSWITCH with the {module:?} module ended with {status}"
    );
    outcomes
}

/// Plays every scenario that is not passed over.
fn play_all(place: Place<'_>, scenarios: &[Scenario], is_passed: impl Fn(&Scenario) -> bool + Sync) -> Vec<Outcome> {
    let next = Mutex::new(scenarios.iter().enumerate());
    let outcomes = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME.min(scenarios.len()) {
            scope.spawn(|| loop {
                let taken = next.lock().unwrap().next();
                let Some((at, scenario)) = taken else { return };
                if is_passed(scenario) {
                    outcomes.lock().unwrap().insert(at, Ok(Vec::new()));
                    continue;
                }
                let outcome = catch_unwind(AssertUnwindSafe(|| play::play(place, scenario)));
                let outcome = outcome.unwrap_or_else(|panic| Err(message(panic.as_ref())));
                outcomes.lock().unwrap().insert(at, outcome);
            });
        }
    });
    outcomes.into_inner().unwrap().into_values().collect()
}

fn setup(scenarios: &[Scenario], further: &[(&str, &str)]) -> Setup {
    let settings = scenarios.iter().flat_map(|scenario| &scenario.settings);
    let settings: BTreeMap<_, _> = settings.collect();
    let call_centre = further
        .iter()
        .fold(CallCenter::new(), |file, (name, value)| file.setting(name, value));
    let call_centre = settings
        .into_iter()
        .fold(call_centre, |file, (name, value)| file.setting(name, &value.text()));
    let call_centre = scenarios
        .iter()
        .fold(call_centre, |file, scenario| scenario.configure(file, phone));
    let extensions: String = scenarios.iter().map(|scenario| scenario.extensions(phone)).collect();
    let modules: BTreeSet<&String> = scenarios.iter().flat_map(|scenario| &scenario.needs).collect();
    let scripts = scenarios.iter().flat_map(|scenario| {
        let scripts = scenario.scripts.iter();
        scripts.map(|(name, text)| (format!("{}{name}", scenario.scope), scenario.named(text)))
    });
    Setup {
        modules: modules.into_iter().cloned().collect(),
        scripts: scripts.collect(),
        ..Setup::new(&call_centre).extensions(&extensions)
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic")
        .to_string()
}

fn show(scenario: &Scenario, stock: &Outcome, ours: &Outcome) {
    if std::env::var_os("CALLCENTER_SHOW_RECORDINGS").is_some() {
        for (module, outcome) in [("stock", stock), ("ours", ours)] {
            let text = outcome.as_ref().map_or_else(Clone::clone, |lines| lines.join("\n"));
            say(&format!("{} with {module}:\n{text}", scenario.name));
        }
    }
}
