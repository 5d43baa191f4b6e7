//! What the stock module gets wrong, by the numbers of FreeSWITCH's and FusionPBX's issues, where no other test has it.

use super::*;

impl Centre {
    fn cancels(&self) -> usize {
        let cancels = |output: &&Output| matches!(output, Output::CancelRing { .. });
        self.outputs.iter().filter(cancels).count()
    }

    fn external_calls(&self, agent: &str) -> i64 {
        self.agent_row(agent).external_calls_count
    }
}

fn configured(status: AgentStatus) -> AgentConfig {
    AgentConfig {
        name: "a".to_owned(),
        agent_type: AgentType::parse("callback").expect("a known type"),
        contact: None,
        status: Some(status),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    }
}

#[test]
fn a_change_between_two_available_statuses_leaves_the_ring_alone() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("1");
    centre.one_ring();
    centre.status("a", "Available (On Demand)");
    centre.status("a", "Available");
    centre.pass(5);
    assert_eq!((centre.cancels(), centre.rings()), (0, vec![]));
    assert_eq!(centre.agent_row("a").state, AgentState::Receiving);
}

/// PR 614.
#[test]
fn external_calls_never_count_below_zero() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let (agent, starts) = ("a".to_owned(), "a".to_owned());
    centre.tell(Input::ExternalCallEnded { agent });
    assert_eq!(centre.external_calls("a"), 0);
    centre.tell(Input::ExternalCallStarted { agent: starts });
    assert_eq!(centre.external_calls("a"), 1);
}

/// PR 39, across a restart.
#[test]
fn a_restart_leaves_a_status_alone_unless_the_configuration_has_changed() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::ApplyAgent(configured(AgentStatus::LoggedOut)));
    centre.status("a", "Available");
    let statuses = centre.outputs.iter().filter_map(|output| match output {
        Output::Row(RowChange::Configured { agent, setting, value }) => {
            Some((agent.clone(), setting.clone(), value.clone()?))
        }
        _ => None,
    });
    let snapshot = Snapshot {
        agents: centre.engine.agent_rows(),
        configured: statuses.collect(),
        ..Snapshot::default()
    };
    let mut after = Centre::new("longest-idle-agent");
    after.tell(Input::Restore(snapshot));
    after.tell(Input::ApplyAgent(configured(AgentStatus::LoggedOut)));
    assert_eq!(after.agent_row("a").status, AgentStatus::Available);
    after.tell(Input::ApplyAgent(configured(AgentStatus::OnBreak)));
    assert_eq!(after.agent_row("a").status, AgentStatus::OnBreak);
}

#[test]
fn ring_progressively_rings_one_more_after_its_delay_and_not_before() {
    let mut centre = Centre::with_queue(QueueConfig {
        strategy: "ring-progressively".to_owned(),
        ring_progressively_delay: 7,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 2);
    centre.caller("1");
    assert_eq!(centre.one_ring().agent, "a");
    centre.pass(6);
    assert_eq!(centre.rings(), vec![]);
    centre.pass(1);
    assert_eq!(centre.one_ring().agent, "b");
}

/// PR 5720 of FusionPBX.
#[test]
fn ring_all_rings_each_phone_once_and_on() {
    let mut centre = Centre::new("ring-all");
    for name in ["a", "b", "c"] {
        centre.agent(name, 1, 1);
    }
    centre.caller("1");
    assert_eq!(centre.rings().len(), 3);
    centre.pass(55);
    assert_eq!((centre.cancels(), centre.rings()), (0, vec![]));
}

/// In stock each agent who becomes free rings for the first caller only, is stopped when another answers, and rings again.
#[test]
fn callers_who_wait_share_the_agents_of_ring_all() {
    let mut centre = Centre::new("ring-all");
    let session_of = |ring: &Ring| ring.member_session_uuid.clone();
    for number in ["1", "2", "3"] {
        centre.caller(number);
    }
    let mut rung = Vec::new();
    for name in ["a", "b", "c", "d"] {
        centre.agent(name, 1, 1);
        rung.push(session_of(&centre.one_ring()));
    }
    let [first, second, third, again] = rung.as_slice() else {
        unreachable!()
    };
    assert!(first != second && second != third && first != third);
    assert_eq!(
        again, first,
        "when a phone rings for everybody, the first in line gets one more"
    );
    centre.pass(3);
    for name in ["e", "f"] {
        centre.agent(name, 1, 1);
        let expected = if name == "e" { first } else { second };
        assert_eq!(
            session_of(&centre.one_ring()),
            *expected,
            "phones that nobody answers do not count"
        );
    }
}

/// 1822.
#[test]
fn nothing_but_a_load_brings_an_unloaded_queue_back() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.status("a", "Logged Out");
    let member = centre.caller("1");
    centre.tell(Input::UnloadQueue(QUEUE.to_owned()));
    centre.status("a", "Available");
    assert_eq!(centre.engine.member_rows(Some(QUEUE), centre.now).len(), 1);
    centre.leave(member);
    centre.pass(600);
    assert_eq!(centre.rings(), vec![]);
    assert!(!centre.engine.queue_is_loaded(QUEUE));
}
