//! An agent who is rung before the person who is to be called back: hears whom, may give it back, and waits while the number is dialled.

use crate::engine::{AgentKind, CallsBack, HangupCause, Input, Ring, RingEnd};
use crate::freeswitch::agent_leg::offers::Offer;
use crate::freeswitch::agent_leg::standby;
use crate::freeswitch::caller::playback::{self, Ended, Listener};
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::SessionGuard;
use crate::freeswitch::module::switch::FreeSwitch;
use parking_lot::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// What the agent hears who is asked; the number and the key that gives it back come with it.
const PHRASE: &str = "phrase:callcenter_callback_agent";

/// What the agent hears while the number is dialled, where the queue has no sound for that.
const RINGBACK: &str = "tone_stream://%(2000,4000,440,480);loops=-1";

/// A sound that cannot be played, or is empty, is not tried again before.
const PAUSE: Duration = Duration::from_secs(1);

/// How long whoever bridges the agent waits until the sound has ended: it looks at each frame whether it is to.
const PATIENCE: Duration = Duration::from_secs(2);

/// The sound of an agent who waits for the person.
#[derive(Default)]
pub struct Waiting {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    sound: Option<String>,
    plays: bool,
    is_over: bool,
}

impl Waiting {
    /// What is to be heard.
    pub fn hear(&self, sound: Option<String>) {
        self.state.lock().sound = sound;
    }

    /// The person is there: nothing is heard any more when this returns.
    pub fn end(&self) {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.state.lock();
        state.is_over = true;
        while state.plays && !self.ended.wait_until(&mut state, deadline).timed_out() {}
    }

    fn is_over(&self) -> bool {
        self.state.lock().is_over
    }

    /// The sound to be played from now on; none when the person is there already.
    fn begin(&self) -> Option<String> {
        let mut state = self.state.lock();
        state.plays = !state.is_over;
        state
            .plays
            .then(|| state.sound.clone().unwrap_or_else(|| RINGBACK.to_owned()))
    }

    /// The sound has ended; whether the person is there.
    fn leave(&self) -> bool {
        let mut state = self.state.lock();
        state.plays = false;
        self.ended.notify_all();
        state.is_over
    }
}

/// Who listens for the key with which an agent decides: one gives the callback back, any other takes it.
struct Decision<'a> {
    offer: &'a Offer,
    pressed: Option<char>,
}

impl Listener for Decision<'_> {
    fn stops(&self) -> bool {
        self.pressed.is_some() || self.offer.cancelled().is_some()
    }

    fn digit(&mut self, digit: char) -> bool {
        self.pressed = self.pressed.or(Some(digit));
        true
    }
}

/// Says whom the agent is to talk to. An agent who lets it be said to its end takes the callback; otherwise the leg is given up.
pub fn ask(ring: &Ring, offer: &Offer, calls_back: &CallsBack, leg: &SessionGuard) -> Result<(), RingEnd> {
    let channel = leg.channel();
    let mut listener = Decision { offer, pressed: None };
    let phrase = format!("{PHRASE}:{}-{}", calls_back.number, calls_back.give_back_key);
    let own = calls_back.sound.as_ref().map(|sound| channel.expand(sound));
    let mut ended = own.map_or(Ended::Failed, |own| playback::play_all(**leg, &[own], &mut listener));
    if ended == Ended::Failed {
        ended = playback::play_all(**leg, std::slice::from_ref(&phrase), &mut listener);
    }
    if ended == Ended::Failed && channel.is_ready() {
        log::error(
            Some(&leg.uuid()),
            "An agent is not told of a callback: copy conf/lang/callcenter.xml to where FreeSWITCH reads its phrases.",
        );
    }
    let end = match offer.cancelled() {
        Some(cause) => RingEnd::Withdrawn(cause),
        None if !channel.is_up() => RingEnd::NotTaken(channel.hangup_cause()),
        None if listener.pressed == Some(calls_back.give_back_key) => RingEnd::GivenBack,
        None => return Ok(()),
    };
    offer.set_unclaimed(None);
    let cause = offer.cancelled().unwrap_or(HangupCause::NORMAL_CLEARING);
    give_up(ring, leg, &cause);
    Err(end)
}

/// A leg that was made for this call ends; a standing one goes back to where it stood.
fn give_up(ring: &Ring, leg: &SessionGuard, cause: &HangupCause) {
    match ring.agent_type.kind() {
        AgentKind::Callback => leg.channel().hang_up(cause),
        AgentKind::UuidStandby => standby::come_back(leg),
    }
}

/// Who hears the sound until the person is there, or is not reached.
struct Patient<'a>(&'a Offer);

impl Listener for Patient<'_> {
    fn stops(&self) -> bool {
        self.0.waiting.is_over() || self.0.cancelled().is_some()
    }

    fn digit(&mut self, _digit: char) -> bool {
        false
    }
}

/// Plays to an agent who has taken a callback, until the person is there: whoever bridges the two sees to the rest. An agent who has hung up
/// meanwhile, and one for whom nobody was reached, waits no longer.
pub fn wait(switch: &FreeSwitch, ring: &Ring, offer: &Offer, leg: &SessionGuard) {
    let channel = leg.channel();
    let mut listener = Patient(offer);
    if let Some(sound) = offer.waiting.begin() {
        let sound = channel.expand(&sound);
        while channel.is_up() && !listener.stops() {
            let began = Instant::now();
            playback::play(**leg, &sound, &mut listener);
            if channel.is_up() && !listener.stops() && began.elapsed() < PAUSE {
                playback::listen_for(**leg, PAUSE, &mut listener);
            }
        }
    }
    if offer.waiting.leave() {
        return;
    }
    let cancelled = offer.cancelled();
    // A leg that is hung up here is no agent who has hung up.
    switch.talks.close(ring.offer);
    let end = match cancelled {
        Some(cause) => {
            give_up(ring, leg, &cause);
            RingEnd::Withdrawn(cause)
        }
        None => RingEnd::NotTaken(channel.hangup_cause()),
    };
    switch.offers.close(ring.offer);
    // Of a leg that has hung up its state handler may have told already.
    switch.report(Input::OfferFailed { offer: ring.offer, end });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_is_over_when_the_person_is_there() {
        let waiting = Waiting::default();
        assert_eq!(waiting.begin().as_deref(), Some(RINGBACK));
        assert!(!waiting.leave());
        waiting.hear(Some("local_stream://moh".to_owned()));
        assert_eq!(waiting.begin().as_deref(), Some("local_stream://moh"));
        std::thread::scope(|scope| {
            let bridges = scope.spawn(|| waiting.end());
            while !waiting.is_over() {
                std::thread::yield_now();
            }
            assert!(waiting.leave(), "the person is there");
            assert!(bridges.join().is_ok());
        });
        assert_eq!(waiting.begin(), None, "nothing begins any more");
    }

    #[test]
    fn the_first_key_decides_and_whoever_waits_presses_in_vain() {
        let offer = Offer::default();
        let mut listener = Decision {
            offer: &offer,
            pressed: None,
        };
        assert!(!listener.stops());
        assert!(listener.digit('1') && listener.digit('2') && listener.stops());
        assert_eq!(listener.pressed, Some('1'));
        let mut listener = Patient(&offer);
        assert!(!listener.digit('2') && !listener.stops());
    }
}
