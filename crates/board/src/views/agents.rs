//! Agents and what they do.

use super::{caller, put, Caller};
use crate::hub::Items;
use crate::settings::Settings;
use crate::snapshot::{Agent, AgentFigures, Call, Pause, Snapshot, Tier};
use serde::Serialize;

#[derive(Serialize)]
struct Cell<'a> {
    name: &'a str,
    title: String,
    doing: &'a str,
    status: &'a str,
    since: Option<i64>,
    until: Option<i64>,
    pause: Option<&'a Pause>,
    call: Option<With>,
    more_calls: usize,
    external_calls: u64,
    skills: &'a str,
    today: &'a AgentFigures,
    queues: Vec<&'a str>,
    level: Option<u32>,
    position: Option<u32>,
}

/// A caller who is with an agent.
#[derive(Serialize)]
struct With {
    #[serde(flatten)]
    caller: Caller,
    queue: String,
    since: Option<i64>,
    is_chat: bool,
    talk_amber: u32,
    talk_red: u32,
}

/// The agents that are shown; of one queue, those who serve it.
pub(super) fn cells(items: &mut Items, settings: &Settings, snapshot: &Snapshot, queue: Option<&str>) {
    for agent in snapshot.agents.iter().filter(|agent| settings.shows_agent(&agent.name)) {
        let tier = agent
            .tiers
            .iter()
            .flatten()
            .find(|tier| Some(tier.queue.as_str()) == queue);
        if queue.is_none() || tier.is_some() {
            put(items, &format!("a:{}", agent.name), cell(settings, agent, tier));
        }
    }
}

fn cell<'a>(settings: &Settings, agent: &'a Agent, tier: Option<&'a Tier>) -> Cell<'a> {
    let pause_here = tier.and_then(|tier| tier.pause.as_ref());
    let is_paused_here = pause_here.is_some() && matches!(agent.doing.as_str(), "ready" | "held" | "wrap-up");
    let doing = if is_paused_here { "paused" } else { agent.doing.as_str() };
    let pause = agent.pause.as_ref().or(pause_here).filter(|_| doing == "paused");
    let until = match doing {
        "wrap-up" => agent.wrap_up_until_at,
        "held" => agent.ready_at,
        _ => None,
    };
    let served = agent.tiers.iter().flatten().map(|tier| tier.queue.as_str());
    Cell {
        name: &agent.name,
        title: settings.agent_title(&agent.name),
        doing,
        status: &agent.status,
        since: pause.and_then(|pause| pause.since_at).or(agent.doing_since_at),
        until,
        pause,
        call: agent.calls.first().map(|call| with(settings, call)),
        more_calls: agent.calls.len().saturating_sub(1),
        external_calls: agent.external_calls,
        skills: &agent.skills,
        today: &agent.today,
        queues: served.filter(|queue| settings.shows_queue(queue)).collect(),
        level: tier.map(|tier| tier.level),
        position: tier.map(|tier| tier.position),
    }
}

fn with(settings: &Settings, call: &Call) -> With {
    let limits = settings.thresholds_of(&call.queue);
    With {
        caller: caller(settings, &call.name, &call.number),
        queue: settings.queue_title(&call.queue),
        since: call.bridged_at.or(call.called_at),
        is_chat: call.media == "chat",
        talk_amber: limits.talk_amber,
        talk_red: limits.talk_red,
    }
}
