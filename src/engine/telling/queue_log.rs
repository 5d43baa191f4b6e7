//! Lines of Asterisk's queue_log: what happens to callers and agents, in the words and columns that existing report tools read.
//!
//! Names, columns and their order are those Asterisk documents ("Queue Logs"). `docs/admin/reports.md` says what stands for what.

use crate::engine::border::output::Output;
use crate::engine::border::queue_log_line::QueueLogLine;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId};
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::talk_end::TalkEnd;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{AgentStatus, CancelReason, HangupCause, QueueLogEvent};

impl Engine {
    /// The log begins: written when the rows of the database have been brought.
    pub(in crate::engine) fn log_start(&mut self, now: Timestamp) {
        self.write_log(QueueLogLine::of_the_log(
            self.wall.shown(now),
            QueueLogEvent::QueueStart,
        ));
    }

    /// A caller has entered a queue.
    pub(in crate::engine) fn log_entry(&mut self, now: Timestamp, id: MemberId) {
        if !self.logs_queues() {
            return;
        }
        let place = self.place_for_log(id);
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        member.entry_place = place;
        // Asterisk's first column is the URL a caller was to be shown: there is none here.
        let data = vec![String::new(), member.facts.cid_number.clone(), place.to_string()];
        let line = self.line_of_member(now, id, QueueLogEvent::EnterQueue, data);
        self.write_lines(line);
    }

    /// A member is about to leave its queue unanswered, by this key if by any.
    pub(in crate::engine) fn log_leaving(
        &mut self,
        now: Timestamp,
        id: MemberId,
        reason: CancelReason,
        key: Option<char>,
    ) {
        if !self.logs_queues() {
            return;
        }
        let Some(member) = self.members.get(&id) else { return };
        let event = event_of_leaving(reason);
        let key = key.filter(|_| event == QueueLogEvent::ExitWithKey);
        let waited = whole_seconds(now, member.facts.entered);
        let places = [self.place_for_log(id).to_string(), member.entry_place.to_string()];
        let data = key
            .map(String::from)
            .into_iter()
            .chain(places)
            .chain([waited.to_string()])
            .collect();
        let line = self.line_of_member(now, id, event, data);
        self.write_lines(line);
    }

    /// Something has happened to a callback.
    pub(in crate::engine) fn log_callback(
        &mut self,
        now: Timestamp,
        id: MemberId,
        event: QueueLogEvent,
        more: Vec<String>,
    ) {
        if !self.logs_queues() {
            return;
        }
        let callback = self.members.get(&id).and_then(|member| member.callback.as_deref());
        let Some(callback) = callback else { return };
        let attempts = callback.row.attempts.to_string();
        let data = [callback.row.number.clone(), attempts]
            .into_iter()
            .chain(more)
            .collect();
        let line = self.line_of_member(now, id, event, data);
        self.write_lines(line);
    }

    /// A member is to be called back on this number from now on.
    pub(in crate::engine) fn log_callback_requested(&mut self, now: Timestamp, id: MemberId, number: &str) {
        let Some(member) = self.members.get(&id).filter(|_| self.logs_queues()) else {
            return;
        };
        let waited = whole_seconds(now, member.facts.entered).to_string();
        let data = vec![number.to_owned(), self.place_for_log(id).to_string(), waited];
        let line = self.line_of_member(now, id, QueueLogEvent::CallbackRequested, data);
        self.write_lines(line);
    }

    /// Member and agent hear each other.
    pub(in crate::engine) fn log_connected(&mut self, now: Timestamp, offer: OfferId) {
        let Some(offer) = self.offers.get(&offer).filter(|_| self.logs_queues()) else {
            return;
        };
        let data = vec![
            whole_seconds(now, offer.facts.entered).to_string(),
            offer.agent_uuid.clone(),
            whole_seconds(offer.answered, offer.called).to_string(),
        ];
        let line = self.line_of_offer(now, offer, QueueLogEvent::Connect, data);
        self.write_lines(line);
    }

