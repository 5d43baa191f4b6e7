//! Scenarios as they are read, and what is said of those that cannot be.

use super::*;
use mod_callcenter::engine::{AgentConfig, AgentSetting, AgentType, QueueConfig, TierConfig};

fn configuration() -> Configuration {
    let agent = |name: &str| AgentConfig {
        name: name.to_owned(),
        agent_type: AgentType::parse("callback").expect("a known type"),
        contact: Some(format!("user/{name}")),
        status: None,
        limits: Vec::new(),
        skills: None,
        attributes: match AgentSetting::attribute("wrap_up_time", "15") {
            Some(Ok(AgentSetting::Attribute(wrap_up_time))) => vec![wrap_up_time],
            other => panic!("{other:?}"),
        },
    };
    let tier = |agent: &str| TierConfig {
        queue: "q".to_owned(),
        agent: agent.to_owned(),
        level: 1,
        position: 1,
    };
    Configuration {
        queues: vec![QueueConfig::named("q"), QueueConfig::named("empty")],
        agents: vec![agent("a"), agent("b")],
        tiers: vec![tier("a"), tier("b")],
        ..Configuration::default()
    }
}

fn refusal(text: &str) -> String {
    let scenario = Scenario::parse(text);
    scenario
        .and_then(|scenario| scenario.plan(&configuration(), 1))
        .expect_err("a refusal")
        .to_string()
}

#[test]
fn without_a_scenario_everybody_works_and_the_queues_are_busy() {
    let plan = Scenario::default().plan(&configuration(), 1).expect("a plan");
    assert_eq!(plan.traffic[0].calls_per_hour, [29.0]);
    assert_eq!(plan.traffic[1].calls_per_hour, [6.0]);
    assert_eq!((plan.acts.len(), plan.length), (2, Span::from_secs(8 * 3600)));
}

#[test]
fn a_queue_or_agent_of_its_own_comes_before_the_general() {
    let text = "start = '08:00'\ncallers = { talk = { mean = 60 }, patience = 5 }\n[queues.q]\npatience = { from = 1, to = 2 }\n\
                calls_per_hour = [1, 2]\n[team]\nbusy = 0.5\n[agents.b]\nbusy = 0\nshifts = ['08:00-09:00', '10:00-11:30']";
    let plan = Scenario::parse(text)
        .and_then(|scenario| scenario.plan(&configuration(), 1))
        .expect("a plan");
    assert_eq!(plan.traffic[0].patience, Draw::Uniform(1.0, 2.0));
    assert_eq!(
        (&plan.traffic[0].talk, &plan.traffic[1].patience),
        (&Draw::Exponential(60.0), &Draw::Fixed(5.0))
    );
    assert_eq!((plan.phones["a"].busy, plan.phones["b"].busy), (0.5, 0.0));
    assert_eq!(plan.acts.len(), 1 + 4);
}

#[test]
fn refusals_name_the_line_and_the_nearest_key() {
    let refused = |text: &str| {
        let scenario = Scenario::parse(text);
        scenario
            .and_then(|scenario| scenario.plan(&configuration(), 1))
            .expect_err("a refusal")
    };
    let told = |text: &str| {
        let error = refused(text);
        (error.line, error.text)
    };
    let (line, said) = told("hours = 8\n[callers]\npatience = 5\n[queues.q]\ntalks = 5");
    assert_eq!(
        (line, said.as_str()),
        (Some(5), "[queues.\"q\"] has no key talks; talk is meant, perhaps.")
    );
    assert_eq!(told("[callers]\ntalk = 5\n[queues.q]\n\ntalk = -5").0, Some(5));
    assert_eq!(told("[callers]\n\ntalk = { from = 20, to = 5 }").0, Some(3));
    assert_eq!(told("[team]\nbusy = 0\n[agents.a]\nshifts = ['x']").0, Some(4));
    assert_eq!(told("hours = 8\n\nstart = 'noon'").0, Some(3));
    assert_eq!(told("hours = 8\n[queues.sales]").0, Some(2));
    let no_day = "hours is 0; it must be more than 0, such as 8, and at most 8784, which is a year.";
    assert_eq!(told("start = '08:00'\nhours = 0"), (Some(2), no_day.to_owned()));
    assert_eq!(told("\n\nhours = 'eight'").0, Some(3));
}

#[test]
fn a_list_of_another_length_than_the_day_is_pointed_out() {
    let remarks = |text: &str| Scenario::parse(text).expect("a scenario").remarks();
    assert_eq!(remarks("hours = 2\n[callers]\ncalls_per_hour = [1, 2]"), []);
    let short = remarks("hours = 2\n[callers]\ncalls_per_half_hour = [1, 2]");
    assert_eq!((short.len(), short[0].line), (1, Some(3)));
    assert!(
        short[0].text.contains("2 numbers, the day has 4 half hours"),
        "{short:?}"
    );
    assert!(remarks("hours = 1\n[queues.q]\ncalls_per_hour = [1, 2]")[0]
        .text
        .contains("are not used"));
}

#[test]
fn half_hours_and_talks_as_they_were_measured() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("talks.txt"), "12\n# a comment\n30.5\n").expect("a file");
    let text = "[callers]\ncalls_per_half_hour = [3, 5]\ntalk = { file = 'talks.txt' }\npatience = { mean = 60, deviation = 30 }";
    let scenario = Scenario::parse(text)
        .expect("a scenario")
        .in_directory(directory.path());
    let traffic = &scenario.plan(&configuration(), 1).expect("a plan").traffic[0];
    assert_eq!(
        (traffic.rate(Span::from_secs(1799)), traffic.rate(Span::from_secs(1800))),
        (6.0, 10.0)
    );
    assert_eq!(traffic.talk, Draw::Measured([12.0, 30.5].into()));
    assert_eq!(traffic.patience, Draw::LogNormal(60.0, 30.0));
    std::fs::write(directory.path().join("talks.txt"), "12\ntwelve\n").expect("a file");
    let error = scenario.plan(&configuration(), 1).expect_err("a refusal");
    assert!(
        error.text.contains("talks.txt:2: \"twelve\"") && error.line == Some(3),
        "{error:?}"
    );
}

#[test]
fn refusals_say_what_to_do() {
    assert_eq!(
        refusal("[queues.'sales']\ntalk = 5"),
        "There is no queue sales in the configuration; there is: q, empty."
    );
    assert_eq!(
        refusal("start = 'noon'"),
        "\"noon\" is no time of day; write it as \"09:30\"."
    );
    assert_eq!(refusal("[team]\nbusy = 2"), "busy is 2; it must be from 0 to 1.");
    assert_eq!(
        refusal("[team]\nshifts = ['9-5']"),
        "\"9\" is no time of day; write it as \"09:30\"."
    );
    assert_eq!(
        refusal("[team]\nbusyness = 2"),
        "[team] has no key busyness; there is: shifts, breaks, answer, rejects, busy, no_answer, not_registered, \
         unreachable, vanishes."
    );
    assert!(refusal("[callers]\ntalk = 'long'").contains("expected seconds"));
}
