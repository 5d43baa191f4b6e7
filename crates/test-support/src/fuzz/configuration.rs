//! callcenter.conf.xml: whatever it holds, what comes out of it is within its bounds, and a call centre can be run with it.

use super::office::Office;
use mod_callcenter::engine::{AgentRow, LONGEST_CONTACT, LONGEST_NAME};

/// Reads the text, checks what came out, and loads it.
///
/// # Panics
/// When something is out of its bounds.
pub fn run(data: &[u8]) {
    let Ok((office, read)) = Office::configured(&String::from_utf8_lossy(data)) else {
        return;
    };
    for warning in &read.warnings {
        assert!(warning.contains('<') && warning.ends_with('.'), "{warning:?}");
    }
    for queue in &read.queues {
        assert!(!queue.name.is_empty() && queue.name.chars().count() <= LONGEST_NAME);
        let seconds = [
            queue.max_wait_time,
            queue.announce_frequency,
            queue.discard_abandoned_after,
        ];
        assert!(seconds.iter().all(|seconds| *seconds <= 86_400), "{queue:?}");
    }
    for agent in &read.agents {
        assert!(!agent.name.is_empty() && agent.name.chars().count() <= LONGEST_NAME);
        assert!(agent
            .contact
            .as_ref()
            .is_none_or(|contact| contact.chars().count() <= LONGEST_CONTACT));
        let mut row = AgentRow::new(&agent.name, "", agent.agent_type.clone());
        for attribute in &agent.attributes {
            attribute.apply(&mut row);
        }
        let numbers = [row.max_no_answer, row.wrap_up_time, row.busy_delay_time];
        assert!(
            numbers.iter().all(|number| (0..=i64::from(i32::MAX)).contains(number)),
            "{agent:?}"
        );
    }
    office.join("5551234");
    office.check_lists();
    for queue in &read.queues {
        let reply = office
            .console
            .config(&format!("queue reload '{}'", queue.name.replace(['\'', '\\'], "")));
        assert!(reply == "+OK\n" || reply.starts_with("-ERR"), "{reply}");
    }
    office.check_lists();
}
