//! Each statement, on the real server and on the simulated one: the same sequence gets the same answers.

use crate::stored::CentreRows;
use crate::{addresses, box_id, server};
use callcenter_simulator::Dice;
use callcenter_test_support::boxes::server::SimServer;
use callcenter_test_support::small_centre::desk::{Centre, Row, RowStage};
use mod_callcenter::cluster::link::{Speaker, StoredRows};
use mod_callcenter::cluster::{
    Answer, Batch, BoxId, FactChange, Incarnation, InputRow, Lane, Lease, OutputRow, Restored, Server, Standing,
    Statement, Term, View,
};
use mod_callcenter::engine::{Span, Timestamp};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const SEQUENCES: u64 = 25;
const STATEMENTS: usize = 120;

/// Chooses the next statement by what the simulated server shows, mostly one that its conditions allow.
struct Chooser {
    dice: Dice,
    server: Server,
    /// What was seen, now or some time ago.
    seen: View,
    last_batch: u64,
    message: u64,
    run: u64,
    cursors: BTreeMap<BoxId, u64>,
    carried: BTreeMap<BoxId, u64>,
    /// Reports have other numbers.
    reported: u32,
}

impl Chooser {
    fn id(&mut self) -> BoxId {
        let instance = ["box1", "box two", "Büro '3'"][self.dice.below(3)];
        let incarnation = self.incarnation();
        let known = self.seen.boxes.iter().find(|row| row.id.instance == instance);
        match known {
            Some(row) if self.dice.chance(0.8) => row.id.clone(),
            _ => box_id(instance, incarnation),
        }
    }

    /// Each run of a module has another number. These have another order for who takes them for numbers with a sign.
    fn incarnation(&mut self) -> u64 {
        self.run += 1;
        [self.run, u64::MAX - self.run, (1 << 63) + self.run][self.dice.below(3)]
    }

    fn term(&mut self) -> Term {
        match self.seen.term {
            Some(term) if self.dice.chance(0.8) => term,
            _ => self.other_term(),
        }
    }

    fn other_term(&mut self) -> Term {
        let highest = self.seen.term.map_or(0, |term| term.number);
        Term {
            server: if self.dice.chance(0.9) { self.server } else { Server(3) },
            timeline: if self.dice.chance(0.9) { 1 } else { 2 },
            number: highest.saturating_sub(1) + u64::try_from(self.dice.below(4)).expect("few"),
            incarnation: self.id().incarnation,
        }
    }

    fn number(&mut self, near: u64) -> u64 {
        let others = [near, near, near, near.saturating_sub(1), near + 1];
        others[self.dice.below(others.len())]
    }

    fn report_number(&mut self, id: &BoxId) -> u32 {
        let known = self.seen.boxes.iter().find(|row| row.id == *id);
        let near = known.map_or(0, |row| row.report);
        u32::try_from(self.number(u64::from(near))).expect("few")
    }

    /// Nothing that was carried out is undone.
    fn carried_out(&mut self, id: &BoxId) -> u64 {
        let known = self.carried.entry(id.clone()).or_default();
        *known += u64::try_from(self.dice.below(2)).expect("few");
        *known
    }

    fn body(&mut self) -> String {
        ["", "plain", "it's \\ \"quoted\"", "Müller \u{1F4DE}\n"][self.dice.below(4)].to_owned()
    }

    fn input(&mut self, from: BoxId, report: Option<u32>) -> InputRow {
        self.message += u64::from(self.dice.chance(0.8));
        InputRow {
            from,
            number: self.message,
            promised: if self.dice.chance(0.1) { None } else { Some(self.term()) },
            report,
            age: Span::from_micros(self.dice.between(0, 5_000)),
            engine_time: Timestamp::from_micros(self.dice.between(0, 5_000)),
            body: self.body(),
        }
    }

