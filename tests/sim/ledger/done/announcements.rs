//! Announcements to waiting members.

use crate::ledger::entries::Announced;
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{Announce, AnnouncementId, MemberId, Timestamp};

impl Ledger {
    /// An announcement begins.
    pub(in crate::ledger) fn announce(&mut self, now: Timestamp, announce: &Announce) -> Finding {
        let (uuid, kind) = self.may_announce(now, announce)?;
        if let Some(member) = self.members.get_mut(&uuid) {
            member.dissuaded |= kind == Announced::Dissuasion;
            member.announcement = Some((announce.announcement, kind));
        }
        Ok(())
    }

    pub(in crate::ledger) fn announcement_ended(
        &mut self,
        now: Timestamp,
        member: MemberId,
        announcement: AnnouncementId,
    ) {
        let uuid = self.uuids.get(&member).map(|(uuid, _)| uuid);
        let Some(member) = uuid.and_then(|uuid| self.members.get_mut(uuid)) else {
            return;
        };
        if let Some((_, kind)) = member.announcement.filter(|(playing, _)| *playing == announcement) {
            member.announcement = None;
            member.announced.insert(kind, now);
        }
    }
}
