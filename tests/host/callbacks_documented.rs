//! The first callback, as the document tells it: its call centre, its dialplan, its commands.

use crate::callbacks::presses_until;
use callcenter_test_support::documents::{blocks, Block};
use callcenter_test_support::harness::{free_udp, with_ours, CallCenter, FreeSwitch, Setup, SipPhone, Sipp, SOON};
use std::path::Path;
use std::time::Duration;

/// What a site has and these FreeSWITCHes have not.
const HOLD_MUSIC: (&str, &str) = ("$${hold_music}", "tone_stream://%(1000,0,440);loops=-1");
const CARRIER: &str = "sofia/gateway/carrier/$1";

/// What calls the extension of the document with the number that it is told.
fn from(extension: &str) -> String {
    format!(
        r#"<extension name="from"><condition field="destination_number" expression="^from-(.+)$">
        <action application="set_profile_var" data="caller_id_number=$1"/>
        <action application="transfer" data="{extension}"/></condition></extension>"#
    )
}

fn of_document(language: &str) -> impl Iterator<Item = String> {
    let is_ours = |block: &Block| block.document == Path::new("docs/admin/callbacks.md");
    blocks(language).into_iter().filter(is_ours).map(|block| block.text)
}

/// The call centre, the dialplan (extensions of the context `default`, and contexts beside it), and the extension that asks by itself.
fn tutorial() -> [String; 3] {
    let texts = of_document("xml").map(|text| text.replace(HOLD_MUSIC.0, HOLD_MUSIC.1));
    let texts: Vec<String> = texts.collect();
    texts.try_into().expect("a call centre, a dialplan and an extension")
}

/// Has the call centre of the document.
fn configure(switch: &mut FreeSwitch, call_centre: &str) {
    switch.rewrite_callcenter(call_centre.to_owned());
    let told = switch.callcenter("reload");
    assert!(told.starts_with("+OK"), "{told}");
    assert_eq!(switch.callcenter("check"), "+OK\n");
}

#[test]
fn the_first_callback_works_as_told() {
    let [call_centre, dialplan, _] = tutorial();
    let (ways_in, contexts) = dialplan.split_at(dialplan.find("<context").expect("a context"));
    let contexts = contexts.replace(CARRIER, "sofia/desk/$1${carrier}");
    // The contexts stand beside the one that the harness makes.
    let around = format!("{ways_in}{}</context>{contexts}<context name=\"beside\">", from("3000"));
    with_ours(Setup::new(&CallCenter::new()).extensions(&around), |switch| {
        configure(switch, &call_centre);
        let phone = SipPhone::new(switch, 900);
        let contact = phone.contact();
        let carrier = contact.split_once('@').map_or("", |(_, host)| host);
        switch.api(&format!("global_setvar carrier=@{carrier}"));
        let port = free_udp();
        Sipp::register(switch, "1001", port);
        let _agent = Sipp::phone_that_talks(port, Duration::from_millis(500));
        assert_eq!(switch.callcenter("agent set status 1001 'On Break'"), "+OK\n");
        let mark = switch.events().mark();
        let call = phone.call("from-0301212");
        switch.wait_for(mark, "member-queue-start");
        let ear = phone.ear(&call);
        ear.hears_tone(SOON, 440);
        phone.press(&call, "2");
        // "To wait", the last word of the choice.
        ear.hears_tone(SOON * 2, 350);
        presses_until(switch, &phone, (&call, "1"), (mark, "callback-requested"));
        phone.wait_for_end(&call);
        let list = switch.callcenter("callback list");
        assert!(list.contains("0301212"), "{list}");
        assert_eq!(switch.callcenter("agent set status 1001 Available"), "+OK\n");
        let call = phone.answered(0);
        // "If not", the key that declines being the last word.
        phone.ear(&call).hears_tone(SOON, 500);
        presses_until(switch, &phone, (&call, "1"), (mark, "callback-reached"));
        switch.wait_for(mark, "bridge-agent-start");
        phone.wait_for_end(&call);
    });
}

/// A dialplan that asks by itself promises the call; what it says of who is refused; and the commands, one after the other.
#[test]
fn a_dialplan_that_asks_and_the_commands_work_as_told() {
    let [call_centre, _, asks] = tutorial();
    // What a dialplan behind the call centre finds on the channel.
    let tells = asks.replace(
        r#"<action application="hangup"/>"#,
        r#"<action application="event" data="Event-Subclass=dialplan::seen,Event-Name=CUSTOM,Cause=${cc_cause},Refused=${cc_callback_refused}"/>
        <action application="hangup"/>"#,
    );
    let extensions = format!("{tells}{}", from("3001"));
    with_ours(Setup::new(&CallCenter::new()).extensions(&extensions), |switch| {
        configure(switch, &call_centre);
        assert_eq!(switch.callcenter("agent set status 1001 'On Break'"), "+OK\n");
        let phone = SipPhone::new(switch, 900);
        for (number, cause, refused) in [
            ("0301212", "callback", ""),
            ("0301212", "callback", ""),
            ("1212", "cancel", "NOT_ADMITTED"),
        ] {
            let mark = switch.events().mark();
            let call = phone.call(&format!("from-{number}"));
            let told = switch.events().wait(mark, SOON, "what the dialplan has seen", |event| {
                event.get("Event-Subclass") == "dialplan::seen"
            });
            assert_eq!((told.get("Cause"), told.get("Refused")), (cause, refused), "{number}");
            phone.wait_for_end(&call);
        }
        let mut uuid = String::new();
        for command in of_document("fs_cli").flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()) {
            let reply = switch.api(&command.replace("CALLBACK_UUID", &uuid));
            assert!(!reply.starts_with('-'), "{command}: {reply}");
            if command.contains("callback add") {
                uuid = reply.trim().trim_start_matches("+OK ").to_owned();
            }
            if command.contains("callback list") {
                assert!(reply.contains("0301212") && reply.contains(&uuid), "{reply}");
            }
        }
        let left = switch.callcenter("callback list");
        assert!(!left.contains(&uuid), "{left}");
    });
}
