//! Whatever happens to the engine, in whatever order, it does not panic, and its books agree after each step.

use super::super::audit::Books;
use super::*;
use crate::engine::centre::prospects::Prospect;
use crate::engine::vocabulary::words;
use crate::engine::vocabulary::words::AgentKind;
use proptest::prelude::{any, prop, prop_oneof, proptest, Just, ProptestConfig};
use proptest::strategy::Strategy as Generator;

const QUEUES: [&str; 2] = ["sales", "support"];

/// Ours, and another that shares the database.
const INSTANCES: [&str; 2] = ["single_box", "elsewhere"];

const AGENTS: [&str; 4] = ["a", "b", "c", "d"];

/// What agents can do, and what queues and callers ask for.
const SKILLS: [&str; 5] = ["", "x", "y=3", "x,y", "x=2,y=5,z"];

const REQUIRED: [&str; 6] = ["", "x", "y>=2", "x,y>=3", "z,x>=2,y", "y"];

const LEVEL_RULES: [&str; 5] = [
    "",
    "20:1",
    "10:1:1,30:+1:-1,60:9",
    "15:::2,45:0:0:0",
    "10:2:1:r2,30:::1",
];

/// Something that happens, with numbers that choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    LoadQueue {
        queue: usize,
        strategy: usize,
        tier_rules: bool,
        asks: usize,
    },
    UnloadQueue(usize),
    /// The whole configuration anew; each bit says whether something is in it.
    Reload {
        strategy: usize,
        tier_rules: bool,
        asks: usize,
        named: u16,
    },
    AddAgent {
        agent: usize,
        standby: bool,
    },
    DeleteAgent(usize),
    SetStatus {
        agent: usize,
        status: usize,
    },
    SetState {
        agent: usize,
        state: usize,
    },
    SetNumber {
        agent: usize,
        value: i64,
    },
    SetSkills {
        agent: usize,
        skills: usize,
    },
    /// A phone is in use or not any more, or becomes another agent's.
    Device {
        agent: usize,
        in_use: Option<bool>,
    },
    /// An agent stands on a leg, its own or the first agent's; or a leg comes, is joined to somebody else, or hangs up.
    Leg {
        agent: usize,
        state: Result<LegState, bool>,
    },
    /// In a queue, or on a break where there is none.
    Pause {
        queue: Option<usize>,
        agent: usize,
        ends: bool,
    },
    SetChats {
        agent: usize,
        most: i64,
        rest: i64,
    },
    AddTier {
        queue: usize,
        agent: usize,
        level: i64,
    },
    SetTier {
        queue: usize,
        agent: usize,
        state: usize,
    },
    DeleteTier {
        queue: usize,
        agent: usize,
        configured: bool,
    },
    Join {
        queue: usize,
        number: u8,
        score: i64,
        asks: usize,
        writes: bool,
    },
    /// A command about a waiting member.
    Command {
        pick: usize,
        withdraw: bool,
        score: i64,
    },
    Dispatching(bool),
    /// Somebody gives a member to an agent.
    Dispatch {
        pick: usize,
        agent: usize,
    },
    Exit {
        pick: usize,
        channel_up: bool,
    },
    /// Whoever enters next is on the way to a member's place, or this one or another one has gone.
    HandOver {
        pick: usize,
        ahead: usize,
        gone: bool,
    },
    /// Somebody is to be called back, or no more; or an attempt ends, in whatever way.
    Callback {
        pick: usize,
        what: usize,
    },
    AnnouncementEnds {
        pick: usize,
        unplayable: bool,
    },
    Answer(usize),
    Fail {
        pick: usize,
        cause: usize,
    },
    EndRing {
        pick: usize,
        end: usize,
    },
    Bridge(usize),
    BridgeFails {
        pick: usize,
        member_up: bool,
        agent_left: bool,
    },
    LegEnds(usize),
    Break(usize),
    /// A talk is up already: of somebody who is known, or of nobody.
    Found {
        queue: usize,
        agent: usize,
        pick: usize,
        writes: bool,
        gone: bool,
    },
    /// The same is not found so many times in a row.
    NotFound {
        pick: usize,
        times: usize,
    },
    External {
        agent: usize,
        starts: bool,
    },
    AgentBySql {
        agent: usize,
        act: RowAct,
        word: usize,
        value: i64,
    },
    TierBySql {
        queue: usize,
        agent: usize,
        act: RowAct,
        word: usize,
        value: i64,
    },
    MemberBySql {
        pick: usize,
        act: RowAct,
        value: i64,
    },
    Pass(i64),
}

/// What somebody does to a row by SQL.
#[derive(Debug, Clone, Copy)]
enum RowAct {
    Insert,
    Update,
    /// Updates a row that the engine has changed since it was written.
    UpdateOld,
    Delete,
}

