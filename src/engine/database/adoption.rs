//! Taking over what is under way already when an engine begins: talks, and the standing legs of uuid-standby agents.
//!
//! A module that is unloaded leaves its talks alone, and says on each agent's leg how the talk came about ([`Course`]). Whoever
//! loads next looks what is up, and tells: the agent is busy until that talk ends, which is told, counted and recorded as if the
//! engine had been there from the beginning. What began and ended meanwhile is lost.

use crate::engine::border::found::{Course, Found, Talk};
use crate::engine::border::reply::Reply;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{Application, Brought, Member, MemberFacts, Service};
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::member::{stay_began, MemberRow};
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, QueueId, TierId};
use crate::engine::vocabulary::time::{Timestamp, WallTime};
use crate::engine::vocabulary::words::{AgentKind, AgentState, CallState, Media, MemberState};
use std::sync::Arc;

impl Engine {
    /// The talks under way, as the next engine has to know them.
    pub fn talks(&self) -> Vec<Talk> {
        let talks = self.offers.values();
        talks.filter_map(|offer| self.talk_of(offer)).collect()
    }

    /// One of them; what its box keeps of it from the bridge on.
    pub fn talk(&self, offer: OfferId) -> Option<Talk> {
        self.talk_of(self.offers.get(&offer)?)
    }

    /// A talk whose caller has left the queue otherwise is about to be ended.
    fn talk_of(&self, offer: &Offer) -> Option<Talk> {
        if !offer.is_bridged() || offer.has_lost_member() {
            return None;
        }
        let agent = self.agents.get(&offer.agent)?;
        let member = self.members.get(&offer.member)?;
        let facts = &offer.facts;
        Some(Talk {
            queue: self.queues.get(&offer.queue)?.name.clone(),
            agent: agent.row.name.clone(),
            agent_type: agent.row.agent_type.clone(),
            agent_uuid: offer.agent_uuid.clone(),
            member_uuid: facts.uuid.clone(),
            member_session_uuid: facts.session_uuid.clone(),
            cid_number: facts.cid_number.clone(),
            cid_name: facts.cid_name.clone(),
            dnis: facts.dnis().map(str::to_owned),
            param: facts.param().map(str::to_owned),
            media: facts.media,
            course: Course {
                joined_epoch: facts.joined_epoch,
                entered: self.entered_as_told(facts),
                called: self.wall.shown(offer.called),
                answered: self.wall.shown(offer.answered),
                bridged: self.wall.shown(offer.bridged),
                repetition: facts.repetition,
                number: offer.number,
                rejections_before: offer.rejections_before,
                offers: member.offers_made,
                rejections: member.rejections,
                entry_place: member.entry_place,
                agent_is_gone: agent.deleted,
            },
        })
    }

    /// When a stay began. In a cluster the clocks of two leaders differ, and the second that was told is the one by which the stay is known.
    fn entered_as_told(&self, facts: &MemberFacts) -> WallTime {
        let shown = self.wall.shown(facts.entered);
        match self.boxes.are_several() && shown.secs() != facts.entered_epoch {
            true => WallTime::from_secs(facts.entered_epoch),
            false => shown,
        }
    }

    /// Takes over what is up. Members who were under way when the last process or module ended, and of whom nothing is up, are lost.
    /// Nobody is told: whoever follows the events knows no other state of these agents.
    pub(in crate::engine) fn adopt(&mut self, now: Timestamp, found: Found) -> Reply {
        for (agent, leg) in found.standing {
            self.adopt_standing_leg(now, &agent, leg);
        }
        let talks = found.talks.into_iter();
        let offers: Vec<_> = talks.map(|talk| self.adopt_talk(now, &talk, None)).collect();
        for row in std::mem::take(&mut self.unaccounted).into_values() {
            self.record_lost(now, &row);
        }
        if !offers.is_empty() {
            self.watch(now);
        }
        Reply::Adopted(offers)
    }

    fn adopt_standing_leg(&mut self, now: Timestamp, name: &str, leg: String) {
        let Some(id) = self.agent_for_adoption(name) else {
            return;
        };
        let Some(agent) = self.agents.change(&id) else { return };
        if agent.row.agent_type.kind() == AgentKind::UuidStandby && agent.row.uuid.is_empty() {
            agent.row.uuid = leg;
            self.renew_leg(now, id);
        }
    }

