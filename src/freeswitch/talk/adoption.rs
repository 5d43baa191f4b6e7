//! Finding what is up when the module is loaded, and leaving it so that it can be found: talks, standing legs, tracked calls.
//!
//! Hooks come first, then the engine is told, then the module runs, and then each channel is looked at once more: whatever ends in
//! between is seen by one of them.

use crate::engine::names::variable;
use crate::engine::{
    AgentKind, AgentType, Course, Found, HangupCause, Input, LeftTalk, Media, OfferId, Reply, Snapshot, Talk, TalkEnd,
    WallTime,
};
use crate::freeswitch::agent_leg::devices;
use crate::freeswitch::agent_leg::legs;
use crate::freeswitch::ffi::log::{self, Level};
use crate::freeswitch::ffi::session::{channels_with, Channel, SessionGuard};
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::module::Module;
use crate::freeswitch::talk::state_handlers::report_ended;
use crate::freeswitch::talk::talks::{APPLICATION, BRIDGED};
use crate::freeswitch::talk::unbridge;
use crate::freeswitch::talk::who_ended;
use std::sync::Arc;

/// The variable of both channels of a talk that says how it came about, while no module is loaded.
const COURSE: &str = variable::TALK_COURSE;

/// The variable that `callcenter_track` sets.
const TRACKED: &str = variable::TRACKED_AGENT;

/// The application a caller who talks is in, for all who read the channel's last words.
const CALLCENTER: &str = "callcenter";

/// Says on the channels of every talk what whoever loads the module again has to know: the agent's leg may have gone by then.
pub fn leave_marks(module: &Module) {
    for left in module.reception.talks() {
        mark(&left.talk, Some(&left.mark()));
    }
}

fn mark(talk: &Talk, course: Option<&str>) {
    for channel in [&talk.agent_uuid, &talk.member_session_uuid] {
        if let Some(session) = SessionGuard::locate(channel) {
            session.channel().set_variable(COURSE, course);
        }
    }
}

/// The legs of uuid-standby agents, as the database names them: agent and channel.
#[derive(Default)]
pub struct StandingLegs(Vec<(String, String)>);

impl StandingLegs {
    /// Those in these rows.
    pub fn of(snapshot: &Snapshot) -> Self {
        let agents = snapshot.agents.iter();
        let standing = agents.filter(|row| row.agent_type.kind() == AgentKind::UuidStandby && !row.uuid.is_empty());
        Self(standing.map(|row| (row.name.clone(), row.uuid.clone())).collect())
    }

    fn that_are_up(self) -> Vec<(String, String)> {
        let is_up = |(_, leg): &(String, String)| SessionGuard::locate(leg).is_some();
        self.0.into_iter().filter(is_up).collect()
    }
}

/// What was taken over, to be looked at once more when the module runs.
#[derive(Default)]
pub struct Adopted {
    talks: Vec<(OfferId, Talk)>,
    /// Standing legs.
    standing: Vec<String>,
    /// Channels of tracked calls.
    tracked: Vec<String>,
}

/// Takes over what is up, before anybody can reach the module.
pub fn adopt(module: &Module, standing: StandingLegs) -> Adopted {
    devices::take_over(module);
    let agent_type = |agent: &str| module.reception.agent_type(agent);
    let talks = find_talks(&module.switch, &agent_type).into_iter();
    let talks: Vec<Talk> = talks.map(|left| left.talk).collect();
    let found = Found {
        talks: talks.clone(),
        standing: standing.that_are_up(),
    };
    let standing = found.standing.iter().map(|(_, leg)| leg.clone()).collect();
    // Whatever is found is taken over; there is nothing to refuse.
    let Ok(Reply::Adopted(offers)) = module.reception.submit(Input::Adopt(found)) else {
        return Adopted::default();
    };
    Adopted {
        standing,
        ..take_over_all(module, offers.into_iter().zip(talks).collect())
    }
}

/// The same for a box of a cluster, which has told of the talks under these offers. Its standing legs are looked at when the leader asks.
pub fn adopt_into_cluster(module: &Module, talks: Vec<(OfferId, Talk)>) -> Adopted {
    devices::take_over(module);
    take_over_all(module, talks)
}

fn take_over_all(module: &Module, talks: Vec<(OfferId, Talk)>) -> Adopted {
    for (offer, talk) in &talks {
        take_over(module, *offer, talk);
    }
    let tracked = channels_with(TRACKED, None);
    Adopted {
        talks,
        standing: Vec::new(),
        tracked: tracked.into_iter().filter(|uuid| track(module, uuid)).collect(),
    }
}

