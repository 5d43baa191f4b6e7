//! The end of a uuid-standby agent's talk: the standing leg stays up, so it is the end of its bridge that tells.
//!
//! FreeSWITCH ends a bridge in the middle of a talk as well: to leave the media to the phones (`bypass_media_after_bridge`), when an
//! attended transfer is given up, and when somebody else is joined to the leg (`uuid_bridge`, REFER, intercept). Then another bridge
//! follows, and the agent talks on, with whomever: it is the leg that tells, and not the caller it began with.

use crate::engine::{HangupCause, LegState, TalkEnd};
use crate::freeswitch::agent_leg::legs;
use crate::freeswitch::ffi::binding::Binding;
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::event::Heard;
use crate::freeswitch::ffi::session::SessionGuard;
use crate::freeswitch::ffi::sys::switch_event_types_t;
use crate::freeswitch::module::pool::Urgency;
use crate::freeswitch::module::Module;
use crate::freeswitch::talk::state_handlers::report_ended;
use crate::freeswitch::talk::talks::StandbyTalk;
use crate::freeswitch::talk::who_ended;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long FreeSWITCH may take to bridge the two again, or to let go of the leg.
const PATIENCE: Duration = Duration::from_secs(3);

/// The subscriptions to bridges and their ends.
pub struct BridgeBindings {
    #[allow(dead_code, reason = "ends the subscription on drop")]
    begins: Binding,
    #[allow(dead_code, reason = "ends the subscription on drop")]
    ends: Binding,
}

impl BridgeBindings {
    /// Subscribes.
    pub fn new() -> Option<Self> {
        Some(Self {
            begins: Binding::new(switch_event_types_t::SWITCH_EVENT_CHANNEL_BRIDGE, on_bridge)?,
            ends: Binding::new(switch_event_types_t::SWITCH_EVENT_CHANNEL_UNBRIDGE, on_unbridge)?,
        })
    }
}

entry!(event on_bridge, bridge_began);

fn bridge_began(module: &Arc<Module>, event: Heard<'_>) {
    let legs = [event.header(c"Bridge-A-Unique-ID"), event.header(c"Bridge-B-Unique-ID")];
    let [one, other] = &legs;
    for (leg, partner) in [(one, other), (other, one)] {
        let stands = module.reception.is_standing_leg(leg);
        let talks = &module.switch.talks;
        let caller = talks.offer_of_agent(leg).and_then(|offer| talks.member_of(offer));
        match (stands, caller.as_ref() == Some(partner)) {
            (true, false) => bridged_outside_queues(module, leg),
            // Back from a consultation.
            (true, true) if module.reception.leg_is_taken(leg) => legs::is_left(&module.switch, leg),
            _ => (),
        }
    }
}

/// Somebody has joined a standing leg to another channel. The news of the end may have come first.
fn bridged_outside_queues(module: &Arc<Module>, leg: &str) {
    let is_free = || SessionGuard::locate(leg).is_none_or(|leg| leg.channel().is_on_its_own());
    if !is_free() {
        legs::report(&module.switch, leg, LegState::Taken);
        if is_free() {
            legs::is_left(&module.switch, leg);
        }
    }
}

fn outside_queues(leg: &str) -> StandbyTalk {
    StandbyTalk {
        offer: None,
        agent_uuid: leg.to_owned(),
        member_uuid: String::new(),
    }
}

entry!(event on_unbridge, bridge_ended);

fn bridge_ended(module: &Arc<Module>, event: Heard<'_>) {
    let [one, other, only, stamp] = [
        event.header(c"Bridge-A-Unique-ID"),
        event.header(c"Bridge-B-Unique-ID"),
        event.header(c"Unique-ID"),
        event.header(c"Event-Date-Timestamp"),
    ];
    // Of a bridge without media FreeSWITCH names one channel only.
    let caller = other.is_empty().then_some(only.as_str());
    let one = caller.unwrap_or(&one);
    let since = stamp.parse().unwrap_or(0);
    if let Some(talk) = module.switch.talks.standby_of([one, &other], caller) {
        unbridged(module, talk, since);
    }
    for leg in [one, &other].into_iter().filter(|leg| !leg.is_empty()) {
        if module.reception.leg_is_taken(leg) {
            unbridged(module, outside_queues(leg), since);
        }
    }
}

