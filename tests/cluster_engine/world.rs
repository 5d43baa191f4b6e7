//! N boxes and one server in one virtual world. One seed decides everything.

pub mod callers;
mod leading;
mod trouble;
mod wire;

use crate::books::Books;
use crate::centre::{number_of, Agent, Caller, Centre, Configuration, Desk, Offer, Outcome};
use callcenter_simulator::Dice;
use callcenter_test_support::boxes::faults::{Fault, Plan, MILLI, SECOND};
use callcenter_test_support::boxes::server::{Deed, SimServer};
use callers::{Call, Phone};
use mod_callcenter::cluster::{
    read, write, Answer, BoxId, BoxTime, Effects, FromBox, Home, Incarnation, Lane, Life, Lost, Phase, Receipt, Server,
    Statement, ToBox, Want, VERSION,
};
use std::collections::{BTreeMap, BinaryHeap};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Running,
    /// It does nothing, and its clock goes on.
    Frozen,
    /// It does nothing, and its clock stands still.
    Paused,
    Dead,
}

pub struct SimBox {
    pub name: String,
    pub id: BoxId,
    pub state: State,
    /// Each run of the module is another one: what comes for an older one is dropped.
    pub run: u64,
    pub life: Life<Centre>,
    home: Home,
    pub calls: BTreeMap<Caller, Call>,
    pub phones: BTreeMap<Offer, Phone>,
    pub desk: Option<Desk>,
    /// When the engine is to be woken.
    engine_wakes_at: i64,
    /// Packets between the box and the server are swallowed.
    pub is_cut: bool,
    /// What it looks for is not answered; what it writes is not.
    is_deaf: bool,
    is_mute: bool,
    /// How long a packet takes at most.
    pub slowness: i64,
    offset: i64,
    rate: i64,
    stopped: i64,
    stopped_since: i64,
    /// What came while it did nothing.
    waiting: Vec<Event>,
    said: BTreeMap<Lane, u64>,
    wakes_at: i64,
    /// When something went wrong with it last, or has stopped going wrong.
    pub troubled: i64,
    /// When it woke from a pause that its clock does not show.
    pub unpaused: i64,
    pub departing: bool,
}

#[derive(Debug)]
enum Event {
    Arrives(usize, u64, u64, Lane, Box<Statement<Centre>>),
    Reply(usize, u64, u64, Lane, Option<Box<Answer<Centre>>>),
    TimesOut(usize, u64, u64, Lane),
    Broken(usize, u64),
    Wakes(usize, u64),
    /// The engine has a deadline.
    Due(usize, u64),
    Calls(usize),
    HangsUp(usize, u64, Caller),
    Answers(usize, u64, Offer),
    RingsOut(usize, u64, Offer),
    Ends(usize, u64, Offer),
    Fault(Fault),
    Recovers(Recovery),
    Tick,
}

#[derive(Debug, Clone)]
pub enum Recovery {
    Server,
    Wake(usize),
    Mend(usize),
    Start(usize),
    Unstall,
}

