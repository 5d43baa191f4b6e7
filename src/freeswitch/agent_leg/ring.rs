//! Ringing an agent: from the offer to a leg that is up, or the cause why there is none.

use crate::engine::names::variable;
use crate::engine::{AgentKind, HangupCause, Input, Media, Refusal, Ring, RingEnd};
use crate::freeswitch::agent_leg::calls_back;
use crate::freeswitch::agent_leg::exports;
use crate::freeswitch::agent_leg::loopback;
use crate::freeswitch::agent_leg::offers::Offer;
use crate::freeswitch::agent_leg::standby;
use crate::freeswitch::dialling::originate::{self, Order};
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::{Channel, SessionGuard};
use crate::freeswitch::ffi::sys::switch_event_types_t;
use crate::freeswitch::module::switch::FreeSwitch;
use std::sync::Arc;

/// Rings an agent and reports how it ended. Runs on a thread of the pool.
pub fn ring(switch: &Arc<FreeSwitch>, ring: &Ring, offer: &Offer) {
    let reached = match (offer.cancelled(), ring.agent_type.kind()) {
        (Some(cause), _) => Err(RingEnd::Withdrawn(cause)),
        (None, AgentKind::Callback) => call_back(ring, offer),
        (None, AgentKind::UuidStandby) => standby::reach(ring, offer),
    };
    let taken = reached.and_then(|leg| {
        let calls_back = ring.calls_back.as_deref();
        calls_back.map_or(Ok(()), |calls_back| calls_back::ask(ring, offer, calls_back, &leg))?;
        Ok(leg)
    });
    match taken {
        Ok(leg) => {
            let is_accepted = tell_of_answer(switch, ring, offer, &leg);
            if is_accepted && ring.calls_back.is_some() {
                calls_back::wait(switch, ring, offer, &leg);
            }
        }
        Err(end) => {
            let text = format!("Agent {} Origination Canceled : {}", ring.agent, end.cause());
            log::debug(Some(&ring.member_session_uuid), &text);
            switch.offers.close(ring.offer);
            switch.report(Input::OfferFailed { offer: ring.offer, end });
        }
    }
}

/// Tells the engine that the leg is up; a leg that nobody wants any more is hung up. Whether it is wanted.
fn tell_of_answer(switch: &Arc<FreeSwitch>, ring: &Ring, offer: &Offer, leg: &SessionGuard) -> bool {
    let agent_uuid = leg.uuid();
    let kind = ring.agent_type.kind();
    let channel = leg.channel();
    channel.set_variable(variable::MEMBER_PRE_ANSWER_UUID, None);
    // The hook is there before the engine hears of the leg, so that no end of it can be missed.
    switch.hooks.install(**leg);
    switch
        .talks
        .open(ring.offer, kind, agent_uuid.clone(), ring.member_session_uuid.clone());
    let answered = Input::OfferAnswered {
        offer: ring.offer,
        agent_uuid,
    };
    let accepted = switch
        .reception()
        .is_some_and(|reception| reception.submit_and_settle(answered).is_ok());
    offer.set_unclaimed(None);
    if accepted {
        return true;
    }
    switch.talks.close(ring.offer);
    switch.offers.close(ring.offer);
    if kind == AgentKind::Callback {
        channel.hang_up(&offer.cancelled().unwrap_or(HangupCause::LOSE_RACE));
    }
    false
}

/// The caller's session; none for an agent who is rung before the person is called back.
pub fn member_of(ring: &Ring) -> Result<Option<SessionGuard>, RingEnd> {
    if ring.calls_back.is_some() {
        return Ok(None);
    }
    let member = SessionGuard::locate(&ring.member_session_uuid);
    member.map(Some).ok_or(RingEnd::CallerGone)
}

