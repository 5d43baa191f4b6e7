//! The events of the queue log, with what is said of each. Names and data are Asterisk's.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};

/// Every event; the unit says what stands in its columns of data.
pub static QUEUE_LOG_EVENTS: &[Named] = &[
    named("QUEUESTART", Since::V0_1, means("The module has been loaded.").asterisk("`QUEUESTART`")),
    named("CONFIGRELOAD", Since::V0_1, means("The file was opened anew, or `callcenter_config reload`.").asterisk("`CONFIGRELOAD`")),
    named("ENTERQUEUE", Since::V0_1, means("A caller has entered, or come back to the old place.").asterisk("`ENTERQUEUE`")).unit("nothing, caller's number, place"),
    named("CONNECT", Since::V0_1, means("Caller and agent hear each other.").asterisk("`CONNECT`")).unit("wait, agent's channel, ring"),
    named("COMPLETEAGENT", Since::V0_1, means("The talk is over; the agent hung up first.").asterisk("`COMPLETEAGENT`")).unit("wait, talk, place on entering"),
    named("COMPLETECALLER", Since::V0_1, means("The talk is over; the caller hung up first.").asterisk("`COMPLETECALLER`")).unit("wait, talk, place on entering"),
    named("BLINDTRANSFER", Since::V0_1, means("The talk is over; the caller was sent on.").asterisk("`BLINDTRANSFER`")).unit("extension, context, wait, talk, place on entering"),
    named("ATTENDEDTRANSFER", Since::V0_1, means("The talk is over; the caller was given to another call of the agent, by the phone (REFER with Replaces) or by keys (`att_xfer`). `APP`: nobody was there to talk to, as in a queue or a voice mailbox, and the caller was sent there.").asterisk("`ATTENDEDTRANSFER`")).unit("`BRIDGE` and to whom, or `APP` and the extension; wait, talk, place on entering"),
    named("ABANDON", Since::V0_1, means("The caller hung up, or was taken away.").asterisk("`ABANDON`")).unit("place, place on entering, wait"),
    named("EXITWITHTIMEOUT", Since::V0_1, means("`max-wait-time` or `dissuade-wait` was reached.").asterisk("`EXITWITHTIMEOUT`")).unit("place, place on entering, wait"),
    named("EXITEMPTY", Since::V0_1, means("`leave-when-empty` or `max-wait-time-with-no-agent`.").asterisk("`EXITEMPTY`")).unit("place, place on entering, wait"),
    named("EXITWITHKEY", Since::V0_1, means("The caller pressed an exit key.").asterisk("`EXITWITHKEY`")).unit("key, place, place on entering, wait"),
    named("WITHDRAW", Since::V0_1, means("`member withdraw`; the reason given stays on the channel.").asterisk("`WITHDRAW`")).unit("place, place on entering, wait"),
    named("CALLBACK_REQUESTED", Since::V0_1, means("A caller is to be called back and keeps the place. Asterisk knows no callbacks: these six lines stand beside its own.")).unit("number, place, wait"),
    named("CALLBACK_ATTEMPT", Since::V0_1, means("A caller is being called back.")).unit("number, attempt"),
    named("CALLBACK_REACHED", Since::V0_1, means("Who was called back comes to the place.")).unit("number, attempt"),
    named("CALLBACK_FAILED", Since::V0_1, means("An attempt has ended without the person.")).unit("number, attempt, how it ended"),
    named("CALLBACK_ENDED", Since::V0_1, means("A caller is not to be called back any more; one who goes with that has a line of the reason, too.")).unit("number, attempts, result"),
    named("CALLBACK_EXPIRED", Since::V0_1, means("The same, where a call was promised and none was made in time.")).unit("number, attempts, result"),
    named("RINGNOANSWER", Since::V0_1, means("The agent did not take the call: not answered, busy, rejected, not reached.").asterisk("`RINGNOANSWER`")).unit("milliseconds"),
    named("RINGCANCELED", Since::V0_1, means("The ring was stopped: the caller left, or the agent went on a break.").asterisk("`RINGCANCELED`")).unit("milliseconds"),
    named("AGENTDUMP", Since::V0_1, means("The agent answered, and hung up before the bridge.").asterisk("`AGENTDUMP`")),
    named("AGENTLOGIN", Since::V0_1, means("From `Logged Out` to another status.").asterisk("`AGENTLOGIN`")).unit("contact"),
    named("AGENTLOGOFF", Since::V0_1, means("To `Logged Out`.").asterisk("`AGENTLOGOFF`")).unit("contact, seconds logged in"),
    named("PAUSEALL", Since::V0_1, means("To `On Break`; then a line `PAUSE` for each queue.").asterisk("`PAUSEALL`")),
    named("UNPAUSEALL", Since::V0_1, means("From `On Break`; then a line `UNPAUSE` for each queue.").asterisk("`UNPAUSEALL`")),
    named("PAUSE", Since::V0_1, means("`tier pause`, and as with `PAUSEALL`.").asterisk("`PAUSE`")).unit("reason, if one was given"),
    named("UNPAUSE", Since::V0_1, means("`tier resume`, and as with `UNPAUSEALL`.").asterisk("`UNPAUSE`")).unit("reason, if one was given"),
    named("ADDMEMBER", Since::V0_1, means("`tier add`.").asterisk("`ADDMEMBER`")),
    named("REMOVEMEMBER", Since::V0_1, means("`tier del`, `agent del`.").asterisk("`REMOVEMEMBER`")),
];

#[cfg(test)]
mod tests {
    use super::QUEUE_LOG_EVENTS;
    use crate::engine::QueueLogEvent;
    use std::collections::BTreeSet;

    #[test]
    fn every_event_is_there() {
        let told: BTreeSet<&str> = QUEUE_LOG_EVENTS.iter().map(|event| event.name).collect();
        let known = QueueLogEvent::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(told, known);
    }
}
