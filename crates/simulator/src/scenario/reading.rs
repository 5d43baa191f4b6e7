//! Reads the keys of one queue or agent: its own, or those of all.

use super::lengths::{in_range, Length};
use super::{places, Scenario, ScenarioError};
use crate::dice::Draw;

/// Reads the keys of one queue or agent: its own, or those of all.
pub(super) struct Reading<'a> {
    pub scenario: &'a Scenario,
    pub own: [&'a str; 2],
    pub general: &'a str,
}

impl Reading<'_> {
    /// A failure, with the line of the key.
    pub fn placed<T>(&self, key: &str, result: Result<T, String>) -> Result<T, ScenarioError> {
        result.map_err(|said| {
            let [section, name] = self.own;
            let text = &self.scenario.text;
            let is_own = places::has(text, &[section, name, key]);
            let path: &[&str] = if is_own {
                &[section, name, key]
            } else {
                &[self.general, key]
            };
            let line = places::line_at(text, path);
            ScenarioError { line, text: said }
        })
    }

    pub fn length(
        &self,
        key: &str,
        (own, general): (&Option<Length>, &Option<Length>),
        otherwise: Draw,
    ) -> Result<Draw, ScenarioError> {
        let Some(length) = own.as_ref().or(general.as_ref()) else {
            return Ok(otherwise);
        };
        self.placed(key, length.draw(key, &self.scenario.directory))
    }

    pub fn share(&self, key: &str, value: Option<f64>, otherwise: f64) -> Result<f64, ScenarioError> {
        self.placed(key, in_range(key, value.unwrap_or(otherwise), 0.0, 1.0))
    }
}
