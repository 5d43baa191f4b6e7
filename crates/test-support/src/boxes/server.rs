//! A PostgreSQL server for tests: one state, statements that are transactions, and what a crash or a failover takes away.

use mod_callcenter::cluster::{
    Answer, Batch, BoxId, BoxRow, FactChange, Facts, InputRow, Lease, OutputRow, Restored, Server, Standing, Statement,
    Tables, Term, View,
};
use mod_callcenter::engine::{Timestamp, WallTime};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;

/// How many commits can be taken back.
const REMEMBERED: usize = 40;

/// Tables whose rows the server keeps.
pub trait Kept: Tables {
    /// The rows, as they are kept: the state of each of the last commits has them.
    type Store: Clone + Debug + Default;

    /// What was known to have ended, and is said to have ended otherwise.
    type Undone: Debug;

    /// Changes a row.
    fn apply(store: &mut Self::Store, change: &Self::Change) -> Option<Self::Undone>;

    /// All rows, as an engine begins with them.
    fn read(store: &Self::Store) -> Self::Rows;
}

#[derive(Debug, Clone)]
struct State<T: Kept> {
    timeline: u32,
    term: Option<Term>,
    lease: Option<Lease>,
    boxes: Vec<BoxRow>,
    cursors: BTreeMap<BoxId, u64>,
    rows: T::Store,
    facts: Facts,
    last_batch: u64,
}

/// Unlogged tables, which a crash empties.
#[derive(Debug, Default)]
struct Unlogged {
    inputs: Vec<InputRow>,
    outputs: Vec<OutputRow>,
}

/// What a committed statement has done that checkers care about.
#[derive(Debug)]
pub enum Deed<T: Kept> {
    Marked(BoxId, Standing),
    Elected(Term),
    /// A batch, with the engine's time where it tells one.
    Written(i64),
    /// A row was changed although its end was known.
    Undone(T::Undone),
}

pub struct SimServer<T: Kept> {
    system: Server,
    state: State<T>,
    unlogged: Unlogged,
    /// Commits of the last moments, and whether each waited for the disk: the state after each.
    past: VecDeque<(State<T>, bool)>,
    pub deeds: Vec<Deed<T>>,
}

impl<T: Kept> SimServer<T> {
    pub fn new(system: Server) -> Self {
        Self {
            system,
            state: State {
                timeline: 1,
                term: None,
                lease: None,
                boxes: Vec::new(),
                cursors: BTreeMap::new(),
                rows: T::Store::default(),
                facts: Facts::new(),
                last_batch: 0,
            },
            unlogged: Unlogged::default(),
            past: VecDeque::new(),
            deeds: Vec::new(),
        }
    }

    pub fn rows(&self) -> &T::Store {
        &self.state.rows
    }

    pub fn boxes(&self) -> &[BoxRow] {
        &self.state.boxes
    }

    /// It comes back without the last commits that had not reached the disk, `kept` of them aside; what is in unlogged tables is gone.
    pub fn crash(&mut self, kept: usize) {
        let on_disk = self.past.iter().rposition(|(_, durable)| *durable).unwrap_or(0);
        let last = self.past.len().saturating_sub(1).min(on_disk + kept);
        self.take_back(last);
    }

    /// A standby is promoted that lacks the last commits.
    pub fn promote(&mut self, lost: usize) {
        let last = self.past.len().saturating_sub(1 + lost);
        self.take_back(last);
        self.state.timeline += 1;
        self.past.clear();
    }

    fn take_back(&mut self, last: usize) {
        if let Some((state, _)) = self.past.get(last) {
            self.state = state.clone();
        }
        self.past.truncate(last + 1);
        self.unlogged = Unlogged::default();
    }

    pub fn execute(&mut self, statement: &Statement<T>) -> Answer<T> {
        let (answer, is_durable) = match statement {
            Statement::Look { id, leads } => return Answer::View(Box::new(self.view(id, *leads))),
            Statement::Check { id, term } => return said(self.is_wanted(id, *term)),
            Statement::Restore { term } => return self.restore(*term),
            // Nobody else writes here.
            Statement::LookForOthers { .. } => return Answer::Others(None),
            Statement::Renew { id, report, cursor } => (said(self.renew(id, *report, *cursor)), true),
            Statement::Join { id, instead_of } => (said(self.join(id, instead_of.as_ref())), true),
            Statement::Report(row) => (said(self.report(row)), true),
            Statement::Tell(rows) => {
                rows.iter().for_each(|row| self.keep_input(row));
                (Answer::Done, false)
            }
            Statement::Elect { term, id, seen } => (said(self.elect(*term, id, seen.as_ref())), true),
            Statement::Mark {
                term,
                id,
                beat,
                standing,
            } => (said(self.mark(*term, id, *beat, *standing)), true),
            Statement::Write(batch) => (self.write(batch), batch.beat.is_some()),
            Statement::Leave { term, engine_time } => (said(self.leave(*term, *engine_time)), true),
            Statement::Depart { id, engine_time } => (said(self.depart(id, *engine_time)), true),
        };
        if !matches!(answer, Answer::Refused) {
            self.past.push_back((self.state.clone(), is_durable));
            if self.past.len() > REMEMBERED {
                self.past.pop_front();
            }
        }
        answer
    }

