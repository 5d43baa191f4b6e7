//! A caller who takes the place of a call that waits. A phone has called the queue, and joins a caller of its own with that call (REFER or
//! INVITE with Replaces): FreeSWITCH sends the caller where the call had been sent, and hangs that up.

use crate::engine::{Input, MemberId};
use crate::freeswitch::ffi::session::{channels_with, Channel, SessionGuard};
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::module::Module;
use crate::switch::replaced_call;
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The variable of a channel that was transferred: the header Refer-To.
const REFER_TO: &str = "sip_refer_to";

/// The variable of a channel that has come by an INVITE with Replaces: the Call-ID it names, or FreeSWITCH's own uuid.
const REPLACES: &str = "sip_replaces_call_id";

/// The variable of a channel on which its phone has asked for a transfer: the Call-ID of the other one.
const JOINED_WITH: &str = "_sofia_replaces_";

/// The variable with a channel's own Call-ID.
const CALL_ID: &str = "sip_call_id";

/// What FreeSWITCH hangs a call up with whose place another one takes.
const CAUSE: &str = "ATTENDED_TRANSFER";

/// How long FreeSWITCH may take from sending the caller on to hanging up the call that waits: a few instructions, on a busy machine.
const HANDOVER: Duration = Duration::from_secs(3);

/// Between two looks whether a call that waits is gone.
const LOOK: Duration = Duration::from_millis(5);

/// The channels that are on the way to a place that is kept.
#[derive(Default)]
pub struct Successors {
    channels: Mutex<HashSet<String>>,
}

impl Successors {
    /// A place is kept for this channel.
    pub fn begin(&self, uuid: &str) {
        self.channels.lock().insert(uuid.to_owned());
    }

    /// The channel has ended; whether a place was kept for it.
    pub fn end(&self, uuid: &str) -> bool {
        self.channels.lock().remove(uuid)
    }
}

/// The calls whose place a channel may have come to.
fn replaced_by(channel: Channel<'_>) -> impl Iterator<Item = String> {
    let referred = channel.variable(REFER_TO).and_then(|header| replaced_call(&header));
    channel.variable(REPLACES).into_iter().chain(referred)
}

/// The names under which another channel may know the call of this one.
fn names_of(channel: Channel<'_>) -> Vec<String> {
    let known = [CALL_ID, JOINED_WITH]
        .into_iter()
        .filter_map(|name| channel.variable(name));
    known.chain([channel.uuid()]).collect()
}

/// The channel that comes in the place of one that has left a queue for good.
fn successor_of(leg: Channel<'_>) -> Option<SessionGuard> {
    if leg.hangup_cause().as_str() != CAUSE {
        return None;
    }
    let names = names_of(leg);
    let candidates = [REPLACES, REFER_TO]
        .into_iter()
        .flat_map(|name| channels_with(name, None));
    let mut sessions = candidates.filter_map(|uuid| SessionGuard::locate(&uuid));
    sessions.find(|session| replaced_by(session.channel()).any(|call| names.contains(&call)))
}

/// Reports that a waiting member's channel has left, if another one comes in its place; false when there is none.
pub fn hand_over(module: &Arc<Module>, member: MemberId, leg: Channel<'_>) -> bool {
    let Some(successor) = successor_of(leg) else {
        return false;
    };
    let uuid = successor.uuid();
    module.switch.successors.begin(&uuid);
    // The hook is there before the engine hears of the channel, so that no end of it can be missed.
    module.switch.hooks.install(*successor);
    // A member the engine no longer knows has no place to be kept.
    let _ = module.reception.submit_and_settle(Input::MemberHandsOver {
        member,
        successor: uuid.clone(),
    });
    if !successor.channel().is_up() {
        channel_ended(&module.switch, &uuid);
    }
    true
}

/// A channel has ended: nobody comes to the place that was kept for it.
pub fn channel_ended(switch: &FreeSwitch, uuid: &str) {
    if let Some(reception) = switch.reception().filter(|_| switch.successors.end(uuid)) {
        // A place that was taken is kept no more; there is nothing to refuse.
        let _ = reception.submit(Input::SuccessorGone {
            session_uuid: uuid.to_owned(),
        });
    }
}

/// Waits until the call whose place this channel comes to has left the queue, which FreeSWITCH sees to at the same time.
pub fn await_predecessor(module: &Module, successor: Channel<'_>) {
    let calls: Vec<String> = replaced_by(successor).collect();
    if calls.is_empty() {
        return;
    }
    let own = successor.uuid();
    // FreeSWITCH's lists of channels leave out who has hung up, and may still be on its way out of the queue.
    let is_replaced = |uuid: &String| {
        let session = SessionGuard::locate_even_hungup(uuid).filter(|_| *uuid != own);
        session.is_some_and(|session| names_of(session.channel()).iter().any(|name| calls.contains(name)))
    };
    let mut waiting = module.switch.waiting.sessions();
    waiting.retain(is_replaced);
    let deadline = Instant::now() + HANDOVER;
    let is_there = |uuid: &String| module.switch.waiting.stay(uuid).is_some();
    while waiting.iter().any(is_there) && successor.is_up() && Instant::now() < deadline {
        std::thread::sleep(LOOK);
    }
}