struct Queued {
    at: i64,
    order: u64,
    event: Event,
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl Eq for Queued {}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

#[derive(Debug, Clone, Copy)]
enum Wanted {
    Dial(Offer),
    Bridge(Offer),
}

impl SimBox {
    /// It runs, and what it says is answered, as far as it can be.
    pub fn is_sound(&self) -> bool {
        let is_heard = !self.is_cut && !self.is_deaf && !self.is_mute && self.slowness <= 2 * MILLI;
        self.state == State::Running && is_heard
    }
}

pub struct World {
    pub plan: Plan,
    pub now: i64,
    pub server: SimServer<Centre>,
    pub server_is_up: bool,
    /// Counted up when the server loses all its connections.
    connections: u64,
    stalls: bool,
    pub boxes: Vec<SimBox>,
    pub books: Books,
    events: BinaryHeap<Queued>,
    order: u64,
    dice: Dice,
    /// How long packets take has dice of its own.
    wire: Dice,
    pub configuration: Configuration,
    next_caller: Caller,
    next_command: u64,
    /// Commands that are not answered, by box, run and question.
    commands: BTreeMap<(usize, u64, u64), u64>,
    next_said: u64,
    deeds: BTreeMap<u64, (i64, Wanted)>,
    /// What was swallowed on the way, and comes when the way is free again.
    swallowed: Vec<Event>,
    pub trace: Vec<String>,
}

impl World {
    pub fn new(plan: Plan) -> Self {
        crate::mutants::break_as_told();
        let mut world = Self {
            now: 0,
            server: SimServer::new(Server(7)),
            server_is_up: true,
            connections: 0,
            stalls: false,
            boxes: Vec::new(),
            books: Books::new(plan.agents),
            events: BinaryHeap::new(),
            order: 0,
            dice: Dice::new(plan.seed, "cluster"),
            wire: Dice::new(plan.seed, "wire"),
            configuration: Configuration::random(plan.seed, plan.boxes, plan.agents),
            next_caller: 0,
            next_command: 0,
            commands: BTreeMap::new(),
            next_said: 0,
            deeds: BTreeMap::new(),
            swallowed: Vec::new(),
            trace: Vec::new(),
            plan,
        };
        for index in 0..world.plan.boxes {
            world.add_box(index);
        }
        for (at, fault) in world.plan.faults.clone() {
            world.schedule(at, Event::Fault(fault));
        }
        if world.plan.callers_every.is_some() {
            let index = world.dice.below(world.plan.boxes);
            world.schedule(SECOND, Event::Calls(index));
        }
        world.schedule(0, Event::Tick);
        world
    }

    fn add_box(&mut self, index: usize) {
        let drift = self.plan.drift;
        let (offset, rate) = (
            self.dice.between(0, 1_000_000 * SECOND),
            self.dice.between(-drift, drift),
        );
        let name = format!("box{index}");
        let id = BoxId {
            instance: name.clone(),
            incarnation: Incarnation(self.dice.seed()),
        };
        let now = BoxTime::from_micros(offset);
        self.boxes.push(SimBox {
            name: name.clone(),
            id: id.clone(),
            state: State::Running,
            run: 0,
            life: Life::new(now, id),
            home: Home::new(&name),
            calls: BTreeMap::new(),
            phones: BTreeMap::new(),
            desk: None,
            engine_wakes_at: i64::MAX,
            is_cut: false,
            is_deaf: false,
            is_mute: false,
            slowness: 2 * MILLI,
            offset,
            rate: 1_000_000 + rate,
            stopped: 0,
            stopped_since: 0,
            waiting: Vec::new(),
            said: BTreeMap::new(),
            wakes_at: i64::MAX,
            troubled: 0,
            unpaused: i64::MIN / 2,
            departing: false,
        });
        self.serve(index);
    }

    pub fn box_time(&self, index: usize) -> BoxTime {
        let one = &self.boxes[index];
        let stopped = if one.state == State::Paused {
            one.stopped + self.now - one.stopped_since
        } else {
            one.stopped
        };
        let runs = i128::from(self.now - stopped) * i128::from(one.rate) / 1_000_000;
        BoxTime::from_micros(one.offset + i64::try_from(runs).expect("a short day"))
    }

    fn real_time(&self, index: usize, at: BoxTime) -> i64 {
        let one = &self.boxes[index];
        let runs = i128::from(at.micros() - one.offset) * 1_000_000 / i128::from(one.rate);
        i64::try_from(runs).expect("a short day") + one.stopped + 2
    }

    fn schedule(&mut self, at: i64, event: Event) {
        self.order += 1;
        let order = self.order;
        self.events.push(Queued { at, order, event });
    }

