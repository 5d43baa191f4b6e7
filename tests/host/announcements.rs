//! What a waiting caller hears of announcements, and that nothing has to wait for the end of one.

use std::time::Duration;

use callcenter_test_support::harness::{phone, with_ours, CallCenter, Ear, FreeSwitch, Setup, Sipp, Spell, SOON};

const MUSIC: u32 = 440;
const MORE_MUSIC: u32 = 550;
const ANNOUNCEMENT: u32 = 1000;
const BROADCAST: u32 = 800;
const AGENT: u32 = 350;

const ENDLESS_MUSIC: &str = "tone_stream://%(1000,0,440);loops=-1";
/// Far longer than anything here takes: nobody hears its end.
const LONG_ANNOUNCEMENT: &str = "tone_stream://%(60000,0,1000)";
const BROADCAST_SOUND: &str = "tone_stream://%(500,0,800)";

/// Seams between two sounds, and what a packet more or less makes.
const SLACK: Duration = Duration::from_millis(200);

/// A caller in a queue, with an ear on the line.
struct Waiting {
    phone: Sipp,
    ear: Ear,
    /// The leg the call centre sees.
    leg: String,
    /// The events since the caller dialled.
    mark: usize,
}

impl Waiting {
    fn in_queue(switch: &FreeSwitch, queue: &str) -> Waiting {
        let mark = switch.events().mark();
        let phone = Sipp::caller(switch, &format!("queue-{queue}"));
        let ear = phone.ear();
        let joined = switch.events().wait(mark, SOON, "the caller", |event| {
            event.is("member-queue-start") && event.get("CC-Queue") == format!("{queue}@default")
        });
        let leg = joined.get("CC-Member-Session-UUID").to_string();
        Waiting { phone, ear, leg, mark }
    }

    /// A caller to whom the long announcement is being played.
    fn hearing_announcement(switch: &FreeSwitch, queue: &str) -> Waiting {
        let waiting = Waiting::in_queue(switch, queue);
        waiting.ear.hears_tone(SOON, ANNOUNCEMENT);
        waiting
    }

    /// Waits for the end of the wait and gives its reason.
    fn reason_of_end(&self, switch: &FreeSwitch) -> String {
        let end = switch.events().wait(self.mark, SOON, "end of the wait", |event| {
            event.is("member-queue-end") && event.get("CC-Member-Session-UUID") == self.leg
        });
        end.get("CC-Cancel-Reason").to_string()
    }

    fn hang_up(self, switch: &FreeSwitch) {
        switch.api(&format!("uuid_kill {}", self.leg));
        self.phone.finish();
    }
}

fn queue(call_centre: CallCenter, name: &str, music: &str, announcement: &str, more: &[(&str, &str)]) -> CallCenter {
    let usual = [
        ("moh-sound", music),
        ("announce-sound", announcement),
        ("announce-frequency", "1"),
    ];
    let params = [usual.as_slice(), more].concat();
    call_centre.queue(&format!("{name}@default"), &params)
}

fn tones(spells: &[Spell]) -> Vec<u32> {
    spells.iter().map(|spell| spell.tone).collect()
}

fn total(spells: &[Spell], tone: u32) -> Duration {
    let of_tone = spells.iter().filter(|spell| spell.tone == tone);
    of_tone.map(|spell| spell.length).sum()
}

#[test]
fn announcements_are_heard_whole_between_music_that_goes_on() {
    let longer_than_interval = "tone_stream://%(1500,0,1000)";
    let short = "tone_stream://%(500,0,1000)";
    let call_centre = queue(CallCenter::new(), "tone", ENDLESS_MUSIC, longer_than_interval, &[]);
    let call_centre = queue(call_centre, "file", "$${sounds_dir}/two-tones.wav", short, &[]);
    let call_centre = queue(call_centre, "stream", "local_stream://default", short, &[]);
    let call_centre = queue(call_centre, "silence", "", short, &[]);
    let call_centre = queue(call_centre, "missing", ENDLESS_MUSIC, "no-such-sound.wav", &[]);
    with_ours(Setup::new(&call_centre), |switch| {
        let callers = ["tone", "file", "stream", "silence", "missing"].map(|name| Waiting::in_queue(switch, name));
        let [tone, file, stream, silence, missing] = &callers;
        an_interval_passes_between_whole_announcements(&tone.ear);
        a_file_goes_on_where_it_was(&file.ear);
        // The stream itself is silent for a second between two files, and while it starts.
        stream.ear.hears(SOON * 2, "the stream again", |spells| {
            tones(spells)
                .windows(3)
                .any(|three| three == [MUSIC, ANNOUNCEMENT, MUSIC])
        });
        silence.ear.hears(SOON, "two announcements in silence", |spells| {
            total(spells, ANNOUNCEMENT) >= Duration::from_millis(1000) - SLACK
        });
        missing.ear.hears(SOON, "music alone", |spells| {
            total(spells, MUSIC) > Duration::from_secs(3) && tones(spells) == [MUSIC]
        });
        // FreeSWITCH may drop apostrophes from its log.
        let log = switch.log();
        let told = log
            .lines()
            .filter(|line| line.contains("play file") && line.contains("no-such-sound.wav"));
        assert_eq!(told.count(), 1, "a sound that cannot be played is tried once");
        for caller in callers {
            caller.hang_up(switch);
        }
    });
}

