//! Who ended a talk, or what, as far as the two channels tell.

use super::session::{Channel, SessionGuard};
use crate::core::{AgentKind, TalkEnd};

/// How the talk between an agent's leg, which has ended, and a caller's came to its end.
pub fn of(agent: Channel<'_>, kind: AgentKind, member_uuid: &str) -> TalkEnd {
    let member = SessionGuard::locate_even_hungup(member_uuid).filter(|member| member.channel().is_up());
    match member {
        Some(member) => moved(member.channel()),
        // A standing leg may have the word from an earlier talk.
        None if kind == AgentKind::Callback && hung_up_second(agent) => TalkEnd::Caller,
        None => TalkEnd::Agent,
    }
}

/// A standing leg stays up, so it is the caller's channel that tells.
pub fn of_standing_leg(agent: Channel<'_>, member: Channel<'_>) -> TalkEnd {
    match (agent.is_up(), member.is_up()) {
        (true, true) => moved(member),
        (true, false) => TalkEnd::Caller,
        (false, _) => TalkEnd::Agent,
    }
}

/// Whoever hangs up first leaves the cause on the other channel of the bridge; the second finds nobody to leave it to.
fn hung_up_second(leg: Channel<'_>) -> bool {
    leg.variable("last_bridge_hangup_cause").is_some()
}

/// Where a caller has gone who is still up.
fn moved(member: Channel<'_>) -> TalkEnd {
    let source = member.variable("transfer_source").unwrap_or_default();
    transfer(&source).unwrap_or_default()
}

/// What FreeSWITCH notes of a channel's last move: `epoch:uuid:kind:where`. The bridge to the agent is one, too, of the kind `uuid_br`;
/// whoever is moved afterwards has the new one.
fn transfer(source: &str) -> Option<TalkEnd> {
    let mut fields = source.splitn(4, ':').skip(2);
    let (kind, place) = (fields.next()?, fields.next()?);
    match kind {
        "bl_xfer" => {
            let mut words = place.split('/').map(str::to_owned);
            Some(TalkEnd::BlindTransfer {
                extension: words.next()?,
                context: words.next().unwrap_or_default(),
            })
        }
        "att_xfer" => {
            let to = place.split('/').next_back()?.to_owned();
            Some(TalkEnd::AttendedTransfer { to })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_move_tells_of_a_transfer() {
        let blind = TalkEnd::BlindTransfer {
            extension: "3000".to_owned(),
            context: "default".to_owned(),
        };
        assert_eq!(transfer("1700000000:uuid:bl_xfer:3000/default/XML"), Some(blind));
        let attended = TalkEnd::AttendedTransfer {
            to: "2000@desk".to_owned(),
        };
        assert_eq!(
            transfer("1700000000:uuid:att_xfer:1001@phone/2000@desk"),
            Some(attended)
        );
    }

    #[test]
    fn the_bridge_to_the_agent_is_no_transfer() {
        for source in ["1700000000:uuid:uuid_br:leg", "", "1:2", "1:2:bl_xfer"] {
            assert_eq!(transfer(source), None, "{source:?}");
        }
    }
}
