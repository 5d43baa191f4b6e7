//! What a box knows and does under the lock under which messages get their numbers: the home of its channels, and the engine for all while
//! it leads. What may take its time is left to other threads.

mod alone;
mod duties;

pub(super) use alone::is_alone;

use super::deeds::Act;
use super::errand::Errand;
use super::lead::Lead;
use super::Shared;
use crate::cluster::link::{CallCentre, Voice};
use crate::cluster::{happened, write, BadMessage, BoxId, Command, Decided, Effects, FromBox, Home, Receipt};
use crate::config::Configuration;
use crate::engine::{
    Engine, EngineError, Input, LegState, LocalTime, MemberExit, Notice, NoticeLevel, Output, QueueConfig, Reply,
    Timestamp, WallTime,
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
    fn tell_only(&mut self, voice: &mut Speaker<'_>, input: &Input) {
        match self.tell(voice, input) {
            Ok(Some(question)) => drop(self.shared.questions.close(question)),
            Ok(None) => (),
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
    pub fn leaves_unanswered(&mut self, voice: &mut Speaker<'_>, drawn: &str, exit: MemberExit) {
        if self.home.leaves_unanswered(drawn, exit) {
            return;
        }
        // The answer came in this instant.
        if let Some(member) = self.home.member(drawn) {
            self.tell_only(voice, &Input::MemberExit { member, exit });
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

    /// A deadline may have come: of the engine, or of callers who wait here while the box is alone.
    pub fn let_time_pass(&mut self, voice: &mut Speaker<'_>) {
        self.end_waits(voice);
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
        voice.put(Decided {
            by,
            rows: effects.rows,
            facts: effects.facts,
            outputs: effects.messages,
        });
        self.set_alarm(voice);
    }

    fn set_alarm(&self, voice: &Speaker<'_>) {
        let of_engine = self
            .engine(voice)
            .and_then(|(engine, at)| Some(engine.poll_timeout()?.since(at)));
        let due = of_engine.or_else(|| self.next_end_of_wait(voice)).map(|left| {
            let micros = u64::try_from(left.micros()).unwrap_or_default();
            Instant::now() + Duration::from_micros(micros)
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
}
