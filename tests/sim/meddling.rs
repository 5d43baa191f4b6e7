//! What supervisors, other programs and the machine do while calls go on, at any moment and at the worst.

use crate::centre::{random_rules, random_status, random_tier};
use callcenter_simulator::{Act, Ambushes, Dice, Draw, Edit, Plan};
use mod_callcenter::engine::{
    AgentConfig, AgentGetKey, AgentSetting, AgentState, AgentType, Input, QueueConfig, Span, TierConfig, TierSetting,
    TierState, Timestamp, Topic, AGENT_LIMITS, QUEUE_PARAMETERS,
};

type Acts = Vec<(Timestamp, Act)>;

/// What supervisors do, so many seconds apart on average, and now and then a crash.
pub fn random_acts(plan: &Plan, apart: f64, dice: &mut Dice) -> Acts {
    let mut acts = standby_agents_call_in(plan);
    for at in instants(plan, apart, dice) {
        if let Some(agent) = dice.pick(&plan.agents) {
            acts.extend(random_act(plan, agent, at, dice));
        }
    }
    if dice.chance(0.1) {
        let when = Span::from_micros((plan.length.micros() as f64 * dice.unit()) as i64);
        acts.push((plan.start + when, Act::Crash { clock: Span::ZERO }));
    }
    acts.sort_by_key(|(at, _)| *at);
    acts
}

fn standby_agents_call_in(plan: &Plan) -> Acts {
    let agents = plan.agents.iter();
    let standby = agents.filter(|agent| agent.agent_type.as_str() == "uuid-standby");
    standby
        .map(|agent| (plan.start + Span::from_secs(1), Act::StandbyUp(agent.name.clone())))
        .collect()
}

/// What befalls the machine: crashes with a clock that is corrected, standstills, reloads of the module; and other programs
/// that write into the database.
pub fn random_mishaps(plan: &Plan, apart: f64, dice: &mut Dice) -> Acts {
    let mut acts = Acts::new();
    for at in instants(plan, apart, dice) {
        match dice.below(10) {
            0 => acts.push((at, Act::Reload)),
            1 => {
                let clock = Span::from_secs(dice.between(-3600, 3600) * dice.between(0, 1));
                acts.push((at, Act::Crash { clock }));
            }
            2 | 3 => acts.push((at, Act::StandStill(Draw::Exponential(40.0).roll(dice)))),
            _ => acts.extend(random_edit(plan, at, dice)),
        }
    }
    acts
}

/// What lies in wait for each agent's calls.
pub fn random_ambushes(plan: &Plan, chance: f64, dice: &mut Dice) -> Ambushes {
    let mut ambushes = Ambushes {
        chance,
        ..Ambushes::default()
    };
    for agent in &plan.agents {
        let some = (0..8).map(|_| {
            let at = plan.start + random_moment(dice);
            let acts = random_act(plan, agent, at, dice).into_iter();
            acts.map(|(at, act)| (at.since(plan.start), act)).collect()
        });
        ambushes.of_agent.insert(agent.name.clone(), some.collect());
    }
    ambushes
}

/// At once, while reports are on their way, or while a phone rings.
fn random_moment(dice: &mut Dice) -> Span {
    match dice.below(3) {
        0 => Span::ZERO,
        1 => Draw::Uniform(0.0, 0.1).roll(dice),
        _ => Draw::Uniform(0.0, 15.0).roll(dice),
    }
}

/// Instants of the day, so many seconds apart on average.
fn instants(plan: &Plan, apart: f64, dice: &mut Dice) -> Vec<Timestamp> {
    let mut instants = Vec::new();
    let mut at = plan.start + Draw::Exponential(apart).roll(dice);
    while at <= plan.start + plan.length {
        instants.push(at);
        at = at + Draw::Exponential(apart).roll(dice);
    }
    instants
}

