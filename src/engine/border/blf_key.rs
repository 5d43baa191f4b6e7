//! What a BLF key can show of a queue, in Asterisk's words: `QUEUE_avail` and `QUEUE_pause_AGENT`.

/// Behind the queue's name, before its domain.
const FREE: &str = "_avail";

const PAUSED: &str = "_pause_";

/// What a lamp tells of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lamp {
    /// Whether an agent is free.
    Free,
    /// Whether this agent is paused.
    Paused(String),
}

/// The queue and what of it is asked for by this name; none for a name that is nothing but a queue's.
pub fn lamp_of(name: &str) -> Option<(String, Lamp)> {
    let (user, domain) = match name.split_once('@') {
        Some((user, domain)) => (user, format!("@{domain}")),
        None => (name, String::new()),
    };
    if let Some(queue) = user.strip_suffix(FREE) {
        return Some((format!("{queue}{domain}"), Lamp::Free));
    }
    let (queue, agent) = user.split_once(PAUSED)?;
    Some((format!("{queue}{domain}"), Lamp::Paused(agent.to_owned())))
}

/// The name that [`lamp_of`] reads. Of an agent's name only what comes before an `@` can be dialled.
pub fn lamp_name(queue: &str, lamp: &Lamp) -> String {
    let (user, domain) = queue.split_at(queue.find('@').unwrap_or(queue.len()));
    match lamp {
        Lamp::Free => format!("{user}{FREE}{domain}"),
        Lamp::Paused(agent) => format!("{user}{PAUSED}{}{domain}", dialled(agent)),
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
        let paused = |agent: &str| Lamp::Paused(agent.to_owned());
        for (name, queue, lamp) in [
            ("support_avail@default", "support@default", Lamp::Free),
            ("support_avail", "support", Lamp::Free),
            ("support_pause_1001@default", "support@default", paused("1001")),
        ] {
            assert_eq!(lamp_of(name), Some((queue.to_owned(), lamp.clone())));
            assert_eq!(lamp_name(queue, &lamp), name);
        }
        assert_eq!(lamp_of("support@default"), None);
        assert_eq!(lamp_name("q@x", &paused("1001@pbx")), "q_pause_1001@x");
    }
}
