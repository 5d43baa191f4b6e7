//! Callers and the agents who talked to them last.

use crate::engine::rows::caller::CallerRow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many callers of one queue are remembered. Whoever called longest ago is forgotten for the next one.
pub(in crate::engine) const MOST_CALLERS: usize = 100_000;

/// The callers of one queue.
#[derive(Debug, Default)]
struct OfQueue {
    by_caller: BTreeMap<Arc<str>, (Arc<str>, i64)>,
    by_age: BTreeSet<(i64, Arc<str>)>,
}

/// Callers, by queue.
#[derive(Debug, Default)]
pub(in crate::engine) struct Callers(BTreeMap<String, OfQueue>);

impl Callers {
    /// Who talked to a caller last, if that was not before this second.
    pub fn last_agent(&self, queue: &str, caller: &str, since: i64) -> Option<&str> {
        let (agent, at) = self.0.get(queue)?.by_caller.get(caller)?;
        (*at >= since).then_some(agent)
    }

    /// Somebody has talked to a caller.
    pub fn note(&mut self, row: &CallerRow) {
        let known = self.0.entry(row.queue.clone()).or_default();
        let caller: Arc<str> = row.caller.as_str().into();
        let talk = (Arc::from(row.agent.as_str()), row.last_talk_epoch);
        if let Some((_, before)) = known.by_caller.insert(Arc::clone(&caller), talk) {
            known.by_age.remove(&(before, Arc::clone(&caller)));
        }
        known.by_age.insert((row.last_talk_epoch, caller));
    }

    /// Forgets the caller of a queue who talked longest ago, where that was before this second or there are too many; who it was.
    pub fn forget_oldest(&mut self, queue: &str, since: i64) -> Option<String> {
        let known = self.0.get_mut(queue)?;
        let (at, _) = known.by_age.first()?;
        if *at >= since && known.by_age.len() <= MOST_CALLERS {
            return None;
        }
        let (_, caller) = known.by_age.pop_first()?;
        known.by_caller.remove(&caller);
        Some(caller.to_string())
    }

    /// How many callers of a queue are remembered.
    pub fn of_queue(&self, queue: &str) -> usize {
        self.0.get(queue).map_or(0, |known| known.by_age.len())
    }

    /// Forgets one caller, in whatever queue; where it was known.
    pub fn forget(&mut self, caller: &str) -> Vec<String> {
        let mut queues = Vec::new();
        for (queue, known) in &mut self.0 {
            if let Some((caller, (_, at))) = known.by_caller.remove_entry(caller) {
                known.by_age.remove(&(at, caller));
                queues.push(queue.clone());
            }
        }
        queues
    }

    /// What is kept of one caller, by queue.
    pub fn of_caller(&self, caller: &str) -> Vec<CallerRow> {
        let known = self.0.iter().filter_map(|(queue, known)| {
            let (agent, at) = known.by_caller.get(caller)?;
            Some(CallerRow {
                queue: queue.clone(),
                caller: caller.to_owned(),
                agent: agent.to_string(),
                last_talk_epoch: *at,
            })
        });
        known.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(caller: &str, agent: &str, at: i64) -> CallerRow {
        CallerRow {
            queue: "q".to_owned(),
            caller: caller.to_owned(),
            agent: agent.to_owned(),
            last_talk_epoch: at,
        }
    }

    #[test]
    fn the_last_talk_counts_until_it_is_too_long_ago() {
        let mut callers = Callers::default();
        callers.note(&talk("100", "a", 10));
        callers.note(&talk("100", "b", 20));
        assert_eq!(callers.last_agent("q", "100", 20), Some("b"));
        assert_eq!(callers.last_agent("q", "100", 21), None);
        assert_eq!(callers.last_agent("other", "100", 0), None);
        assert_eq!(callers.of_queue("q"), 1);
    }

    #[test]
    fn the_oldest_go_first() {
        let mut callers = Callers::default();
        for (caller, at) in [("new", 30), ("old", 10), ("middle", 20)] {
            callers.note(&talk(caller, "a", at));
        }
        assert_eq!(callers.forget_oldest("q", 21).as_deref(), Some("old"));
        assert_eq!(callers.forget_oldest("q", 21).as_deref(), Some("middle"));
        assert_eq!(callers.forget_oldest("q", 21), None);
        assert_eq!(callers.of_caller("new"), [talk("new", "a", 30)]);
        assert_eq!(callers.forget("new"), ["q"]);
        assert_eq!(callers.of_caller("new"), []);
    }

    #[test]
    fn there_are_never_too_many() {
        let mut callers = Callers::default();
        for at in 0..=MOST_CALLERS {
            callers.note(&talk(&at.to_string(), "a", i64::try_from(at).expect("small")));
        }
        assert_eq!(callers.forget_oldest("q", 0).as_deref(), Some("0"));
        assert_eq!(callers.forget_oldest("q", 0), None);
    }
}
