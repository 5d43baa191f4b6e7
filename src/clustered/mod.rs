//! A box of a cluster: what stands in the place of the driver and the console where several FreeSWITCH are one call centre.
//!
//! What happens on this box's channels goes to whoever leads, and what the leader wants of them is carried out here; on the box that leads,
//! the engine for all is here as well. All of it is under the one lock of the life ([`crate::cluster::link::Carrier`]). Three threads
//! stand beside it: one carries out, one waits for the engine's deadlines, one is the leader's console.

mod alarm;
mod answering;
mod deeds;
mod errand;
mod household;
mod lead;
mod left_talks;
mod questions;
mod reception;
mod room;
mod status;
#[cfg(test)]
mod tests;

pub use household::Clocks;
pub use left_talks::known;

use crate::cluster::link::{names_postgresql, now, Addresses, Carrier};
use crate::cluster::{BoxId, Incarnation, Phase};
use crate::config::{ConfigSource, Configuration};
use crate::engine::{NoticeLevel, Settings, Span, TalkReport, DEFAULT_INSTANCE};
use crate::store::{Layout, ServerRows, TakeUp};
use crate::switch::BoxSwitch;
use alarm::Alarm;
use deeds::{Act, Deeds};
use household::Household;
use parking_lot::{Condvar, Mutex};
use questions::Questions;
use room::{Commands, Life};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a box is joining before the log says that its name is taken: one that was started again joins sooner.
const NAME_IS_FREE_WITHIN: Duration = Duration::from_secs(7);

/// How long a name is looked at while the module is loaded: whoever has it counts its beat up once a second.
const NAME_SHOWS_WITHIN: Duration = Duration::from_millis(2_500);

/// How long the last news of a box that is unloaded may take into the rows.
const HEARD_WITHIN: Duration = Duration::from_secs(1);

/// From one look to the next meanwhile.
const LOOK: Duration = Duration::from_millis(20);

const NAME_IS_TAKEN: &str =
    "another FreeSWITCH has the cc-instance-id of this one: give each box its own, and load the module again.";

/// What the life, the threads beside it and those who wait share.
#[derive(Default)]
struct Shared {
    questions: Questions,
    deeds: Deeds,
    /// When the engine for all wants to be called.
    alarm: Alarm,
    /// When the name is looked at.
    name_check: Alarm,
    commands: Commands,
    departed: Flag,
}

/// Something that is said once.
#[derive(Default)]
struct Flag {
    is_said: Mutex<bool>,
    said: Condvar,
}

impl Flag {
    fn say(&self) {
        *self.is_said.lock() = true;
        self.said.notify_all();
    }

    fn wait(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        let mut is_said = self.is_said.lock();
        while !*is_said && !self.said.wait_until(&mut is_said, deadline).timed_out() {}
        *is_said
    }
}

/// Where the cluster's server is, by these settings; none, where this box is a call centre by itself.
///
/// # Errors
/// In a line for the operator: what is missing for a cluster, and what to do.
pub fn addresses(settings: &Settings) -> Result<Option<Addresses>, String> {
    if !settings.cluster {
        return Ok(None);
    }
    let dsn = settings.odbc_dsn.as_deref().unwrap_or_default();
    let refused = if dsn.is_empty() {
        "cluster needs PostgreSQL, and callcenter.conf names no server: set odbc-dsn to pgsql://... on every box."
            .to_owned()
    } else if settings.instance_id == DEFAULT_INSTANCE {
        "cluster needs a name for each box: set cc-instance-id, another one on every box.".to_owned()
    } else {
        match Addresses::parse(dsn) {
            Ok(addresses) => return Ok(Some(addresses)),
            Err(trouble) => format!("{trouble}."),
        }
    };
    Err(refused)
}

/// What the operator is told of a box that cannot take part; its settings are those of a call centre by itself from now on. Its rows are
/// not in the server's tables then: whoever leads the cluster writes there.
pub fn by_itself(settings: &mut Settings, refused: &str) -> String {
    let with = if settings.odbc_dsn.as_deref().is_some_and(names_postgresql) {
        settings.odbc_dsn = None;
        ", with the queues, agents and tiers of its own file and with its own SQLite file in place of the server's tables"
    } else {
        ""
    };
    format!("cluster: {refused} This box goes on by itself, without the cluster{with}.")
}

/// What a box begins with.
pub struct Setup {
    /// The cluster's server.
    pub addresses: Addresses,
    /// What callcenter.conf says here.
    pub configuration: Configuration,
    /// Talks that are up.
    pub talks: Vec<TalkReport>,
    /// Carries out what is wanted of this box.
    pub switch: Arc<dyn BoxSwitch>,
    /// Reads callcenter.conf again, for commands that are carried out here.
    pub source: Arc<dyn ConfigSource>,
    /// Reads clocks.
    pub clocks: Clocks,
}

/// A box of a cluster.
pub struct ClusterBox {
    life: Arc<Life>,
    shared: Arc<Shared>,
    clocks: Clocks,
    threads: Vec<JoinHandle<()>>,
}

