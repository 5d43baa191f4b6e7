//! Every command with words it can do nothing with: the reply says what is wrong, and nothing has changed.

use super::*;

/// Everything that lists show.
fn listings(console: &Console) -> Vec<String> {
    let lists = [
        "agent list",
        "tier list",
        "queue list",
        "queue list members",
        "queue count",
    ];
    lists.iter().map(|line| console.config(line)).collect()
}

/// A staffed call centre with a caller in line.
fn busy_bench() -> Bench {
    let bench = Bench::staffed();
    bench.join("s1", "Ann");
    bench
}

/// Says the line to the console, which must answer one line that begins with `-ERR` and has these words, and change
/// nothing.
fn refused(bench: &Bench, line: &[u8], words: &str) {
    let shown = String::from_utf8_lossy(line.get(..80).unwrap_or(line)).into_owned();
    let before = listings(&bench.console);
    let actions = bench.switch.actions.lock().len();
    let reply = bench.console.config_bytes(line);
    assert!(reply.starts_with("-ERR ") && reply.contains(words), "{shown}: {reply}");
    assert_eq!(reply.lines().count(), 1, "{shown}: {reply}");
    assert!(reply.ends_with('\n'), "{shown}: {reply}");
    assert_eq!(before, listings(&bench.console), "{shown}");
    assert_eq!(bench.switch.actions.lock().len(), actions, "{shown}: an event was sent");
}

/// Every command that changes something, with as many words as it needs, and how many more it takes.
const CHANGES: &[(&str, usize)] = &[
    ("agent add 1005 callback", 0),
    ("agent del 1001", 0),
    ("agent reload 1001", 0),
    ("agent set status 1001 Available", 0),
    ("agent set state 1001 Idle", 0),
    ("agent set state_if_waiting 1001 Idle", 0),
    ("agent set uuid 1001 some-uuid", 0),
    ("agent set contact 1001 user/9", 0),
    ("agent set type 1001 uuid-standby", 0),
    ("agent set max_no_answer 1001 3", 0),
    ("agent set wrap_up_time 1001 3", 0),
    ("agent set ready_time 1001 3", 0),
    ("agent set reject_delay_time 1001 3", 0),
    ("agent set busy_delay_time 1001 3", 0),
    ("agent set no_answer_delay_time 1001 3", 0),
    ("agent set not_registered_delay_time 1001 3", 0),
    ("agent set max_rejected 1001 3", 0),
    ("agent set max_busy 1001 3", 0),
    ("agent set max_not_registered 1001 3", 0),
    ("agent set max_chats 1001 3", 0),
    ("agent set chat_wrap_up_time 1001 3", 0),
    ("agent set skills 1001 german=5", 0),
    ("tier set state support@default 1001 Standby", 0),
    ("tier set level support@default 1001 9", 0),
    ("tier set position support@default 1001 9", 0),
    ("tier del support@default 1001", 0),
    // The second word of `tier reload` may be left away.
    ("tier resume support@default 1001", 0),
    ("agent resume 1001", 0),
    ("agent login 1001", 0),
    ("agent logout 1001", 0),
    ("queue load support@default", 0),
    ("queue unload support@default", 0),
    ("queue reload support@default", 0),
    ("queue set max_wait_time support@default 7", 0),
    ("queue add other@default", 0),
    ("queue del other@default", 0),
    ("member set base_score some-uuid 9", 0),
    ("dispatch member some-uuid 1001", 0),
    ("caller forget 5550001", 0),
    ("callback cancel some-uuid", 0),
    ("callback now some-uuid", 0),
];

/// Those that take a reason, of as many words as it has.
const WITH_REASON: &[&str] = &[
    "tier add sales@default o\\'c 1 1 paused",
    "tier pause support@default 1001",
    "agent pause 1001",
    "member withdraw some-uuid",
    "callback add support@default 5550001",
];