/// One act about an agent or one of the queues, with what follows from it later.
fn random_act(plan: &Plan, agent: &AgentConfig, at: Timestamp, dice: &mut Dice) -> Acts {
    let Some(queue) = dice.pick(&plan.queues).cloned() else {
        return Acts::new();
    };
    let later = at + Draw::Exponential(60.0).roll(dice);
    let name = agent.name.clone();
    match dice.below(25) {
        0..=3 => vec![(at, set(&name, AgentSetting::Status(random_status(dice).to_string())))],
        4 => vec![
            (at, set(&name, random_state(dice))),
            (later, set(&name, state("Waiting"))),
        ],
        5 => vec![(at, set(&name, random_setting(at, dice)))],
        6 => deletion(plan, agent, at, later),
        7 => new_tier(&queue.name, &name, at, later, dice),
        8 => {
            let (queue, setting) = (queue.name, random_tier_setting(dice));
            let agent = name;
            vec![(at, Act::submit(Input::TierSet { queue, agent, setting }))]
        }
        9 => vec![
            (at, Act::submit(Input::UnloadQueue(queue.name.clone()))),
            (later, Act::submit(Input::LoadQueue(changed_queue(queue, plan, dice)))),
        ],
        10 => vec![(at, Act::submit(Input::LoadQueue(changed_queue(queue, plan, dice))))],
        11 => vec![(at, Act::BreakAgent(name))],
        12 => vec![
            (at, Act::submit(Input::ExternalCallStarted { agent: name.clone() })),
            (later, Act::submit(Input::ExternalCallEnded { agent: name })),
        ],
        13 => vec![
            (at, Act::StandbyDown(name.clone())),
            (later, Act::StandbyUp(name.clone())),
            (later, set(&name, AgentSetting::Status("Available".to_owned()))),
        ],
        14 => vec![(at, question(name))],
        15 => vec![(at, Act::HangUpTogether(name))],
        16 => vec![(at, Act::submit(Input::ApplyAgent(agent.clone())))],
        22 => vec![(at, Act::submit(Input::ReloadAgent(agent.clone())))],
        23 => break_with_a_reason(name, at, later),
        18 => queue_in_database(&queue.name, &name, at, later, dice),
        17 => vec![(at, Act::submit(random_queue_setting(queue, plan, dice)))],
        19 => vec![(at, Act::submit(Input::StatsReset))],
        20 | 21 => pause(queue.name, name, at, later),
        _ => vec![(at, Act::submit(Input::PresenceProbe { queue: queue.name }))],
    }
}

fn set(name: &str, setting: AgentSetting) -> Act {
    Act::submit(Input::AgentSet {
        name: name.to_owned(),
        setting,
    })
}

/// A pause in one queue, and its end.
fn pause(queue: String, agent: String, at: Timestamp, later: Timestamp) -> Acts {
    let begins = Input::TierPause {
        queue: queue.clone(),
        agent: agent.clone(),
        reason: "paper work".to_owned(),
    };
    vec![
        (at, Act::submit(begins)),
        (later, Act::submit(Input::TierResume { queue, agent })),
    ]
}

/// A break everywhere, and its end; or an end alone, which makes whoever is put aside wait again.
fn break_with_a_reason(name: String, at: Timestamp, later: Timestamp) -> Acts {
    let begins = Input::AgentPause {
        name: name.clone(),
        reason: "lunch".to_owned(),
    };
    let ends = || Act::submit(Input::AgentResume { name: name.clone() });
    vec![(at, ends()), (at, Act::submit(begins)), (later, ends())]
}

fn question(name: String) -> Act {
    Act::submit(Input::AgentGet {
        name,
        key: AgentGetKey::State,
        typed: "state".to_owned(),
    })
}

fn state(word: &str) -> AgentSetting {
    AgentSetting::State(word.to_owned())
}

fn random_state(dice: &mut Dice) -> AgentSetting {
    match dice.below(4) {
        0 => AgentSetting::StateIfWaiting("Idle".to_owned()),
        1 => state("Idle"),
        _ => state("Waiting"),
    }
}

/// The agent goes, and comes back with its tiers.
fn deletion(plan: &Plan, agent: &AgentConfig, at: Timestamp, later: Timestamp) -> Acts {
    let name = &agent.name;
    let mut acts = vec![(at, Act::submit(Input::AgentDel { name: name.clone() }))];
    acts.extend(return_of(plan, agent, later));
    acts
}

fn return_of(plan: &Plan, agent: &AgentConfig, at: Timestamp) -> Acts {
    let name = &agent.name;
    let tiers = || plan.tiers.iter().filter(|tier| tier.agent == *name).cloned();
    let apply = |at| move |tier| (at, Act::submit(Input::ApplyTier(tier)));
    let soon = at + Span::from_secs(1);
    let mut acts: Acts = tiers().map(apply(at)).collect();
    acts.push((at, Act::submit(Input::ApplyAgent(agent.clone()))));
    acts.push((soon, Act::StandbyUp(name.clone())));
    acts.extend(tiers().map(apply(soon)));
    acts
}

fn new_tier(queue: &str, agent: &str, at: Timestamp, later: Timestamp, dice: &mut Dice) -> Acts {
    let tier = random_tier(queue, agent, dice);
    let (queue, agent) = (queue.to_owned(), agent.to_owned());
    let added = if dice.chance(0.5) { at } else { later };
    let gone = if dice.chance(0.5) {
        Input::TierDel { queue, agent }
    } else {
        Input::TierNotConfigured { queue, agent }
    };
    vec![(at, Act::submit(gone)), (added, Act::submit(Input::TierAdd(tier)))]
}

fn random_setting(at: Timestamp, dice: &mut Dice) -> AgentSetting {
    let seconds = dice.between(0, 20);
    match dice.below(9) {
        0 => AgentSetting::Contact(format!("user/{}", dice.between(1000, 1999))),
        1 => AgentSetting::ReadyTime(at.steady_secs() + seconds),
        2 => attribute("wrap_up_time", seconds),
        3 => attribute("busy_delay_time", seconds),
        4 => attribute("reject_delay_time", seconds),
        5 => attribute("no_answer_delay_time", seconds),
        6 => {
            let word = if dice.chance(0.8) { "callback" } else { "uuid-standby" };
            AgentSetting::Type(AgentType::parse(word).expect("one of stock's types"))
        }
        7 => attribute(&random_limit(dice), dice.between(0, 4)),
        _ => attribute("max_no_answer", dice.between(0, 4)),
    }
}

