//! A queue's rules change while somebody waits: what is heard, and the keys that lead out.

use callcenter_test_support::harness::{with_ours, CallCenter, Setup, Sipp, SOON};

const MUSIC: u32 = 440;
const OTHER_MUSIC: u32 = 800;
const ELSEWHERE: u32 = 1000;

const MENU: &str = r#"
<extension name="five"><condition field="destination_number" expression="^5$">
  <action application="playback" data="tone_stream://%(1000,0,1000);loops=-1"/>
</condition></extension>
"#;

#[test]
fn hold_sound_and_exit_keys_of_who_waits_are_the_queues_at_every_moment() {
    let music = [("moh-sound", "tone_stream://%(1000,0,440);loops=-1")];
    let call_centre =
        CallCenter::new()
            .queue("support@default", &music)
            .agent("a1", "error/USER_BUSY", &[("status", "Logged Out")]);
    with_ours(Setup::new(&call_centre).extensions(MENU), |switch| {
        let mark = switch.events().mark();
        let phone = Sipp::caller(switch, "queue-support");
        let ear = phone.ear();
        let leg = switch.wait_for(mark, "member-queue-start");
        let leg = leg.get("CC-Member-Session-UUID").to_string();
        ear.hears_tone(SOON, MUSIC);
        // No key leads out yet; the next answer comes after FreeSWITCH has taken this one.
        switch.api(&format!("uuid_recv_dtmf {leg} 5"));
        for command in [
            "queue set moh_sound support@default tone_stream://%(1000,0,800);loops=-1",
            "queue set exit_keys support@default 7",
        ] {
            assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
        }
        ear.hears_tone(SOON, OTHER_MUSIC);
        switch.api(&format!("uuid_recv_dtmf {leg} 5"));
        for command in [
            "queue set exit_context support@default default",
            "queue set exit_keys support@default 5",
            "queue set moh_sound support@default ''",
        ] {
            assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
        }
        let members = switch.callcenter("queue count members support@default");
        assert_eq!(members, "1\n", "the key that was no way out did nothing");
        switch.api(&format!("uuid_recv_dtmf {leg} 5"));
        let end = switch.wait_for(mark, "member-queue-end");
        assert_eq!(end.get("CC-Cancel-Reason"), "EXIT_WITH_KEY");
        ear.hears_tone(SOON, ELSEWHERE);
        switch.api(&format!("uuid_kill {leg}"));
        phone.finish();
    });
}
