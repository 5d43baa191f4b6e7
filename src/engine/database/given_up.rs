//! What ends on a box without being told: the box is given up, or its report does not name it any more.

use crate::engine::border::caller::MemberExit;
use crate::engine::border::input::{BoxReport, Input};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::centre::timers::Timer;
use crate::engine::marks::adoption;
use crate::engine::rows::member::MemberRow;
use crate::engine::vocabulary::ids::{BoxNumber, MemberId, OfferId};
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::talk_end::TalkEnd;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{HangupCause, MemberState};
use std::collections::BTreeSet;

/// How long talks count that an unloaded module has left up: whoever reloads it is back sooner.
const TALKS_ARE_LEFT: Span = Span::from_secs(60);

impl Engine {
    /// A box is given up: its rings and talks are over, its callers abandoned. Who is still there when it is back is taken up again.
    pub(in crate::engine) fn give_up_box(&mut self, now: Timestamp, instance: &str) {
        let Some(at) = self.boxes.number(instance) else { return };
        self.timers.clear(Timer::LeftBox(at));
        self.end_what_is_there(now, (at, instance), |_| true);
        self.account_for(now, instance);
    }

    /// The module of a box was unloaded: the same, but that its talks are up still. Whoever is loaded there next takes them over.
    pub(in crate::engine) fn let_box_leave(&mut self, now: Timestamp, instance: &str) {
        let Some(at) = self.boxes.number(instance) else { return };
        self.end_what_is_there(now, (at, instance), |offer| !offer.is_bridged());
        self.account_for_those(now, instance, |row| row.state != MemberState::Answered);
        self.timers.set(Timer::LeftBox(at), now + TALKS_ARE_LEFT);
    }

    /// Nobody has taken over what was left there.
    pub(in crate::engine) fn give_up_left_box(&mut self, now: Timestamp, at: BoxNumber) {
        let instance = self.boxes.instance(at).to_owned();
        self.give_up_box(now, &instance);
    }

    fn end_what_is_there(&mut self, now: Timestamp, (at, instance): (BoxNumber, &str), ends: impl Fn(&Offer) -> bool) {
        for id in self.offers_of(instance) {
            if self.offers.get(&id).is_some_and(&ends) {
                self.lose_offer(now, id);
            }
        }
        for id in self.members_of(instance) {
            let callback = self.members.get(&id).map(|member| member.is_away());
            match callback {
                Some(true) => self.interrupt_if_dialled(now, id),
                // What was promised is kept, whatever has become of the channel.
                Some(false) if self.leaves_for_callback(now, id, &GONE) => (),
                Some(false) => self.lose_member(now, id),
                None => (),
            }
        }
        self.successors
            .retain(|_, member| self.members.get(member).is_some_and(|member| member.row.state.waits()));
        self.forget_part_of_box(now, at, instance);
    }

    fn interrupt_if_dialled(&mut self, now: Timestamp, id: MemberId) {
        let is_dialled = |member: &Member| {
            member
                .callback
                .as_ref()
                .is_some_and(|callback| callback.stage.is_dialled())
        };
        if self.members.get(&id).is_some_and(is_dialled) {
            self.interrupt_attempt(now, id);
        }
    }

    /// Rows of members who were under way there, and of whom nothing is up, are recorded as lost.
    pub(in crate::engine) fn account_for(&mut self, now: Timestamp, instance: &str) {
        self.account_for_those(now, instance, |_| true);
        self.end_said_to_talk(instance);
    }

    fn account_for_those(&mut self, now: Timestamp, instance: &str, counts: impl Fn(&MemberRow) -> bool) {
        let its = self.unaccounted.values();
        let its = its.filter(|row| row.instance_id == instance && counts(row));
        let its: Vec<String> = its.map(|row| row.uuid.clone()).collect();
        for uuid in its {
            if let Some(row) = self.unaccounted.remove(&uuid) {
                self.record_lost(now, &row);
            }
        }
    }

    fn offers_of(&self, instance: &str) -> Vec<OfferId> {
        let is_its = |offer: &Offer| {
            let member = self.members.get(&offer.member);
            member.is_some_and(|member| member.row.instance_id == instance)
        };
        let its = self.offers.iter().filter(|(_, offer)| is_its(offer));
        its.map(|(id, _)| *id).collect()
    }

