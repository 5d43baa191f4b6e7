//! What a caller hears while waiting, until an agent, a release, a key or the caller's own hangup ends it.

use crate::engine::names::variable;
use crate::engine::{AnnouncementEnd, CallbackOffer, CancelReason, Input, Media};
use crate::freeswitch::caller::callback_menu;
use crate::freeswitch::caller::desk::Desk;
use crate::freeswitch::caller::playback::{self, Ended, Listener};
use crate::freeswitch::caller::waiting::Stay;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::Session;
use std::time::{Duration, Instant};

/// After a sound that ends sooner than this the caller is listened to for as long: it keeps an empty file from spinning,
/// and keys are heard although nothing plays.
const SHORTEST_SOUND: Duration = Duration::from_millis(100);

/// A sound that ends sooner than this, so many times in a row, plays nothing. FreeSWITCH does not always say so: a text for
/// a speech engine that is not there counts as played.
const NO_SOUND: (Duration, u32) = (Duration::from_millis(15), 10);

/// A caller who waits: hears the hold sound, and announcements in between.
struct Waiter<'a> {
    listener: HoldListener<'a>,
    /// What the queue wanted to be heard when this began to play.
    wanted: Option<String>,
}

/// What ends the wait from here: a release, one of the caller's exit keys, or that the caller talks: the channel's thread sees to that
/// by itself, a script's thread would play into the talk (FreeSWITCH #2516, #2633).
struct HoldListener<'a> {
    session: Session<'a>,
    stay: &'a Stay,
    desk: &'a Desk<'a>,
    pressed: Option<char>,
    /// What the caller may be offered who has pressed the key for a callback.
    callback: Option<CallbackOffer>,
}

impl HoldListener<'_> {
    /// Whether a key is a way out now: one of the channel's own, or else of the queue's, which may change while the caller waits.
    fn is_open_to(&self, digit: char) -> bool {
        let own = self.session.channel().variable(variable::EXIT_KEYS);
        own.unwrap_or_else(|| self.stay.hold().way_out.keys).contains(digit)
    }

    /// A key that means something has been pressed.
    fn has_heard_key(&self) -> bool {
        self.pressed.is_some() || self.callback.is_some()
    }

    /// The key for a callback means what it means as a way out while the caller may not ask for one.
    fn asks_for_callback(&self, digit: char) -> Option<CallbackOffer> {
        let asks = self.stay.hold().callback_key == Some(digit);
        asks.then(|| self.desk.callback_offer()).flatten()
    }
}

impl Listener for HoldListener<'_> {
    fn stops(&self) -> bool {
        self.has_heard_key() || self.stay.is_over()
    }

    fn digit(&mut self, digit: char) -> bool {
        if !self.has_heard_key() {
            self.callback = self.asks_for_callback(digit);
        }
        if !self.has_heard_key() && self.is_open_to(digit) {
            self.pressed = Some(digit);
        }
        self.has_heard_key()
    }
}

impl Waiter<'_> {
    /// The queue wants something else to be heard.
    fn has_other_sound(&self) -> bool {
        self.listener.stay.hold().moh_sound != self.wanted
    }
}

impl Listener for Waiter<'_> {
    /// An announcement is played by the caller's own thread: so there is one at a time, whatever ends the wait ends it too, and the
    /// hold sound goes on afterwards where it was (a `local_stream` where the stream is by then).
    fn interrupt(&mut self) {
        // First: whatever changes from now on rings again.
        self.listener.stay.wake.answer();
        if let Some(announce) = self.listener.stay.take_announcement() {
            let ended = playback::play_all(self.listener.session, &announce.sounds, &mut self.listener);
            self.listener.desk.report(Input::AnnouncementEnded {
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
        self.listener.stops() || self.has_other_sound()
    }

    fn digit(&mut self, digit: char) -> bool {
        self.listener.digit(digit)
    }
}

/// How the wait ended.
pub struct End {
    /// The reason, where there is one to be known here.
    pub reason: Option<CancelReason>,
    /// The key the caller left with.
    pub key: Option<char>,
}

/// What a caller hears while nothing else is to be heard.
struct Music {
    /// `cc_moh_override`: whatever the queue wants.
    own: Option<String>,
    /// What the queue wanted when this was chosen.
    wanted: Option<String>,
    /// What is played; none where there is nothing, or it cannot be played.
    sound: Option<String>,
}

impl Music {
    fn of(session: Session<'_>, media: Media, wanted: Option<String>) -> Self {
        let channel = session.channel();
        // Who writes hears nothing.
        let own = channel
            .variable(variable::MOH_OVERRIDE)
            .filter(|_| media == Media::Audio);
        let chosen = own.as_ref().or(wanted.as_ref());
        let sound = chosen.map(|sound| channel.expand(sound));
        Self {
            sound: sound.filter(|sound| !sound.is_empty()),
            own,
            wanted,
        }
    }

    /// Goes over to what the queue wants now.
    fn follow(&mut self, session: Session<'_>, media: Media, wanted: Option<String>) {
        if self.own.is_some() {
            self.wanted = wanted;
        } else if self.wanted != wanted {
            *self = Self::of(session, media, wanted);
        }
    }
}

/// Keeps the caller until something ends the wait.
pub fn hold(session: Session<'_>, stay: &Stay, media: Media, desk: &Desk<'_>) -> End {
    let channel = session.channel();
    let mut music = Music::of(session, media, stay.hold().moh_sound);
    let mut played_nothing = 0;
    while channel.is_ready() && !stay.is_over() && !channel.variable_is_true(variable::AGENT_BRIDGED) {
        session.flush_private_events();
        music.follow(session, media, stay.hold().moh_sound);
        let mut waiter = Waiter {
            wanted: music.wanted.clone(),
            listener: HoldListener {
                session,
                stay,
                desk,
                pressed: None,
                callback: None,
            },
        };
        // Where FreeSWITCH plays by a timer of the channel's own (variable `timer_name`), it asks nobody between frames.
        waiter.interrupt();
        let started = Instant::now();
        let ended = match &music.sound {
            _ if waiter.stops() => Ended::Normally,
            sound => playback::play_until_woken(session, sound.as_deref(), &mut waiter, &stay.wake),
        };
        let lasted = started.elapsed();
        played_nothing = if lasted < NO_SOUND.0 { played_nothing + 1 } else { 0 };
        if lasted < SHORTEST_SOUND && !waiter.listener.has_heard_key() && channel.is_ready() {
            if ended == Ended::Failed || played_nothing == NO_SOUND.1 {
                go_on_without(session, music.sound.take());
            }
            listen_a_while(session, &mut waiter);
        }
        if let Some(offer) = waiter.listener.callback {
            if callback_menu::is_promised(session, stay, desk, &offer) {
                break;
            }
        }
        if let Some(key) = waiter.listener.pressed {
            channel.set_variable(variable::EXIT_KEY, Some(key.encode_utf8(&mut [0; 4])));
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
    if !waiter.listener.has_heard_key() {
        waiter
            .listener
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
