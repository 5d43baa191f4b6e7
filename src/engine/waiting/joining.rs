//! A member's way: joining, leaving, and what becomes of its row.

use crate::engine::border::error::EngineError;
use crate::engine::border::input::{JoinRequest, MemberExit, Reply};
use crate::engine::border::output::{Hold, Output, RowChange};
use crate::engine::centre::line::places::Turn;
use crate::engine::centre::member::{stay_began, Brought, Member, MemberFacts};
use crate::engine::centre::offer::Stage;
use crate::engine::centre::timers::Timer;
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::configuration::settings::QueueConfig;
use crate::engine::doors::Engine;
use crate::engine::rows::agent::MemberRow;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CallState, CancelReason, HangupCause, Media, MemberState, Strategy};
use std::sync::Arc;

impl Engine {
    /// A caller enters a queue: a new member, or the return of an abandoned one to its place.
    pub(in crate::engine) fn join(&mut self, now: Timestamp, request: JoinRequest) -> Result<Reply, EngineError> {
        self.load_if_kept(now, &request.queue);
        let queue = self.loaded_queue(&request.queue)?;
        if let Some(member) = self.kept_place(now, queue, &request.session_uuid) {
            return Ok(self.take_over(now, member, &request));
        }
        if let Some(reason) = self.refusal(now, queue, &request.wishes) {
            return Ok(self.refuse(now, queue, &request, reason));
        }
        let is_dissuaded = self.dissuasion_at_the_door(queue, &request.wishes).is_some();
        self.count(queue, |counts| counts.calls += 1);
        self.note_entry(now, queue);
        let resumed = self.abandoned_place(queue, &request.cid_number);
        let member = match resumed {
            Some(member) => self.take_up_place(now, member, &request),
            None => self.new_member(now, queue, &request),
        };
        self.greet(now, member, resumed.is_some());
        self.take_position(now, member, request.position);
        self.set_limits(now, member);
        self.watch(now);
        self.settle_member(now, member);
        self.log_entry(now, member);
        if is_dissuaded {
            self.persuade(member, CallState::Dissuading1);
        }
        self.changed.presence.insert(queue);
        let member_uuid = self
            .members
            .get(&member)
            .map(|member| member.row.uuid.clone())
            .unwrap_or_default();
        let hold = self.config_of(queue).map(Hold::of).unwrap_or_default();
        Ok(Reply::Joined {
            member,
            member_uuid,
            hold: hold.by(request.wishes.media),
        })
    }

    pub(in crate::engine) fn loaded_queue(&self, name: &str) -> Result<QueueId, EngineError> {
        let id = self.queue_names.get(name).copied().ok_or(EngineError::QueueNotFound)?;
        let is_loaded = self.queues.get(&id).is_some_and(|queue| queue.config.is_some());
        is_loaded.then_some(id).ok_or(EngineError::QueueNotFound)
    }

    /// The latest place this caller abandoned, where the queue lets callers resume.
    fn abandoned_place(&self, queue: QueueId, cid_number: &str) -> Option<MemberId> {
        let queue = self.queues.get(&queue)?;
        if !queue.config.as_ref()?.abandoned_resume_allowed {
            return None;
        }
        let first = (cid_number.to_owned(), i64::MIN, MemberId(0));
        let last = (cid_number.to_owned(), i64::MAX, MemberId(u64::MAX));
        queue
            .abandoned
            .range(first..=last)
            .next_back()
            .map(|(_, _, member)| *member)
    }

