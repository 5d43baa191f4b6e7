//! Seeded call-centre days: random workloads, and checkers that see only inputs, outputs, rows and engine views.
//!
//! Every failure names its seed: `SIM_SEED=N cargo test --test sim NAME` runs that one day again.

mod agreement;
mod centre;
mod days;
mod determinism;
mod erlang;
mod fairness;
mod idleness;
mod ledger;
mod watch;
