//! What tables keep.

pub(super) mod agent;
pub(super) mod agent_limits;
pub(super) mod call_record;
pub(super) mod callback;
pub(super) mod caller;
pub(super) mod member;
pub(super) mod tier;
