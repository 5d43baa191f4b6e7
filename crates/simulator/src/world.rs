//! The simulated world: it keeps the calendar, sets the clock, hands inputs to the driver and does what comes back.

mod network;

use super::calendar::Calendar;
use super::caller::{Caller, CallerId};
use super::calling_back::Promise;
use super::database::Database;
use super::dice::Dice;
use super::expected::Expected;
use super::leg::Leg;
use super::observer::{Observer, Scene};
use super::plan::{Act, Plan};
use super::wire::{SimClock, Wire};
use mod_callcenter::driver::{Clock, Driver};
use mod_callcenter::engine::{
    CallBack, CallbackEnd, CallerRequirements, Engine, EngineError, HangupCause, Input, OfferId, Output,
    PreferredAgents, Reply, RingEnd, RowChange, Span, Timestamp,
};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// How long after the last arrival the doors are closed and whoever still waits hangs up.
pub(super) const PATIENCE_AFTER_HOURS: Span = Span::from_secs(4 * 3600);
/// Steps without any time passing before the run is called stuck: far more than a day's opening makes.
const MOST_STEPS_AT_ONE_INSTANT: u32 = 200_000;

/// Something that is going to happen.
#[derive(Debug)]
pub(super) enum Happening {
    /// The configuration is loaded.
    Open,
    /// The next caller of `plan.traffic[_]` is due.
    NextArrival(usize),
    /// A caller stands at the door of a queue.
    Arrives(Box<Call>),
    /// So does one who was expected.
    Comes(Box<Expected>),
    /// A caller hangs up unless bridged.
    HangsUp(CallerId),
    /// A caller presses an exit key.
    PressesKey(CallerId),
    /// Somebody transfers a waiting caller away.
    TakenAway(CallerId),
    /// A caller presses `callback-key`.
    AsksForCallback(CallerId),
    /// A call to somebody ends without the person, or has reached it.
    AttemptEnds(Box<CallBack>, Option<CallbackEnd>),
    /// The queue application of a caller reports its end.
    ReportsExit(CallerId),
    /// A ring ends: with an answer, or with a cause.
    RingEnds(OfferId, Option<RingEnd>),
    /// An agent who has answered hangs up before the bridge.
    Vanishes(OfferId),
    /// The switch bridges, or finds that it cannot.
    Bridges(OfferId),
    /// One of the two hangs up.
    TalkEnds(OfferId),
    /// The agent's leg is reported ended.
    LegEnds(OfferId, HangupCause),
    /// The engine is told how things stand with a standing leg.
    TellsOfLeg(String),
    /// A report is handed in, whatever has become of what it is about.
    Reports(Box<Input>),
    /// `plan.acts[_]`.
    Acts(usize),
    /// Something that lay in wait.
    Does(Box<Act>),
    /// Changed rows are written into the database.
    Saves,
    /// Nobody stays any longer.
    DoorsClose,
}

impl Happening {
    /// Whether it still happens when the switch and all its channels are gone: people go on calling and working.
    pub(super) fn outlives_the_switch(&self) -> bool {
        matches!(
            self,
            Self::NextArrival(_) | Self::Arrives(_) | Self::Comes(_) | Self::Acts(_) | Self::Does(_) | Self::DoorsClose
        )
    }
}

/// A caller about to enter a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The queue's name.
    pub queue: String,
    /// Caller's number.
    pub number: String,
    /// How long the caller will talk.
    pub talk: Span,
    /// How long the caller will wait.
    pub patience: Span,
    /// When an exit key is pressed, after joining.
    pub exit_key_after: Option<Span>,
    /// When the caller is transferred away, after joining.
    pub taken_away_after: Option<Span>,
    /// When the caller asks to be called back, after joining, if that is offered then.
    pub callback_after: Option<Span>,
    /// Chance of calling again after giving up.
    pub redial: f64,
    /// `cc_base_score`.
    pub base_score: i64,
    /// How long the caller has been on the line.
    pub before_queue: Span,
    /// Whether the agent ends the conversation.
    pub agent_ends: bool,
    /// What the caller asks of an agent.
    pub requirements: CallerRequirements,
    /// `cc_preferred_agents`.
    pub preferred: PreferredAgents,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is more to come.
    Going,
    /// The day is over.
    Over,
    /// The observer ended the run.
    Stopped,
    /// The engine asks to be woken again and again at the same instant.
    Stuck,
}

