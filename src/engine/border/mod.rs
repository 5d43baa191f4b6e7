//! All that can happen to the engine, all it can want, and what it shows.

pub(super) mod blf_key;
pub(super) mod box_report;
pub(super) mod callback;
pub(super) mod caller;
pub(super) mod changes_by_others;
pub(super) mod error;
pub(super) mod event;
pub(super) mod figures;
pub(super) mod found;
pub(super) mod histogram;
pub(super) mod hold;
pub(super) mod input;
pub(super) mod output;
pub(super) mod overview;
pub(super) mod queue_log_line;
pub(super) mod reconfiguration;
pub(super) mod reply;
pub(super) mod row_change;
pub(super) mod setting;
pub(super) mod snapshot;
pub(super) mod tally;
pub(super) mod views;
