//! What inputs and outputs have said so far, and the checks of their order: every offer and every member begins and
//! ends exactly once, nobody is offered twice at once, and only promised sequences occur.

use mod_callcenter::core::{
    EngineError, Event, Input, MemberId, OfferId, Output, QueueConfig, Reply, Ring, RowChange, Span, Strategy,
    Timestamp,
};
use mod_callcenter::sim::Rows;
use std::collections::{BTreeMap, HashMap};

/// A finding of a checker.
pub type Finding = Result<(), String>;

/// The books of a run.
#[derive(Default)]
pub struct Ledger {
    /// Loaded queues.
    pub queues: BTreeMap<String, QueueConfig>,
    /// Rows as they stood before the present step.
    pub rows: Rows,
    /// Members in a queue, by member uuid.
    pub members: BTreeMap<String, Member>,
    /// Offers under way.
    pub offers: BTreeMap<OfferId, Offer>,
    /// Exact instants of agents, by name.
    pub agents: HashMap<String, AgentTimes>,
    /// Place in line of every member with a row: the score at the epoch, and the exact instant of joining.
    pub places: HashMap<String, Place>,
    uuids: HashMap<MemberId, String>,
    rows_of_this_step: Vec<RowChange>,
    announced: Option<(String, String)>,
}

/// A member in a queue.
#[derive(Debug, Clone)]
pub struct Member {
    pub queue: String,
    pub entered: Timestamp,
    /// member-queue-start or -resume was fired.
    pub started: bool,
    /// The caller has left, or was asked to.
    pub leaving: bool,
    /// A limit of an earlier configuration of the queue may have been reached.
    pub overdue: bool,
    /// ring-progressively: from when on one more agent may ring.
    pub ring_more_at: Timestamp,
}

/// An offer under way.
#[derive(Debug, Clone)]
pub struct Offer {
    pub queue: String,
    pub agent: String,
    pub member: String,
    pub stage: Stage,
    /// bridge-agent-start was fired.
    pub started: bool,
    /// The agent was deleted meanwhile: the name may belong to another agent by now.
    pub orphan: bool,
    /// The tier was deleted meanwhile: a new one of that name knows nothing of the offer.
    pub tier_gone: bool,
    /// The member left and came back to its place meanwhile: the offer is for the channel it had before.
    pub earlier_stay: bool,
}

/// How far an offer is, as inputs and outputs tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Ringing,
    Cancelled,
    Failed,
    Answered,
    Bridged,
    Ending,
}

/// Instants finer than rows carry.
#[derive(Debug, Clone, Copy, Default)]
pub struct AgentTimes {
    pub last_bridge_end: Timestamp,
    pub retry_after: Timestamp,
}

/// A place in line; the smaller is served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub standing: std::cmp::Reverse<i64>,
    pub joined: Timestamp,
}

