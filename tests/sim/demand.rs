//! Skills, priorities and level rules: a workload that uses them, and what they say of an agent and a member, read from their text.

use crate::ledger::{Finding, Ledger, Member};
use callcenter_simulator::{Act, Dice, Plan};
use mod_callcenter::engine::{
    AgentKind, AgentSetting, CallerRequirements, Input, LevelLimits, LevelRules, Media, QueueConfig, RequiredSkills,
    Ring, Skills, Span, Timestamp,
};

const SKILLS: [&str; 6] = ["", "x", "x=3", "y=2,x", "y=5,z", "x=2,y=2,z=2"];
const REQUIRED: [&str; 6] = ["", "x", "x>=2,y", "y>=2,z,x", "z", "y"];
const RULES: [&str; 5] = [
    "",
    "15:1,40:+2,90:9",
    "5:2:1,30:+1:-1",
    "20:::2,60:0:0:0",
    "10:2:1:r2,50:::1",
];
const RETRIES: [u32; 3] = [0, 0, 4];

/// The day with agents who can do this and that, and queues and callers who ask for it.
pub fn with_demands(mut plan: Plan) -> Plan {
    let mut dice = Dice::new(plan.seed, "demands");
    for queue in &mut plan.queues {
        queue.priority = u32::try_from(dice.between(0, 2)).unwrap_or(0);
        queue.required_skills = required(&mut dice);
        queue.skill_relax_seconds = u32::try_from(dice.between(0, 1) * dice.between(1, 60)).unwrap_or(0);
        queue.level_rules = LevelRules::parse(dice.pick(&RULES).copied().unwrap_or_default()).expect("rules");
        queue.retry_delay = dice.pick(&RETRIES).copied().unwrap_or_default();
    }
    for agent in &mut plan.agents {
        agent.skills = Some(skills(&mut dice));
        for _ in 0..dice.between(0, 2) {
            let setting = AgentSetting::Skills(skills(&mut dice));
            let at = plan.start + Span::from_micros((plan.length.micros() as f64 * dice.unit()) as i64);
            let name = agent.name.clone();
            plan.acts.push((at, Act::submit(Input::AgentSet { name, setting })));
        }
    }
    for traffic in &mut plan.traffic {
        traffic.requirements = (0..dice.between(0, 3)).map(|_| requirements(&mut dice)).collect();
    }
    plan.acts.sort_by_key(|(at, _)| *at);
    plan
}

fn skills(dice: &mut Dice) -> Skills {
    Skills::parse(dice.pick(&SKILLS).copied().unwrap_or_default()).expect("skills")
}

fn required(dice: &mut Dice) -> RequiredSkills {
    RequiredSkills::parse(dice.pick(&REQUIRED).copied().unwrap_or_default()).expect("required skills")
}

fn requirements(dice: &mut Dice) -> CallerRequirements {
    let mut level = || dice.chance(0.2).then(|| dice.between(0, 3));
    let levels = LevelLimits {
        max: level(),
        min: level(),
        raise: level(),
        raises_order_only: dice.chance(0.5),
    };
    let skills = if dice.chance(0.5) {
        required(dice)
    } else {
        RequiredSkills::default()
    };
    let media = if dice.chance(0.3) { Media::Chat } else { Media::Audio };
    CallerRequirements {
        skills,
        levels,
        media,
        at: None,
    }
}

/// No agent is offered a member who asks for more, before or after a deadline of this very instant.
pub fn agent_will_do(ledger: &Ledger, now: Timestamp, ring: &Ring) -> Finding {
    let Some(member) = ledger.members.get(&ring.member_uuid) else {
        return Ok(());
    };
    let Some(place) = ledger.places.get(&ring.member_uuid) else {
        return Ok(());
    };
    let waited = now.since(place.joined);
    let level = |waited| level_for(ledger, (&member.queue, &member.requirements), &ring.agent, waited);
    if level(waited).is_some() || level(before(waited)).is_some() {
        return Ok(());
    }
    Err(format!(
        "{} is offered {member:?} and will not do after {waited:?}",
        ring.agent
    ))
}

/// The level an agent counts as for a member who has waited so long, whatever deadline of this very instant is still to come; none
/// when the agent may not serve it.
pub fn level_beyond_doubt(ledger: &Ledger, member: &Member, agent: &str, waited: Span) -> Option<i64> {
    let level = |waited| level_for(ledger, (&member.queue, &member.requirements), agent, waited);
    level(before(waited))?;
    level(waited)
}

/// Whether the agent may serve a caller of these requirements at some time, who has waited so long.
pub fn could_ever_serve(
    ledger: &Ledger,
    (queue, requirements): (&str, &CallerRequirements),
    agent: &str,
    waited: Span,
) -> bool {
    let Some(config) = ledger.queues.get(queue) else {
        return false;
    };
    if requirements.media == Media::Chat && !takes_chats(ledger, agent) {
        return false;
    }
    let steps = both(&config.required_skills, &requirements.skills).len() + 1;
    let relax = i64::from(config.skill_relax_seconds);
    let relaxations = (1..).take(steps).map(|step| step * relax);
    let rules = config.level_rules.times();
    let later = relaxations.chain(rules).map(Span::from_secs).filter(|at| *at > waited);
    let mut times = std::iter::once(waited).chain(later);
    times.any(|at| level_for(ledger, (queue, requirements), agent, at).is_some())
}

