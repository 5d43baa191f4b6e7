//! The engine's doors: inputs and due deadlines in, outputs and the next deadline out.

use crate::engine::agents::configured::Taken;
use crate::engine::border::caller::JoinRequest;
use crate::engine::border::error::EngineError;
use crate::engine::border::input::{BoxReport, Input};
use crate::engine::border::output::{NoticeLevel, Output};
use crate::engine::border::reply::{LateAnswer, Reply};
use crate::engine::centre::boxes::Origin;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{adoption, holds, Mark};
use crate::engine::vocabulary::ids::{MemberId, OfferId};
use crate::engine::vocabulary::time::{Span, Timestamp, WallTime};

impl Engine {
    /// Lets something happen at `now`, which never goes back from one call to the next.
    ///
    /// # Errors
    /// Says why the input was refused; nothing has changed then, except that an offer answered too late is over.
    pub fn handle_input(&mut self, now: Timestamp, input: Input) -> Result<Reply, EngineError> {
        let reply = self.act_on(now, input);
        self.finish(now);
        reply
    }

    /// The same for what has happened on a box of the cluster, `age` ago. That counts for a caller's joining, half a minute back at most,
    /// and for the end of a talk; everything else happens now.
    ///
    /// # Errors
    /// As [`Engine::handle_input`]; what an instance says that is none of the cluster's is refused.
    pub fn handle_input_of(
        &mut self,
        now: Timestamp,
        instance: &str,
        age: Span,
        input: Input,
    ) -> Result<Reply, EngineError> {
        if !self.boxes.have(instance) {
            return Err(EngineError::NotOfTheCluster);
        }
        self.come_from(instance, age);
        let reply = self.act_on(now, input);
        self.origin = Origin::default();
        self.finish(now);
        reply
    }

