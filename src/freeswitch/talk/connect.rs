//! Bridging member and agent: recording, announcement, bridge, and what becomes of the agent when it fails.

use crate::engine::names::variable;
use crate::engine::{AgentKind, Connect, HangupCause, Input, Media};
use crate::freeswitch::agent_leg::offers::Offer;
use crate::freeswitch::agent_leg::standby::{self, UntilCancelled};
use crate::freeswitch::caller::playback;
use crate::freeswitch::ffi::session::{Course, SessionGuard};
use crate::freeswitch::ffi::sys::{self, switch_channel_flag_t, switch_status_t};
use crate::freeswitch::ffi::text::{copy_of, to_c};
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::talk::recording::Recording;
use crate::freeswitch::talk::talks::{APPLICATION, APPLICATION_DATA, BRIDGED};
use std::sync::Arc;
use std::time::Duration;

/// How long FreeSWITCH may take to bridge two channels. A leg that was made for the caller ends if the bridge fails after stock's limit;
/// a standing leg stays, and would tell nobody: it is waited for until FreeSWITCH itself gives up, after 20 s (`switch_ivr_uuid_bridge`).
const fn patience(kind: AgentKind) -> Duration {
    match kind {
        AgentKind::Callback => Duration::from_secs(3),
        AgentKind::UuidStandby => Duration::from_secs(25),
    }
}

/// Bridges and reports how it went. Runs on a thread of the pool.
///
/// Both sessions are held throughout: the events of the bridge, and those of its end when it comes at once, carry their data.
pub fn connect(switch: &Arc<FreeSwitch>, connect: &Connect) {
    let offer = switch.offers.open(connect.offer);
    // Of an agent who has waited while somebody was called back.
    offer.waiting.end();
    let is_called_back = switch.talks.meet(connect.offer, &connect.member_session_uuid);
    let member = SessionGuard::locate_even_hungup(&connect.member_session_uuid);
    let agent = SessionGuard::locate_even_hungup(&connect.agent_uuid);
    if let (true, Some(agent)) = (is_called_back, &agent) {
        let uuid = connect.member_session_uuid.as_str();
        agent.channel().set_variable(variable::MEMBER_SESSION_UUID, Some(uuid));
    }
    let bridged = match (&member, &agent) {
        (Some(member), Some(agent)) => bridge(switch, connect, &offer, member, agent),
        _ => false,
    };
    if let (true, Some(member)) = (bridged, &member) {
        switch.waiting.note_served(&connect.member_session_uuid);
        leave_application(switch, connect, member);
        switch.offers.close(connect.offer);
        switch.report(Input::OfferBridged { offer: connect.offer });
        switch.talks.note_bridged(connect.offer);
        return;
    }
    // Before it is hung up here.
    let agent_left = agent.as_ref().is_none_or(|agent| !agent.channel().is_up());
    let (member_up, cause) = give_up(connect, &offer, member.as_ref(), agent.as_ref());
    switch.report(Input::BridgeFailed {
        offer: connect.offer,
        member_up,
        agent_left,
        cause,
    });
    switch.offers.close(connect.offer);
    switch.talks.close(connect.offer);
}

