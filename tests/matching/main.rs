//! The engine matches members and agents as a naive matcher does that looks at everybody, with skills, priorities, level rules, what
//! callers ask for, and whom they prefer.

mod naive;

use mod_callcenter::engine::{
    AgentRow, AgentSetting, AgentStatus, AgentType, CallerRequirements, Engine, HangupCause, Input, JoinRequest,
    LevelLimits, LevelRules, OfferId, Output, PreferredAgents, QueueConfig, Reply, RequiredSkills, Settings, Skills,
    Snapshot, TalkEnd, TierConfig, Timestamp,
};
use naive::{Member, Naive};
use proptest::prelude::{any, prop, prop_oneof, proptest, ProptestConfig, Strategy};
use std::collections::BTreeMap;

const AGENTS: usize = 5;
const START: i64 = 1_000_000;

/// One requirement: a skill and its least level.
type Need = (&'static str, i64);

/// What agents can do.
const SKILLS: [&[Need]; 6] = [
    &[],
    &[("x", 1)],
    &[("y", 3)],
    &[("x", 1), ("y", 1)],
    &[("x", 2), ("y", 5), ("z", 1)],
    &[("z", 4)],
];
/// What queues and callers ask for.
const REQUIRED: [&[Need]; 7] = [
    &[],
    &[("x", 1)],
    &[("y", 2)],
    &[("x", 1), ("y", 3)],
    &[("z", 1), ("x", 2), ("y", 1)],
    &[("y", 1)],
    &[("x", 3)],
];
/// Rules as they are written, and as lists of seconds and the limits from then on.
const RULES: [(&str, &[(i64, Limits)]); 4] = [
    ("", &[]),
    ("20:1", &[(20, (Some(1), None, None))]),
    (
        "10:1:1,30:+1:-1,60:9",
        &[
            (10, (Some(1), Some(1), None)),
            (30, (Some(2), Some(0), None)),
            (60, (Some(9), Some(0), None)),
        ],
    ),
    (
        "15:::2,45:2:0:0",
        &[(15, (None, None, Some(2))), (45, (Some(2), Some(0), Some(0)))],
    ),
];

/// Highest, lowest and raised level.
type Limits = (Option<i64>, Option<i64>, Option<i64>);

#[derive(Debug, Clone)]
struct Queue {
    required: usize,
    relax: i64,
    rules: usize,
    priority: u32,
    /// `sticky-wait` and `sticky-only`.
    patience: i64,
    only: bool,
    /// By agent: level of the tier, where there is one.
    tiers: [Option<i64>; AGENTS],
}

#[derive(Debug, Clone)]
struct Centre {
    queues: Vec<Queue>,
    skills: [usize; AGENTS],
}

#[derive(Debug, Clone)]
enum Step {
    /// A caller with these skills asked for, this highest level and this score, who prefers these agents.
    Join {
        queue: usize,
        required: usize,
        max: Option<i64>,
        score: i64,
        preferred: Vec<usize>,
    },
    HangUp(usize),
    Pass(i64),
    Skills {
        agent: usize,
        skills: usize,
    },
}

fn written(needs: &[Need]) -> String {
    needs
        .iter()
        .map(|(name, level)| format!("{name}={level}"))
        .collect::<Vec<_>>()
        .join(",")
}

fn skills(pick: usize) -> Skills {
    Skills::parse(&written(SKILLS[pick])).expect("skills")
}

fn required(pick: usize) -> RequiredSkills {
    RequiredSkills::parse(&written(REQUIRED[pick])).expect("required skills")
}

/// The engine, whose agents answer at once.
struct Trial {
    engine: Engine,
    naive: Naive,
    talks: BTreeMap<usize, OfferId>,
    members: usize,
}

impl Trial {
    fn new(centre: Centre) -> Self {
        let mut trial = Self {
            engine: Engine::new(Settings::default(), 1),
            naive: Naive {
                now: START,
                waiting: Vec::new(),
                free_since: std::array::from_fn(|agent| Some(last_talk(agent))),
                centre: centre.clone(),
            },
            talks: BTreeMap::new(),
            members: 0,
        };
        let agents = (0..AGENTS).map(|agent| {
            let agent_type = AgentType::parse("callback").expect("a type");
            AgentRow {
                status: AgentStatus::Available,
                last_bridge_end: last_talk(agent),
                ..AgentRow::new(name(agent), Settings::default().instance_id, agent_type)
            }
        });
        trial.tell(Input::Restore(Snapshot {
            agents: agents.collect(),
            ..Snapshot::default()
        }));
        for (number, queue) in centre.queues.iter().enumerate() {
            trial.tell(Input::LoadQueue(QueueConfig {
                priority: queue.priority,
                required_skills: required(queue.required),
                skill_relax_seconds: u32::try_from(queue.relax).expect("seconds"),
                level_rules: LevelRules::parse(RULES[queue.rules].0).expect("rules"),
                sticky_wait: u32::try_from(queue.patience).expect("seconds"),
                sticky_only: queue.only,
                ..QueueConfig::named(format!("q{number}"))
            }));
            for (agent, level) in queue.tiers.iter().enumerate() {
                if let Some(level) = *level {
                    trial.tell(Input::TierAdd(TierConfig {
                        queue: format!("q{number}"),
                        agent: name(agent),
                        level,
                        position: 1,
                    }));
                }
            }
        }
        for (agent, pick) in centre.skills.into_iter().enumerate() {
            trial.set_skills(agent, pick);
        }
        trial
    }

    fn set_skills(&mut self, agent: usize, pick: usize) {
        self.naive.centre.skills[agent] = pick;
        self.tell(Input::AgentSet {
            name: name(agent),
            setting: AgentSetting::Skills(skills(pick)),
        });
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.naive.now)
    }

    fn tell(&mut self, input: Input) -> Reply {
        let now = self.now();
        self.engine.handle_input(now, input).expect("a legal input")
    }

    /// The engine's pairs since the last time; each talks from now on.
    fn pairs(&mut self) -> Vec<(String, usize)> {
        let mut pairs = Vec::new();
        let mut rings = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            if let Output::Ring(ring) = output {
                rings.push(ring);
            }
        }
        for ring in rings {
            let agent = (0..AGENTS)
                .find(|agent| name(*agent) == ring.agent)
                .expect("a known agent");
            self.talks.insert(agent, ring.offer);
            self.tell(Input::OfferAnswered {
                offer: ring.offer,
                agent_uuid: format!("leg-{agent}"),
            });
            self.tell(Input::OfferBridged { offer: ring.offer });
            pairs.push((ring.member_uuid, agent));
        }
        pairs
    }

    fn compare(&mut self, step: &str, freed: &[usize]) {
        let (engine, naive) = (self.pairs(), self.naive.match_all(freed));
        assert_eq!(
            engine,
            naive,
            "after {step} at {}: engine, naive",
            self.naive.now - START
        );
    }

    fn take(&mut self, step: &Step) {
        let mut freed = Vec::new();
        match step {
            Step::Join {
                queue,
                required,
                max,
                score,
                preferred,
            } => self.join(*queue, (*required, *max), *score, preferred),
            Step::HangUp(pick) => {
                let Some(agent) = self.talks.keys().nth(pick % self.talks.len().max(1)).copied() else {
                    return;
                };
                let offer = self.talks.remove(&agent).expect("a talk");
                self.naive.now += 1;
                self.wake();
                self.compare("a second", &[]);
                self.naive.free_since[agent] = Some(self.naive.now);
                freed.push(agent);
                self.tell(Input::AgentLegEnded {
                    offer,
                    cause: HangupCause::NORMAL_CLEARING,
                    by: TalkEnd::Agent,
                });
            }
            Step::Pass(seconds) => {
                for _ in 0..*seconds {
                    self.naive.now += 1;
                    self.wake();
                    self.compare("a second", &[]);
                }
            }
            Step::Skills { agent, skills } => {
                self.set_skills(*agent, *skills);
                freed.extend(0..AGENTS);
            }
        }
        self.compare(&format!("{step:?}"), &freed);
    }

    /// Deadlines come before what else happens at that instant.
    fn wake(&mut self) {
        let now = self.now();
        self.engine.handle_timeout(now);
    }

    fn join(&mut self, queue: usize, (required_pick, max): (usize, Option<i64>), score: i64, preferred: &[usize]) {
        let queue = queue % self.naive.centre.queues.len();
        self.members += 1;
        let name = format!("m{}", self.members);
        self.naive.waiting.push(Member {
            name: name.clone(),
            queue,
            required: required_pick,
            max,
            score,
            joined: self.naive.now,
            number: self.members,
            preferred: preferred.to_vec(),
        });
        let list = list_of(preferred);
        self.tell(Input::MemberJoin(JoinRequest {
            queue: format!("q{queue}"),
            session_uuid: format!("s{}", self.members),
            new_member_uuid: name,
            base_score: score,
            preferred: list,
            requirements: CallerRequirements {
                skills: required(required_pick),
                levels: LevelLimits {
                    max,
                    ..LevelLimits::default()
                },
                ..CallerRequirements::default()
            },
            ..JoinRequest::default()
        }));
    }
}