fn random_limit(dice: &mut Dice) -> String {
    let keys: Vec<String> = AGENT_LIMITS.iter().map(|limit| limit.key()).collect();
    dice.pick(&keys).cloned().unwrap_or_default()
}

/// A queue of the database: a new one, or in the place of one of callcenter.conf.xml that was unloaded. It is deleted later,
/// unless somebody is in it.
fn queue_in_database(name: &str, agent: &str, at: Timestamp, later: Timestamp, dice: &mut Dice) -> Acts {
    let is_new = dice.chance(0.3);
    let queue = if is_new { "night@default" } else { name }.to_owned();
    let tier = TierConfig {
        queue: queue.clone(),
        agent: agent.to_owned(),
        level: 1,
        position: 1,
    };
    let mut acts = vec![
        (at, Act::submit(Input::QueueAdd(queue.clone()))),
        (at, Act::submit(Input::TierAdd(tier))),
        (later, Act::submit(Input::QueueDel(queue.clone()))),
    ];
    if !is_new {
        acts.insert(0, (at, Act::submit(Input::UnloadQueue(queue))));
    }
    acts
}

/// One parameter of the queue as it might have been configured otherwise; a question where that is no value to set.
fn random_queue_setting(queue: QueueConfig, plan: &Plan, dice: &mut Dice) -> Input {
    let other = changed_queue(queue.clone(), plan, dice);
    // Callbacks have days of their own.
    let parameters: Vec<_> = QUEUE_PARAMETERS
        .iter()
        .filter(|parameter| parameter.topic != Topic::Callbacks)
        .collect();
    let parameter = dice.pick(&parameters).expect("there are parameters");
    let value = parameter.get(&other);
    let name = queue.name.clone();
    match parameter.assign(&queue, &value) {
        Ok(setting) => Input::QueueSet { queue: name, setting },
        // A strategy that stock does not know may be configured, and not be set.
        Err(_) => Input::PresenceProbe { queue: name },
    }
}

fn random_tier_setting(dice: &mut Dice) -> TierSetting {
    match dice.below(5) {
        0 | 1 => TierSetting::Level(dice.between(0, 3)),
        2 | 3 => TierSetting::Position(dice.between(1, 5)),
        _ => TierSetting::State(random_tier_state(dice)),
    }
}

fn random_tier_state(dice: &mut Dice) -> TierState {
    if dice.chance(0.5) {
        TierState::Ready
    } else {
        TierState::NoAnswer
    }
}

/// The queue with other rules, and the strategy of another queue or its own.
fn changed_queue(queue: QueueConfig, plan: &Plan, dice: &mut Dice) -> QueueConfig {
    let strategy = dice
        .pick(&plan.queues)
        .map(|other| other.strategy.clone())
        .unwrap_or_default();
    let queue = if dice.chance(0.5) {
        random_rules(queue, dice)
    } else {
        queue
    };
    QueueConfig { strategy, ..queue }
}

/// Another program writes; what it deletes comes back later.
fn random_edit(plan: &Plan, at: Timestamp, dice: &mut Dice) -> Acts {
    let (Some(agent), Some(queue)) = (dice.pick(&plan.agents), dice.pick(&plan.queues)) else {
        return Acts::new();
    };
    let (name, queue) = (agent.name.clone(), queue.name.clone());
    let write = |edit| (at, Act::WriteRow(edit));
    let later = at + Draw::Exponential(60.0).roll(dice);
    match dice.below(8) {
        0..=2 => vec![write(Edit::Agent {
            agent: name,
            status: random_status(dice),
            state: *dice
                .pick(&[AgentState::Waiting, AgentState::Waiting, AgentState::Idle])
                .unwrap_or(&AgentState::Waiting),
        })],
        3 => {
            let mut acts = vec![write(Edit::NoAgent(name))];
            acts.extend(return_of(plan, agent, later));
            acts
        }
        4 => {
            let (state, level) = (random_tier_state(dice), dice.between(0, 3));
            let agent = name;
            vec![write(Edit::Tier {
                queue,
                agent,
                state,
                level,
            })]
        }
        5 => {
            let tier = random_tier(&queue, &name, dice);
            vec![
                write(Edit::NoTier { queue, agent: name }),
                (later, Act::submit(Input::TierAdd(tier))),
            ]
        }
        6 => {
            let base_score = dice.between(0, 500);
            vec![write(Edit::Score { queue, base_score })]
        }
        _ => vec![write(Edit::NoMember { queue })],
    }
}

fn attribute(key: &str, value: i64) -> AgentSetting {
    let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
    setting.expect("a value that it takes")
}