#[test]
fn the_usage_has_no_changing_command_that_is_missing_here() {
    let reads = [
        "agent get",
        "agent list",
        "call list",
        // Without its last word it asks.
        "dispatch internal",
        "dispatch why",
        "tier list",
        "pause list",
        "callback list",
        "callback expired",
        "caller get",
        "queue get",
        "queue list",
        "queue count",
        "tier reload",
        "stats",
        "snapshot",
        "cluster",
        "check",
        "member list",
        "reload",
    ];
    for line in USAGE.lines().skip(1) {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let command = words
            .iter()
            .take_while(|word| !word.starts_with('[') && **word != "|")
            .copied()
            .collect::<Vec<_>>()
            .join(" ");
        let is_known = reads.iter().any(|read| command.starts_with(read))
            || CHANGES.iter().any(|(change, _)| change.starts_with(&command))
            || WITH_REASON.iter().any(|change| change.starts_with(&command));
        assert!(is_known, "{command}");
    }
}

#[test]
fn too_few_words_change_nothing() {
    let bench = busy_bench();
    let needed = CHANGES
        .iter()
        .map(|(line, _)| *line)
        .chain(WITH_REASON[1..].iter().copied());
    for line in needed.chain(["tier add sales@default o\\'c"]) {
        let words: Vec<&str> = line.split(' ').collect();
        for count in 1..words.len() {
            refused(&bench, words[..count].join(" ").as_bytes(), "Invalid!");
        }
    }
    for line in ["agent get", "agent get status", "tier reload", "queue list calls"] {
        refused(&bench, line.as_bytes(), "Invalid!");
    }
}

#[test]
fn too_many_words_change_nothing() {
    let bench = busy_bench();
    for (line, optional) in CHANGES {
        for surplus in [1, 2, 20] {
            let line = format!("{line}{}", " 1".repeat(optional + surplus));
            refused(&bench, line.as_bytes(), "Too many words!");
        }
    }
    refused(&bench, b"tier reload support@default 1001 more", "Too many words!");
    refused(&bench, b"agent set status 1001 On Holiday", "single quotes");
    refused(&bench, b"agent list 1001 more", "Invalid!");
}

#[test]
fn empty_words_change_nothing() {
    let bench = busy_bench();
    for (line, words) in [
        ("''", "Invalid!"),
        ("'' ''", "Unknown target"),
        ("agent ''", "Unknown agent action"),
        ("tier '' a b", "Unknown tier action"),
        ("queue '' a", "Unknown queue action"),
        ("agent add '' callback", "Invalid!"),
        ("agent add 1005 ''", "Agent type invalid!"),
        ("agent del ''", "Invalid!"),
        ("agent reload ''", "Invalid!"),
        ("agent set '' 1001 1", "Invalid Agent Update KEY!"),
        ("agent set status '' Available", "Agent not found!"),
        ("agent set status 1001 ''", "Invalid Agent Status!"),
        ("agent set state 1001 ''", "Invalid Agent State!"),
        ("agent set type 1001 ''", "Invalid Agent Type!"),
        ("agent get status ''", "Agent not found!"),
        ("agent get '' 1001", "Invalid Agent Update KEY!"),
        ("tier add '' 1001 1 1", "Queue not found!"),
        ("tier add sales@default '' 1 1", "not found!"),
        ("tier set '' support@default 1001 1", "Invalid Tier Update KEY!"),
        ("tier set state support@default 1001 ''", "Invalid Tier State!"),
        ("tier set level '' 1001 1", "Tier not found!"),
        ("tier set level support@default '' 1", "Tier not found!"),
        ("tier del '' 1001", "Invalid!"),
        ("tier del support@default ''", "Invalid!"),
        ("queue load ''", "Invalid!"),
        ("queue unload ''", "Invalid!"),
        ("queue reload ''", "Invalid!"),
        ("queue list ''", "Invalid!"),
        ("queue count ''", "Invalid!"),
    ] {
        refused(&bench, line.as_bytes(), words);
    }
}

