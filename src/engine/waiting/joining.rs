//! A caller joins: a new member, or the return of an abandoned one to its place.

use crate::engine::border::caller::JoinRequest;
use crate::engine::border::error::EngineError;
use crate::engine::border::hold::Hold;
use crate::engine::border::reply::Reply;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{several_marker, Brought, Member, MemberFacts};
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::rows::member::MemberRow;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CallState, Media, MemberState, Strategy};
use std::sync::Arc;

/// So far back a caller's joining counts at most whose box tells of it late.
const LONGEST_AGE: Span = Span::from_secs(30);

impl Engine {
    /// A caller enters a queue: a new member, or the return of an abandoned one to its place.
    pub(in crate::engine) fn join(&mut self, now: Timestamp, request: JoinRequest) -> Result<Reply, EngineError> {
        let queue = self.loaded_queue(&request.queue)?;
        if let Some(member) = self.kept_place(now, queue, &request.session_uuid) {
            return Ok(self.take_over(now, member, &request));
        }
        if let Some(reason) = self.refusal(now, queue, &request) {
            return Ok(self.refuse(now, queue, &request, reason));
        }
        let is_dissuaded = self.dissuasion_at_the_door(now, queue, &request).is_some();
        let resumed = self.abandoned_place(queue, &request.cid_number);
        self.count_arrival(now, queue);
        self.note_entry(now, queue);
        let member = match resumed {
            Some(member) => self.take_up_place(now, member, &request),
            None => self.new_member(now, queue, &request),
        };
        self.greet(now, member, resumed.is_some());
        self.take_position(member, request.position);
        self.set_limits(now, member);
        self.watch(now);
        self.log_entry(now, member);
        if is_dissuaded {
            self.play_dissuasion(member, CallState::Dissuading1);
        }
        self.aftermath.staffing.insert(queue);
        let member_uuid = self
            .members
            .get(&member)
            .map(|member| member.row.uuid.clone())
            .unwrap_or_default();
        let hold = self.config_of(queue).map(Hold::of).unwrap_or_default();
        Ok(Reply::Joined {
            member,
            member_uuid,
            hold: hold.by(request.requirements.media),
        })
    }

    /// A new member without a channel to wait on.
    pub(in crate::engine) fn admit(&mut self, now: Timestamp, queue: QueueId, request: &JoinRequest) -> MemberId {
        self.count_arrival(now, queue);
        self.note_entry(now, queue);
        let member = self.new_member(now, queue, request);
        self.greet(now, member, false);
        self.take_position(member, request.position);
        self.log_entry(now, member);
        member
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
        let now = self.joined_at(now);
        let row = self.new_member_row(now, queue, request);
        let facts = Arc::new(MemberFacts::of(&row, Brought::by(request), now, 0));
        let mut member = Member::entering(row, queue, facts, now);
        member.requirements = request.requirements.kept();
        member.row.save();
        member.preferred = self.preferred_by(now, queue, request);
        self.members.insert(id, member);
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.members.insert(id);
            queue.count_state(request.requirements.media, None, Some(MemberState::Waiting));
        }
        self.keep_order(id);
        id
    }

    /// A request with the box that it comes from, in a cluster.
    pub(in crate::engine) fn at_its_box(&self, mut request: JoinRequest) -> JoinRequest {
        request.requirements.at = self.boxes.are_several().then_some(self.origin.at);
        request
    }

    /// When a caller has joined whose box tells of it now.
    fn joined_at(&self, now: Timestamp) -> Timestamp {
        let age = self.origin.age.min(LONGEST_AGE);
        Timestamp::from_micros(now.micros().saturating_sub(age.micros()))
    }

    fn new_member_row(&self, now: Timestamp, queue: QueueId, request: &JoinRequest) -> MemberRow {
        let answered_epoch = self.answered_epoch(now, request);
        let config = self.config_of(queue);
        let strategy = config.map_or(Strategy::LongestIdleAgent, QueueConfig::strategy);
        let already_up = match config {
            Some(config) if config.counts_whole_call() => self.up_before(now, answered_epoch),
            _ => 0,
        };
        MemberRow {
            queue: request.queue.clone(),
            instance_id: self.boxes.instance(self.origin.at).to_owned(),
            uuid: request.new_member_uuid.clone(),
            session_uuid: request.session_uuid.clone(),
            cid_number: request.cid_number.clone(),
            cid_name: request.cid_name.clone(),
            system_epoch: answered_epoch,
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

    /// When the caller's channel was answered, as the clock shows by which everything is told.
    fn answered_epoch(&self, joined: Timestamp, request: &JoinRequest) -> i64 {
        request.answered_ago.map_or(request.answered_epoch, |ago| {
            let answered = joined.micros().saturating_sub(ago.micros());
            self.wall.secs(Timestamp::from_micros(answered))
        })
    }

    /// Whole seconds for which the caller's call had been up; as FreeSWITCH's epochs tell where they are of one setting of the clock.
    fn up_before(&self, now: Timestamp, answered_epoch: i64) -> i64 {
        let answered = self.wall.past_instant(answered_epoch, now);
        now.steady_secs().saturating_sub(answered.steady_secs())
    }

    /// Puts a returning caller on the place it abandoned: same uuid, same time of joining, same score.
    fn take_up_place(&mut self, now: Timestamp, id: MemberId, request: &JoinRequest) -> MemberId {
        self.timers.clear(Timer::Discard(id));
        self.forget_abandoned(id);
        let nobody = self.nobody_serves(id);
        if let Some(member) = self.members.change(&id) {
            let mut row = member.row.clone();
            row.session_uuid = request.session_uuid.clone();
            row.instance_id = self.boxes.instance(self.origin.at).to_owned();
            row.rejoined_epoch = self.wall.secs(now);
            row.serving_agent = nobody.to_owned();
            row.serving_system = String::new();
            let facts = Arc::new(member.facts.next_stay(&row, Brought::by(request), now));
            *member = Member {
                joined: member.joined,
                turn: member.turn,
                waits_at: member.waits_at,
                requirements: request.requirements.kept(),
                ..Member::entering(row, member.queue, facts, now)
            };
        }
        self.note_preferred(now, id, request);
        // Behind the facts: a place that was left by a call may be taken up by a chat.
        self.set_member_state(id, MemberState::Waiting);
        id
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
                (variable::SIDE, Some("member".to_owned())),
                (variable::MEMBER_UUID, Some(facts.uuid.clone())),
                (variable::AGENT_FOUND, None),
                (variable::AGENT_BRIDGED, None),
                (variable::QUEUE_JOINED_EPOCH, Some(joined_epoch.to_string())),
                (variable::QUEUE, Some(queue.to_owned())),
                (variable::STATE, Some(CallState::Queue.to_string())),
            ],
        );
        if facts.media != Media::Audio {
            self.set_variables(
                &facts.session_uuid,
                vec![(variable::MEDIA, Some(facts.media.to_string()))],
            );
        }
    }

    /// Puts a member on this place in line, 1 being the first: it gets the score of whoever stands there, and the turn before. Nobody begins
    /// behind the place that is due anyway.
    fn take_position(&mut self, id: MemberId, position: Option<u32>) {
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
        if let Some(member) = self.members.change(&id) {
            member.row.base_score = base_score;
            member.turn = turn.unwrap_or(member.turn);
        }
        self.keep_order(id);
    }

    pub(in crate::engine) fn set_member_state(&mut self, id: MemberId, state: MemberState) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        let before = std::mem::replace(&mut member.row.state, state);
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.count_state(member.facts.media, Some(before), Some(state));
        }
        self.keep_order(id);
    }
}
