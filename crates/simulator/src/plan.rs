//! What a simulated day is made of. Everything left to chance is drawn from the plan's seed.

use super::dice::{Dice, Draw};
use mod_callcenter::engine::{
    AgentConfig, AgentState, AgentStatus, CallerRequirements, HangupCause, Input, PreferredAgents, QueueConfig,
    Settings, Span, TierConfig, TierState, Timestamp,
};
use std::collections::BTreeMap;

/// A day in a call centre.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// When the day begins.
    pub start: Timestamp,
    /// How long callers arrive.
    pub length: Span,
    /// Settings of the module.
    pub settings: Settings,
    /// Queues of the configuration.
    pub queues: Vec<QueueConfig>,
    /// Agents of the configuration.
    pub agents: Vec<AgentConfig>,
    /// Tiers of the configuration.
    pub tiers: Vec<TierConfig>,
    /// Who calls.
    pub traffic: Vec<Traffic>,
    /// How each agent treats the phone, by agent name; others have [`Phone::default`].
    pub phones: BTreeMap<String, Phone>,
    /// What supervisors and agents do besides calls, and when.
    pub acts: Vec<(Timestamp, Act)>,
    /// The way between engine and phones.
    pub network: Network,
    /// The way between engine and database.
    pub storage: Storage,
    /// What lies in wait for an agent's calls.
    pub ambushes: Ambushes,
}

/// Who calls one queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// The queue's name.
    pub queue: String,
    /// Calls an hour, one figure for each `step` of the day; the last goes on to the day's end.
    pub calls_per_hour: Vec<f64>,
    /// How long each figure of `calls_per_hour` holds.
    pub step: Span,
    /// How long a caller talks once bridged.
    pub talk: Draw,
    /// How long a caller waits before hanging up.
    pub patience: Draw,
    /// Share of the callers who press an exit key while waiting.
    pub exit_key: f64,
    /// Share of the callers whom somebody takes out of the queue with the channel up (a transfer).
    pub taken_away: f64,
    /// Share of the callers who ask to be called back while they wait.
    pub callback: f64,
    /// Share of the callers who call again after they were not served.
    pub redial: f64,
    /// How long they wait before that.
    pub redial_after: Draw,
    /// Highest `cc_base_score`; each caller has one from 0 to this.
    pub base_score: i64,
    /// Seconds a caller has been on the line before joining.
    pub before_queue: Draw,
    /// Share of the conversations the agent ends.
    pub agent_ends: f64,
    /// What callers ask of an agent: each one of these, by chance; nothing where there are none.
    pub requirements: Vec<CallerRequirements>,
    /// Whom callers prefer: each one of these lists, by chance; nobody where there are none.
    pub preferred: Vec<PreferredAgents>,
    /// So many numbers the callers share.
    pub numbers: i64,
}

/// So many that callers hardly ever share one, and some who come back find their old place.
const NUMBERS: i64 = 100_000;

impl Traffic {
    /// Patient callers with ordinary conversations.
    pub fn new(queue: impl Into<String>, calls_per_hour: f64) -> Self {
        Self {
            queue: queue.into(),
            calls_per_hour: vec![calls_per_hour],
            step: Span::from_secs(3600),
            talk: Draw::Exponential(180.0),
            patience: Draw::Exponential(300.0),
            exit_key: 0.0,
            taken_away: 0.0,
            callback: 0.0,
            redial: 0.0,
            redial_after: Draw::Uniform(1.0, 120.0),
            base_score: 0,
            before_queue: Draw::Fixed(0.0),
            agent_ends: 0.3,
            requirements: Vec::new(),
            preferred: Vec::new(),
            numbers: NUMBERS,
        }
    }

    /// How many callers come in so long a time, on average.
    pub fn calls_in(&self, length: Span) -> f64 {
        let step = self.step.micros().max(1);
        let whole = length.micros() / step;
        let in_steps: f64 = (0..whole)
            .map(|number| self.rate(Span::from_micros(number * step)))
            .sum();
        let rest = (length.micros() - whole * step) as f64 / step as f64;
        let rates = in_steps + rest * self.rate(Span::from_micros(whole * step));
        rates * step as f64 / 3.6e9
    }

    /// The rate that holds `into_day` after the start, in calls an hour.
    pub fn rate(&self, into_day: Span) -> f64 {
        let step = usize::try_from(into_day.micros() / self.step.micros().max(1)).unwrap_or(0);
        self.calls_per_hour
            .get(step)
            .or(self.calls_per_hour.last())
            .copied()
            .unwrap_or(0.0)
    }
}

