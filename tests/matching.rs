//! The engine matches members and agents as a naive matcher does that looks at everybody, with skills, priorities, level rules and
//! what callers ask for.

use mod_callcenter::engine::{
    AgentRow, AgentSetting, AgentStatus, AgentType, CallerRequirements, Engine, HangupCause, Input, JoinRequest,
    LevelLimits, LevelRules, OfferId, Output, QueueConfig, Reply, RequiredSkills, Settings, Skills, Snapshot, TalkEnd,
    TierConfig, Timestamp,
};
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
    /// A caller with these skills asked for, this highest level and this score.
    Join {
        queue: usize,
        required: usize,
        max: Option<i64>,
        score: i64,
    },
    HangUp(usize),
    Pass(i64),
    Skills {
        agent: usize,
        skills: usize,
    },
}

/// A member as the naive matcher knows it.
#[derive(Debug, Clone)]
struct Member {
    name: String,
    queue: usize,
    required: usize,
    max: Option<i64>,
    score: i64,
    joined: i64,
    number: usize,
}

/// Looks at everybody, every time.
struct Naive {
    centre: Centre,
    now: i64,
    waiting: Vec<Member>,
    /// By agent: when the last talk ended; none while the agent talks.
    free_since: [Option<i64>; AGENTS],
}

impl Naive {
    /// Pairs that are put together now: member and agent.
    fn match_all(&mut self) -> Vec<(String, usize)> {
        let mut pairs = Vec::new();
        while let Some((member, agent)) = self.best_pair() {
            let member = self.waiting.remove(member);
            self.free_since[agent] = None;
            pairs.push((member.name, agent));
        }
        pairs
    }

    fn best_pair(&self) -> Option<(usize, usize)> {
        let served =
            (0..self.waiting.len()).filter_map(|member| Some((member, self.agent_for(&self.waiting[member])?)));
        served.min_by_key(|(member, _)| {
            let member = &self.waiting[*member];
            let priority = self.centre.queues[member.queue].priority;
            (std::cmp::Reverse(priority), member.joined - member.score, member.number)
        })
    }

    /// The agent of the lowest level, then who has talked longest ago.
    fn agent_for(&self, member: &Member) -> Option<usize> {
        let candidates = (0..AGENTS).filter_map(|agent| {
            let since = self.free_since[agent]?;
            Some((self.level(member, agent)?, since, agent))
        });
        candidates.min().map(|(_, _, agent)| agent)
    }

    /// The level an agent counts as for this member; none when the agent may not serve it.
    fn level(&self, member: &Member, agent: usize) -> Option<i64> {
        let queue = &self.centre.queues[member.queue];
        let waited = self.now - member.joined;
        let own = REQUIRED[queue.required];
        let skills = SKILLS[self.centre.skills[agent]];
        let has = |needs: &[Need]| {
            needs
                .iter()
                .all(|need| skills.iter().any(|skill| skill.0 == need.0 && skill.1 >= need.1))
        };
        let steps = if queue.relax > 0 { waited / queue.relax } else { 0 };
        if !has(&relaxed(merged(own, REQUIRED[member.required]), steps)) {
            return None;
        }
        let least = relaxed(own.to_vec(), if queue.relax > 0 { 100 } else { 0 });
        let by_skill = !own.is_empty() && has(&least);
        let level = queue.tiers[agent].or(by_skill.then_some(1))?;
        let rules = RULES[queue.rules].1.iter().rev().find(|(after, _)| *after <= waited);
        let (max, min, raise) = rules.map_or((None, None, None), |(_, limits)| *limits);
        let max = max.or(member.max);
        let raise = raise.map(|raise| raise.min(max.unwrap_or(raise)));
        let level = level.max(raise.unwrap_or(level));
        let admitted = max.is_none_or(|max| level <= max) && min.is_none_or(|min| level >= min);
        admitted.then_some(level)
    }
}

fn merged(queue: &[Need], caller: &[Need]) -> Vec<Need> {
    let mut needs = queue.to_vec();
    for need in caller {
        match needs.iter_mut().find(|known| known.0 == need.0) {
            Some(known) => known.1 = known.1.max(need.1),
            None => needs.push(*need),
        }
    }
    needs
}

fn relaxed(mut needs: Vec<Need>, steps: i64) -> Vec<Need> {
    for _ in 0..steps.min(100) {
        if needs.len() > 1 {
            needs.pop();
        } else if let Some(first) = needs.first_mut() {
            first.1 = 1;
        }
    }
    needs
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

    fn compare(&mut self, step: &str) {
        let (engine, naive) = (self.pairs(), self.naive.match_all());
        assert_eq!(
            engine,
            naive,
            "after {step} at {}: engine, naive",
            self.naive.now - START
        );
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Join {
                queue,
                required,
                max,
                score,
            } => self.join(*queue, *required, *max, *score),
            Step::HangUp(pick) => {
                let Some(agent) = self.talks.keys().nth(pick % self.talks.len().max(1)).copied() else {
                    return;
                };
                let offer = self.talks.remove(&agent).expect("a talk");
                self.naive.now += 1;
                self.wake();
                self.compare("a second");
                self.naive.free_since[agent] = Some(self.naive.now);
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
                    self.compare("a second");
                }
            }
            Step::Skills { agent, skills } => self.set_skills(*agent, *skills),
        }
        self.compare(&format!("{step:?}"));
    }

    /// Deadlines come before what else happens at that instant.
    fn wake(&mut self) {
        let now = self.now();
        self.engine.handle_timeout(now);
    }

    fn join(&mut self, queue: usize, required_pick: usize, max: Option<i64>, score: i64) {
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
        });
        self.tell(Input::MemberJoin(JoinRequest {
            queue: format!("q{queue}"),
            session_uuid: format!("s{}", self.members),
            new_member_uuid: name,
            base_score: score,
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

fn name(agent: usize) -> String {
    format!("a{agent}")
}

/// All agents have talked at some other time, so that no two are equal.
fn last_talk(agent: usize) -> i64 {
    START - 1_000 + i64::try_from(agent * 7 % AGENTS).expect("small")
}

fn queue() -> impl Strategy<Value = Queue> {
    let relax = prop_oneof![proptest::strategy::Just(0), 1..30_i64];
    let tiers = prop::array::uniform5(prop::option::weighted(0.6, 0..4_i64));
    (0..REQUIRED.len(), relax, 0..RULES.len(), 0..3_u32, tiers).prop_map(|(required, relax, rules, priority, tiers)| {
        Queue {
            required,
            relax,
            rules,
            priority,
            tiers,
        }
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
    prop_oneof![
        5 => (any::<usize>(), asked, max, 0..40_i64)
            .prop_map(|(queue, required, max, score)| Step::Join { queue, required, max, score }),
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
