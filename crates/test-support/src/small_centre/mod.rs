//! A small call centre for what is told of clusters: callers, agents and offers, and a simulated server with their rows.

pub mod desk;
pub mod home;
pub mod server;
pub mod words;
