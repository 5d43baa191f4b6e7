//! Announcements to a waiting member: one at a time, each an interval after the end of the last.

use super::engine::Engine;
use super::ids::{AnnouncementId, MemberId};
use super::input::AnnouncementEnd;
use super::output::{Announce, Output};
use super::settings::QueueConfig;
use super::time::{Span, Timestamp};
use super::timers::Timer;

/// What a member has heard of its queue's announcements.
#[derive(Debug)]
pub(super) struct Heard {
    /// The announcement that plays.
    pub playing: Option<AnnouncementId>,
    /// When the last one ended; before the first, when the stay began.
    pub last: Timestamp,
    /// The sound cannot be played: it is not tried again until the queue is configured anew.
    pub is_mute: bool,
}

impl Heard {
    /// Nothing yet, in a stay that begins now.
    pub fn nothing(now: Timestamp) -> Self {
        Self {
            playing: None,
            last: now,
            is_mute: false,
        }
    }
}

impl Engine {
    /// Sets the deadline of a member's next announcement. While one plays there is none.
    pub(super) fn set_announcement(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let heard = &member.heard;
        if heard.playing.is_some() || heard.is_mute || member.exited || member.served {
            return;
        }
        if let Some((interval, _)) = self.announcement_for(id) {
            let at = heard.last + interval;
            self.timers.set(Timer::Announcement(id), at.max(now));
        }
    }

    /// The queue is configured anew: a sound that could not be played may be another one now.
    pub(super) fn forget_unplayable(&mut self, id: MemberId) {
        if let Some(member) = self.members.get_mut(&id) {
            member.heard.is_mute = false;
        }
    }

    /// An announcement is due. A member whose agent is being put through is spared, and gets the next.
    pub(super) fn announce_to(&mut self, now: Timestamp, id: MemberId) {
        let Some((interval, sounds)) = self.announcement_for(id) else {
            return;
        };
        let announcement = AnnouncementId(self.next_id());
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        if member.leaving || member.exited || member.served {
            return;
        }
        if member.serving.is_some() {
            self.timers.set(Timer::Announcement(id), now + interval);
            return;
        }
        member.heard.playing = Some(announcement);
        let announce = Announce {
            announcement,
            member: id,
            session_uuid: member.facts.session_uuid.clone(),
            sounds,
        };
        self.outputs.push_back(Output::Announce(announce));
    }

    /// An announcement has ended; the next one's interval counts from here. News about an earlier one are late.
    pub(super) fn announcement_ended(
        &mut self,
        now: Timestamp,
        id: MemberId,
        announcement: AnnouncementId,
        end: AnnouncementEnd,
    ) {
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        if member.heard.playing != Some(announcement) {
            return;
        }
        member.heard = Heard {
            playing: None,
            last: now,
            is_mute: end == AnnouncementEnd::Unplayable,
        };
        self.set_announcement(now, id);
    }

    /// What the queue has its waiting members told, and how often.
    fn announcement_for(&self, id: MemberId) -> Option<(Span, Vec<String>)> {
        let config = self.config_of(self.members.get(&id)?.queue)?;
        let interval = Some(config.announce_frequency).filter(|seconds| *seconds > 0)?;
        Some((Span::from_secs(i64::from(interval)), sounds(config)?))
    }
}

fn sounds(config: &QueueConfig) -> Option<Vec<String>> {
    config.announce_sound.clone().map(|sound| vec![sound])
}
