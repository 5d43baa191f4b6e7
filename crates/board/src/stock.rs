//! What can be told of a call centre by its lists alone: for FreeSWITCH's own module, which gives no snapshot.

use crate::snapshot::{Agent, AgentCounts, AgentFigures, Call, Live, Member, Queue, Snapshot, Tier};
use std::collections::BTreeMap;

/// The lists, as `callcenter_config` prints them.
#[derive(Debug, Default)]
pub struct Lists {
    /// `queue list`
    pub queues: String,
    /// `agent list`
    pub agents: String,
    /// `tier list`
    pub tiers: String,
    /// `queue list members` of each queue, by its name.
    pub members: BTreeMap<String, String>,
}

/// One row by the names of its columns.
type Row<'a> = BTreeMap<&'a str, &'a str>;

/// The rows of a list; a row with another number of fields than its head is none.
pub fn rows(text: &str) -> Vec<Row<'_>> {
    let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("+OK"));
    let head: Vec<&str> = lines.next().map(|line| line.split('|').collect()).unwrap_or_default();
    let rows = lines.map(|line| line.split('|').collect::<Vec<&str>>());
    let whole = rows.filter(|row| row.len() == head.len());
    whole.map(|row| head.iter().copied().zip(row).collect()).collect()
}

fn text(row: &Row<'_>, column: &str) -> String {
    row.get(column).copied().unwrap_or_default().to_owned()
}

fn number(row: &Row<'_>, column: &str) -> u64 {
    row.get(column).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Seconds since 1970 as an instant; none where it is 0.
fn instant(row: &Row<'_>, column: &str) -> Option<i64> {
    let seconds = row
        .get(column)
        .and_then(|text| text.parse::<i64>().ok())
        .unwrap_or_default();
    (seconds > 0).then_some(seconds * 1000)
}

/// The snapshot that these lists amount to. Counts of calls are those since the module was loaded.
pub fn snapshot(lists: &Lists, now: i64) -> Snapshot {
    let mut agents: Vec<Agent> = rows(&lists.agents).iter().map(|row| agent(row, now)).collect();
    for row in rows(&lists.tiers) {
        let tier = Tier {
            queue: text(&row, "queue"),
            level: u32::try_from(number(&row, "level")).unwrap_or_default(),
            position: u32::try_from(number(&row, "position")).unwrap_or_default(),
            pause: None,
        };
        let whose = row.get("agent").copied().unwrap_or_default();
        if let Some(agent) = agents.iter_mut().find(|agent| agent.name == whose) {
            agent.tiers.get_or_insert_default().push(tier);
        }
    }
    let members = lists.members.values().flat_map(|list| rows(list));
    let members: Vec<Row<'_>> = members.collect();
    for row in &members {
        give_caller(&mut agents, row);
    }
    let queues = rows(&lists.queues);
    let queues = queues.iter().map(|row| queue(row, &members, &agents));
    Snapshot {
        now_at: now,
        queues: queues.collect(),
        agents,
        is_from_lists: true,
        ..Snapshot::default()
    }
}

fn agent(row: &Row<'_>, now: i64) -> Agent {
    let status = text(row, "status");
    let changed = instant(row, "last_status_change");
    let talked = instant(row, "last_bridge_end");
    let wraps_until = talked.map(|end| end + 1000 * i64::try_from(number(row, "wrap_up_time")).unwrap_or_default());
    let wraps_until = wraps_until.filter(|end| *end > now && status.starts_with("Available"));
    let ready_at = instant(row, "ready_time").filter(|ready| *ready > now);
    let state = row.get("state").copied().unwrap_or_default();
    let (doing, since) = match (status.as_str(), state) {
        (_, "In a queue call") => ("talking", instant(row, "last_bridge_start")),
        (_, "Receiving") => ("ringing", instant(row, "last_offered_call")),
        ("Logged Out", _) => ("logged-out", changed),
        ("On Break", _) => ("paused", changed),
        (_, "Idle") => ("idle", changed),
        _ if wraps_until.is_some() => ("wrap-up", talked),
        _ if ready_at.is_some() => ("held", instant(row, "last_offered_call")),
        _ => ("ready", changed.max(talked)),
    };
    Agent {
        name: text(row, "name"),
        doing: doing.to_owned(),
        doing_since_at: since,
        wrap_up_until_at: wraps_until,
        ready_at,
        external_calls: number(row, "external_calls_count"),
        today: AgentFigures {
            answered: number(row, "calls_answered"),
            talk_ms: number(row, "talk_time") * 1000,
            ..AgentFigures::default()
        },
        status,
        tiers: Some(Vec::new()),
        ..Agent::default()
    }
}

/// A member that is with an agent, or rings there, is that agent's caller.
fn give_caller(agents: &mut [Agent], row: &Row<'_>) {
    let whose = row.get("serving_agent").copied().unwrap_or_default();
    let Some(agent) = agents.iter_mut().find(|agent| agent.name == whose) else {
        return;
    };
    let stage = match agent.doing.as_str() {
        "talking" => "talking",
        "ringing" => "ringing",
        _ => return,
    };
    agent.calls.push(Call {
        queue: text(row, "queue"),
        name: text(row, "cid_name"),
        number: text(row, "cid_number"),
        stage: stage.to_owned(),
        called_at: agent.doing_since_at,
        bridged_at: agent.doing_since_at.filter(|_| stage == "talking"),
        ..Call::default()
    });
}

fn queue(row: &Row<'_>, members: &[Row<'_>], agents: &[Agent]) -> Queue {
    let name = text(row, "name");
    let here = members.iter().filter(|row| row.get("queue") == Some(&name.as_str()));
    let waits = here
        .clone()
        .filter(|row| matches!(row.get("state"), Some(&("Waiting" | "Trying"))));
    let mut waiting: Vec<Member> = waits.map(member).collect();
    waiting.sort_by_key(|member| member.joined_at);
    for (place, member) in (1..).zip(&mut waiting) {
        member.place = Some(place);
    }
    let talking = here.filter(|row| row.get("state") == Some(&"Answered")).count();
    let serves = |agent: &&Agent| agent.tiers.iter().flatten().any(|tier| tier.queue == name);
    let counts = counts(agents.iter().filter(serves));
    let mut queue = Queue {
        live: Live {
            waiting: waiting.len() as u64,
            ringing_members: waiting.iter().filter(|member| member.state == "Trying").count() as u64,
            talking: talking as u64,
            oldest_joined_at: waiting.first().map(|member| member.joined_at),
            agents: counts,
            ..Live::default()
        },
        strategy: text(row, "strategy"),
        max_wait_seconds: number(row, "max_wait_time"),
        members: waiting,
        name,
        ..Queue::default()
    };
    queue.total.answered = number(row, "calls_answered");
    queue.total.abandoned = number(row, "calls_abandoned");
    queue.total.calls = queue.total.answered + queue.total.abandoned;
    queue.today = queue.total.clone();
    queue
}

