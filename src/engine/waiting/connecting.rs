//! Member and agent are to be bridged: the agent has answered, and the member is there.

use crate::engine::border::output::{Connect, Output};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::ids::OfferId;
use crate::engine::vocabulary::words::Media;

impl Engine {
    /// Has member and agent of an offer bridged.
    pub(in crate::engine) fn begin_connecting(&mut self, id: OfferId) {
        if let Some(offer) = self.offers.remove(&id) {
            self.fire_bridge_start(&offer);
            if let Some(connect) = self.connect(id, &offer) {
                self.outputs.push_back(Output::Connect(connect));
            }
            self.offers.insert(id, offer);
        }
    }

    /// Has member and agent bridged whose box may have lost the word of it.
    pub(in crate::engine) fn connect_anew(&mut self, id: OfferId) {
        let connect = self.offers.get(&id).and_then(|offer| self.connect(id, offer));
        self.outputs.extend(connect.map(Output::Connect));
    }

    fn connect(&self, id: OfferId, offer: &Offer) -> Option<Connect> {
        // Nothing is to be heard or recorded of a chat.
        let hears = offer.media() == Media::Audio;
        let config = self.queues.get(&offer.queue)?.config.as_ref().filter(|_| hears);
        Some(Connect {
            offer: id,
            media: offer.media(),
            agent_kind: self.agents.get(&offer.agent)?.row.agent_type.kind(),
            member_session_uuid: offer.facts.session_uuid.clone(),
            agent_uuid: offer.agent_uuid.clone(),
            record_template: config.and_then(|config| config.record_template.clone()),
            delay: config.map_or(0, |config| config.member_delay),
            sounds: config.map_or_else(Vec::new, |config| agent_sounds(config, offer)),
        })
    }
}

/// What the agent is told of the caller before they are connected.
fn agent_sounds(config: &QueueConfig, offer: &Offer) -> Vec<String> {
    let waited = offer.answered.since(offer.facts.entered);
    let wait = config
        .agent_announce_wait
        .then(|| format!("phrase:callcenter_waited:{}", waited.minutes_begun()));
    config.agent_announce_sound.clone().into_iter().chain(wait).collect()
}
