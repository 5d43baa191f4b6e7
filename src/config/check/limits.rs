//! Times of a queue that leave no room for one another, keys that no telephone has, and prefixes that no telephone shows.

use super::Finding;
use crate::engine::{Autopause, PositionTold, QueueConfig, Strategy, TimeoutPriority};

/// Adds what contradicts itself in the times of a queue.
pub(super) fn of_queue(queue: &QueueConfig, findings: &mut Vec<Finding>) {
    let troubles = [
        within_the_longest_wait(queue),
        announcements(queue),
        wrap_up(queue),
        timeout_priority(queue),
        autopause(queue),
        dissuading(queue),
        resuming(queue),
        position(queue),
        exit_keys(queue),
        prefix(queue),
    ];
    let troubles = troubles.into_iter().flatten();
    findings.extend(troubles.map(|trouble| Finding::queue(&queue.name, trouble)));
}

/// Something that begins after a time of waiting.
struct Beginning {
    name: &'static str,
    /// After how many seconds.
    after: fn(&QueueConfig) -> u32,
    /// Whether the queue makes use of it.
    counts: fn(&QueueConfig) -> bool,
}

/// Every time of a queue that has to be over before the wait is.
const BEGINNINGS: &[Beginning] = &[
    Beginning {
        name: "max-wait-time-with-no-agent",
        after: |queue| queue.max_wait_time_with_no_agent,
        counts: |_| true,
    },
    Beginning {
        name: "max-wait-time-with-no-agent-time-reached",
        after: |queue| queue.max_wait_time_with_no_agent_time_reached,
        counts: |queue| queue.max_wait_time_with_no_agent > 0,
    },
    Beginning {
        name: "announce-frequency",
        after: |queue| queue.announce_frequency,
        counts: |queue| queue.announce_sound.is_some(),
    },
    Beginning {
        name: "periodic-announce-frequency",
        after: |queue| queue.periodic_announce_frequency,
        counts: |queue| queue.periodic_announce_sounds.is_some(),
    },
    Beginning {
        name: "sticky-wait",
        after: |queue| queue.sticky_wait,
        counts: |queue| !queue.sticky_only,
    },
    Beginning {
        name: "skill-relax-seconds",
        after: |queue| queue.skill_relax_seconds,
        counts: |_| true,
    },
    Beginning {
        name: "retry-delay",
        after: |queue| queue.retry_delay,
        counts: |_| true,
    },
    Beginning {
        name: "ring-progressively-delay",
        after: |queue| queue.ring_progressively_delay,
        counts: |queue| queue.strategy() == Strategy::RingProgressively,
    },
    Beginning {
        name: "dissuade-wait",
        after: |queue| queue.dissuade_wait,
        // What ends the wait itself is compared with the other end below.
        counts: |queue| !dissuading_ends_the_wait(queue),
    },
];

/// The parameter that ends each wait first, and its seconds. A caller who comes back to an old place may have waited longer than that.
pub(super) fn first_end(queue: &QueueConfig) -> Option<(&'static str, u32)> {
    let longest = ("max-wait-time", queue.max_wait_time);
    let dissuaded = match dissuading_ends_the_wait(queue) {
        true => queue.dissuade_wait,
        false => 0,
    };
    let ends = [longest, ("dissuade-wait", dissuaded)];
    let ends = ends
        .into_iter()
        .filter(|(_, seconds)| *seconds > 0 && !queue.abandoned_resume_allowed);
    ends.min_by_key(|(_, seconds)| *seconds)
}

fn dissuading_ends_the_wait(queue: &QueueConfig) -> bool {
    queue.dissuade_hangup || queue.dissuade_destination.is_some()
}

/// What begins only once the wait is over.
fn within_the_longest_wait(queue: &QueueConfig) -> Vec<String> {
    let Some((end, longest)) = first_end(queue) else {
        return Vec::new();
    };
    let in_use = BEGINNINGS.iter().filter(|beginning| (beginning.counts)(queue));
    let times = in_use.map(|beginning| (beginning.name, (beginning.after)(queue)));
    let late = times.filter(|(_, time)| *time >= longest).map(|(name, time)| {
        format!("{name} ({time}) is not below {end} ({longest}): it is never reached. Make it smaller, or 0.")
    });
    let rule = last_rule(queue).filter(|after| *after >= i64::from(longest));
    let rule = rule.map(|after| {
        format!(
            "level-rules: the rule of {after} seconds is never reached, for {end} is {longest}. Remove it, or make {end} longer."
        )
    });
    let ends_later = end == "max-wait-time" && dissuading_ends_the_wait(queue) && queue.dissuade_wait >= longest;
    let ends_later = ends_later.then(|| {
        let time = queue.dissuade_wait;
        format!("dissuade-wait ({time}) is not below {end} ({longest}): it is never reached. Make it smaller, or 0.")
    });
    late.chain(rule).chain(ends_later).collect()
}

/// The seconds of waiting after which the last level rule holds.
fn last_rule(queue: &QueueConfig) -> Option<i64> {
    queue.level_rules.times().last()
}

