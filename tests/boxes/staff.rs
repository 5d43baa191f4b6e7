//! Boxes of the small call centre: phones ring and are answered, by the clock on the wall.

use crate::stored::{row_of, CentreRows};
use callcenter_test_support::private::PrivateServer;
use callcenter_test_support::small_centre::desk::{
    Agent, Caller, Centre, Desk, Effects, In, Offer, Out, Outcome, Row, RowStage, Stage,
};
use callcenter_test_support::small_centre::home::{Home, Made, Present};
use mod_callcenter::cluster::link::{Addresses, Carrier, Duties, Voice};
use mod_callcenter::cluster::{BoxId, Decided, Phase, Receipt, Standing, Takeover, Term, Told};
use mod_callcenter::engine::Span;
use std::collections::BTreeMap;
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

/// How long a phone rings before it is answered, and how long a talk lasts.
const RINGS: Duration = Duration::from_millis(150);
const TALKS: Duration = Duration::from_millis(600);

/// What everybody sees: phones, and how callers' stays have ended.
#[derive(Debug, Default)]
pub struct Books {
    /// What is up for which agent, on which box.
    legs: BTreeMap<Offer, (Agent, String)>,
    /// Who has called, where, and how that has ended.
    pub callers: BTreeMap<Caller, (String, Option<Outcome>)>,
    pub findings: Vec<String>,
    pub talks: usize,
}

pub type SharedBooks = Arc<Mutex<Books>>;

impl Books {
    fn begin(&mut self, offer: Offer, agent: Agent, at: &str) {
        let other = self
            .legs
            .iter()
            .find(|(other, (of, _))| **other != offer && *of == agent);
        if let Some((other, (_, there))) = other {
            let finding = format!("agent {agent} is rung on {at} for {offer:?}, and has {other:?} on {there}");
            self.findings.push(finding);
        }
        self.legs.insert(offer, (agent, at.to_owned()));
    }

    fn end(&mut self, offer: Offer) {
        self.legs.remove(&offer);
    }

    /// A box is no more, and everything that was up there.
    pub fn lose(&mut self, at: &str) {
        self.legs.retain(|_, (_, there)| there != at);
    }
}

#[derive(Debug, Clone, Copy)]
enum Wanted {
    Dial(Offer),
    Bridge(Offer),
}

enum Phone {
    Answers(Offer),
    Ends(Offer),
}

/// A box of the small call centre.
pub struct Staff {
    name: String,
    agents: Agent,
    home: Home,
    desk: Option<Desk>,
    books: SharedBooks,
    deeds: BTreeMap<u64, Wanted>,
    next_deed: u64,
    phones: Sender<(Instant, Phone)>,
    begun: Instant,
    pub troubles: Vec<String>,
}

impl Staff {
    /// A caller comes.
    pub fn call(&mut self, voice: &mut Voice<'_, Centre>, caller: Caller) {
        let present = Present {
            joined: None,
            since: 0,
            offer: None,
        };
        self.home.callers.insert(caller, present);
        self.books
            .lock()
            .expect("books")
            .callers
            .insert(caller, (self.name.clone(), None));
        voice.tell(In::Joined(caller).write());
    }

    fn end(&mut self, voice: &mut Voice<'_, Centre>, caller: Caller, (outcome, input): (Outcome, &In)) {
        let now = i64::try_from(self.begun.elapsed().as_micros()).expect("a short test");
        self.home.end(now, caller, outcome);
        let number = voice.tell(input.write());
        self.home.told(number);
        let mut books = self.books.lock().expect("books");
        books.callers.insert(caller, (self.name.clone(), Some(outcome)));
    }

    fn stop_offer(&mut self, voice: &mut Voice<'_, Centre>, caller: Caller, offer: Offer) {
        self.books.lock().expect("books").end(offer);
        self.home.drop_offer(caller);
        voice.tell(In::Failed(offer).write());
    }

    fn end_talk(&mut self, voice: &mut Voice<'_, Centre>, offer: Offer) {
        let found = self.home.of_offer(offer);
        if let Some((caller, _)) = found.filter(|(_, made)| made.stage == Stage::Talking) {
            self.books.lock().expect("books").end(offer);
            self.end(voice, caller, (Outcome::Served, &In::Ended(offer)));
        }
    }

