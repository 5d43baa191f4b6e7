//! `record-template`: one file, from the bridge on, over consultations and transfers, and what becomes of it when the caller talks again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use callcenter_test_support::harness::{
    phone, tones_in_file, with_ours, CallCenter, FreeSwitch, Setup, SipPhone, Spell, SOON,
};

const FIRST: &str = "first@default";
const SECOND: &str = "second@default";

/// Who says what: the customer, the agent of the first queue, and FreeSWITCH's own phones.
const CUSTOMER: u32 = 500;
const AGENT: u32 = 600;
const OTHERS: u32 = 350;

/// Long enough to be told from a seam.
const A_WHILE: Duration = Duration::from_millis(1200);

const EXTENSIONS: &str = r#"
<extension name="customer"><condition field="destination_number" expression="^customer$">
  <action application="set" data="RECORD_MIN_SEC=0"/>
  <action application="callcenter" data="first@default"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
<extension name="twice"><condition field="destination_number" expression="^twice$">
  <action application="set" data="RECORD_MIN_SEC=0"/>
  <action application="callcenter" data="first@default"/>
  <action application="callcenter" data="second@default"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
<extension name="stopped"><condition field="destination_number" expression="^stopped$">
  <action application="set" data="RECORD_MIN_SEC=0"/>
  <action application="callcenter" data="first@default"/>
  <action application="stop_record_session" data="all"/>
  <action application="callcenter" data="second@default"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
<extension name="expert"><condition field="destination_number" expression="^expert$">
  <action application="bridge" data="sofia/desk/expert-answer@127.0.0.1:$${phones_port}"/>
</condition></extension>
<extension name="second"><condition field="destination_number" expression="^consult$">
  <action application="set" data="RECORD_MIN_SEC=0"/>
  <action application="callcenter" data="second@default"/>
</condition></extension>
"#;

fn setup(second: &str, behaviour: &str) -> Setup {
    let template = "$${recordings_dir}/${uuid}.wav";
    let call_centre = CallCenter::new()
        .queue(FIRST, &[("record-template", template)])
        .queue(
            SECOND,
            &[
                ("record-template", second),
                ("agent-announce-sound", "tone_stream://%(600,0,900)"),
            ],
        )
        .agent("a1", "", &[("status", "Logged Out")])
        .agent("a2", &phone("a2", behaviour), &[("reject-delay-time", "60")])
        .tier(FIRST, "a1", 1, 1)
        .tier(SECOND, "a2", 1, 1);
    Setup::new(&call_centre).extensions(EXTENSIONS)
}

const SAME_NAME: &str = "$${recordings_dir}/${uuid}.wav";

/// A customer who talks to a1.
struct Talk {
    desk: SipPhone,
    call: String,
    phone: SipPhone,
    customer: String,
    session: String,
}

fn talk(switch: &FreeSwitch, extension: &str) -> Talk {
    let (desk, phone) = (SipPhone::new(switch, AGENT), SipPhone::new(switch, CUSTOMER));
    switch.callcenter(&format!("agent set contact a1 {}", desk.contact()));
    switch.callcenter("agent set status a1 Available");
    let mark = switch.events().mark();
    let customer = phone.call(extension);
    let start = switch.wait_for(mark, "bridge-agent-start");
    wait_for_talk(switch, mark, "a1");
    Talk {
        call: desk.answered(0),
        desk,
        phone,
        customer,
        session: start.get("CC-Member-Session-UUID").to_owned(),
    }
}

fn wait_for_talk(switch: &FreeSwitch, mark: usize, agent: &str) {
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent") == agent && event.get("CC-Agent-State") == "In a queue call"
    });
}

/// The recordings there are, when nobody is on the line any more.
fn files(switch: &FreeSwitch) -> Vec<PathBuf> {
    switch.api("hupall");
    switch.wait_until_quiet();
    let files = std::fs::read_dir(switch.dir().join("recordings")).expect("the recordings");
    files.map(|file| file.expect("a recording").path()).collect()
}

/// What a leg that is over says of its file.
fn filename(switch: &FreeSwitch, mark: usize, session: &str) -> String {
    let ended = switch.events().wait(mark, SOON, "the end of the leg", |event| {
        event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("Unique-ID") == session
    });
    ended.get("variable_cc_record_filename").to_owned()
}

fn tones(file: &Path) -> Vec<u32> {
    let long = |spell: &Spell| spell.length > Duration::from_millis(300);
    let spells = tones_in_file(file);
    let tones = spells.iter().filter(|spell| long(spell)).map(|spell| spell.tone);
    let mut tones: Vec<u32> = tones.collect();
    tones.dedup();
    tones
}

/// The customer says nothing while somebody else is to be heard in the file.
fn is_silent(talk: &Talk) {
    talk.phone.fall_silent(&talk.customer);
}

