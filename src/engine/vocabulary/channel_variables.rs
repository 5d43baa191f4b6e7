//! The channel variables of the call centre, wherever the code reads or sets them.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};
use crate::engine::vocabulary::names::variable;

/// Variables that the dialplan sets on the caller's channel before `callcenter`, or on a standby agent's leg.
pub static VARIABLES_READ: &[Named] = &[
    named(variable::BASE_SCORE, Since::Stock, means("By how much the caller is ahead.").asterisk("`QUEUE_PRIO`")).unit("seconds").default("0"),
    named(variable::EXIT_KEYS, Since::Stock, means("Keys with which a caller leaves the queue.").asterisk("`context`")).unit("keys"),
    named(variable::EXPORT_VARS, Since::Stock, means("Variables that the agent's leg gets.").asterisk("`setinterfacevar`")).unit("names"),
    named(variable::MOH_OVERRIDE, Since::Stock, means("In place of `moh-sound`.").asterisk("`musicclass` of the channel")).unit("text"),
    named(variable::OUTBOUND_ANNOUNCE, Since::Stock, means("What the agent hears before being connected.").opensips("`message_flow_id`").asterisk("`announce`")).unit("text"),
    named(variable::BRIDGE_FAILED_OUTBOUND_ANNOUNCE, Since::Stock, means("What an agent hears whose caller has gone.")).unit("text"),
    named(variable::OUTBOUND_CID_NAME_PREFIX, Since::Stock, means("Put before the caller's name on the agent's phone.").opensips("`prependcid`")).unit("text"),
    named(variable::WARNING_TONE, Since::Stock, means("On a standby agent's own leg: what it hears when a call comes.")).unit("text"),
    named(variable::REQUIRED_SKILLS, Since::V0_1, means("Added to those of the queue for this caller.").opensips("`skill`")).unit("skills"),
    named(variable::MAX_LEVEL, Since::V0_1, means("Agents of higher levels are left out.").asterisk("`QUEUE_MAX_PENALTY`")).unit("number"),
    named(variable::RAISE_LEVEL, Since::V0_1, means("Agents of lower levels count as of this one, never above `cc_max_level`; `r10`: for the order only.").asterisk("`QUEUE_RAISE_PENALTY`")).unit("number"),
    named(variable::MIN_LEVEL, Since::V0_1, means("Agents of lower levels are left out; never above `cc_max_level`.").asterisk("`QUEUE_MIN_PENALTY`")).unit("number"),
    named(variable::PARAM, Since::V0_1, means("Anything: the agent's leg has it too, and events about the call as `CC-Param`.").opensips("`cc_handle_call`")).unit("text"),
    named(variable::POSITION_ON_ENTRY, Since::V0_1, means("Where in line the caller begins, 1 is the first, exact also among those who came in one second; never further behind than the score says.").asterisk("`position` of Queue()")).unit("number"),
    named(variable::PREFERRED_AGENTS, Since::V0_1, means("Agents whom this caller would rather have than others, by commas, the most wanted first; in place of whom `sticky-days` remembers.")).unit("names"),
    named(variable::CALLBACK_NUMBER, Since::V0_1, means("The caller does not wait, but is to be called back on this number and keeps the place.")).unit("text"),
    named(variable::MEDIA, Since::V0_1, means("`chat` or `audio`: what the caller is; without it a channel with text and no sound is a chat. Both legs of a chat have it.")).unit("word"),
];

