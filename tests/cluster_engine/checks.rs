//! What must hold, whatever the day brings. The checkers see the world from outside: legs, rows and phases.

use crate::books::Leg;
use crate::centre::{Agent, Centre, Offer, Outcome};
use crate::world::callers::{Call, Phone};
use crate::world::{is_free, State, World};
use callcenter_test_support::boxes::faults::{MILLI, SECOND};
use callcenter_test_support::boxes::server::Deed;
use mod_callcenter::cluster::{Phase, Standing};
use mod_callcenter::engine::{CallRecord, CallResult, RecordKind};

/// How long a box that was paused without its clock showing it may believe that nothing has happened.
const UNAWARE: i64 = 2 * SECOND + 500 * MILLI;

/// How long a box may be troubled before it is given up and counts as sound nevertheless: the bound for whoever is late, and a second.
const RECENTLY: i64 = 11 * SECOND;

/// How long after the last trouble everything is as it should be.
const SETTLED: i64 = 20 * SECOND;

/// How long somebody may wait beside a free agent: one whose phone was not answered rests for a second, and the way between boxes takes
/// a tenth at most.
const BESIDE: i64 = 2 * SECOND;

/// How long what the leader has decided may be on its way.
const ON_THE_WAY: i64 = 500 * MILLI;

fn is_unaware(world: &World, at: usize) -> bool {
    world.now - world.boxes[at].unpaused < UNAWARE
}

/// A phone is dialled: no other one rings for that agent, and no talk of that agent is known.
pub fn dial(world: &mut World, at: usize, offer: Offer, phone: &Phone) {
    begin(world, at, offer, phone.agent, false);
    world.books.rings += 1;
    if is_quiet(world) {
        in_order(world, at, phone);
    }
}

fn is_quiet(world: &World) -> bool {
    world.now - world.books.troubled >= SETTLED && world.now >= SETTLED
}

/// Of the callers of a queue, whoever has waited longer without a phone ringing is served first, on whichever box; an agent who has missed
/// somebody gets others first.
fn in_order(world: &mut World, at: usize, phone: &Phone) {
    let Some(rung) = world.boxes[at].calls.get(&phone.caller).cloned() else {
        return;
    };
    if !world.configuration.serves_in_order(&rung.queue) {
        return;
    }
    let now = world.now;
    let is_passed = |call: &Call| {
        let is_idle = call.waits && call.has_joined && now - call.idle_since > BESIDE;
        let is_idle = is_idle && !call.missed_by.contains(&phone.agent);
        is_idle && call.queue == rung.queue && call.since + 2 * SECOND < rung.since
    };
    let callers = world.boxes.iter().flat_map(|one| one.calls.iter());
    let passed = callers
        .filter(|(caller, call)| **caller != phone.caller && is_passed(call) && !is_rung(world, **caller))
        .map(|(caller, _)| *caller);
    let passed: Vec<u64> = passed.collect();
    let passed = passed.into_iter().map(|passed| (now, passed, phone.caller));
    world.books.passed_over.extend(passed);
}

/// A phone that was decided on before may ring later than the other, for the way to its box is another one: it has to ring soon.
fn rings_for_who_was_passed_over(world: &mut World) {
    let now = world.now;
    let suspected = std::mem::take(&mut world.books.passed_over).into_iter();
    let (due, later): (Vec<_>, Vec<_>) = suspected.partition(|(at, ..)| now - *at > ON_THE_WAY);
    world.books.passed_over = later;
    for (at, passed, before) in due {
        let call = world.boxes.iter().find_map(|one| one.calls.get(&passed));
        let is_forgotten = call.is_some_and(|call| call.waits && call.idle_since < at);
        if is_forgotten && !is_rung(world, passed) {
            world.books.find(format!(
                "caller {before} is served before {passed}, who has waited longer"
            ));
        }
    }
}

fn is_rung(world: &World, caller: u64) -> bool {
    let has = |phone: &Phone| phone.caller == caller;
    world.boxes.iter().any(|one| one.phones.values().any(has))
}

/// Two legs are bridged.
pub fn bridge(world: &mut World, at: usize, offer: Offer, agent: Agent) {
    begin(world, at, offer, agent, true);
    world.books.talks += 1;
}

fn begin(world: &mut World, at: usize, offer: Offer, agent: Agent, talks: bool) {
    let others = world
        .books
        .legs
        .iter()
        .filter(|(other, leg)| **other != offer && leg.agent == agent);
    let others: Vec<(Offer, Leg)> = others.map(|(offer, leg)| (*offer, *leg)).collect();
    // Who was paused between the question and the deed does it once, and finds out at the next look.
    let was_paused = world.books.asked < world.boxes[at].unpaused;
    for (other, leg) in others.into_iter().filter(|_| !was_paused) {
        // Of a box that stands still nothing can be known; nor of a talk on a box that has lost touch.
        let stands_still = world.boxes[leg.at].state != State::Running || is_unaware(world, leg.at);
        let is_unknown = leg.talks && (leg.is_out_of_touch || world.phase(leg.at) == Phase::Alone);
        if !stands_still && !is_unknown {
            world.books.find(format!(
                "agent {agent} is rung for two: {offer:?} on box{at} (talks: {talks}), while {other:?} is up: {leg:?}"
            ));
        }
    }
    let leg = Leg {
        at,
        agent,
        talks,
        is_out_of_touch: false,
    };
    world.books.legs.insert(offer, leg);
}