#[test]
fn very_long_words_change_nothing() {
    let bench = busy_bench();
    let long = "x".repeat(10_240);
    for (line, words) in [
        ("LONG list", "Unknown target"),
        ("agent LONG", "Unknown agent action"),
        ("tier LONG", "Unknown tier action"),
        ("queue LONG", "Unknown queue action"),
        ("agent add LONG callback", "Use at most 255"),
        ("agent add 1005 LONG", "Agent type invalid!"),
        ("agent set status LONG Available", "Agent not found!"),
        ("agent set LONG 1001 1", "Invalid Agent Update KEY!"),
        ("agent set status 1001 LONG", "Invalid Agent Status!"),
        ("agent set state 1001 LONG", "Invalid Agent State!"),
        ("agent set uuid 1001 LONG", "Use at most 255"),
        ("agent set contact 1001 LONG", "Use at most 1024"),
        ("agent set type 1001 LONG", "Invalid Agent Type!"),
        ("agent get status LONG", "Agent not found!"),
        ("tier add LONG 1001", "Queue not found!"),
        ("tier add support@default LONG", "Agent not found!"),
        ("tier set state support@default 1001 LONG", "Invalid Tier State!"),
        ("tier set level LONG 1001 1", "Tier not found!"),
        ("tier reload LONG", "Tier not found!"),
        ("queue load LONG", "Invalid Queue not found!"),
        ("queue reload LONG", "Invalid Queue not found!"),
        ("queue list LONG", "Invalid!"),
    ] {
        refused(&bench, line.replace("LONG", &long).as_bytes(), words);
    }
    let digits = "9".repeat(10_240);
    for key in ["max_no_answer", "wrap_up_time", "ready_time", "reject_delay_time"] {
        refused(
            &bench,
            format!("agent set {key} 1001 {digits}").as_bytes(),
            "Use a number from 0",
        );
    }
}

#[test]
fn numbers_out_of_range_change_nothing() {
    let bench = busy_bench();
    let counts = [
        "max_no_answer",
        "wrap_up_time",
        "reject_delay_time",
        "busy_delay_time",
        "no_answer_delay_time",
    ];
    for value in ["-1", "-99999999999999999999", "2147483648", "99999999999999999999"] {
        for key in counts {
            let line = format!("agent set {key} 1001 {value}");
            refused(
                &bench,
                line.as_bytes(),
                &format!("Invalid {key} '{value}'! Use a number from 0 to 2147483647."),
            );
        }
    }
    for value in ["-1", "9223372036854775808"] {
        refused(
            &bench,
            format!("agent set ready_time 1001 {value}").as_bytes(),
            "Invalid ready_time",
        );
    }
    for value in ["-2147483649", "2147483648", "99999999999999999999"] {
        for (key, line) in [
            ("level", "tier set level support@default 1001 N"),
            ("position", "tier set position support@default 1001 N"),
            ("level", "tier add sales@default o\\'c N"),
            ("position", "tier add sales@default o\\'c 1 N"),
        ] {
            let words = format!("Invalid {key} '{value}'! Use a number from -2147483648 to 2147483647.");
            refused(&bench, line.replace('N', value).as_bytes(), &words);
        }
    }
}

#[test]
fn words_in_quotes_of_every_kind_are_one_word_or_refused() {
    let bench = busy_bench();
    for (line, words) in [
        // Double quotes are letters.
        ("agent set status 1001 \"Available\"", "Invalid Agent Status!"),
        ("agent set status \"1001\" Available", "Agent not found!"),
        ("agent set status '1001 ' Available", "Agent not found!"),
        ("agent set status 1001 'Available", "Invalid Agent Status!"),
        ("agent set status 1001 'Avail'able''x", "Invalid Agent Status!"),
        ("'agent set status 1001 Available'", "Invalid!"),
        ("agent set status 1001 'Available' 'x'", "Too many words!"),
        ("agent set wrap_up_time 1001 '-5'", "Use a number from 0"),
        ("tier del 'support@default 1001'", "Invalid!"),
        ("'agent\n+OK' list", "Unknown target"),
        ("agent 'x\\n+OK\\n'", "Unknown agent action"),
        ("agent set wrap_up_time 1001 '-1\\n+OK'", "Use a number from 0"),
    ] {
        refused(&bench, line.as_bytes(), words);
    }
}

#[test]
fn words_that_are_no_utf_8_change_nothing() {
    let bench = busy_bench();
    for (line, _) in CHANGES {
        for bad in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"] {
            for at in [0, line.len() / 2, line.len()] {
                let mut bytes = line.as_bytes().to_vec();
                bytes.splice(at..at, bad.iter().copied());
                refused(&bench, &bytes, &format!("not UTF-8 at byte {}!", at + 1));
            }
        }
    }
    let reply = bench.console.break_bytes(b"agent \xff");
    assert_eq!(
        reply,
        "-ERR The command is not UTF-8 at byte 7! Write names and values in UTF-8.\n"
    );
}

