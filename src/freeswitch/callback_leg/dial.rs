//! One attempt to call somebody back: from dialling to a channel that takes the kept place, or to how it ended without the person.

use crate::engine::names::variable;
use crate::engine::{CallBack, CallbackAttemptId, CallbackEnd, HangupCause, Input};
use crate::freeswitch::callback_leg::confirm::{self, Answer};
use crate::freeswitch::caller::succession;
use crate::freeswitch::dialling::calls::{Call, UnderWay};
use crate::freeswitch::dialling::originate::{self, NoLeg, Order};
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::SessionGuard;
use crate::freeswitch::ffi::sys::switch_event_types_t;
use crate::freeswitch::module::switch::FreeSwitch;
use std::time::{Duration, Instant};

/// The attempts under way.
pub type Attempts = UnderWay<CallbackAttemptId, Call>;

/// What `cc_side` says of a channel that was called back, until it is a member.
pub const SIDE: &str = "callback";

/// Makes the attempt and reports how it ended. Runs on a thread of the pool.
pub fn dial(switch: &FreeSwitch, callback: &CallBack, call: &Call) {
    let deadline = Instant::now() + Duration::from_secs(u64::from(callback.timeout));
    let end = match reach(callback, call, deadline) {
        Ok(leg) => return tell_who_was_reached(switch, callback, call, &leg),
        Err(end) => end,
    };
    let text = format!(
        "Callback {} of queue {}: {} not reached, {}",
        callback.member_uuid,
        callback.queue,
        callback.number,
        end.as_str()
    );
    log::debug(None, &text);
    switch.attempts.close(callback.attempt);
    switch.report(Input::CallbackFailed {
        attempt: callback.attempt,
        end,
    });
}

