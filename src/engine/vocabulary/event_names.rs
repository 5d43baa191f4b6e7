//! The events `CUSTOM callcenter::info` and their headers, wherever the code fires them.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};

/// Every `CC-Action`. What corresponds in Asterisk is an event of its manager.
pub static EVENTS: &[Named] = &[
    named(
        "member-queue-refused",
        Since::V0_1,
        means("A caller may not enter: `CC-Cancel-Reason`."),
    ),
    named(
        "member-queue-start",
        Since::Stock,
        means("A caller enters a queue.").asterisk("`QueueCallerJoin`"),
    ),
    named(
        "member-queue-resume",
        Since::Stock,
        means("A caller returns to a place abandoned before.").asterisk("`QueueCallerJoin`"),
    ),
    named(
        "member-session-change",
        Since::V0_1,
        means(
            "A waiting member goes on with another channel, whose caller was joined with the call that waited: \
             `CC-Member-Session-UUID` and the caller's number are the new ones, `CC-Member-Previous-Session-UUID` is the old one.",
        ),
    ),
    named(
        "callback-requested",
        Since::V0_1,
        means("Somebody is to be called back and keeps the place."),
    ),
    named(
        "callback-attempt",
        Since::V0_1,
        means("Somebody is being called back; an agent is held for it."),
    ),
    named(
        "callback-reached",
        Since::V0_1,
        means("Who was called back has confirmed: `CC-Member-Session-UUID` is the channel."),
    ),
    named(
        "callback-failed",
        Since::V0_1,
        means("An attempt has ended without the person: `CC-Callback-End` says how, `CC-Callback-Next-Attempt` when there is another one."),
    ),
    named(
        "callback-ended",
        Since::V0_1,
        means("Nobody is to be called back any more: an agent has the caller, or `CC-Callback-Result` says what else."),
    ),
    named(
        "callback-expired",
        Since::V0_1,
        means("A callback was given up: `callback-expires` has passed, or `callback-attempts` were in vain."),
    ),
    named(
        "members-count",
        Since::Stock,
        means("After every change of how many wait.").asterisk("`Count` of `QueueCallerJoin`"),
    ),
    named(
        "agent-offering",
        Since::Stock,
        means("An agent is rung for a member.").asterisk("`AgentCalled`"),
    ),
    named(
        "bridge-agent-start",
        Since::Stock,
        means("The agent has answered.").asterisk("`AgentConnect`"),
    ),
    named(
        "bridge-agent-fail",
        Since::Stock,
        means("The agent has not answered, or the offer was withdrawn.").asterisk("`AgentRingNoAnswer`"),
    ),
    named(
        "bridge-agent-end",
        Since::Stock,
        means("The agent's call is over.").asterisk("`AgentComplete`"),
    ),
    named(
        "member-queue-end",
        Since::Stock,
        means(
            "The member has left: `CC-Cause` is `Terminated` after a talk, `Cancel` otherwise, with `CC-Cancel-Reason`.",
        )
        .asterisk("`QueueCallerLeave`, `QueueCallerAbandon`"),
    ),
    named(
        "cdr",
        Since::V0_1,
        means("With `cdrs`: an offer has ended, or a member has left ([reports](reports.md)).").opensips("`cc_cdrs`"),
    ),
    named(
        "agent-status-change",
        Since::Stock,
        means("An agent's status has changed; `CC-Pause-Reason` at the beginning and at the end of a break that has a reason.")
            .asterisk("`QueueMemberStatus`, `QueueMemberPause`"),
    ),
    named(
        "agent-state-change",
        Since::Stock,
        means("An agent's state has changed.").asterisk("`QueueMemberStatus`"),
    ),
    named("agent-contact-change", Since::Stock, means("An agent's contact has changed.")),
    named("agent-add", Since::Stock, means("An agent was made.").asterisk("`QueueMemberAdded`")),
    named(
        "agent-del",
        Since::Stock,
        means("An agent was deleted.").asterisk("`QueueMemberRemoved`"),
    ),
    named(
        "agent-max-no-answer",
        Since::Stock,
        means("An agent has reached `max-no-answer`: `CC-Agent-No-Answer-Count`, `CC-Agent-No-Answer-Status`."),
    ),
    named(
        "agent-status-get",
        Since::Stock,
        means("Somebody has asked for the status with `agent get`: stock tells it."),
    ),
    named(
        "agent-state-get",
        Since::Stock,
        means("Somebody has asked for the state with `agent get`: stock tells it."),
    ),
    named(
        "agent-uuid-get",
        Since::Stock,
        means("Somebody has asked for the leg with `agent get`, or with `callcenter_track`: stock tells it."),
    ),
    named(
        "tier-pause-change",
        Since::V0_1,
        means(
            "An agent is paused in a queue, or not any more: `CC-Queue`, `CC-Agent`, `CC-Tier-Paused`, `CC-Pause-Reason`.",
        )
        .asterisk("`QueueMemberPause`"),
    ),
    named(
        "agent-report",
        Since::V0_1,
        means(
            "With the setting `agent-report`: an agent is now `offline` (on a break, too), `free`, `incall` (from the ring on, with \
             `CC-Queue`) or `wrapup` (with `CC-Agent-Wrapup-Ends`): `CC-Agent-Report`.",
        )
        .opensips("`E_CALLCENTER_AGENT_REPORT`"),
    ),
    named(
        "agent-max-rejected",
        Since::V0_1,
        means("An agent has reached `max-rejected`: `CC-Agent-Rejected-Count`, `CC-Agent-Rejected-Status`."),
    ),
    named(
        "agent-max-busy",
        Since::V0_1,
        means("An agent has reached `max-busy`: `CC-Agent-Busy-Count`, `CC-Agent-Busy-Status`."),
    ),
    named(
        "agent-max-not-registered",
        Since::V0_1,
        means(
            "An agent has reached `max-not-registered`: `CC-Agent-Not-Registered-Count`, `CC-Agent-Not-Registered-Status`.",
        ),
    ),
];

