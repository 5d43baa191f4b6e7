//! What stands between the messages of boxes and the engine that runs for all: on the box that leads.
//!
//! It hands the engine what boxes tell, and makes of what the engine says rows for the journal and messages for each box, in one step with
//! what has caused them.

mod in_force;
mod released;

pub use in_force::InForce;

use crate::cluster::home::Home;
use crate::cluster::identities::before_first;
use crate::cluster::life::{Receipt, Takeover};
use crate::cluster::messages::{is_question, read, write, Command, FromBox, Report, ToBox};
use crate::cluster::office::Told;
use crate::cluster::stamps::Stamps;
use crate::cluster::tables::{BoxId, FactChange, Tables};
use crate::cluster::whereabouts::{Addressed, Whereabouts};
use crate::engine::{
    BoxReport, Engine, EngineError, Input, LateAnswer, MemberId, Notice, OfferId, OfferStage, Output, Reply, RowChange,
    Settings, Snapshot, Span, Stay, Timestamp, WallTime,
};
use in_force::{Concern, KeptInForce};
use released::Released;
use std::collections::{BTreeMap, BTreeSet};

/// What a step has caused: to be written in one batch.
#[derive(Debug, Default)]
pub struct Effects {
    /// Changes of rows.
    pub rows: Vec<RowChange>,
    /// Changes of what no row tells, for whoever leads next.
    pub facts: Vec<FactChange>,
    /// Messages, and the `cc-instance-id` of the box that each is for.
    pub messages: Vec<(String, String)>,
    /// Commands that the leader's console is to carry out: whose they are, the number of the question, and the words.
    pub commands: Vec<(BoxId, u64, Command)>,
    /// What is to be logged here: messages that could not be read or written.
    pub notices: Vec<Notice>,
}

impl Effects {
    /// What another step has caused, behind this one.
    pub fn add(&mut self, more: Effects) {
        self.rows.extend(more.rows);
        self.facts.extend(more.facts);
        self.messages.extend(more.messages);
        self.commands.extend(more.commands);
        self.notices.extend(more.notices);
    }
}

/// The leader's part beside the engine.
#[derive(Debug)]
pub struct Leader {
    me: String,
    whereabouts: Whereabouts,
    /// How each waiting caller stands, as its box was told last.
    stays: BTreeMap<MemberId, Stay>,
    stamps: Stamps,
    released: Released,
    in_force: KeptInForce,
}

impl Leader {
    /// An engine for a term that begins, with the rows and nothing of what is up; `wall` is what the server's clock shows, and `boxes` are
    /// all that ever were in the cluster. The configuration is given to it next, and then what the boxes have told ([`Leader::begin`]).
    pub fn engine<T: Tables<Change = RowChange, Rows = Snapshot>>(
        settings: Settings,
        seed: u64,
        wall: WallTime,
        takeover: &Takeover<T>,
        boxes: Vec<String>,
    ) -> Engine {
        let now = takeover.engine_time;
        let mut engine = Engine::new(settings, seed)
            .counting_from(before_first(&takeover.term))
            .with_wall_ahead(wall.ahead_of(now));
        let _ = engine.handle_input(now, Input::Boxes(boxes));
        let _ = engine.handle_input(now, Input::Restore(takeover.rows.clone()));
        engine
    }

    /// The engine takes over what every box has told. A box that has told nothing, and is not waited for, is `gone` and has nothing; those
    /// that were unloaded, which are in `left`, may have talks.
    pub fn begin<T: Tables>(
        me: &str,
        engine: &mut Engine,
        takeover: &Takeover<T>,
        (gone, left): (&[String], &[String]),
    ) -> (Self, Effects, Vec<Receipt>) {
        let mut leader = Self {
            me: me.to_owned(),
            whereabouts: Whereabouts::new(me),
            stays: BTreeMap::new(),
            stamps: Stamps::new(&takeover.term),
            released: Released::of(&takeover.facts),
            in_force: KeptInForce::of(&takeover.facts),
        };
        let mut effects = Effects {
            facts: leader.in_force.follow(engine, &Concern::Everything),
            ..Effects::default()
        };
        let now = takeover.engine_time;
        for instance in gone {
            let instance = instance.clone();
            let _ = engine.handle_input(now, Input::BoxGone { instance });
        }
        for instance in left {
            let instance = instance.clone();
            let _ = engine.handle_input(now, Input::BoxLeft { instance });
        }
        leader.adopt(engine, now, &takeover.reports, &mut effects);
        let receipts = takeover.reports.iter().map(receipt).collect();
        (leader, effects, receipts)
    }

