//! What an agent has beyond stock's columns: attributes of `<agent>`, keys of `agent set`, columns of the table
//! `agents_limits`.

use super::{Kind, Parameter, Since};
use crate::core::agent_limits::AgentLimits;

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
