//! Callers who ask to be called back: the key, the number read back, the place kept, the call, the key that takes it, the talk.

use callcenter_test_support::harness::{phone, with_ours, CallCenter, Ear, Event, FreeSwitch, Setup, SipPhone, SOON};
use std::time::Duration;

pub const QUEUE: &str = "support@default";
/// The number of whoever asks, in tones that an ear tells apart.
pub const NUMBER: &str = "1212";

pub const MUSIC: u32 = 440;
pub const AGENT: u32 = 350;
/// The words of the phrases, as the harness's sounds have them.
pub const YOUR_NUMBER_IS: u32 = 800;
const IF_CORRECT: u32 = 1000;
pub const IF_NOT: u32 = 500;
pub const ENTER: u32 = 1100;
const TO_WAIT: u32 = 350;
const ENTERED: u32 = 900;
pub const WE_WILL_CALL: u32 = 1100;
pub const THANK_YOU: u32 = 900;
const SORRY: u32 = 900;
const THANKS_FOR_HOLDING: u32 = 800;
const TO_ACCEPT: u32 = 1100;
pub const ONE: u32 = 550;
pub const TWO: u32 = 600;

/// Callers whose number is what they dial behind `from-`; behind `asks-` their dialplan asks for the callback.
const DOORS: &str = r#"
<extension name="from"><condition field="destination_number" expression="^from-(.+)$">
  <action application="set_profile_var" data="caller_id_number=$1"/>
  <action application="callcenter" data="support@default"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
<extension name="in-vain"><condition field="destination_number" expression="^asks-in-vain$">
  <action application="set" data="cc_callback_number=1,2|3:_:{a=b}4"/>
  <action application="callcenter" data="support@default"/>
  <action application="playback" data="tone_stream://%(1000,0,900);loops=-1"/>
</condition></extension>
<extension name="asks"><condition field="destination_number" expression="^asks-(.+)$">
  <action application="set_profile_var" data="caller_id_number=$1"/>
  <action application="set" data="cc_callback_number=$1"/>
  <action application="callcenter" data="support@default"/>
  <action application="playback" data="tone_stream://%(1000,0,900);loops=-1"/>
</condition></extension>
"#;

/// One agent, who is away at first, and a queue that calls back over `callback_line`, a global variable of FreeSWITCH.
pub fn call_centre(params: &[(&str, &str)]) -> CallCenter {
    let usual = [
        ("strategy", "longest-idle-agent"),
        ("moh-sound", "tone_stream://%(1000,0,440);loops=-1"),
        ("callback-key", "2"),
        ("callback-dial", "sofia/desk/${callback_number}${callback_line}"),
        ("callback-ring-time", "20"),
        ("callback-retry-delay", "1"),
    ];
    let params: Vec<(&str, &str)> = usual
        .into_iter()
        .filter(|(name, _)| !params.iter().any(|(other, _)| other == name))
        .chain(params.iter().copied())
        .collect();
    CallCenter::new()
        .queue(QUEUE, &params)
        .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
        .tier(QUEUE, "a1", 1, 1)
}

pub fn setup(params: &[(&str, &str)]) -> Setup {
    setup_of(&call_centre(params))
}

/// The same of a call centre that has something more.
pub fn setup_of(centre: &CallCenter) -> Setup {
    Setup::new(centre).extensions(DOORS)
}

/// Whoever is called back is at this phone.
pub fn line_to(switch: &FreeSwitch, phone: &SipPhone) {
    let contact = phone.contact();
    let line = contact.split_once('@').map(|(_, line)| line).unwrap_or_default();
    switch.api(&format!("global_setvar callback_line=@{line}"));
}

/// Whoever is called back is at a phone that behaves so (see [`phone`]).
pub fn line_that(switch: &FreeSwitch, behaviour: &str) {
    let line = format!("-{behaviour}@127.0.0.1:{}", switch.ports.phones);
    switch.api(&format!("global_setvar callback_line={line}"));
}

