//! Callers who join a queue, wait and leave.

use crate::ledger::entries::{Member, Place, Stage};
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{
    EngineError, Event, Input, JoinRequest, MemberId, OfferId, PreferredAgents, QueueConfig, Release, Reply, RowChange,
    Timestamp,
};

impl Ledger {
    /// Callers who come and go.
    pub(in crate::ledger) fn member_input(
        &mut self,
        now: Timestamp,
        input: &Input,
        reply: &Result<Reply, EngineError>,
    ) -> Finding {
        match (input, reply) {
            (
                Input::MemberJoin(request),
                Ok(Reply::Joined {
                    member, member_uuid, ..
                }),
            ) => {
                self.note_load_by_caller(&request.queue);
                return self.join(now, request, *member, member_uuid);
            }
            (Input::MemberJoin(request), Ok(Reply::CalledBack { member_uuid, .. })) => {
                self.note_load_by_caller(&request.queue);
                self.join_away(now, request, member_uuid);
            }
            (Input::MemberJoin(request), Ok(Reply::Refused { .. })) => self.note_load_by_caller(&request.queue),
            (Input::MemberExit { member, .. }, reply) => return self.exit(now, *member, reply),
            (
                Input::AnnouncementEnded {
                    member, announcement, ..
                },
                _,
            ) => self.announcement_ended(now, *member, *announcement),
            (input, reply) => self.callback_input(now, input, reply),
        }
        Ok(())
    }

    /// A member who is asked to leave is offered to nobody any more.
    pub(in crate::ledger) fn release(&mut self, release: &Release) -> Finding {
        self.releases_of_this_step.push((release.member, release.reason));
        let uuid = self
            .uuids
            .get(&release.member)
            .map(|(uuid, _)| uuid.clone())
            .unwrap_or_default();
        match self.members.get_mut(&uuid) {
            Some(member) => member.leaving = true,
            None => return Err(format!("released {uuid:?}, who is in no queue")),
        }
        Ok(())
    }

    pub(in crate::ledger) fn join(
        &mut self,
        now: Timestamp,
        request: &JoinRequest,
        member: MemberId,
        uuid: &str,
    ) -> Finding {
        let queue = request.queue.as_str();
        if self.comes_back(now, request, member, uuid) {
            return Ok(());
        }
        self.uuids.insert(member, (uuid.to_owned(), queue.to_owned()));
        for offer in self.offers.values_mut().filter(|offer| offer.member == uuid) {
            offer.earlier_stay = true;
        }
        let book = Member::of(queue, now, request, self.preferred_by(request));
        match self.members.insert(uuid.to_owned(), book) {
            Some(_) => Err(format!("member {uuid} joined twice")),
            None => Ok(()),
        }
    }

    /// Whom a caller prefers: whom its channel names, or else who talked to it last.
    pub fn preferred_by(&self, request: &JoinRequest) -> PreferredAgents {
        if !request.preferred.is_empty() {
            return request.preferred.clone();
        }
        let remembers = |config: &QueueConfig| config.sticky_days > 0;
        let last = self.queues.get(&request.queue).is_some_and(remembers);
        let last = last.then(|| self.rows.last_agent(&request.queue, &request.cid_number));
        last.flatten()
            .map_or_else(PreferredAgents::default, PreferredAgents::one)
    }

    pub(in crate::ledger) fn exit(
        &mut self,
        now: Timestamp,
        member: MemberId,
        reply: &Result<Reply, EngineError>,
    ) -> Finding {
        let Some((uuid, queue)) = self.uuids.remove(&member) else {
            return match reply {
                Err(EngineError::MemberNotFound) => Ok(()),
                other => Err(format!("the second exit of a member was answered {other:?}")),
            };
        };
        let is_bridged = self.offers_of_member(&uuid).any(|offer| offer.stage == Stage::Bridged);
        let is_over = match self.members.get_mut(&uuid) {
            Some(book) => {
                book.leaving = true;
                book.exited = true;
                false
            }
            None => true,
        };
        if *reply == Ok(Reply::Left { answered: false }) {
            self.goes_away(now, &uuid);
        }
        match reply {
            Ok(Reply::Left { answered: true }) if is_bridged || is_over => {
                if let Some(figures) = self.figures.get_mut(&queue) {
                    figures.answered += 1;
                }
                Ok(())
            }
            Ok(Reply::Left { .. }) => Ok(()),
            Err(EngineError::MemberNotFound) if self.missing.contains(&member) => Ok(()),
            other => Err(format!("the exit of member {uuid} was answered {other:?}")),
        }
    }

    pub(in crate::ledger) fn member_starts(&mut self, uuid: &str) -> Finding {
        match self.members.get_mut(uuid) {
            Some(member) if !member.started => member.started = true,
            other => return Err(format!("member-queue-start of {uuid}, who is {other:?}")),
        }
        Ok(())
    }

    pub(in crate::ledger) fn member_ends(&mut self, uuid: &str, event: &Event) -> Finding {
        let bridged = self.offers_of_member(uuid).any(|offer| offer.stage == Stage::Bridged);
        // Whoever is not reached has not left.
        let reason = event.header("CC-Cancel-Reason").unwrap_or_default();
        let is_unkept = reason.starts_with("CALLBACK_");
        if let Some(member) = self
            .members
            .get(uuid)
            .filter(|_| event.header("CC-Cause") == Some("Cancel") && !is_unkept)
        {
            if let Some(figures) = self.figures.get_mut(&member.queue) {
                figures.abandoned += 1;
            }
        }
        match self.members.remove(uuid) {
            Some(member) if member.started && !bridged => Ok(()),
            other => Err(format!("{event:?} of {uuid}, who is {other:?}, in a call: {bridged}")),
        }
    }

    pub(in crate::ledger) fn mark_member_down(&mut self, offer: OfferId, member_up: bool) {
        let Some(offer) = self.offers.get(&offer).filter(|offer| !offer.earlier_stay) else {
            return;
        };
        if let Some(member) = self.members.get_mut(&offer.member) {
            member.leaving |= !member_up;
        }
    }

    pub(in crate::ledger) fn note_row(&mut self, now: Timestamp, change: &RowChange) {
        match change {
            RowChange::Member(row) => {
                let news = Place::of(row, now);
                let place = self.places.entry(row.uuid.clone()).or_insert(news);
                place.standing = news.standing;
            }
            RowChange::MemberGone(uuid) => drop(self.places.remove(uuid)),
            _ => {}
        }
        self.rows_of_this_step.push(change.clone());
    }
}
