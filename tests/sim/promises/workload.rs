//! Days on which callers are called back: queues that do so, web forms, dialplans, and supervisors who stop it for a while.

use callcenter_simulator::{Act, Dice, Plan};
use mod_callcenter::engine::{
    find_parameter, CallbackConfig, CallbackFirst, Input, JoinRequest, QueueConfig, Span, Timestamp, QUEUE_PARAMETERS,
};

/// The day with queues that call their callers back, and supervisors who stop that for a while.
pub fn with_callbacks(plan: Plan) -> Plan {
    let (mut plan, mut dice) = with_promises(plan);
    keep_callbacks(&mut plan, &mut dice);
    let stops = random_stops(&plan, &mut dice);
    plan.acts.extend(stops);
    plan.acts.sort_by_key(|(at, _)| *at);
    plan
}

/// The day with queues that call their callers back, whatever else is done to them; and the dice for what is.
fn with_promises(mut plan: Plan) -> (Plan, Dice) {
    let mut dice = Dice::new(plan.seed, "promises");
    for queue in &mut plan.queues {
        if dice.chance(0.8) {
            queue.callbacks = random_rules(&mut dice);
        }
    }
    for traffic in &mut plan.traffic {
        traffic.callback = 0.3 + 0.6 * dice.unit();
        traffic.numbers = dice.between(5, 80);
    }
    let mut at = plan.start;
    for number in 0.. {
        at = at + Span::from_secs(dice.between(10, 400));
        if at > plan.start + plan.length {
            break;
        }
        if let Some(act) = random_act(&plan.queues, (number, at), &mut dice) {
            plan.acts.push((at, act));
        }
    }
    plan.acts.sort_by_key(|(at, _)| *at);
    (plan, dice)
}

/// Whoever loads a queue anew mostly leaves its callbacks as they are.
fn keep_callbacks(plan: &mut Plan, dice: &mut Dice) {
    for (_, act) in &mut plan.acts {
        let Act::Submit(input) = act else { continue };
        let Input::LoadQueue(config) = input.as_mut() else {
            continue;
        };
        let queue = plan.queues.iter().find(|queue| queue.name == config.name);
        if let Some(queue) = queue.filter(|_| dice.chance(0.8)) {
            config.callbacks = queue.callbacks.clone();
        }
    }
}

/// Parameters with a value under which a queue calls nobody back, promises nothing, or little.
const STOPS: [(&str, &str); 5] = [
    ("callback-dial", ""),
    ("callback-key", ""),
    ("callback-until", "00:00"),
    ("callback-max-pending", "1"),
    ("callback-numbers", "9"),
];

/// Supervisors who stop the callbacks of a queue for a while.
fn random_stops(plan: &Plan, dice: &mut Dice) -> Vec<(Timestamp, Act)> {
    let mut acts = Vec::new();
    let mut at = plan.start + Span::from_secs(dice.between(60, 1_200));
    while at <= plan.start + plan.length {
        let later = at + Span::from_secs(dice.between(5, 300));
        let calls_back = |queue: &&QueueConfig| queue.callbacks.dial.is_some();
        if let Some(queue) = dice.pick(&plan.queues).filter(calls_back) {
            acts.extend(random_stop(queue, (at, later), dice));
        }
        at = at + Span::from_secs(dice.between(60, 1_200));
    }
    acts
}

fn random_stop(queue: &QueueConfig, (at, later): (Timestamp, Timestamp), dice: &mut Dice) -> Vec<(Timestamp, Act)> {
    let stop = dice.pick(&STOPS).filter(|_| dice.chance(0.7));
    let stop = stop.and_then(|(name, value)| Some((find_parameter(QUEUE_PARAMETERS, name)?, *value)));
    let Some((parameter, value)) = stop else {
        let name = queue.name.clone();
        return vec![
            (at, Act::submit(Input::UnloadQueue(name))),
            (later, Act::submit(Input::LoadQueue(queue.clone()))),
        ];
    };
    let set = |value: &str| {
        let setting = parameter.assign(queue, value).expect("a value that it takes");
        let queue = queue.name.clone();
        Act::submit(Input::QueueSet { queue, setting })
    };
    vec![(at, set(value)), (later, set(&parameter.get(queue)))]
}

fn random_rules(dice: &mut Dice) -> CallbackConfig {
    let mut number = |low, high| u32::try_from(dice.between(low, high)).unwrap_or(0);
    let config = CallbackConfig {
        key: Some('2'),
        dial: Some("loopback/${callback_number}/callbacks".to_owned()),
        offer_after: number(0, 1) * number(0, 30),
        offer_position: number(0, 3),
        max_pending: number(0, 1) * number(1, 6),
        expires: number(300, 2_400),
        delay: number(0, 1) * number(1, 40),
        attempts: number(1, 3),
        attempts_per_day: number(0, 1) * number(1, 4),
        retry_delay: number(5, 120),
        ring_time: number(15, 45),
        lead: number(0, 1) * number(5, 60),
        ..CallbackConfig::default()
    };
    CallbackConfig {
        first: match dice.chance(0.5) {
            true => CallbackFirst::Agent,
            false => CallbackFirst::Customer,
        },
        confirm_sound: dice.chance(0.3).then(|| "confirm.wav".to_owned()),
        ..config
    }
}

/// What web forms, supervisors and dialplans do.
fn random_act(queues: &[QueueConfig], (number, at): (u64, Timestamp), dice: &mut Dice) -> Option<Act> {
    let queue = dice.pick(queues)?.name.clone();
    let called = format!("0{:06}", dice.between(1, 40));
    // Callers' members are known by their numbers, those of forms by theirs.
    let somebody = match dice.chance(0.5) {
        true => format!("form-{}", dice.between(0, i64::try_from(number).unwrap_or(0))),
        false => format!("member-{}", dice.between(1, 150)),
    };
    let input = match dice.below(6) {
        0 => Input::CallbackCancel { uuid: somebody },
        1 | 2 => Input::CallbackNow { uuid: somebody },
        3 => Input::MemberJoin(JoinRequest {
            queue,
            session_uuid: format!("door-{number}"),
            new_member_uuid: format!("form-{number}"),
            cid_number: called.clone(),
            callback_number: Some(called),
            answered_epoch: at.steady_secs(),
            ..JoinRequest::default()
        }),
        _ => Input::CallbackAdd {
            queue,
            number: called,
            name: "Form".to_owned(),
            new_member_uuid: format!("form-{number}"),
        },
    };
    Some(Act::submit(input))
}
