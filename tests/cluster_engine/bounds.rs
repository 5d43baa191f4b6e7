//! How long it takes: the figures that are promised, one fault at a time, at many moments between two beats.

use crate::world::{State, World};
use callcenter_test_support::boxes::faults::{Fault, Plan, MILLI, SECOND};
use mod_callcenter::cluster::{Phase, Standing};

/// Within how long a dead box's agents and callers are free, and a dead leader has a successor.
const DEAD: i64 = 5 * SECOND;

/// So many moments.
const MOMENTS: i64 = 60;

fn plan(seed: i64, boxes: usize, faults: Vec<(i64, Fault)>) -> Plan {
    Plan {
        seed: seed.unsigned_abs(),
        boxes,
        agents: 3,
        callers_every: Some(2 * SECOND),
        faults,
        calls_until: 60 * SECOND,
        ends: 120 * SECOND,
        drift: 10_000,
    }
}

/// A world in which one box leads, at some moment between two beats.
fn at_work(moment: i64, boxes: usize) -> (World, usize) {
    let mut world = World::new(plan(moment, boxes, Vec::new()));
    let until = 10 * SECOND + moment * SECOND / MOMENTS;
    world.play_until(until).expect("nothing is wrong yet");
    let leader = *world.leaders().first().expect("a leader");
    (world, leader)
}

fn is_given_up(world: &World, index: usize) -> bool {
    let row = world.server.boxes().iter().find(|row| row.id == world.boxes[index].id);
    row.is_some_and(|row| row.standing == Standing::GivenUp)
}

#[test]
fn the_first_leader_is_there_within_a_second() {
    for moment in 0..MOMENTS {
        let mut world = World::new(plan(moment, 3, Vec::new()));
        let took = world.run_until(SECOND, |world| world.leaders().len() == 1);
        took.unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
    }
}

#[test]
fn a_dead_follower_is_given_up_within_five_seconds() {
    let mut longest = 0;
    for moment in 0..MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        let victim = (leader + 1) % 3;
        world.strike(&Fault::Kill(victim, 60 * SECOND));
        let took = world.run_until(DEAD, |world| is_given_up(world, victim));
        longest = longest.max(took.unwrap_or_else(|finding| panic!("moment {moment}: {finding}")));
    }
    println!("a dead follower is given up after {} ms at most", longest / MILLI);
    assert!(
        longest > 4_500 * MILLI,
        "before its trust has ended for certain: {longest}"
    );
}

#[test]
fn a_dead_leader_has_a_successor_within_five_seconds() {
    let mut longest = 0;
    for moment in 0..MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        world.strike(&Fault::Kill(leader, 60 * SECOND));
        let took = world.run_until(DEAD, |world| world.leaders().len() == 1);
        longest = longest.max(took.unwrap_or_else(|finding| panic!("moment {moment}: {finding}")));
    }
    println!("a dead leader has a successor after {} ms at most", longest / MILLI);
}

#[test]
fn a_leader_that_is_unloaded_hands_over_without_a_pause() {
    let mut longest = 0;
    for moment in 0..MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        world.strike(&Fault::Depart(leader, 60 * SECOND));
        let is_done = |world: &World| world.boxes[leader].state == State::Dead && world.leaders().len() == 1;
        let took = world.run_until(SECOND, is_done);
        longest = longest.max(took.unwrap_or_else(|finding| panic!("moment {moment}: {finding}")));
    }
    println!(
        "an unloaded leader has a successor after {} ms at most",
        longest / MILLI
    );
}

/// Its talks may be up still: whoever leads has to know that it was unloaded, and has not died.
#[test]
fn a_module_that_is_loaded_again_between_two_looks_of_the_leader_has_left() {
    for moment in 0..MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        let other = (leader + 1) % 3;
        let before = world.boxes[other].id.clone();
        world.strike(&Fault::Freeze(leader, 500 * MILLI));
        world.strike(&Fault::Depart(other, 100 * MILLI));
        let told = world.run_until(2 * SECOND, |world| world.books.gone.contains_key(&before));
        told.unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
        assert_ne!(world.boxes[other].id, before, "moment {moment}");
        assert_eq!(world.books.gone[&before], Standing::Left, "moment {moment}");
    }
}

