//! A small call centre in place of the engine: what the cluster carries, and what a new leader makes of rows and reports.
//!
//! It knows callers, agents who serve everybody, and offers. Whoever waits longest gets the first free agent.

use crate::boxes::server::Kept;
use mod_callcenter::cluster::{BoxId, Receipt, Tables, Takeover, Term, Told};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A caller, by its channel.
pub type Caller = u64;

/// An agent.
pub type Agent = u32;

/// How a caller's stay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An agent has served the caller.
    Served,
    /// The caller hung up.
    Left,
    /// Its box is gone: nobody knows.
    Lost,
}

/// What a table keeps of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub at: BoxId,
    /// The place in line.
    pub joined: i64,
    pub stage: RowStage,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowStage {
    Waiting,
    Talking(Offer, Agent),
    Over(Outcome),
}

/// An offer's identity: the election, and a number of its leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offer {
    pub timeline: u32,
    pub election: u64,
    pub number: u64,
}

/// The tables of the small call centre.
#[derive(Debug, Clone)]
pub struct Centre;

impl Tables for Centre {
    type Change = (Caller, Row);
    type Rows = BTreeMap<Caller, Row>;
    type Others = ();
}

impl Kept for Centre {
    type Store = Arc<BTreeMap<Caller, Row>>;
    type Undone = (Caller, Row, Row);

    fn apply(store: &mut Self::Store, (caller, row): &Self::Change) -> Option<Self::Undone> {
        let old = Arc::make_mut(store).insert(*caller, row.clone())?;
        let is_final = matches!(old.stage, RowStage::Over(how) if how != Outcome::Lost);
        (is_final && old.stage != row.stage).then(|| (*caller, old, row.clone()))
    }

    fn read(store: &Self::Store) -> Self::Rows {
        BTreeMap::clone(store)
    }
}

/// What a box tells the leader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum In {
    Joined(Caller),
    Left(Caller),
    Answered(Offer),
    Failed(Offer),
    Bridged(Offer),
    Ended(Offer),
    Report(Vec<Has>),
}

/// What a box has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Has {
    /// A caller, with its place if it has one, and the offer that is made to it.
    Caller(Caller, Option<i64>, Option<(Offer, Agent, Stage)>),
    /// A caller who has left, and the number of the message with that.
    Over(Caller, Option<i64>, Outcome, u64),
}

/// How far an offer has come on its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Ringing,
    Answered,
    Talking,
}

/// What a leader wants of a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    Place(Caller, i64),
    Ring(Offer, Caller, Agent),
    Cancel(Offer),
    Connect(Offer),
}

#[derive(Debug, Clone)]
struct Waiting {
    at: BoxId,
    joined: i64,
    offer: Option<(Offer, Agent, Stage)>,
}

/// What a step has caused.
#[derive(Debug, Default)]
pub struct Effects {
    pub rows: Vec<(Caller, Row)>,
    pub outputs: Vec<(String, Out)>,
}

/// The engine of the small call centre.
#[derive(Debug)]
pub struct Desk {
    term: Term,
    next: u64,
    agents: BTreeSet<Agent>,
    busy: BTreeMap<Agent, Offer>,
    callers: BTreeMap<Caller, Waiting>,
    over: BTreeMap<Caller, Row>,
    /// Boxes that have reported: others ring nobody.
    here: BTreeSet<BoxId>,
    effects: Effects,
}

impl Desk {
    /// An engine that begins with rows and reports.
    pub fn begin(
        takeover: &Takeover<Centre>,
        agents: impl IntoIterator<Item = Agent>,
    ) -> (Self, Effects, Vec<Receipt>) {
        let mut desk = Self {
            term: takeover.term,
            next: 0,
            agents: agents.into_iter().collect(),
            busy: BTreeMap::new(),
            callers: BTreeMap::new(),
            over: BTreeMap::new(),
            here: takeover.reports.iter().map(|told| told.from.clone()).collect(),
            effects: Effects::default(),
        };
        let silent: BTreeSet<&BoxId> = takeover.silent.iter().collect();
        for (caller, row) in &takeover.rows {
            desk.restore(*caller, row, &silent);
        }
        let receipts = takeover.reports.iter().map(|told| desk.adopt(told)).collect();
        let known: Vec<BoxId> = desk.callers.values().map(|caller| caller.at.clone()).collect();
        for at in known {
            if !desk.here.contains(&at) && !silent.contains(&at) {
                desk.lose_box(&at);
            }
        }
        desk.settle();
        let effects = std::mem::take(&mut desk.effects);
        (desk, effects, receipts)
    }

