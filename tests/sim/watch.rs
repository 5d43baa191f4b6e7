//! Watches a run with all checkers; on a finding, runs the day again up to there and prints the last of it.

use crate::agreement;
use crate::fairness;
use crate::idleness;
use crate::ledger::{Finding, Ledger};
use mod_callcenter::core::{EngineError, Input, Output, Reply, Timestamp};
use mod_callcenter::sim::{Observer, Plan, Progress, Scene, World};
use std::ops::ControlFlow;

/// How many steps before a finding are printed.
const STEPS_SHOWN: u64 = 60;
/// Every so many steps rows and views are compared as a whole; each step would cost more than the day itself.
const STEPS_BETWEEN_COMPARISONS: u64 = 16;

/// Runs a day to its end under all checkers.
///
/// # Panics
/// On the first finding, with the seed and what came before it.
pub fn check(name: &str, plan: &Plan) {
    if let Err((step, finding)) = find(plan) {
        let seed = plan.seed;
        let trace = replay(plan, step);
        panic!("{trace}\n{finding}\nAgain with: SIM_SEED={seed} cargo test --test sim {name}");
    }
}

/// Runs a day to its end, or to the first finding and the step it belongs to.
pub fn find(plan: &Plan) -> Result<(), (u64, String)> {
    let mut watch = Watch::default();
    let progress = World::new(plan.clone()).run(&mut watch);
    let verdict = match progress {
        Progress::Over => watch
            .finding
            .and_then(|()| agreement::everything_is_over(&watch.ledger)),
        _ => watch.finding.and(Err(format!("the run is {progress:?}"))),
    };
    verdict.map_err(|finding| (watch.steps, finding))
}

/// Runs a day again and keeps its last steps before `step`.
fn replay(plan: &Plan, step: u64) -> String {
    let mut watch = Watch {
        show_from: step.saturating_sub(STEPS_SHOWN),
        stop_at: step,
        ..Watch::default()
    };
    World::new(plan.clone()).run(&mut watch);
    watch.trace
}

/// All checkers, and the trace.
pub struct Watch {
    pub steps: u64,
    pub finding: Finding,
    ledger: Ledger,
    touches_tiers: bool,
    show_from: u64,
    stop_at: u64,
    trace: String,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            steps: 0,
            finding: Ok(()),
            ledger: Ledger::default(),
            touches_tiers: false,
            show_from: u64::MAX,
            stop_at: u64::MAX,
            trace: String::new(),
        }
    }
}

impl Watch {
    fn note(&mut self, finding: Finding) {
        if self.finding.is_ok() {
            self.finding = finding;
        }
    }

    fn show(&mut self, now: Timestamp, what: std::fmt::Arguments<'_>) {
        if self.steps >= self.show_from {
            let micros = now.micros().rem_euclid(1_000_000);
            self.trace
                .push_str(&format!("[{}] {}.{micros:06} {what}\n", self.steps, now.secs()));
        }
    }
}

impl Observer for Watch {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        self.show(now, format_args!("> {input:?} = {reply:?}"));
        self.touches_tiers = matches!(input, Input::TierSet { .. } | Input::ApplyTier(_) | Input::TierAdd(_));
        let finding = self.ledger.input(now, input, reply);
        self.note(finding);
    }

    fn deadline(&mut self, now: Timestamp) {
        self.show(now, format_args!("> deadline"));
        self.touches_tiers = false;
    }

    fn output(&mut self, now: Timestamp, output: &Output) {
        if !matches!(
            output,
            Output::Variables { .. } | Output::Presence(_) | Output::Notice(_)
        ) {
            self.show(now, format_args!("    < {output:?}"));
        }
        if let Output::Ring(ring) = output {
            if !self.touches_tiers {
                let finding = fairness::best_member_first(&self.ledger, now, ring);
                self.note(finding);
            }
        }
        let finding = self.ledger.output(now, output);
        self.note(finding);
    }

    fn settled(&mut self, scene: &Scene<'_>) -> ControlFlow<()> {
        let finding = self.ledger.settle().and_then(|()| self.check_scene(scene));
        self.note(finding);
        self.steps += 1;
        if self.finding.is_err() || self.steps >= self.stop_at {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl Watch {
    fn check_scene(&self, scene: &Scene<'_>) -> Finding {
        agreement::states_follow_offers(&self.ledger)?;
        agreement::phones_ring_for_live_offers(&self.ledger, scene)?;
        idleness::nobody_waits_for_a_free_agent(&self.ledger, scene.now)?;
        if self.steps % STEPS_BETWEEN_COMPARISONS == 0 {
            agreement::rows_equal_views(&self.ledger, scene)?;
        }
        Ok(())
    }
}
