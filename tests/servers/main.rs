//! The call centre's tables on real database servers, without FreeSWITCH: the same SQL text, through the servers' own clients.

mod client;
mod instances;
mod keys;
mod layout;
mod looking;
mod quoting;
mod records;
mod rows;
mod taking_over;
mod troubles;

use callcenter_test_support::private::{shared as server, Kind, PrivateServer};
use client::Client;
use mod_callcenter::engine::{AgentRow, AgentType, MemberRow, MemberState, TierRow, TierState};
use mod_callcenter::store::{Opened, ServerStore, TakeUp};

/// Everything that is found is of interest.
const ALL: TakeUp = TakeUp {
    queues: false,
    agents: true,
    tiers: true,
    ..TakeUp::ALL
};

/// Runs a test on each server that can be had, in a new database of that name.
fn on_each(database: &str, test: impl Fn(&PrivateServer, &str)) {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        if let Some(server) = server(kind) {
            server.create_database(database);
            test(server, database);
        }
    }
}

/// The store of this database, which is reached.
fn store(server: &PrivateServer, database: &str) -> ServerStore {
    open(Client::of(server, database, &[])).store
}

fn open(client: Client) -> Opened<ServerStore> {
    let opened = ServerStore::open_or_go_without(Box::new(client), "single_box", ALL);
    assert!(opened.trouble.is_none(), "{:?}", opened.trouble);
    opened
}

/// A logged-out callback agent.
fn agent(name: &str) -> AgentRow {
    AgentRow::new(name, "single_box", AgentType::parse("callback").expect("a known type"))
}

/// A tier that is ready.
fn tier(queue: &str, agent: &str) -> TierRow {
    TierRow {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        state: TierState::Ready,
        level: 1,
        position: 1,
    }
}

/// A waiting member of the queue `q`.
fn member(uuid: &str) -> MemberRow {
    MemberRow {
        queue: "q".to_owned(),
        instance_id: "single_box".to_owned(),
        uuid: uuid.to_owned(),
        session_uuid: format!("session-of-{uuid}"),
        cid_number: "100".to_owned(),
        cid_name: "caller".to_owned(),
        system_epoch: 1,
        joined_epoch: 2,
        rejoined_epoch: 0,
        bridge_epoch: 0,
        abandoned_epoch: 0,
        base_score: 3,
        skill_score: 0,
        serving_agent: String::new(),
        serving_system: String::new(),
        state: MemberState::Waiting,
    }
}
