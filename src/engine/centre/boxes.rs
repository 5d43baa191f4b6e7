//! The boxes of a cluster, as the engine that leads it knows them. Without a cluster there is one, and nobody asks which.

use crate::engine::vocabulary::ids::BoxNumber;
use crate::engine::vocabulary::time::Span;
use std::collections::HashMap;

/// Whose rows are ours: the own instance's, and those of every box of the cluster, living or not.
#[derive(Debug)]
pub(in crate::engine) struct Boxes {
    /// The own one first.
    instances: Vec<String>,
    /// The others, by instance: each agent and member who is looked at is asked for.
    others: HashMap<String, BoxNumber>,
}

impl Boxes {
    /// No cluster.
    pub fn alone(instance: &str) -> Self {
        Self {
            instances: vec![instance.to_owned()],
            others: HashMap::new(),
        }
    }

    /// Whether rows of this instance are ours.
    pub fn have(&self, instance: &str) -> bool {
        self.number(instance).is_some()
    }

    /// The box of this instance.
    pub fn number(&self, instance: &str) -> Option<BoxNumber> {
        match self.instances.first().is_some_and(|own| own == instance) {
            true => Some(BoxNumber::OWN),
            false => self.others.get(instance).copied(),
        }
    }

    /// The instance of a box.
    pub fn instance(&self, number: BoxNumber) -> &str {
        let instance = self.instances.get(usize::from(number.0));
        instance.or(self.instances.first()).map_or("", String::as_str)
    }

    /// Whether there is more than the own one.
    pub fn are_several(&self) -> bool {
        self.instances.len() > 1
    }

    /// A box belongs to the cluster from now on; false where it did before.
    pub fn add(&mut self, instance: &str) -> bool {
        let Ok(next) = u16::try_from(self.instances.len()) else {
            return false;
        };
        if self.have(instance) {
            return false;
        }
        self.instances.push(instance.to_owned());
        self.others.insert(instance.to_owned(), BoxNumber(next));
        true
    }
}

/// Where an input comes from.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct Origin {
    /// The box on which it has happened.
    pub at: BoxNumber,
    /// How long ago.
    pub age: Span,
}
