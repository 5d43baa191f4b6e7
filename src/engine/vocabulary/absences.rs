//! What can keep an agent from taking a caller, as sets.

use crate::engine::vocabulary::words::Absence;

/// A set of absences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Absences(u8);

impl Absences {
    /// What `strict` means.
    pub const STRICT: Absences = Absences::NONE.with(Absence::Paused).with(Absence::Unavailable);
    /// What `loose` means: whoever is logged in counts.
    pub const NONE: Absences = Absences(0);
    /// Who is on a break does not count.
    pub const PAUSED: Absences = Absences::NONE.with(Absence::Paused);

    /// The set with one more.
    pub const fn with(self, absence: Absence) -> Self {
        Self(self.0 | 1 << absence as u8)
    }

    /// Of this set, whether the agent is paused, and nothing else.
    pub(in crate::engine) const fn pause_alone(self) -> Self {
        Self(self.0 & Self::PAUSED.0)
    }

    /// Whether one of these is among the others.
    pub const fn meets(self, others: Absences) -> bool {
        self.0 & others.0 != 0
    }

    /// The absences in it.
    pub fn iter(self) -> impl Iterator<Item = Absence> {
        let all = Absence::ALL.iter().copied();
        all.filter(move |absence| self.meets(Absences::NONE.with(*absence)))
    }
}
