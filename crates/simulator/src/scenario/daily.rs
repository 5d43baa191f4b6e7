//! A scenario day after day: its day comes again each day, at the hours of this machine.

use super::{Scenario, ScenarioError, Stretch};
use crate::plan::{Plan, Traffic};
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{Span, Timestamp};

const DAY: Span = Span::from_secs(86_400);
/// Doors open and shut on the minute.
const MINUTE: Span = Span::from_secs(60);

impl Scenario {
    /// This stretch of time, with the scenario's day in it as often as it fits. Where the scenario says nothing of hours, callers come
    /// around the clock.
    ///
    /// # Errors
    /// As [`Scenario::plan`].
    pub(crate) fn day_after_day(
        &self,
        configuration: &Configuration,
        seed: u64,
        stretch: &Stretch,
    ) -> Result<Plan, ScenarioError> {
        let mut plan = self.plan_of(configuration, seed, stretch)?;
        if self.has_hours() {
            let doors = Doors {
                first: stretch.midnight + self.opens()?,
                open: self.length(),
            };
            for traffic in &mut plan.traffic {
                *traffic = doors.keep(traffic, stretch);
            }
        }
        Ok(plan)
    }

    /// Whether the scenario says when callers come; else they do at all times.
    pub fn has_hours(&self) -> bool {
        let mut callers = std::iter::once(&self.callers).chain(self.queues.values());
        self.start.is_some() || self.hours.is_some() || callers.any(super::Callers::has_steps)
    }

    /// Whether the scenario says when this agent works.
    pub(crate) fn has_shifts(&self, agent: &str) -> bool {
        let own = self.agents.get(agent);
        let mut habits = own.into_iter().chain([&self.team]);
        habits.any(super::Habits::has_shifts)
    }
}

/// When callers may come, day after day.
struct Doors {
    /// When they first open.
    first: Timestamp,
    /// How long they are open.
    open: Span,
}

impl Doors {
    /// The same callers, only while the doors are open.
    fn keep(&self, traffic: &Traffic, stretch: &Stretch) -> Traffic {
        // A scenario of several days begins anew when all of them are over.
        let days = self.open.micros().div_euclid(DAY.micros()) + i64::from(self.open.micros() % DAY.micros() != 0);
        let round = days.max(1) * DAY.micros();
        let minutes = stretch.length.micros() / MINUTE.micros();
        let rate = |minute: i64| {
            let at = stretch.start + Span::from_micros(minute * MINUTE.micros());
            let into_day = at.since(self.first).micros().rem_euclid(round);
            if into_day < self.open.micros() {
                traffic.rate(Span::from_micros(into_day))
            } else {
                0.0
            }
        };
        Traffic {
            calls_per_hour: (0..minutes).map(rate).collect(),
            step: MINUTE,
            ..traffic.clone()
        }
    }
}
