//! What unit tests of boxes have in common: a ring for a caller of this box, and the connection that follows.

use crate::engine::{AgentKind, AgentType, Connect, Media, OfferId, Ring};

/// An agent's phone rings for the caller on the channel `caller`.
pub fn ring(offer: OfferId) -> Ring {
    Ring {
        offer,
        queue: "q".to_owned(),
        agent: "a".to_owned(),
        agent_type: AgentType::callback(),
        contact: String::new(),
        agent_uuid: String::new(),
        member_uuid: "member".to_owned(),
        member_session_uuid: "caller".to_owned(),
        cid_name: String::new(),
        cid_name_prefix: String::new(),
        cid_number: String::new(),
        param: String::new(),
        export_vars: String::new(),
        media: Media::Audio,
        joined_epoch: 0,
        timeout: 60,
        calls_back: None,
    }
}

/// The agent's leg and that caller are to be joined.
pub fn connect(offer: OfferId) -> Connect {
    Connect {
        offer,
        media: Media::Audio,
        agent_kind: AgentKind::Callback,
        member_session_uuid: "caller".to_owned(),
        agent_uuid: "leg".to_owned(),
        record_template: None,
        delay: 0,
        sounds: Vec::new(),
    }
}