/// The event's thread delivers all events of FreeSWITCH: what has to be waited for is waited for by another.
pub fn unbridged(module: &Arc<Module>, talk: StandbyTalk, since: i64) {
    match fate(&talk, since) {
        Some(Fate::GoesOn) => (),
        Some(Fate::Over(cause, by)) => report_over(module, &talk, cause, by),
        None => {
            let waiting = Arc::clone(module);
            // A pool that takes nothing more is that of a module being unloaded, which keeps no books on talks.
            let _ = module
                .switch
                .pool
                .run(Urgency::Urgent, move || await_fate(&waiting, &talk, since));
        }
    }
}

/// FreeSWITCH offers no wait for what follows: it is looked for, for a bounded time.
fn await_fate(module: &Arc<Module>, talk: &StandbyTalk, since: i64) {
    let deadline = Instant::now() + PATIENCE;
    let fate = loop {
        match fate(talk, since) {
            Some(fate) => break fate,
            None if Instant::now() >= deadline => break fate_at_last(talk),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    if let Fate::Over(cause, by) = fate {
        report_over(module, talk, cause, by);
    }
}

fn report_over(module: &Arc<Module>, talk: &StandbyTalk, cause: HangupCause, by: TalkEnd) {
    match talk.offer {
        Some(offer) => report_ended(module, offer, cause, by),
        None => legs::is_left(&module.switch, &talk.agent_uuid),
    }
}

/// What the end of a bridge means for the talk.
enum Fate {
    /// The leg is in a bridge again.
    GoesOn,
    /// The talk has ended.
    Over(HangupCause, TalkEnd),
}

/// What has become of the talk of a leg whose bridge ended at `since`, epoch microseconds; none as long as that is open.
fn fate(talk: &StandbyTalk, since: i64) -> Option<Fate> {
    let [leg, caller] = [&talk.agent_uuid, &talk.member_uuid].map(|uuid| SessionGuard::locate_even_hungup(uuid));
    let Some(leg) = &leg else {
        return Some(Fate::Over(HangupCause::NORMAL_CLEARING, TalkEnd::Agent));
    };
    let leg = leg.channel();
    if caller
        .as_ref()
        .is_some_and(|caller| who_ended::is_open(leg, caller.channel()))
    {
        return None;
    }
    let by = match &caller {
        Some(caller) => who_ended::of_standing_leg(leg, caller.channel()),
        None if leg.is_up() => TalkEnd::Caller,
        None => TalkEnd::Agent,
    };
    if !leg.is_up() {
        return Some(Fate::Over(leg.hangup_cause(), by));
    }
    if leg.bridged_at() > since {
        return Some(Fate::GoesOn);
    }
    // Whom the caller has left nobody has to wait for, unless somebody else takes the leg.
    let gone = caller.as_ref().filter(|caller| !caller.channel().is_up());
    let is_promised = leg.partner_uuid().is_some_and(|partner| partner != talk.member_uuid);
    let is_left = leg.is_let_go() && !leg.is_bridged() && !is_promised;
    let is_over = leg.is_on_its_own() || is_left && (gone.is_some() || caller.is_none());
    let cause = gone.map_or(HangupCause::NORMAL_CLEARING, |caller| caller.channel().hangup_cause());
    is_over.then_some(Fate::Over(cause, by))
}

/// The same for a leg that has not come to rest in all the time.
fn fate_at_last(talk: &StandbyTalk) -> Fate {
    let leg = SessionGuard::locate(&talk.agent_uuid);
    if leg.is_some_and(|leg| leg.channel().is_bridged()) {
        Fate::GoesOn
    } else {
        Fate::Over(HangupCause::NORMAL_CLEARING, TalkEnd::Agent)
    }
}