    /// A talk is over.
    pub(in crate::engine) fn log_talk_ended(&mut self, now: Timestamp, offer: &Offer, end: &TalkEnd) {
        let Some(member) = self.members.get(&offer.member).filter(|_| self.logs_queues()) else {
            return;
        };
        let lengths = [
            whole_seconds(offer.bridged, offer.facts.entered).to_string(),
            whole_seconds(now, offer.bridged).to_string(),
            member.entry_place.to_string(),
        ];
        let (event, first) = match end {
            TalkEnd::Agent => (QueueLogEvent::CompleteAgent, vec![]),
            TalkEnd::Caller => (QueueLogEvent::CompleteCaller, vec![]),
            TalkEnd::BlindTransfer { extension, context } => {
                (QueueLogEvent::BlindTransfer, vec![extension.clone(), context.clone()])
            }
            TalkEnd::JoinedWithApplication { extension } => (
                QueueLogEvent::AttendedTransfer,
                vec!["APP".to_owned(), extension.clone()],
            ),
            TalkEnd::AttendedTransfer { to } => {
                (QueueLogEvent::AttendedTransfer, vec!["BRIDGE".to_owned(), to.clone()])
            }
        };
        let data = first.into_iter().chain(lengths).collect();
        let line = self.line_of_offer(now, offer, event, data);
        self.write_lines(line);
    }

    /// A ring has ended without an answer. As in Asterisk there is nothing to tell of who lost the race for a caller, nor of a call that
    /// was not made.
    pub(in crate::engine) fn log_unanswered(&mut self, now: Timestamp, offer: &Offer, end: &RingEnd) {
        let event = match end {
            RingEnd::Refused(..) => return,
            RingEnd::Withdrawn(cause) if *cause == HangupCause::LOSE_RACE => return,
            RingEnd::Withdrawn(_) | RingEnd::CallerGone | RingEnd::GivenBack => QueueLogEvent::RingCanceled,
            RingEnd::NotTaken(_) | RingEnd::NoStandingLeg => QueueLogEvent::RingNoAnswer,
        };
        let rung = now.since(offer.called).micros().max(0) / 1000;
        let line = self.line_of_offer(now, offer, event, vec![rung.to_string()]);
        self.write_lines(line);
    }

    /// An agent who had answered was gone before the bridge.
    pub(in crate::engine) fn log_dumped(&mut self, now: Timestamp, offer: &Offer) {
        let line = self.line_of_offer(now, offer, QueueLogEvent::AgentDump, vec![]);
        self.write_lines(line);
    }

    /// An agent's status has changed: logged in or out, on a break or back from it.
    pub(in crate::engine) fn log_status(
        &mut self,
        now: Timestamp,
        id: AgentId,
        (before, after): (AgentStatus, AgentStatus),
        reason: Option<&str>,
    ) {
        let Some(agent) = self.agents.books_of(&id) else { return };
        let (was_in, is_in) = (before != AgentStatus::LoggedOut, after != AgentStatus::LoggedOut);
        let since = agent.logged_in_at;
        if is_in && !was_in {
            agent.logged_in_at = now;
        }
        if !self.logs_queues() {
            return;
        }
        let Some(agent) = self.agents.get(&id) else { return };
        let (name, contact) = (agent.row.name.clone(), agent.row.contact.clone());
        if is_in && !was_in {
            self.log_agent(now, &name, QueueLogEvent::AgentLogin, vec![contact]);
        } else if was_in && !is_in {
            let length = whole_seconds(now, since).to_string();
            self.log_agent(now, &name, QueueLogEvent::AgentLogoff, vec![contact, length]);
        }
        let (was_away, is_away) = (before == AgentStatus::OnBreak, after == AgentStatus::OnBreak);
        if is_in && was_away != is_away {
            self.log_pause_everywhere(now, id, is_away, reason.unwrap_or_default());
        }
    }

    /// As Asterisk does it: one line for all queues, and one for each, which has the reason.
    fn log_pause_everywhere(&mut self, now: Timestamp, id: AgentId, pauses: bool, reason: &str) {
        let Some(agent) = self.agents.get(&id) else { return };
        let name = agent.row.name.clone();
        let tiers = agent.tiers.iter().filter_map(|tier| self.tiers.get(tier));
        let queues = tiers.filter_map(|tier| self.queues.get(&tier.queue));
        let queues: Vec<String> = queues.map(|queue| queue.name.clone()).collect();
        let all = if pauses {
            QueueLogEvent::PauseAll
        } else {
            QueueLogEvent::UnpauseAll
        };
        self.log_agent(now, &name, all, vec![]);
        for queue in queues {
            self.log_pause(now, (&queue, &name), pauses, reason);
        }
    }

