//! Calls on several FreeSWITCH that are one call centre: callbacks, agents who are released elsewhere, boxes that are alone, reloads.

use crate::callbacks::{call_centre, heard, line_to, pending, presses_until, setup_of, takes_the_call, told, waits};
use crate::callbacks::{MUSIC, NUMBER, ONE, YOUR_NUMBER_IS};
use crate::clusters::{boxes, set_status, shows, sits_at, talks, wait_until_in};
use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, Event, FreeSwitch, Module, SipPhone, SOON};
use callcenter_test_support::private::{shared, Kind, PrivateServer};
use std::time::{Duration, Instant};

/// Two boxes whose queue calls back by these rules.
fn boxes_that_call_back(database: &str, rules: &[(&str, &str)]) -> Option<Vec<FreeSwitch>> {
    let install = install()?;
    let server = shared(Kind::Postgres)?;
    server.create_database(database);
    let mut all = Vec::new();
    for name in ["box1", "box2"] {
        let centre = call_centre(rules)
            .setting("cluster", "true")
            .setting("cc-instance-id", name)
            .setting("odbc-dsn", &Driver::Pgsql.dsn(server, database));
        let switch = FreeSwitch::start(install, Module::Ours, setup_of(&centre));
        wait_until_in(all.first(), name, &switch);
        all.push(switch);
    }
    Some(all)
}

/// A caller on the box that follows asks to be called back, by its key.
fn asks_on_the_second(all: &[FreeSwitch], phone: &SipPhone) {
    let mark = all[1].events().mark();
    let (call, ear) = waits(&all[1], phone, NUMBER);
    phone.press(&call, "2");
    heard(&ear, &[YOUR_NUMBER_IS, ONE]);
    presses_until(&all[1], phone, (&call, "1"), (mark, "callback-requested"));
    phone.wait_for_end(&call);
    assert_eq!(pending(&all[1]), 1);
}

/// Whichever box is killed, the one that asked or the one that leads: the other one makes the call, once.
#[test]
fn a_callback_is_made_once_by_whoever_is_left() {
    for (killed, left) in [(1, 0), (0, 1)] {
        let Some(mut all) = boxes_that_call_back(&format!("called_back{killed}"), &[]) else {
            return;
        };
        let phone = SipPhone::new(&all[1], 900);
        asks_on_the_second(&all, &phone);
        all[killed].kill();
        let told = if left == 0 {
            "box2 is given up"
        } else {
            "this box leads from now on"
        };
        all[left].wait_for_log(told);
        sits_at(&all[left], &all[left]);
        let called = SipPhone::new(&all[left], 900);
        line_to(&all[left], &called);
        let mark = all[left].events().mark();
        all[left].until("callcenter_config agent set status a1 Available", |answer| {
            answer == "+OK\n"
        });
        let call = takes_the_call(&all[left], &called, mark, 0);
        called.hang_up(&call);
        all[left].wait_until_quiet();
        assert_eq!((pending(&all[left]), called.calls_answered()), (0, 1));
    }
}

/// The person whom the second box calls has answered, and pressed no key yet; the agent sits at the box that is left.
fn is_being_called(all: &[FreeSwitch], left: usize, phone: &SipPhone) -> String {
    asks_on_the_second(all, phone);
    line_to(&all[1], phone);
    sits_at(&all[left], &all[0]);
    assert_eq!(all[0].callcenter("agent set status a1 Available"), "+OK\n");
    phone.answered(0)
}

/// The box that calls is killed with the call: the other one calls again when that call cannot be up any more.
#[test]
fn a_box_that_dies_in_the_middle_of_an_attempt_leaves_it_to_the_other_one() {
    let rules = [("callback-ring-time", "8"), ("callback-attempts", "1")];
    let Some(mut all) = boxes_that_call_back("dies_calling", &rules) else {
        return;
    };
    let phone = SipPhone::new(&all[1], 900);
    let _cut_off = is_being_called(&all, 0, &phone);
    let began = Instant::now();
    let called = SipPhone::new(&all[0], 900);
    line_to(&all[0], &called);
    all[1].kill();
    all[0].wait_for_log("box2 is given up");
    let mark = all[0].events().mark();
    told(&all[0], mark, "callback-attempt", NUMBER);
    assert!(began.elapsed() >= Duration::from_secs(7), "after {:?}", began.elapsed());
    let call = takes_the_call(&all[0], &called, mark, 0);
    called.hang_up(&call);
    all[0].wait_until_quiet();
    let answered = (phone.calls_answered(), called.calls_answered());
    assert_eq!((pending(&all[0]), answered), (0, (1, 1)));
}

/// The box that leads is killed while the other one calls: that call goes on, and nobody makes another.
#[test]
fn an_attempt_goes_on_when_the_box_that_leads_dies() {
    let Some(mut all) = boxes_that_call_back("leader_dies", &[("callback-ring-time", "30")]) else {
        return;
    };
    let phone = SipPhone::new(&all[1], 900);
    let call = is_being_called(&all, 1, &phone);
    let mark = all[1].events().mark();
    all[0].kill();
    all[1].wait_for_log("this box leads from now on");
    presses_until(&all[1], &phone, (&call, "1"), (mark, "callback-reached"));
    let talk = all[1].wait_for(mark, "bridge-agent-start");
    assert_eq!(talk.get("CC-Member-CID-Number"), NUMBER);
    phone.hang_up(&call);
    all[1].wait_until_quiet();
    assert_eq!((pending(&all[1]), phone.calls_answered()), (0, 1));
}

