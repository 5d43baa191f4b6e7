//! Which leg belongs to which offer, from the answer to the leg's end; and what is left of a caller who hangs up first.

use crate::engine::names::variable;
use crate::engine::{AgentKind, OfferId, WallTime};
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::session::Channel;
use parking_lot::{Condvar, Mutex};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The variable that names what a channel executes.
pub const APPLICATION: &str = "current_application";

/// The variable with its data.
pub const APPLICATION_DATA: &str = "current_application_data";

/// What a caller executes while talking, in FreeSWITCH's own word.
pub const BRIDGED: &str = "uuid_bridge";

/// Answered offers by their legs.
#[derive(Default)]
pub struct Talks {
    state: Mutex<State>,
    /// A caller has said the last words.
    spoken: Condvar,
}

/// How long the end of an agent's leg waits for the caller's, who has hung up as well: stock looks ten times a second.
const TOGETHER: Duration = Duration::from_millis(100);

#[derive(Default)]
struct State {
    talks: HashMap<OfferId, Talk>,
    agent_legs: HashMap<String, OfferId>,
    members: HashMap<String, MemberLeg>,
}

struct Talk {
    agent_uuid: String,
    member_uuid: String,
    kind: AgentKind,
    /// The engine knows that member and agent hear each other.
    bridged: bool,
    /// The engine has been told that the agent's leg has ended.
    ended: bool,
}

/// A talk of a uuid-standby agent.
pub struct StandbyTalk {
    /// The offer it came from; none for one outside the queues.
    pub offer: Option<OfferId>,
    /// The standing leg.
    pub agent_uuid: String,
    /// The caller's leg; empty for a talk outside the queues.
    pub member_uuid: String,
}

/// A caller's channel as long as an answered offer needs it.
#[derive(Default)]
struct MemberLeg {
    offers: Vec<OfferId>,
    /// What the channel said of itself when it hung up: the events of the talk's end carry it, and FreeSWITCH may have
    /// destroyed the channel by then.
    last_words: Option<Arc<EventBuilder>>,
    /// What the channel was executing when it was bridged away: name and data.
    application: Option<(String, String)>,
}

impl Talks {
    /// The agent's leg of an offer is up.
    pub fn open(&self, offer: OfferId, kind: AgentKind, agent_uuid: String, member_uuid: String) {
        let mut state = self.state.lock();
        state.agent_legs.insert(agent_uuid.clone(), offer);
        // Whoever is still to be called back has no channel yet.
        if !member_uuid.is_empty() {
            state.members.entry(member_uuid.clone()).or_default().offers.push(offer);
        }
        let talk = Talk {
            agent_uuid,
            member_uuid,
            kind,
            bridged: false,
            ended: false,
        };
        state.talks.insert(offer, talk);
    }

    /// The caller of an offer is this channel; whether that is news, for the agent was up before somebody was called back.
    pub fn meet(&self, offer: OfferId, member_uuid: &str) -> bool {
        let mut state = self.state.lock();
        let talk = state.talks.get_mut(&offer).filter(|talk| talk.member_uuid.is_empty());
        let Some(talk) = talk else { return false };
        member_uuid.clone_into(&mut talk.member_uuid);
        let member = state.members.entry(member_uuid.to_owned()).or_default();
        member.offers.push(offer);
        true
    }

    /// Nothing more is expected of the offer.
    pub fn close(&self, offer: OfferId) {
        self.state.lock().close(offer);
    }

    /// The engine knows that the offer is bridged.
    pub fn note_bridged(&self, offer: OfferId) {
        self.state.lock().note(offer, |talk| talk.bridged = true);
    }

    /// The engine has been told that the agent's leg has ended.
    pub fn note_ended(&self, offer: OfferId) {
        self.state.lock().note(offer, |talk| talk.ended = true);
    }

    /// The offer whose agent's leg is this channel.
    pub fn offer_of_agent(&self, uuid: &str) -> Option<OfferId> {
        let state = self.state.lock();
        let offer = *state.agent_legs.get(uuid)?;
        (!state.talks.get(&offer)?.ended).then_some(offer)
    }

    /// The offers that have this channel as one of their legs.
    pub fn offers_of(&self, uuid: &str) -> Vec<OfferId> {
        self.state.lock().offers_of(uuid).collect()
    }

    /// The talk of the uuid-standby agent whose leg is one of these two channels, or whose caller is `caller`.
    pub fn standby_of(&self, legs: [&str; 2], caller: Option<&str>) -> Option<StandbyTalk> {
        let state = self.state.lock();
        let as_agents = legs.iter().filter_map(|uuid| state.agent_legs.get(*uuid).copied());
        let member = caller.and_then(|uuid| state.members.get(uuid));
        let as_member = member.into_iter().flat_map(|leg| leg.offers.iter().copied());
        let (offer, talk) = as_agents.chain(as_member).find_map(|offer| {
            let talk = state.talks.get(&offer)?;
            (talk.kind == AgentKind::UuidStandby && !talk.ended).then_some((offer, talk))
        })?;
        Some(StandbyTalk {
            offer: Some(offer),
            agent_uuid: talk.agent_uuid.clone(),
            member_uuid: talk.member_uuid.clone(),
        })
    }

