//! Which agent is offered a call, by strategy, beside stock.

use callcenter_test_support::harness::{compare, phone, CallCenter, FreeSwitch, Setup, SOON};

const AGENTS: [&str; 3] = ["a1", "a2", "a3"];

fn call_centre(strategy: &str, behaviour: &str) -> CallCenter {
    let mut call_centre = CallCenter::new().queue("support@default", &[("strategy", strategy)]);
    for (at, agent) in AGENTS.iter().enumerate() {
        let position = u32::try_from(at + 1).expect("a small number");
        call_centre =
            call_centre
                .agent(agent, &phone(agent, behaviour), &[])
                .tier("support@default", agent, 1, position);
    }
    call_centre
}

/// One caller after the other, each served before the next comes; the agents who were offered them, in order.
fn served_by(switch: &FreeSwitch, callers: usize) -> Vec<String> {
    let mut order = Vec::new();
    for caller in 0..callers {
        let mark = switch.events().mark();
        switch.call(&format!("555{caller}"), "Ann", "queue-support");
        let agent = switch.wait_for(mark, "agent-offering").get("CC-Agent").to_string();
        switch.wait_for(mark, "member-queue-end");
        switch.until(&format!("callcenter_config agent get state {agent}"), |state| {
            state == "Waiting"
        });
        // Idle times are whole seconds in stock: the next call ends in another one.
        switch.wait_until_quiet();
        order.push(agent);
    }
    order
}

#[test]
fn longest_idle_agent_takes_who_has_waited_longest_since_the_last_talk() {
    compare(
        Setup::new(&call_centre("longest-idle-agent", "talk-1100")),
        |switch, recording| {
            let order = served_by(switch, 5);
            recording.note(&order.join(" "));
        },
    );
}

#[test]
fn round_robin_goes_round_by_position() {
    compare(
        Setup::new(&call_centre("round-robin", "talk-1100")),
        |switch, recording| {
            let order = served_by(switch, 5);
            recording.note(&order.join(" "));
        },
    );
}

#[test]
fn ring_all_rings_everyone_and_stops_the_losers() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("strategy", "ring-all")])
        .agent("a1", &phone("a1", "ring"), &[])
        .agent("a2", &phone("a2", "answer-after-1500"), &[])
        .agent("a3", &phone("a3", "ring"), &[])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "a2", 1, 2)
        .tier("support@default", "a3", 1, 3);
    compare(Setup::new(&call_centre), |switch, recording| {
        let mark = switch.events().mark();
        // To ask for a state is an event too, and how often one asks is chance.
        let waits = |agent: &str| {
            switch.events().wait(mark, SOON, "an agent who waits", |event| {
                event.is("agent-state-change")
                    && event.get("CC-Agent") == agent
                    && event.get("CC-Agent-State") == "Waiting"
            });
        };
        let caller = switch.call_queue("5551234", "support");
        let talking = switch.events().wait(mark, SOON, "the talk", |event| {
            event.is("agent-state-change") && event.get("CC-Agent-State") == "In a queue call"
        });
        recording.note(&format!("answered by {}", talking.get("CC-Agent")));
        waits("a1");
        waits("a3");
        recording.command(switch, "agent list");
        recording.command(switch, "tier list");
        recording.command(switch, "queue list members support@default");
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        waits("a2");
        switch.wait_until_quiet();
        recording.events_by_agent(switch, mark);
        recording.command(switch, "agent list");
        recording.command(switch, "tier list");
    });
}
