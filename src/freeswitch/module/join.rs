//! The module as a box of a cluster, where it can be one.

use crate::cluster::link::{examine, Addresses};
use crate::clustered::{self, by_itself, Clocks, ClusterBox, Setup};
use crate::config::{ConfigSource, Configuration};
use crate::engine::TalkReport;
use crate::freeswitch::ffi::log::{self, Level};
use crate::freeswitch::ffi::time;
use crate::freeswitch::module::local_time;
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::module::xml::XmlSource;
use crate::freeswitch::talk::adoption;
use crate::switch::BoxSwitch;
use std::sync::Arc;

/// A box, and the talks that a module before this one has left up.
pub type Joined = (Arc<ClusterBox>, Vec<TalkReport>);

/// Begins the life of this box, where the settings want one; its server may be away. What keeps it from that is told, and the settings are
/// those of a call centre by itself then.
pub fn join(configuration: &mut Configuration, switch: &Arc<FreeSwitch>, source: &Arc<XmlSource>) -> Option<Joined> {
    let joined = match clustered::addresses(&configuration.settings) {
        Ok(None) => return None,
        Ok(Some(addresses)) => start(addresses, configuration, switch, source),
        Err(refused) => Err(refused),
    };
    match joined {
        Ok(joined) => Some(joined),
        Err(refused) => {
            log::error(None, &by_itself(&mut configuration.settings, &refused));
            None
        }
    }
}

fn start(
    addresses: Addresses,
    configuration: &Configuration,
    switch: &Arc<FreeSwitch>,
    source: &Arc<XmlSource>,
) -> Result<Joined, String> {
    let settings = &configuration.settings;
    let is_reached = examine(&addresses, &settings.instance_id)?;
    if settings.truncate_agents_on_load || settings.truncate_tiers_on_load {
        let text = "cluster: truncate-agents-on-load and truncate-tiers-on-load are passed over: the rows are those of all boxes.";
        log::warning(None, text);
    }
    let text = format!("cluster: this box takes part as {}", settings.instance_id);
    log::write(Level::SWITCH_LOG_INFO, None, &text);
    let talks = clustered::known(adoption::find_talks(switch, &|_| None));
    let cluster_box = ClusterBox::start(Setup {
        addresses,
        configuration: configuration.clone(),
        talks: talks.clone(),
        switch: Arc::clone(switch) as Arc<dyn BoxSwitch>,
        source: Arc::clone(source) as Arc<dyn ConfigSource>,
        clocks: Clocks {
            wall: time::wall,
            local_time: local_time::from,
        },
    })?;
    if is_reached {
        cluster_box.await_place()?;
    }
    Ok((Arc::new(cluster_box), talks))
}
