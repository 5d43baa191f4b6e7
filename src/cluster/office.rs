//! What a leader keeps while it is in office: its lease, the other boxes, the journal and the engine's time.

use crate::cluster::beats::Beats;
use crate::cluster::journal::Journal;
use crate::cluster::marks::{holds, Mark};
use crate::cluster::numbered::{Received, Sent};
use crate::cluster::statements::Statement;
use crate::cluster::tables::{BoxId, BoxRow, InputRow, OutputRow, Standing, Tables, View};
use crate::cluster::term::Term;
use crate::cluster::time::{BoxTime, BEAT, PATIENCE};
use crate::cluster::trust::Trust;
use crate::cluster::watch::{Looked, Watch};
use crate::engine::{Span, Timestamp};
use std::collections::BTreeMap;

/// What a box has told of all it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Which box.
    pub from: BoxId,
    /// The number of the message.
    pub number: u64,
    /// The number of the report.
    pub report: u32,
    /// How far the box's inputs are in the rows: what the report says of earlier ones is known already.
    pub cursor: u64,
    /// How long before it was sent it was so.
    pub age: Span,
    /// What it says.
    pub body: String,
}

/// A box, as its leader knows it.
#[derive(Debug)]
pub struct Peer {
    id: BoxId,
    standing: Standing,
    /// Its last report under this term, if it has made one.
    report: Option<u32>,
    /// The last report that the engine knows: what it wants of the box follows that one.
    followed: Option<u32>,
    inputs: Received,
    outputs: Sent<String>,
    /// Does not move as long as the box has not promised this term.
    promise: Watch<bool>,
    /// The report and how far the outputs behind it are carried out, and whether there are more.
    carried: Watch<(Option<u32>, u64, bool)>,
}

impl Peer {
    fn new(looked: Looked, row: &BoxRow) -> Self {
        Self {
            id: row.id.clone(),
            standing: row.standing,
            report: None,
            followed: None,
            inputs: Received::default(),
            outputs: Sent::default(),
            promise: Watch::begin(looked, false),
            carried: Watch::begin(looked, (None, 0, false)),
        }
    }

    /// The box has told everything it has: what it has told before and is not here is void.
    fn reports(&mut self, report: u32, number: u64) {
        self.report = Some(report);
        self.inputs = Received::up_to(number);
    }

    /// The engine knows of the report: what it has wanted before is void.
    fn follows(&mut self, report: u32) {
        self.followed = Some(report);
        self.outputs = Sent::default();
    }

    /// The report that outputs name.
    fn in_force(&self) -> Option<u32> {
        if holds(Mark::OutputsFollowWhatTheEngineKnows) {
            self.followed
        } else {
            self.followed.and(self.report)
        }
    }

    fn look(&mut self, looked: Looked, row: &BoxRow, term: Term) {
        self.standing = row.standing;
        let has_promised = row.promised == Some(term) && self.report.is_some();
        self.promise.look(looked, has_promised);
        if self.followed == Some(row.report) && has_promised {
            self.outputs.acknowledge(row.cursor);
        }
        let waits = self.outputs.kept().next().is_some();
        self.carried.look(looked, (self.followed, row.cursor, waits));
    }

    /// How this box is to be marked, if it is.
    fn verdict(&self, beats: &Beats) -> Option<Standing> {
        if self.is_there() && beats.is_over(&self.id) {
            return Some(Standing::GivenUp);
        }
        let is_silent = self.promise.shows(&false) && self.promise.still_for() >= PATIENCE;
        let is_stuck = self.carried.shows_that(|(_, _, waits)| *waits) && self.carried.still_for() >= PATIENCE;
        let is_useless = (is_silent || is_stuck) && beats.is_alive(&self.id);
        (self.standing == Standing::Here && is_useless).then_some(Standing::Expelled)
    }

    fn is_there(&self) -> bool {
        matches!(self.standing, Standing::Here | Standing::Expelled)
    }

    /// Whether an election goes on without its report.
    fn is_settled(&self, beats: &Beats) -> bool {
        let is_told = self.report.is_some() || !holds(Mark::ElectionsWaitForReports);
        is_told || !self.is_there() || beats.has_let_go(&self.id)
    }
}

