//! Talks that a module before this one has left up: the box has them from its first report on.

use super::{Caller, Home, Offered};
use crate::cluster::time::BoxTime;
use crate::engine::{ApplicationReport, JoinRequest, OfferId, OfferStage, Ring, Talk, TalkReport};

impl Home {
    /// A talk is up here, known as that.
    pub fn take_over(&mut self, now: BoxTime, left: TalkReport) {
        let TalkReport { offer, member, talk } = left;
        self.callers.insert(Caller {
            request: request_of(&talk),
            question: None,
            asked: now,
            member: Some(member),
            stay: None,
            announcement: None,
            application: ApplicationReport::HasEnded,
            is_promised: false,
            left: None,
        });
        self.offers.insert(Offered {
            ring: ring_of(offer, &talk),
            stage: OfferStage::Bridged(talk.agent_uuid.clone()),
            since: now,
            answered: Some(now),
            question: None,
            talk: Some(talk),
        });
    }
}

fn request_of(talk: &Talk) -> JoinRequest {
    JoinRequest {
        queue: talk.queue.clone(),
        session_uuid: talk.member_session_uuid.clone(),
        new_member_uuid: talk.member_uuid.clone(),
        cid_number: talk.cid_number.clone(),
        cid_name: talk.cid_name.clone(),
        dnis: talk.dnis.clone(),
        param: talk.param.clone(),
        ..JoinRequest::default()
    }
}

fn ring_of(offer: OfferId, talk: &Talk) -> Ring {
    Ring {
        offer,
        queue: talk.queue.clone(),
        agent: talk.agent.clone(),
        agent_type: talk.agent_type.clone(),
        contact: String::new(),
        agent_uuid: talk.agent_uuid.clone(),
        member_uuid: talk.member_uuid.clone(),
        member_session_uuid: talk.member_session_uuid.clone(),
        cid_name: talk.cid_name.clone(),
        cid_name_prefix: String::new(),
        cid_number: talk.cid_number.clone(),
        param: talk.param.clone().unwrap_or_default(),
        export_vars: String::new(),
        media: talk.media,
        joined_epoch: talk.course.joined_epoch,
        timeout: 0,
        calls_back: None,
    }
}
