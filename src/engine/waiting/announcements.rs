//! Announcements to a waiting member: one at a time, each programme an interval after the end of its last.

use crate::engine::border::output::{Announce, Output};
use crate::engine::border::reply::AnnouncementEnd;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::heard::{announces_something, interval, Heard, Programme};
use crate::engine::centre::member::Member;
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::ids::{AnnouncementId, MemberId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CallState, EstimateTold, Media, PositionTold};

impl Engine {
    /// Sets the deadline of a member's next announcement. While one plays there is none.
    pub(in crate::engine) fn set_announcement(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let config = self.queues.get(&member.queue).and_then(|queue| queue.config.as_ref());
        let Some(config) = config.filter(|config| announces_something(config)) else {
            return;
        };
        if member.facts.media == Media::Chat {
            return;
        }
        let entered = member.entered;
        let is_gone = member.has_exited() || member.is_served();
        let heard = member.heard.get_or_insert_with(|| Box::new(Heard::nothing(entered)));
        if heard.playing.is_some() || member.dissuasion_playing.is_some() || is_gone {
            return;
        }
        if let Some((at, _)) = heard.first(config) {
            self.timers.set(Timer::Announcement(id), at.max(now));
        }
    }

    /// The queue is configured anew: a sound that could not be played may be another one now.
    pub(in crate::engine) fn forget_unplayable(&mut self, id: MemberId) {
        let heard = self.members.books_of(&id).and_then(|member| member.heard.as_mut());
        if let Some(heard) = heard {
            heard.mute = [false; 4];
        }
    }

    /// An announcement is due. A member whose agent is being put through is spared, and gets the next.
    pub(in crate::engine) fn announce_to(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        if member.is_leaving() || member.has_exited() || member.is_served() || member.dissuasion_playing.is_some() {
            return;
        }
        let is_spared = member.serving().is_some();
        let Some(programme) = self.programme_due(member) else {
            return;
        };
        let sounds = if is_spared {
            Vec::new()
        } else {
            self.sounds_of(now, id, programme)
        };
        if sounds.is_empty() {
            self.next_interval(now, id, programme);
            return;
        }
        let announcement = AnnouncementId(self.next_id());
        let heard = self.members.books_of(&id).and_then(|member| member.heard.as_mut());
        if let Some(heard) = heard {
            heard.playing = Some((announcement, programme, now));
        }
        self.put_announcement(id, announcement, sounds);
    }

    fn put_announcement(&mut self, id: MemberId, announcement: AnnouncementId, sounds: Vec<String>) {
        let Some(member) = self.members.get(&id) else { return };
        let announce = Announce {
            announcement,
            member: id,
            session_uuid: member.facts.session_uuid.clone(),
            sounds,
        };
        self.outputs.push_back(Output::Announce(announce));
    }

    /// Whether the member hears something besides the hold sound.
    pub(in crate::engine) fn hears_something(member: &Member) -> bool {
        let announced = member.heard.as_ref().is_some_and(|heard| heard.playing.is_some());
        announced || member.dissuasion_playing.is_some()
    }

    /// Plays `dissuade-sound` to a waiting member, whose `cc_state` is this meanwhile. Announcements go on after its end.
    pub(in crate::engine) fn put_dissuasion(&mut self, id: MemberId, sound: String, state: CallState) {
        let announcement = AnnouncementId(self.next_id());
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        if !member.is_waiting_here() {
            return;
        }
        member.dissuasion_playing = Some(Box::new(announcement));
        self.tell_state_as(id, state);
        self.timers.clear(Timer::Announcement(id));
        self.put_announcement(id, announcement, vec![sound]);
    }

    fn programme_due(&self, member: &Member) -> Option<Programme> {
        let config = self.config_of(member.queue)?;
        let (_, programme) = member.heard.as_ref()?.first(config)?;
        Some(programme)
    }

    /// There is nothing to be said this time.
    fn next_interval(&mut self, now: Timestamp, id: MemberId, programme: Programme) {
        let heard = self.members.books_of(&id).and_then(|member| member.heard.as_mut());
        if let Some(heard) = heard {
            heard.note_turn(programme);
            heard.last[programme as usize] = now;
        }
        self.set_announcement(now, id);
    }

    /// What the member hears now; nothing where there is nothing new to be said.
    fn sounds_of(&mut self, now: Timestamp, id: MemberId, programme: Programme) -> Vec<String> {
        match programme {
            Programme::Position => self.position_sounds(now, id),
            Programme::Sound => {
                let config = self.members.get(&id).and_then(|member| self.config_of(member.queue));
                config
                    .and_then(|config| config.announce_sound.clone())
                    .into_iter()
                    .collect()
            }
            Programme::Periodic => self.periodic_sound(id).into_iter().collect(),
            Programme::Callback => {
                let offer = self.callback_offer(now, id);
                let config = offer.and_then(|_| self.callback_config(id));
                config
                    .and_then(|config| config.offer_sound.clone())
                    .into_iter()
                    .collect()
            }
        }
    }

