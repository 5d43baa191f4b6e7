//! Settings, every queue parameter, agent and tier attributes with every kind of wrong value: one warning that names the
//! element, the value and what is used, and nothing else of the configuration is different.

use super::{read, Configuration, Element};
use crate::engine::{self, Parameter, QueueConfig, Settings};

/// What a value has to be.
#[derive(Clone, Copy)]
enum Kind {
    /// A whole number.
    Number,
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
            Kind::Number => &["x", "-1", "12s", "99999999999999999999", "0x10", "1e3", "\u{661}"],
            Kind::Truth => &["maybe", "1x", "truth", "--"],
            Kind::Word => &["Lunch", "no such word", "availabl", "\u{fffd}"],
            Kind::AgentNumber => &["x", "-1", "2147483648", "99999999999999999999", " ", "\u{661}"],
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
    ("service-level-seconds", Kind::Number),
    ("agent-report", Kind::Truth),
    ("agent-originate-timeout", Kind::RingTime),
    ("cluster-events", Kind::Word),
    ("sqlite-synchronous", Kind::Word),
    ("rows-by-others-interval", Kind::Interval),
];

/// Wrong values of the queue parameters that have rules of their own.
const WRONG_OF_ITS_OWN: &[(&str, &[&str])] = &[
    ("required-skills", &["german=x"]),
    ("level-rules", &["x"]),
    ("announce-round-seconds", &["7", "x", "-5"]),
    ("join-empty", &["Lunch", "paused,lunch"]),
    ("callback-key", &["12", "x", "\u{661}"]),
    ("callback-confirm-key", &["12", "x"]),
    ("callback-give-back-key", &["12", "x"]),
    ("callback-numbers", &["(", "a)(b"]),
    ("callback-until", &["24:00", "noon", "1730"]),
    (
        "callback-dial",
        &["030123", "${callback_number}", "sofia/", "[a=b", "user/${x"],
    ),
    ("leave-when-empty", &["Lunch", "paused,lunch"]),
];

