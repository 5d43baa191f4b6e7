//! The boxes of a cluster, as the engine that leads it knows them. Without a cluster there is one, and nobody asks which.

use crate::engine::vocabulary::time::Span;

/// A box, by the order in which the engine was told of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(in crate::engine) struct BoxNumber(u16);

impl BoxNumber {
    /// The box that the engine runs on.
    pub const OWN: Self = Self(0);
}

/// Whose rows are ours: the own instance's, and those of every box of the cluster, living or not.
#[derive(Debug)]
pub(in crate::engine) struct Boxes {
    /// The own one first.
    instances: Vec<String>,
}

impl Boxes {
    /// No cluster.
    pub fn alone(instance: &str) -> Self {
        Self {
            instances: vec![instance.to_owned()],
        }
    }

    /// Whether rows of this instance are ours.
    pub fn have(&self, instance: &str) -> bool {
        self.number(instance).is_some()
    }

    /// The box of this instance.
    pub fn number(&self, instance: &str) -> Option<BoxNumber> {
        let position = self.instances.iter().position(|known| known == instance)?;
        u16::try_from(position).ok().map(BoxNumber)
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
        let is_new = !self.have(instance) && self.instances.len() < usize::from(u16::MAX);
        if is_new {
            self.instances.push(instance.to_owned());
        }
        is_new
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
