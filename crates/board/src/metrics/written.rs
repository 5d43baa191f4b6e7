//! Series by name and labels, handed to the encoder.

use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{counter::ConstCounter, gauge::ConstGauge, MetricType};
use std::fmt::Error;

/// What tells series of one name apart.
#[derive(Debug)]
pub(super) struct Labels(Vec<(&'static str, String)>);

impl Labels {
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn of<const N: usize>(labels: [(&'static str, String); N]) -> Self {
        Self(labels.into())
    }
}

/// A histogram as the module has it: each count includes those below.
pub(super) struct Buckets {
    pub(super) sum: f64,
    pub(super) count: u64,
    pub(super) bounds: Vec<f64>,
    pub(super) counts: Vec<u64>,
}

impl Buckets {
    /// As the encoder wants them: each bucket alone, the last one without a bound.
    fn alone(&self) -> Vec<(f64, u64)> {
        let mut below = 0;
        let bounds = self.bounds.iter().copied().chain([f64::MAX]);
        let counts = (0..self.bounds.len()).map(|at| self.counts.get(at).copied().unwrap_or(self.count));
        let each = bounds.zip(counts.chain([self.count])).map(|(bound, count)| {
            let alone = count.saturating_sub(below);
            below = count;
            (bound, alone)
        });
        each.collect()
    }
}

pub(super) struct Writer<'a> {
    encoder: DescriptorEncoder<'a>,
    of_box: Option<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(encoder: DescriptorEncoder<'a>) -> Self {
        Self { encoder, of_box: None }
    }

    /// Whose figures those are that follow, where there are several.
    pub(super) fn is_of_box(&mut self, name: Option<String>) {
        self.of_box = name;
    }

    pub(super) fn counter(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (Labels, u64)>,
    ) -> Result<(), Error> {
        self.each(name, help, MetricType::Counter, series, |value, encoder| {
            ConstCounter::new(value).encode(encoder)
        })
    }

    pub(super) fn gauge(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (Labels, u64)>,
    ) -> Result<(), Error> {
        let series = series
            .into_iter()
            .map(|(labels, value)| (labels, i64::try_from(value).unwrap_or(i64::MAX)));
        self.each(name, help, MetricType::Gauge, series, |value, encoder| {
            ConstGauge::new(value).encode(encoder)
        })
    }

    /// A gauge that is no whole number.
    pub(super) fn seconds(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (Labels, f64)>,
    ) -> Result<(), Error> {
        self.each(name, help, MetricType::Gauge, series, |value, encoder| {
            ConstGauge::new(value).encode(encoder)
        })
    }

    pub(super) fn histogram(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (Labels, Buckets)>,
    ) -> Result<(), Error> {
        self.each(name, help, MetricType::Histogram, series, |value, mut encoder| {
            encoder.encode_histogram::<NoLabelSet>(value.sum, value.count, &value.alone(), None)
        })
    }

    fn each<T>(
        &mut self,
        name: &str,
        help: &str,
        of: MetricType,
        series: impl IntoIterator<Item = (Labels, T)>,
        write: impl Fn(T, MetricEncoder<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut series = series.into_iter().peekable();
        if series.peek().is_none() {
            return Ok(());
        }
        let mut encoder = self.encoder.encode_descriptor(name, help, None, of)?;
        for (mut labels, value) in series {
            labels.0.extend(self.of_box.clone().map(|name| ("box", name)));
            if labels.0.is_empty() {
                // There is but one series without labels.
                return write(value, encoder);
            }
            write(value, encoder.encode_family(&labels.0)?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Buckets;

    #[test]
    fn counts_that_include_those_below_are_taken_apart() {
        let buckets = Buckets {
            sum: 1.0,
            count: 9,
            bounds: vec![1.0, 5.0, 10.0],
            counts: vec![2, 5, 5],
        };
        assert_eq!(buckets.alone(), [(1.0, 2), (5.0, 3), (10.0, 0), (f64::MAX, 4)]);
    }
}