    /// An agent is paused in a queue, or not any more.
    pub(in crate::engine) fn log_pause(
        &mut self,
        now: Timestamp,
        (queue, agent): (&str, &str),
        pauses: bool,
        reason: &str,
    ) {
        let event = if pauses {
            QueueLogEvent::Pause
        } else {
            QueueLogEvent::Unpause
        };
        self.write_log(QueueLogLine {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            data: vec![reason.to_owned()],
            ..QueueLogLine::of_the_log(self.wall.shown(now), event)
        });
    }

    /// An agent and one queue.
    pub(in crate::engine) fn log_agent_of_queue(
        &mut self,
        now: Timestamp,
        queue: &str,
        agent: &str,
        event: QueueLogEvent,
    ) {
        self.write_log(QueueLogLine {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            ..QueueLogLine::of_the_log(self.wall.shown(now), event)
        });
    }

    /// The configuration has been read anew.
    pub(in crate::engine) fn log_reload(&mut self, now: Timestamp) {
        self.write_log(QueueLogLine::of_the_log(self.wall(now), QueueLogEvent::ConfigReload));
    }

    fn log_agent(&mut self, now: Timestamp, agent: &str, event: QueueLogEvent, data: Vec<String>) {
        self.write_log(QueueLogLine {
            agent: agent.to_owned(),
            data,
            ..QueueLogLine::of_the_log(self.wall.shown(now), event)
        });
    }

    fn logs_queues(&self) -> bool {
        self.settings.queue_log_file.is_some()
    }

    /// The place in line, 1 being the first; 0 for who is in none.
    fn place_for_log(&self, id: MemberId) -> u32 {
        let place = self.position_of(id).unwrap_or(0);
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    fn line_of_member(
        &self,
        now: Timestamp,
        id: MemberId,
        event: QueueLogEvent,
        data: Vec<String>,
    ) -> Option<QueueLogLine> {
        let member = self.members.get(&id)?;
        Some(QueueLogLine {
            call: member.facts.logged_call().to_owned(),
            queue: member.row.queue.clone(),
            data,
            ..QueueLogLine::of_the_log(self.wall.shown(now), event)
        })
    }

    fn line_of_offer(
        &self,
        now: Timestamp,
        offer: &Offer,
        event: QueueLogEvent,
        data: Vec<String>,
    ) -> Option<QueueLogLine> {
        Some(QueueLogLine {
            call: offer.facts.logged_call().to_owned(),
            queue: self.queues.get(&offer.queue)?.name.clone(),
            agent: self.agents.get(&offer.agent)?.row.name.clone(),
            data,
            ..QueueLogLine::of_the_log(self.wall.shown(now), event)
        })
    }

    fn write_lines(&mut self, line: Option<QueueLogLine>) {
        line.into_iter().for_each(|line| self.write_log(line));
    }

    fn write_log(&mut self, line: QueueLogLine) {
        if self.logs_queues() {
            self.outputs.push_back(Output::QueueLog(Box::new(line)));
        }
    }
}

/// Asterisk's event for each way to leave a queue unanswered. What else there is happens at the door, before anything is logged.
fn event_of_leaving(reason: CancelReason) -> QueueLogEvent {
    match reason {
        CancelReason::Timeout
        | CancelReason::DissuadeWait
        | CancelReason::CallbackExpired
        | CancelReason::CallbackGivenUp
        | CancelReason::CallbackTooOften => QueueLogEvent::ExitWithTimeout,
        CancelReason::NoAgentTimeout | CancelReason::LeaveEmpty => QueueLogEvent::ExitEmpty,
        CancelReason::ExitWithKey => QueueLogEvent::ExitWithKey,
        CancelReason::Withdraw | CancelReason::CallbackCancelled => QueueLogEvent::Withdraw,
        _ => QueueLogEvent::Abandon,
    }
}

/// As Asterisk counts: the difference of two clock readings in whole seconds.
fn whole_seconds(later: Timestamp, earlier: Timestamp) -> i64 {
    later.steady_secs().saturating_sub(earlier.steady_secs()).max(0)
}