    fn batch(&mut self) -> Batch<Centre> {
        let outputs = (0..self.dice.below(3)).map(|_| {
            let to = self.id();
            OutputRow {
                term: self.term(),
                report: self.report_number(&to),
                number: u64::try_from(1 + self.dice.below(4)).expect("few"),
                to,
                body: self.body(),
            }
        });
        let outputs = outputs.collect();
        let rows = (0..self.dice.below(3)).map(|_| {
            let row = Row {
                at: box_id("box1", 1),
                joined: self.dice.between(1, 9),
                stage: RowStage::Waiting,
            };
            (u64::try_from(self.dice.below(5)).expect("few"), row)
        });
        let rows = rows.collect();
        let facts = (0..self.dice.below(3)).map(|_| FactChange {
            name: ["", "queue/Müller \u{1F4DE}", "it's"][self.dice.below(3)].to_owned(),
            says: self.dice.chance(0.6).then(|| self.body()),
        });
        let facts: BTreeMap<String, FactChange> = facts.map(|change| (change.name.clone(), change)).collect();
        let reader = self.id();
        // Nothing that was read is unread again.
        let read = self.cursors.get(&reader).copied().unwrap_or_default();
        let cursor = self.number(self.message).max(read);
        self.cursors.insert(reader.clone(), cursor);
        let is_told = self.dice.chance(0.5);
        Batch {
            term: self.term(),
            number: self.number(self.last_batch + 1),
            rows,
            facts: facts.into_values().collect(),
            cursors: is_told.then_some((reader, cursor)).into_iter().collect(),
            outputs,
            beat: self
                .dice
                .chance(0.4)
                .then(|| Timestamp::from_micros(self.dice.between(0, 9_000))),
        }
    }

    fn lease(&mut self) -> Option<Lease> {
        let mut lease = self.seen.lease.clone()?;
        lease.beat = self.number(lease.beat);
        Some(lease)
    }

    fn next(&mut self) -> Statement<Centre> {
        let id = self.id();
        match self.dice.below(13) {
            0 => Statement::Look {
                leads: self.dice.chance(0.6).then(|| self.term()),
                id,
            },
            1 => Statement::Renew {
                report: self.report_number(&id),
                cursor: self.carried_out(&id),
                id,
            },
            2 => Statement::Check { id, term: self.term() },
            3 => {
                let there = self
                    .seen
                    .boxes
                    .iter()
                    .find(|row| row.id.instance == id.instance)
                    .cloned();
                let instead_of = there.map(|row| (row.id, self.number(row.beat)));
                let id = box_id(&id.instance, self.incarnation());
                Statement::Join { id, instead_of }
            }
            4 | 5 => {
                self.reported += 1;
                let report = if self.dice.chance(0.8) { self.reported } else { 0 };
                Statement::Report(self.input(id, Some(report)))
            }
            6 => {
                let few = 1 + self.dice.below(3);
                Statement::Tell((0..few).map(|_| self.input(id.clone(), None)).collect())
            }
            7 => {
                let above = Term {
                    incarnation: id.incarnation,
                    ..self.other_term()
                };
                let seen = self.lease();
                Statement::Elect { term: above, id, seen }
            }
            8 => {
                let beat = self
                    .seen
                    .boxes
                    .iter()
                    .find(|row| row.id == id)
                    .map_or(0, |row| row.beat);
                let standings = [Standing::Expelled, Standing::GivenUp];
                Statement::Mark {
                    term: self.term(),
                    beat: self.number(beat),
                    standing: standings[self.dice.below(2)],
                    id,
                }
            }
            9 => Statement::Restore { term: self.term() },
            10 | 11 => Statement::Write(self.batch()),
            _ if self.dice.chance(0.5) => Statement::Leave {
                term: self.term(),
                engine_time: Timestamp::from_micros(self.dice.between(0, 9_000)),
            },
            _ => Statement::Depart {
                id,
                engine_time: Timestamp::from_micros(self.dice.between(0, 9_000)),
            },
        }
    }
}

/// What an answer says that anybody may count on. When exactly messages are swept away that are done with, or that are of a run of a
/// module that is over, is the server's affair.
fn said(answer: Answer<Centre>) -> String {
    match answer {
        Answer::View(view) => {
            let mut view = *view;
            view.boxes.sort_by(|a, b| a.id.cmp(&b.id));
            let boxes = view.boxes.clone();
            view.inputs.retain(|input| boxes.iter().any(|row| row.id == input.from));
            view.outputs.retain(|output| {
                let row = boxes.iter().find(|row| row.id == output.to);
                row.is_some_and(|row| (output.report, output.number) > (row.report, row.cursor))
            });
            format!("{view:?}")
        }
        Answer::Restored(mut restored) => {
            restored.cursors.sort();
            let Restored {
                rows, facts, cursors, ..
            } = restored;
            format!("{rows:?} {facts:?} {cursors:?}")
        }
        other => format!("{other:?}"),
    }
}

fn look(id: &BoxId) -> Statement<Centre> {
    Statement::Look {
        id: id.clone(),
        leads: None,
    }
}

