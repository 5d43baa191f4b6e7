//! A caller's own thread: into the queue, while it waits, and out of it.

pub mod after_queue;
pub mod app;
pub mod callback_menu;
pub mod desk;
pub mod hold;
pub mod playback;
pub mod succession;
pub mod waiting;
pub mod wake;
