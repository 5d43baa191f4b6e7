//! Standing legs of uuid-standby agents: who has none that is there is offered nobody, whoever is joined to one keeps its agent busy, and
//! whoever leaves in the moment in which the two are joined does the other no harm.

use std::time::Duration;

use callcenter_test_support::harness::{
    change_rows, standby_centre, with_ours, CallCenter, Event, FreeSwitch, Setup, SOON,
};

fn setup() -> Setup {
    Setup::new(&standby_centre())
}

fn wait_for_state(switch: &FreeSwitch, state: &str) {
    switch.until("callcenter_config agent get state a1", |answer| answer.trim() == state);
}

/// Ways in which the leg comes to another channel: the command, with `LEG` and `OTHER`.
const WAYS: [&str; 3] = [
    "uuid_bridge OTHER LEG",
    "uuid_bridge LEG OTHER",
    "uuid_transfer OTHER intercept:LEG inline",
];

/// Brings the leg to another channel in one of these ways, and waits until FreeSWITCH says that the two are bridged: what is set on the
/// channels before is a promise.
fn join(switch: &FreeSwitch, way: &str, leg: &str, other: &str) {
    let mark = switch.events().mark();
    let answer = switch.api(&way.replace("LEG", leg).replace("OTHER", other));
    assert!(answer.starts_with("+OK"), "{way}: {answer}");
    switch.events().wait(mark, SOON, way, |event| {
        let legs = ["Bridge-A-Unique-ID", "Bridge-B-Unique-ID"].map(|header| event.get(header));
        event.is_core("CHANNEL_BRIDGE") && legs.contains(&leg) && legs.contains(&other)
    });
}

/// While the leg is with `other` nobody is offered, and the two stay together; the next caller comes when they are apart.
fn is_busy_with(switch: &FreeSwitch, leg: &str, other: &str) {
    switch.wait_until_joined(leg, other);
    let mark = switch.events().mark();
    let next = switch.queue_caller();
    switch.wait_for(mark, "member-queue-start");
    let offered = switch
        .events()
        .find(mark, Duration::from_secs(1), |event| event.is("agent-offering"));
    assert!(
        offered.is_none(),
        "offered in the middle of a talk of {leg} and {other}"
    );
    switch.wait_until_joined(leg, other);
    switch.api(&format!("uuid_kill {other}"));
    switch.wait_for(mark, "agent-offering");
    switch.wait_until_joined(leg, &next);
    switch.api(&format!("uuid_kill {next}"));
    wait_for_state(switch, "Waiting");
    assert!(switch.exists(leg), "the leg is gone");
}

#[test]
fn an_agent_on_standby_is_busy_as_long_as_the_leg_is_bridged_to_anybody() {
    with_ours(setup(), |switch| {
        let leg = switch.stand();
        for way in WAYS {
            for caller_leaves in [false, true] {
                let first = switch.queue_caller();
                wait_for_state(switch, "In a queue call");
                switch.wait_until_joined(&leg, &first);
                let other = switch.parked();
                join(switch, way, &leg, &other);
                if caller_leaves {
                    switch.api(&format!("uuid_kill {first}"));
                }
                assert_eq!(
                    switch.callcenter("agent get state a1").trim(),
                    "In a queue call",
                    "{way}"
                );
                is_busy_with(switch, &leg, &other);
                switch.api(&format!("uuid_kill {first}"));
            }
        }
    });
}

#[test]
fn an_agent_on_standby_who_talks_with_somebody_outside_the_queues_is_offered_nobody() {
    with_ours(setup(), |switch| {
        let leg = switch.stand();
        for way in WAYS {
            let other = switch.parked();
            join(switch, way, &leg, &other);
            is_busy_with(switch, &leg, &other);
        }
    });
}

/// How many agents a caller of the queue could have at once.
fn free_agents(switch: &FreeSwitch) -> String {
    switch.cell("stats queue support@default", "free_agents")
}

