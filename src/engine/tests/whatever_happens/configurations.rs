//! Queues with something of everything, and whole configurations.

use super::*;

/// A queue that has something of everything, as the numbers say.
pub(super) fn queue_config(queue: usize, strategy: usize, tier_rules: bool, asks: usize) -> QueueConfig {
    QueueConfig {
        strategy: words::Strategy::ALL[strategy].to_string(),
        tier_rules_apply: tier_rules,
        tier_rule_wait_second: 20,
        tier_rule_wait_multiply_level: true,
        abandoned_resume_allowed: true,
        max_wait_time: 300,
        max_wait_time_with_no_agent: 60,
        max_queue_length: u32::from(tier_rules) * 9,
        join_empty: (asks % 3 == 1).then_some(Absences::PAUSED.with(Absence::InUse)),
        reject_on_no_agents: asks % 7 == 2,
        leave_when_empty: tier_rules.then_some(Absences::STRICT.with(Absence::WrapUp)),
        tier_rule_no_agent_no_wait: asks % 4 != 1,
        skip_agents_with_external_calls: asks % 5 != 3,
        dissuade_wait: 100,
        dissuade_sound: Some("sound".to_owned()),
        dissuade_hangup: tier_rules,
        announce_sound: Some("sound".to_owned()),
        announce_frequency: u32::from(tier_rules) * 20,
        announce_position: *pick_of(PositionTold::ALL, asks),
        announce_holdtime: *pick_of(EstimateTold::ALL, asks / 4),
        announce_position_limit: 2,
        announce_position_frequency: 45,
        periodic_announce_sounds: Some("one,two".to_owned()),
        periodic_announce_frequency: u32::try_from(asks % 3 * 25).unwrap_or(0),
        periodic_announce_random: tier_rules,
        priority: u32::try_from(asks % 3).unwrap_or(0),
        required_skills: required(asks),
        callbacks: CallbackConfig {
            dial: (asks % 4 != 3).then(|| "loopback/${callback_number}/x".to_owned()),
            other_number: true,
            attempts: 2,
            retry_delay: 5,
            expires: 60,
            ring_time: 10,
            ..CallbackConfig::default()
        },
        sticky_wait: u32::try_from(asks % 3 * 20).unwrap_or(0),
        sticky_days: u32::from(asks % 2 == 0),
        sticky_only: asks % 4 == 3 && asks % 3 != 1 && asks % 7 != 2,
        ring_in_use: asks % 5 != 1,
        autopause: *pick_of(Autopause::ALL, asks),
        autopause_busy: asks % 2 == 0,
        retry_delay: u32::try_from(asks % 2 * 7).unwrap_or(0),
        max_wrap_up_time: u32::try_from(asks % 5).unwrap_or(0),
        timeout_priority: *pick_of(TimeoutPriority::ALL, asks),
        skill_relax_seconds: if asks % 2 == 0 { 0 } else { 25 },
        chat_dispatch_policy: *pick_of(ChatDispatch::ALL, asks),
        level_rules: LevelRules::parse(LEVEL_RULES[asks / 6 % LEVEL_RULES.len()]).expect("rules"),
        ..QueueConfig::named(QUEUES[queue])
    }
}

impl Trial {
    /// A whole configuration of these queues, and of the agents and tiers named.
    pub(super) fn reload(&self, queue: impl Fn(usize) -> QueueConfig, named: u16) -> Input {
        let is_named = |bit: usize| named & (1 << bit) != 0;
        let queues = (0..QUEUES.len()).filter(|queue| is_named(*queue)).map(queue);
        let agents = AGENTS.iter().enumerate().filter(|(agent, _)| is_named(2 + agent));
        let agents = agents.map(|(agent, name)| AgentConfig {
            name: (*name).to_owned(),
            agent_type: AgentType::callback(),
            contact: Some(format!("user/{name}@{tier}", tier = named % 3)),
            status: Some(AgentStatus::ALL[(agent + usize::from(named)) % AgentStatus::ALL.len()]),
            skills: None,
            attributes: Vec::new(),
            limits: Vec::new(),
        });
        let tiers = AGENTS
            .iter()
            .flat_map(|agent| QUEUES.iter().map(move |queue| (queue, agent)));
        let tiers = tiers.enumerate().filter(|(tier, _)| is_named(6 + tier));
        let tiers = tiers.map(|(tier, (queue, agent))| TierConfig {
            queue: (*queue).to_owned(),
            agent: (*agent).to_owned(),
            level: (tier % 3) as i64,
            position: 1,
        });
        Input::Reconfigure(Box::new(Reconfiguration {
            settings: Some(Settings {
                reserve_agents: is_named(14),
                agent_presence: is_named(15),
                ..self.engine.settings().clone()
            }),
            queues: queues.collect(),
            agents: agents.collect(),
            tiers: Some(tiers.collect()),
        }))
    }
}
