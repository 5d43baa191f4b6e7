//! Every setting, queue parameter, agent and tier attribute with every kind of wrong value: one warning that names the
//! element, the value and what is used, and nothing else of the configuration is different.

use super::{read, Configuration, Element};

/// What a value has to be.
#[derive(Clone, Copy)]
enum Kind {
    /// Seconds of a queue, from 0 to 86400.
    Seconds,
    /// True or false.
    Truth,
    /// One of a list of words.
    Word,
    /// A number of an agent, read as C reads it.
    AgentNumber,
    /// A tier's place, read as C reads it.
    Place,
    /// A number that has no meaning here.
    Debug,
    /// The time an agent's phone may ring.
    RingTime,
    /// Milliseconds between two looks.
    Interval,
}

impl Kind {
    /// Values that deserve a warning.
    fn wrong(self) -> &'static [&'static str] {
        match self {
            Kind::Seconds => &[
                "x",
                "-1",
                "86401",
                "12s",
                "99999999999999999999",
                "0x10",
                "1e3",
                "\u{661}",
            ],
            Kind::Truth => &["maybe", "1x", "truth", "--"],
            Kind::Word => &["Lunch", "no such word", "availabl", "\u{fffd}"],
            Kind::AgentNumber => &["", "x", "-1", "2147483648", "99999999999999999999", " ", "\u{661}"],
            Kind::Place => &["x", "2147483648", "-99999999999999999999", "\u{661}"],
            Kind::Debug => &["x", "--1"],
            Kind::Interval => &["x", "-1", "99", "3600001", "1s"],
            Kind::RingTime => &["-1", "86401", "99999999999999999999"],
        }
    }
}

const SETTINGS: &[(&str, Kind)] = &[
    ("debug", Kind::Debug),
    ("reserve-agents", Kind::Truth),
    ("truncate-tiers-on-load", Kind::Truth),
    ("truncate-agents-on-load", Kind::Truth),
    ("global-database-lock", Kind::Truth),
    ("queues-from-db", Kind::Truth),
    ("service-level-seconds", Kind::Seconds),
    ("agent-report", Kind::Truth),
    ("agent-originate-timeout", Kind::RingTime),
    ("sqlite-synchronous", Kind::Word),
    ("rows-by-others-interval", Kind::Interval),
];

const QUEUE_PARAMETERS: &[(&str, Kind)] = &[
    ("strategy", Kind::Word),
    ("time-base-score", Kind::Word),
    ("agent-no-answer-status", Kind::Word),
    ("announce-frequency", Kind::Seconds),
    ("ring-progressively-delay", Kind::Seconds),
    ("tier-rules-apply", Kind::Truth),
    ("tier-rule-wait-second", Kind::Seconds),
    ("tier-rule-wait-multiply-level", Kind::Truth),
    ("tier-rule-no-agent-no-wait", Kind::Truth),
    ("discard-abandoned-after", Kind::Seconds),
    ("abandoned-resume-allowed", Kind::Truth),
    ("max-wait-time", Kind::Seconds),
    ("max-wait-time-with-no-agent", Kind::Seconds),
    ("max-wait-time-with-no-agent-time-reached", Kind::Seconds),
    ("skip-agents-with-external-calls", Kind::Truth),
    ("reject-on-no-agents", Kind::Truth),
    ("join-empty", Kind::Word),
    ("leave-when-empty", Kind::Word),
    ("dissuade-estimated-wait", Kind::Seconds),
    ("dissuade-wait", Kind::Seconds),
    ("dissuade-hangup", Kind::Truth),
];

const AGENT_ATTRIBUTES: &[(&str, Kind)] = &[
    ("type", Kind::Word),
    ("status", Kind::Word),
    ("max-no-answer", Kind::AgentNumber),
    ("wrap-up-time", Kind::AgentNumber),
    ("reject-delay-time", Kind::AgentNumber),
    ("busy-delay-time", Kind::AgentNumber),
    ("no-answer-delay-time", Kind::AgentNumber),
];

