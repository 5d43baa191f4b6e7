//! Chats beside calls, in a real FreeSWITCH: said by the dialplan, or seen in what a SIP client offers.

use std::time::Duration;

use callcenter_test_support::harness::{
    free_udp, phone, with_ours, CallCenter, Event, FreeSwitch, Setup, Sipp, Writer, SOON,
};

/// Longer than a test's chat.
const LONG: Duration = Duration::from_secs(30);

/// Callers whom the dialplan calls chats; and what comes in with text alone.
const CHATS: &str = r#"
    <extension name="chat"><condition field="destination_number" expression="^chat-(.+)$">
      <action application="set" data="cc_media=chat"/>
      <action application="callcenter" data="$1@default"/>
    </condition></extension>
    <extension name="announced"><condition field="destination_number" expression="^announced-(.+)$">
      <action application="set" data="cc_media=chat"/>
      <action application="set" data="cc_outbound_announce=tone_stream://%(600000,0,800)"/>
      <action application="callcenter" data="$1@default"/>
    </condition></extension>
    <extension name="unknown"><condition field="destination_number" expression="^fax-(.+)$">
      <action application="set" data="cc_media=fax"/>
      <action application="callcenter" data="$1@default"/>
    </condition></extension>"#;

/// FreeSWITCH takes part in MSRP only where it is told to listen.
fn with_msrp(setup: Setup) -> Setup {
    let port = callcenter_test_support::harness::free_tcp();
    let configuration = format!(
        r#"<configuration name="msrp.conf"><settings><param name="listen-ip" value="127.0.0.1"/>
           <param name="listen-port" value="{port}"/></settings></configuration>"#
    );
    Setup { configuration, ..setup }
}

/// An agent's leg of a chat or a call that has begun.
fn begun(switch: &FreeSwitch, mark: usize, number: &str) -> Event {
    switch.events().wait(mark, SOON, "bridge-agent-start", |event| {
        event.is("bridge-agent-start") && event.get("CC-Member-CID-Number") == number
    })
}

fn hang_up_agent(switch: &FreeSwitch, start: &Event) {
    switch.api(&format!("uuid_kill {}", start.get("CC-Agent-UUID")));
}

fn offered(switch: &FreeSwitch, mark: usize, number: &str) -> Event {
    switch.events().wait(mark, SOON, "agent-offering", |event| {
        event.is("agent-offering") && event.get("CC-Member-CID-Number") == number
    })
}

fn state(switch: &FreeSwitch, agent: &str) -> String {
    switch.callcenter(&format!("agent get state {agent}"))
}

fn nobody_is_offered(switch: &FreeSwitch, mark: usize) {
    switch.catch_up();
    let offering = switch
        .events()
        .since(mark)
        .into_iter()
        .find(|event| event.is("agent-offering"));
    assert!(offering.is_none(), "{offering:?}");
}

#[test]
fn an_agent_has_a_call_and_two_chats_and_each_medium_its_own_wrap_up() {
    let call_centre = CallCenter::new()
        .queue(
            "support@default",
            &[
                ("announce-sound", "tone_stream://%(100,0,500)"),
                ("announce-frequency", "1"),
            ],
        )
        .agent(
            "a1",
            &phone("a1", "answer"),
            &[("max-chats", "2"), ("wrap-up-time", "600"), ("chat-wrap-up-time", "2")],
        )
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre).extensions(CHATS), |switch| {
        let mark = switch.events().mark();
        switch.call("5550001", "Chat", "chat-support");
        let first = begun(switch, mark, "5550001");
        assert_eq!(first.get("CC-Media"), "chat");
        assert_eq!(first.get("variable_cc_media"), "chat", "the agent's leg knows");
        assert_eq!(state(switch, "a1"), "Waiting", "a call may come");
        switch.call("5550002", "Call", "queue-support");
        let call = begun(switch, mark, "5550002");
        assert_eq!(call.get("CC-Media"), "");
        switch.call("5550003", "Chat", "chat-support");
        begun(switch, mark, "5550003");
        assert_eq!(state(switch, "a1"), "In a queue call");
        switch.until_cell("stats agent a1", "answered_chats", "2");
        assert_eq!(switch.cell("stats agent a1", "chats"), "2");
        let full = switch.events().mark();
        switch.call("5550004", "Chat", "chat-support");
        switch.call_queue("5550005", "support");
        switch.until_cell("stats queue support@default", "on_hold", "2");
        assert_eq!(switch.cell("stats queue support@default", "chats_on_hold"), "1");
        nobody_is_offered(switch, full);
        hang_up_agent(switch, &call);
        switch.until("callcenter_config agent get state a1", |state| state == "Waiting");
        nobody_is_offered(switch, full);
        hang_up_agent(switch, &first);
        let ended = switch.wait_for(full, "bridge-agent-end");
        assert_eq!(ended.get("CC-Media"), "", "the call's end came first");
        let next = offered(switch, full, "5550004");
        assert_eq!(
            next.get("CC-Media"),
            "chat",
            "the call still waits for its longer wrap-up"
        );
        assert_eq!(state(switch, "a1"), "Waiting");
    });
}

