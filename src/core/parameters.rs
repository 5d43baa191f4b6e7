//! Everything that can be configured by name, said once: settings, queue parameters, agent attributes.
//!
//! A table has one entry for each: its name, what values it takes, where the value is kept, what it means. callcenter.conf.xml,
//! commands, database columns and lists all go through the tables, and the reference and the sample configuration are made of them, so
//! that a new parameter is one entry and one field.

mod absences;
mod agent;
mod assignment;
mod columns;
mod entry;
mod kind;
mod limits;
mod name;
mod queue;
mod setting;
mod strategies;
mod text;
mod tier;
mod topic;

pub use agent::{AGENT_ATTRIBUTES, AGENT_WORDS};
pub use assignment::Assignment;
pub use columns::ColumnNames;
pub use kind::Kind;
pub use limits::AGENT_LIMITS;
pub use name::nearest;
pub use queue::QUEUE_PARAMETERS;
pub use setting::SETTINGS;
pub use strategies::STRATEGIES;
pub use text::leading_integer;
pub(crate) use text::starts_with_number;
pub use tier::TIER_ATTRIBUTES;
pub use topic::Topic;

use super::meaning::{means, Meaning, Since};

/// What callcenter.conf.xml says, in any case, where there is to be no text, no skills, no rules: an empty value says nothing at all, for
/// programs write one for every field that was left blank.
pub const NOTHING: &str = "none";

/// Whether a value of callcenter.conf.xml says that there is to be none.
pub fn is_nothing(value: &str) -> bool {
    value.eq_ignore_ascii_case(NOTHING)
}

/// Something of `T` that can be configured by name.
pub struct Parameter<T: 'static> {
    /// The name in callcenter.conf.xml, with dashes.
    pub name: &'static str,
    /// Since when it has been there.
    pub since: Since,
    /// What values it takes, and where they are kept.
    pub kind: Kind<T>,
    /// What it is about.
    pub topic: Topic,
    /// What it means.
    pub meaning: Meaning,
}

/// A value that was refused, or taken for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong with it.
    pub what: String,
    /// What holds instead, where the configuration says it; empty where that is said in `what`.
    pub instead: String,
    /// What to write, as a sentence.
    pub advice: String,
}

impl<T> Parameter<T> {
    /// A parameter of which nothing is said yet: [`Parameter::told`] has to follow.
    const fn new(name: &'static str, since: Since, kind: Kind<T>) -> Self {
        Self {
            name,
            since,
            kind,
            topic: Topic::Ignored,
            meaning: means(""),
        }
    }

    /// With what documents say of it.
    const fn told(mut self, topic: Topic, meaning: Meaning) -> Self {
        self.topic = topic;
        self.meaning = meaning;
        self
    }

    /// The name in commands and the database, with underscores.
    pub fn key(&self) -> String {
        self.name.replace('-', "_")
    }

    /// Whether this is the parameter of that name, with dashes or underscores, in any case.
    pub fn is_named(&self, name: &str) -> bool {
        let same = |(ours, theirs): (u8, u8)| ours == theirs.to_ascii_lowercase() || (ours == b'-' && theirs == b'_');
        self.name.len() == name.len() && self.name.bytes().zip(name.bytes()).all(same)
    }
}

impl<T: Clone> Parameter<T> {
    /// The value as text: what [`Parameter::set`] makes the same value of.
    pub fn get(&self, from: &T) -> String {
        self.kind.write(from)
    }

    /// Gives `to` the value that `from` has.
    pub fn copy(&self, from: &T, to: &mut T) {
        self.kind.copy(from, to);
    }

    /// Takes a value as callcenter.conf.xml has it, leniently where stock is lenient. An empty one is no value, as FreeSWITCH sees it: what
    /// held before holds. [`NOTHING`] takes away what can be absent.
    ///
    /// # Errors
    /// When the operator is to be told: the default holds, or what stock makes of the value.
    pub fn configure(&self, of: &mut T, value: &str) -> Result<(), Wrong> {
        let value = match value {
            "" => return Ok(()),
            _ if is_nothing(value) && self.kind.can_be_nothing(of) => "",
            _ => value,
        };
        self.kind.configure(self.since, of, value)
    }

