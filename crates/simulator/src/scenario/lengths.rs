//! How a scenario says lengths of time.

use super::ScenarioError;
use crate::dice::Draw;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A length of time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected seconds: a number, { mean = NUMBER }, { mean = NUMBER, deviation = NUMBER }, \
                 { from = NUMBER, to = NUMBER }, or { file = \"PATH\" }"
)]
pub enum Length {
    /// Always the same.
    Always(f64),
    /// Log-normal.
    Typical {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        deviation: f64,
    },
    /// Exponential.
    Mean {
        /// The mean.
        mean: f64,
    },
    /// Anything between two bounds.
    Between {
        /// The lower.
        from: f64,
        /// The upper.
        to: f64,
    },
    /// One of those in a file.
    File {
        /// One number a line.
        file: PathBuf,
    },
}

const LONGEST: f64 = 365.0 * 86_400.0;

impl Length {
    /// How it is drawn. Files are looked for from `directory` on.
    ///
    /// # Errors
    /// When a number is out of range, or the file cannot be read.
    pub fn draw(&self, key: &str, directory: &Path) -> Result<Draw, String> {
        let checked = |value: f64| in_range(key, value, 0.0, LONGEST);
        Ok(match self {
            Length::Always(seconds) => Draw::Fixed(checked(*seconds)?),
            Length::Mean { mean } => Draw::Exponential(checked(*mean)?),
            Length::Typical { mean, deviation } => Draw::LogNormal(checked(*mean)?, checked(*deviation)?),
            Length::Between { from, to } if from > to => {
                return Err(format!(
                    "{key} is from {from} to {to}; the first has to be the smaller."
                ));
            }
            Length::Between { from, to } => Draw::Uniform(checked(*from)?, checked(*to)?),
            Length::File { file } => Draw::Measured(measured(key, &directory.join(file))?.into()),
        })
    }
}

/// The lengths in a file: one a line, in seconds; blank lines and what follows a `#` are for people.
fn measured(key: &str, path: &Path) -> Result<Vec<f64>, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{key}: {shown} cannot be read: {error}."))?;
    let mut lengths = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        match line.parse::<f64>() {
            Ok(seconds) if (0.0..=LONGEST).contains(&seconds) => lengths.push(seconds),
            _ => {
                return Err(format!(
                    "{key}: {shown}:{}: \"{line}\" is no number of seconds.",
                    number + 1
                ))
            }
        }
    }
    if lengths.is_empty() {
        return Err(format!("{key}: {shown} has no number in it; one a line is wanted."));
    }
    Ok(lengths)
}

/// The value, if it is in range.
///
/// # Errors
/// Says the range.
pub fn in_range(key: &str, value: f64, low: f64, high: f64) -> Result<f64, String> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        Err(format!("{key} is {value}; it must be from {low} to {high}."))
    }
}

impl From<String> for ScenarioError {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
