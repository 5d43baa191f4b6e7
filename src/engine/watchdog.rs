//! The watchdog: what is under way here and known to nobody outside is found and ended.
//!
//! Every offer and every stay ends with a report. Should one be lost, member and agent would be kept for ever, so all that
//! is under way is looked up outside from time to time: what is not found twice in a row, is over. The work is bounded: one
//! deadline however much is under way, none while nothing is, and so many at a time.

use crate::engine::border::caller::MemberExit;
use crate::engine::border::output::{Inspection, NoticeLevel, Output};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Stage;
use crate::engine::centre::stores::id_map::IdMap;
use crate::engine::centre::timers::Timer;
use crate::engine::centre::watch::ROUND;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{Counted, MemberId, OfferId};
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::talk_end::TalkEnd;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::HangupCause;

/// The pause within a round that has not seen everything yet.
const STEP: Span = Span::from_micros(100_000);

/// How many members, and how many offers, are looked up at a time.
const STRIDE: usize = 250;

/// How long after something was not found it is looked up once more: its end may just be on its way.
const SECOND_LOOK: Span = Span::from_secs(5);

/// How much longer than its time a ring may take, and how long the way from the answer to the bridge.
const LIMIT: Span = Span::from_secs(600);

impl Engine {
    /// Has the next part of what is under way looked up.
    pub(in crate::engine) fn watch_on(&mut self, now: Timestamp) {
        let members = next_stride(&self.members, &mut self.watchdog.member);
        let offers = next_stride(&self.offers, &mut self.watchdog.offer);
        let is_round_over = members.len() < STRIDE && offers.len() < STRIDE;
        for id in &offers {
            self.stop_endless(now, *id);
        }
        for id in &members {
            if let Some(member) = self.members.books_of(id) {
                member.suspected = false;
                self.watchdog.seen |= !member.has_exited();
            }
        }
        for id in &offers {
            self.watchdog.seen = true;
            if let Some(offer) = self.offers.get_mut(id) {
                offer.suspected = None;
            }
        }
        self.inspect(&members, &offers);
        if !is_round_over {
            self.timers.set(Timer::WatchRound, now + STEP);
            return;
        }
        (self.watchdog.member, self.watchdog.offer) = (None, None);
        self.watchdog.awake = std::mem::take(&mut self.watchdog.seen);
        if self.watchdog.awake {
            self.timers.set(Timer::WatchRound, now + ROUND);
        }
    }

    fn inspect(&mut self, members: &[MemberId], offers: &[OfferId]) {
        let mut inspection = Inspection::default();
        for id in offers {
            let Some(offer) = self.offers.get(id) else { continue };
            match offer.stage {
                Stage::Bridged { .. } => inspection.talking.push(*id),
                Stage::Ringing | Stage::Calling | Stage::Cancelling(_) | Stage::Connecting { .. } => {
                    inspection.ringing.push(*id);
                }
            }
        }
        for id in members {
            let Some(member) = self.members.get(id).filter(|member| !member.has_exited()) else {
                continue;
            };
            inspection.waiting.push((*id, member.facts.session_uuid.clone()));
        }
        if inspection != Inspection::default() {
            self.outputs.push_back(Output::Inspect(inspection));
        }
    }

    /// Stops a ring or a bridging that goes on although it should be long over.
    fn stop_endless(&mut self, now: Timestamp, id: OfferId) {
        let Some(offer) = self.offers.get(&id) else { return };
        let may_ring = Span::from_secs(i64::from(offer.may_ring));
        let (rings_until, connects_until) = (offer.called + may_ring + LIMIT, offer.answered + LIMIT);
        match offer.stage {
            Stage::Ringing if now > rings_until => {
                self.note_repair(id, "its phone rings without end", |repairs| repairs.endless_offers += 1);
                self.withdraw_offer(now, id, HangupCause::ALLOTTED_TIMEOUT);
            }
            Stage::Connecting { .. } if now > connects_until + ROUND => self.end_lost_offer(now, id),
            Stage::Connecting { .. } if now > connects_until => {
                self.note_repair(id, "its bridge does not come about", |repairs| {
                    repairs.endless_offers += 1
                });
                self.cancel_outside(id);
            }
            _ => (),
        }
    }

