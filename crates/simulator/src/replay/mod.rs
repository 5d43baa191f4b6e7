//! Yesterday again: a real day, taken from the module's own records, played by the engine. What callers would have done who were answered, or
//! talked about who gave up, nobody knows: it is drawn from those of whom it is known.

mod check;
mod patience;
mod queue_log;
mod records;

use crate::dice::Dice;
use crate::expected::{Expected, Lot};
use crate::plan::{Act, Fate, Phone, Plan};
use crate::scenario::{Scenario, ScenarioError, MIDNIGHT};
use crate::study::Callers;
use crate::world::Call;
pub use check::Check;
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{
    AgentConfig, AgentSetting, AgentStatus, CallResult, CallerRequirements, CancelReason, HangupCause, Input,
    PreferredAgents, RecordKind, Span, Timestamp,
};
use patience::Patience;
use queue_log::{Deed, QueueLog};
use records::{Record, Records};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const DAY: i64 = 86_400;
const HALF_HOUR: i64 = 1800;

/// A real day.
#[derive(Debug)]
pub struct Replay {
    /// Members' stays, each with its offers, in the order of their coming.
    stays: Vec<RealStay>,
    /// What agents did.
    deeds: BTreeMap<String, Vec<(i64, Deed)>>,
    /// How phones behaved, by agent.
    phones: BTreeMap<String, Vec<Fate>>,
    /// How patient each queue's callers are, and all.
    patience: BTreeMap<String, Patience>,
    patience_of_all: Patience,
    /// How long each queue's callers talk, and all, in seconds.
    talks: BTreeMap<String, Vec<f64>>,
    talks_of_all: Vec<f64>,
    /// The epoch second that is the simulation's midnight.
    midnight: i64,
    /// When the day begins and how long it is, in seconds after midnight.
    start: i64,
    length: i64,
    /// How many times as many callers come.
    share: f64,
    /// What could not be used, each with its place.
    pub broken: Vec<String>,
    /// What was left out though it was read.
    pub left_out: Vec<String>,
}

/// One caller's stay.
#[derive(Debug, Clone)]
struct RealStay {
    record: Record,
    rings: BTreeMap<String, Vec<Fate>>,
}

impl RealStay {
    /// Whether the caller left by itself: the only ones whose patience is known.
    fn gave_up(&self) -> bool {
        let reason = CancelReason::parse(&self.record.cause);
        self.record.result == CallResult::Abandoned
            && matches!(reason, Some(CancelReason::BreakOut | CancelReason::None))
    }

    fn wait(&self) -> f64 {
        self.record.wait_ms as f64 / 1000.0
    }
}

impl Replay {
    /// Reads a day: call detail records, and the queue log where there is one.
    ///
    /// # Errors
    /// When a file cannot be read, or there is no caller in it.
    pub fn read(records: &Path, queue_log: Option<&Path>) -> Result<Self, String> {
        let Records {
            records, mut broken, ..
        } = Records::read(records)?;
        let log = queue_log.map(QueueLog::read).transpose()?.unwrap_or_default();
        broken.extend(log.broken);
        let mut left_out = Vec::new();
        let chats = records
            .iter()
            .filter(|record| record.is_chat && record.kind == RecordKind::Member)
            .count();
        if chats > 0 {
            left_out.push(format!("{chats} chats are left out: calls alone are played."));
        }
        if queue_log.is_none() {
            left_out.push("Without a queue log everybody who had a call is taken to have worked all day.".to_owned());
        }
        let calls: Vec<Record> = records.into_iter().filter(|record| !record.is_chat).collect();
        let phones = phones_of(&calls);
        let stays = stays_of(calls);
        if stays.is_empty() {
            return Err("There is no caller in the records.".to_owned());
        }
        Ok(Self::of(stays, log.deeds, phones, (broken, left_out)))
    }

