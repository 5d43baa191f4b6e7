//! What a channel is, has and is told.

use super::{cause_number, named_cause};
use crate::engine::HangupCause;
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::sys::{self, switch_channel_flag_t as Flag, switch_channel_t};
use crate::freeswitch::ffi::text::{copy_of, from_c, take, to_c};
use std::marker::PhantomData;
use std::time::Duration;

/// Where a channel was last sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Into the bridge that was asked for.
    Bridge,
    /// To a place in the dialplan: somebody has transferred it.
    Dialplan,
    /// To another bridge.
    Elsewhere,
    /// Somebody is just sending it: a transfer takes a caller profile first, and notes itself a moment later.
    Open,
}

/// A session's channel.
#[derive(Clone, Copy)]
pub struct Channel<'a> {
    pub(super) raw: *mut switch_channel_t,
    pub(super) alive: PhantomData<&'a switch_channel_t>,
}

impl Channel<'_> {
    /// The pointer for FreeSWITCH's functions.
    pub fn raw(self) -> *mut switch_channel_t {
        self.raw
    }

    /// The channel's uuid.
    pub fn uuid(self) -> String {
        // SAFETY: the channel is alive, and its uuid lives as long.
        unsafe { copy_of(sys::switch_channel_get_uuid(self.raw)) }
    }

    /// Whether the channel is up and in the state it runs.
    pub fn is_ready(self) -> bool {
        // SAFETY: the channel is alive.
        unsafe { sys::callcenter_channel_ready(self.raw) != 0 }
    }

    /// Whether the channel has not hung up.
    pub fn is_up(self) -> bool {
        // SAFETY: the channel is alive.
        unsafe { sys::callcenter_channel_up(self.raw) != 0 }
    }

    /// Whether the channel's thread is in FreeSWITCH's park state, and hears nothing else.
    pub fn is_parked(self) -> bool {
        // SAFETY: the channel is alive.
        let running = unsafe { sys::switch_channel_get_running_state(self.raw) };
        running == sys::switch_channel_state_t::CS_PARK && self.has(Flag::CF_PARK)
    }

    /// Whether there is something to be heard of the channel.
    pub fn is_answered(self) -> bool {
        self.has(Flag::CF_ANSWERED) || self.has(Flag::CF_EARLY_MEDIA)
    }

    /// Whether FreeSWITCH is still making the channel for whoever asked for it (`originate`).
    pub fn is_being_originated(self) -> bool {
        self.has(Flag::CF_ORIGINATING)
    }

    /// Whether the channel is bridged, with media or past FreeSWITCH.
    pub fn is_in_bridge(self) -> bool {
        let is_signalled = || self.variable("signal_bridge_to").is_some_and(|other| !other.is_empty());
        self.has(Flag::CF_BRIDGED) || self.has(Flag::CF_BRIDGE_ORIGINATOR) || is_signalled()
    }

    /// Whether the channel is out of every bridge: in the park state, or in a dialplan, with nothing else to follow.
    pub fn is_on_its_own(self) -> bool {
        use sys::switch_channel_state_t as State;
        let (wanted, running) = self.states();
        let is_free = wanted == running && [State::CS_PARK, State::CS_EXECUTE, State::CS_ROUTING].contains(&running);
        is_free
            && ![Flag::CF_INTERCEPTED, Flag::CF_BRIDGED, Flag::CF_BRIDGE_ORIGINATOR]
                .into_iter()
                .any(|flag| self.has(flag))
    }

    /// Whether the channel's thread is past a bridge that was asked for, without one: the channel has hung up, or somebody has sent it
    /// elsewhere.
    pub fn has_left_bridge(self) -> bool {
        use sys::switch_channel_state_t as State;
        let (wanted, running) = self.states();
        running.0 >= State::CS_HANGUP.0
            || wanted == running && [State::CS_PARK, State::CS_EXECUTE, State::CS_ROUTING].contains(&running)
    }

    /// Whether the channel is in the end of a bridge, or past it, and nobody takes it to another one.
    pub fn is_let_go(self) -> bool {
        use sys::switch_channel_state_t as State;
        let (wanted, _) = self.states();
        let is_free = [
            State::CS_EXCHANGE_MEDIA,
            State::CS_PARK,
            State::CS_EXECUTE,
            State::CS_ROUTING,
        ]
        .contains(&wanted);
        is_free && !self.has(Flag::CF_INTERCEPTED)
    }

    /// The state the channel is to be in, and the one its thread is in.
    fn states(self) -> (sys::switch_channel_state_t, sys::switch_channel_state_t) {
        // SAFETY: the channel is alive.
        unsafe {
            (
                sys::switch_channel_get_state(self.raw),
                sys::switch_channel_get_running_state(self.raw),
            )
        }
    }

    /// Whether the channel is in a dialplan that it is about to be taken out of.
    pub fn is_marked_for_transfer(self) -> bool {
        // SAFETY: the channel is alive.
        let state = unsafe { sys::switch_channel_get_state(self.raw) };
        state == sys::switch_channel_state_t::CS_EXECUTE && self.has(Flag::CF_TRANSFER)
    }

    /// Answers the call.
    pub fn answer(self) {
        // SAFETY: the channel is alive.
        unsafe { sys::callcenter_channel_answer(self.raw) };
    }

    /// Ends the call.
    #[track_caller]
    pub fn hang_up(self, cause: &HangupCause) {
        let number = cause_number(cause);
        // SAFETY: the channel is alive; a channel that has hung up stays so.
        crate::freeswitch::ffi::log::with_place(|place| unsafe {
            sys::callcenter_channel_hangup(place, self.raw, number)
        });
    }

    /// Sends the channel's thread to the state in which it waits for whoever bridges it.
    #[track_caller]
    pub fn await_bridge(self) {
        let state = sys::switch_channel_state_t::CS_SOFT_EXECUTE;
        // SAFETY: the channel is alive; FreeSWITCH refuses the state to a channel that has hung up.
        crate::freeswitch::ffi::log::with_place(|place| unsafe {
            sys::callcenter_channel_set_state(place, self.raw, state)
        });
    }

    /// Lets go of a bridge that the channel's thread is about to make: the dialplan goes on, unless somebody has sent the channel elsewhere.
    #[track_caller]
    pub fn give_bridge_up(self) {
        self.clear(Flag::CF_UUID_BRIDGE_ORIGINATOR);
        if !self.awaits_bridge() {
            return;
        }
        let state = sys::switch_channel_state_t::CS_EXECUTE;
        // SAFETY: as in `await_bridge`.
        crate::freeswitch::ffi::log::with_place(|place| unsafe {
            sys::callcenter_channel_set_state(place, self.raw, state)
        });
    }

    /// Where the channel was last sent, while it is on its way into a bridge with `partner`. FreeSWITCH notes `time:id:how:where`.
    pub fn course(self, partner: &str) -> Course {
        match self.caller_field("transfer_source") {
            None => Course::Open,
            Some(step) if step.ends_with(&format!(":uuid_br:{partner}")) => Course::Bridge,
            Some(step) if step.contains(":bl_xfer:") => Course::Dialplan,
            Some(_) => Course::Elsewhere,
        }
    }

    /// Sends the channel's thread to the place in the dialplan that the channel was transferred to.
    #[track_caller]
    pub fn route(self) {
        self.clear(Flag::CF_UUID_BRIDGE_ORIGINATOR);
        let state = sys::switch_channel_state_t::CS_ROUTING;
        // SAFETY: as in `await_bridge`.
        crate::freeswitch::ffi::log::with_place(|place| unsafe {
            sys::callcenter_channel_set_state(place, self.raw, state)
        });
    }

    /// Whether the channel's thread is in the state in which it waits for whoever bridges it, and is to stay there.
    pub fn awaits_bridge(self) -> bool {
        self.rests_in(sys::switch_channel_state_t::CS_SOFT_EXECUTE)
    }

    /// Whether the channel's thread has left what it did, and waits to be sent on to the bridge.
    pub fn is_reset(self) -> bool {
        self.rests_in(sys::switch_channel_state_t::CS_RESET)
    }

    fn rests_in(self, state: sys::switch_channel_state_t) -> bool {
        self.states() == (state, state) && !self.has(Flag::CF_TRANSFER)
    }

    /// Why the channel hung up.
    pub fn hangup_cause(self) -> HangupCause {
        // SAFETY: the channel is alive.
        named_cause(unsafe { sys::switch_channel_get_cause(self.raw) })
    }

    /// The value of a variable; FreeSWITCH finds caller fields such as `caller_id_name` here too.
    pub fn variable(self, name: &str) -> Option<String> {
        let name = to_c(name);
        // SAFETY: the value is a copy in the session's memory, which outlives this call.
        unsafe { from_c(sys::callcenter_channel_variable(self.raw, name.as_ptr())) }.map(|value| value.into_owned())
    }

    /// The sounds a variable names: one, or several as `ARRAY::one::two`.
    pub fn sounds(self, name: &str) -> Vec<String> {
        self.variable(name)
            .map(|value| separate_sounds(&value))
            .unwrap_or_default()
    }

    /// Whether a variable has one of FreeSWITCH's words for "yes".
    pub fn variable_is_true(self, name: &str) -> bool {
        let value = self.variable(name).map(|value| to_c(&value));
        // SAFETY: the string outlives the call.
        value.is_some_and(|value| unsafe { sys::callcenter_is_true(value.as_ptr()) != 0 })
    }

    /// Sets a variable, or removes it.
    pub fn set_variable(self, name: &str, value: Option<&str>) {
        let name = to_c(name);
        let value = value.map(to_c);
        let pointer = value.as_ref().map_or(std::ptr::null(), |value| value.as_ptr());
        // SAFETY: the strings outlive the call, and FreeSWITCH copies them.
        unsafe { sys::callcenter_channel_set_variable(self.raw, name.as_ptr(), pointer) };
    }

    /// A field of the caller profile, such as `rdnis`, without looking at variables of that name.
    pub fn caller_field(self, name: &str) -> Option<String> {
        let name = to_c(name);
        // SAFETY: the channel is alive, and so is the profile while the channel is.
        let profile = unsafe { sys::switch_channel_get_caller_profile(self.raw) };
        if profile.is_null() {
            return None;
        }
        // SAFETY: not null; the value is a string of the profile.
        unsafe { from_c(sys::switch_caller_get_field_by_name(profile, name.as_ptr())) }.map(|value| value.into_owned())
    }

    /// `text` with its `${...}` expanded on this channel.
    pub fn expand(self, text: &str) -> String {
        let given = to_c(text);
        // SAFETY: the string outlives the call; what comes back is the same pointer, or malloc's memory for us.
        let expanded = unsafe { sys::callcenter_channel_expand(self.raw, given.as_ptr()) };
        if std::ptr::eq(expanded.cast_const(), given.as_ptr()) {
            return text.to_owned();
        }
        // SAFETY: it is memory for us to free.
        unsafe { take(expanded) }.unwrap_or_default()
    }

    /// When the call was answered, epoch seconds.
    pub fn answered_epoch(self) -> i64 {
        self.answered_at() / 1_000_000
    }

    /// When the channel was made, epoch microseconds.
    pub fn created_at(self) -> i64 {
        self.instant(|times| times.created)
    }

    /// When the call was answered, epoch microseconds.
    pub fn answered_at(self) -> i64 {
        self.instant(|times| times.answered)
    }

    /// When the channel was last bridged, epoch microseconds.
    pub fn bridged_at(self) -> i64 {
        self.instant(|times| times.bridged)
    }

    fn instant(self, which: impl FnOnce(&sys::switch_channel_timetable_t) -> i64) -> i64 {
        // SAFETY: the channel is alive.
        let times = unsafe { sys::switch_channel_get_timetable(self.raw) };
        // SAFETY: null, or part of the live channel.
        unsafe { times.as_ref() }.map_or(0, which)
    }

    /// Whether a flag is set.
    pub fn has(self, flag: Flag) -> bool {
        // SAFETY: the channel is alive.
        unsafe { sys::switch_channel_test_flag(self.raw, flag) != 0 }
    }

    /// Sets a flag.
    pub fn set(self, flag: Flag) {
        // SAFETY: the channel is alive.
        unsafe { sys::switch_channel_set_flag_value(self.raw, flag, 1) };
    }

    /// Clears a flag.
    pub fn clear(self, flag: Flag) {
        // SAFETY: the channel is alive.
        unsafe { sys::switch_channel_set_flag_value(self.raw, flag, 0) };
    }

    /// Whether the channel carries sound.
    pub fn has_audio(self) -> bool {
        self.has(Flag::CF_AUDIO)
    }

    /// Whether the channel carries text (MSRP, or T.140) and no sound.
    pub fn has_text_only(self) -> bool {
        self.has(Flag::CF_HAS_TEXT) && !self.has_audio()
    }

    /// Breaks whatever the channel plays, however deep it is nested.
    pub fn break_all(self) {
        // SAFETY: the channel is alive.
        unsafe { sys::switch_channel_set_flag_value(self.raw, Flag::CF_BREAK, 2) };
    }

    /// Forgets a break, so that what is played next is not cut off by it.
    pub fn forget_break(self) {
        // SAFETY: the channel is alive.
        unsafe { sys::switch_channel_set_flag_value(self.raw, Flag::CF_BREAK, 0) };
    }

    /// Stops what was broadcast to the channel.
    pub fn stop_broadcast(self) {
        // SAFETY: the channel is alive.
        unsafe { sys::callcenter_channel_stop_broadcast(self.raw) };
    }

    /// Waits until a flag is set; false when the channel or `companion` goes first, or `patience` is over.
    pub fn wait_for(self, flag: Flag, patience: Duration, companion: Option<Channel<'_>>) -> bool {
        let millis = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
        let companion = companion.map_or(std::ptr::null_mut(), |channel| channel.raw);
        // SAFETY: both channels are alive during the call.
        let status = unsafe {
            sys::switch_channel_wait_for_flag(self.raw, flag, sys::switch_bool_t::SWITCH_TRUE, millis, companion)
        };
        status == sys::switch_status_t::SWITCH_STATUS_SUCCESS
    }

    /// Whether the channel and another hear each other.
    pub fn is_bridged(self) -> bool {
        self.has(Flag::CF_BRIDGED)
    }

    /// The channel this one is bridged to.
    pub fn partner_uuid(self) -> Option<String> {
        // SAFETY: the string lives as long as the channel's variables are not changed; it is copied at once.
        unsafe { from_c(sys::switch_channel_get_partner_uuid(self.raw)) }.map(|uuid| uuid.into_owned())
    }

    /// Puts what the variable `list` names into `event`, by FreeSWITCH's own rules for exports.
    pub fn export_to_event(self, event: &mut EventBuilder, list: &str) {
        let list = to_c(list);
        // SAFETY: channel, event and string are alive during the call.
        unsafe {
            sys::switch_channel_process_export(self.raw, std::ptr::null_mut(), event.raw(), list.as_ptr());
        }
    }

    /// Sets what the variable `list` names on `peer`, by FreeSWITCH's own rules for exports.
    pub fn export_to_channel(self, peer: Channel<'_>, list: &str) {
        let list = to_c(list);
        // SAFETY: both channels and the string are alive during the call.
        unsafe {
            sys::switch_channel_process_export(self.raw, peer.raw, std::ptr::null_mut(), list.as_ptr());
        }
    }
}

/// FreeSWITCH takes `ARRAY::` for its own sign of an array, whose elements it separates by `|:`, and leaves it out where there is one
/// element: so `one::two` is what is seen of `ARRAY::one::two`. Colons in brackets are those of an address.
fn separate_sounds(value: &str) -> Vec<String> {
    let list = value.strip_prefix("ARRAY::").unwrap_or(value).replace("|:", "::");
    let mut sounds = vec![String::new()];
    let mut in_brackets = false;
    let mut rest = list.as_str();
    while let Some(character) = rest.chars().next() {
        if !in_brackets && rest.starts_with("::") {
            sounds.push(String::new());
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        in_brackets = (in_brackets || character == '[') && character != ']';
        if let Some(sound) = sounds.last_mut() {
            sound.push(character);
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    sounds.retain(|sound| !sound.is_empty());
    sounds
}

#[cfg(test)]
mod tests;