/// Something to be dissuaded by and no reason, or a reason and nothing.
fn dissuading(queue: &QueueConfig) -> Vec<String> {
    let reasons = [
        queue.dissuade_queue_size,
        queue.dissuade_estimated_wait,
        queue.dissuade_wait,
    ];
    let has_reason = reasons.iter().any(|reason| *reason > 0);
    let does_something = queue.dissuade_sound.is_some() || dissuading_ends_the_wait(queue);
    let trouble = match (has_reason, does_something) {
        (true, false) => {
            "callers are dissuaded, and neither hear of it nor leave: set dissuade-sound, dissuade-hangup or dissuade-destination."
        }
        (false, true) => {
            "nobody is ever dissuaded: set dissuade-queue-size, dissuade-estimated-wait or dissuade-wait beside what happens then."
        }
        _ => return Vec::new(),
    };
    vec![trouble.to_owned()]
}

/// A place in the line that nobody has the time to come back to.
fn resuming(queue: &QueueConfig) -> Vec<String> {
    if !queue.abandoned_resume_allowed || queue.discard_abandoned_after > 0 {
        return Vec::new();
    }
    let trouble =
        "abandoned-resume-allowed is true and discard-abandoned-after is 0: no place is kept to come back to. Set \
                   discard-abandoned-after to the seconds it is kept.";
    vec![trouble.to_owned()]
}

/// A place that has changed is to be told sooner than one that has not.
fn position(queue: &QueueConfig) -> Vec<String> {
    let (least, usual) = (queue.announce_position_min_frequency, queue.announce_position_frequency);
    let is_default = least == QueueConfig::named("").announce_position_min_frequency;
    if queue.announce_position == PositionTold::No || is_default || usual == 0 || least <= usual {
        return Vec::new();
    }
    vec![format!(
        "announce-position-min-frequency ({least}) is above announce-position-frequency ({usual}): a place that has changed is not \
         told sooner. Make it smaller."
    )]
}

/// What mod_sofia makes of a name with one of these is not the name: the prefix is lost, or the name behind it.
fn prefix(queue: &QueueConfig) -> Vec<String> {
    let prefix = queue.cid_name_prefix.as_deref().unwrap_or_default();
    let written = without_variables(prefix);
    let lost = written.chars().find(|character| ":/@".contains(*character));
    let trouble = |lost| {
        let what = match lost {
            '@' => "what stands behind an @",
            _ => "what stands before a colon or a slash",
        };
        format!(
            "cid-name-prefix \"{prefix}\": SIP phones do not show {what}, for mod_sofia drops it from the caller's name. Write it without, \
             such as \"Support - \"."
        )
    };
    lost.map(trouble).into_iter().collect()
}

/// The text outside of `${...}`, which is another one for each caller.
fn without_variables(text: &str) -> String {
    let mut parts = text.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| {
        kept + part.split_once('}').map_or("", |(_, behind)| behind)
    })
}

fn announcements(queue: &QueueConfig) -> Vec<String> {
    let (frequency, has_sound) = (queue.announce_frequency, queue.announce_sound.is_some());
    let trouble = match (frequency > 0, has_sound) {
        (true, false) => "announce-frequency is set and announce-sound is not: nothing is played. Give it a sound.",
        (false, true) => {
            "announce-sound is set and announce-frequency is 0: it is never played. Set announce-frequency to the \
             seconds between two announcements."
        }
        _ => return never_periodic(queue),
    };
    vec![trouble.to_owned()]
}

fn never_periodic(queue: &QueueConfig) -> Vec<String> {
    if queue.periodic_announce_sounds.is_none() || queue.periodic_announce_frequency > 0 {
        return Vec::new();
    }
    let trouble = "periodic-announce-sounds is set and periodic-announce-frequency is 0: none is ever played. Set \
                   periodic-announce-frequency to the seconds between two of them.";
    vec![trouble.to_owned()]
}

fn wrap_up(queue: &QueueConfig) -> Vec<String> {
    let (own, longest) = (queue.wrap_up_time, queue.max_wrap_up_time);
    if longest == 0 || own <= longest {
        return Vec::new();
    }
    vec![format!(
        "wrap-up-time ({own}) is above max-wrap-up-time ({longest}), which holds. Make one of them fit the other."
    )]
}

fn autopause(queue: &QueueConfig) -> Vec<String> {
    let set = [
        ("autopause-busy", queue.autopause_busy),
        ("autopause-unavailable", queue.autopause_unavailable),
        ("autopause-delay", queue.autopause_delay > 0),
    ];
    let set = set
        .into_iter()
        .filter(|(_, is_set)| *is_set && queue.autopause == Autopause::No);
    set.map(|(name, _)| {
        format!("{name} is set and autopause is \"no\": nobody is paused. Set autopause to \"yes\" or \"all\".")
    })
    .collect()
}

fn timeout_priority(queue: &QueueConfig) -> Vec<String> {
    if queue.timeout_priority == TimeoutPriority::App && queue.max_wait_time == 0 {
        let trouble = "timeout-priority is \"app\" and max-wait-time is 0: no time is ever over. Set max-wait-time.";
        return vec![trouble.to_owned()];
    }
    Vec::new()
}

fn exit_keys(queue: &QueueConfig) -> Vec<String> {
    let keys = queue.exit_keys.as_deref().unwrap_or_default();
    let is_key = |key: char| key.is_ascii_digit() || "*#ABCDabcd".contains(key);
    let wrong = keys.chars().find(|key| !is_key(*key));
    let trouble = |key| {
        format!("exit-keys: '{key}' is no key of a telephone. Write the keys one after the other, such as \"05#\".")
    };
    wrong.map(trouble).into_iter().collect()
}

#[cfg(test)]
mod tests;
