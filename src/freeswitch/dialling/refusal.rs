//! Whether FreeSWITCH makes no new sessions.
//!
//! `switch_ivr_originate` does not tell why there is no leg: a session that the core refuses to make ends in the cause that its endpoint
//! has for a broken profile. But the core's own figures can be read, and what it refuses it refuses at once.

use crate::engine::Refusal;
use crate::freeswitch::ffi::sys::{self, switch_bool_t};
use std::time::{Duration, Instant};

/// What the core refuses takes no longer: no phone is called meanwhile.
const AT_ONCE: Duration = Duration::from_millis(500);

/// An attempt to make a call.
pub struct Attempt {
    began: Instant,
    /// What the core would have refused the call for when it began.
    before: Option<Refusal>,
}

impl Attempt {
    /// The attempt begins.
    pub fn begin() -> Self {
        Self {
            began: Instant::now(),
            // The last session of a second is refused, too.
            before: refusal(1),
        }
    }

    /// The attempt has made no leg: why the core has refused one, if that was the reason. The limits may have been reached, or
    /// have been lifted, while it lasted.
    pub fn refusal(&self) -> Option<Refusal> {
        if self.began.elapsed() > AT_ONCE {
            return None;
        }
        refusal(0).or(self.before)
    }
}

/// Why the core makes no session while it has so many left for this second; none when it does make one.
fn refusal(left: i32) -> Option<Refusal> {
    // SAFETY: these read FreeSWITCH's own figures; no new limit is set by 0, nor by a negative share of idle time.
    let (takes_calls, sessions, limit, rate, idle, least_idle) = unsafe {
        (
            sys::switch_core_ready() != switch_bool_t::SWITCH_FALSE
                && sys::switch_core_ready_outbound() != switch_bool_t::SWITCH_FALSE,
            sys::switch_core_session_count(),
            sys::switch_core_session_limit(0),
            sys::switch_core_sps(),
            sys::switch_core_idle_cpu(),
            sys::switch_core_min_idle_cpu(-1.0),
        )
    };
    if !takes_calls {
        Some(Refusal::Paused)
    } else if sessions >= limit {
        Some(Refusal::Sessions)
    } else if rate <= left {
        Some(Refusal::SessionRate)
    } else if least_idle > 0.0 && idle < least_idle {
        Some(Refusal::IdleTime)
    } else {
        None
    }
}
