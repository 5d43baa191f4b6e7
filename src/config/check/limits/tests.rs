//! Times that contradict one another, and what has no effect.

use super::BEGINNINGS;
use crate::config::check::tests::{found, found_in_queue};
use crate::engine::QUEUE_PARAMETERS;

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

/// Times of a queue that need no room before the end of a wait.
const ELSEWHERE: &[(&str, &str)] = &[
    ("max-wait-time", "the end itself"),
    ("tier-rule-wait-second", "compared level by level, beside the tiers"),
    ("discard-abandoned-after", "begins when the wait has ended"),
    (
        "dissuade-estimated-wait",
        "an estimate may be longer than anybody waits",
    ),
    (
        "announce-position-frequency",
        "told at once, then again if there is time",
    ),
    ("announce-position-min-frequency", "the same"),
    ("announce-round-seconds", "no time of waiting"),
    ("member-delay", "begins when the wait has ended"),
    ("wrap-up-time", "begins when the talk has ended"),
    ("max-wrap-up-time", "the same"),
    ("autopause-delay", "counts from a call before"),
    ("callback-offer-after", "who has left by then is offered nothing"),
    ("callback-offer-wait", "an estimate may be longer than anybody waits"),
    ("callback-offer-frequency", "told once, then again if there is time"),
    ("callback-expires", "begins when the caller has left the phone"),
    ("callback-delay", "the same"),
    ("callback-retry-delay", "the same"),
    ("callback-ring-time", "the same"),
    ("callback-lead", "a time before the turn comes, not after joining"),
];

/// Whoever adds a time to a queue decides whether it has to leave room for another.
#[test]
fn every_time_of_a_queue_is_compared_with_the_end_of_the_wait_or_need_not_be() {
    let seconds = QUEUE_PARAMETERS
        .iter()
        .filter(|parameter| parameter.kind.unit() == "seconds");
    for name in seconds.map(|parameter| parameter.name) {
        let is_compared = BEGINNINGS.iter().any(|beginning| beginning.name == name);
        let is_elsewhere = ELSEWHERE.iter().any(|(known, _)| *known == name);
        assert!(is_compared != is_elsewhere, "{name}: put it into one of the two lists");
    }
}

#[test]
fn each_beginning_is_told_against_each_end() {
    let in_use = [
        ("announce-sound", "a.wav"),
        ("periodic-announce-sounds", "a.wav"),
        ("strategy", "ring-progressively"),
    ];
    for beginning in BEGINNINGS {
        let mut params = in_use.to_vec();
        params.retain(|(name, _)| *name != "announce-sound" || beginning.name == "announce-frequency");
        if beginning.name == "max-wait-time-with-no-agent-time-reached" {
            params.push(("max-wait-time-with-no-agent", "5"));
        }
        let ends: [&[(&str, &str)]; 2] = [
            &[
                ("max-wait-time", "50"),
                ("dissuade-sound", "d.wav"),
                ("dissuade-wait", "20"),
            ],
            &[("dissuade-wait", "50"), ("dissuade-hangup", "true")],
        ];
        for end in ends {
            let set = |seconds| {
                let mut params: Vec<(&str, &str)> = [&params[..], end].concat();
                params.retain(|(name, _)| *name != beginning.name);
                params.extend([
                    ("periodic-announce-frequency", "10"),
                    ("ring-progressively-delay", "10"),
                ]);
                params.retain(|(name, _)| *name != beginning.name);
                params.push((beginning.name, seconds));
                found_in_queue(&params)
            };
            if beginning.name == "dissuade-wait" && end[0].0 == "dissuade-wait" {
                continue;
            }
            let told = set("50");
            let words = format!("{} (50) is not below {} (50)", beginning.name, end[0].0);
            assert!(told.len() == 1 && told[0].contains(&words), "{words}: {told:?}");
            assert_eq!(set("49"), Vec::<String>::new(), "{}", beginning.name);
        }
    }
}

#[test]
fn what_dissuades_comes_before_the_longest_wait_and_does_something() {
    one(
        &[
            ("dissuade-wait", "20"),
            ("max-wait-time", "10"),
            ("dissuade-hangup", "true"),
        ],
        "dissuade-wait (20) is not below max-wait-time (10)",
    );
    let before = [
        ("dissuade-wait", "10"),
        ("max-wait-time", "20"),
        ("dissuade-hangup", "true"),
    ];
    assert_eq!(found_in_queue(&before), Vec::<String>::new());
    one(&[("dissuade-queue-size", "3")], "neither hear of it nor leave");
    one(&[("dissuade-sound", "a.wav")], "nobody is ever dissuaded");
}

#[test]
fn times_that_make_no_sense_beside_one_another_are_told() {
    one(
        &[("abandoned-resume-allowed", "true"), ("discard-abandoned-after", "0")],
        "no place is kept",
    );
    let position = [
        ("announce-position", "yes"),
        ("announce-position-frequency", "30"),
        ("announce-position-min-frequency", "40"),
    ];
    one(&position, "is not told sooner");
    one(
        &[("periodic-announce-sounds", "a"), ("periodic-announce-frequency", "0")],
        "none is ever played",
    );
}

#[test]
fn prefixes_that_no_phone_shows_are_told() {
    for (prefix, words) in [
        ("Support: ", "before a colon or a slash"),
        ("24/7 ", "before a colon or a slash"),
        ("@sales ", "behind an @"),
    ] {
        one(&[("cid-name-prefix", prefix)], words);
    }
    for prefix in ["Support - ", "[Sales] ", "${caller_domain:-x/y} "] {
        assert_eq!(found_in_queue(&[("cid-name-prefix", prefix)]), Vec::<String>::new());
    }
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