/// A running simulation.
pub struct World {
    pub(super) plan: Plan,
    pub(super) clock: Arc<SimClock>,
    pub(super) wire: Arc<Wire>,
    pub(super) driver: Arc<Driver>,
    pub(super) calendar: Calendar<Happening>,
    pub(super) callers: BTreeMap<CallerId, Caller>,
    pub(super) legs: BTreeMap<OfferId, Leg>,
    /// Legs of uuid-standby agents, by agent.
    pub(super) standing: BTreeMap<String, String>,
    pub(super) arrivals: Vec<Dice>,
    pub(super) rings: BTreeMap<String, Dice>,
    pub(super) noise: Dice,
    /// What comes of calls to those who are called back.
    pub(super) called_back: Dice,
    /// Who was promised a call, by the member's uuid.
    pub(super) promises: BTreeMap<String, Promise>,
    pub(super) database: Database,
    pub(super) callers_ever: u64,
    /// How many callers are still to come of those who were expected.
    pub(super) expected: usize,
    /// What callers are called; numbers where there are no names.
    pub(super) names: &'static [&'static str],
    pub(super) restarts: u64,
    /// The module is being unloaded: no phone rings any more.
    pub(super) closing: bool,
    /// The room of what was asked over the wire.
    asked: Vec<Output>,
    steps_at_this_instant: u32,
    stopped: bool,
}

impl World {
    /// A world in which nothing has happened yet, and callers come as the plan's traffic says.
    pub fn new(plan: Plan) -> Self {
        let queues = plan.traffic.len();
        Self::with_traffic(plan, queues)
    }

    /// The same, in which callers come by themselves only to the first so many queues of the plan's traffic.
    pub(super) fn with_traffic(plan: Plan, queues: usize) -> Self {
        let clock = Arc::new(SimClock::at(plan.start));
        let wire = Arc::new(Wire::default());
        let driver = new_driver(&plan, plan.seed, &clock, &wire);
        let arrivals = plan
            .traffic
            .iter()
            .map(|t| Dice::new(plan.seed, &format!("callers of {}", t.queue)))
            .collect();
        let mut calendar = Calendar::default();
        calendar.plan(plan.start, Happening::Open);
        for index in 0..queues {
            calendar.plan(plan.start, Happening::NextArrival(index));
        }
        for (index, (at, _)) in plan.acts.iter().enumerate() {
            calendar.plan(*at, Happening::Acts(index));
        }
        calendar.plan(plan.start + plan.length + PATIENCE_AFTER_HOURS, Happening::DoorsClose);
        Self {
            noise: Dice::new(plan.seed, "network"),
            called_back: Dice::new(plan.seed, "called back"),
            promises: BTreeMap::new(),
            database: Database::new(plan.storage.clone(), plan.seed),
            plan,
            clock,
            wire,
            driver,
            calendar,
            callers: BTreeMap::new(),
            legs: BTreeMap::new(),
            standing: BTreeMap::new(),
            arrivals,
            rings: BTreeMap::new(),
            callers_ever: 0,
            expected: 0,
            names: &[],
            restarts: 0,
            closing: false,
            asked: Vec::new(),
            steps_at_this_instant: 0,
            stopped: false,
        }
    }