    fn new_member(&mut self, now: Timestamp, queue: QueueId, request: &JoinRequest) -> MemberId {
        let id = MemberId(self.next_id());
        let row = self.new_member_row(now, queue, request);
        let facts = Arc::new(MemberFacts::of(&row, Brought::by(request), now, 0));
        let mut member = Member::entering(row, queue, facts, now);
        member.wishes = request.wishes.kept();
        self.member_uuids.insert(member.row.uuid.clone(), id);
        self.members.insert(id, Box::new(member));
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.members.insert(id);
            queue.count_state(request.wishes.media, None, Some(MemberState::Waiting));
        }
        self.changed.members.insert(id);
        id
    }

    fn new_member_row(&self, now: Timestamp, queue: QueueId, request: &JoinRequest) -> MemberRow {
        let config = self.config_of(queue);
        let strategy = config.map_or(Strategy::LongestIdleAgent, QueueConfig::strategy);
        let already_up = match config {
            Some(config) if config.counts_whole_call() => self.up_before(now, request),
            _ => 0,
        };
        MemberRow {
            queue: request.queue.clone(),
            instance_id: self.settings.instance_id.clone(),
            uuid: request.new_member_uuid.clone(),
            session_uuid: request.session_uuid.clone(),
            cid_number: request.cid_number.clone(),
            cid_name: request.cid_name.clone(),
            system_epoch: request.answered_epoch,
            joined_epoch: self.wall.secs(now),
            rejoined_epoch: 0,
            bridge_epoch: 0,
            abandoned_epoch: 0,
            base_score: request.base_score.saturating_add(already_up),
            skill_score: 0,
            serving_agent: several_marker(strategy).to_owned(),
            serving_system: String::new(),
            state: MemberState::Waiting,
        }
    }

    /// Whole seconds for which the caller's call had been up; as FreeSWITCH's epochs tell where they are of one setting of the clock.
    fn up_before(&self, now: Timestamp, request: &JoinRequest) -> i64 {
        let answered = self.wall.past_instant(request.answered_epoch, now);
        now.steady_secs().saturating_sub(answered.steady_secs())
    }

    /// Puts a returning caller on the place it abandoned: same uuid, same time of joining, same score.
    fn take_up_place(&mut self, now: Timestamp, id: MemberId, request: &JoinRequest) -> MemberId {
        self.timers.clear(Timer::Discard(id));
        self.forget_abandoned(id);
        let nobody = self.nobody_serves(id);
        if let Some(member) = self.members.get_mut(&id) {
            let mut row = member.row.clone();
            row.session_uuid = request.session_uuid.clone();
            row.instance_id = self.settings.instance_id.clone();
            row.rejoined_epoch = self.wall.secs(now);
            row.serving_agent = nobody.to_owned();
            row.serving_system = String::new();
            let before = &member.facts;
            let repetition = if before.entered_epoch == row.rejoined_epoch {
                before.repetition + 1
            } else {
                0
            };
            let facts = Arc::new(MemberFacts::of(&row, Brought::by(request), now, repetition));
            **member = Member {
                joined: member.joined,
                turn: member.turn,
                waits_at: member.waits_at,
                wishes: request.wishes.kept(),
                ..Member::entering(row, member.queue, facts, now)
            };
        }
        // Behind the facts: a place that was left by a call may be taken up by a chat.
        self.set_member_state(id, MemberState::Waiting);
        id
    }

    pub(in crate::engine) fn forget_abandoned(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let key = (member.row.cid_number.clone(), member.left.steady_secs(), id);
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.abandoned.remove(&key);
        }
    }

    /// Tells everybody that the member is there, and the channel what it is now.
    fn greet(&mut self, now: Timestamp, id: MemberId, resumed: bool) {
        let Some(member) = self.members.get(&id) else { return };
        let (facts, queue) = (Arc::clone(&member.facts), member.queue);
        let queue_name = member.row.queue.clone();
        self.tell_channel(&facts, &queue_name, self.wall.secs(now));
        let what = if resumed {
            "restoring its previous position in"
        } else {
            "joining"
        };
        let text = format!(
            "Member {} <{}> {what} queue {queue_name}",
            facts.cid_name, facts.cid_number
        );
        self.debug(Some(&facts.session_uuid), text);
        self.fire_member_enters(&queue_name, &facts, resumed);
        self.fire_member_count(queue);
        self.fire_presence(queue);
    }

    /// Tells a channel what it is now, and since when.
    pub(in crate::engine) fn tell_channel(&mut self, facts: &MemberFacts, queue: &str, joined_epoch: i64) {
        self.set_variables(
            &facts.session_uuid,
            vec![
                ("cc_side", Some("member".to_owned())),
                ("cc_member_uuid", Some(facts.uuid.clone())),
                ("cc_agent_found", None),
                ("cc_agent_bridged", None),
                ("cc_queue_joined_epoch", Some(joined_epoch.to_string())),
                ("cc_queue", Some(queue.to_owned())),
                ("cc_state", Some(CallState::Queue.to_string())),
            ],
        );
        if facts.media != Media::Audio {
            self.set_variables(&facts.session_uuid, vec![("cc_media", Some(facts.media.to_string()))]);
        }
    }

    /// The caller's channel has left the queue application.
    pub(in crate::engine) fn exit(
        &mut self,
        now: Timestamp,
        id: MemberId,
        exit: MemberExit,
    ) -> Result<Reply, EngineError> {
        let member = self.members.get_mut(&id).ok_or(EngineError::MemberNotFound)?;
        if member.exited {
            return Err(EngineError::MemberNotFound);
        }
        member.exited = true;
        let stage = member
            .serving
            .and_then(|offer| self.offers.get(&offer))
            .map(|offer| offer.stage.clone());
        let is_bridged = member.served || stage == Some(Stage::Bridged);
        let is_being_bridged = stage == Some(Stage::Connecting) && exit.channel_up && exit.reason.is_none();
        if is_bridged || is_being_bridged {
            self.note_taken(id, is_bridged);
            return Ok(Reply::Left { answered: true });
        }
        let unanswered = if stage == Some(Stage::Connecting) {
            CancelReason::None
        } else {
            CancelReason::BreakOut
        };
        let reason = exit.reason.unwrap_or(unanswered);
        self.log_leaving(now, id, reason, exit.key);
        self.abandon(now, id, reason);
        Ok(Reply::Left { answered: false })
    }

    /// The queue application ended because an agent has the caller.
    fn note_taken(&mut self, id: MemberId, is_bridged: bool) {
        self.clear_limits(id);
        let Some(member) = self.members.get(&id) else { return };
        let session_uuid = member.facts.session_uuid.clone();
        let changes = vec![("cc_agent_found", None), ("cc_cause", Some("answered".to_owned()))];
        self.set_variables(&session_uuid, changes);
        if is_bridged {
            self.count_answered(id);
        }
    }

    /// Counts a member whose application has ended and whose bridge stands: stock's events when a member was answered.
    pub(in crate::engine) fn count_answered(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let (queue_id, served) = (member.queue, member.served);
        if let Some(queue) = self.queues.get_mut(&queue_id) {
            queue.calls_answered += 1;
        }
        self.fire_member_count(queue_id);
        self.fire_presence(queue_id);
        if served {
            self.forget_member(id);
        }
    }

    /// What stands in a member's `serving_agent` while no single agent serves it.
    pub(in crate::engine) fn nobody_serves(&self, id: MemberId) -> &'static str {
        let strategy = self.members.get(&id).and_then(|member| self.strategy_of(member.queue));
        strategy.map_or("", several_marker)
    }

    /// A member leaves unanswered: its row becomes Abandoned, its offers end.
    pub(in crate::engine) fn abandon(&mut self, now: Timestamp, id: MemberId, reason: CancelReason) {
        self.clear_limits(id);
        self.count_leaving(now, id, reason);
        self.note_step(now, id);
        self.set_member_state(id, MemberState::Abandoned);
        self.place_member(now, id);
        self.withdraw_offers(now, id);
        let nobody = self.nobody_serves(id);
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        member.row.serving_agent = nobody.to_owned();
        member.row.serving_system = String::new();
        member.row.session_uuid = String::new();
        member.left = now;
        member.row.abandoned_epoch = self.wall.secs(now);
        let (queue_id, facts, entered) = (member.queue, Arc::clone(&member.facts), member.entered);
        let queue_name = member.row.queue.clone();
        self.keep_abandoned(id);
        self.fire_member_cancelled(&queue_name, &facts, (entered, now), reason);
        self.record_abandoned(now, id, reason);
        self.set_variables(
            &facts.session_uuid,
            vec![
                ("cc_agent_found", None),
                ("cc_queue_canceled_epoch", Some(self.wall.secs(now).to_string())),
                ("cc_cause", Some("cancel".to_owned())),
                ("cc_cancel_reason", Some(reason.to_string())),
            ],
        );
        let text = format!(
            "Member \"{}\" <{}> exit queue {queue_name} due to {reason}",
            facts.cid_name, facts.cid_number
        );
        self.debug(Some(&facts.session_uuid), text);
        if let Some(queue) = self.queues.get_mut(&queue_id) {
            queue.calls_abandoned += 1;
        }
        self.fire_member_count(queue_id);
        self.fire_presence(queue_id);
    }

    /// Ends what is under way for a member who is gone.
    fn withdraw_offers(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        let ringing = std::mem::take(&mut member.offers);
        let serving = member.serving.take();
        for offer in ringing {
            self.cancel_offer(now, offer, HangupCause::ORIGINATOR_CANCEL);
        }
        if let Some(offer) = serving.and_then(|id| self.offers.get_mut(&id).map(|offer| (id, offer))) {
            offer.1.member_left = true;
            let cancel = Output::CancelRing {
                offer: offer.0,
                cause: HangupCause::ORIGINATOR_CANCEL,
            };
            self.outputs.push_back(cancel);
        }
    }

    /// Keeps an abandoned member until it is discarded, so that the caller can come back to the place.
    pub(in crate::engine) fn keep_abandoned(&mut self, id: MemberId) {
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&member.queue) else {
            return;
        };
        queue
            .abandoned
            .insert((member.row.cid_number.clone(), member.left.steady_secs(), id));
        let seconds = queue
            .config
            .as_ref()
            .map_or(DISCARD_UNKNOWN_QUEUE, |config| config.discard_abandoned_after);
        let at = Timestamp::from_secs(member.left.steady_secs()) + Span::from_secs(i64::from(seconds) + 1);
        self.timers.set(Timer::Discard(id), at);
        self.changed.members.insert(id);
    }

    /// Removes an abandoned member for good.
    pub(in crate::engine) fn discard(&mut self, id: MemberId) {
        self.forget_abandoned(id);
        self.remove_row(id);
        self.forget_member(id);
    }

    /// Nothing is left of a member.
    pub(in crate::engine) fn forget_member(&mut self, id: MemberId) {
        let Some(member) = self.members.remove(&id) else { return };
        if self.member_uuids.get(&member.row.uuid) == Some(&id) {
            self.member_uuids.remove(&member.row.uuid);
        }
    }

    /// Puts a member on this place in line, 1 being the first: it gets the score of whoever stands there, and the turn before. Nobody begins
    /// behind the place that is due anyway.
    fn take_position(&mut self, now: Timestamp, id: MemberId, position: Option<u32>) {
        let Some(position) = position.and_then(|position| usize::try_from(position).ok()) else {
            return;
        };
        let Some(member) = self.members.get(&id) else { return };
        let Some(queue) = self.queues.get(&member.queue) else {
            return;
        };
        let at = |before: Option<usize>| before.and_then(|before| queue.waiting_order.nth(before));
        let Some(displaced) = at(position.checked_sub(1)) else {
            return;
        };
        if member.place_in_line(id, 0) <= displaced {
            return;
        }
        let equal = at(position.checked_sub(2)).filter(|before| before.standing == displaced.standing);
        let turn = displaced.turn.before(equal.map(|before| before.turn));
        // Where two joined in the same instant, nobody fits between them.
        let standing = displaced.standing.0.saturating_add(i64::from(turn.is_none()));
        let base_score = standing
            .saturating_add(member.row.joined_epoch)
            .saturating_sub(member.row.skill_score);
        if let Some(member) = self.members.get_mut(&id) {
            member.row.base_score = base_score;
            member.turn = turn.unwrap_or(member.turn);
        }
        self.changed.members.insert(id);
        self.place_member(now, id);
    }

    /// Removes a member's row and its place in the queue's figures.
    pub(in crate::engine) fn remove_row(&mut self, id: MemberId) {
        self.leave_order(id);
        let Some(member) = self.members.get(&id) else { return };
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.members.remove(&id);
            queue.count_state(member.facts.media, Some(member.row.state), None);
        }
        self.changed.members.remove(&id);
        self.changed.others.push(RowChange::MemberGone(member.row.uuid.clone()));
    }

    pub(in crate::engine) fn set_member_state(&mut self, id: MemberId, state: MemberState) {
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        let before = std::mem::replace(&mut member.row.state, state);
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.count_state(member.facts.media, Some(before), Some(state));
        }
        self.keep_order(id);
        self.changed.members.insert(id);
    }
}

