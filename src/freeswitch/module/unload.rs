//! Unloading: nothing of ours may be left that FreeSWITCH could call, because it unmaps the module when this returns.

use crate::engine::{CancelReason, HangupCause};
use crate::freeswitch::commands::completion;
use crate::freeswitch::ffi::barrier;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::sys::switch_status_t;
use crate::freeswitch::module::load::free_subclass;
use crate::freeswitch::module::{self, Module};
use crate::freeswitch::talk::adoption;
use crate::store::threads_left_behind;
use std::time::{Duration, Instant};

/// How long each of the things waited for may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the server may take to write down that a box of a cluster has left.
const HANDED_OVER_WITHIN: Duration = Duration::from_secs(2);

/// A thread of FreeSWITCH that has just been told to call us, or is just leaving, is past our code within this time.
const LAST_STEPS: Duration = Duration::from_millis(50);

/// Takes the running module down. When something does not end in time, FreeSWITCH is told to keep the code.
pub fn unload() -> switch_status_t {
    let Some(running) = module::running() else {
        return switch_status_t::SWITCH_STATUS_SUCCESS;
    };
    completion::remove();
    let clean = take_down(&running);
    drop(running);
    let stopped = module::stop();
    let empty = barrier::wait_until_empty(PATIENCE);
    if let Some(cluster_box) = stopped.as_ref().and_then(|module| module.cluster_box.as_ref()) {
        if !cluster_box.depart(HANDED_OVER_WITHIN) {
            log::warning(None, "cluster: the others have not been told that this box is unloaded: they will notice within five seconds");
        }
    }
    let left = Instant::now();
    // Drops the journal, which writes what is left; nobody else has the module any more.
    drop(stopped);
    free_subclass();
    std::thread::sleep(LAST_STEPS.saturating_sub(left.elapsed()));
    if clean && empty && threads_left_behind() == 0 {
        return switch_status_t::SWITCH_STATUS_SUCCESS;
    }
    log::error(
        None,
        "mod_callcenter is down, but something of FreeSWITCH still runs through it: its code stays in memory until FreeSWITCH \
         is restarted",
    );
    switch_status_t::SWITCH_STATUS_NOUNLOAD
}

/// Ends what is under way: first nothing new, then what waits or rings, then the hooks on the talks, which go on.
fn take_down(running: &Module) -> bool {
    let switch = &running.switch;
    let mut services = std::mem::take(&mut *running.services.lock());
    drop(services.probes.take());
    drop(services.devices.take());
    drop(services.legs.take());
    drop(services.hangup_signals.take());
    drop(services.rows.take());
    drop(services.timers.take());
    switch.offers.cancel_all(&HangupCause::ORIGINATOR_CANCEL);
    switch.attempts.cancel_all(&HangupCause::ORIGINATOR_CANCEL);
    for session in switch.waiting.sessions() {
        switch.let_go(&session, CancelReason::BreakOut, None);
    }
    let rested = switch.pool.close(PATIENCE);
    drop(services.bridges.take());
    if let Some(cluster_box) = &running.cluster_box {
        // Talks that have just begun are known by then.
        cluster_box.settle_news();
    }
    // Nobody reports the end of a talk from here on but its channel itself.
    adoption::leave_marks(running);
    let unhooked = switch.hooks.remove_all(PATIENCE);
    rested && unhooked
}
