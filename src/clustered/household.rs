//! What a box's life wants of its box: the home of its channels, and the engine for all while it leads. Everything here is done under the
//! lock under which messages get their numbers; what may take its time is left to other threads.

use super::deeds::Act;
use super::errand::Errand;
use super::lead::{Beginning, Lead};
use super::questions::Said;
use super::Shared;
use crate::cluster::link::{CallCentre, Deeds as Batch, Duties, Voice};
use crate::cluster::{
    happened, read, write, BadMessage, BoxId, Command, Deed, Effects, FromBox, Home, Receipt, Standing, Takeover, Term,
    ToBox, Told,
};
use crate::config::Configuration;
use crate::engine::{
    CancelReason, Engine, EngineError, Input, LegState, LocalTime, MemberExit, Notice, NoticeLevel, Output,
    QueueConfig, Reply, Span, Timestamp, WallTime,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The voice of a box of the call centre.
pub(super) type Speaker<'v> = Voice<'v, CallCentre>;

/// Reads clocks.
#[derive(Clone, Copy)]
pub struct Clocks {
    /// What FreeSWITCH's clock shows.
    pub wall: fn() -> WallTime,
    /// How clocks go here.
    pub local_time: fn(WallTime) -> LocalTime,
}

/// A box's part.
pub(super) struct Household {
    pub(super) me: BoxId,
    configuration: Configuration,
    clocks: Clocks,
    shared: Arc<Shared>,
    pub(super) home: Home,
    pub(super) lead: Option<Lead>,
    /// What is done once it is known to be wanted still.
    errands: BTreeMap<u64, Errand>,
    last_errand: u64,
    /// Queues that callers can enter, as far as this box knows.
    queues: BTreeMap<String, QueueConfig>,
    /// Channels that the leader has asked about: agents stand there.
    legs: BTreeSet<String>,
    /// What the server is in trouble with, as the log knows.
    pub(super) trouble: Option<String>,
    /// What the log has been told of messages.
    told: BTreeSet<String>,
}

/// So many troubles with messages are told.
const MOST_TOLD: usize = 100;

impl Household {
    /// Of a box on which nothing is up.
    pub fn new(me: &BoxId, configuration: Configuration, clocks: Clocks, shared: &Arc<Shared>) -> Self {
        let queues = configuration.queues.iter();
        Self {
            me: me.clone(),
            queues: queues.map(|queue| (queue.name.clone(), queue.clone())).collect(),
            configuration,
            clocks,
            shared: Arc::clone(shared),
            home: Home::new(&me.instance),
            lead: None,
            errands: BTreeMap::new(),
            last_errand: 0,
            legs: BTreeSet::new(),
            trouble: None,
            told: BTreeSet::new(),
        }
    }

    /// Something has happened here. The number of the question, where somebody may wait for the answer.
    ///
    /// # Errors
    /// If it is none of the other boxes' business.
    pub fn tell(&mut self, voice: &mut Speaker<'_>, input: &Input) -> Result<Option<u64>, BadMessage> {
        let (line, question) = happened(&mut self.home, input)?;
        if let Some(question) = question {
            self.shared.questions.ask(question);
        }
        let number = voice.tell(line);
        self.home.happens(voice.now(), number, question, input);
        self.home.acknowledge(voice.now(), voice.acknowledged());
        Ok(question)
    }

    /// The same, and nobody waits.
    fn report(&mut self, voice: &mut Speaker<'_>, input: &Input) {
        match self.tell(voice, input) {
            Ok(question) => question
                .into_iter()
                .for_each(|question| self.shared.questions.close(question)),
            Err(bad) => self.note(bad.notice(&self.me.instance)),
        }
    }

    /// Somebody has given a command here. The number of the question.
    pub fn ask(&mut self, voice: &mut Speaker<'_>, command: Command) -> u64 {
        let question = self.home.question();
        self.shared.questions.ask(question);
        match write(&FromBox::Asked { question, command }) {
            Ok(line) => drop(voice.tell(line)),
            Err(bad) => self.note(bad.notice(&self.me.instance)),
        }
        question
    }

    /// A caller has left before there was an answer.
    pub fn leaves_unanswered(&mut self, voice: &mut Speaker<'_>, drawn: &str) {
        let exit = MemberExit {
            channel_up: false,
            reason: Some(CancelReason::BreakOut),
            key: None,
        };
        if self.home.leaves_unanswered(drawn, exit) {
            return;
        }
        // The answer came in this instant.
        if let Some(member) = self.home.member(drawn) {
            self.report(voice, &Input::MemberExit { member, exit });
        }
    }

    /// A queue, as far as this box knows it.
    pub fn queue(&self, name: &str) -> Option<&QueueConfig> {
        match &self.lead {
            Some(lead) => lead.engine.queue_config(name),
            None => self.queues.get(name),
        }
    }

    /// Callers can enter this queue.
    pub fn note_queue(&mut self, queue: QueueConfig) {
        self.queues.insert(queue.name.clone(), queue);
    }

    /// Whether an agent stands on a channel, as far as this box knows.
    pub fn is_standing_leg(&self, uuid: &str) -> bool {
        self.legs.contains(uuid) || self.home.leg(uuid).is_some()
    }

    /// What somebody who stands on a channel is doing; gone, where that is not known.
    pub fn leg(&self, uuid: &str) -> LegState {
        self.home.leg(uuid).unwrap_or(LegState::Gone)
    }

    /// Looks at the engine, if it is here.
    pub fn engine(&self, voice: &Speaker<'_>) -> Option<(&Engine, Timestamp)> {
        Some((&self.lead.as_ref()?.engine, voice.engine_time()?))
    }

    /// A command of a box changes something.
    ///
    /// # Errors
    /// If the engine refuses it, or is not here.
    pub fn change(&mut self, voice: &mut Speaker<'_>, of: &str, input: Input) -> Result<Reply, EngineError> {
        let (Some(at), Some(lead)) = (voice.engine_time(), &mut self.lead) else {
            return Err(EngineError::NotOfTheCluster);
        };
        let (reply, effects) = lead.change(at, of, input);
        self.put(voice, Vec::new(), effects);
        reply
    }

    /// The console has carried a command out.
    pub fn replied(&mut self, voice: &mut Speaker<'_>, to: &BoxId, question: u64, text: String) {
        self.decide(voice, Vec::new(), |lead, _| {
            lead.act(|leader, engine| leader.replied(engine, to, question, text))
        });
    }

    /// A deadline of the engine may have come.
    pub fn let_time_pass(&mut self, voice: &mut Speaker<'_>) {
        self.decide(voice, Vec::new(), |lead, at| {
            lead.act(|leader, engine| leader.timeout(engine, at))
        });
    }

    /// The engine for all acts, if it is here.
    fn decide(&mut self, voice: &mut Speaker<'_>, by: Vec<Receipt>, act: impl FnOnce(&mut Lead, Timestamp) -> Effects) {
        let (Some(at), Some(lead)) = (voice.engine_time(), &mut self.lead) else {
            return;
        };
        let effects = act(lead, at);
        self.put(voice, by, effects);
    }

    fn put(&mut self, voice: &mut Speaker<'_>, by: Vec<Receipt>, effects: Effects) {
        effects.notices.into_iter().for_each(|notice| self.note_once(notice));
        self.shared.commands.put(effects.commands);
        voice.put(Batch {
            by,
            rows: effects.rows,
            outputs: effects.messages,
        });
        self.set_alarm(voice);
    }

    fn set_alarm(&self, voice: &Speaker<'_>) {
        let due = self.engine(voice).and_then(|(engine, at)| {
            let left = engine.poll_timeout()?.since(at).micros();
            Some(Instant::now() + Duration::from_micros(u64::try_from(left).unwrap_or_default()))
        });
        self.shared.alarm.set(due);
    }

    fn do_this(&self, output: Output) {
        self.shared.deeds.put(Act::CarryOut(output));
    }

    /// Messages that cannot be read come by the hundred: each trouble is told once.
    fn note_once(&mut self, notice: Notice) {
        if self.told.len() < MOST_TOLD && self.told.insert(notice.text.clone()) {
            self.note(notice);
        }
    }

    /// For this box's log, by the thread that may write there.
    pub fn note(&self, notice: Notice) {
        self.do_this(Output::Notice(notice));
    }

    pub(super) fn say(&self, level: NoticeLevel, text: impl Into<String>) {
        self.note(Notice {
            level,
            session_uuid: None,
            text: format!("cluster: {}", text.into()),
        });
    }

    fn fulfil(&mut self, voice: &mut Speaker<'_>, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::CarryOut(output) => self.carry_out_output(voice, output),
                Deed::EndTalk { agent_uuid, cause, .. } => self.shared.deeds.put(Act::EndTalk(agent_uuid, cause)),
                Deed::Answer { question, answer } => self.shared.questions.say(question, Said::Answer(answer)),
                Deed::Reply { question, text } => self.shared.questions.say(question, Said::Text(text)),
                Deed::Tell(input) => self.report(voice, &input),
            }
        }
    }

    fn carry_out_output(&mut self, voice: &mut Speaker<'_>, output: Output) {
        match output {
            Output::Ring(ring) => self.want(voice, Errand::Dial(ring)),
            Output::Connect(connect) => self.want(voice, Errand::Bridge(connect)),
            Output::CancelRing { offer, cause } => {
                let waiting = self.errands.iter().find(|(_, errand)| errand.offer() == offer);
                let waiting = waiting.map(|(deed, _)| *deed);
                let errand = waiting.and_then(|deed| self.errands.remove(&deed));
                let errand = errand.or_else(|| Errand::of_answered(&self.home, offer));
                self.call_off(voice, errand, Output::CancelRing { offer, cause });
            }
            Output::LookAtLeg(leg) => {
                self.legs.insert(leg.clone());
                self.do_this(Output::LookAtLeg(leg));
            }
            output => self.do_this(output),
        }
    }

    fn want(&mut self, voice: &mut Speaker<'_>, errand: Errand) {
        self.last_errand += 1;
        self.errands.insert(self.last_errand, errand);
        voice.check(self.last_errand);
    }

    /// What is yet to be done for an offer is not done any more.
    fn call_off(&mut self, voice: &mut Speaker<'_>, errand: Option<Errand>, cancel: Output) {
        match errand {
            // Nobody has dialled: nobody else will tell the end.
            Some(Errand::Dial(ring)) => self.report(voice, &Errand::never_rung(&ring, &cancel)),
            // Whoever connects finds that it is cancelled, hangs up and tells.
            Some(Errand::Bridge(connect)) => {
                self.do_this(cancel);
                self.do_this(Output::Connect(connect));
            }
            None => self.do_this(cancel),
        }
    }
}

