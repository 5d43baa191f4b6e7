//! What subscribers, channels and the operator are told: the engine's words to the world, in stock's order of headers.

use crate::engine::border::caller::JoinRequest;
use crate::engine::border::event::{Event, LimitWords, Presence};
use crate::engine::border::output::{Notice, NoticeLevel, Output, VariableChange};
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::MemberFacts;
use crate::engine::centre::offer::Offer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, QueueId};
use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{AgentState, CancelReason, HangupCause, Media};

type Headers = Vec<(&'static str, String)>;

impl Engine {
    pub(in crate::engine) fn fire(&mut self, headers: Headers) {
        self.outputs.push_back(Output::Event(Event { headers, channel: None }));
    }

    /// Fires an event that carries a channel's data before its headers.
    fn fire_with_channel(&mut self, channel: &str, headers: Headers) {
        // Who is to be called back may never have had one.
        let channel = Some(channel.to_owned()).filter(|channel| !channel.is_empty());
        self.outputs.push_back(Output::Event(Event { headers, channel }));
    }

    pub(in crate::engine) fn debug(&mut self, session_uuid: Option<&str>, text: String) {
        self.notice(NoticeLevel::Debug, session_uuid, text);
    }

    pub(in crate::engine) fn notice(&mut self, level: NoticeLevel, session_uuid: Option<&str>, text: String) {
        self.outputs.push_back(Output::Notice(Notice {
            level,
            session_uuid: session_uuid.map(str::to_owned),
            text,
        }));
    }

    pub(in crate::engine) fn set_variables(
        &mut self,
        session_uuid: &str,
        changes: Vec<(&'static str, Option<String>)>,
    ) {
        if session_uuid.is_empty() {
            return;
        }
        let changes = changes
            .into_iter()
            .map(|(name, value)| VariableChange { name, value })
            .collect();
        self.outputs.push_back(Output::Variables {
            session_uuid: session_uuid.to_owned(),
            changes,
        });
    }

    pub(in crate::engine) fn fire_agent(
        &mut self,
        agent: &str,
        action: &'static str,
        header: &'static str,
        value: String,
    ) {
        self.fire(vec![
            (header::AGENT, agent.to_owned()),
            (header::ACTION, action.to_owned()),
            (header, value),
        ]);
    }

    pub(in crate::engine) fn fire_agent_state(&mut self, agent: &str, state: AgentState) {
        let state = state.to_string();
        self.fire_agent(agent, action::AGENT_STATE_CHANGE, header::AGENT_STATE, state);
    }

    pub(in crate::engine) fn fire_agent_add(&mut self, agent: &str, agent_type: &str) {
        self.fire(vec![
            (header::AGENT, agent.to_owned()),
            (header::AGENT_TYPE, agent_type.to_owned()),
            (header::ACTION, action::AGENT_ADD.to_owned()),
        ]);
    }

    /// Tells how many members wait or are tried: the event stock sends when a member comes or goes.
    pub(in crate::engine) fn fire_member_count(&mut self, queue: QueueId) {
        let Some(queue) = self.queues.get(&queue) else { return };
        let count = if holds(Mark::CountHasWhoIsOffered) {
            queue.line_length()
        } else {
            queue.waiting
        };
        let name = queue.name.clone();
        self.fire(vec![
            (header::QUEUE, name),
            (header::ACTION, action::MEMBERS_COUNT.to_owned()),
            (header::COUNT, count.to_string()),
            (header::SELECTION, "Single-Queue".to_owned()),
        ]);
    }

    pub(in crate::engine) fn fire_presence(&mut self, queue: QueueId) {
        let Some(queue) = self.queues.get(&queue) else { return };
        let presence = Presence::Queue {
            queue: queue.name.clone(),
            waiting: queue.waiting,
        };
        self.outputs.push_back(Output::Presence(presence));
    }

    /// member-queue-start, or member-queue-resume for a place taken up again.
    pub(in crate::engine) fn fire_member_enters(&mut self, queue: &str, facts: &MemberFacts, resumed: bool) {
        let action = if resumed {
            action::MEMBER_QUEUE_RESUME
        } else {
            action::MEMBER_QUEUE_START
        };
        let mut headers = vec![(header::QUEUE, queue.to_owned()), (header::ACTION, action.to_owned())];
        push_member(&mut headers, facts);
        self.fire_with_channel(&facts.session_uuid, headers);
    }

    /// A member who waits goes on with another channel than the one that has entered.
    pub(in crate::engine) fn fire_member_changes_channel(&mut self, queue: &str, facts: &MemberFacts, before: &str) {
        let mut headers = vec![
            (header::QUEUE, queue.to_owned()),
            (header::ACTION, action::MEMBER_SESSION_CHANGE.to_owned()),
            (header::MEMBER_PREVIOUS_SESSION_UUID, before.to_owned()),
        ];
        push_member(&mut headers, facts);
        self.fire_with_channel(&facts.session_uuid, headers);
    }

    /// A caller was turned away at the door.
    pub(in crate::engine) fn fire_member_refused(&mut self, request: &JoinRequest, reason: CancelReason) {
        let mut headers = vec![
            (header::QUEUE, request.queue.clone()),
            (header::ACTION, action::MEMBER_QUEUE_REFUSED.to_owned()),
            (header::CANCEL_REASON, reason.to_string()),
            (header::MEMBER_SESSION_UUID, request.session_uuid.clone()),
            (header::MEMBER_CID_NAME, request.cid_name.clone()),
            (header::MEMBER_CID_NUMBER, request.cid_number.clone()),
        ];
        let param = request.param.as_deref().filter(|param| !param.is_empty());
        push_brought(&mut headers, param, request.requirements.media);
        self.fire_with_channel(&request.session_uuid, headers);
    }

    pub(in crate::engine) fn fire_member_cancelled(
        &mut self,
        queue: &str,
        facts: &MemberFacts,
        (entered, now): (Timestamp, Timestamp),
        reason: CancelReason,
    ) {
        let mut headers = vec![
            (header::QUEUE, queue.to_owned()),
            (header::ACTION, action::MEMBER_QUEUE_END.to_owned()),
            (header::MEMBER_LEAVING_TIME, self.wall.secs(now).to_string()),
            (header::MEMBER_JOINED_TIME, self.wall.secs(entered).to_string()),
            (header::CAUSE, "Cancel".to_owned()),
            (header::CANCEL_REASON, reason.to_string()),
        ];
        push_member(&mut headers, facts);
        self.fire_with_channel(&facts.session_uuid, headers);
    }

    pub(in crate::engine) fn fire_member_terminated(&mut self, offer: &Offer, now: Timestamp, cause: &HangupCause) {
        let Some((queue, agent)) = self.names(offer) else {
            return;
        };
        let headers = vec![
            (header::QUEUE, queue),
            (header::ACTION, action::MEMBER_QUEUE_END.to_owned()),
            (header::HANGUP_CAUSE, cause.to_string()),
            (header::CAUSE, "Terminated".to_owned()),
            (header::AGENT, agent.row.name.clone()),
            (header::AGENT_SYSTEM, agent.row.instance_id.clone()),
            (header::AGENT_UUID, offer.agent_uuid.clone()),
            (header::AGENT_CALLED_TIME, self.wall.secs(offer.called).to_string()),
            (header::AGENT_ANSWERED_TIME, self.wall.secs(offer.answered).to_string()),
            (header::MEMBER_LEAVING_TIME, self.wall.secs(now).to_string()),
            (header::MEMBER_JOINED_TIME, offer.facts.joined_epoch.to_string()),
        ];
        self.fire_about_member(offer, &offer.facts.session_uuid, headers);
    }

    pub(in crate::engine) fn fire_agent_offering(&mut self, offer: &Offer) {
        if !self.tells_of_offers {
            return;
        }
        let Some((queue, agent)) = self.names(offer) else {
            return;
        };
        let mut headers = vec![
            (header::QUEUE, queue),
            (header::ACTION, action::AGENT_OFFERING.to_owned()),
            (header::AGENT, agent.row.name.clone()),
            (header::AGENT_TYPE, agent.row.agent_type.as_str().to_owned()),
            (header::AGENT_SYSTEM, agent.row.instance_id.clone()),
        ];
        push_member(&mut headers, &offer.facts);
        push_dnis(&mut headers, &offer.facts);
        self.fire(headers);
    }

    pub(in crate::engine) fn fire_bridge_start(&mut self, offer: &Offer) {
        let Some((queue, agent)) = self.names(offer) else {
            return;
        };
        let mut headers = vec![
            (header::QUEUE, queue),
            (header::ACTION, action::BRIDGE_AGENT_START.to_owned()),
            (header::AGENT, agent.row.name.clone()),
            (header::AGENT_SYSTEM, agent.row.instance_id.clone()),
            (header::AGENT_UUID, offer.agent_uuid.clone()),
            (header::AGENT_CALLED_TIME, self.wall.secs(offer.called).to_string()),
            (header::AGENT_ANSWERED_TIME, self.wall.secs(offer.answered).to_string()),
            (header::MEMBER_JOINED_TIME, offer.facts.joined_epoch.to_string()),
        ];
        push_member(&mut headers, &offer.facts);
        push_dnis(&mut headers, &offer.facts);
        self.fire_with_channel(&offer.agent_uuid, headers);
    }

    pub(in crate::engine) fn fire_bridge_end(
        &mut self,
        offer: &Offer,
        now: Timestamp,
        bridged: bool,
        cause: &HangupCause,
    ) {
        let Some((queue, agent)) = self.names(offer) else {
            return;
        };
        let headers = vec![
            (header::QUEUE, queue),
            (header::ACTION, action::BRIDGE_AGENT_END.to_owned()),
            (header::HANGUP_CAUSE, cause.to_string()),
            (header::AGENT, agent.row.name.clone()),
            (header::AGENT_SYSTEM, agent.row.instance_id.clone()),
            (header::AGENT_UUID, offer.agent_uuid.clone()),
            (header::AGENT_BRIDGED, bridged.to_string()),
            (header::AGENT_CALLED_TIME, self.wall.secs(offer.called).to_string()),
            (header::AGENT_ANSWERED_TIME, self.wall.secs(offer.answered).to_string()),
            (header::MEMBER_JOINED_TIME, offer.facts.joined_epoch.to_string()),
            (header::BRIDGE_TERMINATED_TIME, self.wall.secs(now).to_string()),
        ];
        self.fire_about_member(offer, &offer.agent_uuid, headers);
    }

    pub(in crate::engine) fn fire_bridge_fail(&mut self, offer: &Offer, now: Timestamp, cause: &HangupCause) {
        if !self.tells_of_offers {
            return;
        }
        let Some((queue, agent)) = self.names(offer) else {
            return;
        };
        let mut headers = vec![
            (header::QUEUE, queue),
            (header::ACTION, action::BRIDGE_AGENT_FAIL.to_owned()),
            (header::HANGUP_CAUSE, cause.to_string()),
            (header::AGENT, agent.row.name.clone()),
            (header::AGENT_SYSTEM, agent.row.instance_id.clone()),
            (header::AGENT_CALLED_TIME, self.wall.secs(offer.called).to_string()),
            (header::AGENT_ABORTED_TIME, self.wall.secs(now).to_string()),
        ];
        push_member(&mut headers, &offer.facts);
        headers.push((header::MEMBER_JOINED_TIME, offer.facts.joined_epoch.to_string()));
        self.fire(headers);
    }

    pub(in crate::engine) fn fire_limit_reached(
        &mut self,
        agent: AgentId,
        facts: &MemberFacts,
        words: &LimitWords,
        limit: i64,
        status: &'static str,
    ) {
        let Some(agent) = self.agents.get(&agent) else { return };
        let mut headers = vec![
            (header::AGENT, agent.row.name.clone()),
            (header::ACTION, words.action.to_owned()),
            (words.count, limit.to_string()),
            (words.status, status.to_owned()),
            (header::MEMBER_UUID, facts.uuid.clone()),
            (header::MEMBER_SESSION_UUID, facts.session_uuid.clone()),
        ];
        push_brought(&mut headers, facts.param(), facts.media);
        self.fire(headers);
    }

    fn fire_about_member(&mut self, offer: &Offer, channel: &str, mut headers: Headers) {
        push_member(&mut headers, &offer.facts);
        self.fire_with_channel(channel, headers);
    }

    fn names(&self, offer: &Offer) -> Option<(String, &Agent)> {
        Some((
            self.queues.get(&offer.queue)?.name.clone(),
            self.agents.get(&offer.agent)?,
        ))
    }
}

fn push_member(headers: &mut Headers, facts: &MemberFacts) {
    headers.extend([
        (header::MEMBER_UUID, facts.uuid.clone()),
        (header::MEMBER_SESSION_UUID, facts.session_uuid.clone()),
        (header::MEMBER_CID_NAME, facts.cid_name.clone()),
        (header::MEMBER_CID_NUMBER, facts.cid_number.clone()),
    ]);
    push_brought(headers, facts.param(), facts.media);
}

fn push_brought(headers: &mut Headers, param: Option<&str>, media: Media) {
    headers.extend(param.map(|param| (header::PARAM, param.to_owned())));
    // Calls are told of as stock does it.
    if media != Media::Audio {
        headers.push((header::MEDIA, media.to_string()));
    }
}

fn push_dnis(headers: &mut Headers, facts: &MemberFacts) {
    headers.extend(facts.dnis().map(|dnis| (header::MEMBER_DNIS, dnis.to_owned())));
}