/// The talks that are up. Their channels have hooks from now on.
pub fn find_talks(switch: &FreeSwitch, agent_type: &dyn Fn(&str) -> Option<AgentType>) -> Vec<LeftTalk> {
    let legs = channels_with(variable::SIDE, Some("agent"));
    let mut talks: Vec<LeftTalk> = legs.iter().filter_map(|leg| found_talk(switch, leg)).collect();
    let callers = channels_with(variable::SIDE, Some("member"));
    let forsaken = callers
        .iter()
        .filter_map(|caller| forsaken_talk(switch, agent_type, caller));
    talks.extend(forsaken);
    talks
}

/// The talk of an agent's leg, whose hooks are on both channels from now on; none when the leg has none of ours.
fn found_talk(switch: &FreeSwitch, leg_uuid: &str) -> Option<LeftTalk> {
    let leg = SessionGuard::locate(leg_uuid)?;
    let channel = leg.channel();
    let value = |name| channel.variable(name).filter(|value| !value.is_empty());
    let member_session_uuid = value(variable::MEMBER_SESSION_UUID)?;
    let member = SessionGuard::locate_even_hungup(&member_session_uuid);
    let agent_type = value(variable::AGENT_TYPE).and_then(|text| AgentType::parse(&text))?;
    let member_uuid = value(variable::MEMBER_UUID)?;
    let marked = value(COURSE).and_then(|text| LeftTalk::read_mark(&text));
    let seen = || {
        let member = member.as_ref()?.channel();
        let is_it = member.variable(variable::MEMBER_UUID).as_deref() == Some(&member_uuid)
            && channel.partner_uuid().as_deref() == Some(&member_session_uuid);
        course_of(channel, agent_type.kind(), member).filter(|_| is_it)
    };
    let (course, known_as) = marked.or_else(|| Some((seen()?, None)))?;
    let caller = |name: &str| {
        let text = member.as_ref().and_then(|member| member.channel().variable(name));
        text.unwrap_or_default()
    };
    let talk = Talk {
        queue: value(variable::QUEUE)?,
        agent: value(variable::AGENT)?,
        agent_uuid: leg_uuid.to_owned(),
        cid_number: caller("caller_id_number"),
        cid_name: caller("caller_id_name"),
        dnis: member
            .as_ref()
            .and_then(|member| member.channel().caller_field("rdnis")),
        param: value(variable::PARAM),
        media: value(variable::MEDIA)
            .and_then(|text| Media::parse(&text))
            .unwrap_or_default(),
        course,
        agent_type,
        member_uuid,
        member_session_uuid,
    };
    switch.hooks.install(*leg);
    if let Some(member) = &member {
        switch.hooks.install(**member);
    }
    Some(LeftTalk { talk, known_as })
}

/// The talk of a caller who is up, whose agent's leg ended while no module was there to tell of it.
fn forsaken_talk(
    switch: &FreeSwitch,
    agent_type: &dyn Fn(&str) -> Option<AgentType>,
    caller: &str,
) -> Option<LeftTalk> {
    let member = SessionGuard::locate(caller)?;
    let channel = member.channel();
    let value = |name| channel.variable(name).filter(|value| !value.is_empty());
    let (course, known_as) = value(COURSE).and_then(|text| LeftTalk::read_mark(&text))?;
    let agent_uuid = value(variable::AGENT_UUID).filter(|leg| SessionGuard::locate(leg).is_none())?;
    let agent = value(variable::AGENT)?;
    let agent_type = agent_type(&agent);
    let talk = Talk {
        queue: value(variable::QUEUE)?,
        agent_type: agent_type.unwrap_or_else(AgentType::callback),
        agent,
        agent_uuid,
        member_uuid: value(variable::MEMBER_UUID)?,
        member_session_uuid: caller.to_owned(),
        cid_number: channel.variable("caller_id_number").unwrap_or_default(),
        cid_name: channel.variable("caller_id_name").unwrap_or_default(),
        dnis: channel.caller_field("rdnis"),
        param: value(variable::PARAM),
        media: value(variable::MEDIA)
            .and_then(|text| Media::parse(&text))
            .unwrap_or_default(),
        course,
    };
    switch.hooks.install(*member);
    Some(LeftTalk { talk, known_as })
}

