//! What the tests, the benches and the fuzz targets of this repository share: each of them is a program of its own, and takes from here
//! what it needs.

pub mod boxes;
pub mod call_centre;
pub mod compiled;
pub mod day;
pub mod documents;
pub mod drivers;
pub mod fuzz;
pub mod harness;
pub mod private;
pub mod process;
pub mod record;
pub mod refusals;
pub mod repository;
pub mod scenario;
pub mod seeds;
pub mod skip;
pub mod small_centre;