/// The agent's channel, once the two talk.
fn leg_of_talk(switch: &FreeSwitch, mark: usize, number: &str) -> String {
    talks(switch, mark, number);
    let start = switch.wait_for(mark, "bridge-agent-start");
    start.get("CC-Agent-UUID").to_owned()
}

#[test]
fn an_agent_is_released_on_another_box_and_nobody_is_tracked_who_does_not_exist() {
    let Some((mut all, _)) = boxes("released", 2) else {
        return;
    };
    sits_at(&all[1], &all[0]);
    set_status(&all[0], "Available");
    let mark = all[1].events().mark();
    let caller = all[1].call_queue("5550001", "support");
    let leg = leg_of_talk(&all[1], mark, "5550001");
    let nobody = all[0].api("callcenter_break agent nobody");
    assert_eq!(nobody, "-ERR Session not found for uuid nobody\n");
    assert_eq!(all[0].api(&format!("callcenter_break agent {leg}")), "+OK\n");
    for switch in &all {
        shows(switch, "agent list", "|Available|Waiting|");
    }
    assert!(all[1].exists(&leg), "the leg stays up");
    all[1].api("originate null/outside 'callcenter_track:nobody,park' inline");
    all[1].wait_for_log("Invalid agent nobody");
    // The next leader does not take the talk for one.
    all[0].kill();
    all[1].wait_for_log("this box leads from now on");
    shows(&all[1], "agent list", "|Available|Waiting|");
    all[1].hang_up(&caller);
}

/// `max-wait-time` of the queue.
const WAITS_FOR: &str = "9";

/// Who waits when the server goes away, and who comes while it is away, hear the queue's own sound, and go when their time is over.
#[test]
fn callers_on_a_box_that_is_alone_hear_the_queue_and_go_when_their_time_is_over() {
    let Some(install) = install() else { return };
    let Some(mut server) = PrivateServer::start(Kind::Postgres, &[]) else {
        return;
    };
    server.create_database("alone");
    let centre = call_centre(&[("max-wait-time", WAITS_FOR)])
        .setting("cluster", "true")
        .setting("cc-instance-id", "box1")
        .setting("odbc-dsn", &Driver::Pgsql.dsn(&server, "alone"));
    let switch = FreeSwitch::start(install, Module::Ours, setup_of(&centre));
    switch.wait_for_log("this box leads from now on");
    let phones = [900, 1_100].map(|tone| SipPhone::new(&switch, tone));
    let (first, _ear) = waits(&switch, &phones[0], NUMBER);
    let began = Instant::now();
    server.stop();
    switch.wait_for_log("this box has lost touch");
    let mark = switch.events().mark();
    let second = phones[1].call(&format!("from-{NUMBER}"));
    phones[1].ear(&second).hears_tone(SOON, MUSIC);
    phones[0].wait_for_end(&first);
    assert!(began.elapsed() >= Duration::from_secs(5), "after {:?}", began.elapsed());
    phones[1].wait_for_end(&second);
    for _ in 0..2 {
        let end = switch.events().wait(mark, SOON, "a caller's end", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("variable_cc_cancel_reason") == "TIMEOUT"
        });
        assert_eq!(end.get("variable_cc_cause"), "cancel");
    }
    server.run();
    switch.until("callcenter_config queue list members support@default", |list| {
        list.matches("|Abandoned|").count() == 2
    });
}

/// The module of a box is loaded anew in the middle of a talk, whether it leads or not: the agent is busy until the talk ends, which is told
/// once.
#[test]
fn a_talk_goes_on_over_a_reload_of_its_box() {
    let Some((all, _)) = boxes("reloaded", 2) else {
        return;
    };
    sits_at(&all[0], &all[0]);
    for (at, number) in [(1, "5550001"), (0, "5550002")] {
        let switch = &all[at];
        set_status(switch, "Available");
        let mark = switch.events().mark();
        let caller = switch.call_queue(number, "support");
        talks(switch, mark, number);
        let began = switch.cell("agent list", "last_bridge_start");
        let answer = switch.api("reload mod_callcenter");
        assert!(answer.contains("+OK"), "{answer}");
        for other in &all {
            shows(other, "agent list", "|Available|In a queue call|");
        }
        assert_eq!(switch.cell("agent list", "last_bridge_start"), began);
        let mark = switch.events().mark();
        switch.hang_up(&caller);
        let end = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(end.get("CC-Member-CID-Number"), number);
        for other in &all {
            shows(other, "agent list", "|Available|Waiting|");
        }
        assert_eq!(switch.cell("agent list", "calls_answered"), "1");
        assert_eq!(ends_of(&all, number), 1);
        set_status(switch, "On Break");
    }
}

/// How often the end of this caller's talk was told, on all boxes together.
fn ends_of(all: &[FreeSwitch], number: &str) -> usize {
    let events = all.iter().flat_map(|switch| switch.events().since(0));
    let is_end = |event: &Event| event.is("bridge-agent-end") && event.get("CC-Member-CID-Number") == number;
    events.filter(is_end).count()
}
