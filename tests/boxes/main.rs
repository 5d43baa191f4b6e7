//! Boxes of a cluster on a real PostgreSQL server: carriers with their threads and connections, all in this program.
//!
//! What is simulated in `tests/cluster_engine` is seen here once more for what a simulation cannot show: the SQL, the connections, the clock,
//! and how long it takes.

mod centre;
mod differential;
mod door;
mod faults;
mod figures;
mod proxy;
mod relay;
mod rows;
mod staff;
mod stored;
mod waiting;

use callcenter_test_support::private::{shared, Kind, PrivateServer};
use mod_callcenter::cluster::link::Addresses;
use mod_callcenter::cluster::{BoxId, Incarnation};

/// A server that the tests share, with an empty database of that name; none, and the test is skipped, where there is no PostgreSQL.
fn server(database: &str) -> Option<&'static PrivateServer> {
    let server = shared(Kind::Postgres)?;
    server.create_database(database);
    Some(server)
}

/// Where a database is, by the ports of its servers.
fn addresses(ports: &[u16], database: &str) -> Addresses {
    Addresses::parse(&PrivateServer::dsn(ports, database)).expect("a DSN")
}

/// A box of that name, in its run of that number.
fn box_id(instance: &str, incarnation: u64) -> BoxId {
    BoxId {
        instance: instance.to_owned(),
        incarnation: Incarnation(incarnation),
    }
}
