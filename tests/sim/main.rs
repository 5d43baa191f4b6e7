//! Seeded call-centre days: random workloads, and checkers that see only inputs, outputs, rows and engine views.
//!
//! Every failure names its seed: `SIM_SEED=N cargo test --test sim days` runs that one day again.
//! `stock` plays the host tests' scenarios.

mod admission;
mod agreement;
mod busy_days;
mod calling_back;
mod centre;
mod channels;
mod chats;
mod clock;
mod closing;
mod days;
mod demand;
mod determinism;
mod erlang;
mod estimates;
mod fairness;
mod faults;
mod idleness;
mod ledger;
mod meddling;
mod mutants;
mod patience;
mod preferring;
mod promises;
mod queue_log;
mod records;
mod reloads;
mod second_look;
mod statistics;
mod stock;
mod told;
mod transcript;
mod turns;
mod two_boxes;
mod watch;