    /// The same world with people who have names, and with events that are numbered as in FreeSWITCH: for clients who look at it.
    pub fn for_clients(self, names: &'static [&'static str]) -> Self {
        let driver = bare_driver(&self.plan, self.plan.seed, &self.clock, &self.wire);
        Self {
            driver: Arc::new(driver.numbering_events()),
            names,
            ..self
        }
    }

    /// The same world without a database and without news of offers: for days on which nothing ever reads them, and of which many are
    /// played.
    #[must_use]
    pub fn played_for_its_figures(self) -> Self {
        let engine = Engine::new(self.plan.settings.clone(), self.plan.seed).without_news_of_offers();
        Self {
            driver: Arc::new(driver_of(engine, &self.clock, &self.wire)),
            database: self.database.never_written(),
            ..self
        }
    }

    /// The driver: for views, and for commands typed by hand (see [`World::absorb`]).
    pub fn driver(&self) -> &Arc<Driver> {
        &self.driver
    }

    /// The plan of the run.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs to the end of the day.
    pub fn run(&mut self, observer: &mut dyn Observer) -> Progress {
        loop {
            match self.step(observer) {
                Progress::Going => {}
                end => return end,
            }
        }
    }

    /// Runs everything that happens up to `until` and leaves the clock there.
    pub fn run_until(&mut self, until: Timestamp, observer: &mut dyn Observer) -> Progress {
        while self.next_time().is_some_and(|next| next <= until) {
            match self.step(observer) {
                Progress::Going => {}
                end => return end,
            }
        }
        self.clock.set(until);
        if self.is_over(self.driver.next_deadline()) {
            Progress::Over
        } else {
            Progress::Going
        }
    }

    /// When something happens next.
    pub fn next_time(&self) -> Option<Timestamp> {
        self.next_with(self.driver.next_deadline())
    }

    fn next_with(&self, deadline: Option<Timestamp>) -> Option<Timestamp> {
        match (self.calendar.next_time(), deadline) {
            (Some(planned), Some(deadline)) => Some(planned.min(deadline)),
            (planned, deadline) => planned.or(deadline),
        }
    }

    /// Lets the next thing happen.
    pub fn step(&mut self, observer: &mut dyn Observer) -> Progress {
        let deadline = self.driver.next_deadline();
        if self.is_over(deadline) {
            return Progress::Over;
        }
        let Some(next) = self.next_with(deadline) else {
            return Progress::Over;
        };
        if next > self.now() {
            self.steps_at_this_instant = 0;
        } else {
            self.steps_at_this_instant += 1;
            if self.steps_at_this_instant > MOST_STEPS_AT_ONE_INSTANT {
                return Progress::Stuck;
            }
        }
        self.clock.set(next);
        if self.deadline_is_first(deadline) {
            self.driver.handle_due_timers();
            observer.deadline(self.now());
            self.absorb(observer);
        } else if let Some((_, happening)) = self.calendar.take() {
            self.happen(happening, observer);
        }
        if self.stopped {
            Progress::Stopped
        } else {
            Progress::Going
        }
    }

    /// Takes in what the driver wants done, after somebody other than the world has used the driver.
    pub fn absorb(&mut self, observer: &mut dyn Observer) {
        let now = self.now();
        let mut asked = std::mem::take(&mut self.asked);
        self.wire.take_into(&mut asked);
        for output in asked.drain(..) {
            observer.output(now, &output);
            self.react(output);
        }
        self.asked = asked;
        if let ControlFlow::Break(()) = observer.settled(&self.scene()) {
            self.stopped = true;
        }
    }

    /// How things stand between two inputs.
    pub fn scene(&self) -> Scene<'_> {
        Scene {
            now: self.now(),
            driver: &self.driver,
            legs: &self.legs,
            callers: &self.callers,
        }
    }

    /// Whether nothing is left to happen: no caller, no leg, nothing planned but the closing of the doors.
    fn is_over(&self, deadline: Option<Timestamp>) -> bool {
        let day_is_over = self.now() >= self.plan.start + self.plan.length;
        let quiet = self.callers.is_empty() && self.legs.is_empty() && self.calendar.len() <= 1;
        day_is_over && quiet && deadline.is_none()
    }

    /// Where a deadline and a happening fall on the same instant, either may come first in real life.
    fn deadline_is_first(&mut self, deadline: Option<Timestamp>) -> bool {
        match (deadline, self.calendar.next_time()) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(deadline), Some(planned)) => {
                let (deadline, planned) = (deadline.max(self.now()), planned.max(self.now()));
                deadline < planned || (deadline == planned && self.noise.chance(0.5))
            }
        }
    }

    fn happen(&mut self, happening: Happening, observer: &mut dyn Observer) {
        match happening {
            Happening::Open => self.open(observer),
            Happening::NextArrival(index) => self.next_arrival(index),
            Happening::Arrives(call) => self.arrives(*call, None, observer),
            Happening::Comes(expected) => {
                self.expected -= 1;
                self.arrives(expected.call, Some(expected.lot), observer);
            }
            Happening::HangsUp(caller) => self.caller_hangs_up(caller),
            Happening::PressesKey(caller) => self.presses_key(caller),
            Happening::TakenAway(caller) => self.taken_away(caller),
            Happening::AsksForCallback(caller) => self.asks_to_be_called_back(caller, observer),
            Happening::AttemptEnds(call, end) => self.attempt_ends(&call, end, observer),
            Happening::ReportsExit(caller) => self.reports_exit(caller, observer),
            Happening::RingEnds(offer, failure) => self.ring_ends(offer, failure, observer),
            Happening::Vanishes(offer) => self.hangs_up_before_bridge(offer, observer),
            Happening::Bridges(offer) => self.bridges(offer, observer),
            Happening::TalkEnds(offer) => self.talk_ends(offer),
            Happening::LegEnds(offer, cause) => self.leg_ends(offer, cause, observer),
            Happening::TellsOfLeg(leg) => self.tell_of_leg(leg, observer),
            Happening::Reports(input) => drop(self.submit(*input, observer)),
            Happening::Acts(index) => {
                if let Some((_, act)) = self.plan.acts.get(index).cloned() {
                    self.act(act, observer);
                }
            }
            Happening::Does(act) => self.act(*act, observer),
            Happening::Saves => self.save(),
            Happening::DoorsClose => self.doors_close(),
        }
    }

    fn react(&mut self, output: Output) {
        match output {
            Output::Ring(ring) => self.ring(ring),
            Output::CancelRing { offer, .. } => self.cancel(offer),
            Output::Connect(connect) => self.connect(&connect),
            Output::Release(release) => self.released(&release),
            Output::Row(change) => self.record(change),
            Output::Inspect(inspection) => self.look_up(&inspection),
            Output::Announce(announce) => self.announce(&announce),
            Output::LookAtLeg(leg) => self.look_at_leg(leg),
            Output::CallBack(call) => self.dial(call),
            Output::Hold { .. }
            | Output::Variables { .. }
            | Output::CancelCallBack(_)
            | Output::Event(_)
            | Output::Presence(_)
            | Output::QueueLog(_)
            | Output::Notice(_) => {}
        }
    }

    pub(super) fn open(&mut self, observer: &mut dyn Observer) {
        let inputs: Vec<Input> = configuration(&self.plan).collect();
        for input in inputs {
            let _ = self.submit(input, observer);
        }
    }

    /// Hands an input in and takes in what it causes.
    pub(super) fn submit(&mut self, input: Input, observer: &mut dyn Observer) -> Result<Reply, EngineError> {
        let reply = self.driver.submit(input.clone());
        observer.input(self.now(), &input, &reply);
        self.absorb(observer);
        self.perhaps_repeat(input);
        reply
    }

    /// Reports may come twice; commands do not.
    fn perhaps_repeat(&mut self, input: Input) {
        let is_report = matches!(
            input,
            Input::OfferAnswered { .. }
                | Input::OfferFailed { .. }
                | Input::OfferBridged { .. }
                | Input::BridgeFailed { .. }
                | Input::AgentLegEnded { .. }
                | Input::MemberExit { .. }
        );
        if is_report && self.happens(self.plan.network.repeats) {
            self.plan_soon(Happening::Reports(Box::new(input)));
        }
    }

    fn record(&mut self, change: RowChange) {
        if let Some(wait) = self.database.record(change) {
            self.calendar.plan(self.now() + wait, Happening::Saves);
        }
    }

    fn save(&mut self) {
        if let Some(wait) = self.database.write() {
            self.calendar.plan(self.now() + wait, Happening::Saves);
        }
    }
}

pub(super) fn new_driver(plan: &Plan, seed: u64, clock: &Arc<SimClock>, wire: &Arc<Wire>) -> Arc<Driver> {
    Arc::new(bare_driver(plan, seed, clock, wire))
}

fn bare_driver(plan: &Plan, seed: u64, clock: &Arc<SimClock>, wire: &Arc<Wire>) -> Driver {
    driver_of(Engine::new(plan.settings.clone(), seed), clock, wire)
}

fn driver_of(engine: Engine, clock: &Arc<SimClock>, wire: &Arc<Wire>) -> Driver {
    Driver::new(
        engine,
        Arc::<SimClock>::clone(clock),
        Arc::<Wire>::clone(wire),
        Arc::<Wire>::clone(wire),
    )
}

fn configuration(plan: &Plan) -> impl Iterator<Item = Input> + '_ {
    let queues = plan.queues.iter().cloned().map(Input::LoadQueue);
    let agents = plan.agents.iter().cloned().map(Input::ApplyAgent);
    let tiers = plan.tiers.iter().cloned().map(Input::ApplyTier);
    queues.chain(agents).chain(tiers)
}
