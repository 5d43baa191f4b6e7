//! Callers who are called back: what a queue says of it and does not mean.

use super::Finding;
use crate::engine::{CallbackConfig, CallbackFirst, QueueConfig};

/// Adds what contradicts itself in how a queue calls back.
pub(super) fn of_queue(queue: &QueueConfig, findings: &mut Vec<Finding>) {
    let troubles = [
        goes_nowhere(queue),
        dials_always_the_same(queue),
        asks_the_caller(queue),
        key_of_two(queue),
        is_not_told(queue),
        retries_in_vain(queue),
        lets_everybody_choose(queue),
        asks_no_agent(queue),
        asks_nobody_for_the_key(queue),
        offers_at_no_time(queue),
        leads_nobody(queue),
    ];
    let troubles = troubles.into_iter().flatten();
    findings.extend(troubles.map(|trouble| Finding::queue(&queue.name, trouble)));
}

fn goes_nowhere(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    let is_meant = *callbacks != CallbackConfig::default() && callbacks.dial.is_none();
    is_meant.then(|| {
        "parameters about callbacks do nothing: nobody is called back without callback-dial. Set it to a dial string such as \
         loopback/${callback_number}/default."
            .to_owned()
    })
}

fn dials_always_the_same(queue: &QueueConfig) -> Option<String> {
    let dial = queue.callbacks.dial.as_deref()?;
    (!dial.contains("${callback_number}")).then(|| {
        format!("callback-dial ({dial}) dials the same whoever is called back. Write ${{callback_number}} where the number goes.")
    })
}

/// Variables of a caller's channel.
const OF_CALLERS: [&str; 8] = [
    "${caller_id_number}",
    "${caller_id_name}",
    "${destination_number}",
    "${effective_caller_id_number}",
    "${ani}",
    "${sip_from_user}",
    "${sip_to_user}",
    "${cc_callback_number}",
];

fn asks_the_caller(queue: &QueueConfig) -> Option<String> {
    let dial = queue.callbacks.dial.as_deref()?;
    let asked = OF_CALLERS.iter().find(|variable| dial.contains(*variable))?;
    Some(format!(
        "callback-dial ({dial}) has {asked}, which is empty then: no caller is on the phone who is called back. Write ${{callback_number}} \
         for the number; anything else has to be a global variable of FreeSWITCH."
    ))
}

fn key_of_two(queue: &QueueConfig) -> Option<String> {
    let key = queue.callbacks.key?;
    let leaves = match &queue.exit_keys {
        Some(keys) => keys.contains(key),
        None => queue.exit_context.is_some(),
    };
    leaves.then(|| {
        format!("callback-key ({key}) is also an exit key (exit-keys, exit-context). Use another key for one of them.")
    })
}

fn is_not_told(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    (callbacks.offer_sound.is_some() && callbacks.key.is_none()).then(|| {
        "callback-offer-sound without callback-key: it is never played, for nobody could ask. Set callback-key."
            .to_owned()
    })
}

fn retries_in_vain(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    let has_another = callbacks.attempts != 1 && callbacks.dial.is_some() && callbacks.expires > 0;
    (has_another && callbacks.retry_delay >= callbacks.expires).then(|| {
        format!(
            "callback-retry-delay ({}) leaves no time for another attempt before callback-expires ({}). Make one shorter or the other longer.",
            callbacks.retry_delay, callbacks.expires
        )
    })
}

fn lets_everybody_choose(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    (callbacks.other_number && callbacks.numbers.is_none()).then(|| {
        "callback-other-number without callback-numbers: callers have any number in the world called at your expense. Set \
         callback-numbers."
            .to_owned()
    })
}

fn asks_no_agent(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    let is_meant =
        callbacks.agent_sound.is_some() || callbacks.give_back_key != CallbackConfig::default().give_back_key;
    (is_meant && callbacks.dial.is_some() && callbacks.first == CallbackFirst::Customer).then(|| {
        "callback-agent-sound and callback-give-back-key do nothing: agents are not called first. Set callback-first to \
         agent."
            .to_owned()
    })
}

