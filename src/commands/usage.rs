//! What `callcenter_config` understands, for its usage text, the console's completion, the JSON API and the reference. Keys with the value
//! of a parameter come from the parameters' tables, so that none can be forgotten here.

use crate::engine::{
    means, AgentLimits, Kind, Meaning, Parameter, Since, AGENT_ATTRIBUTES, AGENT_LIMITS, QUEUE_PARAMETERS,
};
use once_cell::sync::Lazy;

/// A command of `callcenter_config`.
#[derive(Debug, Clone)]
pub struct Command {
    /// Its lines in the usage text, one for each way to say it.
    pub usage: Vec<String>,
    /// Since when it has been there.
    pub since: Since,
    /// What it does.
    pub meaning: Meaning,
    /// What the JSON API wants in `data` beside `arguments`; none where it does not take the command.
    pub json: Option<&'static [&'static str]>,
}

impl Command {
    /// Its words as far as they are fixed: `tier add`.
    pub fn words(&self) -> String {
        let line = self.usage.first().map(String::as_str).unwrap_or_default();
        let words = line.split(' ').take_while(|word| !word.starts_with('['));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// A command with words of its own.
struct Fixed {
    usage: &'static [&'static str],
    since: Since,
    meaning: Meaning,
    json: Option<&'static [&'static str]>,
}

const fn fixed(usage: &'static [&'static str], since: Since, meaning: Meaning) -> Fixed {
    Fixed {
        usage,
        since,
        meaning,
        json: None,
    }
}

impl Fixed {
    /// Answered by the JSON API, which wants this in `data`.
    const fn json(self, data: &'static [&'static str]) -> Self {
        Self {
            json: Some(data),
            ..self
        }
    }

    fn command(&self) -> Command {
        Command {
            usage: self.usage.iter().map(|line| (*line).to_owned()).collect(),
            since: self.since,
            meaning: self.meaning,
            json: self.json,
        }
    }
}

/// Commands about agents, as far as the keys with the values of a parameter.
const AGENT: &[Fixed] = &[
    fixed(&["agent add [name] [type]"], Since::Stock, means("NAME and type.").asterisk("`AddQueueMember`")),
    fixed(&["agent del [name]"], Since::Stock, means("NAME: the agent and its tiers.").asterisk("`RemoveQueueMember`")),
    fixed(&["agent reload [name]"], Since::Stock, means("NAME: what callcenter.conf.xml says of it, also where `agent set` has changed it since; the status only when it was changed there.").opensips("`cc_reload`").asterisk("`queue reload members`")),
    fixed(&["agent login [name]"], Since::V0_1, means("NAME: status `Available`.").opensips("`cc_agent_login`").asterisk("`UnpauseQueueMember`")),
    fixed(&["agent logout [name]"], Since::V0_1, means("NAME: status `Logged Out`.").opensips("`cc_agent_login`").asterisk("`RemoveQueueMember`")),
    fixed(&["agent pause [agent_name] [[reason]]"], Since::V0_1, means("NAME and reason: status `On Break`.").opensips("`cc_agent_login`").asterisk("`PauseQueueMember`")),
    fixed(&["agent resume [agent_name]"], Since::V0_1, means("NAME: from `On Break` to `Available`; `Idle` ends, on a break or not.").opensips("`cc_agent_login`").asterisk("`UnpauseQueueMember`")),
    fixed(&["agent set status [agent_name] [status]"], Since::Stock, means("NAME and status.").opensips("`cc_agent_login`").asterisk("`PauseQueueMember`")),
    fixed(&["agent set state [agent_name] [state]"], Since::Stock, means("NAME and state: `Idle`, `Waiting`, `Receiving`, `In a queue call`.")),
    fixed(&["agent set state_if_waiting [agent_name] [state]"], Since::Stock, means("NAME and state, for an agent in state `Waiting` only.")),
    fixed(&["agent set uuid [agent_name] [uuid]"], Since::Stock, means("NAME and the leg of a standby agent.")),
    fixed(&["agent set contact [agent_name] [contact]"], Since::Stock, means("NAME and dial string.")),
    fixed(&["agent set type [agent_name] [type]"], Since::Stock, means("NAME and type.")),
    fixed(&["agent set ready_time [agent_name] [wait till epoch]"], Since::Stock, means("NAME and the second since the epoch until which nothing is offered.")),
];