    fn phone(&mut self, voice: &mut Voice<'_, Centre>, phone: &Phone) {
        match phone {
            Phone::Answers(offer) => {
                let found = self.home.of_offer(*offer);
                if let Some((caller, _)) = found.filter(|(_, made)| made.stage == Stage::Ringing) {
                    self.home.change(caller, |made| made.stage = Stage::Answered);
                    voice.tell(In::Answered(*offer).write());
                }
            }
            Phone::Ends(offer) => self.end_talk(voice, *offer),
        }
    }

    fn want(&mut self, voice: &mut Voice<'_, Centre>, wanted: Wanted) {
        self.next_deed += 1;
        self.deeds.insert(self.next_deed, wanted);
        voice.check(self.next_deed);
    }

    fn later(&self, late: Duration, phone: Phone) {
        // A box that is gone has no phones.
        let _ = self.phones.send((Instant::now() + late, phone));
    }

    fn put(voice: &mut Voice<'_, Centre>, by: Vec<Receipt>, effects: Effects) {
        let outputs = effects.outputs.iter().map(|(to, out)| (to.clone(), out.write()));
        let outputs = outputs.collect();
        voice.put(Decided {
            by,
            rows: effects.rows,
            facts: Vec::new(),
            outputs,
        });
    }
}

impl Duties<Centre> for Staff {
    fn report(&mut self, _: &mut Voice<'_, Centre>) -> String {
        let now = i64::try_from(self.begun.elapsed().as_micros()).expect("a short test");
        In::Report(self.home.report(now)).write()
    }

    fn let_go(&mut self, _: &mut Voice<'_, Centre>) {
        for offer in self.home.let_go() {
            self.books.lock().expect("books").end(offer);
        }
    }

    fn carry_out(&mut self, voice: &mut Voice<'_, Centre>, _: Term, body: String) {
        match Out::parse(&body).expect("an output") {
            Out::Place(caller, joined) => {
                if let Some(present) = self.home.callers.get_mut(&caller) {
                    present.joined = Some(joined);
                }
            }
            Out::Ring(offer, caller, agent) => {
                let present = self.home.callers.get_mut(&caller);
                let Some(present) = present.filter(|present| present.offer.is_none()) else {
                    voice.tell(In::Failed(offer).write());
                    return;
                };
                present.offer = Some(Made {
                    offer,
                    agent,
                    stage: Stage::Ringing,
                    is_dialled: false,
                });
                self.want(voice, Wanted::Dial(offer));
            }
            Out::Connect(offer) => self.want(voice, Wanted::Bridge(offer)),
            Out::Cancel(offer) => match self.home.of_offer(offer) {
                Some((_, made)) if made.stage == Stage::Talking => self.end_talk(voice, offer),
                Some((caller, _)) => self.stop_offer(voice, caller, offer),
                None => (),
            },
        }
    }

    fn checked(&mut self, voice: &mut Voice<'_, Centre>, deed: u64, is_wanted: bool) {
        let Some(wanted) = self.deeds.remove(&deed) else { return };
        let (Wanted::Dial(offer) | Wanted::Bridge(offer)) = wanted;
        let Some((caller, made)) = self.home.of_offer(offer) else {
            return;
        };
        if !is_wanted {
            return self.stop_offer(voice, caller, offer);
        }
        match wanted {
            Wanted::Dial(_) if made.stage == Stage::Ringing && !made.is_dialled => {
                self.home.change(caller, |made| made.is_dialled = true);
                self.books.lock().expect("books").begin(offer, made.agent, &self.name);
                self.later(RINGS, Phone::Answers(offer));
            }
            Wanted::Bridge(_) if made.stage == Stage::Answered => {
                self.home.change(caller, |made| made.stage = Stage::Talking);
                self.books.lock().expect("books").talks += 1;
                voice.tell(In::Bridged(offer).write());
                self.later(TALKS, Phone::Ends(offer));
            }
            _ => (),
        }
    }

    fn lead(&mut self, voice: &mut Voice<'_, Centre>, takeover: Takeover<Centre>) {
        let (desk, effects, receipts) = Desk::begin(&takeover, 0..self.agents);
        self.desk = Some(desk);
        Self::put(voice, receipts, effects);
    }

