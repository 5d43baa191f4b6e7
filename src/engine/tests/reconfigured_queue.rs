//! A queue that is configured anew while members wait: they are under the new rules at once.

use super::*;

impl Centre {
    fn is_released(&self) -> bool {
        self.outputs.iter().any(|output| matches!(output, Output::Release(_)))
    }

    /// A member rings an agent while the limit is reached.
    fn overdue(config: QueueConfig) -> (Self, Ring) {
        let mut centre = Self::with_queue(config);
        centre.agent("a1", 1, 1);
        centre.caller("100");
        let ring = centre.one_ring();
        centre.pass(6);
        (centre, ring)
    }
}

fn limited(seconds: u32) -> QueueConfig {
    QueueConfig {
        max_wait_time: seconds,
        ..QueueConfig::named(QUEUE)
    }
}

/// Sets one parameter as a command does.
fn set(key: &str, value: &str) -> Input {
    let parameter = find_parameter(QUEUE_PARAMETERS, key).expect("a known parameter");
    let like = QueueConfig::named(QUEUE);
    Input::QueueSet {
        queue: QUEUE.to_owned(),
        setting: parameter.assign(&like, value).expect("a value that it takes"),
    }
}

#[test]
fn a_limit_set_by_command_counts_at_once_and_is_lifted_at_once() {
    let mut centre = Centre::with_queue(limited(0));
    centre.caller("100");
    centre.pass(10);
    centre.tell(set("max_wait_time", "15"));
    centre.pass(3);
    centre.tell(set("max_wait_time", "0"));
    centre.pass(30);
    assert!(!centre.is_released());
    centre.tell(set("max_wait_time", "50"));
    centre.pass(7);
    assert!(centre.is_released());
}

#[test]
fn a_strategy_set_by_command_rings_everybody_and_the_figures_stay() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let first = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, first);
    centre.hang_up(&ring);
    let answered = centre.engine.queues()[0].calls_answered;
    assert_eq!(answered, 1);
    centre.tell(set("strategy", "Ring-All"));
    assert_eq!(centre.engine.queues()[0].calls_answered, 1);
    centre.agent("a2", 1, 2);
    centre.caller("101");
    assert_eq!(centre.rings().len(), 2);
}

#[test]
fn a_queue_that_is_not_loaded_has_nothing_to_set() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::UnloadQueue(QUEUE.to_owned()));
    let refused = centre.try_tell(set("max_wait_time", "15"));
    assert_eq!(refused, Err(EngineError::QueueNotFound));
}

#[test]
fn a_limit_that_was_reached_and_is_lifted_no_longer_holds() {
    for lifted in [0, 100] {
        let (mut centre, ring) = Centre::overdue(limited(5));
        centre.agent("a2", 1, 2);
        centre.tell(Input::LoadQueue(limited(lifted)));
        centre.fail(&ring, HangupCause::NO_ANSWER);
        assert!(!centre.is_released());
        assert_eq!(centre.one_ring().agent, "a2");
    }
}

#[test]
fn a_limit_that_is_still_reached_holds() {
    let (mut centre, ring) = Centre::overdue(limited(5));
    centre.tell(Input::LoadQueue(limited(6)));
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert!(centre.is_released());
}

#[test]
fn a_limit_without_agents_that_is_lifted_no_longer_holds() {
    let without_agents = QueueConfig {
        max_wait_time_with_no_agent: 5,
        max_wait_time_with_no_agent_time_reached: 0,
        ..QueueConfig::named(QUEUE)
    };
    let mut centre = Centre::with_queue(without_agents);
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.status("a1", "Logged Out");
    centre.pass(4);
    centre.tell(Input::LoadQueue(limited(0)));
    centre.fail(&ring, HangupCause::ORIGINATOR_CANCEL);
    centre.pass(10);
    assert!(!centre.is_released());
    centre.status("a1", "Available");
    assert_eq!(centre.one_ring().agent, "a1");
}

#[test]
fn a_new_limit_counts_from_the_beginning_of_the_wait() {
    let mut centre = Centre::with_queue(limited(0));
    centre.caller("100");
    centre.pass(10);
    centre.tell(Input::LoadQueue(limited(15)));
    centre.pass(4);
    assert!(!centre.is_released());
    centre.pass(1);
    assert!(centre.is_released());
}

#[test]
fn new_tier_rules_open_a_level_at_once() {
    let rules = |seconds| QueueConfig {
        tier_rules_apply: true,
        tier_rule_wait_second: seconds,
        tier_rule_no_agent_no_wait: false,
        ..QueueConfig::named(QUEUE)
    };
    let mut centre = Centre::with_queue(rules(600));
    centre.agent("a1", 1, 1);
    centre.caller("100");
    centre.pass(30);
    assert!(centre.rings().is_empty());
    centre.tell(Input::LoadQueue(rules(40)));
    assert!(centre.rings().is_empty());
    centre.pass(10);
    assert_eq!(centre.one_ring().agent, "a1");
}
