//! The same seed gives the same outputs, byte for byte.

use crate::centre::random_day;
use callcenter_simulator::{Observer, Plan, Scene, World};
use mod_callcenter::engine::{EngineError, Input, Output, Reply, Timestamp};
use std::ops::ControlFlow;

#[derive(Default)]
struct Transcript(String);

impl Observer for Transcript {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        self.0.push_str(&format!("{now:?} {input:?} {reply:?}\n"));
    }

    fn deadline(&mut self, now: Timestamp) {
        self.0.push_str(&format!("{now:?} deadline\n"));
    }

    fn output(&mut self, now: Timestamp, output: &Output) {
        self.0.push_str(&format!("{now:?} {output:?}\n"));
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn transcript(plan: &Plan) -> String {
    let mut transcript = Transcript::default();
    World::new(plan.clone()).run(&mut transcript);
    transcript.0
}

#[test]
fn the_same_seed_gives_the_same_outputs() {
    let strategies = [
        "longest-idle-agent",
        "random",
        "ring-all",
        "round-robin",
        "ring-progressively",
    ];
    for seed in 0..8 {
        let plan = random_day(seed, &strategies);
        let first = transcript(&plan);
        assert!(!first.is_empty(), "seed {seed} gave an empty day");
        assert!(first == transcript(&plan), "seed {seed} gave two different days");
    }
}

#[test]
fn another_seed_gives_another_day() {
    let day = |seed| transcript(&random_day(seed, &["longest-idle-agent"]));
    assert_ne!(day(1), day(2));
}
