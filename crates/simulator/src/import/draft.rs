//! A callcenter.conf.xml in the making.

use mod_callcenter::engine::{find_parameter, QueueConfig, QUEUE_PARAMETERS};
use std::fmt::Write;

/// What has been carried over so far, and what could not be.
#[derive(Debug, Default)]
pub struct Draft {
    settings: Vec<(String, String)>,
    queues: Vec<Queue>,
    agents: Vec<Agent>,
    tiers: Vec<Tier>,
    /// What could not be carried over, in words for the operator, each with its file and line.
    pub warnings: Vec<String>,
    /// What is carried over now, as `FILE:LINE`; empty for what has no line.
    place: String,
    /// What has been said, wherever it was.
    said: Vec<String>,
}

#[derive(Debug)]
struct Queue {
    name: String,
    params: Vec<(String, String)>,
}

#[derive(Debug)]
struct Agent {
    name: String,
    attributes: Vec<(&'static str, String)>,
}

#[derive(Debug)]
struct Tier {
    queue: String,
    agent: String,
    level: i64,
    position: usize,
}

impl Draft {
    /// What follows is about this place.
    pub(super) fn at(&mut self, place: &str) {
        place.clone_into(&mut self.place);
    }

    /// What is carried over now.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Says that something was not carried over, with the first place of which it is true.
    pub(super) fn warn(&mut self, text: String) {
        if self.said.contains(&text) {
            return;
        }
        self.warnings.push(match self.place.as_str() {
            "" => text.clone(),
            place => format!("{place}: {text}"),
        });
        self.said.push(text);
    }

    /// Says what those who come from this program get nothing of, for it has nothing of the kind.
    pub(super) fn tell_of_callbacks(&mut self, program: &str) {
        self.warn(format!(
            "{program} knows no callbacks, so the queues call nobody back. To have callers keep their place and be called, set callback-dial: \
             docs/admin/callbacks.md."
        ));
    }

    /// Whether there is a queue parameter of this name.
    pub(super) fn knows(name: &str) -> bool {
        find_parameter(QUEUE_PARAMETERS, name).is_some()
    }

    pub(super) fn setting(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// What a setting is so far.
    pub(super) fn setting_of(&self, name: &str) -> Option<&str> {
        let known = self.settings.iter().find(|(known, _)| known == name);
        known.map(|(_, value)| value.as_str())
    }

    /// Whether there is no queue yet.
    pub(super) fn is_without_queues(&self) -> bool {
        self.queues.is_empty()
    }

    pub(super) fn has_queue(&self, name: &str) -> bool {
        self.queues.iter().any(|queue| queue.name == name)
    }

    pub(super) fn add_queue(&mut self, name: &str) {
        self.queues.push(Queue {
            name: name.to_owned(),
            params: Vec::new(),
        });
    }

    /// Sets a parameter of the queue added last. `theirs` is what it was called and set to; a parameter that is not known here, or a value it
    /// does not take, becomes a warning.
    pub(super) fn param(&mut self, name: &str, value: &str, theirs: &str) {
        let Some(queue) = self.queues.last_mut() else { return };
        let trouble = match find_parameter(QUEUE_PARAMETERS, name) {
            Some(parameter) => parameter.set(&mut QueueConfig::named(""), value).err(),
            None => Some("There is no parameter for it here.".to_owned()),
        };
        if let Some(trouble) = trouble {
            let text = format!("queue \"{}\": {theirs} is left out. {trouble}", queue.name);
            return self.warn(text);
        }
        queue.params.retain(|(known, _)| known != name);
        queue.params.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn has_agent(&self, name: &str) -> bool {
        self.agents.iter().any(|agent| agent.name == name)
    }

    /// An attribute of an agent; what it was before, if anything, is returned and no longer counts.
    pub(super) fn attribute(&mut self, agent: &str, name: &'static str, value: String) -> Option<String> {
        let known = self.agents.iter_mut().position(|known| known.name == agent);
        let place = known.unwrap_or_else(|| {
            self.agents.push(Agent {
                name: agent.to_owned(),
                attributes: Vec::new(),
            });
            self.agents.len() - 1
        });
        let attributes = &mut self.agents.get_mut(place)?.attributes;
        match attributes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                attributes.push((name, value));
                None
            }
        }
    }

    /// Puts an agent behind those the queue has.
    pub(super) fn tier(&mut self, queue: &str, agent: &str, level: i64) {
        let is_here = |tier: &&Tier| tier.queue == queue;
        if self.tiers.iter().filter(is_here).any(|tier| tier.agent == agent) {
            return self.warn(format!(
                "queue \"{queue}\": \"{agent}\" is a member twice; the first one is used."
            ));
        }
        let position = self.tiers.iter().filter(is_here).count() + 1;
        self.tiers.push(Tier {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            level,
            position,
        });
    }

    /// The text of callcenter.conf.xml.
    pub fn to_xml(&self) -> String {
        let mut xml = String::from("<configuration name=\"callcenter.conf\" description=\"CallCenter\">\n");
        section(&mut xml, "settings", |xml| params(xml, &self.settings, "    "));
        section(&mut xml, "queues", |xml| {
            for queue in &self.queues {
                let _ = writeln!(xml, "    <queue name=\"{}\">", escaped(&queue.name));
                params(xml, &queue.params, "      ");
                xml.push_str("    </queue>\n");
            }
        });
        section(&mut xml, "agents", |xml| {
            for agent in &self.agents {
                let _ = write!(xml, "    <agent name=\"{}\"", escaped(&agent.name));
                for (name, value) in &agent.attributes {
                    let _ = write!(xml, " {name}=\"{}\"", escaped(value));
                }
                xml.push_str("/>\n");
            }
        });
        section(&mut xml, "tiers", |xml| {
            for tier in &self.tiers {
                let (queue, agent) = (escaped(&tier.queue), escaped(&tier.agent));
                let (level, position) = (tier.level, tier.position);
                let _ = writeln!(
                    xml,
                    "    <tier agent=\"{agent}\" queue=\"{queue}\" level=\"{level}\" position=\"{position}\"/>"
                );
            }
        });
        xml.push_str("</configuration>\n");
        xml
    }
}

fn section(xml: &mut String, name: &str, inside: impl FnOnce(&mut String)) {
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(xml, "  <{name}>");
    inside(xml);
    let _ = writeln!(xml, "  </{name}>");
}

fn params(xml: &mut String, params: &[(String, String)], indent: &str) {
    for (name, value) in params {
        let _ = writeln!(xml, "{indent}<param name=\"{name}\" value=\"{}\"/>", escaped(value));
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}