    /// A caller's channel hangs up: keeps what it says of itself for as long as an offer needs it, and tells its CDR when the talk
    /// ended, which the engine learns too late for that from the agent's leg.
    pub fn member_hangs_up(&self, uuid: &str, channel: Channel<'_>, now: WallTime) {
        let Some(is_talking) = self.state.lock().member_that_lives(uuid) else {
            return;
        };
        if is_talking {
            channel.set_variable(variable::QUEUE_TERMINATED_EPOCH, Some(&now.secs().to_string()));
        }
        self.restore_application(uuid, channel);
        let words = EventBuilder::channel_data(channel).map(Arc::new);
        if let Some(leg) = self.state.lock().members.get_mut(uuid) {
            leg.last_words = words;
        }
        self.spoken.notify_all();
    }

    /// Notes what a caller was executing before FreeSWITCH was told otherwise.
    pub fn note_application(&self, uuid: &str, name: String, data: String) {
        if let Some(leg) = self.state.lock().members.get_mut(uuid) {
            leg.application = Some((name, data));
        }
    }

    /// A caller who hung up while talking was in the queue application, for all who read the channel's last words.
    fn restore_application(&self, uuid: &str, channel: Channel<'_>) {
        let application = self
            .state
            .lock()
            .members
            .get_mut(uuid)
            .and_then(|leg| leg.application.take());
        if let Some((name, data)) = application.filter(|_| channel.variable(APPLICATION).as_deref() == Some(BRIDGED)) {
            channel.set_variable(APPLICATION, Some(&name));
            channel.set_variable(APPLICATION_DATA, Some(&data));
        }
    }

    /// The caller of an offer.
    pub fn member_of(&self, offer: OfferId) -> Option<String> {
        self.state.lock().talks.get(&offer).map(|talk| talk.member_uuid.clone())
    }

    /// The two channels of an offer: the caller's, and the agent's.
    pub fn legs_of(&self, offer: OfferId) -> Option<(String, String)> {
        let state = self.state.lock();
        let talk = state.talks.get(&offer)?;
        Some((talk.member_uuid.clone(), talk.agent_uuid.clone()))
    }

    /// How the agent of an offer is reached.
    pub fn kind_of(&self, offer: OfferId) -> Option<AgentKind> {
        self.state.lock().talks.get(&offer).map(|talk| talk.kind)
    }

    /// The agent's leg of an offer.
    pub fn agent_of(&self, offer: OfferId) -> Option<String> {
        self.state.lock().talks.get(&offer).map(|talk| talk.agent_uuid.clone())
    }

    /// Waits, not long, until a caller who is hanging up has said the last words.
    pub fn wait_for_last_words(&self, uuid: &str) {
        let deadline = Instant::now() + TOGETHER;
        let mut state = self.state.lock();
        while state.members.get(uuid).is_some_and(|leg| leg.last_words.is_none()) {
            if self.spoken.wait_until(&mut state, deadline).timed_out() {
                return;
            }
        }
    }

    /// Appends what a channel that is gone said of itself at the end.
    pub fn add_last_words(&self, uuid: &str, event: &mut EventBuilder) {
        let words = self
            .state
            .lock()
            .members
            .get(uuid)
            .and_then(|leg| leg.last_words.clone());
        if let Some(words) = words {
            event.add_event(&words);
        }
    }
}

impl State {
    /// The offers that have this channel as one of their legs.
    fn offers_of(&self, uuid: &str) -> impl Iterator<Item = OfferId> + '_ {
        let as_agent = self.agent_legs.get(uuid).copied();
        let as_member = self
            .members
            .get(uuid)
            .into_iter()
            .flat_map(|leg| leg.offers.iter().copied());
        as_agent.into_iter().chain(as_member)
    }

    /// For a caller whom an offer needs and who has not said the last words: whether a talk is going on.
    fn member_that_lives(&self, uuid: &str) -> Option<bool> {
        let leg = self.members.get(uuid).filter(|leg| leg.last_words.is_none())?;
        let talks = leg.offers.iter().filter_map(|offer| self.talks.get(offer));
        Some(talks.into_iter().any(|talk| talk.bridged && !talk.ended))
    }

    /// Notes one of the two things that end a talk; the second closes it.
    fn note(&mut self, offer: OfferId, what: impl FnOnce(&mut Talk)) {
        let Some(talk) = self.talks.get_mut(&offer) else {
            return;
        };
        what(talk);
        if talk.bridged && talk.ended {
            self.close(offer);
        }
    }

    fn close(&mut self, offer: OfferId) {
        let Some(talk) = self.talks.remove(&offer) else {
            return;
        };
        if self.agent_legs.get(&talk.agent_uuid) == Some(&offer) {
            self.agent_legs.remove(&talk.agent_uuid);
        }
        if let Some(leg) = self.members.get_mut(&talk.member_uuid) {
            leg.offers.retain(|other| *other != offer);
            if leg.offers.is_empty() {
                self.members.remove(&talk.member_uuid);
            }
        }
    }
}