#[test]
fn a_break_that_makes_no_sense_changes_nothing() {
    let bench = busy_bench();
    let long = "x".repeat(10_240);
    let before = listings(&bench.console);
    for line in [
        "",
        " ",
        "agent",
        "queue some-uuid",
        "'' ''",
        "agent ''",
        "agent no such uuid",
        "agent 'two\nlines'",
        &format!("agent {long}"),
        &format!("{long} x"),
    ] {
        let reply = bench.console.break_agent(line);
        assert!(
            reply.starts_with("-ERR ") && reply.lines().count() == 1,
            "{line:?}: {reply:?}"
        );
        let says_what_to_do = reply.contains(BREAK_USAGE) || reply.contains("Session not found for uuid");
        assert!(says_what_to_do, "{line:?}: {reply:?}");
    }
    assert_eq!(before, listings(&bench.console));
}

#[test]
fn json_that_makes_no_sense_is_refused_with_what_is_missing() {
    let bench = busy_bench();
    let before = listings(&bench.console);
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let huge = "x".repeat(1_000_000);
    for (data, words) in [
        (json!(null), "arguments"),
        (json!([]), "arguments"),
        (json!("agent list"), "arguments"),
        (json!(1e300), "arguments"),
        (deep.clone(), "arguments"),
        (json!({ "arguments": null }), "arguments"),
        (json!({ "arguments": "" }), "arguments"),
        (json!({ "arguments": 7 }), "arguments"),
        (json!({ "arguments": ["agent list"] }), "arguments"),
        (json!({ "arguments": deep }), "arguments"),
        (json!({ "Arguments": "agent list" }), "arguments"),
        (json!({ "arguments": " agent list" }), "Unknown arguments"),
        (json!({ "arguments": "agent\u{0}list" }), "Unknown arguments"),
        (json!({ "arguments": huge }), "Unknown arguments"),
        (json!({ "arguments": "agent add" , "name": "x" }), "Unknown arguments"),
        (
            json!({ "arguments": "queue list members", "queue_name": 1 }),
            "queue_name",
        ),
        (
            json!({ "arguments": "queue list members", "queue_name": "" }),
            "queue_name",
        ),
    ] {
        let refusal = bench.console.json(&data).expect_err("a refusal").reply().to_string();
        assert!(
            refusal.starts_with(r#"{"error":""#) && refusal.contains(words),
            "{refusal:.100}"
        );
    }
    assert_eq!(before, listings(&bench.console));
}

/// What the configuration says of an agent and a queue that are there, with one value wrong in each round: the listings
/// stay as they are.
#[test]
fn a_wrong_value_in_the_configuration_leaves_an_agent_as_it_is() {
    let bench = busy_bench();
    let before = listings(&bench.console);
    for (attribute, value) in [
        ("status", "Lunch"),
        ("wrap-up-time", "-1"),
        ("wrap-up-time", "2147483648"),
        ("max-no-answer", "-5"),
        ("reject-delay-time", "99999999999999999999"),
        ("busy-delay-time", "-2147483649"),
        ("no-answer-delay-time", "-1"),
        ("contact", &"x".repeat(10_240)),
    ] {
        let xml = XML.replace("name=\"1001\"", &format!("name=\"1001\" {attribute}=\"{value}\""));
        let xml = match attribute {
            "status" => xml.replace("status=\"On Break\"", ""),
            "contact" => xml.replace("contact=\"user/1001\"", ""),
            "wrap-up-time" => xml.replace("wrap-up-time=\"10\"", ""),
            _ => xml,
        };
        let read = config::read(&Element::parse_for_tests(&xml));
        let named = read
            .warnings
            .iter()
            .filter(|warning| warning.contains("<agent name=\"1001\">: "));
        assert_eq!(named.count(), 1, "{attribute} {value:.20}: {:?}", read.warnings);
        *bench.source.now.lock() = Ok(read);
        let reply = bench.console.config("agent reload 1001");
        assert_eq!(reply, "+OK\n", "{attribute} {value:.20}");
        assert_eq!(before, listings(&bench.console), "{attribute} {value:.20}");
    }
}
