//! What a channel's state and flags mean, over every pair of states.

use super::*;
use crate::freeswitch::ffi::host::{states, Call};
use crate::freeswitch::ffi::session::SessionGuard;
use sys::switch_channel_state_t as State;

/// States in which a channel has nothing else to follow.
const FREE: [State; 3] = [State::CS_PARK, State::CS_EXECUTE, State::CS_ROUTING];

/// Every state a channel may be sent to, with every state its thread may be in.
fn each_pair(call: &Call, mut look: impl FnMut(State, State)) {
    for wanted in states() {
        for running in states() {
            call.set_states(wanted, running);
            look(wanted, running);
        }
    }
}

#[test]
fn a_channel_is_on_its_own_where_it_rests_outside_every_bridge() {
    let call = Call::parked("on-its-own");
    let channel = call.session().channel();
    let mut found = Vec::new();
    each_pair(&call, |wanted, running| {
        if channel.is_on_its_own() {
            found.push((wanted.0, running.0));
        }
    });
    found.sort_unstable();
    let mut expected = FREE.map(|state| (state.0, state.0));
    expected.sort_unstable();
    assert_eq!(found, expected);
    call.set_states(State::CS_PARK, State::CS_PARK);
    for flag in [Flag::CF_INTERCEPTED, Flag::CF_BRIDGED, Flag::CF_BRIDGE_ORIGINATOR] {
        call.set_flags(&[flag]);
        assert!(!channel.is_on_its_own(), "with flag {}", flag.0);
    }
    call.set_flags(&[Flag::CF_ANSWERED]);
    assert!(channel.is_on_its_own(), "other flags say nothing");
}

#[test]
fn a_channel_has_left_the_bridge_that_rests_elsewhere_or_is_at_its_end() {
    let call = Call::parked("left-bridge");
    let channel = call.session().channel();
    each_pair(&call, |wanted, running| {
        let is_at_end = running.0 >= State::CS_HANGUP.0;
        let rests = wanted == running && FREE.contains(&running);
        assert_eq!(
            channel.has_left_bridge(),
            is_at_end || rests,
            "{} in {}",
            wanted.0,
            running.0
        );
    });
}

#[test]
fn a_channel_is_let_go_by_where_it_is_to_be_wherever_its_thread_is() {
    let call = Call::parked("let-go");
    let channel = call.session().channel();
    each_pair(&call, |wanted, running| {
        let expected = FREE.contains(&wanted) || wanted == State::CS_EXCHANGE_MEDIA;
        assert_eq!(channel.is_let_go(), expected, "{} in {}", wanted.0, running.0);
    });
    call.set_states(State::CS_PARK, State::CS_PARK);
    call.set_flags(&[Flag::CF_INTERCEPTED]);
    assert!(!channel.is_let_go(), "somebody takes it to another bridge");
}

#[test]
fn a_channel_awaits_its_bridge_only_where_it_is_to_stay() {
    let call = Call::parked("awaits");
    let channel = call.session().channel();
    each_pair(&call, |wanted, running| {
        let is_in = |state| (wanted, running) == (state, state);
        assert_eq!(channel.awaits_bridge(), is_in(State::CS_SOFT_EXECUTE));
        assert_eq!(channel.is_reset(), is_in(State::CS_RESET));
    });
    call.set_states(State::CS_SOFT_EXECUTE, State::CS_SOFT_EXECUTE);
    call.set_flags(&[Flag::CF_TRANSFER]);
    assert!(!channel.awaits_bridge(), "somebody has sent it elsewhere");
}

#[test]
fn a_channel_is_parked_where_its_thread_is_and_the_flag_says_so() {
    let call = Call::parked("parked");
    let channel = call.session().channel();
    assert!(!channel.is_parked(), "the flag comes with the state");
    call.set_flags(&[Flag::CF_PARK]);
    each_pair(&call, |_, running| {
        assert_eq!(channel.is_parked(), running == State::CS_PARK);
    });
}

#[test]
fn a_session_that_was_looked_up_is_given_back() {
    let call = Call::parked("looked-up");
    let guard = SessionGuard::locate_even_hungup("looked-up").expect("it is there");
    assert_eq!((guard.uuid().as_str(), call.locks()), ("looked-up", 1));
    drop(guard);
    assert_eq!(call.locks(), 0);
    assert!(SessionGuard::locate_even_hungup("nobody").is_none());
}

#[test]
fn causes_have_freeswitchs_numbers_and_unknown_ones_are_a_normal_end() {
    use sys::switch_call_cause_t as Number;
    let number = |name: &str| cause_number(&HangupCause::named(name.to_owned())).0;
    assert_eq!(number("USER_BUSY"), Number::SWITCH_CAUSE_USER_BUSY.0);
    assert_eq!(number("NONE"), Number::SWITCH_CAUSE_NORMAL_CLEARING.0);
    assert_eq!(number("NO_SUCH_CAUSE"), Number::SWITCH_CAUSE_NORMAL_CLEARING.0);
    assert_eq!(number("USER\0BUSY"), Number::SWITCH_CAUSE_NORMAL_CLEARING.0);
    let name = named_cause(Number::SWITCH_CAUSE_ORIGINATOR_CANCEL);
    assert_eq!(name, HangupCause::ORIGINATOR_CANCEL);
}

#[test]
fn sounds_are_separated_and_addresses_stay_whole() {
    for (value, sounds) in [
        ("one", &["one"][..]),
        ("ARRAY::one::two", &["one", "two"]),
        ("one::two", &["one", "two"]),
        ("ARRAY::one|:two", &["one", "two"]),
        (
            "http://[2001:db8::1]/a.wav::two",
            &["http://[2001:db8::1]/a.wav", "two"],
        ),
        ("::one::::", &["one"]),
        ("", &[]),
    ] {
        assert_eq!(separate_sounds(value), sounds, "{value}");
    }
}
