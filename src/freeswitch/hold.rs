//! What a caller hears while waiting, until an agent, a release, a key or the caller's own hangup ends it.

use super::log;
use super::playback::{self, Ended, Listener};
use super::session::Session;
use super::waiting::Stay;
use crate::core::CancelReason;
use std::time::{Duration, Instant};

/// A sound that ends sooner than this has told nobody anything: waiting a little keeps an empty file from spinning.
const SHORTEST_SOUND: Duration = Duration::from_millis(100);

/// Stops at a release or at one of the caller's exit keys.
struct Waiter<'a> {
    stay: &'a Stay,
    exit_keys: String,
    pressed: Option<char>,
}

impl Listener for Waiter<'_> {
    fn stops(&self) -> bool {
        self.stay.reason().is_some()
    }

    fn digit(&mut self, digit: char) -> bool {
        if self.exit_keys.contains(digit) {
            self.pressed = Some(digit);
        }
        self.pressed.is_some()
    }
}

/// Keeps the caller until something ends the wait; returns the reason where there is one to be known here.
pub fn hold(session: Session<'_>, stay: &Stay, sound: Option<String>) -> Option<CancelReason> {
    let channel = session.channel();
    let mut sound = sound.filter(|sound| !sound.is_empty());
    while channel.is_ready() && stay.reason().is_none() && !channel.variable_is_true("cc_agent_bridged") {
        session.flush_private_events();
        let exit_keys = channel.variable("cc_exit_keys").unwrap_or_default();
        let mut waiter = Waiter {
            stay,
            exit_keys,
            pressed: None,
        };
        let started = Instant::now();
        let ended = match &sound {
            Some(file) => playback::play(session, file, &mut waiter),
            None => playback::listen(session, &mut waiter),
        };
        if let Some(key) = waiter.pressed {
            channel.set_variable("cc_exit_key", Some(key.encode_utf8(&mut [0; 4])));
            return Some(CancelReason::ExitWithKey);
        }
        if started.elapsed() >= SHORTEST_SOUND || !channel.is_ready() {
            continue;
        }
        if ended == Ended::Failed {
            go_on_without(session, sound.take());
        }
        stay.pause(SHORTEST_SOUND);
    }
    stay.reason()
}

/// A sound that cannot be played is not tried again for this caller.
fn go_on_without(session: Session<'_>, sound: Option<String>) {
    if let Some(file) = sound {
        let text = format!("Couldn't play file '{file}', continuing wait with no audio");
        log::warning(Some(&session.uuid()), &text);
    }
}
