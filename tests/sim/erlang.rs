//! Where queueing theory has an answer, the simulated call centre gives the same.

use callcenter_simulator::{Ambushes, Draw, Network, Observer, Phone, Plan, Scene, Storage, Traffic, World};
use mod_callcenter::engine::{
    AgentConfig, AgentStatus, AgentType, EngineError, Input, Output, QueueConfig, Reply, Settings, Span, TierConfig,
    Timestamp,
};
use std::collections::HashMap;
use std::ops::ControlFlow;

const QUEUE: &str = "erlang@default";
const TALK: f64 = 120.0;

/// How long members wait for the agent who answers.
#[derive(Default)]
struct Waits {
    joined: HashMap<String, Timestamp>,
    total: f64,
    answered: f64,
    waited: f64,
}

impl Observer for Waits {
    fn input(&mut self, now: Timestamp, _: &Input, reply: &Result<Reply, EngineError>) {
        if let Ok(Reply::Joined { member_uuid, .. }) = reply {
            self.joined.insert(member_uuid.clone(), now);
        }
    }

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, now: Timestamp, output: &Output) {
        let Output::Event(event) = output else { return };
        if event.action() != "bridge-agent-start" {
            return;
        }
        if let Some(joined) = event.header("CC-Member-UUID").and_then(|uuid| self.joined.remove(uuid)) {
            let waited = now.since(joined).micros();
            self.answered += 1.0;
            self.total += waited as f64 / 1e6;
            self.waited += f64::from(waited > 0);
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// A queue with this many always-ready agents who answer at once, and callers who never give up.
fn ideal_day(agents: u32, calls_per_hour: f64, strategy: &str, days: i64) -> Plan {
    let names: Vec<String> = (0..agents).map(|n| format!("a{n}")).collect();
    let callback = AgentType::parse("callback").expect("one of stock's types");
    let agent = |name: &String| AgentConfig {
        name: name.clone(),
        agent_type: callback.clone(),
        contact: Some("user/1000".to_owned()),
        status: Some(AgentStatus::Available),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    };
    let tier = |name: &String| TierConfig {
        queue: QUEUE.to_owned(),
        agent: name.clone(),
        level: 1,
        position: 1,
    };
    let answers_at_once = Phone {
        answer: Draw::Fixed(0.0),
        ..Phone::default()
    };
    Plan {
        seed: 1917,
        start: Timestamp::from_secs(1_699_952_400),
        length: Span::from_secs(days * 86_400),
        settings: Settings::default(),
        queues: vec![QueueConfig {
            strategy: strategy.to_owned(),
            ..QueueConfig::named(QUEUE)
        }],
        agents: names.iter().map(agent).collect(),
        tiers: names.iter().map(tier).collect(),
        traffic: vec![Traffic {
            talk: Draw::Exponential(TALK),
            patience: Draw::Fixed(86_400.0),
            ..Traffic::new(QUEUE, calls_per_hour)
        }],
        phones: names
            .iter()
            .map(|name| (name.clone(), answers_at_once.clone()))
            .collect(),
        acts: Vec::new(),
        network: Network::IDEAL,
        storage: Storage::IDEAL,
        ambushes: Ambushes::default(),
    }
}

/// Erlang's C formula: the probability that a caller has to wait, `load` in Erlang.
fn erlang_c(agents: u32, load: f64) -> f64 {
    // The B formula by its recursion, which neither overflows nor loses digits.
    let blocked = (1..=agents).fold(1.0, |b, n| load * b / (f64::from(n) + load * b));
    let agents = f64::from(agents);
    agents * blocked / (agents - load * (1.0 - blocked))
}

/// So many calls tell a mean wait to two or three per cent.
const CALLS: f64 = 60_000.0;

fn compare(agents: u32, calls_per_hour: f64, strategy: &str) {
    let mut waits = Waits::default();
    let days = (CALLS / (24.0 * calls_per_hour)).ceil() as i64;
    World::new(ideal_day(agents, calls_per_hour, strategy, days)).run(&mut waits);
    let load = calls_per_hour / 3600.0 * TALK;
    let waiting = erlang_c(agents, load);
    let mean_wait = waiting * TALK / (f64::from(agents) - load);
    let (measured, share) = (waits.total / waits.answered, waits.waited / waits.answered);
    let near = |value: f64, theory: f64| (value - theory).abs() < 0.06 * theory;
    let context = format!(
        "{strategy}, {agents} agents, {load:.1} Erlang, {} calls",
        waits.answered
    );
    assert!(
        near(measured, mean_wait),
        "{context}: mean wait {measured:.2} s, theory {mean_wait:.2} s"
    );
    assert!(
        near(share, waiting),
        "{context}: {share:.3} have to wait, theory {waiting:.3}"
    );
}

#[test]
fn waits_agree_with_erlang_c() {
    compare(1, 18.0, "longest-idle-agent");
    compare(5, 120.0, "longest-idle-agent");
    compare(5, 120.0, "round-robin");
    compare(12, 300.0, "ring-all");
}

#[test]
fn the_formula_gives_the_figures_of_the_tables() {
    assert!((erlang_c(1, 0.5) - 0.5).abs() < 1e-12);
    assert!((erlang_c(5, 4.0) - 0.554_1).abs() < 1e-4);
}
