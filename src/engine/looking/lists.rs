//! Looking at the engine: copies of rows, in the order stock lists them.

use crate::engine::border::callback::UnkeptCallback;
use crate::engine::border::views::{
    AgentFilter, CallListing, Holdings, MemberListing, QueueInForce, QueueListing, Repairs, TierListing,
};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::configuration::settings::Settings;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::time::Timestamp;

impl Engine {
    /// The settings the engine was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How much the engine remembers of calls.
    pub fn holdings(&self) -> Holdings {
        Holdings {
            members: self.members.len(),
            offers: self.offers.len(),
            deadlines: self.timers.len(),
        }
    }

    /// What the watchdog has put right.
    pub fn repairs(&self) -> Repairs {
        self.watchdog.repairs
    }

    /// All agents, in the order they were added.
    pub fn agent_rows(&self) -> Vec<AgentRow> {
        self.agents
            .values()
            .filter(|agent| !agent.deleted)
            .map(|agent| agent.row.clone())
            .collect()
    }

    /// What an agent has beyond the row.
    pub fn agent_limits(&self, name: &str) -> Option<AgentLimits> {
        let agent = self.agents.get(&self.agents.named(name)?)?;
        Some(*agent.limits)
    }

    /// The skills of every agent who has some, by name.
    pub fn agent_skills(&self) -> Vec<(String, Skills)> {
        let agents = self.agents.values().filter(|agent| !agent.deleted);
        let skilled = agents.filter(|agent| agent.skills != Skills::default());
        skilled
            .map(|agent| (agent.row.name.clone(), agent.skills.clone()))
            .collect()
    }

    /// All tiers, by level and position, then in the order they were added.
    pub fn tier_rows(&self) -> Vec<TierRow> {
        let mut rows: Vec<_> = self.tiers.values().filter_map(|tier| self.tier_row(tier)).collect();
        rows.sort_by_key(|row| (row.level, row.position));
        rows
    }

    /// The tiers of a queue, in the order they were added.
    pub fn queue_tier_rows(&self, queue: &str) -> Vec<TierRow> {
        let Some(queue) = self.known_queue(queue) else {
            return Vec::new();
        };
        queue
            .tiers
            .iter()
            .filter_map(|id| self.tiers.get(id))
            .filter_map(|tier| self.tier_row(tier))
            .collect()
    }

    /// As [`Engine::tier_rows`], with pauses.
    pub fn tier_listings(&self) -> Vec<TierListing> {
        let rows = self.tier_rows().into_iter();
        rows.map(|row| self.with_pause(row)).collect()
    }

    /// As [`Engine::queue_tier_rows`], with pauses.
    pub fn queue_tier_listings(&self, queue: &str) -> Vec<TierListing> {
        let rows = self.queue_tier_rows(queue).into_iter();
        rows.map(|row| self.with_pause(row)).collect()
    }

    fn with_pause(&self, row: TierRow) -> TierListing {
        let queue = self.known_queue(&row.queue);
        let pause = queue.and_then(|queue| queue.pauses.get(&row.agent).cloned());
        TierListing { row, pause }
    }

    /// An agent's skills, as they are written.
    pub fn skills_of(&self, name: &str) -> Option<String> {
        let agent = self.agents.get(&self.agents.named(name)?)?;
        Some(agent.skills.to_string())
    }

    /// Why an agent is on a break; empty where nobody has said so.
    pub fn pause_reason(&self, name: &str) -> Option<String> {
        let agent = self.agents.get(&self.agents.named(name)?)?;
        Some(
            agent
                .pause
                .as_ref()
                .map_or_else(String::new, |pause| pause.reason.clone()),
        )
    }

    /// The agents who serve a queue, those alone whom the filter lets pass.
    pub fn queue_agent_rows(&self, queue: &str, filter: &AgentFilter) -> Vec<AgentRow> {
        self.serving_agents(queue, filter).cloned().collect()
    }

    /// How many agents [`Engine::queue_agent_rows`] would list.
    pub fn queue_agent_count(&self, queue: &str, filter: &AgentFilter) -> usize {
        self.serving_agents(queue, filter).count()
    }

    /// All loaded queues, in the order they were loaded.
    pub fn queues(&self) -> Vec<QueueListing> {
        let queues = self.queues.loaded().iter().filter_map(|id| self.queues.get(id));
        queues
            .filter_map(|queue| {
                Some(QueueListing {
                    config: queue.config.clone()?,
                    calls_answered: queue.calls_answered,
                    calls_abandoned: queue.calls_abandoned,
                })
            })
            .collect()
    }

    /// How many queues are loaded.
    pub fn queue_count(&self) -> usize {
        self.queues.loaded().len()
    }

    /// Whether a queue is loaded.
    pub fn queue_is_loaded(&self, name: &str) -> bool {
        self.loaded_queue(name).is_ok()
    }

    /// Whether a queue may be loaded by whatever needs it: one that nobody has loaded yet. One that somebody has unloaded waits for a
    /// command that names it, or a caller.
    pub fn queue_is_new(&self, name: &str) -> bool {
        let queue = self.known_queue(name);
        queue.is_none_or(|queue| queue.config.is_none() && !queue.is_put_away)
    }

    /// The configuration of a loaded queue.
    pub fn queue_config(&self, name: &str) -> Option<&QueueConfig> {
        self.config_of(self.loaded_queue(name).ok()?)
    }