    pub fn note(&mut self, text: impl FnOnce() -> String) {
        if self.books.traces {
            let line = format!("{:>12.6} {}", self.now as f64 / SECOND as f64, text());
            self.trace.push(line);
        }
    }

    /// Plays the day to its end, or to the first finding.
    pub fn run(&mut self) -> Result<(), String> {
        while let Some(Queued { at, event, .. }) = self.events.pop() {
            if at > self.plan.ends {
                break;
            }
            self.now = at;
            self.happen(event);
            crate::checks::after_each_step(self)?;
        }
        Ok(())
    }

    /// Plays on until an instant.
    pub fn play_until(&mut self, until: i64) -> Result<(), String> {
        self.run_until(until - self.now, |_| false).map_or_else(
            |_| match self.books.findings.first() {
                Some(finding) => Err(finding.clone()),
                None => Ok(()),
            },
            |_| Ok(()),
        )
    }

    /// Something goes wrong now.
    pub fn strike(&mut self, fault: &Fault) {
        self.fail(fault);
    }

    /// Until something holds; how long it took.
    pub fn run_until(&mut self, within: i64, holds: impl Fn(&Self) -> bool) -> Result<i64, String> {
        let begun = self.now;
        while !holds(self) {
            let Some(Queued { at, event, .. }) = self.events.pop() else {
                break;
            };
            if at > begun + within {
                self.schedule(at, event);
                self.now = begun + within;
                return Err(format!("nothing after {} ms", within / MILLI));
            }
            self.now = at;
            self.happen(event);
            crate::checks::after_each_step(self)?;
        }
        Ok(self.now - begun)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrives(index, connections, said, lane, statement) => {
                self.arrive(index, (connections, said), lane, statement);
            }
            Event::Fault(fault) => self.fail(&fault),
            Event::Recovers(recovery) => self.recover(&recovery),
            Event::Tick => {
                crate::checks::tick(self);
                self.schedule(self.now + 250 * MILLI, Event::Tick);
            }
            Event::Calls(index) => self.call(index),
            Event::Reply(index, run, ..)
            | Event::TimesOut(index, run, ..)
            | Event::Broken(index, run)
            | Event::Wakes(index, run)
            | Event::Due(index, run)
            | Event::HangsUp(index, run, _)
            | Event::Answers(index, run, _)
            | Event::RingsOut(index, run, _)
            | Event::Ends(index, run, _) => {
                let one = &mut self.boxes[index];
                if one.run != run {
                    return;
                }
                match one.state {
                    State::Running => self.happen_on(index, event),
                    State::Frozen | State::Paused => one.waiting.push(event),
                    State::Dead => (),
                }
            }
        }
    }

    fn happen_on(&mut self, index: usize, event: Event) {
        let now = self.box_time(index);
        match event {
            Event::Reply(_, _, said, lane, answer) => {
                let one = &mut self.boxes[index];
                if one.said.get(&lane) == Some(&said) {
                    one.said.remove(&lane);
                    one.life.answer(now, lane, answer.map(|answer| *answer).ok_or(Lost));
                }
            }
            Event::TimesOut(_, _, said, lane) => {
                let one = &mut self.boxes[index];
                if one.said.get(&lane) == Some(&said) {
                    one.said.remove(&lane);
                    one.life.answer(now, lane, Err(Lost));
                }
            }
            Event::Broken(..) => {
                for lane in [Lane::Reader, Lane::Writer] {
                    let one = &mut self.boxes[index];
                    one.said.remove(&lane);
                    one.life.answer(now, lane, Err(Lost));
                }
            }
            // One that was put off or brought forward is not the one.
            Event::Wakes(..) if self.boxes[index].wakes_at != self.now => return,
            Event::Wakes(..) => {
                self.boxes[index].wakes_at = i64::MAX;
                self.boxes[index].life.handle_timeout(now);
            }
            Event::Due(..) => self.let_engine_act(index),
            Event::HangsUp(_, _, caller) => self.hang_up(index, caller),
            Event::Answers(_, _, offer) => self.answer_phone(index, offer),
            Event::RingsOut(_, _, offer) => self.ring_out(index, offer),
            Event::Ends(_, _, offer) => self.end_talk(index, offer),
            _ => (),
        }
        self.serve(index);
    }

