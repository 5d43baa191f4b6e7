//! An agent.

use crate::engine::border::figures::AgentCounts;
use crate::engine::centre::chats::{Chats, Figures};
use crate::engine::centre::requirement::Ability;
use crate::engine::centre::saved::Saved;
use crate::engine::centre::tallies::AgentTallies;
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::rows::agent::{state_began, AgentRow};
use crate::engine::rows::agent_limits::{AgentLimits, WRAP_UP_IS_OVER};
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::{BoxNumber, OfferId, TierId};
use crate::engine::vocabulary::leg_state::LegState;
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{AgentReport, Media};
use std::collections::BTreeMap;

/// An agent with what rows cannot carry: instants finer than a second, the offer under way.
#[derive(Debug)]
pub(in crate::engine) struct Agent {
    pub row: Saved<AgentRow>,
    /// What stock's row has no columns for.
    pub limits: Saved<AgentLimits>,
    /// Tiers in the order they were made.
    pub tiers: Vec<TierId>,
    /// The call, or the offer of one.
    pub offer: Option<OfferId>,
    /// Rings and talks that are being taken back on some box.
    pub recalls: u16,
    /// Held for somebody who is being called back.
    pub is_held: bool,
    /// The agent may stand in the orders of those who are free for calls.
    pub is_placed: bool,
    /// What goes on beside it.
    pub chats: Chats,
    /// Deleted while a call runs: gone for everybody, kept until the call is over.
    pub deleted: bool,
    /// Asked to be idle while a call runs: takes effect after it.
    pub idle_after_call: bool,
    /// What the configuration said of the agent when it was last read, by setting: a reload does not undo what was changed since.
    pub configured: BTreeMap<String, String>,
    /// The configuration has named the agent since the module was loaded.
    pub named_since_load: bool,
    /// When the last talk ended; wrap-up counts from here.
    pub last_bridge_end: Timestamp,
    /// When a call was last offered, which longest-idle-agent and its like go by.
    pub last_offered: Timestamp,
    /// No call is offered before: wrap-up, the delays after an offer that failed, `ready_time` of the row.
    pub not_before: Timestamp,
    /// No chat is offered before: as `not_before`, without the wrap-up of a call, which keeps nobody from chats.
    pub paused_until: Timestamp,
    /// The floor between two offers after a failure.
    pub retry_after: Timestamp,
    pub bridge_start: Timestamp,
    pub skills: Skills,
    /// What the contact calls.
    pub device: Option<String>,
    /// The leg a uuid-standby agent stands on.
    pub leg: Option<String>,
    /// What that leg is doing.
    pub leg_state: LegState,
    /// In a cluster, the box that has the leg.
    pub leg_at: Option<BoxNumber>,
    /// Another agent who stands on it serves somebody.
    pub leg_is_lent: bool,
    /// Why the agent is on a break, where somebody has said so.
    pub pause: Option<Pause>,
    /// When the wrap-up after the last call ends that is not the agent's own.
    pub rest_of_queue: Timestamp,
    /// The last offer found no registered phone.
    pub unreachable: bool,
    pub counts: AgentCounts,
    pub tallies: AgentTallies,
    /// Since when the state is what it is.
    pub state_since: Timestamp,
    /// When the agent logged in; for who was logged in at the start, when the status last changed.
    pub logged_in_at: Timestamp,
    /// How its queues count it, as far as all do so.
    pub counted: Option<Absences>,
    /// What was last reported of it.
    pub reported: AgentReport,
}

