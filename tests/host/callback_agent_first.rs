//! Callbacks with `callback-first` = `agent`: the agent is rung first, hears whom, may give it back, and waits while the number is dialled.

use crate::callbacks::{
    add, agent_is, heard, line_that, line_to, pending, presses_until, rings, setup, told, IF_NOT, MUSIC, NUMBER, ONE,
    QUEUE, TWO,
};
use callcenter_test_support::harness::{
    install, tones_in_file, with_ours, Ear, Event, FreeSwitch, Module, Setup, SipPhone, SOON,
};
use std::time::Duration;

/// What the two say.
const AGENT: u32 = 350;
const PERSON: u32 = 900;
/// The words of the phrase, as the harness's sounds have them.
const TO_RETURN_THE_CALL: u32 = 800;
const PLEASE_HOLD: u32 = 1000;

fn agent_first(params: &[(&str, &str)]) -> Setup {
    let usual = [
        ("callback-first", "agent"),
        ("callback-ring-time", "6"),
        ("callback-attempts", "0"),
        ("cid-name-prefix", "CB-"),
    ];
    let params: Vec<(&str, &str)> = usual
        .into_iter()
        .filter(|(name, _)| !params.iter().any(|(other, _)| other == name))
        .chain(params.iter().copied())
        .collect();
    setup(&params)
}

/// The agent sits at this phone. What is in the contact is expanded although nobody has called.
fn sits_at(switch: &FreeSwitch, phone: &SipPhone) {
    let contact = format!("{{seen_queue=${{cc_queue}}}}{}", phone.contact());
    assert_eq!(switch.callcenter(&format!("agent set contact a1 {contact}")), "+OK\n");
}

/// The agent has answered and is told whom to call.
fn is_told(agent: &SipPhone, number: usize) -> (String, Ear) {
    let leg = agent.answered(number);
    let ear = agent.ear(&leg);
    heard(&ear, &[TO_RETURN_THE_CALL, ONE, TWO, ONE, TWO, IF_NOT, TWO]);
    (leg, ear)
}

/// The agent lets it be said.
fn takes_it(agent: &SipPhone, number: usize) -> (String, Ear) {
    let (leg, ear) = is_told(agent, number);
    heard(&ear, &[TWO, PLEASE_HOLD]);
    (leg, ear)
}

/// The same while nobody answers: the agent hears the hold sound.
fn takes_it_and_waits(agent: &SipPhone, number: usize) -> (String, Ear) {
    let (leg, ear) = takes_it(agent, number);
    ear.hears_tone(SOON, MUSIC);
    (leg, ear)
}

fn attempt_ends(switch: &FreeSwitch, mark: usize, end: &str) {
    let failed = told(switch, mark, "callback-failed", NUMBER);
    assert_eq!(failed.get("CC-Callback-End"), end);
}

/// Channels of people who are called back, since then.
fn calls_made(switch: &FreeSwitch, mark: usize) -> Vec<Event> {
    let events = switch.events().since(mark).into_iter();
    events
        .filter(|event| event.is_core("CHANNEL_CREATE") && event.get("variable_cc_side") == "callback")
        .collect()
}

#[test]
fn the_agent_hears_whom_waits_and_talks() {
    let template = "$${recordings_dir}/${cc_member_uuid}.wav";
    let rules = [
        ("record-template", template),
        ("agent-announce-sound", "tone_stream://%(400,0,600)"),
    ];
    with_ours(agent_first(&rules), |switch| {
        let (agent, person) = (SipPhone::new(switch, AGENT), SipPhone::new(switch, PERSON));
        line_to(switch, &person);
        sits_at(switch, &agent);
        let uuid = add(switch, NUMBER);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let (leg, ear) = takes_it(&agent, 0);
        let ring = switch.events().wait(mark, SOON, "the agent's leg", |event| {
            event.is_core("CHANNEL_CREATE") && event.get("variable_cc_side") == "agent"
        });
        assert_eq!(ring.get("variable_seen_queue"), QUEUE);
        assert_eq!(ring.get("Caller-Caller-ID-Number"), NUMBER);
        assert_eq!(ring.get("Caller-Caller-ID-Name"), "CB-Somebody");
        let call = person.answered(0);
        let ear_of_person = person.ear(&call);
        let talk = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(talk.get("CC-Member-CID-Number"), NUMBER);
        assert_eq!(talk.get("CC-Member-UUID"), uuid);
        // The agent's announcement, and then each other.
        heard(&ear, &[600, PERSON]);
        ear_of_person.hears_tone(SOON, AGENT);
        let ended = told(switch, mark, "callback-ended", NUMBER);
        assert_eq!(ended.get("CC-Callback-Result"), "answered");
        assert_eq!(switch.callcenter("agent get state a1"), "In a queue call");
        std::thread::sleep(Duration::from_secs(1));
        person.hang_up(&call);
        agent.wait_for_end(&leg);
        let end = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(end.get("CC-Hangup-Cause"), "NORMAL_CLEARING");
        let cdr = switch
            .events()
            .wait(mark, SOON, "the record of the person's leg", |event| {
                event.is_core("CHANNEL_HANGUP_COMPLETE") && !event.get("variable_cc_record_filename").is_empty()
            });
        assert_eq!(cdr.get("variable_cc_agent"), "a1");
        assert_eq!(cdr.get("variable_cc_cause"), "answered");
        let tones = tones_in_file(std::path::Path::new(cdr.get("variable_cc_record_filename")));
        assert!(tones.iter().any(|spell| spell.tone == PERSON), "{tones:?}");
        switch.wait_until_quiet();
        let made = (pending(switch), agent.calls_answered(), person.calls_answered());
        assert_eq!(made, (0, 1, 1));
    });
}

