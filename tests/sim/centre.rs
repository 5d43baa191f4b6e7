//! Random call centres. The workload knows nothing of the checkers.

use crate::meddling;
use callcenter_simulator::{Ambushes, Dice, Draw, Network, Phone, Plan, Storage, Traffic};
use mod_callcenter::engine::{
    Absence, Absences, AgentConfig, AgentLimits, AgentRow, AgentStatus, AgentType, Assignment, Autopause,
    CallerRequirements, ChatDispatch, EstimateTold, Media, PositionTold, QueueConfig, Settings, Span, TierConfig,
    Timestamp, AGENT_ATTRIBUTES, AGENT_LIMITS,
};

/// When every simulated day begins: a whole hour somewhere in 2023.
const MORNING: Timestamp = Timestamp::from_secs(1_699_952_400);

/// A random day: up to four queues of these strategies, up to nine agents, and supervisors who meddle.
pub fn random_day(seed: u64, strategies: &[&str]) -> Plan {
    let mut dice = Dice::new(seed, "centre");
    let length = Span::from_secs(dice.between(1200, 7200));
    let queues: Vec<_> = (0..dice.between(1, 4))
        .map(|n| random_queue(n, strategies, &mut dice))
        .collect();
    let agents: Vec<_> = (0..dice.between(1, 9)).map(|n| random_agent(n, &mut dice)).collect();
    let tiers = random_tiers(&queues, &agents, &mut dice);
    let mut plan = Plan {
        seed,
        start: MORNING,
        length,
        settings: Settings {
            queues_from_db: true,
            agent_report: true,
            reserve_agents: dice.chance(0.3),
            agent_originate_timeout: u32::try_from(dice.between(5, 60)).unwrap_or(60),
            cdrs: Some(true),
            queue_log_file: Some("queue_log".to_owned()),
            ..Settings::default()
        },
        traffic: queues.iter().map(|queue| random_traffic(queue, &mut dice)).collect(),
        phones: agents
            .iter()
            .map(|agent| (agent.name.clone(), random_phone(&mut dice)))
            .collect(),
        network: random_network(&mut dice),
        storage: Storage::IDEAL,
        ambushes: Ambushes::default(),
        queues,
        agents,
        tiers,
        acts: Vec::new(),
    };
    plan.acts = meddling::random_acts(&plan, 90.0, &mut dice);
    plan
}

fn random_queue(number: i64, strategies: &[&str], dice: &mut Dice) -> QueueConfig {
    let strategy = dice.pick(strategies).copied().unwrap_or("longest-idle-agent");
    random_rules(
        QueueConfig {
            strategy: strategy.to_owned(),
            ..QueueConfig::named(format!("q{number}@default"))
        },
        dice,
    )
}

pub fn random_rules(queue: QueueConfig, dice: &mut Dice) -> QueueConfig {
    let mut sometimes = |share: f64, low: i64, high: i64| {
        if dice.chance(share) {
            u32::try_from(dice.between(low, high)).unwrap_or(0)
        } else {
            0
        }
    };
    QueueConfig {
        announce_sound: Some("tone_stream://%(200,0,500)".to_owned()),
        announce_frequency: sometimes(0.3, 5, 60),
        announce_position_limit: sometimes(1.0, 1, 6),
        announce_position_frequency: sometimes(0.8, 30, 60),
        announce_position_min_frequency: 15,
        periodic_announce_sounds: Some("one.wav,two.wav".to_owned()),
        periodic_announce_frequency: sometimes(0.3, 5, 60),
        ring_progressively_delay: sometimes(0.7, 1, 15),
        tier_rule_wait_second: sometimes(0.8, 1, 60),
        discard_abandoned_after: sometimes(0.8, 1, 300),
        max_wait_time: sometimes(0.3, 10, 240),
        max_wait_time_with_no_agent: sometimes(0.3, 5, 120),
        max_wait_time_with_no_agent_time_reached: sometimes(0.5, 1, 30),
        time_base_score: if dice.chance(0.5) { "system" } else { "queue" }.to_owned(),
        announce_position: PositionTold::ALL[dice.below(PositionTold::ALL.len())],
        announce_holdtime: EstimateTold::ALL[dice.below(EstimateTold::ALL.len())],
        periodic_announce_random: dice.chance(0.5),
        tier_rules_apply: dice.chance(0.4),
        tier_rule_wait_multiply_level: dice.chance(0.5),
        tier_rule_no_agent_no_wait: dice.chance(0.5),
        abandoned_resume_allowed: dice.chance(0.5),
        agent_no_answer_status: if dice.chance(0.5) {
            AgentStatus::OnBreak
        } else {
            AgentStatus::LoggedOut
        },
        skip_agents_with_external_calls: dice.chance(0.7),
        autopause: match dice.below(10) {
            0 => Autopause::Yes,
            1 => Autopause::All,
            _ => Autopause::No,
        },
        autopause_busy: dice.chance(0.5),
        autopause_unavailable: dice.chance(0.5),
        chat_dispatch_policy: if dice.chance(0.5) {
            ChatDispatch::Balancing
        } else {
            ChatDispatch::FullLoad
        },
        ..random_admission(queue, dice)
    }
}

