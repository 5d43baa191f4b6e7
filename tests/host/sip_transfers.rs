//! Transfers by real phones: REFER, with and without Replaces, and what becomes of caller, agent, place in line and figures.

use crate::queue_log::{lines, wait_until_log_has};
use callcenter_test_support::harness::{phone, with_ours, CallCenter, Event, FreeSwitch, Setup, SipPhone, SOON};

const FIRST: &str = "first@default";
const SECOND: &str = "second@default";

/// Somebody who is no agent, and where a caller is sent.
const ELSEWHERE: &str = r#"
<extension name="expert"><condition field="destination_number" expression="^expert$">
  <action application="bridge" data="sofia/desk/expert-answer@127.0.0.1:$${phones_port}"/>
</condition></extension>
<extension name="park"><condition field="destination_number" expression="^parked$">
  <action application="answer"/>
  <action application="park"/>
</condition></extension>
<extension name="greeting"><condition field="destination_number" expression="^greeting$">
  <action application="answer"/>
  <action application="playback" data="silence_stream://1500"/>
  <action application="callcenter" data="second@default"/>
</condition></extension>
"#;

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .setting("queue-log-file", "queue_log")
        .setting("cdrs", "true")
        .queue(FIRST, &[("moh-sound", "tone_stream://%(10000,0,440)")])
        .queue(SECOND, &[("moh-sound", "tone_stream://%(10000,0,550)")])
        .agent("a1", "", &[("status", "Logged Out")])
        .agent("a2", &phone("a2", "answer"), &[("status", "Logged Out")])
        .tier(FIRST, "a1", 1, 1)
        .tier(SECOND, "a2", 1, 1);
    Setup::new(&call_centre).extensions(ELSEWHERE)
}

/// The customer of the first queue talks to a1, at whose phone the first call is this one.
struct Talk {
    desk: SipPhone,
    call: String,
    customer: String,
    leg: String,
}

fn talk(switch: &FreeSwitch) -> Talk {
    talk_with(switch, "")
}

/// The same, with these variables before the contact.
fn talk_with(switch: &FreeSwitch, variables: &str) -> Talk {
    let desk = SipPhone::new(switch, 350);
    switch.callcenter(&format!("agent set contact a1 {variables}{}", desk.contact()));
    switch.callcenter("agent set status a1 Available");
    let mark = switch.events().mark();
    switch.call_queue("5550001", "first");
    let start = switch.wait_for(mark, "bridge-agent-start");
    wait_for_talk(switch, mark, "a1");
    Talk {
        call: desk.answered(0),
        desk,
        customer: start.get("CC-Member-Session-UUID").to_owned(),
        leg: start.get("CC-Agent-UUID").to_owned(),
    }
}

fn wait_for_talk(switch: &FreeSwitch, mark: usize, agent: &str) {
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent") == agent && event.get("CC-Agent-State") == "In a queue call"
    });
}

fn count(switch: &FreeSwitch, mark: usize, accept: impl Fn(&Event) -> bool) -> usize {
    switch.catch_up();
    switch.events().since(mark).iter().filter(|event| accept(event)).count()
}

/// Column `name` of each row of a list.
fn column(list: &str, name: &str) -> Vec<String> {
    let mut lines = list.lines();
    let names = lines.next().unwrap_or_default();
    let at = names.split('|').position(|column| column == name);
    let rows = lines.filter(|line| line.contains('|'));
    rows.filter_map(|line| Some(line.split('|').nth(at?)?.to_owned()))
        .collect()
}

/// The agent's phone has called the second queue and waits there, before another caller.
fn consult_second_queue(switch: &FreeSwitch, talk: &Talk, extension: &str) -> (String, Event) {
    let mark = switch.events().mark();
    let consultation = talk.desk.call(extension);
    let start = switch.wait_for(mark, "member-queue-start");
    switch.call_queue("5550002", "second");
    (consultation, start)
}

fn the_customer_takes_the_place(switch: &FreeSwitch, talk: &Talk, leg: &Event, mark: usize) {
    let moved = switch.wait_for(mark, "member-session-change");
    let member = leg.get("CC-Member-UUID");
    assert_eq!(moved.get("CC-Member-UUID"), member);
    assert_eq!(moved.get("CC-Member-Session-UUID"), talk.customer);
    assert_eq!(
        moved.get("CC-Member-Previous-Session-UUID"),
        leg.get("CC-Member-Session-UUID")
    );
    let list = switch.callcenter(&format!("queue list members {SECOND}"));
    assert_eq!(column(&list, "uuid")[0], member, "{list}");
    assert_eq!(column(&list, "session_uuid")[0], talk.customer, "{list}");
    let mark = switch.events().mark();
    switch.callcenter("agent set status a2 Available");
    let start = switch.wait_for(mark, "bridge-agent-start");
    assert_eq!(start.get("CC-Member-UUID"), member);
    assert_eq!(start.get("CC-Member-Session-UUID"), talk.customer);
    assert_eq!(start.get("CC-Member-Joined-Time"), leg_joined(switch, member));
    wait_for_talk(switch, mark, "a2");
    switch.callcenter("agent set status a2 'On Break'");
    switch.api(&format!("uuid_kill {}", talk.customer));
    switch.events().wait(mark, SOON, "the end of the stay", |event| {
        event.is("member-queue-end") && event.get("CC-Queue") == SECOND
    });
}

