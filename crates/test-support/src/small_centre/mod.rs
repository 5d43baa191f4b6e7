//! A small call centre for what is told of clusters: callers, agents and offers.

pub mod desk;
pub mod home;
pub mod words;
