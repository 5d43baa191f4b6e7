//! Times of a queue that leave no room for one another, and keys that no telephone has.

use super::Finding;
use crate::core::{Autopause, QueueConfig, TimeoutPriority};

/// Adds what contradicts itself in the times of a queue.
pub(super) fn of_queue(queue: &QueueConfig, findings: &mut Vec<Finding>) {
    let troubles = [
        within_the_longest_wait(queue),
        announcements(queue),
        wrap_up(queue),
        timeout_priority(queue),
        autopause(queue),
        exit_keys(queue),
    ];
    let troubles = troubles.into_iter().flatten();
    findings.extend(troubles.map(|trouble| Finding::queue(&queue.name, trouble)));
}

/// What begins only once the longest wait is over. A caller who comes back to an old place may have waited longer than that.
fn within_the_longest_wait(queue: &QueueConfig) -> Vec<String> {
    let longest = queue.max_wait_time;
    if longest == 0 || queue.abandoned_resume_allowed {
        return Vec::new();
    }
    let is_announced = queue.announce_sound.is_some();
    let times = [
        ("max-wait-time-with-no-agent", queue.max_wait_time_with_no_agent, true),
        ("announce-frequency", queue.announce_frequency, is_announced),
        (
            "periodic-announce-frequency",
            queue.periodic_announce_frequency,
            queue.periodic_announce_sounds.is_some(),
        ),
        ("skill-relax-seconds", queue.skill_relax_seconds, true),
        ("retry-delay", queue.retry_delay, true),
    ];
    let late = times
        .into_iter()
        .filter(|(_, time, counts)| *counts && *time >= longest);
    let late = late.map(|(name, time, _)| {
        format!("{name} ({time}) is not below max-wait-time ({longest}): it is never reached. Make it smaller, or 0.")
    });
    let rule = last_rule(queue).filter(|after| *after >= i64::from(longest));
    let rule = rule.map(|after| {
        format!(
            "level-rules: the rule of {after} seconds is never reached, for max-wait-time is {longest}. Remove it, or make \
             max-wait-time longer."
        )
    });
    late.chain(rule).collect()
}

/// The seconds of waiting after which the last level rule holds.
fn last_rule(queue: &QueueConfig) -> Option<i64> {
    queue.level_rules.times().last()
}

fn announcements(queue: &QueueConfig) -> Vec<String> {
    let (frequency, has_sound) = (queue.announce_frequency, queue.announce_sound.is_some());
    let trouble = match (frequency > 0, has_sound) {
        (true, false) => "announce-frequency is set and announce-sound is not: nothing is played. Give it a sound.",
        (false, true) => {
            "announce-sound is set and announce-frequency is 0: it is never played. Set announce-frequency to the \
             seconds between two announcements."
        }
        _ => return Vec::new(),
    };
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
mod tests {
    use crate::config::check::tests::{found, found_in_queue};

    #[test]
    fn what_depends_on_autopause_is_told_where_it_is_off() {
        let told = found_in_queue(&[("autopause-busy", "true")]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("autopause is \"no\""), "{told:?}");
        let all = found_in_queue(&[("autopause-busy", "true"), ("autopause", "all")]);
        assert_eq!(all, Vec::<String>::new());
    }

    #[test]
    fn a_phone_that_nothing_can_be_known_of_is_told() {
        let ring = "<queues><queue name=\"q\"><param name=\"ring-in-use\" value=\"false\"/></queue></queues>";
        let with = |contact: &str| {
            found(&format!(
                "{ring}<agents><agent name=\"a\" type=\"callback\" contact=\"{contact}\"/></agents>
                 <tiers><tier agent=\"a\" queue=\"q\"/></tiers>"
            ))
        };
        assert_eq!(with("user/a"), Vec::<String>::new());
        let told = with("loopback/a/agents");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("presence_id"), "{told:?}");
    }

    #[test]
    fn two_tables_of_one_name_are_told() {
        let told = found(
            "<settings><param name=\"agents-table\" value=\"x\"/><param name=\"tiers-table\" value=\"X\"/></settings>",
        );
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("agents-table") && told[0].contains("tiers-table"),
            "{told:?}"
        );
    }

    fn one(params: &[(&str, &str)], words: &str) {
        let found = found_in_queue(params);
        assert_eq!(found.len(), 1, "{params:?}: {found:?}");
        assert!(
            found[0].starts_with("<queue name=\"q\">: ") && found[0].contains(words),
            "{found:?}"
        );
    }

    #[test]
    fn what_comes_after_the_longest_wait_is_never_reached() {
        for name in ["max-wait-time-with-no-agent", "skill-relax-seconds", "retry-delay"] {
            one(
                &[("max-wait-time", "60"), (name, "60")],
                &format!("{name} (60) is not below max-wait-time (60)"),
            );
            assert_eq!(
                found_in_queue(&[("max-wait-time", "60"), (name, "59")]),
                Vec::<String>::new()
            );
            assert_eq!(found_in_queue(&[(name, "60")]), Vec::<String>::new());
            let resumed = [
                ("max-wait-time", "60"),
                ("abandoned-resume-allowed", "true"),
                (name, "60"),
            ];
            assert_eq!(found_in_queue(&resumed), Vec::<String>::new());
        }
        let announced = [
            ("max-wait-time", "60"),
            ("announce-sound", "a"),
            ("announce-frequency", "90"),
        ];
        one(&announced, "announce-frequency (90)");
        one(
            &[("max-wait-time", "60"), ("level-rules", "30:5,90:9")],
            "the rule of 90 seconds",
        );
    }

    #[test]
    fn an_announcement_needs_a_sound_and_a_time() {
        one(&[("announce-frequency", "30")], "announce-sound is not");
        one(&[("announce-sound", "a.wav")], "announce-frequency is 0");
        let both = [("announce-sound", "a.wav"), ("announce-frequency", "30")];
        assert_eq!(found_in_queue(&both), Vec::<String>::new());
    }

    #[test]
    fn limits_that_hold_nothing_are_told() {
        one(
            &[("wrap-up-time", "30"), ("max-wrap-up-time", "20")],
            "is above max-wrap-up-time (20)",
        );
        one(&[("timeout-priority", "app")], "max-wait-time is 0");
    }

    #[test]
    fn exit_keys_are_keys() {
        one(&[("exit-keys", "0,5")], "',' is no key");
        assert_eq!(found_in_queue(&[("exit-keys", "05*#A")]), Vec::<String>::new());
    }
}