fn member(row: &Row<'_>) -> Member {
    Member {
        uuid: text(row, "uuid"),
        name: text(row, "cid_name"),
        number: text(row, "cid_number"),
        joined_at: instant(row, "joined_epoch").unwrap_or_default(),
        state: text(row, "state"),
        score: i64::try_from(number(row, "score")).unwrap_or_default(),
        agent: text(row, "serving_agent"),
        ..Member::default()
    }
}

fn counts<'a>(agents: impl Iterator<Item = &'a Agent>) -> AgentCounts {
    let mut counts = AgentCounts::default();
    for agent in agents {
        counts.known += 1;
        counts.logged_in += u64::from(agent.doing != "logged-out");
        let count = match agent.doing.as_str() {
            "talking" => &mut counts.talking,
            "ringing" => &mut counts.ringing,
            "paused" => &mut counts.paused,
            "wrap-up" => &mut counts.wrap_up,
            "ready" => &mut counts.ready,
            "logged-out" => continue,
            _ => &mut counts.unavailable,
        };
        *count += 1;
    }
    counts.free = counts.ready;
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> Lists {
        let agents = "name|status|state|wrap_up_time|last_bridge_start|last_bridge_end|last_offered_call|last_status_change|calls_answered|talk_time|ready_time\n\
            1001|Available|In a queue call|10|950|900|940|100|7|300|0\n\
            1002|Available|Waiting|10|900|995|890|100|3|80|0\n\
            1003|On Break|Waiting|0|0|0|0|700|0|0|0\n\
            1004|Logged Out|Waiting|0|0|0|0|0|0|0|0\n+OK\n";
        let members = "queue|uuid|cid_number|cid_name|joined_epoch|serving_agent|state|score\n\
            a@b|m1|030111|Ada|940|1001|Answered|60\n\
            a@b|m2|030222|Bob|980||Waiting|20\n+OK\n";
        Lists {
            queues: "name|strategy|max_wait_time|calls_answered|calls_abandoned\na@b|ring-all|300|10|2\n+OK\n".to_owned(),
            agents: agents.to_owned(),
            tiers: "queue|agent|state|level|position\na@b|1001|Active Inbound|1|1\na@b|1002|Ready|1|2\na@b|1003|Ready|2|1\n+OK\n".to_owned(),
            members: [("a@b".to_owned(), members.to_owned())].into(),
        }
    }

    #[test]
    fn lists_amount_to_a_snapshot() {
        let snapshot = snapshot(&lists(), 1_000_000);
        let queue = &snapshot.queues[0];
        assert_eq!(
            (queue.live.waiting, queue.live.talking, queue.live.oldest_joined_at),
            (1, 1, Some(980_000))
        );
        assert_eq!((queue.total.calls, queue.total.answered), (12, 10));
        let counts = &queue.live.agents;
        assert_eq!(
            (
                counts.known,
                counts.talking,
                counts.wrap_up,
                counts.paused,
                counts.ready
            ),
            (3, 1, 1, 1, 0)
        );
        let doing: Vec<&str> = snapshot.agents.iter().map(|agent| agent.doing.as_str()).collect();
        assert_eq!(doing, ["talking", "wrap-up", "paused", "logged-out"]);
        assert_eq!(snapshot.agents[1].wrap_up_until_at, Some(1_005_000));
        assert_eq!(snapshot.agents[0].calls[0].name, "Ada");
        assert_eq!(queue.members[0].place, Some(1));
    }

    #[test]
    fn a_row_that_is_not_whole_and_an_empty_list_are_none() {
        assert!(rows("+OK\n").is_empty());
        assert_eq!(rows("a|b\n1|2\n1|2|3\n+OK\n").len(), 1);
    }
}