impl Duties<CallCentre> for Household {
    fn report(&mut self, voice: &mut Speaker<'_>) -> String {
        let report = self.home.report(voice.now(), voice.acknowledged());
        let written = write(&FromBox::Has(Box::new(report)));
        written.unwrap_or_else(|bad| {
            self.note(bad.notice(&self.me.instance));
            String::new()
        })
    }

    fn let_go(&mut self, voice: &mut Speaker<'_>) {
        self.say(
            NoticeLevel::Warning,
            "this box has lost touch with the others. Calls go on; nobody is rung from here until it is back.",
        );
        let deeds = self.home.let_go();
        self.fulfil(voice, deeds);
    }

    fn carry_out(&mut self, voice: &mut Speaker<'_>, _: Term, body: String) {
        match read::<ToBox>(&body) {
            Ok(message) => {
                let deeds = self.home.read(voice.now(), message);
                self.fulfil(voice, deeds);
            }
            Err(bad) => self.note_once(bad.notice("the leader")),
        }
    }

    fn checked(&mut self, voice: &mut Speaker<'_>, deed: u64, is_wanted: bool) {
        let Some(errand) = self.errands.remove(&deed) else {
            return;
        };
        if !is_wanted {
            let cancel = errand.cancel();
            return self.call_off(voice, Some(errand), cancel);
        }
        match errand {
            Errand::Dial(ring) if self.home.rings(ring.offer) => self.do_this(Output::Ring(ring)),
            Errand::Bridge(connect) if self.home.connects(connect.offer) => self.do_this(Output::Connect(connect)),
            _ => (),
        }
    }

