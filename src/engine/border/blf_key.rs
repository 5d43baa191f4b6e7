//! What a BLF key can show of a queue, in Asterisk's words: `QUEUE_avail` and `QUEUE_pause_AGENT`.

use serde::{Deserialize, Serialize};

/// Behind the queue's name, before its domain.
const FREE: &str = "_avail";

const PAUSED: &str = "_pause_";

/// What a lamp tells of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlfKey {
    /// Whether an agent is free.
    Free,
    /// Whether this agent is paused.
    Paused(String),
}

/// The queue and what of it is asked for by this name; none for a name that is nothing but a queue's.
pub fn blf_key_of(name: &str) -> Option<(String, BlfKey)> {
    let (user, domain) = match name.split_once('@') {
        Some((user, domain)) => (user, format!("@{domain}")),
        None => (name, String::new()),
    };
    if let Some(queue) = user.strip_suffix(FREE) {
        return Some((format!("{queue}{domain}"), BlfKey::Free));
    }
    let (queue, agent) = user.split_once(PAUSED)?;
    Some((format!("{queue}{domain}"), BlfKey::Paused(agent.to_owned())))
}

/// The name that [`blf_key_of`] reads. Of an agent's name only what comes before an `@` can be dialled.
pub fn blf_key_name(queue: &str, lamp: &BlfKey) -> String {
    let (user, domain) = queue.split_at(queue.find('@').unwrap_or(queue.len()));
    match lamp {
        BlfKey::Free => format!("{user}{FREE}{domain}"),
        BlfKey::Paused(agent) => format!("{user}{PAUSED}{}{domain}", dialled(agent)),
    }
}

pub(in crate::engine) fn dialled(agent: &str) -> &str {
    agent.split_once('@').map_or(agent, |(user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lamps_have_asterisks_names() {
        let paused = |agent: &str| BlfKey::Paused(agent.to_owned());
        for (name, queue, lamp) in [
            ("support_avail@default", "support@default", BlfKey::Free),
            ("support_avail", "support", BlfKey::Free),
            ("support_pause_1001@default", "support@default", paused("1001")),
        ] {
            assert_eq!(blf_key_of(name), Some((queue.to_owned(), lamp.clone())));
            assert_eq!(blf_key_name(queue, &lamp), name);
        }
        assert_eq!(blf_key_of("support@default"), None);
        assert_eq!(blf_key_name("q@x", &paused("1001@pbx")), "q_pause_1001@x");
    }
}
