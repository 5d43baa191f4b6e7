//! Commands that read the configuration again.

use super::reply::{ok, one_line, Answer, Refusal};
use super::table::{Listed, Value};
use super::Console;
use crate::config::{ConfigError, ConfigRequest, Configuration};
use crate::engine::{AgentConfig, ConfigChange, EngineError, Input, QueueConfig, Reconfiguration, Reply, TierConfig};
use std::collections::HashSet;

/// What stock answers when a queue is not in the configuration.
const NO_SUCH_QUEUE: &str = "Invalid Queue not found!";

impl Console {
    /// `reload`: the whole configuration, as its files say it now. Nothing is changed before all of it has been read.
    pub(super) fn reload(&self) -> Answer {
        let changes = self.reconfigure()?;
        let lines = changes.iter().map(|change| {
            let name = if change.name.is_empty() { "" } else { " " };
            let line = format!("{}{name}{}: {}", change.about, change.name, change.change);
            format!("{}\n", one_line(&line, false))
        });
        Ok(std::iter::once(ok()).chain(lines).collect())
    }

    /// As [`Console::reload`], with what has changed.
    pub(super) fn reconfigure(&self) -> Result<Vec<ConfigChange>, Refusal> {
        let read = |_| self.source.read(&ConfigRequest::default());
        let configuration = self.source.renew().and_then(read).and_then(says_something);
        let configuration = configuration.map_err(unchanged)?;
        let Configuration {
            settings,
            lists_settings,
            queues,
            agents,
            tiers,
            lists_tiers,
            warnings,
        } = configuration;
        let reply = self.change(Input::Reconfigure(Box::new(Reconfiguration {
            settings: lists_settings.then_some(settings),
            queues,
            agents,
            tiers: lists_tiers.then_some(tiers),
        })))?;
        let mut changes = match reply {
            Reply::Reconfigured(changes) => changes,
            _ => Vec::new(),
        };
        changes.extend(warnings.into_iter().map(|text| ConfigChange {
            about: "warning",
            name: String::new(),
            change: text,
        }));
        Ok(changes)
    }

    /// `agent reload`: what the configuration says of one agent, also where commands have changed it since. As in stock it is no error
    /// if it says nothing.
    pub(super) fn agent_reload(&self, name: &str) -> Answer {
        let request = ConfigRequest {
            agent: Some(name.to_owned()),
            ..ConfigRequest::default()
        };
        let of_name = |configuration: &Configuration| {
            find(&configuration.agents, |agent: &AgentConfig| &agent.name, name).cloned()
        };
        let configuration = self.read_about(&request, |answer| of_name(answer).is_some())?;
        if let Some(agent) = of_name(&configuration) {
            self.change(Input::ReloadAgent(agent))?;
        }
        Ok(ok())
    }

    /// `tier reload`: the tiers of a queue, of a queue and an agent, or (`all`) every tier of the configuration. Those that came from
    /// the configuration and have left it go; those made at run time stay.
    pub(super) fn tier_reload(&self, queue: &str, agent: &str) -> Answer {
        let is_all = queue.eq_ignore_ascii_case("all");
        let wanted = |text: &str| (!text.is_empty() && !is_all).then(|| text.to_owned());
        let request = ConfigRequest {
            queue: wanted(queue),
            agent: wanted(agent),
        };
        let matches = |pattern: &str, name: &str| pattern.is_empty() || pattern.eq_ignore_ascii_case(name);
        let selects =
            |queue_name: &str, agent_name: &str| is_all || (matches(queue, queue_name) && matches(agent, agent_name));
        let configuration = self.read_about(&request, |answer| names_tiers(answer, selects))?;
        let tiers = configuration
            .tiers
            .iter()
            .filter(|tier| selects(&tier.queue, &tier.agent));
        // Those that go come last: an agent who takes another's place is there before the queue is empty.
        let applied = self.apply_tiers(tiers, &configuration);
        let gone = self.drop_left_tiers(&configuration, selects);
        self.driver.wait_until_saved()?;
        match applied {
            Ok(0) if gone == 0 => Err(EngineError::TierNotFound.into()),
            Ok(_) => Ok(ok()),
            Err(error) => Err(error.into()),
        }
    }

    /// `queue load`: the queue, and as in stock all agents and tiers that the configuration brings with it.
    pub(super) fn queue_load(&self, name: &str) -> Answer {
        let configuration = self.source.read(&about_queue(name))?;
        let queue = self.queue_of(&configuration, name);
        let queue = queue.ok_or_else(|| Refusal::from(NO_SUCH_QUEUE))?;
        self.load_with_roster(&queue, &configuration);
        self.driver.wait_until_saved()?;
        Ok(ok())
    }

    /// `queue reload`: as `queue load`, and the queue's tiers that have left the configuration go; a queue that has left it is
    /// unloaded.
    pub(super) fn queue_reload(&self, name: &str) -> Answer {
        let configuration = self.source.read(&about_queue(name))?;
        match self.queue_of(&configuration, name) {
            Some(queue) => {
                self.load_with_roster(&queue, &configuration);
                self.drop_left_tiers_of(&queue.name, &configuration)?;
                self.driver.wait_until_saved()?;
                Ok(ok())
            }
            None => {
                says_something(configuration).map_err(unchanged)?;
                self.unload(name)?;
                Err(NO_SUCH_QUEUE.into())
            }
        }
    }

