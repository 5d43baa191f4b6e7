//! What a day comes to: figures of queues and agents, gathered from inputs, events and rows alone.

mod agents;
mod queues;
mod slots;

use super::observer::{Observer, Scene};
use super::plan::Plan;
use super::scenario::MIDNIGHT;
pub use agents::{AgentFigures, Times};
use mod_callcenter::engine::{
    AgentLimits, AgentRow, CancelReason, EngineError, Event, Input, MemberRow, MemberState, Output, Reply, RowChange,
    Span, Timestamp,
};
pub use queues::{seconds, Outcome, QueueFigures, Stay};
pub use slots::{Series, Slots};
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

/// Into how many parts a slot is cut to show who waits.
const PARTS_OF_A_SLOT: i64 = 6;

/// Figures of a day so far.
#[derive(Debug, Clone)]
pub struct Tally {
    service_level: Span,
    slots: Slots,
    queues: BTreeMap<String, QueueFigures>,
    agents: HashMap<String, AgentFigures>,
    members: HashMap<String, Presence>,
    stays: Vec<Stay>,
    line: Line,
}

/// Somebody in a queue.
#[derive(Debug, Clone)]
struct Presence {
    queue: String,
    entered: Timestamp,
    answered: bool,
}

/// How many wait, over the day.
#[derive(Debug, Clone)]
pub struct Line {
    slots: Slots,
    waiting: f64,
    since: Timestamp,
    /// Seconds of waiting in each part of a slot, and the most who waited at once.
    series: Series<(f64, f64)>,
}

impl Line {
    fn change(&mut self, now: Timestamp, by: f64) {
        self.account(now);
        self.waiting = (self.waiting + by).max(0.0);
        let most = &mut self.series.slot(self.slots.at(now)).1;
        *most = most.max(self.waiting);
    }

    fn account(&mut self, now: Timestamp) {
        for (slot, seconds) in self.slots.cut(self.since, now) {
            let (waited, most) = self.series.slot(slot);
            *waited += seconds * self.waiting;
            *most = most.max(self.waiting);
        }
        self.since = self.since.max(now);
    }

    /// The slots' parts.
    pub fn slots(&self) -> Slots {
        self.slots
    }

    /// For each part of a slot how many waited on average, and at most.
    pub fn waiting(&self) -> Vec<(f64, f64)> {
        let length = seconds(self.slots.length);
        self.series
            .all()
            .iter()
            .map(|(waited, most)| (waited / length, *most))
            .collect()
    }
}

impl Tally {
    /// Empty figures of a plan's queues; answers within `service_level` count as in time.
    pub fn new(plan: &Plan, service_level: Span) -> Self {
        let slots = Slots::of_day(MIDNIGHT, plan.start, plan.length);
        let queues = plan.queues.iter();
        Self {
            service_level,
            slots,
            queues: queues
                .map(|queue| (queue.name.clone(), QueueFigures::default()))
                .collect(),
            agents: HashMap::new(),
            members: HashMap::new(),
            stays: Vec::new(),
            line: Line {
                slots: slots.finer(PARTS_OF_A_SLOT),
                waiting: 0.0,
                since: plan.start,
                series: Series::default(),
            },
        }
    }

    /// What counts as in time.
    pub fn service_level(&self) -> Span {
        self.service_level
    }

    /// The slots of the day.
    pub fn slots(&self) -> Slots {
        self.slots
    }

    /// Figures by queue.
    pub fn queues(&self) -> &BTreeMap<String, QueueFigures> {
        &self.queues
    }

    /// What became of each caller, in the order in which it was known.
    pub fn stays(&self) -> &[Stay] {
        &self.stays
    }

    /// Who waited when.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// Figures by agent, up to `now`.
    pub fn agents(&self, now: Timestamp) -> BTreeMap<String, AgentFigures> {
        let agents = self.agents.iter();
        agents
            .map(|(name, figures)| (name.clone(), figures.clone().until(&self.slots, now)))
            .collect()
    }

    /// All queues together.
    pub fn total(&self) -> QueueFigures {
        self.queues.values().fold(QueueFigures::default(), QueueFigures::plus)
    }

    /// How many callers left without an agent or were not let in, by queue and reason.
    pub fn without_an_agent(&self) -> BTreeMap<(String, Outcome), u64> {
        let mut counts = BTreeMap::new();
        for stay in self.stays.iter().filter(|stay| stay.outcome != Outcome::Answered) {
            *counts.entry((stay.queue.clone(), stay.outcome)).or_default() += 1;
        }
        counts
    }

    /// Agents who want calls and have none, and agents who talk.
    pub fn without_call_and_talking(&self) -> (usize, usize) {
        let agents = || self.agents.values();
        let without_call = agents().filter(|agent| agent.wants_calls && !agent.talking).count();
        (without_call, agents().filter(|agent| agent.talking).count())
    }

