//! Agents go home in the very moment in which they are rung or connected, and some of these calls come to nothing: their callers are
//! under the limits like all others. On the random days this meets too seldom.

use crate::mutants;
use crate::turns::agent;
use crate::watch;
use callcenter_simulator::{Act, Ambushes, Dice, Draw, Network, Phone, Plan, Storage, Traffic};
use mod_callcenter::engine::{AgentSetting, AgentStatus, Input, QueueConfig, Settings, Span, TierConfig, Timestamp};

const DAYS: u64 = 100;
const QUEUE: &str = "q@default";

/// One or two agents, who go home whenever the phone brings a caller, and come back after a while.
fn day(seed: u64) -> Plan {
    let mut dice = Dice::new(seed, "closing");
    let agents: Vec<_> = (0..dice.between(1, 2)).map(agent).collect();
    let phone = Phone {
        answer: Draw::Uniform(1.0, 3.0),
        vanishes: 0.5,
        ..Phone::default()
    };
    let names = || agents.iter().map(|agent| agent.name.clone());
    let of_agent = names().map(|name| (name.clone(), vec![goes_home(&name, &mut dice)]));
    let ambushes = Ambushes {
        chance: 0.5,
        of_agent: of_agent.collect(),
    };
    Plan {
        seed,
        start: Timestamp::from_secs(1_699_952_400),
        length: Span::from_secs(1_800),
        settings: Settings::default(),
        queues: vec![QueueConfig {
            max_wait_time_with_no_agent: u32::try_from(dice.between(5, 60)).unwrap_or(5),
            max_wait_time_with_no_agent_time_reached: u32::try_from(dice.between(0, 10)).unwrap_or(0),
            ..QueueConfig::named(QUEUE)
        }],
        traffic: vec![Traffic {
            talk: Draw::Uniform(5.0, 60.0),
            patience: Draw::Fixed(100_000.0),
            ..Traffic::new(QUEUE, 60.0)
        }],
        phones: names().map(|name| (name, phone.clone())).collect(),
        network: Network::default(),
        storage: Storage::IDEAL,
        ambushes,
        tiers: names().map(tier).collect(),
        acts: Vec::new(),
        agents,
    }
}

fn tier(agent: String) -> TierConfig {
    TierConfig {
        queue: QUEUE.to_owned(),
        agent,
        level: 1,
        position: 1,
    }
}

/// Out before the bridge is reported, back in after some minutes.
fn goes_home(name: &str, dice: &mut Dice) -> Vec<(Span, Act)> {
    let status = |status: AgentStatus| {
        Act::submit(Input::AgentSet {
            name: name.to_owned(),
            setting: AgentSetting::Status(status.to_string()),
        })
    };
    vec![
        (Span::ZERO, status(AgentStatus::LoggedOut)),
        (Draw::Uniform(60.0, 300.0).roll(dice), status(AgentStatus::Available)),
    ]
}

#[test]
fn who_is_being_connected_while_the_last_agent_goes_home_has_a_limit_all_the_same() {
    mutants::break_as_told();
    let mut calls = 0;
    for seed in 0..DAYS {
        let day = watch::check(&day(seed)).unwrap_or_else(|finding| panic!("day {seed}: {finding}"));
        calls += day.calls;
    }
    assert!(calls > 1_000, "only {calls} calls");
}
