//! What the watchdog has mended is counted, and the operator told.

use crate::engine::border::output::NoticeLevel;
use crate::engine::border::views::Repairs;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::OfferId;

impl Engine {
    /// Counts and logs an offer of whose end nobody has reported.
    pub(in crate::engine) fn note_lost(&mut self, id: OfferId) {
        self.note_repair(id, "no report of its end has come", |repairs| repairs.lost_offers += 1);
    }

    pub(in crate::engine) fn note_repair(&mut self, id: OfferId, trouble: &str, count: impl FnOnce(&mut Repairs)) {
        let Some(offer) = self.offers.get(&id) else { return };
        let agent = self
            .agents
            .get(&offer.agent)
            .map(|agent| agent.row.name.clone())
            .unwrap_or_default();
        let session_uuid = offer.facts.session_uuid.clone();
        let text = format!(
            "Watchdog: the offer of member {} to agent {agent} is ended, because {trouble}; please report this with the log before it",
            offer.facts.uuid
        );
        count(&mut self.watchdog.repairs);
        self.notice(NoticeLevel::Warning, Some(&session_uuid), text);
    }
}
