//! Who is offered to whom.

pub(super) mod by_command;
pub(super) mod choosing;
pub(super) mod eligibility;
pub(super) mod holding;
pub(super) mod leading;
pub(super) mod next_call;
pub(super) mod offering;
pub(super) mod placing;
pub(super) mod preferred;
pub(super) mod rank;
