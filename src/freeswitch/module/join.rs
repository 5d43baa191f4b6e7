//! The module as a box of a cluster.

use crate::cluster::link::Addresses;
use crate::clustered::{Clocks, ClusterBox, Setup};
use crate::config::{ConfigSource, Configuration};
use crate::freeswitch::ffi::log::{self, Level};
use crate::freeswitch::ffi::time;
use crate::freeswitch::module::local_time;
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::module::xml::XmlSource;
use crate::switch::BoxSwitch;
use std::sync::Arc;

/// Begins the life of this box; its server may be away.
///
/// # Errors
/// In words for the operator.
pub fn join(
    addresses: Addresses,
    configuration: Configuration,
    switch: &Arc<FreeSwitch>,
    source: &Arc<XmlSource>,
) -> Result<Arc<ClusterBox>, String> {
    let settings = &configuration.settings;
    if settings.truncate_agents_on_load || settings.truncate_tiers_on_load {
        let text = "cluster: truncate-agents-on-load and truncate-tiers-on-load are passed over: the rows are those of all boxes.";
        log::warning(None, text);
    }
    let text = format!("cluster: this box takes part as {}", settings.instance_id);
    log::write(Level::SWITCH_LOG_INFO, None, &text);
    let cluster_box = ClusterBox::start(Setup {
        addresses,
        configuration,
        switch: Arc::clone(switch) as Arc<dyn BoxSwitch>,
        source: Arc::clone(source) as Arc<dyn ConfigSource>,
        clocks: Clocks {
            wall: time::wall,
            local_time: local_time::from,
        },
    });
    Ok(Arc::new(cluster_box?))
}
