//! The application `callcenter`: a caller's own thread, from the dialplan into a queue and back.

use crate::config::{ConfigRequest, ConfigSource};
use crate::engine::leading_integer;
use crate::engine::names::variable;
use crate::engine::{
    CallerRequirements, CancelReason, EngineError, Input, JoinRequest, LevelLimits, Media, MemberExit, MemberId,
    Parting, PreferredAgents, Reply, RequiredSkills, MOST_PREFERRED,
};
use crate::freeswitch::callback_leg::dial::SIDE;
use crate::freeswitch::caller::after_queue;
use crate::freeswitch::caller::desk::Desk;
use crate::freeswitch::caller::hold;
use crate::freeswitch::caller::succession;
use crate::freeswitch::caller::waiting::Stay;
use crate::freeswitch::ffi::barrier;
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::{new_uuid, Channel, Session};
use crate::freeswitch::ffi::sys::switch_channel_flag_t as Flag;
use crate::freeswitch::module::{self, Module};
use std::sync::Arc;
use std::time::{Duration, Instant};

entry!(application application, come_in);

fn come_in(module: &Arc<Module>, session: Session<'_>, data: &str) {
    if !barrier::completes(|| visit(module, session, data)) {
        note_failure(session, "INTERNAL_ERROR");
    }
}

/// Says on the channel why the caller never was in a queue: return codes of OpenSIPS's `cc_handle_call`. Stock leaves no word.
fn note_failure(session: Session<'_>, reason: &str) {
    session.channel().set_variable(variable::CAUSE, Some("cancel"));
    session.channel().set_variable(variable::CANCEL_REASON, Some(reason));
}

fn no_such_queue(session: Session<'_>, queue: &str) {
    note_failure(session, "QUEUE_NOT_FOUND");
    log::warning(Some(&session.uuid()), &format!("Queue {queue} not found"));
}

/// A caller's visit to a queue.
fn visit(module: &Arc<Module>, session: Session<'_>, data: &str) {
    let Some(queue) = first_word(data) else {
        note_failure(session, "QUEUE_NOT_FOUND");
        return log::warning(Some(&session.uuid()), "No Queue name provided");
    };
    if !ensure_loaded(module, queue) {
        return no_such_queue(session, queue);
    }
    // Before the time of the answer is taken, which the score may count from.
    session.channel().answer();
    let media = media(session);
    // Who writes hears nothing, and who is called back has come in before.
    let is_welcomed = media == Media::Audio && !is_called_back(session);
    if is_welcomed && !after_queue::welcome(module, session, queue) {
        return;
    }
    let parting = match Membership::join(module, session, queue, media) {
        Some(Entry::Member(member)) => member.wait(),
        Some(Entry::Outside(parting)) => parting,
        None => return no_such_queue(session, queue),
    };
    if let Some(parting) = parting {
        after_queue::part(session, &parting);
    }
    if !session.is_on_this_thread() {
        outlast_talk(session.channel());
    }
}

/// Whether the channel was made to call somebody back, and is no member yet.
fn is_called_back(session: Session<'_>) -> bool {
    session.channel().variable(variable::SIDE).as_deref() == Some(SIDE)
}

/// How long FreeSWITCH may take to bridge a caller who has left the queue for an agent.
const BRIDGING: Duration = Duration::from_secs(5);

/// How often a script's thread looks whether the talk is over: FreeSWITCH tells it to the channel's own thread.
const LOOK: Duration = Duration::from_millis(100);

/// A script that made its channel is here on a thread of its own while the channel's thread talks (FreeSWITCH #2516, #2633). It comes back
/// when the talk is over: what it does next, and its end, would take the caller away from the agent.
fn outlast_talk(channel: Channel<'_>) {
    if channel.variable(variable::CAUSE).as_deref() != Some("answered") {
        return;
    }
    channel.wait_for(Flag::CF_BRIDGED, BRIDGING, None);
    while channel.is_up() && channel.is_bridged() && module::running().is_some() {
        std::thread::sleep(LOOK);
    }
}

/// The queue's name: the first word, or what is between single quotes.
fn first_word(data: &str) -> Option<&str> {
    let data = data.trim_start_matches(' ');
    let word = match data.strip_prefix('\'') {
        Some(quoted) => quoted.split('\'').next(),
        None => data.split(' ').next(),
    };
    word.filter(|word| !word.is_empty())
}

