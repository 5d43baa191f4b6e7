//! Boxes of one cluster in one virtual world with one simulated server, under every fault of `docs/developing/clusters.md`.
//!
//! What is simulated is all of [`mod_callcenter::cluster`], with the engine itself on the box that leads. Callers, phones and talks are the
//! world's ([`world`]); the checkers see them, and the rows, and nothing of what the boxes believe.
//!
//! Every failure names its seed: `CLUSTER_SEED=N cargo test --test cluster_engine random_days` plays that day again, with all
//! that was said.

mod books;
mod bounds;
mod centre;
mod checks;
mod days;
mod mutants;
mod world;