    fn view(&self, id: &BoxId, leads: Option<Term>) -> View {
        let state = &self.state;
        let is_unread = |row: &&InputRow| {
            leads.is_some_and(|term| row.promised == Some(term))
                && row.number > state.cursors.get(&row.from).copied().unwrap_or_default()
        };
        let mut inputs: Vec<InputRow> = self.unlogged.inputs.iter().filter(is_unread).cloned().collect();
        inputs.sort_by(|a, b| (&a.from, a.number).cmp(&(&b.from, b.number)));
        let is_to_do = |row: &&OutputRow| row.to == *id && !is_carried_out(&state.boxes, row);
        let mut outputs: Vec<OutputRow> = self.unlogged.outputs.iter().filter(is_to_do).cloned().collect();
        outputs.sort_by_key(|row| (row.report, row.number));
        View {
            server: self.system,
            timeline: state.timeline,
            term: state.term,
            lease: state.lease.clone(),
            boxes: state.boxes.clone(),
            cursor: state.cursors.get(id).copied().unwrap_or_default(),
            outputs,
            inputs,
        }
    }

    fn own(&mut self, id: &BoxId) -> Option<&mut BoxRow> {
        self.state.boxes.iter_mut().find(|row| row.id == *id)
    }

    fn is_wanted(&mut self, id: &BoxId, term: Term) -> bool {
        let is_last = self.state.term == Some(term);
        is_last && self.own(id).is_some_and(|row| row.standing == Standing::Here)
    }

    fn renew(&mut self, id: &BoxId, report: u32, cursor: u64) -> bool {
        let Some(row) = self.own(id).filter(|row| row.standing == Standing::Here) else {
            return false;
        };
        row.beat += 1;
        if row.report == report {
            row.cursor = cursor;
        }
        true
    }

    fn join(&mut self, id: &BoxId, instead_of: Option<&(BoxId, u64)>) -> bool {
        let there = self.state.boxes.iter().find(|row| row.id.instance == id.instance);
        let there = there.map(|row| (row.id.clone(), row.beat));
        if there.as_ref() != instead_of {
            return false;
        }
        let before = self.state.boxes.iter().find(|row| row.id.instance == id.instance);
        let left_before = before.filter(|row| row.standing == Standing::Left);
        let left_before = left_before.map(|row| row.id.incarnation);
        self.state.boxes.retain(|row| row.id.instance != id.instance);
        self.state.boxes.push(BoxRow {
            id: id.clone(),
            promised: None,
            report: 0,
            beat: 0,
            cursor: 0,
            standing: Standing::Here,
            left_before,
        });
        true
    }

    fn report(&mut self, input: &InputRow) -> bool {
        let is_outdated = match (self.state.term, input.promised) {
            (Some(term), Some(promised)) => term.is_newer_than(&promised),
            (term, None) => term.is_some(),
            (None, Some(_)) => false,
        };
        let number = input.report.expect("the number of a report");
        let Some(row) = self.own(&input.from).filter(|row| row.report <= number && !is_outdated) else {
            return false;
        };
        row.promised = input.promised;
        row.report = number;
        row.cursor = 0;
        row.beat += 1;
        row.standing = Standing::Here;
        self.keep_input(input);
        true
    }

    fn keep_input(&mut self, row: &InputRow) {
        let is_there = |known: &InputRow| known.from == row.from && known.number == row.number;
        if !self.unlogged.inputs.iter().any(is_there) {
            self.unlogged.inputs.push(row.clone());
        }
    }

