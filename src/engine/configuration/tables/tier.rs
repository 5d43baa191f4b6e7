//! The attributes of a tier.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};

/// Every attribute of `<tier>`. All are stock's.
pub static TIER_ATTRIBUTES: &[Named] = &[
    named(
        "queue",
        Since::Stock,
        means("The queue.").asterisk("`member`").in_sample("support@default"),
    )
    .unit("text"),
    named(
        "agent",
        Since::Stock,
        means("The agent.").asterisk("`member`").in_sample("1001"),
    )
    .unit("text"),
    named(
        "level",
        Since::Stock,
        means("Lower levels are offered first.")
            .asterisk("`penalty`")
            .in_sample("1"),
    )
    .unit("number")
    .default("1"),
    named(
        "position",
        Since::Stock,
        means("The order within a level.")
            .asterisk("order of `member`")
            .in_sample("1"),
    )
    .unit("number")
    .default("1"),
];