/// How long an abandoned member of a queue without configuration is kept, seconds: stock's default.
const DISCARD_UNKNOWN_QUEUE: u32 = 60;

impl Member {
    fn entering(row: MemberRow, queue: QueueId, facts: Arc<MemberFacts>, now: Timestamp) -> Self {
        Self {
            row,
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
            wishes: None,
            offers: Vec::new(),
            offers_made: 0,
            rejections: 0,
            first_offered: None,
            serving: None,
            overdue: None,
            leaving: false,
            exited: false,
            served: false,
            ring_more_at: Timestamp::default(),
            retry_at: Timestamp::default(),
            last_tried: None,
            missed: None,
            heard: None,
            dissuaded: false,
            besides: None,
            suspected: false,
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

    /// An abandoned member as a database kept it.
    pub(in crate::engine) fn abandoned(row: MemberRow, queue: QueueId, wall: &WallClock) -> Self {
        let joined = wall.instant(row.joined_epoch);
        let entered = wall.instant(stay_began(&row));
        let facts = Arc::new(MemberFacts::of(&row, Brought::default(), entered, 0));
        Self {
            exited: true,
            left: wall.instant(row.abandoned_epoch),
            ..Self::entering(row, queue, facts, joined)
        }
    }
}

/// What stock writes into `serving_agent` while several agents may ring.
fn several_marker(strategy: Strategy) -> &'static str {
    if strategy.rings_several() {
        strategy.as_str()
    } else {
        ""
    }
}
