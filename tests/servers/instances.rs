//! Several instances on one database: whose rows are whose.

use mod_callcenter::engine::{AgentRow, ChangeByOthers, RowChange};
use mod_callcenter::store::{Opened, ServerStore, Store, TakeUp};

use crate::client::Client;
use crate::troubles::apply_in_the_end;
use crate::{agent, member, on_each, server, store, tier, ALL};
use callcenter_test_support::private::{Kind, PrivateServer};

fn opened(server: &PrivateServer, database: &str, instance: &str, take_up: TakeUp) -> Opened<ServerStore> {
    let client = Box::new(Client::of(server, database, &[]));
    let opened = ServerStore::open_or_go_without(client, instance, take_up);
    assert!(opened.trouble.is_none(), "{:?}", opened.trouble);
    opened
}

fn owners(opened: &Opened<ServerStore>) -> Vec<String> {
    let agents = opened.snapshot.agents.iter().map(|row| row.instance_id.clone());
    agents
        .chain(opened.snapshot.members.iter().map(|row| row.instance_id.clone()))
        .collect()
}

#[test]
fn rows_of_nobody_in_particular_go_to_the_first_who_has_a_name() {
    on_each("claimed", |server, database| {
        let mut nameless = store(server, database);
        let rows = [RowChange::Agent(agent("a1")), RowChange::Member(member("m1"))];
        nameless.apply(&rows).expect("rows");
        let beside = opened(server, database, "box1", ALL);
        assert_eq!(owners(&beside), ["single_box", "single_box"], "one of that name runs");
        drop((nameless, beside));
        // The server may take a moment to see that its client is gone.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        let first = loop {
            let first = opened(server, database, "box1", ALL);
            if owners(&first) == ["box1", "box1"] {
                break first;
            }
            assert!(std::time::Instant::now() < deadline, "{:?}", first.snapshot);
        };
        let second = opened(server, database, "box2", ALL);
        assert_eq!(owners(&second), ["box1", "box1"]);
        drop(first);
    });
}

#[test]
fn an_agent_inserted_for_nobody_in_particular_goes_to_one() {
    on_each("strays", |server, database| {
        let mut boxes = ["box1", "box2"].map(|name| opened(server, database, name, ALL).store);
        server.administer(
            database,
            "INSERT INTO agents (name, instance_id, type, status, state) \
             VALUES('a1', 'single_box', 'callback', 'Available', 'Waiting')",
        );
        let told: Vec<String> = boxes
            .iter_mut()
            .map(|store| format!("{:?}", store.changes_of_others().expect("a look").agents))
            .collect();
        assert!(
            told.iter()
                .all(|changes| changes.contains("box1") && !changes.contains("box2")),
            "{told:?}"
        );
        let owner = server.administer(database, "SELECT instance_id FROM agents");
        assert_eq!(owner.trim(), "box1");
    });
}

/// A box that could not reach the database at first has made an agent of its configuration that another one owns.
#[test]
fn who_comes_late_leaves_the_others_rows_alone() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(server) = server(kind) else { continue };
        let nothing = TakeUp {
            queues: false,
            agents: false,
            tiers: false,
            ..TakeUp::ALL
        };
        let client = Box::new(Client::of(server, "late", &[]));
        let mut late = ServerStore::open_or_go_without(client, "box2", nothing);
        assert!(late.trouble.is_some(), "there is no such database yet");
        server.create_database("late");
        let theirs = AgentRow {
            instance_id: "box1".to_owned(),
            contact: "user/at-box1".to_owned(),
            ..agent("a1")
        };
        let mut first = opened(server, "late", "box1", ALL).store;
        first
            .apply(&[RowChange::Agent(theirs.clone()), RowChange::Tier(tier("q", "a1"))])
            .expect("rows");
        let before = server.administer("late", "SELECT * FROM agents");
        let own = AgentRow {
            instance_id: "box2".to_owned(),
            ..agent("a1")
        };
        apply_in_the_end(&mut late.store, &[RowChange::Agent(own)]);
        assert_eq!(server.administer("late", "SELECT * FROM agents"), before);
        assert_eq!(server.administer("late", "SELECT count(*) FROM tiers").trim(), "1");
        let told = late.store.changes_of_others().expect("a look");
        assert_eq!(told.agents, [ChangeByOthers::Added(theirs)]);
    }
}