/// How an agent's phone behaves. The shares are of all rings; what is left over is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Phone {
    /// How long it rings before the agent answers or rejects.
    pub answer: Draw,
    /// Share of rings the agent rejects.
    pub rejects: f64,
    /// Share of rings that find the phone busy.
    pub busy: f64,
    /// Share of rings nobody answers.
    pub no_answer: f64,
    /// Share of rings that find the phone not registered.
    pub not_registered: f64,
    /// Share of rings that cannot be placed at all (a dead gateway, a wrong dial string).
    pub unreachable: f64,
    /// Share of rings that end at once with any cause there is, those included that FreeSWITCH gives a call which was taken back.
    pub oddities: f64,
    /// Share of answered rings where the agent hangs up before the bridge.
    pub vanishes: f64,
    /// Seconds after which a ring is given up, where the contact says so itself (`leg_timeout`).
    pub leg_timeout: Option<u32>,
    /// How long the agent talks before hanging up; without it, as long as the caller wants.
    pub talk: Option<Draw>,
    /// How rings ended that were seen, one of which each ring ends as; where there are none, the shares above decide.
    pub seen: Vec<Fate>,
}

impl Default for Phone {
    fn default() -> Self {
        Self {
            answer: Draw::Uniform(1.0, 8.0),
            rejects: 0.0,
            busy: 0.0,
            no_answer: 0.0,
            not_registered: 0.0,
            unreachable: 0.0,
            oddities: 0.0,
            vanishes: 0.0,
            leg_timeout: None,
            talk: None,
            seen: Vec::new(),
        }
    }
}

/// Causes that have been mistaken for something else.
const ODDITIES: [HangupCause; 6] = [
    HangupCause::ORIGINATOR_CANCEL,
    HangupCause::LOSE_RACE,
    HangupCause::NORMAL_CLEARING,
    HangupCause::NORMAL_CIRCUIT_CONGESTION,
    HangupCause::ALLOTTED_TIMEOUT,
    HangupCause::NONE,
];

/// How one ring will end, and after how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    /// How long the phone rings.
    pub after: Span,
    /// Why it stops ringing; none is an answer.
    pub failure: Option<HangupCause>,
}

impl Phone {
    /// Draws how a ring that may last `timeout` seconds ends.
    pub(super) fn fate(&self, timeout: u32, dice: &mut Dice) -> Fate {
        let ring = Span::from_secs(i64::from(self.leg_timeout.unwrap_or(timeout).min(timeout)));
        // Nothing is thrown where nothing was seen, so that other days stay as they are.
        if !self.seen.is_empty() {
            return dice
                .pick(&self.seen)
                .map_or_else(|| Fate::unanswered(ring), |seen| seen.within(ring));
        }
        let choice = dice.unit();
        let answer = self.answer.roll(dice);
        let odd = if self.oddities > 0.0 {
            dice.pick(&ODDITIES).cloned()
        } else {
            None
        };
        let shares = [
            (
                self.not_registered,
                Span::from_millis(3),
                HangupCause::USER_NOT_REGISTERED,
            ),
            (
                self.unreachable,
                Span::from_millis(1),
                HangupCause::DESTINATION_OUT_OF_ORDER,
            ),
            (self.busy, Span::from_millis(150), HangupCause::USER_BUSY),
            (self.rejects, answer, HangupCause::CALL_REJECTED),
            (self.no_answer, ring, HangupCause::NO_ANSWER),
            (
                self.oddities,
                Span::from_millis(2),
                odd.unwrap_or(HangupCause::ORIGINATOR_CANCEL),
            ),
        ];
        let mut upper = 0.0;
        for (share, after, cause) in shares {
            upper += share;
            if choice < upper && after <= ring {
                return Fate {
                    after,
                    failure: Some(cause),
                };
            }
        }
        let answered = Fate {
            after: answer,
            failure: None,
        };
        answered.within(ring)
    }
}

impl Fate {
    /// Nobody answers, and the ring is given up.
    fn unanswered(ring: Span) -> Self {
        Self {
            after: ring,
            failure: Some(HangupCause::ALLOTTED_TIMEOUT),
        }
    }

