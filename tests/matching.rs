//! The engine matches members and agents as a naive matcher does that looks at everybody, with skills, priorities, level rules, what
//! callers ask for, and whom they prefer.

use mod_callcenter::engine::{
    AgentRow, AgentSetting, AgentStatus, AgentType, CallerRequirements, Engine, HangupCause, Input, JoinRequest,
    LevelLimits, LevelRules, OfferId, Output, PreferredAgents, QueueConfig, Reply, RequiredSkills, Settings, Skills,
    Snapshot, TalkEnd, TierConfig, Timestamp,
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
    preferred: Vec<usize>,
}

/// Who comes first: the queue's priority, then the score, then who joined first.
type Rank = (std::cmp::Reverse<u32>, i64, usize);

/// Looks at everybody, every time.
struct Naive {
    centre: Centre,
    now: i64,
    waiting: Vec<Member>,
    /// By agent: when the last talk ended; none while the agent talks.
    free_since: [Option<i64>; AGENTS],
}

impl Naive {
    /// Pairs that are put together now, member and agent: whoever was freed takes somebody, then whoever waits looks for an agent.
    fn match_all(&mut self, freed: &[usize]) -> Vec<(String, usize)> {
        let mut pairs = Vec::new();
        while let Some(member) = freed
            .iter()
            .filter_map(|agent| self.best_for(*agent))
            .min_by_key(|at| self.rank(*at))
        {
            let agent = self.agent_for(member).expect("somebody is free for the best member");
            pairs.push(self.pair(member, agent));
        }
        let in_order = |naive: &Self| {
            let mut members: Vec<usize> = (0..naive.waiting.len()).collect();
            members.sort_by_key(|at| naive.rank(*at));
            members
                .into_iter()
                .find_map(|member| Some((member, naive.agent_for(member)?)))
        };
        while let Some((member, agent)) = in_order(self) {
            pairs.push(self.pair(member, agent));
        }
        pairs
    }

    fn pair(&mut self, member: usize, agent: usize) -> (String, usize) {
        self.free_since[agent] = None;
        (self.waiting.remove(member).name, agent)
    }

    fn rank(&self, at: usize) -> Rank {
        let member = &self.waiting[at];
        let priority = self.centre.queues[member.queue].priority;
        (std::cmp::Reverse(priority), member.joined - member.score, member.number)
    }

    /// Whom a free agent takes: the best who prefers it, unless somebody better stands before that one who is of a queue with a higher
    /// priority, or has waited for its queue's `sticky-wait`; otherwise the best of all.
    fn best_for(&self, agent: usize) -> Option<usize> {
        self.free_since[agent]?;
        let all = 0..self.waiting.len();
        let served: Vec<usize> = all
            .filter(|at| self.level(&self.waiting[*at], agent).is_some())
            .collect();
        let best = |members: &mut dyn Iterator<Item = usize>| members.min_by_key(|at| self.rank(*at));
        let is_own = |at: &usize| self.may_wait(*at) && self.waiting[*at].preferred.contains(&agent);
        let own = best(&mut served.iter().copied().filter(is_own));
        let others: Vec<usize> = served.into_iter().filter(|at| !self.is_spoken_for(*at)).collect();
        let first = best(&mut others.iter().copied());
        let (Some(own), Some(first)) = (own, first) else {
            return own.or(first);
        };
        let is_kept = |at: &usize| {
            let member = &self.waiting[*at];
            let is_higher = self.rank(*at).0 < self.rank(own).0;
            let patience = self.centre.queues[member.queue].patience;
            self.rank(*at) < self.rank(own) && (is_higher || self.now - member.joined >= patience)
        };
        if self.rank(first) < self.rank(own) && others.iter().any(is_kept) {
            return Some(first);
        }
        Some(own)
    }

    /// Whether a member may still wait for whom it prefers.
    fn may_wait(&self, at: usize) -> bool {
        let member = &self.waiting[at];
        let queue = &self.centre.queues[member.queue];
        queue.only || self.now - member.joined < queue.patience
    }

    /// Whether a member waits for somebody whom it prefers, and for nobody else.
    fn is_spoken_for(&self, at: usize) -> bool {
        let member = &self.waiting[at];
        let queue = &self.centre.queues[member.queue];
        let is_awaited = |agent: &usize| match queue.only {
            true => self.tier(member, *agent).is_some(),
            false => self.level(member, *agent).is_some(),
        };
        self.may_wait(at) && member.preferred.iter().any(is_awaited)
    }

    /// The first free agent whom the member prefers; otherwise the agent of the lowest level, then who has talked longest ago.
    fn agent_for(&self, at: usize) -> Option<usize> {
        let member = &self.waiting[at];
        let key = |agent: usize| {
            let since = self.free_since[agent]?;
            Some((self.level(member, agent)?, since, agent))
        };
        let preferred = member.preferred.iter().copied().find(|agent| key(*agent).is_some());
        if preferred.is_some() || self.is_spoken_for(at) {
            return preferred;
        }
        (0..AGENTS).filter_map(key).min().map(|(_, _, agent)| agent)
    }

    /// The level of the agent's tier in the member's queue, made by somebody or by skill.
    fn tier(&self, member: &Member, agent: usize) -> Option<i64> {
        let queue = &self.centre.queues[member.queue];
        let own = REQUIRED[queue.required];
        let least = relaxed(own.to_vec(), if queue.relax > 0 { 100 } else { 0 });
        let by_skill = !own.is_empty() && has(SKILLS[self.centre.skills[agent]], &least);
        queue.tiers[agent].or(by_skill.then_some(1))
    }

    /// The level an agent counts as for this member; none when the agent may not serve it.
    fn level(&self, member: &Member, agent: usize) -> Option<i64> {
        let queue = &self.centre.queues[member.queue];
        let waited = self.now - member.joined;
        let own = REQUIRED[queue.required];
        let skills = SKILLS[self.centre.skills[agent]];
        let steps = if queue.relax > 0 { waited / queue.relax } else { 0 };
        if !has(skills, &relaxed(merged(own, REQUIRED[member.required]), steps)) {
            return None;
        }
        let level = self.tier(member, agent)?;
        let rules = RULES[queue.rules].1.iter().rev().find(|(after, _)| *after <= waited);
        let (max, min, raise) = rules.map_or((None, None, None), |(_, limits)| *limits);
        let max = max.or(member.max);
        let raise = raise.map(|raise| raise.min(max.unwrap_or(raise)));
        let level = level.max(raise.unwrap_or(level));
        let admitted = max.is_none_or(|max| level <= max) && min.is_none_or(|min| level >= min);
        admitted.then_some(level)
    }
}

fn has(skills: &[Need], needs: &[Need]) -> bool {
    let meets = |need: &Need| skills.iter().any(|skill| skill.0 == need.0 && skill.1 >= need.1);
    needs.iter().all(meets)
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
