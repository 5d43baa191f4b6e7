//! A large configuration is judged by the work it makes, not by the clock (FreeSWITCH #1968): `benches/engine` has the times.

use super::*;

const QUEUES: usize = 100;
const AGENTS: usize = 1_000;
const TIERS_OF_AGENT: usize = 3;

/// What a configuration with a thousand agents, three thousand tiers and a hundred queues asks of the engine.
fn configuration() -> Vec<Input> {
    let queues = (0..QUEUES).map(|queue| Input::LoadQueue(QueueConfig::named(format!("q{queue}"))));
    let agents = (0..AGENTS).map(|agent| {
        Input::ApplyAgent(AgentConfig {
            name: format!("a{agent}"),
            agent_type: AgentType::parse("callback").expect("a known type"),
            contact: Some(format!("user/{agent}")),
            status: Some(AgentStatus::Available),
            skills: None,
            attributes: vec![wrap_up_time()],
            limits: Vec::new(),
        })
    });
    let tiers = (0..AGENTS * TIERS_OF_AGENT).map(|tier| {
        Input::ApplyTier(TierConfig {
            queue: format!("q{}", tier % QUEUES),
            agent: format!("a{}", tier / TIERS_OF_AGENT),
            level: 1,
            position: 1,
        })
    });
    queues.chain(agents).chain(tiers).collect()
}

fn wrap_up_time() -> Assignment<AgentRow> {
    match attribute("wrap_up_time", 10) {
        AgentSetting::Attribute(wrap_up_time) => wrap_up_time,
        other => panic!("{other:?}"),
    }
}

/// How many rows of each table were put out since the last call: agents and tiers, then everything else.
fn rows(centre: &mut Centre) -> (usize, usize, usize) {
    let (mut agents, mut tiers, mut others) = (0, 0, 0);
    for output in std::mem::take(&mut centre.outputs) {
        match output {
            Output::Row(RowChange::Agent(_)) => agents += 1,
            Output::Row(RowChange::Tier(_)) => tiers += 1,
            Output::Row(_) => others += 1,
            _ => {}
        }
    }
    (agents, tiers, others)
}

#[test]
fn a_load_writes_each_row_once_and_a_reload_nothing_new() {
    let mut centre = Centre::new("longest-idle-agent");
    for input in configuration() {
        centre.tell(input);
    }
    let (agents, tiers, others) = rows(&mut centre);
    assert_eq!((agents, tiers), (AGENTS, AGENTS * TIERS_OF_AGENT));
    // Of our own tables: each of the four settings of an agent, and each tier, came from the configuration.
    assert_eq!(others, 4 * AGENTS + AGENTS * TIERS_OF_AGENT);

    let before = (centre.engine.agent_rows(), centre.engine.tier_rows());
    for input in configuration() {
        centre.tell(input);
    }
    let (agents, tiers, others) = rows(&mut centre);
    // The same rows again, which the store knows and does not write.
    assert!(
        agents <= AGENTS && tiers <= AGENTS * TIERS_OF_AGENT,
        "{agents}, {tiers}"
    );
    assert_eq!(others, 0);
    assert_eq!((centre.engine.agent_rows(), centre.engine.tier_rows()), before);
}

#[test]
fn a_reload_of_one_queue_puts_out_rows_of_its_own_tiers_only() {
    let mut centre = Centre::new("longest-idle-agent");
    for input in configuration() {
        centre.tell(input);
    }
    rows(&mut centre);
    centre.tell(Input::LoadQueue(QueueConfig::named("q7")));
    assert_eq!(rows(&mut centre), (0, 0, 0));
    for input in configuration() {
        if matches!(&input, Input::ApplyTier(tier) if tier.queue == "q7") {
            centre.tell(input);
        }
    }
    let (agents, tiers, others) = rows(&mut centre);
    assert!(tiers <= AGENTS * TIERS_OF_AGENT / QUEUES, "{tiers}");
    assert_eq!((agents, others), (0, 0));
}

#[test]
fn the_other_tiers_of_an_agent_who_goes_from_call_to_call_are_not_put_out() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    for queue in 0..QUEUES {
        centre.tell(Input::LoadQueue(QueueConfig::named(format!("q{queue}"))));
        centre.tell(Input::TierAdd(TierConfig {
            queue: format!("q{queue}"),
            agent: "a".to_owned(),
            level: 1,
            position: 1,
        }));
    }
    let first = centre.caller("first");
    let ring = centre.one_ring();
    centre.talk(&ring, first);
    centre.caller("second");
    rows(&mut centre);
    centre.hang_up(&ring);
    let (_, tiers, _) = rows(&mut centre);
    // The one the calls come through: from `Active Inbound` to `Offering`.
    assert_eq!(tiers, 1);
}
