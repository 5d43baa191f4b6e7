//! The module as FreeSWITCH sees it: the only room that calls FreeSWITCH, and the only one with `unsafe`.
//!
//! FreeSWITCH's threads come in through [`barrier`]: it finds the running [`module::Module`], counts who is inside, and stops a
//! panic. What comes in becomes an [`Input`](crate::core::Input); what the engine wants done goes out through
//! [`switch::FreeSwitch`]. Work during which FreeSWITCH blocks a thread (originate, announcements to an agent, waiting for a
//! bridge) runs on [`pool`].

mod adoption;
mod api;
mod app;
mod barrier;
mod bell;
mod completion;
mod connect;
mod database;
mod devices;
mod entry;
mod event;
mod exports;
mod files;
mod hold;
mod hooks;
#[cfg(test)]
mod host;
mod joining;
mod json;
mod legs;
mod load;
mod log;
mod loopback;
mod module;
mod offers;
mod parting;
mod playback;
mod pool;
mod presence;
mod queue_log;
mod recording;
mod refusal;
mod ring;
mod server;
mod session;
mod standby;
mod state_handlers;
mod succession;
mod switch;
mod sys;
mod table;
mod talk_end;
mod talks;
mod text;
mod time;
mod track;
mod unbridge;
mod unload;
mod version;
mod waiting;
mod xml;