fn leg_joined(switch: &FreeSwitch, member: &str) -> String {
    let list = switch.callcenter(&format!("queue list members {SECOND}"));
    let at = column(&list, "uuid").iter().position(|uuid| uuid == member);
    column(&list, "joined_epoch")[at.expect("the member")].clone()
}

/// The agent calls another queue, waits there, and joins the caller with that call, in one of the two ways phones do so.
fn a_place_goes_over(extension: &str, join: fn(&SipPhone, &str, &str)) {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let (consultation, leg) = consult_second_queue(switch, &talk, extension);
        let mark = switch.events().mark();
        join(&talk.desk, &talk.call, &consultation);
        let ended = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(ended.get("CC-Agent"), "a1");
        the_customer_takes_the_place(switch, &talk, &leg, mark);
        let of_leg = |event: &Event| event.get("CC-Member-UUID") == leg.get("CC-Member-UUID");
        assert_eq!(
            count(switch, mark, |event| event.is("member-queue-end") && of_leg(event)),
            1
        );
        let entered = |event: &Event| event.is("member-queue-start") || event.is("member-queue-resume");
        assert_eq!(count(switch, mark, |event| entered(event) && of_leg(event)), 0);
        let stats = switch.callcenter(&format!("stats queue {SECOND}"));
        assert_eq!(column(&stats, "calls"), ["2"], "{stats}");
        assert_eq!(column(&stats, "abandoned"), ["0"], "{stats}");
        // A record is told when it is kept, which may be a moment later.
        let is_record = |event: &Event| event.is("cdr") && event.get("CC-CDR-Record") == "member" && of_leg(event);
        let record = switch.events().wait(mark, SOON, "the record", is_record);
        assert_eq!(record.get("CC-CDR-Result"), "answered");
        assert_eq!(count(switch, mark, is_record), 1);
        wait_until_log_has(
            &switch.dir().join("log/queue_log"),
            &[
                &format!("5550001|{FIRST}|a1|ATTENDEDTRANSFER|APP|{extension}|t|t|1"),
                &format!("phone|{SECOND}|a2|CONNECT|t|leg|t"),
                &format!("phone|{SECOND}|a2|COMPLETECALLER|t|t|1"),
            ],
        );
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

#[test]
fn a_caller_who_is_joined_with_a_call_that_waits_takes_its_place() {
    a_place_goes_over("queue-second", |desk, call, consultation| desk.join(call, consultation));
}

#[test]
fn a_call_that_waits_and_is_joined_with_a_caller_gives_its_place_up() {
    a_place_goes_over("queue-second", |desk, call, consultation| desk.join(consultation, call));
}

#[test]
fn the_place_is_kept_while_the_caller_hears_a_greeting() {
    a_place_goes_over("greeting", |desk, call, consultation| desk.join(call, consultation));
}

#[test]
fn a_caller_who_hangs_up_on_the_way_to_the_place_has_left() {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let (consultation, leg) = consult_second_queue(switch, &talk, "greeting");
        let mark = switch.events().mark();
        talk.desk.join(&talk.call, &consultation);
        switch.events().wait(mark, SOON, "the greeting", |event| {
            event.is_core("CHANNEL_EXECUTE")
                && event.get("Application") == "playback"
                && event.get("Unique-ID") == talk.customer
        });
        switch.api(&format!("uuid_kill {}", talk.customer));
        let ended = switch.events().wait(mark, SOON, "the end of the stay", |event| {
            event.is("member-queue-end") && event.get("CC-Queue") == SECOND
        });
        assert_eq!(ended.get("CC-Member-UUID"), leg.get("CC-Member-UUID"));
        assert_eq!(ended.get("CC-Cancel-Reason"), "BREAK_OUT");
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

/// The talk of the consultation goes on with the caller: it is the agent's leg that ends it.
#[test]
fn a_talk_goes_on_with_the_caller_who_is_joined_with_it() {
    with_ours(setup(), |switch| {
        let talk = talk(switch);
        let mark = switch.events().mark();
        switch.callcenter("agent set status a2 Available");
        let consultation = talk.desk.call("queue-second");
        let start = switch.wait_for(mark, "bridge-agent-start");
        wait_for_talk(switch, mark, "a2");
        let mark = switch.events().mark();
        talk.desk.join(&talk.call, &consultation);
        let other = start.get("CC-Agent-UUID").to_owned();
        switch.events().wait(mark, SOON, "the bridge of the two", |event| {
            let legs = [event.get("Bridge-A-Unique-ID"), event.get("Bridge-B-Unique-ID")];
            event.is_core("CHANNEL_BRIDGE") && legs.contains(&talk.customer.as_str()) && legs.contains(&other.as_str())
        });
        let ended = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(ended.get("CC-Agent"), "a1");
        assert_eq!(switch.callcenter("agent get state a2").trim(), "In a queue call");
        let mark = switch.events().mark();
        switch.api(&format!("uuid_kill {}", talk.customer));
        let ended = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(ended.get("CC-Agent"), "a2");
        switch.wait_for(mark, "member-queue-end");
        wait_until_log_has(
            &switch.dir().join("log/queue_log"),
            &[
                &format!("5550001|{FIRST}|a1|ATTENDEDTRANSFER|BRIDGE|a2-answer@127.0.0.1|t|t|1"),
                &format!("phone|{SECOND}|a2|COMPLETECALLER|t|t|1"),
            ],
        );
        switch.wait_until_quiet();
    });
}

/// How an agent's phone gives a caller away.
type Way = fn(&FreeSwitch, &Talk);

/// Each way in which an agent's phone gives a caller away, and the line that tells of it.
#[test]
fn the_log_tells_how_an_agent_has_given_a_caller_away() {
    with_ours(setup(), |switch| {
        let log = switch.dir().join("log/queue_log");
        let ways: [(Way, &str); 4] = [
            (
                |_, talk| talk.desk.transfer(&talk.call, "parked"),
                "BLINDTRANSFER|parked|default",
            ),
            (
                |switch, talk| {
                    let expert = talk.desk.consult(switch, "expert");
                    talk.desk.join(&talk.call, &expert);
                },
                "ATTENDEDTRANSFER|BRIDGE|expert-answer@127.0.0.1",
            ),
            (
                |switch, talk| {
                    let expert = talk.desk.consult(switch, "expert");
                    talk.desk.join(&expert, &talk.call);
                },
                "ATTENDEDTRANSFER|BRIDGE|expert-answer@127.0.0.1",
            ),
            (
                |_, talk| {
                    let nobody = talk.desk.call("parked");
                    talk.desk.join(&talk.call, &nobody);
                },
                "ATTENDEDTRANSFER|APP|parked",
            ),
        ];
        for (number, (way, line)) in ways.into_iter().enumerate() {
            let mark = switch.events().mark();
            let talk = talk(switch);
            way(switch, &talk);
            switch.wait_for(mark, "bridge-agent-end");
            let expected = format!("5550001|{FIRST}|a1|{line}|t|t|1");
            wait_until_log_has(&log, &[expected.as_str()]);
            let given_away = |line: &&String| line.contains("TRANSFER") || line.contains("COMPLETE");
            assert_eq!(lines(&log).iter().filter(given_away).count(), number + 1);
            assert!(switch
                .api(&format!("uuid_exists {}", talk.customer))
                .starts_with("true"));
            assert_ne!(switch.api(&format!("uuid_exists {}", talk.leg)).trim(), "");
            switch.api("hupall");
            switch.wait_until_quiet();
            switch.callcenter("agent set status a1 'Logged Out'");
        }
    });
}

/// `att_xfer` by a key of the agent: a consultation; then the agent hangs up, or comes back.
#[test]
fn an_agent_who_gives_a_caller_away_by_keys_is_told_in_the_log() {
    with_ours(setup(), |switch| {
        let log = switch.dir().join("log/queue_log");
        let expert = format!("sofia/desk/expert-answer@127.0.0.1:{}", switch.ports.phones);
        let keys = format!("[execute_on_answer=bind_meta_app 2 a s att_xfer::{expert}]");
        let expected = [
            format!("5550001|{FIRST}|a1|COMPLETEAGENT|t|t|1"),
            format!("5550001|{FIRST}|a1|ATTENDEDTRANSFER|BRIDGE|expert-answer@127.0.0.1|t|t|1"),
        ];
        let mut lines = Vec::new();
        for (comes_back, line) in [true, false].into_iter().zip(&expected) {
            let talk = talk_with(switch, &keys);
            let mark = switch.events().mark();
            talk.desk.press(&talk.call, "*2");
            let bridged = switch.events().wait(mark, SOON, "the consultation", |event| {
                let legs = [event.get("Bridge-A-Unique-ID"), event.get("Bridge-B-Unique-ID")];
                event.is_core("CHANNEL_BRIDGE")
                    && legs.contains(&talk.leg.as_str())
                    && !legs.contains(&talk.customer.as_str())
            });
            if comes_back {
                let back = switch.events().mark();
                let expert = bridged.get("Bridge-B-Unique-ID");
                switch.api(&format!("uuid_kill {expert}"));
                switch.events().wait(back, SOON, "the caller again", |event| {
                    let legs = [event.get("Bridge-A-Unique-ID"), event.get("Bridge-B-Unique-ID")];
                    event.is_core("CHANNEL_BRIDGE") && legs.contains(&talk.customer.as_str())
                });
            }
            talk.desk.hang_up(&talk.call);
            switch.wait_for(mark, "bridge-agent-end");
            lines.push(line.as_str());
            wait_until_log_has(&log, &lines);
            switch.api("hupall");
            switch.wait_until_quiet();
            switch.callcenter("agent set status a1 'Logged Out'");
        }
    });
}
