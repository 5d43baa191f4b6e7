//! Sets the stage for a scenario: its call centre, its agents' phones; and says what cannot be put on it.

use callcenter_simulator::xml::{read_file, FileSource};
use callcenter_simulator::{self, Draw, Network, Phone, Plan};
use callcenter_test_support::call_centre::CallCenter;
use callcenter_test_support::scenario::{directory, Agent, Scenario, Step, Value};
use std::path::PathBuf;

/// How long a rejected call rings, in seconds.
const AT_ONCE: f64 = 0.01;

/// A stage that is set.
pub struct Stage {
    /// Queues, agents, tiers and phones.
    pub plan: Plan,
    file: PathBuf,
    /// The directory of that file, kept while it is read.
    _dir: tempfile::TempDir,
}

impl Stage {
    /// The configuration, for commands that reload it.
    pub fn source(&self) -> FileSource {
        FileSource::new(&self.file)
    }
}

/// The stage of a scenario, or why the simulator cannot play it.
pub fn set(scenario: &Scenario) -> Result<Stage, String> {
    every_word_is_known(scenario)?;
    scenario.steps.iter().try_for_each(can_be_done)?;
    let phones = scenario
        .agents
        .iter()
        .map(|agent| Ok((agent.name.clone(), phone(agent)?)));
    let phones = phones.collect::<Result<_, String>>()?;
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("callcenter.conf.xml");
    let settings = scenario.settings.iter();
    let call_centre = settings.fold(CallCenter::new(), |file, (name, value)| {
        file.setting(name, &value.text())
    });
    std::fs::write(&file, scenario.configure(call_centre, contact).xml()).expect("write a configuration");
    let configuration = read_file(&file).expect("a configuration");
    let plan = callcenter_simulator::Scenario::default()
        .plan(&configuration, 1)
        .expect("a plan");
    let plan = Plan {
        traffic: Vec::new(),
        acts: Vec::new(),
        phones,
        network: Network {
            latency: Draw::Uniform(0.002, 0.03),
            ..Network::IDEAL
        },
        ..plan
    };
    Ok(Stage { plan, file, _dir: dir })
}

/// The contact of an agent whose phone behaves as said. Nobody dials it: the plan says what each agent's phone does.
fn contact(agent: &str, behaviour: &str) -> String {
    format!("simulated/{agent}-{behaviour}")
}

/// The words of a scenario's file that the simulator understands.
const WORDS: &[&str] = &[
    "about", "settings", "alone", "queues", "agents", "tiers", "steps", "order", "lasts", "differs",
];

/// The words of a step that the simulator understands.
const STEP_WORDS: &[&str] = &[
    "after",
    "pause",
    "call",
    "name",
    "queue",
    "before-queue",
    "after-queue",
    "hang-up",
    "keys",
    "command",
    "api",
];

/// Looks at the file itself: what the host tests learn to do is not silently left out here.
fn every_word_is_known(scenario: &Scenario) -> Result<(), String> {
    let file = directory().join(format!("{}.toml", scenario.name));
    let text = std::fs::read_to_string(file).expect("read a scenario");
    let table: toml::Table = toml::from_str(&text).expect("a scenario");
    let steps = table.get("steps").and_then(toml::Value::as_array).into_iter().flatten();
    let of_steps = steps.filter_map(toml::Value::as_table).flat_map(toml::Table::keys);
    let mut unknown = of_steps.filter(|word| !STEP_WORDS.contains(&word.as_str()));
    let mut unknown_outside = table.keys().filter(|word| !WORDS.contains(&word.as_str()));
    match unknown.next().or(unknown_outside.next()) {
        Some(word) => Err(format!("`{word}` needs a switch")),
        None => Ok(()),
    }
}

fn can_be_done(step: &Step) -> Result<(), String> {
    let needs_switch = |what: &str| Err(format!("{what} needs a switch"));
    let Step {
        after,
        call,
        queue,
        before_queue,
        after_queue,
        command,
        api,
        ..
    } = step;
    if api.is_some() {
        return needs_switch("an API command");
    }
    if call.is_some() && queue.is_none() {
        return needs_switch("a call to no queue");
    }
    if command.as_ref().is_some_and(|words| words.contains('{')) {
        return needs_switch("the name of a channel");
    }
    // Here the two are bridged as soon as the agent answers.
    let is_plain = |action: &&String| {
        let is_set = action.starts_with("set ") && !action.contains("_announce=");
        is_set || *action == "answer" || action.starts_with("sleep ")
    };
    if let Some(action) = before_queue.iter().chain(after_queue).find(|action| !is_plain(action)) {
        return needs_switch(action);
    }
    match after.as_ref().and_then(|event| event.split(' ').next()) {
        Some("CHANNEL_HANGUP_COMPLETE" | "CHANNEL_PROGRESS") | None => Ok(()),
        Some(event) if event.chars().all(|c| c.is_ascii_uppercase() || c == '_') => needs_switch(event),
        Some(_) => Ok(()),
    }
}

fn phone(agent: &Agent) -> Result<Phone, String> {
    let is_standby = agent.attributes.get("type") == Some(&Value::Text("uuid-standby".to_owned()));
    if is_standby {
        return Err("an agent on standby needs a switch".to_owned());
    }
    let phone = match (agent.contact.as_deref(), agent.phone.as_deref()) {
        (Some("error/USER_BUSY"), _) => busy(),
        (Some("error/USER_NOT_REGISTERED"), _) => Phone {
            not_registered: 1.0,
            ..Phone::default()
        },
        (None, Some(behaviour)) => behaving(behaviour).ok_or(format!("phone \"{behaviour}\" needs a switch"))?,
        (contact, _) => return Err(format!("contact {contact:?} needs a switch")),
    };
    let leg_timeout = match agent.dial.as_str() {
        "" => None,
        dial => Some(leg_timeout(dial).ok_or(format!("\"{dial}\" needs a switch"))?),
    };
    Ok(Phone { leg_timeout, ..phone })
}

fn leg_timeout(dial: &str) -> Option<u32> {
    dial.strip_prefix("[leg_timeout=")?.strip_suffix(']')?.parse().ok()
}

fn busy() -> Phone {
    Phone {
        busy: 1.0,
        ..Phone::default()
    }
}

/// A phone by the words of the host tests' phones.
fn behaving(behaviour: &str) -> Option<Phone> {
    let seconds = |millis: &str| Some(Draw::Fixed(millis.parse::<f64>().ok()? / 1000.0));
    let words: Vec<&str> = behaviour.split('-').collect();
    let answers = |answer, talk| Phone {
        answer,
        talk,
        ..Phone::default()
    };
    let at_once = Draw::Fixed(0.0);
    Some(match words.as_slice() {
        ["answer"] => answers(at_once, None),
        ["answer", "after", wait] => answers(seconds(wait)?, None),
        ["answer", wait, "talk", talk] => answers(seconds(wait)?, Some(seconds(talk)?)),
        ["talk", talk] => answers(at_once, Some(seconds(talk)?)),
        ["ring" | "slow"] => Phone {
            no_answer: 1.0,
            ..Phone::default()
        },
        ["reject"] => Phone {
            rejects: 1.0,
            ..answers(Draw::Fixed(AT_ONCE), None)
        },
        ["busy"] => busy(),
        _ => return None,
    })
}