    /// Nobody outside knows these. Once may be chance: the report of the end may be on its way.
    pub(in crate::engine) fn not_found(&mut self, now: Timestamp, members: &[MemberId], offers: &[OfferId]) {
        let (members, offers) = self.of_this_box(members, offers);
        for id in &offers {
            let Some(offer) = self.offers.get_mut(id) else { continue };
            let stage = std::mem::discriminant(&offer.stage);
            if offer.suspected == Some(stage) || !holds(Mark::OffersAreMissedTwice) {
                self.note_lost(*id);
                self.end_lost_offer(now, *id);
            } else {
                offer.suspected = Some(stage);
                self.watchdog.suspected_offers.push(*id);
            }
        }
        for id in &members {
            let Some(member) = self.members.books_of(id).filter(|member| !member.has_exited()) else {
                continue;
            };
            if member.suspected || !holds(Mark::MembersAreMissedTwice) {
                self.end_lost_member(now, *id);
            } else {
                member.suspected = true;
                self.watchdog.suspected_members.push(*id);
            }
        }
        let is_anything_suspected =
            !self.watchdog.suspected_offers.is_empty() || !self.watchdog.suspected_members.is_empty();
        if is_anything_suspected {
            self.timers.set(Timer::SecondLook, now + SECOND_LOOK);
        }
    }

    /// Those that the box could have found which tells of them: each knows its own part.
    fn of_this_box(&self, members: &[MemberId], offers: &[OfferId]) -> (Vec<MemberId>, Vec<OfferId>) {
        let is_its = |id: &MemberId| {
            let member = self.members.get(id);
            member.is_none_or(|member| self.box_of(member) == self.origin.at)
        };
        let is_its_offer = |id: &OfferId| self.offers.get(id).is_some_and(|offer| is_its(&offer.member));
        let members = members.iter().copied().filter(is_its);
        (members.collect(), offers.iter().copied().filter(is_its_offer).collect())
    }

    /// Has what was not found looked up once more.
    pub(in crate::engine) fn look_again(&mut self) {
        let members = std::mem::take(&mut self.watchdog.suspected_members);
        let offers = std::mem::take(&mut self.watchdog.suspected_offers);
        self.inspect(&members, &offers);
    }

    /// Ends an offer as its report would have done. The agent is not to blame, so nothing is counted against it.
    fn end_lost_offer(&mut self, now: Timestamp, id: OfferId) {
        let stage = self.offers.get(&id).map(|offer| offer.stage.clone());
        if !matches!(stage, Some(Stage::Cancelling(_))) {
            self.cancel_outside(id);
        }
        // The offer is there and in that stage, so none of these is refused.
        let _ = match stage {
            Some(Stage::Cancelling(cause)) => return self.end_unanswered(now, id, &RingEnd::Withdrawn(cause)),
            Some(Stage::Ringing) => {
                return self.end_unanswered(now, id, &RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
            }
            Some(Stage::Calling) => {
                self.lose_waiting_agent(now, id, &RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
                return;
            }
            Some(Stage::Connecting { .. }) => self.bridge_failed(now, id, (true, false), &HangupCause::NONE),
            Some(Stage::Bridged { .. }) => self.agent_leg_ended(now, id, HangupCause::NONE, TalkEnd::Agent),
            None => return,
        };
    }

    /// Should anything of the offer still be there outside, it ends.
    fn cancel_outside(&mut self, id: OfferId) {
        self.outputs.push_back(Output::CancelRing {
            offer: id,
            cause: HangupCause::ORIGINATOR_CANCEL,
        });
    }

    fn end_lost_member(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let text = format!(
            "Watchdog: member {} of queue {} has no channel any more and is let go; please report this with the log before it",
            member.row.uuid, member.row.queue
        );
        let session_uuid = member.facts.session_uuid.clone();
        self.watchdog.repairs.lost_members += 1;
        self.notice(NoticeLevel::Warning, Some(&session_uuid), text);
        let exit = MemberExit {
            channel_up: false,
            reason: None,
            key: None,
        };
        // The member is there and has not left, so this is not refused.
        let _ = self.exit(now, id, exit);
    }
}

/// The identities behind the last one looked at, and moves on to the last of them.
fn next_stride<Id: Counted, V>(all: &IdMap<Id, V>, last: &mut Option<Id>) -> Vec<Id> {
    let next: Vec<Id> = all.behind(*last).take(STRIDE).map(|(id, _)| *id).collect();
    *last = next.last().copied().or(*last);
    next
}
