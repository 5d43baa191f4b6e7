//! How long a caller waits whom none who is logged in could serve.

use super::*;

/// Callers wait ten seconds where nobody is logged in who could serve them.
fn impatient() -> QueueConfig {
    QueueConfig {
        max_wait_time_with_no_agent: 10,
        max_wait_time_with_no_agent_time_reached: 0,
        ..QueueConfig::named(QUEUE)
    }
}

fn left(name: &str) -> (String, CancelReason) {
    (format!("session-{name}"), CancelReason::NoAgentTimeout)
}

#[test]
fn the_clock_without_agents_runs_for_whom_none_could_serve_whoever_else_is_there() {
    let mut centre = Centre::with_queue(impatient());
    centre.agent("plain", 1, 1);
    centre.set("plain", AgentSetting::State("Idle".to_owned()));
    assert_eq!(centre.enters("gold", wishing("gold", Media::Audio)), None);
    assert_eq!(centre.enters("chat", wishing("", Media::Chat)), None);
    assert_eq!(centre.enters("any", CallerRequirements::default()), None);
    centre.pass(9);
    assert_eq!(centre.gone(), []);
    centre.pass(1);
    assert_eq!(centre.gone(), [left("gold"), left("chat")]);
    centre.pass(60);
    assert_eq!(centre.gone(), []);
}

#[test]
fn the_clock_without_agents_begins_when_the_last_who_could_serve_the_caller_goes() {
    let mut centre = Centre::with_queue(impatient());
    for agent in ["plain", "golden"] {
        centre.agent(agent, 1, 1);
        centre.set(agent, AgentSetting::State("Idle".to_owned()));
    }
    centre.learns("golden", "gold");
    assert_eq!(centre.enters("gold", wishing("gold", Media::Audio)), None);
    centre.pass(60);
    centre.status("golden", "Logged Out");
    centre.pass(9);
    centre.status("golden", "On Break");
    centre.pass(60);
    assert_eq!(centre.gone(), [], "who is on a break is logged in, as in stock");
    centre.learns("golden", "silver");
    centre.pass(10);
    assert_eq!(centre.gone(), [left("gold")]);
}

#[test]
fn who_will_do_once_less_is_asked_for_keeps_the_clock_without_agents_from_running() {
    let mut centre = Centre::with_queue(QueueConfig {
        skill_relax_seconds: 20,
        level_rules: LevelRules::parse("60:1").expect("rules"),
        ..impatient()
    });
    centre.agent("a", 2, 1);
    centre.learns("a", "german");
    centre.set("a", AgentSetting::State("Idle".to_owned()));
    assert_eq!(centre.enters("100", wishing("german,gold", Media::Audio)), None);
    centre.pass(59);
    assert_eq!(centre.gone(), []);
    centre.pass(10);
    assert_eq!(centre.gone(), [], "from here on the level is not high enough");
    centre.pass(1);
    assert_eq!(centre.gone(), [left("100")]);
}