/// Every header of these events. What corresponds in Asterisk is a header of its manager's events.
pub static EVENT_HEADERS: &[Named] = &[
    named(
        "CC-Action",
        Since::Stock,
        means("What has happened.").asterisk("`Event`"),
    ),
    named("CC-Queue", Since::Stock, means("The queue's name.").asterisk("`Queue`")),
    named(
        "CC-Agent",
        Since::Stock,
        means("The agent's name.").asterisk("`MemberName`"),
    ),
    named("CC-Agent-Type", Since::Stock, means("The agent's type.")),
    named(
        "CC-Agent-System",
        Since::Stock,
        means("The instance that has the agent: its `cc-instance-id`.").asterisk("`SystemName`"),
    ),
    named(
        "CC-Agent-UUID",
        Since::Stock,
        means("The agent's leg.").asterisk("`DestUniqueid`"),
    ),
    named(
        "CC-Agent-Status",
        Since::Stock,
        means("The agent's status.").asterisk("`Paused`"),
    ),
    named(
        "CC-Agent-State",
        Since::Stock,
        means("The agent's state.").asterisk("`Status`"),
    ),
    named(
        "CC-Agent-Contact",
        Since::Stock,
        means("The agent's contact.").asterisk("`Interface`"),
    ),
    named(
        "CC-Agent-Called-Time",
        Since::Stock,
        means("When the agent was rung, epoch seconds."),
    ),
    named(
        "CC-Agent-Answered-Time",
        Since::Stock,
        means("When the agent answered, epoch seconds."),
    ),
    named(
        "CC-Agent-Aborted-Time",
        Since::Stock,
        means("When the offer ended without a bridge, epoch seconds."),
    ),
    named(
        "CC-Agent-Bridged",
        Since::Stock,
        means("`true` or `false`: whether agent and caller were connected."),
    ),
    named(
        "CC-Agent-No-Answer-Count",
        Since::Stock,
        means("The limit that was reached."),
    ),
    named(
        "CC-Agent-No-Answer-Status",
        Since::Stock,
        means("The status that the agent got for it."),
    ),
    named(
        "CC-Agent-Rejected-Count",
        Since::V0_1,
        means("The limit that was reached."),
    ),
    named(
        "CC-Agent-Rejected-Status",
        Since::V0_1,
        means("The status that the agent got for it."),
    ),
    named("CC-Agent-Busy-Count", Since::V0_1, means("The limit that was reached.")),
    named(
        "CC-Agent-Busy-Status",
        Since::V0_1,
        means("The status that the agent got for it."),
    ),
    named(
        "CC-Agent-Not-Registered-Count",
        Since::V0_1,
        means("The limit that was reached."),
    ),
    named(
        "CC-Agent-Not-Registered-Status",
        Since::V0_1,
        means("The status that the agent got for it."),
    ),
    named(
        "CC-Event-Sequence",
        Since::V0_1,
        means("The event's number among those of the module, from 1 on without gaps: [one look at everything](commands.md#one-look-at-everything) tells which of them it contains."),
    ),
    named(
        "CC-Agent-Report",
        Since::V0_1,
        means("What the agent does now: `offline`, `free`, `incall`, `wrapup`."),
    ),
    named(
        "CC-Agent-Wrapup-Ends",
        Since::V0_1,
        means("When the wrap-up ends, epoch seconds.").asterisk("`WrapupTime`"),
    ),
    named(
        "CC-Pause-Reason",
        Since::V0_1,
        means("Why the agent is paused, or was.").asterisk("`PausedReason`"),
    ),
    named(
        "CC-Tier-Paused",
        Since::V0_1,
        means("`true` or `false`: whether the agent is paused in the queue.").asterisk("`Paused`"),
    ),
    named("CC-Member-UUID", Since::Stock, means("The member.")),
    named(
        "CC-Member-Session-UUID",
        Since::Stock,
        means("The caller's channel.").asterisk("`Uniqueid`"),
    ),
    named(
        "CC-Member-Previous-Session-UUID",
        Since::V0_1,
        means("The channel the member had before."),
    ),
    named(
        "CC-Member-CID-Name",
        Since::Stock,
        means("The caller's name.").asterisk("`CallerIDName`"),
    ),
    named(
        "CC-Member-CID-Number",
        Since::Stock,
        means("The caller's number.").asterisk("`CallerIDNum`"),
    ),
    named(
        "CC-Member-DNIS",
        Since::Stock,
        means("The number that was redirected here."),
    ),
    named(
        "CC-Member-Joined-Time",
        Since::Stock,
        means("When the caller entered, epoch seconds."),
    ),
    named(
        "CC-Member-Leaving-Time",
        Since::Stock,
        means("When the caller left, epoch seconds."),
    ),
    named("CC-Param", Since::V0_1, means("The caller's `cc_param`.")),
    named("CC-Media", Since::V0_1, means("`chat`, of a caller who is one.")),
    named(
        "CC-Cause",
        Since::Stock,
        means("`Terminated` or `Cancel`: whether the member left after a talk."),
    ),
    named(
        "CC-Cancel-Reason",
        Since::Stock,
        means("Why a member left without a talk, or may not enter: as `cc_cancel_reason`."),
    ),
    named(
        "CC-Hangup-Cause",
        Since::Stock,
        means("Why the agent's leg, or the offer, ended."),
    ),
    named(
        "CC-Bridge-Terminated-Time",
        Since::Stock,
        means("When the talk ended, epoch seconds."),
    ),
    named(
        "CC-Count",
        Since::Stock,
        means("How many members wait or are tried.").asterisk("`Count`"),
    ),
    named("CC-Selection", Since::Stock, means("`Single-Queue`.")),
    named("CC-CDR-UUID", Since::V0_1, means("Of a record: column `uuid`.")),
    named("CC-CDR-Record", Since::V0_1, means("Of a record: column `record`.")),
    named(
        "CC-CDR-Call-Type",
        Since::V0_1,
        means("Of a record: column `call_type`."),
    ),
    named("CC-CDR-Result", Since::V0_1, means("Of a record: column `result`.")),
    named("CC-CDR-Cause", Since::V0_1, means("Of a record: column `cause`.")),
    named(
        "CC-CDR-Instance",
        Since::V0_1,
        means("Of a record: column `instance_id`."),
    ),
    named("CC-CDR-Received", Since::V0_1, means("Of a record: column `received`.")),
    named("CC-CDR-Ended", Since::V0_1, means("Of a record: column `ended`.")),
    named("CC-CDR-Wait-MS", Since::V0_1, means("Of a record: column `wait_ms`.")),
    named(
        "CC-CDR-Pickup-MS",
        Since::V0_1,
        means("Of a record: column `pickup_ms`."),
    ),
    named("CC-CDR-Talk-MS", Since::V0_1, means("Of a record: column `talk_ms`.")),
    named("CC-CDR-Offers", Since::V0_1, means("Of a record: column `offers`.")),
    named(
        "CC-CDR-Rejections",
        Since::V0_1,
        means("Of a record: column `rejections`."),
    ),
    named("CC-CDR-Media", Since::V0_1, means("Of a record: column `media`.")),
    named(
        "CC-Callback-Number",
        Since::V0_1,
        means("The number that is called back."),
    ),
    named(
        "CC-Callback-Attempts",
        Since::V0_1,
        means("Attempts to call back that have been made, the present one too."),
    ),
    named(
        "CC-Callback-Requested-Time",
        Since::V0_1,
        means("When a callback was asked for."),
    ),
    named(
        "CC-Callback-End",
        Since::V0_1,
        means(
            "How an attempt to call back ended: `busy`, `no-answer`, `not-confirmed` (voicemail, or nobody pressed the key), `declined`, \
             `unreachable`, `refused` (the call was not made).",
        ),
    ),
    named(
        "CC-Callback-Next-Attempt",
        Since::V0_1,
        means("No attempt to call back is made before; 0: there is no other one."),
    ),
    named(
        "CC-Callback-Result",
        Since::V0_1,
        means(
            "How a callback ended: `answered`, `taken-live` (the caller called meanwhile), `left` (was reached and hung up), \
             `cancelled`, `declined`, `expired`, `given-up`.",
        ),
    ),
];
