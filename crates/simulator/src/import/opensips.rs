//! OpenSIPS call_center: the tables cc_flows and cc_agents.

mod script;

use super::asterisk::Included;
use super::csv::{table, Row, Table};
use super::Draft;
use mod_callcenter::engine::Skills;
use script::Script;
use std::collections::BTreeSet;

/// Columns of a flow that are a parameter of a queue.
const PARAMS: [(&str, &str); 5] = [
    ("max_wrapup_time", "max-wrap-up-time"),
    ("dissuading_qsize_th", "dissuade-queue-size"),
    ("dissuading_ewt_th", "dissuade-estimated-wait"),
    ("dissuading_onhold_th", "dissuade-wait"),
    ("dissuading_hangup", "dissuade-hangup"),
];

/// Columns of a flow that are the SIP address of a media server, and what plays a sound in their place.
const MESSAGES: [(&str, &str); 4] = [
    ("message_queue", "moh-sound"),
    ("message_welcome", "welcome-sound"),
    ("message_dissuading", "dissuade-sound"),
    ("message_flow_id", "cc_outbound_announce"),
];

/// Parameters of the script that have been carried over, or have their line elsewhere.
const CARRIED_OVER: [&str; 4] = [
    "wrapup_time",
    "chat_dispatch_policy",
    "reject_on_no_agents",
    "internal_call_dispatching",
];

/// Parameters of the script that are left out, with what to do.
const OTHERWISE: [(&str, &str); 8] = [
    (
        "db_url",
        "Name the database of agents and tiers in odbc-dsn, in any form FreeSWITCH takes; its tables are stock's.",
    ),
    (
        "acc_db_url",
        "Name the database of the call detail records in cdr-odbc-dsn, in any form FreeSWITCH takes.",
    ),
    (
        "rt_db_url",
        "Callers who wait are in the table members of the database that odbc-dsn names.",
    ),
    (
        "cc_agents_table",
        "The table agents is stock's; agents-table gives it another name.",
    ),
    (
        "cc_flows_table",
        "Queues are in this file, or with queues-from-db in the table queues.",
    ),
    (
        "queue_pos_param",
        "The place in line is in cc_position for as many as position-variable says; 0 is the first there, 1 here.",
    ),
    ("b2b_scenario", "FreeSWITCH needs no scenario."),
    (
        "b2b_scenario_agent",
        "FreeSWITCH needs no scenario; what the agent hears first is agent-announce-sound.",
    ),
];

/// OpenSIPS's wrap-up where the script sets none, seconds.
const WRAPUP: &str = "30";

/// How many chats an agent of OpenSIPS's table takes where nothing else is said.
const SESSIONS: u32 = 4;

/// What agents with chats need to be told.
const CHAT_POLICY: &str = "chat-dispatch-policy of the queues is balancing, OpenSIPS's default; if the script sets \
     modparam(\"call_center\", \"chat_dispatch_policy\", \"full-load\"), set it to full-load.";

/// Carries over flows and agents, each a CSV file with the names of the columns in its first line. What the columns are called and the usual
/// wrap-up are in the script.
///
/// # Errors
/// When a file is empty, or has not the columns of its table.
pub fn import(flows: &Included, agents: &Included, script: Option<&Included>) -> Result<Draft, String> {
    let mut draft = Draft::default();
    let is_known = script.is_some();
    let script = Script::read(script.map_or("", |script| &script.text));
    let flow_table = checked(
        flows,
        table(&flows.text, &script.columns("ccf_")),
        ["flowid", "agentid"],
    )?;
    let agent_table = checked(
        agents,
        table(&agents.text, &script.columns("cca_")),
        ["agentid", "flowid"],
    )?;
    draft.setting("wrap-up-time", script.value("wrapup_time").unwrap_or(WRAPUP));
    if !is_known {
        draft.warn(format!(
            "wrap-up-time is {WRAPUP} seconds, OpenSIPS's default; if the script sets modparam(\"call_center\", \"wrapup_time\", ...), take that, \
             or give the script as the third file."
        ));
    }
    of_script(&mut draft, &script);
    for flow in &flow_table.rows {
        draft.at(&format!("{}:{}", flows.name, flow.line));
        add_flow(&mut draft, flow, &flow_table.rows, &script);
    }
    for agent in &agent_table.rows {
        draft.at(&format!("{}:{}", agents.name, agent.line));
        add_agent(&mut draft, agent);
    }
    draft.at("");
    if !is_known && agent_table.rows.iter().any(|agent| chats_of(agent) > 0) {
        draft.warn(CHAT_POLICY.to_owned());
    }
    draft.tell_of_callbacks("call_center");
    Ok(draft)
}

