//! What is looked at beside the books.

use super::*;

impl Trial {
    /// Whether a caller is to be called back, and takes that place at the door.
    pub(super) fn takes_place_live(&self, request: &JoinRequest) -> bool {
        let queue = self.engine.queues.named(&request.queue);
        let id = queue.and_then(|queue| self.engine.callbacks.of_number(queue, &request.cid_number));
        let member = id.and_then(|id| self.engine.members.get(&id));
        let is_called = member.is_some_and(|member| member.is_away() && !member.is_arriving());
        is_called && request.requirements.media == Media::Audio
    }

    /// Nobody else is served through the leg that a caller is given.
    pub(super) fn check_leg(&self, ring: &Ring) {
        let others = self.engine.agents.values().filter(|agent| agent.row.name != ring.agent);
        let mut on_it = others.filter(|agent| agent.leg.as_ref() == Some(&ring.agent_uuid));
        let standby = ring.agent_type.kind() == AgentKind::UuidStandby;
        assert!(!standby || on_it.all(|agent| agent.offer.is_none()), "{ring:?}");
    }

    /// An agent has been rung: there was room for the call, or the chat.
    pub(super) fn check_room(&self, id: OfferId) {
        let offer = self.engine.offers.get(&id);
        // It may be over by now, in the step that made it.
        let Some((offer, agent)) = offer.and_then(|offer| Some((offer, self.engine.agents.get(&offer.agent)?))) else {
            return;
        };
        let chats = agent.chats.running.len() + usize::from(agent.chats.offered.is_some());
        let room = usize::try_from(agent.limits.max_chats).unwrap_or(0);
        let fits = offer.media() == Media::Audio || chats <= room;
        assert!(fits, "{} is offered chat {chats} of {room}", agent.row.name);
    }

    /// What the door of a queue has to say to a caller before anybody is counted anew; none where it does not depend on agents.
    pub(super) fn expected_at_the_door(&self, request: &JoinRequest) -> Option<Option<CancelReason>> {
        let id = self.engine.loaded_queue(&request.queue).ok()?;
        let config = self.engine.config_of(id)?;
        let prospect = Prospect::of(config, &request.requirements, Span::ZERO);
        let media = request.requirements.media;
        let books = Books {
            engine: &self.engine,
            now: self.now,
        };
        let is_empty = |absences| books.is_empty_by_looking(id, &prospect, media, absences);
        let no_agents = config.reject_on_no_agents && is_empty(Absences::NONE);
        let join_empty = config.join_empty.is_some_and(is_empty);
        Some(match (no_agents, join_empty) {
            (true, _) => Some(CancelReason::NoAgents),
            (_, true) => Some(CancelReason::JoinEmpty),
            _ => None,
        })
    }

    /// The door answers as looking at everybody does.
    pub(super) fn check_entry(&self, expected: Option<Option<CancelReason>>, reply: &Result<Reply, EngineError>) {
        let (Some(expected), Ok(reply)) = (expected, reply) else {
            return;
        };
        let about_agents = [CancelReason::NoAgents, CancelReason::JoinEmpty];
        let found = match reply {
            Reply::Refused { reason, .. } => Some(*reason).filter(|reason| about_agents.contains(reason)),
            _ => None,
        };
        assert_eq!(found, expected, "{reply:?}");
    }
}
