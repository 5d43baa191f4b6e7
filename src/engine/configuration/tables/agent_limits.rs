//! What an agent has beyond stock's columns: attributes of `<agent>`, keys of `agent set`, columns of the table
//! `agents_limits`.

use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::topic::Topic;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::meaning::{means, Meaning, Since};

/// More chats than anybody can follow.
const MOST_CHATS: i64 = 1_000;

/// As large as stock's numbers of an agent can be.
const MANY: i64 = i32::MAX as i64;

/// Every such attribute.
pub static AGENT_LIMITS: &[Parameter<AgentLimits>] = &[
    number(
        ("not-registered-delay-time", "seconds", MANY),
        |limits| limits.not_registered_delay_time,
        |limits, value| limits.not_registered_delay_time = value,
        means("Pause after an offer that found no registered phone."),
    ),
    number(
        ("max-rejected", "offers", MANY),
        |limits| limits.max_rejected,
        |limits, value| limits.max_rejected = value,
        means("As `max-no-answer`, for offers that were rejected."),
    ),
    number(
        ("max-busy", "offers", MANY),
        |limits| limits.max_busy,
        |limits, value| limits.max_busy = value,
        means("As `max-no-answer`, for offers that were busy."),
    ),
    number(
        ("max-not-registered", "offers", MANY),
        |limits| limits.max_not_registered,
        |limits, value| limits.max_not_registered = value,
        means("As `max-no-answer`, for offers that found no registered phone."),
    ),
    number(
        ("max-chats", "chats", MOST_CHATS),
        |limits| limits.max_chats,
        |limits, value| limits.max_chats = value,
        means("Chats at once, beside a call; 0 is none.").opensips("`msrp_max_sessions`"),
    ),
    number(
        ("chat-wrap-up-time", "seconds", MANY),
        |limits| limits.chat_wrap_up_time,
        |limits, value| limits.chat_wrap_up_time = value,
        means("Pause between the end of a chat and the next chat; 0 is `wrap-up-time` of the queue, else of the settings.")
            .opensips("`wrapup_time`")
            .asterisk("`wrapuptime`"),
    ),
];

const fn number(
    (name, unit, most): (&'static str, &'static str, i64),
    get: fn(&AgentLimits) -> i64,
    set: fn(&mut AgentLimits, i64),
    meaning: Meaning,
) -> Parameter<AgentLimits> {
    let range = (0, most);
    Parameter::new(name, Since::V0_1, Kind::Number { unit, range, get, set }).told(Topic::Agent, meaning)
}
