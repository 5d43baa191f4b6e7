//! Presence of queues: what BLF keys are told, and the probes they send.

use crate::engine::{blf_key_name, blf_key_of, BlfKey, Input, Presence};
use crate::freeswitch::caller::app;
use crate::freeswitch::ffi::binding::Binding;
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::event::{EventBuilder, Heard};
use crate::freeswitch::ffi::sys::switch_event_types_t;
use crate::freeswitch::module::Module;
use std::sync::Arc;

/// What a probe for a queue's presence is addressed to, before the queue's name.
const SCHEME: &str = "callcenter+";

/// Fires a presence, in stock's words.
pub fn fire(presence: &Presence) {
    match presence {
        Presence::Queue { queue, waiting } => {
            let is_busy = *waiting > 0;
            let status = if is_busy {
                format!("Active ({waiting} waiting)")
            } else {
                "Idle".to_owned()
            };
            send(queue, is_busy, &status);
        }
        Presence::BlfKey { queue, lamp, is_lit } => {
            let status = match (lamp, is_lit) {
                (BlfKey::Free, true) => "Nobody free",
                (BlfKey::Free, false) => "Available",
                (BlfKey::Paused(_), true) => "Paused",
                (BlfKey::Paused(_), false) => "Idle",
            };
            send(&blf_key_name(queue, lamp), *is_lit, status);
        }
    }
}

fn send(name: &str, busy: bool, status: &str) {
    let Some(mut event) = EventBuilder::of(switch_event_types_t::SWITCH_EVENT_PRESENCE_IN) else {
        return;
    };
    let headers = [
        ("proto", "callcenter"),
        ("login", name),
        ("from", name),
        ("force-status", status),
        ("rpid", "unknown"),
        ("event_type", "presence"),
        ("alt_event_type", "dialog"),
        ("event_count", "0"),
        ("channel-state", if busy { "CS_ROUTING" } else { "CS_HANGUP" }),
        ("unique-id", name),
        ("answer-state", if busy { "confirmed" } else { "terminated" }),
        ("presence-call-direction", "inbound"),
    ];
    for (name, value) in headers {
        event.add(name, value);
    }
    event.fire();
}

/// The subscription to presence probes.
pub struct ProbeBinding(#[allow(dead_code, reason = "ends the subscription on drop")] Binding);

impl ProbeBinding {
    /// Subscribes.
    pub fn new() -> Option<Self> {
        Binding::new(switch_event_types_t::SWITCH_EVENT_PRESENCE_PROBE, on_probe).map(Self)
    }
}

entry!(event on_probe, probed);

fn probed(module: &Arc<Module>, event: Heard<'_>) {
    if let Some(queue) = probed_queue(&event.header(c"to")) {
        load_unless_unloaded(module, queue);
        if let Some((queue, _)) = blf_key_of(queue) {
            load_unless_unloaded(module, &queue);
        }
        // A probe for a queue that there is not is not answered, as in stock.
        let _ = module.reception.submit(Input::PresenceProbe {
            queue: queue.to_owned(),
        });
    }
}

/// As in stock a probe loads a queue of the configuration that nobody has loaded yet. One that somebody has unloaded stays so:
/// a phone that looks at its lamps is no caller (FreeSWITCH #1822).
fn load_unless_unloaded(module: &Module, queue: &str) {
    if module.reception.queue_is_new(queue) {
        app::ensure_loaded(module, queue);
    }
}

fn probed_queue(to: &str) -> Option<&str> {
    let (scheme, queue) = (to.get(..SCHEME.len())?, to.get(SCHEME.len()..)?);
    (scheme.eq_ignore_ascii_case(SCHEME) && queue.contains('@')).then_some(queue)
}
