//! Where queueing theory has an answer, the simulated call centre gives the same: Erlang C without impatience, Erlang A with it.

use callcenter_simulator::erlang::Theory;
use callcenter_simulator::staffing::{Bench, Goal, Steady};
use callcenter_simulator::study::Estimate;
use callcenter_simulator::{Plan, Scenario};
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{AgentConfig, AgentType, QueueConfig, TierConfig};

const TALK: f64 = 180.0;
/// Long days of each load; the band is theirs.
const DAYS: u64 = 12;
const CALLERS: f64 = 2_500.0;
const GOAL: Goal = Goal {
    share: 0.8,
    seconds: 20.0,
};

/// A queue whose agents answer at once and rest never.
fn ideal(patience: &str) -> Plan {
    let agent = AgentConfig {
        name: "a".to_owned(),
        agent_type: AgentType::callback(),
        contact: Some("user/a".to_owned()),
        status: None,
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    };
    let tier = TierConfig {
        queue: "q".to_owned(),
        agent: "a".to_owned(),
        level: 1,
        position: 1,
    };
    let configuration = Configuration {
        queues: vec![QueueConfig::named("q")],
        agents: vec![agent],
        tiers: vec![tier],
        ..Configuration::default()
    };
    let text = format!("[callers]\ntalk = {{ mean = {TALK} }}\npatience = {patience}\n[team]\nanswer = 0");
    let plan = Scenario::parse(&text).and_then(|scenario| scenario.plan(&configuration, 1));
    let mut plan = plan.expect("a plan");
    plan.network.latency = callcenter_simulator::Draw::Fixed(0.0);
    plan
}

/// A figure in theory and as it was simulated.
struct Row {
    said: String,
    /// How far they are from one another, in halves of the 95 % band.
    distance: f64,
}

/// One load: agents, and how many Erlang come. Its days share no seed with those of another load: luck is not the same in all of them.
fn compare(patience: Option<f64>, agents: u32, load: f64) -> Vec<Row> {
    let text = patience.map_or_else(|| "31000000".to_owned(), |mean| format!("{{ mean = {mean} }}"));
    let rate = load / TALK * 3600.0;
    let bench = Bench::new(&ideal(&text), 0, rate, GOAL);
    let first = u64::from(agents) * 1_000 + if patience.is_some() { 500 } else { 0 };
    let days: Vec<Steady> = (first..first + DAYS)
        .map(|seed| bench.day(agents, seed, CALLERS).expect("a day"))
        .collect();
    let theory = Theory {
        arrivals: rate / 3600.0,
        service: TALK,
        patience,
        agents,
    };
    let expected = theory.expect(GOAL.seconds).expect("a steady state");
    let estimate = |of: fn(&Steady) -> (f64, f64)| Estimate::of(&days.iter().map(of).collect::<Vec<_>>());
    let rows = [
        (
            "service level",
            expected.service_level,
            estimate(|day| (day.in_time, day.callers)),
        ),
        (
            "average wait",
            expected.average_wait,
            estimate(|day| (day.waited, day.answered)),
        ),
        (
            "abandonment",
            expected.abandonment,
            estimate(|day| (day.gave_up, day.callers)),
        ),
    ];
    let row = |(name, theory, estimate): (&str, f64, Estimate)| {
        let (value, half) = (estimate.value.expect("callers"), estimate.half.expect("days"));
        let said = format!("{name}: {agents} agents, {load} Erlang, patience {patience:?}: {theory:.4} in theory, {value:.4} ± {half:.4}");
        println!("{said}");
        // Figures of waits that hardly ever happen have a band of nothing.
        let distance = ((value - theory).abs() - 1e-4).max(0.0) / half.max(1e-9);
        Row { said, distance }
    };
    rows.into_iter().map(row).collect()
}

/// Of twenty figures one is outside its 95 % band by chance, and one of a thousand by two thirds of it.
fn agrees(rows: &[Row]) {
    let beyond = |halves: f64| -> Vec<&str> {
        let rows = rows.iter().filter(|row| row.distance > halves);
        rows.map(|row| row.said.as_str()).collect()
    };
    assert_eq!(beyond(1.67), Vec::<&str>::new());
    assert!(beyond(1.0).len() <= rows.len() / 5, "{:#?}", beyond(1.0));
}

const LOADS: [(u32, f64); 5] = [(3, 2.0), (6, 4.8), (10, 8.5), (20, 17.0), (40, 36.0)];

#[test]
fn without_impatience_it_is_erlang_c() {
    let rows = LOADS.iter().flat_map(|(agents, load)| compare(None, *agents, *load));
    agrees(&rows.collect::<Vec<_>>());
}

#[test]
fn with_impatience_it_is_erlang_a() {
    let rows = LOADS
        .iter()
        .flat_map(|(agents, load)| compare(Some(120.0), *agents, load * 1.1));
    agrees(&rows.collect::<Vec<_>>());
}
