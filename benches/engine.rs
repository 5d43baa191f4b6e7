//! What one input costs the engine, with many members waiting and many agents serving.
//!
//! Each measured step leaves the call centre as large as it was, so the figures are those of a steady day.

use criterion::{criterion_group, criterion_main, BatchSize, BenchmarkId, Criterion};
use mod_callcenter::core::{
    AgentSetting, AgentType, Engine, EngineError, HangupCause, Input, JoinRequest, MemberExit, MemberId, OfferId,
    Output, QueueConfig, Reply, Settings, Span, TierConfig, Timestamp,
};
use std::hint::black_box;

const MEMBERS: [usize; 3] = [10, 1_000, 100_000];
const AGENTS: [usize; 3] = [10, 1_000, 10_000];
const STRATEGIES: [&str; 9] = [
    "longest-idle-agent",
    "round-robin",
    "top-down",
    "agent-with-least-talk-time",
    "agent-with-fewest-calls",
    "sequentially-by-agent-order",
    "random",
    "ring-progressively",
    "ring-all",
];

/// A call centre in which every agent talks and the other callers wait.
struct Day {
    engine: Engine,
    now: Timestamp,
    callers: u64,
    talking: Vec<OfferId>,
}

impl Day {
    fn new(strategy: &str, queues: usize, agents: usize, waiting: usize) -> Self {
        let engine = Engine::new(Settings::default(), 1);
        let mut day = Self {
            engine,
            now: Timestamp::from_secs(1_000_000),
            callers: 0,
            talking: Vec::new(),
        };
        for queue in 0..queues {
            let config = QueueConfig {
                strategy: strategy.to_owned(),
                ..QueueConfig::named(queue_name(queue))
            };
            let _ = day.tell(Input::LoadQueue(config));
        }
        for agent in 0..agents {
            day.add_agent(&format!("agent{agent}"), agent % queues);
        }
        for agent in 0..agents {
            day.join(agent % queues);
            day.answer_rings();
        }
        for member in 0..waiting {
            day.join(member % queues);
        }
        day
    }

    fn tell(&mut self, input: Input) -> Result<Reply, EngineError> {
        self.now = self.now + Span::from_millis(1);
        self.engine.handle_input(self.now, input)
    }

    fn add_agent(&mut self, name: &str, queue: usize) {
        let Some(agent_type) = AgentType::parse("callback") else {
            return;
        };
        let tier = TierConfig {
            queue: queue_name(queue),
            agent: name.to_owned(),
            level: 1,
            position: 1,
        };
        let status = AgentSetting::Status("Available".to_owned());
        for input in [
            Input::AgentAdd {
                name: name.to_owned(),
                agent_type,
            },
            Input::TierAdd(tier),
            Input::AgentSet {
                name: name.to_owned(),
                setting: status,
            },
        ] {
            let _ = self.tell(input);
        }
    }

    fn join(&mut self, queue: usize) -> Option<MemberId> {
        self.callers += 1;
        let request = JoinRequest {
            queue: queue_name(queue),
            session_uuid: format!("session-{}", self.callers),
            new_member_uuid: format!("member-{}", self.callers),
            cid_number: self.callers.to_string(),
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Ok(Reply::Joined { member, .. }) => Some(member),
            _ => None,
        }
    }

    fn leave(&mut self, member: MemberId) {
        let exit = MemberExit {
            channel_up: false,
            reason: None,
        };
        let _ = black_box(self.tell(Input::MemberExit { member, exit }).is_ok());
        self.rings();
    }

    fn rings(&mut self) -> Vec<OfferId> {
        let mut rings = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            if let Output::Ring(ring) = black_box(output) {
                rings.push(ring.offer);
            }
        }
        rings
    }

    fn answer_rings(&mut self) {
        for offer in self.rings() {
            if self
                .tell(Input::OfferAnswered {
                    offer,
                    agent_uuid: format!("leg-{}", offer.number()),
                })
                .is_ok()
            {
                let _ = self.tell(Input::OfferBridged { offer });
                self.talking.push(offer);
            }
        }
        self.rings();
    }

    /// One agent hangs up and gets the next caller; a new caller takes that one's place in line.
    fn next_call(&mut self) {
        let Some(offer) = self.talking.pop() else { return };
        let _ = self.tell(Input::AgentLegEnded {
            offer,
            cause: HangupCause::NORMAL_CLEARING,
        });
        self.answer_rings();
        self.join(0);
    }
}

fn queue_name(queue: usize) -> String {
    format!("queue{queue}@default")
}

fn join_and_leave(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("join_and_leave");
    for members in MEMBERS {
        let mut day = Day::new("longest-idle-agent", 1, 1_000, members);
        group.bench_function(BenchmarkId::from_parameter(members), |bencher| {
            bencher.iter_batched(
                || (),
                |()| {
                    if let Some(member) = day.join(0) {
                        day.leave(member);
                    }
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn next_call(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agent_freed_offered_bridged");
    for (agents, members) in AGENTS.into_iter().zip(MEMBERS) {
        for queues in [1, 500] {
            let mut day = Day::new("longest-idle-agent", queues.min(agents), agents, members);
            let id = format!("{agents} agents, {members} waiting, {queues} queues");
            group.bench_function(BenchmarkId::from_parameter(id), |bencher| {
                bencher.iter(|| day.next_call())
            });
        }
    }
    group.finish();
}

fn strategies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("strategy");
    for strategy in STRATEGIES {
        let mut day = Day::new(strategy, 1, 1_000, 1_000);
        group.bench_function(BenchmarkId::from_parameter(strategy), |bencher| {
            bencher.iter(|| day.next_call())
        });
    }
    group.finish();
}

fn set_status(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("set_status");
    for agents in AGENTS {
        let mut day = Day::new("longest-idle-agent", 1, agents, 0);
        let mut on_break = false;
        group.bench_function(BenchmarkId::from_parameter(agents), |bencher| {
            bencher.iter(|| {
                on_break = !on_break;
                let status = if on_break { "On Break" } else { "Available" };
                let setting = AgentSetting::Status(status.to_owned());
                let _ = black_box(day.tell(Input::AgentSet {
                    name: "agent0".to_owned(),
                    setting,
                }));
                day.rings();
            });
        });
    }
    group.finish();
}

/// What `queue load` of a large site hands to the engine: 100 queues, 1,000 agents, three tiers each.
fn load(criterion: &mut Criterion) {
    criterion.bench_function("load 1000 agents, 3000 tiers, 100 queues", |bencher| {
        bencher.iter(|| {
            let mut day = Day::new("longest-idle-agent", 100, 1_000, 0);
            for agent in 0..1_000 {
                for other in [1, 2] {
                    let queue = queue_name((agent + other) % 100);
                    let tier = TierConfig {
                        queue,
                        agent: format!("agent{agent}"),
                        level: 1,
                        position: 1,
                    };
                    let _ = day.tell(Input::ApplyTier(tier));
                }
            }
            day.rings()
        });
    });
}

criterion_group!(benches, join_and_leave, next_call, strategies, set_status, load);
criterion_main!(benches);
