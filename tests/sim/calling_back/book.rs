//! What inputs and outputs have said of callbacks, and what has to hold: each that was asked for keeps its place, is attempted once at a
//! time and never by more calls than agents are free for, and ends once.

use super::places::{is_soon_served, place_in, place_of, Place};
use mod_callcenter::engine::{
    CallBack, CallbackAttemptId, CallbackConfig, CallbackFirst, Engine, Event, MemberId, OfferId, Output, Ring, Span,
    Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

pub type Finding = Result<(), String>;

/// When it is 14:16 on the day that is played.
const UNTIL: Timestamp = Timestamp::from_secs(1_001_760);

/// How long a refused call keeps others from being made, at most.
const REFUSAL: Span = Span::from_secs(9);

/// A callback that was asked for and has not ended.
#[derive(Debug, Default)]
pub struct Request {
    place: Place,
    attempt: Option<CallbackAttemptId>,
    attempts: u32,
    /// No attempt before.
    not_before: Timestamp,
    /// From then on nobody behind it is served before it.
    due: Timestamp,
    /// Somebody has confirmed and is on the way, or is there.
    reached: bool,
    /// The caller who has asked for it is still in the queue.
    leaving: bool,
    /// The agent who was held may be another's.
    unheld: bool,
    /// The agent who was called first and waits.
    waiting: Option<OfferId>,
    number: String,
    /// Agents who have given it back, and until when it is not theirs.
    given_back: BTreeMap<String, Timestamp>,
}

impl Request {
    fn is_idle(&self) -> bool {
        self.attempt.is_none() && !self.reached && !self.leaving
    }

    fn put_off(&mut self, not_before: Timestamp, due: Timestamp) {
        (self.attempt, self.reached, self.waiting) = (None, false, None);
        (self.not_before, self.due) = (not_before, due);
    }
}

/// A caller who waits on the phone.
#[derive(Debug)]
pub struct Live {
    pub uuid: String,
    place: Place,
    leaving: bool,
    since: Timestamp,
}

/// The books of a day.
#[derive(Default)]
pub struct Book {
    pub requests: BTreeMap<String, Request>,
    pub live: BTreeMap<MemberId, Live>,
    /// How often each member has asked to be called back, and how often that has ended. Who has called meanwhile may ask again.
    asked: BTreeMap<String, u32>,
    ended: BTreeMap<String, u32>,
    most_attempts: u32,
    delay: Span,
    lead: Span,
    retry_delay: Span,
    ring_time: Span,
    /// Agents who are there.
    there: BTreeSet<String>,
    /// Those who are free, from when on at the latest.
    free: BTreeMap<String, Timestamp>,
    /// Offers under way: agent and member.
    offers: BTreeMap<OfferId, (String, String)>,
    refused_until: Timestamp,
    most_of_day: u32,
    /// How often each number was called, as far as the call centre can know it.
    of_day: BTreeMap<String, u32>,
    /// Nothing is promised from then on.
    until: Option<Timestamp>,
    /// Agents who have waited in vain.
    to_be_freed: BTreeSet<OfferId>,
    /// The queue calls nobody back for now.
    pub is_stopped: bool,
}

impl Book {
    /// The books of a queue that calls back so.
    pub fn of(config: &CallbackConfig) -> Self {
        Self {
            most_attempts: config.attempts,
            delay: Span::from_secs(config.delay.into()),
            lead: match config.first {
                CallbackFirst::Customer => Span::from_secs(config.lead.into()),
                CallbackFirst::Agent => Span::ZERO,
            },
            retry_delay: Span::from_secs(config.retry_delay.into()),
            ring_time: Span::from_secs(config.ring_time.into()),
            most_of_day: config.attempts_per_day,
            until: config.until.map(|_| UNTIL),
            ..Self::default()
        }
    }

    /// Whether what this member has asked for has ended.
    pub fn has_ended(&self, uuid: &str) -> bool {
        !self.requests.contains_key(uuid)
    }

    /// Something has happened that may take an agent away from an attempt.
    pub fn shake(&mut self) {
        for request in self.requests.values_mut() {
            request.unheld |= !request.is_idle();
        }
    }

    /// Takes down an output.
    pub fn output(&mut self, now: Timestamp, engine: &Engine, output: &Output) -> Finding {
        match output {
            Output::Event(event) => self.event(now, engine, event),
            Output::CallBack(call) => self.call(now, engine, call),
            Output::Ring(ring) => self.ring(now, engine, ring),
            Output::CancelRing { offer, .. } => {
                self.to_be_freed.remove(offer);
                self.is_connected(*offer);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn event(&mut self, now: Timestamp, engine: &Engine, event: &Event) -> Finding {
        let uuid = event.header("CC-Member-UUID").unwrap_or_default();
        match event.action() {
            "callback-requested" => return self.is_asked_for(now, engine, uuid, event),
            "callback-ended" | "callback-expired" => return self.ends(uuid, event),
            "callback-reached" => {
                if let Some(request) = self.requests.get_mut(uuid) {
                    (request.attempt, request.reached) = (None, true);
                }
            }
            "callback-failed" => {
                let is_refused = event.header("CC-Callback-End") == Some("refused");
                let (retry, soon) = (now + self.retry_delay, now + REFUSAL);
                if let Some(request) = self.requests.get_mut(uuid) {
                    self.to_be_freed.extend(request.waiting);
                    if is_refused {
                        self.of_day
                            .entry(request.number.clone())
                            .and_modify(|count| *count -= 1);
                    }
                    match is_refused {
                        true => request.put_off(now, soon),
                        false => request.put_off(retry, retry),
                    }
                    request.attempts -= u32::from(is_refused);
                }
                if is_refused {
                    self.refused_until = soon;
                }
            }
            _ => (),
        }
        Ok(())
    }

    fn is_asked_for(&mut self, now: Timestamp, engine: &Engine, uuid: &str, event: &Event) -> Finding {
        if self.until.is_some_and(|until| now >= until) {
            return Err(format!("{event:?} promises too late"));
        }
        let place = place_in(engine, now, uuid).ok_or(format!("{uuid} asks and has no row"))?;
        *self.asked.entry(uuid.to_owned()).or_default() += 1;
        let due = now + self.delay;
        let request = Request {
            place,
            not_before: due,
            due,
            number: event.header("CC-Callback-Number").unwrap_or_default().to_owned(),
            ..Request::default()
        };
        match self.requests.insert(uuid.to_owned(), request) {
            None => Ok(()),
            Some(_) => Err(format!("{uuid} is to be called back twice")),
        }
    }

    fn ends(&mut self, uuid: &str, event: &Event) -> Finding {
        *self.ended.entry(uuid.to_owned()).or_default() += 1;
        match self.requests.remove(uuid) {
            Some(request) => {
                if event.header("CC-Callback-Result") == Some("given-up") && request.attempts < self.most_attempts {
                    return Err(format!("{event:?} comes too soon: {request:?}"));
                }
                // Who calls meanwhile, or has been reached, gets the agent who waits.
                let has_agent = matches!(event.header("CC-Callback-Result"), Some("answered" | "taken-live"));
                self.to_be_freed.extend(request.waiting.filter(|_| !has_agent));
                Ok(())
            }
            None => Err(format!("{event:?} of what was not asked for")),
        }
    }

    fn call(&mut self, now: Timestamp, engine: &Engine, call: &CallBack) -> Finding {
        let holds = |request: &&Request| !request.is_idle() && !request.leaving && !request.unheld;
        let (held, free) = (self.requests.values().filter(holds).count(), self.free.len());
        let request = self.requests.get_mut(&call.member_uuid);
        let request = request.ok_or(format!("{call:?} is for nobody who has asked"))?;
        if !request.is_idle() || now < request.not_before || self.is_stopped {
            return Err(format!("{call:?} comes too soon, or is not made now: {request:?}"));
        }
        request.attempts += 1;
        (request.attempt, request.unheld) = (Some(call.attempt), false);
        let of_day = self.of_day.entry(call.number.clone()).or_default();
        *of_day += 1;
        if self.most_of_day > 0 && *of_day > self.most_of_day {
            return Err(format!("{call:?} is one too many on this day"));
        }
        if request.attempts > self.most_attempts || request.attempts != call.number_of_attempt {
            return Err(format!("{call:?} is one too many, or counted wrongly: {request:?}"));
        }
        if let Some(waiting) = &call.waiting_agent {
            request.waiting = Some(waiting.offer);
            let is_rung = self.offers.get(&waiting.offer);
            return match is_rung.is_some_and(|(_, member)| *member == call.member_uuid) {
                true => Ok(()),
                false => Err(format!("{call:?} for an agent who was not called")),
            };
        }
        let place = request.place;
        if self.lead > Span::ZERO && is_soon_served((now, engine), place, (self.lead, self.there.len())) {
            return Ok(());
        }
        if held >= free {
            return Err(format!("{call:?} while {held} agents are held and {free} are free"));
        }
        self.nobody_is_jumped(now, place, &format!("{call:?}"))
    }

    fn ring(&mut self, now: Timestamp, engine: &Engine, ring: &Ring) -> Finding {
        self.free.remove(&ring.agent);
        self.offers
            .insert(ring.offer, (ring.agent.clone(), ring.member_uuid.clone()));
        self.shake();
        let place = place_in(engine, now, &ring.member_uuid).ok_or(format!("{ring:?} for nobody who waits"))?;
        if let Some(request) = self.requests.get(&ring.member_uuid) {
            let is_given_back = request.given_back.get(&ring.agent).is_some_and(|until| now < *until);
            let comes_back = ring.calls_back.is_some() && (!request.is_idle() || now < request.not_before);
            if is_given_back || comes_back {
                return Err(format!("{ring:?} comes too soon: {request:?}"));
            }
        }
        self.nobody_is_jumped_by(now, place, Some(&ring.agent), &format!("{ring:?}"))
    }

    /// Whether the agent of this offer has taken a callback and waits.
    pub fn waits(&self, offer: OfferId) -> bool {
        self.requests.values().any(|request| request.waiting == Some(offer))
    }

    /// The agent who waited has the caller, or nobody.
    pub fn is_connected(&mut self, offer: OfferId) {
        let requests = self.requests.values_mut();
        requests
            .filter(|request| request.waiting == Some(offer))
            .for_each(|request| request.waiting = None);
    }

    /// An agent does not want a callback.
    pub fn is_given_back(&mut self, now: Timestamp, offer: OfferId) {
        let Some((agent, member)) = self.offers.get(&offer) else {
            return;
        };
        let until = now + self.retry_delay;
        if let Some(request) = self.requests.get_mut(member) {
            request.given_back.insert(agent.clone(), until);
        }
    }

    fn is_rung_for(&self, uuid: &str) -> bool {
        self.offers.values().any(|(_, member)| member == uuid)
    }

    fn wants(&self, live: &Live, now: Timestamp) -> bool {
        !live.leaving && now > live.since && now > self.refused_until && !self.is_rung_for(&live.uuid)
    }

    /// Nobody who is on the phone, or due to be called, stands before who is served now.
    fn nobody_is_jumped(&self, now: Timestamp, place: Place, what: &str) -> Finding {
        self.nobody_is_jumped_by(now, place, None, what)
    }

    /// The same where it is known which agent serves: who was given back by that one is for others.
    fn nobody_is_jumped_by(&self, now: Timestamp, place: Place, agent: Option<&str>, what: &str) -> Finding {
        let mut live = self.live.values().filter(|live| live.place < place);
        if let Some(live) = live.find(|live| self.wants(live, now)) {
            return Err(format!("{what} although {live:?} stands before"));
        }
        let is_due = |request: &Request| !self.is_stopped && now > request.due.max(self.refused_until);
        let is_others = |request: &Request| {
            let until = agent.and_then(|agent| request.given_back.get(agent));
            until.is_some_and(|until| now <= *until)
        };
        let mut due = self
            .requests
            .iter()
            .filter(|(uuid, request)| request.is_idle() && is_due(request) && !self.is_rung_for(uuid));
        match due.find(|(_, request)| request.place < place && !is_others(request)) {
            Some((_, request)) => Err(format!("{what} although {request:?} stands before")),
            None => Ok(()),
        }
    }

    /// A caller has come in: new, or in the place of its own callback; or somebody who was called back.
    pub fn joins(
        &mut self,
        engine: &Engine,
        now: Timestamp,
        member: MemberId,
        (uuid, is_back): (&str, bool),
    ) -> Finding {
        let place = place_in(engine, now, uuid).ok_or(format!("{uuid} joins and has no row"))?;
        match self.requests.get_mut(uuid) {
            Some(request) if is_back && request.reached && request.place == place => request.unheld = true,
            None if !is_back => (),
            request => {
                return Err(format!(
                    "{uuid} comes to {place:?} (called back: {is_back}): {request:?}"
                ))
            }
        }
        let live = Live {
            uuid: uuid.to_owned(),
            place,
            leaving: false,
            since: now,
        };
        self.live.insert(member, live);
        self.has_one_place(engine, now, uuid)
    }

    /// Nobody waits on the phone who is to be dialled.
    fn has_one_place(&self, engine: &Engine, now: Timestamp, uuid: &str) -> Finding {
        let rows = engine.member_rows(None, now);
        let number = rows
            .iter()
            .find(|listing| listing.row.uuid == uuid)
            .map(|listing| &listing.row.cid_number);
        let is_idle = |uuid: &str| {
            self.requests
                .get(uuid)
                .is_some_and(|request| !request.reached && !request.leaving)
        };
        let mut others = engine
            .callbacks(None)
            .into_iter()
            .filter(|row| row.uuid != uuid && is_idle(&row.uuid));
        match others.find(|row| Some(&row.number) == number) {
            Some(row) => Err(format!("{uuid} has two places: {row:?}")),
            None => Ok(()),
        }
    }

    /// A caller who is to be called back has not hung up yet.
    pub fn is_leaving(&mut self, member: MemberId, uuid: &str) {
        if let Some(live) = self.live.get_mut(&member) {
            live.leaving = true;
        }
        if let Some(request) = self.requests.get_mut(uuid) {
            request.leaving = true;
        }
    }

    /// A caller is not on the phone any more.
    pub fn left(&mut self, now: Timestamp, member: MemberId) {
        let Some(live) = self.live.remove(&member) else { return };
        if let Some(request) = self.requests.get_mut(&live.uuid) {
            request.leaving = false;
            request.due = request.due.max(now);
        }
    }

    /// `callback now`.
    pub fn hasten(&mut self, now: Timestamp, uuid: &str) {
        if let Some(request) = self.requests.get_mut(uuid).filter(|request| request.is_idle()) {
            request.put_off(now, now);
        }
    }

    /// An agent comes, or goes.
    pub fn agent(&mut self, now: Timestamp, name: &str, is_there: bool) {
        self.shake();
        let is_rung = self.offers.values().any(|(agent, _)| agent == name);
        if !is_there {
            self.there.remove(name);
            self.free.remove(name);
            return;
        }
        self.there.insert(name.to_owned());
        if !is_rung {
            self.free.insert(name.to_owned(), now + Span::from_secs(2));
        }
    }

    /// An offer is over.
    pub fn offer_ends(&mut self, now: Timestamp, offer: OfferId) {
        let Some((agent, uuid)) = self.offers.remove(&offer) else {
            return;
        };
        if self.there.contains(&agent) {
            // The floor after an offer that failed, at the latest.
            self.free.insert(agent, now + Span::from_secs(2));
        }
        for live in self.live.values_mut().filter(|live| live.uuid == uuid) {
            live.since = now;
        }
        self.to_be_freed.remove(&offer);
        if let Some(request) = self.requests.get_mut(&uuid) {
            request.due = request.due.max(now);
            request.waiting = request.waiting.filter(|waiting| *waiting != offer);
        }
    }

    /// Between two steps: places are what they were, and nobody idles but for attempts.
    pub fn settled(&self, now: Timestamp, engine: &Engine) -> Finding {
        let rows = engine.member_rows(None, now);
        let places: BTreeMap<&str, Place> = rows
            .iter()
            .map(|listing| (listing.row.uuid.as_str(), place_of(&listing.row)))
            .collect();
        for (uuid, request) in &self.requests {
            let place = places.get(uuid.as_str());
            if place != Some(&request.place) {
                return Err(format!("{uuid} has lost its place: {request:?}, {place:?}"));
            }
        }
        if !self.to_be_freed.is_empty() {
            return Err(format!("{:?} have waited in vain and are not free", self.to_be_freed));
        }
        let free = self.free.values().filter(|since| now > **since).count();
        for live in self.live.values().filter(|live| self.wants(live, now)) {
            let held = self
                .requests
                .values()
                .filter(|request| (request.attempt.is_some() || request.reached) && request.waiting.is_none());
            let before = held.filter(|request| request.place <= live.place).count();
            if free > before {
                return Err(format!(
                    "{live:?} waits although {free} agents are free and {before} held"
                ));
            }
        }
        Ok(())
    }

    /// The switch and all calls are gone; what is to be called back is not.
    pub fn crash(&mut self, now: Timestamp) {
        self.live.clear();
        self.offers.clear();
        self.free.clear();
        self.there.clear();
        let latest = now + self.ring_time + self.retry_delay + Span::from_secs(2);
        for request in self.requests.values_mut() {
            match request.is_idle() {
                true => request.due = request.due.max(now) + Span::from_secs(2),
                false => request.put_off(now, latest),
            }
            (request.leaving, request.unheld) = (false, false);
            request.given_back.clear();
            // The row has whole seconds.
            request.not_before = Timestamp::from_secs(request.not_before.steady_secs());
        }
        // Of those who are not to be called back any more nothing is kept.
        let kept = self.requests.values().filter(|request| request.attempts > 0);
        self.of_day = kept.map(|request| (request.number.clone(), request.attempts)).collect();
        self.to_be_freed.clear();
        self.is_stopped = false;
    }

    /// The day is over.
    pub fn everything_has_ended(&self) -> Finding {
        if let Some((uuid, request)) = self.requests.iter().next() {
            return Err(format!("{uuid} has no end: {request:?}"));
        }
        match self.asked == self.ended {
            true => Ok(()),
            false => Err(format!("asked for {:?}, ended {:?}", self.asked, self.ended)),
        }
    }
}