/// The table, if it has this column; the other one is that of the other table.
fn checked(file: &Included, table: Table, [column, other]: [&str; 2]) -> Result<Table, String> {
    let name = &file.name;
    if table.columns.iter().all(String::is_empty) {
        return Err(format!("{name} is empty. Its first line has to name the columns."));
    }
    if table.has(column) {
        return Ok(table);
    }
    Err(if table.has(other) {
        format!("{name}:1: it has no column {column}, and {other}, which the other table has: the flows come first, the agents second.")
    } else {
        format!("{name}:1: it has no column {column}. Is it another table, or are its columns named in the script?")
    })
}

/// What the script says of the whole call centre, and what it does not say and is so there.
fn of_script(draft: &mut Draft, script: &Script) {
    let dispatches = script.value("internal_call_dispatching");
    if dispatches.is_some_and(|number| number == "0") {
        draft.setting("internal-call-dispatching", "false");
    }
    // Each call leaves a row of cc_cdrs there.
    draft.setting("cdrs", "true");
    for (name, value) in script.parameters() {
        if CARRIED_OVER.contains(&name) {
            continue;
        }
        let advice = OTHERWISE.iter().find(|(known, _)| *known == name);
        let advice = advice.map(|(_, advice)| format!(" {advice}")).unwrap_or_default();
        draft.warn(format!("modparam {name} ({value}) is left out.{advice}"));
    }
}

fn priority(flow: &Row) -> u32 {
    flow.filled("priority")
        .and_then(|number| number.parse().ok())
        .unwrap_or(256)
}

fn add_flow(draft: &mut Draft, flow: &Row, flows: &[Row], script: &Script) {
    let Some(name) = flow.filled("flowid") else {
        return draft.warn("A flow has no flowid; it is left out.".to_owned());
    };
    if draft.has_queue(name) {
        return draft.warn(format!("Flow \"{name}\" is there twice; the first one is used."));
    }
    draft.add_queue(name);
    // Agents who have just had a call go to the end of OpenSIPS's list.
    draft.param("strategy", "longest-idle-agent", "the order of agents");
    // The smallest number comes first there, the largest here.
    let later: BTreeSet<u32> = flows
        .iter()
        .map(priority)
        .filter(|other| *other > priority(flow))
        .collect();
    let rank = later.len();
    if rank > 0 {
        draft.param("priority", &rank.to_string(), "priority");
    }
    match flow.filled("skill") {
        Some(skill) => draft.param("required-skills", skill, &format!("skill \"{skill}\"")),
        None => draft.warn(format!(
            "queue \"{name}\": the flow has no skill; give agents a <tier>."
        )),
    }
    tell_no_numbers(draft, &format!("queue \"{name}\""), flow, &["priority"]);
    tell_no_numbers(
        draft,
        &format!("queue \"{name}\""),
        flow,
        &PARAMS.map(|(column, _)| column),
    );
    for (column, param) in PARAMS {
        if let Some(number) = flow.above_zero(column) {
            let is_flag = column == "dissuading_hangup";
            let value = if is_flag { "true".to_owned() } else { number.to_string() };
            draft.param(param, &value, &format!("{column} ({number})"));
        }
    }
    for (column, sound) in MESSAGES {
        if let Some(address) = flow.filled(column) {
            draft.warn(format!(
                "queue \"{name}\": {column} ({address}) is played by a media server there; FreeSWITCH plays it itself: set {sound} to a sound."
            ));
        }
    }
    of_script_for_queue(draft, script);
    if let Some(prefix) = flow.filled("prependcid") {
        if Draft::knows("cid-name-prefix") {
            return draft.param("cid-name-prefix", prefix, "prependcid");
        }
        draft.warn(format!(
            "queue \"{name}\": prependcid: set the channel variable cc_outbound_cid_name_prefix to \"{prefix}\" in the dialplan."
        ));
    }
}

