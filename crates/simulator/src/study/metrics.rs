//! The figures by which days are judged and compared.

use super::estimate::{difference, Difference, Estimate};
use super::figures::DayFigures;
use crate::tally::{seconds, QueueFigures, Times};

/// In which unit a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share, shown in percent.
    Share,
    /// Seconds.
    Seconds,
    /// How many in a day.
    Count,
}

/// Whether more of it is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// The more the better.
    More,
    /// The less the better.
    Less,
    /// It is what it is.
    Neither,
}

/// A figure: a day's numerator and denominator, so that several days make one.
#[derive(Clone, Copy)]
pub struct Metric {
    /// Its name in JSON.
    pub key: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// In which unit it is shown.
    pub unit: Unit,
    /// Which way is better.
    pub wish: Wish,
    /// What it is of a queue's day, or of all of them.
    pub of: fn(&QueueFigures) -> (f64, f64),
}

const fn metric(
    key: &'static str,
    name: &'static str,
    unit: Unit,
    wish: Wish,
    of: fn(&QueueFigures) -> (f64, f64),
) -> Metric {
    Metric {
        key,
        name,
        unit,
        wish,
        of,
    }
}

/// Share of the callers who were answered in time.
pub static SERVICE_LEVEL: Metric = metric("service_level", "answered in time", Unit::Share, Wish::More, |day| {
    (day.answered_in_time as f64, day.over() as f64)
});
/// Share of the callers who gave up.
pub static ABANDONMENT: Metric = metric("abandonment", "gave up, share", Unit::Share, Wish::Less, |day| {
    (day.abandoned as f64, day.over() as f64)
});
/// Mean wait of the answered.
pub static AVERAGE_WAIT: Metric = metric("average_wait", "average wait", Unit::Seconds, Wish::Less, |day| {
    (seconds(day.wait_of_answered), day.answered as f64)
});
/// Longest wait.
pub static LONGEST_WAIT: Metric = metric("longest_wait", "longest wait", Unit::Seconds, Wish::Less, |day| {
    (seconds(day.longest_wait), 1.0)
});
/// Callers who came.
pub static CALLS: Metric = metric("calls", "calls", Unit::Count, Wish::Neither, |day| {
    (day.calls as f64, 1.0)
});
/// Callers who were answered.
pub static ANSWERED: Metric = metric("answered", "answered", Unit::Count, Wish::More, |day| {
    (day.answered as f64, 1.0)
});
/// Callers who gave up.
pub static GAVE_UP: Metric = metric("abandoned", "gave up", Unit::Count, Wish::Less, |day| {
    (day.abandoned as f64, 1.0)
});
/// Callers whose wait a limit of the queue ended.
pub static SENT_AWAY: Metric = metric("released", "sent away", Unit::Count, Wish::Less, |day| {
    (day.released as f64, 1.0)
});
/// Callers who were refused.
pub static REFUSED: Metric = metric("refused", "refused", Unit::Count, Wish::Less, |day| {
    (day.refused as f64, 1.0)
});
/// Callers who were left over.
pub static LEFT_OVER: Metric = metric("left_over", "left over", Unit::Count, Wish::Less, |day| {
    (day.stayed as f64, 1.0)
});

/// All of them, in the order of tables.
pub static METRICS: [&Metric; 10] = [
    &SERVICE_LEVEL,
    &ABANDONMENT,
    &AVERAGE_WAIT,
    &LONGEST_WAIT,
    &CALLS,
    &ANSWERED,
    &GAVE_UP,
    &SENT_AWAY,
    &REFUSED,
    &LEFT_OVER,
];

/// Share of the time on duty that agents talk or wrap up.
pub fn occupancy(times: &Times) -> (f64, f64) {
    (times.talk + times.wrap_up, times.on_duty())
}

/// Several days of the same call centre, each with another seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Days(pub Vec<DayFigures>);

impl Days {
    /// The day with the first seed.
    pub fn first(&self) -> &DayFigures {
        // Nobody studies no day at all.
        &self.0[0]
    }

    /// A figure over all days.
    pub fn estimate(&self, of: impl Fn(&DayFigures) -> (f64, f64)) -> Estimate {
        Estimate::of(&self.values(of))
    }

    /// A figure of all queues together.
    pub fn total(&self, metric: &Metric) -> Estimate {
        self.estimate(|day| (metric.of)(&day.total))
    }

    /// A figure of a queue.
    pub fn queue(&self, name: &str, metric: &Metric) -> Estimate {
        self.estimate(|day| {
            day.queues
                .get(name)
                .map_or((0.0, 0.0), |queue| (metric.of)(&queue.total))
        })
    }

    /// A figure of all queues together in a slot.
    pub fn slot(&self, slot: usize, metric: &Metric) -> Estimate {
        self.slot_of(None, slot, metric)
    }

    /// The same of a queue alone, or of all of them.
    pub fn slot_of(&self, queue: Option<&str>, slot: usize, metric: &Metric) -> Estimate {
        let figures = |day: &DayFigures| day.slots_of(queue).get(slot).map_or((0.0, 0.0), metric.of);
        self.estimate(figures)
    }

    /// The mean of something over the days.
    pub fn mean(&self, of: impl Fn(&DayFigures) -> f64) -> f64 {
        self.0.iter().map(of).sum::<f64>() / self.0.len().max(1) as f64
    }

    fn values(&self, of: impl Fn(&DayFigures) -> (f64, f64)) -> Vec<(f64, f64)> {
        self.0.iter().map(of).collect()
    }

    /// How a figure differs from that of other days with the same seeds.
    pub fn differs(&self, other: &Days, of: impl Fn(&DayFigures) -> (f64, f64)) -> Difference {
        difference(&self.values(&of), &other.values(&of))
    }
}
