//! Boxes of one cluster in one virtual world with one simulated server, under every fault of `docs/developing/clusters.md`.
//!
//! What is simulated is who leads, who takes part, and that messages are applied once and in order ([`mod_callcenter::cluster`]). In place
//! of the engine stands a small call centre ([`callcenter_test_support::small_centre`]), so that what a leader makes of rows and reports is seen whole.
//!
//! Every failure names its seed: `CLUSTER_SEED=N cargo test --test cluster random_days` plays that day again, with all that was said.

mod books;
mod bounds;
mod checks;
mod days;
mod mutants;
mod world;

use callcenter_test_support::small_centre::{desk, home};
