//! Whose doing the end of an offer was, and what it costs: phones that refuse with any cause, a FreeSWITCH that makes no calls, agents
//! who are gone before the bridge.

use std::time::Duration;

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup};

/// Long enough for something that takes a few seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

fn times(switch: &FreeSwitch, mark: usize, action: &str) -> Vec<i64> {
    let events = switch.events().since(mark).into_iter();
    events
        .filter(|event| event.is(action))
        .map(|event| event.time())
        .collect()
}

/// One agent whose side refuses every offer in this way: there is no second offer within a second, and each counts.
fn refuses(contact: &str) {
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .agent("a1", contact, &[("max-no-answer", "3")])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch
            .events()
            .wait(mark, PATIENCE, "the limit of missed calls", |event| {
                event.is("agent-max-no-answer")
            });
        let offered = times(switch, mark, "agent-offering");
        assert_eq!(offered.len(), 3, "{offered:?}");
        assert!(
            offered.windows(2).all(|pair| pair[1] - pair[0] >= 950_000),
            "{offered:?}"
        );
        assert_eq!(switch.callcenter("agent get status a1"), "On Break");
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
    });
}

#[test]
fn an_end_as_of_a_cancelled_call() {
    refuses("error/originator_cancel");
}

#[test]
fn an_end_as_of_a_lost_race() {
    refuses("error/lose_race");
}

#[test]
fn a_phone_that_answers_487_to_a_reject() {
    refuses(&phone("a1", "respond-487"));
}

/// FreeSWITCH makes no calls because of `limit`, and makes them again after `lift`.
fn makes_no_calls(limit: &str, lift: &str, advice: &str) {
    let mut call_centre = CallCenter::new().queue("support@default", &[("strategy", "ring-all")]);
    for number in 1..=20 {
        let agent = format!("a{number}");
        call_centre = call_centre
            .agent(&agent, &phone(&agent, "ring"), &[("max-no-answer", "1")])
            .tier("support@default", &agent, 1, number);
    }
    with_ours(Setup::new(&call_centre), |switch| {
        for number in 1..=20 {
            switch.callcenter(&format!("agent set status a{number} 'On Break'"));
        }
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.api(limit);
        // A new rate holds from the next second on.
        switch.until("originate null/probe &hangup", |answer| answer.starts_with("-ERR"));
        for number in 1..=20 {
            switch.callcenter(&format!("agent set status a{number} Available"));
        }
        switch
            .events()
            .wait(mark, PATIENCE, "an offer that is refused", |event| {
                event.is("bridge-agent-fail")
            });
        switch.wait_for_log(advice);
        switch.api(lift);
        switch.until("show channels count", |answer| {
            let count = answer
                .split_whitespace()
                .next()
                .and_then(|count| count.parse::<u32>().ok());
            // The two legs of the caller, and two of each agent's phone.
            count.is_some_and(|count| count >= 42)
        });
        let agents = switch.callcenter("agent list");
        assert_eq!(agents.matches("|Available|").count(), 20, "{agents}");
        for row in agents.lines().skip(1).filter(|row| row.contains('|')) {
            assert_eq!(row.split('|').nth(16), Some("0"), "a missed call is counted: {row}");
        }
        switch.hang_up(&caller);
        switch.wait_until_quiet_within(PATIENCE);
    });
}

#[test]
fn too_many_new_sessions_a_second_are_nobodys_missed_calls() {
    makes_no_calls("fsctl sps 1", "fsctl sps 3000", "fsctl sps N");
}

#[test]
fn too_many_sessions_are_nobodys_missed_calls() {
    makes_no_calls(
        "fsctl max_sessions 2",
        "fsctl max_sessions 3000",
        "fsctl max_sessions N",
    );
}

#[test]
fn a_pause_of_freeswitch_is_nobodys_missed_call() {
    makes_no_calls("fsctl pause outbound", "fsctl resume outbound", "fsctl resume");
}

/// Asterisk #1557: one agent answers at once and hangs up in the announcement, every time; the other takes four seconds to answer.
#[test]
fn an_agent_who_hangs_up_in_the_announcement_keeps_nobody_from_the_others() {
    let params = [
        ("strategy", "ring-all"),
        ("agent-announce-sound", "tone_stream://%(3000,0,400)"),
    ];
    let call_centre = CallCenter::new()
        .queue("support@default", &params)
        .agent("drops", &phone("drops", "talk-1000"), &[])
        .agent("answers", &phone("answers", "answer-after-4000"), &[])
        .tier("support@default", "drops", 1, 1)
        .tier("support@default", "answers", 1, 2);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.events().wait(mark, PATIENCE, "the talk", |event| {
            let is_it = event.is("agent-state-change") && event.get("CC-Agent") == "answers";
            is_it && event.get("CC-Agent-State") == "In a queue call"
        });
        let dropped = switch.events().since(mark).into_iter();
        let dropped = dropped.filter(|event| event.is("bridge-agent-end") && event.get("CC-Agent") == "drops");
        assert_eq!(
            dropped.count(),
            1,
            "the one who drops was rung again while the other rang"
        );
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet_within(PATIENCE);
    });
}

/// FreePBX #40, MikoPBX #1043.
#[test]
fn a_caller_goes_on_to_the_agent_who_would_answer() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("retry-delay", "1")])
        .agent("a1", &phone("a1", "reject"), &[])
        .agent("a2", &phone("a2", "answer"), &[])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "a2", 1, 2);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        let answered = switch
            .events()
            .wait(mark, PATIENCE, "an answer", |event| event.is("bridge-agent-start"));
        assert_eq!(answered.get("CC-Agent"), "a2");
        assert_eq!(times(switch, mark, "agent-offering").len(), 2);
        switch.hang_up(&caller);
        switch.wait_until_quiet_within(PATIENCE);
    });
}
