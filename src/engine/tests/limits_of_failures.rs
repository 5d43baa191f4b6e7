//! Offers that fail otherwise than unanswered: the pause of a phone that is not registered, and limits (FreeSWITCH #152, #153).

use super::*;

/// One kind of failure: its limit, its cause, and how events call it.
const KINDS: [(&str, HangupCause, &str); 3] = [
    ("max_rejected", HangupCause::CALL_REJECTED, "rejected"),
    ("max_busy", HangupCause::USER_BUSY, "busy"),
    ("max_not_registered", HangupCause::USER_NOT_REGISTERED, "not-registered"),
];

impl Centre {
    fn limit(&mut self, key: &str, value: i64) {
        self.set("a", attribute(key, value));
    }

    fn limits(&self) -> AgentLimits {
        self.engine.agent_limits("a").expect("the agent is there")
    }

    /// Lets the next ring fail in this way.
    fn fails(&mut self, cause: &HangupCause) {
        self.pass(10);
        let ring = self.one_ring();
        self.fail(&ring, cause.clone());
    }
}

fn assigned(key: &str, value: &str) -> Assignment<AgentLimits> {
    let limit = find_parameter(AGENT_LIMITS, key).expect("a known limit");
    limit.assign(&AgentLimits::default(), value).expect("a value")
}

fn counts(limits: &AgentLimits) -> [i64; 3] {
    [limits.rejected_count, limits.busy_count, limits.not_registered_count]
}

#[test]
fn without_a_limit_nothing_but_unanswered_offers_takes_the_status_away() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.set("a", attribute("max_no_answer", 1));
    centre.caller("1");
    for (_, cause, _) in KINDS.iter().cycle().take(30) {
        centre.fails(cause);
    }
    assert_eq!(centre.agent_row("a").status, AgentStatus::Available);
    assert_eq!(centre.limits(), AgentLimits::default());
}

#[test]
fn a_limit_that_is_reached_takes_the_status_away_and_says_so() {
    for (limit, cause, word) in &KINDS {
        let mut centre = Centre::with_queue(QueueConfig {
            agent_no_answer_status: AgentStatus::LoggedOut,
            ..QueueConfig::named(QUEUE)
        });
        centre.agent("a", 1, 1);
        centre.limit(limit, 3);
        centre.caller("1");
        centre.fails(cause);
        centre.fails(cause);
        assert_eq!(centre.agent_row("a").status, AgentStatus::Available, "{word}");
        centre.outputs.clear();
        centre.fails(cause);
        assert_eq!(centre.agent_row("a").status, AgentStatus::LoggedOut, "{word}");
        let action = format!("agent-max-{word}");
        let told = centre.outputs.iter().find_map(|output| match output {
            Output::Event(event) if event.action() == action => Some(event),
            _ => None,
        });
        let event = told.unwrap_or_else(|| panic!("no {action}"));
        let value = |end: &str| {
            let headers = event.headers.iter();
            let header = headers.filter(|(name, _)| name.eq_ignore_ascii_case(&format!("CC-Agent-{word}-{end}")));
            header.map(|(_, value)| value.as_str()).collect::<String>()
        };
        assert_eq!(
            (value("count"), value("status")),
            ("3".to_owned(), "Logged Out".to_owned())
        );
        assert_eq!(event.header("CC-Agent"), Some("a"));
        assert_eq!(event.header("CC-Member-UUID"), Some("member-1"));
        assert_eq!(event.header("CC-Member-Session-UUID"), Some("session-1"));
    }
}

#[test]
fn an_answered_call_and_becoming_available_start_the_counts_anew() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("1");
    let fail_twice = |centre: &mut Centre| {
        for (limit, cause, _) in &KINDS {
            centre.limit(limit, 3);
            centre.fails(cause);
            centre.fails(cause);
        }
        assert_eq!(counts(&centre.limits()), [2, 2, 2]);
    };
    fail_twice(&mut centre);
    centre.status("a", "On Break");
    assert_eq!(counts(&centre.limits()), [2, 2, 2]);
    centre.status("a", "Available");
    assert_eq!(counts(&centre.limits()), [0, 0, 0]);
    fail_twice(&mut centre);
    centre.pass(10);
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    assert_eq!(counts(&centre.limits()), [0, 0, 0]);
}

#[test]
fn a_limit_that_is_lifted_forgets_its_count() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.limit("max_busy", 5);
    centre.caller("1");
    centre.fails(&HangupCause::USER_BUSY);
    assert_eq!(counts(&centre.limits()), [0, 1, 0]);
    centre.limit("max_busy", 0);
    assert_eq!(centre.limits(), AgentLimits::default());
}

#[test]
fn an_agent_whose_phone_is_not_registered_pauses_as_long_as_is_set_and_five_seconds_otherwise() {
    for (delay, pause) in [(None, 5), (Some(30), 30), (Some(0), 1)] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a", 1, 1);
        if let Some(delay) = delay {
            centre.limit("not_registered_delay_time", delay);
        }
        centre.caller("1");
        let ring = centre.one_ring();
        centre.fail(&ring, HangupCause::USER_NOT_REGISTERED);
        centre.pass(pause - 1);
        assert_eq!(centre.rings(), vec![], "{delay:?}");
        centre.pass(1);
        assert_eq!(centre.one_ring().agent, "a", "{delay:?}");
    }
}

#[test]
fn limits_survive_a_restart_and_go_with_their_agent() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.limit("max_rejected", 3);
    centre.caller("1");
    centre.fails(&HangupCause::CALL_REJECTED);
    let limits = centre.limits();
    let written = centre.outputs.iter().rev().find_map(|output| match output {
        Output::Row(RowChange::AgentLimits { agent, limits }) => Some((agent.clone(), *limits)),
        _ => None,
    });
    assert_eq!(written, Some(("a".to_owned(), limits)));

    let mut next = Centre::new("longest-idle-agent");
    next.tell(Input::Restore(Snapshot {
        agents: vec![centre.agent_row("a")],
        agent_limits: vec![("a".to_owned(), limits), ("gone".to_owned(), limits)],
        ..Snapshot::default()
    }));
    assert_eq!(next.limits(), limits);

    centre.outputs.clear();
    centre.tell(Input::AgentDel { name: "a".to_owned() });
    let gone = Output::Row(RowChange::AgentLimitsGone("a".to_owned()));
    assert!(centre.outputs.contains(&gone), "{:?}", centre.outputs);
    let agent_type = AgentType::parse("callback").expect("a known type");
    let name = "a".to_owned();
    centre.tell(Input::AgentAdd { name, agent_type });
    assert_eq!(centre.limits(), AgentLimits::default());
}

#[test]
fn the_configuration_sets_what_it_names_and_nothing_else() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.limit("max_busy", 7);
    centre.tell(Input::ApplyAgent(AgentConfig {
        name: "a".to_owned(),
        agent_type: AgentType::parse("callback").expect("a known type"),
        contact: None,
        status: None,
        attributes: Vec::new(),
        limits: vec![
            assigned("max_rejected", "2"),
            assigned("not_registered_delay_time", "60"),
        ],
        skills: None,
    }));
    let expected = AgentLimits {
        not_registered_delay_time: 60,
        max_rejected: 2,
        max_busy: 7,
        ..AgentLimits::default()
    };
    assert_eq!(centre.limits(), expected);
}
