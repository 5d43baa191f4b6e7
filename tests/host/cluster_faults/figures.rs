//! How long things took, as a table.

use std::collections::BTreeMap;
use std::time::Duration;

/// What was measured, in seconds, by what it is.
#[derive(Default)]
pub struct Figures(BTreeMap<&'static str, Vec<f64>>);

impl Figures {
    pub fn add(&mut self, what: &'static str, seconds: f64) {
        self.0.entry(what).or_default().push(seconds);
    }

    pub fn took(&mut self, what: &'static str, time: Duration) {
        self.add(what, time.as_secs_f64());
    }

    /// A line for each measure.
    pub fn table(&self) -> String {
        let head = "| seconds | count | least | median | p99 | most |\n|---|---|---|---|---|---|\n".to_owned();
        self.0.iter().fold(head, |table, (what, values)| {
            let mut values = values.clone();
            values.sort_by(f64::total_cmp);
            let at = |share: usize| values[((values.len() - 1) * share).div_ceil(100)];
            let [least, median, p99, most] = [0, 50, 99, 100].map(at);
            format!(
                "{table}| {what} | {} | {least:.2} | {median:.2} | {p99:.2} | {most:.2} |\n",
                values.len()
            )
        })
    }
}
