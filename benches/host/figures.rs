//! Figures: what was measured, for whom, how often, and what was asked for.

use std::collections::BTreeMap;

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// FreeSWITCH's core alone doing what has to be done in any case: the limit.
    Core,
    /// The module that came with FreeSWITCH.
    Stock,
    /// The module of this repository.
    Ours,
}

impl Side {
    /// The word in tables and files.
    pub fn word(self) -> &'static str {
        match self {
            Side::Core => "core",
            Side::Stock => "stock",
            Side::Ours => "ours",
        }
    }

    /// Whether it is one of those that `BENCH_SIDES` names, with commas between; without it all are.
    pub fn is_wanted(self) -> bool {
        std::env::var("BENCH_SIDES").map_or(true, |sides| sides.split(',').any(|word| word == self.word()))
    }
}

/// The two modules, in the order they are measured.
pub const MODULES: [Side; 2] = [Side::Stock, Side::Ours];

/// Measured values, sorted.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// These values.
    pub fn of(values: &[f64]) -> Self {
        let mut sample = Self::default();
        sample.add(values);
        sample
    }

    fn add(&mut self, values: &[f64]) {
        self.0.extend_from_slice(values);
        self.0.sort_by(f64::total_cmp);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The value this share of all values does not exceed; 0 when there are none.
    pub fn quantile(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        // The position is within the sample, which is far smaller than what a double counts exactly.
        let position = (share * last as f64).ceil() as usize;
        self.0.get(position.min(last)).copied().unwrap_or_default()
    }

    /// The smallest.
    pub fn min(&self) -> f64 {
        self.quantile(0.0)
    }

    /// The one in the middle.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// 99 of 100 are no larger.
    pub fn p99(&self) -> f64 {
        self.quantile(0.99)
    }

    /// The largest.
    pub fn max(&self) -> f64 {
        self.quantile(1.0)
    }

    /// The arithmetic mean.
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len().max(1) as f64
    }

    /// The median; the mean where most values are shorter than a tick of the clock.
    pub fn typical(&self) -> f64 {
        match self.median() {
            0.0 => self.mean(),
            median => median,
        }
    }

    /// The noise: half of all values lie within this distance of each other.
    pub fn noise(&self) -> f64 {
        self.quantile(0.75) - self.quantile(0.25)
    }
}

/// Which number of a sample a goal is about.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// See [`Sample::median`].
    Median,
    /// See [`Sample::p99`].
    P99,
    /// See [`Sample::mean`].
    Mean,
}

/// What a goal asks for, in the unit of the measure or as a multiple of the core's median.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// At most this.
    Under(f64),
    /// At most the core's median times this.
    TimesCore(f64),
    /// At least the core's median times this.
    ShareOfCore(f64),
    /// At most this more than the core's median.
    MoreThanCore(f64),
}

/// A goal.
#[derive(Debug, Clone, Copy)]
pub struct Goal(pub Of, pub Limit);

/// Which of two figures is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The smaller.
    Less,
    /// The larger.
    More,
}

/// Something that is measured.
#[derive(Debug, Clone)]
pub struct Measure {
    /// The row of the table it belongs to.
    pub row: &'static str,
    /// What it is.
    pub what: String,
    /// Its unit.
    pub unit: &'static str,
    /// Which is better.
    pub better: Better,
    /// What is asked of our module.
    pub goals: Vec<Goal>,
}

impl Measure {
    /// A cost without a goal.
    pub fn cost(row: &'static str, what: impl Into<String>, unit: &'static str) -> Self {
        let (what, goals, better) = (what.into(), Vec::new(), Better::Less);
        Self {
            row,
            what,
            unit,
            better,
            goals,
        }
    }

    /// A rate without a goal.
    pub fn rate(row: &'static str, what: impl Into<String>, unit: &'static str) -> Self {
        Self {
            better: Better::More,
            ..Self::cost(row, what, unit)
        }
    }

    /// Adds a goal.
    pub fn goal(mut self, of: Of, limit: Limit) -> Self {
        self.goals.push(Goal(of, limit));
        self
    }
}

/// A measure and its samples.
#[derive(Debug)]
pub struct Figure {
    /// What was measured.
    pub measure: Measure,
    /// For whom, and the values.
    pub samples: BTreeMap<Side, Sample>,
}

impl Figure {
    /// How many times better ours is than stock, by what is typical of each.
    pub fn ratio(&self) -> Option<f64> {
        let (stock, ours) = (self.samples.get(&Side::Stock)?, self.samples.get(&Side::Ours)?);
        let ratio = match self.measure.better {
            Better::Less => stock.typical() / ours.typical(),
            Better::More => ours.typical() / stock.typical(),
        };
        (ratio.is_finite() && ratio > 0.0).then_some(ratio)
    }

    /// The limit a goal sets, in the unit of the measure; none when the core was not measured.
    pub fn limit(&self, goal: Goal) -> Option<f64> {
        let core = self.samples.get(&Side::Core).map(Sample::median);
        match goal.1 {
            Limit::Under(limit) => Some(limit),
            Limit::TimesCore(factor) | Limit::ShareOfCore(factor) => core.map(|core| core * factor),
            Limit::MoreThanCore(more) => core.map(|core| core + more),
        }
    }

    /// Whether ours reaches a goal; none when that cannot be told.
    pub fn reached(&self, goal: Goal) -> Option<bool> {
        let ours = self.samples.get(&Side::Ours)?;
        let value = match goal.0 {
            Of::Median => ours.median(),
            Of::P99 => ours.p99(),
            Of::Mean => ours.mean(),
        };
        let limit = self.limit(goal)?;
        Some(match goal.1 {
            Limit::ShareOfCore(_) => value >= limit,
            Limit::Under(_) | Limit::TimesCore(_) | Limit::MoreThanCore(_) => value <= limit,
        })
    }
}

/// Everything measured in one run, in that order.
#[derive(Debug, Default)]
pub struct Figures(pub Vec<Figure>);

impl Figures {
    /// Adds values to a measure.
    pub fn add(&mut self, measure: &Measure, side: Side, values: &[f64]) {
        let same = |figure: &Figure| figure.measure.row == measure.row && figure.measure.what == measure.what;
        let at = self.0.iter().position(same).unwrap_or_else(|| {
            self.0.push(Figure {
                measure: measure.clone(),
                samples: BTreeMap::new(),
            });
            self.0.len() - 1
        });
        self.0[at].samples.entry(side).or_default().add(values);
    }
}
