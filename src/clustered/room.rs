//! The engine for all, as the console of the box that leads sees it; and the thread of that console.

use super::household::{Household, Speaker};
use super::lead::Lead;
use super::Shared;
use crate::cluster::link::{CallCentre, Carrier};
use crate::cluster::{BoxId, Command};
use crate::commands::{Answering, Console};
use crate::config::ConfigSource;
use crate::driver::{EngineRoom, EngineTimes, EventMark, Health, Look};
use crate::engine::{Engine, EngineError, Input, Reply, Settings, Timestamp, WallTime};
use crate::store::{JournalState, SaveError};
use parking_lot::{Condvar, Mutex};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// What carries a box's life.
pub(super) type Life = Carrier<CallCentre, Household>;

/// Commands that boxes have given, until the leader's console has carried them out.
#[derive(Default)]
pub(super) struct Commands {
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(BoxId, u64, Command)>,
    is_over: bool,
}

impl Commands {
    /// These are to be carried out, in this order.
    pub fn put(&self, commands: Vec<(BoxId, u64, Command)>) {
        if !commands.is_empty() {
            self.state.lock().waiting.extend(commands);
            self.more.notify_one();
        }
    }

    /// The next one; none when there will be none any more.
    fn next(&self) -> Option<(BoxId, u64, Command)> {
        let mut state = self.state.lock();
        loop {
            if state.is_over {
                return None;
            }
            match state.waiting.pop_front() {
                Some(command) => return Some(command),
                None => self.more.wait(&mut state),
            }
        }
    }

    /// Nothing more is carried out.
    pub fn end(&self) {
        self.state.lock().is_over = true;
        self.more.notify_all();
    }
}

/// Where the engine is while this box leads.
struct LeadersRoom {
    life: Weak<Life>,
    shared: Arc<Shared>,
    wall: fn() -> WallTime,
    /// The box whose command is carried out.
    asker: Mutex<String>,
}

impl EngineRoom for LeadersRoom {
    fn submit(&self, input: Input) -> Result<Reply, EngineError> {
        let asker = self.asker.lock().clone();
        let life = self.life.upgrade().ok_or(EngineError::NotOfTheCluster)?;
        life.act(|voice, household| household.change(voice, &asker, input))
    }

    /// The reply is written behind the change, and read by nobody before it is committed.
    fn submit_and_save(&self, input: Input) -> Result<Result<Reply, EngineError>, SaveError> {
        Ok(self.submit(input))
    }

    fn wait_until_saved(&self) -> Result<(), SaveError> {
        Ok(())
    }

    fn look(&self, look: &mut Look<'_>) {
        let has_looked = self.life.upgrade().is_some_and(|life| {
            life.act(|voice, household| match household.engine(voice) {
                Some((engine, now)) => {
                    let mark = household.lead.as_ref().map(Lead::event_mark);
                    look(engine, now, mark.unwrap_or_default());
                    true
                }
                None => false,
            })
        });
        if !has_looked {
            // Somebody else leads by now, and the reply reaches nobody.
            look(
                &Engine::new(Settings::default(), 0),
                Timestamp::from_secs(0),
                EventMark::default(),
            );
        }
    }

    fn health(&self) -> Health {
        let life = self.life.upgrade();
        Health {
            engine: EngineTimes::default(),
            outputs_waiting: self.shared.deeds.waiting(),
            journal: life.map_or_else(JournalState::default, |life| {
                life.act(|voice, household| journal_state(voice, household))
            }),
        }
    }

    fn wall(&self) -> WallTime {
        (self.wall)()
    }
}

/// How far the tables are behind what this box has told and decided.
pub(super) fn journal_state(voice: &Speaker<'_>, household: &Household) -> JournalState {
    let (unsaved, oldest) = voice.unsaved();
    JournalState {
        unsaved,
        lag: Duration::from_micros(u64::try_from(oldest.micros()).unwrap_or_default()),
        trouble: household.trouble.clone(),
    }
}

/// Carries out commands until there will be none any more.
pub(super) fn serve(shared: &Arc<Shared>, life: &Weak<Life>, wall: fn() -> WallTime, source: Arc<dyn ConfigSource>) {
    let room = Arc::new(LeadersRoom {
        life: Weak::clone(life),
        shared: Arc::clone(shared),
        wall,
        asker: Mutex::default(),
    });
    let console = Console::of(Arc::clone(&room) as Arc<dyn EngineRoom>, source);
    while let Some((from, question, command)) = shared.commands.next() {
        room.asker.lock().clone_from(&from.instance);
        let text = carry_out(&console, &command);
        if let Some(life) = life.upgrade() {
            life.act(|voice, household| household.replied(voice, &from, question, text));
        }
    }
}

fn carry_out(console: &Console, command: &Command) -> String {
    if !command.is_json {
        return console.config(&command.words);
    }
    let data = serde_json::from_str(&command.words).unwrap_or(Value::Null);
    let (Ok(answer) | Err(answer)) = Answering::json(console, &data);
    answer.to_string()
}