    fn of(
        stays: Vec<RealStay>,
        deeds: BTreeMap<String, Vec<(i64, Deed)>>,
        phones: BTreeMap<String, Vec<Fate>>,
        (broken, left_out): (Vec<String>, Vec<String>),
    ) -> Self {
        let first = stays.iter().map(|stay| stay.record.received).min().unwrap_or_default();
        let last = stays.iter().map(|stay| stay.record.received).max().unwrap_or_default();
        let midnight = local_midnight(first);
        // A day of which there is little begins and ends closer to what there is.
        let step = if last - first < 3 * 3600 {
            HALF_HOUR / 6
        } else {
            HALF_HOUR
        };
        let start = (first - midnight).div_euclid(step) * step;
        let mut waits: BTreeMap<String, Vec<(f64, bool)>> = BTreeMap::new();
        let mut talks: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for stay in &stays {
            let queue = &stay.record.queue;
            waits
                .entry(queue.clone())
                .or_default()
                .push((stay.wait(), stay.gave_up()));
            if stay.record.result == CallResult::Answered {
                talks
                    .entry(queue.clone())
                    .or_default()
                    .push(stay.record.talk_ms as f64 / 1000.0);
            }
        }
        let all: Vec<(f64, bool)> = waits.values().flatten().copied().collect();
        Self {
            deeds,
            phones,
            patience: waits
                .into_iter()
                .map(|(queue, waits)| (queue, Patience::of(&waits)))
                .collect(),
            patience_of_all: Patience::of(&all),
            talks_of_all: talks.values().flatten().copied().collect(),
            talks,
            midnight,
            start,
            // The half hour in which the last one came is a whole one.
            length: ((last + 1 - midnight - start).max(1) + step - 1).div_euclid(step) * step,
            share: 1.0,
            broken,
            left_out,
            stays,
        }
    }

    /// The same with so many times as many callers.
    #[must_use]
    pub fn with_share(self, share: f64) -> Self {
        Self { share, ..self }
    }

    /// The date of the day.
    pub fn date(&self) -> String {
        let day = chrono::DateTime::from_timestamp(self.midnight + self.start, 0);
        let day = day.map(|day| day.with_timezone(&chrono::Local));
        day.map_or_else(String::new, |day| day.format("%A, %-d %B %Y").to_string())
    }

    /// An instant of the records in the simulation's day.
    fn at(&self, epoch: i64) -> Timestamp {
        MIDNIGHT + Span::from_secs(epoch - self.midnight)
    }

    /// The day in a configured call centre, whatever its seed.
    ///
    /// # Errors
    /// When the configuration cannot be run.
    pub fn plan(&self, configuration: &Configuration) -> Result<Plan, ScenarioError> {
        let mut plan = Scenario::default().plan(configuration, 1)?;
        plan.start = MIDNIGHT + Span::from_secs(self.start);
        plan.length = Span::from_secs(self.length);
        plan.acts.clear();
        let everybody: Vec<Fate> = self.phones.values().flatten().cloned().collect();
        for agent in &configuration.agents {
            let seen = self.phones.get(&agent.name).filter(|seen| !seen.is_empty());
            let phone = Phone {
                seen: seen.unwrap_or(&everybody).clone(),
                ..Phone::default()
            };
            plan.phones.insert(agent.name.clone(), phone);
            plan.acts.extend(self.attendance(agent, plan.start));
        }
        plan.acts.sort_by_key(|(at, _)| *at);
        Ok(plan)
    }

    /// What is in the records and not in the configuration.
    pub fn unknown(&self, configuration: &Configuration) -> Vec<String> {
        let queues: BTreeSet<&str> = configuration.queues.iter().map(|queue| queue.name.as_str()).collect();
        let agents: BTreeSet<&str> = configuration.agents.iter().map(|agent| agent.name.as_str()).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for stay in &self.stays {
            if !queues.contains(stay.record.queue.as_str()) {
                *counts
                    .entry(format!("callers of the queue {}", stay.record.queue))
                    .or_default() += 1;
            }
            let agent = stay.record.agent.as_str();
            if !agent.is_empty() && !agents.contains(agent) {
                *counts.entry(format!("calls of the agent {agent}")).or_default() += 1;
            }
        }
        let said = |(what, count): (String, usize)| format!("{count} {what}, which the configuration does not have.");
        counts.into_iter().map(said).collect()
    }

    /// An agent's log-ins, breaks and log-outs as the log has them.
    fn attendance(&self, agent: &AgentConfig, start: Timestamp) -> Vec<(Timestamp, Act)> {
        let deeds = self.deeds.get(&agent.name).map(Vec::as_slice).unwrap_or_default();
        let shut = self.midnight + self.start + self.length + 4 * 3600;
        let began = self.midnight + self.start;
        // What was before the day has its effect at its beginning.
        let (before, during): (Vec<_>, Vec<_>) = deeds.iter().partition(|(at, _)| *at <= began);
        let mut acts = vec![(
            start,
            status(
                agent,
                self.first_status(agent, before.last().map(|(_, deed)| deed), &during),
            ),
        )];
        for (at, deed) in during.into_iter().filter(|(at, _)| *at < shut) {
            acts.push((self.at(*at), act(agent, deed)));
        }
        acts
    }

