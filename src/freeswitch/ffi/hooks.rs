//! Our state-handler table on channels: put there once, and off every one that lives before the module goes.

use crate::freeswitch::ffi::session::{Session, SessionGuard};
use crate::freeswitch::ffi::sys::{self, switch_state_handler_flag_t, switch_state_handler_table_t};
use parking_lot::Mutex;
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// C shares a table between threads; nobody writes to it.
#[repr(transparent)]
pub struct HandlerTable(pub switch_state_handler_table_t);

// SAFETY: a table is constant, and its padding pointers are null.
unsafe impl Sync for HandlerTable {}

/// A table that does nothing. Sticky, because `switch_ivr_uuid_bridge` takes every other table off both channels.
pub const NO_HANDLERS: switch_state_handler_table_t = switch_state_handler_table_t {
    on_init: None,
    on_routing: None,
    on_execute: None,
    on_hangup: None,
    on_exchange_media: None,
    on_soft_execute: None,
    on_consume_media: None,
    on_hibernate: None,
    on_reset: None,
    on_park: None,
    on_reporting: None,
    on_destroy: None,
    flags: switch_state_handler_flag_t::SSH_FLAG_STICKY.0 as i32,
    padding: [std::ptr::null_mut(); 10],
};

/// The channels that have our table, until FreeSWITCH destroys them.
pub struct Hooks {
    table: &'static HandlerTable,
    channels: Mutex<HashSet<String>>,
}

impl Hooks {
    /// No channel has the table yet.
    pub fn of(table: &'static HandlerTable) -> Self {
        Self {
            table,
            channels: Mutex::default(),
        }
    }

    /// Puts the table on a channel; once is enough, and twice does no harm. The caller checks afterwards whether the channel is still
    /// up: one that went down before will not tell.
    pub fn install(&self, session: Session<'_>) {
        let uuid = session.uuid();
        self.channels.lock().insert(uuid);
        // SAFETY: the channel is alive; the table lives until `remove_all` has taken it off every channel.
        unsafe { sys::switch_channel_add_state_handler(session.channel().raw(), &self.table.0) };
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
            unsafe { sys::switch_channel_clear_state_handler(session.channel().raw(), &self.table.0) };
            self.channels.lock().remove(uuid);
        }
    }

    /// FreeSWITCH has destroyed the channel.
    pub fn forget(&self, uuid: &str) {
        self.channels.lock().remove(uuid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::freeswitch::ffi::host::Call;

    /// A table of no handlers.
    static NOTHING: HandlerTable = HandlerTable(NO_HANDLERS);

    #[test]
    fn the_table_is_on_a_channel_once_and_off_every_one_that_lives() {
        let hooks = Hooks::of(&NOTHING);
        let (one, other) = (Call::parked("hooked-1"), Call::parked("hooked-2"));
        hooks.install(one.session());
        hooks.install(one.session());
        hooks.install(other.session());
        assert_eq!((one.tables(), other.tables()), (1, 1));
        assert!(hooks.remove_all(Duration::ZERO), "both are found");
        assert_eq!((one.tables(), other.tables()), (0, 0));
        assert_eq!((one.locks(), other.locks()), (0, 0), "they were only borrowed");
    }

    #[test]
    fn a_channel_that_is_being_destroyed_is_waited_for_until_it_says_so() {
        let hooks = Hooks::of(&NOTHING);
        let call = Call::parked("hooked-3");
        hooks.install(call.session());
        drop(call);
        assert!(
            !hooks.remove_all(Duration::ZERO),
            "it cannot be looked up, and may still call us"
        );
        hooks.forget("hooked-3");
        assert!(hooks.remove_all(Duration::ZERO));
    }
}
