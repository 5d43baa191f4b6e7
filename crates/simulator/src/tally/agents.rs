//! What agents do with their time.

use super::slots::{Series, Slots};
use mod_callcenter::engine::{AgentLimits, AgentRow, AgentState, AgentStatus, Timestamp};

/// What an agent does at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// A talk with a caller.
    Talk,
    /// The phone rings.
    Ring,
    /// Nothing is offered: after a call, or after an offer that was not taken.
    WrapUp,
    /// Wants calls and has none.
    Free,
    /// On a break, or otherwise logged in without wanting calls.
    Break,
}

/// Seconds spent with each thing an agent does.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// Talking with callers.
    pub talk: f64,
    /// While the phone rang.
    pub ring: f64,
    /// Without offers: after a call, or after an offer that was not taken.
    pub wrap_up: f64,
    /// Wanting calls and having none.
    pub free: f64,
    /// On a break, or otherwise logged in without wanting calls.
    pub on_break: f64,
}

impl Times {
    fn of(&mut self, activity: Activity) -> &mut f64 {
        match activity {
            Activity::Talk => &mut self.talk,
            Activity::Ring => &mut self.ring,
            Activity::WrapUp => &mut self.wrap_up,
            Activity::Free => &mut self.free,
            Activity::Break => &mut self.on_break,
        }
    }

    /// Time of wanting calls, or having one.
    pub fn on_duty(&self) -> f64 {
        self.talk + self.ring + self.wrap_up + self.free
    }

    /// Share of the time on duty spent talking and wrapping up; none without duty.
    pub fn occupancy(&self) -> Option<f64> {
        let duty = self.on_duty();
        (duty > 0.0).then(|| ((self.talk + self.wrap_up) / duty).min(1.0))
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: &Times) -> Times {
        Times {
            talk: self.talk + other.talk,
            ring: self.ring + other.ring,
            wrap_up: self.wrap_up + other.wrap_up,
            free: self.free + other.free,
            on_break: self.on_break + other.on_break,
        }
    }
}

/// Figures of an agent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AgentFigures {
    /// Offers made.
    pub offers: u64,
    /// Calls bridged.
    pub calls: u64,
    /// What the time was spent with, in all.
    pub times: Times,
    /// The same by the slots of the day.
    pub by_slot: Series<Times>,
    /// Whether a call is on now.
    pub talking: bool,
    /// Whether the agent wants calls now.
    pub wants_calls: bool,
    /// What goes on since when.
    doing: Option<Doing>,
    /// Until when nothing is offered.
    rest: Rest,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Doing {
    activity: Activity,
    since: Timestamp,
}

/// What the rows say of a rest: the agent's own wrap-up follows from the end of the last talk, every other pause is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Rest {
    ready_time: i64,
    talk_ended: i64,
    own_wrap_up: i64,
    /// `max-wrap-up-time` of the queue of the last call: 0 is none, and less is a wrap-up that has been ended.
    longest_wrap_up: i64,
}

impl Rest {
    fn until(self) -> Timestamp {
        let own = match self.longest_wrap_up {
            0 => self.own_wrap_up,
            longest => self.own_wrap_up.min(longest.max(0)),
        };
        Timestamp::from_secs(self.ready_time.max(self.talk_ended.saturating_add(own)))
    }
}

impl AgentFigures {
    /// The agent's row has changed.
    pub fn row(&mut self, slots: &Slots, now: Timestamp, row: &AgentRow) {
        let was_talking = self.talking;
        self.talking = row.state == AgentState::InAQueueCall;
        self.wants_calls = row.status.wants_calls();
        self.calls += u64::from(self.talking && !was_talking);
        let activity = match (row.state, row.status) {
            (AgentState::InAQueueCall, _) => Some(Activity::Talk),
            (AgentState::Receiving | AgentState::Reserved, _) => Some(Activity::Ring),
            (_, AgentStatus::LoggedOut) => None,
            (AgentState::Idle, _) | (_, AgentStatus::OnBreak) => Some(Activity::Break),
            _ => Some(Activity::Free),
        };
        self.account(slots, now);
        self.doing = activity.map(|activity| Doing { activity, since: now });
        self.rest = Rest {
            ready_time: row.ready_time,
            talk_ended: row.last_bridge_end,
            own_wrap_up: row.wrap_up_time,
            ..self.rest
        };
    }

