//! Callers who are called back: they keep their place without a channel, and come to it with another one.

use crate::ledger::entries::{Away, CallingBack, Member, Offer, Place, Stage};
use crate::ledger::{Finding, Ledger, REFUSAL};
use mod_callcenter::engine::{
    EngineError, Event, Input, JoinRequest, MemberId, OfferId, QueueConfig, Reply, Snapshot, Span, Timestamp,
};
use std::collections::BTreeMap;

/// Between two attempts, where no queue says otherwise.
const RETRY: u32 = 300;

impl Ledger {
    /// Somebody joins without a channel. Whoever is to be called back already has its place.
    pub(in crate::ledger) fn join_away(&mut self, now: Timestamp, request: &JoinRequest, uuid: &str) {
        if self.members.contains_key(uuid) {
            return;
        }
        let member = Member {
            leaving: true,
            exited: true,
            ..Member::of(&request.queue, now, request, self.preferred_by(request))
        };
        self.members.insert(uuid.to_owned(), member);
    }

    /// What commands do to a callback.
    pub(in crate::ledger) fn callback_input(
        &mut self,
        now: Timestamp,
        input: &Input,
        reply: &Result<Reply, EngineError>,
    ) {
        if let Input::CallbackAdd { queue, .. } = input {
            self.note_load_by_caller(queue);
        }
        match (input, reply) {
            (
                Input::CallbackAdd {
                    queue, number, name, ..
                },
                Ok(Reply::CalledBack { member_uuid, .. }),
            ) => {
                let request = JoinRequest {
                    queue: queue.clone(),
                    cid_number: number.clone(),
                    cid_name: name.clone(),
                    ..JoinRequest::default()
                };
                self.join_away(now, &request, member_uuid);
            }
            (Input::CallbackNow { uuid }, Ok(_)) => {
                if let Some(callback) = self
                    .callback_of(uuid)
                    .filter(|callback| callback.stage == Away::Pending)
                {
                    (callback.not_before, callback.due) = (now, now);
                }
            }
            _ => {}
        }
    }

    fn callback_of(&mut self, uuid: &str) -> Option<&mut CallingBack> {
        self.members.get_mut(uuid)?.callback.as_mut()
    }

    /// A caller who has asked to be called back is out of the queue application: what was played is over, whenever that is told.
    pub(in crate::ledger) fn goes_away(&mut self, now: Timestamp, uuid: &str) {
        let Some(member) = self.members.get_mut(uuid) else {
            return;
        };
        if let Some(callback) = member.callback.as_mut().filter(|it| it.stage == Away::Leaving) {
            callback.stage = Away::Pending;
            callback.due = callback.due.max(now);
            member.announcement = None;
        }
    }

    /// Somebody is there who was called back, or has called meanwhile. False for anybody else.
    pub(in crate::ledger) fn comes_back(
        &mut self,
        now: Timestamp,
        request: &JoinRequest,
        member: MemberId,
        uuid: &str,
    ) -> bool {
        let preferred = self.preferred_by(request);
        let Some(book) = self.members.get_mut(uuid).filter(|book| book.callback.is_some()) else {
            return false;
        };
        match book.callback.as_mut() {
            Some(callback) if callback.stage == Away::Arriving => callback.stage = Away::Here,
            _ => {
                book.requirements = request.requirements.clone();
                book.preferred = preferred;
                book.number = request.cid_number.clone();
            }
        }
        (book.leaving, book.exited, book.limits_from, book.announcement) = (false, false, now, None);
        self.uuids.insert(member, (uuid.to_owned(), request.queue.clone()));
        true
    }

    /// An agent has given a callback back: for a while it is others', who may have missed it as well.
    pub(in crate::ledger) fn note_given_back(&mut self, now: Timestamp, id: OfferId) {
        let Some(offer) = self.offers.get(&id) else { return };
        let (agent, uuid, retry) = (
            offer.agent.clone(),
            offer.member.clone(),
            self.retry_delay(&offer.queue),
        );
        if let Some(member) = self.members.get_mut(&uuid) {
            member.note_missed_by(&agent, &self.queues);
        }
        if let Some(callback) = self.callback_of(&uuid) {
            callback.given_back.insert(agent, now + retry);
        }
    }

    fn retry_delay(&self, queue: &str) -> Span {
        let config = self.queues.get(queue);
        let delay = config.map_or(RETRY, |config| config.callbacks.retry_delay);
        Span::from_secs(i64::from(delay))
    }

