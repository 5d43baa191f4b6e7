//! Which estimate of a caller's wait is best: each is asked when a caller comes, and compared with how long the caller then waits.
//!
//! `cargo test --test sim estimates -- --nocapture` prints the table of docs/developing/estimates.md.

use callcenter_simulator::{Ambushes, Draw, Network, Observer, Phone, Plan, Scene, Storage, Traffic, World};
use mod_callcenter::engine::{
    find_parameter, AgentConfig, AgentRow, AgentStatus, AgentType, EngineError, Event, Input, Output, QueueConfig,
    Reply, Settings, Span, TierConfig, Timestamp, AGENT_ATTRIBUTES,
};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::ControlFlow;

/// The estimates that are compared. The first two are the engine's.
const NAMES: [&str; 5] = ["pace", "OpenSIPS", "agents", "last served", "first in line"];

type Guesses = [f64; NAMES.len()];

/// Seconds of rest after each call.
const WRAP_UP: f64 = 15.0;

/// How much the latest call counts in an average.
const WEIGHT: f64 = 0.1;

/// What the other estimates know of a queue.
#[derive(Default)]
struct Known {
    /// When those came who wait, in their order.
    waiting: VecDeque<(String, Timestamp)>,
    /// From the offer to the end of the wrap-up, on average.
    handling: f64,
    /// How long the last caller waited who was served.
    last_wait: f64,
}

/// Errors of each estimate, for callers who had to wait.
struct Comparison {
    queues: BTreeMap<String, Known>,
    /// Who has just come, to which queue.
    newcomer: Option<(String, String)>,
    guesses: HashMap<String, (Timestamp, Guesses)>,
    /// Queue and beginning of the offer that each agent has.
    offered: HashMap<String, (String, Timestamp)>,
    errors: Guesses,
    waits: f64,
    callers: f64,
}

impl Comparison {
    fn new() -> Self {
        Self {
            queues: BTreeMap::new(),
            newcomer: None,
            guesses: HashMap::new(),
            offered: HashMap::new(),
            errors: Guesses::default(),
            waits: 0.0,
            callers: 0.0,
        }
    }

    /// What each estimate says of a caller who has just come to this queue.
    fn guess(&self, scene: &Scene<'_>, queue: &str) -> Guesses {
        let statistics = scene.driver.view(|engine, _| engine.queue_statistics(Some(queue)));
        let (Some(known), Some(engine)) = (self.queues.get(queue), statistics.first()) else {
            return Guesses::default();
        };
        // The engine says how long the next one would wait; this one has one caller less before it.
        let here = engine.live.on_hold as f64;
        let pace = engine.estimated_wait.map_or(0.0, seconds) * here / (here + 1.0);
        let queued = engine.live.queued as f64;
        let opensips = engine.opensips_wait.map_or(0.0, seconds) * (queued - 1.0).max(0.0) / queued.max(1.0);
        let first = known.waiting.front().map_or(scene.now, |(_, since)| *since);
        [
            pace,
            opensips,
            known.handling * here / engine.live.agents.max(1) as f64,
            known.last_wait,
            seconds(scene.now.since(first)),
        ]
    }

    fn leaves(&mut self, queue: &str, uuid: &str) {
        if let Some(known) = self.queues.get_mut(queue) {
            known.waiting.retain(|(waiting, _)| waiting != uuid);
        }
    }

    fn answered(&mut self, now: Timestamp, event: &Event) {
        let (queue, uuid, agent) = (
            get(event, "CC-Queue"),
            get(event, "CC-Member-UUID"),
            get(event, "CC-Agent"),
        );
        self.leaves(&queue, &uuid);
        let offered = self.offered.get(&agent).map_or(now, |(_, offered)| *offered);
        let Some((came, guess)) = self.guesses.remove(&uuid) else {
            return;
        };
        let wait = seconds(now.since(came));
        if let Some(known) = self.queues.get_mut(&queue) {
            known.last_wait = wait;
        }
        if offered > came {
            self.callers += 1.0;
            self.waits += wait;
            for (error, guess) in self.errors.iter_mut().zip(guess) {
                *error += (guess - wait).abs();
            }
        }
    }

    fn hung_up(&mut self, now: Timestamp, event: &Event) {
        let Some((queue, offered)) = self.offered.remove(&get(event, "CC-Agent")) else {
            return;
        };
        if let Some(known) = self.queues.get_mut(&queue) {
            let handling = seconds(now.since(offered)) + WRAP_UP;
            known.handling += if known.handling == 0.0 {
                handling
            } else {
                WEIGHT * (handling - known.handling)
            };
        }
    }
}

fn get(event: &Event, header: &str) -> String {
    event.header(header).unwrap_or_default().to_owned()
}

fn seconds(span: Span) -> f64 {
    span.micros() as f64 / 1e6
}

impl Observer for Comparison {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        if let (Input::MemberJoin(request), Ok(Reply::Joined { member_uuid, .. })) = (input, reply) {
            let known = self.queues.entry(request.queue.clone()).or_default();
            known.waiting.push_back((member_uuid.clone(), now));
            self.guesses.insert(member_uuid.clone(), (now, Guesses::default()));
            self.newcomer = Some((member_uuid.clone(), request.queue.clone()));
        }
    }

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, now: Timestamp, output: &Output) {
        let Output::Event(event) = output else { return };
        match event.action() {
            "agent-offering" => {
                let offer = (get(event, "CC-Queue"), now);
                self.offered.insert(get(event, "CC-Agent"), offer);
            }
            "bridge-agent-start" => self.answered(now, event),
            "bridge-agent-end" => self.hung_up(now, event),
            "member-queue-end" => {
                self.leaves(&get(event, "CC-Queue"), &get(event, "CC-Member-UUID"));
                self.guesses.remove(&get(event, "CC-Member-UUID"));
            }
            _ => {}
        }
    }

    fn settled(&mut self, scene: &Scene<'_>) -> ControlFlow<()> {
        if let Some((uuid, queue)) = self.newcomer.take() {
            let guess = self.guess(scene, &queue);
            self.guesses.entry(uuid).and_modify(|(_, guesses)| *guesses = guess);
        }
        ControlFlow::Continue(())
    }
}