    /// What no row tells of a queue; none where there is nothing.
    pub fn queue_in_force(&self, name: &str) -> Option<QueueInForce<'_>> {
        let queue = self.known_queue(name)?;
        if queue.is_put_away {
            return Some(QueueInForce::PutAway);
        }
        let config = queue.config.as_ref().filter(|_| queue.in_database.is_none());
        config.map(QueueInForce::Loaded)
    }

    /// The same of all queues.
    pub fn queues_in_force(&self) -> Vec<(&str, QueueInForce<'_>)> {
        let names = self.queues.values().map(|queue| queue.name.as_str());
        names
            .filter_map(|name| Some((name, self.queue_in_force(name)?)))
            .collect()
    }

    /// The members of a queue by score, abandoned ones too; those of all queues by queue and score when none is named.
    pub fn member_rows(&self, queue: Option<&str>, now: Timestamp) -> Vec<MemberListing> {
        let Some(name) = queue else {
            let mut listings = self.listings(self.members.values(), None, now);
            listings.sort_by(|a, b| a.row.queue.cmp(&b.row.queue).then(b.score.cmp(&a.score)));
            return listings;
        };
        let ours = self.known_queue(name).into_iter().flat_map(|queue| &queue.members);
        let mut listings = self.listings(ours.filter_map(|id| self.members.get(id)), Some(name), now);
        listings.sort_by_key(|listing| std::cmp::Reverse(listing.score));
        listings
    }

    /// The calls of this instance that wait or talk, in the order they came.
    pub fn calls(&self, now: Timestamp) -> Vec<CallListing> {
        let calls = self.members.values().filter_map(|member| {
            let state = member.call_state()?;
            Some(CallListing {
                row: member.row.clone(),
                state,
                duration: now.since(member.entered).secs(),
            })
        });
        calls.collect()
    }

    /// Who is to be called back from a queue, or from all, by queue and place in line.
    pub fn callbacks(&self, queue: Option<&str>) -> Vec<CallbackRow> {
        let queues = match queue {
            Some(name) => self.queues.named(name).into_iter().collect(),
            None => self.callbacks.queues(),
        };
        let members = queues.into_iter().flat_map(|queue| self.callbacks.of_queue(queue));
        let mut members: Vec<_> = members.filter_map(|id| Some((id, self.members.get(&id)?))).collect();
        members.sort_by_key(|(id, member)| (member.queue, member.place_in_line(*id, 0)));
        let rows = members.into_iter().filter_map(|(_, member)| member.callback.as_ref());
        rows.map(|callback| callback.row.clone()).collect()
    }

    /// Who was promised a call and did not get it, of a queue or of all, the latest last: of each queue the last of them.
    pub fn unkept_callbacks(&self, queue: Option<&str>) -> Vec<UnkeptCallback> {
        match queue.map(|name| self.queues.named(name)) {
            Some(None) => Vec::new(),
            found => self.callbacks.unkept(found.flatten()).cloned().collect(),
        }
    }

    /// The members of all queues by score.
    pub fn all_member_rows(&self, now: Timestamp) -> Vec<MemberListing> {
        let mut listings = self.listings(self.members.values(), None, now);
        listings.sort_by_key(|listing| std::cmp::Reverse(listing.score));
        listings
    }

    /// How many members a queue has, abandoned ones too.
    pub fn member_count(&self, queue: &str) -> usize {
        let ours = self.known_queue(queue).map_or(0, |queue| queue.members.len());
        ours + self.members_elsewhere.count(queue)
    }

    /// How many tiers a queue has.
    pub fn tier_count(&self, queue: &str) -> usize {
        self.known_queue(queue).map_or(0, |queue| queue.tiers.len())
    }

    /// Our own, and behind them those of other instances in that queue, or in all.
    fn listings<'a>(
        &self,
        ours: impl Iterator<Item = &'a Member>,
        queue: Option<&str>,
        now: Timestamp,
    ) -> Vec<MemberListing> {
        let mut ours: Vec<&Member> = ours.filter(|member| !member.is_served()).collect();
        // Of one score, whoever is served sooner.
        ours.sort_by_key(|member| member.turn);
        // Those who wait here have waited as long as they have, whatever was done to the clock meanwhile.
        let ours = ours.into_iter().map(|member| {
            (
                &*member.row,
                now.steady_secs().saturating_sub(member.joined.steady_secs()),
            )
        });
        let epoch = self.wall.secs(now);
        let elsewhere = self.members_elsewhere.rows(queue);
        let elsewhere = elsewhere.map(|row| (row, epoch.saturating_sub(row.joined_epoch)));
        ours.chain(elsewhere)
            .map(|(row, waited)| MemberListing {
                row: row.clone(),
                score: row.score(waited),
            })
            .collect()
    }

    fn serving_agents<'a>(&'a self, queue: &str, filter: &'a AgentFilter) -> impl Iterator<Item = &'a AgentRow> {
        let tiers = self
            .known_queue(queue)
            .map(|queue| queue.tiers.as_slice())
            .unwrap_or_default();
        let agents = tiers
            .iter()
            .filter_map(|id| self.agents.get(&self.tiers.get(id)?.agent?));
        agents.map(|agent| &*agent.row).filter(|row| filter.lets_pass(row))
    }
}
