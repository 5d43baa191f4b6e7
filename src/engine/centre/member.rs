//! A member: one caller's stay in one queue.

use crate::engine::border::caller::JoinRequest;
use crate::engine::centre::callback::{Callback, CallbackStage};
use crate::engine::centre::heard::Heard;
use crate::engine::centre::line::classes::InLine;
use crate::engine::centre::line::places::{Place, Turn};
use crate::engine::centre::missed::Missed;
use crate::engine::centre::prospects::Prospect;
use crate::engine::centre::saved::Saved;
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::rows::member::{stay_began, MemberRow};
use crate::engine::vocabulary::caller_number::known_by;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{AnnouncementId, MemberId, OfferId, QueueId, TierId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallState, CancelReason, Media, MemberState, Strategy};
use std::sync::Arc;

/// A member, from joining to the end of its row.
#[derive(Debug)]
pub(in crate::engine) struct Member {
    pub row: Saved<MemberRow>,
    pub queue: QueueId,
    pub facts: Arc<MemberFacts>,
    /// When this stay began: joining, or coming back to an abandoned place.
    pub entered: Timestamp,
    /// When the place in line began.
    pub joined: Timestamp,
    /// When the place was left; the default as long as it was not.
    pub left: Timestamp,
    /// When it is the member's turn among equals.
    pub turn: Turn,
    /// The place, while the member is in line.
    pub place: Option<InLine>,
    /// What the caller asks for from now on, where others may be alone with that.
    pub prospect: Option<Arc<Prospect>>,
    /// What kind of caller it is, where `max-wait-time-with-no-agent` counts agents for its requirements.
    pub kind: Option<Arc<Prospect>>,
    /// The place among all who wait, while the member does: offered to an agent or not.
    pub waits_at: Option<Place>,
    /// What the caller asks of an agent; most ask for nothing, and 100,000 may wait.
    pub requirements: Option<Box<CallerRequirements>>,
    /// Agents whom the caller would rather have than others; most have none.
    pub preferred: Option<Box<PreferredAgents>>,
    /// Offers under way, not those being cancelled.
    pub offers: Vec<OfferId>,
    /// How many offers there have been in this stay, and how many of them an agent did not take.
    pub offers_made: u32,
    pub rejections: u32,
    /// The first offer of this stay was made in the moment of entering.
    pub offered_at_once: bool,
    /// How far somebody serves the caller.
    pub service: Service,
    /// A limit was reached: no further offers, and out as soon as none is under way.
    pub overdue: Option<CancelReason>,
    /// The queue application that the caller's channel is in.
    pub application: Application,
    /// ring-progressively: when one more agent may ring. ring-all: when the phones that ring no longer count against the member.
    pub ring_more_at: Timestamp,
    /// `retry-delay`: no offer before.
    pub retry_at: Timestamp,
    /// top-down: level and position of the agent this member was offered to last. Boxed: most wait for their first offer.
    pub last_tried: Option<Box<(i64, i64)>>,
    /// Agents who have missed the caller, and come after the others.
    pub missed: Option<Box<Missed>>,
    /// Announcements; none until the queue has some.
    pub heard: Option<Box<Heard>>,
    /// Has heard `dissuade-sound` in this stay.
    pub dissuaded: bool,
    /// `dissuade-sound` while it plays. Boxed: to most of those who wait it does not.
    pub dissuasion_playing: Option<Box<AnnouncementId>>,
    /// The watchdog did not find its channel.
    pub suspected: bool,
    /// Has asked to be called back, whatever has become of that.
    pub asked_for_callback: bool,
    /// Where the member is to be called back, or was and has no agent yet.
    pub callback: Option<Box<Callback>>,
    /// From when limits on waiting count: the beginning of the stay, or when somebody came to it who is called back.
    pub limits_from: Timestamp,
    /// The place in line on entering, for the queue log; 1 is the first.
    pub entry_place: u32,
    /// The place in line that `cc_position` was last set to; 0 is none.
    pub told_place: u32,
    /// What `cc_state` was last set to.
    pub told_state: CallState,
}

