//! The scenarios of `tests/host/scenarios`, in virtual time and without FreeSWITCH, against the record of what stock did
//! in them: who was offered whom in which order, and every event in the life of each agent and each caller.
//!
//! `CALLCENTER_SCENARIOS=moh,tier` plays only those with such a word in their name.

mod lives;
mod play;
mod stage;

use callcenter_test_support::record::Records;
use callcenter_test_support::scenario::{read_all, Scenario};
use lives::Lives;
use std::io::Write;

/// The network is another with each of these; what it decides must not change who serves whom.
const SEEDS: std::ops::Range<u64> = 1..6;

/// What the simulator must be able to play.
const STRATEGIES: &[&str] = &["strategy-", "tier-rules-", "wrap-up", "base-score", "ready-time"];

#[test]
fn scenarios_go_as_recorded_from_stock() {
    let records = Records::open();
    let mut failures = Vec::new();
    let (mut played, mut skipped) = (0, Vec::new());
    for scenario in wanted() {
        match judge(&scenario, &records) {
            Ok(()) => played += 1,
            Err(Trouble::CannotPlay(reason)) if is_strategy(&scenario) => {
                failures.push(format!("{} must be played here: {reason}", scenario.name));
            }
            Err(Trouble::CannotPlay(reason)) => skipped.push(format!("  {}: {reason}", scenario.name)),
            Err(Trouble::Fails(text)) => failures.push(format!("{} ({}):\n{text}", scenario.name, scenario.about)),
        }
    }
    // Past the test runner's capture; a closed standard error is no reason to fail.
    let _ = writeln!(
        std::io::stderr(),
        "{played} scenarios played in the simulator; left to FreeSWITCH:\n{}",
        skipped.join("\n")
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Why a scenario did not go well.
enum Trouble {
    /// It has to do with what only a real switch has.
    CannotPlay(String),
    /// It was played and something is wrong.
    Fails(String),
}

fn wanted() -> Vec<Scenario> {
    let mut scenarios = read_all();
    if let Ok(words) = std::env::var("CALLCENTER_SCENARIOS") {
        scenarios.retain(|scenario| words.split(',').any(|word| scenario.name.contains(word)));
    }
    for scenario in &mut scenarios {
        // Each has a simulated switch of its own, so no name needs one in front of it.
        scenario.scope.clear();
    }
    scenarios
}

fn is_strategy(scenario: &Scenario) -> bool {
    STRATEGIES.iter().any(|start| scenario.name.starts_with(start))
}

fn judge(scenario: &Scenario, records: &Records) -> Result<(), Trouble> {
    if !scenario.is_beside_stock() {
        return Err(Trouble::CannotPlay("stock does something else".to_owned()));
    }
    let plan = stage::set(scenario).map_err(Trouble::CannotPlay)?;
    let record = records.read(&scenario.name).ok_or_else(|| {
        let how = "CALLCENTER_RECORD_STOCK=1 make host-test HOST_TESTS=every_scenario";
        Trouble::Fails(format!("there is no record of stock; make one with {how}"))
    })?;
    let stock = Lives::recorded(scenario, &record);
    for seed in SEEDS {
        let ours = play::play(scenario, &plan, seed)
            .map_err(|error| Trouble::Fails(format!("with network {seed}: {error}")))?;
        if let Some(difference) = stock.difference(&ours, scenario) {
            return Err(Trouble::Fails(format!(
                "with network {seed} (- stock, + ours):\n{difference}"
            )));
        }
    }
    Ok(())
}
