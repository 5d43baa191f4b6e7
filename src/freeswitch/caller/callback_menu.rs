//! A waiting caller who has pressed `callback-key`: hears the number, confirms it or gives another one, and is called back; or waits on.
//!
//! What is said are phrases of conf/lang/callcenter.xml. A number that cannot be read back is not called: no key counts before it was heard.

use crate::engine::{CallbackOffer, EngineError};
use crate::freeswitch::caller::desk::Desk;
use crate::freeswitch::caller::playback::{self, Ended, Listener};
use crate::freeswitch::caller::waiting::Stay;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::Session;
use std::time::Duration;

/// The key that confirms the number, and the one that asks for another.
const CONFIRM: char = '1';
const OTHER: char = '2';

/// The key that ends a number.
const END_OF_NUMBER: char = '#';

/// How long a key is waited for when all has been said, and between two keys of a number.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often the number is read before silence counts as waiting on.
const READINGS: usize = 2;

/// More keys than any number has.
const MOST_KEYS: usize = 40;

/// Who listens for one key, from the moment on that keys count.
struct Keys<'a> {
    stay: &'a Stay,
    count: bool,
    pressed: Option<char>,
}

impl Listener for Keys<'_> {
    /// As for an announcement: the caller has to go, or talks.
    fn stops(&self) -> bool {
        self.pressed.is_some() || self.stay.is_over()
    }

    fn digit(&mut self, digit: char) -> bool {
        if self.count {
            self.pressed = Some(digit);
        }
        self.pressed.is_some()
    }
}

/// The caller's side of the menu.
struct Menu<'a> {
    session: Session<'a>,
    stay: &'a Stay,
}

/// Leads the caller through the menu; true when a call was promised, and the caller is to leave the queue.
pub fn is_promised(session: Session<'_>, stay: &Stay, desk: &Desk<'_>, offer: &CallbackOffer) -> bool {
    let menu = Menu { session, stay };
    let Some(number) = menu.number(offer) else {
        return false;
    };
    match desk.ask_for_callback(&number) {
        Ok(()) => {
            menu.say("callcenter_callback_promised", &number);
            true
        }
        Err(why) => {
            menu.refuse(&why);
            false
        }
    }
}

impl Menu<'_> {
    /// The number that the caller wants to be called on.
    fn number(&self, offer: &CallbackOffer) -> Option<String> {
        let Some(own) = &offer.number else {
            return self.other_number(offer);
        };
        if !offer.confirm_number {
            return Some(own.clone());
        }
        match self.choice("callcenter_callback_number", own, offer.other_number)? {
            CONFIRM => Some(own.clone()),
            OTHER if offer.other_number => self.other_number(offer),
            _ => None,
        }
    }

    /// A number that the caller enters, and confirms where that is asked for. One that is not right may be entered again.
    fn other_number(&self, offer: &CallbackOffer) -> Option<String> {
        for _ in 0..READINGS {
            let entered = self.entered()?;
            if !offer.confirm_number {
                return Some(entered);
            }
            match self.choice("callcenter_callback_entered", &entered, true)? {
                CONFIRM => return Some(entered),
                OTHER => (),
                _ => return None,
            }
        }
        None
    }

    /// Reads a number and what may be done about it, and gives the key that was pressed from then on.
    fn choice(&self, reading: &str, number: &str, another: bool) -> Option<char> {
        let keys = if another { "1-2" } else { "1" };
        for _ in 0..READINGS {
            if self.say(reading, number) == Ended::Failed || !self.goes_on() {
                return None;
            }
            let key = self.key_after(&format!("phrase:callcenter_callback_choice:{keys}"));
            if key.is_some() || !self.goes_on() {
                return key;
            }
        }
        None
    }

    /// The keys of a number.
    fn entered(&self) -> Option<String> {
        let mut number = String::new();
        let mut key = self.key_after("phrase:callcenter_callback_enter");
        while let Some(pressed) = key.filter(|key| *key != END_OF_NUMBER && number.len() < MOST_KEYS) {
            number.push(pressed);
            key = self.key_after_silence();
        }
        (!number.is_empty() && self.goes_on()).then_some(number)
    }

    /// Plays something and waits a while, until a key is pressed.
    fn key_after(&self, sound: &str) -> Option<char> {
        let mut keys = self.keys(true);
        playback::play_all(self.session, &[sound.to_owned()], &mut keys);
        keys.pressed.or_else(|| self.key_after_silence())
    }

    fn key_after_silence(&self) -> Option<char> {
        if !self.goes_on() {
            return None;
        }
        let mut keys = self.keys(true);
        playback::listen_for(self.session, PATIENCE, &mut keys);
        keys.pressed
    }

    /// Says something to the end, whatever keys are pressed meanwhile.
    fn say(&self, phrase: &str, argument: &str) -> Ended {
        let phrase = format!("phrase:{phrase}:{argument}");
        playback::play_all(self.session, &[phrase], &mut self.keys(false))
    }

    fn refuse(&self, why: &EngineError) {
        let text = format!("The caller is not called back: {why}");
        log::debug(Some(&self.session.uuid()), &text);
        if let (EngineError::CallbackRefused(why), true) = (why, self.goes_on()) {
            self.say("callcenter_callback_refused", why.as_str());
        }
    }

    fn keys(&self, count: bool) -> Keys<'_> {
        Keys {
            stay: self.stay,
            count,
            pressed: None,
        }
    }

    /// Whether the caller still waits, and listens.
    fn goes_on(&self) -> bool {
        self.session.channel().is_ready() && !self.stay.is_over()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::CancelReason;
    use crate::freeswitch::caller::waiting::Waiting;

    #[test]
    fn a_key_counts_only_where_keys_count() {
        let stay = Stay::default();
        for (count, pressed) in [(true, Some('1')), (false, None)] {
            let mut keys = Keys {
                stay: &stay,
                count,
                pressed: None,
            };
            assert_eq!(keys.digit('1'), count);
            assert_eq!((keys.pressed, keys.stops()), (pressed, count));
        }
    }

    #[test]
    fn a_caller_who_has_to_go_hears_no_menu() {
        let waiting = Waiting::default();
        let stay = waiting.begin("caller");
        let keys = Keys {
            stay: &stay,
            count: true,
            pressed: None,
        };
        assert!(!keys.stops());
        waiting.release("caller", CancelReason::Timeout, None);
        assert!(keys.stops());
    }
}
