//! Call detail records against what inputs and events say: exactly one for each offer and each stay that ended, with the right
//! times, and sums that agree.

use crate::ledger::Finding;
use mod_callcenter::engine::{
    CallRecord, CallResult, EngineError, Event, Input, Media, MemberRow, MemberState, OfferId, Output, RecordKind,
    Reply, RowChange, Snapshot, Span, Talk, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The books about records, of the process that runs.
#[derive(Default)]
pub struct Records {
    /// Ends that were told in this step and whose record is still to come: kind, member, agent.
    ends: Vec<(RecordKind, String, String)>,
    /// Records of this step, and how many of them were told as events.
    written: Vec<CallRecord>,
    told: Vec<String>,
    /// Every identity there has been.
    known: BTreeSet<String>,
    offers: HashMap<OfferId, Offer>,
    /// Of each member in a queue: when the stay began, whole seconds, and how many offers there have been in it.
    present: HashMap<String, (i64, u32)>,
    /// What comes over each caller's channel.
    media: HashMap<String, Media>,
    /// What the records of offers add up to, by stay.
    sums: BTreeMap<String, Sums>,
    /// Records of stays.
    stays: Vec<CallRecord>,
    /// Members who were under way when the process before this one ended.
    lost: BTreeSet<String>,
    /// The present step tells what is up of them.
    must_be_accounted_for: bool,
    /// Members who are to be called back, and those of whom that has ended in this step.
    called_back: BTreeSet<String>,
    ended_in_step: Vec<String>,
}

#[derive(Clone)]
struct Offer {
    agent: String,
    /// How its record's identity begins and ends: the stay, and the number in it. Two agents of one name, one of them deleted,
    /// may be offered the same member in the same instant.
    stay: String,
    number: String,
    /// The agent's leg, once it is up.
    leg: String,
    rung: Timestamp,
    /// The agent has nobody yet: whoever is to be called back is not there.
    calls_back: bool,
    answered: Option<Timestamp>,
    bridged: Option<Timestamp>,
}

#[derive(Default)]
struct Sums {
    offers: i64,
    /// Those that agents did not take.
    not_taken: i64,
    talk_ms: i64,
}

impl Records {
    pub fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        match (input, reply) {
            (Input::Restore(snapshot), Ok(_)) => {
                *self = Self::default();
                let under_way = snapshot
                    .members
                    .iter()
                    .filter(|row| row.state != MemberState::Abandoned);
                self.lost = under_way.map(|row| row.uuid.clone()).collect();
                self.restore_callbacks(now, snapshot);
            }
            (Input::Adopt(found), Ok(Reply::Adopted(offers))) => {
                for (talk, id) in found.talks.iter().zip(offers) {
                    self.adopt(*id, talk);
                }
                self.must_be_accounted_for = true;
            }
            (Input::MemberJoin(request), Ok(Reply::Joined { member_uuid, .. })) => {
                self.media
                    .insert(request.session_uuid.clone(), request.requirements.media);
                let is_known = self.called_back.contains(member_uuid);
                if !is_known {
                    self.present.insert(member_uuid.clone(), (now.steady_secs(), 0));
                }
            }
            (Input::MemberJoin(_) | Input::CallbackAdd { .. }, Ok(Reply::CalledBack { member_uuid, .. })) => {
                let began = (now.steady_secs(), 0);
                self.present.entry(member_uuid.clone()).or_insert(began);
                if let Input::MemberJoin(request) = input {
                    self.media.insert(request.session_uuid.clone(), Media::Audio);
                }
            }
            (Input::OfferAnswered { offer, agent_uuid }, Ok(_)) => {
                if let Some(offer) = self.offers.get_mut(offer) {
                    offer.answered = Some(now);
                    offer.leg = agent_uuid.clone();
                }
            }
            (Input::OfferBridged { offer }, Ok(_)) => {
                if let Some(offer) = self.offers.get_mut(offer) {
                    offer.bridged = Some(now);
                }
            }
            _ => {}
        }
    }

    /// Whoever is to be called back goes on, in the stay that its row tells of; what its offers were is forgotten.
    fn restore_callbacks(&mut self, now: Timestamp, snapshot: &Snapshot) {
        for row in &snapshot.callbacks {
            let is_it = |member: &&MemberRow| member.uuid == row.uuid;
            let member = snapshot.members.iter().find(is_it);
            if member.is_some_and(|member| member.state == MemberState::Answered) {
                continue;
            }
            let rejoined = member.map_or(0, |member| member.rejoined_epoch);
            let joined = member.map_or(row.joined_epoch, |member| member.joined_epoch);
            // The machine's clock may have been set back: what lies ahead is as if it were now.
            let began = if rejoined > 0 { rejoined } else { joined }.min(now.steady_secs());
            self.lost.remove(&row.uuid);
            self.called_back.insert(row.uuid.clone());
            self.present.insert(row.uuid.clone(), (began, 0));
        }
    }

    /// A talk that began in the process before this one. What its stay's other offers came to was recorded there.
    fn adopt(&mut self, id: OfferId, talk: &Talk) {
        let (course, uuid) = (&talk.course, &talk.member_uuid);
        self.lost.remove(uuid);
        self.media.insert(talk.member_session_uuid.clone(), talk.media);
        let again = match course.repetition {
            0 => String::new(),
            repetition => format!(".{repetition}"),
        };
        let stay = format!("{uuid}.{}{again}", course.entered.secs());
        let sums = Sums {
            offers: i64::from(course.offers) - 1,
            not_taken: i64::from(course.rejections),
            talk_ms: 0,
        };
        self.sums.insert(stay.clone(), sums);
        let offer = Offer {
            agent: talk.agent.clone(),
            stay,
            number: format!(".o{}", course.number),
            leg: talk.agent_uuid.clone(),
            // A process that has just begun tells the time as FreeSWITCH does.
            rung: course.called.under(Span::ZERO),
            calls_back: false,
            answered: Some(course.answered.under(Span::ZERO)),
            bridged: Some(course.bridged.under(Span::ZERO)),
        };
        self.offers.insert(id, offer);
    }

    pub fn output(&mut self, now: Timestamp, output: &Output) {
        match output {
            Output::Ring(ring) => {
                let (began, offers) = self.present.entry(ring.member_uuid.clone()).or_default();
                *offers += 1;
                let offer = Offer {
                    agent: ring.agent.clone(),
                    stay: format!("{}.{began}", ring.member_uuid),
                    number: format!(".o{offers}"),
                    leg: String::new(),
                    rung: now,
                    calls_back: ring.calls_back.is_some(),
                    answered: None,
                    bridged: None,
                };
                self.offers.insert(ring.offer, offer);
            }
            Output::Connect(connect) => {
                let offer = self.offers.get_mut(&connect.offer);
                offer.into_iter().for_each(|offer| offer.calls_back = false);
            }
            Output::Event(event) => self.event(event),
            Output::Row(RowChange::CallRecord(record)) => self.written.push((**record).clone()),
            _ => {}
        }
    }

    fn event(&mut self, event: &Event) {
        let header = |name| event.header(name).unwrap_or_default().to_owned();
        let (member, agent) = (header("CC-Member-UUID"), header("CC-Agent"));
        match event.action() {
            "bridge-agent-fail" | "bridge-agent-end" => self.ends.push((RecordKind::Offer, member, agent)),
            "member-queue-end" => self.ends.push((RecordKind::Member, member, agent)),
            "cdr" => self.told.push(header("CC-CDR-UUID")),
            "callback-requested" => drop(self.called_back.insert(member)),
            // Who has called meanwhile may call again, and begins anew.
            "callback-ended" | "callback-expired" => self.ended_in_step.push(member),
            _ => {}
        }
    }

    /// The step is over: what has ended in it has its records, and nothing else has.
    ///
    /// # Errors
    /// What is wrong with the first record that is.
    pub fn settle(&mut self, now: Timestamp) -> Finding {
        let written = std::mem::take(&mut self.written);
        let told = std::mem::take(&mut self.told);
        for member in std::mem::take(&mut self.ended_in_step) {
            self.called_back.remove(&member);
        }
        if !written.iter().map(|record| &record.uuid).eq(told.iter()) {
            return Err(format!("records {written:?} were told as {told:?}"));
        }
        for record in written {
            self.check(now, &record)
                .map_err(|wrong| format!("{record:?} {wrong}"))?;
        }
        if std::mem::take(&mut self.must_be_accounted_for) && !self.lost.is_empty() {
            return Err(format!("neither found nor lost: {:?}", self.lost));
        }
        if self.ends.is_empty() {
            return Ok(());
        }
        Err(format!("without a record: {:?}", self.ends))
    }

    fn check(&mut self, now: Timestamp, record: &CallRecord) -> Finding {
        if !self.known.insert(record.uuid.clone()) {
            return Err("is there already".to_owned());
        }
        if record.ended != now.steady_secs() {
            return Err(format!("ended at {now:?}"));
        }
        if record.result == CallResult::Lost {
            let is_lost = self.lost.remove(&record.member_uuid);
            return if is_lost {
                Ok(())
            } else {
                Err("was not under way".to_owned())
            };
        }
        let of_nobody = Some(&Media::Audio).filter(|_| record.session_uuid.is_empty());
        if self.media.get(&record.session_uuid).or(of_nobody) != Some(&record.media) {
            return Err("is of another medium".to_owned());
        }
        let end = (record.kind, record.member_uuid.clone(), record.agent.clone());
        let Some(at) = self.ends.iter().position(|other| *other == end) else {
            return Err(format!("but what ended is {:?}", self.ends));
        };
        self.ends.remove(at);
        match record.kind {
            RecordKind::Offer => self.check_offer(now, record),
            RecordKind::Member => self.check_stay(record),
        }
    }

    /// Offers that were being stopped when the member left end later, and count for nobody.
    fn check_stay(&mut self, record: &CallRecord) -> Finding {
        self.stays.push(record.clone());
        let not_taken = self.sums.get(&record.uuid).map_or(0, |sums| sums.not_taken);
        if record.rejections == not_taken {
            return Ok(());
        }
        Err(format!("although {not_taken} offers were not taken"))
    }

    fn check_offer(&mut self, now: Timestamp, record: &CallRecord) -> Finding {
        let Some((stay, _)) = record.uuid.rsplit_once(".o") else {
            return Err("is of no stay".to_owned());
        };
        let sums = self.sums.entry(stay.to_owned()).or_default();
        sums.offers += 1;
        sums.not_taken += i64::from(record.call_type() == -2);
        if record.result == CallResult::Answered {
            sums.talk_ms += record.talk_ms;
        }
        let lengths = |offer: &Offer| {
            let answered = offer.answered.filter(|_| !offer.calls_back);
            let pickup = answered.unwrap_or(now).since(offer.rung);
            let talk = offer.bridged.map_or(0, |bridged| now.since(bridged).micros());
            (pickup.micros() / 1000, talk / 1000)
        };
        let seen = (record.pickup_ms, record.talk_ms);
        let is_it = |offer: &Offer| {
            let names = (&offer.agent, &offer.leg) == (&record.agent, &record.agent_uuid);
            let uuid = &record.uuid;
            names && uuid.starts_with(&offer.stay) && uuid.ends_with(&offer.number) && lengths(offer) == seen
        };
        let id = self.offers.iter().find(|(_, offer)| is_it(offer)).map(|(id, _)| *id);
        match id.and_then(|id| self.offers.remove(&id)) {
            Some(_) => Ok(()),
            None => Err("is of no offer of that agent, number and lengths".to_owned()),
        }
    }

    /// The day is over: the sums of the offers are those of their stays.
    ///
    /// # Errors
    /// The first stay of which they are not.
    pub fn balance(&self) -> Finding {
        if !self.lost.is_empty() {
            return Err(format!("lost without a record: {:?}", self.lost));
        }
        for stay in &self.stays {
            let nothing = Sums::default();
            let sums = self.sums.get(&stay.uuid).unwrap_or(&nothing);
            if (sums.offers, sums.talk_ms) != (stay.offers, stay.talk_ms) {
                let of_offers = (sums.offers, sums.talk_ms);
                return Err(format!("offers add up to {of_offers:?} for {stay:?}"));
            }
        }
        Ok(())
    }
}