/// A call centre: of each queue the average talk in seconds and the share of the calls; how many agents there are, and how many
/// queues each serves; how long callers have patience on average.
struct Trace {
    name: &'static str,
    queues: &'static [(f64, f64)],
    agents: usize,
    serves: usize,
    patience: f64,
}

const TRACES: [Trace; 4] = [
    Trace {
        name: "one queue, 10 agents",
        queues: &[(180.0, 1.0)],
        agents: 10,
        serves: 1,
        patience: 400.0,
    },
    Trace {
        name: "one queue, 40 agents",
        queues: &[(240.0, 1.0)],
        agents: 40,
        serves: 1,
        patience: 300.0,
    },
    Trace {
        name: "three queues sharing 15 agents",
        queues: &[(120.0, 0.5), (240.0, 0.3), (400.0, 0.2)],
        agents: 15,
        serves: 3,
        patience: 400.0,
    },
    Trace {
        name: "four queues, each agent in two",
        queues: &[(150.0, 0.4), (200.0, 0.3), (300.0, 0.2), (90.0, 0.1)],
        agents: 20,
        serves: 2,
        patience: 300.0,
    },
];

/// How busy each hour is, as a share of the peak.
const HOURS: [f64; 10] = [0.4, 0.7, 0.95, 1.0, 0.8, 0.6, 0.85, 1.0, 0.75, 0.4];

/// At a load of 1 the calls of the peak take all the agents' time.
fn day(trace: &Trace, load: f64, seed: u64) -> Plan {
    let names: Vec<String> = (0..trace.agents).map(|n| format!("a{n}")).collect();
    let queue_name = |n: usize| format!("q{n}@default");
    let wrap_up = find_parameter(AGENT_ATTRIBUTES, "wrap-up-time").expect("an attribute");
    let like = AgentRow::new("", "", AgentType::callback());
    let agents = names.iter().map(|name| AgentConfig {
        name: name.clone(),
        agent_type: AgentType::callback(),
        contact: Some("user/1000".to_owned()),
        status: Some(AgentStatus::Available),
        skills: None,
        attributes: vec![wrap_up.assign(&like, &WRAP_UP.to_string()).expect("a value")],
        limits: Vec::new(),
    });
    let tiers = names.iter().enumerate().flat_map(|(agent, name)| {
        (0..trace.serves).map(move |which| TierConfig {
            queue: queue_name((agent + which) % trace.queues.len()),
            agent: name.clone(),
            level: 1,
            position: 1,
        })
    });
    let phone = Phone {
        answer: Draw::Uniform(2.0, 8.0),
        no_answer: 0.03,
        ..Phone::default()
    };
    let handling: f64 = trace.queues.iter().map(|(talk, share)| (talk + 20.0) * share).sum();
    let at_peak = load * trace.agents as f64 * 3600.0 / handling;
    let traffic = trace.queues.iter().enumerate().map(|(n, (talk, share))| Traffic {
        talk: Draw::Exponential(*talk),
        patience: Draw::Exponential(trace.patience),
        redial: 0.2,
        calls_per_hour: HOURS.iter().map(|busy| busy * at_peak * share).collect(),
        ..Traffic::new(queue_name(n), 0.0)
    });
    Plan {
        seed,
        start: Timestamp::from_secs(1_699_952_400),
        length: Span::from_secs(36_000),
        settings: Settings::default(),
        queues: (0..trace.queues.len())
            .map(|n| QueueConfig::named(queue_name(n)))
            .collect(),
        agents: agents.collect(),
        tiers: tiers.collect(),
        traffic: traffic.collect(),
        phones: names.iter().map(|name| (name.clone(), phone.clone())).collect(),
        acts: Vec::new(),
        network: Network::IDEAL,
        storage: Storage::IDEAL,
        ambushes: Ambushes::default(),
    }
}

/// Days of each trace and load.
const DAYS: u64 = 2;

#[test]
fn the_estimate_in_use_is_the_best() {
    println!(
        "| trace | load | callers who waited | their wait, s | {} |",
        NAMES.join(" | ")
    );
    let mut sums = Guesses::default();
    for trace in &TRACES {
        for load in [0.8, 1.0, 1.3] {
            let mut comparison = Comparison::new();
            for seed in 0..DAYS {
                comparison.queues.clear();
                World::new(day(trace, load, seed)).run(&mut comparison);
            }
            let callers = comparison.callers;
            let errors = comparison.errors.map(|error| error / callers);
            let shown = errors.map(|error| format!("{error:.1}")).join(" | ");
            let wait = comparison.waits / callers;
            println!("| {} | {load} | {callers} | {wait:.1} | {shown} |", trace.name);
            assert!(callers > 100.0, "too few to compare");
            assert!(errors[0] < 1.1 * errors[1], "worse than OpenSIPS's: {shown}");
            for (sum, error) in sums.iter_mut().zip(errors) {
                *sum += error;
            }
        }
    }
    let [pace, others @ ..] = sums;
    assert!(others.iter().all(|other| pace < *other), "{NAMES:?} {sums:?}");
}
