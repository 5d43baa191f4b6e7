//! Callbacks and the end of the module: killed before, during and after an attempt, unloaded and loaded again. Nobody is called twice at
//! once, and nobody is forgotten.

use crate::callbacks::{
    add, agent_is, call_centre, hears_the_prompt, line_that, line_to, pending, presses_until, rings, setup,
    takes_the_call, told, NUMBER,
};
use crate::clusters::phone_at;
use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, with_ours, Event, FreeSwitch, Module, Setup, SipPhone, SOON};
use callcenter_test_support::private::shared;

/// Of attempts: those before the phone is known to a FreeSWITCH that was just started are in vain. After a crash the next one is not made
/// before the one that was under way is over, however that went.
const ANY_NUMBER: [(&str, &str); 2] = [("callback-attempts", "0"), ("callback-ring-time", "8")];

/// Killed at each stage, the person is called once more and reached.
fn outlasts_kills(setup: Setup) {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, setup);
    let uuid = add(&switch, NUMBER);
    switch.kill();
    switch.start_again(Module::Ours);
    assert!(switch.callcenter("callback list").contains(&uuid), "before the attempt");
    let phone = SipPhone::new(&switch, 900);
    line_to(&switch, &phone);
    agent_is(&switch, "Available");
    // Answered, and no key pressed.
    phone.answered(0);
    switch.kill();
    switch.start_again(Module::Ours);
    line_to(&switch, &phone);
    let mark = switch.events().mark();
    agent_is(&switch, "Available");
    told(&switch, mark, "callback-attempt", NUMBER);
    let call = takes_the_call(&switch, &phone, mark, 1);
    assert_eq!(phone.calls_answered(), 2, "one call at a time");
    // Whoever talks needs no call any more, and a command that is answered is saved with all before it.
    assert_eq!(switch.callcenter("agent set max_no_answer a1 8"), "+OK\n");
    switch.kill();
    drop(call);
    switch.start_again(Module::Ours);
    line_to(&switch, &phone);
    agent_is(&switch, "Available");
    assert_eq!(pending(&switch), 0, "the person was reached");
    assert_eq!(phone.calls_answered(), 2);
    switch.stop();
}

#[test]
fn kill_9_at_any_stage_neither_forgets_nor_doubles_a_call() {
    outlasts_kills(setup(&ANY_NUMBER));
}

/// The next attempt: not before the call that a crash has cut off cannot be up any more.
fn next_attempt(switch: &FreeSwitch, mark: usize, cut_off: &Event) -> Event {
    let next = told(switch, mark, "callback-attempt", NUMBER);
    let apart = (next.time() - cut_off.time()) / 1_000_000;
    assert!(apart >= 8, "{apart} s apart");
    next
}

/// Killed while the phone rings, and when the person has confirmed and the agent's phone rings: success is the bridge.
#[test]
fn kill_9_while_it_rings_and_before_the_bridge_neither_forgets_nor_doubles_a_call() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, setup(&ANY_NUMBER));
    let uuid = add(&switch, NUMBER);
    line_that(&switch, "ring");
    agent_is(&switch, "Available");
    rings(&switch, 0);
    let first = told(&switch, 0, "callback-attempt", NUMBER);
    switch.kill();
    switch.start_again(Module::Ours);
    assert!(switch.callcenter("callback list").contains(&uuid), "while it rings");
    let phone = SipPhone::new(&switch, 900);
    line_to(&switch, &phone);
    let contact = phone_at(&switch, "a1", "ring");
    assert_eq!(switch.callcenter(&format!("agent set contact a1 {contact}")), "+OK\n");
    let mark = switch.events().mark();
    agent_is(&switch, "Available");
    let second = next_attempt(&switch, mark, &first);
    let call = phone.answered(0);
    hears_the_prompt(&phone.ear(&call));
    presses_until(&switch, &phone, (&call, "1"), (mark, "callback-reached"));
    switch.wait_for(mark, "agent-offering");
    // A command that is answered is saved with all before it.
    assert_eq!(switch.callcenter("agent set max_no_answer a1 8"), "+OK\n");
    switch.kill();
    switch.start_again(Module::Ours);
    assert!(switch.callcenter("callback list").contains(&uuid), "nobody has talked");
    line_to(&switch, &phone);
    let contact = phone_at(&switch, "a1", "answer");
    assert_eq!(switch.callcenter(&format!("agent set contact a1 {contact}")), "+OK\n");
    let mark = switch.events().mark();
    agent_is(&switch, "Available");
    next_attempt(&switch, mark, &second);
    let call = takes_the_call(&switch, &phone, mark, 1);
    phone.hang_up(&call);
    switch.wait_until_quiet();
    assert_eq!((pending(&switch), phone.calls_answered()), (0, 2));
    switch.stop();
}

fn on_server(driver: Driver, database: &str) {
    let Some(server) = shared(driver.kind()).filter(|_| driver.is_there()) else {
        return;
    };
    server.create_database(database);
    let directory = tempfile::tempdir().expect("a temporary directory");
    outlasts_kills(driver.setup(
        server,
        database,
        &directory.path().join("odbc.ini"),
        call_centre(&ANY_NUMBER),
    ));
}

#[test]
fn kill_9_on_postgresql() {
    on_server(Driver::Pgsql, "callbacks_pg");
}

#[test]
fn kill_9_on_mariadb() {
    on_server(Driver::MariaDb, "callbacks_maria");
}

#[test]
fn unloading_ends_an_attempt_and_the_person_is_called_after_the_next_load() {
    with_ours(setup(&ANY_NUMBER), |switch| {
        let phone = SipPhone::new(switch, 900);
        line_to(switch, &phone);
        let uuid = add(switch, NUMBER);
        for unload in ["unload mod_callcenter", "unload -f mod_callcenter"] {
            let answer = switch.api(unload);
            assert!(answer.contains("+OK"), "{unload}: {answer}");
            let answer = switch.api("load mod_callcenter");
            assert!(answer.contains("+OK"), "{answer}");
            assert!(switch.callcenter("callback list").contains(&uuid), "{unload}");
        }
        agent_is(switch, "Available");
        let call = phone.answered(0);
        let answer = switch.api("unload -f mod_callcenter");
        assert!(answer.contains("+OK"), "in the middle of an attempt: {answer}");
        phone.wait_for_end(&call);
        switch.wait_until_quiet();
        // The agent is still there: the next attempt comes by itself.
        let mark = switch.events().mark();
        let answer = switch.api("load mod_callcenter");
        assert!(answer.contains("+OK"), "{answer}");
        let call = takes_the_call(switch, &phone, mark, 1);
        phone.hang_up(&call);
        switch
            .events()
            .wait(mark, SOON, "the end", |event| event.is("bridge-agent-end"));
        assert_eq!(phone.calls_answered(), 2);
    });
}
