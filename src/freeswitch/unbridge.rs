//! The end of a uuid-standby agent's talk: the standing leg stays up, so it is the end of its bridge that tells.
//!
//! FreeSWITCH ends a bridge in the middle of a talk as well: to leave the media to the phones (`bypass_media_after_bridge`), and when an
//! attended transfer is given up. Then another bridge follows, and the talk goes on.

use super::barrier;
use super::hooks::report_ended;
use super::module::Module;
use super::pool::Urgency;
use super::presence::{header, Binding};
use super::session::SessionGuard;
use super::sys::{switch_event_t, switch_event_types_t};
use super::talk_end;
use super::talks::StandbyTalk;
use crate::core::{HangupCause, TalkEnd};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long FreeSWITCH may take to bridge the two again, or to let go of the leg.
const PATIENCE: Duration = Duration::from_secs(3);

/// The subscription to ends of bridges.
pub struct UnbridgeBinding(#[allow(dead_code, reason = "ends the subscription on drop")] Binding);

impl UnbridgeBinding {
    /// Subscribes.
    pub fn new() -> Option<Self> {
        Binding::new(switch_event_types_t::SWITCH_EVENT_CHANNEL_UNBRIDGE, on_unbridge).map(Self)
    }
}

unsafe extern "C" fn on_unbridge(event: *mut switch_event_t) {
    barrier::enter((), |module| {
        // SAFETY: FreeSWITCH passes an event that is alive during the call.
        let [one, other, only, stamp] = unsafe {
            [
                header(event, c"Bridge-A-Unique-ID"),
                header(event, c"Bridge-B-Unique-ID"),
                header(event, c"Unique-ID"),
                header(event, c"Event-Date-Timestamp"),
            ]
        };
        let talk = if other.is_empty() {
            module.switch.talks.standby_between(&only, None)
        } else {
            module.switch.talks.standby_between(&one, Some(&other))
        };
        if let Some(talk) = talk {
            unbridged(module, talk, stamp.parse().unwrap_or(0));
        }
    });
}

/// The event's thread delivers all events of FreeSWITCH: what has to be waited for is waited for by another.
pub fn unbridged(module: &Arc<Module>, talk: StandbyTalk, since: i64) {
    match fate(&talk, since) {
        Some(Fate::GoesOn) => (),
        Some(Fate::Over(cause, by)) => report_ended(module, talk.offer, cause, by),
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
            None if Instant::now() >= deadline => break Fate::Over(HangupCause::NORMAL_CLEARING, TalkEnd::Agent),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    if let Fate::Over(cause, by) = fate {
        report_ended(module, talk.offer, cause, by);
    }
}

/// What the end of a bridge means for the talk.
enum Fate {
    /// The two are bridged again.
    GoesOn,
    /// The talk has ended.
    Over(HangupCause, TalkEnd),
}

/// What has become of the talk whose bridge ended at `since`, epoch microseconds; none as long as that is open.
fn fate(talk: &StandbyTalk, since: i64) -> Option<Fate> {
    let legs = [&talk.agent_uuid, &talk.member_uuid].map(|uuid| SessionGuard::locate_even_hungup(uuid));
    let by = match &legs {
        [Some(agent), Some(member)] => talk_end::of_standing_leg(agent.channel(), member.channel()),
        [Some(_), None] => TalkEnd::Caller,
        [None, _] => TalkEnd::Agent,
    };
    let gone = legs.iter().flatten().find(|leg| !leg.channel().is_up());
    if let Some(gone) = gone {
        return Some(Fate::Over(gone.channel().hangup_cause(), by));
    }
    let [Some(agent), Some(_)] = &legs else {
        return Some(Fate::Over(HangupCause::NORMAL_CLEARING, by));
    };
    if agent.channel().bridged_at() > since {
        return Some(Fate::GoesOn);
    }
    agent
        .channel()
        .is_on_its_own()
        .then_some(Fate::Over(HangupCause::NORMAL_CLEARING, by))
}