    fn lead(&mut self, voice: &mut Speaker<'_>, takeover: Takeover<CallCentre>) {
        let wall = (self.clocks.wall)();
        let beginning = Beginning {
            me: &self.me,
            configuration: &self.configuration,
            wall,
            local_time: (self.clocks.local_time)(wall),
            boxes: &voice.boxes(),
        };
        let (lead, effects, receipts) = Lead::begin(&beginning, &takeover);
        self.lead = Some(lead);
        let (number, boxes) = (takeover.term.number, takeover.reports.len());
        self.say(
            NoticeLevel::Info,
            format!("this box leads from now on (election {number}, {boxes} boxes)"),
        );
        self.put(voice, receipts, effects);
    }

    fn input(&mut self, voice: &mut Speaker<'_>, receipt: Receipt, age: Span, body: String) {
        let from = receipt.from.clone();
        self.decide(voice, vec![receipt], |lead, at| {
            lead.act(|leader, engine| leader.hear(engine, at, &from, age, &body))
        });
    }

    fn reported(&mut self, voice: &mut Speaker<'_>, told: Told) {
        let receipt = Receipt {
            from: told.from.clone(),
            number: told.number,
        };
        self.say(NoticeLevel::Info, format!("{} takes part", told.from.instance));
        self.decide(voice, vec![receipt], |lead, at| {
            lead.act(|leader, engine| leader.reported(engine, at, &told).0)
        });
    }

    fn gone(&mut self, voice: &mut Speaker<'_>, id: BoxId, standing: Standing) {
        let how = match standing {
            Standing::Left => "has left",
            _ => "is given up: nothing was heard of it",
        };
        self.say(NoticeLevel::Warning, format!("{} {how}", id.instance));
        self.decide(voice, Vec::new(), |lead, at| {
            lead.act(|leader, engine| leader.gone(engine, at, &id.instance))
        });
    }

    fn resign(&mut self) {
        self.say(NoticeLevel::Info, "this box leads no more");
        self.lead = None;
        self.shared.alarm.set(None);
    }

    fn departed(&mut self) {
        self.shared.departed.say();
    }

    fn trouble(&mut self, trouble: Option<&str>) {
        match trouble {
            Some(trouble) => self.say(NoticeLevel::Error, trouble),
            None if self.trouble.is_some() => self.say(NoticeLevel::Info, "the server answers again"),
            None => (),
        }
        self.trouble = trouble.map(str::to_owned);
    }
}