/// Nothing is offered to whoever listens there for three seconds.
pub fn hears_music_alone(ear: &Ear, number: &str) {
    let spells = ear.hears(SOON, "music alone", |spells| {
        spells.iter().map(|spell| spell.length).sum::<Duration>() > Duration::from_secs(3)
    });
    assert!(spells.iter().all(|spell| spell.tone == MUSIC), "{number}: {spells:?}");
}

/// Waits until the phone rings of whoever is called back.
pub fn rings(switch: &FreeSwitch, mark: usize) {
    switch.events().wait(mark, SOON, "the ringing phone", |event| {
        event.is_core("CHANNEL_PROGRESS") && event.get("variable_cc_side") == "callback"
    });
}

pub fn agent_is(switch: &FreeSwitch, status: &str) {
    assert_eq!(switch.callcenter(&format!("agent set status a1 '{status}'")), "+OK\n");
}

/// Somebody with this number is to be called back; the callback's uuid.
pub fn add(switch: &FreeSwitch, number: &str) -> String {
    let answer = switch.callcenter(&format!("callback add {QUEUE} {number} Somebody"));
    let uuid = answer.trim().strip_prefix("+OK ");
    uuid.unwrap_or_else(|| panic!("callback add: {answer}")).to_owned()
}

pub fn pending(switch: &FreeSwitch) -> usize {
    let list = switch.callcenter("callback list");
    list.lines().filter(|line| line.contains(QUEUE)).count()
}

/// Waits for the call centre's event with this action about this number.
pub fn told(switch: &FreeSwitch, mark: usize, action: &str, number: &str) -> Event {
    switch.events().wait(mark, SOON * 2, action, |event| {
        event.is(action) && event.get("CC-Callback-Number") == number
    })
}

/// Presses a key until the call centre tells of it: FreeSWITCH forgets what it receives between two sounds.
pub fn presses_until(
    switch: &FreeSwitch,
    phone: &SipPhone,
    (call, key): (&str, &str),
    (mark, action): (usize, &str),
) -> Event {
    let mut tries = 0..5;
    let told = tries.find_map(|_| {
        phone.press(call, key);
        switch
            .events()
            .find(mark, Duration::from_secs(2), |event| event.is(action))
    });
    told.unwrap_or_else(|| switch.wait_for(mark, action))
}

/// Waits until these tones were heard one after the other.
pub fn heard(ear: &Ear, wanted: &[u32]) {
    ear.hears(SOON * 2, &format!("{wanted:?}"), |spells| {
        let tones: Vec<u32> = spells.iter().map(|spell| spell.tone).collect();
        tones.windows(wanted.len()).any(|window| window == wanted)
    });
}

/// A caller with this number who waits, and what is heard.
pub fn waits(switch: &FreeSwitch, phone: &SipPhone, number: &str) -> (String, Ear) {
    let mark = switch.events().mark();
    let call = phone.call(&format!("from-{number}"));
    switch.wait_for(mark, "member-queue-start");
    let ear = phone.ear(&call);
    ear.hears_tone(SOON, MUSIC);
    (call, ear)
}

/// Has asked by key, and has hung up.
fn asks_by_key(switch: &FreeSwitch, phone: &SipPhone) {
    let mark = switch.events().mark();
    let (call, ear) = waits(switch, phone, NUMBER);
    // The second key comes before the number was read, and does not count.
    phone.press(&call, "21");
    heard(&ear, &[YOUR_NUMBER_IS, ONE, TWO, ONE, TWO, IF_CORRECT, ONE, TO_WAIT]);
    assert_eq!(pending(switch), 0, "nobody has confirmed");
    presses_until(switch, phone, (&call, "1"), (mark, "callback-requested"));
    heard(&ear, &[WE_WILL_CALL, THANK_YOU]);
    phone.wait_for_end(&call);
}

/// Whoever was promised a call is called, now that an agent is there: the mark before that, and the call once it is answered.
pub fn is_called(switch: &FreeSwitch, phone: &SipPhone) -> (usize, String) {
    line_to(switch, phone);
    add(switch, NUMBER);
    let mark = switch.events().mark();
    agent_is(switch, "Available");
    (mark, phone.answered(0))
}

