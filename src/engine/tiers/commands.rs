//! Tiers as supervisors and the configuration see them: add, delete, set; and what their levels mean for a queue.

use crate::engine::border::error::EngineError;
use crate::engine::border::output::NoticeLevel;
use crate::engine::border::reply::Reply;
use crate::engine::border::row_change::RowChange;
use crate::engine::border::setting::TierSetting;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Stage;
use crate::engine::centre::prospects::{count_anew, Standing};
use crate::engine::centre::tier::Tier;
use crate::engine::configuration::agent::TierConfig;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::ids::{AgentId, QueueId, TierId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{QueueLogEvent, TierState};

impl Engine {
    /// What a tier needs to be made: the queue must be loaded and the agent known (stock).
    pub(in crate::engine) fn check_new_tier(&self, config: &TierConfig) -> Result<AgentId, EngineError> {
        self.loaded_queue(&config.queue)?;
        let agent = self.agent_id(&config.agent)?;
        match self.tier_id(&config.queue, &config.agent) {
            Some(_) => Err(EngineError::TierExists),
            None => Ok(agent),
        }
    }

    /// Makes a tier. An agent who begins paused, for a reason, is offered nobody in between (Asterisk #1007).
    pub(in crate::engine) fn add_tier(
        &mut self,
        now: Timestamp,
        config: TierConfig,
        pause: Option<String>,
    ) -> Result<Reply, EngineError> {
        let agent_id = self.check_new_tier(&config)?;
        let TierConfig {
            queue,
            agent,
            level,
            position,
        } = config;
        self.debug(
            None,
            format!("Adding Tier on Queue {queue} for Agent {agent}, level {level}, position {position}"),
        );
        let row = TierRow {
            queue,
            agent,
            state: TierState::Ready,
            level,
            position,
        };
        let id = self.insert_tier(now, row);
        if let (Some(reason), Some(tier)) = (pause, self.tiers.get(&id)) {
            self.begin_pause(now, tier.queue, agent_id, reason);
        }
        self.changed.tiers.insert(id);
        self.reconsider_tier(id);
        Ok(Reply::Done)
    }

    /// Takes a tier in, whether or not its queue is loaded and its agent known.
    pub(in crate::engine) fn insert_tier(&mut self, now: Timestamp, row: TierRow) -> TierId {
        let queue_id = self.queue_named(&row.queue);
        self.remove_skill_tier(now, queue_id, &row.agent);
        let id = TierId(self.next_id());
        let agent = self.agents.named(&row.agent);
        if let Some(queue) = self.queues.get_mut(&queue_id) {
            queue.tiers.push(id);
            queue.tiers_by_agent.insert(row.agent.clone(), id);
        }
        let tier = Tier {
            queue: queue_id,
            agent_name: row.agent,
            agent,
            state: row.state,
            level: row.level,
            position: row.position,
            configured: false,
            by_skill: false,
            free: None,
            free_to_chat: None,
            present: None,
            counted: None,
            logged_in: None,
        };
        self.tiers.insert(id, tier);
        if let Some(agent) = agent.and_then(|agent| self.agents.change(&agent)) {
            agent.tiers.push(id);
        }
        self.follow_offer(id);
        self.count_logged_in(now, id);
        if let Some(agent) = agent {
            self.note_staffing_by_queue(agent);
        }
        self.note_last_offered(queue_id, id);
        if let Some(agent) = self.tiers.get(&id).map(|tier| tier.agent_name.clone()) {
            self.touch_own_callers(queue_id, &agent);
        }
        id
    }

    /// A new tier of an agent with an offer under way shows it: as the tier the offer goes through, when an earlier one of that queue
    /// was deleted meanwhile, else as one the agent cannot be reached through.
    fn follow_offer(&mut self, id: TierId) {
        let Some(tier) = self.tiers.get_mut(&id) else { return };
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        let offer = agent.and_then(|agent| self.offers.get_mut(&agent.offer?));
        match offer {
            Some(offer) if offer.queue == tier.queue => {
                offer.tier = id;
                tier.state = match offer.stage {
                    Stage::Bridged { .. } => TierState::ActiveInbound,
                    Stage::Ringing | Stage::Calling | Stage::Cancelling(_) | Stage::Connecting { .. } => {
                        TierState::Offering
                    }
                };
            }
            Some(_) if tier.state == TierState::Ready => tier.state = TierState::Standby,
            _ => (),
        }
    }

    /// `tier set`.
    pub(in crate::engine) fn set_tier(
        &mut self,
        now: Timestamp,
        queue: &str,
        agent: &str,
        setting: TierSetting,
    ) -> Result<Reply, EngineError> {
        let id = self.tier_id(queue, agent).ok_or(EngineError::TierNotFound)?;
        self.agent_id(agent)?;
        self.loaded_queue(queue)?;
        self.change_tier(now, id, setting);
        let (key, value) = match setting {
            TierSetting::State(state) => ("state", state.to_string()),
            TierSetting::Level(level) => ("level", level.to_string()),
            TierSetting::Position(position) => ("position", position.to_string()),
        };
        self.debug(
            None,
            format!("Updated tier: Agent {agent} in Queue {queue} set {key} = {value}"),
        );
        Ok(Reply::Done)
    }

    pub(in crate::engine) fn change_tier(&mut self, now: Timestamp, id: TierId, setting: TierSetting) {
        let Some(tier) = self.tiers.get_mut(&id) else { return };
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        let is_under_way = agent.is_some_and(|agent| agent.offer.is_some());
        match setting {
            // While the agent has an offer the state is the engine's; nothing set by hand would outlast it.
            TierSetting::State(_) if is_under_way => (),
            TierSetting::State(state) => tier.state = state,
            TierSetting::Level(level) => tier.level = level,
            TierSetting::Position(position) => tier.position = position,
        }
        self.count_logged_in(now, id);
        self.changed.tiers.insert(id);
        self.reconsider_tier(id);
    }

    /// `tier del`. What rings for the queue stops; who talks talks on.
    pub(in crate::engine) fn delete_tier(&mut self, now: Timestamp, queue: &str, agent: &str) {
        self.debug(None, format!("Deleted tier Agent {agent} in Queue {queue}"));
        self.changed.others.push(RowChange::TierGone {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
        });
        if let Some(id) = self.tier_id(queue, agent) {
            self.give_up_tier(now, id);
            self.log_agent_of_queue(now, queue, agent, QueueLogEvent::RemoveMember);
            self.serve_by_skill(now, agent);
        }
    }

    pub(in crate::engine) fn delete_tiers_of_agent(&mut self, now: Timestamp, agent: &str) {
        let tiers = self.tiers.of_name(agent).to_vec();
        for id in tiers {
            if let Some(row) = self.tiers.get(&id).and_then(|tier| self.tier_row(tier)) {
                self.log_agent_of_queue(now, &row.queue, &row.agent, QueueLogEvent::RemoveMember);
                self.changed.others.push(RowChange::TierGone {
                    queue: row.queue,
                    agent: row.agent,
                });
            }
            self.remove_tier(now, id);
        }
    }

    /// The state of a tier changes with what its agent does.
    pub(in crate::engine) fn set_tier_state(&mut self, id: TierId, state: TierState) {
        if let Some(tier) = self.tiers.get_mut(&id) {
            let before = std::mem::replace(&mut tier.state, state);
            self.changed.tier_states.push((id, before));
        }
    }

    /// Removes a tier whose agent does not serve the queue any more.
    pub(in crate::engine) fn give_up_tier(&mut self, now: Timestamp, id: TierId) {
        if let Some(tier) = self.tiers.get(&id) {
            let (queue, agent) = (tier.queue, tier.agent_name.clone());
            self.remove_tier(now, id);
            self.forget_pause(queue, &agent);
        }
    }

    pub(in crate::engine) fn remove_tier(&mut self, now: Timestamp, id: TierId) {
        self.count_as(now, id, None);
        self.changed.tiers.remove(&id);
        self.leave_orders(id);
        let Some(tier) = self.tiers.remove(&id) else { return };
        if let (true, Some(row)) = (tier.configured, self.tier_row(&tier)) {
            self.changed.others.push(RowChange::ConfiguredTierGone {
                queue: row.queue,
                agent: row.agent,
            });
        }
        if let Some((agent_id, agent)) = tier.agent.and_then(|id| Some((id, self.agents.change(&id)?))) {
            agent.tiers.retain(|other| *other != id);
            self.aftermath.left_queues.insert((tier.queue, agent_id));
        }
        if let Some(queue) = self.queues.get_mut(&tier.queue) {
            queue.tiers.retain(|other| *other != id);
            queue.tiers_by_agent.remove(&tier.agent_name);
            self.aftermath.staffing.insert(tier.queue);
        }
        self.touch_own_callers(tier.queue, &tier.agent_name);
        self.leave_prospects(tier.queue, id, tier.counted);
        self.tell_paused(tier.queue, &tier.agent_name, tier.present, None);
        self.renew_last_offered(tier.queue);
        self.renew_line(tier.queue);
    }

    /// A `<tier>` of the configuration: made, or brought to the level and position it says. The operator is told why one is refused.
    pub(in crate::engine) fn apply_tier(&mut self, now: Timestamp, config: TierConfig) -> Result<Reply, EngineError> {
        let (queue, agent) = (config.queue.clone(), config.agent.clone());
        let applied = self.make_or_place_tier(now, config);
        match &applied {
            Ok(_) => self.note_configured(queue, agent),
            Err(error) => {
                let advice = match error {
                    EngineError::AgentElsewhere => {
                        "Name it in that instance's configuration, or make it with `tier add`."
                    }
                    _ => "Make the queue and the agent known first, or remove the tier from the configuration.",
                };
                let text =
                    format!("<tier agent=\"{agent}\" queue=\"{queue}\">: {error} The tier is left out. {advice}");
                self.notice(NoticeLevel::Warning, None, text);
            }
        }
        applied
    }

    fn make_or_place_tier(&mut self, now: Timestamp, config: TierConfig) -> Result<Reply, EngineError> {
        if !self.may_decide_for(&config.agent) {
            return Err(EngineError::AgentElsewhere);
        }
        let known = self
            .tier_id(&config.queue, &config.agent)
            .and_then(|id| self.tiers.get(&id));
        let Some((level, position)) = known.map(|tier| (tier.level, tier.position)) else {
            return self.add_tier(now, config, None);
        };
        self.agent_id(&config.agent)?;
        self.loaded_queue(&config.queue)?;
        // Most of a configuration that is read again is as it was.
        if level != config.level {
            self.set_tier(now, &config.queue, &config.agent, TierSetting::Level(config.level))?;
        }
        if position != config.position {
            let position = TierSetting::Position(config.position);
            self.set_tier(now, &config.queue, &config.agent, position)?;
        }
        Ok(Reply::Done)
    }

    fn note_configured(&mut self, queue: String, agent: String) {
        let tier = self.tier_id(&queue, &agent).and_then(|id| self.tiers.get_mut(&id));
        if let Some(tier) = tier.filter(|tier| !tier.configured) {
            tier.configured = true;
            self.changed.others.push(RowChange::ConfiguredTier { queue, agent });
        }
    }

    /// The tiers that the configuration named when it was last read: queue and agent. Those of other instances' agents are in
    /// those instances' configurations.
    pub fn configured_tiers(&self) -> Vec<(String, String)> {
        let tiers = self.tiers.values().filter(|tier| tier.configured);
        let tiers = tiers.filter(|tier| self.may_decide_for(&tier.agent_name));
        let rows = tiers.filter_map(|tier| self.tier_row(tier));
        rows.map(|row| (row.queue, row.agent)).collect()
    }

    /// The configuration no longer names a tier: it goes if it came from there.
    pub(in crate::engine) fn drop_configured_tier(
        &mut self,
        now: Timestamp,
        queue: &str,
        agent: &str,
    ) -> Result<Reply, EngineError> {
        let tier = self.tier_id(queue, agent).and_then(|id| self.tiers.get(&id));
        if !tier.is_some_and(|tier| tier.configured) {
            return Err(EngineError::TierNotFound);
        }
        self.delete_tier(now, queue, agent);
        Ok(Reply::Done)
    }

    /// Keeps count of who is logged in, at each level for each class of members, and in the queue for callers without requirements. The tier rules
    /// depend on the lowest level with agents who will do, `max-wait-time-with-no-agent` on whether there are any.
    pub(in crate::engine) fn count_logged_in(&mut self, now: Timestamp, id: TierId) {
        let Some(tier) = self.tiers.get(&id) else { return };
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        let agent = agent.filter(|agent| self.is_ours(&agent.row.instance_id) && agent.is_there());
        let standing = agent.map(|agent| Standing::of(agent, tier.level));
        self.count_as(now, id, standing);
    }

    /// Counts the agent of a tier as of this standing among those who are logged in, or not at all.
    pub(in crate::engine) fn count_as(&mut self, now: Timestamp, id: TierId, after: Option<Standing>) {
        let Some(tier) = self.tiers.get_mut(&id) else { return };
        if tier.logged_in == after {
            return;
        }
        let before = std::mem::replace(&mut tier.logged_in, after.clone());
        let (queue_id, agent, agent_name) = (tier.queue, tier.agent, tier.agent_name.clone());
        if let Some(agent) = agent {
            self.note_staffing_by_queue(agent);
        }
        let Some(queue) = self.queues.get_mut(&queue_id) else {
            return;
        };
        count_anew(&mut queue.standings, before.clone(), after.clone());
        let mut opens_a_level = false;
        for class in queue.classes.iter_mut() {
            let first = class.logged_in.keys().next().copied();
            let level_of = |standing: &Option<Standing>| {
                let standing = standing.as_ref().filter(|standing| standing.suits(&class.requirement));
                standing.map(|standing| standing.level)
            };
            count_anew(&mut class.logged_in, level_of(&before), level_of(&after));
            opens_a_level |= class.logged_in.keys().next().copied() != first;
        }
        if opens_a_level {
            self.aftermath.opened.insert(queue_id);
            self.touch_choosy(queue_id);
        }
        self.touch_own_callers(queue_id, &agent_name);
        self.aftermath.free.insert(queue_id);
        self.count_staff(now, queue_id, before.as_ref(), after.as_ref());
    }

    /// After a tier changed: its agent's places, the queue's line, and whoever can now be served.
    pub(in crate::engine) fn reconsider_tier(&mut self, id: TierId) {
        let Some(tier) = self.tiers.get(&id) else { return };
        let (agent, queue) = (tier.agent, tier.queue);
        self.renew_line(queue);
        if let Some(agent) = agent {
            self.agents.touch(agent);
        }
        self.aftermath.opened.insert(queue);
    }

    /// Makes a queue's line anew if the waiting times that open its levels have changed.
    pub(in crate::engine) fn renew_line(&mut self, id: QueueId) {
        let Some(queue) = self.queues.get(&id) else { return };
        let levels = self.levels_of(queue);
        let steps_of = |class| queue.wait_steps(class, &levels);
        let outdated = |(id, class)| {
            let steps = steps_of(class);
            (!class.line.has_steps(&steps)).then_some((id, steps))
        };
        let outdated: Vec<_> = queue.classes.iter().filter_map(outdated).collect();
        let Some(queue) = self.queues.get_mut(&id) else { return };
        let mut members = Vec::new();
        for (class, steps) in outdated {
            if let Some(class) = queue.classes.get_mut(class) {
                members.extend(class.everybody().map(|place| place.member));
                class.reset(steps);
            }
        }
        for member in members {
            self.members.touch(member);
        }
    }

    /// A new tier whose agent was offered a call later than anybody else in the queue is the one round-robin goes on after.
    fn note_last_offered(&mut self, queue: QueueId, id: TierId) {
        let offered = |id: TierId| {
            let agent = self.agents.get(&self.tiers.get(&id)?.agent?)?;
            (agent.last_offered > Timestamp::default()).then_some(agent.last_offered)
        };
        let last = self.queues.get(&queue).and_then(|queue| queue.last_offered);
        if offered(id).is_some() && offered(id) >= last.and_then(offered) {
            if let Some(queue) = self.queues.get_mut(&queue) {
                queue.last_offered = Some(id);
            }
        }
    }

    /// Finds the tier of the agent who was offered a call last (stock: the greatest last_offered_call above zero).
    pub(in crate::engine) fn renew_last_offered(&mut self, id: QueueId) {
        let Some(queue) = self.queues.get(&id) else { return };
        let offered = queue.tiers.iter().filter_map(|tier| {
            let agent = self.agents.get(&self.tiers.get(tier)?.agent?)?;
            (agent.last_offered > Timestamp::default()).then_some((agent.last_offered, *tier))
        });
        let last = offered.max().map(|(_, tier)| tier);
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.last_offered = last;
        }
    }

    /// `tier add`, told in the log; a tier of the configuration is not, as with Asterisk's static members.
    pub(in crate::engine) fn add_tier_by_command(
        &mut self,
        now: Timestamp,
        config: TierConfig,
        pause: Option<String>,
    ) -> Result<Reply, EngineError> {
        self.check_new_tier(&config)?;
        self.log_agent_of_queue(now, &config.queue, &config.agent, QueueLogEvent::AddMember);
        self.add_tier(now, config, pause)
    }
}