/// What a look has brought the leader.
#[derive(Debug)]
pub enum News {
    /// A box tells what it has.
    Report(Told),
    /// An input, and its number.
    Input(InputRow),
    /// The box has nothing any more that anybody knows of.
    Gone(BoxId, Standing),
}

/// The office.
#[derive(Debug)]
pub struct Office<T: Tables> {
    /// The term.
    pub term: Term,
    /// The leader's own box.
    pub me: BoxId,
    /// The trust in the lease.
    pub lease: Trust,
    /// What is to be written.
    pub journal: Journal<T>,
    /// When the beat was counted up last.
    beaten: Option<BoxTime>,
    peers: BTreeMap<String, Peer>,
    /// The cursors that the rows had when they were read.
    restored: BTreeMap<BoxId, u64>,
    clock: (Timestamp, BoxTime),
}

impl<T: Tables> Office<T> {
    /// An office that begins with an election that was asked for and answered at these instants.
    pub fn new(term: Term, me: BoxId, asked: Looked, engine_time: Timestamp) -> Self {
        Self {
            term,
            me,
            lease: Trust::from_renewal(asked.sent, asked.answered),
            journal: Journal::new(term),
            beaten: Some(asked.sent),
            peers: BTreeMap::new(),
            restored: BTreeMap::new(),
            clock: (engine_time, asked.answered),
        }
    }

    /// When the beat is counted up next; none: at once.
    pub fn beats_at(&self) -> Option<BoxTime> {
        self.beaten.map(|beaten| beaten + BEAT)
    }

    /// The next batch beats.
    pub fn beat_at_once(&mut self) {
        self.beaten = None;
    }

    /// The engine's own time.
    pub fn engine_time(&self, now: BoxTime) -> Timestamp {
        let (at, when) = self.clock;
        at + now.since(when)
    }

    /// The engine's time is not before this.
    fn not_before(&mut self, now: BoxTime, at: Timestamp) {
        if self.engine_time(now) < at {
            self.clock = (at, now);
        }
    }

    /// What a look shows of the boxes.
    ///
    /// Until the engine begins, its time follows the box that knows most of it.
    pub fn look(&mut self, looked: Looked, view: &View, applies_inputs: bool) -> Vec<News> {
        let mut news = Vec::new();
        if !applies_inputs {
            let latest = view.inputs.iter().map(|row| row.engine_time).max();
            latest.into_iter().for_each(|at| self.not_before(looked.answered, at));
        }
        for row in &view.boxes {
            self.look_at(looked, row, &mut news);
        }
        for row in &view.inputs {
            self.take(row, applies_inputs, &mut news);
        }
        news
    }

    fn look_at(&mut self, looked: Looked, row: &BoxRow, news: &mut Vec<News>) {
        let known = self.peers.get_mut(&row.id.instance);
        let Some(peer) = known.filter(|peer| peer.id == row.id) else {
            let new = Peer::new(looked, row);
            let old = self.peers.insert(row.id.instance.clone(), new);
            let old = old.filter(Peer::is_there);
            news.extend(old.map(|old| {
                let end = row.end_of(&old.id);
                News::Gone(old.id, end)
            }));
            return;
        };
        let was_there = peer.is_there();
        peer.look(looked, row, self.term);
        if was_there && !peer.is_there() {
            (peer.report, peer.followed) = (None, None);
            news.push(News::Gone(row.id.clone(), row.standing));
        }
    }

    fn take(&mut self, row: &InputRow, applies_inputs: bool, news: &mut Vec<News>) {
        let known = self.peers.get_mut(&row.from.instance);
        let is_of_peer = |peer: &&mut Peer| peer.id == row.from && peer.id != self.me;
        let Some(peer) = known.filter(is_of_peer) else {
            return;
        };
        if let Some(report) = row.report {
            if peer.report.is_none_or(|known| known < report) && peer.inputs.cursor() < row.number {
                let restored = self.restored.get(&row.from).copied().unwrap_or_default();
                let told = Told {
                    from: row.from.clone(),
                    number: row.number,
                    report,
                    cursor: peer.inputs.cursor().max(restored),
                    age: row.age,
                    body: row.body.clone(),
                };
                peer.reports(report, row.number);
                news.push(News::Report(told));
            }
        } else if applies_inputs && peer.report.is_some() && peer.inputs.takes(row.number) {
            news.push(News::Input(row.clone()));
        }
    }

