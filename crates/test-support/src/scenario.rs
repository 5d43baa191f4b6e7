//! A scenario file: one situation in a call centre, as TOML.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::call_centre::CallCenter;
use crate::repository::root;

/// The contact of an agent (the first word) whose phone behaves so (the second): what is dialled for it.
pub type Phone = fn(&str, &str) -> String;

/// A situation, and how the two modules' records of it are compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// The file's name without its ending.
    #[serde(skip)]
    pub name: String,
    /// What every name of this scenario begins with inside FreeSWITCH, so that many scenarios can share one.
    #[serde(skip)]
    pub scope: String,
    /// What the scenario shows, in a line.
    pub about: String,
    /// Settings of the whole module; scenarios with the same settings share a FreeSWITCH.
    #[serde(default)]
    pub settings: BTreeMap<String, Value>,
    /// It has a FreeSWITCH of its own: what it does (a reload) touches every agent.
    #[serde(default)]
    pub alone: bool,
    /// Modules it needs beside the usual ones; left out where FreeSWITCH has not got them.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Scripts by file name; `{scope}` as in `before-queue`.
    #[serde(default)]
    pub scripts: BTreeMap<String, String>,
    /// Parameters by queue name (without `@default`).
    pub queues: BTreeMap<String, BTreeMap<String, Value>>,
    /// The agents in the order they are configured.
    #[serde(default)]
    pub agents: Vec<Agent>,
    /// Queue, agent, level and position, in the order they are configured.
    #[serde(default)]
    pub tiers: Vec<(String, String, u32, u32)>,
    /// What happens, one after the other.
    pub steps: Vec<Step>,
    /// Further extensions of the callers' context and what they do; `{scope}` stands in front of their names.
    #[serde(default)]
    pub extensions: BTreeMap<String, Vec<String>>,
    /// What of the order in which agents are chosen is compared.
    #[serde(default)]
    pub order: Order,
    /// A leg goes on elsewhere when the talk ends. Stock tells the end up to 100 ms later, from channels that have got further:
    /// what they say of themselves then is not compared.
    #[serde(default)]
    pub legs_move_on: bool,
    /// How long something takes, with either module.
    #[serde(default)]
    pub lasts: Vec<Lasts>,
    /// What differs on purpose.
    #[serde(default)]
    pub differs: Vec<Difference>,
}

/// A parameter's value, written as it comes naturally in TOML.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(untagged)]
pub enum Value {
    /// `true`
    Flag(bool),
    /// `10`
    Number(i64),
    /// `"10"`
    Text(String),
}

impl Value {
    /// As it is written in XML.
    pub fn text(&self) -> String {
        match self {
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
        }
    }
}

/// An agent and the phone it is called on.
#[derive(Debug, Clone, Deserialize)]
pub struct Agent {
    /// Its name.
    pub name: String,
    /// How its phone behaves: a word of [`phone`](crate::harness::phone).
    #[serde(default)]
    pub phone: Option<String>,
    /// Written in front of the phone's address: `[leg_timeout=1]`.
    #[serde(default)]
    pub dial: String,
    /// A contact in place of a phone; in it `{AGENT:BEHAVIOUR}` is a phone's address, and `{scope}` stands in front of an
    /// extension's name.
    #[serde(default)]
    pub contact: Option<String>,
    /// Its other attributes.
    #[serde(flatten)]
    pub attributes: BTreeMap<String, Value>,
}