impl ClusterBox {
    /// Begins. The server may be away.
    ///
    /// # Errors
    /// If the system has nothing left for it.
    pub fn start(setup: Setup) -> Result<Self, String> {
        let Setup {
            addresses,
            configuration,
            talks,
            switch,
            source,
            clocks,
        } = setup;
        let settings = &configuration.settings;
        let me = BoxId {
            instance: settings.instance_id.clone(),
            incarnation: Incarnation(RandomState::new().build_hasher().finish() >> 1),
        };
        let take_up = TakeUp {
            agents: true,
            queues: settings.queues_from_db,
            tiers: true,
            layout: Layout::of(settings),
        };
        let shared = Arc::<Shared>::default();
        let interval = settings.rows_by_others_interval;
        let mut household = Household::new(&me, configuration, clocks, &shared);
        for talk in talks {
            household.home.take_over(now(), talk);
        }
        let life = Carrier::start(&addresses, &me, || ServerRows::unread(take_up), household)?;
        let mut cluster_box = Self {
            life: Arc::new(life),
            shared,
            clocks,
            threads: Vec::new(),
        };
        let micros = |interval: Duration| i64::try_from(interval.as_micros()).unwrap_or(i64::MAX);
        let interval = interval.map(|interval| Span::from_micros(micros(interval)));
        cluster_box.life.act(|voice, _| voice.look_for_others(interval));
        cluster_box.begin_threads(switch, source)?;
        Ok(cluster_box)
    }

    fn begin_threads(&mut self, switch: Arc<dyn BoxSwitch>, source: Arc<dyn ConfigSource>) -> Result<(), String> {
        let shared = Arc::clone(&self.shared);
        self.run("cc-cluster-do", move || {
            shared.deeds.work(|act| match act {
                Act::CarryOut(output) => switch.carry_out(output),
                Act::EndTalk(agent_uuid, cause) => switch.end_talk(&agent_uuid, &cause),
            });
        })?;
        let (shared, life) = (Arc::clone(&self.shared), Arc::downgrade(&self.life));
        self.run("cc-cluster-due", move || {
            shared.alarm.ring(|| {
                if let Some(life) = life.upgrade() {
                    life.act(|voice, household| household.let_time_pass(voice));
                }
            });
        })?;
        let (shared, life) = (Arc::clone(&self.shared), Arc::downgrade(&self.life));
        let wall = self.clocks.wall;
        self.run("cc-cluster-tty", move || room::serve(&shared, &life, wall, source))?;
        self.shared.name_check.set(Some(Instant::now() + NAME_IS_FREE_WITHIN));
        let (shared, life) = (Arc::clone(&self.shared), Arc::downgrade(&self.life));
        self.run("cc-cluster-name", move || {
            shared.name_check.ring(|| {
                if let Some(life) = life.upgrade() {
                    life.act(|voice, household| check_name(voice.phase(), voice.name_is_taken(), household));
                }
            });
        })
    }

    fn run(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), String> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
        let thread = thread.map_err(|error| format!("the cluster's threads: {error}"))?;
        self.threads.push(thread);
        Ok(())
    }

    /// The module runs, and can tell what comes of what is done: from now on what is wanted of this box is carried out.
    pub fn begin_deeds(&self) {
        self.shared.deeds.begin();
    }

    /// Waits a moment until the box has a place among the others.
    ///
    /// # Errors
    /// In words for the operator, where it gets none: another box has its name.
    pub fn await_place(&self) -> Result<(), String> {
        let deadline = Instant::now() + NAME_SHOWS_WITHIN;
        while Instant::now() < deadline {
            let (phase, is_in_use) = self.life.act(|voice, _| (voice.phase(), voice.name_is_in_use()));
            if is_in_use {
                return Err(NAME_IS_TAKEN.to_owned());
            }
            if phase != Phase::Joining {
                break;
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Where the box stands.
    pub fn phase(&self) -> Phase {
        self.life.act(|voice, _| voice.phase())
    }

    /// Waits a moment until all that has happened here is in the rows: what is not is void once the box has left.
    pub fn settle_news(&self) {
        let deadline = Instant::now() + HEARD_WITHIN;
        while self.is_led() && Instant::now() < deadline && !self.life.act(|voice, _| voice.is_heard()) {
            std::thread::sleep(LOOK);
        }
    }

    /// The module is unloaded: whoever leads hands over. Returns once the others know, or `patience` is over.
    pub fn depart(&self, patience: Duration) -> bool {
        self.settle_news();
        self.life.act(|voice, _| voice.depart());
        self.shared.departed.wait(patience)
    }
}

impl Drop for ClusterBox {
    fn drop(&mut self) {
        self.shared.commands.end();
        self.shared.alarm.end();
        self.shared.name_check.end();
        self.shared.deeds.end();
        for thread in self.threads.drain(..) {
            // A thread that has panicked has said so.
            let _ = thread.join();
        }
    }
}

fn check_name(phase: Phase, is_taken: bool, household: &Household) {
    if phase == Phase::Joining && is_taken {
        household.say(
            NoticeLevel::Error,
            format!("{NAME_IS_TAKEN} Until then callers wait here, and nobody is rung for them."),
        );
    }
}