    /// Takes over a talk, under the identities by which its box knows it if one has told them.
    pub(in crate::engine) fn adopt_talk(
        &mut self,
        now: Timestamp,
        talk: &Talk,
        known_as: Option<(OfferId, MemberId)>,
    ) -> OfferId {
        let course = talk.course.up_to(self.wall.shown(now));
        let id = known_as.map_or_else(|| OfferId(self.next_id()), |(offer, _)| offer);
        let queue = self.queue_named(&talk.queue);
        let agent = self.agent_of_talk(talk);
        let tier = self.tier_of_talk(queue, agent, talk);
        self.end_callback_in_talk(now, queue, &talk.member_uuid);
        let (member, facts, member_left) =
            self.member_of_talk(talk, &course, queue, (id, known_as.map(|(_, member)| member)));
        let offer = Offer {
            id,
            queue,
            member,
            agent,
            tier,
            stage: Stage::Bridged { member_left },
            place: None,
            may_ring: self.settings.agent_originate_timeout,
            called: self.wall.instant_of(course.called),
            answered: self.wall.instant_of(course.answered),
            bridged: self.wall.instant_of(course.bridged),
            number: course.number,
            rejections_before: course.rejections_before,
            agent_uuid: talk.agent_uuid.clone(),
            facts,
            suspected: None,
        };
        self.offers.insert(id, offer);
        match talk.media {
            Media::Audio => self.note_call_adopted(now, (agent, tier), id, talk, &course),
            Media::Chat => self.note_chat_adopted(agent, id),
        }
        // Who was put aside and talks after all may have a chat beside it.
        self.agents.touch(agent);
        id
    }

    /// One of our agents, who may be given what is up.
    pub(in crate::engine) fn agent_for_adoption(&self, name: &str) -> Option<AgentId> {
        let id = self.agents.named(name)?;
        let agent = self.agents.get(&id)?;
        self.is_ours(&agent.row.instance_id).then_some(id)
    }

    /// The agent of a talk. Where there is none of that name any more, the talk has an agent of its own, as that of an agent who was
    /// deleted in the middle of it has.
    fn agent_of_talk(&mut self, talk: &Talk) -> AgentId {
        let known = self.agent_for_adoption(&talk.agent).filter(|id| {
            let is_taken = |agent: &Agent| talk.media == Media::Audio && agent.offer.is_some();
            !talk.course.agent_is_gone && !self.agents.get(id).is_some_and(is_taken)
        });
        if let Some(known) = known {
            return known;
        }
        let id = AgentId(self.next_id());
        let row = AgentRow::new(
            &talk.agent,
            self.boxes.instance(self.origin.at),
            talk.agent_type.clone(),
        );
        let agent = Agent {
            deleted: true,
            ..Agent::from_row(row, &self.wall)
        };
        self.agents.insert_deleted(id, agent);
        id
    }

    /// The tier a talk goes through, or one that nobody has where the agent has none in that queue any more.
    fn tier_of_talk(&mut self, queue: QueueId, agent: AgentId, talk: &Talk) -> TierId {
        let queue = self.queues.get(&queue);
        let tier = queue.and_then(|queue| queue.tiers_by_agent.get(&talk.agent)).copied();
        let is_agents = |id: &TierId| self.tiers.get(id).is_some_and(|tier| tier.agent == Some(agent));
        tier.filter(is_agents).unwrap_or_else(|| TierId(self.next_id()))
    }

