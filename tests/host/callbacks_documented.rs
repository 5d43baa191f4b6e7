//! The first callback, as the document tells it: its call centre, its dialplan, its commands.

use crate::callbacks::presses_until;
use callcenter_test_support::documents::{blocks, Block};
use callcenter_test_support::harness::{free_udp, with_ours, CallCenter, Setup, SipPhone, Sipp, SOON};
use std::path::Path;
use std::time::Duration;

/// What a site has and these FreeSWITCHes have not.
const HOLD_MUSIC: (&str, &str) = ("$${hold_music}", "tone_stream://%(1000,0,440);loops=-1");
const CARRIER: &str = "sofia/gateway/carrier/$1";

/// The call centre, and the dialplan: extensions of the context `default`, and contexts beside it.
fn tutorial() -> (String, String) {
    let is_ours = |block: &Block| block.document == Path::new("docs/admin/callbacks.md");
    let mut texts = blocks("xml").into_iter().filter(is_ours).map(|block| block.text);
    let call_centre = texts.next().expect("a call centre");
    let dialplan = texts.next().expect("a dialplan");
    (call_centre.replace(HOLD_MUSIC.0, HOLD_MUSIC.1), dialplan)
}

#[test]
fn the_first_callback_works_as_told() {
    let (call_centre, dialplan) = tutorial();
    let (ways_in, contexts) = dialplan.split_at(dialplan.find("<context").expect("a context"));
    let contexts = contexts.replace(CARRIER, "sofia/desk/$1${carrier}");
    let from = r#"<extension name="from"><condition field="destination_number" expression="^from-(.+)$">
        <action application="set_profile_var" data="caller_id_number=$1"/>
        <action application="transfer" data="3000"/></condition></extension>"#;
    // The contexts stand beside the one that the harness makes.
    let around = format!("{ways_in}{from}</context>{contexts}<context name=\"beside\">");
    with_ours(Setup::new(&CallCenter::new()).extensions(&around), |switch| {
        switch.rewrite_callcenter(call_centre.clone());
        let told = switch.callcenter("reload");
        assert!(told.starts_with("+OK"), "{told}");
        assert_eq!(switch.callcenter("check"), "+OK\n");
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
