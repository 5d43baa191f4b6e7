//! A contact may lead through a loopback channel; the agent is the real channel behind it.

use crate::engine::names::variable;
use crate::engine::{HangupCause, Ring, RingEnd};
use crate::freeswitch::agent_leg::exports;
use crate::freeswitch::agent_leg::offers::Offer;
use crate::freeswitch::agent_leg::ring;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::{Channel, SessionGuard};
use crate::freeswitch::ffi::sys::switch_channel_flag_t;
use std::time::Duration;

/// How long the real channel may take to be bridged to the loopback (stock's limit).
const PATIENCE: Duration = Duration::from_secs(5);

/// The real leg behind `leg`, which is `leg` itself unless it is a loopback channel. A loopback that leads nowhere is hung up.
pub fn real_leg(ring: &Ring, offer: &Offer, leg: SessionGuard) -> Result<SessionGuard, RingEnd> {
    let Some(other_side) = leg.channel().variable("other_loopback_leg_uuid") else {
        return Ok(leg);
    };
    log::debug(
        Some(&ring.member_session_uuid),
        &format!(
            "Agent '{}' is a loopback channel. Searching for real channel...",
            ring.agent
        ),
    );
    match behind(ring, offer, &leg, &other_side) {
        Ok(real) => {
            offer.set_unclaimed(Some(real.uuid()));
            Ok(real)
        }
        Err(trouble) => {
            log::debug(
                Some(&ring.member_session_uuid),
                &format!("{trouble} (agent '{}')", ring.agent),
            );
            let end = match (offer.cancelled(), ring::member_of(ring)) {
                (Some(cause), _) => RingEnd::Withdrawn(cause),
                (None, Ok(_)) => RingEnd::NotTaken(HangupCause::DESTINATION_OUT_OF_ORDER),
                (None, Err(gone)) => gone,
            };
            leg.channel().hang_up(&end.cause());
            offer.set_unclaimed(None);
            Err(end)
        }
    }
}

fn behind(ring: &Ring, offer: &Offer, leg: &SessionGuard, other_side: &str) -> Result<SessionGuard, &'static str> {
    let member = ring::member_of(ring).map_err(|_| "The member is gone")?;
    let caller = member.as_ref().map(|member| member.channel());
    let far_side = SessionGuard::locate(other_side).ok_or("Failed to locate the loopback's other channel")?;
    let bridged = switch_channel_flag_t::CF_BRIDGED;
    if !far_side.channel().wait_for(bridged, PATIENCE, caller) {
        return Err("Timeout while waiting for the loopback to be bridged");
    }
    let real_uuid = far_side
        .channel()
        .partner_uuid()
        .ok_or("Failed to find a real channel behind the loopback")?;
    let real = SessionGuard::locate(&real_uuid).ok_or("The real channel is already gone")?;
    if offer.cancelled().is_some() {
        return Err("The offer was cancelled");
    }
    take_over(ring, caller, &real);
    for side in [leg, &far_side] {
        side.channel().set_variable(variable::MEMBER_PRE_ANSWER_UUID, None);
    }
    Ok(real)
}

/// Gives the real channel what the loopback was originated with.
fn take_over(ring: &Ring, member: Option<Channel<'_>>, real: &SessionGuard) {
    for (name, value) in agent_variables(ring) {
        real.channel().set_variable(name, Some(value));
    }
    if let Some(member) = member {
        exports::to_channel(ring, member, real.channel());
    }
}

/// What an agent's leg that was not originated by us is marked with, in stock's order.
pub fn agent_variables(ring: &Ring) -> [(&'static str, &str); 6] {
    [
        (variable::SIDE, "agent"),
        (variable::QUEUE, &ring.queue),
        (variable::AGENT, &ring.agent),
        (variable::AGENT_TYPE, ring.agent_type.as_str()),
        (variable::MEMBER_UUID, &ring.member_uuid),
        (variable::MEMBER_SESSION_UUID, &ring.member_session_uuid),
    ]
}
