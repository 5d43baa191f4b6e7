//! One look at the call centre: the module's snapshot, or what lists tell where there is none.

use super::session::Line;
use super::Trouble;
use crate::now_ms;
use crate::snapshot::Snapshot;
use crate::stock::{self, Lists};
use serde::Deserialize;

/// What changes with every call.
const QUICK: &str = r#""queues","members","left","agents""#;

/// Agents in one reply.
const PAGE: usize = 2_500;

/// FreeSWITCH's reply to a `json` command.
#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    status: String,
    response: Option<Box<serde_json::value::RawValue>>,
}

/// What a look has shown.
pub(super) enum Seen {
    /// The call centre.
    Centre(Box<Snapshot>),
    /// A FreeSWITCH without the module.
    NoModule,
}

/// Looks once. A whole look brings what changes slowly as well: tiers, the day by the half hour, histograms, health.
pub(super) async fn look(line: &Line<'_>, is_whole: bool) -> Result<Seen, Trouble> {
    let mut after = None;
    let mut whole: Option<Snapshot> = None;
    loop {
        let page = match ask(line, is_whole, after).await? {
            Some(page) => page,
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

/// One page of the snapshot; none where the module gives no snapshots.
async fn ask(line: &Line<'_>, is_whole: bool, after: Option<u64>) -> Result<Option<Snapshot>, Trouble> {
    let parts = match (after, is_whole) {
        (Some(number), true) => format!(r#","parts":["agents","tiers"],"agents_after":{number}"#),
        (Some(number), false) => format!(r#","parts":["agents"],"agents_after":{number}"#),
        (None, true) => String::new(),
        (None, false) => format!(r#","parts":[{QUICK}]"#),
    };
    let command =
        format!(r#"json {{"command":"callcenter_config","data":{{"arguments":"snapshot","agents":{PAGE}{parts}}}}}"#);
    let text = line.api(&command).await?;
    let Ok(reply) = serde_json::from_str::<Reply>(&text) else {
        return Ok(None);
    };
    let Some(response) = reply.response.filter(|_| reply.status == "success") else {
        return Ok(None);
    };
    let snapshot: Snapshot = match serde_json::from_str(response.get()) {
        Ok(snapshot) => snapshot,
        // Stock's module gives its refusal as a text.
        Err(_) if !response.get().starts_with('{') => return Ok(None),
        Err(wrong) => return Err(line.strange(&wrong.to_string())),
    };
    Ok((snapshot.schema > 0).then_some(snapshot))
}

async fn from_lists(line: &Line<'_>) -> Result<Seen, Trouble> {
    let queues = line.api("callcenter_config queue list").await?;
    if queues.starts_with("-ERR") || queues.contains("Command not found") {
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
