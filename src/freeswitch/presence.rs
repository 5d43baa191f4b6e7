//! Presence of queues: what BLF keys are told, and the probes they send.

use super::app;
use super::entry::entry;
use super::event::{EventBuilder, Heard};
use super::module::Module;
use super::sys::{self, switch_event_node_t, switch_event_t, switch_event_types_t, switch_status_t};
use crate::core::{lamp_name, lamp_of, Input, Lamp, Presence};
use std::ffi::CStr;
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
        Presence::Lamp { queue, lamp, is_lit } => {
            let status = match (lamp, is_lit) {
                (Lamp::Free, true) => "Nobody free",
                (Lamp::Free, false) => "Available",
                (Lamp::Paused(_), true) => "Paused",
                (Lamp::Paused(_), false) => "Idle",
            };
            send(&lamp_name(queue, lamp), *is_lit, status);
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

/// A subscription to one kind of event, ended on drop.
pub struct Binding {
    node: *mut switch_event_node_t,
}

// SAFETY: the node is only handed back to FreeSWITCH, which locks its own lists.
unsafe impl Send for Binding {}

impl Binding {
    /// Has `handler` called for every event of that kind.
    pub fn new(kind: switch_event_types_t, handler: unsafe extern "C" fn(*mut switch_event_t)) -> Option<Self> {
        const OWNER: &CStr = c"mod_callcenter";
        let mut node = std::ptr::null_mut();
        // SAFETY: the handler is a function of this module and stays loaded until the binding is dropped.
        let status = unsafe {
            sys::switch_event_bind_removable(
                OWNER.as_ptr(),
                kind,
                std::ptr::null(),
                Some(handler),
                std::ptr::null_mut(),
                &mut node,
            )
        };
        (status == switch_status_t::SWITCH_STATUS_SUCCESS).then(|| Self { node })
    }
}

impl Drop for Binding {
    fn drop(&mut self) {
        // SAFETY: the node is the one FreeSWITCH gave; it waits for handlers that run.
        unsafe { sys::switch_event_unbind(&mut self.node) };
    }
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
        if let Some((queue, _)) = lamp_of(queue) {
            load_unless_unloaded(module, &queue);
        }
        // A probe for a queue that there is not is not answered, as in stock.
        let _ = module.driver.submit(Input::PresenceProbe {
            queue: queue.to_owned(),
        });
    }
}

/// As in stock a probe loads a queue of the configuration that nobody has loaded yet. One that somebody has unloaded stays so:
/// a phone that looks at its lamps is no caller (1822).
fn load_unless_unloaded(module: &Module, queue: &str) {
    if module.driver.view(|engine, _| engine.queue_is_new(queue)) {
        app::ensure_loaded(module, queue);
    }
}

fn probed_queue(to: &str) -> Option<&str> {
    let (scheme, queue) = (to.get(..SCHEME.len())?, to.get(SCHEME.len()..)?);
    (scheme.eq_ignore_ascii_case(SCHEME) && queue.contains('@')).then_some(queue)
}
