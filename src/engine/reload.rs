//! `callcenter_config reload`: settings, queues, agents and tiers anew while callers wait.
//!
//! All of it is one input: nobody leaves a queue for having become empty because its old agents go a moment before the new ones come.

use crate::engine::agents::configured::Taken;
use crate::engine::border::error::EngineError;
use crate::engine::border::reconfiguration::{ConfigChange, Reconfiguration};
use crate::engine::centre::engine::Engine;
use crate::engine::configuration::agent::{AgentConfig, TierConfig};
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::configuration::settings::Settings;
use crate::engine::configuration::tables::AGENT_ATTRIBUTES;
use crate::engine::configuration::tables::AGENT_LIMITS;
use crate::engine::configuration::tables::QUEUE_PARAMETERS;
use crate::engine::configuration::tables::SETTINGS;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::time::Timestamp;
use std::collections::{BTreeMap, HashSet};

/// The settings that hold from the moment they are read anew. The others say what is opened at load, or count there only.
pub const SETTINGS_AT_ONCE: &[&str] = &[
    "agent-originate-timeout",
    "agent-presence",
    "agent-report",
    "cluster-events",
    "debug",
    "global-database-lock",
    "internal-call-dispatching",
    "reserve-agents",
    "service-level-seconds",
    "wrap-up-time",
];

/// What a reload has changed so far.
#[derive(Default)]
struct Told(Vec<ConfigChange>);

impl Told {
    fn tell(&mut self, about: &'static str, name: impl Into<String>, change: impl Into<String>) {
        self.0.push(ConfigChange {
            about,
            name: name.into(),
            change: change.into(),
        });
    }

    /// The parameters of something that have another value now; nothing where none has.
    fn tell_changed(&mut self, about: &'static str, name: &str, parameters: &[&str]) {
        if !parameters.is_empty() {
            self.tell(about, name, format!("changed: {}", parameters.join(", ")));
        }
    }
}

impl Engine {
    /// Puts a whole configuration into effect and tells what is other than before.
    pub(in crate::engine) fn reconfigure(&mut self, now: Timestamp, new: Reconfiguration) -> Vec<ConfigChange> {
        let mut told = Told::default();
        if let Some(settings) = &new.settings {
            self.take_settings(now, settings, &mut told);
        }
        self.take_queues(now, new.queues, &mut told);
        self.take_agents(now, new.agents, &mut told);
        if let Some(tiers) = new.tiers {
            self.take_configured_tiers(now, tiers, &mut told);
        }
        self.log_reload(now);
        told.0
    }

    fn take_settings(&mut self, now: Timestamp, new: &Settings, told: &mut Told) {
        let (mut changed, mut at_load) = (Vec::new(), Vec::new());
        for parameter in SETTINGS {
            let (before, after) = (parameter.get(&self.settings), parameter.get(new));
            if before == after {
                continue;
            }
            if SETTINGS_AT_ONCE.contains(&parameter.name) {
                parameter.copy(new, &mut self.settings);
                changed.push(parameter.name);
                told.tell("setting", parameter.name, format!("{before} -> {after}"));
            } else {
                at_load.push(parameter.name);
            }
        }
        for name in at_load {
            // Neither value is shown: there are passwords among them.
            let change = "needs an unload: it holds as before until reload mod_callcenter";
            told.tell("setting", name, change);
        }
        for name in changed {
            match name {
                "agent-report" => self.report_all(now),
                "agent-presence" => self.renew_blf_keys(),
                "internal-call-dispatching" => self.set_dispatching(self.settings.internal_call_dispatching),
                _ => (),
            }
        }
    }

    /// `agent-report` has been switched: whoever listens from now on is told of everybody whose last report says something else.
    fn report_all(&mut self, now: Timestamp) {
        for id in self.agents.keys().copied().collect::<Vec<_>>() {
            self.note_staffing(now, id);
        }
    }

    fn take_queues(&mut self, now: Timestamp, queues: Vec<QueueConfig>, told: &mut Told) {
        let named: HashSet<String> = queues.iter().map(|queue| queue.name.clone()).collect();
        for config in queues {
            self.take_queue(now, config, told);
        }
        let left: Vec<String> = self
            .queues
            .loaded()
            .iter()
            .filter_map(|id| self.queues.get(id))
            .filter(|queue| queue.in_database.is_none() && !named.contains(&queue.name))
            .map(|queue| queue.name.clone())
            .collect();
        for name in left {
            told.tell(
                "queue",
                name,
                "no longer configured: it stays loaded until queue unload",
            );
        }
    }