    /// An event about a callback.
    pub(in crate::ledger) fn callback_event(
        &mut self,
        now: Timestamp,
        action: &str,
        uuid: &str,
        event: &Event,
    ) -> Finding {
        let delays = |config: &QueueConfig| Span::from_secs(i64::from(config.callbacks.delay));
        let queue = event.header("CC-Queue").unwrap_or_default();
        let (delay, retry) = (
            self.queues.get(queue).map_or(Span::ZERO, delays),
            self.retry_delay(queue),
        );
        let Some(member) = self.members.get_mut(uuid) else {
            return Err(format!("{event:?} of {uuid:?}, who is in no queue"));
        };
        if action == "callback-requested" {
            let stage = if member.exited { Away::Pending } else { Away::Leaving };
            member.leaving = true;
            member.callback = Some(CallingBack {
                stage,
                not_before: now + delay,
                due: now + delay,
                given_back: BTreeMap::new(),
            });
            return Ok(());
        }
        let Some(callback) = member.callback.as_mut() else {
            return Err(format!("{event:?} of {uuid}, who is not to be called back: {member:?}"));
        };
        match action {
            "callback-attempt" => callback.stage = Away::Attempting,
            "callback-reached" => callback.stage = Away::Arriving,
            "callback-failed" if event.header("CC-Callback-End") == Some("refused") => {
                callback.stage = Away::Pending;
                // A pause that is of this call alone is the queue's.
                (callback.not_before, callback.due) = (now, now + REFUSAL.max(retry));
            }
            "callback-failed" => {
                callback.stage = Away::Pending;
                (callback.not_before, callback.due) = (now + retry, now + retry);
            }
            _ => member.callback = None,
        }
        Ok(())
    }

    /// A new process knows who is to be called back, and what was known of them besides.
    pub(in crate::ledger) fn restore_callbacks(
        &mut self,
        now: Timestamp,
        snapshot: &Snapshot,
        before: &BTreeMap<String, Member>,
    ) {
        let is_answered = |uuid: &str| {
            let mut rows = snapshot.members.iter();
            rows.any(|row| row.uuid == uuid && row.state == mod_callcenter::engine::MemberState::Answered)
        };
        for row in snapshot.callbacks.iter().filter(|row| !is_answered(&row.uuid)) {
            let member = snapshot.members.iter().find(|member| member.uuid == row.uuid);
            let not_ahead = |epoch: i64| Timestamp::from_secs(epoch.min(now.steady_secs()));
            let joined = not_ahead(member.map_or(row.joined_epoch, |member| member.joined_epoch));
            let rejoined = member
                .map(|member| member.rejoined_epoch)
                .filter(|rejoined| *rejoined > 0);
            let entered = rejoined.map_or(joined, not_ahead);
            let standing = std::cmp::Reverse(row.base_score - row.joined_epoch);
            self.places
                .entry(row.uuid.clone())
                .or_insert(Place { standing, joined });
            let kept = before.get(&row.uuid).cloned();
            let request = JoinRequest {
                cid_number: row.number.clone(),
                ..JoinRequest::default()
            };
            let anew = || Member::of(&row.queue, now, &request, Default::default());
            let due = Timestamp::from_secs(row.next_attempt_epoch).max(now);
            let member = Member {
                started: true,
                leaving: true,
                exited: true,
                // What it has heard, and when, is forgotten.
                entered,
                limits_from: entered,
                announcement: None,
                announced: BTreeMap::new(),
                dissuaded: false,
                ring_more_at: Timestamp::default(),
                refused: None,
                retry_at: Timestamp::default(),
                callback: Some(CallingBack {
                    stage: Away::Pending,
                    not_before: due,
                    // The row has whole seconds.
                    due: due + Span::from_secs(1),
                    given_back: BTreeMap::new(),
                }),
                ..kept.unwrap_or_else(anew)
            };
            self.members.insert(row.uuid.clone(), member);
        }
    }

    /// An agent who has taken a callback is gone.
    pub(in crate::ledger) fn end_waiting(&mut self, broken: &[OfferId]) {
        for id in broken {
            if self.offers.get(id).is_some_and(Offer::is_waiting) {
                self.end_leg(*id);
            }
        }
    }

    /// Whoever waits while a number is dialled, does so as long as it is.
    pub(in crate::ledger) fn nobody_waits_in_vain(&self) -> Finding {
        let is_dialled = |uuid: &str| {
            let callback = self.members.get(uuid).and_then(|member| member.callback.as_ref());
            callback.is_some_and(|callback| matches!(callback.stage, Away::Attempting | Away::Arriving))
        };
        let mut waiting = self.offers.values().filter(|offer| offer.is_waiting());
        match waiting.find(|offer| offer.stage == Stage::Answered && !is_dialled(&offer.member)) {
            Some(offer) => Err(format!("{offer:?} waits for nobody who is being called")),
            None => Ok(()),
        }
    }
}
