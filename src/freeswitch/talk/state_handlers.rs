//! FreeSWITCH's word that a channel has got somewhere: a state-handler table of ours on the legs of a talk, and on tracked calls.
//! It tells of the way into a bridge, and of the channel's end.

use crate::engine::{HangupCause, Input, OfferId, TalkEnd};
use crate::freeswitch::agent_leg::legs;
use crate::freeswitch::agent_leg::offers::Offer;
use crate::freeswitch::caller::succession;
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::hooks::{HandlerTable, NO_HANDLERS};
use crate::freeswitch::ffi::session::{Channel, Course, Session, SessionGuard};
use crate::freeswitch::ffi::sys::{switch_channel_flag_t as Flag, switch_state_handler_table_t};
use crate::freeswitch::module::Module;
use crate::freeswitch::talk::who_ended;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is done when a channel gets somewhere.
pub static TABLE: HandlerTable = HandlerTable(switch_state_handler_table_t {
    on_routing: Some(on_alone),
    on_execute: Some(on_execute),
    on_hangup: Some(on_hangup),
    on_exchange_media: Some(on_exchange_media),
    on_soft_execute: Some(on_soft_execute),
    on_reset: Some(on_reset),
    on_park: Some(on_alone),
    on_reporting: Some(on_hangup),
    on_destroy: Some(on_destroy),
    ..NO_HANDLERS
});

entry!(state on_hangup, channel_ended);
entry!(state on_reset, left_what_it_did);
entry!(state on_soft_execute, about_to_bridge);
entry!(state on_exchange_media, meet_caller);
entry!(state on_alone, came_to_rest);
entry!(state on_execute, executes);
entry!(state on_destroy, destroyed);

fn left_what_it_did(module: &Arc<Module>, session: Session<'_>) {
    take_mark_off(module, session);
    if !honour_transfer(module, session) {
        await_caller(module, session);
    }
}

fn about_to_bridge(module: &Arc<Module>, session: Session<'_>) {
    if !honour_transfer(module, session) {
        meet_agent(module, session);
    }
    legs::moves_on(module, &session.uuid());
}

fn came_to_rest(module: &Arc<Module>, session: Session<'_>) {
    take_mark_off(module, session);
    legs::moves_on(module, &session.uuid());
}

fn executes(module: &Arc<Module>, session: Session<'_>) {
    legs::moves_on(module, &session.uuid());
}

fn destroyed(module: &Arc<Module>, session: Session<'_>) {
    channel_ended(module, session);
    module.switch.hooks.forget(&session.uuid());
}

/// Sends a channel to the place in the dialplan that somebody has transferred it to while it was on its way into a bridge; whether there
/// was one. FreeSWITCH's own steps to the bridge (`uuid_bridge_on_hibernate`, `uuid_bridge_on_reset`) put the channel into their next state
/// whatever a transfer has put it into meanwhile: it would arrive nowhere.
fn honour_transfer(module: &Module, session: Session<'_>) -> bool {
    let meetings = Meeting::all_of(module, &session.uuid()).into_iter();
    let mut partners = meetings.map(|meeting| if meeting.is_caller { meeting.leg } else { meeting.caller });
    let is_sent = partners.any(|partner| settled_course(session.channel(), &partner) == Course::Dialplan);
    if is_sent {
        session.channel().route();
    }
    is_sent
}

/// Two channels on their way into one bridge, as one of them sees it.
struct Meeting {
    caller: String,
    /// The agent's.
    leg: String,
    /// Whether the one that looks is the caller.
    is_caller: bool,
    offer: Arc<Offer>,
}

impl Meeting {
    /// Those of this channel whose bridge FreeSWITCH has been asked for, and has not made yet.
    fn all_of(module: &Module, uuid: &str) -> Vec<Self> {
        let (talks, offers) = (&module.switch.talks, &module.switch.offers);
        let meeting = |id: OfferId| {
            let offer = offers.get(id).filter(|offer| offer.bridging.is_under_way())?;
            let (caller, leg) = talks.legs_of(id)?;
            let is_caller = caller == uuid;
            Some(Self {
                caller,
                leg,
                is_caller,
                offer,
            })
        };
        talks.offers_of(uuid).into_iter().filter_map(meeting).collect()
    }
}

