//! Rows of the reference.

use mod_callcenter::commands::{commands, Command};
use mod_callcenter::engine::{
    AgentLimits, AgentRow, AgentType, Meaning, Named, Parameter, QueueConfig, Settings, Since, AGENT_ATTRIBUTES,
    AGENT_LIMITS, AGENT_WORDS, EVENTS, EVENT_HEADERS, QUEUE_PARAMETERS, SETTINGS, TIER_ATTRIBUTES, VARIABLES_READ,
    VARIABLES_SET,
};

/// The head of the tables that [`Row::line`] makes lines of.
pub const HEAD: &str =
    "| name | where | default | unit | since | OpenSIPS | Asterisk | what |\n|---|---|---|---|---|---|---|---|\n";

/// What stands where there is nothing to tell.
const NOTHING: &str = "-";

/// The text of a cell.
pub fn or_nothing(text: &str) -> &str {
    if text.is_empty() {
        return NOTHING;
    }
    text
}

/// What is told of a name.
pub struct Row {
    name: String,
    place: &'static str,
    default: String,
    unit: String,
    since: Since,
    meaning: Meaning,
}

impl Row {
    /// The row as a line of a table in Markdown.
    pub fn line(&self) -> String {
        let name = format!("`{}`", self.name);
        let cells = [
            name.as_str(),
            self.place,
            or_nothing(&self.default),
            or_nothing(&self.unit),
            self.since.as_str(),
            or_nothing(self.meaning.opensips),
            or_nothing(self.meaning.asterisk),
            self.meaning.what,
        ];
        format!("| {} |\n", cells.join(" | "))
    }

    fn of<T: Clone>(place: &'static str, parameter: &'static Parameter<T>, fresh: &T) -> Self {
        Self {
            name: parameter.name.to_owned(),
            place,
            default: value(&parameter.get(fresh)),
            unit: parameter.kind.unit().to_owned(),
            since: parameter.since,
            meaning: parameter.meaning,
        }
    }

    /// A name with values that somebody writes.
    fn of_valued(place: &'static str, named: &Named) -> Self {
        Self {
            default: value(named.default),
            ..Self::of_named(place, named)
        }
    }

    /// A name whose values the call centre writes.
    fn of_named(place: &'static str, named: &Named) -> Self {
        Self {
            name: named.name.to_owned(),
            place,
            default: String::new(),
            unit: named.unit.to_owned(),
            since: named.since,
            meaning: named.meaning,
        }
    }

    fn of_command(command: &Command) -> Self {
        Self {
            name: command.words(),
            place: "command",
            default: String::new(),
            unit: String::new(),
            since: command.since,
            meaning: command.meaning,
        }
    }
}

fn value(text: &str) -> String {
    if text.is_empty() {
        return "none".to_owned();
    }
    format!("`{text}`")
}

/// A table's parameters by topic; within a topic in the table's order.
pub fn by_topic<T>(table: &'static [Parameter<T>]) -> Vec<&'static Parameter<T>> {
    let mut parameters: Vec<_> = table.iter().collect();
    parameters.sort_by_key(|parameter| parameter.topic);
    parameters
}

/// Settings.
pub fn settings() -> Vec<Row> {
    let fresh = Settings::default();
    let settings = by_topic(SETTINGS).into_iter();
    settings.map(|setting| Row::of("setting", setting, &fresh)).collect()
}

/// Parameters of a queue.
pub fn queue_parameters() -> Vec<Row> {
    let fresh = QueueConfig::named("");
    let parameters = by_topic(QUEUE_PARAMETERS).into_iter();
    parameters
        .map(|parameter| Row::of("queue", parameter, &fresh))
        .collect()
}

/// Attributes of an agent.
pub fn agent_attributes() -> Vec<Row> {
    let (row, limits) = (AgentRow::new("", "", AgentType::callback()), AgentLimits::default());
    let words = AGENT_WORDS.iter().map(|word| Row::of_valued("agent", word));
    let attributes = AGENT_ATTRIBUTES
        .iter()
        .map(|attribute| Row::of("agent", attribute, &row));
    let limits = AGENT_LIMITS.iter().map(|limit| Row::of("agent", limit, &limits));
    words.chain(attributes).chain(limits).collect()
}

/// Attributes of a tier.
pub fn tier_attributes() -> Vec<Row> {
    TIER_ATTRIBUTES
        .iter()
        .map(|attribute| Row::of_valued("tier", attribute))
        .collect()
}

/// Channel variables.
pub fn variables() -> Vec<Row> {
    let read = VARIABLES_READ
        .iter()
        .map(|variable| Row::of_valued("variable", variable));
    let set = VARIABLES_SET
        .iter()
        .map(|variable| Row::of_named("variable, set", variable));
    read.chain(set).collect()
}

/// Commands.
pub fn of_commands() -> Vec<Row> {
    commands().iter().map(Row::of_command).collect()
}

/// Events.
pub fn events() -> Vec<Row> {
    EVENTS.iter().map(|event| Row::of_named("event", event)).collect()
}

/// Headers of events.
pub fn headers() -> Vec<Row> {
    EVENT_HEADERS
        .iter()
        .map(|header| Row::of_named("header", header))
        .collect()
}
