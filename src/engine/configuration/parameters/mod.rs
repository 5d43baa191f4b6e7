//! How something is configured by name: the machinery behind the tables.

pub(in crate::engine::configuration) mod absences;
pub(in crate::engine::configuration) mod assignment;
pub(in crate::engine::configuration) mod columns;
pub(in crate::engine::configuration) mod entry;
pub(in crate::engine::configuration) mod kind;
pub(in crate::engine::configuration) mod name;
pub(in crate::engine::configuration) mod parameter;
pub(in crate::engine::configuration) mod reading;
pub(in crate::engine::configuration) mod text;
pub(in crate::engine::configuration) mod topic;

pub use assignment::Assignment;
pub use columns::ColumnNames;
pub use kind::Kind;
pub use name::nearest;
pub use parameter::{find, Parameter};
pub use reading::{is_nothing, Wrong, NOTHING};
pub use text::leading_integer;
pub(crate) use text::starts_with_number;
pub use topic::Topic;
