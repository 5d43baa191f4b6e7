//! The events `CUSTOM callcenter::info` and their headers, wherever the code fires them.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};
use crate::engine::vocabulary::names::{action, header};

/// Every `CC-Action`. What corresponds in Asterisk is an event of its manager.
pub static EVENTS: &[Named] = &[
    named(
        action::MEMBER_QUEUE_REFUSED,
        Since::V0_1,
        means("A caller may not enter: `CC-Cancel-Reason`."),
    ),
    named(
        action::MEMBER_QUEUE_START,
        Since::Stock,
        means("A caller enters a queue.").asterisk("`QueueCallerJoin`"),
    ),
    named(
        action::MEMBER_QUEUE_RESUME,
        Since::Stock,
        means("A caller returns to a place abandoned before.").asterisk("`QueueCallerJoin`"),
    ),
    named(
        action::MEMBER_SESSION_CHANGE,
        Since::V0_1,
        means(
            "A waiting member goes on with another channel, whose caller was joined with the call that waited: \
             `CC-Member-Session-UUID` and the caller's number are the new ones, `CC-Member-Previous-Session-UUID` is the old one.",
        ),
    ),
    named(
        action::CALLBACK_REQUESTED,
        Since::V0_1,
        means("Somebody is to be called back and keeps the place."),
    ),
    named(
        action::CALLBACK_ATTEMPT,
        Since::V0_1,
        means("Somebody is being called back; an agent is held for it."),
    ),
    named(
        action::CALLBACK_REACHED,
        Since::V0_1,
        means("Who was called back has confirmed: `CC-Member-Session-UUID` is the channel."),
    ),
    named(
        action::CALLBACK_FAILED,
        Since::V0_1,
        means("An attempt has ended without the person: `CC-Callback-End` says how, `CC-Callback-Next-Attempt` when there is another one."),
    ),
    named(
        action::CALLBACK_ENDED,
        Since::V0_1,
        means("Nobody is to be called back any more: an agent has the caller, or `CC-Callback-Result` says what else."),
    ),
    named(
        action::CALLBACK_EXPIRED,
        Since::V0_1,
        means("A callback was given up: `callback-expires` has passed, `callback-attempts` were in vain, or `callback-attempts-per-day` are used up."),
    ),
    named(
        action::MEMBERS_COUNT,
        Since::Stock,
        means("After every change of how many wait.").asterisk("`Count` of `QueueCallerJoin`"),
    ),
    named(
        action::AGENT_OFFERING,
        Since::Stock,
        means("An agent is rung for a member.").asterisk("`AgentCalled`"),
    ),
    named(
        action::BRIDGE_AGENT_START,
        Since::Stock,
        means("The agent has answered.").asterisk("`AgentConnect`"),
    ),
    named(
        action::BRIDGE_AGENT_FAIL,
        Since::Stock,
        means("The agent has not answered, or the offer was withdrawn.").asterisk("`AgentRingNoAnswer`"),
    ),
    named(
        action::BRIDGE_AGENT_END,
        Since::Stock,
        means("The agent's call is over.").asterisk("`AgentComplete`"),
    ),
    named(
        action::MEMBER_QUEUE_END,
        Since::Stock,
        means(
            "The member has left: `CC-Cause` is `Terminated` after a talk, `Cancel` otherwise, with `CC-Cancel-Reason`.",
        )
        .asterisk("`QueueCallerLeave`, `QueueCallerAbandon`"),
    ),
    named(
        action::CDR,
        Since::V0_1,
        means("With `cdrs`: an offer has ended, or a member has left ([reports](reports.md)).").opensips("`cc_cdrs`"),
    ),
    named(
        action::AGENT_STATUS_CHANGE,
        Since::Stock,
        means("An agent's status has changed; `CC-Pause-Reason` at the beginning and at the end of a break that has a reason.")
            .asterisk("`QueueMemberStatus`, `QueueMemberPause`"),
    ),
    named(
        action::AGENT_STATE_CHANGE,
        Since::Stock,
        means("An agent's state has changed.").asterisk("`QueueMemberStatus`"),
    ),
    named(action::AGENT_CONTACT_CHANGE, Since::Stock, means("An agent's contact has changed.")),
    named(action::AGENT_ADD, Since::Stock, means("An agent was made.").asterisk("`QueueMemberAdded`")),
    named(
        action::AGENT_DEL,
        Since::Stock,
        means("An agent was deleted.").asterisk("`QueueMemberRemoved`"),
    ),
    named(
        action::AGENT_MAX_NO_ANSWER,
        Since::Stock,
        means("An agent has reached `max-no-answer`: `CC-Agent-No-Answer-Count`, `CC-Agent-No-Answer-Status`."),
    ),
    named(
        action::AGENT_STATUS_GET,
        Since::Stock,
        means("Somebody has asked for the status with `agent get`: stock tells it."),
    ),
    named(
        action::AGENT_STATE_GET,
        Since::Stock,
        means("Somebody has asked for the state with `agent get`: stock tells it."),
    ),
    named(
        action::AGENT_UUID_GET,
        Since::Stock,
        means("Somebody has asked for the leg with `agent get`, or with `callcenter_track`: stock tells it."),
    ),
    named(
        action::TIER_PAUSE_CHANGE,
        Since::V0_1,
        means(
            "An agent is paused in a queue, or not any more: `CC-Queue`, `CC-Agent`, `CC-Tier-Paused`, `CC-Pause-Reason`.",
        )
        .asterisk("`QueueMemberPause`"),
    ),
    named(
        action::AGENT_REPORT,
        Since::V0_1,
        means(
            "With the setting `agent-report`: an agent is now `offline` (on a break, too), `free`, `incall` (from the ring on, with \
             `CC-Queue`) or `wrapup` (with `CC-Agent-Wrapup-Ends`): `CC-Agent-Report`.",
        )
        .opensips("`E_CALLCENTER_AGENT_REPORT`"),
    ),
    named(
        action::AGENT_MAX_REJECTED,
        Since::V0_1,
        means("An agent has reached `max-rejected`: `CC-Agent-Rejected-Count`, `CC-Agent-Rejected-Status`."),
    ),
    named(
        action::AGENT_MAX_BUSY,
        Since::V0_1,
        means("An agent has reached `max-busy`: `CC-Agent-Busy-Count`, `CC-Agent-Busy-Status`."),
    ),
    named(
        action::AGENT_MAX_NOT_REGISTERED,
        Since::V0_1,
        means(
            "An agent has reached `max-not-registered`: `CC-Agent-Not-Registered-Count`, `CC-Agent-Not-Registered-Status`.",
        ),
    ),
];

