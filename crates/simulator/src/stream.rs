//! The callers of a day, drawn before it begins. Each one is known by the queue and a number, and all that chance has in store for a caller
//! hangs on these: whatever else is changed, the same callers come.

use super::callers::draw_call;
use super::dice::{Dice, Draw};
use super::expected::{Expected, Lot};
use super::plan::{Plan, Traffic};
use mod_callcenter::engine::{Span, Timestamp};

/// Callers who call again and again give up in the end.
const MOST_REDIALS: usize = 10;

/// The callers of a plan's traffic, in the order of their coming; `share` times as many as it says: the first of those who come anyway, and
/// others on top of all of them.
pub fn draw(plan: &Plan, share: f64) -> Vec<(Timestamp, Expected)> {
    let mut callers = Vec::new();
    for traffic in &plan.traffic {
        let away = format!("who stays away from {}", traffic.queue);
        let usual = arrivals(plan, traffic, "callers", share.min(1.0).ceil());
        let usual = usual.into_iter().enumerate().filter(|(number, _)| {
            // Whoever stays away is the same caller in all comparisons.
            share >= 1.0 || Dice::numbered(plan.seed, &away, *number as u64).unit() < share
        });
        callers.extend(usual.map(|(number, at)| (at, drawn(plan, traffic, "caller", number))));
        if share > 1.0 {
            let more = arrivals(plan, traffic, "further callers", share - 1.0);
            let more = more.into_iter().enumerate();
            callers.extend(more.map(|(number, at)| (at, drawn(plan, traffic, "further caller", number))));
        }
    }
    // Who comes at the same instant comes in the order of the queues.
    callers.sort_by_key(|(at, _)| *at);
    callers
}

/// When callers come: without memory, at a rate that changes from step to step.
fn arrivals(plan: &Plan, traffic: &Traffic, who: &str, share: f64) -> Vec<Timestamp> {
    let mut dice = Dice::new(plan.seed, &format!("{who} of {}", traffic.queue));
    let end = plan.start + plan.length;
    let step = traffic.step.micros().max(1);
    let mut arrivals = Vec::new();
    let mut now = plan.start;
    while now < end {
        let into_day = now.since(plan.start);
        let to_next_rate = Span::from_micros(step - into_day.micros().rem_euclid(step));
        let rate = traffic.rate(into_day) * share;
        let wait = if rate > 0.0 {
            Draw::Exponential(3600.0 / rate).roll(&mut dice)
        } else {
            to_next_rate
        };
        if wait < to_next_rate {
            now = now + wait;
            arrivals.push(now);
        } else {
            now = now + to_next_rate;
        }
    }
    arrivals.retain(|at| *at < end);
    arrivals
}

fn drawn(plan: &Plan, traffic: &Traffic, who: &str, number: usize) -> Expected {
    let mut dice = Dice::numbered(plan.seed, &format!("{who} of {}", traffic.queue), number as u64);
    // The numbers of one day are all different, so that nobody takes up another's place.
    let of_queue = plan
        .traffic
        .iter()
        .position(|other| other.queue == traffic.queue)
        .unwrap_or(0);
    let further = if who == "caller" { 0 } else { 5 };
    let number = format!("0{further}{of_queue:02}{number:07}");
    with_redials(traffic, &number, &mut dice, MOST_REDIALS)
}

fn with_redials(traffic: &Traffic, number: &str, dice: &mut Dice, redials: usize) -> Expected {
    let mut call = draw_call(traffic, dice);
    number.clone_into(&mut call.number);
    let mut lot = Lot::new(dice.seed());
    if redials > 0 && dice.chance(traffic.redial) {
        let after = traffic.redial_after.roll(dice);
        lot.again = Some((after, Box::new(with_redials(traffic, number, dice, redials - 1))));
    }
    Expected { call, lot }
}
