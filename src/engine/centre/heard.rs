//! What a member has heard of its queue's announcements, and when the next is due.

use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::ids::AnnouncementId;
use crate::engine::vocabulary::time::{seconds, Span, Timestamp};
use crate::engine::vocabulary::words::{EstimateTold, PositionTold};

/// What is announced. Of two that are due at once the first here goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Programme {
    /// `announce-position` and `announce-holdtime`: the place in line, and how long it will take.
    Position,
    /// `announce-sound`, as in stock.
    Sound,
    /// `periodic-announce-sounds`: one of a list.
    Periodic,
    /// `callback-offer-sound`.
    Callback,
}

impl Programme {
    /// All there are, the first to go first.
    pub const ALL: [Programme; 4] = [
        Programme::Position,
        Programme::Sound,
        Programme::Periodic,
        Programme::Callback,
    ];
}

/// What a member has heard of its queue's announcements.
#[derive(Debug)]
pub(in crate::engine) struct Heard {
    /// The announcement that plays, and since when.
    pub playing: Option<(AnnouncementId, Programme, Timestamp)>,
    /// From when the next interval of each programme counts; before the first announcement, when the stay began.
    pub last: [Timestamp; 4],
    /// What cannot be played: it is not tried again until the queue is configured anew.
    pub mute: [bool; 4],
    /// The first position has been told, or was not to be told at its time.
    pub has_begun: bool,
    /// The first time has come for telling of callbacks.
    pub has_offered: bool,
    /// The position that was told, and when.
    pub position: Option<(usize, Timestamp)>,
    /// An estimate has been told.
    pub knows_estimate: bool,
    /// How many of `periodic-announce-sounds` there have been.
    pub periodic: usize,
}

impl Heard {
    /// Nothing yet, in a stay that began then.
    pub fn nothing(entered: Timestamp) -> Self {
        Self {
            playing: None,
            last: [entered; 4],
            mute: [false; 4],
            has_begun: false,
            has_offered: false,
            position: None,
            knows_estimate: false,
            periodic: 0,
        }
    }

    /// When the next of this programme is due.
    fn next(&self, programme: Programme, config: &QueueConfig) -> Option<Timestamp> {
        let at = programme as usize;
        if self.mute[at] {
            return None;
        }
        let last = self.last[at];
        match programme {
            Programme::Position => {
                let span = position_interval(config)?;
                // The first is told at once.
                Some(if self.has_begun { last + span } else { last })
            }
            Programme::Sound => {
                config.announce_sound.as_ref()?;
                interval(config.announce_frequency).map(|span| last + span)
            }
            Programme::Periodic => {
                config.periodic_announce_sounds.as_ref()?;
                interval(config.periodic_announce_frequency).map(|span| last + span)
            }
            Programme::Callback => {
                let callbacks = &config.callbacks;
                callbacks
                    .offer_sound
                    .as_ref()
                    .and(callbacks.key)
                    .and(callbacks.dial.as_ref())?;
                match self.has_offered {
                    true => interval(callbacks.offer_frequency).map(|span| last + span),
                    false => Some(last + seconds(callbacks.offer_after)),
                }
            }
        }
    }

    /// The programme that is due first.
    pub fn first(&self, config: &QueueConfig) -> Option<(Timestamp, Programme)> {
        let all = Programme::ALL.into_iter();
        all.filter_map(|programme| Some((self.next(programme, config)?, programme)))
            .min()
    }
}

impl Heard {
    /// The time for this programme has come, and something was said, or not.
    pub fn note_turn(&mut self, programme: Programme) {
        self.has_begun |= programme == Programme::Position;
        self.has_offered |= programme == Programme::Callback;
    }
}

pub(in crate::engine) fn interval(seconds: u32) -> Option<Span> {
    (seconds > 0).then(|| Span::from_secs(i64::from(seconds)))
}

/// How often position and estimate are looked at; none where neither is told.
fn position_interval(config: &QueueConfig) -> Option<Span> {
    if config.announce_position == PositionTold::No && config.announce_holdtime == EstimateTold::No {
        return None;
    }
    let often = interval(config.announce_position_frequency)?;
    Some(interval(config.announce_position_min_frequency).map_or(often, |least| least.min(often)))
}

pub(in crate::engine) fn announces_something(config: &QueueConfig) -> bool {
    let heard = Heard::nothing(Timestamp::default());
    heard.first(config).is_some()
}
