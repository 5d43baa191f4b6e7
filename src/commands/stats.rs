//! `callcenter_config stats ...`: figures of the module itself.

use super::reply::{Answer, Refusal};
use super::table::{Listed, Value};
use super::{list, Console};
use crate::core::Repairs;

impl Console {
    /// Shows figures.
    pub(super) fn stats(&self, what: &str) -> Answer {
        match what.to_ascii_lowercase().as_str() {
            "watchdog" => Ok(list::rows(&[self.driver.view(|engine, _| engine.repairs())])),
            _ => Err(Refusal(format!("Unknown figures '{what}'! Use watchdog."))),
        }
    }
}

impl Listed for Repairs {
    const COLUMNS: &'static [&'static str] = &["lost_offers", "endless_offers", "lost_members"];

    fn values(&self) -> Vec<Value<'_>> {
        [self.lost_offers, self.endless_offers, self.lost_members]
            .map(Value::Number)
            .to_vec()
    }
}
