//! The strategies of a queue, with what is said of each.

use crate::engine::vocabulary::meaning::{means, named, Named, Since};

/// Every strategy, in the order in which documents show them.
pub static STRATEGIES: &[Named] = &[
    named(
        "longest-idle-agent",
        Since::Stock,
        means("Whoever has been without a call for longest.").asterisk("leastrecent (last call)"),
    ),
    named(
        "round-robin",
        Since::Stock,
        means("The next by position after the one who was offered last.").asterisk("rrmemory, rrordered"),
    ),
    named(
        "ring-all",
        Since::Stock,
        means("Everyone; whoever answers first has the call.").asterisk("ringall"),
    ),
    named(
        "ring-progressively",
        Since::Stock,
        means("One more every `ring-progressively-delay` seconds."),
    ),
    named(
        "top-down",
        Since::Stock,
        means("By position, going on after the last one.").asterisk("linear"),
    ),
    named(
        "agent-with-least-talk-time",
        Since::Stock,
        means("Whoever has talked least."),
    ),
    named(
        "agent-with-fewest-calls",
        Since::Stock,
        means("Whoever has answered fewest.").asterisk("fewestcalls"),
    ),
    named(
        "sequentially-by-agent-order",
        Since::Stock,
        means("By position, each time from the first.").asterisk("leastrecent (last offer), with equal positions"),
    ),
    named(
        "sequentially-by-next-agent-order",
        Since::Stock,
        means("As `sequentially-by-agent-order`: the name is known, and means nothing else."),
    ),
    named("random", Since::Stock, means("Anyone.").asterisk("random")),
    named(
        "wrandom",
        Since::V0_1,
        means(
            "Anyone, one of level 0 twice as often as one of level 1: levels are weights, so tier rules open nothing.",
        )
        .asterisk("wrandom"),
    ),
];

#[cfg(test)]
mod tests {
    use super::STRATEGIES;
    use crate::engine::Strategy;
    use std::collections::BTreeSet;

    #[test]
    fn every_strategy_is_there() {
        let told: BTreeSet<&str> = STRATEGIES.iter().map(|strategy| strategy.name).collect();
        let known = Strategy::ALL.iter().map(|strategy| strategy.as_str()).collect();
        assert_eq!(told, known);
    }
}
