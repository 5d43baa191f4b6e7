//! What a box of the small call centre has: callers, and the phones that ring for them.

use crate::small_centre::desk::{Agent, Caller, Has, Offer, Outcome, Stage};
use std::collections::BTreeMap;

/// How long what has ended is told again, in microseconds: a failover may have lost it.
const RETOLD: i64 = 60_000_000;

#[derive(Debug, Clone, Copy)]
pub struct Present {
    pub joined: Option<i64>,
    pub since: i64,
    pub offer: Option<Made>,
}

/// An offer that is made to a caller.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub offer: Offer,
    pub agent: Agent,
    pub stage: Stage,
    /// The phone rings, or has rung.
    pub is_dialled: bool,
}

#[derive(Debug, Default)]
pub struct Home {
    pub callers: BTreeMap<Caller, Present>,
    over: Vec<(i64, Has)>,
}

impl Home {
    pub fn of_offer(&self, offer: Offer) -> Option<(Caller, Made)> {
        let mut made = self
            .callers
            .iter()
            .filter_map(|(caller, present)| Some((*caller, present.offer?)));
        made.find(|(_, made)| made.offer == offer)
    }

    pub fn change(&mut self, caller: Caller, change: impl FnOnce(&mut Made)) {
        if let Some(made) = self.callers.get_mut(&caller).and_then(|present| present.offer.as_mut()) {
            change(made);
        }
    }

    pub fn drop_offer(&mut self, caller: Caller) {
        if let Some(present) = self.callers.get_mut(&caller) {
            present.offer = None;
        }
    }

    /// What is not a talk stops; the offers are told.
    pub fn let_go(&mut self) -> Vec<Offer> {
        let mut stopped = Vec::new();
        for present in self.callers.values_mut() {
            let is_stopped = present.offer.filter(|made| made.stage != Stage::Talking);
            if let Some(made) = is_stopped {
                stopped.push(made.offer);
                present.offer = None;
            }
        }
        stopped
    }

    pub fn end(&mut self, now: i64, caller: Caller, outcome: Outcome) {
        let joined = self.callers.remove(&caller).and_then(|present| present.joined);
        self.over.push((now, Has::Over(caller, joined, outcome, u64::MAX)));
    }

    /// Under which number the last end was told.
    pub fn told(&mut self, number: u64) {
        if let Some((_, Has::Over(_, _, _, known))) = self.over.last_mut() {
            *known = number;
        }
    }

    pub fn report(&mut self, now: i64) -> Vec<Has> {
        self.over.retain(|(at, _)| now - at < RETOLD);
        let callers = self.callers.iter().map(|(caller, present)| {
            let offer = present.offer.map(|made| (made.offer, made.agent, made.stage));
            Has::Caller(*caller, present.joined, offer)
        });
        callers.chain(self.over.iter().map(|(_, has)| has.clone())).collect()
    }
}