/// Whoever is called back is asked for a key.
pub fn hears_the_prompt(ear: &Ear) {
    heard(ear, &[THANKS_FOR_HOLDING, TO_ACCEPT, ONE, IF_NOT, TWO]);
}

/// Takes the call of this number in order, and hears the agent.
pub fn takes_the_call(switch: &FreeSwitch, phone: &SipPhone, mark: usize, number: usize) -> String {
    let call = phone.answered(number);
    let ear = phone.ear(&call);
    hears_the_prompt(&ear);
    presses_until(switch, phone, (&call, "1"), (mark, "callback-reached"));
    let talk = switch.wait_for(mark, "bridge-agent-start");
    assert_eq!(talk.get("CC-Member-CID-Number"), NUMBER);
    ear.hears_tone(SOON, AGENT);
    call
}

#[test]
fn who_asks_by_key_keeps_the_place_and_talks_before_who_came_later() {
    with_ours(setup(&[]), |switch| {
        let phone = SipPhone::new(switch, 900);
        line_to(switch, &phone);
        asks_by_key(switch, &phone);
        let later = switch.call_queue("5550002", "support");
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        told(switch, mark, "callback-attempt", NUMBER);
        let call = takes_the_call(switch, &phone, mark, 0);
        phone.hang_up(&call);
        let mark = switch.events().mark();
        let next = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(next.get("CC-Member-CID-Number"), "5550002");
        assert_eq!((pending(switch), phone.calls_answered()), (0, 1));
        switch.hang_up(&later);
    });
}

#[test]
fn who_refuses_or_says_nothing_waits_on() {
    with_ours(setup(&[]), |switch| {
        let phone = SipPhone::new(switch, 900);
        let (call, ear) = waits(switch, &phone, NUMBER);
        phone.press(&call, "2");
        heard(&ear, &[ONE, TO_WAIT]);
        phone.press(&call, "9");
        ear.hears_tone(SOON, MUSIC);
        assert_eq!(pending(switch), 0);
        assert_eq!(switch.callcenter(&format!("queue count members {QUEUE}")), "1\n");
        // The number is read twice before silence counts.
        drop(ear);
        let ear = phone.ear(&call);
        ear.hears_tone(SOON, MUSIC);
        phone.press(&call, "2");
        heard(&ear, &[MUSIC, YOUR_NUMBER_IS, ONE]);
        heard(&ear, &[TO_WAIT, YOUR_NUMBER_IS, ONE]);
        heard(&ear, &[ONE, TO_WAIT, MUSIC]);
        assert_eq!(pending(switch), 0);
        // An agent who is free in the middle of the menu is heard at once.
        drop(ear);
        let ear = phone.ear(&call);
        ear.hears_tone(SOON, MUSIC);
        phone.press(&call, "2");
        heard(&ear, &[MUSIC, YOUR_NUMBER_IS, ONE]);
        agent_is(switch, "Available");
        ear.hears_tone(SOON, AGENT);
        phone.hang_up(&call);
    });
}

#[test]
fn another_number_is_entered_read_back_and_called_where_the_queue_allows_it() {
    let rules = [("callback-other-number", "true"), ("callback-numbers", "2[12]+")];
    with_ours(setup(&rules), |switch| {
        let phone = SipPhone::new(switch, 900);
        line_to(switch, &phone);
        // The caller's own number is none of those that are called: another is asked for at once.
        let (call, ear) = waits(switch, &phone, "1313");
        phone.press(&call, "2");
        heard(&ear, &[MUSIC, ENTER, 900]);
        phone.press(&call, "1212#");
        heard(
            &ear,
            &[ENTERED, ONE, TWO, ONE, TWO, IF_CORRECT, ONE, IF_NOT, TWO, TO_WAIT],
        );
        phone.press(&call, "1");
        heard(&ear, &[SORRY, TO_WAIT, MUSIC]);
        assert_eq!(pending(switch), 0, "callback-numbers does not admit it");
        drop(ear);
        let (mark, ear) = (switch.events().mark(), phone.ear(&call));
        ear.hears_tone(SOON, MUSIC);
        phone.press(&call, "2");
        heard(&ear, &[MUSIC, ENTER]);
        phone.press(&call, "2121#");
        heard(&ear, &[ENTERED, TWO, ONE, TWO, ONE, IF_CORRECT]);
        let requested = presses_until(switch, &phone, (&call, "1"), (mark, "callback-requested"));
        assert_eq!(requested.get("CC-Callback-Number"), "2121");
        phone.wait_for_end(&call);
    });
}