    fn restore(&mut self, caller: Caller, row: &Row, silent: &BTreeSet<&BoxId>) {
        let offer = match &row.stage {
            RowStage::Over(_) => {
                self.over.insert(caller, row.clone());
                return;
            }
            RowStage::Talking(offer, agent) if silent.contains(&row.at) => Some((*offer, *agent, Stage::Talking)),
            _ => None,
        };
        if let Some((offer, agent, _)) = offer {
            self.busy.insert(agent, offer);
        }
        let waiting = Waiting {
            at: row.at.clone(),
            joined: row.joined,
            offer,
        };
        self.callers.insert(caller, waiting);
    }

    /// A box reports. Everything that is known of it otherwise is over.
    pub fn adopt(&mut self, told: &Told) -> Receipt {
        self.here.insert(told.from.clone());
        let Some(In::Report(has)) = In::parse(&told.body) else {
            panic!("a report: {}", told.body);
        };
        let mut missing: BTreeSet<Caller> = self.of_box(&told.from).into_iter().collect();
        for caller in &missing {
            self.free(*caller);
        }
        for one in &has {
            match one {
                Has::Caller(caller, joined, offer) => {
                    missing.remove(caller);
                    self.adopt_caller(*caller, &told.from, *joined, *offer);
                }
                Has::Over(caller, joined, outcome, number) => {
                    missing.remove(caller);
                    if *number > told.cursor || self.is_open(*caller) {
                        self.end(*caller, &told.from, *joined, *outcome);
                    }
                }
            }
        }
        for caller in missing {
            self.end(caller, &told.from, None, Outcome::Lost);
        }
        Receipt {
            from: told.from.clone(),
            number: told.number,
        }
    }

    fn is_open(&self, caller: Caller) -> bool {
        let is_lost = |row: &Row| row.stage == RowStage::Over(Outcome::Lost);
        self.over.get(&caller).is_none_or(is_lost)
    }

    fn adopt_caller(&mut self, caller: Caller, at: &BoxId, joined: Option<i64>, offer: Option<(Offer, Agent, Stage)>) {
        let known = self.callers.get(&caller).map(|known| known.joined);
        let lost = self.over.remove(&caller).map(|row| row.joined);
        let place = joined.or(known).or(lost);
        let joined = place.unwrap_or_else(|| self.next_place());
        let mut waiting = Waiting {
            at: at.clone(),
            joined,
            offer: None,
        };
        self.tell(at, Out::Place(caller, joined));
        if let Some((offer, agent, stage)) = offer {
            // One that has to stop is the caller's until its box has told its end.
            waiting.offer = Some((offer, agent, stage));
            if self.has_precedence(agent, stage) {
                self.busy.insert(agent, offer);
                if stage == Stage::Answered {
                    self.tell(at, Out::Connect(offer));
                }
            } else {
                self.tell(at, Out::Cancel(offer));
            }
        }
        self.callers.insert(caller, waiting);
        self.write(caller);
    }

    /// Whether an offer that is reported counts beside what is known of its agent. A talk takes back what only rings.
    fn has_precedence(&mut self, agent: Agent, stage: Stage) -> bool {
        let Some(other) = self.busy.get(&agent).copied() else {
            return true;
        };
        let Some((_, waiting)) = self.of_offer(other) else {
            return true;
        };
        let (at, theirs) = (waiting.at.clone(), waiting.offer.map(|(_, _, stage)| stage));
        if stage == Stage::Talking && theirs != Some(Stage::Talking) {
            self.tell(&at, Out::Cancel(other));
            return true;
        }
        false
    }

    /// Nothing of this box is up any more.
    pub fn lose_box(&mut self, at: &BoxId) {
        self.here.remove(at);
        for caller in self.of_box(at) {
            self.end(caller, at, None, Outcome::Lost);
        }
    }

    /// Something has happened on a box.
    pub fn hear(&mut self, from: &BoxId, input: &In) {
        match input {
            In::Joined(caller) => {
                let joined = self.next_place();
                let waiting = Waiting {
                    at: from.clone(),
                    joined,
                    offer: None,
                };
                self.callers.insert(*caller, waiting);
                self.tell(from, Out::Place(*caller, joined));
                self.write(*caller);
            }
            In::Left(caller) => {
                if let Some((offer, _, _)) = self.callers.get(caller).and_then(|waiting| waiting.offer) {
                    self.tell(from, Out::Cancel(offer));
                }
                self.end(*caller, from, None, Outcome::Left);
            }
            In::Answered(offer) => match self.set_stage(*offer, Stage::Answered) {
                Some(_) if self.counts(*offer) => self.tell(from, Out::Connect(*offer)),
                _ => self.tell(from, Out::Cancel(*offer)),
            },
            In::Failed(offer) => {
                if let Some(caller) = self.set_stage(*offer, Stage::Ringing) {
                    self.free(caller);
                }
            }
            In::Bridged(offer) => match self.set_stage(*offer, Stage::Talking) {
                Some(caller) => self.write(caller),
                None => self.tell(from, Out::Cancel(*offer)),
            },
            In::Ended(offer) => {
                if let Some(caller) = self.set_stage(*offer, Stage::Talking) {
                    self.end(caller, from, None, Outcome::Served);
                }
            }
            In::Report(_) => panic!("a report among inputs"),
        }
    }

