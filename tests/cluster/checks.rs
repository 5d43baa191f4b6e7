//! What must hold, whatever the day brings. The checkers see the world from outside: legs, rows and phases.

use crate::books::Leg;
use crate::desk::{Agent, Centre, Offer, Outcome, RowStage};
use crate::world::{is_free, State, World};
use callcenter_test_support::boxes::faults::{MILLI, SECOND};
use callcenter_test_support::boxes::server::Deed;
use mod_callcenter::cluster::{Phase, Standing};

/// How long a box that was paused without its clock showing it may believe that nothing has happened.
const UNAWARE: i64 = 2 * SECOND + 500 * MILLI;

/// How long a box may be troubled before it is given up and counts as sound nevertheless: the bound for whoever is late, and a second.
const RECENTLY: i64 = 11 * SECOND;

/// How long after the last trouble everything is as it should be.
const SETTLED: i64 = 20 * SECOND;

/// How long somebody may wait beside a free agent.
const BESIDE: i64 = SECOND;

fn is_unaware(world: &World, at: usize) -> bool {
    world.now - world.boxes[at].unpaused < UNAWARE
}

/// A phone is dialled: no other one rings for that agent, and no talk of that agent is known.
pub fn dial(world: &mut World, at: usize, offer: Offer, agent: Agent) {
    begin(world, at, offer, agent, false);
    world.books.rings += 1;
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
        Deed::Undone((caller, old, new)) => {
            world
                .books
                .find(format!("caller {caller} ends twice: {old:?}, then {new:?}"));
        }
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
    if world.now - world.books.troubled < SETTLED || world.now < SETTLED {
        world.books.free_since.clear();
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
    let waits = (0..world.boxes.len()).any(|index| {
        let callers = world.home(index).callers.values();
        callers
            .clone()
            .any(|present| present.offer.is_none() && world.now - present.since > BESIDE)
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

/// At the end: every caller's row tells how it has left, as it was.
pub fn at_the_end(world: &World) -> Result<(), String> {
    for (caller, (at, outcome)) in &world.books.callers {
        let row = world.server.rows().get(caller);
        let told = row.map(|row| &row.stage);
        let is_lost = world.books.lost.contains(caller);
        let is_right = match (outcome, told) {
            (Some(outcome), Some(RowStage::Over(told))) => outcome == told || (is_lost && *told == Outcome::Lost),
            (None, Some(RowStage::Over(told))) => is_lost && *told == Outcome::Lost,
            (_, None) => is_lost,
            (_, Some(_)) => false,
        };
        if !is_right {
            return Err(format!(
                "caller {caller} of box{at} was {outcome:?}, and its row says {row:?}"
            ));
        }
    }
    Ok(())
}
