//! Nobody waits longer than the queue's limits allow.

use crate::admission;
use crate::demand::before;
use crate::ledger::{Finding, Ledger, Member};
use mod_callcenter::engine::{CallerRequirements, Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Since when each queue, and each member with requirements, has been seen without an agent who is logged in.
#[derive(Default)]
pub struct Patience {
    without_agent: BTreeMap<String, Timestamp>,
    wishing_without_agent: BTreeMap<String, Timestamp>,
    /// Since when each queue has had its present configuration.
    loaded: BTreeMap<String, Timestamp>,
}

impl Patience {
    /// A queue has got a configuration: its limits count for members from now on.
    pub fn note_load(&mut self, now: Timestamp, queue: &str) {
        self.loaded.insert(queue.to_owned(), now);
    }

    /// A new process begins.
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    /// No member that nobody rings for is beyond a limit.
    pub fn limits_are_kept(&mut self, ledger: &Ledger, now: Timestamp) -> Finding {
        self.note_agents(ledger, now);
        self.note_agents_of_wishing(ledger, now);
        let late = ledger.members.iter().find(|(uuid, member)| {
            !member.leaving
                && ledger.offers_of_member(uuid).next().is_none()
                && (self.is_beyond_max_wait(ledger, member, now)
                    || self.is_beyond_no_agent(ledger, (uuid.as_str(), *member), now)
                    || self.is_beyond_dissuasion(ledger, member, now)
                    || is_in_empty_queue(ledger, uuid, member, now))
        });
        match late {
            Some((uuid, member)) => Err(format!(
                "{uuid} still waits: {member:?}, {:?}, without agents since {:?}",
                ledger.queues.get(&member.queue),
                self.without_agent.get(&member.queue)
            )),
            None => Ok(()),
        }
    }

    fn note_agents(&mut self, ledger: &Ledger, now: Timestamp) {
        let nothing = CallerRequirements::default();
        let is_served = |queue: &str| {
            let mut agents = admission::agents_of(ledger, (queue, &nothing), Span::ZERO);
            agents.next().is_some()
        };
        let queues = ledger.queues.keys().map(String::as_str);
        let served: BTreeSet<&str> = queues.filter(|queue| is_served(queue)).collect();
        self.without_agent.retain(|queue, _| !served.contains(queue.as_str()));
        for queue in ledger.queues.keys().filter(|queue| !served.contains(queue.as_str())) {
            if !self.without_agent.contains_key(queue) {
                self.without_agent.insert(queue.clone(), now);
            }
        }
    }

    fn is_beyond_max_wait(&self, ledger: &Ledger, member: &Member, now: Timestamp) -> bool {
        let limit = ledger
            .queues
            .get(&member.queue)
            .map_or(0, |config| config.max_wait_time);
        limit > 0 && now > member.limits_from.max(self.loaded_at(&member.queue)) + seconds(limit)
    }

    /// For a caller with requirements it is asked who could serve this caller, sooner or later.
    fn note_agents_of_wishing(&mut self, ledger: &Ledger, now: Timestamp) {
        let before = std::mem::take(&mut self.wishing_without_agent);
        for (uuid, member) in &ledger.members {
            let config = ledger.queues.get(&member.queue);
            let has_limit = config.is_some_and(|config| config.max_wait_time_with_no_agent > 0);
            let Some(place) = ledger
                .places
                .get(uuid)
                .filter(|_| has_limit && member.requirements != CallerRequirements::default())
            else {
                continue;
            };
            let asks = (member.queue.as_str(), &member.requirements);
            if admission::agents_of(ledger, asks, now.since(place.joined))
                .next()
                .is_none()
            {
                let since = before.get(uuid).copied().unwrap_or(now);
                self.wishing_without_agent.insert(uuid.clone(), since);
            }
        }
    }

    fn is_beyond_no_agent(&self, ledger: &Ledger, (uuid, member): (&str, &Member), now: Timestamp) -> bool {
        let since = if member.requirements == CallerRequirements::default() {
            self.without_agent.get(&member.queue)
        } else {
            self.wishing_without_agent.get(uuid)
        };
        let (Some(config), Some(since)) = (ledger.queues.get(&member.queue), since) else {
            return false;
        };
        let limit = config.max_wait_time_with_no_agent;
        let grace = seconds(config.max_wait_time_with_no_agent_time_reached);
        let from = (*since)
            .max(member.limits_from + grace)
            .max(self.loaded_at(&member.queue));
        limit > 0 && now > from + seconds(limit)
    }

    fn is_beyond_dissuasion(&self, ledger: &Ledger, member: &Member, now: Timestamp) -> bool {
        let parting = ledger
            .queues
            .get(&member.queue)
            .filter(|config| admission::parts(config));
        let limit = parting.map_or(0, |config| config.dissuade_wait);
        limit > 0 && now > member.limits_from.max(self.loaded_at(&member.queue)) + seconds(limit)
    }

    fn loaded_at(&self, queue: &str) -> Timestamp {
        self.loaded.get(queue).copied().unwrap_or_default()
    }
}

fn is_in_empty_queue(ledger: &Ledger, uuid: &str, member: &Member, now: Timestamp) -> bool {
    let config = ledger.queues.get(&member.queue);
    let absences = config.and_then(|config| config.leave_when_empty);
    let Some(place) = ledger.places.get(uuid) else {
        return false;
    };
    // A deadline at this very instant may still be to come.
    let waited = before(now.since(place.joined));
    let asks = (member.queue.as_str(), &member.requirements);
    let own = member.still_prefers();
    absences.is_some_and(|absences| admission::is_empty(ledger, asks, (&own, waited), absences))
}

fn seconds(seconds: u32) -> Span {
    Span::from_secs(i64::from(seconds))
}
