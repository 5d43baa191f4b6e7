//! Commands that read the configuration again.

use super::reply::{ok, Answer, Refusal};
use super::Console;
use crate::config::{ConfigRequest, Configuration};
use crate::core::{AgentConfig, EngineError, Input, QueueConfig, TierConfig};

/// What stock answers when a queue is not in the configuration.
const NO_SUCH_QUEUE: &str = "Invalid Queue not found!";

impl Console {
    /// `agent reload`: what the configuration says of one agent. As in stock it is no error if it says nothing.
    pub(super) fn agent_reload(&self, name: &str) -> Answer {
        let request = ConfigRequest {
            agent: Some(name.to_owned()),
            ..ConfigRequest::default()
        };
        let configuration = self.source.read(&request)?;
        if let Some(agent) = find(&configuration.agents, |agent: &AgentConfig| &agent.name, name) {
            self.change(Input::ApplyAgent(agent.clone()))?;
        }
        Ok(ok())
    }

    /// `tier reload`: the tiers of a queue, of a queue and an agent, or (`all`) every tier of the configuration.
    pub(super) fn tier_reload(&self, queue: &str, agent: &str) -> Answer {
        let is_all = queue.eq_ignore_ascii_case("all");
        let wanted = |text: &str| (!text.is_empty() && !is_all).then(|| text.to_owned());
        let configuration = self.source.read(&ConfigRequest {
            queue: wanted(queue),
            agent: wanted(agent),
        })?;
        let matches = |pattern: &str, name: &str| pattern.is_empty() || pattern.eq_ignore_ascii_case(name);
        let selected = |tier: &&TierConfig| is_all || (matches(queue, &tier.queue) && matches(agent, &tier.agent));
        let tiers: Vec<_> = configuration.tiers.iter().filter(selected).collect();
        if tiers.is_empty() {
            return Err(EngineError::TierNotFound.into());
        }
        self.apply_tiers(tiers, &configuration);
        self.driver.wait_until_saved()?;
        Ok(ok())
    }

    /// `queue load`: the queue, and as in stock all agents and tiers that the configuration brings with it.
    pub(super) fn queue_load(&self, name: &str) -> Answer {
        let configuration = self.source.read(&about_queue(name))?;
        let queue = queue_in(&configuration, name).ok_or_else(|| Refusal::from(NO_SUCH_QUEUE))?;
        self.load_with_roster(queue, &configuration)
    }

    /// `queue reload`: as `queue load`; a queue that has left the configuration is unloaded.
    pub(super) fn queue_reload(&self, name: &str) -> Answer {
        let configuration = self.source.read(&about_queue(name))?;
        match queue_in(&configuration, name) {
            Some(queue) => self.load_with_roster(queue, &configuration),
            None => {
                self.unload(name)?;
                Err(NO_SUCH_QUEUE.into())
            }
        }
    }

    fn load_with_roster(&self, queue: &QueueConfig, configuration: &Configuration) -> Answer {
        self.unloaded.lock().remove(&queue.name);
        // Neither of these two can be refused.
        let _ = self.driver.submit(Input::LoadQueue(queue.clone()));
        for agent in &configuration.agents {
            let _ = self.driver.submit(Input::ApplyAgent(agent.clone()));
        }
        self.apply_tiers(&configuration.tiers, configuration);
        self.driver.wait_until_saved()?;
        Ok(ok())
    }

    fn apply_tiers<'a>(&self, tiers: impl IntoIterator<Item = &'a TierConfig>, configuration: &Configuration) {
        for tier in tiers {
            self.load_when_new_from(&tier.queue, configuration);
            // A tier of a queue or an agent that is not there is left out, as in stock.
            let _ = self.driver.submit(Input::ApplyTier(tier.clone()));
        }
    }

    /// Loads a queue that a tier needs and nobody has loaded yet.
    pub(super) fn load_when_new(&self, name: &str) -> Result<(), Refusal> {
        if self.is_new(name) {
            let configuration = self.source.read(&about_queue(name))?;
            self.load_when_new_from(name, &configuration);
        }
        Ok(())
    }

    fn load_when_new_from(&self, name: &str, configuration: &Configuration) {
        if self.is_new(name) {
            if let Some(queue) = configuration.queues.iter().find(|queue| queue.name == name) {
                // Loading a queue cannot be refused.
                let _ = self.driver.submit(Input::LoadQueue(queue.clone()));
            }
        }
    }

    fn is_new(&self, name: &str) -> bool {
        !self.driver.view(|engine, _| engine.queue_is_loaded(name)) && !self.unloaded.lock().contains(name)
    }
}

fn about_queue(name: &str) -> ConfigRequest {
    ConfigRequest {
        queue: Some(name.to_owned()),
        ..ConfigRequest::default()
    }
}

fn queue_in<'a>(configuration: &'a Configuration, name: &str) -> Option<&'a QueueConfig> {
    find(&configuration.queues, |queue: &QueueConfig| &queue.name, name)
}

/// The one of exactly that name, or else of that name in any case, as stock finds it.
fn find<'a, T>(all: &'a [T], name_of: impl Fn(&T) -> &String, name: &str) -> Option<&'a T> {
    let exact = all.iter().find(|one| name_of(one) == name);
    exact.or_else(|| all.iter().find(|one| name_of(one).eq_ignore_ascii_case(name)))
}