fn bridge(switch: &FreeSwitch, connect: &Connect, offer: &Offer, member: &SessionGuard, agent: &SessionGuard) -> bool {
    let (caller, leg) = (member.channel(), agent.channel());
    let still_on = || offer.cancelled().is_none() && caller.is_up() && leg.is_up();
    if !still_on() {
        return false;
    }
    switch.hooks.install(**member);
    let silence = (connect.delay > 0).then(|| format!("silence_stream://{}", u64::from(connect.delay) * 1_000));
    let mut sounds: Vec<String> = silence.into_iter().collect();
    sounds.extend_from_slice(&connect.sounds);
    sounds.extend(sounds_of(connect, Some(member), variable::OUTBOUND_ANNOUNCE));
    playback::play_all(**agent, &sounds, &mut UntilCancelled(offer));
    if !still_on() {
        return false;
    }
    caller.set_variable(variable::AGENT_FOUND, Some("true"));
    caller.set_variable(variable::AGENT_UUID, Some(&connect.agent_uuid));
    // SAFETY: the shim returns a constant string.
    let bypass = unsafe { copy_of(sys::callcenter_bypass_media_after_bridge_variable()) };
    if caller.variable_is_true(&bypass) || leg.variable_is_true(&bypass) {
        caller.set(switch_channel_flag_t::CF_BYPASS_MEDIA_AFTER_BRIDGE);
    }
    let recording = Recording::begin(connect, member);
    offer.bridging.begin();
    if !uuid_bridge(connect) {
        return false;
    }
    // A caller's thread that is still on the way would hang up a leg that has been given to the next caller.
    let is_off =
        || !leg.is_up() || caller.has_left_bridge() || leg.course(&connect.member_session_uuid) != Course::Bridge;
    let is_settled = || caller.is_bridged() || is_off();
    let mut is_bridged = offer.bridging.wait(patience(connect.agent_kind), is_settled) || caller.is_bridged();
    if !is_bridged {
        leg.clear(switch_channel_flag_t::CF_BRIDGED);
        // As in stock, a bridge that takes longer while both are up counts: the end of the agent's leg tells if it fails after all.
        is_bridged = connect.agent_kind == AgentKind::Callback && caller.is_up() && !is_off();
    }
    if let (true, Some(recording)) = (is_bridged, recording) {
        recording.go_on();
    }
    is_bridged
}

/// FreeSWITCH hangs up every channel whose current application is one of a module that it unloads, and goes on calling the application
/// current after the channel was bridged away from it. Talks must outlive the module.
fn leave_application(switch: &FreeSwitch, connect: &Connect, member: &SessionGuard) {
    let channel = member.channel();
    let left = [APPLICATION, APPLICATION_DATA].map(|name| channel.variable(name).unwrap_or_default());
    let [name, data] = left;
    switch.talks.note_application(&connect.member_session_uuid, name, data);
    channel.set_variable(APPLICATION, Some(BRIDGED));
    channel.set_variable(APPLICATION_DATA, Some(&connect.agent_uuid));
}

fn uuid_bridge(connect: &Connect) -> bool {
    let (member, agent) = (to_c(&connect.member_session_uuid), to_c(&connect.agent_uuid));
    // SAFETY: the strings outlive the call; FreeSWITCH looks the channels up itself.
    let status = unsafe { sys::switch_ivr_uuid_bridge(member.as_ptr(), agent.as_ptr()) };
    status == switch_status_t::SWITCH_STATUS_SUCCESS
}

/// What a variable of the caller's channel has the agent hear. Nothing is heard of a chat.
fn sounds_of(connect: &Connect, member: Option<&SessionGuard>, variable: &str) -> Vec<String> {
    let member = member.filter(|_| connect.media == Media::Audio);
    member.map_or_else(Vec::new, |member| member.channel().sounds(variable))
}

/// Tells the agent, ends a leg that was made for this call, and says whether the member is up and why the leg ended.
fn give_up(
    connect: &Connect,
    offer: &Offer,
    member: Option<&SessionGuard>,
    agent: Option<&SessionGuard>,
) -> (bool, HangupCause) {
    let member_up = member.is_some_and(|member| member.channel().is_up());
    let member_gone = !member_up || offer.cancelled().is_some();
    let Some(agent) = agent else {
        return (member_up, HangupCause::NONE);
    };
    if member_gone {
        mark_failed(member, agent);
        let sounds = sounds_of(connect, member, variable::BRIDGE_FAILED_OUTBOUND_ANNOUNCE);
        let nobody_cancels = Offer::default();
        playback::play_all(**agent, &sounds, &mut UntilCancelled(&nobody_cancels));
    }
    match connect.agent_kind {
        AgentKind::Callback => {
            let cause = offer.cancelled().unwrap_or(HangupCause::ORIGINATOR_CANCEL);
            agent.channel().hang_up(&cause);
        }
        AgentKind::UuidStandby => standby::come_back(agent),
    }
    let cause = if agent.channel().is_up() {
        HangupCause::NONE
    } else {
        agent.channel().hangup_cause()
    };
    (member_up, cause)
}

fn mark_failed(member: Option<&SessionGuard>, agent: &SessionGuard) {
    agent.channel().set_variable(variable::AGENT_BRIDGED, Some("false"));
    if let Some(member) = member {
        member.channel().set_variable(variable::AGENT_BRIDGED, Some("false"));
    }
}