/// Variables that the call centre sets.
pub static VARIABLES_SET: &[Named] = &[
    named(variable::SIDE, Since::Stock, means("`member` or `agent`; since 0.1 `callback`: the channel was made to call somebody back, who is not in the queue yet.")),
    named(variable::QUEUE, Since::Stock, means("The queue.").asterisk("`QUEUENAME`")),
    named(variable::MEMBER_UUID, Since::Stock, means("The member.")),
    named(variable::MEMBER_SESSION_UUID, Since::Stock, means("The caller's channel.")),
    named(variable::MEMBER_PRE_ANSWER_UUID, Since::Stock, means("On the agent's leg while it rings: the member.")),
    named(variable::CALLBACK_ATTEMPT, Since::V0_1, means("On a channel that was made to call somebody back: which attempt it is, from 1 on.")),
    named(variable::AGENT, Since::Stock, means("The agent.").asterisk("`MEMBERNAME`")),
    named(variable::AGENT_TYPE, Since::Stock, means("The agent's type.")),
    named(variable::AGENT_UUID, Since::Stock, means("The agent's leg.")),
    named(variable::AGENT_FOUND, Since::Stock, means("`true` once an agent has answered.")),
    named(variable::AGENT_BRIDGED, Since::Stock, means("Whether the agent was connected.")),
    named(variable::QUEUE_JOINED_EPOCH, Since::Stock, means("When the caller joined.")),
    named(variable::QUEUE_ANSWERED_EPOCH, Since::Stock, means("When an agent answered.")),
    named(variable::QUEUE_TERMINATED_EPOCH, Since::Stock, means("When the talk ended.")),
    named(variable::QUEUE_CANCELED_EPOCH, Since::Stock, means("When the caller left without one.")),
    named(variable::POSITION, Since::V0_1, means("The place the caller was told last; with `position-variable` kept current.").opensips("`queue_pos_param`").asterisk("`QUEUEPOSITION`")),
    named(variable::STATE, Since::V0_1, means("How far the call is: `welcome`, `dissuading1`, `dissuading2`, `queue`, `preagent`, `toagent`.").opensips("`$cc_state`")),
    named(variable::CAUSE, Since::Stock, means("`answered` or `cancel`; since 0.1 `callback`: the caller is to be called back.").asterisk("`QUEUESTATUS`")),
    named(variable::CANCEL_REASON, Since::Stock, means("Why the caller left: `NONE`, `TIMEOUT`, `NO_AGENT_TIMEOUT`, `BREAK_OUT`, `EXIT_WITH_KEY`; since 0.1 `WITHDRAW`, where the caller was to be called back `CALLBACK_EXPIRED`, `CALLBACK_GIVEN_UP`, `CALLBACK_DECLINED`, `CALLBACK_CANCELLED`, `CALLBACK_TOO_OFTEN`, and for a caller who never was in a queue `QUEUE_NOT_FOUND`, `INTERNAL_ERROR`, `CALLBACK_REFUSED`.").opensips("return code of `cc_handle_call`").asterisk("`QUEUESTATUS`")),
    named(variable::CALLBACK_REFUSED, Since::V0_1, means("Why a caller with `cc_callback_number` is not called back: `NOT_IN_THIS_QUEUE`, `NOT_A_NUMBER`, `NOT_ADMITTED`, `NOT_THE_CALLERS`, `TOO_MANY`, `TOO_LATE`, `TOO_OFTEN`, `NOT_THIS_CALLER`.")),
    named(variable::EXIT_KEY, Since::Stock, means("The key with which the caller left.")),
    named(variable::TALK_COURSE, Since::V0_1, means("On both channels of a talk, while no module is loaded: how the talk came about, for the one that takes it over.")),
    named(variable::WITHDRAW_REASON, Since::V0_1, means("What `member withdraw` was given.")),
    named(variable::RECORD_FILENAME, Since::Stock, means("The recording.").asterisk("`MIXMONITOR_FILENAME`")),
    named(variable::LAST_AGENT_TIER_LEVEL, Since::Stock, means("Level of the agent who was offered the caller last.").asterisk("`MEMBERPENALTY`")),
    named(variable::LAST_AGENT_TIER_POSITION, Since::Stock, means("Position of the agent who was offered the caller last.")),
    named(variable::LAST_ORIGINATED_CALL, Since::Stock, means("With `ring-progressively`: when an agent was rung last.")),
    named(variable::TRACKED_AGENT, Since::Stock, means("On other calls of an agent: whose they are.")),
];
