//! A changed configuration is read again on command, beside stock.

use crate::harness::{compare, CallCenter, Setup};

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