    /// The number of the last event.
    pub fn last_event(&self) -> u64 {
        self.stamps.last()
    }

    /// A box tells something that happened `age` ago.
    pub fn hear(&mut self, engine: &mut Engine, now: Timestamp, from: &BoxId, age: Span, message: &str) -> Effects {
        let mut effects = Effects::default();
        match read(message) {
            Ok(FromBox::Happened { question, input }) => {
                self.happens(engine, now, (&from.instance, age, question), *input, &mut effects);
            }
            Ok(FromBox::Asked { question, command }) => effects.commands.push((from.clone(), question, command)),
            Ok(FromBox::Has(_)) => (),
            Err(bad) => effects.notices.push(bad.notice(&from.instance)),
        }
        effects
    }

    fn happens(
        &mut self,
        engine: &mut Engine,
        now: Timestamp,
        (from, age, question): (&str, Span, Option<u64>),
        input: Input,
        effects: &mut Effects,
    ) {
        let released = released_by(engine, &input);
        let concern = Concern::of(&input);
        let answer = engine.handle_input_of(now, from, age, input.clone());
        self.whereabouts.begins(from, &input, &answer);
        if let (Some(offer), Ok(_)) = (released, &answer) {
            self.tell_released(from, offer, effects);
        }
        effects.facts.extend(self.released.hear(from, &input));
        effects.facts.extend(self.in_force.follow(engine, &concern));
        let is_bridged = matches!(input, Input::OfferBridged { .. }) && answer.is_ok();
        // The answer comes before what is wanted of whoever waits for it.
        if let Some(question) = question.filter(|_| is_question(&input)) {
            self.say(from, &ToBox::Answers { question, answer }, effects);
        }
        self.take(engine, from, Some(&input), effects);
        if let (true, Input::OfferBridged { offer }) = (is_bridged, &input) {
            self.tell_talk(engine, *offer, effects);
        }
        self.whereabouts.ends(&input);
    }

    /// A box tells everything it has.
    pub fn reported(&mut self, engine: &mut Engine, now: Timestamp, told: &Told) -> (Effects, Receipt) {
        let mut effects = Effects::default();
        self.adopt(engine, now, std::slice::from_ref(told), &mut effects);
        (effects, receipt(told))
    }

    /// A box is given up.
    pub fn gone(&mut self, engine: &mut Engine, now: Timestamp, instance: &str) -> Effects {
        let gone = Input::BoxGone {
            instance: instance.to_owned(),
        };
        self.end_box(engine, now, instance, gone)
    }

    fn end_box(&mut self, engine: &mut Engine, now: Timestamp, instance: &str, ends: Input) -> Effects {
        let mut effects = Effects::default();
        self.whereabouts.give_up(instance);
        let _ = engine.handle_input(now, ends);
        let me = self.me.clone();
        self.take(engine, &me, None, &mut effects);
        self.whereabouts.lose(instance);
        effects
    }

    /// The module of a box was unloaded: its talks are taken over by the next one there.
    pub fn left(&mut self, engine: &mut Engine, now: Timestamp, instance: &str) -> Effects {
        let left = Input::BoxLeft {
            instance: instance.to_owned(),
        };
        self.end_box(engine, now, instance, left)
    }

    /// Time has passed.
    pub fn timeout(&mut self, engine: &mut Engine, now: Timestamp) -> Effects {
        let mut effects = Effects::default();
        engine.handle_timeout(now);
        let me = self.me.clone();
        self.take(engine, &me, None, &mut effects);
        effects
    }