impl RowAct {
    fn any() -> impl Generator<Value = Self> {
        prop_oneof![
            proptest::strategy::Just(Self::Insert),
            proptest::strategy::Just(Self::Update),
            proptest::strategy::Just(Self::UpdateOld),
            proptest::strategy::Just(Self::Delete),
        ]
    }

    /// The change from `row`, as the engine has it, to `changed`; `old` is neither.
    fn change<R>(self, row: R, old: R, changed: R) -> Vec<ChangeByOthers<R>> {
        vec![match self {
            Self::Insert => ChangeByOthers::Added(changed),
            Self::Update => ChangeByOthers::Changed {
                before: row,
                after: changed,
            },
            Self::UpdateOld => ChangeByOthers::Changed {
                before: old,
                after: changed,
            },
            Self::Delete => ChangeByOthers::Gone(row),
        }]
    }
}

/// What is asked for, as a number: nothing in half of the cases.
fn asking() -> impl Generator<Value = usize> {
    prop_oneof![proptest::strategy::Just(0), any::<usize>()]
}

fn leg() -> impl Generator<Value = Result<LegState, bool>> {
    prop_oneof![
        3 => Just(Ok(LegState::Alone)),
        1 => Just(Ok(LegState::Taken)),
        1 => Just(Ok(LegState::Gone)),
        2 => any::<bool>().prop_map(Err),
    ]
}

fn announcement_ends() -> impl Generator<Value = Step> {
    let how = (any::<usize>(), prop::bool::weighted(0.1));
    how.prop_map(|(pick, unplayable)| Step::AnnouncementEnds { pick, unplayable })
}

fn step() -> impl Generator<Value = Step> {
    let queue = 0..QUEUES.len();
    let agent = 0..AGENTS.len();
    prop_oneof![
        1 => (queue.clone(), 0..words::Strategy::ALL.len(), any::<bool>(), asking())
            .prop_map(|(queue, strategy, tier_rules, asks)| Step::LoadQueue { queue, strategy, tier_rules, asks }),
        1 => (agent.clone(), 0..SKILLS.len()).prop_map(|(agent, skills)| Step::SetSkills { agent, skills }),
        2 => (agent.clone(), prop::option::weighted(0.8, any::<bool>()))
            .prop_map(|(agent, in_use)| Step::Device { agent, in_use }),
        2 => (agent.clone(), leg()).prop_map(|(agent, state)| Step::Leg { agent, state }),
        2 => (prop::option::weighted(0.7, queue.clone()), agent.clone(), any::<bool>())
            .prop_map(|(queue, agent, ends)| Step::Pause { queue, agent, ends }),
        2 => (agent.clone(), 0..4_i64, 0..20_i64).prop_map(|(agent, most, rest)| Step::SetChats { agent, most, rest }),
        1 => queue.clone().prop_map(Step::UnloadQueue),
        1 => (0..words::Strategy::ALL.len(), any::<bool>(), asking(), any::<u16>())
            .prop_map(|(strategy, tier_rules, asks, named)| Step::Reload { strategy, tier_rules, asks, named }),
        1 => (agent.clone(), any::<bool>()).prop_map(|(agent, standby)| Step::AddAgent { agent, standby }),
        1 => agent.clone().prop_map(Step::DeleteAgent),
        1 => (agent.clone(), 0..AgentStatus::ALL.len()).prop_map(|(agent, status)| Step::SetStatus { agent, status }),
        1 => (agent.clone(), 0..AgentState::ALL.len()).prop_map(|(agent, state)| Step::SetState { agent, state }),
        1 => (agent.clone(), any::<i64>()).prop_map(|(agent, value)| Step::SetNumber { agent, value }),
        1 => (queue.clone(), agent.clone(), -1..4_i64)
            .prop_map(|(queue, agent, level)| Step::AddTier { queue, agent, level }),
        1 => (queue.clone(), agent.clone(), 0..TierState::ALL.len())
            .prop_map(|(queue, agent, state)| Step::SetTier { queue, agent, state }),
        1 => (queue.clone(), agent.clone(), any::<bool>())
            .prop_map(|(queue, agent, configured)| Step::DeleteTier { queue, agent, configured }),
        4 => (queue, any::<u8>(), any::<i64>(), asking(), any::<bool>())
            .prop_map(|(queue, number, score, asks, writes)| Step::Join { queue, number, score, asks, writes }),
        1 => (any::<usize>(), any::<bool>(), any::<i64>())
            .prop_map(|(pick, withdraw, score)| Step::Command { pick, withdraw, score }),
        1 => prop::bool::weighted(0.7).prop_map(Step::Dispatching),
        2 => (any::<usize>(), agent.clone()).prop_map(|(pick, agent)| Step::Dispatch { pick, agent }),
        3 => (any::<usize>(), any::<bool>()).prop_map(|(pick, channel_up)| Step::Exit { pick, channel_up }),
        2 => (any::<usize>(), 0..2_usize, any::<u8>()).prop_map(|(pick, ahead, gone)| Step::HandOver {
            pick,
            ahead,
            gone: gone % 4 == 0,
        }),
        6 => (any::<usize>(), 0..12_usize).prop_map(|(pick, what)| Step::Callback { pick, what }),
        2 => announcement_ends(),
        4 => any::<usize>().prop_map(Step::Answer),
        3 => (any::<usize>(), 0..CAUSES.len()).prop_map(|(pick, cause)| Step::Fail { pick, cause }),
        1 => (any::<usize>(), 0..9_usize).prop_map(|(pick, end)| Step::EndRing { pick, end }),
        4 => any::<usize>().prop_map(Step::Bridge),
        1 => (any::<usize>(), any::<bool>(), any::<bool>())
            .prop_map(|(pick, member_up, agent_left)| Step::BridgeFails { pick, member_up, agent_left }),
        3 => any::<usize>().prop_map(Step::LegEnds),
        1 => any::<usize>().prop_map(Step::Break),
        1 => (0..QUEUES.len(), agent.clone(), any::<usize>(), any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(queue, agent, pick, writes, gone)| Step::Found { queue, agent, pick, writes, gone }),
        1 => (any::<usize>(), 1..3_usize).prop_map(|(pick, times)| Step::NotFound { pick, times }),
        1 => (agent.clone(), any::<bool>()).prop_map(|(agent, starts)| Step::External { agent, starts }),
        2 => (agent.clone(), RowAct::any(), 0..20_usize, any::<i64>())
            .prop_map(|(agent, act, word, value)| Step::AgentBySql { agent, act, word, value }),
        2 => (0..QUEUES.len(), agent, RowAct::any(), 0..20_usize, -1..4_i64)
            .prop_map(|(queue, agent, act, word, value)| Step::TierBySql { queue, agent, act, word, value }),
        2 => (any::<usize>(), RowAct::any(), any::<i64>())
            .prop_map(|(pick, act, value)| Step::MemberBySql { pick, act, value }),
        2 => (0..90_000_000_i64).prop_map(Step::Pass),
    ]
}

