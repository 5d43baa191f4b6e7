//! Callers who were drawn before the day begins, with everything that chance has in store for them. Whatever the call centre does, they come
//! at the same instants, talk as long and wait as long, and agents treat their calls alike: what is different afterwards is due to the
//! call centre alone.

use super::caller::CallerId;
use super::dice::Dice;
use super::observer::Observer;
use super::plan::{Fate, Phone, Plan};
use super::world::{Call, Happening, Progress, World, PATIENCE_AFTER_HOURS};
use mod_callcenter::engine::{Ring, Span, Timestamp};
use std::collections::BTreeMap;

/// A caller who is going to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The call.
    pub call: Call,
    /// What is in store for it.
    pub lot: Lot,
}

/// What chance has in store for a caller.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lot {
    /// Decides how agents' phones ring for this caller.
    pub seed: u64,
    /// How rings of this caller ended that were seen, by agent and in their order; further ones are drawn.
    pub rings: BTreeMap<String, Vec<Fate>>,
    /// When the caller calls again who was not served, counted from then, and as what; none does not call again.
    pub again: Option<(Span, Box<Expected>)>,
    /// How often each agent's phone has rung.
    rung: BTreeMap<String, usize>,
}

impl Lot {
    /// Nothing but a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// The same, with rings whose end is known.
    pub fn with_rings(seed: u64, rings: BTreeMap<String, Vec<Fate>>) -> Self {
        Self {
            rings,
            ..Self::new(seed)
        }
    }

    /// How the next ring of this agent's phone ends.
    fn fate(&mut self, ring: &Ring, phone: &Phone) -> Fate {
        let count = self.rung.entry(ring.agent.clone()).or_default();
        let number = *count;
        *count += 1;
        let seen = self.rings.get(&ring.agent).and_then(|fates| fates.get(number));
        let longest = Span::from_secs(i64::from(ring.timeout));
        match seen {
            Some(fate) => fate.within(longest),
            None => {
                let mut dice = Dice::numbered(self.seed, &ring.agent, number as u64);
                phone.fate(ring.timeout, &mut dice)
            }
        }
    }
}

impl World {
    /// A world in which these callers come, each at its instant, and nobody else but whoever is let in by hand.
    pub fn with_callers(plan: Plan, callers: Vec<(Timestamp, Expected)>) -> Self {
        let mut world = Self::with_traffic(plan, 0);
        for (at, expected) in callers {
            world.expect(at, expected);
        }
        world
    }

    fn expect(&mut self, at: Timestamp, expected: Expected) {
        self.expected += 1;
        self.schedule(at, Happening::Comes(Box::new(expected)));
    }

    /// How the ring ends, if that was in store for the caller.
    pub(super) fn fate_in_store(&mut self, id: CallerId, ring: &Ring) -> Option<Fate> {
        let lot = self.callers.get_mut(&id)?.lot.as_mut()?;
        let usual = Phone::default();
        let phone = self.plan.phones.get(&ring.agent).unwrap_or(&usual);
        Some(lot.fate(ring, phone))
    }

    /// Whoever was not served may call again, while there are callers at all. Whether it was in store is told.
    pub(super) fn calls_again(&mut self, lot: Option<Lot>) -> bool {
        let Some(lot) = lot else { return false };
        if let Some((after, expected)) = lot.again {
            let at = self.now() + after;
            if at < self.plan.start + self.plan.length {
                self.expect(at, *expected);
            }
        }
        true
    }

    /// Whether nobody waits, nobody talks, and nobody is to come.
    fn is_deserted(&self) -> bool {
        self.expected == 0 && self.callers.is_empty() && self.legs.is_empty()
    }

    /// Runs up to an instant. The day is over when the doors are shut and its last caller is gone: what comes later concerns nobody. Whoever
    /// waits four hours after that waits on, for it is not known until when.
    pub fn run_until_deserted(&mut self, until: Timestamp, observer: &mut dyn Observer) -> Progress {
        let shut = self.plan.start + self.plan.length;
        let closing = shut + PATIENCE_AFTER_HOURS;
        loop {
            let next = self.next_time().unwrap_or(closing);
            if self.is_deserted() && (self.now() >= shut || next > shut && until >= shut) {
                self.clock.set(shut);
                return Progress::Over;
            }
            if next > until {
                self.clock.set(until);
                return Progress::Going;
            }
            if next >= closing {
                self.clock.set(closing);
                return Progress::Over;
            }
            match self.step(observer) {
                Progress::Going => {}
                end => return end,
            }
        }
    }
}