    fn take_queue(&mut self, now: Timestamp, config: QueueConfig, told: &mut Told) {
        let name = config.name.clone();
        let id = self.queue_named(&name);
        let Some(queue) = self.queues.get_mut(&id) else { return };
        if queue.in_database.is_some() {
            return;
        }
        if queue.is_put_away {
            return told.tell("queue", name, "unloaded by command: it stays so until queue load");
        }
        let Some(before) = queue.config.clone() else {
            self.load_queue(now, config);
            return told.tell("queue", name, "loaded");
        };
        if before == config {
            return;
        }
        // Its figures stay, as with `queue set`.
        queue.config = Some(config.clone());
        self.renew_queue(now, id);
        let differs = QUEUE_PARAMETERS.iter().filter(|it| it.get(&before) != it.get(&config));
        let names: Vec<_> = differs.map(|parameter| parameter.name).collect();
        told.tell_changed("queue", &name, &names);
    }

    fn take_agents(&mut self, now: Timestamp, agents: Vec<AgentConfig>, told: &mut Told) {
        let named: HashSet<String> = agents.iter().map(|agent| agent.name.clone()).collect();
        for config in agents {
            self.take_agent(now, config, told);
        }
        let left = |name: &&String| !named.contains(*name);
        let known = self
            .agents
            .values()
            .filter(|agent| agent.named_since_load && !agent.deleted);
        let left: Vec<String> = known.map(|agent| &agent.row.name).filter(left).cloned().collect();
        for name in left {
            told.tell("agent", name, "no longer configured: the agent stays until agent del");
        }
    }

    fn take_agent(&mut self, now: Timestamp, config: AgentConfig, told: &mut Told) {
        let name = config.name.clone();
        if !self.may_decide_for(&name) {
            self.apply_agent(now, config, Taken::News);
            return told.tell("agent", name, "left to the instance it belongs to");
        }
        let before = self.agent_id(&name).ok().map(|id| self.words_of_agent(id));
        self.apply_agent(now, config, Taken::News);
        let (Some(before), Ok(id)) = (before, self.agent_id(&name)) else {
            return told.tell("agent", name, "added");
        };
        let after = self.words_of_agent(id);
        let differs = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
        let names: Vec<_> = differs.map(|(key, _)| *key).collect();
        told.tell_changed("agent", &name, &names);
    }

    /// Whatever of an agent a configuration may say, by attribute.
    fn words_of_agent(&self, id: AgentId) -> BTreeMap<&'static str, String> {
        let mut words = BTreeMap::new();
        let Some(agent) = self.agents.get(&id) else {
            return words;
        };
        words.insert("type", agent.row.agent_type.as_str().to_owned());
        words.insert("contact", agent.row.contact.clone());
        words.insert("status", agent.row.status.to_string());
        words.insert("skills", agent.skills.to_string());
        words.extend(AGENT_ATTRIBUTES.iter().map(|it| (it.name, it.get(&agent.row))));
        let limits: &AgentLimits = &agent.limits;
        words.extend(AGENT_LIMITS.iter().map(|it| (it.name, it.get(limits))));
        words
    }

    fn take_configured_tiers(&mut self, now: Timestamp, tiers: Vec<TierConfig>, told: &mut Told) {
        let listed: HashSet<(String, String)> = tiers
            .iter()
            .map(|tier| (tier.queue.clone(), tier.agent.clone()))
            .collect();
        for tier in tiers {
            self.take_tier(now, tier, told);
        }
        let known = self.configured_tiers().into_iter();
        for (queue, agent) in known.filter(|tier| !listed.contains(tier)).collect::<Vec<_>>() {
            if self.drop_configured_tier(now, &queue, &agent).is_ok() {
                told.tell("tier", format!("{queue} {agent}"), "gone with its element");
            }
        }
    }

    fn take_tier(&mut self, now: Timestamp, config: TierConfig, told: &mut Told) {
        let name = format!("{} {}", config.queue, config.agent);
        let known = self
            .tier_id(&config.queue, &config.agent)
            .and_then(|id| self.tiers.get(&id));
        let before = known.map(|tier| (tier.level, tier.position, tier.configured));
        let after = (config.level, config.position, true);
        if before == Some(after) {
            return;
        }
        match (self.apply_tier(now, config), before) {
            (Err(EngineError::AgentElsewhere), _) => told.tell("tier", name, "left to the instance of its agent"),
            (Err(error), _) => told.tell("tier", name, format!("left out: {error}")),
            (Ok(_), None) => told.tell("tier", name, "added"),
            (Ok(_), Some((level, position, _))) => {
                let level = (level != after.0).then_some("level");
                let position = (position != after.1).then_some("position");
                let names: Vec<_> = level.into_iter().chain(position).collect();
                told.tell_changed("tier", &name, &names);
            }
        }
    }
}
