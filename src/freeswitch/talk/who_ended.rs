//! Who ended a talk, or what, as far as the two channels tell.

use crate::engine::{AgentKind, TalkEnd};
use crate::freeswitch::ffi::session::{Channel, SessionGuard};
use crate::switch::{moves_from, Move};
use std::time::{Duration, Instant};

/// How long FreeSWITCH may take to note where it has sent a caller, or to bridge a caller whom an agent has given away by keys.
const PATIENCE: Duration = Duration::from_secs(1);

/// Between two looks at that.
const LOOK: Duration = Duration::from_millis(5);

/// The variable of an agent's leg whose agent consults somebody else (`att_xfer`): the caller, who is to come back, or to go there.
const CONSULTS_FOR: &str = "soft_holding_uuid";

/// The variable of a channel that a caller was given to by `att_xfer`.
const GIVEN_BY_KEYS: &str = "att_xfer_result";

/// The variable of a leg whose phone has joined it with another call (REFER with Replaces).
const JOINED_WITH: &str = "_sofia_replaces_";

/// The variable of a caller who is to be bridged to whom the agent's phone still calls: the number.
const CALLED_FOR_CALLER: &str = "att_xfer_destination_number";

/// The causes of an agent's leg whose caller is sent on.
const SENT: &str = "BLIND_TRANSFER";
const JOINED: &str = "ATTENDED_TRANSFER";

/// How the talk between an agent's leg, which has ended, and a caller's came to its end.
pub fn of(agent: Channel<'_>, kind: AgentKind, member_uuid: &str) -> TalkEnd {
    let is_there = |member: &SessionGuard| member.channel().is_up() && !is_replaced(member.channel());
    let member = SessionGuard::locate_even_hungup(member_uuid).filter(is_there);
    match member {
        Some(member) => {
            let deadline = Instant::now() + PATIENCE;
            while is_open(agent, member.channel()) && Instant::now() < deadline {
                std::thread::sleep(LOOK);
            }
            moved(agent, member.channel())
        }
        // A standing leg may have the word from an earlier talk.
        None if kind == AgentKind::Callback && hung_up_second(agent) => TalkEnd::Caller,
        None => TalkEnd::Agent,
    }
}

/// A standing leg stays up, so it is the caller's channel that tells.
pub fn of_standing_leg(agent: Channel<'_>, member: Channel<'_>) -> TalkEnd {
    match (agent.is_up(), member.is_up()) {
        (_, true) => moved(agent, member),
        (true, false) => TalkEnd::Caller,
        (false, false) => TalkEnd::Agent,
    }
}

/// Whether FreeSWITCH is just sending the caller on, and has not noted where.
pub fn is_open(agent: Channel<'_>, member: Channel<'_>) -> bool {
    let consults = || agent.variable(CONSULTS_FOR) == Some(member.uuid());
    let is_sent = || [SENT, JOINED].contains(&agent.hangup_cause().as_str());
    member.is_up() && !agent.is_up() && (consults() || is_sent() && moves(agent, member).is_empty())
}

/// Somebody else talks in the place of this channel, which is about to be hung up: a phone's consultation after its transfer.
fn is_replaced(channel: Channel<'_>) -> bool {
    channel.variable("transfer_disposition").as_deref() == Some("replaced")
}

/// Whoever hangs up first leaves the cause on the other channel of the bridge; the second finds nobody to leave it to. The cause may be of
/// an earlier bridge, with somebody whom the agent consulted: a phone that has sent the BYE itself was first.
fn hung_up_second(leg: Channel<'_>) -> bool {
    let has_hung_up = leg.variable("sip_hangup_disposition").as_deref() == Some("recv_bye");
    leg.variable("last_bridge_hangup_cause").is_some() && !has_hung_up
}

fn moves(agent: Channel<'_>, member: Channel<'_>) -> Vec<Move> {
    let history = member.variable("transfer_history").unwrap_or_default();
    moves_from(&agent.uuid(), &history)
}

/// Where a caller has gone who is still up.
fn moved(agent: Channel<'_>, member: Channel<'_>) -> TalkEnd {
    let moves = moves(agent, member);
    let partner = moves.iter().find_map(|step| match step {
        Move::Bridged(partner) => SessionGuard::locate_even_hungup(partner),
        _ => None,
    });
    let partner = partner.as_ref().map(|partner| partner.channel());
    let transfer = moves.into_iter().find(|step| !matches!(step, Move::Bridged(_)));
    match transfer {
        Some(Move::Sent {
            extension,
            context,
            dialplan,
        }) => {
            let called = member.variable(CALLED_FOR_CALLER).filter(|_| dialplan == "inline");
            match called.filter(|_| is_joined(agent)) {
                Some(to) => TalkEnd::AttendedTransfer { to },
                None if is_joined(agent) => TalkEnd::JoinedWithApplication { extension },
                None => TalkEnd::BlindTransfer { extension, context },
            }
        }
        Some(Move::Joined) => given_to(partner),
        Some(Move::Bridged(_)) | None => {
            let by_keys = partner.is_some_and(|partner| partner.variable(GIVEN_BY_KEYS).as_deref() == Some("success"));
            if by_keys {
                given_to(partner)
            } else {
                TalkEnd::Agent
            }
        }
    }
}

/// The agent's phone had two calls, and has joined them.
fn is_joined(agent: Channel<'_>) -> bool {
    agent.variable(JOINED_WITH).is_some() || agent.hangup_cause().as_str() == JOINED
}

fn given_to(partner: Option<Channel<'_>>) -> TalkEnd {
    TalkEnd::AttendedTransfer {
        to: partner.map(address).unwrap_or_default(),
    }
}

/// Whom a channel leads to: over SIP the address of the other side.
fn address(channel: Channel<'_>) -> String {
    let value = |name: &str| channel.variable(name);
    let (user, host) = match value("direction").as_deref() {
        Some("inbound") => ("sip_from_user", "sip_from_host"),
        _ => ("sip_to_user", "sip_to_host"),
    };
    match (value(user), value(host)) {
        (Some(user), Some(host)) => format!("{user}@{host}"),
        _ => value("channel_name").unwrap_or_default(),
    }
}