    /// What the configuration says of an agent, or of tiers. Stock asks for these without parameters, so that there are servers that answer a
    /// question about a queue with the queue alone: an answer that does not have what was asked for is no answer, and the whole
    /// configuration is asked for.
    fn read_about(
        &self,
        request: &ConfigRequest,
        has_it: impl Fn(&Configuration) -> bool,
    ) -> Result<Configuration, ConfigError> {
        let whole = ConfigRequest::default();
        let answer = self.source.read(request);
        if *request == whole || answer.as_ref().is_ok_and(has_it) {
            return answer;
        }
        self.source.read(&whole).or(answer)
    }

    /// What the table `queues` says of a queue, or else the configuration.
    fn queue_of(&self, configuration: &Configuration, name: &str) -> Option<QueueConfig> {
        let kept = self.driver.view(|engine, _| engine.queue_in_database(name).cloned());
        kept.or_else(|| queue_in(configuration, name).cloned())
    }

    fn load_with_roster(&self, queue: &QueueConfig, configuration: &Configuration) {
        // Neither of these two can be refused.
        let _ = self.driver.submit(Input::LoadQueue(queue.clone()));
        for agent in &configuration.agents {
            let _ = self.driver.submit(Input::ApplyAgent(agent.clone()));
        }
        // A tier of a queue or an agent that is not there is left out, as in stock; the log says so.
        let _ = self.apply_tiers(&configuration.tiers, configuration);
    }

    /// Applies tiers and tells how many there were; an error only when not one could be applied.
    fn apply_tiers<'a>(
        &self,
        tiers: impl IntoIterator<Item = &'a TierConfig>,
        configuration: &Configuration,
    ) -> Result<usize, EngineError> {
        let (mut applied, mut refused) = (0, None);
        for tier in tiers {
            self.load_when_new_from(&tier.queue, configuration);
            match self.driver.submit(Input::ApplyTier(tier.clone())) {
                Ok(_) => applied += 1,
                Err(error) => drop(refused.get_or_insert(error)),
            }
        }
        match refused {
            Some(error) if applied == 0 => Err(error),
            _ => Ok(applied),
        }
    }

    /// Lets the tiers go that came from the configuration and are no longer in it, among those that `selects` names by queue and
    /// agent. Returns how many went.
    fn drop_left_tiers(&self, configuration: &Configuration, selects: impl Fn(&str, &str) -> bool) -> usize {
        if !configuration.lists_tiers {
            return 0;
        }
        let listed: HashSet<(&str, &str)> = configuration
            .tiers
            .iter()
            .map(|tier| (tier.queue.as_str(), tier.agent.as_str()))
            .collect();
        let known = self.driver.view(|engine, _| engine.configured_tiers());
        let left = known
            .into_iter()
            .filter(|(queue, agent)| selects(queue, agent) && !listed.contains(&(queue.as_str(), agent.as_str())));
        left.filter(|(queue, agent)| {
            let (queue, agent) = (queue.clone(), agent.clone());
            self.driver.submit(Input::TierNotConfigured { queue, agent }).is_ok()
        })
        .count()
    }

    /// Lets the tiers of a queue go that have left the configuration. Where the answer to a question about the queue names none at all,
    /// the whole configuration has to say so too.
    fn drop_left_tiers_of(&self, queue: &str, answer: &Configuration) -> Result<(), ConfigError> {
        let is_its = |of: &str, _: &str| of == queue;
        let known = self.driver.view(|engine, _| engine.configured_tiers());
        let would_go = known.iter().any(|(of, _)| of == queue) && !names_tiers(answer, is_its);
        match would_go && answer.lists_tiers {
            true => self.drop_left_tiers(&self.source.read(&ConfigRequest::default())?, is_its),
            false => self.drop_left_tiers(answer, is_its),
        };
        Ok(())
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
        self.driver.view(|engine, _| engine.queue_is_new(name))
    }
}

/// The refusal of a reload that has not begun.
fn unchanged(error: ConfigError) -> Refusal {
    Refusal(format!(
        "{error}! Nothing was changed. Mend the configuration and try again."
    ))
}

/// A configuration without any of its sections is none: a server has answered with an empty one.
fn says_something(configuration: Configuration) -> Result<Configuration, ConfigError> {
    let is_empty = configuration.queues.is_empty() && configuration.agents.is_empty();
    if is_empty && !configuration.lists_settings && !configuration.lists_tiers {
        return Err(ConfigError("callcenter.conf is empty".to_owned()));
    }
    Ok(configuration)
}

impl Listed for ConfigChange {
    const COLUMNS: &'static [&'static str] = &["about", "name", "change"];

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.about.into(),
            self.name.as_str().into(),
            self.change.as_str().into(),
        ]
    }
}

/// Whether there is a tier that `selects` names by queue and agent.
fn names_tiers(configuration: &Configuration, selects: impl Fn(&str, &str) -> bool) -> bool {
    configuration.tiers.iter().any(|tier| selects(&tier.queue, &tier.agent))
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
