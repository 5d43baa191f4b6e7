//! What holds for each entry of every table.

use super::{AGENT_ATTRIBUTES, AGENT_LIMITS, QUEUE_PARAMETERS, SETTINGS};
use crate::engine::configuration::parameters::{find, Kind, Parameter};
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::configuration::settings::Settings;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::words::AgentType;
use std::collections::HashSet;

fn names_are_sound<T>(table: &'static [Parameter<T>]) {
    let keys: HashSet<String> = table.iter().map(Parameter::key).collect();
    assert_eq!(keys.len(), table.len(), "two of one name");
    for parameter in table {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        assert!(parameter.name.bytes().all(allowed), "{parameter:?}");
        assert_eq!(
            find(table, &parameter.key().to_uppercase()).map(|found| found.name),
            Some(parameter.name)
        );
    }
}

#[test]
fn every_name_is_there_once_and_is_found_in_either_spelling() {
    names_are_sound(QUEUE_PARAMETERS);
    names_are_sound(SETTINGS);
    names_are_sound(AGENT_ATTRIBUTES);
    names_are_sound(AGENT_LIMITS);
}

/// A value written as text is read as the same value, in a command and in callcenter.conf.xml.
fn defaults_survive<T: Clone + PartialEq + std::fmt::Debug>(table: &'static [Parameter<T>], sound: &T) {
    for parameter in table {
        let text = parameter.get(sound);
        let (mut set, mut configured) = (sound.clone(), sound.clone());
        assert_eq!(parameter.set(&mut set, &text), Ok(()), "{parameter:?}");
        assert_eq!(parameter.configure(&mut configured, &text), Ok(()), "{parameter:?}");
        assert_eq!((&set, &configured), (sound, sound), "{parameter:?}");
    }
}

#[test]
fn defaults_are_written_as_they_are_read() {
    defaults_survive(QUEUE_PARAMETERS, &QueueConfig::named("q"));
    defaults_survive(SETTINGS, &Settings::default());
    defaults_survive(AGENT_LIMITS, &AgentLimits::default());
    defaults_survive(AGENT_ATTRIBUTES, &AgentRow::new("a", "", AgentType::callback()));
}

#[test]
fn a_value_that_is_none_changes_nothing_and_the_error_says_what_to_write() {
    for parameter in QUEUE_PARAMETERS {
        let too_large = match parameter.kind {
            Kind::Number { range, .. } => (range.1 + 1).to_string(),
            _ => String::new(),
        };
        let wrong: &[&str] = match parameter.kind {
            Kind::Number { .. } => &["", "x", "-1", &too_large, "12s", "1.5", "99999999999999999999"],
            Kind::Flag { .. } => &["", " ", "maybe", "1x"],
            Kind::Word { .. } => &["", "no such word"],
            Kind::Text { .. } | Kind::LikeC { .. } | Kind::Own { .. } => &[],
        };
        for value in wrong {
            let mut queue = QueueConfig::named("q");
            let text = parameter.set(&mut queue, value).expect_err("a wrong value");
            assert!(
                text.starts_with(&format!("Invalid {} '{value}'! Use ", parameter.key())),
                "{text}"
            );
            assert_eq!(queue, QueueConfig::named("q"), "{parameter:?} {value}");
        }
    }
}

#[test]
fn a_word_is_kept_in_its_own_spelling() {
    let mut queue = QueueConfig::named("q");
    let strategy = find(QUEUE_PARAMETERS, "strategy").expect("a parameter");
    assert_eq!(strategy.set(&mut queue, "RING-all"), Ok(()));
    assert_eq!(queue.strategy, "ring-all");
}
