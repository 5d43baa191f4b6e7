//! What servers and drivers report, in words that tell the operator what to do.

use crate::store::StoreError;

/// Parts of messages, in lower case, and what to do about them.
const ADVICE: &[(&[&str], &str)] = &[
    (
        &["replica identity", "primary key", "primary_key"],
        "it wants a primary key on every table. Give the table that is named here one, once no row is there twice and none has an empty \
         key: (name) for agents, (queue, agent) for tiers, (uuid) for members",
    ),
    (
        &["read-only", "read only"],
        "it takes no changes, as a standby does. Let the setting odbc-dsn name the server that does, or make this one do it",
    ),
    (
        &["permission denied", "command denied", "must be owner"],
        "its user lacks a right. Give the user the right to create the tables, or make them and let the user read and write them",
    ),
    (
        &["deadlock", "could not serialize", "lock wait timeout", "lock timeout"],
        "another program's transaction is in the way",
    ),
    (LOST, "the server is not reached. See that it runs and that odbc-dsn names it"),
    (
        &["does not exist", "doesn't exist", "unknown column"],
        "something is missing in it. Let its user create tables, or make what is named here",
    ),
];

/// What drivers say when there is no connection any more.
const LOST: &[&str] = &[
    "not up",
    "cannot connect",
    "connection to server",
    "server closed the connection",
    "terminating connection",
    "connection refused",
    "communication link",
    "gone away",
    "lost connection",
    "connection has been lost",
    "not committed",
];

/// Whether the connection is gone, so that there is no transaction left to be rolled back.
pub(super) fn is_lost(error: &str) -> bool {
    mentions(error, LOST)
}

/// What the error means for the database of that name.
pub(super) fn explain(name: &str, error: &str) -> StoreError {
    let advice = ADVICE
        .iter()
        .find(|(words, _)| mentions(error, words))
        .map_or("the server reported an error", |(_, advice)| advice);
    let error = error.split_whitespace().collect::<Vec<_>>().join(" ");
    StoreError(format!(
        "The call-centre database {name} cannot be used: {advice}. ({error})"
    ))
}

fn mentions(error: &str, words: &[&str]) -> bool {
    let error = error.to_lowercase();
    words.iter().any(|word| error.contains(word))
}
