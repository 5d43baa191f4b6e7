//! An entry of a table: its name, what values it takes, where the value is kept.

use super::kind::Kind;
use super::reading::{is_nothing, Wrong};
use super::topic::Topic;
use crate::engine::vocabulary::meaning::{means, Meaning, Since};

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

impl<T> Parameter<T> {
    /// A parameter of which nothing is said yet: [`Parameter::told`] has to follow.
    pub(in crate::engine::configuration) const fn new(name: &'static str, since: Since, kind: Kind<T>) -> Self {
        Self {
            name,
            since,
            kind,
            topic: Topic::Ignored,
            meaning: means(""),
        }
    }

    /// With what documents say of it.
    pub(in crate::engine::configuration) const fn told(mut self, topic: Topic, meaning: Meaning) -> Self {
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
    /// held before holds. [`NOTHING`](crate::engine::NOTHING) takes away what can be absent.
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
