//! The machine's clock is set by an hour, forward and back, and FreeSWITCH's after it (`fsctl sync_clock`), while the module runs.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use callcenter_test_support::harness::{install, phone, skip, with_ours, CallCenter, FreeSwitch, Setup};

const QUEUE: &str = "support@default";
const HOUR: i64 = 3_600;

/// Enough for a busy machine, and nothing beside an hour.
const LONG: Duration = Duration::from_secs(40);

/// Where Debian has the library that shows a program another time.
fn library() -> Option<PathBuf> {
    let directories = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let places = directories.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"));
    places.into_iter().find(|file| file.is_file())
}

fn epoch(switch: &FreeSwitch) -> i64 {
    let text = switch.api("strepoch");
    text.trim().parse().unwrap_or_else(|_| panic!("no epoch: {text}"))
}

/// An agent who is ready in five seconds is offered the caller then; whatever is told is of FreeSWITCH's clock.
fn ready_in_five_seconds(switch: &FreeSwitch) {
    let mark = switch.events().mark();
    assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
    let (set, ready) = (Instant::now(), epoch(switch) + 5);
    assert_eq!(switch.callcenter(&format!("agent set ready_time a1 {ready}")), "+OK\n");
    let caller = switch.call_queue("5551", "support");
    assert_eq!(switch.callcenter("agent set status a1 Available"), "+OK\n");
    let offer = switch
        .events()
        .wait(mark, LONG, "the offer", |event| event.is("agent-offering"));
    let waited = set.elapsed();
    // The epoch was cut to its second.
    assert!(waited >= Duration::from_millis(3_900), "offered after {waited:?}");
    assert_eq!(offer.get("CC-Agent"), "a1");
    let started = switch.wait_for(mark, "bridge-agent-start");
    let told = |name: &str| started.get(name).parse::<i64>().expect("an epoch");
    let shown = started.get("Event-Date-Timestamp").parse::<i64>().expect("an epoch") / 1_000_000;
    for (name, ago) in [("CC-Agent-Answered-Time", 2), ("CC-Member-Joined-Time", 60)] {
        let distance = shown - told(name);
        assert!((-1..=ago).contains(&distance), "{name} is {distance} s ago");
    }
    let listed = switch.callcenter(&format!("queue list members {QUEUE}"));
    assert!(
        listed.contains(&format!("|{}|", told("CC-Member-Joined-Time"))),
        "{listed}"
    );
    let score = listed
        .lines()
        .nth(1)
        .and_then(|row| row.rsplit('|').next()?.parse::<i64>().ok());
    assert!(score.is_some_and(|score| (0..60).contains(&score)), "{listed}");
    switch.hang_up(&caller);
    switch.wait_for(mark, "member-queue-end");
    switch.wait_until_quiet();
}

#[test]
fn epochs_follow_the_clock_and_deadlines_do_not() {
    if install().is_none() {
        return;
    }
    let Some(library) = library() else {
        return skip("there is no libfaketime (scripts/setup host installs it)");
    };
    let place = tempfile::tempdir().expect("a temporary directory");
    let offset = place.path().join("offset");
    std::fs::write(&offset, "+0").expect("write the offset");
    let call_centre = CallCenter::new()
        .queue(QUEUE, &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier(QUEUE, "a1", 1, 1);
    let variables = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", offset.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    let setup = Setup {
        environment: variables.into(),
        ..Setup::new(&call_centre)
    };
    with_ours(setup, |switch| {
        for shift in [HOUR, 0, -HOUR] {
            let before = epoch(switch);
            std::fs::write(&offset, format!("{shift:+}")).expect("write the offset");
            switch.api("fsctl sync_clock");
            switch.until("strepoch", |text| {
                let now: i64 = text.trim().parse().unwrap_or(before);
                (now - before).abs() > HOUR / 2
            });
            ready_in_five_seconds(switch);
        }
    });
}