/// How far somebody serves a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Service {
    /// Nobody has answered.
    Wanted,
    /// The agent of this offer has answered.
    By(OfferId),
    /// The talk is over; only the end of the queue application is still to be reported.
    Over,
}

/// The queue application, for one caller's channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Application {
    /// The channel is in it.
    Runs,
    /// The channel was asked to leave it, or is gone: it is not to be offered any more.
    IsToEnd,
    /// Its end has been reported.
    HasEnded,
}

impl Member {
    /// The offer whose agent has answered.
    pub fn serving(&self) -> Option<OfferId> {
        match self.service {
            Service::By(offer) => Some(offer),
            Service::Wanted | Service::Over => None,
        }
    }

    /// Whether the talk is over.
    pub fn is_served(&self) -> bool {
        self.service == Service::Over
    }

    /// Whether the queue application has ended.
    pub fn has_exited(&self) -> bool {
        self.application == Application::HasEnded
    }

    /// Whether the channel is on its way out of the queue application.
    pub fn is_leaving(&self) -> bool {
        self.application == Application::IsToEnd
    }

    /// Whether the caller waits for an agent to answer, in the queue.
    pub fn is_waiting_here(&self) -> bool {
        (self.service, self.application) == (Service::Wanted, Application::Runs)
    }

    /// Whether the member has no channel and is to be called back.
    pub fn is_away(&self) -> bool {
        self.callback.as_ref().is_some_and(|callback| callback.stage.is_away())
    }

    /// Whether somebody is on the way to the place who has been called back.
    pub fn is_arriving(&self) -> bool {
        self.callback
            .as_ref()
            .is_some_and(|callback| callback.stage == CallbackStage::Arriving)
    }

    /// The caller is not to be offered any more. Who has left already stays so.
    pub fn ask_out(&mut self) {
        if self.application == Application::Runs {
            self.application = Application::IsToEnd;
        }
    }

    /// Nobody serves the caller any more; who did.
    pub fn give_up_service(&mut self) -> Option<OfferId> {
        let serving = self.serving();
        if serving.is_some() {
            self.service = Service::Wanted;
        }
        serving
    }

    /// What the caller asks of an agent, beside what the queue does.
    pub fn requirements(&self) -> &CallerRequirements {
        self.requirements.as_deref().unwrap_or(CallerRequirements::nothing())
    }

    /// The place this member has in line.
    pub fn place_in_line(&self, member: MemberId, phones: u32) -> Place {
        let standing = self
            .row
            .base_score
            .saturating_add(self.row.skill_score)
            .saturating_sub(self.joined.steady_secs());
        Place {
            phones,
            standing: std::cmp::Reverse(standing),
            turn: self.turn,
            member,
        }
    }
}

/// What events say of a member; it does not change during one stay.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::engine) struct MemberFacts {
    pub uuid: String,
    pub session_uuid: String,
    pub cid_name: String,
    pub cid_number: String,
    /// Most bring nothing, and 100,000 may wait.
    brought: Option<Box<Brought>>,
    pub media: Media,
    pub joined_epoch: i64,
    /// When this stay began.
    pub entered: Timestamp,
    /// The same as it was told.
    pub entered_epoch: i64,
    /// 0, unless another stay of this member has, or may have, the same second in its name.
    pub repetition: u32,
    /// The highest repetition of this member's stays so far.
    highest: u16,
    /// A stay of this member began before an earlier one: the clock was set back, and any second may come again.
    clock_was_set_back: bool,
}

/// What a caller's channel brings that no row keeps.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Brought {
    pub dnis: Option<String>,
    /// `cc_param`: anything, for the agent.
    pub param: Option<String>,
    /// Whether the caller talks or writes.
    pub media: Media,
    /// The channel that has entered the queue, where another one has taken its place: report programs know the stay by it.
    pub logged_call: Option<String>,
    /// By what the caller is known again, where that is not its number; empty where its channel does not say.
    pub caller_key: Option<String>,
}

