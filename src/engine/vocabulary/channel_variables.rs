//! The channel variables of the call centre, wherever the code reads or sets them.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};

/// Variables that the dialplan sets on the caller's channel before `callcenter`, or on a standby agent's leg.
pub static VARIABLES_READ: &[Named] = &[
    named("cc_base_score", Since::Stock, means("By how much the caller is ahead.").asterisk("`QUEUE_PRIO`")).unit("seconds").default("0"),
    named("cc_exit_keys", Since::Stock, means("Keys with which a caller leaves the queue.").asterisk("`context`")).unit("keys"),
    named("cc_export_vars", Since::Stock, means("Variables that the agent's leg gets.").asterisk("`setinterfacevar`")).unit("names"),
    named("cc_moh_override", Since::Stock, means("In place of `moh-sound`.").asterisk("`musicclass` of the channel")).unit("text"),
    named("cc_outbound_announce", Since::Stock, means("What the agent hears before being connected.").opensips("`message_flow_id`").asterisk("`announce`")).unit("text"),
    named("cc_bridge_failed_outbound_announce", Since::Stock, means("What an agent hears whose caller has gone.")).unit("text"),
    named("cc_outbound_cid_name_prefix", Since::Stock, means("Put before the caller's name on the agent's phone.").opensips("`prependcid`")).unit("text"),
    named("cc_warning_tone", Since::Stock, means("On a standby agent's own leg: what it hears when a call comes.")).unit("text"),
    named("cc_required_skills", Since::V0_1, means("Added to those of the queue for this caller.").opensips("`skill`")).unit("skills"),
    named("cc_max_level", Since::V0_1, means("Agents of higher levels are left out.").asterisk("`QUEUE_MAX_PENALTY`")).unit("number"),
    named("cc_raise_level", Since::V0_1, means("Agents of lower levels count as of this one, never above `cc_max_level`; `r10`: for the order only.").asterisk("`QUEUE_RAISE_PENALTY`")).unit("number"),
    named("cc_min_level", Since::V0_1, means("Agents of lower levels are left out; never above `cc_max_level`.").asterisk("`QUEUE_MIN_PENALTY`")).unit("number"),
    named("cc_param", Since::V0_1, means("Anything: the agent's leg has it too, and events about the call as `CC-Param`.").opensips("`cc_handle_call`")).unit("text"),
    named("cc_position_on_entry", Since::V0_1, means("Where in line the caller begins, 1 is the first, exact also among those who came in one second; never further behind than the score says.").asterisk("`position` of Queue()")).unit("number"),
    named("cc_preferred_agents", Since::V0_1, means("Agents whom this caller would rather have than others, by commas, the most wanted first; in place of whom `sticky-days` remembers.")).unit("names"),
    named("cc_callback_number", Since::V0_1, means("The caller does not wait, but is to be called back on this number and keeps the place.")).unit("text"),
    named("cc_media", Since::V0_1, means("`chat` or `audio`: what the caller is; without it a channel with text and no sound is a chat. Both legs of a chat have it.")).unit("word"),
];

/// Variables that the call centre sets.
pub static VARIABLES_SET: &[Named] = &[
    named("cc_side", Since::Stock, means("`member` or `agent`; since 0.1 `callback`: the channel was made to call somebody back, who is not in the queue yet.")),
    named("cc_queue", Since::Stock, means("The queue.").asterisk("`QUEUENAME`")),
    named("cc_member_uuid", Since::Stock, means("The member.")),
    named("cc_member_session_uuid", Since::Stock, means("The caller's channel.")),
    named("cc_member_pre_answer_uuid", Since::Stock, means("On the agent's leg while it rings: the member.")),
    named("cc_callback_attempt", Since::V0_1, means("On a channel that was made to call somebody back: which attempt it is, from 1 on.")),
    named("cc_agent", Since::Stock, means("The agent.").asterisk("`MEMBERNAME`")),
    named("cc_agent_type", Since::Stock, means("The agent's type.")),
    named("cc_agent_uuid", Since::Stock, means("The agent's leg.")),
    named("cc_agent_found", Since::Stock, means("`true` once an agent has answered.")),
    named("cc_agent_bridged", Since::Stock, means("Whether the agent was connected.")),
    named("cc_queue_joined_epoch", Since::Stock, means("When the caller joined.")),
    named("cc_queue_answered_epoch", Since::Stock, means("When an agent answered.")),
    named("cc_queue_terminated_epoch", Since::Stock, means("When the talk ended.")),
    named("cc_queue_canceled_epoch", Since::Stock, means("When the caller left without one.")),
    named("cc_position", Since::V0_1, means("The place the caller was told last; with `position-variable` kept current.").opensips("`queue_pos_param`").asterisk("`QUEUEPOSITION`")),
    named("cc_state", Since::V0_1, means("How far the call is: `welcome`, `dissuading1`, `dissuading2`, `queue`, `preagent`, `toagent`.").opensips("`$cc_state`")),
    named("cc_cause", Since::Stock, means("`answered` or `cancel`; since 0.1 `callback`: the caller is to be called back.").asterisk("`QUEUESTATUS`")),
    named("cc_cancel_reason", Since::Stock, means("Why the caller left: `NONE`, `TIMEOUT`, `NO_AGENT_TIMEOUT`, `BREAK_OUT`, `EXIT_WITH_KEY`; since 0.1 `WITHDRAW`, where the caller was to be called back `CALLBACK_EXPIRED`, `CALLBACK_GIVEN_UP`, `CALLBACK_DECLINED`, `CALLBACK_CANCELLED`, and for a caller who never was in a queue `QUEUE_NOT_FOUND`, `INTERNAL_ERROR`, `CALLBACK_REFUSED`.").opensips("return code of `cc_handle_call`").asterisk("`QUEUESTATUS`")),
    named("cc_callback_refused", Since::V0_1, means("Why a caller with `cc_callback_number` is not called back: `NOT_IN_THIS_QUEUE`, `NOT_A_NUMBER`, `NOT_ADMITTED`, `NOT_THE_CALLERS`, `TOO_MANY`, `NOT_THIS_CALLER`.")),
    named("cc_exit_key", Since::Stock, means("The key with which the caller left.")),
    named("cc_talk_course", Since::V0_1, means("On both channels of a talk, while no module is loaded: how the talk came about, for the one that takes it over.")),
    named("cc_withdraw_reason", Since::V0_1, means("What `member withdraw` was given.")),
    named("cc_record_filename", Since::Stock, means("The recording.").asterisk("`MIXMONITOR_FILENAME`")),
    named("cc_last_agent_tier_level", Since::Stock, means("Level of the agent who was offered the caller last.").asterisk("`MEMBERPENALTY`")),
    named("cc_last_agent_tier_position", Since::Stock, means("Position of the agent who was offered the caller last.")),
    named("cc_last_originated_call", Since::Stock, means("With `ring-progressively`: when an agent was rung last.")),
    named("cc_tracked_agent", Since::Stock, means("On other calls of an agent: whose they are.")),
];
