//! Announcements to waiting members.

use crate::ledger::entries::{Announced, Away};
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
        let is_missing = self.missing.contains(&member);
        let uuid = self.uuids.get(&member).map(|(uuid, _)| uuid);
        let Some(member) = uuid.and_then(|uuid| self.members.get_mut(uuid)) else {
            return;
        };
        if let Some((_, kind)) = member.announcement.filter(|(playing, _)| *playing == announcement) {
            member.announcement = None;
            // Of a caller who was on the way out to be called back, and was not found, it is over for the engine before that is told.
            let on_the_way = member.callback.as_ref().filter(|it| it.stage != Away::Here);
            if on_the_way.is_none() || !is_missing {
                member.announced.insert(kind, now);
            }
        }
    }
}