    /// Takes a value from a command.
    ///
    /// # Errors
    /// In words for the operator; nothing has changed then.
    pub fn set(&self, of: &mut T, value: &str) -> Result<(), String> {
        self.kind.set(of, value).map_err(|advice| {
            let key = self.key();
            format!("Invalid {key} '{value}'! {advice}")
        })
    }

    /// A value to be set later, checked now.
    ///
    /// # Errors
    /// As [`Parameter::set`].
    pub fn assign(&'static self, like: &T, value: &str) -> Result<Assignment<T>, String> {
        self.set(&mut like.clone(), value)?;
        Ok(Assignment::checked(self, value))
    }
}

impl<T> std::fmt::Debug for Parameter<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The entry of that name, with dashes or underscores, in any case.
pub fn find<T>(table: &'static [Parameter<T>], name: &str) -> Option<&'static Parameter<T>> {
    table.iter().find(|parameter| parameter.is_named(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::agent_limits::AgentLimits;
    use crate::core::row::AgentRow;
    use crate::core::settings::{QueueConfig, Settings};
    use crate::core::words::AgentType;
    use std::collections::HashSet;

    fn names_are_sound<T>(table: &'static [Parameter<T>]) {
        let keys: HashSet<String> = table.iter().map(Parameter::key).collect();
        assert_eq!(keys.len(), table.len(), "two of one name");
        for parameter in table {
            let allowed = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            assert!(parameter.name.bytes().all(allowed), "{parameter:?}");
            assert_eq!(
                find(table, &parameter.key().to_uppercase()).map(|found| found.name),
                Some(parameter.name)
            );
        }
    }

    #[test]
    fn every_name_is_there_once_and_is_found_in_either_spelling() {
        names_are_sound(QUEUE_PARAMETERS);
        names_are_sound(SETTINGS);
        names_are_sound(AGENT_ATTRIBUTES);
        names_are_sound(AGENT_LIMITS);
    }

    /// A value written as text is read as the same value, in a command and in callcenter.conf.xml.
    fn defaults_survive<T: Clone + PartialEq + std::fmt::Debug>(table: &'static [Parameter<T>], sound: &T) {
        for parameter in table {
            let text = parameter.get(sound);
            let (mut set, mut configured) = (sound.clone(), sound.clone());
            assert_eq!(parameter.set(&mut set, &text), Ok(()), "{parameter:?}");
            assert_eq!(parameter.configure(&mut configured, &text), Ok(()), "{parameter:?}");
            assert_eq!((&set, &configured), (sound, sound), "{parameter:?}");
        }
    }

    #[test]
    fn defaults_are_written_as_they_are_read() {
        defaults_survive(QUEUE_PARAMETERS, &QueueConfig::named("q"));
        defaults_survive(SETTINGS, &Settings::default());
        defaults_survive(AGENT_LIMITS, &AgentLimits::default());
        defaults_survive(AGENT_ATTRIBUTES, &AgentRow::new("a", "", AgentType::callback()));
    }

    #[test]
    fn a_value_that_is_none_changes_nothing_and_the_error_says_what_to_write() {
        for parameter in QUEUE_PARAMETERS {
            let too_large = match parameter.kind {
                Kind::Number { range, .. } => (range.1 + 1).to_string(),
                _ => String::new(),
            };
            let wrong: &[&str] = match parameter.kind {
                Kind::Number { .. } => &["", "x", "-1", &too_large, "12s", "1.5", "99999999999999999999"],
                Kind::Flag { .. } => &["", " ", "maybe", "1x"],
                Kind::Word { .. } => &["", "no such word"],
                Kind::Text { .. } | Kind::LikeC { .. } | Kind::Own { .. } => &[],
            };
            for value in wrong {
                let mut queue = QueueConfig::named("q");
                let text = parameter.set(&mut queue, value).expect_err("a wrong value");
                assert!(
                    text.starts_with(&format!("Invalid {} '{value}'! Use ", parameter.key())),
                    "{text}"
                );
                assert_eq!(queue, QueueConfig::named("q"), "{parameter:?} {value}");
            }
        }
    }

    #[test]
    fn a_word_is_kept_in_its_own_spelling() {
        let mut queue = QueueConfig::named("q");
        let strategy = find(QUEUE_PARAMETERS, "strategy").expect("a parameter");
        assert_eq!(strategy.set(&mut queue, "RING-all"), Ok(()));
        assert_eq!(queue.strategy, "ring-all");
    }
}