/// The leg of a person who has pressed the key.
fn reach(callback: &CallBack, call: &Call, deadline: Instant) -> Result<SessionGuard, CallbackEnd> {
    let fault = || CallbackEnd::Refused(crate::engine::Refusal::Fault, HangupCause::DESTINATION_OUT_OF_ORDER);
    let mut variables = leg_variables(callback).ok_or_else(fault)?;
    let dial = variables.expand(&callback.dial);
    let order = Order {
        dial: &dial,
        timeout: callback.timeout,
        name: some(&callback.caller_id_name),
        number: some(&callback.caller_id_number),
    };
    let leg = originate::originate(call, &order, &mut variables).map_err(why_not)?;
    call.set_unclaimed(Some(leg.uuid()));
    if !callback.must_confirm {
        return Ok(leg);
    }
    let answer = confirm::confirm(&leg, callback, call, deadline);
    let end = match answer {
        Answer::Confirmed => return Ok(leg),
        Answer::Declined => CallbackEnd::Declined,
        Answer::Nothing => CallbackEnd::NotConfirmed,
    };
    call.set_unclaimed(None);
    leg.channel()
        .hang_up(&call.cancelled().unwrap_or(HangupCause::NORMAL_CLEARING));
    Err(end)
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// What the leg is known by. FreeSWITCH takes each value as it is: none of them is read as part of a dial string.
fn leg_variables(callback: &CallBack) -> Option<EventBuilder> {
    let mut event = EventBuilder::of(switch_event_types_t::SWITCH_EVENT_REQUEST_PARAMS)?;
    let numbers = [
        callback.joined_epoch.to_string(),
        callback.number_of_attempt.to_string(),
    ];
    let [joined_epoch, attempt] = &numbers;
    let variables = [
        (variable::SIDE, SIDE),
        (variable::QUEUE, &callback.queue),
        (variable::QUEUE_JOINED_EPOCH, joined_epoch),
        (variable::MEMBER_UUID, &callback.member_uuid),
        (variable::CALLBACK_ATTEMPT, attempt),
        // The channel that was reached is the caller from now on: it must not be replaced by another.
        ("loopback_bowout", "false"),
        ("loopback_bowout_on_execute", "false"),
        ("ignore_early_media", "true"),
    ];
    for (name, value) in variables {
        event.add(name, value);
    }
    Some(event)
}

/// FreeSWITCH's causes for a phone that rings until nobody wants to wait any longer.
const UNANSWERED: [&str; 6] = [
    "NO_ANSWER",
    "NO_USER_RESPONSE",
    "ORIGINATOR_CANCEL",
    "PROGRESS_TIMEOUT",
    "ALLOTTED_TIMEOUT",
    "RECOVERY_ON_TIMER_EXPIRE",
];

/// FreeSWITCH's own causes for a dial string that leads nowhere: a gateway that is unknown or down, also where a dialplan bridges to it.
/// What cannot be read as a dial string once it is expanded has none.
const NO_WAY_OUT: [&str; 6] = [
    "CHAN_NOT_IMPLEMENTED",
    "INVALID_GATEWAY",
    "GATEWAY_DOWN",
    "INVALID_PROFILE",
    "INVALID_URL",
    "NONE",
];

fn why_not(none: NoLeg) -> CallbackEnd {
    if let Some(refusal) = none.refusal {
        return CallbackEnd::Refused(refusal, none.cause);
    }
    match none.cause.as_str() {
        "USER_BUSY" => CallbackEnd::Busy,
        cause if UNANSWERED.contains(&cause) => CallbackEnd::NoAnswer,
        _ if none.cancelled.is_some() => CallbackEnd::NoAnswer,
        cause if NO_WAY_OUT.contains(&cause) => CallbackEnd::NoWayOut(none.cause),
        _ => CallbackEnd::Unreachable(none.cause),
    }
}

/// Tells the engine who was reached, and sends the channel to the place; one that nobody wants any more is hung up.
fn tell_who_was_reached(switch: &FreeSwitch, callback: &CallBack, call: &Call, leg: &SessionGuard) {
    let session_uuid = leg.uuid();
    // The hook is there before the engine hears of the channel, so that no end of it can be missed.
    switch.hooks.install(**leg);
    let reached = Input::CallbackReached {
        attempt: callback.attempt,
        session_uuid: session_uuid.clone(),
    };
    let accepted = switch
        .reception()
        .is_some_and(|reception| reception.submit_and_settle(reached).is_ok());
    call.set_unclaimed(None);
    switch.attempts.close(callback.attempt);
    if !accepted {
        return leg.channel().hang_up(&HangupCause::NORMAL_CLEARING);
    }
    switch.successors.begin(&session_uuid);
    let is_on_the_way = leg.execute("callcenter", &in_one_word(&callback.queue));
    if !is_on_the_way || !leg.channel().is_up() {
        succession::channel_ended(switch, &session_uuid);
    }
}

/// A queue's name as the application reads it.
fn in_one_word(queue: &str) -> String {
    if queue.contains(' ') {
        format!("'{queue}'")
    } else {
        queue.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Refusal;

    fn end(cause: &'static str, cancelled: bool, refusal: Option<Refusal>) -> CallbackEnd {
        why_not(NoLeg {
            cancelled: cancelled.then_some(HangupCause::NORMAL_CLEARING),
            refusal,
            cause: HangupCause::named(cause.to_owned()),
        })
    }

    #[test]
    fn what_freeswitch_says_of_a_call_tells_how_the_attempt_ended() {
        assert_eq!(end("USER_BUSY", false, None), CallbackEnd::Busy);
        for cause in UNANSWERED {
            assert_eq!(end(cause, false, None), CallbackEnd::NoAnswer, "{cause}");
        }
        let unallocated = HangupCause::named("UNALLOCATED_NUMBER".to_owned());
        assert_eq!(
            end("UNALLOCATED_NUMBER", false, None),
            CallbackEnd::Unreachable(unallocated.clone())
        );
        for cause in NO_WAY_OUT {
            let named = HangupCause::named(cause.to_owned());
            assert_eq!(end(cause, false, None), CallbackEnd::NoWayOut(named), "{cause}");
        }
        assert_eq!(end("UNALLOCATED_NUMBER", true, None), CallbackEnd::NoAnswer);
        assert_eq!(end("NONE", true, None), CallbackEnd::NoAnswer);
        assert_eq!(
            end("UNALLOCATED_NUMBER", false, Some(Refusal::Sessions)),
            CallbackEnd::Refused(Refusal::Sessions, unallocated)
        );
    }

    #[test]
    fn a_queue_with_spaces_is_one_word_to_the_application() {
        assert_eq!(in_one_word("support@default"), "support@default");
        assert_eq!(in_one_word("new business"), "'new business'");
    }
}
