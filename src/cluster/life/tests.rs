//! The life of one box beside a server that does what it is asked. What many boxes do to each other is in `tests/cluster_engine`.

use super::*;
use crate::cluster::statements::Restored;
use crate::cluster::tables::{BoxRow, Lease};
use crate::cluster::term::Incarnation;
use crate::cluster::time::{BEAT, LOOK};
use crate::engine::WallTime;

#[derive(Debug, Clone)]
struct Nothing;

impl Tables for Nothing {
    type Change = ();
    type Rows = ();
    type Others = ();
}

/// A box, and what its server shows.
struct Bench {
    now: BoxTime,
    life: Life<Nothing>,
    view: View,
    reports: usize,
    /// How often others' changes were looked for, and told of.
    looks: usize,
    told: usize,
    /// Boxes that are gone, as the engine is told.
    gone: Vec<(BoxId, Standing)>,
    /// Of each time that the box begins to lead: whether the call centre goes on.
    begun: Vec<bool>,
}

fn box_of(instance: &str, incarnation: u64) -> BoxId {
    BoxId {
        instance: instance.to_owned(),
        incarnation: Incarnation(incarnation),
    }
}

impl Bench {
    fn new() -> Self {
        let now = BoxTime::from_micros(5_000_000);
        Self {
            now,
            life: Life::new(now, box_of("a", 1)),
            view: view_of(Server(1), 1),
            reports: 0,
            looks: 0,
            told: 0,
            gone: Vec::new(),
            begun: Vec::new(),
        }
    }

    fn play(&mut self, millis: i64) {
        let until = self.now + Span::from_millis(millis);
        while self.now < until {
            self.now = self.now + LOOK;
            self.life.handle_timeout(self.now);
            while let Some(want) = self.life.poll_want() {
                match want {
                    Want::Say(lane, statement) => {
                        let answer = self.execute(&statement);
                        self.life.answer(self.now, lane, Ok(answer));
                    }
                    Want::Report => {
                        self.reports += 1;
                        self.life.report(self.now, String::new());
                    }
                    Want::Others(()) => self.told += 1,
                    Want::Lead(takeover) => self.begun.push(takeover.goes_on),
                    Want::Gone(id, standing) => self.gone.push((id, standing)),
                    _ => (),
                }
            }
        }
    }

    fn phase(&self) -> Phase {
        self.life.phase(self.now)
    }

    fn row(&mut self) -> Option<&mut BoxRow> {
        self.view.boxes.iter_mut().find(|row| row.id.instance == "a")
    }

    fn execute(&mut self, statement: &Statement<Nothing>) -> Answer<Nothing> {
        match statement {
            Statement::Look { .. } => return Answer::View(Box::new(self.view.clone())),
            Statement::Restore { .. } => {
                return Answer::Restored(Restored {
                    rows: (),
                    facts: Facts::new(),
                    cursors: Vec::new(),
                    wall: WallTime::default(),
                })
            }
            Statement::Write(batch) => return Answer::Written(batch.number),
            Statement::LookForOthers { .. } => {
                self.looks += 1;
                return Answer::Others((self.looks == 2).then_some(()));
            }
            Statement::Join { id, .. } => {
                self.view.boxes.retain(|row| row.id.instance != id.instance);
                self.view.boxes.push(row_of(id.clone()));
            }
            Statement::Report(input) => {
                let Some(row) = self.row() else { return Answer::Refused };
                row.standing = Standing::Here;
                row.promised = input.promised;
            }
            Statement::Elect { term, id, .. } => {
                self.view.term = Some(*term);
                self.view.lease = Some(Lease {
                    term: *term,
                    holder: id.clone(),
                    beat: 1,
                    engine_time: Timestamp::from_micros(0),
                    is_left: false,
                });
            }
            _ => (),
        }
        Answer::Done
    }
}

fn view_of(server: Server, timeline: u32) -> View {
    View {
        server,
        timeline,
        term: None,
        lease: None,
        boxes: Vec::new(),
        cursor: 0,
        outputs: Vec::new(),
        inputs: Vec::new(),
    }
}

fn row_of(id: BoxId) -> BoxRow {
    BoxRow {
        id,
        promised: None,
        report: 0,
        beat: 0,
        cursor: 0,
        standing: Standing::Here,
        left_before: None,
    }
}

#[test]
fn the_first_box_of_an_empty_cluster_leads() {
    let mut bench = Bench::new();
    assert_eq!(bench.phase(), Phase::Joining);
    bench.play(1_000);
    assert_eq!(bench.phase(), Phase::Leading);
    bench.play(20_000);
    assert_eq!((bench.phase(), bench.reports), (Phase::Leading, 2));
}

