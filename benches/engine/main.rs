//! What one input costs the engine, with many members waiting and many agents serving.
//!
//! Each measured step leaves the call centre as large as it was, so the figures are those of a steady day.

use std::hint::black_box;
use std::time::Duration;

use criterion::{criterion_group, criterion_main, BatchSize, BenchmarkId, Criterion};
use mod_callcenter::engine::{AgentSetting, Input};

use callcenter_test_support::day::Day;

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

/// One agent hangs up and gets the next caller; a new caller takes that one's place in line.
fn next_call(day: &mut Day) {
    day.hang_up();
    for queue in day.answer_rings() {
        day.join(queue);
    }
    day.rings();
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

fn agent_freed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agent_freed_offered_bridged");
    for (agents, members) in AGENTS.into_iter().zip(MEMBERS) {
        for queues in [1, 500] {
            let mut day = Day::new("longest-idle-agent", queues.min(agents), agents, members);
            let id = format!("{agents} agents, {members} waiting, {queues} queues");
            group.bench_function(BenchmarkId::from_parameter(id), |bencher| {
                bencher.iter(|| next_call(&mut day))
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
            bencher.iter(|| next_call(&mut day))
        });
    }
    group.finish();
}

/// Each agent serves 50 of 500 queues.
fn agents_in_many_queues(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agents_in_50_queues");
    for (agents, members) in AGENTS.into_iter().zip(MEMBERS) {
        let mut day = Day::with_tiers("longest-idle-agent", 500, 50, agents, members);
        let id = format!("{agents} agents, {members} waiting");
        group.bench_function(BenchmarkId::from_parameter(id), |bencher| {
            bencher.iter(|| next_call(&mut day))
        });
    }
    group.finish();
}

/// Agents and callers find each other by skills: so many different ones are asked for at once.
fn skills(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("skills");
    for skills in [10, 100] {
        let mut day = Day::with_skills(skills, 10_000, 100_000);
        let id = format!("10000 agents, 100000 waiting, {skills} skills");
        group.bench_function(BenchmarkId::from_parameter(id), |bencher| {
            bencher.iter(|| next_call(&mut day))
        });
    }
    group.finish();
}

/// An agent who talks goes on break and comes back, with many waiting.
fn set_status(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("set_status");
    for (agents, members) in AGENTS.into_iter().zip(MEMBERS) {
        let mut day = Day::new("longest-idle-agent", 1, agents, members);
        let mut on_break = false;
        let id = format!("{agents} agents, {members} waiting");
        group.bench_function(BenchmarkId::from_parameter(id), |bencher| {
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

/// The same inputs with many who are to be called back in the queue, and without.
fn callbacks(criterion: &mut Criterion) {
    const LATER: u32 = 86_400;
    let mut group = criterion.benchmark_group("callbacks");
    for pending in [0, 10_000] {
        let mut day = Day::with_callbacks(100, 1_000, pending, LATER);
        group.bench_function(BenchmarkId::new("join_and_leave", pending), |bencher| {
            bencher.iter(|| {
                if let Some(member) = day.join(0) {
                    day.leave(member);
                }
            });
        });
        group.bench_function(BenchmarkId::new("agent_freed_offered_bridged", pending), |bencher| {
            bencher.iter(|| next_call(&mut day));
        });
    }
    for pending in [1, 10_000] {
        let mut day = Day::with_callbacks(1, 0, pending, 0);
        day.hang_up();
        group.bench_function(BenchmarkId::new("attempt_in_vain_and_the_next", pending), |bencher| {
            bencher.iter(|| black_box(day.calls_in_vain()));
        });
    }
    group.finish();
}

/// What `queue load` of a large site hands to the engine: 100 queues, 1,000 agents, three tiers each.
fn load(criterion: &mut Criterion) {
    criterion.bench_function("load 1000 agents, 3000 tiers, 100 queues", |bencher| {
        bencher.iter(|| {
            let mut day = Day::with_tiers("longest-idle-agent", 100, 3, 1_000, 0);
            day.rings()
        });
    });
}

/// Long enough to tell a microsecond from two; the whole of `make bench` has to stay within minutes.
fn briefly() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
}

criterion_group! {
    name = benches;
    config = briefly();
    targets = join_and_leave, agent_freed, strategies, agents_in_many_queues, skills, set_status, callbacks, load
}
criterion_main!(benches);
