//! What a day comes to: figures of queues and agents, gathered from events and rows alone.

use super::observer::{Observer, Scene};
use mod_callcenter::engine::{
    AgentRow, AgentState, EngineError, Event, Input, MemberRow, MemberState, Output, Reply, RowChange, Span, Timestamp,
};
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

/// Figures of a day so far.
#[derive(Debug, Clone)]
pub struct Tally {
    service_level: Span,
    queues: BTreeMap<String, QueueFigures>,
    agents: BTreeMap<String, AgentFigures>,
    members: HashMap<String, Stay>,
}

/// Figures of a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct QueueFigures {
    /// Callers who entered.
    pub calls: u64,
    /// Callers bridged to an agent.
    pub answered: u64,
    /// Of these, within the service level's time.
    pub answered_in_time: u64,
    /// Callers who left without an agent.
    pub abandoned: u64,
    /// Callers who wait now.
    pub waiting: u64,
    /// Callers who talk now.
    pub talking: u64,
    /// Time until the answer, of all answered callers together.
    pub wait_of_answered: Span,
    /// The longest wait of a caller, answered or not.
    pub longest_wait: Span,
}

/// Figures of an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct AgentFigures {
    /// Offers made.
    pub offers: u64,
    /// Calls bridged.
    pub calls: u64,
    /// Time talked.
    pub talk: Span,
    /// Time after calls in which nothing is offered (`wrap_up_time`).
    pub wrap_up: Span,
    /// Time of wanting calls, or having one.
    pub on_duty: Span,
    /// Whether a call is on now.
    pub talking: bool,
    /// Whether the agent wants calls now.
    pub wants_calls: bool,
    wrap_up_time: Span,
    duty_since: Option<Timestamp>,
    talking_since: Option<Timestamp>,
    wrapping_since: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct Stay {
    queue: String,
    entered: Timestamp,
    answered: bool,
}

impl QueueFigures {
    /// Share of all callers who have left the queue that were answered in time; none before the first.
    pub fn service_level(&self) -> Option<f64> {
        share(self.answered_in_time, self.answered + self.abandoned)
    }

    /// Share of all callers who have left the queue that left without an agent; none before the first.
    pub fn abandonment(&self) -> Option<f64> {
        share(self.abandoned, self.answered + self.abandoned)
    }

    /// Average wait of the answered callers, in seconds; none before the first.
    pub fn average_wait(&self) -> Option<f64> {
        (self.answered > 0).then(|| seconds(self.wait_of_answered) / self.answered as f64)
    }

    /// Both queues together.
    #[must_use]
    pub fn plus(self, other: &QueueFigures) -> QueueFigures {
        QueueFigures {
            calls: self.calls + other.calls,
            answered: self.answered + other.answered,
            answered_in_time: self.answered_in_time + other.answered_in_time,
            abandoned: self.abandoned + other.abandoned,
            waiting: self.waiting + other.waiting,
            talking: self.talking + other.talking,
            wait_of_answered: sum(self.wait_of_answered, other.wait_of_answered),
            longest_wait: self.longest_wait.max(other.longest_wait),
        }
    }
}

impl AgentFigures {
    /// Share of the time on duty spent talking and wrapping up; none without duty.
    pub fn occupancy(&self) -> Option<f64> {
        let duty = seconds(self.on_duty);
        (duty > 0.0).then(|| ((seconds(self.talk) + seconds(self.wrap_up)) / duty).min(1.0))
    }

    /// The figures at `now`: what is still going on counts up to here.
    fn until(mut self, now: Timestamp) -> Self {
        self.end_talk(now);
        self.end_wrap_up(now);
        self.end_duty(now);
        self
    }

    fn end_duty(&mut self, now: Timestamp) {
        if let Some(since) = self.duty_since.take() {
            self.on_duty = sum(self.on_duty, now.since(since));
        }
    }

    fn end_talk(&mut self, now: Timestamp) {
        if let Some(since) = self.talking_since.take() {
            self.talk = sum(self.talk, now.since(since));
        }
    }

    fn end_wrap_up(&mut self, now: Timestamp) {
        if let Some(since) = self.wrapping_since.take() {
            self.wrap_up = sum(self.wrap_up, now.since(since).min(self.wrap_up_time));
        }
    }
}

impl Tally {
    /// Empty figures; answers within `service_level` count as in time.
    pub fn new(service_level: Span) -> Self {
        Self {
            service_level,
            queues: BTreeMap::new(),
            agents: BTreeMap::new(),
            members: HashMap::new(),
        }
    }

    /// What counts as in time.
    pub fn service_level(&self) -> Span {
        self.service_level
    }

    /// Figures by queue.
    pub fn queues(&self) -> &BTreeMap<String, QueueFigures> {
        &self.queues
    }