/// How the talk of two channels came about, as far as they tell themselves: a module that leaves no marks was here before, or nothing of
/// it was unloaded in order. None where they do not talk, or where their talk is over for the call centre.
fn course_of(agent: Channel<'_>, kind: AgentKind, member: Channel<'_>) -> Option<Course> {
    let seconds = |name: &str| member.variable(name)?.parse::<i64>().ok();
    let bridged = seconds(variable::QUEUE_ANSWERED_EPOCH)?;
    let is_over = seconds(variable::QUEUE_TERMINATED_EPOCH).is_some_and(|ended| ended >= bridged);
    if is_over || !agent.is_bridged() || !agent.variable_is_true(variable::AGENT_BRIDGED) {
        return None;
    }
    let entered = seconds(variable::QUEUE_JOINED_EPOCH).unwrap_or(bridged);
    let bridged = WallTime::from_secs(bridged);
    // A standing leg was there before.
    let (called, answered) = match kind {
        AgentKind::Callback => (
            WallTime::from_micros(agent.created_at()),
            WallTime::from_micros(agent.answered_at()),
        ),
        AgentKind::UuidStandby => (bridged, bridged),
    };
    Some(Course {
        joined_epoch: entered,
        entered: WallTime::from_secs(entered),
        called,
        answered,
        bridged,
        number: 1,
        offers: 1,
        ..Course::default()
    })
}

/// Keeps the books on a talk as if it had been connected here.
fn take_over(module: &Module, offer: OfferId, talk: &Talk) {
    let talks = &module.switch.talks;
    let (leg, member) = (talk.agent_uuid.clone(), talk.member_session_uuid.clone());
    talks.open(offer, talk.agent_type.kind(), leg, member);
    talks.note_bridged(offer);
    mark(talk, None);
    let member = SessionGuard::locate(&talk.member_session_uuid);
    if member.is_some_and(|member| member.channel().variable(APPLICATION).as_deref() == Some(BRIDGED)) {
        talks.note_application(&talk.member_session_uuid, CALLCENTER.to_owned(), talk.queue.clone());
    }
    let text = format!(
        "Agent {} talks to {} <{}> of queue {} since before the module was loaded: the talk is taken over",
        talk.agent, talk.cid_name, talk.cid_number, talk.queue
    );
    log::write(Level::SWITCH_LOG_INFO, Some(&talk.member_session_uuid), &text);
}

/// Tracks a call outside the queues again; false when it cannot be.
fn track(module: &Module, uuid: &str) -> bool {
    let Some(session) = SessionGuard::locate(uuid) else {
        return false;
    };
    let Some(agent) = session.channel().variable(TRACKED) else {
        return false;
    };
    module.switch.hooks.install(*session);
    module.switch.tracked.begin(uuid, &agent) && module.reception.submit(Input::ExternalCallStarted { agent }).is_ok()
}

impl Adopted {
    /// The module runs: whatever has ended before its hooks could tell is over now.
    pub fn check(&self, module: &Arc<Module>) {
        for (offer, talk) in &self.talks {
            check_talk(module, *offer, talk);
        }
        devices::take_over(module);
        for leg in &self.standing {
            legs::look(&module.switch, leg);
        }
        for uuid in &self.tracked {
            if SessionGuard::locate(uuid).is_none() {
                for agent in module.switch.tracked.end(uuid) {
                    // The agent may have been deleted meanwhile; then there is nothing to count.
                    let _ = module.reception.submit(Input::ExternalCallEnded { agent });
                }
            }
        }
    }
}

fn check_talk(module: &Arc<Module>, offer: OfferId, talk: &Talk) {
    let kind = talk.agent_type.kind();
    let Some(leg) = SessionGuard::locate(&talk.agent_uuid) else {
        let leg = SessionGuard::locate_even_hungup(&talk.agent_uuid);
        let (cause, by) = match &leg {
            Some(leg) => {
                let by = who_ended::of(leg.channel(), kind, &talk.member_session_uuid);
                (leg.channel().hangup_cause(), by)
            }
            None => (HangupCause::NORMAL_CLEARING, TalkEnd::Agent),
        };
        return report_ended(module, offer, cause, by);
    };
    // The leg of a callback agent ends the talk with its own end, whoever it is bridged to.
    if kind == AgentKind::Callback {
        return;
    }
    let since = leg.channel().bridged_at();
    // With whomever: it is the leg that tells when the talk is over.
    let goes_on = leg.channel().is_bridged();
    drop(leg);
    let talks = &module.switch.talks;
    let talk = talks.standby_of([&talk.agent_uuid, ""], Some(&talk.member_session_uuid));
    if let Some(talk) = talk.filter(|_| !goes_on) {
        unbridge::unbridged(module, talk, since);
    }
}