    /// Everybody who waits there, or has a place kept.
    fn members_of(&self, instance: &str) -> Vec<MemberId> {
        let waits = |member: &Member| member.row.state.waits() && !member.is_served();
        let its = self
            .members
            .iter()
            .filter(|(_, member)| member.row.instance_id == instance && waits(member));
        its.map(|(id, _)| *id).collect()
    }

    fn lose_offer(&mut self, now: Timestamp, id: OfferId) {
        self.end_recall(id);
        match self.offers.get(&id).map(|offer| offer.stage.clone()) {
            Some(Stage::Ringing | Stage::Cancelling(_) | Stage::Calling) => {
                self.end_unanswered(now, id, &RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
            }
            Some(Stage::Connecting { .. }) => {
                // The offer is there and in that stage, so it is not refused.
                let _ = self.bridge_failed(now, id, (true, false), &HangupCause::NONE);
            }
            Some(Stage::Bridged { .. }) => self.lose_talk(now, id),
            None => (),
        }
    }

    /// What is known of a box and its report does not name is over, but for what it tells the end of.
    pub(in crate::engine) fn end_unnamed(&mut self, now: Timestamp, report: &BoxReport) {
        if !adoption::holds(adoption::Mark::WhatReportsDoNotNameIsOver) {
            return;
        }
        let named = Named::of(report);
        for id in self.offers_of(&report.instance) {
            if named.offers.contains(&id) {
                continue;
            }
            match self.offers.get(&id).is_some_and(Offer::is_bridged) {
                true => drop(self.agent_leg_ended(now, id, HangupCause::NONE, TalkEnd::Agent)),
                false => self.lose_offer(now, id),
            }
        }
        for id in self.members_of(&report.instance) {
            let Some(member) = self.members.get(&id) else { continue };
            let row = &member.row;
            let is_named = named.members.contains(&id)
                || named.uuids.contains(row.uuid.as_str())
                || named
                    .unanswered
                    .contains(&(row.session_uuid.as_str(), row.queue.as_str()));
            if member.is_away() {
                let is_dialled = named.called_back.contains(member.row.uuid.as_str());
                if !is_dialled && !is_named {
                    self.interrupt_if_dialled(now, id);
                }
            } else if !is_named && !member.has_exited() {
                // The member is there and has not left, so it is not refused.
                let _ = self.exit(now, id, GONE);
            }
        }
    }
}

/// How a caller has left of whom its box knows nothing any more.
const GONE: MemberExit = MemberExit {
    channel_up: false,
    reason: None,
    key: None,
};

/// What a report is about.
struct Named<'a> {
    offers: BTreeSet<OfferId>,
    members: BTreeSet<MemberId>,
    uuids: BTreeSet<&'a str>,
    called_back: BTreeSet<&'a str>,
    /// The channels of callers without an answer, each with the queue that it has asked for.
    unanswered: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Named<'a> {
    fn of(report: &'a BoxReport) -> Self {
        let unanswered = report.callers.iter().filter(|caller| caller.member.is_none());
        let unanswered = unanswered.map(|caller| &caller.request);
        let mut named = Self {
            unanswered: unanswered
                .map(|request| (request.session_uuid.as_str(), request.queue.as_str()))
                .collect(),
            offers: report.offers.iter().map(|offer| offer.ring.offer).collect(),
            members: report.callers.iter().filter_map(|caller| caller.member).collect(),
            uuids: report.talks.iter().map(|talk| talk.talk.member_uuid.as_str()).collect(),
            called_back: report
                .attempts
                .iter()
                .map(|attempt| attempt.call.member_uuid.as_str())
                .collect(),
        };
        named.offers.extend(report.talks.iter().map(|talk| talk.offer));
        let stays = report.callers.iter().filter_map(|caller| caller.stay.as_ref());
        named.uuids.extend(stays.map(|stay| stay.row.uuid.as_str()));
        for (_, input) in &report.since {
            match input {
                Input::MemberExit { member, .. } | Input::MemberHandsOver { member, .. } => {
                    named.members.insert(*member);
                }
                Input::OfferFailed { offer, .. }
                | Input::BridgeFailed { offer, .. }
                | Input::AgentLegEnded { offer, .. } => {
                    named.offers.insert(*offer);
                }
                _ => (),
            }
        }
        named
    }
}
