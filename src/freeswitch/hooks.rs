//! FreeSWITCH's word that a channel has got somewhere: a state-handler table of ours on the legs of a talk, and on tracked calls.
//! It tells of the way into a bridge, and of the channel's end.

use super::barrier;
use super::module::Module;
use super::session::{Session, SessionGuard};
use super::sys::{
    self, switch_core_session_t, switch_state_handler_flag_t, switch_state_handler_table_t, switch_status_t,
};
use super::talk_end;
use crate::core::{HangupCause, Input, OfferId, TalkEnd};
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// C shares the table between threads; nobody writes to it.
#[repr(transparent)]
struct Table(switch_state_handler_table_t);

// SAFETY: the table is constant, and its padding pointers are null.
unsafe impl Sync for Table {}

/// Sticky, because `switch_ivr_uuid_bridge` takes every other table off both channels.
static TABLE: Table = Table(switch_state_handler_table_t {
    on_init: None,
    on_routing: None,
    on_execute: None,
    on_hangup: Some(on_hangup),
    on_exchange_media: Some(on_exchange_media),
    on_soft_execute: None,
    on_consume_media: None,
    on_hibernate: None,
    on_reset: Some(on_reset),
    on_park: None,
    on_reporting: Some(on_hangup),
    on_destroy: Some(on_destroy),
    flags: switch_state_handler_flag_t::SSH_FLAG_STICKY.0 as i32,
    padding: [std::ptr::null_mut(); 10],
});

/// The channels that have our table, until FreeSWITCH destroys them.
#[derive(Default)]
pub struct Hooks {
    channels: Mutex<HashSet<String>>,
}

impl Hooks {
    /// Puts the table on a channel; once is enough, and twice does no harm. The caller checks afterwards whether the channel is still
    /// up: one that went down before will not tell.
    pub fn install(&self, session: Session<'_>) {
        let uuid = session.uuid();
        self.channels.lock().insert(uuid);
        // SAFETY: the channel is alive; the table lives until `remove_all` has taken it off every channel.
        unsafe { sys::switch_channel_add_state_handler(session.channel().raw(), &TABLE.0) };
    }

    /// Takes the table off every channel that lives; false when one that is being destroyed still has it after `patience`.
    pub fn remove_all(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            let channels: Vec<String> = self.channels.lock().iter().cloned().collect();
            for uuid in channels {
                self.remove(&uuid);
            }
            if self.channels.lock().is_empty() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn remove(&self, uuid: &str) {
        if let Some(session) = SessionGuard::locate_even_hungup(uuid) {
            // SAFETY: the channel is alive.
            unsafe { sys::switch_channel_clear_state_handler(session.channel().raw(), &TABLE.0) };
            self.channels.lock().remove(uuid);
        }
    }

    fn forget(&self, uuid: &str) {
        self.channels.lock().remove(uuid);
    }
}

unsafe extern "C" fn on_hangup(session: *mut switch_core_session_t) -> switch_status_t {
    barrier::enter((), |module| {
        // SAFETY: FreeSWITCH passes the session whose state changes, alive during the call.
        if let Some(session) = unsafe { Session::borrowed(session) } {
            channel_ended(module, session);
        }
    });
    switch_status_t::SWITCH_STATUS_SUCCESS
}

unsafe extern "C" fn on_reset(session: *mut switch_core_session_t) -> switch_status_t {
    barrier::enter((), |module| {
        // SAFETY: as in `on_hangup`.
        if let Some(session) = unsafe { Session::borrowed(session) } {
            await_caller(module, session);
        }
    });
    switch_status_t::SWITCH_STATUS_SUCCESS
}

unsafe extern "C" fn on_exchange_media(session: *mut switch_core_session_t) -> switch_status_t {
    barrier::enter((), |module| {
        // SAFETY: as in `on_hangup`.
        if let Some(session) = unsafe { Session::borrowed(session) } {
            let offers = module.switch.talks.offers_of(&session.uuid());
            let open = offers.into_iter().filter_map(|offer| module.switch.offers.get(offer));
            open.for_each(|offer| offer.joining.begins());
        }
    });
    switch_status_t::SWITCH_STATUS_SUCCESS
}

unsafe extern "C" fn on_destroy(session: *mut switch_core_session_t) -> switch_status_t {
    barrier::enter((), |module| {
        // SAFETY: as in `on_hangup`.
        if let Some(session) = unsafe { Session::borrowed(session) } {
            channel_ended(module, session);
            module.switch.hooks.forget(&session.uuid());
        }
    });
    switch_status_t::SWITCH_STATUS_SUCCESS
}

/// An agent's leg that is to be bridged goes on to the state in which the bridge finds it. The caller's thread would send it there
/// when it comes by, and look again 20 ms later whether it has arrived (`switch_ivr_uuid_bridge`): the two would hear each other that
/// much later.
fn await_caller(module: &Arc<Module>, leg: Session<'_>) {
    let offer = module.switch.talks.offer_of_agent(&leg.uuid());
    if let Some(offer) = offer.and_then(|offer| module.switch.offers.get(offer)) {
        if offer.joining.agent_is_ready() {
            leg.channel().await_bridge();
        }
    }
}

/// A channel is at its end: as a caller, as a tracked call, as an agent's leg. FreeSWITCH may say so more than once; what is
/// known is not told again.
fn channel_ended(module: &Arc<Module>, session: Session<'_>) {
    let uuid = session.uuid();
    module
        .switch
        .talks
        .member_hangs_up(&uuid, session.channel(), module.driver.wall());
    for agent in module.switch.tracked.end(&uuid) {
        // The agent may have been deleted meanwhile; then there is nothing to count.
        let _ = module.driver.submit(Input::ExternalCallEnded { agent });
    }
    if let Some(offer) = module.switch.talks.offer_of_agent(&uuid) {
        if let Some(offer) = module.switch.offers.get(offer) {
            offer.joining.stir();
        }
        let cause = session.channel().hangup_cause();
        let by = await_member(module, offer, session);
        report_ended(module, offer, cause, by);
    }
}

/// When both hang up, the caller's channel is first given the time to say how its call ended: the events of the talk's end carry it.
/// Returns which of the two ended the talk.
fn await_member(module: &Arc<Module>, offer: OfferId, agent: Session<'_>) -> TalkEnd {
    let talks = &module.switch.talks;
    let (Some(member_uuid), Some(kind)) = (talks.member_of(offer), talks.kind_of(offer)) else {
        return TalkEnd::Agent;
    };
    let by = talk_end::of(agent.channel(), kind, &member_uuid);
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
        .driver
        .submit_and_settle(Input::AgentLegEnded { offer, cause, by });
    module.switch.talks.note_ended(offer);
}