    /// The status with which the day begins, from what is known to have come before or after.
    fn first_status(&self, agent: &AgentConfig, before: Option<&Deed>, during: &[&(i64, Deed)]) -> AgentStatus {
        match before {
            Some(Deed::LogOut) => return AgentStatus::LoggedOut,
            Some(Deed::Break) => return AgentStatus::OnBreak,
            Some(_) => return AgentStatus::Available,
            None => {}
        }
        match during.first().map(|(_, deed)| deed) {
            Some(Deed::LogIn) => AgentStatus::LoggedOut,
            Some(Deed::Back) => AgentStatus::OnBreak,
            Some(_) => AgentStatus::Available,
            None if self.phones.contains_key(&agent.name) => AgentStatus::Available,
            None if self.deeds.is_empty() => AgentStatus::LoggedOut,
            None => agent.status.unwrap_or(AgentStatus::LoggedOut),
        }
    }

    /// One of the recorded callers, as the dice of this seed have it.
    fn expected(&self, seed: u64, number: usize, purpose: &str) -> Expected {
        let stay = &self.stays[number];
        let record = &stay.record;
        let mut dice = Dice::numbered(seed, purpose, number as u64);
        let patience = self
            .patience
            .get(&record.queue)
            .filter(|patience| patience.curve().len() >= 10);
        let patience = patience.unwrap_or(&self.patience_of_all);
        let (talk, waits) = (self.talk(record, &mut dice), patience.draw(stay.wait(), &mut dice));
        let pressed = CancelReason::parse(&record.cause) == Some(CancelReason::ExitWithKey);
        let is_replayed = purpose == RECORDED;
        let known = is_replayed && stay.gave_up();
        let call = Call {
            queue: record.queue.clone(),
            number: format!("{:016x}", record.caller),
            talk: seconds(talk),
            patience: seconds(if known {
                stay.wait()
            } else if is_replayed {
                waits
            } else {
                patience.draw(0.0, &mut dice)
            }),
            exit_key_after: pressed.then(|| seconds(stay.wait())),
            taken_away_after: None,
            callback_after: None,
            redial: 0.0,
            base_score: 0,
            before_queue: Span::ZERO,
            agent_ends: false,
            requirements: CallerRequirements::default(),
            preferred: PreferredAgents::default(),
        };
        let rings = if is_replayed {
            stay.rings.clone()
        } else {
            BTreeMap::new()
        };
        Expected {
            call,
            lot: Lot::with_rings(dice.seed(), rings),
        }
    }

    /// How long a caller talks: as long as it did, or as somebody of the queue did.
    fn talk(&self, record: &Record, dice: &mut Dice) -> f64 {
        let talks = self.talks.get(&record.queue).filter(|talks| !talks.is_empty());
        let other = dice.pick(talks.unwrap_or(&self.talks_of_all)).copied().unwrap_or(180.0);
        if record.result == CallResult::Answered {
            record.talk_ms as f64 / 1000.0
        } else {
            other
        }
    }
}

const RECORDED: &str = "recorded callers";

impl Callers for Replay {
    fn of_day(&self, plan: &Plan) -> Vec<(Timestamp, Expected)> {
        let known = |queue: &str| plan.queues.iter().any(|known| known.name == queue);
        let numbers = (0..self.stays.len()).filter(|number| known(&self.stays[*number].record.queue));
        let mut callers = Vec::new();
        for number in numbers {
            let at = self.at(self.stays[number].record.received);
            let luck = Dice::numbered(plan.seed, "who stays away or brings another", number as u64).unit();
            if luck < self.share {
                callers.push((at, self.expected(plan.seed, number, RECORDED)));
            }
            // Further callers are like those who came, within a quarter of an hour of them.
            let further = (self.share - 1.0 - luck).ceil().max(0.0) as usize;
            for copy in 0..further {
                let purpose = format!("further callers {copy}");
                let aside = Dice::numbered(plan.seed, &purpose, number as u64).between(-900_000, 900_000);
                let at = (at + Span::from_millis(aside)).max(plan.start);
                callers.push((at, self.expected(plan.seed, number, &purpose)));
            }
        }
        callers.sort_by_key(|(at, _)| *at);
        callers
    }
}

