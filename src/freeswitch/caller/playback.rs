//! Playing to a channel, with somebody who may stop it at any frame or digit.

use crate::freeswitch::caller::wake::Wake;
use crate::freeswitch::ffi::barrier;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::Session;
use crate::freeswitch::ffi::sys::{
    self, switch_core_session_t, switch_dtmf_t, switch_frame_t, switch_input_args_t, switch_input_type_t,
    switch_status_t,
};
use crate::freeswitch::ffi::text::to_c;
use std::ffi::{c_uint, c_void};
use std::time::{Duration, Instant};

/// Who may stop what plays. Called by the thread that plays.
pub trait Listener {
    /// Between two frames: whatever is played here makes the other wait, and it goes on where it was afterwards.
    fn interrupt(&mut self) {}

    /// Whether to stop now; asked at every frame, or at those after it was woken.
    fn stops(&self) -> bool;

    /// A digit was pressed; true stops.
    fn digit(&mut self, digit: char) -> bool;
}

/// How playing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, or stopped by a listener or a break.
    Normally,
    /// It could not be played, or the channel has something else to do.
    Failed,
}

/// Plays a file, stream or tone to its end; nothing on a channel that carries text only.
pub fn play(session: Session<'_>, file: &str, listener: &mut dyn Listener) -> Ended {
    if session.channel().has_text_only() {
        return Ended::Normally;
    }
    with_arguments(listener, None, |arguments| play_by(session, file, arguments))
}

/// Plays a file, stream or tone, or nothing, without asking the listener before it is woken.
pub fn play_until_woken(session: Session<'_>, file: Option<&str>, listener: &mut dyn Listener, wake: &Wake) -> Ended {
    if session.channel().has_text_only() {
        return wait_without_sound(session, None, listener);
    }
    with_arguments(listener, Some(wake), |arguments| match file {
        Some(file) => play_by(session, file, arguments),
        None => listen_by(session, 0, arguments),
    })
}

fn play_by(session: Session<'_>, file: &str, arguments: *mut switch_input_args_t) -> switch_status_t {
    let file = to_c(file);
    // SAFETY: the session is alive, and the string and the arguments outlive the call.
    unsafe { sys::switch_ivr_play_file(session.raw(), std::ptr::null_mut(), file.as_ptr(), arguments) }
}

/// `limit` in milliseconds; 0 is none.
fn listen_by(session: Session<'_>, limit: u32, arguments: *mut switch_input_args_t) -> switch_status_t {
    // SAFETY: the session is alive, and the arguments outlive the call.
    unsafe { sys::switch_ivr_collect_digits_callback(session.raw(), arguments, 0, limit) }
}

/// Listens without playing anything until stopped, and no longer than `time`.
pub fn listen_for(session: Session<'_>, time: Duration, listener: &mut dyn Listener) {
    if session.channel().has_text_only() {
        wait_without_sound(session, Some(time), listener);
        return;
    }
    let limit = u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
    with_arguments(listener, None, |arguments| listen_by(session, limit, arguments));
}

/// How often a channel without sound is looked at: as often as FreeSWITCH brings frames to those that have one.
const FRAME: Duration = Duration::from_millis(20);

/// A channel that carries text only brings no frames to be listened to, and FreeSWITCH hangs it up when it is asked for one.
fn wait_without_sound(session: Session<'_>, time: Option<Duration>, listener: &mut dyn Listener) -> Ended {
    let began = Instant::now();
    let is_over = || time.is_some_and(|time| began.elapsed() >= time);
    while session.channel().is_ready() && !listener.stops() && !is_over() {
        listener.interrupt();
        std::thread::sleep(FRAME);
    }
    Ended::Normally
}

/// Plays sounds one after the other. Says in the log what cannot be played, and returns whether there was such.
pub fn play_all(session: Session<'_>, files: &[String], listener: &mut dyn Listener) -> Ended {
    let mut all = Ended::Normally;
    for file in files {
        if listener.stops() || !session.channel().is_up() {
            break;
        }
        if play(session, file, listener) == Ended::Failed && session.channel().is_ready() {
            log::warning(Some(&session.uuid()), &format!("Couldn't play file '{file}'"));
            all = Ended::Failed;
        }
    }
    all
}

/// Who listens while FreeSWITCH plays, and what wakes them where they are not asked at each frame.
struct Audience<'a> {
    listener: &'a mut dyn Listener,
    wake: Option<&'a Wake>,
}

fn with_arguments(
    listener: &mut dyn Listener,
    wake: Option<&Wake>,
    call: impl FnOnce(*mut switch_input_args_t) -> switch_status_t,
) -> Ended {
    let mut audience = Audience { listener, wake };
    let audience: *mut Audience<'_> = &mut audience;
    let mut arguments = switch_input_args_t {
        input_callback: Some(on_input),
        buf: audience.cast(),
        buflen: 0,
        read_frame_callback: Some(on_frame),
        user_data: audience.cast(),
        dmachine: std::ptr::null_mut(),
        loops: 0,
    };
    match call(&mut arguments) {
        switch_status_t::SWITCH_STATUS_SUCCESS | switch_status_t::SWITCH_STATUS_BREAK => Ended::Normally,
        _ => Ended::Failed,
    }
}

fn status_of(stop: bool) -> switch_status_t {
    if stop {
        switch_status_t::SWITCH_STATUS_BREAK
    } else {
        switch_status_t::SWITCH_STATUS_SUCCESS
    }
}

unsafe extern "C" fn on_input(
    _session: *mut switch_core_session_t,
    input: *mut c_void,
    kind: switch_input_type_t,
    audience: *mut c_void,
    _length: c_uint,
) -> switch_status_t {
    if kind != switch_input_type_t::SWITCH_INPUT_TYPE_DTMF || input.is_null() {
        return status_of(false);
    }
    barrier::contain(status_of(false), || {
        // SAFETY: for this kind FreeSWITCH passes a switch_dtmf_t, alive during the call.
        let digit = unsafe { (*input.cast::<switch_dtmf_t>()).digit };
        // SAFETY: `with_arguments` put the pointer there; it waits for this call, and nobody else uses the audience meanwhile.
        let audience = unsafe { &mut *audience.cast::<Audience<'_>>() };
        status_of(audience.listener.digit(char::from(digit as u8)))
    })
}

unsafe extern "C" fn on_frame(
    _session: *mut switch_core_session_t,
    _frame: *mut switch_frame_t,
    audience: *mut c_void,
) -> switch_status_t {
    barrier::contain(status_of(false), || {
        // SAFETY: as in `on_input`; what `interrupt` plays has an audience of its own.
        let audience = unsafe { &mut *audience.cast::<Audience<'_>>() };
        if audience.wake.is_some_and(|wake| !wake.is_raised()) {
            return status_of(false);
        }
        audience.listener.interrupt();
        status_of(audience.listener.stops())
    })
}