/// One thing that happens. Exactly one of the actions is given, or only `after`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// Wait first for the next such event: an action or a core event's name, then the agent or the caller, then a
    /// state, status, cause, application or its data.
    pub after: Option<String>,
    /// Let so many milliseconds pass first, where there is no event to wait for.
    #[serde(default)]
    pub pause: u64,
    /// A caller with this number dials.
    pub call: Option<String>,
    /// The caller's name.
    pub name: Option<String>,
    /// The queue called; without one the caller only does what `before-queue` says.
    pub queue: Option<String>,
    /// What the dialplan does before the queue: `set cc_base_score=10`; `{scope}` stands in front of an agent's name.
    #[serde(default)]
    pub before_queue: Vec<String>,
    /// What it does afterwards; hangs up when nothing is given.
    #[serde(default)]
    pub after_queue: Vec<String>,
    /// FreeSWITCH calls a phone with this number that answers, and has it run an application: `callcenter({scope}q@default)`.
    pub originate: Option<(String, String)>,
    /// A statement run on the call centre's database; `{scope}` stands in front of names.
    pub sql: Option<String>,
    /// The caller with this number hangs up.
    pub hang_up: Option<String>,
    /// A caller presses keys: number and keys.
    pub keys: Option<(String, String)>,
    /// The phone of an agent or caller (the first) connects the two it talks to, with REFER and Replaces: the other one is
    /// at the end of the call that the caller (the second) made from the same phone.
    pub joins: Option<(String, String)>,
    /// `callcenter_config` with these words.
    pub command: Option<String>,
    /// An API command.
    pub api: Option<String>,
}

/// What of the order in which agents are chosen is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// All of it.
    #[default]
    Defined,
    /// Which agents and how often, for those called at the same time.
    Any,
    /// Only which agents were called: who serves whom is chance.
    Chance,
}

/// Two events and how far apart they are, in seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lasts {
    /// The first such event.
    pub from: String,
    /// The first such event after it.
    pub to: String,
    /// At least so many seconds.
    pub at_least: f64,
    /// At most so many seconds.
    pub at_most: f64,
}

/// Something that differs on purpose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Difference {
    /// Why.
    pub reason: String,
    /// Stock does not take part at all; what must hold is in `ours`.
    #[serde(default)]
    pub whole: bool,
    /// Texts of lines that may be in stock's record only.
    #[serde(default)]
    pub stock: Vec<String>,
    /// Texts of lines that must be in our record, and may be only there.
    #[serde(default)]
    pub ours: Vec<String>,
}

/// The directory of the scenarios.
pub fn directory() -> PathBuf {
    root().join("tests/host/scenarios")
}