    fn input(&mut self, voice: &mut Voice<'_, Centre>, receipt: Receipt, _: Span, body: String) {
        let Some(desk) = &mut self.desk else { return };
        desk.hear(&receipt.from, &In::parse(&body).expect("an input"));
        let effects = desk.settle_and_take();
        Self::put(voice, vec![receipt], effects);
    }

    fn reported(&mut self, voice: &mut Voice<'_, Centre>, told: Told) {
        let Some(desk) = &mut self.desk else { return };
        let receipt = desk.adopt(&told);
        let effects = desk.settle_and_take();
        Self::put(voice, vec![receipt], effects);
    }

    fn gone(&mut self, voice: &mut Voice<'_, Centre>, id: BoxId, _: Standing) {
        let Some(desk) = &mut self.desk else { return };
        desk.lose_box(&id);
        let effects = desk.settle_and_take();
        Self::put(voice, Vec::new(), effects);
    }

    fn resign(&mut self) {
        self.desk = None;
    }

    fn departed(&mut self) {}

    fn trouble(&mut self, trouble: Option<&str>) {
        self.troubles.extend(trouble.map(str::to_owned));
    }
}

pub type StaffBox = Arc<Carrier<Centre, Staff>>;

/// Begins a box that serves with so many agents when it leads.
pub fn begin(way: &Addresses, id: &BoxId, (agents, books): (Agent, &SharedBooks)) -> StaffBox {
    let (phones, ringing) = channel();
    let staff = Staff {
        name: id.instance.clone(),
        agents,
        home: Home::default(),
        desk: None,
        books: Arc::clone(books),
        deeds: BTreeMap::new(),
        next_deed: 0,
        phones,
        begun: Instant::now(),
        troubles: Vec::new(),
    };
    let carrier = Arc::new(Carrier::start(way, id, || CentreRows, staff).expect("threads"));
    let weak = Arc::downgrade(&carrier);
    std::thread::spawn(move || ring(&ringing, &weak));
    carrier
}

/// Phones, until their box is gone.
fn ring(ringing: &Receiver<(Instant, Phone)>, carrier: &Weak<Carrier<Centre, Staff>>) {
    let mut phones: Vec<(Instant, Phone)> = Vec::new();
    loop {
        let next = phones.iter().map(|(at, _)| *at).min();
        let wait = next.map_or(Duration::from_millis(50), |at| {
            at.saturating_duration_since(Instant::now())
        });
        match ringing.recv_timeout(wait) {
            Ok(phone) => phones.push(phone),
            Err(RecvTimeoutError::Timeout) => (),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let Some(carrier) = carrier.upgrade() else { return };
        let now = Instant::now();
        let (due, rest): (Vec<_>, Vec<_>) = phones.drain(..).partition(|(at, _)| *at <= now);
        phones = rest;
        for (_, phone) in due {
            carrier.act(|voice, staff| staff.phone(voice, &phone));
        }
    }
}

pub fn phase(one: &StaffBox) -> Phase {
    one.act(|voice, _| voice.phase())
}

/// The rows as the server has them.
pub fn rows(server: &PrivateServer, database: &str) -> BTreeMap<Caller, Row> {
    let sql = "SELECT caller, instance, incarnation, joined, stage FROM centre";
    let lines = server.administer(database, sql);
    let cells = |line: &str| {
        line.split('\u{1f}')
            .map(|cell| Some(cell.to_owned()))
            .collect::<Vec<_>>()
    };
    lines.lines().map(|line| row_of(&cells(line)).expect("a row")).collect()
}

/// What is wrong with the rows at the end, when everybody has been served: `lost` are boxes whose callers nobody knows of.
pub fn judge(books: &SharedBooks, rows: &BTreeMap<Caller, Row>, lost: &[&str]) -> Vec<String> {
    let books = books.lock().expect("books");
    let mut findings = books.findings.clone();
    for (caller, (at, outcome)) in &books.callers {
        let told = rows.get(caller).map(|row| &row.stage);
        let is_lost = lost.contains(&at.as_str());
        let is_right = match (outcome, told) {
            (Some(outcome), Some(RowStage::Over(told))) => outcome == told || is_lost,
            (None, Some(RowStage::Over(Outcome::Lost))) | (_, None) => is_lost,
            _ => false,
        };
        if !is_right {
            findings.push(format!(
                "caller {caller} of {at} was {outcome:?}, and the row says {told:?}"
            ));
        }
    }
    findings
}
