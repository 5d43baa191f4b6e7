//! What boxes of a cluster have is taken over, at any time.

use crate::engine::border::box_report::{ApplicationReport, AttemptReport, CallerReport, OfferCourse, Stay};
use crate::engine::border::hold::Hold;
use crate::engine::border::input::BoxReport;
use crate::engine::border::output::Output;
use crate::engine::border::reply::{AnnouncementEnd, Reply};
use crate::engine::centre::callback::{Callback, CallbackStage};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{several_marker, Application, Member, Service};
use crate::engine::centre::missed::Missed;
use crate::engine::centre::timers::Timer;
use crate::engine::database::stays::member_of_stay;
use crate::engine::marks::adoption;
use crate::engine::rows::member::{stay_began, MemberRow};
use crate::engine::vocabulary::ids::{AgentId, AnnouncementId, MemberId, OfferId, QueueId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::MemberState;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    /// The boxes of the cluster: what was a stranger's is ours from now on.
    pub(in crate::engine) fn note_boxes(&mut self, now: Timestamp, instances: &[String]) {
        for instance in instances {
            if !self.boxes.add(instance) {
                continue;
            }
            let its = self
                .agents
                .iter()
                .filter(|(_, agent)| agent.row.instance_id == *instance);
            let its: Vec<AgentId> = its.map(|(id, _)| *id).collect();
            for id in its {
                self.count_agent_anew(now, id);
            }
            for row in self.members_elsewhere.take_of(instance) {
                self.restore_member(now, row);
            }
        }
    }

    /// Takes over what a box has: the origin is that box. What has happened there since, and callers who are not known, come afterwards.
    /// The members of its callers, in their order.
    pub(in crate::engine) fn take_report(&mut self, now: Timestamp, report: &BoxReport) -> Vec<Option<MemberId>> {
        self.timers.clear(Timer::LeftBox(self.origin.at));
        self.end_unnamed(now, report);
        self.take_part_of_box(now, report);
        let talks: BTreeSet<&str> = report.talks.iter().map(|talk| talk.talk.member_uuid.as_str()).collect();
        let talks_already = |stay: &Stay| talks.contains(stay.row.uuid.as_str());
        let waiting = |caller: &CallerReport| !caller.stay.as_ref().is_some_and(talks_already);
        let callers = report.callers.iter();
        let members: Vec<_> = callers
            .map(|caller| waiting(caller).then(|| self.adopt_caller(now, caller)).flatten())
            .collect();
        for talk in &report.talks {
            let caller = report.callers.iter().find(|caller| caller.member == Some(talk.member));
            self.adopt_reported_talk(now, talk, caller.map(|caller| caller.application));
        }
        let stays = report.callers.iter().filter_map(|caller| caller.stay.as_ref());
        let courses: BTreeMap<OfferId, &OfferCourse> = stays
            .flat_map(|stay| &stay.offers)
            .map(|course| (course.offer, course))
            .collect();
        // The newest first: of two rings of one agent that one stays.
        let mut offers: Vec<_> = report.offers.iter().collect();
        offers.sort_by_key(|offer| Reverse(offer.ring.offer));
        let waiting_agents = report
            .attempts
            .iter()
            .filter_map(|attempt| attempt.call.waiting_agent.as_ref());
        let dialled: BTreeSet<OfferId> = waiting_agents.map(|waiting| waiting.offer).collect();
        for offer in offers {
            let id = offer.ring.offer;
            let course = courses.get(&id).copied();
            self.adopt_offer(now, offer, (course, dialled.contains(&id)));
        }
        for attempt in &report.attempts {
            self.adopt_reported_attempt(now, attempt);
        }
        for id in members.iter().flatten() {
            self.lose_if_unserved(now, *id);
            // A limit was reached, perhaps, and the phones that rang then are gone.
            self.release_overdue(*id);
        }
        self.watch(now);
        members
    }

    /// A caller who has left the queue for an agent who has answered somebody else since is served by nobody, and nothing more is told of
    /// such a caller.
    fn lose_if_unserved(&mut self, now: Timestamp, id: MemberId) {
        let is_unserved = self.members.get(&id).is_some_and(|member| {
            let waits = member.row.state.waits() && !member.is_away();
            waits && member.has_exited() && member.service == Service::Wanted && member.offers.is_empty()
        });
        if is_unserved {
            self.lose_member(now, id);
        }
    }

    fn adopt_reported_attempt(&mut self, now: Timestamp, report: &AttemptReport) {
        let member = self.members.of_uuid(&report.call.member_uuid);
        let is_away = |id: &MemberId| self.members.get(id).is_some_and(|member| member.is_away());
        match member.filter(is_away) {
            Some(id) => self.adopt_attempt(now, id, report),
            None if report.reached.is_none() => {
                self.outputs.push_back(Output::CancelCallBack(report.call.attempt));
            }
            None => (),
        }
    }

    /// The answer to the joining of a member whose box has lost it.
    pub(in crate::engine) fn joined_before(&self, id: MemberId) -> Option<Reply> {
        let member = self.members.get(&id)?;
        let hold = self.config_of(member.queue).map(Hold::of).unwrap_or_default();
        Some(Reply::Joined {
            member: id,
            member_uuid: member.row.uuid.clone(),
            hold: hold.by(member.facts.media),
        })
    }

    /// Gives a caller the place back, and the stay; none for one of whom nothing is known.
    fn adopt_caller(&mut self, now: Timestamp, caller: &CallerReport) -> Option<MemberId> {
        if let Some(id) = self.unanswered_joining(caller) {
            self.note_application(id, caller.application);
            return Some(id);
        }
        let stay = caller.stay.clone();
        let stay = stay
            .or_else(|| self.stay_by_row(caller))
            .or_else(|| self.stay_given_up(caller))?;
        let known = self.members.of_uuid(&stay.row.uuid);
        let member = known.and_then(|id| self.members.get(&id));
        let is_left = member.is_none_or(|member| member.row.state == MemberState::Abandoned || member.is_away());
        let is_same = member.is_some_and(|member| member.row.session_uuid == caller.request.session_uuid);
        if !is_left && is_same {
            // This engine has had it all the time.
            self.note_application(known?, caller.application);
            return known;
        }
        if !is_left {
            // Somebody has resumed the place meanwhile: another member, who joined when that one did.
            let row = MemberRow {
                uuid: caller.request.session_uuid.clone(),
                ..stay.row.clone()
            };
            return Some(self.insert_caller(now, caller, Stay { row, ..stay }, None));
        }
        let stay = self.with_what_is_known(stay, known);
        let callback = known.and_then(|id| self.callback_taken_up(now, id, caller.is_promised));
        if let Some(known) = known {
            self.timers.clear(Timer::Discard(known));
            self.forget_abandoned(known);
        }
        let id = self.insert_caller(now, caller, stay, callback);
        if caller.is_promised {
            self.leave_for_promise(now, id);
        }
        Some(id)
    }

    /// A stay of which this engine has seen more than its box was sent: the box did not hear of offers that were on the way to it.
    fn with_what_is_known(&self, stay: Stay, known: Option<MemberId>) -> Stay {
        let known = known.and_then(|id| self.members.get(&id));
        let is_same = |member: &&Member| member.facts.entered_epoch == stay_began(&stay.row);
        let Some(member) = known.filter(is_same) else {
            return stay;
        };
        Stay {
            offers_made: stay.offers_made.max(member.offers_made),
            rejections: stay.rejections.max(member.rejections),
            ..stay
        }
    }

    /// The member of a caller who has had no answer, although the joining has been acted on here.
    fn unanswered_joining(&self, caller: &CallerReport) -> Option<MemberId> {
        if caller.stay.is_some() || !adoption::holds(adoption::Mark::LostJoiningsAreKnown) {
            return None;
        }
        let request = &caller.request;
        let is_it = |id: &MemberId| {
            self.members.get(id).is_some_and(|member| {
                let row = &member.row;
                !member.has_exited() && row.session_uuid == request.session_uuid && row.queue == request.queue
            })
        };
        let new = self.members.of_uuid(&request.new_member_uuid).filter(is_it);
        // Whoever has resumed a place has the uuid of that.
        new.or_else(|| self.members.keys().copied().find(is_it))
    }

    /// Who was called back waits like any other. Who is still on the way out, because a call was promised, has had none.
    fn callback_taken_up(&mut self, now: Timestamp, id: MemberId, is_promised: bool) -> Option<Box<Callback>> {
        let attempts = self.callback_of(id)?.row.attempts;
        self.interrupt_attempt(now, id);
        for timer in [Timer::CallbackDue(id), Timer::CallbackExpires(id)] {
            self.timers.clear(timer);
        }
        let mut callback = self.members.change(&id)?.callback.take()?;
        let (stage, reached) = match is_promised {
            true => (CallbackStage::Leaving, 0),
            false => (CallbackStage::Here, 1),
        };
        callback.row.attempts = attempts.saturating_add(reached);
        callback.enter(stage);
        Some(callback)
    }

    fn insert_caller(
        &mut self,
        now: Timestamp,
        caller: &CallerReport,
        stay: Stay,
        callback: Option<Box<Callback>>,
    ) -> MemberId {
        let queue = self.queue_named(&stay.row.queue);
        let known = self.members.of_uuid(&stay.row.uuid);
        let id = self.identity_of(caller.member, known);
        self.unaccounted.remove(&stay.row.uuid);
        let strategy = self.strategy_of(queue);
        let row = MemberRow {
            instance_id: self.boxes.instance(self.origin.at).to_owned(),
            session_uuid: caller.request.session_uuid.clone(),
            abandoned_epoch: 0,
            serving_agent: strategy.map_or("", several_marker).to_owned(),
            serving_system: String::new(),
            state: MemberState::Waiting,
            ..stay.row.clone()
        };
        if let Some(callback) = &callback {
            self.callbacks.insert(queue, &callback.row.number, id);
        }
        let missed = self.missed_of(queue, &stay.missed_by);
        let request = self.at_its_box(caller.request.clone());
        let mut member = member_of_stay(&request, row, stay, queue);
        member.application = application_of(caller.application);
        member.missed = missed;
        member.callback = callback;
        let media = member.facts.media;
        self.members.insert(id, member);
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.members.insert(id);
            queue.count_state(media, None, Some(MemberState::Waiting));
        }
        self.keep_order(id);
        self.set_limits(now, id);
        self.note_announcement(now, id, caller.announcement);
        self.aftermath.staffing.insert(queue);
        id
    }

    /// What the box says of an announcement counts: one that does not play there is over.
    fn note_announcement(&mut self, now: Timestamp, id: MemberId, plays: Option<AnnouncementId>) {
        let Some(member) = self.members.get(&id) else { return };
        let announced = member.heard.as_ref().and_then(|heard| heard.playing).map(|(id, ..)| id);
        let known = announced
            .into_iter()
            .chain(member.dissuasion_playing.as_deref().copied());
        let over: Vec<_> = known.filter(|known| Some(*known) != plays).collect();
        for announcement in over {
            self.announcement_ended(now, id, announcement, AnnouncementEnd::Played);
        }
    }

    fn note_application(&mut self, id: MemberId, told: ApplicationReport) {
        if told == ApplicationReport::IsToEnd {
            if let Some(member) = self.members.change(&id) {
                member.ask_out();
            }
        }
    }

    fn missed_of(&self, queue: QueueId, agents: &[(String, bool)]) -> Option<Box<Missed>> {
        let mut missed = Missed::default();
        for (agent, has_dropped) in agents {
            let tier = self
                .queues
                .get(&queue)
                .and_then(|queue| queue.tiers_by_agent.get(agent));
            missed.by.extend(tier);
            missed.dropped_by.extend(tier.filter(|_| *has_dropped));
        }
        (!missed.by.is_empty()).then(|| Box::new(missed))
    }

    /// The stay of a caller whose joining was acted on here, before its box was given up and had an answer.
    fn stay_given_up(&self, caller: &CallerReport) -> Option<Stay> {
        let id = self.members.of_uuid(&caller.request.new_member_uuid)?;
        let member = self.members.get(&id)?;
        if member.row.state != MemberState::Abandoned || member.row.queue != caller.request.queue {
            return None;
        }
        let (repetition, highest_repetition, clock_was_set_back) = member.facts.repetitions();
        Some(Stay {
            joined: member.joined,
            turn: member.turn.parts(),
            entered: member.entered,
            limits_from: member.limits_from,
            entry_place: member.entry_place,
            repetition,
            highest_repetition,
            clock_was_set_back,
            offers_made: member.offers_made,
            rejections: member.rejections,
            ..Stay::by_row(member.row.clone(), &self.wall)
        })
    }

    /// The stay as far as a row tells, of a caller whose joining was answered and whose box has not heard of it.
    fn stay_by_row(&self, caller: &CallerReport) -> Option<Stay> {
        let request = &caller.request;
        let its = |row: &&MemberRow| row.session_uuid == request.session_uuid && row.queue == request.queue;
        let row = self.unaccounted.get(&request.new_member_uuid).filter(its);
        let row = row.or_else(|| self.unaccounted.values().find(its))?;
        Some(Stay::by_row(row.clone(), &self.wall))
    }
}

fn application_of(told: ApplicationReport) -> Application {
    match told {
        ApplicationReport::Runs => Application::Runs,
        ApplicationReport::IsToEnd => Application::IsToEnd,
        ApplicationReport::HasEnded => Application::HasEnded,
    }
}