#[test]
fn the_agent_gives_it_back_and_nobody_is_called() {
    with_ours(agent_first(&[]), |switch| {
        let (agent, person) = (SipPhone::new(switch, AGENT), SipPhone::new(switch, PERSON));
        line_to(switch, &person);
        sits_at(switch, &agent);
        add(switch, NUMBER);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let (leg, _ear) = is_told(&agent, 0);
        agent.press(&leg, "2");
        agent.wait_for_end(&leg);
        agent_is(switch, "On Break");
        switch.wait_until_quiet();
        assert_eq!((pending(switch), person.calls_answered()), (1, 0));
        assert_eq!(calls_made(switch, mark).len(), 0);
        let lists = switch.callcenter("agent list");
        let row = lists.lines().find(|line| line.starts_with("a1|")).unwrap_or_default();
        assert!(row.contains("|On Break|"), "{row}");
    });
}

#[test]
fn somebody_who_is_busy_or_does_not_answer_frees_the_agent_and_is_tried_again() {
    with_ours(agent_first(&[("callback-retry-delay", "2")]), |switch| {
        let agent = SipPhone::new(switch, AGENT);
        sits_at(switch, &agent);
        for (number, (behaviour, end)) in [("busy", "busy"), ("respond-404", "unreachable"), ("ring", "no-answer")]
            .into_iter()
            .enumerate()
        {
            line_that(switch, behaviour);
            if number == 0 {
                add(switch, NUMBER);
            }
            let mark = switch.events().mark();
            agent_is(switch, "Available");
            let leg = agent.answered(number);
            attempt_ends(switch, mark, end);
            agent.wait_for_end(&leg);
            agent_is(switch, "On Break");
            switch.wait_until_quiet();
            assert_eq!(
                (pending(switch), agent.calls_answered()),
                (1, number + 1),
                "{behaviour}"
            );
            let talks = switch.events().since(mark);
            assert!(!talks.iter().any(|event| event.is("bridge-agent-start")), "{behaviour}");
        }
        let row = switch.callcenter("callback list");
        assert!(row.contains("|no-answer|"), "{row}");
    });
}

#[test]
fn an_agent_who_hangs_up_while_the_number_is_dialled_ends_the_call() {
    with_ours(agent_first(&[("callback-ring-time", "30")]), |switch| {
        let agent = SipPhone::new(switch, AGENT);
        sits_at(switch, &agent);
        line_that(switch, "ring");
        add(switch, NUMBER);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let (leg, _ear) = takes_it_and_waits(&agent, 0);
        rings(switch, mark);
        agent.hang_up(&leg);
        attempt_ends(switch, mark, "no-agent");
        agent_is(switch, "On Break");
        switch.wait_until_quiet();
        assert_eq!((pending(switch), calls_made(switch, mark).len()), (1, 1));
    });
}

#[test]
fn an_agent_who_hangs_up_in_the_phrase_calls_nobody() {
    with_ours(agent_first(&[]), |switch| {
        let agent = SipPhone::new(switch, AGENT);
        sits_at(switch, &agent);
        line_that(switch, "ring");
        add(switch, NUMBER);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let leg = agent.answered(0);
        agent.ear(&leg).hears_tone(SOON, TO_RETURN_THE_CALL);
        agent.hang_up(&leg);
        agent_is(switch, "On Break");
        switch.wait_until_quiet();
        assert_eq!((pending(switch), calls_made(switch, mark).len()), (1, 0));
    });
}

