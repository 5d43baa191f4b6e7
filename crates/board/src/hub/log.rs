//! What the log is told of what is seen.

use crate::boxes::Stranger;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::views::Centre;

/// A box of the list that does not belong to what is shown: whoever wrote the list has to mend it.
pub(super) fn stranger(centre: &Centre, at: usize) {
    let (site, shown) = (&centre.sites[at], centre.site());
    let what = match site.stranger {
        Some(Stranger::OtherCluster) => "is in another cluster than",
        Some(Stranger::NoCluster) => "is in no cluster, unlike",
        Some(Stranger::OnlyCluster) => "is in a cluster, unlike",
        None => return,
    };
    tracing::warn!(
        "the box \"{}\" at {} {what} \"{}\", which is shown: nothing of it is. Take it out of the list, or give it a board of its own",
        site.name,
        site.place,
        shown.name
    );
}

/// Names of the configuration that FreeSWITCH does not have: told once, they may come.
pub(super) fn unknown_names(settings: &Settings, snapshot: &Snapshot) {
    for queue in &settings.queues {
        if !snapshot.queues.iter().any(|known| known.name == queue.name) {
            tracing::warn!(
                "the configuration names the queue \"{}\", which FreeSWITCH does not have",
                queue.name
            );
        }
    }
    for agent in &settings.agents {
        if !snapshot.agents.iter().any(|known| known.name == agent.name) {
            tracing::warn!(
                "the configuration names the agent \"{}\", whom FreeSWITCH does not have",
                agent.name
            );
        }
    }
}
