//! What comes before the queue and after it: the welcome; and for a caller who is dissuaded a sound, and then another place in the
//! dialplan, or the end; a caller who left by a key goes to another place, too.

use crate::engine::names::variable;
use crate::engine::{CallState, HangupCause, Parting};
use crate::freeswitch::caller::playback::{self, Listener};
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::Session;
use crate::freeswitch::module::{self, Module};

/// The sound ends early only when the module is unloaded.
struct Patient;

impl Listener for Patient {
    fn stops(&self) -> bool {
        module::running().is_none()
    }

    fn digit(&mut self, _digit: char) -> bool {
        false
    }
}

/// Plays the queue's `welcome-sound`; false when the caller has gone meanwhile, or was sent elsewhere.
pub fn welcome(module: &Module, session: Session<'_>, queue: &str) -> bool {
    let sound = module
        .driver
        .view(|engine, _| engine.queue_config(queue)?.welcome_sound.clone());
    let Some(sound) = sound else { return true };
    let channel = session.channel();
    channel.set_variable(variable::STATE, Some(CallState::Welcome.as_str()));
    playback::play_all(session, &[channel.expand(&sound)], &mut Patient);
    channel.is_ready()
}

/// Plays to the caller, and transfers or hangs up, unless somebody has sent the caller elsewhere meanwhile. Runs on the caller's own thread, after the queue has been left.
pub fn part(session: Session<'_>, parting: &Parting) {
    let channel = session.channel();
    if let Some(sound) = &parting.sound {
        // What ended the wait was meant for the hold sound.
        channel.forget_break();
        if let Some(state) = parting.state {
            channel.set_variable(variable::STATE, Some(state.as_str()));
        }
        playback::play_all(session, &[channel.expand(sound)], &mut Patient);
    }
    if !channel.is_ready() {
        return;
    }
    let Some(destination) = &parting.destination else {
        return channel.hang_up(&HangupCause::NORMAL_CLEARING);
    };
    let destination = channel.expand(destination);
    let mut words = destination.split_whitespace();
    let is_sent = words
        .next()
        .is_some_and(|extension| session.transfer(extension, words.next(), words.next()));
    if !is_sent {
        let text = format!(
            "Couldn't transfer to '{destination}', the dialplan goes on. Check dissuade-destination and exit-context."
        );
        log::warning(Some(&session.uuid()), &text);
    }
}