/// Reads every scenario, in the order of their names; each gets a scope of its own.
///
/// # Panics
/// When one cannot be read.
pub fn read_all() -> Vec<Scenario> {
    let mut files: Vec<_> = std::fs::read_dir(directory())
        .expect("list the scenarios")
        .map(|entry| entry.expect("a scenario").path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files.iter().enumerate().map(|(at, path)| read(path, at)).collect()
}

fn read(path: &Path, at: usize) -> Scenario {
    let text = std::fs::read_to_string(path).expect("read a scenario");
    let mut scenario: Scenario = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    scenario.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    scenario.scope = format!("s{at:02}.");
    scenario
}

impl Scenario {
    /// Which other scenarios it can share a FreeSWITCH with: those of which this is the same.
    pub fn company(&self) -> (BTreeMap<String, Value>, Option<String>) {
        (self.settings.clone(), self.alone.then(|| self.name.clone()))
    }

    /// Whether stock plays it as well.
    pub fn is_beside_stock(&self) -> bool {
        !self.differs.iter().any(|known| known.whole)
    }

    /// A text of the file with its names as FreeSWITCH knows them.
    pub fn named(&self, text: &str) -> String {
        text.replace("{scope}", &self.scope)
    }

    /// Adds its queues, agents and tiers to a configuration.
    pub fn configure(&self, mut call_centre: CallCenter, phone: Phone) -> CallCenter {
        let scope = &self.scope;
        for (name, params) in &self.queues {
            call_centre = with_texts(params, |params| {
                call_centre.queue(&format!("{scope}{name}@default"), params)
            });
        }
        for agent in &self.agents {
            let name = format!("{scope}{}", agent.name);
            let contact = match (&agent.contact, &agent.phone) {
                (Some(contact), _) => with_phones(contact, scope, phone),
                (None, Some(behaviour)) => format!("{}{}", agent.dial, phone(&name, behaviour)),
                (None, None) => panic!("{}: agent {} has neither phone nor contact", self.name, agent.name),
            };
            call_centre = with_texts(&agent.attributes, |attributes| {
                call_centre.agent(&name, &contact, attributes)
            });
        }
        for (queue, agent, level, position) in &self.tiers {
            let (queue, agent) = (format!("{scope}{queue}@default"), format!("{scope}{agent}"));
            call_centre = call_centre.tier(&queue, &agent, *level, *position);
        }
        call_centre
    }

    /// The extensions its callers dial, one for each call, and those legs are transferred to.
    pub fn extensions(&self, phone: Phone) -> String {
        let calls = self.steps.iter().enumerate().filter(|(_, step)| step.call.is_some());
        let calls = calls.map(|(at, step)| self.extension(at, step, phone));
        let further = self.extensions.iter();
        calls
            .chain(further.map(|(name, actions)| self.further_extension(name, actions, phone)))
            .collect()
    }

    /// The extension dialled by the call at this place in the steps.
    pub fn extension_number(&self, at: usize) -> String {
        format!("{}call-{at}", self.scope)
    }

    fn extension(&self, at: usize, step: &Step, phone: Phone) -> String {
        let number = self.extension_number(at);
        let enter = step
            .queue
            .as_ref()
            .map(|queue| format!("callcenter {}{queue}@default", self.scope));
        let reached = "set after_queue=reached".to_string();
        let hang_up = "hangup NORMAL_CLEARING".to_string();
        let named = |action: &String| with_phones(action, &self.scope, phone);
        let mut actions: Vec<String> = step.before_queue.iter().map(named).collect();
        actions.extend(enter.map(|enter| [enter, reached]).into_iter().flatten());
        actions.extend(step.after_queue.iter().map(named));
        actions.push(hang_up);
        extension_xml(&number, &actions)
    }

    fn further_extension(&self, name: &str, actions: &[String], phone: Phone) -> String {
        let actions: Vec<String> = actions
            .iter()
            .map(|action| with_phones(action, &self.scope, phone))
            .collect();
        extension_xml(&format!("{}{name}", self.scope), &actions)
    }
}

/// The text with `{scope}` and the addresses of phones, `{AGENT:BEHAVIOUR}`, in it; FreeSWITCH's own braces stay.
fn with_phones(text: &str, scope: &str, phone: Phone) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let named = part.split_once('}').and_then(|(name, rest)| {
            let (agent, behaviour) = name.split_once(':')?;
            let is_word = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            (is_word(agent) && is_word(behaviour)).then(|| (phone(&format!("{scope}{agent}"), behaviour), rest))
        });
        match (part.strip_prefix("scope}"), named) {
            (Some(rest), _) => out += &format!("{scope}{rest}"),
            (None, Some((address, rest))) => out += &format!("{address}{rest}"),
            (None, None) => out += &format!("{{{part}"),
        }
    }
    out
}

fn with_texts<T>(values: &BTreeMap<String, Value>, then: impl FnOnce(&[(&str, &str)]) -> T) -> T {
    let texts: Vec<(&str, String)> = values.iter().map(|(key, value)| (key.as_str(), value.text())).collect();
    let pairs: Vec<(&str, &str)> = texts.iter().map(|(key, value)| (*key, value.as_str())).collect();
    then(&pairs)
}

fn extension_xml(number: &str, actions: &[String]) -> String {
    let actions: String = actions.iter().map(|action| action_xml(action)).collect();
    let pattern = number.replace('.', "\\.");
    format!(
        "<extension name=\"{number}\"><condition field=\"destination_number\" expression=\"^{pattern}$\">\
         {actions}</condition></extension>\n"
    )
}

fn action_xml(action: &str) -> String {
    let (application, data) = action.split_once(' ').unwrap_or((action, ""));
    let data = data.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!("<action application=\"{application}\" data=\"{data}\"/>")
}
