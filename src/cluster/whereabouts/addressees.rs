//! Which box each output is for.

use super::Whereabouts;
use crate::engine::names::header;
use crate::engine::{blf_key_name, Event, Inspection, Notice, OfferId, Output, Presence, QueueLogLine, RowChange};
use std::collections::BTreeMap;

/// Where an output goes.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "what is addressed goes on at once; there is never a list of it"
)]
pub enum Addressed {
    /// To these boxes, by `cc-instance-id`. None at all, where what it was for is gone.
    Boxes(Vec<(String, Output)>),
    /// To the leader's journal.
    Journal(RowChange),
}

impl Whereabouts {
    /// Where this output goes. `asker` is the box whose message has caused it, or the leader's own box; `everywhere` says that each event is
    /// fired on every box (`cluster-events`).
    pub fn address(&mut self, (asker, everywhere): (&str, bool), output: Output) -> Addressed {
        self.learn(&output);
        let to = match &output {
            Output::Ring(ring) => self.of_offer(ring.offer),
            Output::CancelRing { offer, .. } => self.of_offer(*offer),
            Output::Connect(connect) => self.of_offer(connect.offer),
            Output::CallBack(call) => self.attempts.get(&call.attempt).cloned(),
            Output::CancelCallBack(attempt) => self.attempts.get(attempt).cloned(),
            Output::Release(release) => self.of_channel(&release.session_uuid),
            Output::Announce(announce) => self.of_channel(&announce.session_uuid),
            Output::Hold { session_uuid, .. } | Output::Variables { session_uuid, .. } => self.of_channel(session_uuid),
            Output::Event(_) if everywhere => {
                let everybody: Vec<String> = self.here.iter().cloned().collect();
                return self.to_all(&everybody, &output);
            }
            Output::Event(event) => Some(self.teller(call_of(event), asker)),
            Output::QueueLog(line) => Some(self.teller(logged_call(line), asker)),
            Output::Notice(notice) => Some(self.reader_of(notice)),
            Output::Presence(presence) => return self.to_all(&self.watchers_of(presence), &output),
            Output::LookAtLeg(leg) => return self.to_all(&self.who_may_have(leg, asker), &output),
            Output::Inspect(inspection) => return Addressed::Boxes(self.parts_of(inspection)),
            Output::Row(_) => None,
        };
        match output {
            Output::Row(change) => {
                self.learn_row(&change);
                Addressed::Journal(change)
            }
            output => {
                let to = to.filter(|to| self.here.contains(to));
                Addressed::Boxes(to.into_iter().map(|to| (to, output.clone())).collect())
            }
        }
    }

    fn learn_row(&mut self, change: &RowChange) {
        if let RowChange::CallbackGone(uuid) = change {
            self.callbacks.remove(uuid);
        }
    }

    fn of_offer(&self, offer: OfferId) -> Option<String> {
        self.box_of_offer(offer).map(str::to_owned)
    }

    fn of_channel(&self, channel: &str) -> Option<String> {
        self.box_of_channel(channel).map(str::to_owned)
    }

    /// Whose event it is: the box of its call, living or not, else the one that has asked.
    pub fn whose(&self, event: &Event, asker: &str) -> String {
        let of_call = call_of(event).and_then(|call| self.box_of_channel(call));
        of_call.unwrap_or(asker).to_owned()
    }

    /// Who tells of something: the box of its call, else the box that has asked. For one that is given up the leader's does.
    fn teller(&self, call: Option<&str>, asker: &str) -> String {
        let of_call = call.and_then(|call| self.box_of_channel(call));
        let teller = of_call.unwrap_or(asker);
        let is_here = self.here.contains(teller);
        (if is_here { teller } else { &self.leader }).to_owned()
    }

    fn reader_of(&self, notice: &Notice) -> String {
        let channel = notice.session_uuid.as_deref();
        self.teller(channel, &self.leader)
    }

    fn watchers_of(&self, presence: &Presence) -> Vec<String> {
        let name = match presence {
            Presence::Queue { queue, .. } => queue.clone(),
            Presence::BlfKey { queue, lamp, .. } => blf_key_name(queue, lamp),
        };
        self.lamps.get(&name).into_iter().flatten().cloned().collect()
    }

    /// The box where the leg was seen, else the one that has asked, if it did not do so by itself; else everybody looks, and who has it
    /// tells.
    fn who_may_have(&self, leg: &str, asker: &str) -> Vec<String> {
        match self.legs.get(leg) {
            Some(at) => vec![at.clone()],
            None if asker != self.leader => vec![asker.to_owned()],
            None => self.here.iter().cloned().collect(),
        }
    }

    fn to_all(&self, boxes: &[String], output: &Output) -> Addressed {
        let here = boxes.iter().filter(|to| self.here.contains(*to));
        Addressed::Boxes(here.map(|to| (to.clone(), output.clone())).collect())
    }

    /// Each box is asked for its own part.
    fn parts_of(&self, inspection: &Inspection) -> Vec<(String, Output)> {
        let mut parts: BTreeMap<&str, Inspection> = BTreeMap::new();
        for offer in &inspection.ringing {
            if let Some(at) = self.box_of_offer(*offer) {
                parts.entry(at).or_default().ringing.push(*offer);
            }
        }
        for offer in &inspection.talking {
            if let Some(at) = self.box_of_offer(*offer) {
                parts.entry(at).or_default().talking.push(*offer);
            }
        }
        for (member, channel) in &inspection.waiting {
            let at = self.box_of_member(*member).or_else(|| self.box_of_channel(channel));
            if let Some(at) = at {
                parts.entry(at).or_default().waiting.push((*member, channel.clone()));
            }
        }
        let here = parts.into_iter().filter(|(at, _)| self.here.contains(*at));
        here.map(|(at, part)| (at.to_owned(), Output::Inspect(part))).collect()
    }
}

/// The channel of the caller whom an event is about.
fn call_of(event: &Event) -> Option<&str> {
    let named = || event.header(header::MEMBER_SESSION_UUID);
    event.channel.as_deref().or_else(named).filter(|call| !call.is_empty())
}

fn logged_call(line: &QueueLogLine) -> Option<&str> {
    Some(line.call.as_str()).filter(|call| !call.is_empty())
}
