//! Everything that can go wrong, put upon a random day. The workload knows nothing of the checkers.

use crate::meddling::{random_acts, random_ambushes, random_mishaps};
use callcenter_simulator::{Dice, Draw, Network, Plan, Storage};
use mod_callcenter::engine::Span;

/// The day with bad luck: some of all faults, or much of a few.
pub fn with_faults(mut plan: Plan) -> Plan {
    let mut dice = Dice::new(plan.seed, "faults");
    plan.network = bad_network(plan.network, &mut dice);
    plan.storage = bad_storage(&mut dice);
    let often = 5.0 + 85.0 * dice.unit();
    plan.acts = random_acts(&plan, often, &mut dice);
    if dice.chance(0.6) {
        let apart = 60.0 + 600.0 * dice.unit();
        plan.acts.extend(random_mishaps(&plan, apart, &mut dice));
    }
    if dice.chance(0.6) {
        let chance = 0.3 * dice.unit();
        plan.ambushes = random_ambushes(&plan, chance, &mut dice);
    }
    plan
}

fn bad_network(network: Network, dice: &mut Dice) -> Network {
    let mut sometimes = |most: f64| if dice.chance(0.4) { most * dice.unit() } else { 0.0 };
    let network = Network {
        very_late: sometimes(0.05),
        late_answers: sometimes(0.5),
        lost_reports: sometimes(0.2),
        lost_results: sometimes(0.1),
        repeats: sometimes(0.3),
        refuses: sometimes(0.5),
        ..network
    };
    let grains = [
        Span::ZERO,
        Span::from_millis(100),
        Span::from_secs(1),
        Span::from_secs(5),
    ];
    let grain = dice.pick(&grains).copied().unwrap_or(Span::ZERO);
    Network { grain, ..network }
}

/// A disk that is slow, full now and then, or most of the time.
fn bad_storage(dice: &mut Dice) -> Storage {
    let failures = [0.0, 0.2, 0.98];
    Storage {
        gathering: Span::from_millis(50),
        fails: dice.pick(&failures).copied().unwrap_or(0.0),
        pause: Draw::Uniform(0.05, 1.0),
    }
}