const TIER_ATTRIBUTES: &[(&str, Kind)] = &[("level", Kind::Place), ("position", Kind::Place)];

fn configuration(settings: &str, queue: &str, agent: &str, tier: &str) -> Configuration {
    let kind = if agent.contains("type=") {
        ""
    } else {
        "type=\"callback\""
    };
    read(&Element::parse_for_tests(&format!(
        r#"<configuration name="callcenter.conf">
             <settings>{settings}</settings>
             <queues><queue name="q">{queue}</queue><queue name="sound"/></queues>
             <agents><agent name="a" {kind} {agent}/><agent name="sound" type="callback"/></agents>
             <tiers><tier queue="q" agent="a" {tier}/><tier queue="sound" agent="sound" level="7"/></tiers>
           </configuration>"#
    )))
}

fn sound() -> Configuration {
    configuration("", "", "", "")
}

/// There is one warning, with these words in it, and it is one line that says what happens.
fn one_warning(read: &Configuration, words: &[&str]) {
    let [warning] = read.warnings.as_slice() else {
        panic!("{words:?}: not one warning: {:?}", read.warnings);
    };
    for word in words {
        assert!(warning.contains(word), "no {word:?} in {warning:?}");
    }
    let says = ["is used", "is ignored", "keeps the", "counts.", "is served"];
    assert!(
        says.iter().any(|what| warning.contains(what)),
        "{warning:?} does not say what happens"
    );
    assert_eq!(warning.lines().count(), 1, "{warning:?}");
}