/// Where a key is asked for, a machine that answers is not the person, and the agent does not hear it.
#[test]
fn voicemail_is_not_put_through_where_a_key_is_asked_for() {
    let own = ("callback-confirm-sound", "tone_stream://%(300,200,1000)");
    with_ours(agent_first(&[own]), |switch| {
        let (agent, person) = (SipPhone::new(switch, AGENT), SipPhone::new(switch, PERSON));
        line_to(switch, &person);
        sits_at(switch, &agent);
        add(switch, NUMBER);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let (leg, ear) = takes_it_and_waits(&agent, 0);
        let machine = person.answered(0);
        attempt_ends(switch, mark, "not-confirmed");
        let spells = ear.hears(SOON, "music", |_| true);
        assert!(!spells.iter().any(|spell| spell.tone == PERSON), "{spells:?}");
        agent.wait_for_end(&leg);
        person.wait_for_end(&machine);
        // The next time it is the person.
        let (leg, ear) = takes_it(&agent, 1);
        let call = person.answered(1);
        presses_until(switch, &person, (&call, "1"), (mark, "callback-reached"));
        ear.hears_tone(SOON, PERSON);
        person.hang_up(&call);
        agent.wait_for_end(&leg);
        switch.wait_until_quiet();
        assert_eq!((pending(switch), person.calls_answered()), (0, 2));
    });
}

#[test]
fn cancelling_ends_both_calls() {
    with_ours(agent_first(&[("callback-ring-time", "30")]), |switch| {
        let agent = SipPhone::new(switch, AGENT);
        sits_at(switch, &agent);
        line_that(switch, "ring");
        let uuid = add(switch, NUMBER);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let (leg, _ear) = takes_it_and_waits(&agent, 0);
        assert_eq!(switch.callcenter(&format!("callback cancel {uuid}")), "+OK\n");
        agent.wait_for_end(&leg);
        switch.wait_until_quiet();
        assert_eq!((pending(switch), calls_made(switch, mark).len()), (0, 1));
        assert_eq!(switch.callcenter("agent get state a1"), "Waiting");
    });
}

#[test]
fn kill_9_while_the_number_is_dialled_neither_forgets_nor_doubles_a_call() {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, agent_first(&[("callback-ring-time", "8")]));
    let agent = SipPhone::new(&switch, AGENT);
    sits_at(&switch, &agent);
    line_that(&switch, "ring");
    let uuid = add(&switch, NUMBER);
    agent_is(&switch, "Available");
    let (_leg, _ear) = takes_it_and_waits(&agent, 0);
    switch.kill();
    switch.start_again(Module::Ours);
    assert!(switch.callcenter("callback list").contains(&uuid));
    let person = SipPhone::new(&switch, PERSON);
    line_to(&switch, &person);
    let mark = switch.events().mark();
    agent_is(&switch, "Available");
    // The call that was under way may still be up: it is waited for.
    let early = switch
        .events()
        .find(mark, Duration::from_secs(2), |event| event.is("callback-attempt"));
    assert!(early.is_none(), "{early:?}");
    let (_leg, ear) = takes_it(&agent, 1);
    let call = person.answered(0);
    ear.hears_tone(SOON, PERSON);
    person.hang_up(&call);
    switch.wait_until_quiet();
    assert_eq!((pending(&switch), person.calls_answered()), (0, 1));
    switch.stop();
}

#[test]
fn unloading_ends_both_calls_and_the_next_load_goes_on() {
    with_ours(agent_first(&[("callback-ring-time", "8")]), |switch| {
        let agent = SipPhone::new(switch, AGENT);
        sits_at(switch, &agent);
        line_that(switch, "ring");
        add(switch, NUMBER);
        agent_is(switch, "Available");
        let (leg, _ear) = takes_it_and_waits(&agent, 0);
        let answer = switch.api("unload -f mod_callcenter");
        assert!(answer.contains("+OK"), "{answer}");
        agent.wait_for_end(&leg);
        switch.wait_until_quiet();
        let person = SipPhone::new(switch, PERSON);
        line_to(switch, &person);
        let mark = switch.events().mark();
        let answer = switch.api("load mod_callcenter");
        assert!(answer.contains("+OK"), "{answer}");
        let (_leg, ear) = takes_it(&agent, 1);
        let call = person.answered(0);
        ear.hears_tone(SOON, PERSON);
        person.hang_up(&call);
        switch.wait_for(mark, "bridge-agent-end");
        assert_eq!((pending(switch), person.calls_answered()), (0, 1));
    });
}
