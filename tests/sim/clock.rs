//! Somebody sets the clock, forward and back, while calls go on: the day goes as if nobody had.

use crate::centre::random_day;
use crate::demand::with_demands;
use callcenter_simulator::{Act, Dice, Draw, Observer, Plan, Scene, World};
use mod_callcenter::engine::{EngineError, Input, Output, Reply, Span, Timestamp};
use std::ops::ControlFlow;

/// Everything the engine wants done, and when; epochs are left out.
#[derive(Default)]
struct Course(Vec<String>);

impl Observer for Course {
    fn input(&mut self, _: Timestamp, _: &Input, _: &Result<Reply, EngineError>) {}

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, now: Timestamp, output: &Output) {
        // Rows are the mirror of the rest; deadlines in them follow the clock.
        if !matches!(output, Output::Row(_) | Output::Notice(_)) {
            self.0
                .push(format!("{now:?} {}", without_epochs(&format!("{output:?}"))));
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Ten digits are an epoch: the days are in 2023, and nothing else here has as many. A number behind it, in the name of a stay, is there
/// because the same second may have come twice, and goes with it.
fn without_epochs(text: &str) -> String {
    let is_epoch = |part: &&str| part.len() == 10 && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.split_inclusive(|character: char| !character.is_ascii_digit());
    let trim = |part: &str| {
        let digits = part.trim_end_matches(|character: char| !character.is_ascii_digit());
        match is_epoch(&digits) {
            true => format!("EPOCH{}", &part[digits.len()..]),
            false => part.to_owned(),
        }
    };
    let text: String = parts.map(trim).collect();
    let mut pieces = text.split("EPOCH.");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let rest = piece.trim_start_matches(|character: char| character.is_ascii_digit());
        let dot = if rest.len() == piece.len() { "." } else { "" };
        text + "EPOCH" + dot + rest
    })
}

fn course(plan: &Plan) -> (Vec<String>, Vec<String>) {
    let mut course = Course::default();
    let mut world = World::new(plan.clone());
    world.run(&mut course);
    let figures = world.driver().view(|engine, _| {
        let rows = engine.agent_rows();
        let figures = |row: &mod_callcenter::engine::AgentRow| {
            format!("{}: {} calls, {} s", row.name, row.calls_answered, row.talk_time)
        };
        rows.iter().map(figures).collect()
    });
    (course.0, figures)
}

/// A day on which nobody names an epoch: that would be another one where the clock has been set. Nor was anybody answered before the
/// queue: a second that the clock has shown twice is read as the later one.
fn quiet_day(seed: u64) -> Plan {
    let strategies = [
        "longest-idle-agent",
        "ring-all",
        "ring-progressively",
        "top-down",
        "round-robin",
    ];
    let plan = random_day(seed, &strategies);
    let mut plan = if seed % 2 == 0 { with_demands(plan) } else { plan };
    for traffic in &mut plan.traffic {
        traffic.before_queue = Draw::Fixed(0.0);
    }
    plan.acts.retain(|(_, act)| {
        let text = format!("{act:?}");
        !text.contains("ReadyTime") && !text.contains("Crash") && !text.contains("WriteRow")
    });
    plan
}

/// Forward and back by up to a day, a minute apart on average.
fn with_a_restless_clock(mut plan: Plan) -> Plan {
    let mut dice = Dice::new(plan.seed, "clock");
    let mut at = plan.start;
    loop {
        at = at + Draw::Exponential(60.0).roll(&mut dice);
        if at > plan.start + plan.length {
            break;
        }
        let by = match dice.below(3) {
            0 => Span::from_secs(dice.between(-1, 1) * 3600),
            1 => Span::from_secs(dice.between(-5, 5)),
            _ => Span::from_secs(dice.between(-86_400, 86_400)),
        };
        plan.acts.push((at, Act::SetClock(by)));
    }
    plan.acts.sort_by_key(|(at, _)| *at);
    plan
}

#[test]
fn no_deadline_moves_when_the_clock_is_set() {
    for seed in 0..24 {
        let plan = quiet_day(seed);
        let (steady, figures) = course(&plan);
        let (restless, as_figures) = course(&with_a_restless_clock(plan));
        let differs = steady.iter().zip(&restless).position(|(one, other)| one != other);
        let shown = differs.map(|at| (&steady[at], &restless[at]));
        assert!(steady.len() > 100, "seed {seed} gave an empty day");
        assert!(shown.is_none(), "seed {seed}: {shown:#?}");
        assert_eq!((steady.len(), figures), (restless.len(), as_figures), "seed {seed}");
    }
}

#[test]
fn epochs_are_recognised() {
    assert_eq!(
        without_epochs("1700000000 a1699999999.2 b1699999998.o1 12345 c1699999997.3.o2"),
        "EPOCH aEPOCH bEPOCH.o1 12345 cEPOCH.o2"
    );
}
