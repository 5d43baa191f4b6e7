//! mod_callcenter: a call-centre module for FreeSWITCH.
//!
//! The way through: whatever happens becomes an [`engine::Input`], the [`driver`] hands it to the [`engine::Engine`] behind one lock, and what the
//! engine wants done comes back as [`engine::Output`]s for a [`switch::Switch`] and a [`store::Store`].

pub mod cluster;
pub mod clustered;
pub mod commands;
pub mod config;
pub mod driver;
pub mod engine;
#[cfg(feature = "freeswitch")]
mod freeswitch;
pub mod store;
pub mod switch;
