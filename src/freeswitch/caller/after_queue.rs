//! What comes before the queue and after it: the welcome; and for a caller who is dissuaded a sound, and then another place in the
//! dialplan, or the end; a caller who left by a key goes to another place, too.

use crate::engine::names::variable;
use crate::engine::{CallState, HangupCause, Media, Parting};
use crate::freeswitch::caller::playback::{self, Listener};
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::Session;
use crate::freeswitch::module::{self, Module};
use std::time::{Duration, Instant};

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
    let Some(sound) = module.reception.welcome_sound(queue) else {
        return true;
    };
    let channel = session.channel();
    channel.set_variable(variable::STATE, Some(CallState::Welcome.as_str()));
    playback::play_all(session, &[channel.expand(&sound)], &mut Patient);
    channel.is_ready()
}

/// Until the answer to a joining is there.
struct Expectant<'a>(&'a dyn Fn() -> bool);

impl Listener for Expectant<'_> {
    fn stops(&self) -> bool {
        (self.0)() || module::running().is_none()
    }

    fn digit(&mut self, _digit: char) -> bool {
        false
    }
}

/// How long a caller without anything to hear waits before it is looked at again.
const PAUSE: Duration = Duration::from_millis(100);

/// Lets a caller wait who has no answer from the queue yet; whether the caller is still there, and the module, too. What is heard is the
/// hold sound of the queue, as this box knows it.
pub fn await_answer(
    session: Session<'_>,
    (media, hold_sound): (Media, Option<&str>),
    is_answered: &dyn Fn() -> bool,
) -> bool {
    let channel = session.channel();
    let own = channel.variable(variable::MOH_OVERRIDE);
    let sound = own.or_else(|| hold_sound.map(str::to_owned));
    let sound = sound.filter(|sound| media == Media::Audio && !sound.is_empty());
    let began = Instant::now();
    let mut expectant = Expectant(is_answered);
    if let Some(sound) = sound {
        playback::play(session, &channel.expand(&sound), &mut expectant);
    }
    if began.elapsed() < PAUSE && !expectant.stops() {
        playback::listen_for(session, PAUSE, &mut expectant);
    }
    channel.is_up() && module::running().is_some()
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
