//! Making a call, and whose doing it was that there is none.

use crate::engine::{HangupCause, Refusal};
use crate::freeswitch::dialling::calls::Call;
use crate::freeswitch::dialling::refusal::Attempt;
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::session::{named_cause, SessionGuard};
use crate::freeswitch::ffi::sys::{self, switch_call_cause_t, switch_originate_flag_enum_t, switch_status_t};
use crate::freeswitch::ffi::text::to_c;

/// Who is called, and how.
pub struct Order<'a> {
    /// The dial string.
    pub dial: &'a str,
    /// Seconds the phone may ring.
    pub timeout: u32,
    /// The name that is shown; none: FreeSWITCH's own.
    pub name: Option<&'a str>,
    /// The number that is shown; none: FreeSWITCH's own.
    pub number: Option<&'a str>,
}

/// Why there is no leg.
pub struct NoLeg {
    /// Who has stopped it: the cause the call was cancelled with.
    pub cancelled: Option<HangupCause>,
    /// FreeSWITCH makes no calls, for this reason.
    pub refusal: Option<Refusal>,
    /// FreeSWITCH's cause.
    pub cause: HangupCause,
}

/// Makes the call and returns once it is answered. The leg has these variables.
pub fn originate(call: &Call, order: &Order<'_>, variables: &mut EventBuilder) -> Result<SessionGuard, NoLeg> {
    let (dial, name, number) = (to_c(order.dial), order.name.map(to_c), order.number.map(to_c));
    let pointer = |text: &Option<std::ffi::CString>| text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr());
    let mut leg = std::ptr::null_mut();
    let mut cause = switch_call_cause_t::SWITCH_CAUSE_NONE;
    let attempt = Attempt::begin();
    // SAFETY: strings, variables and the call outlive this. A leg that is returned carries a read lock.
    let (status, leg) = unsafe {
        let status = sys::switch_ivr_originate(
            std::ptr::null_mut(),
            &mut leg,
            &mut cause,
            dial.as_ptr(),
            order.timeout,
            std::ptr::null(),
            pointer(&name),
            pointer(&number),
            std::ptr::null_mut(),
            variables.raw(),
            switch_originate_flag_enum_t::SOF_NONE.0,
            call.cancel_pointer(),
            std::ptr::null_mut(),
        );
        (status, SessionGuard::from_locked(leg))
    };
    match leg {
        Some(leg) if status == switch_status_t::SWITCH_STATUS_SUCCESS => Ok(leg),
        _ => {
            let cancelled = call.cancelled();
            Err(NoLeg {
                refusal: attempt.refusal().filter(|_| cancelled.is_none()),
                cancelled,
                cause: named_cause(cause),
            })
        }
    }
}