    /// Whoever can have each other is brought together; what has followed is handed out.
    pub fn settle_and_take(&mut self) -> Effects {
        self.settle();
        std::mem::take(&mut self.effects)
    }

    fn next_match(&self) -> Option<(Caller, Agent)> {
        // An offer that was taken back has its agent until its box has told the end: the phone may still ring.
        let has = |agent: &Agent, waiting: &Waiting| waiting.offer.is_some_and(|(_, of, _)| of == *agent);
        let is_held = |agent: &Agent| self.callers.values().any(|waiting| has(agent, waiting));
        let mut free = self.agents.iter().filter(|agent| !self.busy.contains_key(agent));
        let free = free.find(|agent| !is_held(agent))?;
        let waits = |waiting: &Waiting| waiting.offer.is_none() && self.here.contains(&waiting.at);
        let waiting = self.callers.iter().filter(|(_, waiting)| waits(waiting));
        let (caller, _) = waiting.min_by_key(|(caller, waiting)| (waiting.joined, **caller))?;
        Some((*caller, *free))
    }

    fn settle(&mut self) {
        while let Some((caller, agent)) = self.next_match() {
            self.next += 1;
            let offer = Offer {
                timeline: self.term.timeline,
                election: self.term.number,
                number: self.next,
            };
            self.busy.insert(agent, offer);
            let Some(waiting) = self.callers.get_mut(&caller) else {
                return;
            };
            waiting.offer = Some((offer, agent, Stage::Ringing));
            let at = waiting.at.clone();
            self.tell(&at, Out::Ring(offer, caller, agent));
        }
    }

    /// The last place there is.
    fn next_place(&self) -> i64 {
        let waiting = self.callers.values().map(|waiting| waiting.joined);
        let over = self.over.values().map(|row| row.joined);
        waiting.chain(over).max().unwrap_or_default() + 1
    }

    fn of_box(&self, at: &BoxId) -> Vec<Caller> {
        let of_box = self.callers.iter().filter(|(_, waiting)| waiting.at == *at);
        of_box.map(|(caller, _)| *caller).collect()
    }

    fn of_offer(&self, offer: Offer) -> Option<(Caller, &Waiting)> {
        let is_of = |waiting: &Waiting| waiting.offer.is_some_and(|(known, _, _)| known == offer);
        let mut of_offer = self.callers.iter().filter(|(_, waiting)| is_of(waiting));
        of_offer.next().map(|(caller, waiting)| (*caller, waiting))
    }

    fn set_stage(&mut self, offer: Offer, stage: Stage) -> Option<Caller> {
        let (caller, _) = self.of_offer(offer)?;
        if let Some((_, _, known)) = self.callers.get_mut(&caller).and_then(|waiting| waiting.offer.as_mut()) {
            *known = stage;
        }
        Some(caller)
    }

    /// Whether the offer has its agent: another one may have taken precedence.
    fn counts(&self, offer: Offer) -> bool {
        self.busy.values().any(|known| *known == offer)
    }

    fn free(&mut self, caller: Caller) {
        let offer = self.callers.get_mut(&caller).and_then(|waiting| waiting.offer.take());
        if let Some((offer, agent, _)) = offer {
            if self.busy.get(&agent) == Some(&offer) {
                self.busy.remove(&agent);
            }
        }
    }

    fn end(&mut self, caller: Caller, at: &BoxId, joined: Option<i64>, outcome: Outcome) {
        self.free(caller);
        let known = self.callers.remove(&caller).map(|waiting| waiting.joined);
        let over = self.over.get(&caller).map(|row| row.joined);
        let row = Row {
            at: at.clone(),
            joined: joined.or(known).or(over).unwrap_or_default(),
            stage: RowStage::Over(outcome),
        };
        self.over.insert(caller, row.clone());
        self.effects.rows.push((caller, row));
    }

    fn write(&mut self, caller: Caller) {
        let Some(waiting) = self.callers.get(&caller) else {
            return;
        };
        let stage = match waiting.offer {
            Some((offer, agent, Stage::Talking)) => RowStage::Talking(offer, agent),
            _ => RowStage::Waiting,
        };
        let row = Row {
            at: waiting.at.clone(),
            joined: waiting.joined,
            stage,
        };
        self.effects.rows.push((caller, row));
    }

    fn tell(&mut self, to: &BoxId, out: Out) {
        self.effects.outputs.push((to.instance.clone(), out));
    }
}