/// What a committed statement has done.
pub fn judge(world: &mut World, deed: &Deed<Centre>) {
    match deed {
        Deed::Marked(id, Standing::GivenUp) => {
            world.books.given_up += 1;
            let index = world
                .boxes
                .iter()
                .position(|one| one.name == id.instance)
                .expect("a box");
            let one = &world.boxes[index];
            if one.id == *id && one.is_sound() && !one.departing && world.now - one.troubled > RECENTLY {
                world.books.find(format!("box{index} is declared dead and has nothing"));
            }
        }
        Deed::Elected(_) => world.books.elections += 1,
        Deed::Undone((old, new)) => world.books.find(format!("a call ends twice: {old:?}, then {new:?}")),
        Deed::Written(time) => world.books.used = world.books.used.max(*time),
        Deed::Marked(..) => (),
    }
}

/// After each step: whoever thinks that they lead is the only one.
pub fn after_each_step(world: &mut World) -> Result<(), String> {
    let leaders = world.leaders();
    let aware = leaders.into_iter().filter(|index| !is_unaware(world, *index));
    let aware: Vec<usize> = aware.collect();
    if aware.len() > 1 {
        world.books.find(format!("boxes {aware:?} lead at the same time"));
    }
    match world.books.findings.first() {
        None => Ok(()),
        Some(finding) => Err(finding.clone()),
    }
}

/// Four times a second: when nothing is wrong, nobody waits beside a free agent, and somebody leads.
pub fn tick(world: &mut World) {
    if world.is_in_trouble() {
        world.books.troubled = world.now;
    }
    if !is_quiet(world) {
        world.books.free_since.clear();
        world.books.passed_over.clear();
        return;
    }
    let is_lost = |index: &usize| !matches!(world.phase(*index), Phase::Following | Phase::Leading);
    let alive = (0..world.boxes.len()).filter(|index| world.boxes[*index].state == State::Running);
    let lost: Vec<usize> = alive.filter(is_lost).collect();
    if !lost.is_empty() || world.leaders().len() != 1 {
        let phases: Vec<Phase> = (0..world.boxes.len()).map(|index| world.phase(index)).collect();
        world
            .books
            .find(format!("nothing is wrong any more, and yet: {phases:?}"));
    }
    rings_for_who_was_passed_over(world);
    let waits = world.boxes.iter().any(|one| {
        let mut calls = one.calls.iter();
        calls.any(|(caller, call)| call.waits && world.now - call.since > BESIDE && !is_rung(world, *caller))
    });
    for agent in 0..world.plan.agents {
        if !waits || !is_free(world, agent) {
            world.books.free_since.remove(&agent);
            continue;
        }
        let since = *world.books.free_since.entry(agent).or_insert(world.now);
        if world.now - since > BESIDE {
            world
                .books
                .find(format!("somebody waits beside agent {agent}, who is free"));
        }
    }
}

/// At the end: one record of each caller tells how it has left, as it was; and what was answered to commands is in the rows.
pub fn at_the_end(world: &World) -> Result<(), String> {
    for (caller, (at, outcome)) in &world.books.callers {
        let session = format!("c{caller}");
        let is_of = |record: &&CallRecord| record.kind == RecordKind::Member && record.session_uuid == session;
        let records: Vec<&CallRecord> = world.server.rows().records.values().filter(is_of).collect();
        let is_lost = world.books.lost.contains(caller);
        let results: Vec<CallResult> = records.iter().map(|record| record.result).collect();
        let is_right = match (outcome, results.as_slice()) {
            (Some(outcome), [told]) => *told == result_of(*outcome) || (is_lost && *told == CallResult::Lost),
            (None, [_]) | (_, []) => is_lost,
            (_, [_, _, ..]) => false,
        };
        if !is_right {
            return Err(format!(
                "caller {caller} of box{at} was {outcome:?}, and its records say {records:?}"
            ));
        }
    }
    for (index, promised) in &world.books.promised {
        let name = format!("k{index}");
        let row = world.server.rows().rows.agents().iter().find(|row| row.name == name);
        let done = row.and_then(|row| row.contact.strip_prefix("user/")?.parse::<u64>().ok());
        if done.is_none_or(|done| done < *promised) {
            return Err(format!(
                "command {promised} of box{index} was answered, and the row says {done:?}"
            ));
        }
    }
    Ok(())
}

fn result_of(outcome: Outcome) -> CallResult {
    match outcome {
        Outcome::Served => CallResult::Answered,
        Outcome::Left => CallResult::Abandoned,
    }
}