fn random_admission(queue: QueueConfig, dice: &mut Dice) -> QueueConfig {
    let mut sometimes = |share: f64, low: i64, high: i64| {
        let number = dice.chance(share).then(|| dice.between(low, high));
        number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
    };
    QueueConfig {
        max_queue_length: sometimes(0.2, 1, 12),
        dissuade_queue_size: sometimes(0.2, 1, 8),
        dissuade_estimated_wait: sometimes(0.2, 1, 200),
        dissuade_wait: sometimes(0.2, 1, 200),
        reject_on_no_agents: dice.chance(0.1),
        join_empty: random_absences(dice),
        leave_when_empty: random_absences(dice),
        dissuade_sound: dice.chance(0.7).then(|| "call-later.wav".to_owned()),
        dissuade_hangup: dice.chance(0.3),
        dissuade_destination: dice.chance(0.3).then(|| "3999 XML default".to_owned()),
        ..queue
    }
}

fn random_absences(dice: &mut Dice) -> Option<Absences> {
    let mut absences = Absences::NONE;
    for absence in Absence::ALL {
        if dice.chance(0.3) {
            absences = absences.with(*absence);
        }
    }
    dice.chance(0.2).then_some(absences)
}

fn random_agent(number: i64, dice: &mut Dice) -> AgentConfig {
    let kind = if dice.chance(0.85) { "callback" } else { "uuid-standby" };
    AgentConfig {
        name: format!("a{number}"),
        agent_type: AgentType::parse(kind).expect("one of stock's types"),
        contact: Some(format!("user/{}", 1000 + number)),
        status: Some(random_status(dice)),
        skills: None,
        attributes: AGENT_ATTRIBUTES
            .iter()
            .filter_map(|attribute| {
                let most = match attribute.name {
                    "max-no-answer" => 4,
                    "wrap-up-time" => 30,
                    _ => 15,
                };
                let like = AgentRow::new("", "", AgentType::callback());
                let is_said = attribute.name == "max-no-answer" || dice.chance(0.7);
                let value = is_said.then(|| dice.between(0, most))?;
                attribute.assign(&like, &value.to_string()).ok()
            })
            .collect(),
        limits: random_limits(dice),
    }
}

fn random_limits(dice: &mut Dice) -> Vec<Assignment<AgentLimits>> {
    let said = AGENT_LIMITS.iter().filter_map(|limit| {
        let share = if limit.name == "max-chats" { 0.6 } else { 0.3 };
        let value = dice.chance(share).then(|| dice.between(0, 4))?;
        limit.assign(&AgentLimits::default(), &value.to_string()).ok()
    });
    said.collect()
}

pub fn random_status(dice: &mut Dice) -> AgentStatus {
    match dice.below(10) {
        0 => AgentStatus::LoggedOut,
        1 => AgentStatus::OnBreak,
        2 => AgentStatus::AvailableOnDemand,
        _ => AgentStatus::Available,
    }
}

fn random_tiers(queues: &[QueueConfig], agents: &[AgentConfig], dice: &mut Dice) -> Vec<TierConfig> {
    let mut tiers = Vec::new();
    for queue in queues {
        for agent in agents {
            if dice.chance(0.7) {
                tiers.push(random_tier(&queue.name, &agent.name, dice));
            }
        }
    }
    tiers
}

pub fn random_tier(queue: &str, agent: &str, dice: &mut Dice) -> TierConfig {
    let (level, position) = (dice.between(0, 3), dice.between(1, 5));
    TierConfig {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        level,
        position,
    }
}

fn random_traffic(queue: &QueueConfig, dice: &mut Dice) -> Traffic {
    Traffic {
        talk: random_draw(1.0, 240.0, dice),
        patience: random_draw(1.0, 300.0, dice),
        exit_key: 0.05,
        taken_away: 0.03,
        redial: 0.4,
        base_score: dice.between(0, 1) * dice.between(0, 120),
        before_queue: Draw::Uniform(0.0, 60.0),
        agent_ends: 0.4,
        requirements: random_media(dice),
        ..Traffic::new(queue.name.as_str(), 10.0 + 140.0 * dice.unit())
    }
}

/// In every third queue some callers write.
fn random_media(dice: &mut Dice) -> Vec<CallerRequirements> {
    let writes = CallerRequirements {
        media: Media::Chat,
        ..CallerRequirements::default()
    };
    if dice.chance(0.35) {
        vec![CallerRequirements::default(), writes]
    } else {
        Vec::new()
    }
}

fn random_draw(low: f64, high: f64, dice: &mut Dice) -> Draw {
    let mean = low + (high - low) * dice.unit();
    match dice.below(4) {
        // Very short ones cross with the reports of what went before.
        0 => Draw::Uniform(0.0, 2.0 * mean),
        1 => Draw::Uniform(0.0, 0.2),
        _ => Draw::Exponential(mean),
    }
}

fn random_phone(dice: &mut Dice) -> Phone {
    let mut share = |most: f64| if dice.chance(0.5) { most * dice.unit() } else { 0.0 };
    Phone {
        rejects: share(0.3),
        busy: share(0.2),
        no_answer: share(0.3),
        not_registered: share(0.2),
        unreachable: share(0.2),
        oddities: share(0.3),
        vanishes: share(0.2),
        answer: if dice.chance(0.2) {
            Draw::Uniform(0.0, 0.1)
        } else {
            Draw::Uniform(0.5, 20.0)
        },
        ..Phone::default()
    }
}

fn random_network(dice: &mut Dice) -> Network {
    match dice.below(5) {
        0 => Network::IDEAL,
        1 => Network {
            lost_reports: 0.05,
            late_answers: 0.2,
            ..Network::default()
        },
        2 => Network {
            latency: Draw::Uniform(0.0, 1.5),
            late_answers: 0.2,
            ..Network::default()
        },
        _ => Network::default(),
    }
}
