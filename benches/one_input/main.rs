//! What one input costs the engine with 100,000 waiting and 10,000 agents: not the mean alone, which criterion gives, but the
//! slow ones too; and the memory of a member who waits.

mod times;

use std::alloc::System;
use std::hint::black_box;

use mod_callcenter::engine::{AgentSetting, Input};
use stats_alloc::{Region, StatsAlloc, INSTRUMENTED_SYSTEM};

use callcenter_test_support::day::Day;
use times::Times;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const WAITING: usize = 100_000;
const AGENTS: usize = 10_000;

/// Skills that callers ask for, each for one.
const SKILLS: usize = 100;

/// How often each input is timed.
const ROUNDS: usize = 20_000;

/// How often a board looks, and how long that may take, in microseconds.
const LOOKS: usize = 200;
const LOOK_MEAN_LIMIT: f64 = 8_000.0;
const LOOK_P99_LIMIT: f64 = 16_000.0;

/// Most bytes a member may take.
const MEMBER_LIMIT: usize = 1024;

/// Everything, or with the argument `looks` a board's looks alone.
fn main() {
    if std::env::args().any(|argument| argument == "looks") {
        return overviews();
    }
    println!("one input and its outputs, {WAITING} waiting, {AGENTS} agents: mean, median, p99, most, in microseconds");
    for (queues, tiers) in [(1, 1), (500, 1), (500, 50)] {
        println!("queues: {queues}; of these each agent serves {tiers}");
        one_day(Day::with_tiers("longest-idle-agent", queues, tiers, AGENTS, WAITING));
    }
    println!("queues: 1; callers ask for one of {SKILLS} skills");
    one_day(Day::with_skills(SKILLS, AGENTS, WAITING));
    overviews();
    memory_of_a_member();
}

/// How long the engine's lock is held where a board asks for everything.
fn overviews() {
    for tiers in [3, 50] {
        println!("a board's look: 2,000 agents, each in {tiers} of 100 queues, 500 waiting");
        let day = Day::with_tiers("longest-idle-agent", 100, tiers, 2_000, 500);
        let mut times = Times::default();
        for _ in 0..LOOKS {
            let overview = times.time("everything is copied", || day.overview());
            black_box(overview);
        }
        times.print_within(LOOK_MEAN_LIMIT, LOOK_P99_LIMIT);
    }
}

fn one_day(mut day: Day) {
    let mut times = Times::default();
    for round in 0..ROUNDS {
        calls(&mut day, &mut times);
        status(&mut day, &mut times, round % AGENTS);
    }
    times.print();
}

/// One call from its end to the next one.
fn calls(day: &mut Day, times: &mut Times) {
    let rings = times.time("agent's call ends, next caller offered", || {
        day.hang_up();
        day.rings()
    });
    for ring in rings {
        times.time("offer answered", || {
            black_box(day.answer(ring.offer));
            day.rings()
        });
        times.time("offer bridged", || {
            day.bridge(ring.offer);
            day.rings()
        });
        let taken = times.time("member is taken out of the line", || {
            let taken = day.taken(&ring);
            day.rings();
            taken
        });
        taken.into_iter().for_each(|queue| come_and_go(day, times, queue));
    }
}

/// One caller takes the place of the one who talks now, and one gives up.
fn come_and_go(day: &mut Day, times: &mut Times, queue: usize) {
    times.time("member joins", || {
        day.join(queue);
        day.rings()
    });
    if let Some(member) = day.join(queue) {
        day.rings();
        times.time("member leaves", || day.leave(member));
    }
}

fn status(day: &mut Day, times: &mut Times, agent: usize) {
    for status in ["On Break", "Available"] {
        let input = Input::AgentSet {
            name: format!("agent{agent}"),
            setting: AgentSetting::Status(status.to_owned()),
        };
        times.time("agent set status", || {
            let _ = black_box(day.tell(input).is_ok());
            day.rings()
        });
    }
}

fn memory_of_a_member() {
    let mut day = Day::new("longest-idle-agent", 1, AGENTS, 0);
    // The first callers may make room for many more.
    join(&mut day);
    let since = Region::new(ALLOCATOR);
    join(&mut day);
    let change = since.change();
    // What a reallocation adds or takes away is counted as allocated or given back by this allocator.
    let each = change.bytes_allocated.saturating_sub(change.bytes_deallocated) / WAITING;
    let verdict = if each < MEMBER_LIMIT { "reached" } else { "MISSED" };
    println!("memory of a waiting member: {each} bytes; goal {verdict}: under {MEMBER_LIMIT}");
}

fn join(day: &mut Day) {
    for _ in 0..WAITING {
        day.join(0);
        day.rings();
    }
    // Not the engine's.
    drop(std::mem::take(&mut day.waiting));
}