    /// A command of this box changes something.
    pub fn change(
        &mut self,
        engine: &mut Engine,
        now: Timestamp,
        of: &str,
        input: Input,
    ) -> (Result<Reply, EngineError>, Effects) {
        let mut effects = Effects::default();
        let concern = Concern::of(&input);
        let reply = engine.handle_input(now, input);
        effects.facts = self.in_force.follow(engine, &concern);
        self.take(engine, of, None, &mut effects);
        (reply, effects)
    }

    /// A command of this box was carried out, and this is to be read there: with what has followed from it.
    pub fn replied(&mut self, engine: &mut Engine, to: &BoxId, question: u64, text: String) -> Effects {
        let mut effects = Effects::default();
        self.take(engine, &to.instance, None, &mut effects);
        self.say(&to.instance, &ToBox::Replies { question, text }, &mut effects);
        effects
    }

    fn adopt(&mut self, engine: &mut Engine, now: Timestamp, told: &[Told], effects: &mut Effects) {
        let mut reports: Vec<(BoxReport, Vec<String>)> =
            told.iter().map(|told| self.report_of(told, effects)).collect();
        let unheard = self.take_out_released(&mut reports, effects);
        for (has, lamps) in &reports {
            self.whereabouts.report(has, lamps);
        }
        let instances = told.iter().map(|told| told.from.instance.clone());
        let _ = engine.handle_input(now, Input::Boxes(instances.collect()));
        let has: Vec<BoxReport> = reports.iter().map(|(has, _)| has.clone()).collect();
        let answer = engine.handle_input(now, Input::BoxesReport(has));
        if let Ok(Reply::ReportsTaken(answers)) = answer {
            self.whereabouts.late_answers(&answers);
            for late in answers {
                self.answer_late(late, effects);
            }
        }
        for (at, offer) in unheard {
            self.say(&at, &ToBox::Releases { offer }, effects);
        }
        let me = self.me.clone();
        self.take(engine, &me, None, effects);
        for (has, lamps) in &reports {
            for queue in lamps {
                let probe = Input::PresenceProbe { queue: queue.clone() };
                let _ = engine.handle_input_of(now, &has.instance, Span::ZERO, probe);
            }
            self.take(engine, &has.instance, None, effects);
            self.tell_what_stands(engine, has, effects);
        }
    }

    /// What a box has told, beyond what the rows have. One that cannot be understood has nothing, as far as anybody knows.
    fn report_of(&self, told: &Told, effects: &mut Effects) -> (BoxReport, Vec<String>) {
        let instance = &told.from.instance;
        let mut report = match read(&told.body) {
            Ok(FromBox::Has(report)) => *report,
            Ok(_) => Report::default(),
            Err(bad) => {
                effects.notices.push(bad.notice(instance));
                Report::default()
            }
        };
        report.has.instance.clone_from(instance);
        let lamps = std::mem::take(&mut report.lamps);
        (report.told_ago(told.age).beyond(told.cursor), lamps)
    }

    fn answer_late(&mut self, late: LateAnswer, effects: &mut Effects) {
        let answer = ToBox::AnswersJoining {
            session_uuid: late.session_uuid,
            answer: late.answer,
        };
        self.say(&late.instance, &answer, effects);
    }

    /// How callers and talks stand that the box has not been told of by this term.
    fn tell_what_stands(&mut self, engine: &Engine, has: &BoxReport, effects: &mut Effects) {
        let members: BTreeSet<MemberId> = has.callers.iter().filter_map(|caller| caller.member).collect();
        self.tell_stays(engine, members, effects);
        let bridged = has
            .offers
            .iter()
            .filter(|offer| matches!(offer.stage, OfferStage::Bridged(_)));
        for offer in bridged {
            self.tell_talk(engine, offer.ring.offer, effects);
        }
    }

    /// The box of a talk that another one has ended tells of it no more.
    fn tell_released(&mut self, from: &str, offer: OfferId, effects: &mut Effects) {
        let at = self.whereabouts.box_of_offer(offer).filter(|at| *at != from);
        if let Some(at) = at.map(str::to_owned) {
            effects.facts.push(self.released.note(offer, &at));
            self.say(&at, &ToBox::Releases { offer }, effects);
        }
    }