    /// The leader's own box has told what it has.
    pub fn reports_itself(&mut self, report: u32, number: u64) {
        if let Some(peer) = self.peers.get_mut(&self.me.instance) {
            peer.reports(report, number);
        }
    }

    /// The engine is told of this report.
    pub fn follow(&mut self, told: &Told) {
        let known = self.peers.get_mut(&told.from.instance);
        if let Some(peer) = known.filter(|peer| peer.id == told.from && peer.report.is_some()) {
            peer.follows(told.report);
        }
    }

    /// Whether every box has reported that can be waited for.
    pub fn is_complete(&self, beats: &Beats) -> bool {
        !self.peers.is_empty() && self.peers.values().all(|peer| peer.is_settled(beats))
    }

    /// Boxes that were silent since before the server came back: what the rows tell of their talks counts until they report or are
    /// given up.
    pub fn silent(&self) -> Vec<BoxId> {
        let silent = self
            .peers
            .values()
            .filter(|peer| peer.report.is_none() && peer.is_there());
        silent.map(|peer| peer.id.clone()).collect()
    }

    /// Boxes whose modules were unloaded.
    pub fn left(&self) -> Vec<BoxId> {
        let left = self.peers.values().filter(|peer| peer.standing == Standing::Left);
        left.map(|peer| peer.id.clone()).collect()
    }

    /// The rows were read, and with them these cursors.
    pub fn restore(&mut self, cursors: Vec<(BoxId, u64)>) {
        self.restored = cursors.into_iter().collect();
    }

    /// How far the inputs of a box were in the rows when they were read.
    pub fn restored(&self, id: &BoxId) -> u64 {
        self.restored.get(id).copied().unwrap_or_default()
    }

    /// The mark that a box needs most, as a statement.
    pub fn mark(&self, beats: &Beats, boxes: &[BoxRow]) -> Option<Statement<T>> {
        let others = self.peers.values().filter(|peer| peer.id != self.me);
        let mut verdicts = others.filter_map(|peer| Some((peer, peer.verdict(beats)?)));
        let (peer, standing) = verdicts.next()?;
        let row = boxes.iter().find(|row| row.id == peer.id)?;
        Some(Statement::Mark {
            term: self.term,
            id: peer.id.clone(),
            beat: row.beat,
            standing,
        })
    }

    /// A box is to do this. Of a box that has not reported nothing can be wanted.
    pub fn address(&mut self, to: &str, body: String) {
        let peer = self.peers.get_mut(to).filter(|peer| peer.followed.is_some());
        if let Some(peer) = peer {
            peer.outputs.write(body);
        }
    }

    /// Whether something is to be written that does not wait for the next beat.
    pub fn has_to_write(&self) -> bool {
        let mut peers = self.peers.values();
        self.beaten.is_none() || self.journal.has_gathered() || peers.any(|peer| peer.outputs.unsent().next().is_some())
    }

    /// Makes a batch of what is to be written, with a beat if one is due.
    pub fn seal(&mut self, now: BoxTime) {
        let beat = self
            .beats_at()
            .is_none_or(|at| now >= at)
            .then(|| self.engine_time(now));
        if beat.is_some() {
            self.beaten = Some(now);
        }
        let mut rows = Vec::new();
        for peer in self.peers.values_mut() {
            let Some(report) = peer.in_force() else { continue };
            let unsent = peer.outputs.unsent().map(|(number, body)| OutputRow {
                term: self.term,
                to: peer.id.clone(),
                report,
                number,
                body: body.clone(),
            });
            rows.extend(unsent);
            if let Some(last) = rows.last().filter(|row| row.to == peer.id).map(|row| row.number) {
                peer.outputs.sent(last);
            }
        }
        self.journal.seal(rows, beat);
    }

    /// The connection is lost, and with it perhaps what was in tables that lose their rows in a crash.
    pub fn send_again(&mut self) {
        for peer in self.peers.values_mut() {
            peer.outputs.send_again();
        }
    }

    /// The leader's own box has carried out its outputs up to this one.
    pub fn carried_out(&mut self, number: u64) {
        if let Some(peer) = self.peers.get_mut(&self.me.instance) {
            peer.outputs.acknowledge(number);
        }
    }
}
