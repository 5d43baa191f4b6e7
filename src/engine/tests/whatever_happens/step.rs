//! What can happen, and how often.

use super::inputs::CAUSES;
use super::*;

/// Something that happens, with numbers that choose among what there is.
#[derive(Debug, Clone)]
pub(super) enum Step {
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
pub(super) enum RowAct {
    Insert,
    Update,
    /// Updates a row that the engine has changed since it was written.
    UpdateOld,
    Delete,
}

impl RowAct {
    pub(super) fn any() -> impl Generator<Value = Self> {
        prop_oneof![
            proptest::strategy::Just(Self::Insert),
            proptest::strategy::Just(Self::Update),
            proptest::strategy::Just(Self::UpdateOld),
            proptest::strategy::Just(Self::Delete),
        ]
    }

    /// The change from `row`, as the engine has it, to `changed`; `old` is neither.
    pub(super) fn change<R>(self, row: R, old: R, changed: R) -> Vec<ChangeByOthers<R>> {
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
pub(super) fn asking() -> impl Generator<Value = usize> {
    prop_oneof![proptest::strategy::Just(0), any::<usize>()]
}

pub(super) fn leg() -> impl Generator<Value = Result<LegState, bool>> {
    prop_oneof![
        3 => Just(Ok(LegState::Alone)),
        1 => Just(Ok(LegState::Taken)),
        1 => Just(Ok(LegState::Gone)),
        2 => any::<bool>().prop_map(Err),
    ]
}

pub(super) fn announcement_ends() -> impl Generator<Value = Step> {
    let how = (any::<usize>(), prop::bool::weighted(0.1));
    how.prop_map(|(pick, unplayable)| Step::AnnouncementEnds { pick, unplayable })
}

pub(super) fn step() -> impl Generator<Value = Step> {
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
