//! What one input costs the engine, with many members waiting and many agents serving.
//!
//! Each measured step leaves the call centre as large as it was, so the figures are those of a steady day.

use std::cell::Cell;
use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{criterion_group, criterion_main, BenchmarkGroup, BenchmarkId, Criterion};
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

/// One case. Its day is made when the case is wanted: a filter leaves the others unmade.
fn case(group: &mut BenchmarkGroup<'_, WallTime>, id: BenchmarkId, day: impl Fn() -> Day, step: impl Fn(&mut Day)) {
    let mut made = None;
    group.bench_function(id, |bencher| {
        let day = made.get_or_insert_with(&day);
        bencher.iter(|| step(day));
    });
}

/// A caller joins and hangs up.
fn come_and_go(day: &mut Day) {
    if let Some(member) = day.join(0) {
        day.leave(member);
    }
}

fn join_and_leave(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("join_and_leave");
    for members in MEMBERS {
        let day = || Day::new("longest-idle-agent", 1, 1_000, members);
        case(&mut group, BenchmarkId::from_parameter(members), day, come_and_go);
    }
    group.finish();
}

fn agent_freed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agent_freed_offered_bridged");
    for (agents, members) in AGENTS.into_iter().zip(MEMBERS) {
        for queues in [1, 500] {
            let day = || Day::new("longest-idle-agent", queues.min(agents), agents, members);
            let id = format!("{agents} agents, {members} waiting, {queues} queues");
            case(&mut group, BenchmarkId::from_parameter(id), day, next_call);
        }
    }
    group.finish();
}

fn strategies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("strategy");
    for strategy in STRATEGIES {
        let day = || Day::new(strategy, 1, 1_000, 1_000);
        case(&mut group, BenchmarkId::from_parameter(strategy), day, next_call);
    }
    group.finish();
}

/// Each agent serves 50 of 500 queues.
fn agents_in_many_queues(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agents_in_50_queues");
    for (agents, members) in AGENTS.into_iter().zip(MEMBERS) {
        let day = || Day::with_tiers("longest-idle-agent", 500, 50, agents, members);
        let id = format!("{agents} agents, {members} waiting");
        case(&mut group, BenchmarkId::from_parameter(id), day, next_call);
    }
    group.finish();
}

/// Agents and callers find each other by skills: so many different ones are asked for at once.
fn skills(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("skills");
    for skills in [10, 100] {
        let day = || Day::with_skills(skills, 10_000, 100_000);
        let id = format!("10000 agents, 100000 waiting, {skills} skills");
        case(&mut group, BenchmarkId::from_parameter(id), day, next_call);
    }
    group.finish();
}

/// An agent who talks goes on break and comes back, with many waiting.
fn set_status(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("set_status");
    for (agents, members) in AGENTS.into_iter().zip(MEMBERS) {
        let is_on_break = Cell::new(false);
        let id = format!("{agents} agents, {members} waiting");
        let day = || Day::new("longest-idle-agent", 1, agents, members);
        case(&mut group, BenchmarkId::from_parameter(id), day, |day| {
            is_on_break.set(!is_on_break.get());
            let status = if is_on_break.get() { "On Break" } else { "Available" };
            let setting = AgentSetting::Status(status.to_owned());
            let _ = black_box(day.tell(Input::AgentSet {
                name: "agent0".to_owned(),
                setting,
            }));
            day.rings();
        });
    }
    group.finish();
}

/// The same inputs with many who are to be called back in the queue, and without.
fn callbacks(criterion: &mut Criterion) {
    const LATER: u32 = 86_400;
    let mut group = criterion.benchmark_group("callbacks");
    for pending in [0, 10_000] {
        let day = || Day::with_callbacks(100, 1_000, pending, LATER);
        let id = |what: &str| BenchmarkId::new(what, pending);
        case(&mut group, id("join_and_leave"), day, come_and_go);
        case(&mut group, id("agent_freed_offered_bridged"), day, next_call);
    }
    for pending in [1, 10_000] {
        let day = || {
            let mut day = Day::with_callbacks(1, 0, pending, 0);
            day.hang_up();
            day
        };
        let id = BenchmarkId::new("attempt_in_vain_and_the_next", pending);
        case(&mut group, id, day, |day| {
            black_box(day.calls_in_vain());
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