    /// The same where the phone rings no longer than `ring`.
    pub(super) fn within(&self, ring: Span) -> Self {
        if self.after < ring {
            self.clone()
        } else {
            Self::unanswered(ring)
        }
    }
}

/// Something a supervisor, an agent or the outside does.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Hands this input in.
    Submit(Box<Input>),
    /// `callcenter_break` for whatever leg the agent has.
    BreakAgent(String),
    /// A uuid-standby agent calls in and stays on the line.
    StandbyUp(String),
    /// A uuid-standby agent's leg goes down, with whatever it was doing.
    StandbyDown(String),
    /// The agent hangs up whatever leg there is, and the caller at its other end in the same instant.
    HangUpTogether(String),
    /// Somebody writes into the database.
    WriteRow(Edit),
    /// FreeSWITCH stands still for so long (a machine that has no time for it): everything that was due meanwhile is late.
    StandStill(Span),
    /// Somebody sets FreeSWITCH's clock by so much while it runs; less than nothing is back.
    SetClock(Span),
    /// The module is unloaded and loaded again: callers who wait are let go, phones stop ringing, talks go on without it.
    Reload,
    /// FreeSWITCH dies with all its channels and comes back with the rows it had saved.
    Crash {
        /// By how much the machine's clock has been corrected meanwhile; less than nothing is back.
        clock: Span,
    },
}

impl Act {
    /// Hands this input in.
    pub fn submit(input: Input) -> Self {
        Act::Submit(Box::new(input))
    }
}

/// What somebody else does to a row of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Gives an agent a status and a state.
    Agent {
        /// The agent's name.
        agent: String,
        /// The status.
        status: AgentStatus,
        /// The state.
        state: AgentState,
    },
    /// Deletes an agent's row.
    NoAgent(String),
    /// Gives a tier a state and a level.
    Tier {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
        /// The state.
        state: TierState,
        /// The level.
        level: i64,
    },
    /// Deletes a tier's row.
    NoTier {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
    },
    /// Gives the member who came last to a queue another score.
    Score {
        /// The queue's name.
        queue: String,
        /// The score.
        base_score: i64,
    },
    /// Deletes the row of the member who came last to a queue.
    NoMember {
        /// The queue's name.
        queue: String,
    },
}

/// Acts that come at the worst of moments: when an agent is rung, connected or cancelled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ambushes {
    /// Chance that one comes at such a moment.
    pub chance: f64,
    /// By agent: what may come, each with the time of its parts after that moment.
    pub of_agent: BTreeMap<String, Vec<Vec<(Span, Act)>>>,
}

/// What lies between the engine and the phones.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// How long a report or a bridge takes.
    pub latency: Draw,
    /// Chance that a report or a bridge takes very long instead: up to three quarters of a minute.
    pub very_late: f64,
    /// Chance that a call to an agent is not made at all.
    pub refuses: f64,
    /// Chance that a cancelled ring is reported answered: the agent was just as fast.
    pub late_answers: f64,
    /// Chance that the end of a cancelled ring is never reported.
    pub lost_reports: f64,
    /// Chance that the result of a ring or a bridge, or the end of a leg or a stay, is never reported.
    pub lost_results: f64,
    /// Chance that a report is made a second time, later.
    pub repeats: f64,
    /// Everything happens at whole multiples of this, in any order, so that much happens at one instant; zero is off.
    pub grain: Span,
}

impl Network {
    /// No latency, and nothing crossed or lost.
    pub const IDEAL: Network = Network {
        latency: Draw::Fixed(0.0),
        very_late: 0.0,
        refuses: 0.0,
        late_answers: 0.0,
        lost_reports: 0.0,
        lost_results: 0.0,
        repeats: 0.0,
        grain: Span::ZERO,
    };
}

impl Default for Network {
    fn default() -> Self {
        Self {
            latency: Draw::Uniform(0.000_5, 0.05),
            late_answers: 0.02,
            ..Self::IDEAL
        }
    }
}

/// What lies between the engine and the database.
#[derive(Debug, Clone, PartialEq)]
pub struct Storage {
    /// How long changes gather before they are written.
    pub gathering: Span,
    /// Chance that a write fails, to be tried again.
    pub fails: f64,
    /// How long the pause after a failed write is.
    pub pause: Draw,
}

impl Storage {
    /// Every change is saved at once.
    pub const IDEAL: Storage = Storage {
        gathering: Span::ZERO,
        fails: 0.0,
        pause: Draw::Fixed(0.0),
    };
}
