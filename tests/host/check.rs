//! Contradictions in the configuration: told in the log at load, and by `callcenter_config check`.

use callcenter_test_support::harness::{phone, with_ours, CallCenter, Setup};

#[test]
fn contradictions_are_told_at_load_and_by_command() {
    let call_centre = CallCenter::new()
        .queue(
            "support@default",
            &[("required-skills", "german"), ("max-wait-tiem", "5")],
        )
        .agent("a1", &phone("a1", "ring"), &[])
        .tier("support@default", "nobody", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let lacking = "no agent has the skill \"german\"";
        switch.wait_for_log(lacking);
        let told = switch.callcenter("check");
        for words in [
            lacking,
            "The nearest name is \"max-wait-time\".",
            "<tier agent=\"nobody\">|",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert_eq!(switch.callcenter("agent set skills a1 german"), "+OK\n");
        let told = switch.callcenter("check");
        assert!(!told.contains(lacking) && told.ends_with("+OK\n"), "{told}");
        let request = r#"json {"command":"callcenter_config","data":{"arguments":"check"}}"#;
        let json = switch.api(request);
        assert!(json.contains(r#""about":"<tier agent=\"nobody\">""#), "{json}");
    });
}
