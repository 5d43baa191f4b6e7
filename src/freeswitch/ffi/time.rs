//! FreeSWITCH's clock.

use crate::engine::WallTime;
use crate::freeswitch::ffi::sys;

/// What FreeSWITCH's clock shows; `fsctl sync_clock` sets it after the machine's. All its epochs come from here.
pub fn wall() -> WallTime {
    // SAFETY: it reads a number of FreeSWITCH's, or the machine's clock, and can be called from any thread.
    WallTime::from_micros(unsafe { sys::switch_micro_time_now() })
}
