//! Callers who did not dial in, but were called by `originate` or by a script: once they talk, nobody hears the hold sound
//! any more, neither the caller nor the agent (FreeSWITCH #2516, #2633).

use std::time::Duration;

use callcenter_test_support::harness::{
    free_udp, phone, with_ours, CallCenter, Ear, FreeSwitch, Setup, Sipp, Spell, SOON,
};

const MUSIC: u32 = 440;
/// What phones of the harness say.
const VOICE: u32 = 350;
const ENDLESS_MUSIC: &str = "tone_stream://%(1000,0,440);loops=-1";
/// Longer than any test here: whoever is called hangs up when told to.
const LONG: Duration = Duration::from_secs(120);

/// Calls a phone and puts it into the queue, as a script that waits for the call does.
const CALLS_BY_SCRIPT: &str = r#"
local session = freeswitch.Session("{origination_caller_id_number=5551}" .. argv[1])
if session:ready() then
  session:execute("callcenter", "support@default")
end
"#;

/// By whom a caller is put into the queue.
#[derive(Debug, Clone, Copy)]
enum By {
    Originate,
    Script,
}

fn setup(contact: &str) -> Setup {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("moh-sound", ENDLESS_MUSIC)])
        .agent("a1", contact, &[("status", "On Break")])
        .tier("support@default", "a1", 1, 1);
    Setup {
        modules: vec!["mod_lua".to_owned()],
        scripts: vec![("call.lua".to_owned(), CALLS_BY_SCRIPT.to_owned())],
        ..Setup::new(&call_centre)
    }
}

/// Has a phone called that is in the queue when it has answered; gives its leg.
fn call(switch: &FreeSwitch, by: By, address: &str) -> String {
    let mark = switch.events().mark();
    let answer = match by {
        By::Originate => switch.api(&format!("bgapi originate {address} &callcenter(support@default)")),
        By::Script => switch.api(&format!("luarun call.lua {address}")),
    };
    assert!(answer.starts_with("+OK"), "{by:?}: {answer}");
    let joined = switch.wait_for(mark, "member-queue-start");
    joined.get("CC-Member-Session-UUID").to_owned()
}

fn tones(spells: &[Spell]) -> Vec<u32> {
    spells.iter().map(|spell| spell.tone).collect()
}

/// Waits until the last thing heard is two seconds of a voice, and gives all that was heard.
fn hears_the_voice(ear: &Ear) -> Vec<u32> {
    let spells = ear.hears(SOON, "the other one", |spells| {
        spells
            .last()
            .is_some_and(|spell| spell.tone == VOICE && spell.length > Duration::from_secs(2))
    });
    tones(&spells)
}

fn hang_up(switch: &FreeSwitch, leg: &str, mark: usize) {
    switch.api(&format!("uuid_kill {leg}"));
    switch.wait_for(mark, "member-queue-end");
    switch.callcenter("agent set status a1 'On Break'");
    switch.wait_until_quiet();
}

#[test]
fn a_caller_who_was_called_hears_the_agent_and_no_hold_sound() {
    with_ours(setup(&phone("a1", "answer")), |switch| {
        for by in [By::Originate, By::Script] {
            let port = free_udp();
            let caller = Sipp::phone_that_talks(port, LONG);
            let ear = caller.ear();
            let mark = switch.events().mark();
            let leg = call(switch, by, &format!("sofia/desk/caller@127.0.0.1:{port}"));
            ear.hears_tone(SOON, MUSIC);
            switch.callcenter("agent set status a1 Available");
            switch.wait_for(mark, "bridge-agent-start");
            assert_eq!(hears_the_voice(&ear), [MUSIC, VOICE], "{by:?}");
            hang_up(switch, &leg, mark);
        }
    });
}

#[test]
fn the_agent_of_a_caller_who_was_called_hears_no_hold_sound() {
    let port = free_udp();
    with_ours(setup(&format!("sofia/desk/agent@127.0.0.1:{port}")), |switch| {
        for by in [By::Originate, By::Script] {
            let agent = Sipp::phone_that_talks(port, LONG);
            let ear = agent.ear();
            let mark = switch.events().mark();
            let address = format!("sofia/desk/caller-answer@127.0.0.1:{}", switch.ports.phones);
            let leg = call(switch, by, &address);
            switch.callcenter("agent set status a1 Available");
            switch.wait_for(mark, "bridge-agent-start");
            assert_eq!(hears_the_voice(&ear), [VOICE], "{by:?}");
            hang_up(switch, &leg, mark);
        }
    });
}
