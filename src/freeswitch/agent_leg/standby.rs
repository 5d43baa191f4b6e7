//! uuid-standby agents: the leg is up already, and is marked, warned and bridged.

use crate::engine::names::variable;
use crate::engine::{Ring, RingEnd};
use crate::freeswitch::agent_leg::exports;
use crate::freeswitch::agent_leg::loopback::agent_variables;
use crate::freeswitch::agent_leg::offers::Offer;
use crate::freeswitch::agent_leg::ring;
use crate::freeswitch::caller::playback::{self, Listener};
use crate::freeswitch::dialling::calls::Call;
use crate::freeswitch::ffi::session::{Channel, SessionGuard};
use std::time::{Duration, Instant};

/// How long the standing leg may take to reach the park state (stock's limit).
const PATIENCE: Duration = Duration::from_secs(5);

/// Where FreeSWITCH sends a leg after a bridge, if it is to park.
const PARK_AFTER_BRIDGE: &str = "park_after_bridge";

/// The same for a place in the dialplan: extension, dialplan and context, with colons between them.
const TRANSFER_AFTER_BRIDGE: &str = "transfer_after_bridge";

/// Plays to an agent until the offer is cancelled; digits mean nothing.
pub struct UntilCancelled<'a>(pub &'a Call);

impl Listener for UntilCancelled<'_> {
    fn stops(&self) -> bool {
        self.0.cancelled().is_some()
    }

    fn digit(&mut self, _digit: char) -> bool {
        false
    }
}

/// Reaches a standing leg. One that is gone counts as not answered, and logs its agent out.
pub fn reach(ring: &Ring, offer: &Offer) -> Result<SessionGuard, RingEnd> {
    let member = ring::member_of(ring)?;
    let leg = SessionGuard::locate(&ring.agent_uuid).ok_or(RingEnd::NoStandingLeg)?;
    for (name, value) in agent_variables(ring) {
        leg.channel().set_variable(name, Some(value));
    }
    // A leg that stands for many calls must not show what an earlier caller brought.
    leg.channel().set_variable(
        variable::PARAM,
        Some(ring.param.as_str()).filter(|param| !param.is_empty()),
    );
    if let Some(member) = member {
        exports::plainly(ring, member.channel(), leg.channel());
    }
    warn_agent(&leg, offer);
    match offer.cancelled() {
        Some(cause) => Err(RingEnd::Withdrawn(cause)),
        None => Ok(leg),
    }
}

/// Sends a leg that was on its way into a bridge, and waits there for nobody, where it goes after a bridge; to park where nobody says so.
pub fn come_back(leg: &SessionGuard) {
    let channel = leg.channel();
    if !channel.awaits_bridge() && !channel.is_reset() {
        return;
    }
    let elsewhere = channel.variable(TRANSFER_AFTER_BRIDGE);
    let elsewhere = elsewhere.filter(|_| !channel.variable_is_true(PARK_AFTER_BRIDGE));
    let Some(elsewhere) = elsewhere.filter(|place| !place.is_empty()) else {
        return leg.park();
    };
    // As FreeSWITCH does: once for each time it is set.
    channel.set_variable(TRANSFER_AFTER_BRIDGE, None);
    let mut words = elsewhere.splitn(3, ':');
    let extension = words.next().unwrap_or_default();
    if !leg.transfer(extension, words.next(), words.next()) {
        leg.park();
    }
}

/// Plays the agent's own warning tone, wherever the leg waits.
fn warn_agent(leg: &SessionGuard, offer: &Offer) {
    let tones = leg.channel().sounds(variable::WARNING_TONE);
    if tones.is_empty() {
        return;
    }
    if !leg.channel().is_parked() {
        leg.park();
    }
    wait_until_parked(leg.channel(), offer);
    playback::play_all(**leg, &tones, &mut UntilCancelled(offer));
}

/// FreeSWITCH offers no wait for a state: it is looked for, for a bounded time, by a thread FreeSWITCH would block in any case.
fn wait_until_parked(leg: Channel<'_>, offer: &Offer) {
    let deadline = Instant::now() + PATIENCE;
    while !leg.is_parked() && leg.is_up() && offer.cancelled().is_none() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
}