/// How long FreeSWITCH may take from a transfer's caller profile to its note of the transfer: a message to the endpoint.
const NOTING: Duration = Duration::from_millis(50);

fn settled_course(channel: Channel<'_>, partner: &str) -> Course {
    let deadline = Instant::now() + NOTING;
    loop {
        match channel.course(partner) {
            Course::Open if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
            course => return course,
        }
    }
}

/// An agent's leg that is to be bridged goes on to the state in which the bridge finds it. The caller's thread would send it there
/// when it comes by, and look again 20 ms later whether it has arrived (`switch_ivr_uuid_bridge`): the two would hear each other that
/// much later.
fn await_caller(module: &Arc<Module>, leg: Session<'_>) {
    let offer = module.switch.talks.offer_of_agent(&leg.uuid());
    if let Some(offer) = offer.and_then(|offer| module.switch.offers.get(offer)) {
        if offer.bridging.agent_is_ready() {
            leg.channel().await_bridge();
        }
    }
}

/// A caller's thread is about to bridge the agent's leg.
///
/// Each of the two threads marks its channel as bridged, waits for the other's mark, and hangs the other channel up when there is none
/// and its own side has ended meanwhile (`audio_bridge_thread`). So a leg that was through with the talk before the caller's thread
/// looked again is hung up for its caller's end: the mark is there from the beginning. And a caller whose agent has gone on the way
/// would be hung up as well; the dialplan goes on.
fn meet_agent(module: &Arc<Module>, caller: Session<'_>) {
    let uuid = caller.uuid();
    for meeting in Meeting::all_of(module, &uuid)
        .into_iter()
        .filter(|meeting| meeting.is_caller)
    {
        let Some(leg) = SessionGuard::locate_even_hungup(&meeting.leg) else {
            continue;
        };
        let (caller, leg) = (caller.channel(), leg.channel());
        let is_coming = || leg.is_up() && leg.course(&uuid) == Course::Bridge;
        await_leg(caller, leg, is_coming);
        if caller.is_ready() && is_coming() {
            leg.set(Flag::CF_BRIDGED);
        } else {
            caller.give_bridge_up();
        }
    }
}

/// How long a leg may take to leave what it did before.
const LEAVING: Duration = Duration::from_secs(3);