/// Loads a queue nobody has loaded yet, as stock does when a caller asks for it.
pub fn ensure_loaded(module: &Module, queue: &str) -> bool {
    let is_loaded = || module.reception.queue_is_loaded(queue);
    if is_loaded() {
        return true;
    }
    let request = ConfigRequest {
        queue: Some(queue.to_owned()),
        agent: None,
    };
    match module.source.read(&request) {
        Ok(configuration) => {
            if let Some(config) = configuration.queues.into_iter().find(|config| config.name == queue) {
                // Loading cannot be refused; the look below tells whether the queue is there.
                let _ = module.reception.submit(Input::LoadQueue(config));
            }
            is_loaded()
        }
        Err(error) => {
            log::error(None, &error.to_string());
            false
        }
    }
}

/// What a queue says to a caller at its door.
enum Entry<'a> {
    Member(Membership<'a>),
    /// The caller does not wait on this channel: refused, or to be called back.
    Outside(Option<Parting>),
}

/// A caller as a member of a queue; leaving is reported on drop, so that no fault on the way can keep the place.
struct Membership<'a> {
    module: &'a Arc<Module>,
    session: Session<'a>,
    uuid: String,
    member: MemberId,
    media: Media,
    stay: Arc<Stay>,
    reason: Option<CancelReason>,
    /// The key the caller left with.
    key: Option<char>,
}

impl<'a> Membership<'a> {
    fn join(module: &'a Arc<Module>, session: Session<'a>, queue: &str, media: Media) -> Option<Entry<'a>> {
        let uuid = session.uuid();
        succession::await_predecessor(module, session.channel());
        // The stay begins first: a release may come before the join returns.
        let stay = module.switch.waiting.begin(&uuid);
        let sticky_key = module.reception.sticky_key(queue);
        let request = join_request(session, queue, media, sticky_key.as_deref());
        let hold_sound = module.reception.hold_sound(queue);
        let heard = (media, hold_sound.as_deref());
        let mut wait = |is_answered: &dyn Fn() -> bool| after_queue::await_answer(session, heard, is_answered);
        match module.reception.join(request, &mut wait) {
            Ok(Reply::Joined { member, hold, .. }) => {
                stay.hold_at_first(hold);
                Some(Entry::Member(Self {
                    module,
                    session,
                    uuid,
                    member,
                    media,
                    stay,
                    reason: None,
                    key: None,
                }))
            }
            reply => {
                module.switch.waiting.end(&uuid);
                match reply {
                    Ok(Reply::Refused { parting, .. }) => Some(Entry::Outside(parting)),
                    // Or the caller has not waited for the answer.
                    Ok(Reply::CalledBack { .. }) | Err(EngineError::MemberNotFound) => Some(Entry::Outside(None)),
                    _ => None,
                }
            }
        }
    }

    /// Until the caller leaves; returns what comes after the queue, where it is not for the dialplan to say.
    fn wait(mut self) -> Option<Parting> {
        let desk = Desk::of(self.module, self.member);
        let end = hold::hold(self.session, &self.stay, self.media, &desk);
        (self.reason, self.key) = (end.reason, end.key);
        if let Some(key) = self.key {
            return self.stay.hold().way_out.parting(key);
        }
        let was_released = self.reason.is_some() && self.reason == self.stay.reason();
        self.stay.parting().filter(|_| was_released)
    }
}

/// FreeSWITCH marks a channel that it bridges or transfers first, which ends the application, and sends it to its new state then.
/// In between the dialplan would go on, with a `hangup` in the worst case.
fn await_transfer(channel: Channel<'_>) {
    let deadline = Instant::now() + TRANSFER_PATIENCE;
    while channel.is_marked_for_transfer() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// How long FreeSWITCH may take from the mark to the new state: a few instructions, on a machine that may be busy.
const TRANSFER_PATIENCE: Duration = Duration::from_secs(3);

impl Drop for Membership<'_> {
    fn drop(&mut self) {
        let channel = self.session.channel();
        self.session.flush_private_events();
        if !channel.is_bridged() {
            channel.stop_broadcast();
            channel.break_all();
        }
        if !self.hands_over() {
            self.report_exit();
        }
        // Whoever comes to this place waits for that.
        self.module.switch.waiting.end(&self.uuid);
        await_transfer(channel);
    }
}

impl Membership<'_> {
    /// Nobody has let the caller go, and another channel comes in the place of this one.
    fn hands_over(&self) -> bool {
        let channel = self.session.channel();
        !channel.is_up() && self.reason.is_none() && succession::hand_over(self.module, self.member, channel)
    }

    fn report_exit(&self) {
        let channel = self.session.channel();
        let channel_up = channel.is_up();
        // As long as the agent hears an announcement, and the bridge has not begun, a caller who hangs up has broken out.
        let broke_out = !channel_up && !channel.variable_is_true(variable::AGENT_FOUND);
        let exit = MemberExit {
            channel_up,
            reason: self.reason.or(broke_out.then_some(CancelReason::BreakOut)),
            key: self.key,
        };
        // A member the engine no longer knows has nothing to report.
        let _ = self.module.reception.submit_and_settle(Input::MemberExit {
            member: self.member,
            exit,
        });
    }
}

