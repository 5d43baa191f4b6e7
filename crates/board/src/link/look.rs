//! One look at the call centre: the module's snapshot, or what lists tell where there is none.

use super::session::Line;
use super::Trouble;
use crate::boxes::{Status, Vitals};
use crate::cluster::Member;
use crate::now_ms;
use crate::snapshot::Snapshot;
use crate::stock::{self, Lists};
use serde::de::DeserializeOwned;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What changes with every call.
const QUICK: &str = r#""queues","members","left","agents""#;

/// Agents in one reply.
const PAGE: usize = 2_500;

/// FreeSWITCH's reply to a `json` command.
#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    status: String,
    response: Option<Box<RawValue>>,
}

/// What a look has shown.
pub(super) enum Seen {
    /// The call centre.
    Centre(Box<Snapshot>),
    /// A FreeSWITCH without the module.
    NoModule,
    /// A box of a cluster that nobody leads at the moment.
    NoLeader,
}

/// Looks once. A whole look brings what changes slowly as well: tiers, the day by the half hour, histograms, health.
pub(super) async fn look(line: &Line<'_>, is_whole: bool) -> Result<Seen, Trouble> {
    let mut after = None;
    let mut whole: Option<Snapshot> = None;
    loop {
        let page = match ask(line, &parts(is_whole, after)).await? {
            Some(page) => page,
            // What a cluster without a leader refuses, no list tells.
            None if whole.is_none() && line.is_member() => return Ok(Seen::NoLeader),
            None if whole.is_none() => return from_lists(line).await,
            None => break,
        };
        after = page.agents_next;
        match &mut whole {
            None => whole = Some(page),
            Some(whole) => whole.agents.extend(page.agents),
        }
        if after.is_none() {
            break;
        }
    }
    Ok(whole.map_or(Seen::NoModule, |whole| Seen::Centre(Box::new(whole))))
}

/// What FreeSWITCH says of itself; nothing where it does not say it to the board.
pub(super) async fn status(line: &Line<'_>) -> Result<Option<Status>, Trouble> {
    json(line, r#"{"command":"status","data":{}}"#).await
}

/// What it says of the cluster it is a box of; none where it is in none, or its module knows nothing of clusters.
pub(super) async fn member(line: &Line<'_>) -> Result<Option<Member>, Trouble> {
    let asked = r#"{"command":"callcenter_config","data":{"arguments":"cluster"}}"#;
    let member: Option<Member> = json(line, asked).await?;
    Ok(member.filter(|member| !member.run.is_empty()))
}

/// How a FreeSWITCH is that stands by; none where it has no such module.
pub(super) async fn vitals(line: &Line<'_>) -> Result<Option<Vitals>, Trouble> {
    let status = status(line).await?;
    if let Some(snapshot) = ask(line, r#","parts":["health"]"#).await? {
        return Ok(Some(Vitals::of(&snapshot, status)));
    }
    let queues = line.api("callcenter_config queue list").await?;
    let stock = Vitals {
        status,
        is_stock: true,
        ..Vitals::default()
    };
    Ok((!is_refusal(&queues)).then_some(stock))
}

/// One page of the snapshot; none where the module gives no snapshots.
async fn ask(line: &Line<'_>, parts: &str) -> Result<Option<Snapshot>, Trouble> {
    let asked = format!(r#"{{"command":"callcenter_config","data":{{"arguments":"snapshot"{parts}}}}}"#);
    let mut snapshot: Option<Snapshot> = json(line, &asked).await?;
    if !line.may_use_json() {
        // Whatever was asked for, its text has all of it; stock's module, or none, has no such text.
        let text = line.api("callcenter_config snapshot").await?;
        snapshot = serde_json::from_str(&text).ok();
        if let Some(snapshot) = &mut snapshot {
            snapshot.agents_next = None;
        }
    }
    Ok(snapshot.filter(|snapshot| snapshot.schema > 0))
}

/// Which part of it.
fn parts(is_whole: bool, after: Option<u64>) -> String {
    let parts = match (after, is_whole) {
        (Some(number), true) => format!(r#","parts":["agents","tiers"],"agents_after":{number}"#),
        (Some(number), false) => format!(r#","parts":["agents"],"agents_after":{number}"#),
        (None, true) => String::new(),
        (None, false) => format!(r#","parts":[{QUICK}]"#),
    };
    format!(r#","agents":{PAGE}{parts}"#)
}

/// The answer to a JSON command; none where it is refused, or the user may not use such commands.
async fn json<T: DeserializeOwned>(line: &Line<'_>, asked: &str) -> Result<Option<T>, Trouble> {
    if !line.may_use_json() {
        return Ok(None);
    }
    let text = match line.api(&format!("json {asked}")).await {
        Err(Trouble::Forbidden { .. }) => {
            line.goes_without_json();
            return Ok(None);
        }
        answer => answer?,
    };
    let Ok(reply) = serde_json::from_str::<Reply>(&text) else {
        return Ok(None);
    };
    let Some(response) = reply.response.filter(|_| reply.status == "success") else {
        return Ok(None);
    };
    match serde_json::from_str(response.get()) {
        Ok(said) => Ok(Some(said)),
        // Stock's module gives its refusal as a text.
        Err(_) if !response.get().starts_with('{') => Ok(None),
        Err(wrong) => Err(line.strange(&wrong.to_string())),
    }
}

/// It is no answer of a call centre.
pub(super) fn is_refusal(queues: &str) -> bool {
    queues.starts_with("-ERR") || queues.contains("Command not found")
}

async fn from_lists(line: &Line<'_>) -> Result<Seen, Trouble> {
    let queues = line.api("callcenter_config queue list").await?;
    if is_refusal(&queues) {
        return Ok(Seen::NoModule);
    }
    let mut lists = Lists {
        agents: line.api("callcenter_config agent list").await?,
        tiers: line.api("callcenter_config tier list").await?,
        queues,
        ..Lists::default()
    };
    let names: Vec<String> = stock::rows(&lists.queues)
        .iter()
        .filter_map(|row| row.get("name").map(|name| (*name).to_owned()))
        .collect();
    for name in names {
        let list = line
            .api(&format!("callcenter_config queue list members {name}"))
            .await?;
        lists.members.insert(name, list);
    }
    Ok(Seen::Centre(Box::new(stock::snapshot(&lists, now_ms()))))
}
