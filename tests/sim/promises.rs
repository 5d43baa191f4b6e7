//! Callers who are promised a call: what holds of every promise, whatever the day brings. The place is kept, there is one attempt at a time
//! and none too soon or too often, no attempt is made while nobody could take it, and each promise ends once. `workload` has the days.
//!
//! `SIM_SEED=N cargo test --test sim promises` plays one day.

mod workload;

pub use workload::with_callbacks;

use crate::days::{asked_or, day};
use crate::demand::could_ever_serve;
use crate::ledger::{Away, Finding, Ledger};
use crate::mutants;
use crate::watch;
use callcenter_simulator::Scene;
use mod_callcenter::engine::{
    CallBack, CallbackAttemptId, CallbackCounts, CallbackEnd, CallbackFirst, EngineError, Event, Input, JoinRequest,
    Output, Reply, Snapshot, Span, TimeOfDay, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// So many days have passed every mark about callbacks.
const DAYS: u64 = 150;

/// A promise that has not ended.
#[derive(Debug)]
struct Promise {
    queue: String,
    number: String,
    joined_epoch: Option<i64>,
    attempt: Option<CallbackAttemptId>,
    /// Attempts so far, as far as they count.
    attempts: u32,
    /// A talk with an agent has begun, which is the only way to succeed.
    talks: bool,
    /// Somebody has called meanwhile, or was reached.
    is_there: bool,
}

/// An attempt of this step, and what there was to be had when it began.
#[derive(Debug)]
struct Attempt {
    call: CallBack,
    has_agent: bool,
}

/// The promises of the process that runs.
#[derive(Default)]
pub struct Promises {
    open: BTreeMap<String, Promise>,
    /// How often each number was called since the process began, as far as that counts.
    of_number: BTreeMap<String, u32>,
    attempts: BTreeSet<CallbackAttemptId>,
    begun: Vec<Attempt>,
    /// What was counted of each queue since the process began, or since the figures were reset.
    counts: BTreeMap<String, CallbackCounts>,
    asked: u64,
    ended: u64,
}

impl Promises {
    /// Before the ledger takes the input.
    pub fn input(&mut self, ledger: &Ledger, input: &Input, reply: &Result<Reply, EngineError>) -> Finding {
        match (input, reply) {
            (Input::Restore(snapshot), Ok(_)) => self.restore(snapshot),
            (Input::StatsReset, Ok(_)) => self.counts.clear(),
            (Input::OfferFailed { offer, end }, Ok(_)) if *end == mod_callcenter::engine::RingEnd::GivenBack => {
                let offer = ledger.offers.get(offer).filter(|offer| offer.is_being_offered());
                if let Some(offer) = offer.filter(|offer| offer.stage == crate::ledger::Stage::Ringing) {
                    self.counts.entry(offer.queue.clone()).or_default().given_back += 1;
                }
            }
            (Input::OfferBridged { offer }, Ok(_)) => {
                let promise = ledger
                    .offers
                    .get(offer)
                    .and_then(|offer| self.open.get_mut(&offer.member));
                promise.into_iter().for_each(|promise| promise.talks = true);
            }
            (Input::Adopt(found), Ok(_)) => {
                for talk in &found.talks {
                    let promise = self.open.get_mut(&talk.member_uuid);
                    promise.into_iter().for_each(|promise| promise.talks = true);
                }
            }
            (Input::MemberJoin(request), Ok(Reply::Joined { member_uuid, .. })) => {
                return self.comes(ledger, request, member_uuid);
            }
            (Input::CallbackFailed { attempt, end }, Ok(_)) => return self.fails(*attempt, end),
            _ => {}
        }
        Ok(())
    }

    fn restore(&mut self, snapshot: &Snapshot) {
        let answered = |uuid: &str| {
            let mut rows = snapshot.members.iter();
            rows.any(|row| row.uuid == uuid && row.state == mod_callcenter::engine::MemberState::Answered)
        };
        *self = Self::default();
        for row in snapshot.callbacks.iter().filter(|row| !answered(&row.uuid)) {
            let promise = Promise {
                queue: row.queue.clone(),
                number: row.number.clone(),
                // The machine's clock may have been set back.
                joined_epoch: None,
                attempt: None,
                attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
                talks: false,
                is_there: false,
            };
            self.asked += 1;
            self.open.insert(row.uuid.clone(), promise);
        }
    }

    /// Somebody enters a queue: whoever is to be called back from there on this number gets the place that is kept.
    fn comes(&mut self, ledger: &Ledger, request: &JoinRequest, uuid: &str) -> Finding {
        if let Some(promise) = self.open.get_mut(uuid) {
            promise.is_there = true;
            return Ok(());
        }
        let is_away = |uuid: &str| {
            let callback = ledger.members.get(uuid).and_then(|member| member.callback.as_ref());
            callback.is_some_and(|callback| matches!(callback.stage, Away::Pending | Away::Attempting))
        };
        let is_theirs = |(uuid, promise): &(&String, &Promise)| {
            (&promise.queue, &promise.number) == (&request.queue, &request.cid_number) && is_away(uuid)
        };
        match self.open.iter().find(is_theirs) {
            Some(two) if request.requirements.media == mod_callcenter::engine::Media::Audio => {
                Err(format!("{uuid} has two places: {two:?}"))
            }
            _ => Ok(()),
        }
    }

    fn fails(&mut self, attempt: CallbackAttemptId, end: &CallbackEnd) -> Finding {
        let mut open = self.open.values_mut();
        let Some(promise) = open.find(|promise| promise.attempt == Some(attempt)) else {
            return Err(format!("the end of {attempt:?}, which is over, was taken"));
        };
        if matches!(end, CallbackEnd::Refused(..)) {
            promise.attempts -= 1;
            let number = promise.number.clone();
            let queue = promise.queue.clone();
            let of_number = self.of_number.entry(number).or_default();
            *of_number = of_number.saturating_sub(1);
            let counts = self.counts.entry(queue).or_default();
            counts.attempts = counts.attempts.saturating_sub(1);
        }
        Ok(())
    }

    /// Before the ledger takes the output.
    pub fn output(&mut self, ledger: &Ledger, now: Timestamp, output: &Output) -> Finding {
        match output {
            Output::CallBack(call) => self.dials(ledger, now, call),
            Output::Event(event) => self.event(ledger, event),
            _ => Ok(()),
        }
    }

    fn dials(&mut self, ledger: &Ledger, now: Timestamp, call: &CallBack) -> Finding {
        let Some(promise) = self.open.get_mut(&call.member_uuid) else {
            return Err(format!("{call:?} is for nobody who was promised one"));
        };
        if promise.attempt.is_some() || promise.is_there || promise.talks || !self.attempts.insert(call.attempt) {
            return Err(format!("{call:?} although {promise:?}"));
        }
        promise.attempt = Some(call.attempt);
        promise.attempts += 1;
        let is_miscounted = promise.attempts != call.number_of_attempt;
        let of_number = self.of_number.entry(call.number.clone()).or_default();
        *of_number += 1;
        let config = ledger.queues.get(&call.queue).map(|config| &config.callbacks);
        let most = config.map_or(0, |config| config.attempts);
        let most_of_day = config.map_or(0, |config| config.attempts_per_day);
        let is_too_much = most > 0 && call.number_of_attempt > most || most_of_day > 0 && *of_number > most_of_day;
        let callback = ledger
            .members
            .get(&call.member_uuid)
            .and_then(|member| member.callback.as_ref());
        let is_too_soon = callback.is_none_or(|callback| now < callback.not_before);
        if config.is_none_or(|config| config.dial.is_none()) {
            return Err(format!("{call:?} of a queue that calls nobody back"));
        }
        if is_too_much || is_miscounted || is_too_soon || call.number != promise.number || call.queue != promise.queue {
            return Err(format!(
                "{call:?} is one too many, too soon, miscounted or wrong: {promise:?}, {callback:?}"
            ));
        }
        let waits = |offer: &mod_callcenter::engine::OfferId| {
            let offer = ledger.offers.get(offer);
            offer.is_some_and(|offer| offer.is_waiting() && offer.member == call.member_uuid)
        };
        let has_agent = match &call.waiting_agent {
            Some(waiting) => waits(&waiting.offer),
            None => has_free_agent(ledger, call),
        };
        let call = call.clone();
        self.begun.push(Attempt { call, has_agent });
        Ok(())
    }

    fn event(&mut self, ledger: &Ledger, event: &Event) -> Finding {
        let get = |name| event.header(name).unwrap_or_default().to_owned();
        let (uuid, queue) = (get("CC-Member-UUID"), get("CC-Queue"));
        let counts = self.counts.entry(queue.clone()).or_default();
        match event.action() {
            "callback-requested" => {
                counts.requested += 1;
                return self.begins(ledger, &uuid, queue, get("CC-Callback-Number"));
            }
            "callback-attempt" => counts.attempts += 1,
            "callback-reached" => {
                counts.reached += 1;
                let promise = self.open.get_mut(&uuid);
                promise.into_iter().for_each(|promise| promise.attempt = None);
            }
            "callback-failed" => {
                let promise = self.open.get_mut(&uuid);
                promise
                    .into_iter()
                    .for_each(|promise| (promise.attempt, promise.is_there) = (None, false));
            }
            "callback-ended" | "callback-expired" => {
                note_result(counts, &get("CC-Callback-Result"))?;
                self.ended += 1;
                let is_success = get("CC-Callback-Result") == "answered";
                return match self.open.remove(&uuid) {
                    Some(promise) if is_success == promise.talks => Ok(()),
                    promise => Err(format!("{event:?} of {promise:?}")),
                };
            }
            _ => {}
        }
        Ok(())
    }

    fn begins(&mut self, ledger: &Ledger, uuid: &str, queue: String, number: String) -> Finding {
        self.asked += 1;
        let config = ledger.queues.get(&queue).map(|config| &config.callbacks);
        if config.is_none_or(|config| config.dial.is_none() || config.until == TimeOfDay::parse("00:00")) {
            return Err(format!("{uuid} is promised what {queue} does not promise: {config:?}"));
        }
        let is_same = |promise: &&Promise| (&promise.queue, &promise.number) == (&queue, &number);
        if let Some(other) = self.open.values().find(is_same) {
            return Err(format!("{uuid} is promised what {other:?} is"));
        }
        let row = ledger.rows.members().iter().find(|row| row.uuid == uuid);
        let promise = Promise {
            queue,
            number,
            joined_epoch: row.map(|row| row.joined_epoch),
            attempt: None,
            attempts: 0,
            talks: false,
            is_there: false,
        };
        match self.open.insert(uuid.to_owned(), promise) {
            None => Ok(()),
            Some(other) => Err(format!("{uuid} is promised a second call: {other:?}")),
        }
    }

    /// The step is over, and the rows are the state of things: places are kept, and attempts had an agent, or were to have one soon.
    pub fn settle(&mut self, ledger: &Ledger, scene: &Scene<'_>) -> Finding {
        for attempt in std::mem::take(&mut self.begun) {
            let has_agent = attempt.has_agent || has_free_agent(ledger, &attempt.call);
            if !has_agent && !is_soon_served(ledger, scene, &attempt.call) {
                return Err(format!("{:?} while nobody could take it", attempt.call));
            }
        }
        for (uuid, promise) in &mut self.open {
            if !ledger.members.contains_key(uuid) {
                return Err(format!("{uuid} has lost its place: {promise:?}"));
            }
            let Some(row) = ledger.rows.members().iter().find(|row| row.uuid == *uuid) else {
                continue;
            };
            let joined = *promise.joined_epoch.get_or_insert(row.joined_epoch);
            if row.joined_epoch != joined {
                return Err(format!("{uuid} has another place than it had: {row:?}, {promise:?}"));
            }
        }
        Ok(())
    }

    /// What the engine lists and counts is what was promised.
    pub fn are_what_is_shown(&self, scene: &Scene<'_>) -> Finding {
        let (rows, figures) = scene
            .driver
            .view(|engine, _| (engine.callbacks(None), engine.queue_statistics(None)));
        let shown: BTreeSet<&String> = rows.iter().map(|row| &row.uuid).collect();
        let open: BTreeSet<&String> = self.open.keys().collect();
        if shown != open {
            return Err(format!("callbacks {shown:?} are listed, and {open:?} were promised"));
        }
        let nothing = CallbackCounts::default();
        for queue in figures {
            let counted = self.counts.get(&queue.name).unwrap_or(&nothing);
            if queue.counts.callbacks != *counted {
                let shown = queue.counts.callbacks;
                return Err(format!("{} shows {shown:?} and had {counted:?}", queue.name));
            }
        }
        Ok(())
    }

    /// The day is over.
    pub fn everything_has_ended(&self) -> Finding {
        match self.open.iter().next() {
            Some(open) => Err(format!("{open:?} has no end")),
            None if self.asked != self.ended => Err(format!(
                "{} promises, and {} of them have ended",
                self.asked, self.ended
            )),
            None => Ok(()),
        }
    }
}

fn note_result(counts: &mut CallbackCounts, result: &str) -> Finding {
    let count = match result {
        "answered" => &mut counts.answered,
        "taken-live" => &mut counts.taken_live,
        "left" => &mut counts.left,
        "cancelled" => &mut counts.cancelled,
        "declined" => &mut counts.declined,
        "expired" | "given-up" | "too-often" => &mut counts.expired,
        other => return Err(format!("a callback ends as {other:?}")),
    };
    *count += 1;
    Ok(())
}

/// Whether by the pace of the line the turn of who is dialled comes within `callback-lead`, and there are agents enough.
fn is_soon_served(ledger: &Ledger, scene: &Scene<'_>, call: &CallBack) -> bool {
    let config = ledger.queues.get(&call.queue).map(|config| &config.callbacks);
    let lead = config.filter(|config| config.first == CallbackFirst::Customer);
    let lead = lead.map_or(0, |config| config.lead);
    let figures = scene
        .driver
        .view(|engine, _| engine.queue_statistics(Some(&call.queue)));
    let Some(queue) = figures.first() else { return false };
    let place = ledger.places.get(&call.member_uuid);
    let is_before = |(uuid, member): &(&String, &crate::ledger::Member)| {
        member.queue == call.queue && ledger.places.get(*uuid) < place && ledger.waits(uuid)
    };
    let before = ledger.members.iter().filter(is_before).count();
    let Some(next) = queue.estimated_wait else { return false };
    let step = next.micros() / i64::try_from(queue.live.on_hold + 1).unwrap_or(i64::MAX);
    let wait = Span::from_micros(step * i64::try_from(before + 1).unwrap_or(i64::MAX));
    let agents = usize::try_from(queue.live.agents - queue.live.paused_agents).unwrap_or(usize::MAX);
    lead > 0 && wait <= Span::from_secs(i64::from(lead)) && before < agents
}

/// Whether an agent of the queue may be without a call.
fn has_free_agent(ledger: &Ledger, call: &CallBack) -> bool {
    let Some(member) = ledger.members.get(&call.member_uuid) else {
        return false;
    };
    let asks = (call.queue.as_str(), &member.requirements);
    ledger.rows.agents().iter().any(|row| {
        let serves = could_ever_serve(ledger, asks, &row.name, Span::ZERO);
        serves && ledger.call_of_agent(&row.name).is_none()
    })
}

#[test]
fn callers_are_called_back_on_ordinary_days() {
    mutants::break_as_told();
    for seed in asked_or(0..DAYS) {
        watch::check(&with_callbacks(day(seed))).unwrap_or_else(|finding| panic!("day {seed}: {finding}"));
    }
}
