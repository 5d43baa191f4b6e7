//! Whoever answers is asked for a key, for a voicemail answers as well, and says nothing but its greeting.

use crate::engine::CallBack;
use crate::freeswitch::caller::playback::{self, Ended, Listener};
use crate::freeswitch::dialling::calls::Call;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::SessionGuard;
use std::time::{Duration, Instant};

/// What whoever has answered has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is the person, who takes the call.
    Confirmed,
    /// It is the person, who wants no call any more.
    Declined,
    /// No key was pressed.
    Nothing,
}

/// Between two plays of the prompt.
const PAUSE: Duration = Duration::from_secs(2);

/// The key by which a person wants no call any more.
pub const fn decline_key(confirm_key: char) -> char {
    match confirm_key {
        '2' => '1',
        _ => '2',
    }
}

/// Who listens for the key.
struct Keys<'a> {
    call: &'a Call,
    deadline: Instant,
    confirm: char,
    answer: Option<Answer>,
}

impl Listener for Keys<'_> {
    fn stops(&self) -> bool {
        self.answer.is_some() || self.call.cancelled().is_some() || Instant::now() >= self.deadline
    }

    fn digit(&mut self, digit: char) -> bool {
        if digit == self.confirm {
            self.answer = Some(Answer::Confirmed);
        } else if digit == decline_key(self.confirm) {
            self.answer = Some(Answer::Declined);
        }
        self.answer.is_some()
    }
}

/// Plays the prompt again and again until a key is pressed, the channel ends, or nobody waits any longer.
pub fn confirm(leg: &SessionGuard, callback: &CallBack, call: &Call, deadline: Instant) -> Answer {
    let channel = leg.channel();
    let mut keys = Keys {
        call,
        deadline,
        confirm: callback.confirm_key,
        answer: None,
    };
    let own = callback.confirm_sound.as_ref().map(|sound| channel.expand(sound));
    let keys_told = format!("{}-{}", callback.confirm_key, decline_key(callback.confirm_key));
    let phrase = format!("phrase:callcenter_callback_reached:{keys_told}");
    let mut prompt = own.unwrap_or_else(|| phrase.clone());
    while channel.is_up() && !keys.stops() {
        let ended = playback::play_all(**leg, std::slice::from_ref(&prompt), &mut keys);
        if ended == Ended::Failed && prompt != phrase {
            prompt.clone_from(&phrase);
        } else if ended == Ended::Failed && channel.is_ready() {
            log::error(
                Some(&leg.uuid()),
                "Whoever is called back hears nothing: copy conf/lang/callcenter.xml to where FreeSWITCH reads its phrases.",
            );
            break;
        }
        if channel.is_up() && !keys.stops() {
            let left = deadline.saturating_duration_since(Instant::now());
            playback::listen_for(**leg, PAUSE.min(left), &mut keys);
        }
    }
    keys.answer.filter(|_| channel.is_up()).unwrap_or(Answer::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_takes_the_call_another_declines_it_and_the_rest_means_nothing() {
        for (confirm, decline) in [('1', '2'), ('2', '1'), ('#', '2')] {
            let call = Call::default();
            let pressed = |digit| {
                let mut keys = Keys {
                    call: &call,
                    deadline: Instant::now() + Duration::from_secs(60),
                    confirm,
                    answer: None,
                };
                (keys.digit(digit), keys.answer, keys.stops())
            };
            assert_eq!(pressed(confirm), (true, Some(Answer::Confirmed), true));
            assert_eq!(pressed(decline), (true, Some(Answer::Declined), true));
            assert_eq!(pressed('9'), (false, None, false));
        }
    }

    #[test]
    fn nobody_listens_beyond_the_deadline() {
        let call = Call::default();
        let keys = Keys {
            call: &call,
            deadline: Instant::now(),
            confirm: '1',
            answer: None,
        };
        assert!(keys.stops());
    }
}