    /// The day is over: whoever still waits is counted as left over.
    pub fn close(&mut self, now: Timestamp) {
        self.line.account(now);
        let mut waiting: Vec<(String, Presence)> = self.members.drain().filter(|(_, stay)| !stay.answered).collect();
        waiting.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (_, presence) in waiting {
            self.ends(now, &presence, Outcome::Stayed);
        }
    }

    fn queue(&mut self, name: &str) -> &mut QueueFigures {
        self.queues.entry(name.to_owned()).or_default()
    }

    /// A stay without an agent, or the wait of one with an agent, is over.
    fn ends(&mut self, now: Timestamp, presence: &Presence, outcome: Outcome) {
        let stay = Stay {
            queue: presence.queue.clone(),
            entered: presence.entered,
            wait: now.since(presence.entered),
            outcome,
        };
        let service_level = self.service_level;
        let figures = self.queue(&stay.queue);
        figures.count(&stay, service_level);
        figures.waiting = figures.waiting.saturating_sub(1);
        figures.talking += u64::from(outcome == Outcome::Answered);
        self.stays.push(stay);
        self.line.change(now, -1.0);
    }

    fn refused(&mut self, now: Timestamp, queue: &str, reason: CancelReason) {
        let stay = Stay {
            queue: queue.to_owned(),
            entered: now,
            wait: Span::ZERO,
            outcome: Outcome::Refused(reason),
        };
        let service_level = self.service_level;
        let figures = self.queue(queue);
        figures.calls += 1;
        figures.count(&stay, service_level);
        self.stays.push(stay);
    }

    fn event(&mut self, now: Timestamp, event: &Event) {
        let uuid = event.header("CC-Member-UUID").unwrap_or_default();
        match event.action() {
            "member-queue-start" | "member-queue-resume" => {
                let queue = event.header("CC-Queue").unwrap_or_default().to_owned();
                let figures = self.queue(&queue);
                figures.calls += 1;
                figures.waiting += 1;
                self.line.change(now, 1.0);
                let presence = Presence {
                    queue,
                    entered: now,
                    answered: false,
                };
                self.members.insert(uuid.to_owned(), presence);
            }
            "member-queue-end" => {
                let reason = event.header("CC-Cancel-Reason").and_then(CancelReason::parse);
                self.member_leaves(now, uuid, reason.unwrap_or(CancelReason::None));
            }
            _ => {}
        }
    }

    fn member_leaves(&mut self, now: Timestamp, uuid: &str, reason: CancelReason) {
        let Some(presence) = self.members.remove(uuid) else {
            return;
        };
        if presence.answered {
            let figures = self.queue(&presence.queue);
            figures.talking = figures.talking.saturating_sub(1);
        } else {
            self.ends(now, &presence, Outcome::of_leaving(reason));
        }
    }

    fn member_row(&mut self, now: Timestamp, row: &MemberRow) {
        if row.state != MemberState::Answered {
            return;
        }
        let Some(presence) = self.members.get_mut(&row.uuid).filter(|presence| !presence.answered) else {
            return;
        };
        presence.answered = true;
        let presence = presence.clone();
        self.ends(now, &presence, Outcome::Answered);
    }

    /// Changes an agent's figures. That happens at every ring, so that the name is copied only once.
    fn of_agent(&mut self, name: &str, change: impl FnOnce(&mut AgentFigures)) {
        match self.agents.get_mut(name) {
            Some(figures) => change(figures),
            None => change(self.agents.entry(name.to_owned()).or_default()),
        }
    }

    fn agent_row(&mut self, now: Timestamp, row: &AgentRow) {
        let slots = self.slots;
        self.of_agent(&row.name, |figures| figures.row(&slots, now, row));
    }

    fn agent_limits(&mut self, now: Timestamp, agent: &str, limits: &AgentLimits) {
        let slots = self.slots;
        self.of_agent(agent, |figures| figures.limits(&slots, now, limits));
    }

    fn row(&mut self, now: Timestamp, change: &RowChange) {
        match change {
            RowChange::Agent(row) => self.agent_row(now, row),
            RowChange::AgentLimits { agent, limits } => self.agent_limits(now, agent, limits),
            RowChange::AgentLimitsGone(agent) => self.agent_limits(now, agent, &AgentLimits::default()),
            RowChange::AgentGone(name) => {
                let slots = self.slots;
                if let Some(figures) = self.agents.get_mut(name) {
                    figures.gone(&slots, now);
                }
            }
            RowChange::Member(row) => self.member_row(now, row),
            _ => {}
        }
    }
}

impl Observer for Tally {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        if let (Input::MemberJoin(request), Ok(Reply::Refused { reason, .. })) = (input, reply) {
            self.refused(now, &request.queue, *reason);
        }
    }

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, now: Timestamp, output: &Output) {
        match output {
            Output::Event(event) => self.event(now, event),
            Output::Row(change) => self.row(now, change),
            Output::Ring(ring) => self.of_agent(&ring.agent, |figures| figures.offers += 1),
            _ => {}
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
