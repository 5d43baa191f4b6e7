//! The JSON API `callcenter_config`. FreeSWITCH's JSON and ours meet as text.

use crate::freeswitch::ffi::barrier;
use crate::freeswitch::ffi::sys::{self, cJSON, switch_core_session_t, switch_status_t};
use crate::freeswitch::ffi::text::{take, to_c};

/// `{"command": "callcenter_config", "data": {...}}`.
pub unsafe extern "C" fn api(
    request: *const cJSON,
    _session: *mut switch_core_session_t,
    reply: *mut *mut cJSON,
) -> switch_status_t {
    barrier::enter(switch_status_t::SWITCH_STATUS_FALSE, |module| {
        // SAFETY: FreeSWITCH passes a live object; the text is ours.
        let data = unsafe { take(sys::callcenter_json_member_text(request, c"data".as_ptr())) };
        let data = data
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let (status, answer) = match module.console.json(&data) {
            Ok(answer) => (switch_status_t::SWITCH_STATUS_SUCCESS, answer),
            Err(refusal) => (switch_status_t::SWITCH_STATUS_FALSE, refusal),
        };
        let text = to_c(&answer.to_string());
        // SAFETY: FreeSWITCH passes where to put the reply, and frees it.
        unsafe { *reply = sys::callcenter_json_from_text(text.as_ptr()) };
        status
    })
}
