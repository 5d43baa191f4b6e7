//! Others who change rows of a database that is in use.

use super::*;
use crate::engine::{ChangeByOthers, ChangesByOthers};

fn in_use(place: &Place) -> SqliteStore {
    let (mut store, _) = place.loaded();
    store
        .apply(&[
            RowChange::Agent(agent("a1")),
            RowChange::Agent(agent("a2")),
            RowChange::Tier(tier("q", "a1")),
            RowChange::Member(member("m1")),
        ])
        .expect("rows");
    assert_eq!(looked(&mut store), ChangesByOthers::default(), "these are our own");
    store
}

fn looked(store: &mut SqliteStore) -> ChangesByOthers {
    store.changes_of_others().expect("a look")
}

fn by_sql(place: &Place, sql: &str) {
    place.other().execute_batch(sql).expect("another program's change");
}

#[test]
fn rows_changed_added_and_deleted_are_told_once() {
    let place = Place::new();
    let mut store = in_use(&place);
    by_sql(
        &place,
        "UPDATE agents SET status = 'On Break' WHERE name = 'a1'; DELETE FROM agents WHERE name = 'a2';
         INSERT INTO agents (name, instance_id, type, status, state)
           VALUES('a3', 'single_box', 'callback', 'Logged Out', 'Waiting');
         UPDATE tiers SET level = 3; UPDATE members SET base_score = 99;",
    );
    let changes = looked(&mut store);
    let on_break = AgentRow {
        status: AgentStatus::OnBreak,
        ..agent("a1")
    };
    assert_eq!(
        changes.agents,
        [
            ChangeByOthers::Changed {
                before: agent("a1"),
                after: on_break
            },
            ChangeByOthers::Added(agent("a3")),
            ChangeByOthers::Gone(agent("a2")),
        ]
    );
    assert_eq!(
        changes.tiers,
        [ChangeByOthers::Changed {
            before: tier("q", "a1"),
            after: TierRow {
                level: 3,
                ..tier("q", "a1")
            }
        }]
    );
    let scored = MemberRow {
        base_score: 99,
        ..member("m1")
    };
    assert_eq!(
        changes.members,
        [ChangeByOthers::Changed {
            before: member("m1"),
            after: scored
        }]
    );
    assert!(looked(&mut store).is_empty());
    assert!(store.take_remarks().is_empty());
}

#[test]
fn what_we_write_meanwhile_leaves_their_columns_and_is_not_told() {
    let place = Place::new();
    let mut store = in_use(&place);
    by_sql(&place, "UPDATE agents SET status = 'On Break' WHERE name = 'a1'");
    let receiving = AgentRow {
        state: AgentState::Receiving,
        ..agent("a1")
    };
    store.apply(&[RowChange::Agent(receiving.clone())]).expect("our change");
    let after = AgentRow {
        status: AgentStatus::OnBreak,
        ..receiving.clone()
    };
    assert_eq!(
        looked(&mut store).agents,
        [ChangeByOthers::Changed {
            before: receiving,
            after
        }]
    );
}

#[test]
fn a_deleted_row_is_not_brought_back_by_a_change_of_ours() {
    let place = Place::new();
    let mut store = in_use(&place);
    by_sql(&place, "DELETE FROM agents WHERE name = 'a1'; DELETE FROM tiers");
    let busy = AgentRow {
        state: AgentState::Receiving,
        ..agent("a1")
    };
    store.apply(&[RowChange::Agent(busy)]).expect("our change");
    let changes = looked(&mut store);
    assert_eq!(changes.agents, [ChangeByOthers::Gone(agent("a1"))]);
    assert_eq!(changes.tiers, [ChangeByOthers::Gone(tier("q", "a1"))]);
    // Who deleted it inserts it again before the engine's own deletion is written.
    by_sql(
        &place,
        "INSERT INTO agents (name, instance_id, type, status, state)
           VALUES('a1', 'single_box', 'callback', 'Available', 'Waiting')",
    );
    store
        .apply(&[RowChange::AgentGone("a1".to_owned())])
        .expect("the engine's deletion");
    let back = AgentRow {
        status: AgentStatus::Available,
        ..agent("a1")
    };
    assert_eq!(looked(&mut store).agents, [ChangeByOthers::Added(back)]);
}

#[test]
fn an_unknown_word_changes_nothing_and_is_told_once() {
    let place = Place::new();
    let mut store = in_use(&place);
    let on_break = AgentRow {
        status: AgentStatus::OnBreak,
        ..agent("a1")
    };
    store.apply(&[RowChange::Agent(on_break.clone())]).expect("our change");
    by_sql(
        &place,
        "UPDATE agents SET status = 'Lunch', contact = 'user/1' WHERE name = 'a1'",
    );
    let after = AgentRow {
        contact: "user/1".to_owned(),
        ..on_break.clone()
    };
    assert_eq!(
        looked(&mut store).agents,
        [ChangeByOthers::Changed {
            before: on_break,
            after
        }]
    );
    let remarks = store.take_remarks();
    assert_eq!(
        remarks,
        ["table agents, name \"a1\" (rowid 1): agent status \"Lunch\" is not known and is taken for \"On Break\"."]
    );
    by_sql(&place, "UPDATE tiers SET position = 2");
    assert!(looked(&mut store).agents.is_empty());
    assert!(store.take_remarks().is_empty());
}

#[test]
fn changes_made_between_loading_and_the_first_look_are_seen() {
    let place = Place::new();
    drop(in_use(&place));
    let (mut store, _) = place.loaded();
    by_sql(&place, "DELETE FROM members");
    assert_eq!(looked(&mut store).members, [ChangeByOthers::Gone(member("m1"))]);
}
