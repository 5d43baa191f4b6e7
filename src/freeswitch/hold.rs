//! What a caller hears while waiting, until an agent, a release, a key or the caller's own hangup ends it.

use super::log;
use super::playback::{self, Ended, Listener};
use super::session::Session;
use super::waiting::Stay;
use crate::core::{AnnouncementEnd, CancelReason, Input};
use std::time::{Duration, Instant};

/// After a sound that ends sooner than this the caller is listened to for as long: it keeps an empty file from spinning,
/// and keys are heard although nothing plays.
const SHORTEST_SOUND: Duration = Duration::from_millis(100);

/// A sound that ends sooner than this, so many times in a row, plays nothing. FreeSWITCH does not always say so: a text for
/// a speech engine that is not there counts as played.
const NO_SOUND: (Duration, u32) = (Duration::from_millis(15), 10);

/// A caller who waits: hears the hold sound, and announcements in between.
struct Waiter<'a> {
    session: Session<'a>,
    report: &'a dyn Fn(Input),
    way_out: WayOut<'a>,
}

/// What ends the wait from here: a release, one of the caller's exit keys, or that the caller talks: the channel's thread sees to that
/// by itself, a script's thread would play into the talk (2516, 2633).
struct WayOut<'a> {
    stay: &'a Stay,
    exit_keys: String,
    pressed: Option<char>,
}

impl Listener for WayOut<'_> {
    fn stops(&self) -> bool {
        self.pressed.is_some() || self.stay.is_over()
    }

    fn digit(&mut self, digit: char) -> bool {
        if self.exit_keys.contains(digit) {
            self.pressed = Some(digit);
        }
        self.pressed.is_some()
    }
}

impl Listener for Waiter<'_> {
    /// An announcement is played by the caller's own thread: so there is one at a time, whatever ends the wait ends it too, and the
    /// hold sound goes on afterwards where it was (a `local_stream` where the stream is by then).
    fn interrupt(&mut self) {
        // First: whatever changes from now on rings again.
        self.way_out.stay.bell.answer();
        if let Some(announce) = self.way_out.stay.take_announcement() {
            let ended = playback::play_all(self.session, &announce.sounds, &mut self.way_out);
            (self.report)(Input::AnnouncementEnded {
                member: announce.member,
                announcement: announce.announcement,
                end: match ended {
                    Ended::Normally => AnnouncementEnd::Played,
                    Ended::Failed => AnnouncementEnd::Unplayable,
                },
            });
        }
    }

    fn stops(&self) -> bool {
        self.way_out.stops()
    }

    fn digit(&mut self, digit: char) -> bool {
        self.way_out.digit(digit)
    }
}

/// How the wait ended.
pub struct End {
    /// The reason, where there is one to be known here.
    pub reason: Option<CancelReason>,
    /// The key the caller left with.
    pub key: Option<char>,
}

/// Keeps the caller until something ends the wait. `keys` are the queue's own exit keys; `report` takes what the engine is to know of
/// announcements, and must be quick.
pub fn hold(session: Session<'_>, stay: &Stay, sound: Option<String>, keys: &str, report: &dyn Fn(Input)) -> End {
    let channel = session.channel();
    let mut sound = sound.filter(|sound| !sound.is_empty());
    let mut played_nothing = 0;
    while channel.is_ready() && !stay.is_over() && !channel.variable_is_true("cc_agent_bridged") {
        session.flush_private_events();
        let mut waiter = Waiter {
            session,
            report,
            way_out: WayOut {
                stay,
                exit_keys: channel.variable("cc_exit_keys").unwrap_or_else(|| keys.to_owned()),
                pressed: None,
            },
        };
        // Where FreeSWITCH plays by a timer of the channel's own (variable `timer_name`), it asks nobody between frames.
        waiter.interrupt();
        let started = Instant::now();
        let ended = match &sound {
            _ if waiter.stops() => Ended::Normally,
            sound => playback::play_until_rung(session, sound.as_deref(), &mut waiter, &stay.bell),
        };
        let lasted = started.elapsed();
        played_nothing = if lasted < NO_SOUND.0 { played_nothing + 1 } else { 0 };
        if lasted < SHORTEST_SOUND && waiter.way_out.pressed.is_none() && channel.is_ready() {
            if ended == Ended::Failed || played_nothing == NO_SOUND.1 {
                go_on_without(session, sound.take());
            }
            listen_a_while(session, &mut waiter);
        }
        if let Some(key) = waiter.way_out.pressed {
            channel.set_variable("cc_exit_key", Some(key.encode_utf8(&mut [0; 4])));
            return End {
                reason: Some(CancelReason::ExitWithKey),
                key: Some(key),
            };
        }
    }
    End {
        reason: stay.reason(),
        key: None,
    }
}

/// Listens for keys, and lets the time pass where the channel has nothing to be listened to.
fn listen_a_while(session: Session<'_>, waiter: &mut Waiter<'_>) {
    let started = Instant::now();
    playback::listen_for(session, SHORTEST_SOUND, waiter);
    if waiter.way_out.pressed.is_none() {
        waiter
            .way_out
            .stay
            .pause(SHORTEST_SOUND.saturating_sub(started.elapsed()));
    }
}

/// A sound that cannot be played is not tried again for this caller.
fn go_on_without(session: Session<'_>, sound: Option<String>) {
    if let Some(file) = sound {
        let text = format!("Couldn't play file '{file}', continuing wait with no audio");
        log::warning(Some(&session.uuid()), &text);
    }
}
