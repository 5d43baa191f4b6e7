//! Figures of real calls.

use callcenter_test_support::harness::{phone, with_ours, CallCenter, Setup};

#[test]
fn calls_are_counted_and_the_figures_begin_anew() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .queue("closed@default", &[("reject-on-no-agents", "true")])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let first = switch.call_queue("5550001", "support");
        switch.wait_for(mark, "bridge-agent-start");
        switch.until("callcenter_config agent get state a1", |state| {
            state == "In a queue call"
        });
        let second = switch.call_queue("5550002", "support");
        switch.call("5550003", "Caller", "queue-closed");
        switch.wait_for(mark, "member-queue-refused");
        let support = "stats queue support@default";
        for (line, column, value) in [
            ("stats", "calls", "3"),
            ("stats", "refused", "1"),
            (support, "calls", "2"),
            (support, "answered", "1"),
            (support, "on_hold", "1"),
            (support, "free_agents", "0"),
            ("stats queue closed@default", "refused", "1"),
            ("stats agent a1", "answered", "1"),
        ] {
            assert_eq!(switch.cell(line, column), value, "{line} {column}");
        }
        switch.hang_up(&second);
        switch.events().wait(
            mark,
            callcenter_test_support::harness::SOON,
            "the second caller to leave",
            |event| event.is("member-queue-end") && event.get("CC-Member-CID-Number") == "5550002",
        );
        switch.hang_up(&first);
        switch.wait_for(mark, "bridge-agent-end");
        switch.wait_until_quiet();
        assert_eq!(switch.cell(support, "abandoned"), "1");
        let talk = switch.cell(support, "average_talk_ms").parse::<u64>().ok();
        assert!(talk.is_some_and(|talk| talk > 0 && talk < 60_000), "{talk:?}");
        let answer = switch.api(r#"json {"command":"callcenter_config","data":{"arguments":"stats"}}"#);
        assert!(answer.contains(r#""answered":1"#), "{answer}");
        assert_eq!(switch.callcenter("stats reset"), "+OK\n");
        assert_eq!(switch.cell("stats", "calls"), "0");
    });
}
