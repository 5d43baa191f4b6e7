//! A day of a real FreeSWITCH, played again by the simulator from its records: the check, and what if.

use std::path::Path;
use std::time::{Duration, Instant};

use callcenter_simulator::replay::{Check, Replay};
use callcenter_simulator::study::{change_agents, Case, DayFigures, Days, MoreAgents};
use callcenter_simulator::xml::read_file;
use callcenter_simulator::QueueFigures;
use callcenter_test_support::harness::{phone, with_ours, CallCenter, Caller, FreeSwitch, Setup, SOON};
use mod_callcenter::engine::Span;
use rusqlite::Connection;

/// A call is answered within so long, on a busy machine too.
const LONG: Duration = Duration::from_secs(40);

/// Records have whole seconds, and time itself is what is recorded here: what is to come later on the played day as well comes so much
/// later on the real one.
const APART: Duration = Duration::from_secs(2);

/// How long callers waited.
#[derive(Default)]
struct Waits {
    /// Those who found a free agent, at most.
    at_once: Duration,
    /// The others, at least.
    for_another: Duration,
}

impl Waits {
    /// Lets time pass for those who wait, until nobody can take them for one who found a free agent, however busy the machine is.
    fn go_on(&mut self) {
        if self.for_another.is_zero() {
            self.for_another = 3 * self.at_once + 3 * APART;
        }
        std::thread::sleep(self.for_another);
    }

    /// What counts as in time: it parts the two, and leaves more than a second to either.
    fn between(&self) -> Span {
        let gap = self.for_another.checked_sub(self.at_once);
        assert!(
            gap.is_some_and(|gap| gap > APART),
            "the machine has no time for this test"
        );
        let middle = (self.at_once + self.for_another) / 2;
        Span::from_millis(i64::try_from(middle.as_millis()).expect("a wait"))
    }
}

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .setting("cdrs", "true")
        .setting("queue-log-file", "queue_log")
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("required-skills", "tech")],
        )
        .queue("sales@default", &[("strategy", "ring-all")])
        .agent("a1", &phone("a1", "answer"), &[("skills", "tech")])
        .agent("a2", &phone("a2", "answer"), &[("skills", "tech")])
        .agent("a3", &phone("a3", "answer"), &[])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "a2", 1, 2)
        .tier("sales@default", "a2", 2, 1)
        .tier("sales@default", "a3", 1, 1);
    Setup::new(&call_centre)
}

fn done(switch: &FreeSwitch, command: &str) {
    assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
}

fn wait_for_answer(switch: &FreeSwitch, mark: usize, number: &str) {
    switch.events().wait(mark, LONG, "an agent to answer", |event| {
        event.is("bridge-agent-start") && event.get("CC-Member-CID-Number") == number
    });
}

/// Somebody who calls, finds a free agent, and talks on.
fn finds_an_agent(switch: &FreeSwitch, waits: &mut Waits, number: &str, queue: &str) -> Caller {
    let (mark, began) = (switch.events().mark(), Instant::now());
    let caller = switch.call_queue(number, queue);
    wait_for_answer(switch, mark, number);
    waits.at_once = waits.at_once.max(began.elapsed());
    caller
}

/// Somebody's talk ends, and its agent takes the one who waits.
fn makes_room(switch: &FreeSwitch, talks: &Caller, waiting: &str) {
    let mark = switch.events().mark();
    switch.hang_up(talks);
    wait_for_answer(switch, mark, waiting);
}

/// Everybody hangs up.
fn ends(switch: &FreeSwitch, callers: &[Caller]) {
    for caller in callers {
        switch.hang_up(caller);
    }
    switch.wait_until_quiet();
    std::thread::sleep(APART);
}

/// Two find an agent each, and one waits for the end of a talk.
fn one_too_many(switch: &FreeSwitch, waits: &mut Waits, queue: &str, [first, second, third]: [&str; 3]) {
    let first = finds_an_agent(switch, waits, first, queue);
    let second = finds_an_agent(switch, waits, second, queue);
    let waiting = switch.call_queue(third, queue);
    waits.go_on();
    std::thread::sleep(APART);
    makes_room(switch, &first, third);
    ends(switch, &[second, waiting]);
}

/// One finds the only agent; of two who wait the second gives up.
fn one_who_gives_up(switch: &FreeSwitch, waits: &mut Waits, [first, second, third]: [&str; 3]) {
    let first = finds_an_agent(switch, waits, first, "support");
    let waiting = switch.call_queue(second, "support");
    let impatient = switch.call_queue(third, "support");
    waits.go_on();
    switch.hang_up(&impatient);
    std::thread::sleep(APART);
    makes_room(switch, &first, second);
    ends(switch, &[waiting]);
}

/// Nine callers in two queues, a pause, log-ins and log-outs. Five of them find a free agent; whatever the machine does, for each waits for
/// what comes before.
fn a_short_day(switch: &FreeSwitch) -> Waits {
    let mut waits = Waits::default();
    let says = |commands: &[&str]| {
        commands.iter().for_each(|command| done(switch, command));
        std::thread::sleep(APART);
    };
    says(&["agent set status a3 'Logged Out'"]);
    one_too_many(switch, &mut waits, "support", ["5550001", "5550002", "5550003"]);
    says(&["agent pause a2 lunch"]);
    one_who_gives_up(switch, &mut waits, ["5550004", "5550005", "5550006"]);
    says(&["agent resume a2", "agent set status a3 'Available'"]);
    one_too_many(switch, &mut waits, "sales", ["5550007", "5550008", "5550009"]);
    waits
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
        let in_time = a_short_day(switch).between();
        wait_for_records(&switch.database(), 9);
        let log = switch.dir().join("log/queue_log");
        let replay = Replay::read(&switch.database(), Some(&log)).expect("a day");
        assert_eq!((&replay.broken, &replay.left_out), (&Vec::new(), &Vec::new()));
        let configuration = read_file(switch.dir().join("conf/callcenter.conf.xml")).expect("the configuration");
        assert_eq!(replay.unknown(&configuration), Vec::<String>::new());
        let case = Case {
            plan: replay.plan(&configuration).expect("a plan"),
            callers: &replay,
            service_level: in_time,
        };
        let days = play(&case);
        let check = Check::of(&replay, days.first().slots, in_time);
        let came_to = |day: QueueFigures| (day.calls, day.answered, day.answered_in_time, day.abandoned);
        assert_eq!(came_to(check.total), (9, 8, 5, 1), "{:#?}", check.total);
        for day in &days.0 {
            assert_eq!(came_to(day.total), (9, 8, 5, 1), "{:#?}", day.total);
        }
        assert_eq!(check.error(&days), Some(0.0), "{check:#?}");
        let mut fewer = Case {
            plan: case.plan.clone(),
            ..case
        };
        let change: MoreAgents = "support@default=-1".parse().expect("a change");
        change_agents(&mut fewer.plan, &change).expect("an agent less");
        let fewer = play(&fewer);
        let in_time = fewer.first().total.answered_in_time;
        assert!(in_time < 5, "{in_time} of 5");
    });
}