/// What the server shows. A look changes nothing: where a busy machine gives the connection more than its second, it is looked again.
fn seen<R: StoredRows<Centre>>(speaker: &mut Speaker<Centre, R>, id: &BoxId) -> View {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match speaker.say(&look(id)) {
            Ok(Answer::View(view)) => return *view,
            other => assert!(Instant::now() < deadline, "a look: {other:?}, {:?}", speaker.trouble()),
        }
        eprintln!("looked again: {:?}", speaker.trouble());
    }
}

#[test]
fn the_real_server_answers_as_the_simulated_one() {
    let Some(server) = server("differential") else { return };
    let only = std::env::var("CLUSTER_SEED")
        .ok()
        .map(|seed| seed.parse().expect("a number"));
    let mut answers = BTreeMap::new();
    for seed in only.map_or(1..SEQUENCES + 1, |seed: u64| seed..seed + 1) {
        let database = format!("differential{seed}");
        server.create_database(&database);
        let me = box_id("box1", 1);
        let way = addresses(&[server.port], &database);
        let mut real = Speaker::<Centre, _>::new(way, me.clone(), Lane::Writer, CentreRows).expect("a lane");
        let first = seen(&mut real, &me);
        // Rows are written only by who has read them.
        let mut sim = SimServer::new(first.server);
        let mut chooser = Chooser {
            dice: Dice::new(seed, "statements"),
            server: first.server,
            seen: first,
            last_batch: 0,
            message: 0,
            run: 0,
            cursors: BTreeMap::new(),
            carried: BTreeMap::new(),
            reported: 0,
        };
        real.say(&restoring(&chooser)).expect("tables");
        prepare_rows(server, &database);
        for step in 0..STATEMENTS {
            let statement = chooser.next();
            let expected = sim.execute(&statement);
            match (&statement, &expected) {
                (_, Answer::Written(last)) => chooser.last_batch = *last,
                (Statement::Elect { .. }, Answer::Done) => chooser.last_batch = 0,
                _ => (),
            }
            let kind = format!("{statement:?}")
                .split([' ', '('])
                .next()
                .unwrap_or_default()
                .to_owned();
            *answers.entry((kind, word_of(&expected))).or_insert(0) += 1;
            let expected = said(expected);
            let answer = real.say(&statement);
            let answer = answer
                .map(said)
                .map_err(|_| real.trouble().unwrap_or_default().to_owned());
            assert_eq!(
                answer,
                Ok(expected),
                "step {step} of seed {seed}, {statement:?}: CLUSTER_SEED={seed} cargo test --test boxes differential"
            );
            if chooser.dice.chance(0.7) {
                if let Answer::View(view) = sim.execute(&look(&me)) {
                    chooser.seen = *view;
                }
            }
        }
    }
    // Of a single seed nothing can be asked.
    for (kind, word) in EXPECTED.iter().filter(|_| only.is_none()) {
        let count = answers.get(&((*kind).to_owned(), *word)).copied().unwrap_or_default();
        assert!(count >= 10, "{kind} was {word} {count} times: {answers:#?}");
    }
}

/// What has to be answered often enough.
const EXPECTED: [(&str, &str); 20] = [
    ("Look", "shown"),
    ("Renew", "done"),
    ("Renew", "refused"),
    ("Check", "done"),
    ("Check", "refused"),
    ("Join", "done"),
    ("Join", "refused"),
    ("Report", "done"),
    ("Report", "refused"),
    ("Tell", "done"),
    ("Elect", "done"),
    ("Elect", "refused"),
    ("Mark", "done"),
    ("Mark", "refused"),
    ("Restore", "shown"),
    ("Restore", "refused"),
    ("Write", "written"),
    ("Write", "refused"),
    ("Leave", "done"),
    ("Depart", "done"),
];

fn word_of(answer: &Answer<Centre>) -> &'static str {
    match answer {
        Answer::View(_) | Answer::Restored(..) | Answer::Others(_) => "shown",
        Answer::Done => "done",
        Answer::Refused => "refused",
        Answer::Written(_) => "written",
    }
}

fn restoring(chooser: &Chooser) -> Statement<Centre> {
    Statement::Restore {
        term: Term {
            server: chooser.server,
            timeline: 1,
            number: 1,
            incarnation: Incarnation(1),
        },
    }
}

/// The table of rows is made by who restores them; a batch may come before here.
fn prepare_rows(server: &callcenter_test_support::private::PrivateServer, database: &str) {
    server.administer(database, crate::stored::MADE);
}
