//! May this agent have this member now, and if not, why? Everybody who asks, asks here: the orders of free agents are its answers kept
//! up to date, `dispatch member` passes on its reasons, figures, estimates and lamps count those orders.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::line::classes::Class;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Demand;
use crate::engine::centre::tier::{FreeKey, Tier};
use crate::engine::configuration::settings::QueueConfig;
use crate::engine::doors::Engine;
use crate::engine::vocabulary::ids::TierId;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{AgentKind, AgentState, Media};

/// Why an agent may not be offered a member now. What has to do with the agent comes before the queue, and the queue before the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// The agent is deleted.
    #[error("Agent not found!")]
    Gone,
    /// Another instance offers calls to the agent.
    #[error("Agent belongs to another instance!")]
    Elsewhere,
    /// Logged out, or on a break.
    #[error("Agent is not available!")]
    NotAvailable,
    /// In state Idle, or asked to be so after the call.
    #[error("Agent is put aside: its state is Idle! Set it with `agent set state`.")]
    PutAside,
    /// In a call, or a phone rings for one.
    #[error("Agent is not free!")]
    Engaged,
    /// The standing leg has hung up, or was never there.
    #[error("Agent's standing leg is not there! Give the agent one that is up with `agent set uuid`.")]
    NoLeg,
    /// The standing leg is bridged to somebody outside the queues, or serves another agent who stands on it.
    #[error("Agent's standing leg is in another call!")]
    LegInUse,
    /// No chats at all.
    #[error("Agent takes no chats! Give it some with `agent set max_chats`.")]
    NoChats,
    /// A standing leg is a telephone.
    #[error("Agent takes no chats: it is on standby with a leg that is up!")]
    StandingLeg,
    /// As many chats as `max-chats`.
    #[error("Agent has as many chats as max_chats allows!")]
    FullOfChats,
    /// One chat at a time is offered.
    #[error("Agent is being offered another chat! Try again in a moment.")]
    ChatRings,
    /// The pause after a call, a chat or an offer that failed.
    #[error("Agent rests: the pause after a call, a chat or a failed offer is not over! Try again when it is.")]
    Rests,
    /// Nothing is offered in a queue that is not loaded.
    #[error("Queue not found!")]
    QueueNotLoaded,
    /// `tier pause`.
    #[error("Agent is paused in the member's queue! End it with `tier resume`.")]
    Paused,
    /// By hand or by SQL: a call's own state is [`WhyNot::Engaged`].
    #[error("Agent's tier in the member's queue is neither Ready nor No Answer! Set it with `tier set state`.")]
    TierState,
    /// `skip-agents-with-external-calls`.
    #[error("Agent is in a call outside the queues!")]
    OtherCall,
    /// `ring-in-use`.
    #[error("Agent's phone is in use!")]
    PhoneInUse,
    /// `required-skills`, `cc_required_skills`.
    #[error("Agent does not have the skills that the member needs!")]
    Skills,
    /// `level-rules`, `cc_max_level`, `cc_min_level`.
    #[error("Agent's level is not one that the member may be offered to now!")]
    Level,
    /// Tier rules.
    #[error("Member has not waited long enough for the agent's level!")]
    LevelNotOpen,
}

impl Agent {
    /// From when on the agent may be offered a member of this medium, if nothing changes; or what else than time keeps the agent from it.
    pub fn ready_at(&self, media: Media, instance_id: &str) -> Result<Timestamp, WhyNot> {
        if self.deleted {
            return Err(WhyNot::Gone);
        }
        if self.row.instance_id != instance_id {
            return Err(WhyNot::Elsewhere);
        }
        if !self.row.status.wants_calls() {
            return Err(WhyNot::NotAvailable);
        }
        match media {
            Media::Audio => self.ready_for_call_at(),
            Media::Chat => self.ready_for_chat_at(),
        }
    }

    fn ready_for_call_at(&self) -> Result<Timestamp, WhyNot> {
        match self.row.state {
            _ if self.offer.is_some() => Err(WhyNot::Engaged),
            AgentState::Idle => Err(WhyNot::PutAside),
            _ if self.lacks_leg() => Err(WhyNot::NoLeg),
            _ if self.leg_is_busy() => Err(WhyNot::LegInUse),
            AgentState::Receiving | AgentState::Reserved | AgentState::InAQueueCall => Err(WhyNot::Engaged),
            AgentState::Waiting => Ok(self.wrapped_up().max(self.not_before).max(self.retry_after)),
        }
    }

