//! What may be announced to a waiting member, and when.

use crate::ledger::entries::Announced;
use crate::ledger::Ledger;
use mod_callcenter::engine::{Announce, EstimateTold, PositionTold, QueueConfig, Span, Timestamp};

impl Ledger {
    /// Who hears what kind of announcement: one at a time, and an interval after the end of the last of its kind.
    pub(in crate::ledger) fn may_announce(
        &self,
        now: Timestamp,
        announce: &Announce,
    ) -> Result<(String, Announced), String> {
        let uuid = self.member_uuid(announce.member).unwrap_or_default();
        let Some(member) = self.members.get(uuid) else {
            return Err(format!("{announce:?} to {uuid:?}, who is in no queue"));
        };
        let others = self
            .members
            .values()
            .filter(|other| other.queue == member.queue)
            .count();
        let config = self.queues.get(&member.queue);
        let waited = now.since(member.entered);
        let is_free = !member.leaving && member.announcement.is_none();
        let is_dissuasion = config.is_some_and(|config| dissuades(config, waited, &announce.sounds));
        if is_dissuasion && !member.dissuaded && is_free {
            return Ok((uuid.to_owned(), Announced::Dissuasion));
        }
        let known = config.and_then(|config| kind_of(config, &announce.sounds, others));
        let Some((kind, interval, at_once)) = known else {
            return Err(format!("{announce:?} is not what {config:?} says to {others} members"));
        };
        let last = member.announced.get(&kind).copied();
        let is_first_at_once = at_once && last.is_none();
        let is_due = is_first_at_once || now >= last.unwrap_or(member.entered) + Span::from_secs(i64::from(interval));
        if is_free && is_due {
            return Ok((uuid.to_owned(), kind));
        }
        Err(format!("{announce:?} every {interval} s to {member:?}"))
    }
}

/// Whether somebody who has waited so long may be hearing this to be dissuaded.
fn dissuades(config: &QueueConfig, waited: Span, sounds: &[String]) -> bool {
    let is_long = config.dissuade_wait > 0 && waited >= Span::from_secs(i64::from(config.dissuade_wait));
    let is_at_the_door = config.dissuade_queue_size > 0 || config.dissuade_estimated_wait > 0;
    (is_long || is_at_the_door) && sounds.iter().eq(&config.dissuade_sound)
}

/// What kind of announcement this is, the seconds between two of them at least, and whether the first comes at once; none when a
/// queue with so many members says no such thing.
fn kind_of(config: &QueueConfig, sounds: &[String], members: usize) -> Option<(Announced, u32, bool)> {
    let interval = config
        .announce_position_frequency
        .min(config.announce_position_min_frequency);
    let is_estimate = |sound: &&String| sound.starts_with("phrase:callcenter_estimated_wait:");
    let sounds = match sounds.split_last() {
        Some((last, rest)) if is_estimate(&last) && config.announce_holdtime != EstimateTold::No => rest,
        _ => sounds,
    };
    if sounds.is_empty() {
        return Some((Announced::Position, interval, true));
    }
    let [sound] = sounds else { return None };
    let limit = usize::try_from(config.announce_position_limit).ok()?;
    if let Some(position) = sound.strip_prefix("phrase:callcenter_position:") {
        let position: usize = position.parse().ok()?;
        let told = match config.announce_position {
            PositionTold::No => false,
            PositionTold::Yes => true,
            PositionTold::Limit | PositionTold::More => position <= limit,
        };
        return (told && (1..=members).contains(&position)).then_some((Announced::Position, interval, true));
    }
    if *sound == format!("phrase:callcenter_more_than:{limit}") {
        let told = config.announce_position == PositionTold::More && members > limit;
        return told.then_some((Announced::Position, interval, true));
    }
    let periodic = config.periodic_announce_sounds.as_deref().unwrap_or_default();
    if periodic.split(',').any(|one| one == sound) {
        let interval = config.periodic_announce_frequency;
        return (interval > 0).then_some((Announced::Periodic, interval, false));
    }
    let interval = config.announce_frequency;
    let is_announced = config.announce_sound.as_ref() == Some(sound) && interval > 0;
    is_announced.then_some((Announced::Sound, interval, false))
}
