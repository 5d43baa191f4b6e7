//! `conf/callcenter.conf.xml`: every setting, parameter and attribute with what it means, and a small call centre in force.

use crate::rows::by_topic;
use crate::xml::{attribute, comment, element, UNBROKEN};
use mod_callcenter::engine::{
    AgentLimits, AgentRow, AgentType, Kind, Meaning, Named, Parameter, QueueConfig, Sample, Settings, Since,
    AGENT_ATTRIBUTES, AGENT_LIMITS, AGENT_WORDS, QUEUE_PARAMETERS, SETTINGS, STRATEGIES, TIER_ATTRIBUTES,
};

const HEAD: &str = "<!--
  A sample configuration that names every setting, parameter and attribute; `make reference` writes it. It goes to
  autoload_configs/callcenter.conf.xml of FreeSWITCH. What is commented out shows the default, or an example where the
  default is nothing. An empty value is no value: the default, or what an agent has, holds.
  $${hold_music} and its like are variables of vars.xml. After a change: `callcenter_config reload`, while callers wait;
  it tells what has changed, and which settings need an unload. Where a program writes this file, callcenter-extra.conf.xml
  beside it is laid over it (docs/admin/commands.md).
-->
<configuration name=\"callcenter.conf\" description=\"Call centre\">
";

/// The parameter whose words have a table of their own.
const STRATEGY: &str = "strategy";

/// What stands in the sample of one setting, parameter or attribute.
struct Entry {
    name: &'static str,
    /// What it means, without Markdown.
    what: String,
    /// What is written, in force or commented out.
    value: String,
    is_in_force: bool,
}

impl Entry {
    fn of<T: Clone>(parameter: &'static Parameter<T>, fresh: &T) -> Self {
        let words = match &parameter.kind {
            Kind::Word { words, .. } if parameter.name != STRATEGY => words(),
            _ => Vec::new(),
        };
        let facts = facts(parameter.kind.unit(), &words, parameter.since);
        let mut entry = Self::new(parameter.name, &parameter.get(fresh), &parameter.meaning, &facts);
        if parameter.name == STRATEGY {
            let strategies = STRATEGIES
                .iter()
                .map(|it| format!("\n  {}\n    {}", it.name, plain(it.meaning.what)));
            entry.what.extend(strategies);
        }
        entry
    }

    fn of_named(named: &Named) -> Self {
        let facts = facts(named.unit, &[], named.since);
        Self::new(named.name, named.default, &named.meaning, &facts)
    }

    fn new(name: &'static str, default: &str, meaning: &Meaning, facts: &[String]) -> Self {
        let (value, is_in_force) = match meaning.sample {
            Sample::Default => (default, false),
            Sample::Example(value) => (value, false),
            Sample::InForce(value) => (value, true),
        };
        let mut facts = facts.to_vec();
        if value != default && !default.is_empty() {
            facts.push(format!("default {default}"));
        }
        let what = match facts.as_slice() {
            [] => plain(meaning.what),
            facts => format!("{} ({})", plain(meaning.what), facts.join("; ")),
        };
        Self {
            name,
            what,
            value: value.to_owned(),
            is_in_force,
        }
    }

    fn attribute(&self) -> String {
        attribute(self.name, &self.value)
    }
}

/// What the value does not show by itself.
fn facts(unit: &str, words: &[&str], since: Since) -> Vec<String> {
    let is_shown = ["", "text", "word", "true or false"].contains(&unit);
    let unit = (!is_shown).then(|| unit.to_owned());
    let words = (!words.is_empty()).then(|| format!("one of: {}", words.join(", ")));
    let since = (!since.is_stock()).then(|| format!("since{UNBROKEN}{}", since.as_str()));
    unit.into_iter().chain(words).chain(since).collect()
}

/// Markdown as plain text; a link is its text and the document it leads to.
fn plain(markdown: &str) -> String {
    let mut plain = String::new();
    let mut rest = markdown;
    while let Some((before, link)) = rest.split_once('[') {
        let Some(((text, target), after)) = link
            .split_once(')')
            .and_then(|(link, after)| Some((link.split_once("](")?, after)))
        else {
            break;
        };
        let document = target.split('#').next().unwrap_or_default();
        plain += &format!("{before}{text}, docs/admin/{document}");
        rest = after;
    }
    plain + rest
}