/// Waits until the agent's leg is where the bridge finds it, or one of the two is not to be bridged any more. FreeSWITCH would look every
/// 20 ms, and hang the leg up for a caller who has been sent elsewhere meanwhile, and the caller for a leg.
fn await_leg(caller: Channel<'_>, leg: Channel<'_>, is_coming: impl Fn() -> bool) {
    let deadline = Instant::now() + LEAVING;
    while !leg.awaits_bridge() && caller.is_ready() && is_coming() && Instant::now() < deadline {
        if leg.is_reset() {
            leg.await_bridge();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// How long the caller's thread may take from waking the agent's to its own mark: a few instructions.
const MARKING: Duration = Duration::from_secs(1);

/// An agent's leg is about to hear the caller; false when it is not to be bridged any more.
///
/// It waits for the caller's mark (see `meet_agent`): a leg that came first, and hangs up in the moment, would find the caller through
/// with the talk, and hang the caller up.
fn meet_caller(module: &Arc<Module>, session: Session<'_>) -> bool {
    let mut begins = true;
    for meeting in Meeting::all_of(module, &session.uuid()) {
        if !meeting.is_caller {
            if let Some(caller) = SessionGuard::locate_even_hungup(&meeting.caller) {
                let (caller, leg) = (caller.channel(), session.channel());
                await_mark(caller, leg);
                begins = leg.is_up();
            }
        }
        meeting.offer.bridging.begins();
    }
    begins
}

/// Waits for the mark of a caller's thread that is about to set it. One that is through with the talk already, because the caller hung up or
/// was sent elsewhere, sets none any more: FreeSWITCH would wait for it on the leg's thread for 10 s (`audio_bridge_thread`), and keep both
/// of them. The leg is shown one, and finds at once that the caller is leaving.
fn await_mark(caller: Channel<'_>, leg: Channel<'_>) {
    let deadline = Instant::now() + MARKING;
    while caller.is_ready() && leg.is_up() && !caller.is_bridged() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
    if !caller.is_ready() {
        caller.set(Flag::CF_BRIDGED);
    }
}

/// A leg that found its caller gone at the very beginning of the bridge has not taken off the mark that it was given (see `meet_agent`).
/// It does so here, once the caller's thread looks for it no more.
fn take_mark_off(module: &Arc<Module>, leg: Session<'_>) {
    if !leg.channel().is_bridged() {
        return;
    }
    let talks = &module.switch.talks;
    let caller = talks
        .offer_of_agent(&leg.uuid())
        .and_then(|offer| talks.member_of(offer));
    if let Some(caller) = caller.and_then(|caller| SessionGuard::locate_even_hungup(&caller)) {
        let deadline = Instant::now() + MARKING;
        while !caller.channel().has_left_bridge() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    leg.channel().clear(Flag::CF_BRIDGED);
}

/// A channel is at its end: as a caller, as a tracked call, as an agent's leg. FreeSWITCH may say so more than once; what is
/// known is not told again.
fn channel_ended(module: &Arc<Module>, session: Session<'_>) {
    let uuid = session.uuid();
    module
        .switch
        .talks
        .member_hangs_up(&uuid, session.channel(), module.reception.wall());
    // Whoever waits for the bridge waits no longer.
    let offers = module.switch.talks.offers_of(&uuid).into_iter();
    offers
        .filter_map(|offer| module.switch.offers.get(offer))
        .for_each(|offer| offer.bridging.stir());
    succession::channel_ended(&module.switch, &uuid);
    for agent in module.switch.tracked.end(&uuid) {
        // The agent may have been deleted meanwhile; then there is nothing to count.
        let _ = module.reception.submit(Input::ExternalCallEnded { agent });
    }
    if let Some(offer) = module.switch.talks.offer_of_agent(&uuid) {
        let cause = session.channel().hangup_cause();
        let by = await_member(module, offer, session);
        report_ended(module, offer, cause, by);
    }
    if module.reception.is_standing_leg(&uuid) {
        legs::look(&module.switch, &uuid);
    }
}

/// When both hang up, the caller's channel is first given the time to say how its call ended: the events of the talk's end carry it.
/// Returns which of the two ended the talk.
fn await_member(module: &Arc<Module>, offer: OfferId, agent: Session<'_>) -> TalkEnd {
    let talks = &module.switch.talks;
    let (Some(member_uuid), Some(kind)) = (talks.member_of(offer), talks.kind_of(offer)) else {
        return TalkEnd::Agent;
    };
    let by = who_ended::of(agent.channel(), kind, &member_uuid);
    let member = SessionGuard::locate_even_hungup(&member_uuid);
    if member.is_some_and(|member| !member.channel().is_up()) {
        talks.wait_for_last_words(&member_uuid);
    }
    by
}

/// Tells the engine that an agent's leg has ended, and returns once all events about it are out: they carry the leg's data, and it
/// is here only as long as this thread keeps it.
pub fn report_ended(module: &Arc<Module>, offer: OfferId, cause: HangupCause, by: TalkEnd) {
    // An offer that is over already (callcenter_break) needs no report.
    let _ = module
        .reception
        .submit_and_settle(Input::AgentLegEnded { offer, cause, by });
    module.switch.talks.note_ended(offer);
}