fn seconds(seconds: f64) -> Span {
    Span::from_micros((seconds * 1e6) as i64)
}

fn status(agent: &AgentConfig, status: AgentStatus) -> Act {
    Act::submit(Input::AgentSet {
        name: agent.name.clone(),
        setting: AgentSetting::Status(status.to_string()),
    })
}

fn act(agent: &AgentConfig, deed: &Deed) -> Act {
    match deed {
        Deed::LogIn | Deed::Back => status(agent, AgentStatus::Available),
        Deed::LogOut => status(agent, AgentStatus::LoggedOut),
        Deed::Break => status(agent, AgentStatus::OnBreak),
        Deed::Pause(queue) => Act::submit(Input::TierPause {
            queue: queue.clone(),
            agent: agent.name.clone(),
            reason: String::new(),
        }),
        Deed::Resume(queue) => Act::submit(Input::TierResume {
            queue: queue.clone(),
            agent: agent.name.clone(),
        }),
    }
}

/// How a ring ended that was seen; nothing is known of one that was taken back.
fn fate_of(offer: &Record) -> Option<Fate> {
    let failure = match offer.result {
        CallResult::Answered => None,
        CallResult::Rejected => Some(HangupCause::CALL_REJECTED),
        CallResult::Busy => Some(HangupCause::USER_BUSY),
        CallResult::NoAnswer => Some(HangupCause::NO_ANSWER),
        CallResult::Failed => Some(HangupCause::named(offer.cause.clone())),
        _ => return None,
    };
    Some(Fate {
        after: Span::from_millis(offer.pickup_ms),
        failure,
    })
}

fn phones_of(records: &[Record]) -> BTreeMap<String, Vec<Fate>> {
    let mut phones: BTreeMap<String, Vec<Fate>> = BTreeMap::new();
    for offer in records
        .iter()
        .filter(|record| record.kind == RecordKind::Offer && !record.agent.is_empty())
    {
        let seen = phones.entry(offer.agent.clone()).or_default();
        seen.extend(fate_of(offer));
    }
    phones
}

/// Each member's stay, with the rings that were made for it.
fn stays_of(records: Vec<Record>) -> Vec<RealStay> {
    let mut rings: BTreeMap<String, BTreeMap<String, Vec<Fate>>> = BTreeMap::new();
    let mut offers: Vec<&Record> = records
        .iter()
        .filter(|record| record.kind == RecordKind::Offer)
        .collect();
    offers.sort_by_key(|offer| offer.received);
    for offer in offers {
        if let Some(fate) = fate_of(offer) {
            let of_member = rings.entry(offer.member.clone()).or_default();
            of_member.entry(offer.agent.clone()).or_default().push(fate);
        }
    }
    let members = records.into_iter().filter(|record| record.kind == RecordKind::Member);
    let stay = |record: Record| RealStay {
        rings: rings.get(&record.member).cloned().unwrap_or_default(),
        record,
    };
    let mut stays: Vec<RealStay> = members.map(stay).collect();
    // Records say the second of a coming, and stand in the order of the ends. Of those who came in one second whoever came first was served
    // first, and has waited less.
    stays.sort_by_key(|stay| (stay.record.received, stay.record.wait_ms));
    stays
}

/// The epoch second of the midnight before, where this machine is.
fn local_midnight(epoch: i64) -> i64 {
    use chrono::{Local, Offset as _, TimeZone as _};
    let offset = Local
        .timestamp_opt(epoch, 0)
        .single()
        .map_or(0, |time| i64::from(time.offset().fix().local_minus_utc()));
    (epoch + offset).div_euclid(DAY) * DAY - offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_came_within_one_second_came_in_the_order_in_which_they_were_served() {
        let record = |member: &str, received: i64, wait_ms: i64| Record {
            kind: RecordKind::Member,
            result: CallResult::Answered,
            cause: String::new(),
            queue: "q".to_owned(),
            agent: "a".to_owned(),
            member: member.to_owned(),
            caller: 1,
            received,
            wait_ms,
            pickup_ms: 0,
            talk_ms: 0,
            is_chat: false,
        };
        // As their talks have ended.
        let records = vec![
            record("third", 100, 9_000),
            record("last", 101, 10),
            record("first", 100, 20),
            record("second", 100, 5_000),
        ];
        let stays = stays_of(records);
        let order: Vec<&str> = stays.iter().map(|stay| stay.record.member.as_str()).collect();
        assert_eq!(order, ["first", "second", "third", "last"]);
    }
}
