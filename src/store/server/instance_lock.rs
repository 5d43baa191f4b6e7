//! Whether somebody goes by stock's name for every instance. Stock marks all agents `single_box`. An instance with a name of its
//! own takes such rows over, but not from a FreeSWITCH that has no other name and runs: that one holds a lock of the server, which
//! ends with its connection and costs nothing.

use super::dialect::{first_cell, Dialect};
use super::medium::OnServer;
use crate::engine::DEFAULT_INSTANCE;
use crate::store::tables::{Layout, Medium, Owner, AGENTS, MEMBERS};

/// "callcent", as PostgreSQL's locks are numbers.
const LOCK: &str = "7161678012437294708";

/// Holds the lock on this connection, if this instance goes by that name. False while another connection holds it.
pub(super) fn hold(owner: &Owner, server: &mut OnServer<'_>) -> Result<bool, String> {
    Ok(!owner.is_default() || try_lock(server)?)
}

/// Takes over the rows of `single_box` in one stroke, so that of several instances one gets each; false when one of that name
/// runs.
pub(super) fn claim(owner: &Owner, layout: Layout, server: &mut OnServer<'_>) -> Result<bool, String> {
    if owner.is_default() {
        return Ok(true);
    }
    if !try_lock(server)? {
        return Ok(false);
    }
    let (ours, stocks) = (
        server.dialect.literal(&owner.instance),
        server.dialect.literal(DEFAULT_INSTANCE),
    );
    for (table, stocks_table) in [(layout.agents, &AGENTS), (layout.members, &MEMBERS)] {
        let column = table.column(stocks_table, "instance_id");
        let (table, compared) = (&table.name, server.comparable(column));
        // A server that takes no changes now still has rows to be read; they are written as ours when it does.
        let _ = server.run(&format!(
            "UPDATE {table} SET {column} = {ours} WHERE {compared} = {stocks}"
        ));
    }
    unlock(server)?;
    Ok(true)
}

/// A server that we know no locks of says yes: there is nobody to ask.
fn try_lock(server: &mut OnServer<'_>) -> Result<bool, String> {
    let question = match server.dialect {
        Dialect::Postgres(_) => format!("SELECT pg_try_advisory_lock({LOCK})::int"),
        Dialect::MariaDb => format!("SELECT GET_LOCK({}, 0)", mariadb_lock()),
        Dialect::Other { .. } => return Ok(true),
    };
    Ok(first_cell(server.query(&question)?) != "0")
}

fn unlock(server: &mut OnServer<'_>) -> Result<(), String> {
    let question = match server.dialect {
        Dialect::Postgres(_) => format!("SELECT pg_advisory_unlock({LOCK})::int"),
        Dialect::MariaDb => format!("SELECT RELEASE_LOCK({})", mariadb_lock()),
        Dialect::Other { .. } => return Ok(()),
    };
    server.query(&question).map(drop)
}

/// These locks are the whole server's, the rows one database's.
fn mariadb_lock() -> &'static str {
    "CONCAT('callcenter.', MD5(DATABASE()))"
}