#[test]
fn a_withheld_number_and_one_that_is_not_called_are_not_offered() {
    with_ours(setup(&[("callback-numbers", "9+")]), |switch| {
        let phone = SipPhone::new(switch, 900);
        for number in ["anonymous", NUMBER] {
            let (call, ear) = waits(switch, &phone, number);
            phone.press(&call, "2");
            hears_music_alone(&ear, number);
            phone.hang_up(&call);
            switch.wait_until_quiet();
        }
    });
}

#[test]
fn the_dialplan_may_ask_and_who_rings_up_meanwhile_takes_the_place() {
    with_ours(setup(&[]), |switch| {
        let phone = SipPhone::new(switch, 900);
        let mark = switch.events().mark();
        let asking = phone.call(&format!("asks-{NUMBER}"));
        told(switch, mark, "callback-requested", NUMBER);
        // The dialplan goes on.
        phone.ear(&asking).hears_tone(SOON, THANK_YOU);
        phone.hang_up(&asking);
        let later = switch.call_queue("5550002", "support");
        let (call, ear) = {
            let call = phone.call(&format!("from-{NUMBER}"));
            let ear = phone.ear(&call);
            (call, ear)
        };
        ear.hears_tone(SOON, MUSIC);
        assert_eq!(pending(switch), 0, "the place is taken live");
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let talk = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(talk.get("CC-Member-CID-Number"), NUMBER);
        phone.hang_up(&call);
        switch.hang_up(&later);
    });
}

/// Rung up while the own phone rings, and while the prompt is being played there: that call ends, and the agent who was held has the caller.
#[test]
fn who_rings_up_in_the_middle_of_an_attempt_takes_the_place_and_the_attempt_ends() {
    with_ours(setup(&[]), |switch| {
        let (own, phone) = (SipPhone::new(switch, 900), SipPhone::new(switch, 900));
        for is_answered in [false, true] {
            match is_answered {
                true => line_to(switch, &own),
                false => line_that(switch, "ring"),
            }
            let uuid = add(switch, NUMBER);
            let mark = switch.events().mark();
            agent_is(switch, "Available");
            let attempt = match is_answered {
                true => Some(own.answered(0)),
                false => {
                    rings(switch, mark);
                    None
                }
            };
            let later = switch.call_queue("5550002", "support");
            let call = phone.call(&format!("from-{NUMBER}"));
            let ended = told(switch, mark, "callback-ended", NUMBER);
            assert_eq!(ended.get("CC-Callback-Result"), "taken-live");
            let talk = switch.wait_for(mark, "bridge-agent-start");
            assert_eq!(talk.get("CC-Member-CID-Number"), NUMBER);
            assert_eq!(talk.get("CC-Member-UUID"), uuid, "it is the place that was kept");
            phone.ear(&call).hears_tone(SOON, AGENT);
            switch.events().wait(mark, SOON, "the end of the attempt", |event| {
                event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("variable_cc_side") == "callback"
            });
            attempt.iter().for_each(|attempt| own.wait_for_end(attempt));
            assert_eq!(pending(switch), 0);
            agent_is(switch, "On Break");
            phone.hang_up(&call);
            switch.hang_up(&later);
            switch.wait_until_quiet();
        }
        assert_eq!(own.calls_answered(), 1);
    });
}