    /// What is kept of the agent beside the row has changed.
    pub fn limits(&mut self, slots: &Slots, now: Timestamp, limits: &AgentLimits) {
        self.account(slots, now);
        self.rest.longest_wrap_up = limits.longest_wrap_up;
    }

    /// The agent is gone.
    pub fn gone(&mut self, slots: &Slots, now: Timestamp) {
        self.account(slots, now);
        self.doing = None;
        self.talking = false;
        self.wants_calls = false;
    }

    /// The figures at `now`: what is still going on counts up to here.
    pub fn until(mut self, slots: &Slots, now: Timestamp) -> Self {
        self.account(slots, now);
        self
    }

    /// Books what went on until now.
    fn account(&mut self, slots: &Slots, now: Timestamp) {
        let Some(doing) = self.doing else { return };
        if doing.activity == Activity::Free {
            let rested = self.rest.until().clamp(doing.since, now.max(doing.since));
            self.book(slots, Activity::WrapUp, doing.since, rested);
            self.book(slots, Activity::Free, rested, now);
        } else {
            self.book(slots, doing.activity, doing.since, now);
        }
        self.doing = Some(Doing { since: now, ..doing });
    }

    fn book(&mut self, slots: &Slots, activity: Activity, from: Timestamp, to: Timestamp) {
        for (slot, seconds) in slots.cut(from, to) {
            *self.times.of(activity) += seconds;
            *self.by_slot.slot(slot).of(activity) += seconds;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mod_callcenter::engine::{AgentType, Span};

    fn available(state: AgentState) -> AgentRow {
        AgentRow {
            status: AgentStatus::Available,
            state,
            ..AgentRow::new("a", "", AgentType::callback())
        }
    }

    #[test]
    fn an_agents_own_wrap_up_is_rest_within_the_limit_of_the_queue() {
        let slots = Slots {
            origin: Timestamp::from_secs(0),
            length: Span::from_secs(60),
        };
        let rested = |longest_wrap_up| {
            let mut figures = AgentFigures::default();
            figures.row(&slots, Timestamp::from_secs(5), &available(AgentState::InAQueueCall));
            let after = AgentRow {
                last_bridge_end: 65,
                wrap_up_time: 30,
                ..available(AgentState::Waiting)
            };
            figures.row(&slots, Timestamp::from_secs(65), &after);
            let limits = AgentLimits {
                longest_wrap_up,
                ..AgentLimits::default()
            };
            figures.limits(&slots, Timestamp::from_secs(65), &limits);
            let times = figures.until(&slots, Timestamp::from_secs(165)).times;
            (times.wrap_up, times.free)
        };
        assert_eq!(rested(0), (30.0, 70.0));
        assert_eq!(rested(20), (20.0, 80.0));
        assert_eq!(rested(-1), (0.0, 100.0), "ended by command");
    }

    #[test]
    fn what_follows_a_talk_is_rest_until_the_agent_is_ready_and_then_free() {
        let slots = Slots {
            origin: Timestamp::from_secs(0),
            length: Span::from_secs(60),
        };
        let row = |state, ready_time| AgentRow {
            ready_time,
            ..available(state)
        };
        let mut figures = AgentFigures::default();
        figures.row(&slots, Timestamp::from_secs(0), &row(AgentState::Receiving, 0));
        figures.row(&slots, Timestamp::from_secs(5), &row(AgentState::InAQueueCall, 0));
        figures.row(&slots, Timestamp::from_secs(65), &row(AgentState::Waiting, 75));
        let figures = figures.until(&slots, Timestamp::from_secs(100));
        let expected = Times {
            talk: 60.0,
            ring: 5.0,
            wrap_up: 10.0,
            free: 25.0,
            on_break: 0.0,
        };
        assert_eq!((figures.times, figures.calls), (expected, 1));
        assert_eq!(figures.by_slot.get(1).talk, 5.0);
        assert_eq!(figures.times.occupancy(), Some(0.7));
    }
}
