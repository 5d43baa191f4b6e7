//! What boxes of other releases write.

use super::*;

/// The same line with more in each of its objects than this release knows.
fn with_more(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.values_mut().for_each(with_more);
            // An object of one field may be a variant with its name.
            if fields.len() > 1 {
                fields.insert("of the next release".to_owned(), serde_json::json!({"more": [1, "x"]}));
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(with_more),
        _ => (),
    }
}

#[test]
fn a_message_of_the_next_release_is_read() {
    for message in from_box("x", 7) {
        let mut line = serde_json::from_str(&write(&message).expect("a line")).expect("JSON");
        with_more(&mut line);
        line["version"] = (VERSION + 1).into();
        assert_eq!(read::<FromBox>(&line.to_string()).expect("a message"), message);
    }
    for message in to_box("x", 7) {
        let mut line = serde_json::from_str(&write(&message).expect("a line")).expect("JSON");
        with_more(&mut line);
        line["version"] = (VERSION + 1).into();
        assert_eq!(read::<ToBox>(&line.to_string()).expect("a message"), message);
    }
}

/// The first messages of version 1, a line each. A box of the release before writes such lines: they are never written anew.
const FROM_BOX_OF_VERSION_1: &str = include_str!("../version_1/from_box.jsonl");
const TO_BOX_OF_VERSION_1: &str = include_str!("../version_1/to_box.jsonl");

#[test]
fn what_the_first_release_wrote_is_read() {
    let hint = "give what has been added since a default (`#[serde(default)]`), and keep the old names";
    for line in FROM_BOX_OF_VERSION_1.lines() {
        read::<FromBox>(line).unwrap_or_else(|error| panic!("{error}; {hint}: {line}"));
    }
    for line in TO_BOX_OF_VERSION_1.lines() {
        read::<ToBox>(line).unwrap_or_else(|error| panic!("{error}; {hint}: {line}"));
    }
    assert!(FROM_BOX_OF_VERSION_1.lines().count() > 20 && TO_BOX_OF_VERSION_1.lines().count() > 20);
}

#[test]
fn names_of_the_next_release_are_left_out() {
    let line = format!(
        r#"{{"version":{VERSION},"says":{{"Does":{{"Event":{{"headers":[["CC-Action","x"],["CC-Of-Tomorrow","y"]],"channel":null}}}}}}}}"#
    );
    let ToBox::Does(output) = read(&line).expect("a message") else {
        panic!("{line}");
    };
    let Output::Event(event) = *output else {
        panic!("{line}")
    };
    assert_eq!(event.headers, [(header::ACTION, "x".to_owned())]);
}

#[test]
fn a_message_of_a_release_that_is_far_away_is_refused_in_words() {
    let line = format!(r#"{{"version":{},"says":"whatever"}}"#, VERSION + 2);
    let refused = read::<FromBox>(&line).expect_err("refused").to_string();
    assert!(refused.contains("upgrade"), "{refused}");
}
