//! Standing legs of uuid-standby agents: whether they are there, and whether somebody is on the line.
//!
//! An agent may be given a leg that is not there yet, and one that is in a call already: it is looked at when the engine asks, when it is
//! answered, when FreeSWITCH has made it, and when it ends; its bridges tell the rest (see `unbridge`).

use crate::engine::{Input, LegState};
use crate::freeswitch::ffi::binding::Binding;
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::event::Heard;
use crate::freeswitch::ffi::session::SessionGuard;
use crate::freeswitch::ffi::sys::switch_event_types_t;
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::module::Module;
use std::sync::Arc;

/// The subscription to call states: a leg that is waited for has come.
pub struct LegBinding(#[allow(dead_code, reason = "ends the subscription on drop")] Binding);

impl LegBinding {
    /// Subscribes.
    pub fn new() -> Option<Self> {
        Binding::new(switch_event_types_t::SWITCH_EVENT_CHANNEL_CALLSTATE, on_state).map(Self)
    }
}

/// The call states of a channel that has something to be heard.
const ANSWERED: [&str; 2] = ["EARLY", "ACTIVE"];

entry!(event on_state, state_changed);

fn state_changed(module: &Arc<Module>, event: Heard<'_>) {
    let channel = event.header(c"Unique-ID");
    let state = event.header(c"Channel-Call-State");
    let stands = || module.reception.is_standing_leg(&channel);
    if ANSWERED.contains(&state.as_str()) && stands() {
        look(&module.switch, &channel);
    }
}

/// Reports what a leg is doing. It may do something else while that is reported: whoever looks last tells what holds.
pub fn look(switch: &FreeSwitch, uuid: &str) {
    loop {
        let state = state_of(switch, uuid);
        report(switch, uuid, state);
        if state_of(switch, uuid) == state {
            break;
        }
    }
}

/// Whoever was on the line has left it.
pub fn is_left(switch: &FreeSwitch, uuid: &str) {
    report(switch, uuid, LegState::Alone);
    if SessionGuard::locate(uuid).is_none() {
        report(switch, uuid, LegState::Gone);
    }
}

/// Reports what is known of a leg.
pub fn report(switch: &FreeSwitch, uuid: &str, state: LegState) {
    if let Some(reception) = switch.reception() {
        // There is nothing to refuse.
        let _ = reception.submit(Input::StandingLeg {
            agent_uuid: uuid.to_owned(),
            state,
        });
    }
}

/// A channel has come to another state: a leg that FreeSWITCH was still making for somebody may be there now. Only channels with our state
/// handlers come here, three times a bridge; the engine's lock is held for one look into the books and is free again before the leg is
/// looked at. A second book of awaited legs outside the lock would save that, and could disagree with the engine's.
pub fn moves_on(module: &Module, uuid: &str) {
    if module.reception.leg_is_awaited(uuid) {
        look(&module.switch, uuid);
    }
}

/// What a leg is doing now; what it does next, and its end, will be told from now on. One that FreeSWITCH is still making is not there: a
/// bridge would take it away from whoever is making it, whose `originate` would fail.
fn state_of(switch: &FreeSwitch, uuid: &str) -> LegState {
    let Some(leg) = SessionGuard::locate(uuid) else {
        return LegState::Gone;
    };
    switch.hooks.install(*leg);
    let channel = leg.channel();
    if !channel.is_answered() || channel.is_being_originated() {
        return LegState::Gone;
    }
    let offer = switch.talks.offer_of_agent(uuid);
    let caller = offer.and_then(|offer| switch.talks.member_of(offer));
    let is_with_caller = || caller.is_some() && channel.partner_uuid() == caller;
    if channel.is_in_bridge() && !is_with_caller() {
        LegState::Taken
    } else {
        LegState::Alone
    }
}
