//! What commands and the table `queues` do to queues.

pub(super) mod blf_keys;
pub(super) mod commands;
pub(super) mod in_database;