/// The sample configuration.
pub fn text() -> String {
    let settings = params(4, SETTINGS, &Settings::default());
    let queue = params(6, QUEUE_PARAMETERS, &QueueConfig::named(""));
    let callers = comment(
        4,
        "Callers enter with <action application=\"callcenter\" data=\"support@default\"/>.",
    );
    format!(
        "{HEAD}  <settings>\n{settings}  </settings>\n\n  <queues>\n{callers}    <queue name=\"support@default\">\n{queue}    \
         </queue>\n  </queues>\n\n{}\n{}</configuration>\n",
        agents(),
        tiers()
    )
}

/// Every `<param>` of a table, by topic.
fn params<T: Clone>(indent: usize, table: &'static [Parameter<T>], fresh: &T) -> String {
    let mut text = String::new();
    let mut topic = None;
    for parameter in by_topic(table) {
        if topic != Some(parameter.topic) {
            text += if topic.is_some() { "\n" } else { "" };
            text += &comment(indent, &format!("*** {} ***", parameter.topic.heading()));
            topic = Some(parameter.topic);
        }
        let entry = Entry::of(parameter, fresh);
        text += &comment(indent, &entry.what);
        let param = element(
            indent,
            "param",
            &[attribute("name", entry.name), attribute("value", &entry.value)],
        );
        text += &written(indent, &param, entry.is_in_force);
    }
    text
}

/// An element in force, or commented out.
fn written(indent: usize, element: &str, is_in_force: bool) -> String {
    let blanks = " ".repeat(indent);
    if is_in_force {
        return format!("{blanks}{element}\n");
    }
    format!("{blanks}<!-- {element} -->\n")
}

/// What attributes mean, one below the other.
fn meanings(entries: &[Entry]) -> String {
    let lines = entries
        .iter()
        .map(|entry| format!("{}\n    {}", entry.name, entry.what));
    lines.collect::<Vec<_>>().join("\n")
}

fn agents() -> String {
    let (row, limits) = (AgentRow::new("", "", AgentType::callback()), AgentLimits::default());
    let words = AGENT_WORDS.iter().map(Entry::of_named);
    let attributes = AGENT_ATTRIBUTES.iter().map(|attribute| Entry::of(attribute, &row));
    let limits = AGENT_LIMITS.iter().map(|limit| Entry::of(limit, &limits));
    let entries: Vec<Entry> = words.chain(attributes).chain(limits).collect();
    let intro = comment(
        2,
        "Agents can also be made at run time: callcenter_config agent add NAME callback.",
    );
    let in_force: Vec<String> = chosen(&entries, true);
    let mut further = vec![attribute("name", "1002"), attribute("type", "callback")];
    further.extend(chosen(&entries, false));
    format!(
        "{intro}  <agents>\n{}{}{}  </agents>\n",
        comment(4, &meanings(&entries)),
        written(4, &element(4, "agent", &in_force), true),
        written(4, &element(9, "agent", &further), false),
    )
}

/// The attributes that are in force, or those that are not.
fn chosen(entries: &[Entry], is_in_force: bool) -> Vec<String> {
    let entries = entries.iter().filter(|entry| entry.is_in_force == is_in_force);
    entries.map(Entry::attribute).collect()
}

fn tiers() -> String {
    let entries: Vec<Entry> = TIER_ATTRIBUTES.iter().map(Entry::of_named).collect();
    let intro = comment(
        2,
        "Which agent serves which queue. At run time: callcenter_config tier add QUEUE NAME LEVEL POSITION.",
    );
    format!(
        "{intro}  <tiers>\n{}{}  </tiers>\n",
        comment(4, &meanings(&entries)),
        written(4, &element(4, "tier", &chosen(&entries, true)), true),
    )
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_link_is_its_text_and_its_document() {
        let text = "Rows ([reports](reports.md#columns)), `kept`; see [why](queues.md).";
        assert_eq!(
            plain(text),
            "Rows (reports, docs/admin/reports.md), `kept`; see why, docs/admin/queues.md."
        );
        assert_eq!(plain("`a[:b[:c]]` is no link."), "`a[:b[:c]]` is no link.");
    }
}
