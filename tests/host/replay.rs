//! A day of a real FreeSWITCH, played again by the simulator from its records: the check, and what if.

use std::path::Path;
use std::time::{Duration, Instant};

use callcenter_simulator::replay::{Check, Replay};
use callcenter_simulator::study::{change_agents, Case, DayFigures, Days, MoreAgents};
use callcenter_simulator::xml::read_file;
use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup, SOON};
use mod_callcenter::engine::Span;
use rusqlite::Connection;

/// Talks are longer than this, so that it parts who found a free agent from who waited for another's talk.
const IN_TIME: Span = Span::from_millis(1500);

/// A rush is over within so long, on a busy machine too.
const LONG: Duration = Duration::from_secs(40);

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .setting("cdrs", "true")
        .setting("queue-log-file", "queue_log")
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("required-skills", "tech")],
        )
        .queue("sales@default", &[("strategy", "ring-all")])
        .agent("a1", &phone("a1", "talk-4000"), &[("skills", "tech")])
        .agent("a2", &phone("a2", "talk-4000"), &[("skills", "tech")])
        .agent("a3", &phone("a3", "talk-4000"), &[])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "a2", 1, 2)
        .tier("sales@default", "a2", 2, 1)
        .tier("sales@default", "a3", 1, 1);
    Setup::new(&call_centre)
}

fn done(switch: &FreeSwitch, command: &str) {
    assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
}

/// Waits until these callers have left the queue, and everything of theirs is over.
fn wait_for_the_end(switch: &FreeSwitch, mark: usize, numbers: &[&str]) {
    for number in numbers {
        switch.events().wait(mark, LONG, "the caller to leave", |event| {
            event.is("member-queue-end") && event.get("CC-Member-CID-Number") == *number
        });
    }
    switch.wait_until_quiet();
}

/// Callers who dial at once.
fn rush(switch: &FreeSwitch, queue: &str, numbers: &[&str]) {
    let mark = switch.events().mark();
    for number in numbers {
        switch.call(number, &format!("Caller {number}"), &format!("queue-{queue}"));
    }
    wait_for_the_end(switch, mark, numbers);
}

/// Callers who come one after the other while the first of them talks; the last gives up: later than a phone rings, because nobody else
/// is to lose patience for the little that the records leave open, and sooner than the talk ends.
fn rush_with_one_who_gives_up(switch: &FreeSwitch, numbers: &[&str]) {
    let mark = switch.events().mark();
    let callers: Vec<_> = numbers
        .iter()
        .map(|number| switch.call_queue(number, "support"))
        .collect();
    if let Some(last) = callers.last() {
        let answer = switch.api(&format!("sched_hangup +2 {}", last.leg));
        assert!(answer.starts_with("+OK"), "{answer}");
    }
    wait_for_the_end(switch, mark, numbers);
}

/// Nine callers in two queues, a pause, log-ins and log-outs.
fn a_short_day(switch: &FreeSwitch) {
    done(switch, "agent set status a3 'Logged Out'");
    rush(switch, "support", &["5550001", "5550002", "5550003"]);
    done(switch, "agent pause a2 lunch");
    rush_with_one_who_gives_up(switch, &["5550004", "5550005", "5550006"]);
    done(switch, "agent resume a2");
    done(switch, "agent set status a3 'Available'");
    rush(switch, "sales", &["5550007", "5550008", "5550009"]);
}

fn wait_for_records(database: &Path, members: i64) {
    let deadline = Instant::now() + SOON;
    let connection = Connection::open(database).expect("the database");
    connection.busy_timeout(SOON).expect("a busy timeout");
    loop {
        let sql = "SELECT count(*) FROM cdrs WHERE record = 'member'";
        let count: i64 = connection.query_row(sql, [], |row| row.get(0)).expect("the records");
        if count == members {
            return;
        }
        assert!(Instant::now() < deadline, "{count} records of members");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn play(case: &Case<'_>) -> Days {
    let days: Result<Vec<DayFigures>, _> = (1..=3).map(|seed| case.play(seed)).collect();
    Days(days.expect("days that end"))
}

#[test]
fn a_day_that_was_recorded_comes_to_the_same_when_it_is_played_and_to_less_with_fewer_agents() {
    with_ours(setup(), |switch| {
        a_short_day(switch);
        wait_for_records(&switch.database(), 9);
        let log = switch.dir().join("log/queue_log");
        let replay = Replay::read(&switch.database(), Some(&log)).expect("a day");
        assert_eq!((&replay.broken, &replay.left_out), (&Vec::new(), &Vec::new()));
        let configuration = read_file(switch.dir().join("conf/callcenter.conf.xml")).expect("the configuration");
        assert_eq!(replay.unknown(&configuration), Vec::<String>::new());
        let case = Case {
            plan: replay.plan(&configuration).expect("a plan"),
            callers: &replay,
            service_level: IN_TIME,
        };
        let days = play(&case);
        let check = Check::of(&replay, days.first().slots, IN_TIME);
        // In each rush somebody waits for another's talk; who is at once on a machine that is busy is for the machine to say.
        let (was, is) = (check.total, days.first().total);
        assert_eq!((was.calls, was.answered, was.abandoned), (9, 8, 1), "{was:#?}");
        assert!((3..=5).contains(&was.answered_in_time), "{was:#?}");
        assert_eq!((is.calls, is.answered, is.abandoned), (9, 8, 1), "{is:#?}");
        // Records have whole seconds: one caller of nine may be on the other side of the border.
        assert!(
            check.error(&days).is_some_and(|error| error < 0.12),
            "{check:#?} {is:#?}"
        );
        let mut fewer = Case {
            plan: case.plan.clone(),
            ..case
        };
        let change: MoreAgents = "support@default=-1".parse().expect("a change");
        change_agents(&mut fewer.plan, &change).expect("an agent less");
        let fewer = play(&fewer);
        let in_time = fewer.first().total.answered_in_time;
        assert!(in_time < is.answered_in_time, "{in_time} of {}", is.answered_in_time);
    });
}