impl Agent {
    /// What the agent can do.
    pub fn ability(&self) -> Ability<'_> {
        Ability {
            skills: &self.skills,
            only_at: self.leg_at,
        }
    }

    /// An agent as its row tells.
    pub fn from_row(row: AgentRow, wall: &WallClock) -> Self {
        Self {
            limits: Saved::known(AgentLimits::default()),
            tiers: Vec::new(),
            offer: None,
            recalls: 0,
            is_held: false,
            is_placed: false,
            chats: Chats::default(),
            deleted: false,
            idle_after_call: false,
            configured: BTreeMap::new(),
            named_since_load: false,
            last_bridge_end: wall.instant(row.last_bridge_end),
            last_offered: wall.instant(row.last_offered_call),
            not_before: wall.instant(row.ready_time),
            paused_until: wall.instant(row.ready_time),
            retry_after: Timestamp::default(),
            bridge_start: wall.instant(row.last_bridge_start),
            skills: Skills::default(),
            device: None,
            leg: None,
            leg_state: LegState::Gone,
            leg_at: None,
            leg_is_lent: false,
            pause: None,
            rest_of_queue: Timestamp::default(),
            unreachable: false,
            counts: AgentCounts::default(),
            tallies: AgentTallies::default(),
            state_since: wall.instant(state_began(&row)),
            logged_in_at: wall.instant(row.last_status_change),
            counted: None,
            reported: AgentReport::Offline,
            row: Saved::known(row),
        }
    }

    /// Takes up limits as a database kept them, and the pauses they tell of: for an agent who takes chats `ready_time` is about calls
    /// alone.
    pub fn restore_limits(&mut self, limits: AgentLimits, wall: &WallClock) {
        self.limits = Saved::known(limits);
        if limits.max_chats > 0 {
            self.paused_until = wall.instant(limits.chat_ready_time);
        }
    }

    /// Keeps what outlasts a restart of the pauses between chats.
    pub fn keep_chat_pause(&mut self, wall: &WallClock) {
        let until = wall.secs(self.chats.rests_until.max(self.paused_until));
        if self.limits.max_chats > 0 {
            self.limits
                .change(|limits| std::mem::replace(&mut limits.chat_ready_time, until) != until);
        }
    }

    /// No offers of any kind before.
    pub fn pause_until(&mut self, at: Timestamp) {
        self.not_before = at;
        self.paused_until = at;
    }

    /// When the wrap-up after the last call ends, as far as it is the agent's own.
    pub fn wrapped_up(&self) -> Timestamp {
        let (wrap_up, longest) = (self.row.wrap_up_time, self.limits.longest_wrap_up);
        let wrap_up = match longest {
            0 => wrap_up,
            WRAP_UP_IS_OVER => 0,
            longest => wrap_up.min(longest),
        };
        self.last_bridge_end + Span::from_secs(wrap_up)
    }

    /// The agent is ready before the time: `agent set ready_time NAME 0`.
    pub fn end_wrap_up(&mut self, now: Timestamp) {
        self.limits.longest_wrap_up = WRAP_UP_IS_OVER;
        self.rest_of_queue = self.rest_of_queue.min(now);
        self.chats.rests_until = self.chats.rests_until.min(now);
    }

    /// When the wrap-up after the last call ends, whoever asks for it.
    pub fn rests_until(&self) -> Timestamp {
        self.wrapped_up().max(self.rest_of_queue)
    }
}

impl Agent {
    /// Everything under way with the agent.
    pub fn offers(&self) -> impl Iterator<Item = OfferId> + '_ {
        let chats = self.chats.offered.iter().chain(&self.chats.running);
        self.offer.iter().chain(chats).copied()
    }

    /// The agent has nothing to do with an offer any more.
    pub fn forget_offer(&mut self, id: OfferId) {
        if self.offer == Some(id) {
            self.offer = None;
        }
        if self.chats.offered == Some(id) {
            self.chats.offered = None;
        }
        self.chats.running.remove(&id);
    }

    /// What the strategies look at.
    pub fn figures(&self, media: Media) -> Figures {
        match media {
            Media::Audio => Figures {
                last_end: self.last_bridge_end,
                last_offered: self.last_offered,
                answered: self.row.calls_answered,
                talk_time: self.row.talk_time,
            },
            Media::Chat => Figures {
                last_end: self.chats.last_end,
                last_offered: self.chats.last_offered,
                answered: self.chats.answered,
                talk_time: self.chats.talk_time,
            },
        }
    }
}
