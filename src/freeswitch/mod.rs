//! The module as FreeSWITCH sees it: the only room that calls FreeSWITCH, and the only one with `unsafe`.
//!
//! FreeSWITCH's threads come in through [`ffi::barrier`]: it finds the running [`module::Module`], counts who is inside, and stops a
//! panic. What comes in becomes an [`Input`](crate::engine::Input); what the engine wants done goes out through
//! [`module::switch::FreeSwitch`]. Work during which FreeSWITCH blocks a thread (originate, announcements to an agent, waiting for a
//! bridge) runs on [`module::pool`].

mod agent_leg;
mod callback_leg;
mod caller;
mod commands;
mod database;
mod dialling;
mod ffi;
mod module;
mod outward;
mod talk;