#[test]
fn a_caller_who_is_put_on_hold_and_fetched_back_is_in_one_file() {
    with_ours(setup(SAME_NAME, "answer"), |switch| {
        let mark = switch.events().mark();
        let talk = talk(switch, "customer");
        is_silent(&talk);
        std::thread::sleep(A_WHILE);
        talk.desk.hold(&talk.call, true);
        let expert = talk.desk.consult(switch, "expert");
        std::thread::sleep(A_WHILE);
        talk.desk.hang_up(&expert);
        talk.desk.hold(&talk.call, false);
        std::thread::sleep(A_WHILE);
        let files = files(switch);
        assert_eq!(files.len(), 1, "{files:?}");
        assert_eq!(filename(switch, mark, &talk.session), files[0].to_string_lossy());
        let tones = tones(&files[0]);
        assert_eq!((tones.first(), tones.last()), (Some(&AGENT), Some(&AGENT)), "{tones:?}");
        assert!(
            !tones.contains(&OTHERS),
            "the expert talked to the agent alone: {tones:?}"
        );
    });
}

/// There is one file, it has the name that the caller's channel tells, and in it are the agent and at the end the others.
fn is_all_in_one_file(switch: &FreeSwitch, mark: usize, talk: &Talk) {
    let files = files(switch);
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(filename(switch, mark, &talk.session), files[0].to_string_lossy());
    let tones = tones(&files[0]);
    assert_eq!(
        (tones.first(), tones.last()),
        (Some(&AGENT), Some(&OTHERS)),
        "{tones:?}"
    );
}

/// What the agent says, and then whom the caller was given to.
fn goes_on_after(give_away: fn(&FreeSwitch, &Talk)) {
    with_ours(setup(SAME_NAME, "answer"), |switch| {
        let mark = switch.events().mark();
        let talk = talk(switch, "customer");
        is_silent(&talk);
        std::thread::sleep(A_WHILE);
        give_away(switch, &talk);
        switch.wait_for(mark, "bridge-agent-end");
        std::thread::sleep(A_WHILE);
        is_all_in_one_file(switch, mark, &talk);
    });
}

#[test]
fn a_caller_who_is_sent_on_is_in_one_file() {
    goes_on_after(|_, talk| talk.desk.transfer(&talk.call, "expert"));
}

#[test]
fn a_caller_who_is_given_to_the_agents_other_call_is_in_one_file() {
    goes_on_after(|switch, talk| {
        let expert = talk.desk.consult(switch, "expert");
        talk.desk.join(&talk.call, &expert);
    });
}

/// The consultation is a talk of the second queue, and is recorded. It goes on with the customer, and so does its file.
#[test]
fn a_consultation_that_goes_on_with_the_caller_is_in_one_file() {
    with_ours(setup(SAME_NAME, "answer"), |switch| {
        let talk = talk(switch, "customer");
        let second = SipPhone::new(switch, OTHERS);
        switch.callcenter(&format!("agent set contact a2 {}", second.contact()));
        let mark = switch.events().mark();
        let consultation = talk.desk.call("consult");
        let start = switch.wait_for(mark, "bridge-agent-start");
        wait_for_talk(switch, mark, "a2");
        talk.desk.fall_silent(&consultation);
        std::thread::sleep(A_WHILE);
        second.fall_silent(&second.answered(0));
        talk.desk.join(&talk.call, &consultation);
        switch.wait_for(mark, "bridge-agent-end");
        std::thread::sleep(A_WHILE);
        let files = files(switch);
        assert_eq!(files.len(), 2, "one of each talk: {files:?}");
        let file = filename(switch, mark, start.get("CC-Member-Session-UUID"));
        let tones = tones(Path::new(&file));
        assert!(tones.contains(&OTHERS) && tones.contains(&CUSTOMER), "{tones:?}");
    });
}

/// The first talk, the end of it by the agent, and a talk in the second queue.
fn talks_twice(extension: &str) -> impl Fn(&mut FreeSwitch) + '_ {
    move |switch| {
        let begin = switch.events().mark();
        let talk = talk(switch, extension);
        is_silent(&talk);
        std::thread::sleep(A_WHILE);
        let mark = switch.events().mark();
        talk.desk.hang_up(&talk.call);
        wait_for_talk(switch, mark, "a2");
        std::thread::sleep(A_WHILE);
        is_all_in_one_file(switch, begin, &talk);
    }
}

#[test]
fn a_second_talk_of_the_same_file_does_not_overwrite_the_first() {
    for extension in ["twice", "stopped"] {
        with_ours(setup(SAME_NAME, "answer"), talks_twice(extension));
    }
}

/// The agent of the second queue answers, and is gone before the bridge.
#[test]
fn an_agent_who_is_gone_before_a_second_talk_takes_nothing_from_the_first() {
    for second in [SAME_NAME, "$${recordings_dir}/${uuid}-${cc_queue}.wav"] {
        with_ours(setup(second, "talk-200"), |switch| {
            let begin = switch.events().mark();
            let talk = talk(switch, "twice");
            std::thread::sleep(A_WHILE);
            let mark = switch.events().mark();
            talk.desk.hang_up(&talk.call);
            switch
                .events()
                .wait(mark, SOON, "the end of the second offer", |event| {
                    event.is("bridge-agent-end") && event.get("CC-Agent-Bridged") == "false"
                });
            let files = files(switch);
            assert_eq!(files.len(), 1, "{files:?}");
            assert_eq!(filename(switch, begin, &talk.session), files[0].to_string_lossy());
            assert_eq!(tones(&files[0]).first(), Some(&AGENT));
        });
    }
}
