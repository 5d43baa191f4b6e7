//! When things happen on the way between FreeSWITCH and the engine.

use super::{Happening, World};
use crate::dice::Draw;
use mod_callcenter::engine::{Span, Timestamp};

/// How late a report is that is very late.
const VERY_LATE: Draw = Draw::Uniform(5.0, 45.0);

impl World {
    /// Whether something of this probability happens; what cannot happen costs no throw of the dice.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.noise.chance(probability)
    }

    /// Plans something for then, or for the next instant at which things happen on this network.
    pub(crate) fn schedule(&mut self, at: Timestamp, happening: Happening) {
        let grain = self.plan.network.grain.micros();
        if grain <= 0 {
            self.calendar.plan(at, happening);
            return;
        }
        let late = at.micros().rem_euclid(grain);
        let at = if late == 0 {
            at
        } else {
            at + Span::from_micros(grain - late)
        };
        let tie = self.noise.seed();
        self.calendar.plan_among(at, tie, happening);
    }

    /// Plans something for after one network latency.
    pub(crate) fn plan_soon(&mut self, happening: Happening) {
        let latency = self.latency();
        self.schedule(self.now() + latency, happening);
    }

    pub(crate) fn latency(&mut self) -> Span {
        if self.happens(self.plan.network.very_late) {
            return VERY_LATE.roll(&mut self.noise);
        }
        self.plan.network.latency.roll(&mut self.noise)
    }
}
