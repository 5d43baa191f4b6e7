//! Stock's tables under names of the site's own.

use mod_callcenter::engine::{
    find_parameter, AgentRow, ChangeByOthers, RowChange, Settings, Snapshot, TierRow, SETTINGS,
};
use mod_callcenter::store::{Layout, ServerStore, Store, TakeUp};

use crate::client::Client;
use crate::{agent, member, on_each, tier, ALL};

fn layout() -> Layout {
    let mut settings = Settings::default();
    for (name, value) in [
        ("agents-table", "cc_agents"),
        (
            "agents-columns",
            "name=agent_id,contact=Location,status=mode,instance_id=box",
        ),
        ("tiers-table", "cc_tiers"),
        ("tiers-columns", "queue=flow,agent=agent_id"),
        ("members-table", "CC_Members"),
        ("members-columns", "uuid=id,state=mode,instance_id=box"),
    ] {
        let setting = find_parameter(SETTINGS, name).expect("a setting");
        setting.set(&mut settings, value).expect(value);
    }
    Layout::of(&settings)
}

fn open(client: Client) -> (ServerStore, Snapshot) {
    let take_up = TakeUp {
        layout: layout(),
        ..ALL
    };
    let opened = ServerStore::open_or_go_without(Box::new(client), "single_box", take_up);
    assert!(opened.trouble.is_none(), "{:?}", opened.trouble);
    (opened.store, opened.snapshot)
}

#[test]
fn rows_are_kept_under_other_names_and_changes_by_others_seen() {
    on_each("layout", |server, database| {
        // A table that the site has made itself, with a column of its own.
        server.administer(database, "CREATE TABLE cc_tiers (flow VARCHAR(64), note VARCHAR(20))");
        let (mut store, _) = open(Client::of(server, database, &[]));
        store
            .apply(&[
                RowChange::Agent(agent("o'neil")),
                RowChange::Agent(agent("a2")),
                RowChange::Tier(tier("q", "o'neil")),
                RowChange::Member(member("m1")),
            ])
            .expect("rows");
        let on_server = server.administer(database, "SELECT agent_id, location, mode, box FROM cc_agents");
        assert!(
            on_server.contains("o'neil") && on_server.contains("single_box"),
            "{on_server}"
        );
        assert!(server
            .administer(database, "SELECT flow, agent_id FROM cc_tiers")
            .contains("o'neil"));
        assert!(
            store.changes_of_others().expect("a look").is_empty(),
            "they are our own"
        );
        server.administer(
            database,
            "UPDATE cc_agents SET location = 'user/7' WHERE agent_id = 'a2'; UPDATE cc_tiers SET level = 5",
        );
        let changes = store.changes_of_others().expect("a look");
        let moved = AgentRow {
            contact: "user/7".to_owned(),
            ..agent("a2")
        };
        let raised = TierRow {
            level: 5,
            ..tier("q", "o'neil")
        };
        assert!(matches!(&changes.agents[..], [ChangeByOthers::Changed { after, .. }] if *after == moved));
        assert!(matches!(&changes.tiers[..], [ChangeByOthers::Changed { after, .. }] if *after == raised));
        store
            .apply(&[
                RowChange::AgentGone("o'neil".to_owned()),
                RowChange::MemberGone("m1".to_owned()),
            ])
            .expect("deletions");
        let (_, snapshot) = open(Client::of(server, database, &[]));
        assert_eq!((snapshot.agents, snapshot.tiers), (vec![moved], vec![raised]));
        assert_eq!(snapshot.members, []);
    });
}