/// Originates a leg to the agent's contact.
fn call_back(ring: &Ring, offer: &Offer) -> Result<SessionGuard, RingEnd> {
    let member = member_of(ring)?;
    let channel = member.as_ref().map(|member| member.channel());
    let mut variables =
        leg_variables(ring, channel).ok_or(RingEnd::Refused(Refusal::Fault, HangupCause::DESTINATION_OUT_OF_ORDER))?;
    let (contact, caller) = match channel {
        Some(channel) => (channel.expand(&ring.contact), Caller::shown_to_agent(ring, channel)),
        None => (variables.expand(&ring.contact), Caller::called_back(ring, &variables)),
    };
    // The caller may go while the phone rings: nothing of its session is held meanwhile.
    drop(member);
    let leg = originate(ring, offer, &contact, &caller, &mut variables)?;
    offer.set_unclaimed(Some(leg.uuid()));
    if let Some(cause) = offer.cancelled() {
        leg.channel().hang_up(&cause);
        return Err(RingEnd::Withdrawn(cause));
    }
    loopback::real_leg(ring, offer, leg)
}

/// Who the agent's phone shows.
struct Caller {
    name: String,
    number: String,
}

impl Caller {
    fn shown_to_agent(ring: &Ring, channel: Channel<'_>) -> Self {
        let name = channel
            .variable("effective_caller_id_name")
            .unwrap_or_else(|| ring.cid_name.clone());
        let number = channel
            .variable("effective_caller_id_number")
            .unwrap_or_else(|| ring.cid_number.clone());
        let prefix = channel
            .variable(variable::OUTBOUND_CID_NAME_PREFIX)
            .unwrap_or_else(|| channel.expand(&ring.cid_name_prefix));
        let name = format!("{prefix}{name}");
        log::debug(
            Some(&ring.member_session_uuid),
            &format!("Setting outbound caller_id_name to: {name}"),
        );
        Self { name, number }
    }

    /// Whoever is to be called back has no channel that could say otherwise.
    fn called_back(ring: &Ring, variables: &EventBuilder) -> Self {
        Self {
            name: format!("{}{}", variables.expand(&ring.cid_name_prefix), ring.cid_name),
            number: ring.cid_number.clone(),
        }
    }
}

/// The variables of the agent's leg, in stock's order.
fn leg_variables(ring: &Ring, member: Option<Channel<'_>>) -> Option<EventBuilder> {
    let mut event = EventBuilder::of(switch_event_types_t::SWITCH_EVENT_REQUEST_PARAMS)?;
    let joined_epoch = ring.joined_epoch.to_string();
    let variables = [
        (variable::QUEUE, ring.queue.as_str()),
        (variable::QUEUE_JOINED_EPOCH, &joined_epoch),
        (variable::MEMBER_UUID, &ring.member_uuid),
        (variable::MEMBER_SESSION_UUID, &ring.member_session_uuid),
        (variable::MEMBER_PRE_ANSWER_UUID, &ring.member_uuid),
        (variable::AGENT, &ring.agent),
        (variable::AGENT_TYPE, ring.agent_type.as_str()),
        (variable::SIDE, "agent"),
        ("loopback_bowout", "false"),
        ("loopback_bowout_on_execute", "false"),
        ("ignore_early_media", "true"),
    ];
    for (name, value) in variables.into_iter().filter(|(_, value)| !value.is_empty()) {
        event.add(name, value);
    }
    if !ring.param.is_empty() {
        event.add(variable::PARAM, &ring.param);
    }
    if ring.media == Media::Chat {
        event.add(variable::MEDIA, ring.media.as_str());
        // Endpoints other than SIP do not know it.
        event.add("sip_enable_msrp", "true");
    }
    if let Some(member) = member {
        exports::to_event(ring, member, &mut event);
    }
    Some(event)
}

fn originate(
    ring: &Ring,
    offer: &Offer,
    contact: &str,
    caller: &Caller,
    variables: &mut EventBuilder,
) -> Result<SessionGuard, RingEnd> {
    let order = Order {
        dial: contact,
        timeout: ring.timeout,
        name: Some(&caller.name),
        number: Some(&caller.number),
    };
    originate::originate(offer, &order, variables).map_err(|none| match (none.cancelled, none.refusal) {
        (Some(cancelled), _) => RingEnd::Withdrawn(cancelled),
        (None, Some(refusal)) => RingEnd::Refused(refusal, none.cause),
        (None, None) => RingEnd::NotTaken(none.cause),
    })
}