/// Values of a parameter of a queue that deserve a warning.
fn wrong_values(parameter: &Parameter<QueueConfig>) -> Vec<String> {
    let too_large = match &parameter.kind {
        engine::Kind::Number { range, .. } => Some((range.1 + 1).to_string()),
        _ => None,
    };
    let fixed = match &parameter.kind {
        engine::Kind::Text { .. } => &[],
        engine::Kind::Number { .. } => Kind::Number.wrong(),
        engine::Kind::LikeC { .. } => Kind::AgentNumber.wrong(),
        engine::Kind::Flag { .. } => Kind::Truth.wrong(),
        engine::Kind::Word { .. } => Kind::Word.wrong(),
        engine::Kind::Own { .. } => WRONG_OF_ITS_OWN
            .iter()
            .find(|(name, _)| *name == parameter.name)
            .map(|(_, values)| *values)
            .unwrap_or_else(|| panic!("{parameter:?} needs wrong values here")),
    };
    let fixed = fixed.iter().map(|value| (*value).to_owned());
    fixed.chain(too_large).collect()
}

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
    let says = [
        "is used",
        "is ignored",
        "keeps the",
        "counts.",
        "is served",
        "none is required",
        "there are no rules",
    ];
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
    for parameter in engine::QUEUE_PARAMETERS {
        let name = parameter.name;
        for value in &wrong_values(parameter) {
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

/// FreeSWITCH drops an empty value of a queue before the module sees it, and FusionPBX writes one for every field that was left blank.
#[test]
fn an_empty_value_is_no_value_for_every_parameter() {
    for setting in engine::SETTINGS {
        let (empty, other) = (
            param(setting.name, ""),
            param(setting.name, &another(setting, &Settings::default())),
        );
        let read = |settings: &str| configuration(settings, "", "", "").settings;
        assert_eq!(configuration(&empty, "", "", ""), sound(), "{setting:?}");
        let is_without_effect = setting.name == "global-database-lock";
        assert!(
            is_without_effect || read(&other) != read(""),
            "{setting:?}: the other value has to be another one"
        );
        assert_eq!(read(&format!("{other}{empty}")), read(&other), "{setting:?}");
    }
    for parameter in engine::QUEUE_PARAMETERS {
        let fresh = QueueConfig::named("q");
        let (empty, other) = (
            param(parameter.name, ""),
            param(parameter.name, &another(parameter, &fresh)),
        );
        let read = |queue: &str| configuration("", queue, "", "");
        assert_eq!(read(&empty), sound(), "{parameter:?}");
        assert_ne!(
            read(&other).queues,
            sound().queues,
            "{parameter:?}: the other value has to be another one"
        );
        for both in [format!("{empty}{other}"), format!("{other}{empty}")] {
            assert_eq!(read(&both), read(&other), "{parameter:?}");
        }
    }
}

#[test]
fn an_empty_attribute_is_no_attribute() {
    let numbers = engine::AGENT_ATTRIBUTES.iter().map(|attribute| attribute.name);
    let limits = engine::AGENT_LIMITS.iter().map(|limit| limit.name);
    for name in numbers.chain(limits).chain(["contact", "status", "skills"]) {
        assert_eq!(configuration("", "", &format!("{name}=\"\""), ""), sound(), "{name}");
    }
    for (name, _) in TIER_ATTRIBUTES {
        assert_eq!(configuration("", "", "", &format!("{name}=\"\"")), sound(), "{name}");
    }
}

/// What has no value at all has been forgotten by a person.
#[test]
fn a_param_without_a_value_is_told() {
    for (settings, queue) in [("<param name=\"debug\"/>", ""), ("", "<param name=\"strategy\"/>")] {
        let read = configuration(settings, queue, "", "");
        one_warning(&read, &["it has no value", "value=\"...\""]);
        assert_eq!((read.settings, read.queues), (sound().settings, sound().queues));
    }
}

#[test]
fn none_is_the_word_for_no_text_no_skills_no_rules() {
    for parameter in engine::QUEUE_PARAMETERS
        .iter()
        .filter(|parameter| parameter.get(&QueueConfig::named("q")).is_empty())
    {
        let mut queue = QueueConfig::named("q");
        parameter
            .configure(&mut queue, &another(parameter, &QueueConfig::named("q")))
            .expect("a value");
        assert_ne!(parameter.get(&queue), "", "{parameter:?}");
        assert_eq!(parameter.configure(&mut queue, "None"), Ok(()), "{parameter:?}");
        assert_eq!(queue, QueueConfig::named("q"), "{parameter:?}");
    }
    let read = configuration("", "", r#"contact="none" skills="none""#, "");
    let agent = read.agents.first().expect("an agent");
    assert_eq!(agent.contact.as_deref(), Some(""));
    assert_eq!(agent.skills, Some(engine::Skills::default()));
    assert_eq!(read.warnings, Vec::<String>::new());
}

/// A value that is not the default.
fn another<T: Clone>(parameter: &Parameter<T>, fresh: &T) -> String {
    let text = match &parameter.kind {
        engine::Kind::Flag { get, .. } if get(fresh) => "false",
        engine::Kind::Flag { .. } => "true",
        engine::Kind::Number { range, .. } => return range.1.to_string(),
        engine::Kind::LikeC { .. } => "1001",
        engine::Kind::Text { .. } => "something",
        engine::Kind::Word { words, .. } => words()
            .into_iter()
            .find(|word| *word != parameter.get(fresh))
            .expect("two words"),
        engine::Kind::Own { .. } => OWN
            .iter()
            .find(|(name, _)| *name == parameter.name)
            .map(|(_, value)| *value)
            .unwrap_or_else(|| panic!("{parameter:?} needs a value here")),
    };
    text.to_owned()
}

/// Values that are not the default, of parameters with rules of their own.
const OWN: &[(&str, &str)] = &[
    ("debug", "2"),
    ("dbname", "other"),
    ("cc-instance-id", "box1"),
    ("agent-originate-timeout", "30"),
    ("cluster-events", "everywhere"),
    ("sqlite-synchronous", "full"),
    ("rows-by-others-interval", "250"),
    ("agents-table", "other_agents"),
    ("agents-columns", "name=id"),
    ("tiers-table", "other_tiers"),
    ("tiers-columns", "queue=flow"),
    ("members-table", "other_members"),
    ("members-columns", "queue=flow"),
    ("cdrs", "true"),
    ("cdrs-table", "other_cdrs"),
    ("cdrs-columns", "queue=flow"),
    ("required-skills", "german"),
    ("level-rules", "30:5"),
    ("announce-round-seconds", "5"),
    ("join-empty", "strict"),
    ("callback-key", "2"),
    ("callback-confirm-key", "5"),
    ("callback-give-back-key", "6"),
    ("callback-numbers", "0[1-9][0-9]+"),
    ("callback-until", "17:30"),
    ("callback-dial", "user/1001"),
    ("leave-when-empty", "strict"),
];

/// FusionPBX's generator writes these, and blank fields besides.
#[test]
fn a_roster_that_a_gui_has_written_is_sound() {
    let read = read(&Element::parse_for_tests(
        r#"<configuration name="callcenter.conf" description="Call Center">
             <settings><param name="odbc-dsn" value="dsn:user:password"/><param name="cc-instance-id" value="host"/></settings>
             <queues><queue name="8000@example.com" label="support@example.com">
               <param name="strategy" value="longest-idle-agent"/><param name="moh-sound" value="local_stream://default"/>
               <param name="record-template" value=""/><param name="time-base-score" value=""/>
               <param name="max-wait-time" value=""/><param name="max-wait-time-with-no-agent" value=""/>
               <param name="max-wait-time-with-no-agent-time-reached" value=""/><param name="tier-rules-apply" value=""/>
               <param name="tier-rule-wait-second" value=""/><param name="tier-rule-wait-multiply-level" value=""/>
               <param name="tier-rule-no-agent-no-wait" value=""/><param name="discard-abandoned-after" value=""/>
               <param name="abandoned-resume-allowed" value=""/><param name="announce-sound" value=""/>
               <param name="announce-frequency" value=""/></queue></queues>
             <agents><agent name="0e4f" label="Ann@example.com" type="callback" contact="{call_timeout=20}user/1001@example.com"
               status="Logged Out" no-answer-delay-time="" max-no-answer="0" wrap-up-time="10" reject-delay-time="90" busy-delay-time=""/></agents>
             <tiers><tier agent="0e4f" queue="8000@example.com" domain_name="example.com" agent_name="Ann" queue_name="support"
               level="0" position=""/></tiers>
           </configuration>"#,
    ));
    let roster = crate::config::Roster::of(&read);
    assert_eq!(crate::config::everything_wrong(&read, &roster), []);
    let expected = QueueConfig {
        moh_sound: Some("local_stream://default".to_owned()),
        ..QueueConfig::named("8000@example.com")
    };
    assert_eq!(read.queues, [expected]);
}

#[test]
fn elements_and_attributes_that_nobody_knows_are_told() {
    let read = configuration(
        "<parm name=\"debug\" value=\"1\"/>",
        "<parm name=\"strategy\" value=\"random\"/><parm/>",
        "",
        "postion=\"3\"",
    );
    assert_eq!(
        read.warnings,
        [
            "<settings>: no element <parm> is known there; it is ignored. The nearest name is <param>.",
            "<queue name=\"q\">: no element <parm> is known there; it is ignored. The nearest name is <param>.",
            "<tier agent=\"a\" queue=\"q\">: no attribute \"postion\" is known; it is ignored. The nearest name is \"position\".",
        ]
    );
    let outside = super::read(&Element::parse_for_tests(
        "<configuration><queue name=\"q\"/><agents><agnet name=\"a\"/></agents></configuration>",
    ));
    assert_eq!(
        outside.warnings,
        [
            "<configuration name=\"callcenter.conf\">: no element <queue> is known there; it is ignored. The nearest name is <queues>.",
            "<agents>: no element <agnet> is known there; it is ignored. The nearest name is <agent>.",
        ]
    );
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
