//! While FreeSWITCH makes no calls, callers and agents are not tried at full speed: each attempt costs threads and events on a machine that
//! has none to spare.

use crate::engine::vocabulary::ids::BoxNumber;
use crate::engine::vocabulary::ring_end::Refusal;
use crate::engine::vocabulary::time::{Span, Timestamp};
use std::collections::BTreeMap;

/// The first pause after a call that was not made.
const FIRST: Span = Span::from_secs(1);

/// The longest: so much later, at most, callers are offered again once calls can be made.
const LONGEST: Span = Span::from_secs(8);

/// Calls that FreeSWITCH refused to make.
#[derive(Debug, Default)]
pub(in crate::engine) struct Refusals {
    /// When the operator was last told.
    told: Option<Timestamp>,
    /// Nobody who comes back from an attempt is offered before.
    pub until: Timestamp,
    pause: Span,
}

/// How often the operator is told that calls are not made.
const TOLD_APART: Span = Span::from_secs(60);

impl Refusals {
    /// Whether the operator is to be told now.
    pub fn is_to_be_told(&mut self, now: Timestamp) -> bool {
        let is_known = self.told.is_some_and(|told| now < told + TOLD_APART);
        if !is_known {
            self.told = Some(now);
        }
        !is_known
    }

    /// One more. Those that were tried together share a pause; where the next attempts are refused as well it is twice as long. Not so
    /// where only this second's sessions were used up: in the next one FreeSWITCH makes as many again, while those it has made ring.
    pub fn note(&mut self, now: Timestamp, refusal: Refusal) {
        if now < self.until {
            return;
        }
        self.pause = if self.pause == Span::ZERO || refusal == Refusal::SessionRate {
            FIRST
        } else {
            LONGEST.min(Span::from_micros(2 * self.pause.micros()))
        };
        self.until = now + self.pause;
    }

    /// A call was made: the next pause is short again.
    pub fn end(&mut self) {
        self.pause = Span::ZERO;
    }
}

/// Calls that were refused, by the box that refused them.
#[derive(Debug, Default)]
pub(in crate::engine) struct RefusalsByBox {
    own: Refusals,
    others: BTreeMap<BoxNumber, Refusals>,
}

impl RefusalsByBox {
    /// Those of a box, to be changed.
    pub fn of_mut(&mut self, at: BoxNumber) -> &mut Refusals {
        match at {
            BoxNumber::OWN => &mut self.own,
            other => self.others.entry(other).or_default(),
        }
    }

    /// When a box makes calls again.
    pub fn until(&self, at: BoxNumber) -> Timestamp {
        match at {
            BoxNumber::OWN => self.own.until,
            other => self
                .others
                .get(&other)
                .map_or(Timestamp::default(), |refusals| refusals.until),
        }
    }

    /// Nothing is known of a box any more.
    pub fn forget(&mut self, at: BoxNumber) {
        *self.of_mut(at) = Refusals::default();
    }
}
