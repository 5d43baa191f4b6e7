//! Words that are meant to do harm: whatever somebody types or a caller is called, lists can be taken apart and every other
//! value stays what it was.

use super::*;
use proptest::prelude::*;

/// Pieces of trouble, and anything else.
fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("'; drop table agents;--".to_owned()),
        Just("\\".to_owned()),
        Just("|".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n+OK\n".to_owned()),
        Just("\0".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\u{1b}[31m".to_owned()),
        Just("${system(reboot)}".to_owned()),
        Just("%s%n".to_owned()),
        Just("\"".to_owned()),
        Just("^^:".to_owned()),
        Just("</queue>".to_owned()),
        Just("x".repeat(10_240)),
        "\\PC{0,12}",
        any::<String>(),
    ];
    proptest::collection::vec(pieces, 1..4).prop_map(|pieces| pieces.concat())
}

/// A word of a command line that is this text again when the line is taken apart.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A list, row by row, field by field; panics when a row has not as many fields as there are columns.
fn taken_apart(text: &str) -> Vec<Vec<&str>> {
    let body = text.strip_suffix("+OK\n").expect("+OK at the end");
    let ends = |character: char| character.is_control() && character != '\t' || "\u{2028}\u{2029}".contains(character);
    let lines: Vec<&str> = body.strip_suffix('\n').unwrap_or(body).split(ends).collect();
    let rows: Vec<Vec<&str>> = lines.iter().map(|line| line.split('|').collect()).collect();
    let columns = rows.first().map_or(0, Vec::len);
    assert!(rows.iter().all(|row| row.len() == columns), "{text:?}");
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn names_and_contacts_of_every_kind_leave_lists_whole(name in hostile_text(), contact in hostile_text()) {
        let bench = Bench::staffed();
        let before = bench.console.config("agent list 1001");
        let add = bench.console.config(&format!("agent add {} callback", quoted(&name)));
        let set = bench.console.config(&format!("agent set contact {} {}", quoted(&name), quoted(&contact)));
        bench.console.config(&format!("tier add support@default {}", quoted(&name)));
        let rows = bench.console.config("agent list");
        let rows = taken_apart(&rows);
        prop_assert_eq!(rows.len(), if add == "+OK\n" { 5 } else { 4 }, "{}", add);
        for reply in [&add, &set] {
            prop_assert_eq!(reply.lines().count(), 1, "{:?}", reply);
        }
        if set == "+OK\n" {
            let kept = bench.driver.view(|engine, _| engine.agent_row(&name)).expect("the new agent");
            prop_assert_eq!(kept.contact, contact.clone());
        }
        for list in ["tier list", "queue list agents support@default", "queue list tiers support@default"] {
            taken_apart(&bench.console.config(list));
        }
        prop_assert_eq!(before, bench.console.config("agent list 1001"));
        let json = bench.console.json(&json!({ "arguments": "agent list" })).expect("a list").to_string();
        let again: Value = serde_json::from_str(&json).expect("JSON");
        prop_assert_eq!(again.as_array().map(Vec::len), Some(rows.len() - 1));
    }

    #[test]
    fn callers_of_every_name_leave_lists_whole(name in hostile_text(), number in hostile_text()) {
        let bench = Bench::staffed();
        let request = JoinRequest {
            queue: "support@default".to_owned(),
            session_uuid: "s1".to_owned(),
            new_member_uuid: "m1".to_owned(),
            cid_number: number,
            cid_name: name.clone(),
            dnis: Some(name),
            ..JoinRequest::default()
        };
        bench.driver.submit(Input::MemberJoin(request)).expect("the queue is loaded");
        for list in ["queue list members support@default", "queue list members"] {
            prop_assert_eq!(taken_apart(&bench.console.config(list)).len(), 2);
        }
        prop_assert_eq!(bench.console.config("queue count members support@default"), "1\n");
    }

    #[test]
    fn no_line_of_bytes_does_more_than_it_says(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        let bench = Bench::staffed();
        for line in [line.clone(), [b"agent set contact 1001 ".as_slice(), &line].concat()] {
            let reply = bench.console.config_bytes(&line);
            prop_assert!(!reply.is_empty() || line.is_empty());
            bench.console.break_bytes(&line);
            taken_apart(&bench.console.config("agent list"));
        }
    }
}