    /// Does what a box's life wants, until it wants nothing more.
    fn serve(&mut self, index: usize) {
        while let Some(want) = self.boxes[index].life.poll_want() {
            self.satisfy(index, want);
        }
        self.wake_in_time(index);
    }

    fn wake_in_time(&mut self, index: usize) {
        let Some(at) = self.boxes[index].life.poll_timeout() else {
            return;
        };
        let at = self.real_time(index, at).max(self.now + MILLI / 10);
        if at < self.boxes[index].wakes_at {
            self.boxes[index].wakes_at = at;
            let run = self.boxes[index].run;
            self.schedule(at, Event::Wakes(index, run));
        }
    }

    fn satisfy(&mut self, index: usize, want: Want<Centre>) {
        let now = self.box_time(index);
        match want {
            Want::Say(lane, statement) => self.say(index, lane, statement),
            Want::Report => {
                let one = &mut self.boxes[index];
                let report = one.home.report(now, one.life.acknowledged());
                let has = write(&FromBox::Has(Box::new(report))).expect("a line");
                let has = self.of_its_release(index, has);
                self.note(|| format!("box{index} reports {has}"));
                self.boxes[index].life.report(now, has);
            }
            Want::LetGo => {
                self.note(|| format!("box{index} lets go"));
                self.books.lose_touch(index);
                let wishes = self.boxes[index].home.let_go();
                self.fulfil(index, wishes);
            }
            Want::CarryOut { body, .. } => {
                let message: ToBox = read(&body).expect("a message");
                let wishes = self.boxes[index].home.read(now, message);
                self.fulfil(index, wishes);
            }
            Want::Checked { deed, is_wanted } => {
                if let Some((asked, wanted)) = self.deeds.remove(&deed) {
                    self.books.asked = asked;
                    self.do_it(index, wanted, is_wanted);
                }
            }
            Want::Lead(takeover) => {
                self.note(|| format!("box{index} leads {takeover:?}"));
                let reports = takeover.reports.iter().map(|told| told.from.clone());
                self.books.lead(self.now, takeover.engine_time, reports.collect());
                self.lead(index, &takeover);
            }
            Want::Input(receipt, age, body) => self.take_input(index, receipt, age, &body),
            Want::Others(()) => (),
            Want::Reported(told) => self.take_report(index, &told),
            Want::Gone(id, standing) => self.lose_box(index, &id, standing),
            Want::Resign => {
                self.note(|| format!("box{index} leads no more"));
                self.boxes[index].desk = None;
            }
            Want::Departed => self.stop(index),
        }
    }

    /// A line as this box writes it: on every other day the first one is of the next release.
    fn of_its_release(&self, index: usize, line: String) -> String {
        let is_newer = index == 0 && self.plan.seed % 2 == 0;
        let (ours, next) = (format!("\"version\":{VERSION}"), format!("\"version\":{}", VERSION + 1));
        if is_newer {
            line.replacen(&ours, &next, 1)
        } else {
            line
        }
    }

    /// Something is wrong now.
    pub fn is_in_trouble(&self) -> bool {
        let is_wrong = |one: &SimBox| !one.is_sound() || one.departing;
        !self.server_is_up || self.stalls || self.boxes.iter().any(is_wrong)
    }

    pub fn phase(&self, index: usize) -> Phase {
        self.boxes[index].life.phase(self.box_time(index))
    }
}

/// An agent is free of phones and offers everywhere.
pub fn is_free(world: &World, agent: Agent) -> bool {
    let has = |one: &SimBox| one.phones.values().any(|phone| phone.agent == agent);
    !world.boxes.iter().any(has)
}