    /// A call is no hindrance to one more chat, and neither is its wrap-up.
    fn ready_for_chat_at(&self) -> Result<Timestamp, WhyNot> {
        self.takes_chats()?;
        if self.offer.is_some() && self.idle_after_call || self.row.state == AgentState::Idle && self.offer.is_none() {
            return Err(WhyNot::PutAside);
        }
        if self.row.state != AgentState::Waiting && self.offer.is_none() {
            return Err(WhyNot::Engaged);
        }
        if self.chats.offered.is_some() {
            return Err(WhyNot::ChatRings);
        }
        if !self.has_room() {
            return Err(WhyNot::FullOfChats);
        }
        Ok(self.chats.rests_until.max(self.paused_until).max(self.retry_after))
    }

    /// Whether the agent takes chats at all.
    pub fn takes_chats(&self) -> Result<(), WhyNot> {
        if self.row.agent_type.kind() != AgentKind::Callback {
            return Err(WhyNot::StandingLeg);
        }
        (self.limits.max_chats > 0).then_some(()).ok_or(WhyNot::NoChats)
    }

    /// Whether there is room for one more chat.
    pub fn has_room(&self) -> bool {
        i64::try_from(self.chats.running.len()).is_ok_and(|chats| chats < self.limits.max_chats)
    }
}

impl Engine {
    /// May the agent of this tier be offered a member who asks for this, and has waited so long?
    pub(in crate::engine) fn eligibility(
        &self,
        now: Timestamp,
        id: TierId,
        demand: &Demand,
        waited: Span,
    ) -> Result<(), WhyNot> {
        let tier = self.tiers.get(&id).ok_or(WhyNot::Gone)?;
        let queue = self.queues.get(&tier.queue).ok_or(WhyNot::QueueNotLoaded)?;
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        let agent = agent.ok_or(WhyNot::Gone)?;
        let media = demand.media();
        if agent.ready_at(media, &self.settings.instance_id)? > now {
            return Err(WhyNot::Rests);
        }
        self.open_through(tier, agent, queue, media)?;
        demand.met_by(&agent.skills, tier.level)?;
        let level = demand.level(queue.level_in_order(tier));
        let class = queue.classes.of(demand).and_then(|class| queue.classes.get(class));
        let is_open = class.is_none_or(|class| queue.wait_for_level(class, level) <= waited);
        is_open.then_some(()).ok_or(WhyNot::LevelNotOpen)
    }

    /// Whether the queue of a tier lets a ready agent have its members. The state of a tier, phones and other calls are about calls.
    pub(in crate::engine) fn open_through(
        &self,
        tier: &Tier,
        agent: &Agent,
        queue: &Queue,
        media: Media,
    ) -> Result<(), WhyNot> {
        if queue.config.is_none() {
            return Err(WhyNot::QueueNotLoaded);
        }
        if queue.is_paused(tier) {
            return Err(WhyNot::Paused);
        }
        if media == Media::Chat {
            return Ok(());
        }
        if !self.is_usable(tier) {
            return Err(WhyNot::TierState);
        }
        if queue.minds_other_calls(agent) {
            return Err(WhyNot::OtherCall);
        }
        if self.is_kept_by_device(tier, queue) {
            return Err(WhyNot::PhoneInUse);
        }
        Ok(())
    }
}

impl Queue {
    /// Whether the queue leaves out an agent because of calls outside the queues.
    pub(in crate::engine) fn minds_other_calls(&self, agent: &Agent) -> bool {
        let skips = |config: &QueueConfig| config.skip_agents_with_external_calls;
        agent.row.external_calls_count > 0 && self.config.as_ref().is_some_and(skips)
    }

    /// The free agents whom a caller of this class could have who comes now: tier rules keep the others back.
    pub(in crate::engine) fn free_at_once<'a>(&'a self, class: &'a Class) -> impl Iterator<Item = &'a FreeKey> {
        // Levels come first in the order, and a higher one never opens sooner.
        let is_open = |key: &&FreeKey| self.wait_for_level(class, key.level) == Span::ZERO;
        class.free.iter().take_while(is_open)
    }

    /// How many free agents a caller could have at once who comes now and brings no wishes.
    pub(in crate::engine) fn free_agents(&self, media: Media) -> usize {
        let Some(class) = self.classes.own(media) else { return 0 };
        let last = class.free.last();
        if last.is_some_and(|key| self.wait_for_level(class, key.level) == Span::ZERO) {
            return class.free.len();
        }
        self.free_at_once(class).count()
    }

    /// Whether a caller who comes now, and brings no wishes, could have an agent at once.
    pub(in crate::engine) fn has_free(&self, media: Media) -> bool {
        self.classes
            .own(media)
            .is_some_and(|class| self.free_at_once(class).next().is_some())
    }
}
