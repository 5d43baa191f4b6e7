//! The attributes of an agent that are a value and nothing more: attributes of `<agent>`, keys of `agent set`, columns of
//! the table `agents`. What does more than to be kept (status, state, contact, type) is an
//! [`AgentSetting`](crate::engine::AgentSetting) of its own.

use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::reading::Since;
use crate::engine::rows::agent::AgentRow;

/// Every such attribute. These are stock's.
pub static AGENT_ATTRIBUTES: &[Parameter<AgentRow>] = &[
    like_c(
        "max-no-answer",
        "calls",
        |row| row.max_no_answer,
        |row, value| row.max_no_answer = value,
    ),
    like_c(
        "wrap-up-time",
        "seconds",
        |row| row.wrap_up_time,
        |row, value| row.wrap_up_time = value,
    ),
    like_c(
        "reject-delay-time",
        "seconds",
        |row| row.reject_delay_time,
        |row, value| row.reject_delay_time = value,
    ),
    like_c(
        "busy-delay-time",
        "seconds",
        |row| row.busy_delay_time,
        |row, value| row.busy_delay_time = value,
    ),
    like_c(
        "no-answer-delay-time",
        "seconds",
        |row| row.no_answer_delay_time,
        |row, value| row.no_answer_delay_time = value,
    ),
];

const fn like_c(
    name: &'static str,
    unit: &'static str,
    get: fn(&AgentRow) -> i64,
    set: fn(&mut AgentRow, i64),
) -> Parameter<AgentRow> {
    Parameter {
        name,
        since: Since::Stock,
        kind: Kind::LikeC { unit, get, set },
    }
}
