//! What is tried with arbitrary bytes, and what must hold whatever they are. The targets of `make fuzz` run these with
//! inputs that are searched for; `tests/fuzz_corpus.rs` runs them with the inputs that were worth keeping.

pub mod configuration;
pub mod console;
pub mod engine;
pub mod json;
pub mod lists;
pub mod office;