    /// The caller of a talk: with the row that a database kept, or with one anew where it kept none. A member who is there otherwise
    /// has nothing to do with the talk any more.
    fn member_of_talk(
        &mut self,
        talk: &Talk,
        course: &Course,
        queue: QueueId,
        (offer, known_as): (OfferId, Option<MemberId>),
    ) -> (MemberId, Arc<MemberFacts>, bool) {
        let known = self.members.of_uuid(&talk.member_uuid);
        let is_left_over = |member: &&Member| member.row.state == MemberState::Abandoned && member.queue == queue;
        let abandoned = known.and_then(|id| self.members.get(&id).filter(is_left_over));
        let kept = abandoned.map(|member| {
            let row = if holds(Mark::AdoptedTalksAreNotLost) {
                self.unaccounted.remove(&talk.member_uuid)
            } else {
                self.unaccounted.get(&talk.member_uuid).cloned()
            };
            row.unwrap_or_else(|| member.row.clone())
        });
        let is_elsewhere = known.is_some() && kept.is_none();
        let row = self.row_of_talk(talk, course, kept);
        let brought = Brought {
            dnis: talk.dnis.clone(),
            param: talk.param.clone(),
            media: talk.media,
            logged_call: None,
            caller_key: None,
        };
        let facts = Arc::new(MemberFacts::of(
            &row,
            brought,
            self.wall.instant_of(course.entered),
            course.repetition,
        ));
        if let Some(id) = known.filter(|_| is_elsewhere) {
            return (id, facts, true);
        }
        if let Some(known) = known {
            self.timers.clear(Timer::Discard(known));
            self.forget_abandoned(known);
        }
        let id = self.identity_of(known_as, known);
        let mut member = Member {
            application: Application::HasEnded,
            service: Service::By(offer),
            offers_made: course.offers,
            rejections: course.rejections,
            entry_place: course.entry_place,
            told_state: CallState::ToAgent,
            ..Member::in_talk(row, queue, Arc::clone(&facts))
        };
        member.row.save();
        self.members.insert(id, member);
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.members.insert(id);
        }
        (id, facts, false)
    }

    /// By what a member is known from now on who is known as something already, or was told under another identity: threads of its box
    /// wait under that.
    pub(in crate::engine) fn identity_of(&mut self, told: Option<MemberId>, known: Option<MemberId>) -> MemberId {
        let is_usable = |id: &MemberId| Some(*id) == known || !self.members.contains_key(id);
        let told = told.filter(is_usable);
        if let Some(known) = known {
            self.strike_off(known);
        }
        told.or(known).unwrap_or_else(|| MemberId(self.next_id()))
    }

    /// Forgets a member whose row goes on with another one.
    fn strike_off(&mut self, id: MemberId) {
        self.leave_line(id);
        self.leave_order(id);
        if let Some(member) = self.members.get(&id) {
            if let Some(queue) = self.queues.get_mut(&member.queue) {
                queue.members.remove(&id);
                queue.count_state(member.facts.media, Some(member.row.state), None);
            }
        }
        self.members.forget(id);
    }

    fn row_of_talk(&self, talk: &Talk, course: &Course, kept: Option<MemberRow>) -> MemberRow {
        let (entered, joined_epoch) = (course.entered.secs(), course.joined_epoch);
        let row = kept.unwrap_or_else(|| MemberRow {
            queue: talk.queue.clone(),
            instance_id: self.boxes.instance(self.origin.at).to_owned(),
            uuid: talk.member_uuid.clone(),
            session_uuid: String::new(),
            cid_number: talk.cid_number.clone(),
            cid_name: talk.cid_name.clone(),
            system_epoch: 0,
            joined_epoch,
            rejoined_epoch: if entered > joined_epoch { entered } else { 0 },
            bridge_epoch: 0,
            abandoned_epoch: 0,
            base_score: 0,
            skill_score: 0,
            serving_agent: String::new(),
            serving_system: String::new(),
            state: MemberState::Answered,
        });
        // The database may not know yet that the caller has come back: its row tells of a stay before, ended or not.
        let has_ended = row.abandoned_epoch > 0 && row.abandoned_epoch >= stay_began(&row);
        let is_of_other_channel = row.session_uuid != talk.member_session_uuid;
        let rejoined_epoch = match (has_ended || is_of_other_channel) && stay_began(&row) != entered {
            true => entered,
            false => row.rejoined_epoch,
        };
        MemberRow {
            rejoined_epoch,
            session_uuid: talk.member_session_uuid.clone(),
            joined_epoch: row.joined_epoch.min(joined_epoch),
            bridge_epoch: course.bridged.secs(),
            serving_agent: talk.agent.clone(),
            serving_system: self.boxes.instance(self.origin.at).to_owned(),
            state: MemberState::Answered,
            ..row
        }
    }

    fn note_call_adopted(
        &mut self,
        now: Timestamp,
        (id, tier): (AgentId, TierId),
        offer: OfferId,
        talk: &Talk,
        course: &Course,
    ) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.offer = holds(Mark::AdoptedTalksEngage).then_some(offer);
        agent.bridge_start = self.wall.instant_of(course.bridged);
        agent.row.state = AgentState::InAQueueCall;
        agent.state_since = agent.bridge_start;
        agent.row.uuid = talk.agent_uuid.clone();
        agent.row.last_bridge_start = course.bridged.secs();
        self.renew_leg(now, id);
        self.occupy_tiers(id, tier);
    }

    fn note_chat_adopted(&mut self, id: AgentId, offer: OfferId) {
        if let Some(agent) = self.agents.change(&id) {
            agent.chats.running.insert(offer);
        }
    }
}
