//! A changed configuration is read again on command, beside stock.

use crate::harness::{compare, rows, with_ours, CallCenter, Setup};

fn before() -> CallCenter {
    CallCenter::new()
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("max-wait-time", "100")],
        )
        .agent("a1", "user/1001", &[("wrap-up-time", "10")])
        .tier("support@default", "a1", 1, 1)
}

fn after() -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "ring-all"), ("max-wait-time", "200")])
        .queue("sales@default", &[("strategy", "round-robin")])
        .agent("a1", "user/1002", &[("wrap-up-time", "20"), ("max-no-answer", "4")])
        .agent("a2", "user/1003", &[("status", "Logged Out")])
        .tier("support@default", "a1", 2, 3)
        .tier("sales@default", "a1", 1, 1)
}

const LISTINGS: &[&str] = &["agent list", "tier list"];

#[test]
fn queue_agent_and_tier_are_read_again() {
    compare(Setup::new(&before()), |switch, recording| {
        switch.rewrite_callcenter(after().xml());
        for command in ["agent reload a1", "agent reload a2", "tier reload support@default a1"] {
            recording.command(switch, command);
            for listing in LISTINGS {
                recording.command(switch, listing);
            }
        }
        for command in ["queue load sales@default", "queue reload support@default"] {
            recording.command(switch, command);
            recording.unordered_listing(switch, "queue list");
        }
        for listing in LISTINGS {
            recording.command(switch, listing);
        }
    });
}

#[test]
fn the_whole_configuration_is_read_at_a_reload_of_the_module() {
    compare(Setup::new(&before()), |switch, recording| {
        switch.rewrite_callcenter(after().xml());
        let answer = switch.api("reload mod_callcenter");
        recording.text(switch, "reload mod_callcenter", &answer);
        recording.unordered_listing(switch, "queue list");
        for listing in LISTINGS {
            recording.command(switch, listing);
        }
    });
}

/// FusionPBX deletes a queue for good while those who hung up are still remembered: with stock each listing and each look
/// at them floods the log with the queue that is not there (1043).
#[test]
fn a_queue_gone_for_good_with_abandoned_members_is_cleaned_up_quietly() {
    let discards = [("discard-abandoned-after", "3")];
    let with_queue = before().queue("gone@default", &discards);
    with_ours(Setup::new(&with_queue), |switch| {
        let mark = switch.events().mark();
        for number in ["5551", "5552", "5553"] {
            let caller = switch.call_queue(number, "gone");
            switch.hang_up(&caller);
        }
        switch.wait_until_quiet();
        switch.until("callcenter_config queue list members gone@default", |list| {
            list.matches("|Abandoned|").count() == 3
        });
        switch.rewrite_callcenter(before().xml());
        let logged = switch.log().lines().count();
        switch.callcenter("queue unload gone@default");
        for listing in ["queue list members gone@default", "queue list", "tier list"] {
            switch.callcenter(listing);
        }
        switch.callcenter("queue reload gone@default");
        switch.until("callcenter_config queue list members gone@default", |list| {
            !list.contains("Abandoned")
        });
        // What is answered is saved, and with it all that came before.
        assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
        assert_eq!(rows(&switch.database(), "members"), Vec::<String>::new());
        let log = switch.log();
        let tells = |line: &&str| line.contains("gone@default") && !line.contains("[DEBUG]");
        let told: Vec<&str> = log.lines().skip(logged).filter(tells).collect();
        assert!(told.len() <= 1, "{told:#?}");
        assert!(!switch.events().since(mark).is_empty());
    });
}

/// Two agents of the configuration, the second with a tier or without.
fn two_agents() -> CallCenter {
    before().agent("a2", "user/1002", &[("status", "Logged Out")])
}

#[test]
fn tiers_that_have_left_the_configuration_go_and_those_made_at_run_time_stay() {
    let with_both = two_agents().tier("support@default", "a2", 1, 2);
    with_ours(Setup::new(&with_both), |switch| {
        for command in ["agent add a3 callback", "tier add support@default a3 1 3"] {
            assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
        }
        // Where a tier came from outlasts a restart, at which the configuration no longer has it.
        switch.rewrite_callcenter(two_agents().xml());
        switch.stop();
        switch.start_again(switch.module);
        let all = "queue|agent|state|level|position\nsupport@default|a1|Ready|1|1\nsupport@default|a2|Ready|1|2\n\
                   support@default|a3|Ready|1|3\n+OK\n";
        assert_eq!(switch.callcenter("tier list"), all);
        assert_eq!(switch.callcenter("tier reload support@default a1"), "+OK\n");
        assert_eq!(switch.callcenter("tier list"), all, "only the tier named is reloaded");
        assert_eq!(switch.callcenter("tier reload support@default"), "+OK\n");
        let left =
            "queue|agent|state|level|position\nsupport@default|a1|Ready|1|1\nsupport@default|a3|Ready|1|3\n+OK\n";
        assert_eq!(switch.callcenter("tier list"), left);
        switch.rewrite_callcenter(two_agents().tier("support@default", "ghost", 1, 1).xml());
        assert_eq!(
            switch.callcenter("tier reload support@default ghost"),
            "-ERR Agent not found!\n"
        );
        let told = "<tier agent=\"ghost\" queue=\"support@default\">: Agent not found! The tier is left out.";
        switch.wait_for_log(told);
    });
}