    fn elect(&mut self, term: Term, id: &BoxId, seen: Option<&Lease>) -> bool {
        let as_seen = |lease: &Lease| seen.is_some_and(|seen| seen.term == lease.term && seen.beat == lease.beat);
        let is_free = self.state.lease.as_ref().map_or(seen.is_none(), as_seen);
        let is_here = self.own(id).is_some_and(|row| row.standing == Standing::Here);
        if !is_free || !is_here || term.timeline != self.state.timeline {
            return false;
        }
        if let Some(row) = self.own(id) {
            row.promised = Some(term);
            row.beat += 1;
        }
        let lease = self.state.lease.take();
        self.state.term = Some(term);
        self.state.lease = Some(Lease {
            term,
            holder: id.clone(),
            beat: lease.as_ref().map_or(0, |lease| lease.beat + 1),
            engine_time: lease.map_or(Timestamp::from_micros(0), |lease| lease.engine_time),
            is_left: false,
        });
        self.state.last_batch = 0;
        self.deeds.push(Deed::Elected(term));
        true
    }

    fn mark(&mut self, term: Term, id: &BoxId, beat: u64, standing: Standing) -> bool {
        let is_last = self.state.term == Some(term);
        let Some(row) = self.own(id).filter(|row| row.beat == beat && is_last) else {
            return false;
        };
        row.standing = standing;
        self.deeds.push(Deed::Marked(id.clone(), standing));
        true
    }

    fn restore(&self, term: Term) -> Answer<T> {
        if self.state.term != Some(term) {
            return Answer::Refused;
        }
        let cursors = self.state.cursors.iter().map(|(id, cursor)| (id.clone(), *cursor));
        Answer::Restored(Restored {
            rows: T::read(&self.state.rows),
            facts: self.state.facts.clone(),
            cursors: cursors.collect(),
            wall: WallTime::default(),
        })
    }

    fn write(&mut self, batch: &Batch<T>) -> Answer<T> {
        if self.state.term != Some(batch.term) || batch.term.timeline != self.state.timeline {
            return Answer::Refused;
        }
        if batch.number != self.state.last_batch + 1 {
            return Answer::Written(self.state.last_batch);
        }
        self.state.last_batch = batch.number;
        for change in &batch.rows {
            let undone = T::apply(&mut self.state.rows, change);
            self.deeds.extend(undone.map(Deed::Undone));
        }
        for FactChange { name, says } in batch.facts.clone() {
            match says {
                Some(says) => drop(self.state.facts.insert(name, says)),
                None => drop(self.state.facts.remove(&name)),
            }
        }
        for (id, cursor) in &batch.cursors {
            self.state.cursors.insert(id.clone(), *cursor);
        }
        let cursors = &self.state.cursors;
        let is_behind = |row: &InputRow| cursors.get(&row.from).is_some_and(|cursor| row.number <= *cursor);
        self.unlogged.inputs.retain(|row| !is_behind(row));
        let boxes = &self.state.boxes;
        self.unlogged.outputs.retain(|output| !is_carried_out(boxes, output));
        for output in &batch.outputs {
            let is_there = |known: &OutputRow| {
                (&known.to, known.report, known.number) == (&output.to, output.report, output.number)
            };
            if !self.unlogged.outputs.iter().any(is_there) {
                self.unlogged.outputs.push(output.clone());
            }
        }
        let time = batch.beat.map_or(0, Timestamp::micros);
        self.deeds.push(Deed::Written(time));
        if let (Some(time), Some(lease)) = (batch.beat, &mut self.state.lease) {
            lease.beat += 1;
            lease.engine_time = time;
        }
        Answer::Written(batch.number)
    }

    fn leave(&mut self, term: Term, engine_time: Timestamp) -> bool {
        let lease = self.state.lease.as_mut().filter(|lease| lease.term == term);
        lease.map(|lease| leave(lease, engine_time)).is_some()
    }

    fn depart(&mut self, id: &BoxId, engine_time: Timestamp) -> bool {
        let Some(row) = self.own(id) else { return false };
        row.standing = Standing::Left;
        let lease = self.state.lease.as_mut().filter(|lease| lease.holder == *id);
        lease.into_iter().for_each(|lease| leave(lease, engine_time));
        true
    }
}

/// Whether the box that an output is for has told that it has carried it out, or begun anew since.
fn is_carried_out(boxes: &[BoxRow], output: &OutputRow) -> bool {
    let own = boxes.iter().find(|own| own.id == output.to);
    own.is_some_and(|own| output.report < own.report || (output.report == own.report && output.number <= own.cursor))
}

fn leave(lease: &mut Lease, engine_time: Timestamp) {
    lease.is_left = true;
    lease.engine_time = lease.engine_time.max(engine_time);
}

fn said<T: Kept>(is_done: bool) -> Answer<T> {
    if is_done {
        Answer::Done
    } else {
        Answer::Refused
    }
}