fn takes_chats(ledger: &Ledger, agent: &str) -> bool {
    let mut agents = ledger.rows.agents().iter();
    let is_called = agents.any(|row| row.name == agent && row.agent_type.kind() == AgentKind::Callback);
    is_called && ledger.rows.limits(agent).max_chats > 0
}

pub fn before(waited: Span) -> Span {
    Span::from_micros(waited.micros() - 1)
}

fn level_for(
    ledger: &Ledger,
    (queue, requirements): (&str, &CallerRequirements),
    agent: &str,
    waited: Span,
) -> Option<i64> {
    let config = ledger.queues.get(queue)?;
    let waited = waited.secs().max(0);
    let relax = i64::from(config.skill_relax_seconds);
    let times = if relax > 0 { waited / relax } else { 0 };
    let needs = relaxed(both(&config.required_skills, &requirements.skills), times);
    if !has_all(ledger, agent, &needs) {
        return None;
    }
    let mut tiers = ledger.rows.tiers().iter();
    let tier = tiers.find(|tier| tier.queue == queue && tier.agent == agent);
    let level = match tier {
        Some(tier) => tier.level,
        None if serves_by_skill(ledger, config, agent) => 1,
        None => return None,
    };
    let limits = limits(config, requirements.levels, waited);
    let raised = limits.raise.map_or(level, |raise| level.max(raise));
    let compared = if limits.raises_order_only { level } else { raised };
    let admitted = limits.max.is_none_or(|max| compared <= max) && limits.min.is_none_or(|min| compared >= min);
    admitted.then_some(raised)
}

/// Whether the agent's skills are all that is ever required of one by the queue itself.
pub fn serves_by_skill(ledger: &Ledger, config: &QueueConfig, agent: &str) -> bool {
    let own = both(&config.required_skills, &RequiredSkills::default());
    let times = if config.skill_relax_seconds > 0 { i64::MAX } else { 0 };
    !own.is_empty() && has_all(ledger, agent, &relaxed(own, times))
}

fn has_all(ledger: &Ledger, agent: &str, needs: &[(String, i64)]) -> bool {
    let text = ledger.rows.skills(agent).map(ToString::to_string).unwrap_or_default();
    let skills = pairs(&text, "=");
    needs
        .iter()
        .all(|need| skills.iter().any(|skill| skill.0 == need.0 && skill.1 >= need.1))
}

fn both(queue: &RequiredSkills, caller: &RequiredSkills) -> Vec<(String, i64)> {
    let mut needs = pairs(&queue.to_string(), ">=");
    for (name, level) in pairs(&caller.to_string(), ">=") {
        match needs.iter_mut().find(|need| need.0 == name) {
            Some(need) => need.1 = need.1.max(level),
            None => needs.push((name, level)),
        }
    }
    needs
}

fn pairs(text: &str, sign: &str) -> Vec<(String, i64)> {
    let parts = text.split(',').filter(|part| !part.is_empty());
    let pair = |part: &str| match part.split_once(sign) {
        Some((name, level)) => (name.to_owned(), level.parse().expect("a level")),
        None => (part.to_owned(), 1),
    };
    parts.map(pair).collect()
}

fn relaxed(mut needs: Vec<(String, i64)>, times: i64) -> Vec<(String, i64)> {
    for _ in 0..times.min(20) {
        if needs.len() > 1 {
            needs.pop();
        } else if let Some(first) = needs.first_mut() {
            first.1 = 1;
        }
    }
    needs
}

fn limits(config: &QueueConfig, begun: LevelLimits, waited: i64) -> LevelLimits {
    let mut raises_order_only = begun.raises_order_only;
    let within = |now: [Option<i64>; 3]| match now {
        [Some(max), min, raise] => [
            Some(max),
            min.map(|min| min.min(max)),
            raise.map(|raise| raise.min(max)),
        ],
        without_highest => without_highest,
    };
    let mut now = within([begun.max, begun.min, begun.raise]);
    let text = config.level_rules.to_string();
    for rule in text.split(',').filter(|rule| !rule.is_empty()) {
        let mut fields = rule.split(':');
        let after: i64 = fields.next().and_then(|after| after.parse().ok()).expect("seconds");
        if after > waited {
            break;
        }
        for (number, field) in fields.enumerate().filter(|(_, field)| !field.is_empty()) {
            let number_alone = field.trim_start_matches('r');
            if number == 2 {
                raises_order_only = number_alone != field;
            }
            let field = number_alone;
            let value: i64 = field.parse().expect("a level");
            let is_step = field.starts_with(['+', '-']);
            now[number] = match now[number] {
                None if is_step && number == 0 => None,
                old if is_step => Some((old.unwrap_or(0) + value).max(0)),
                _ => Some(value),
            };
        }
        now = within(now);
    }
    let [max, min, raise] = now;
    LevelLimits {
        max,
        min,
        raise,
        raises_order_only,
    }
}
