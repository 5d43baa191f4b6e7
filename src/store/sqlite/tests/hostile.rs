//! Values that are meant to do harm: what is written is what is read, and nothing else happens.

use super::*;
use proptest::prelude::*;

/// Texts without NUL: FreeSWITCH's own are C's, which end there. Not empty: a row without a key is no row.
fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("'; drop table agents;--".to_owned()),
        Just("\"); DELETE FROM tiers; --".to_owned()),
        Just("\\'".to_owned()),
        Just("''".to_owned()),
        Just("?1".to_owned()),
        Just("|\n\r".to_owned()),
        Just("x".repeat(10_240)),
        Just("\u{fffd}\u{10ffff}".to_owned()),
        any::<String>().prop_map(|text| text.replace('\0', "")),
    ];
    let texts = proptest::collection::vec(pieces, 1..4).prop_map(|pieces| pieces.concat());
    texts.prop_filter("a name", |text| !text.is_empty())
}

fn extreme_number() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(-1), Just(0), any::<i64>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_written_is_what_is_read(
        texts in proptest::collection::vec(hostile_text(), 8),
        numbers in proptest::collection::vec(extreme_number(), 6),
    ) {
        // A row without a key is none.
        prop_assume!([0, 1, 4].iter().all(|key| !texts[*key].is_empty()));
        let place = Place::new();
        let (mut store, _) = place.loaded();
        store.apply(&[RowChange::Agent(agent("bystander")), RowChange::Tier(tier("q", "bystander"))]).expect("rows");
        let mut hostile = agent(&texts[0]);
        hostile.instance_id.clone_from(&texts[1]);
        hostile.uuid.clone_from(&texts[2]);
        hostile.contact.clone_from(&texts[3]);
        (hostile.wrap_up_time, hostile.ready_time, hostile.talk_time) = (numbers[0], numbers[1], numbers[2]);
        let mut caller = member(&texts[4]);
        caller.cid_name.clone_from(&texts[5]);
        caller.cid_number.clone_from(&texts[6]);
        caller.serving_agent.clone_from(&texts[7]);
        (caller.base_score, caller.joined_epoch) = (numbers[3], numbers[4]);
        let mut place_in_queue = tier(&texts[1], &texts[0]);
        place_in_queue.level = numbers[5];
        let changes = [
            RowChange::Agent(hostile.clone()),
            RowChange::Tier(place_in_queue.clone()),
            RowChange::Member(caller.clone()),
        ];
        store.apply(&changes).expect("a transaction");
        store.apply(&changes).expect("the same again");
        drop(store);
        let (mut store, snapshot) = place.loaded();
        prop_assert_eq!(&snapshot.agents, &[agent("bystander"), hostile.clone()]);
        prop_assert_eq!(&snapshot.tiers, &[tier("q", "bystander"), place_in_queue.clone()]);
        prop_assert_eq!(&snapshot.members, &[caller.clone()]);
        store
            .apply(&[
                RowChange::AgentGone(hostile.name),
                RowChange::TierGone { queue: place_in_queue.queue, agent: place_in_queue.agent },
                RowChange::MemberGone(caller.uuid),
            ])
            .expect("a transaction");
        drop(store);
        let (_, snapshot) = place.loaded();
        prop_assert_eq!(snapshot.agents, [agent("bystander")]);
        prop_assert_eq!(snapshot.tiers, [tier("q", "bystander")]);
        prop_assert!(snapshot.members.is_empty());
    }
}

/// What others may have put into the cells of a row.
#[test]
fn cells_of_every_type_are_read() {
    let place = Place::new();
    drop(place.loaded());
    place
        .other()
        .execute_batch(
            "INSERT INTO agents (name, instance_id, type, contact, status, state, wrap_up_time, talk_time)
               VALUES(x'613100ff7c', x'ff', 7, 1.5, x'00', NULL, 'many', x'31');
             INSERT INTO tiers (queue, agent, state, level) VALUES(x'ff0a', 12, 'Ready', 1e300);
             INSERT INTO members (queue, uuid, cid_name, base_score) VALUES('q', 'm1', x'410a7c00', '-9e99');",
        )
        .expect("rows");
    let (_, snapshot) = place.loaded();
    let row = snapshot.agents.first().expect("the agent");
    assert_eq!((row.name.as_str(), row.instance_id.as_str()), ("a1", "\u{fffd}"));
    assert_eq!((row.contact.as_str(), row.wrap_up_time, row.talk_time), ("1.5", 0, 1));
    assert_eq!(snapshot.tiers.first().map(|row| row.level), Some(i64::MAX));
    assert_eq!(snapshot.members.first().map(|row| row.cid_name.as_str()), Some("A\n|"));
}