impl Brought {
    /// What came with this caller.
    pub fn by(request: &JoinRequest) -> Self {
        Self {
            dnis: request.dnis.clone(),
            param: request.param.clone().filter(|param| !param.is_empty()),
            media: request.requirements.media,
            // Who has never called is known by the member.
            logged_call: request.session_uuid.is_empty().then(|| request.new_member_uuid.clone()),
            caller_key: request
                .caller_key
                .as_deref()
                .map(|said| known_by(Some(said), "").unwrap_or_default().to_owned()),
        }
    }

    fn is_something(&self) -> bool {
        self.dnis.is_some() || self.param.is_some() || self.logged_call.is_some() || self.caller_key.is_some()
    }
}

impl MemberFacts {
    /// The facts of a member with this row whose stay began at `entered`.
    pub fn of(row: &MemberRow, brought: Brought, entered: Timestamp, repetition: u32) -> Self {
        Self {
            uuid: row.uuid.clone(),
            session_uuid: row.session_uuid.clone(),
            cid_name: row.cid_name.clone(),
            cid_number: row.cid_number.clone(),
            media: brought.media,
            brought: brought.is_something().then(|| Box::new(brought)),
            joined_epoch: row.joined_epoch,
            entered,
            entered_epoch: stay_began(row),
            repetition,
            highest: u16::try_from(repetition).unwrap_or(u16::MAX),
            clock_was_set_back: false,
        }
    }

    /// The same member's next stay, with a name of its own whatever the machine's clock has been set to.
    pub fn next_stay(&self, row: &MemberRow, brought: Brought, entered: Timestamp) -> Self {
        let began = stay_began(row);
        let clock_was_set_back = self.clock_was_set_back || began < self.entered_epoch;
        let has_a_second_alone = began > self.entered_epoch && !clock_was_set_back;
        let (repetition, highest) = match has_a_second_alone {
            true => (0, self.highest),
            false => (u32::from(self.highest) + 1, self.highest.saturating_add(1)),
        };
        Self {
            highest,
            clock_was_set_back,
            ..Self::of(row, brought, entered, repetition)
        }
    }

    /// The same stay on another channel.
    pub fn same_stay(&self, row: &MemberRow, brought: Brought) -> Self {
        Self {
            highest: self.highest,
            clock_was_set_back: self.clock_was_set_back,
            ..Self::of(row, brought, self.entered, self.repetition)
        }
    }

    /// The facts of a member who is abandoned in a database whose row was `as_found` before it was set right.
    fn abandoned(row: &MemberRow, as_found: &MemberRow, entered: Timestamp) -> Self {
        Self {
            clock_was_set_back: stay_began(as_found) > stay_began(row),
            ..Self::of(row, Brought::default(), entered, 0)
        }
    }

    /// The number the caller was redirected from.
    pub fn dnis(&self) -> Option<&str> {
        self.brought.as_ref()?.dnis.as_deref()
    }

    /// What the caller brings for the agent.
    pub fn param(&self) -> Option<&str> {
        self.brought.as_ref()?.param.as_deref()
    }

    /// By what its channel has said that the caller is known again.
    pub fn said_key(&self) -> Option<&str> {
        self.brought.as_ref()?.caller_key.as_deref()
    }

    /// By what the caller is known again; none where it cannot be.
    pub fn caller_key(&self) -> Option<&str> {
        known_by(self.said_key(), &self.cid_number)
    }

    /// The channel by which the queue log knows this stay.
    pub fn logged_call(&self) -> &str {
        self.other_logged_call().unwrap_or(&self.session_uuid)
    }

    /// Its repetition, the highest of this member so far, and whether a stay of this member began before an earlier one.
    pub fn repetitions(&self) -> (u32, u16, bool) {
        (self.repetition, self.highest, self.clock_was_set_back)
    }

