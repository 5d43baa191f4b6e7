//! The documents are true: what they show is run, what they name is there, and what they say of names is what the code says.
//!
//! A fenced block is run by its language; `text` is not, and the paragraph before it says why. What needs the simulator's program is run
//! by `crates/simulator/tests/callcenter_sim.rs`, what needs a FreeSWITCH by `tests/host/documents.rs`, and the reports' SQL by `tests/servers`.

mod agreement;
mod commands;
mod dialplan;
mod faults;
mod places;
mod reference;
mod shape;
mod shell;
mod site;
mod xml;
