//! `record-template`: the file is there afterwards, with the talk in it, and the dialplan knows its name.

use std::time::Duration;

use callcenter_test_support::harness::{compare, phone, with_ours, CallCenter, Setup, SOON};

const QUEUE: &str = "support@default";

/// With every kind of variable sites put into the name; the directory does not exist yet.
const TEMPLATE: &str = "$${recordings_dir}/${strftime(%Y)}/${cc_queue}-${caller_id_number}-${cc_agent}-${colour}.wav";

/// After the queue an event tells the name: a variable would or would not be in time for the last event of the member.
const DIALPLAN: &str = r#"
<extension name="recorded"><condition field="destination_number" expression="^recorded$">
  <action application="set" data="colour=green"/>
  <action application="callcenter" data="support@default"/>
  <action application="event" data="Event-Subclass=dialplan::seen,Event-Name=CUSTOM,File-Seen=${cc_record_filename}"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

#[test]
fn the_talk_is_in_the_file() {
    let call_centre = CallCenter::new()
        .queue(QUEUE, &[("record-template", TEMPLATE)])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier(QUEUE, "a1", 1, 1);
    compare(Setup::new(&call_centre).extensions(DIALPLAN), |switch, recording| {
        let mark = switch.events().mark();
        switch.call("5550001", "Ann", "recorded");
        let talk = switch.events().wait(mark, SOON, "the talk", |event| {
            event.is("agent-state-change") && event.get("CC-Agent-State") == "In a queue call"
        });
        assert_eq!(talk.get("CC-Agent"), "a1");
        std::thread::sleep(Duration::from_millis(1500));
        let leg = switch.callcenter("agent get uuid a1");
        switch.api(&format!("uuid_kill {}", leg.trim()));
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
        switch.catch_up();
        let events = switch.events().since(mark);
        let ended = events.iter().filter(|event| event.is_core("CHANNEL_HANGUP_COMPLETE"));
        let named: Vec<&str> = ended.map(|leg| leg.get("variable_cc_record_filename")).collect();
        let seen = events
            .iter()
            .filter(|event| event.get("Event-Subclass") == "dialplan::seen");
        let seen: Vec<&str> = seen.map(|event| event.get("File-Seen")).collect();
        let file = named
            .iter()
            .find(|name| !name.is_empty())
            .expect("a leg that knows the file");
        recording.text(switch, "the file", file);
        assert!(
            seen.contains(file),
            "after the queue the dialplan saw {seen:?}, not {file}"
        );
        let sound = std::fs::read(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let seconds = sound.len() / (8000 * 2);
        assert!(
            (1..=9).contains(&seconds),
            "{} bytes are not the talk of 1.5 s",
            sound.len()
        );
        assert!(
            sound[44..].iter().any(|byte| *byte > 8 && *byte < 247),
            "there is only silence in {file}"
        );
        recording.call_centre_events(switch, mark);
        recording.final_variables(switch, mark);
    });
}

/// The agent hears an announcement and hangs up in it: what was recorded then is the caller's hold music (stock records only once the
/// agent can be bridged, too; Asterisk #1512).
#[test]
fn nothing_is_recorded_when_the_agent_hangs_up_before_the_bridge() {
    let announcement = ("agent-announce-sound", "tone_stream://%(20000,0,400)");
    let template = "$${recordings_dir}/${caller_id_number}.wav";
    let call_centre = CallCenter::new()
        .queue(QUEUE, &[("record-template", template), announcement])
        .agent("a1", &phone("a1", "answer"), &[("reject-delay-time", "60")])
        .tier(QUEUE, "a1", 1, 1);
    let setup = Setup {
        events: Some(&["event plain PLAYBACK_START CHANNEL_DESTROY BACKGROUND_JOB CUSTOM callcenter::info"]),
        ..Setup::new(&call_centre).extensions(DIALPLAN)
    };
    with_ours(setup, |switch| {
        let mark = switch.events().mark();
        let caller = switch.call("5550001", "Ann", "recorded");
        let started = switch.wait_for(mark, "bridge-agent-start");
        switch.events().wait(mark, SOON, "the announcement", |event| {
            event.is_core("PLAYBACK_START") && event.get("Unique-ID") == started.get("CC-Agent-UUID")
        });
        let session = started.get("CC-Member-Session-UUID");
        let named = switch.api(&format!("uuid_getvar {session} cc_record_filename"));
        assert_eq!(named.trim(), "_undef_", "no talk has begun");
        let bugs = switch.api(&format!("uuid_buglist {session}"));
        assert!(!bugs.contains("session_record"), "{bugs}");
        assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
        switch.api(&format!("uuid_kill {}", started.get("CC-Agent-UUID")));
        switch.events().wait(mark, SOON, "the end of the offer", |event| {
            event.is("bridge-agent-end") && event.get("CC-Agent-Bridged") == "false"
        });
        switch.hang_up(&caller);
        switch.wait_until_quiet();
        let files = std::fs::read_dir(switch.dir().join("recordings")).expect("the recordings");
        assert_eq!(files.count(), 0, "hold music was recorded");
    });
}