/// What else of an agent can be set and looked at.
const AGENT_KEYS: &[Fixed] = &[
    fixed(
        &["agent set skills [agent_name] [skills]"],
        Since::V0_1,
        means("NAME and skills: as the attribute `skills`."),
    ),
    fixed(&["agent get status [agent_name]"], Since::Stock, means("NAME.")),
    fixed(&["agent get state [agent_name]"], Since::Stock, means("NAME.")),
    fixed(&["agent get uuid [agent_name]"], Since::Stock, means("NAME.")),
    fixed(
        &["agent get device [agent_name]"],
        Since::V0_1,
        means("NAME: the phone that the contact calls.").asterisk("`member` (state interface)"),
    ),
    fixed(
        &["agent get device_in_use [agent_name]"],
        Since::V0_1,
        means("NAME: whether that phone is in use.").asterisk("`DEVICE_STATE` function"),
    ),
    fixed(&["agent get skills [agent_name]"], Since::V0_1, means("NAME.")),
    fixed(
        &["agent get pause_reason [agent_name]"],
        Since::V0_1,
        means("NAME: why the agent is on a break.").asterisk("`QUEUE_MEMBER` function"),
    ),
];

/// What comes behind the keys of an agent.
const OTHERS: &[Fixed] = &[
    fixed(&["agent list [[agent_name]]"], Since::Stock, means("All, or NAME.").opensips("`cc_list_agents`").asterisk("`queue show`")).json(&[]),
    fixed(&["tier add [queue_name] [agent_name] [[level]] [[position]]", "tier add [queue_name] [agent_name] [level] [position] paused [[reason]]"], Since::Stock, means("QUEUE, NAME, level, position; `paused` and a reason.").asterisk("`AddQueueMember`")),
    fixed(&["tier set state [queue_name] [agent_name] [state]"], Since::Stock, means("QUEUE, NAME and state.")),
    fixed(&["tier set level [queue_name] [agent_name] [level]"], Since::Stock, means("QUEUE, NAME and level.").asterisk("`queue set penalty`")),
    fixed(&["tier set position [queue_name] [agent_name] [position]"], Since::Stock, means("QUEUE, NAME and position.")),
    fixed(&["tier pause [queue_name] [agent_name] [[reason]]"], Since::V0_1, means("QUEUE, NAME and reason: no callers of this queue.").asterisk("`PauseQueueMember`")),
    fixed(&["tier resume [queue_name] [agent_name]"], Since::V0_1, means("QUEUE and NAME.").asterisk("`UnpauseQueueMember`")),
    fixed(&["tier del [queue_name] [agent_name]"], Since::Stock, means("QUEUE and NAME.").asterisk("`RemoveQueueMember`")),
    fixed(&["tier reload [queue_name] [agent_name]"], Since::Stock, means("QUEUE or `all`, NAME: what callcenter.conf.xml says of the tiers.").asterisk("`queue reload members`")),
    fixed(&["tier list"], Since::Stock, means("All tiers that somebody made.")).json(&[]),
    fixed(&["member list"], Since::V0_1, means("The members of all queues, as `queue list members`.").opensips("`cc_list_queue`").asterisk("`queue show`")).json(&[]),
    fixed(&["member set base_score [member_uuid] [score]"], Since::V0_1, means("UUID and score, for a caller who waits.").asterisk("`QueueChangePriorityCaller`")),
    fixed(&["member withdraw [member_uuid] [[reason]]"], Since::V0_1, means("UUID and reason: a waiting caller is let go.").asterisk("`QueueWithdrawCaller`")),
    fixed(&["callback add [queue_name] [number] [[name]]"], Since::V0_1, means("QUEUE, number and name: somebody is to be called back who has not called. The answer has the member's uuid.")).json(&["queue_name", "number", "name"]),
    fixed(&["callback list [[queue_name]]"], Since::V0_1, means("Who is to be called back, the first in line first.")).json(&["queue_name"]),
    fixed(&["callback expired [[queue_name]]"], Since::V0_1, means("Who was promised a call and did not get it, the latest last: for calling by hand. The last 200 of each queue since the module was loaded.")).json(&["queue_name"]),
    fixed(&["callback cancel [member_uuid]"], Since::V0_1, means("UUID: not called back any more; a call that is being made is ended.")).json(&["member_uuid"]),
    fixed(&["callback now [member_uuid]"], Since::V0_1, means("UUID: no delay holds any more; called as soon as an agent is free.")).json(&["member_uuid"]),
    fixed(&["caller get [caller]"], Since::V0_1, means("Which agents have talked to this caller last, by queue, as far as `sticky-days` remembers.")).json(&["caller"]),
    fixed(&["caller forget [caller]"], Since::V0_1, means("The caller is not known again in any queue.")),
    fixed(&["pause list"], Since::V0_1, means("Who is paused where, and why.").asterisk("`queue show`")).json(&[]),
    fixed(&["call list"], Since::V0_1, means("Calls that wait, are put through or talk.").opensips("`cc_list_calls`").asterisk("`queue show`")).json(&[]),
    fixed(&["dispatch internal [[on|off]]"], Since::V0_1, means("`on`, `off`, or nothing: tells which it is.").opensips("`cc_internal_call_dispatching`")).json(&["value"]),
    fixed(&["dispatch member [member_uuid] [agent_name]"], Since::V0_1, means("UUID of a waiting member and NAME: the member is offered to the agent.").opensips("`cc_dispatch_call_to_agent`")).json(&["member_uuid", "agent_name"]),
    fixed(&["dispatch why [member_uuid] [agent_name]"], Since::V0_1, means("UUID of a waiting member and NAME: why the agent is not offered the member now; [the answers](queues.md#calls-given-to-agents-by-another-program). Nobody is offered anything.")).json(&["member_uuid", "agent_name"]),
    fixed(&["stats"], Since::V0_1, means("Figures of the whole call centre.").opensips("`ccg_` statistics").asterisk("`queue show`")).json(&[]),
    fixed(&["stats queue [[queue_name]]"], Since::V0_1, means("QUEUE, or nothing: figures of queues.").opensips("`ccf_` statistics").asterisk("`queue show`")).json(&["queue_name"]),
    fixed(&["stats agent [[agent_name]]"], Since::V0_1, means("NAME, or nothing: figures of agents.").opensips("`cca_` statistics").asterisk("`queue show`")).json(&["agent_name"]),
    fixed(&["stats reset"], Since::V0_1, means("Figures begin anew.").opensips("`cc_reset_stats`").asterisk("`queue reset stats`")),
    fixed(&["stats watchdog"], Since::V0_1, means("What the watchdog has put right.")),
    fixed(&["snapshot"], Since::V0_1, means("Everything under one look, as JSON, for programs that show it: [what is in it](commands.md#one-look-at-everything).").asterisk("`QueueStatus`").opensips("`cc_list_queue`")).json(&["parts", "queues", "members", "left", "agents", "agents_after"]),
    fixed(&["cluster"], Since::V0_1, means("In a [cluster](clusters.md): how this box stands (`leads`, `follows`, `alone`, ...), since when, what it has, and which others there are. Each box answers for itself, also while nobody leads.")).json(&[]),
    fixed(&["check"], Since::V0_1, means("What is wrong with callcenter.conf.xml as it stands now.")).json(&[]),
    fixed(&["reload"], Since::V0_1, means("Settings, queues, agents and tiers anew, while callers wait; [what holds at once](commands.md#a-new-configuration-while-callers-wait).").opensips("`cc_reload`").asterisk("`queue reload all`")).json(&[]),
    fixed(&["queue add [queue_name]"], Since::V0_1, means("QUEUE, with `queues-from-db`: a queue in the table.")),
    fixed(&["queue del [queue_name]"], Since::V0_1, means("QUEUE, with `queues-from-db`: no queue in the table any more.")),
    fixed(&["queue load [queue_name]"], Since::Stock, means("QUEUE: what callcenter.conf.xml says of it, where it is not loaded yet.").opensips("`cc_reload`").asterisk("`queue reload parameters`")),
    fixed(&["queue unload [queue_name]"], Since::Stock, means("QUEUE: its callers leave, and nobody enters any more.")),
    fixed(&["queue reload [queue_name]"], Since::Stock, means("QUEUE: what callcenter.conf.xml says of it, while callers wait.").opensips("`cc_reload`").asterisk("`queue reload parameters`")),
    fixed(&["queue set [key] [queue_name] [value]"], Since::V0_1, means("KEY, QUEUE and value: any queue parameter, with underscores.")),
    fixed(&["queue get [key] [queue_name]"], Since::V0_1, means("KEY and QUEUE: any queue parameter.")),
    fixed(&["queue list"], Since::Stock, means("All loaded queues.").opensips("`cc_list_flows`").asterisk("`queue show`")).json(&[]),
    fixed(&["queue list agents [queue_name] [status] [state]"], Since::Stock, means("The agents of QUEUE, with this status, this state and so many external calls where given.").asterisk("`queue show`")).json(&["queue_name"]),
    fixed(&["queue list members [queue_name]"], Since::Stock, means("The members of QUEUE.").opensips("`cc_list_queue`").asterisk("`queue show`")).json(&["queue_name"]),
    fixed(&["queue list tiers [queue_name]"], Since::Stock, means("The tiers of QUEUE.")).json(&["queue_name"]),
    fixed(&["queue count"], Since::Stock, means("How many queues are loaded.")),
    fixed(&["queue count agents [queue_name] [status] [state]"], Since::Stock, means("How many agents `queue list agents` would show.").asterisk("`QUEUE_MEMBER` function")),
    fixed(&["queue count members [queue_name]"], Since::Stock, means("How many members QUEUE has.")),
    fixed(&["queue count tiers [queue_name]"], Since::Stock, means("How many tiers QUEUE has.")),
];