const CAUSES: [HangupCause; 7] = [
    HangupCause::NO_ANSWER,
    HangupCause::USER_BUSY,
    HangupCause::CALL_REJECTED,
    HangupCause::USER_NOT_REGISTERED,
    HangupCause::LOSE_RACE,
    HangupCause::ORIGINATOR_CANCEL,
    HangupCause::DESTINATION_OUT_OF_ORDER,
];

/// An engine with the identities it has given out, over or not: late news about what is over is part of the test.
struct Trial {
    engine: Engine,
    now: Timestamp,
    members: Vec<MemberId>,
    offers: Vec<OfferId>,
    announcements: Vec<Announce>,
    attempts: Vec<CallbackAttemptId>,
}

impl Trial {
    fn new(lamps: bool) -> Self {
        let settings = Settings {
            agent_report: true,
            agent_presence: lamps,
            ..Settings::default()
        };
        let engine = Engine::new(settings, 7);
        let mut trial = Self {
            engine,
            now: Timestamp::from_secs(1_000_000),
            members: Vec::new(),
            offers: Vec::new(),
            announcements: Vec::new(),
            attempts: Vec::new(),
        };
        for queue in 0..QUEUES.len() {
            trial.take(Step::LoadQueue {
                queue,
                strategy: 1,
                tier_rules: false,
                asks: 0,
            });
            for agent in 0..2 {
                trial.take(Step::AddAgent { agent, standby: false });
                trial.take(Step::Device { agent, in_use: None });
                trial.take(Step::AddTier { queue, agent, level: 1 });
                trial.take(Step::SetStatus { agent, status: 1 });
            }
        }
        trial
    }

