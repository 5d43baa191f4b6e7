//! A caller is never kept from an agent who would answer by those who never do, whatever the strategy and however these fail.

use crate::centre::random_tier;
use crate::watch;
use callcenter_simulator::{
    Ambushes, Dice, Draw, Network, Observer, Phone, Plan, Progress, Scene, Storage, Traffic, World,
};
use mod_callcenter::engine::{
    AgentConfig, AgentStatus, AgentType, EngineError, Input, OfferId, Output, QueueConfig, Reply, Settings, Span,
    Strategy, Timestamp,
};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

const DAYS: u64 = 400;
const QUEUE: &str = "q@default";

/// The longest a caller may wait while each of the others fails in turn; longer where lots are drawn.
const LONGEST: Span = Span::from_secs(400);
const LONGEST_WITH_LOTS: Span = Span::from_secs(3_000);

/// A few callers, one agent who answers, and up to five who never do, each in a way of their own.
fn day(seed: u64) -> Plan {
    let mut dice = Dice::new(seed, "turns");
    let agents: Vec<_> = (0..dice.between(2, 6)).map(agent).collect();
    let answers = dice.pick(&agents).map(|agent| agent.name.clone()).unwrap_or_default();
    let phones = agents.iter().map(|agent| {
        let phone = if agent.name == answers {
            Phone {
                answer: Draw::Uniform(1.0, 6.0),
                ..Phone::default()
            }
        } else {
            useless_phone(&mut dice)
        };
        (agent.name.clone(), phone)
    });
    let phones = phones.collect();
    let tiers = agents
        .iter()
        .map(|agent| random_tier(QUEUE, &agent.name, &mut dice))
        .collect();
    let strategy = Strategy::ALL[usize::try_from(seed).unwrap_or(0) % Strategy::ALL.len()];
    Plan {
        seed,
        start: Timestamp::from_secs(1_699_952_400),
        length: Span::from_secs(1_800),
        settings: Settings {
            agent_originate_timeout: 10,
            ..Settings::default()
        },
        queues: vec![QueueConfig {
            strategy: strategy.to_string(),
            retry_delay: u32::try_from(dice.between(0, 4)).unwrap_or(0),
            ring_progressively_delay: 5,
            ..QueueConfig::named(QUEUE)
        }],
        traffic: vec![Traffic {
            talk: Draw::Fixed(5.0),
            patience: Draw::Fixed(100_000.0),
            ..Traffic::new(QUEUE, 10.0)
        }],
        phones,
        network: Network::default(),
        storage: Storage::IDEAL,
        ambushes: Ambushes::default(),
        agents,
        tiers,
        acts: Vec::new(),
    }
}

/// An agent with nothing special about it, whose phone is the number's.
pub fn agent(number: i64) -> AgentConfig {
    AgentConfig {
        name: format!("a{number}"),
        agent_type: AgentType::callback(),
        contact: Some(format!("user/{number}")),
        status: Some(AgentStatus::Available),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    }
}

fn useless_phone(dice: &mut Dice) -> Phone {
    let mut phone = Phone {
        answer: Draw::Uniform(0.0, 2.0),
        ..Phone::default()
    };
    let shares = [
        &mut phone.rejects,
        &mut phone.busy,
        &mut phone.no_answer,
        &mut phone.not_registered,
        &mut phone.unreachable,
        &mut phone.oddities,
        &mut phone.vanishes,
    ];
    let which = dice.below(shares.len());
    for share in shares.into_iter().skip(which).take(1) {
        *share = 1.0;
    }
    phone
}

/// Who waits since when.
struct Waits {
    longest: Span,
    since: BTreeMap<String, Timestamp>,
    rung: BTreeMap<OfferId, String>,
    served: u32,
    finding: Option<String>,
}

impl Observer for Waits {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        match (input, reply) {
            (Input::MemberJoin(_), Ok(Reply::Joined { member_uuid, .. })) => {
                self.since.insert(member_uuid.clone(), now);
            }
            (Input::OfferBridged { offer }, Ok(_)) => {
                let member = self.rung.get(offer).cloned().unwrap_or_default();
                self.served += u32::from(self.since.remove(&member).is_some());
            }
            _ => (),
        }
    }

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, _: Timestamp, output: &Output) {
        if let Output::Ring(ring) = output {
            self.rung.insert(ring.offer, ring.member_uuid.clone());
        }
    }

    fn settled(&mut self, scene: &Scene<'_>) -> ControlFlow<()> {
        let late = self.since.iter().find(|(_, since)| scene.now > **since + self.longest);
        match late {
            Some((member, _)) => {
                self.finding = Some(format!("{member} has waited longer than {:?}", self.longest));
                ControlFlow::Break(())
            }
            None => ControlFlow::Continue(()),
        }
    }
}

#[test]
fn nobody_is_kept_from_the_agent_who_answers_by_those_who_never_do() {
    let mut served = 0;
    for seed in 0..DAYS {
        let plan = day(seed);
        let strategy = plan.queues[0].strategy();
        let draws_lots = matches!(strategy, Strategy::Random | Strategy::WeightedRandom);
        let mut waits = Waits {
            longest: if draws_lots { LONGEST_WITH_LOTS } else { LONGEST },
            since: BTreeMap::new(),
            rung: BTreeMap::new(),
            served: 0,
            finding: None,
        };
        let progress = World::new(plan.clone()).run(&mut waits);
        assert_eq!(waits.finding, None, "day {seed}, {strategy}: {:?}", plan.phones);
        assert_eq!((progress, waits.since.len()), (Progress::Over, 0), "day {seed}");
        watch::check(&plan).unwrap_or_else(|finding| panic!("day {seed}: {finding}"));
        served += waits.served;
    }
    assert!(served > 1_000, "only {served} callers were served");
}