/// What the caller's channel asks of an agent. A value that cannot be read is pointed out and asks for nothing.
fn requirements(session: Session<'_>, media: Media) -> CallerRequirements {
    let channel = session.channel();
    let warn = |name: &str, trouble: &str| {
        log::warning(Some(&session.uuid()), &format!("{name} is ignored: {trouble}"));
    };
    let level = |name| {
        let text = channel.variable(name)?;
        let number = text.trim().parse::<i32>().ok().map(i64::from);
        if number.is_none() {
            warn(name, &format!("\"{text}\" is not a whole number."));
        }
        number
    };
    let levels = LevelLimits {
        max: level(variable::MAX_LEVEL),
        min: level(variable::MIN_LEVEL),
        ..LevelLimits::default()
    };
    let raised = channel.variable(variable::RAISE_LEVEL).and_then(|text| {
        let raised = levels.with_raise(&text);
        if raised.is_none() {
            warn(
                variable::RAISE_LEVEL,
                &format!("\"{text}\" is neither a whole number nor an r and one."),
            );
        }
        raised
    });
    let skills = channel.variable(variable::REQUIRED_SKILLS).unwrap_or_default();
    let skills = RequiredSkills::parse(&skills).unwrap_or_else(|trouble| {
        warn(variable::REQUIRED_SKILLS, &trouble);
        RequiredSkills::default()
    });
    CallerRequirements {
        skills,
        levels: raised.unwrap_or(levels),
        media,
        at: None,
    }
}

/// What the dialplan says in `cc_media`; otherwise a channel that carries text and no sound is a chat.
fn media(session: Session<'_>) -> Media {
    let channel = session.channel();
    let said = channel.variable(variable::MEDIA).unwrap_or_default();
    if let Some(media) = Media::parse(said.trim()) {
        return media;
    }
    if !said.is_empty() {
        let text = format!("cc_media is ignored: \"{said}\" is neither audio nor chat.");
        log::warning(Some(&session.uuid()), &text);
    }
    if channel.has_text_only() {
        Media::Chat
    } else {
        Media::Audio
    }
}

/// `cc_position_on_entry`; one that is no place is pointed out, and the caller begins at the end.
fn position(session: Session<'_>) -> Option<u32> {
    let text = session.channel().variable(variable::POSITION_ON_ENTRY)?;
    let position = text.trim().parse().ok().filter(|position| *position > 0);
    if position.is_none() {
        log::warning(
            Some(&session.uuid()),
            &format!("cc_position_on_entry is ignored: \"{text}\" is not a whole number from 1 on."),
        );
    }
    position
}

/// `cc_preferred_agents`; of a list that is too long the first ones count.
fn preferred(session: Session<'_>) -> PreferredAgents {
    let text = session
        .channel()
        .variable(variable::PREFERRED_AGENTS)
        .unwrap_or_default();
    let (preferred, is_cut) = PreferredAgents::parse(&text);
    if is_cut {
        let text = format!("cc_preferred_agents names more than {MOST_PREFERRED} agents: the others are ignored.");
        log::warning(Some(&session.uuid()), &text);
    }
    preferred
}

/// What a caller brings to the door. `sticky_key` is the variable by which the queue knows its callers again, where that is not the number.
fn join_request(session: Session<'_>, queue: &str, media: Media, sticky_key: Option<&str>) -> JoinRequest {
    let channel = session.channel();
    JoinRequest {
        queue: queue.to_owned(),
        session_uuid: session.uuid(),
        new_member_uuid: new_uuid(),
        cid_number: channel.variable("caller_id_number").unwrap_or_default(),
        cid_name: channel.variable("caller_id_name").unwrap_or_default(),
        dnis: channel.caller_field("rdnis"),
        base_score: channel
            .variable(variable::BASE_SCORE)
            .as_deref()
            .and_then(leading_integer)
            .unwrap_or(0),
        answered_epoch: channel.answered_epoch(),
        answered_ago: None,
        requirements: requirements(session, media),
        preferred: preferred(session),
        caller_key: sticky_key.map(|name| channel.variable(name).unwrap_or_default()),
        position: position(session),
        param: channel.variable(variable::PARAM),
        callback_number: channel
            .variable(variable::CALLBACK_NUMBER)
            .filter(|number| !number.is_empty() && !is_called_back(session)),
    }
}
