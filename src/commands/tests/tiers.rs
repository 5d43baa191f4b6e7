//! Commands about tiers.

use super::*;

#[test]
fn a_tier_may_begin_paused() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        (
            "tier add support@default o\\'c 1 1 sleeping",
            "-ERR Invalid word 'sleeping' behind the position! Use paused, and behind it a reason.\n",
        ),
        ("tier add support@default o\\'c 1 1 paused in training", "+OK\n"),
    ]);
    let tiers = bench.console.config("tier list");
    assert!(tiers.contains("|Standby|1|1|true|in training|"), "{tiers}");
}

#[test]
fn tiers_are_added_set_listed_and_deleted() {
    Bench::staffed().expect_all(&[
        ("tier add support@default 1001", "-ERR Tier already exist!\n"),
        ("tier add support@default ghost", "-ERR Agent not found!\n"),
        ("tier add nowhere 1001", "-ERR Queue not found!\n"),
        ("tier add support@default 'a b' 1 -2", "+OK\n"),
        ("tier add support@default o\\'c '' 7x", "+OK\n"),
        (
            "tier add support@default x 99999999999",
            "-ERR Invalid level '99999999999'! Use a number from -2147483648 to 2147483647.\n",
        ),
        (
            "tier list",
            "queue|agent|state|level|position\nsupport@default|a b|Ready|1|-2\nsupport@default|o'c|Ready|1|7\n\
             support@default|1001|Ready|2|3\n+OK\n",
        ),
        ("tier set level support@default 1001 0", "+OK\n"),
        ("tier set position support@default 1001 four", "+OK\n"),
        ("tier set state support@default 1001 'no answer'", "+OK\n"),
        (
            "tier set state support@default 1001 Wrapping",
            "-ERR Invalid Tier State!\n",
        ),
        (
            "tier set colour support@default 1001 red",
            "-ERR Invalid Tier Update KEY!\n",
        ),
        ("tier set colour support@default ghost red", "-ERR Tier not found!\n"),
        ("tier set level nowhere 1001 1", "-ERR Tier not found!\n"),
        (
            "queue list tiers support@default",
            "queue|agent|state|level|position\nsupport@default|1001|No Answer|0|0\nsupport@default|a b|Ready|1|-2\n\
             support@default|o'c|Ready|1|7\n+OK\n",
        ),
        ("queue count tiers support@default", "3\n"),
        ("tier del support@default 1001", "+OK\n"),
        ("tier del support@default 1001", "+OK\n"),
        ("queue count tiers support@default", "2\n"),
        ("queue list tiers nowhere", "+OK\n"),
        ("queue list tiers", "+OK\n"),
    ]);
}
