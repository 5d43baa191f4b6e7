//! Callbacks by number and by attempt, and the agents who are held for them.

use crate::engine::border::callback::UnkeptCallback;
use crate::engine::centre::attempts_of_day::AttemptsOfDay;
use crate::engine::centre::callback::HeldAgent;
use crate::engine::centre::line::places::Place;
use crate::engine::vocabulary::ids::{AgentId, CallbackAttemptId, MemberId, QueueId};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// Who finds a callback by what. The callbacks themselves are their members'.
#[derive(Debug, Default)]
pub(in crate::engine) struct Callbacks {
    by_number: BTreeMap<QueueId, HashMap<String, MemberId>>,
    attempts: HashMap<CallbackAttemptId, MemberId>,
    held_in_order: BTreeSet<HeldAgent>,
    held: BTreeMap<AgentId, MemberId>,
    /// Those whom an agent has given back a short while ago.
    given_back: BTreeSet<MemberId>,
    of_day: AttemptsOfDay,
    /// Those in line who may be dialled before an agent is free.
    leading: BTreeMap<QueueId, BTreeSet<Place>>,
    /// Nobody is called back before it is known which agents talk already.
    are_kept_back: bool,
    /// What was promised and not kept, the latest last.
    unkept: BTreeMap<QueueId, VecDeque<UnkeptCallback>>,
}

/// So many promises that were not kept are remembered of a queue.
const MOST_UNKEPT: usize = 200;

impl Callbacks {
    /// Whoever is to be called back on this number from a queue.
    pub fn of_number(&self, queue: QueueId, number: &str) -> Option<MemberId> {
        self.by_number.get(&queue)?.get(number).copied()
    }

    /// How many are to be called back from a queue.
    pub fn count(&self, queue: QueueId) -> usize {
        self.by_number.get(&queue).map_or(0, HashMap::len)
    }

    /// How often a number was called on a day.
    pub fn attempts_on(&self, day: i64, number: &str) -> u32 {
        self.of_day.of(day, number)
    }

    /// A number was called so much more often on a day than was known.
    pub fn note_attempt_on(&mut self, day: i64, number: &str, more: i32) {
        self.of_day.add(day, number, more);
    }

    /// Whether an agent has given back somebody a short while ago.
    pub fn has_given_back(&self) -> bool {
        !self.given_back.is_empty()
    }

    /// Whether some agent has given this one back a short while ago.
    pub fn note_given_back(&mut self, member: MemberId, is_given_back: bool) {
        match is_given_back {
            true => self.given_back.insert(member),
            false => self.given_back.remove(&member),
        };
    }

    /// How many are to be called back from all queues.
    pub fn count_all(&self) -> u64 {
        let counts = self.by_number.values().map(HashMap::len);
        u64::try_from(counts.sum::<usize>()).unwrap_or(u64::MAX)
    }

    /// What was promised was not kept.
    pub fn note_unkept(&mut self, queue: QueueId, unkept: UnkeptCallback) {
        let of_queue = self.unkept.entry(queue).or_default();
        if of_queue.len() == MOST_UNKEPT {
            of_queue.pop_front();
        }
        of_queue.push_back(unkept);
    }

    /// What was promised and not kept in a queue, or in all, the latest last.
    pub fn unkept(&self, queue: Option<QueueId>) -> impl Iterator<Item = &UnkeptCallback> {
        let wanted = self
            .unkept
            .iter()
            .filter(move |(id, _)| queue.is_none_or(|queue| queue == **id));
        wanted.flat_map(|(_, unkept)| unkept)
    }

    /// Everybody who is to be called back from a queue, in no order.
    pub fn of_queue(&self, queue: QueueId) -> impl Iterator<Item = MemberId> + '_ {
        self.by_number
            .get(&queue)
            .into_iter()
            .flat_map(|numbers| numbers.values().copied())
    }

    /// Every queue from which somebody is to be called back.
    pub fn queues(&self) -> Vec<QueueId> {
        self.by_number.keys().copied().collect()
    }

    /// Somebody is to be called back.
    pub fn insert(&mut self, queue: QueueId, number: &str, member: MemberId) {
        self.by_number
            .entry(queue)
            .or_default()
            .insert(number.to_owned(), member);
    }

    /// A callback has ended.
    pub fn forget(&mut self, queue: QueueId, number: &str) {
        if let Some(numbers) = self.by_number.get_mut(&queue) {
            numbers.remove(number);
            if numbers.is_empty() {
                self.by_number.remove(&queue);
            }
        }
    }

    /// Whom an attempt that is under way is for.
    pub fn of_attempt(&self, attempt: CallbackAttemptId) -> Option<MemberId> {
        self.attempts.get(&attempt).copied()
    }

    /// An attempt begins.
    pub fn begin(&mut self, attempt: CallbackAttemptId, member: MemberId) {
        self.attempts.insert(attempt, member);
    }

    /// An attempt is over.
    pub fn end(&mut self, attempt: CallbackAttemptId) {
        self.attempts.remove(&attempt);
    }

    /// An agent is held for a member.
    pub fn hold(&mut self, held: HeldAgent, member: MemberId) {
        self.held.insert(held.2, member);
        self.held_in_order.insert(held);
    }

    /// An agent is held no more.
    pub fn release(&mut self, held: &HeldAgent) {
        self.held.remove(&held.2);
        self.held_in_order.remove(held);
    }

    /// The member an agent is held for.
    pub fn held_for(&self, agent: AgentId) -> Option<MemberId> {
        self.held.get(&agent).copied()
    }

    /// Every agent who is held, whoever stands last first.
    pub fn held_agents(&self) -> impl Iterator<Item = &HeldAgent> {
        self.held_in_order.iter().rev()
    }

    /// A callback of a queue may be dialled before an agent is free on this place, and was so on that one.
    pub fn set_leading(&mut self, queue: QueueId, before: Option<Place>, after: Option<Place>) {
        let places = self.leading.entry(queue).or_default();
        if let Some(before) = before {
            places.remove(&before);
        }
        places.extend(after);
        if places.is_empty() {
            self.leading.remove(&queue);
        }
    }

    /// Whether nobody is called back for now.
    pub fn are_kept_back(&self) -> bool {
        self.are_kept_back
    }

    /// Keeps all back, or no longer. Whether it was so.
    pub fn keep_back(&mut self, are_kept_back: bool) -> bool {
        std::mem::replace(&mut self.are_kept_back, are_kept_back)
    }

    /// The first of a queue who may be dialled before an agent is free.
    pub fn first_leading(&self, queue: QueueId) -> Option<Place> {
        self.leading.get(&queue)?.first().copied()
    }

    /// How many may be dialled before an agent is free.
    #[cfg(any(test, debug_assertions))]
    pub fn leading(&self) -> usize {
        self.leading.values().map(BTreeSet::len).sum()
    }

    /// Whether nobody is held.
    pub fn holds_nobody(&self) -> bool {
        self.held_in_order.is_empty()
    }

    /// How many attempts are under way.
    #[cfg(any(test, debug_assertions))]
    pub fn attempts(&self) -> usize {
        self.attempts.len()
    }
}