fn asks_nobody_for_the_key(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    let is_meant = callbacks.confirm_key != CallbackConfig::default().confirm_key && callbacks.confirm_sound.is_none();
    (is_meant && callbacks.dial.is_some() && callbacks.first == CallbackFirst::Agent).then(|| {
        "callback-confirm-key does nothing: with callback-first agent whoever answers is put through at once. Set \
         callback-confirm-sound where the key is to be asked for."
            .to_owned()
    })
}

fn offers_at_no_time(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    (callbacks.offer_frequency > 0 && callbacks.dial.is_some() && callbacks.offer_sound.is_none()).then(|| {
        "callback-offer-frequency without callback-offer-sound: there is nothing to be played. Set callback-offer-sound."
            .to_owned()
    })
}

fn leads_nobody(queue: &QueueConfig) -> Option<String> {
    let callbacks = &queue.callbacks;
    (callbacks.lead > 0 && callbacks.dial.is_some() && callbacks.first == CallbackFirst::Agent).then(|| {
        "callback-lead does nothing: with callback-first agent nobody is dialled before an agent has taken the call. Leave one of the \
         two out."
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use crate::config::check::tests::found_in_queue;

    const DIAL: (&str, &str) = ("callback-dial", "loopback/${callback_number}/default");

    const AGENT: (&str, &str) = ("callback-first", "agent");

    fn one(params: &[(&str, &str)], word: &str) {
        let found = found_in_queue(params);
        assert!(found.len() == 1 && found[0].contains(word), "{params:?}: {found:?}");
    }

    #[test]
    fn what_cannot_work_is_told() {
        one(&[("callback-key", "2")], "without callback-dial");
        one(&[("callback-dial", "user/1000")], "${callback_number}");
        let asks = "{a=${caller_id_number}}loopback/${callback_number}/default";
        one(&[("callback-dial", asks)], "no caller is on the phone");
        one(&[("callback-dial", "${callback_number}")], "cannot be dialled");
        one(&[DIAL, ("callback-key", "2"), ("exit-keys", "12")], "exit key");
        one(&[DIAL, ("callback-key", "2"), ("exit-context", "out")], "exit key");
        one(&[DIAL, ("callback-offer-sound", "a.wav")], "without callback-key");
        one(&[DIAL, ("callback-expires", "300")], "callback-retry-delay");
        one(&[DIAL, ("callback-other-number", "true")], "callback-numbers");
        one(&[DIAL, ("callback-agent-sound", "a.wav")], "callback-first");
        one(&[DIAL, ("callback-give-back-key", "9")], "callback-first");
        one(&[DIAL, AGENT, ("callback-confirm-key", "9")], "callback-confirm-sound");
        one(&[DIAL, ("callback-offer-frequency", "10")], "callback-offer-sound");
        one(&[DIAL, AGENT, ("callback-lead", "20")], "callback-lead");
    }

    #[test]
    fn what_works_is_not() {
        let right: [&[(&str, &str)]; 7] = [
            &[DIAL],
            &[DIAL, ("callback-confirm-key", "9")],
            &[
                DIAL,
                AGENT,
                ("callback-agent-sound", "a.wav"),
                ("callback-give-back-key", "9"),
            ],
            &[
                DIAL,
                AGENT,
                ("callback-confirm-key", "9"),
                ("callback-confirm-sound", "a.wav"),
            ],
            &[DIAL, ("callback-key", "2"), ("exit-keys", "1"), ("exit-context", "out")],
            &[DIAL, ("callback-expires", "300"), ("callback-attempts", "1")],
            &[DIAL, ("callback-other-number", "true"), ("callback-numbers", "0[1-9]+")],
        ];
        for params in right {
            assert_eq!(found_in_queue(params), Vec::<String>::new(), "{params:?}");
        }
    }
}
