//! Whether an agent is there, and from when on it may be offered somebody.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::boxes::Boxes;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::leg_state::LegState;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::why_not::WhyNot;
use crate::engine::vocabulary::words::{Absence, AgentKind, AgentState, AgentStatus, Media};

impl Agent {
    /// What keeps an agent from taking a caller now, whatever the queue; none for one who does not count here at all: logged out, deleted, another
    /// instance's, on standby without a leg.
    pub(in crate::engine) fn absences(&self, now: Timestamp, media: Media, boxes: &Boxes) -> Option<Absences> {
        if self.deleted || !boxes.have(&self.row.instance_id) || !self.is_there() {
            return None;
        }
        let mut absences = Absences::NONE;
        if self.row.status == AgentStatus::OnBreak || self.row.state == AgentState::Idle {
            absences = absences.with(Absence::Paused);
        }
        let (rings, is_busy) = match media {
            Media::Audio => (
                matches!(self.row.state, AgentState::Receiving | AgentState::Reserved),
                self.row.state == AgentState::InAQueueCall,
            ),
            Media::Chat => (self.chats.offered.is_some(), !self.has_room()),
        };
        if rings {
            absences = absences.with(Absence::Ringing);
        }
        if is_busy || (media == Media::Audio && self.leg_is_busy()) {
            absences = absences.with(Absence::InUse);
        }
        if self.ready_at(media, boxes).is_ok_and(|at| at > now) {
            absences = match self.last_pause(media) {
                Some(pause) => absences.with(pause),
                None => absences,
            };
        }
        Some(absences)
    }

    /// What the pause that ends last is; none for one that only keeps offers apart.
    fn last_pause(&self, media: Media) -> Option<Absence> {
        let (rest, pause) = match media {
            Media::Audio => (self.rests_until(), self.not_before),
            Media::Chat => (self.chats.rests_until, self.paused_until),
        };
        if rest >= pause.max(self.retry_after) {
            return Some(Absence::WrapUp);
        }
        self.unreachable.then_some(Absence::Unavailable)
    }
}

impl Agent {
    /// From when on the agent may be offered a member of this medium, if nothing changes; or what else than time keeps the agent from it.
    pub fn ready_at(&self, media: Media, boxes: &Boxes) -> Result<Timestamp, WhyNot> {
        if self.deleted {
            return Err(WhyNot::Gone);
        }
        if !boxes.have(&self.row.instance_id) {
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
            _ if self.offer.is_some() || self.recalls > 0 => Err(WhyNot::Engaged),
            _ if self.is_held => Err(WhyNot::Held),
            AgentState::Idle => Err(WhyNot::PutAside),
            _ if self.lacks_leg() => Err(WhyNot::NoLeg),
            _ if self.leg_is_busy() => Err(WhyNot::LegInUse),
            AgentState::Receiving | AgentState::Reserved | AgentState::InAQueueCall => Err(WhyNot::Engaged),
            AgentState::Waiting => {
                let at = self.wrapped_up().max(self.not_before);
                let rests = holds(Mark::DeadPhonesRest);
                Ok(if rests { at.max(self.retry_after) } else { at })
            }
        }
    }

    /// A call is no hindrance to one more chat, and neither is its wrap-up.
    fn ready_for_chat_at(&self) -> Result<Timestamp, WhyNot> {
        self.takes_chats()?;
        if self.offer.is_some() && self.idle_after_call || self.row.state == AgentState::Idle && self.offer.is_none() {
            return Err(WhyNot::PutAside);
        }
        if self.row.state != AgentState::Waiting && (self.offer.is_none() || !holds(Mark::ChatsComeDuringCalls)) {
            return Err(WhyNot::Engaged);
        }
        if self.chats.offered.is_some() && holds(Mark::OneChatRingsAtATime) {
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
        let most = self.limits.max_chats;
        let is_one_more = |chats| most > 0 && chats == most && !holds(Mark::MaxChatsIsTheMost);
        i64::try_from(self.chats.running.len()).is_ok_and(|chats| chats < most || is_one_more(chats))
    }
}

impl Agent {
    /// Whether the agent counts as logged in: who is to take calls on a leg that is not there does not.
    pub fn is_there(&self) -> bool {
        self.row.status.is_logged_in() && !self.lacks_leg()
    }

    /// Whether the agent is to take calls on a leg that is not there.
    pub fn lacks_leg(&self) -> bool {
        self.row.agent_type.kind() == AgentKind::UuidStandby && self.leg_state == LegState::Gone
    }

    /// Whether somebody else is on the agent's leg: a caller of another agent's, or somebody outside the queues.
    pub fn leg_is_busy(&self) -> bool {
        self.leg_is_lent || self.leg_state == LegState::Taken
    }
}