fn an_interval_passes_between_whole_announcements(ear: &Ear) {
    let expected = [MUSIC, ANNOUNCEMENT, MUSIC, ANNOUNCEMENT, MUSIC];
    let spells = ear.hears(SOON * 2, "two announcements", |spells| {
        tones(spells).starts_with(&expected)
    });
    for announcement in [spells[1], spells[3]] {
        let length = Duration::from_millis(1500);
        let heard = announcement.length;
        assert!(heard > length - SLACK && heard < length + SLACK, "{spells:?}");
    }
    assert!(
        spells[2].length > Duration::from_secs(1) - SLACK,
        "the interval counts from the end: {spells:?}"
    );
}

fn a_file_goes_on_where_it_was(ear: &Ear) {
    let spells = ear.hears(SOON * 2, "the second half of the file", |spells| {
        tones(spells).contains(&MORE_MUSIC)
    });
    let before = spells
        .split(|spell| spell.tone == MORE_MUSIC)
        .next()
        .unwrap_or_default();
    let (first_half, heard) = (Duration::from_secs(2), total(before, MUSIC));
    assert!(
        tones(before).contains(&ANNOUNCEMENT) && heard > first_half - SLACK && heard < first_half + SLACK,
        "{spells:?}"
    );
}

#[test]
fn whatever_happens_does_not_wait_for_the_end_of_an_announcement() {
    let with_exit = [("max-wait-time", "4")];
    let call_centre = queue(CallCenter::new(), "usual", ENDLESS_MUSIC, LONG_ANNOUNCEMENT, &[]);
    let call_centre = queue(call_centre, "limited", ENDLESS_MUSIC, LONG_ANNOUNCEMENT, &with_exit);
    let call_centre = queue(call_centre, "served", ENDLESS_MUSIC, LONG_ANNOUNCEMENT, &[])
        .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
        .tier("served@default", "a1", 1, 1);
    let elsewhere = r#"
<extension name="key"><condition field="destination_number" expression="^queue-usual$">
  <action application="set" data="cc_exit_keys=5"/>
  <action application="callcenter" data="usual@default"/>
  <action application="playback" data="tone_stream://%(1000,0,550);loops=-1"/>
</condition></extension>
"#;
    with_ours(Setup::new(&call_centre).extensions(elsewhere), |switch| {
        let limited = Waiting::in_queue(switch, "limited");
        an_agent_is_heard_at_once(switch);
        a_broadcast_is_heard_and_an_exit_key_works(switch);
        a_transfer_works(switch);
        a_hang_up_works(switch);
        assert_eq!(limited.reason_of_end(switch), "TIMEOUT");
        assert_eq!(
            tones(&limited.ear.hears(SOON, "the announcement", |spells| spells.len() > 1)),
            [MUSIC, ANNOUNCEMENT]
        );
        limited.phone.finish();
    });
}

fn an_agent_is_heard_at_once(switch: &FreeSwitch) {
    let caller = Waiting::hearing_announcement(switch, "served");
    switch.callcenter("agent set status a1 Available");
    switch.wait_for(caller.mark, "bridge-agent-start");
    // Longer than the interval: no further announcement may come between caller and agent.
    let spells = caller.ear.hears(SOON, "the agent", |spells| {
        total(spells, AGENT) > Duration::from_millis(1500)
    });
    assert_eq!(tones(&spells), [MUSIC, ANNOUNCEMENT, AGENT]);
    caller.hang_up(switch);
}

fn a_broadcast_is_heard_and_an_exit_key_works(switch: &FreeSwitch) {
    let caller = Waiting::hearing_announcement(switch, "usual");
    switch.api(&format!("uuid_broadcast {} {BROADCAST_SOUND} aleg", caller.leg));
    caller
        .ear
        .hears(SOON, "the broadcast, and the rest of the announcement", |spells| {
            tones(spells) == [MUSIC, ANNOUNCEMENT, BROADCAST, ANNOUNCEMENT]
        });
    switch.api(&format!("uuid_recv_dtmf {} 5", caller.leg));
    assert_eq!(caller.reason_of_end(switch), "EXIT_WITH_KEY");
    caller.ear.hears_tone(SOON, MORE_MUSIC);
    caller.hang_up(switch);
}

fn a_transfer_works(switch: &FreeSwitch) {
    let caller = Waiting::hearing_announcement(switch, "usual");
    switch.api(&format!("uuid_transfer {} a9-answer XML phones", caller.leg));
    assert_eq!(caller.reason_of_end(switch), "BREAK_OUT");
    caller.ear.hears_tone(SOON, AGENT);
    caller.hang_up(switch);
}

