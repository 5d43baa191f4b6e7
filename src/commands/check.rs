//! `callcenter_config check`: what is wrong with the configuration as it stands now, before anybody loads it.

use super::reply::Answer;
use super::table::{Listed, Value};
use super::{list, Console};
use crate::config::{contradictions, everything_wrong, ConfigError, ConfigRequest, Finding, Roster};
use crate::engine::{Engine, QueueConfig};
use std::collections::HashSet;

impl Console {
    /// Lists what is wrong; nothing but `+OK` when all is well.
    pub(super) fn check(&self) -> Answer {
        Ok(list::rows(&self.findings()?))
    }

    /// Everything that is wrong with the configuration, seen together with the queues, agents and tiers there are.
    pub(super) fn findings(&self) -> Result<Vec<Finding>, ConfigError> {
        let mut configuration = self.source.read(&ConfigRequest::default())?;
        let (loaded, roster) = self.driver.view(|engine, _| (loaded(engine), roster(engine)));
        let named: HashSet<String> = configuration.queues.iter().map(|queue| queue.name.clone()).collect();
        let others = loaded.into_iter().filter(|queue| !named.contains(&queue.name));
        configuration.queues.extend(others);
        let roster = roster.with(&configuration);
        Ok(everything_wrong(&configuration, &roster))
    }

    /// What contradicts itself in what is loaded; for the log, once everything is.
    pub fn contradictions(&self) -> Vec<Finding> {
        let (loaded, roster) = self.driver.view(|engine, _| (loaded(engine), roster(engine)));
        contradictions(&loaded, &roster)
    }
}

fn loaded(engine: &Engine) -> Vec<QueueConfig> {
    engine.queues().into_iter().map(|queue| queue.config).collect()
}

fn roster(engine: &Engine) -> Roster {
    Roster::of_rows(engine.agent_rows(), engine.tier_rows(), engine.agent_skills())
}

impl Listed for Finding {
    const COLUMNS: &'static [&'static str] = &["about", "trouble"];

    fn values(&self) -> Vec<Value<'_>> {
        vec![self.about.as_str().into(), self.trouble.as_str().into()]
    }
}