    fn take(&mut self, step: Step) {
        if let Step::Pass(micros) = step {
            self.now = self.now + Span::from_micros(micros);
            self.engine.handle_timeout(self.now);
        } else if let Some(input) = self.input(step) {
            let expected = match &input {
                // Whoever has a place already is not asked at the door.
                Input::MemberJoin(request) if self.engine.successors.contains_key(&request.session_uuid) => None,
                Input::MemberJoin(request) if self.takes_place_live(request) => None,
                Input::MemberJoin(request) => self.expected_at_the_door(request),
                _ => None,
            };
            let reply = self.engine.handle_input(self.now, input);
            self.check_entry(expected, &reply);
            match reply {
                Ok(Reply::Joined { member, .. }) => self.members.push(member),
                Ok(Reply::Adopted(offers)) => self.offers.extend(offers),
                _ => (),
            }
        }
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Ring(ring) => {
                    self.check_room(ring.offer);
                    self.check_leg(&ring);
                    self.offers.push(ring.offer);
                }
                Output::Announce(announce) => self.announcements.push(announce),
                Output::CallBack(call) => self.attempts.push(call.attempt),
                _ => (),
            }
        }
    }

    /// Whether a caller is to be called back, and takes that place at the door.
    fn takes_place_live(&self, request: &JoinRequest) -> bool {
        let queue = self.engine.queues.named(&request.queue);
        let id = queue.and_then(|queue| self.engine.callbacks.of_number(queue, &request.cid_number));
        let member = id.and_then(|id| self.engine.members.get(&id));
        let is_called = member.is_some_and(|member| member.is_away() && !member.is_arriving());
        is_called && request.requirements.media == Media::Audio
    }

    fn callback(&self, pick: usize, what: usize) -> Option<Input> {
        let rows = self.engine.callbacks(None);
        let uuid = || rows.get(pick % rows.len().max(1)).map(|row| row.uuid.clone());
        let attempt = self.attempts.get(pick % self.attempts.len().max(1)).copied();
        let number = (pick % 5).to_string();
        Some(match what {
            0..=3 => Input::CallbackAsk {
                member: *self.members.get(pick % self.members.len().max(1))?,
                number,
            },
            4 => {
                let new_member_uuid = format!("added-{pick}");
                if self.engine.members.of_uuid(&new_member_uuid).is_some() {
                    return None;
                }
                Input::CallbackAdd {
                    queue: QUEUES[pick % QUEUES.len()].to_owned(),
                    number,
                    name: String::new(),
                    new_member_uuid,
                }
            }
            5 => Input::CallbackCancel { uuid: uuid()? },
            6 => Input::CallbackNow { uuid: uuid()? },
            7 => Input::CallbackFailed {
                attempt: attempt?,
                end: CallbackEnd::NoAnswer,
            },
            8 => Input::CallbackFailed {
                attempt: attempt?,
                end: CallbackEnd::Refused(Refusal::Sessions, HangupCause::NORMAL_CIRCUIT_CONGESTION),
            },
            _ => Input::CallbackReached {
                attempt: attempt?,
                session_uuid: format!("session-{}", self.members.len()),
            },
        })
    }

    /// A whole configuration of these queues, and of the agents and tiers named.
    fn reload(&self, queue: impl Fn(usize) -> Option<Input>, named: u16) -> Input {
        let is_named = |bit: usize| named & (1 << bit) != 0;
        let queues = (0..QUEUES.len()).filter(|queue| is_named(*queue)).filter_map(queue);
        let queues = queues.filter_map(|input| match input {
            Input::LoadQueue(config) => Some(config),
            _ => None,
        });
        let agents = AGENTS.iter().enumerate().filter(|(agent, _)| is_named(2 + agent));
        let agents = agents.map(|(agent, name)| AgentConfig {
            name: (*name).to_owned(),
            agent_type: AgentType::callback(),
            contact: Some(format!("user/{name}@{tier}", tier = named % 3)),
            status: Some(AgentStatus::ALL[(agent + usize::from(named)) % AgentStatus::ALL.len()]),
            skills: None,
            attributes: Vec::new(),
            limits: Vec::new(),
        });
        let tiers = AGENTS
            .iter()
            .flat_map(|agent| QUEUES.iter().map(move |queue| (queue, agent)));
        let tiers = tiers.enumerate().filter(|(tier, _)| is_named(6 + tier));
        let tiers = tiers.map(|(tier, (queue, agent))| TierConfig {
            queue: (*queue).to_owned(),
            agent: (*agent).to_owned(),
            level: (tier % 3) as i64,
            position: 1,
        });
        Input::Reconfigure(Box::new(Reconfiguration {
            settings: Some(Settings {
                reserve_agents: is_named(14),
                agent_presence: is_named(15),
                ..self.engine.settings().clone()
            }),
            queues: queues.collect(),
            agents: agents.collect(),
            tiers: Some(tiers.collect()),
        }))
    }

    fn input(&self, step: Step) -> Option<Input> {
        let name = |agent: usize| AGENTS[agent].to_owned();
        let queue_name = |queue: usize| QUEUES[queue].to_owned();
        let offer = |pick: usize| self.offers.get(pick % self.offers.len().max(1)).copied();
        let set = |agent: usize, setting| {
            Some(Input::AgentSet {
                name: name(agent),
                setting,
            })
        };
        match step {
            Step::LoadQueue {
                queue,
                strategy,
                tier_rules,
                asks,
            } => Some(Input::LoadQueue(QueueConfig {
                strategy: words::Strategy::ALL[strategy].to_string(),
                tier_rules_apply: tier_rules,
                tier_rule_wait_second: 20,
                tier_rule_wait_multiply_level: true,
                abandoned_resume_allowed: true,
                max_wait_time: 300,
                max_wait_time_with_no_agent: 60,
                max_queue_length: u32::from(tier_rules) * 9,
                join_empty: (asks % 3 == 1).then_some(Absences::PAUSED.with(Absence::InUse)),
                reject_on_no_agents: asks % 7 == 2,
                leave_when_empty: tier_rules.then_some(Absences::STRICT.with(Absence::WrapUp)),
                tier_rule_no_agent_no_wait: asks % 4 != 1,
                skip_agents_with_external_calls: asks % 5 != 3,
                dissuade_wait: 100,
                dissuade_sound: Some("sound".to_owned()),
                dissuade_hangup: tier_rules,
                announce_sound: Some("sound".to_owned()),
                announce_frequency: u32::from(tier_rules) * 20,
                announce_position: *pick_of(PositionTold::ALL, asks),
                announce_holdtime: *pick_of(EstimateTold::ALL, asks / 4),
                announce_position_limit: 2,
                announce_position_frequency: 45,
                periodic_announce_sounds: Some("one,two".to_owned()),
                periodic_announce_frequency: u32::try_from(asks % 3 * 25).unwrap_or(0),
                periodic_announce_random: tier_rules,
                priority: u32::try_from(asks % 3).unwrap_or(0),
                required_skills: required(asks),
                callbacks: CallbackConfig {
                    dial: (asks % 4 != 3).then(|| "loopback/${callback_number}/x".to_owned()),
                    other_number: true,
                    attempts: 2,
                    retry_delay: 5,
                    expires: 60,
                    ring_time: 10,
                    ..CallbackConfig::default()
                },
                sticky_wait: u32::try_from(asks % 3 * 20).unwrap_or(0),
                sticky_days: u32::from(asks % 2 == 0),
                sticky_only: asks % 4 == 3 && asks % 3 != 1 && asks % 7 != 2,
                ring_in_use: asks % 5 != 1,
                autopause: *pick_of(Autopause::ALL, asks),
                autopause_busy: asks % 2 == 0,
                retry_delay: u32::try_from(asks % 2 * 7).unwrap_or(0),
                max_wrap_up_time: u32::try_from(asks % 5).unwrap_or(0),
                timeout_priority: *pick_of(TimeoutPriority::ALL, asks),
                skill_relax_seconds: if asks % 2 == 0 { 0 } else { 25 },
                chat_dispatch_policy: *pick_of(ChatDispatch::ALL, asks),
                level_rules: LevelRules::parse(LEVEL_RULES[asks / 6 % LEVEL_RULES.len()]).expect("rules"),
                ..QueueConfig::named(QUEUES[queue])
            })),
            Step::Device {
                agent,
                in_use: Some(in_use),
            } => Some(Input::DeviceState {
                device: format!("{}@x", name(agent)),
                in_use,
            }),
            Step::Leg {
                agent,
                state: Ok(state),
            } => Some(Input::StandingLeg {
                agent_uuid: format!("stands-{}", name(agent)),
                state,
            }),
            Step::Leg {
                agent,
                state: Err(is_shared),
            } => {
                let owner = if is_shared { 0 } else { agent };
                set(agent, AgentSetting::Uuid(format!("stands-{}", name(owner))))
            }
            Step::Device { agent, in_use: None } => {
                let other = name((agent + 1) % AGENTS.len());
                set(agent, AgentSetting::Contact(format!("user/{other}")))
            }
            Step::Pause { queue, agent, ends } => Some(match (queue.map(queue_name), ends) {
                (Some(queue), false) => Input::TierPause {
                    queue,
                    agent: name(agent),
                    reason: "lunch".to_owned(),
                },
                (Some(queue), true) => Input::TierResume {
                    queue,
                    agent: name(agent),
                },
                (None, false) => Input::AgentPause {
                    name: name(agent),
                    reason: "lunch".to_owned(),
                },
                (None, true) => Input::AgentResume { name: name(agent) },
            }),
            Step::UnloadQueue(queue) => Some(Input::UnloadQueue(queue_name(queue))),
            Step::Reload {
                strategy,
                tier_rules,
                asks,
                named,
            } => {
                let queue = |queue| {
                    self.input(Step::LoadQueue {
                        queue,
                        strategy,
                        tier_rules,
                        asks,
                    })
                };
                Some(self.reload(queue, named))
            }
            Step::AddAgent { agent, standby } => {
                let kind = if standby {
                    AgentKind::UuidStandby
                } else {
                    AgentKind::Callback
                };
                Some(Input::AgentAdd {
                    name: name(agent),
                    agent_type: AgentType::parse(kind.as_str())?,
                })
            }
            Step::DeleteAgent(agent) => Some(Input::AgentDel { name: name(agent) }),
            Step::SetStatus { agent, status } => set(agent, AgentSetting::Status(AgentStatus::ALL[status].to_string())),
            Step::SetState { agent, state } => set(agent, AgentSetting::State(AgentState::ALL[state].to_string())),
            Step::SetNumber { agent, value } if value % 2 == 0 => {
                set(agent, attribute("wrap_up_time", value & i64::from(i32::MAX)))
            }
            Step::SetNumber { agent, value } => set(agent, AgentSetting::ReadyTime(value)),
            Step::AddTier { queue, agent, level } => {
                let tier = TierConfig {
                    queue: queue_name(queue),
                    agent: name(agent),
                    level,
                    position: 1,
                };
                Some(Input::ApplyTier(tier))
            }
            Step::SetTier { queue, agent, state } => {
                let setting = TierSetting::State(TierState::ALL[state]);
                Some(Input::TierSet {
                    queue: queue_name(queue),
                    agent: name(agent),
                    setting,
                })
            }
            Step::DeleteTier {
                queue,
                agent,
                configured,
            } => {
                let (queue, agent) = (queue_name(queue), name(agent));
                Some(if configured {
                    Input::TierNotConfigured { queue, agent }
                } else {
                    Input::TierDel { queue, agent }
                })
            }
            Step::SetSkills { agent, skills } => {
                let skills = Skills::parse(SKILLS[skills]).expect("skills");
                set(agent, AgentSetting::Skills(skills))
            }
            Step::SetChats { agent, most, rest } => {
                let (key, value) = if rest % 4 == 0 {
                    ("chat_wrap_up_time", rest)
                } else {
                    ("max_chats", most)
                };
                set(agent, attribute(key, value))
            }
            Step::Join {
                queue,
                number,
                score,
                asks,
                writes,
            } => Some(Input::MemberJoin(JoinRequest {
                queue: queue_name(queue),
                session_uuid: format!("session-{}", self.members.len()),
                new_member_uuid: format!("member-{}", self.members.len()),
                cid_number: number.to_string(),
                base_score: score,
                position: (asks % 4 == 3).then_some(2),
                preferred: preferred(usize::from(number) + asks),
                requirements: CallerRequirements {
                    skills: required(asks),
                    levels: LevelLimits {
                        max: (asks % 7 == 1).then_some(2),
                        min: (asks % 7 == 2).then_some(1),
                        raise: (asks % 7 == 3).then_some(2),
                        raises_order_only: asks % 2 == 0,
                    },
                    media: if writes { Media::Chat } else { Media::Audio },
                },
                ..JoinRequest::default()
            })),
            Step::Command { pick, withdraw, score } => {
                let rows = self.engine.all_member_rows(self.now);
                let uuid = rows.get(pick % rows.len().max(1))?.row.uuid.clone();
                Some(if withdraw {
                    let note = String::new();
                    Input::MemberWithdraw { uuid, note }
                } else {
                    let base_score = score;
                    Input::MemberScore { uuid, base_score }
                })
            }
            Step::Dispatching(on) => Some(Input::InternalDispatching { on }),
            Step::Dispatch { pick, agent } => {
                let rows = self.engine.all_member_rows(self.now);
                let uuid = rows.get(pick % rows.len().max(1))?.row.uuid.clone();
                let agent = name(agent);
                Some(Input::DispatchMember { uuid, agent })
            }
            Step::Exit { pick, channel_up } => {
                let member = *self.members.get(pick % self.members.len().max(1))?;
                Some(Input::MemberExit {
                    member,
                    exit: MemberExit {
                        channel_up,
                        reason: None,
                        key: None,
                    },
                })
            }
            Step::HandOver { pick, ahead, gone } => {
                let successor = format!("session-{}", self.members.len() + ahead);
                if gone {
                    return Some(Input::SuccessorGone {
                        session_uuid: successor,
                    });
                }
                let member = *self.members.get(pick % self.members.len().max(1))?;
                Some(Input::MemberHandsOver { member, successor })
            }
            Step::Callback { pick, what } => self.callback(pick, what),
            Step::AnnouncementEnds { pick, unplayable } => {
                let announce = self.announcements.get(pick % self.announcements.len().max(1))?;
                Some(Input::AnnouncementEnded {
                    member: announce.member,
                    announcement: announce.announcement,
                    end: if unplayable {
                        AnnouncementEnd::Unplayable
                    } else {
                        AnnouncementEnd::Played
                    },
                })
            }
            Step::Answer(pick) => Some(Input::OfferAnswered {
                offer: offer(pick)?,
                agent_uuid: format!("leg-{pick}"),
            }),
            Step::Fail { pick, cause } => Some(Input::OfferFailed {
                offer: offer(pick)?,
                end: RingEnd::NotTaken(CAUSES[cause].clone()),
            }),
            Step::EndRing { pick, end } => Some(Input::OfferFailed {
                offer: offer(pick)?,
                end: match Refusal::ALL.get(end) {
                    Some(refusal) => RingEnd::Refused(*refusal, HangupCause::DESTINATION_OUT_OF_ORDER),
                    None if end == Refusal::ALL.len() => RingEnd::NoStandingLeg,
                    None if end == Refusal::ALL.len() + 1 => RingEnd::CallerGone,
                    None => RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL),
                },
            }),
            Step::Bridge(pick) => Some(Input::OfferBridged { offer: offer(pick)? }),
            Step::BridgeFails {
                pick,
                member_up,
                agent_left,
            } => Some(Input::BridgeFailed {
                offer: offer(pick)?,
                member_up,
                agent_left,
                cause: HangupCause::NORMAL_CLEARING,
            }),
            Step::LegEnds(pick) => Some(Input::AgentLegEnded {
                offer: offer(pick)?,
                cause: HangupCause::NORMAL_CLEARING,
                by: TalkEnd::Agent,
            }),
            Step::Break(pick) => Some(Input::AgentBreak {
                agent_uuid: format!("leg-{pick}"),
            }),
            Step::Found {
                queue,
                agent,
                pick,
                writes,
                gone,
            } => {
                let course = Course {
                    bridged: self.engine.wall(self.now),
                    number: 1,
                    agent_is_gone: gone,
                    ..Course::default()
                };
                let known = pick % (self.members.len() + 1);
                let (uuid, session) = if known < self.members.len() {
                    (format!("member-{known}"), format!("session-{known}"))
                } else {
                    (format!("found-{pick}"), format!("found-session-{pick}"))
                };
                let talk = Talk {
                    queue: queue_name(queue),
                    agent: name(agent),
                    agent_type: AgentType::callback(),
                    agent_uuid: format!("leg-{pick}"),
                    member_uuid: uuid,
                    member_session_uuid: session,
                    cid_number: String::new(),
                    cid_name: String::new(),
                    dnis: None,
                    param: None,
                    media: if writes { Media::Chat } else { Media::Audio },
                    course,
                };
                Some(Input::Adopt(Found {
                    talks: vec![talk],
                    standing: vec![(name(agent), format!("leg-{pick}"))],
                }))
            }
            Step::NotFound { pick, times } => {
                let member = self.members.get(pick % self.members.len().max(1)).copied();
                Some(Input::NotFound {
                    members: member.map_or_else(Vec::new, |member| vec![member; times]),
                    offers: offer(pick).map_or_else(Vec::new, |offer| vec![offer; times]),
                })
            }
            Step::External { agent, starts: true } => Some(Input::ExternalCallStarted { agent: name(agent) }),
            Step::External { agent, starts: false } => Some(Input::ExternalCallEnded { agent: name(agent) }),
            Step::AgentBySql {
                agent,
                act,
                word,
                value,
            } => self.agent_by_sql(AGENTS[agent], act, word, value),
            Step::TierBySql {
                queue,
                agent,
                act,
                word,
                value,
            } => Some(tier_by_sql(self, (QUEUES[queue], AGENTS[agent]), act, word, value)),
            Step::MemberBySql { pick, act, value } => self.member_by_sql(pick, act, value),
            Step::Pass(_) => None,
        }
    }

    fn agent_by_sql(&self, name: &str, act: RowAct, word: usize, value: i64) -> Option<Input> {
        let new = AgentRow::new(name, Settings::default().instance_id, AgentType::parse("callback")?);
        let row = self.engine.agent_row(name).unwrap_or(new);
        let old = AgentRow {
            status: AgentStatus::OnBreak,
            wrap_up_time: 3,
            ..row.clone()
        };
        let changed = AgentRow {
            status: *pick_of(AgentStatus::ALL, word),
            state: *pick_of(AgentState::ALL, word / 4),
            wrap_up_time: value,
            last_bridge_end: value,
            last_offered_call: value,
            calls_answered: value,
            no_answer_count: value,
            talk_time: value,
            instance_id: pick_of(&INSTANCES, usize::from(value % 5 == 0)).to_string(),
            ..row.clone()
        };
        Some(Input::RowsChanged(ChangesByOthers {
            agents: act.change(row, old, changed),
            ..ChangesByOthers::default()
        }))
    }

    fn member_by_sql(&self, pick: usize, act: RowAct, value: i64) -> Option<Input> {
        let rows = self.engine.all_member_rows(self.now);
        let row = rows.get(pick % rows.len().max(1))?.row.clone();
        let old = MemberRow {
            skill_score: 1,
            ..row.clone()
        };
        let changed = MemberRow {
            base_score: value,
            skill_score: value / 2,
            ..row.clone()
        };
        Some(Input::RowsChanged(ChangesByOthers {
            members: act.change(row, old, changed),
            ..ChangesByOthers::default()
        }))
    }

    /// Nobody else is served through the leg that a caller is given.
    fn check_leg(&self, ring: &Ring) {
        let others = self.engine.agents.values().filter(|agent| agent.row.name != ring.agent);
        let mut on_it = others.filter(|agent| agent.leg.as_ref() == Some(&ring.agent_uuid));
        let standby = ring.agent_type.kind() == AgentKind::UuidStandby;
        assert!(!standby || on_it.all(|agent| agent.offer.is_none()), "{ring:?}");
    }

    /// An agent has been rung: there was room for the call, or the chat.
    fn check_room(&self, id: OfferId) {
        let offer = self.engine.offers.get(&id);
        // It may be over by now, in the step that made it.
        let Some((offer, agent)) = offer.and_then(|offer| Some((offer, self.engine.agents.get(&offer.agent)?))) else {
            return;
        };
        let chats = agent.chats.running.len() + usize::from(agent.chats.offered.is_some());
        let room = usize::try_from(agent.limits.max_chats).unwrap_or(0);
        let fits = offer.media() == Media::Audio || chats <= room;
        assert!(fits, "{} is offered chat {chats} of {room}", agent.row.name);
    }

    /// What the door of a queue has to say to a caller before anybody is counted anew; none where it does not depend on agents.
    fn expected_at_the_door(&self, request: &JoinRequest) -> Option<Option<CancelReason>> {
        let id = self.engine.loaded_queue(&request.queue).ok()?;
        let config = self.engine.config_of(id)?;
        let prospect = Prospect::of(config, &request.requirements, Span::ZERO);
        let media = request.requirements.media;
        let books = Books {
            engine: &self.engine,
            now: self.now,
        };
        let is_empty = |absences| books.is_empty_by_looking(id, &prospect, media, absences);
        let no_agents = config.reject_on_no_agents && is_empty(Absences::NONE);
        let join_empty = config.join_empty.is_some_and(is_empty);
        Some(match (no_agents, join_empty) {
            (true, _) => Some(CancelReason::NoAgents),
            (_, true) => Some(CancelReason::JoinEmpty),
            _ => None,
        })
    }

    /// The door answers as looking at everybody does.
    fn check_entry(&self, expected: Option<Option<CancelReason>>, reply: &Result<Reply, EngineError>) {
        let (Some(expected), Ok(reply)) = (expected, reply) else {
            return;
        };
        let about_agents = [CancelReason::NoAgents, CancelReason::JoinEmpty];
        let found = match reply {
            Reply::Refused { reason, .. } => Some(*reason).filter(|reason| about_agents.contains(reason)),
            _ => None,
        };
        assert_eq!(found, expected, "{reply:?}");
    }
}