    /// The same stay, of a member of whose stays so much is known.
    pub fn with_repetitions(self, highest: u16, clock_was_set_back: bool) -> Self {
        Self {
            highest,
            clock_was_set_back,
            ..self
        }
    }

    /// The channel by which the queue log knows this stay, where it is another one.
    pub fn other_logged_call(&self) -> Option<&str> {
        self.brought.as_ref()?.logged_call.as_deref()
    }

    /// What no other stay is called, and this one also by whoever knows no more than its row.
    pub fn stay(&self) -> String {
        let (uuid, second) = (&self.uuid, self.entered_epoch);
        match self.repetition {
            0 => format!("{uuid}.{second}"),
            repetition => format!("{uuid}.{second}.{repetition}"),
        }
    }
}

impl Member {
    /// Whether the agent of this tier has missed the caller.
    pub fn was_missed_by(&self, tier: TierId) -> bool {
        self.missed.as_ref().is_some_and(|missed| missed.by.contains(&tier))
    }

    /// The caller is offered to this agent: a new round begins where it is one who has missed it.
    pub fn begin_round_with(&mut self, tier: TierId) {
        if self.was_missed_by(tier) {
            self.missed = None;
        }
    }
}

impl Member {
    /// How far the call is; none when it is over.
    pub(in crate::engine) fn call_state(&self) -> Option<CallState> {
        match self.row.state {
            MemberState::Abandoned => None,
            _ if self.is_served() => None,
            MemberState::Answered => Some(CallState::ToAgent),
            _ if self.serving().is_some() || !self.offers.is_empty() => Some(CallState::PreAgent),
            MemberState::Waiting | MemberState::Trying => Some(CallState::Queue),
        }
    }
}

impl Member {
    pub fn entering(row: MemberRow, queue: QueueId, facts: Arc<MemberFacts>, now: Timestamp) -> Self {
        Self {
            row: Saved::known(row),
            queue,
            facts,
            entered: now,
            joined: now,
            left: Timestamp::default(),
            turn: Turn::of(now),
            place: None,
            prospect: None,
            kind: None,
            waits_at: None,
            requirements: None,
            preferred: None,
            offers: Vec::new(),
            offers_made: 0,
            rejections: 0,
            offered_at_once: false,
            service: Service::Wanted,
            overdue: None,
            application: Application::Runs,
            ring_more_at: Timestamp::default(),
            retry_at: Timestamp::default(),
            last_tried: None,
            missed: None,
            heard: None,
            dissuaded: false,
            dissuasion_playing: None,
            suspected: false,
            asked_for_callback: false,
            callback: None,
            limits_from: now,
            entry_place: 0,
            told_place: 0,
            told_state: CallState::Queue,
        }
    }

    /// A member whom an agent has had since before this engine began.
    pub(in crate::engine) fn in_talk(row: MemberRow, queue: QueueId, facts: Arc<MemberFacts>) -> Self {
        let (joined, entered) = (Timestamp::from_secs(row.joined_epoch), facts.entered);
        Self {
            joined,
            ..Self::entering(row, queue, facts, entered)
        }
    }

    /// An abandoned member as a database kept it, whose row was `as_found` before it was set right.
    pub(in crate::engine) fn abandoned(row: MemberRow, as_found: &MemberRow, queue: QueueId, wall: &WallClock) -> Self {
        let joined = wall.instant(row.joined_epoch);
        let entered = wall.instant(stay_began(&row));
        let facts = Arc::new(MemberFacts::abandoned(&row, as_found, entered));
        Self {
            application: Application::HasEnded,
            left: wall.instant(row.abandoned_epoch),
            ..Self::entering(row, queue, facts, joined)
        }
    }
}

/// What stock writes into `serving_agent` while several agents may ring.
pub(in crate::engine) fn several_marker(strategy: Strategy) -> &'static str {
    if strategy.rings_several() {
        strategy.as_str()
    } else {
        ""
    }
}
