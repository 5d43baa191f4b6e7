//! Starts real FreeSWITCHes, drives calls through them and compares what the two modules did.

mod call_centre;
mod calls;
mod compare;
mod config;
mod differences;
mod ear;
mod esl;
mod event;
mod freeswitch;
mod install;
mod msrp;
mod normalise;
mod ports;
mod promises;
mod raw_caller;
mod recording;
mod rows;
mod sipp;
mod sounds;

pub use call_centre::CallCenter;
pub use calls::{Caller, SOON};
pub use compare::{compare, difference, edit_steps, with_ours};
pub use config::{phone, Setup};
pub use ear::{Ear, Spell};
pub use esl::Follower;
pub use event::Event;
pub use freeswitch::FreeSwitch;
pub use install::{install, install_for, say, Install, Module};
pub use msrp::Writer;
pub use ports::{free_tcp, free_udp};
pub use promises::check as check_promises;
pub use raw_caller::RawCaller;
pub use recording::Recording;
pub use rows::{change_rows, rows, schema};
pub use sipp::Sipp;