fn param(name: &str, value: &str) -> String {
    format!(r#"<param name="{name}" value="{value}"/>"#)
}

#[test]
fn settings() {
    for (name, kind) in SETTINGS {
        for value in kind.wrong() {
            let read = configuration(&param(name, value), "", "", "");
            one_warning(&read, &["<settings>", name, &format!("\"{value}\"")]);
            let mut expected = sound();
            // Stock's own reading of a number that is none.
            expected.settings.debug = read.settings.debug;
            assert_eq!(read.settings, expected.settings, "{name} {value}");
            assert_eq!(
                (read.queues, read.agents),
                (expected.queues, expected.agents),
                "{name} {value}"
            );
        }
        let nameless = configuration(&format!(r#"<param value="{name}"/>"#), "", "", "");
        one_warning(&nameless, &["<settings>", "no name"]);
        let unvalued = configuration(&format!(r#"<param name="{name}"/>"#), "", "", "");
        assert_eq!(unvalued.settings, sound().settings, "{name}");
    }
    one_warning(
        &configuration(&param("dbnam", "x"), "", "", ""),
        &["dbnam", "no setting of that name"],
    );
    let long = "x".repeat(10_240);
    let read = configuration(&param("cc-instance-id", &long), "", "", "");
    one_warning(&read, &["cc-instance-id", "10240", "255"]);
    assert_eq!(read.settings, sound().settings);
}

#[test]
fn queue_parameters() {
    for (name, kind) in QUEUE_PARAMETERS {
        for value in kind.wrong() {
            let read = configuration("", &param(name, value), "", "");
            one_warning(&read, &["<queue name=\"q\">", name, &format!("\"{value}\"")]);
            let mut expected = sound();
            for (queue, read) in expected.queues.iter_mut().zip(&read.queues) {
                // Lists show these two as they are written.
                queue.strategy.clone_from(&read.strategy);
                queue.time_base_score.clone_from(&read.time_base_score);
                assert_eq!(queue, read, "{name} {value}");
            }
            assert_eq!(
                (read.tiers, read.agents),
                (expected.tiers, expected.agents),
                "{name} {value}"
            );
        }
    }
    one_warning(
        &configuration("", &param("strateggy", "ring-all"), "", ""),
        &["strateggy"],
    );
    one_warning(&configuration("", r#"<param value="1"/>"#, "", ""), &["no name"]);
}

/// FreeSWITCH takes an empty value for 0 or false, and so do we; where that is not the default, it is told.
#[test]
fn empty_queue_parameters() {
    for (name, is_told) in [
        ("discard-abandoned-after", true),
        ("max-wait-time-with-no-agent-time-reached", true),
        ("tier-rule-no-agent-no-wait", true),
        ("skip-agents-with-external-calls", true),
        ("strategy", true),
        ("agent-no-answer-status", true),
        ("announce-frequency", false),
        ("max-wait-time", false),
        ("abandoned-resume-allowed", false),
        ("announce-sound", false),
        ("moh-sound", false),
        ("record-template", false),
    ] {
        for written in [param(name, ""), format!(r#"<param name="{name}"/>"#)] {
            let read = configuration("", &written, "", "");
            if is_told {
                one_warning(&read, &["<queue name=\"q\">", name, "Use "]);
            } else {
                assert_eq!(read, sound(), "{name}");
            }
        }
    }
}

#[test]
fn agent_attributes() {
    for (name, kind) in AGENT_ATTRIBUTES {
        for value in kind.wrong() {
            let read = configuration("", "", &format!(r#"{name}="{value}""#), "");
            one_warning(&read, &["<agent name=\"a\">", name, &format!("\"{value}\"")]);
            let others = |read: &Configuration| (read.queues.clone(), read.tiers.clone(), read.agents.last().cloned());
            assert_eq!(others(&read), others(&sound()), "{name} {value}");
        }
    }
    let contact = format!(r#"contact="{}""#, "x".repeat(10_240));
    let read = configuration("", "", &contact, "");
    one_warning(&read, &["<agent name=\"a\">", "contact", "1024"]);
    assert_eq!(read.agents, sound().agents);
}

#[test]
fn tier_attributes() {
    for (name, kind) in TIER_ATTRIBUTES {
        for value in kind.wrong() {
            let read = configuration("", "", "", &format!(r#"{name}="{value}""#));
            one_warning(
                &read,
                &["<tier agent=\"a\" queue=\"q\">", name, &format!("\"{value}\"")],
            );
            assert_eq!(read.tiers.len(), 2);
            assert_eq!(read.tiers.last(), sound().tiers.last(), "{name} {value}");
        }
        let read = configuration("", "", "", &format!(r#"{name}="""#));
        assert_eq!(read, sound(), "{name}: empty is absent, as in stock");
    }
}

#[test]
fn names_that_are_missing_empty_or_too_long() {
    let long = "x".repeat(256);
    for (elements, words) in [
        ("<queues><queue/></queues>", "<queue>"),
        ("<queues><queue name=\"\"/></queues>", "<queue>"),
        ("<queues><queue name=\"LONG\"/></queues>", "255"),
        ("<agents><agent type=\"callback\"/></agents>", "<agent>"),
        ("<agents><agent name=\"\" type=\"callback\"/></agents>", "<agent>"),
        ("<agents><agent name=\"LONG\" type=\"callback\"/></agents>", "255"),
        ("<agents><agent name=\"a\"/></agents>", "type"),
        ("<agents><agent name=\"a\" type=\"\"/></agents>", "type"),
        ("<tiers><tier/></tiers>", "<tier>"),
        ("<tiers><tier queue=\"q\"/></tiers>", "<tier queue=\"q\">"),
        ("<tiers><tier queue=\"\" agent=\"a\"/></tiers>", "<tier agent=\"a\">"),
        ("<tiers><tier queue=\"q\" agent=\"\"/></tiers>", "<tier queue=\"q\">"),
    ] {
        let xml = format!("<configuration>{}</configuration>", elements.replace("LONG", &long));
        let read = read(&Element::parse_for_tests(&xml));
        one_warning(&read, &[words]);
        let nothing = Configuration {
            warnings: read.warnings.clone(),
            lists_tiers: elements.starts_with("<tiers>"),
            ..Configuration::default()
        };
        assert_eq!(read, nothing, "{elements}");
    }
}