fn wait_for_free_agents(switch: &FreeSwitch, count: &str) {
    switch.until_cell("stats queue support@default", "free_agents", count);
}

fn nobody_is_offered(switch: &FreeSwitch, mark: usize) {
    let is_offering = |event: &Event| event.is("agent-offering");
    let offered = switch.events().find(mark, Duration::from_secs(1), is_offering);
    assert!(offered.is_none(), "{offered:?}");
}

/// Stock answers `+OK` and offers the agent a caller, which fails.
#[test]
fn an_agent_whose_leg_is_not_there_is_free_when_it_comes_and_logged_out_when_it_goes() {
    with_ours(setup(), |switch| {
        assert_eq!(switch.callcenter("agent set uuid a1 comes-later"), "+OK\n");
        assert_eq!(switch.callcenter("agent set status a1 Available"), "+OK\n");
        assert_eq!(free_agents(switch), "0");
        let mark = switch.events().mark();
        let first = switch.queue_caller();
        nobody_is_offered(switch, mark);
        switch.leg("comes-later");
        switch.wait_for(mark, "bridge-agent-start");
        switch.wait_until_joined("comes-later", &first);
        switch.api(&format!("uuid_kill {first}"));
        wait_for_free_agents(switch, "1");
        assert_eq!(switch.callcenter("agent get status a1"), "Available");

        let mark = switch.events().mark();
        switch.api("uuid_kill comes-later");
        let told = switch.wait_for(mark, "agent-status-change");
        assert_eq!(told.get("CC-Agent-Status"), "Logged Out");
        assert_eq!(free_agents(switch), "0");
        let row = switch.callcenter("agent list");
        assert!(row.contains("a1|single_box||uuid-standby||Logged Out|"), "{row}");
        switch.queue_caller();
        nobody_is_offered(switch, mark);
    });
}

/// By SQL as by command: the row is noticed, and the leg looked at.
#[test]
fn a_leg_that_is_in_a_call_already_is_offered_nobody_until_that_is_over() {
    with_ours(setup(), |switch| {
        let by_sql = |leg: &str| {
            change_rows(
                &switch.database(),
                &format!("UPDATE agents SET uuid = '{leg}' WHERE name = 'a1'"),
            );
        };
        let by_command = |leg: &str| drop(switch.callcenter(&format!("agent set uuid a1 {leg}")));
        switch.callcenter("agent set status a1 Available");
        for set in [&by_command as &dyn Fn(&str), &by_sql] {
            let (leg, other) = (switch.parked(), switch.parked());
            join(switch, "uuid_bridge OTHER LEG", &leg, &other);
            switch.wait_until_joined(&leg, &other);
            set(&leg);
            switch.until("callcenter_config agent get uuid a1", |uuid| uuid.trim() == leg);
            assert_eq!(free_agents(switch), "0");
            is_busy_with(switch, &leg, &other);
            wait_for_free_agents(switch, "1");
        }
    });
}

#[test]
fn one_leg_of_two_agents_serves_one_caller_at_a_time() {
    let call_centre = CallCenter::new().queue("support@default", &[]);
    let standby = [("type", "uuid-standby"), ("status", "Logged Out")];
    let call_centre = ["a1", "a2"].iter().fold(call_centre, |file, name| {
        file.agent(name, "", &standby).tier("support@default", name, 1, 1)
    });
    with_ours(Setup::new(&call_centre), |switch| {
        let leg = switch.stand();
        switch.callcenter(&format!("agent set uuid a2 {leg}"));
        switch.callcenter("agent set status a2 Available");
        wait_for_free_agents(switch, "2");
        let mark = switch.events().mark();
        let first = switch.queue_caller();
        switch.wait_for(mark, "bridge-agent-start");
        switch.wait_until_joined(&leg, &first);
        let mark = switch.events().mark();
        let second = switch.queue_caller();
        nobody_is_offered(switch, mark);
        switch.api(&format!("uuid_kill {first}"));
        switch.wait_for(mark, "bridge-agent-start");
        switch.wait_until_joined(&leg, &second);
    });
}

