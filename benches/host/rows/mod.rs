//! The rows of the table.

mod at_rest;
mod commit_cost;
mod postgres;
mod reaction;
mod reload;
mod ring_all;
mod set_up;
mod standing_legs;
mod throughput;

use crate::figures::Figures;

/// A row.
pub struct Row {
    /// Its name in `BENCH_ROWS`.
    pub name: &'static str,
    /// What is measured.
    pub about: &'static str,
    /// Measures it for stock, ours, and where there is such a thing for the core alone.
    pub run: fn(&mut Figures),
}

/// All rows, in the order of the table.
pub const ALL: &[Row] = &[
    reaction::ROW,
    at_rest::ROW,
    throughput::ROW,
    ring_all::ROW,
    set_up::ROW,
    postgres::ROW,
    reload::ROW,
    commit_cost::ROW,
    standing_legs::ROW,
];