impl Ledger {
    pub fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) -> Finding {
        match (input, reply) {
            (Input::Restore(_), Ok(_)) => self.restart(),
            (Input::LoadQueue(config), Ok(_)) => {
                self.note_overdue(now, &config.name);
                self.queues.insert(config.name.clone(), config.clone());
            }
            (Input::UnloadQueue(name), Ok(_)) => {
                self.note_overdue(now, name);
                self.queues.remove(name);
            }
            (Input::AgentDel { name }, Ok(_)) => self.orphan_offers(name),
            (Input::TierDel { queue, agent }, Ok(_)) => self.take_tier_from_offers(queue, agent),
            (
                Input::MemberJoin(request),
                Ok(Reply::Joined {
                    member, member_uuid, ..
                }),
            ) => {
                return self.join(now, &request.queue, *member, member_uuid);
            }
            (Input::MemberExit { member, .. }, reply) => return self.exit(*member, reply),
            (Input::OfferAnswered { offer, .. }, Ok(_)) => {
                return self.advance(*offer, &[Stage::Ringing], Stage::Answered)
            }
            (Input::OfferAnswered { offer, .. }, Err(_)) => self.give_up_late(*offer),
            (Input::OfferFailed { offer, .. }, Ok(_)) => {
                return self.advance(*offer, &[Stage::Ringing, Stage::Cancelled], Stage::Failed);
            }
            (Input::OfferBridged { offer }, Ok(_)) => return self.advance(*offer, &[Stage::Answered], Stage::Bridged),
            (Input::BridgeFailed { offer, member_up, .. }, Ok(_)) => {
                self.mark_member_down(*offer, *member_up);
                return self.advance(*offer, &[Stage::Answered], Stage::Ending);
            }
            _ => {}
        }
        Ok(())
    }

    pub fn output(&mut self, now: Timestamp, output: &Output) -> Finding {
        match output {
            Output::Row(change) => self.note_row(now, change),
            Output::Ring(ring) => return self.ring(now, ring),
            Output::CancelRing { offer, .. } => return self.cancel(*offer),
            Output::Release(release) => {
                let uuid = self.uuids.get(&release.member).cloned().unwrap_or_default();
                match self.members.get_mut(&uuid) {
                    Some(member) => member.leaving = true,
                    None => return Err(format!("released {uuid:?}, who is in no queue")),
                }
            }
            Output::Event(event) => return self.event(now, event),
            _ => {}
        }
        Ok(())
    }

    /// The step is over: its rows are the state of things now.
    pub fn settle(&mut self) -> Finding {
        for change in std::mem::take(&mut self.rows_of_this_step) {
            self.rows.apply(change);
        }
        match &self.announced {
            Some(offering) => Err(format!("agent-offering of {offering:?} without a ring")),
            None => Ok(()),
        }
    }

    /// Live offers of an agent of this name.
    pub fn offers_of_agent<'a>(&'a self, agent: &'a str) -> impl Iterator<Item = &'a Offer> {
        self.offers
            .values()
            .filter(move |offer| offer.agent == agent && !offer.orphan)
    }

    /// Live offers of a member's present stay.
    pub fn offers_of_member<'a>(&'a self, uuid: &'a str) -> impl Iterator<Item = &'a Offer> {
        self.offers
            .values()
            .filter(move |offer| offer.member == uuid && !offer.earlier_stay)
    }

    /// Whether a member may have reached a limit: it is offered to nobody else then, even while a ring is under way.
    pub fn may_be_overdue(&self, member: &Member, now: Timestamp) -> bool {
        let limits = |config: &QueueConfig| [config.max_wait_time, config.max_wait_time_with_no_agent];
        let waited = now.since(member.entered).secs();
        let reached = |limit: u32| limit > 0 && waited >= i64::from(limit);
        member.overdue
            || self
                .queues
                .get(&member.queue)
                .is_some_and(|config| limits(config).into_iter().any(reached))
    }

    pub fn rings_several(&self, queue: &str) -> bool {
        self.strategy(queue).is_some_and(Strategy::rings_several)
    }

    pub fn strategy(&self, queue: &str) -> Option<Strategy> {
        self.queues.get(queue).map(QueueConfig::strategy)
    }

    fn restart(&mut self) {
        self.queues.clear();
        self.members.clear();
        self.offers.clear();
        self.agents.clear();
        self.uuids.clear();
        self.announced = None;
        for place in self.places.values_mut() {
            place.joined = Timestamp::from_secs(place.joined.secs());
        }
    }

    fn orphan_offers(&mut self, agent: &str) {
        self.agents.remove(agent);
        for offer in self.offers.values_mut().filter(|offer| offer.agent == agent) {
            offer.orphan = true;
        }
    }

    fn take_tier_from_offers(&mut self, queue: &str, agent: &str) {
        let through = |offer: &&mut Offer| offer.agent == agent && offer.queue == queue;
        for offer in self.offers.values_mut().filter(through) {
            offer.tier_gone = true;
        }
    }

    /// A queue's limits are about to change.
    fn note_overdue(&mut self, now: Timestamp, queue: &str) {
        let overdue = |member: &&Member| member.queue == queue && self.may_be_overdue(member, now);
        let uuids: Vec<String> = self
            .members
            .iter()
            .filter(|(_, member)| overdue(member))
            .map(|(uuid, _)| uuid.clone())
            .collect();
        for uuid in uuids {
            self.members.entry(uuid).and_modify(|member| member.overdue = true);
        }
    }

    fn join(&mut self, now: Timestamp, queue: &str, member: MemberId, uuid: &str) -> Finding {
        self.uuids.insert(member, uuid.to_owned());
        for offer in self.offers.values_mut().filter(|offer| offer.member == uuid) {
            offer.earlier_stay = true;
        }
        let book = Member {
            queue: queue.to_owned(),
            entered: now,
            started: false,
            leaving: false,
            overdue: false,
            ring_more_at: Timestamp::default(),
        };
        match self.members.insert(uuid.to_owned(), book) {
            Some(_) => Err(format!("member {uuid} joined twice")),
            None => Ok(()),
        }
    }

    fn exit(&mut self, member: MemberId, reply: &Result<Reply, EngineError>) -> Finding {
        let uuid = self.uuids.remove(&member).unwrap_or_default();
        if let Some(book) = self.members.get_mut(&uuid) {
            book.leaving = true;
        }
        match reply {
            Ok(Reply::Left { .. }) => Ok(()),
            other => Err(format!("the exit of member {uuid} was answered {other:?}")),
        }
    }

    fn advance(&mut self, id: OfferId, from: &[Stage], to: Stage) -> Finding {
        match self.offers.get_mut(&id) {
            Some(offer) if from.contains(&offer.stage) => {
                offer.stage = to;
                Ok(())
            }
            other => Err(format!("offer {id} became {to:?} although it was {other:?}")),
        }
    }

    /// The refused answer of a cancelled ring is the ring's end.
    fn give_up_late(&mut self, id: OfferId) {
        if let Some(offer) = self.offers.get_mut(&id).filter(|offer| offer.stage == Stage::Cancelled) {
            offer.stage = Stage::Failed;
        }
    }

    fn mark_member_down(&mut self, offer: OfferId, member_up: bool) {
        let Some(offer) = self.offers.get(&offer).filter(|offer| !offer.earlier_stay) else {
            return;
        };
        if let Some(member) = self.members.get_mut(&offer.member) {
            member.leaving |= !member_up;
        }
    }

    fn note_row(&mut self, now: Timestamp, change: &RowChange) {
        match change {
            RowChange::Member(row) => {
                let standing = std::cmp::Reverse(row.base_score + row.skill_score - row.joined_epoch);
                let place = self
                    .places
                    .entry(row.uuid.clone())
                    .or_insert(Place { standing, joined: now });
                place.standing = standing;
            }
            RowChange::MemberGone(uuid) => drop(self.places.remove(uuid)),
            _ => {}
        }
        self.rows_of_this_step.push(change.clone());
    }

    fn ring(&mut self, now: Timestamp, ring: &Ring) -> Finding {
        let pair = (ring.agent.clone(), ring.member_uuid.clone());
        if self.announced.take().as_ref() != Some(&pair) {
            return Err(format!(
                "offer {} of {pair:?} rings without its agent-offering",
                ring.offer
            ));
        }
        if let Some(other) = self.offers_of_agent(&ring.agent).next() {
            return Err(format!(
                "agent {} is offered twice at once: offer {} and {other:?}",
                ring.agent, ring.offer
            ));
        }
        let alone = !self.rings_several(&ring.queue);
        let rival = self
            .offers_of_member(&ring.member_uuid)
            .find(|offer| match offer.stage {
                Stage::Ringing => alone || offer.agent == ring.agent,
                Stage::Answered | Stage::Bridged => true,
                Stage::Cancelled | Stage::Failed | Stage::Ending => false,
            });
        if let Some(other) = rival {
            return Err(format!(
                "member {} is offered twice at once: {ring:?} and {other:?}",
                ring.member_uuid
            ));
        }
        let pause = self
            .queues
            .get(&ring.queue)
            .map_or(0, |config| config.ring_progressively_delay);
        let pause = Span::from_secs(i64::from(if pause == 0 { 10 } else { pause }));
        let Some(member) = self.members.get_mut(&ring.member_uuid) else {
            return Err(format!(
                "offer {} is for {}, who is in no queue",
                ring.offer, ring.member_uuid
            ));
        };
        if member.leaving || member.queue != ring.queue {
            return Err(format!("offer {} for {member:?} in {}", ring.offer, ring.queue));
        }
        member.ring_more_at = now + pause;
        let offer = Offer {
            queue: ring.queue.clone(),
            agent: ring.agent.clone(),
            member: ring.member_uuid.clone(),
            stage: Stage::Ringing,
            started: false,
            orphan: false,
            tier_gone: false,
            earlier_stay: false,
        };
        match self.offers.insert(ring.offer, offer) {
            Some(old) => Err(format!("offer id {} was used for {old:?} too", ring.offer)),
            None => Ok(()),
        }
    }

    fn cancel(&mut self, id: OfferId) -> Finding {
        match self.offers.get_mut(&id) {
            Some(offer) if offer.stage == Stage::Ringing => offer.stage = Stage::Cancelled,
            Some(offer) if matches!(offer.stage, Stage::Answered | Stage::Bridged) => {}
            other => return Err(format!("offer {id} is cancelled although it is {other:?}")),
        }
        Ok(())
    }

    fn event(&mut self, now: Timestamp, event: &Event) -> Finding {
        let agent = event.header("CC-Agent").unwrap_or_default();
        let uuid = event.header("CC-Member-UUID").unwrap_or_default();
        match event.action() {
            "member-queue-start" | "member-queue-resume" => self.member_starts(uuid),
            "member-queue-end" => self.member_ends(uuid, event),
            "agent-offering" => self.offering(agent, uuid),
            "bridge-agent-start" => self.bridge_starts(agent, uuid),
            "bridge-agent-fail" => self.offer_fails(now, agent, uuid, event),
            "bridge-agent-end" => self.bridge_ends(now, agent, uuid, event),
            _ => Ok(()),
        }
    }

    fn member_starts(&mut self, uuid: &str) -> Finding {
        match self.members.get_mut(uuid) {
            Some(member) if !member.started => member.started = true,
            other => return Err(format!("member-queue-start of {uuid}, who is {other:?}")),
        }
        Ok(())
    }

    fn member_ends(&mut self, uuid: &str, event: &Event) -> Finding {
        let bridged = self.offers_of_member(uuid).any(|offer| offer.stage == Stage::Bridged);
        match self.members.remove(uuid) {
            Some(member) if member.started && !bridged => Ok(()),
            other => Err(format!("{event:?} of {uuid}, who is {other:?}, in a call: {bridged}")),
        }
    }

    fn offering(&mut self, agent: &str, uuid: &str) -> Finding {
        if !self.members.get(uuid).is_some_and(|member| member.started) {
            return Err(format!("agent-offering of {uuid} to {agent} before member-queue-start"));
        }
        match self.announced.replace((agent.to_owned(), uuid.to_owned())) {
            Some(other) => Err(format!("agent-offering of {other:?} without a ring")),
            None => Ok(()),
        }
    }

    fn bridge_starts(&mut self, agent: &str, uuid: &str) -> Finding {
        let offer = self.offers.values_mut().find(|offer| {
            offer.agent == agent && offer.member == uuid && offer.stage == Stage::Answered && !offer.started
        });
        match offer {
            Some(offer) => offer.started = true,
            None => {
                return Err(format!(
                    "bridge-agent-start of {uuid} and {agent} without an answered offer"
                ))
            }
        }
        Ok(())
    }

    fn offer_fails(&mut self, now: Timestamp, agent: &str, uuid: &str, event: &Event) -> Finding {
        let id = self.find_offer(|offer| {
            offer.agent == agent
                && offer.member == uuid
                && !offer.started
                && matches!(offer.stage, Stage::Failed | Stage::Cancelled)
        });
        let Some(offer) = id.and_then(|id| self.offers.remove(&id)) else {
            return Err(format!(
                "bridge-agent-fail of {uuid} and {agent} without an offer that failed"
            ));
        };
        let is_agents_fault = !matches!(event.header("CC-Hangup-Cause"), Some("LOSE_RACE" | "ORIGINATOR_CANCEL"));
        if is_agents_fault && !offer.orphan {
            self.agents.entry(agent.to_owned()).or_default().retry_after = now;
        }
        Ok(())
    }

    fn bridge_ends(&mut self, now: Timestamp, agent: &str, uuid: &str, event: &Event) -> Finding {
        let id = self.find_offer(|offer| offer.agent == agent && offer.member == uuid && offer.started);
        let Some(offer) = id.and_then(|id| self.offers.remove(&id)) else {
            return Err(format!(
                "bridge-agent-end of {uuid} and {agent} without a bridge-agent-start"
            ));
        };
        let bridged = event.header("CC-Agent-Bridged") == Some("true");
        if bridged != (offer.stage == Stage::Bridged) {
            return Err(format!("CC-Agent-Bridged is {bridged} for {offer:?}"));
        }
        if !offer.orphan {
            let times = self.agents.entry(agent.to_owned()).or_default();
            if bridged {
                times.last_bridge_end = now;
            } else {
                times.retry_after = now;
            }
        }
        Ok(())
    }

    fn find_offer(&self, wanted: impl Fn(&Offer) -> bool) -> Option<OfferId> {
        self.offers.iter().find(|(_, offer)| wanted(offer)).map(|(id, _)| *id)
    }
}
