//! A process that begins anew, and what others and the switch say of what it knows.

use crate::ledger::entries::{Cost, Member, Offer, Place, Stage};
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{
    ChangeByOthers, ChangesByOthers, Found, JoinRequest, MemberId, OfferId, PreferredAgents, RowChange, Snapshot, Span,
    Talk, TierRow, Timestamp,
};

impl Ledger {
    /// A new process knows what was saved, and nothing else.
    pub(in crate::ledger) fn restart(&mut self, now: Timestamp, snapshot: &Snapshot) {
        let before = std::mem::take(self);
        let known = before.members;
        let talks = before.offers.into_values();
        let talks = talks.filter(|offer| offer.stage == Stage::Bridged);
        self.talks_before = talks.map(|offer| (offer.agent, offer.member)).collect();
        let Snapshot {
            queues,
            agents,
            tiers,
            members,
            skills,
            pauses,
            agent_limits,
            callers,
            ..
        } = snapshot.clone();
        for config in queues {
            self.kept.insert(config.name.clone(), config.clone());
            self.note_load(&config);
        }
        let agents = agents.into_iter().map(RowChange::Agent);
        let tiers = tiers.into_iter().map(RowChange::Tier);
        let skills = skills
            .into_iter()
            .map(|(agent, skills)| RowChange::AgentSkills { agent, skills });
        let pauses = pauses.into_iter().map(|(agent, queue, pause)| RowChange::Pause {
            agent,
            queue,
            pause: Some(pause),
        });
        let limits = agent_limits
            .into_iter()
            .map(|(agent, limits)| RowChange::AgentLimits { agent, limits });
        let callers = callers.into_iter().map(RowChange::Caller);
        let ours = skills.chain(pauses).chain(limits).chain(callers);
        for change in agents.chain(tiers).chain(ours) {
            self.rows.apply(change);
        }
        for row in members {
            self.places.insert(
                row.uuid.clone(),
                Place::of(&row, Timestamp::from_secs(row.joined_epoch.min(now.steady_secs()))),
            );
            self.rows.apply(RowChange::Member(row));
        }
        let callbacks = snapshot.callbacks.iter().cloned();
        for row in callbacks {
            self.rows.apply(RowChange::Callback(Box::new(row)));
        }
        self.restore_callbacks(now, snapshot, &known);
    }

    /// What is found has been there before, once, and is as if it had begun here.
    pub(in crate::ledger) fn adopt(&mut self, now: Timestamp, found: &Found, offers: &[OfferId]) -> Finding {
        if found.talks.len() != offers.len() {
            return Err(format!("{offers:?} for {found:?}"));
        }
        for (talk, id) in found.talks.iter().zip(offers) {
            let pair = (talk.agent.clone(), talk.member_uuid.clone());
            let Some(at) = self.talks_before.iter().position(|known| *known == pair) else {
                return Err(format!("{pair:?} are found, and did not talk before"));
            };
            self.talks_before.swap_remove(at);
            self.adopt_talk(now, talk, *id)?;
        }
        self.talks_before.clear();
        Ok(())
    }

    pub(in crate::ledger) fn adopt_talk(&mut self, now: Timestamp, talk: &Talk, id: OfferId) -> Finding {
        let is_known = self.rows.agents().iter().any(|row| row.name == talk.agent);
        let has_tier = |row: &TierRow| row.queue == talk.queue && row.agent == talk.agent;
        let offer = Offer {
            queue: talk.queue.clone(),
            agent: talk.agent.clone(),
            member: talk.member_uuid.clone(),
            stage: Stage::Bridged,
            media: talk.media,
            started: true,
            orphan: talk.course.agent_is_gone || !is_known,
            tier_gone: !self.rows.tiers().iter().any(has_tier),
            times_missing: 0,
            earlier_stay: false,
            calls_back: false,
            cost: Cost::Nothing,
        };
        self.legs.insert(id, talk.agent_uuid.clone());
        let member = Member {
            started: true,
            leaving: true,
            exited: true,
            // A process that has just begun tells the time as FreeSWITCH does.
            ..Member::of(
                &talk.queue,
                talk.course.entered.under(Span::ZERO).min(now),
                &JoinRequest::default(),
                PreferredAgents::default(),
            )
        };
        match (
            self.offers.insert(id, offer),
            self.members.insert(talk.member_uuid.clone(), member),
        ) {
            (None, None) => Ok(()),
            // What was kept of a callback is older than the talk.
            (None, Some(known)) if known.callback.is_some() => {
                let member = self.members.get_mut(&talk.member_uuid);
                member
                    .into_iter()
                    .for_each(|member| member.callback = known.callback.clone());
                Ok(())
            }
            others => Err(format!("{talk:?} is found twice: {others:?}")),
        }
    }

    pub(in crate::ledger) fn note_others(&mut self, changes: &ChangesByOthers) {
        for change in &changes.agents {
            if let ChangeByOthers::Gone(row) = change {
                self.orphan_offers(&row.name);
                self.note_tiers_of_offers(false, |offer| offer.agent == row.name);
            }
        }
        for change in &changes.tiers {
            let (row, there) = match change {
                ChangeByOthers::Gone(row) => (row, false),
                ChangeByOthers::Added(row) => (row, true),
                ChangeByOthers::Changed { .. } => continue,
            };
            self.note_tiers_of_offers(there, |offer| offer.queue == row.queue && offer.agent == row.agent);
        }
    }

    pub(in crate::ledger) fn note_missing(&mut self, members: &[MemberId], offers: &[OfferId]) {
        for id in offers {
            if let Some(offer) = self.offers.get_mut(id) {
                offer.times_missing += 1;
            }
        }
        self.missing.extend(members);
        // Whether such a member counts as answered cannot be told from outside; the figures are counted anew from the next load on.
        for (_, queue) in members.iter().filter_map(|member| self.uuids.get(member)) {
            self.figures.remove(queue);
        }
    }
}