fn list_of(agents: &[usize]) -> PreferredAgents {
    let names: Vec<String> = agents.iter().map(|agent| name(*agent)).collect();
    PreferredAgents::parse(&names.join(",")).0
}

fn name(agent: usize) -> String {
    format!("a{agent}")
}

/// All agents have talked at some other time, so that no two are equal.
fn last_talk(agent: usize) -> i64 {
    START - 1_000 + i64::try_from(agent * 7 % AGENTS).expect("small")
}

fn queue() -> impl Strategy<Value = Queue> {
    let relax = prop_oneof![proptest::strategy::Just(0), 1..30_i64];
    let patience = prop_oneof![proptest::strategy::Just(0), 1..40_i64];
    let sticky = (patience, prop::bool::weighted(0.15));
    let tiers = prop::array::uniform5(prop::option::weighted(0.6, 0..4_i64));
    let all = (0..REQUIRED.len(), relax, 0..RULES.len(), 0..3_u32, sticky, tiers);
    all.prop_map(|(required, relax, rules, priority, (patience, only), tiers)| Queue {
        required,
        relax,
        rules,
        priority,
        patience,
        only,
        tiers,
    })
}

fn centre() -> impl Strategy<Value = Centre> {
    (
        prop::collection::vec(queue(), 1..4),
        prop::array::uniform5(0..SKILLS.len()),
    )
        .prop_map(|(queues, skills)| Centre { queues, skills })
}

fn step() -> impl Strategy<Value = Step> {
    let asked = prop_oneof![proptest::strategy::Just(0), 0..REQUIRED.len()];
    let max = prop::option::weighted(0.3, 0..4_i64);
    let nobody = proptest::strategy::Just(Vec::new());
    let preferred = prop_oneof![nobody, prop::collection::vec(0..AGENTS, 1..3)];
    prop_oneof![
        5 => (any::<usize>(), asked, max, 0..40_i64, preferred)
            .prop_map(|(queue, required, max, score, preferred)| Step::Join { queue, required, max, score, preferred }),
        4 => any::<usize>().prop_map(Step::HangUp),
        2 => (1..25_i64).prop_map(Step::Pass),
        1 => (0..AGENTS, 0..SKILLS.len()).prop_map(|(agent, skills)| Step::Skills { agent, skills }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_a_naive_matcher(centre in centre(), steps in prop::collection::vec(step(), 1..60)) {
        let mut trial = Trial::new(centre);
        for step in &steps {
            trial.take(step);
        }
    }
}