/// What `callcenter_config` understands, one command a line, as stock shows it.
pub static USAGE: Lazy<String> = Lazy::new(|| {
    let lines: Vec<String> = commands()
        .iter()
        .flat_map(|command| &command.usage)
        .map(|line| format!("\n\tcallcenter_config {line}"))
        .collect();
    format!("callcenter_config <target> <args>,{}", lines.join(" | "))
});

/// What FreeSWITCH's console completes, each as it is handed to `switch_console_set_complete`.
pub static COMPLETIONS: Lazy<Vec<String>> = Lazy::new(|| {
    let mut words: Vec<String> = commands().iter().map(Command::words).collect();
    words.extend(["dispatch internal on", "dispatch internal off"].map(str::to_owned));
    for parameter in QUEUE_PARAMETERS {
        words.extend(["set", "get"].map(|action| format!("queue {action} {}", parameter.key())));
    }
    let lines = words.iter().map(|words| format!("add callcenter_config {words}"));
    lines.chain(["add callcenter_break agent".to_owned()]).collect()
});

/// Every command, in the order of the usage text.
pub fn commands() -> Vec<Command> {
    let fixed = |commands: &[Fixed]| commands.iter().map(Fixed::command).collect::<Vec<_>>();
    let mut commands = fixed(AGENT);
    commands.extend(AGENT_ATTRIBUTES.iter().map(agent_set));
    commands.extend(AGENT_LIMITS.iter().map(agent_set));
    commands.extend(fixed(AGENT_KEYS));
    commands.extend(
        AGENT_LIMITS
            .iter()
            .map(|limit| agent_get(&limit.key(), limit.since, limit.meaning)),
    );
    commands.extend(
        AgentLimits::COUNTS
            .iter()
            .map(|count| agent_get(count.name, count.since, count.meaning)),
    );
    commands.extend(fixed(OTHERS));
    commands
}

fn agent_set<T>(parameter: &Parameter<T>) -> Command {
    let value = match parameter.kind {
        Kind::Number { unit: "seconds", .. } | Kind::LikeC { unit: "seconds", .. } => "wait second",
        Kind::Number { .. } | Kind::LikeC { .. } => "count",
        _ => "value",
    };
    Command {
        usage: vec![format!("agent set {} [agent_name] [{value}]", parameter.key())],
        since: parameter.since,
        meaning: parameter.meaning,
        json: None,
    }
}

fn agent_get(key: &str, since: Since, meaning: Meaning) -> Command {
    Command {
        usage: vec![format!("agent get {key} [agent_name]")],
        since,
        meaning,
        json: None,
    }
}
