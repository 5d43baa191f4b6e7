//! The attributes of an agent. Those that are a value and nothing more are attributes of `<agent>`, keys of `agent set`, columns of
//! the table `agents`. What does more than to be kept (status, state, contact, type) is an
//! [`AgentSetting`](crate::engine::AgentSetting) of its own.

use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::topic::Topic;
use crate::engine::rows::agent::AgentRow;
use crate::engine::vocabulary::meaning::{means, named, Meaning, Named, Since};

/// The attributes of `<agent>` that are in no table of parameters.
pub static AGENT_WORDS: &[Named] = &[
    named(
        "name",
        Since::Stock,
        means("The agent's name in commands, events and rows.")
            .opensips("`agentid`")
            .asterisk("`membername`")
            .in_sample("1001"),
    )
    .unit("text"),
    named(
        "type",
        Since::Stock,
        means("`callback`: the contact is rung for each call; `uuid-standby`: a leg that stays up.").in_sample("callback"),
    )
    .unit("word"),
    named(
        "contact",
        Since::Stock,
        means("Any dial string; `${...}` is expanded on the caller's channel.")
            .opensips("`location`")
            .asterisk("`interface`")
            .in_sample("[call_timeout=20]user/1001"),
    )
    .unit("text"),
    named(
        "status",
        Since::Stock,
        means(
            "`Logged Out`, `Available`, `Available (On Demand)` or `On Break`. Taken when it is new or has changed here, so that a \
             restart does not undo a log-in.",
        )
        .opensips("`logstate`")
        .asterisk("`paused`")
        .in_sample("Logged Out"),
    )
    .unit("word"),
    named(
        "skills",
        Since::V0_1,
        means("What the agent can do: `name` or `name=level`, by commas.")
            .opensips("`skills`")
            .example("german=7,billing"),
    )
    .unit("skills"),
];

/// Every attribute that is a value and nothing more. These are stock's.
pub static AGENT_ATTRIBUTES: &[Parameter<AgentRow>] = &[
    like_c(
        "max-no-answer",
        "calls",
        |row| row.max_no_answer,
        |row, value| row.max_no_answer = value,
        means("After so many unanswered offers in a row the agent gets `agent-no-answer-status`; 0 is no limit.")
            .in_sample("3"),
    ),
    like_c(
        "wrap-up-time",
        "seconds",
        |row| row.wrap_up_time,
        |row, value| row.wrap_up_time = value,
        means("Pause after a call; 0 is `wrap-up-time` of the queue, else of the settings.")
            .opensips("`wrapup_time`")
            .asterisk("`wrapuptime`")
            .in_sample("10"),
    ),
    like_c(
        "reject-delay-time",
        "seconds",
        |row| row.reject_delay_time,
        |row, value| row.reject_delay_time = value,
        means("Pause after a rejected offer.").in_sample("10"),
    ),
    like_c(
        "busy-delay-time",
        "seconds",
        |row| row.busy_delay_time,
        |row, value| row.busy_delay_time = value,
        means("Pause after an offer that found the phone busy.").in_sample("60"),
    ),
    like_c(
        "no-answer-delay-time",
        "seconds",
        |row| row.no_answer_delay_time,
        |row, value| row.no_answer_delay_time = value,
        means("Pause after an unanswered offer.").in_sample("10"),
    ),
];

const fn like_c(
    name: &'static str,
    unit: &'static str,
    get: fn(&AgentRow) -> i64,
    set: fn(&mut AgentRow, i64),
    meaning: Meaning,
) -> Parameter<AgentRow> {
    Parameter::new(name, Since::Stock, Kind::LikeC { unit, get, set }).told(Topic::Agent, meaning)
}
