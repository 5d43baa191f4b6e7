//! Queues as supervisors and the configuration see them: load, change while members wait, unload.

use crate::engine::border::error::EngineError;
use crate::engine::border::hold::Hold;
use crate::engine::border::output::Output;
use crate::engine::border::reply::Reply;
use crate::engine::centre::engine::Engine;
use crate::engine::configuration::parameters::Assignment;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::MemberState;

impl Engine {
    /// Loads a queue, or gives a loaded one a new configuration: its members stay in line, under the new rules. Stock
    /// starts the figures of a reloaded queue at zero.
    pub(in crate::engine) fn load_queue(&mut self, now: Timestamp, config: QueueConfig) {
        let id = self.queue_named(&config.name);
        let Some(queue) = self.queues.get_mut(&id) else { return };
        queue.config = Some(queue.in_database.clone().unwrap_or(config));
        queue.is_put_away = false;
        queue.calls_answered = 0;
        queue.calls_abandoned = 0;
        self.queues.note_loaded(id);
        self.renew_queue(now, id);
    }

    /// `queue set`: one parameter of a loaded queue.
    pub(in crate::engine) fn set_queue(
        &mut self,
        now: Timestamp,
        name: &str,
        setting: &Assignment<QueueConfig>,
    ) -> Result<Reply, EngineError> {
        let id = self.loaded_queue(name)?;
        let config = self.queues.get_mut(&id).and_then(|queue| queue.config.as_mut());
        let config = config.ok_or(EngineError::QueueNotFound)?;
        let before = config.clone();
        setting.apply(config);
        let config = config.clone();
        let is_other = config != before;
        self.keep_in_database(id, config);
        self.debug(
            None,
            format!("Updated Queue {name} set {} = {}", setting.key(), setting.value()),
        );
        if is_other {
            self.renew_queue(now, id);
        }
        Ok(Reply::Done)
    }

    /// Puts a queue's agents and members under its new rules.
    pub(in crate::engine) fn renew_queue(&mut self, now: Timestamp, id: QueueId) {
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.classes.overflow_told = false;
        }
        self.take_up_requirements(now, id);
        self.note_skill_queue(now, id);
        self.take_up_parameters(id);
        self.renew_hold(id);
        self.review_callers(now, id);
        self.renew_line(id);
        self.touch_agents_of(id);
        self.replace_members(now, id);
        self.aftermath.opened.insert(id);
        self.aftermath.staffing.insert(id);
        self.note_moved_line(id);
    }

    /// What callers were told on entering follows the queue while they wait.
    fn renew_hold(&mut self, id: QueueId) {
        let Some(queue) = self.queues.get_mut(&id) else { return };
        let Some(hold) = queue.config.as_ref().map(Hold::of) else {
            return;
        };
        if std::mem::replace(&mut queue.hold, hold.clone()) == hold {
            return;
        }
        let members = queue.members.iter().filter_map(|member| self.members.get(member));
        for member in members.filter(|member| !member.has_exited()) {
            self.outputs.push_back(Output::Hold {
                session_uuid: member.facts.session_uuid.clone(),
                hold: hold.clone().by(member.facts.media),
            });
        }
    }

    /// What the queue asks of an agent is counted from now on.
    fn take_up_requirements(&mut self, now: Timestamp, id: QueueId) {
        self.renew_prospects(id);
        self.renew_own_classes(id);
        self.recount_staff(now, id);
    }

    /// What is known besides of a queue's parameters follows them.
    fn take_up_parameters(&mut self, id: QueueId) {
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.strategy = queue.config.as_ref().map(QueueConfig::strategy);
        }
        self.note_round_robin(id);
        self.note_staffing_of_queue(id);
    }

    /// `queue unload`: the queue stays away until it is loaded by name, or a caller asks for it.
    pub(in crate::engine) fn put_queue_away(&mut self, name: &str) {
        if let Ok(id) = self.loaded_queue(name) {
            self.unload_queue(name);
            if let Some(queue) = self.queues.get_mut(&id) {
                queue.is_put_away = true;
            }
        }
    }

    /// Nothing is offered until the queue is loaded again; members wait on.
    pub(in crate::engine) fn unload_queue(&mut self, name: &str) {
        let Some(id) = self.queues.named(name) else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&id) else { return };
        queue.config = None;
        self.queues.note_unloaded(id);
        self.take_up_parameters(id);
        self.touch_agents_of(id);
        let members: Vec<_> = self
            .queues
            .get(&id)
            .map(|queue| queue.classes.everybody().collect())
            .unwrap_or_default();
        for place in members {
            self.members.touch(place.member);
        }
    }

    /// The queue's agents are to take their places in the order of its strategy.
    fn touch_agents_of(&mut self, id: QueueId) {
        let tiers = self
            .queues
            .get(&id)
            .map(|queue| queue.tiers.clone())
            .unwrap_or_default();
        let agents: Vec<_> = tiers.iter().filter_map(|tier| self.tiers.get(tier)?.agent).collect();
        for agent in agents {
            self.agents.touch(agent);
            self.note_staffing_by_queue(agent);
        }
    }

    /// Puts the queue's members under its new rules.
    fn replace_members(&mut self, now: Timestamp, id: QueueId) {
        let members: Vec<_> = self
            .queues
            .get(&id)
            .map(|queue| queue.members.iter().copied().collect())
            .unwrap_or_default();
        for member in members {
            match self.members.get(&member).map(|member| member.row.state) {
                Some(MemberState::Abandoned) => self.keep_abandoned(member),
                Some(MemberState::Waiting | MemberState::Trying) => self.follow_strategy(now, member),
                Some(MemberState::Answered) | None => (),
            }
        }
    }

    fn follow_strategy(&mut self, now: Timestamp, id: MemberId) {
        let nobody = self.nobody_serves(id);
        let Some(member) = self.members.change(&id) else {
            return;
        };
        member.row.save();
        if member.offers.is_empty() && member.serving().is_none() {
            member.row.serving_agent = nobody.to_owned();
            if nobody.is_empty() {
                self.set_member_state(id, MemberState::Waiting);
            }
        }
        self.shorten_pauses(now, id);
        self.note_prospect(now, id);
        self.set_limits_anew(now, id);
    }

    /// Somebody subscribed to a queue's presence, or to a lamp beside it.
    pub(in crate::engine) fn probe_presence(&mut self, name: &str) -> Result<Reply, EngineError> {
        let id = match self.loaded_queue(name) {
            Err(_) if self.show_watched(name) => return Ok(Reply::Done),
            queue => queue?,
        };
        self.fire_presence(id);
        Ok(Reply::Done)
    }

    /// A pause between two offers of a member ends when it would end if it began now under the queue's new rules, at the latest.
    pub(in crate::engine) fn shorten_pauses(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        let config = self.queues.get(&member.queue).and_then(|queue| queue.config.as_ref());
        let Some(config) = config else { return };
        let retry = Span::from_secs(i64::from(config.retry_delay));
        member.retry_at = member.retry_at.min(now + retry);
        member.ring_more_at = member.ring_more_at.min(now + config.pause_between_rings());
    }
}