    /// The position at this moment; nothing where it is the one that was told, and lately.
    fn position_sounds(&mut self, now: Timestamp, id: MemberId) -> Vec<String> {
        let position = self.position_of(id);
        let estimate = self.estimate_for(now, id, position);
        let Some(member) = self.members.books_of(&id) else {
            return Vec::new();
        };
        let config = self.queues.get(&member.queue).and_then(|queue| queue.config.as_ref());
        let (Some(config), Some(position), Some(heard)) = (config, position, member.heard.as_mut()) else {
            return Vec::new();
        };
        let often = interval(config.announce_position_frequency).unwrap_or(Span::ZERO);
        let is_known = |(told, at): (usize, Timestamp)| told == position && now < at + often;
        if heard.position.is_some_and(is_known) {
            return Vec::new();
        }
        heard.position = Some((position, now));
        let mut sounds = spoken_position(config, position);
        let is_told = match config.announce_holdtime {
            EstimateTold::No => false,
            EstimateTold::Yes => true,
            EstimateTold::Once => !heard.knows_estimate,
        };
        if let Some(wait) = estimate.filter(|_| is_told) {
            heard.knows_estimate = true;
            sounds.push(spoken_wait(wait, config.announce_round_seconds));
        }
        if !sounds.is_empty() {
            self.tell_position(id, u32::try_from(position).unwrap_or(u32::MAX));
        }
        sounds
    }

    /// How long the member will probably go on waiting.
    fn estimate_for(&self, now: Timestamp, id: MemberId, position: Option<usize>) -> Option<Span> {
        self.estimated_wait_of(now, id, position?)
    }

    /// The next sound of the list, or any of it.
    fn periodic_sound(&mut self, id: MemberId) -> Option<String> {
        let chance = self.random.number();
        let member = self.members.books_of(&id)?;
        let config = self.queues.get(&member.queue)?.config.as_ref()?;
        let sounds = listed(config.periodic_announce_sounds.as_deref()?);
        let heard = member.heard.as_mut()?;
        let count = sounds.len().max(1);
        let pick = if config.periodic_announce_random {
            usize::try_from(chance.unsigned_abs()).unwrap_or(0) % count
        } else {
            heard.periodic % count
        };
        heard.periodic += 1;
        sounds.get(pick).map(|sound| (*sound).to_owned())
    }

    /// An announcement has ended; the next interval counts from here, or from its beginning. News about an earlier one are late.
    pub(in crate::engine) fn announcement_ended(
        &mut self,
        now: Timestamp,
        id: MemberId,
        announcement: AnnouncementId,
        end: AnnouncementEnd,
    ) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        if member.dissuasion_playing.as_deref() == Some(&announcement) {
            member.dissuasion_playing = None;
            self.tell_state(id);
            return self.set_announcement(now, id);
        }
        let config = self.queues.get(&member.queue).and_then(|queue| queue.config.as_ref());
        let from_end = config.is_none_or(|config| config.periodic_announce_relative);
        let Some(heard) = member.heard.as_mut() else { return };
        let Some((_, programme, begun)) = heard.playing.filter(|(playing, ..)| *playing == announcement) else {
            return;
        };
        heard.playing = None;
        heard.note_turn(programme);
        let at = programme as usize;
        heard.last[at] = if programme == Programme::Periodic && !from_end {
            begun
        } else {
            now
        };
        heard.mute[at] = end == AnnouncementEnd::Unplayable;
        if let Some((_, told)) = heard.position.as_mut().filter(|_| programme == Programme::Position) {
            *told = now;
        }
        // A dissuasion may have waited for this end.
        if self.dissuasion_at(id).is_some_and(|at| at <= now) {
            self.dissuade(id);
        }
        self.set_announcement(now, id);
    }
}

/// Which phrase says the wait: in minutes begun, or rounded to so many seconds.
fn spoken_wait(wait: Span, round_seconds: u32) -> String {
    let step = i64::from(round_seconds);
    if step == 0 {
        return format!("phrase:callcenter_estimated_wait:{}", wait.minutes_begun());
    }
    let seconds = (wait.secs().saturating_add(step / 2) / step * step).max(step);
    format!(
        "phrase:callcenter_estimated_wait_seconds:{}-{}",
        seconds / 60,
        seconds % 60
    )
}

/// Which phrase says the position: macros that come with this module, in `conf/lang`.
fn spoken_position(config: &QueueConfig, position: usize) -> Vec<String> {
    let limit = usize::try_from(config.announce_position_limit).unwrap_or(usize::MAX);
    match config.announce_position {
        PositionTold::No => Vec::new(),
        PositionTold::Limit if position > limit => Vec::new(),
        PositionTold::More if position > limit => vec![format!("phrase:callcenter_more_than:{limit}")],
        PositionTold::Yes | PositionTold::Limit | PositionTold::More => {
            vec![format!("phrase:callcenter_position:{position}")]
        }
    }
}

/// The sounds of a list with commas between them; commas within brackets belong to a sound.
fn listed(sounds: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let ends = |letter: char| {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    };
    let sounds = sounds.split(ends).map(str::trim);
    sounds.filter(|sound| !sound.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_minutes_or_rounded_to_seconds() {
        let phrase = |of: &str| format!("phrase:callcenter_estimated_wait{of}");
        for (seconds, step, spoken) in [
            (61, 0, ":2"),
            (61, 30, "_seconds:1-0"),
            (75, 30, "_seconds:1-30"),
            (74, 30, "_seconds:1-0"),
            (7, 5, "_seconds:0-5"),
            (8, 5, "_seconds:0-10"),
            (0, 15, "_seconds:0-15"),
            (118, 20, "_seconds:2-0"),
        ] {
            assert_eq!(
                spoken_wait(Span::from_secs(seconds), step),
                phrase(spoken),
                "{seconds} {step}"
            );
        }
    }

    #[test]
    fn commas_within_brackets_belong_to_the_sound() {
        assert_eq!(
            listed("a.wav, tone_stream://%(200,0,500) ,,{x=1,y=2}b.wav"),
            ["a.wav", "tone_stream://%(200,0,500)", "{x=1,y=2}b.wav"]
        );
        assert!(listed(" , ").is_empty());
    }
}
