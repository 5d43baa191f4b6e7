//! `callback-lead`: the number is called while the agent still talks to somebody else.

use crate::callbacks::{add, agent_is, hears_the_prompt, line_to, pending, presses_until, setup, AGENT, MUSIC, NUMBER};
use callcenter_test_support::harness::{with_ours, SipPhone, SOON};

#[test]
fn who_is_reached_before_an_agent_is_free_is_the_first_in_line() {
    with_ours(setup(&[("callback-lead", "60")]), |switch| {
        let phone = SipPhone::new(switch, 900);
        line_to(switch, &phone);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let first = switch.call_queue("5550001", "support");
        switch.wait_for(mark, "bridge-agent-start");
        let second = switch.call_queue("5550002", "support");
        // The line moves, and has a pace from then on.
        let mark = switch.events().mark();
        switch.hang_up(&first);
        switch.wait_for(mark, "bridge-agent-start");
        let mark = switch.events().mark();
        add(switch, NUMBER);
        let later = switch.call_queue("5550003", "support");
        let call = phone.answered(0);
        let ear = phone.ear(&call);
        hears_the_prompt(&ear);
        presses_until(switch, &phone, (&call, "1"), (mark, "callback-reached"));
        ear.hears_tone(SOON, MUSIC);
        let events = switch.events().since(mark);
        assert!(
            !events.iter().any(|event| event.is("agent-offering")),
            "the agent talks"
        );
        switch.hang_up(&second);
        let talk = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(talk.get("CC-Member-CID-Number"), NUMBER);
        ear.hears_tone(SOON, AGENT);
        phone.hang_up(&call);
        switch.hang_up(&later);
        switch.wait_until_quiet();
        assert_eq!((pending(switch), phone.calls_answered()), (0, 1));
    });
}