#[test]
fn balancing_and_full_load_share_chats_out_as_they_say() {
    let agents = |call_centre: CallCenter, queue: &str| {
        ["a1", "a2"]
            .into_iter()
            .enumerate()
            .fold(call_centre, |call_centre, (position, agent)| {
                call_centre
                    .agent(agent, &phone(agent, "answer"), &[("max-chats", "2")])
                    .tier(queue, agent, 1, u32::try_from(position).unwrap_or(0) + 1)
            })
    };
    for (policy, expected) in [
        ("balancing", ["a1", "a2", "a1", "a2"]),
        ("full-load", ["a1", "a1", "a2", "a2"]),
    ] {
        let params = [
            ("strategy", "sequentially-by-agent-order"),
            ("chat-dispatch-policy", policy),
        ];
        let call_centre = agents(CallCenter::new().queue("support@default", &params), "support@default");
        with_ours(Setup::new(&call_centre).extensions(CHATS), |switch| {
            let mark = switch.events().mark();
            let got: Vec<String> = (0..4)
                .map(|chat| {
                    let number = format!("555000{chat}");
                    switch.call(&number, "Chat", "chat-support");
                    begun(switch, mark, &number).get("CC-Agent").to_owned()
                })
                .collect();
            assert_eq!(got, expected, "{policy}");
        });
    }
}

#[test]
fn chats_and_calls_go_to_the_places_the_contact_names_for_them() {
    let contact = format!(
        "${{cond('${{cc_media}}' == 'chat' ? '{}' : '{}')}}",
        phone("chats", "answer"),
        phone("calls", "answer")
    );
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .agent("a1", &contact, &[("max-chats", "1")])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre).extensions(CHATS), |switch| {
        let mark = switch.events().mark();
        for (number, extension, place) in [
            ("5550001", "chat-support", "chats-answer"),
            ("5550002", "queue-support", "calls-answer"),
        ] {
            switch.call(number, "Ann", extension);
            let leg = begun(switch, mark, number).get("Caller-Destination-Number").to_owned();
            assert_eq!(leg, place);
        }
    });
}

/// Each sound would last ten minutes.
#[test]
fn nothing_is_heard_before_a_chat() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("welcome-sound", "tone_stream://%(600000,0,800)")])
        .agent("a1", &phone("a1", "answer"), &[("max-chats", "1")])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre).extensions(CHATS), |switch| {
        let mark = switch.events().mark();
        switch.call("5550001", "Chat", "announced-support");
        assert_eq!(begun(switch, mark, "5550001").get("CC-Media"), "chat");
    });
}

#[test]
fn what_is_neither_a_call_nor_a_chat_is_pointed_out_and_is_a_call() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .agent("a1", &phone("a1", "answer"), &[("max-chats", "1")])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre).extensions(CHATS), |switch| {
        let mark = switch.events().mark();
        switch.call("5550001", "Ann", "fax-support");
        assert_eq!(begun(switch, mark, "5550001").get("CC-Media"), "");
        switch.wait_for_log("cc_media is ignored: \"fax\" is neither audio nor chat.");
    });
}

/// An agent without room for chats, and one who has a phone to write with and comes later.
fn writers(phone_port: u16) -> Setup {
    let contact = format!("[sip_msrp_offer_active=true]sofia/desk/agent@127.0.0.1:{phone_port}");
    let call_centre = CallCenter::new()
        .queue("support@default", &[("welcome-sound", "tone_stream://%(100,0,500)")])
        .agent("plain", &phone("plain", "ring"), &[])
        .agent("a1", &contact, &[("max-chats", "1"), ("status", "Logged Out")])
        .tier("support@default", "plain", 1, 1)
        .tier("support@default", "a1", 1, 2);
    with_msrp(Setup::new(&call_centre))
}

#[test]
fn a_sip_client_that_offers_msrp_alone_is_a_chat_and_writes_with_the_agent() {
    let phone_port = free_udp();
    with_ours(writers(phone_port), |switch| {
        let (caller, agent) = (Writer::new("ann"), Writer::new("bob"));
        let phone = Sipp::phone_that_writes(phone_port, &agent, LONG);
        let mark = switch.events().mark();
        let call = Sipp::caller_who_writes(switch, "queue-support", &caller);
        let start = switch.wait_for(mark, "member-queue-start");
        assert_eq!(start.get("CC-Media"), "chat");
        let mut caller = caller.connected();
        switch.callcenter("agent set status a1 Available");
        let offer = switch.wait_for(mark, "agent-offering");
        assert_eq!((offer.get("CC-Agent"), offer.get("CC-Media")), ("a1", "chat"));
        let begun = switch.wait_for(mark, "bridge-agent-start");
        let mut agent = agent.connected();
        caller.write("Where is my parcel?");
        agent.reads("Where is my parcel?");
        agent.write("It is on its way.");
        caller.reads("It is on its way.");
        hang_up_agent(switch, &begun);
        call.finish();
        let end = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(end.get("CC-Agent-Bridged"), "true");
        drop(phone);
    });
}
