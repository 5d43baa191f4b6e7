//! What inputs and outputs have said so far, and the checks of their order: every offer and every member begins and
//! ends exactly once, nobody is offered twice at once, and only promised sequences occur.
//!
//! What has been done stands apart from what is expected: `done` writes down, `expected` judges and changes nothing.

mod done;
mod entries;
mod expected;
mod lookups;

pub use entries::{AgentTimes, Away, Figures, Member, Offer, Place, Stage};

use crate::chats;
use callcenter_simulator::Rows;
use mod_callcenter::engine::{
    CallbackEnd, CancelReason, EngineError, Event, Input, LegState, MemberId, OfferId, Output, QueueConfig, Reply,
    RingEnd, RowChange, Span, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A finding of a checker.
pub type Finding = Result<(), String>;

/// The books of a run.
#[derive(Default)]
pub struct Ledger {
    /// Loaded queues.
    pub queues: BTreeMap<String, QueueConfig>,
    /// What queues that are not loaded had as configuration: its limits go on for who waits.
    unloaded: BTreeMap<String, QueueConfig>,
    /// The rows of the table `queues`.
    kept: BTreeMap<String, QueueConfig>,
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
    /// Members whose application runs: uuid and queue.
    uuids: HashMap<MemberId, (String, String)>,
    rows_of_this_step: Vec<RowChange>,
    releases_of_this_step: Vec<(MemberId, CancelReason)>,
    offers_ended_in_this_step: Vec<Offer>,
    announced: Option<(String, String)>,
    /// Agents who were rung for a chat in the present step, and how many they might have before it.
    chats_of_this_step: Vec<(String, usize)>,
    /// Agents who were deleted in the present step.
    pub gone: BTreeSet<String>,
    /// Agents whose state was set by hand: it may hold from the end of a call on.
    pub commanded: BTreeSet<String>,
    /// Legs of answered offers.
    legs: HashMap<OfferId, String>,
    /// Queue, caller and agent of talks that began in the present step, where the queue remembers them.
    acquaintances: Vec<(String, String, String)>,
    /// Standing legs, as far as was told since somebody asked.
    standing: BTreeMap<String, LegState>,
    /// Members whose channel was not found outside: they may be ended without a report.
    missing: BTreeSet<MemberId>,
    /// Offers that `callcenter_break` has ended or will: their legs stay up.
    pub broken: BTreeSet<OfferId>,
    /// Agents and members who talked when the process before this one ended.
    talks_before: Vec<(String, String)>,
    /// Calls of each loaded queue since it was loaded.
    pub figures: BTreeMap<String, Figures>,
    /// Who has been told in the present step that the break is over.
    resumed: Option<String>,
    /// When FreeSWITCH last refused to make a call.
    refused: Option<Timestamp>,
}

/// The floor between two offers of one agent after a failure.
pub const FLOOR: Span = Span::from_secs(1);

/// The longest pause after a call that was not made.
const REFUSAL: Span = Span::from_secs(8);

impl Ledger {
    /// Takes down an input and its reply.
    pub fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) -> Finding {
        if let Input::OfferFailed {
            offer,
            end: RingEnd::Refused(refusal, _),
        } = input
        {
            self.note_refusal(now, *offer, *refusal);
        }
        if let Input::CallbackFailed {
            end: CallbackEnd::Refused(..),
            ..
        } = input
        {
            self.refused = Some(now);
        }
        match (input, reply) {
            (Input::Restore(snapshot), Ok(_)) => self.restart(now, snapshot),
            (Input::Adopt(found), Ok(Reply::Adopted(offers))) => self.adopt(now, found, offers)?,
            (Input::Adopt(_), reply) => return Err(format!("what is up was answered {reply:?}")),
            (Input::RowsChanged(changes), Ok(_)) => self.note_others(changes),
            (Input::AgentResume { name }, Ok(_)) => self.resumed = Some(name.clone()),
            (Input::NotFound { members, offers }, Ok(_)) => self.note_missing(members, offers),
            _ => {}
        }
        if reply.is_ok() {
            self.queue_input(input)?;
        }
        self.agent_input(input, reply);
        self.member_input(now, input, reply)?;
        self.offer_input(now, input, reply)?;
        if matches!(
            input,
            Input::LoadQueue(_) | Input::QueueSet { .. } | Input::RowsChanged(_)
        ) {
            self.shorten_pauses(now);
        }
        Ok(())
    }

    /// Takes down an output.
    pub fn output(&mut self, now: Timestamp, output: &Output) -> Finding {
        match output {
            Output::Row(change) => self.note_row(now, change),
            Output::Ring(ring) => return self.ring(now, ring),
            Output::CancelRing { offer, .. } => return self.cancel(*offer),
            Output::Release(release) => return self.release(release),
            Output::Announce(announce) => return self.announce(now, announce),
            Output::LookAtLeg(leg) => drop(self.standing.remove(leg)),
            Output::Event(event) => return self.event(now, event),
            _ => {}
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
            "bridge-agent-fail" => self.offer_fails(now, agent, uuid),
            "bridge-agent-end" => self.bridge_ends(now, agent, uuid, event),
            "members-count" => self.counts(event),
            action if action.starts_with("callback-") => self.callback_event(now, action, uuid, event),
            _ => Ok(()),
        }
    }

    /// The step is over: its rows are the state of things now.
    pub fn settle(&mut self, now: Timestamp) -> Finding {
        for change in &self.rows_of_this_step {
            self.only_a_miss_counts(change)?;
        }
        self.offers_ended_in_this_step.clear();
        self.gone.clear();
        let is_tier_gone = |change: &RowChange| matches!(change, RowChange::TierGone { .. });
        let leaves = self.rows_of_this_step.iter().any(is_tier_gone);
        for change in std::mem::take(&mut self.rows_of_this_step) {
            self.rows.apply(change);
        }
        for (queue, caller, agent) in std::mem::take(&mut self.acquaintances) {
            if self.rows.last_agent(&queue, &caller) != Some(&agent) {
                return Err(format!(
                    "{agent} talks to {caller} of {queue}, and the row does not say so"
                ));
            }
        }
        for (agent, before) in std::mem::take(&mut self.chats_of_this_step) {
            chats::are_not_too_many(self, &agent, before)?;
        }
        for (member, reason) in std::mem::take(&mut self.releases_of_this_step) {
            self.leaves_for_a_reason(now, member, reason)?;
        }
        if leaves {
            self.nobody_rings_who_left()?;
        }
        if let Some(name) = self.resumed.take() {
            self.has_resumed(&name)?;
        }
        self.nobody_waits_in_vain()?;
        match &self.announced {
            Some(offering) => Err(format!("agent-offering of {offering:?} without a ring")),
            None => Ok(()),
        }
    }
}