/// Every header of these events. What corresponds in Asterisk is a header of its manager's events.
pub static EVENT_HEADERS: &[Named] = &[
    named(
        header::ACTION,
        Since::Stock,
        means("What has happened.").asterisk("`Event`"),
    ),
    named(header::QUEUE, Since::Stock, means("The queue's name.").asterisk("`Queue`")),
    named(
        header::AGENT,
        Since::Stock,
        means("The agent's name.").asterisk("`MemberName`"),
    ),
    named(header::AGENT_TYPE, Since::Stock, means("The agent's type.")),
    named(
        header::AGENT_SYSTEM,
        Since::Stock,
        means("The instance that has the agent: its `cc-instance-id`.").asterisk("`SystemName`"),
    ),
    named(
        header::AGENT_UUID,
        Since::Stock,
        means("The agent's leg.").asterisk("`DestUniqueid`"),
    ),
    named(
        header::AGENT_STATUS,
        Since::Stock,
        means("The agent's status.").asterisk("`Paused`"),
    ),
    named(
        header::AGENT_STATE,
        Since::Stock,
        means("The agent's state.").asterisk("`Status`"),
    ),
    named(
        header::AGENT_CONTACT,
        Since::Stock,
        means("The agent's contact.").asterisk("`Interface`"),
    ),
    named(
        header::AGENT_CALLED_TIME,
        Since::Stock,
        means("When the agent was rung, epoch seconds."),
    ),
    named(
        header::AGENT_ANSWERED_TIME,
        Since::Stock,
        means("When the agent answered, epoch seconds."),
    ),
    named(
        header::AGENT_ABORTED_TIME,
        Since::Stock,
        means("When the offer ended without a bridge, epoch seconds."),
    ),
    named(
        header::AGENT_BRIDGED,
        Since::Stock,
        means("`true` or `false`: whether agent and caller were connected."),
    ),
    named(
        header::AGENT_NO_ANSWER_COUNT,
        Since::Stock,
        means("The limit that was reached."),
    ),
    named(
        header::AGENT_NO_ANSWER_STATUS,
        Since::Stock,
        means("The status that the agent got for it."),
    ),
    named(
        header::AGENT_REJECTED_COUNT,
        Since::V0_1,
        means("The limit that was reached."),
    ),
    named(
        header::AGENT_REJECTED_STATUS,
        Since::V0_1,
        means("The status that the agent got for it."),
    ),
    named(header::AGENT_BUSY_COUNT, Since::V0_1, means("The limit that was reached.")),
    named(
        header::AGENT_BUSY_STATUS,
        Since::V0_1,
        means("The status that the agent got for it."),
    ),
    named(
        header::AGENT_NOT_REGISTERED_COUNT,
        Since::V0_1,
        means("The limit that was reached."),
    ),
    named(
        header::AGENT_NOT_REGISTERED_STATUS,
        Since::V0_1,
        means("The status that the agent got for it."),
    ),
    named(
        header::INSTANCE,
        Since::V0_1,
        means("In a [cluster](clusters.md) alone: the box whose call it is, or that has caused it, by its `cc-instance-id`, wherever it is fired.")
            .asterisk("`SystemName`"),
    ),
    named(
        header::ELECTION,
        Since::V0_1,
        means("In a [cluster](clusters.md) alone: whose event it is of all boxes that ever led. `CC-Event-Sequence` begins anew with each."),
    ),
    named(
        header::EVENT_SEQUENCE,
        Since::V0_1,
        means("The event's number among those of the module, in a [cluster](clusters.md) of all boxes together, from 1 on without gaps: [one look at everything](commands.md#one-look-at-everything) tells which of them it contains."),
    ),
    named(
        header::AGENT_REPORT,
        Since::V0_1,
        means("What the agent does now: `offline`, `free`, `incall`, `wrapup`."),
    ),
    named(
        header::AGENT_WRAPUP_ENDS,
        Since::V0_1,
        means("When the wrap-up ends, epoch seconds.").asterisk("`WrapupTime`"),
    ),
    named(
        header::PAUSE_REASON,
        Since::V0_1,
        means("Why the agent is paused, or was.").asterisk("`PausedReason`"),
    ),
    named(
        header::TIER_PAUSED,
        Since::V0_1,
        means("`true` or `false`: whether the agent is paused in the queue.").asterisk("`Paused`"),
    ),
    named(header::MEMBER_UUID, Since::Stock, means("The member.")),
    named(
        header::MEMBER_SESSION_UUID,
        Since::Stock,
        means("The caller's channel.").asterisk("`Uniqueid`"),
    ),
    named(
        header::MEMBER_PREVIOUS_SESSION_UUID,
        Since::V0_1,
        means("The channel the member had before."),
    ),
    named(
        header::MEMBER_CID_NAME,
        Since::Stock,
        means("The caller's name.").asterisk("`CallerIDName`"),
    ),
    named(
        header::MEMBER_CID_NUMBER,
        Since::Stock,
        means("The caller's number.").asterisk("`CallerIDNum`"),
    ),
    named(
        header::MEMBER_DNIS,
        Since::Stock,
        means("The number that was redirected here."),
    ),
    named(
        header::MEMBER_JOINED_TIME,
        Since::Stock,
        means("When the caller entered, epoch seconds."),
    ),
    named(
        header::MEMBER_LEAVING_TIME,
        Since::Stock,
        means("When the caller left, epoch seconds."),
    ),
    named(header::PARAM, Since::V0_1, means("The caller's `cc_param`.")),
    named(header::MEDIA, Since::V0_1, means("`chat`, of a caller who is one.")),
    named(
        header::CAUSE,
        Since::Stock,
        means("`Terminated` or `Cancel`: whether the member left after a talk."),
    ),
    named(
        header::CANCEL_REASON,
        Since::Stock,
        means("Why a member left without a talk, or may not enter: as `cc_cancel_reason`."),
    ),
    named(
        header::HANGUP_CAUSE,
        Since::Stock,
        means("Why the agent's leg, or the offer, ended."),
    ),
    named(
        header::BRIDGE_TERMINATED_TIME,
        Since::Stock,
        means("When the talk ended, epoch seconds."),
    ),
    named(
        header::COUNT,
        Since::Stock,
        means("How many members wait or are tried.").asterisk("`Count`"),
    ),
    named(header::SELECTION, Since::Stock, means("`Single-Queue`.")),
    named(header::CDR_UUID, Since::V0_1, means("Of a record: column `uuid`.")),
    named(header::CDR_RECORD, Since::V0_1, means("Of a record: column `record`.")),
    named(
        header::CDR_CALL_TYPE,
        Since::V0_1,
        means("Of a record: column `call_type`."),
    ),
    named(header::CDR_RESULT, Since::V0_1, means("Of a record: column `result`.")),
    named(header::CDR_CAUSE, Since::V0_1, means("Of a record: column `cause`.")),
    named(
        header::CDR_INSTANCE,
        Since::V0_1,
        means("Of a record: column `instance_id`."),
    ),
    named(header::CDR_RECEIVED, Since::V0_1, means("Of a record: column `received`.")),
    named(header::CDR_ENDED, Since::V0_1, means("Of a record: column `ended`.")),
    named(header::CDR_WAIT_MS, Since::V0_1, means("Of a record: column `wait_ms`.")),
    named(
        header::CDR_PICKUP_MS,
        Since::V0_1,
        means("Of a record: column `pickup_ms`."),
    ),
    named(header::CDR_TALK_MS, Since::V0_1, means("Of a record: column `talk_ms`.")),
    named(header::CDR_OFFERS, Since::V0_1, means("Of a record: column `offers`.")),
    named(
        header::CDR_REJECTIONS,
        Since::V0_1,
        means("Of a record: column `rejections`."),
    ),
    named(header::CDR_MEDIA, Since::V0_1, means("Of a record: column `media`.")),
    named(
        header::CALLBACK_NUMBER,
        Since::V0_1,
        means("The number that is called back."),
    ),
    named(
        header::CALLBACK_ATTEMPTS,
        Since::V0_1,
        means("Attempts to call back that have been made, the present one too."),
    ),
    named(
        header::CALLBACK_REQUESTED_TIME,
        Since::V0_1,
        means("When a callback was asked for."),
    ),
    named(
        header::CALLBACK_END,
        Since::V0_1,
        means(
            "How an attempt to call back ended: `busy`, `no-answer`, `not-confirmed` (voicemail, or nobody pressed the key), `declined`, \
             `unreachable`, `no-agent` (the agent who waited for it hung up), `refused` (the call was not made).",
        ),
    ),
    named(
        header::CALLBACK_NEXT_ATTEMPT,
        Since::V0_1,
        means("No attempt to call back is made before; 0: there is no other one."),
    ),
    named(
        header::CALLBACK_RESULT,
        Since::V0_1,
        means(
            "How a callback ended: `answered`, `taken-live` (the caller called meanwhile), `left` (was reached and hung up), \
             `cancelled`, `declined`, `expired`, `given-up`, `too-often`.",
        ),
    ),
];
