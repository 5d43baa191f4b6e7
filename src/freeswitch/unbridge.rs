//! The end of a uuid-standby agent's talk: the standing leg stays up, so it is the end of its bridge that tells.

use super::barrier;
use super::hooks::report_ended;
use super::presence::{header, Binding};
use super::session::SessionGuard;
use super::sys::{switch_event_t, switch_event_types_t};
use crate::core::HangupCause;

/// The subscription to ends of bridges.
pub struct UnbridgeBinding(#[allow(dead_code, reason = "ends the subscription on drop")] Binding);

impl UnbridgeBinding {
    /// Subscribes.
    pub fn new() -> Option<Self> {
        Binding::new(switch_event_types_t::SWITCH_EVENT_CHANNEL_UNBRIDGE, on_unbridge).map(Self)
    }
}

unsafe extern "C" fn on_unbridge(event: *mut switch_event_t) {
    barrier::enter((), |module| {
        // SAFETY: FreeSWITCH passes an event that is alive during the call.
        let (one, other) = unsafe {
            (
                header(event, c"Bridge-A-Unique-ID"),
                header(event, c"Bridge-B-Unique-ID"),
            )
        };
        let Some(offer) = module.switch.talks.standby_between(&one, &other) else {
            return;
        };
        report_ended(module, offer, cause_of(&one, &other));
    });
}

/// Why the talk ended: the cause of whichever leg has hung up, else a normal end.
fn cause_of(one: &str, other: &str) -> HangupCause {
    [one, other]
        .iter()
        .filter_map(|uuid| SessionGuard::locate_even_hungup(uuid))
        .find(|session| !session.channel().is_up())
        .map_or(HangupCause::NORMAL_CLEARING, |session| session.channel().hangup_cause())
}