#[test]
fn where_somebody_has_led_the_box_before_the_call_centre_goes_on() {
    let mut bench = Bench::new();
    bench.play(1_000);
    assert_eq!(bench.begun, [false]);
    // Whoever led has what the box had told.
    bench.view.cursor = 1;
    bench.row().expect("a row").standing = Standing::Expelled;
    bench.play(10_000);
    assert_eq!(bench.begun, [false, true]);
}

#[test]
fn a_server_that_was_replaced_is_refused() {
    let mut bench = Bench::new();
    bench.view.timeline = 2;
    bench.play(1_000);
    assert_eq!(bench.phase(), Phase::Leading);
    bench.view.timeline = 1;
    bench.play(3_100);
    assert_eq!(bench.phase(), Phase::Alone);
    bench.play(60_000);
    assert_eq!(bench.phase(), Phase::Alone);
    bench.view.timeline = 2;
    bench.play(10_000);
    assert_eq!(bench.phase(), Phase::Leading);
}

#[test]
fn at_another_server_a_box_promises_anew_when_it_has_let_go() {
    let mut bench = Bench::new();
    bench.play(1_000);
    let old = bench.life.promised().expect("a term");
    bench.view = view_of(Server(2), 1);
    bench.play(4_400);
    assert_eq!(bench.phase(), Phase::Alone);
    assert_eq!(bench.life.promised(), Some(old));
    bench.play(2_000);
    assert_eq!(bench.phase(), Phase::Leading);
    let new = bench.life.promised().expect("a term");
    assert_eq!((new.server, new.number), (Server(2), 1));
}

#[test]
fn a_name_is_in_use_as_long_as_its_beat_moves() {
    let mut bench = Bench::new();
    bench.view.boxes.push(row_of(box_of("a", 9)));
    for _ in 0..10 {
        bench.play(BEAT.millis());
        assert_eq!(bench.phase(), Phase::Joining);
        bench.row().expect("the other one").beat += 1;
        bench.play(2 * LOOK.millis());
        assert!(bench.life.name_is_in_use());
    }
    bench.play(3_300);
    assert_eq!(bench.phase(), Phase::Joining);
    bench.play(1_500);
    assert_eq!(bench.phase(), Phase::Leading);
    assert_eq!(bench.row().expect("a row").id, box_of("a", 1));
    assert!(!bench.life.name_is_in_use());
}

#[test]
fn a_name_whose_beat_stands_is_not_said_to_be_in_use() {
    let mut bench = Bench::new();
    bench.view.boxes.push(row_of(box_of("a", 9)));
    bench.play(4_000);
    assert!(bench.phase() == Phase::Joining && !bench.life.name_is_in_use());
}

#[test]
fn whoever_leads_looks_for_what_others_have_changed_as_often_as_it_shall() {
    let mut bench = Bench::new();
    bench.play(5_000);
    assert_eq!((bench.phase(), bench.looks), (Phase::Leading, 0));
    bench.life.look_for_others(Some(Span::from_secs(1)));
    bench.play(5_000);
    assert!((4..=6).contains(&bench.looks), "{}", bench.looks);
    assert_eq!(bench.told, 1, "nothing is not told");
}

#[test]
fn who_is_marked_lets_go_and_comes_back_with_a_report() {
    let mut bench = Bench::new();
    bench.play(1_000);
    bench.row().expect("a row").standing = Standing::Expelled;
    bench.play(100);
    assert_eq!(bench.phase(), Phase::Following, "it has let go, and reported");
    assert_eq!(bench.row().expect("a row").standing, Standing::Here);
    assert_eq!(bench.reports, 3);
}

/// A module that is loaded again between two looks has left as well as one that is seen to leave: its talks may be up.
#[test]
fn whoever_has_left_has_left_although_the_next_one_has_the_name_already() {
    let mut bench = Bench::new();
    bench.play(1_000);
    bench.view.boxes.push(row_of(box_of("b", 1)));
    bench.play(100);
    let next_run = |run: u64, left_before: Option<u64>| BoxRow {
        left_before: left_before.map(Incarnation),
        ..row_of(box_of("b", run))
    };
    for (run, left_before) in [(2, Some(1)), (3, None), (4, Some(2))] {
        bench.view.boxes.retain(|row| row.id.instance != "b");
        bench.view.boxes.push(next_run(run, left_before));
        bench.play(100);
    }
    let ends = [
        (box_of("b", 1), Standing::Left),
        (box_of("b", 2), Standing::GivenUp),
        // What a release wrote that does not know of it is of another run.
        (box_of("b", 3), Standing::GivenUp),
    ];
    assert_eq!(bench.gone, ends);
}

#[test]
fn nothing_is_said_when_nothing_is_due() {
    let mut bench = Bench::new();
    bench.play(1_000);
    let next = bench.life.poll_timeout().expect("a look");
    assert!(
        next > bench.now && next <= bench.now + LOOK,
        "{next:?} at {:?}",
        bench.now
    );
}