    /// What was released is over, although a box that has not heard of it has it still: those offers, each with its box.
    fn take_out_released(
        &mut self,
        reports: &mut [(BoxReport, Vec<String>)],
        effects: &mut Effects,
    ) -> Vec<(String, OfferId)> {
        let mut again = Vec::new();
        for (has, _) in reports {
            let (unheard, over) = self.released.take_out(has);
            again.extend(unheard.into_iter().map(|offer| (has.instance.clone(), offer)));
            effects.facts.extend(over);
        }
        again
    }

    fn tell_talk(&mut self, engine: &Engine, offer: OfferId, effects: &mut Effects) {
        let to = self.whereabouts.box_of_offer(offer).map(str::to_owned);
        if let (Some(to), Some(talk)) = (to, engine.talk(offer)) {
            let talk = Box::new(talk);
            self.say(&to, &ToBox::Talks { offer, talk }, effects);
        }
    }

    fn tell_stays(&mut self, engine: &Engine, members: BTreeSet<MemberId>, effects: &mut Effects) {
        for member in members {
            let Some(stay) = engine.stay(member) else {
                self.stays.remove(&member);
                continue;
            };
            if self.stays.get(&member) == Some(&stay) {
                continue;
            }
            if let Some(to) = self.whereabouts.box_of_member(member).map(str::to_owned) {
                let stays = ToBox::Stays {
                    member,
                    stay: Box::new(stay.clone()),
                };
                self.say(&to, &stays, effects);
                self.stays.insert(member, stay);
            }
        }
    }

    /// What the engine wants, each to whom it is for.
    fn take(&mut self, engine: &mut Engine, asker: &str, input: Option<&Input>, effects: &mut Effects) {
        let mut addressed: Vec<(String, Output)> = Vec::new();
        let everywhere = engine.settings().cluster_events_everywhere;
        while let Some(mut output) = engine.poll_output() {
            if let Output::Event(event) = &mut output {
                let instance = self.whereabouts.whose(event, asker);
                self.stamps.stamp(event, instance);
            }
            match self.whereabouts.address((asker, everywhere), output) {
                Addressed::Journal(change) => effects.rows.push(change),
                Addressed::Boxes(boxes) => addressed.extend(boxes),
            }
        }
        // Before a phone rings for a caller, its box knows how the caller stands.
        let wanted = addressed.iter().map(|(_, output)| output);
        let concerned = self.whereabouts.concerned(input, wanted);
        self.tell_stays(engine, concerned, effects);
        for (to, output) in addressed {
            self.say(&to, &ToBox::Does(Box::new(output)), effects);
        }
        self.forget_stays(input);
    }

    fn forget_stays(&mut self, input: Option<&Input>) {
        if let Some(Input::MemberExit { member, .. } | Input::MemberHandsOver { member, .. }) = input {
            self.stays.remove(member);
        }
    }

    fn say(&self, to: &str, message: &ToBox, effects: &mut Effects) {
        match write(message) {
            Ok(line) => effects.messages.push((to.to_owned(), line)),
            Err(bad) => effects.notices.push(bad.notice(&self.me)),
        }
    }
}

/// The offer that this input ends although the agent's leg stays up.
fn released_by(engine: &Engine, input: &Input) -> Option<OfferId> {
    match input {
        Input::AgentBreak { agent_uuid } => engine.offer_on_leg(agent_uuid),
        _ => None,
    }
}

fn receipt(told: &Told) -> Receipt {
    Receipt {
        from: told.from.clone(),
        number: told.number,
    }
}

/// What has happened on a box as a message, and the number of the question where somebody waits for the answer.
///
/// # Errors
/// Where it is for the leader alone to hand to the engine.
pub fn happened(home: &mut Home, input: &Input) -> Result<(String, Option<u64>), crate::cluster::BadMessage> {
    let question = is_question(input).then(|| home.question());
    let input = Box::new(input.clone());
    let line = write(&FromBox::Happened { question, input })?;
    Ok((line, question))
}

#[cfg(test)]
mod tests;