    /// Acts on every deadline that has passed at `now`.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        while self.timers.next().is_some_and(|at| at <= now) {
            self.act_on_due_timers(now);
        }
        self.finish(now);
    }

    /// Who may have somebody from now on gets them, before a limit that is reached in the same instant sends anybody away.
    fn act_on_due_timers(&mut self, now: Timestamp) {
        let mut others = Vec::new();
        while let Some(timer) = self.timers.take_due(now) {
            match timer {
                Timer::AgentReady(agent) | Timer::AgentMayChat(agent) => self.agents.touch(agent),
                Timer::TierOpens(member) | Timer::RingOneMore(member) | Timer::CallbackDue(member) => {
                    self.members.touch(member);
                }
                other => others.push(other),
            }
        }
        self.settle(now);
        for timer in others {
            self.act_on_timer(now, timer);
        }
    }

    /// Takes the next thing to be done outside.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Engine::handle_timeout`] is wanted next.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    fn act_on(&mut self, now: Timestamp, input: Input) -> Result<Reply, EngineError> {
        match input {
            Input::Restore(snapshot) => {
                self.keep_callbacks_back(!snapshot.callbacks.is_empty());
                self.restore(now, snapshot);
            }
            Input::Adopt(found) => {
                let reply = self.adopt(now, found);
                self.keep_callbacks_back(false);
                return Ok(reply);
            }
            Input::Boxes(instances) => self.note_boxes(now, &instances),
            Input::BoxesReport(reports) => {
                let reply = self.take_reports(now, reports);
                self.keep_callbacks_back(false);
                return Ok(reply);
            }
            Input::BoxGone { instance } => self.give_up_box(now, &instance),
            Input::BoxLeft { instance } => self.let_box_leave(now, &instance),
            Input::ClockSet(shown) => self.set_wall_clock(now, shown),
            Input::LocalTime(local) => self.local_time = local,
            Input::RowsChanged(changes) => self.take_changes_by_others(now, changes),
            Input::LoadQueue(config) => self.load_queue(now, config),
            Input::Reconfigure(new) => return Ok(Reply::Reconfigured(self.reconfigure(now, *new))),
            Input::QueueAdd(name) => return self.add_queue(now, &name),
            Input::QueueDel(name) => return self.delete_queue(now, &name),
            Input::QueueSet { queue, setting } => return self.set_queue(now, &queue, &setting),
            Input::UnloadQueue(name) => self.put_queue_away(&name),
            Input::ApplyAgent(config) => self.apply_agent(now, config, Taken::NewsAndContact),
            Input::ReloadAgent(config) => self.apply_agent(now, config, Taken::All),
            Input::ApplyTier(config) => return self.apply_tier(now, config),
            Input::TierNotConfigured { queue, agent } => return self.drop_configured_tier(now, &queue, &agent),
            Input::AgentAdd { name, agent_type } => return self.add_agent(&name, agent_type),
            Input::AgentDel { name } => self.delete_agent(now, &name),
            Input::AgentSet { name, setting } => return self.set_agent(now, &name, setting),
            Input::AgentGet { name, key, typed } => return self.get_agent(&name, key, &typed),
            Input::AgentPause { name, reason } => return self.pause_everywhere(now, &name, reason),
            Input::AgentResume { name } => return self.resume_everywhere(now, &name),
            Input::TierPause { queue, agent, reason } => return self.pause_in_queue(now, &queue, &agent, reason),
            Input::TierResume { queue, agent } => return self.resume_in_queue(now, &queue, &agent),
            Input::TierAdd(config) => return self.add_tier_by_command(now, config, None),
            Input::TierAddPaused { tier, reason } => return self.add_tier_by_command(now, tier, Some(reason)),
            Input::TierSet { queue, agent, setting } => return self.set_tier(now, &queue, &agent, setting),
            Input::TierDel { queue, agent } => self.delete_tier(now, &queue, &agent),
            Input::MemberJoin(request) => {
                self.load_from_database(now, &request.queue);
                // Whoever is at the door is told of a queue whose agents have their places.
                self.settle(now);
                return self.come_in(now, request);
            }
            Input::MemberExit { member, exit } => return self.exit(now, member, exit),
            Input::MemberHandsOver { member, successor } => return self.hand_over(now, member, successor),
            Input::SuccessorGone { session_uuid } => self.forget_successor(now, &session_uuid),
            Input::CallbackKey { member } => return Ok(Reply::CallbackOffered(self.callback_offer(now, member))),
            Input::CallbackAsk { member, number } => return self.ask_callback(now, member, &number),
            Input::CallbackAdd {
                queue,
                number,
                name,
                new_member_uuid,
            } => {
                self.load_from_database(now, &queue);
                return self.add_callback(now, (queue, number, name), new_member_uuid);
            }
            Input::CallbackCancel { uuid } => return self.cancel_callback(now, &uuid),
            Input::CallbackNow { uuid } => return self.hasten_callback(now, &uuid),
            Input::CallbackFailed { attempt, end } => return self.callback_failed(now, attempt, &end),
            Input::CallbackReached { attempt, session_uuid } => {
                return self.callback_reached(now, attempt, session_uuid);
            }
            Input::AnnouncementEnded {
                member,
                announcement,
                end,
            } => self.announcement_ended(now, member, announcement, end),
            Input::OfferAnswered { offer, agent_uuid } => {
                self.end_recall(offer);
                return self.offer_answered(now, offer, agent_uuid);
            }
            Input::OfferFailed { offer, end } => {
                self.end_recall(offer);
                return self.offer_failed(now, offer, end);
            }
            Input::OfferBridged { offer } => return self.offer_bridged(now, offer),
            Input::BridgeFailed {
                offer,
                member_up,
                agent_left,
                cause,
            } => {
                self.end_recall(offer);
                return self.bridge_failed(now, offer, (member_up, agent_left), &cause);
            }
            Input::AgentLegEnded { offer, cause, by } => {
                self.end_recall(offer);
                let at = self.talk_ended_at(now, offer);
                return self.agent_leg_ended(at, offer, cause, by);
            }
            Input::AgentBreak { agent_uuid } => return self.break_agent(now, &agent_uuid),
            Input::ExternalCallStarted { agent } => return self.note_external_call(&agent, 1),
            Input::ExternalCallEnded { agent } => return self.note_external_call(&agent, -1),
            Input::StandingLeg { agent_uuid, state } => self.note_leg(now, &agent_uuid, state),
            Input::DeviceState { device, in_use } => self.note_device(&device, in_use),
            Input::MemberScore { uuid, base_score } => return self.set_base_score(&uuid, base_score),
            Input::MemberWithdraw { uuid, note } => return self.withdraw(now, &uuid, &note),
            Input::InternalDispatching { on } => self.set_dispatching(on),
            Input::DispatchMember { uuid, agent } => return self.dispatch_member(now, &uuid, &agent),
            Input::PresenceProbe { queue } => return self.probe_presence(&queue),
            Input::CallerForget(caller) => return self.forget_caller(&caller),
            Input::StatsReset => self.reset_statistics(),
            Input::NotFound { members, offers } => self.not_found(now, &members, &offers),
        }
        Ok(Reply::Done)
    }

    /// When a talk has ended whose box tells of it now: not before it began.
    fn talk_ended_at(&self, now: Timestamp, offer: OfferId) -> Timestamp {
        let ago = Timestamp::from_micros(now.micros().saturating_sub(self.origin.age.micros()));
        let began = self.offers.get(&offer).map_or(now, |offer| offer.bridged);
        ago.max(began).min(now)
    }

    /// Everything of all boxes is taken over first, then what has happened on each since, and then whoever has had no answer.
    fn take_reports(&mut self, now: Timestamp, reports: Vec<BoxReport>) -> Reply {
        let before = self.origin;
        let instances: Vec<String> = reports.iter().map(|report| report.instance.clone()).collect();
        self.note_boxes(now, &instances);
        let mut taken = Vec::new();
        for report in reports {
            self.come_from(&report.instance, Span::ZERO);
            let members = self.take_report(now, &report);
            taken.push((report, members));
        }
        for (report, _) in &mut taken {
            let since = std::mem::take(&mut report.since).into_iter();
            for (age, input) in since.filter(|_| adoption::holds(adoption::Mark::WhatHasHappenedSinceIsDone)) {
                self.come_from(&report.instance, age);
                let asked = match &input {
                    Input::CallbackAsk { member, .. } => Some(*member),
                    _ => None,
                };
                // What is about something that is over means nothing.
                let reply = self.act_on(now, input);
                if let (Some(member), Ok(Reply::CalledBack { .. })) = (asked, reply) {
                    self.let_go_for_callback(member);
                }
            }
        }
        let mut answers = Vec::new();
        for (report, members) in taken {
            let asked = report.callers.into_iter().zip(members);
            for (caller, member) in asked.filter(|(caller, _)| caller.member.is_none()) {
                self.come_from(&report.instance, caller.age);
                answers.push(self.answer_late(now, &report.instance, caller.request, member));
            }
        }
        self.origin = before;
        for instance in instances {
            self.account_for(now, &instance);
        }
        Reply::ReportsTaken(answers)
    }

    fn come_from(&mut self, instance: &str, age: Span) {
        let at = self.boxes.number(instance).unwrap_or_default();
        self.origin = Origin {
            at,
            age: age.max(Span::ZERO),
        };
    }

    fn answer_late(
        &mut self,
        now: Timestamp,
        instance: &str,
        request: JoinRequest,
        member: Option<MemberId>,
    ) -> LateAnswer {
        let known = member.and_then(|member| self.joined_before(member));
        LateAnswer {
            instance: instance.to_owned(),
            session_uuid: request.session_uuid.clone(),
            new_member_uuid: request.new_member_uuid.clone(),
            answer: match known {
                Some(reply) => Ok(reply),
                None => self.act_on(now, Input::MemberJoin(request)),
            },
        }
    }

    fn act_on_timer(&mut self, now: Timestamp, timer: Timer) {
        match timer {
            Timer::AgentReady(_) | Timer::AgentMayChat(_) | Timer::TierOpens(_) | Timer::RingOneMore(_) => (),
            Timer::CallbackDue(_) => (),
            Timer::CallbackOverdue(member) => self.give_up_attempt(now, member),
            Timer::CallbackExpires(member) => self.expire_if_over(now, member),
            Timer::MaxWait(member) => self.reach_max_wait(now, member),
            Timer::NoAgentForMember(member) => self.check_no_agent(now, member),
            Timer::NoAgentInQueue(queue) => self.check_no_agent_in_queue(now, queue),
            Timer::Announcement(member) => self.announce_to(now, member),
            Timer::Dissuade(member) => self.dissuade(member),
            Timer::Positions(queue) => self.tell_positions(now, queue),
            Timer::Discard(member) => self.discard(member),
            Timer::LeftBox(at) => self.give_up_left_box(now, at),
            Timer::Succession(member) => self.give_up_successor(now, member),
            Timer::CancelOverdue(offer) => self.give_up_cancelled(now, offer),
            Timer::WatchRound if holds(Mark::WatchdogLooks) => self.watch_on(now),
            Timer::WatchRound => (),
            Timer::SecondLook => self.look_again(),
        }
    }

    /// FreeSWITCH's clock was set. What is told from now on follows it; no deadline moves. Deadlines that rows tell do, in their rows:
    /// whoever reads one compares it with the clock as it stands now.
    pub(in crate::engine) fn set_wall_clock(&mut self, now: Timestamp, shown: WallTime) {
        let shown_until_now = self.wall.secs(now);
        let by = self.wall.set(now, shown);
        if by == Span::ZERO {
            return;
        }
        let boxes = &self.boxes;
        let ours = self
            .agents
            .all_books()
            .filter(|agent| boxes.have(&agent.row.instance_id));
        for agent in ours.filter(|agent| agent.row.ready_time > shown_until_now) {
            agent.row.ready_time = self.wall.secs(agent.not_before);
        }
        let way = if by > Span::ZERO { "forward" } else { "back" };
        let millis = by.micros().saturating_abs() / 1000;
        let text = format!(
            "FreeSWITCH's clock was set {way} by {}.{:03} s: epochs follow it, nobody waits longer or shorter for it",
            millis / 1000,
            millis % 1000
        );
        self.notice(NoticeLevel::Info, None, text);
    }
}