#[test]
fn nobody_is_declared_dead_because_the_server_was_away() {
    for away in [500 * MILLI, 3 * SECOND, 8 * SECOND, 40 * SECOND] {
        for fault in [
            Fault::Away(away),
            Fault::Crash(away),
            Fault::Failover(5, away),
            Fault::Stall(away),
        ] {
            let (mut world, _) = at_work(away / MILLI % MOMENTS, 4);
            world.strike(&fault);
            world.play_until(world.now + away).expect("nobody leads who may not");
            let back = world.run_until(10 * SECOND, |world| world.leaders().len() == 1);
            back.unwrap_or_else(|finding| panic!("{fault:?}: {finding}"));
            world
                .play_until(world.now + 15 * SECOND)
                .unwrap_or_else(|finding| panic!("{fault:?}: {finding}"));
            assert_eq!(world.books.given_up, 0, "{fault:?}");
        }
    }
}

#[test]
fn a_box_that_is_cut_off_lets_go_before_it_is_given_up() {
    for moment in 0..MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        let victim = (leader + 1) % 3;
        world.strike(&Fault::Cut(victim, 30 * SECOND));
        let alone = world.run_until(DEAD, |world| world.phase(victim) == Phase::Alone);
        let alone = alone.unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
        assert!(alone <= 3 * SECOND + 50 * MILLI, "alone after {alone}");
        assert!(!is_given_up(&world, victim), "moment {moment}");
        let given_up = world.run_until(DEAD, |world| is_given_up(world, victim));
        given_up.unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
    }
}

/// Where renewals are slow, a renewal may be seen at once by others and answered two seconds later.
#[test]
fn a_box_whose_renewals_are_answered_late_lets_go_before_it_is_given_up() {
    for moment in 0..6 * MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        let victim = (leader + 1) % 3;
        world.strike(&Fault::Slow(victim, 1_900 * MILLI, 60 * SECOND));
        let until = world.now + 3 * SECOND + moment * 7 * MILLI;
        world
            .play_until(until)
            .unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
        world.strike(&Fault::Cut(victim, 60 * SECOND));
        let given_up = world.run_until(2 * DEAD, |world| is_given_up(world, victim));
        given_up.unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
        assert_eq!(world.phase(victim), Phase::Alone, "moment {moment}");
    }
}

#[test]
fn a_box_that_is_late_when_the_server_is_back_is_waited_for() {
    for moment in 0..MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        world.strike(&Fault::Away(8 * SECOND));
        world.strike(&Fault::Freeze((leader + 1) % 3, 15 * SECOND));
        let until = world.now + 25 * SECOND;
        world
            .play_until(until)
            .unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
        assert_eq!(world.books.given_up, 0, "moment {moment}");
        let phases = [0, 1, 2].map(|index| world.phase(index));
        assert!(!phases.contains(&Phase::Alone), "moment {moment}: {phases:?}");
    }
}

/// The winner of an election, and it alone, has promised a term that a failover takes back. Its number is given again.
#[test]
fn an_election_that_a_failover_takes_back_is_older_than_the_next_one() {
    for moment in 0..MOMENTS {
        let (mut world, leader) = at_work(moment, 3);
        let (winner, other) = ((leader + 1) % 3, (leader + 2) % 3);
        world.strike(&Fault::Cut(other, 6 * SECOND));
        world.strike(&Fault::Kill(leader, 100 * SECOND));
        let elected = world.run_until(8 * SECOND, |world| world.phase(winner) == Phase::Gathering);
        elected.unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
        let lost = world.boxes[winner].life.promised().expect("a term");
        world.strike(&Fault::Freeze(winner, 20 * SECOND));
        world.strike(&Fault::Failover(40, SECOND));
        world
            .play_until(world.now + 35 * SECOND)
            .unwrap_or_else(|finding| panic!("moment {moment}: {finding}"));
        let phases = [winner, other].map(|index| world.phase(index));
        assert!(
            phases.contains(&Phase::Leading) && phases.contains(&Phase::Following),
            "moment {moment}: {phases:?}"
        );
        let terms = [winner, other].map(|index| world.boxes[index].life.promised());
        assert_eq!(terms[0], terms[1]);
        assert_eq!(
            terms[0].map(|term| term.number),
            Some(lost.number),
            "the number is given again"
        );
    }
}
