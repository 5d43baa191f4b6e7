//! What is typed: the APIs, the JSON API, and what the console completes.

pub mod api;
pub mod completion;
pub mod json;
