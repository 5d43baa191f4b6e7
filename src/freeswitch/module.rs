//! The running module: what a load builds and an unload takes down.

pub mod files;
mod join;
pub mod load;
mod local_time;
pub mod pool;
pub mod switch;
pub mod table;
pub mod unload;
pub mod version;
pub mod xml;

use crate::clustered::ClusterBox;
use crate::commands::Answering;
use crate::driver::{Reception, TimerThread};
use crate::freeswitch::agent_leg::devices::DeviceBindings;
use crate::freeswitch::agent_leg::legs::LegBinding;
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::module::xml::XmlSource;
use crate::freeswitch::outward::presence::ProbeBinding;
use crate::freeswitch::outward::queue_log::HangupSignalBinding;
use crate::freeswitch::talk::unbridge::BridgeBindings;
use crate::store::RowWatch;
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;

/// Everything between a load and an unload.
pub struct Module {
    /// Takes what happens here: the driver, which owns the engine, or a box of a cluster.
    pub reception: Arc<dyn Reception>,
    /// The box, where this is one of a cluster.
    pub cluster_box: Option<Arc<ClusterBox>>,
    /// Carries out what the engine wants done.
    pub switch: Arc<FreeSwitch>,
    /// Answers commands.
    pub console: Arc<dyn Answering>,
    /// Reads callcenter.conf through FreeSWITCH's XML registry.
    pub source: Arc<XmlSource>,
    /// What is stopped by dropping it; see [`crate::freeswitch::module::unload`] for the order.
    pub services: Mutex<Services>,
}

/// Threads and event bindings.
#[derive(Default)]
pub struct Services {
    /// Runs the engine's deadlines.
    pub timers: Option<TimerThread>,
    /// Learns which rows others change in the database.
    pub rows: Option<RowWatch>,
    /// Answers presence probes.
    pub probes: Option<ProbeBinding>,
    /// Learns when the standing leg of a uuid-standby agent is taken, and when it is free again.
    pub bridges: Option<BridgeBindings>,
    /// Learns that a standing leg has come.
    pub legs: Option<LegBinding>,
    /// Learns which phones are in use.
    pub devices: Option<DeviceBindings>,
    /// Learns that logs have been rotated.
    pub hangup_signals: Option<HangupSignalBinding>,
}

/// FreeSWITCH has one module of a name, so there is one running module in the process.
static RUNNING: RwLock<Option<Arc<Module>>> = RwLock::new(None);

/// The running module, if there is one.
pub fn running() -> Option<Arc<Module>> {
    RUNNING.read().clone()
}

/// From now on `module` is the running one.
pub fn start(module: Arc<Module>) {
    *RUNNING.write() = Some(module);
}

/// From now on there is no running module.
pub fn stop() -> Option<Arc<Module>> {
    RUNNING.write().take()
}
