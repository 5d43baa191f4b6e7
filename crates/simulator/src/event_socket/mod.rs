//! FreeSWITCH's event socket in front of a simulated call centre, at the speed of life: boards, dialers and scripts see what they would
//! see of a FreeSWITCH with the module, on a machine that has none.
//!
//! Commands of `callcenter_config` are answered by the module's own code, and events are the module's own. Everything else that a
//! FreeSWITCH can do is not here, and says so.

mod client;
mod command;
mod event;
mod floor;
mod hub;
mod live;
mod service;
mod subscription;

pub use live::{Doors, Live};
