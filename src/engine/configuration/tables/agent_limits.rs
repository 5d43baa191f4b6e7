//! What an agent has beyond stock's columns: attributes of `<agent>`, keys of `agent set`, columns of the table
//! `agents_limits`.

use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::reading::Since;
use crate::engine::rows::agent_limits::AgentLimits;

/// More chats than anybody can follow.
const MOST_CHATS: i64 = 1_000;

/// Every such attribute.
pub static AGENT_LIMITS: &[Parameter<AgentLimits>] = &[
    number(
        "not-registered-delay-time",
        "seconds",
        |limits| limits.not_registered_delay_time,
        |limits, value| limits.not_registered_delay_time = value,
    ),
    number(
        "max-rejected",
        "offers",
        |limits| limits.max_rejected,
        |limits, value| limits.max_rejected = value,
    ),
    number(
        "max-busy",
        "offers",
        |limits| limits.max_busy,
        |limits, value| limits.max_busy = value,
    ),
    number(
        "max-not-registered",
        "offers",
        |limits| limits.max_not_registered,
        |limits, value| limits.max_not_registered = value,
    ),
    Parameter {
        name: "max-chats",
        since: Since::Ours,
        kind: Kind::Number {
            unit: "chats",
            range: (0, MOST_CHATS),
            get: |limits| limits.max_chats,
            set: |limits, value| limits.max_chats = value,
        },
    },
    number(
        "chat-wrap-up-time",
        "seconds",
        |limits| limits.chat_wrap_up_time,
        |limits, value| limits.chat_wrap_up_time = value,
    ),
];

const fn number(
    name: &'static str,
    unit: &'static str,
    get: fn(&AgentLimits) -> i64,
    set: fn(&mut AgentLimits, i64),
) -> Parameter<AgentLimits> {
    let range = (0, i32::MAX as i64);
    let kind = Kind::Number { unit, range, get, set };
    Parameter {
        name,
        since: Since::Ours,
        kind,
    }
}