fn a_hang_up_works(switch: &FreeSwitch) {
    let caller = Waiting::hearing_announcement(switch, "usual");
    switch.api(&format!("uuid_kill {}", caller.leg));
    caller.reason_of_end(switch);
    caller.phone.finish();
}

/// "You are number", "in line", "more than", "your estimated hold time is", and the numbers 1 and 2 of the harness's sounds.
const YOU_ARE_NUMBER: u32 = 500;
const IN_LINE: u32 = 900;
const MORE_THAN: u32 = 1100;
const ONE: u32 = 550;
const TWO: u32 = 600;
const ESTIMATE: u32 = 350;

fn heard(ear: &Ear, wanted: &[u32]) {
    ear.hears(SOON * 2, "the words", |spells| {
        tones(spells).windows(wanted.len()).any(|window| window == wanted)
    });
}

#[test]
fn the_position_is_spoken_with_phrases_and_again_when_it_has_changed() {
    let telling = [
        ("moh-sound", ENDLESS_MUSIC),
        ("announce-position", "more"),
        ("announce-position-limit", "2"),
        ("announce-position-frequency", "60"),
        ("announce-position-min-frequency", "1"),
        ("announce-holdtime", "yes"),
        (
            "periodic-announce-sounds",
            "tone_stream://%(400,0,800),tone_stream://%(400,0,1000)",
        ),
        ("periodic-announce-frequency", "2"),
    ];
    // There is an estimate while somebody is logged in.
    let call_centre = CallCenter::new()
        .queue("line@default", &telling)
        .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
        .tier("line@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let [first, second, third] = [(); 3].map(|()| Waiting::in_queue(switch, "line"));
        heard(&first.ear, &[YOU_ARE_NUMBER, ONE, IN_LINE]);
        heard(&second.ear, &[YOU_ARE_NUMBER, TWO, IN_LINE]);
        heard(&third.ear, &[MORE_THAN, TWO, IN_LINE]);
        assert_eq!(switch.api(&format!("uuid_getvar {} cc_position", second.leg)), "2");
        first.hang_up(switch);
        heard(&second.ear, &[YOU_ARE_NUMBER, ONE, IN_LINE, ESTIMATE, ONE]);
        heard(&third.ear, &[YOU_ARE_NUMBER, TWO, IN_LINE, ESTIMATE]);
        heard(&second.ear, &[BROADCAST, MUSIC, ANNOUNCEMENT]);
        second.hang_up(switch);
        third.hang_up(switch);
    });
}

#[test]
fn the_wait_is_spoken_in_seconds_where_the_queue_says_so() {
    let telling = [
        ("moh-sound", ENDLESS_MUSIC),
        ("announce-holdtime", "yes"),
        ("announce-round-seconds", "5"),
        ("announce-position-frequency", "1"),
    ];
    // There is an estimate while somebody is logged in, and once the line has moved.
    let call_centre = CallCenter::new()
        .queue("line@default", &telling)
        .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
        .tier("line@default", "a1", 1, 1);
    let setup = Setup {
        events: Some(&["event plain PLAYBACK_START BACKGROUND_JOB CUSTOM callcenter::info"]),
        ..Setup::new(&call_centre)
    };
    with_ours(setup, |switch| {
        let [first, second] = [(); 2].map(|()| Waiting::in_queue(switch, "line"));
        let mark = switch.events().mark();
        first.hang_up(switch);
        for file in ["ivr/ivr-estimated_hold_time.wav", "time/seconds.wav"] {
            switch.events().wait(mark, SOON, file, |event| {
                event.is_core("PLAYBACK_START") && event.get("Playback-File-Path").ends_with(file)
            });
        }
        second.hang_up(switch);
    });
}

#[test]
fn the_agent_hears_the_queues_sound_and_how_long_the_caller_has_waited() {
    let told = [
        ("moh-sound", ENDLESS_MUSIC),
        ("agent-announce-sound", "tone_stream://%(400,0,800)"),
        ("agent-announce-wait", "true"),
    ];
    let call_centre = CallCenter::new()
        .queue("told@default", &told)
        .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
        .tier("told@default", "a1", 1, 1);
    let setup = Setup {
        events: Some(&["event plain PLAYBACK_START BACKGROUND_JOB CUSTOM callcenter::info"]),
        ..Setup::new(&call_centre)
    };
    with_ours(setup, |switch| {
        let caller = Waiting::in_queue(switch, "told");
        let mark = switch.events().mark();
        assert_eq!(switch.callcenter("agent set status a1 Available"), "+OK\n");
        for file in ["tone_stream://%(400,0,800)", "time/minutes.wav"] {
            switch.events().wait(mark, SOON, file, |event| {
                event.is_core("PLAYBACK_START") && event.get("Playback-File-Path").ends_with(file)
            });
        }
        switch.wait_for(mark, "bridge-agent-start");
        caller.hang_up(switch);
    });
}
