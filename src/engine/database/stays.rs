//! What a box keeps of a caller who waits there, so that whoever leads next gives the place back.

use crate::engine::border::box_report::{HeardReport, OfferCourse, Stay};
use crate::engine::border::caller::JoinRequest;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::heard::{Heard, Programme};
use crate::engine::centre::line::places::Turn;
use crate::engine::centre::member::{Brought, Member, MemberFacts};
use crate::engine::centre::wall_clock::WallClock;
use crate::engine::rows::member::{stay_began, MemberRow};
use crate::engine::vocabulary::ids::{MemberId, OfferId, QueueId, TierId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Timestamp;
use std::sync::Arc;

impl Engine {
    /// What decides a member's place, for its box to keep; none for who has left the queue.
    pub fn stay(&self, id: MemberId) -> Option<Stay> {
        let member = self.members.get(&id).filter(|member| !member.is_away())?;
        if member.row.session_uuid.is_empty() || member.is_served() {
            return None;
        }
        let (repetition, highest_repetition, clock_was_set_back) = member.facts.repetitions();
        Some(Stay {
            row: member.row.clone(),
            joined: member.joined,
            turn: member.turn.parts(),
            entered: member.entered,
            limits_from: member.limits_from,
            repetition,
            highest_repetition,
            clock_was_set_back,
            logged_call: member.facts.other_logged_call().map(str::to_owned),
            entry_place: member.entry_place,
            offers_made: member.offers_made,
            rejections: member.rejections,
            offered_at_once: member.offered_at_once,
            ring_more_at: member.ring_more_at,
            retry_at: member.retry_at,
            last_tried: member.last_tried.as_deref().copied(),
            missed_by: self.missed_by(member),
            preferred: member.preferred.as_deref().cloned().unwrap_or_default(),
            waits_until: self.max_wait_limit(id).filter(|_| member.overdue.is_none()),
            dissuaded: member.dissuaded,
            dissuasion_playing: member.dissuasion_playing.as_deref().copied(),
            overdue: member.overdue,
            told_place: member.told_place,
            heard: member.heard.as_deref().map(|heard| Box::new(heard_so_far(heard))),
            offers: self.offer_courses(member),
        })
    }

    fn missed_by(&self, member: &Member) -> Vec<(String, bool)> {
        let Some(missed) = member.missed.as_deref() else {
            return Vec::new();
        };
        let name_of = |tier: &TierId| Some(self.tiers.get(tier)?.agent_name.clone());
        let named = missed
            .by
            .iter()
            .filter_map(|tier| Some((name_of(tier)?, missed.dropped_by.contains(tier))));
        named.collect()
    }

    fn offer_courses(&self, member: &Member) -> Vec<OfferCourse> {
        let offers = member.offers.iter().copied().chain(member.serving());
        let course_of = |offer: OfferId| {
            self.offers.get(&offer).map(|known| OfferCourse {
                offer,
                called: known.called,
                number: known.number,
                rejections_before: known.rejections_before,
            })
        };
        offers.filter_map(course_of).collect()
    }

    /// The instance of the box on which a standing leg was last seen; none where nobody has told of it.
    pub fn box_of_leg(&self, agent_uuid: &str) -> Option<&str> {
        let leg = self.standing_legs.get(agent_uuid)?;
        leg.at.map(|at| self.boxes.instance(at))
    }
}

fn heard_so_far(heard: &Heard) -> HeardReport {
    HeardReport {
        playing: heard
            .playing
            .map(|(id, programme, since)| (id, programme as usize, since)),
        last: heard.last,
        mute: heard.mute,
        has_begun: heard.has_begun,
        has_offered: heard.has_offered,
        position: heard.position,
        knows_estimate: heard.knows_estimate,
        periodic: heard.periodic,
    }
}

/// The other way round.
fn heard_again(report: &HeardReport) -> Heard {
    let programme = |at: usize| Programme::ALL.get(at).copied();
    Heard {
        playing: report
            .playing
            .and_then(|(id, at, since)| Some((id, programme(at)?, since))),
        last: report.last,
        mute: report.mute,
        has_begun: report.has_begun,
        has_offered: report.has_offered,
        position: report.position,
        knows_estimate: report.knows_estimate,
        periodic: report.periodic,
    }
}

/// The member whose stay was told, without offers.
pub(in crate::engine) fn member_of_stay(request: &JoinRequest, row: MemberRow, stay: Stay, queue: QueueId) -> Member {
    let brought = Brought {
        logged_call: stay.logged_call,
        ..Brought::by(request)
    };
    let facts = MemberFacts::of(&row, brought, stay.entered, stay.repetition)
        .with_repetitions(stay.highest_repetition, stay.clock_was_set_back);
    let mut member = Member {
        entered: stay.entered,
        turn: Turn::of_parts(stay.turn),
        limits_from: stay.limits_from,
        entry_place: stay.entry_place,
        offers_made: stay.offers_made,
        rejections: stay.rejections,
        offered_at_once: stay.offered_at_once,
        ring_more_at: stay.ring_more_at,
        retry_at: stay.retry_at,
        last_tried: stay.last_tried.map(Box::new),
        preferred: (!stay.preferred.is_empty()).then(|| Box::new(stay.preferred)),
        requirements: request.requirements.kept(),
        dissuaded: stay.dissuaded,
        dissuasion_playing: stay.dissuasion_playing.map(Box::new),
        overdue: stay.overdue,
        told_place: stay.told_place,
        heard: stay.heard.map(|heard| Box::new(heard_again(&heard))),
        ..Member::entering(row, queue, Arc::new(facts), stay.joined)
    };
    member.row.save();
    member
}

impl Stay {
    /// A stay as far as the row tells of it.
    pub(in crate::engine) fn by_row(row: MemberRow, wall: &WallClock) -> Self {
        let (joined, entered) = (wall.instant(row.joined_epoch), wall.instant(stay_began(&row)));
        Self {
            joined,
            turn: Turn::of(joined).parts(),
            entered,
            limits_from: entered,
            repetition: 0,
            highest_repetition: 0,
            clock_was_set_back: false,
            logged_call: None,
            entry_place: 0,
            offers_made: 0,
            rejections: 0,
            offered_at_once: false,
            ring_more_at: Timestamp::default(),
            retry_at: Timestamp::default(),
            last_tried: None,
            missed_by: Vec::new(),
            preferred: PreferredAgents::default(),
            waits_until: None,
            dissuaded: false,
            dissuasion_playing: None,
            overdue: None,
            told_place: 0,
            heard: None,
            offers: Vec::new(),
            row,
        }
    }
}