/// What the script says of all queues.
fn of_script_for_queue(draft: &mut Draft, script: &Script) {
    if script.value("reject_on_no_agents").is_none_or(|number| number != "0") {
        draft.param("reject-on-no-agents", "true", "reject_on_no_agents");
    }
    if let Some(policy) = script.value("chat_dispatch_policy") {
        draft.param(
            "chat-dispatch-policy",
            policy,
            &format!("chat_dispatch_policy ({policy})"),
        );
    }
}

/// Says which columns that should have a number have something else, and count as if they were empty.
fn tell_no_numbers(draft: &mut Draft, whose: &str, row: &Row, columns: &[&str]) {
    for column in columns {
        if let Some(value) = row.filled(column).filter(|value| value.parse::<u32>().is_err()) {
            draft.warn(format!("{whose}: {column} ({value}) is no number; it is left out."));
        }
    }
}

fn add_agent(draft: &mut Draft, agent: &Row) {
    let Some(name) = agent.filled("agentid") else {
        return draft.warn("An agent has no agentid; it is left out.".to_owned());
    };
    if draft.has_agent(name) {
        return draft.warn(format!("Agent \"{name}\" is there twice; the first one is used."));
    }
    tell_no_numbers(
        draft,
        &format!("agent \"{name}\""),
        agent,
        &["logstate", "wrapup_time", "msrp_max_sessions"],
    );
    draft.attribute(name, "type", "callback".to_owned());
    let contact = contact_of(draft, name, agent);
    draft.attribute(name, "contact", contact);
    let is_logged_in = agent.above_zero("logstate").is_some();
    let status = if is_logged_in { "Available" } else { "Logged Out" };
    draft.attribute(name, "status", status.to_owned());
    if let Some(skills) = agent.filled("skills") {
        match Skills::parse(skills) {
            Ok(skills) => drop(draft.attribute(name, "skills", skills.to_string())),
            Err(trouble) => draft.warn(format!("agent \"{name}\": skills are left out: {trouble}")),
        }
    }
    let chats = chats_of(agent);
    if let Some(seconds) = agent.above_zero("wrapup_time") {
        draft.attribute(name, "wrap-up-time", seconds.to_string());
        if chats > 0 {
            draft.attribute(name, "chat-wrap-up-time", seconds.to_string());
        }
    }
    if chats > 0 {
        draft.attribute(name, "max-chats", chats.to_string());
    }
}

/// How many chats an agent takes at once: none without an address for them, and as many as OpenSIPS's table has by default where no
/// number is said.
fn chats_of(agent: &Row) -> u32 {
    match agent.filled("msrp_location") {
        Some(_) => agent.above_zero("msrp_max_sessions").unwrap_or(SESSIONS),
        None => 0,
    }
}

/// Where calls and chats go, which may be two places.
fn contact_of(draft: &mut Draft, name: &str, agent: &Row) -> String {
    let at = |column| agent.filled(column).map(contact).unwrap_or_default();
    let (calls, chats) = (at("location"), at("msrp_location"));
    match (calls.is_empty(), chats.is_empty()) {
        (true, true) => draft.warn(format!("agent \"{name}\" has no location; write a contact.")),
        (true, false) => draft.warn(format!(
            "agent \"{name}\" has no location and takes no calls there; here calls go to msrp_location. Give the agent tiers in queues of \
             chats only."
        )),
        (false, false) if calls != chats => return format!("${{cond('${{cc_media}}' == 'chat' ? '{chats}' : '{calls}')}}"),
        (false, _) => return calls,
    }
    chats
}

/// A SIP address as a dial string.
fn contact(location: &str) -> String {
    let address = location
        .strip_prefix("sips:")
        .or_else(|| location.strip_prefix("sip:"))
        .unwrap_or(location);
    match address {
        "" => String::new(),
        address => format!("sofia/external/{address}"),
    }
}
