//! Agents who know the caller: what a queue says of them and does not mean.

use super::Finding;
use crate::engine::QueueConfig;

/// Adds what contradicts itself in how a queue treats callers who prefer agents.
pub(super) fn of_queue(queue: &QueueConfig, findings: &mut Vec<Finding>) {
    let troubles = [never_ends(queue), key_of_nobody(queue)];
    let troubles = troubles.into_iter().flatten();
    findings.extend(troubles.map(|trouble| Finding::queue(&queue.name, trouble)));
}

fn never_ends(queue: &QueueConfig) -> Option<String> {
    (queue.sticky_only && queue.max_wait_time == 0).then(|| {
        "sticky-only without max-wait-time: a caller whose agent is away waits for ever. Set max-wait-time.".to_owned()
    })
}

fn key_of_nobody(queue: &QueueConfig) -> Option<String> {
    let key = queue.sticky_key.as_deref().filter(|_| queue.sticky_days == 0)?;
    Some(format!(
        "sticky-key ({key}) does nothing: nobody is remembered without sticky-days. Set sticky-days."
    ))
}

#[cfg(test)]
mod tests {
    use crate::config::check::tests::found_in_queue;

    #[test]
    fn a_sticky_wait_leaves_time_for_others() {
        let found = found_in_queue(&[("sticky-wait", "60"), ("max-wait-time", "60")]);
        assert!(found.len() == 1 && found[0].contains("sticky-wait"), "{found:?}");
        let right: [&[(&str, &str)]; 3] = [
            &[("sticky-wait", "59"), ("max-wait-time", "60")],
            &[("sticky-wait", "60")],
            &[("sticky-wait", "60"), ("max-wait-time", "60"), ("sticky-only", "true")],
        ];
        for params in right {
            assert_eq!(found_in_queue(params), Vec::<String>::new(), "{params:?}");
        }
    }

    #[test]
    fn whoever_waits_for_one_agent_alone_has_an_end() {
        let found = found_in_queue(&[("sticky-only", "true")]);
        assert!(found.len() == 1 && found[0].contains("for ever"), "{found:?}");
    }

    #[test]
    fn a_key_is_for_whom_the_queue_remembers() {
        let found = found_in_queue(&[("sticky-key", "customer_id")]);
        assert!(found.len() == 1 && found[0].contains("sticky-days"), "{found:?}");
        assert!(found_in_queue(&[("sticky-key", "customer_id"), ("sticky-days", "7")]).is_empty());
    }
}