/// Nobody, or agents who may not be there.
fn preferred(pick: usize) -> PreferredAgents {
    let lists = ["", "a", "b,a", "nobody,c", ""];
    PreferredAgents::parse(lists[pick % lists.len()]).0
}

fn required(pick: usize) -> RequiredSkills {
    RequiredSkills::parse(REQUIRED[pick % REQUIRED.len()]).expect("required skills")
}

fn pick_of<T>(all: &[T], pick: usize) -> &T {
    &all[pick % all.len()]
}

fn tier_by_sql(trial: &Trial, (queue, agent): (&str, &str), act: RowAct, word: usize, value: i64) -> Input {
    let new = TierRow {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        state: TierState::Ready,
        level: 1,
        position: 1,
    };
    let rows = trial.engine.tier_rows().into_iter();
    let row = rows
        .chain([new.clone()])
        .find(|row| row.queue == queue && row.agent == agent)
        .unwrap_or(new);
    let old = TierRow {
        level: 7,
        ..row.clone()
    };
    let changed = TierRow {
        state: *pick_of(TierState::ALL, word),
        level: value,
        position: value / 2,
        ..row.clone()
    };
    Input::RowsChanged(ChangesByOthers {
        tiers: act.change(row, old, changed),
        ..ChangesByOthers::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_books_agree(lamps in any::<bool>(), steps in prop::collection::vec(step(), 1..120)) {
        let mut trial = Trial::new(lamps);
        for step in steps {
            trial.take(step);
            trial.engine.audit(trial.now);
        }
    }
}

fn attribute(key: &str, value: i64) -> AgentSetting {
    let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
    setting.expect("a value that it takes")
}
