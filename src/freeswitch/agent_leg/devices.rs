//! Devices in use, as FreeSWITCH tells: every channel with a presence id is a call of that device, from its first call state to its end.
//! Calls that are up already when the module is loaded are looked for.

use crate::engine::Input;
use crate::freeswitch::ffi::binding::Binding;
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::event::Heard;
use crate::freeswitch::ffi::session::{channels_with, SessionGuard};
use crate::freeswitch::ffi::sys::switch_event_types_t;
use crate::freeswitch::module::Module;
use crate::switch::DeviceCalls;
use parking_lot::Mutex;
use std::sync::Arc;

/// The calls of each device.
#[derive(Default)]
pub struct Devices {
    calls: Mutex<DeviceCalls>,
}

impl Devices {
    fn is_in_use(&self, device: &str) -> bool {
        self.calls.lock().is_in_use(device)
    }

    fn note(&self, channel: &str, device: Option<String>) -> Vec<String> {
        self.calls.lock().note(channel, device)
    }
}

/// The subscriptions to call states and ends of channels.
pub struct DeviceBindings {
    #[allow(dead_code, reason = "ends the subscription on drop")]
    states: Binding,
    #[allow(dead_code, reason = "ends the subscription on drop")]
    ends: Binding,
}

impl DeviceBindings {
    /// Subscribes.
    pub fn new() -> Option<Self> {
        Some(Self {
            states: Binding::new(switch_event_types_t::SWITCH_EVENT_CHANNEL_CALLSTATE, on_state)?,
            ends: Binding::new(switch_event_types_t::SWITCH_EVENT_CHANNEL_DESTROY, on_end)?,
        })
    }
}

/// The variable behind the header.
const PRESENCE_ID: &str = "presence_id";

/// Takes over the calls that are up. Done again once events are heard, it mends what has changed in between.
pub fn take_over(module: &Module) {
    for channel in channels_with(PRESENCE_ID, None) {
        let session = SessionGuard::locate(&channel);
        let device = session.and_then(|session| session.channel().variable(PRESENCE_ID));
        report(module, &channel, device.filter(|device| !device.is_empty()));
    }
    let known = module.switch.devices.calls.lock().channels();
    for channel in known.iter().filter(|channel| SessionGuard::locate(channel).is_none()) {
        report(module, channel, None);
    }
}

entry!(event on_state, state_changed);
entry!(event on_end, ended);

fn state_changed(module: &Arc<Module>, event: Heard<'_>) {
    let device = event.header(c"Channel-Presence-ID");
    let is_up = event.header(c"Channel-Call-State") != "HANGUP" && !device.is_empty();
    report(module, &event.header(c"Unique-ID"), is_up.then_some(device));
}

fn ended(module: &Arc<Module>, event: Heard<'_>) {
    report(module, &event.header(c"Unique-ID"), None);
}

fn report(module: &Module, channel: &str, device: Option<String>) {
    let devices = &module.switch.devices;
    for device in devices.note(channel, device) {
        // Two threads may bring news of one device: whoever comes last looks once more, and tells what holds.
        loop {
            let in_use = devices.is_in_use(&device);
            // There is nothing to refuse.
            let _ = module.reception.submit(Input::DeviceState {
                device: device.clone(),
                in_use,
            });
            if devices.is_in_use(&device) == in_use {
                break;
            }
        }
    }
}
