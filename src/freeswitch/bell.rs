//! Calls a thread that plays to a channel. FreeSWITCH asks a listener at every frame or never; a caller who waits hears fifty frames
//! a second for minutes, and each question costs two locks and a look into memory that is cold by then. So nobody is asked until
//! the bell rings.

use super::sys::{switch_input_args_t, switch_read_frame_callback_function_t as FrameCallback};
use parking_lot::Mutex;
use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The bell of one thread that plays.
#[derive(Default)]
pub struct Bell(Mutex<State>);

#[derive(Default)]
struct State {
    has_rung: bool,
    playing: Option<Playing>,
}

/// What FreeSWITCH plays by, on the stack of the thread that plays, and what it is to call at the next frame once the bell rings.
#[derive(Clone, Copy)]
struct Playing {
    arguments: *mut switch_input_args_t,
    on_frame: FrameCallback,
}

// SAFETY: the pointer is used under the lock only, and taken away before what it points to ends (`Hearing`).
unsafe impl Send for Playing {}

impl Bell {
    /// Has the thread ask its listener at the next frame, or as soon as it plays.
    pub fn ring(&self) {
        let mut state = self.0.lock();
        state.has_rung = true;
        state.write();
    }

    /// The listener has come: nobody asks any more until the next ring.
    pub fn answer(&self) {
        let mut state = self.0.lock();
        state.has_rung = false;
        state.write();
    }

    /// Plays by these arguments, with `on_frame` called from the next ring on.
    pub fn hear<R>(
        &self,
        arguments: *mut switch_input_args_t,
        on_frame: FrameCallback,
        play: impl FnOnce(*mut switch_input_args_t) -> R,
    ) -> R {
        let mut state = self.0.lock();
        state.playing = Some(Playing { arguments, on_frame });
        state.write();
        drop(state);
        let _hearing = Hearing(self);
        play(arguments)
    }
}

/// However the playing ends, the bell forgets it.
struct Hearing<'a>(&'a Bell);

impl Drop for Hearing<'_> {
    fn drop(&mut self) {
        self.0 .0.lock().playing = None;
    }
}

impl State {
    fn write(&mut self) {
        let Some(Playing { arguments, on_frame }) = self.playing else {
            return;
        };
        let callback = if self.has_rung { on_frame } else { None };
        let callback = callback.map_or(std::ptr::null_mut(), |callback| callback as *mut c_void);
        // SAFETY: the arguments are alive: `Hearing` takes them away under the lock before they end. FreeSWITCH reads this one field at each
        // frame, whole, and calls what it finds; a callback is a pointer, and none is null.
        let field = unsafe { AtomicPtr::<c_void>::from_ptr((&raw mut (*arguments).read_frame_callback).cast()) };
        field.store(callback, Ordering::Release);
    }
}