    /// Figures by agent, up to `now`.
    pub fn agents(&self, now: Timestamp) -> BTreeMap<String, AgentFigures> {
        self.agents
            .iter()
            .map(|(name, figures)| (name.clone(), figures.until(now)))
            .collect()
    }

    /// All queues together.
    pub fn total(&self) -> QueueFigures {
        self.queues.values().fold(QueueFigures::default(), QueueFigures::plus)
    }

    /// Agents who want calls and have none, and agents who talk.
    pub fn without_call_and_talking(&self) -> (usize, usize) {
        let without_call = self
            .agents
            .values()
            .filter(|agent| agent.wants_calls && !agent.talking)
            .count();
        (without_call, self.agents.values().filter(|agent| agent.talking).count())
    }

    fn event(&mut self, now: Timestamp, event: &Event) {
        let uuid = event.header("CC-Member-UUID").unwrap_or_default();
        match event.action() {
            "member-queue-start" | "member-queue-resume" => {
                let queue = event.header("CC-Queue").unwrap_or_default().to_owned();
                let figures = self.queues.entry(queue.clone()).or_default();
                figures.calls += 1;
                figures.waiting += 1;
                self.members.insert(
                    uuid.to_owned(),
                    Stay {
                        queue,
                        entered: now,
                        answered: false,
                    },
                );
            }
            "member-queue-end" => self.member_leaves(now, uuid),
            "agent-offering" => {
                let agent = event.header("CC-Agent").unwrap_or_default();
                self.agents.entry(agent.to_owned()).or_default().offers += 1;
            }
            _ => {}
        }
    }

    fn member_leaves(&mut self, now: Timestamp, uuid: &str) {
        let Some(stay) = self.members.remove(uuid) else { return };
        let figures = self.queues.entry(stay.queue).or_default();
        if stay.answered {
            figures.talking = figures.talking.saturating_sub(1);
        } else {
            figures.abandoned += 1;
            figures.waiting = figures.waiting.saturating_sub(1);
            figures.longest_wait = figures.longest_wait.max(now.since(stay.entered));
        }
    }

    fn member_row(&mut self, now: Timestamp, row: &MemberRow) {
        if row.state != MemberState::Answered {
            return;
        }
        let Some(stay) = self.members.get_mut(&row.uuid).filter(|stay| !stay.answered) else {
            return;
        };
        stay.answered = true;
        let wait = now.since(stay.entered);
        let figures = self.queues.entry(stay.queue.clone()).or_default();
        figures.answered += 1;
        figures.answered_in_time += u64::from(wait <= self.service_level);
        figures.waiting = figures.waiting.saturating_sub(1);
        figures.talking += 1;
        figures.wait_of_answered = sum(figures.wait_of_answered, wait);
        figures.longest_wait = figures.longest_wait.max(wait);
    }

    fn agent_row(&mut self, now: Timestamp, row: &AgentRow) {
        let figures = self.agents.entry(row.name.clone()).or_default();
        let was_talking = figures.talking;
        figures.talking = row.state == AgentState::InAQueueCall;
        figures.wants_calls = row.status.wants_calls();
        figures.wrap_up_time = Span::from_secs(row.wrap_up_time);
        if figures.talking && !was_talking {
            figures.calls += 1;
            figures.end_wrap_up(now);
            figures.talking_since = Some(now);
        }
        if was_talking && !figures.talking {
            figures.end_talk(now);
            figures.wrapping_since = Some(now);
        }
        if !figures.wants_calls && !figures.talking {
            figures.end_wrap_up(now);
            figures.end_duty(now);
        } else if figures.duty_since.is_none() {
            figures.duty_since = Some(now);
        }
    }

    fn row(&mut self, now: Timestamp, change: &RowChange) {
        match change {
            RowChange::Agent(row) => self.agent_row(now, row),
            RowChange::AgentGone(name) => {
                if let Some(figures) = self.agents.get_mut(name) {
                    *figures = AgentFigures {
                        talking: false,
                        wants_calls: false,
                        ..figures.until(now)
                    };
                }
            }
            RowChange::Member(row) => self.member_row(now, row),
            _ => {}
        }
    }
}

impl Observer for Tally {
    fn input(&mut self, _: Timestamp, _: &Input, _: &Result<Reply, EngineError>) {}

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, now: Timestamp, output: &Output) {
        match output {
            Output::Event(event) => self.event(now, event),
            Output::Row(change) => self.row(now, change),
            _ => {}
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn seconds(span: Span) -> f64 {
    span.micros() as f64 / 1e6
}

fn sum(a: Span, b: Span) -> Span {
    Span::from_micros(a.micros().saturating_add(b.micros()))
}
