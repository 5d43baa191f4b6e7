//! Days that are played to be looked at: many of them, side by side with others in which something is different.

mod crowd;
mod estimate;
mod figures;
mod metrics;
mod what_if;

use crate::expected::Expected;
use crate::plan::Plan;
use crate::stream;
use crate::tally::Tally;
use crate::world::{Progress, World};
pub use crowd::all as in_parallel;
pub use estimate::{Difference, Estimate};
pub use figures::{DayFigures, QueueDay, STEP_OF_WAITS};
pub use metrics::{
    occupancy, Days, Metric, Unit, Wish, ABANDONMENT, ANSWERED, AVERAGE_WAIT, CALLS, GAVE_UP, LEFT_OVER, LONGEST_WAIT,
    METRICS, REFUSED, SENT_AWAY, SERVICE_LEVEL,
};
use mod_callcenter::engine::{Span, Timestamp};
pub use what_if::{can_be_called, change_agents, set_strategy, Calls, MoreAgents};

/// Why a day cannot be played to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "The engine does not get on: it asks for the same instant again and again. Please report the configuration, the scenario and the \
     seed {0}."
)]
pub struct Stuck(pub u64);

/// Who comes, on a day with this seed.
pub trait Callers: Sync {
    /// The callers of a plan's day, each at its instant.
    fn of_day(&self, plan: &Plan) -> Vec<(Timestamp, Expected)>;
}

/// Callers as the plan's traffic says, so many times as many.
#[derive(Debug, Clone, Copy)]
pub struct Drawn(pub f64);

impl Callers for Drawn {
    fn of_day(&self, plan: &Plan) -> Vec<(Timestamp, Expected)> {
        stream::draw(plan, self.0)
    }
}

/// A call centre on a kind of day.
pub struct Case<'a> {
    /// The day, whatever its seed.
    pub plan: Plan,
    /// Who comes.
    pub callers: &'a dyn Callers,
    /// Who is answered within so long is answered in time.
    pub service_level: Span,
}

impl Case<'_> {
    /// Plays the day of a seed.
    ///
    /// # Errors
    /// When the engine does not get on.
    pub fn play(&self, seed: u64) -> Result<DayFigures, Stuck> {
        let plan = Plan {
            seed,
            ..self.plan.clone()
        };
        let mut tally = Tally::new(&plan, self.service_level);
        let callers = self.callers.of_day(&plan);
        let shut = plan.start + plan.length;
        let mut world = World::with_callers(plan, callers).played_for_its_figures();
        match world.run_until_deserted(Timestamp::from_micros(i64::MAX), &mut tally) {
            Progress::Stuck => Err(Stuck(seed)),
            Progress::Going | Progress::Over | Progress::Stopped => Ok(DayFigures::of(tally, world.now(), shut)),
        }
    }
}