/// How many callers come one after the other; `STANDING_LEG_TALKS` asks for more.
fn talks() -> usize {
    let given = std::env::var("STANDING_LEG_TALKS")
        .ok()
        .and_then(|text| text.parse().ok());
    given.unwrap_or(100)
}

/// Plays one talk after the other; in each, `leave` is done to the two while they are joined.
fn talk_again_and_again(switch: &FreeSwitch, mut leave: impl FnMut(&str)) {
    for talk in 0..talks() {
        leave(&switch.caller_being_joined(talk, SOON));
    }
}

/// FreeSWITCH itself hangs the leg up for a caller who goes between its last looks at the two, a fraction of a millisecond long
/// (`abort_call`). That is stock's lot as well and cannot be kept away; so few are lost that it is told from what can.
#[test]
fn a_standing_leg_outlives_callers_who_leave_while_they_are_joined() {
    // By hanging up, and by going elsewhere.
    for way in ["uuid_kill CALLER", "uuid_transfer CALLER park inline"] {
        with_ours(setup(), |switch| {
            let mut leg = switch.stand();
            let mut lost = Vec::new();
            talk_again_and_again(switch, |caller| {
                switch.api(&way.replace("CALLER", caller));
                wait_for_state(switch, "Waiting");
                if !switch.exists(&leg) {
                    lost.push(switch.end_of(&leg));
                    leg = switch.stand();
                }
                switch.api(&format!("uuid_kill {caller}"));
            });
            assert!(lost.len() * 50 <= talks(), "{way}: {lost:?} of {} talks", talks());
        });
    }
}

/// The other way round: the caller goes on behind the queue. What FreeSWITCH does to the leg of a caller who goes it does to the caller of
/// a leg that goes.
#[test]
fn a_caller_outlives_a_standing_leg_that_leaves_while_they_are_joined() {
    with_ours(setup(), |switch| {
        let mut leg = switch.stand();
        let mut lost = Vec::new();
        talk_again_and_again(switch, |caller| {
            switch.api(&format!("uuid_kill {leg}"));
            wait_for_state(switch, "Waiting");
            if switch.exists(caller) {
                let command = format!("uuid_getvar {caller} current_application");
                let goes_on = switch.soon(&command, |application| application.trim() == "sleep");
                lost.extend(goes_on.err().map(|application| format!("stays in {application}")));
            } else {
                lost.push(switch.end_of(caller));
            }
            switch.api(&format!("uuid_kill {caller}"));
            leg = switch.stand();
        });
        assert!(lost.len() * 50 <= talks(), "{lost:?} of {} talks", talks());
    });
}

/// A phone that is called for each caller, and stays up after the talk until its agent hangs up: busy that long, as with stock.
#[test]
fn a_called_leg_that_parks_after_the_talk_outlives_callers_who_leave_while_they_are_joined() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("discard-abandoned-after", "1")])
        .agent("a1", "[park_after_bridge=true]null/a1", &[("status", "Available")])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let mut lost = Vec::new();
        for talk in 0..talks() {
            let mark = switch.events().mark();
            let caller = switch.caller_being_joined(talk, SOON);
            let began = switch.wait_for(mark, "bridge-agent-start");
            let leg = began.get("CC-Agent-UUID");
            switch.api(&format!("uuid_kill {caller}"));
            switch.until(&format!("uuid_dump {leg}"), |answer| {
                answer.contains("Channel-State: CS_PARK") || answer.starts_with("-ERR")
            });
            if switch.exists(leg) {
                assert_eq!(switch.callcenter("agent get state a1").trim(), "In a queue call");
                switch.api(&format!("uuid_kill {leg}"));
            } else {
                lost.push(switch.end_of(leg));
            }
            wait_for_state(switch, "Waiting");
        }
        assert!(lost.len() * 50 <= talks(), "{lost:?} of {} talks", talks());
    });
}
