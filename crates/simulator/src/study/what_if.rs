//! What is changed in a day to see what would come of it.

use crate::plan::{Act, Plan};
use mod_callcenter::engine::{nearest_name, AgentConfig, AgentKind, Input, STRATEGIES};
use std::str::FromStr;

/// More or fewer agents: `+2`, `-1`, `support@default=+2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoreAgents {
    /// Only agents of this queue.
    pub queue: Option<String>,
    /// How many more; less than nothing is fewer.
    pub by: i64,
}

impl FromStr for MoreAgents {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (queue, number) = match text.rsplit_once('=') {
            Some((queue, number)) => (Some(queue.to_owned()), number),
            None => (None, text),
        };
        match number.parse::<i64>() {
            Ok(by) if (-10_000..=10_000).contains(&by) => Ok(Self { queue, by }),
            _ => Err("say how many, such as +2, -1 or support@default=+2".to_owned()),
        }
    }
}

/// How many times as many callers: `+10%`, `-5%`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calls(pub f64);

impl FromStr for Calls {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let percent = text
            .trim()
            .strip_suffix('%')
            .and_then(|number| number.trim().parse::<f64>().ok());
        match percent {
            Some(percent) if (-100.0..=1000.0).contains(&percent) => Ok(Self(1.0 + percent / 100.0)),
            _ => Err("say by how much, such as +10% or -5%".to_owned()),
        }
    }
}

/// Gives all queues of a plan this strategy.
///
/// # Errors
/// When there is no such strategy.
pub fn set_strategy(plan: &mut Plan, strategy: &str) -> Result<(), String> {
    let names = || STRATEGIES.iter().map(|strategy| strategy.name);
    if !names().any(|known| known == strategy) {
        let nearest =
            nearest_name(strategy, names()).map_or(String::new(), |name| format!(" {name} is meant, perhaps."));
        let known: Vec<&str> = names().collect();
        return Err(format!(
            "There is no strategy {strategy}; there is: {}.{nearest}",
            known.join(", ")
        ));
    }
    for queue in &mut plan.queues {
        strategy.clone_into(&mut queue.strategy);
    }
    Ok(())
}

/// Whether calls can reach this agent: one without a contact is configured, and never rings.
pub fn can_be_called(agent: &AgentConfig) -> bool {
    let has_contact = agent.contact.as_ref().is_some_and(|contact| !contact.is_empty());
    has_contact || agent.agent_type.kind() != AgentKind::Callback
}

/// More agents are copies of those who are there, one after the other: with their queues, levels, skills, phones and shifts. Fewer agents are
/// without the last ones. Whoever cannot be called is nobody to copy, and nobody to do without.
///
/// # Errors
/// When there is nobody to copy, or not so many to do without.
pub fn change_agents(plan: &mut Plan, change: &MoreAgents) -> Result<(), String> {
    let serves = |agent: &AgentConfig| {
        let mut tiers = plan.tiers.iter().filter(|tier| tier.agent == agent.name);
        change
            .queue
            .as_ref()
            .is_none_or(|queue| tiers.any(|tier| tier.queue == *queue))
    };
    let counts = |agent: &&AgentConfig| can_be_called(agent) && serves(agent);
    let present: Vec<AgentConfig> = plan.agents.iter().filter(counts).cloned().collect();
    let place = change
        .queue
        .as_ref()
        .map_or(String::new(), |queue| format!(" in {queue}"));
    if present.is_empty() {
        return Err(format!("There is no agent{place} to begin with."));
    }
    let number = usize::try_from(change.by.unsigned_abs()).unwrap_or(usize::MAX);
    if change.by < 0 {
        if number >= present.len() {
            return Err(format!(
                "There are {} agents{place}; at least one has to stay.",
                present.len()
            ));
        }
        for agent in present.iter().rev().take(number) {
            without(plan, &agent.name);
        }
    } else {
        for (count, agent) in present.iter().cycle().take(number).enumerate() {
            copy(plan, agent, change.queue.as_deref(), count / present.len() + 1);
        }
    }
    Ok(())
}

fn without(plan: &mut Plan, name: &str) {
    plan.agents.retain(|agent| agent.name != name);
    plan.tiers.retain(|tier| tier.agent != name);
    plan.acts.retain(|(_, act)| agent_of(act) != Some(name));
    plan.phones.remove(name);
}

fn copy(plan: &mut Plan, original: &AgentConfig, queue: Option<&str>, round: usize) {
    let mut name = format!("{} (+{round})", original.name);
    while plan.agents.iter().any(|agent| agent.name == name) {
        name.push('+');
    }
    plan.agents.push(AgentConfig {
        name: name.clone(),
        ..original.clone()
    });
    let tiers = plan.tiers.iter().filter(|tier| tier.agent == original.name);
    let tiers: Vec<_> = tiers
        .filter(|tier| queue.is_none_or(|queue| tier.queue == queue))
        .cloned()
        .collect();
    plan.tiers
        .extend(tiers.into_iter().map(|tier| mod_callcenter::engine::TierConfig {
            agent: name.clone(),
            ..tier
        }));
    if let Some(phone) = plan.phones.get(&original.name).cloned() {
        plan.phones.insert(name.clone(), phone);
    }
    let acts = plan
        .acts
        .iter()
        .filter(|(_, act)| agent_of(act) == Some(&original.name));
    let acts: Vec<_> = acts.map(|(at, act)| (*at, renamed(act, &name))).collect();
    plan.acts.extend(acts);
    plan.acts.sort_by_key(|(at, _)| *at);
}

/// Whose act it is, of those that are an agent's own.
fn agent_of(act: &Act) -> Option<&str> {
    match act {
        Act::Submit(input) => match input.as_ref() {
            Input::AgentSet { name, .. } => Some(name),
            Input::TierPause { agent, .. } | Input::TierResume { agent, .. } => Some(agent),
            _ => None,
        },
        Act::StandbyUp(agent) | Act::StandbyDown(agent) | Act::BreakAgent(agent) => Some(agent),
        _ => None,
    }
}

fn renamed(act: &Act, agent: &str) -> Act {
    let mut act = act.clone();
    match &mut act {
        Act::Submit(input) => match input.as_mut() {
            Input::AgentSet { name, .. } => agent.clone_into(name),
            Input::TierPause { agent: name, .. } | Input::TierResume { agent: name, .. } => agent.clone_into(name),
            _ => {}
        },
        Act::StandbyUp(name) | Act::StandbyDown(name) | Act::BreakAgent(name) => agent.clone_into(name),
        _ => {}
    }
    act
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_as_people_write_them() {
        let read = |text: &str| text.parse::<MoreAgents>();
        assert_eq!(read("+2"), Ok(MoreAgents { queue: None, by: 2 }));
        let of_queue = MoreAgents {
            queue: Some("a@b".to_owned()),
            by: -1,
        };
        assert_eq!(read("a@b=-1"), Ok(of_queue));
        assert!(read("two").is_err());
        assert_eq!("+10%".parse(), Ok(Calls(1.1)));
        assert_eq!("-5 %".parse(), Ok(Calls(0.95)));
        assert!("10".parse::<Calls>().is_err() && "-200%".parse::<Calls>().is_err());
    }
}
