//! Who ended a talk, or what, as far as the two channels tell.

use super::session::{Channel, SessionGuard};
use crate::core::{AgentKind, TalkEnd};
use crate::switch::transfer_from;

/// How the talk between an agent's leg, which has ended, and a caller's came to its end.
pub fn of(agent: Channel<'_>, kind: AgentKind, member_uuid: &str) -> TalkEnd {
    let member = SessionGuard::locate_even_hungup(member_uuid).filter(|member| member.channel().is_up());
    match member {
        Some(member) => moved(agent, member.channel()),
        // A standing leg may have the word from an earlier talk.
        None if kind == AgentKind::Callback && hung_up_second(agent) => TalkEnd::Caller,
        None => TalkEnd::Agent,
    }
}

/// A standing leg stays up, so it is the caller's channel that tells.
pub fn of_standing_leg(agent: Channel<'_>, member: Channel<'_>) -> TalkEnd {
    match (agent.is_up(), member.is_up()) {
        (true, true) => moved(agent, member),
        (true, false) => TalkEnd::Caller,
        (false, _) => TalkEnd::Agent,
    }
}

/// Whoever hangs up first leaves the cause on the other channel of the bridge; the second finds nobody to leave it to.
fn hung_up_second(leg: Channel<'_>) -> bool {
    leg.variable("last_bridge_hangup_cause").is_some()
}

/// Where a caller has gone who is still up.
fn moved(agent: Channel<'_>, member: Channel<'_>) -> TalkEnd {
    let history = member.variable("transfer_history").unwrap_or_default();
    transfer_from(&agent.uuid(), &history).unwrap_or_default()
}
