//! What the module tells: everything under one look, as `callcenter_config snapshot` gives it. Names are the module's.
//!
//! What an older or newer module does not say is what `Default` makes of it. Instants are milliseconds since 1970.

mod beside_others;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts by reason.
pub type ByReason = BTreeMap<String, u64>;

/// Which event of a leader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventMark {
    /// Whose events are numbered so.
    pub election: Option<String>,
    /// Its number.
    pub sequence: Option<u64>,
}

/// The whole call centre.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// The number of the form, 0 where nobody said one.
    pub schema: u32,
    /// The last event that it contains.
    pub sequence: u64,
    /// In a cluster, whose events are numbered so: another word for each box that comes to lead.
    pub election: Option<String>,
    /// In a cluster, each event is fired on every box.
    pub events_everywhere: bool,
    /// FreeSWITCH's clock.
    pub now_at: i64,
    /// Which box of several.
    pub instance: String,
    /// Who says this.
    pub module: Module,
    /// Within how many seconds an answer is in time.
    pub service_level_seconds: u32,
    /// What "today" means.
    pub today: Today,
    /// Upper bounds of the histograms, in seconds.
    pub histogram_bounds: Bounds,
    /// All queues.
    pub queues: Vec<Queue>,
    /// All agents.
    pub agents: Vec<Agent>,
    /// Where the agents go on in a further reply.
    pub agents_next: Option<u64>,
    /// The module's own health.
    pub health: Option<Health>,
    /// It was put together from the lists of a module that gives no snapshot.
    #[serde(skip)]
    pub is_from_lists: bool,
}

/// The module that is loaded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Module {
    /// Its version.
    pub version: String,
    /// Since when it counts.
    pub loaded_at: Option<i64>,
}

/// The day that is counted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Today {
    /// Local midnight.
    pub since_at: Option<i64>,
    /// When counting began, if that was later.
    pub counted_since_at: Option<i64>,
    /// The site's time zone.
    pub utc_offset_seconds: i32,
}

/// Upper bounds of the histograms, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Bounds {
    /// Of waits.
    pub wait: Vec<f64>,
    /// Of talks.
    pub talk: Vec<f64>,
    /// Of rings.
    pub ring: Vec<f64>,
}

/// A queue.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Queue {
    /// As FreeSWITCH knows it.
    pub name: String,
    /// Who is rung first.
    pub strategy: String,
    /// Whoever waits longer leaves; 0: nobody has to.
    pub max_wait_seconds: u64,
    /// More than so many may not wait; 0: as many as come.
    pub max_queue_length: u64,
    /// What is going on.
    pub live: Live,
    /// Since midnight.
    pub today: Figures,
    /// Since the module was loaded.
    pub total: Figures,
    /// Today by the half hour.
    pub half_hours: Option<Vec<HalfHour>>,
    /// Waits, talks and rings since the module was loaded.
    pub histograms: Option<Histograms>,
    /// The first in line.
    pub members: Vec<Member>,
    /// The last who left unanswered.
    pub left: Vec<Left>,
}

/// What is going on in a queue.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Live {
    /// Who waits, with a phone ringing for them or not.
    pub waiting: u64,
    /// Of them, those for whom a phone rings.
    pub ringing_members: u64,
    /// Talks under way.
    pub talking: u64,
    /// Since when the one waits who waits longest.
    pub oldest_joined_at: Option<i64>,
    /// How long a caller would wait who came now.
    pub estimated_wait_ms: Option<u64>,
    /// Its agents.
    pub agents: AgentCounts,
    /// Who is to be called back.
    pub callbacks: CallbackCounts,
}

/// Callbacks of a queue by how far they are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CallbackCounts {
    /// Nobody is dialled.
    pub pending: u64,
    /// Somebody is being dialled.
    pub attempting: u64,
    /// The person was reached, and waits for an agent.
    pub reached: u64,
}

impl CallbackCounts {
    /// Whoever has asked to be called, and has no agent yet.
    pub fn all(&self) -> u64 {
        self.pending + self.attempting + self.reached
    }
}

/// Agents of a queue, each in one of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct AgentCounts {
    /// With a tier here.
    pub known: u64,
    /// Logged in.
    pub logged_in: u64,
    /// Could be given a caller at once.
    pub free: u64,
    /// Not busy.
    pub ready: u64,
    /// Their phone rings.
    pub ringing: u64,
    /// In a talk.
    pub talking: u64,
    /// Writing up.
    pub wrap_up: u64,
    /// On a break.
    pub paused: u64,
    /// None of these.
    pub unavailable: u64,
}

/// Counts of a queue over some time.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Who came.
    pub calls: u64,
    /// Who talked to an agent.
    pub answered: u64,
    /// Of them, those within the service level.
    pub answered_in_time: u64,
    /// Who left by themselves.
    pub abandoned: u64,
    /// Whose wait a limit ended.
    pub released: u64,
    /// Who left within the service level.
    pub left_in_time: u64,
    /// Who was not let in.
    pub refused: u64,
    /// Of the answered, those who do not count in the service level.
    pub answered_outside_level: u64,
    /// Of those who left, those who do not.
    pub left_outside_level: u64,
    /// Why they left.
    pub left_by_reason: ByReason,
    /// Why they were not let in.
    pub refused_by_reason: ByReason,
    /// Offers that came to nothing.
    pub offers_failed_by_reason: ByReason,
    /// Who asked to be called back.
    pub callbacks_requested: u64,
    /// What came of that.
    pub callbacks_by_result: ByReason,
    /// Waits of the answered, added up.
    pub wait_ms: u64,
    /// The longest of them.
    pub longest_wait_ms: u64,
    /// Talks that ended.
    pub talks: u64,
    /// How long they were, added up.
    pub talk_ms: u64,
}

/// Half an hour of today.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct HalfHour {
    /// When it began.
    pub at: i64,
    /// Who came.
    pub calls: u64,
    /// Who talked to an agent.
    pub answered: u64,
    /// Who left by themselves.
    pub abandoned: u64,
    /// Whose wait a limit ended.
    pub released: u64,
    /// Who was not let in.
    pub refused: u64,
}

/// How long things took.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Histograms {
    /// Waits by how they ended.
    pub wait: BTreeMap<String, Histogram>,
    /// Talks.
    pub talk: Histogram,
    /// Rings.
    pub ring: Histogram,
}

/// One of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Histogram {
    /// Up to each bound, those below included.
    pub counts: Vec<u64>,
    /// All.
    pub count: u64,
    /// Added up.
    pub sum_ms: u64,
}

/// Who waits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Its stay in the queue.
    pub uuid: String,
    /// The caller's name.
    pub name: String,
    /// The caller's number.
    pub number: String,
    /// Since when it waits, by its place in line.
    pub joined_at: i64,
    /// `Waiting`, `Trying`, `Answered`.
    pub state: String,
    /// In line, from 1.
    pub place: Option<u64>,
    /// How urgent.
    pub score: i64,
    /// What it was given beside its wait.
    pub base_score: i64,
    /// `audio` or `chat`.
    pub media: String,
    /// What it asks of an agent.
    pub requirements: String,
    /// Whose phone rings for it.
    pub agent: String,
    /// To how many it was offered.
    pub offers: u64,
    /// It is to be called back.
    pub callback: Option<Callback>,
}

/// What is known of a callback beside the member.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Callback {
    /// `pending`, `attempting`, `reached`.
    pub state: String,
    /// Which number is called.
    pub number: String,
    /// How often that was tried.
    pub attempts: u64,
    /// How the last attempt ended.
    pub last_end: String,
    /// It is not tried before.
    pub next_attempt_at: Option<i64>,
}

/// Who left unanswered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Left {
    /// Its stay in the queue.
    pub uuid: String,
    /// The caller's name.
    pub name: String,
    /// The caller's number.
    pub number: String,
    /// When.
    pub left_at: i64,
    /// After how long.
    pub waited_ms: u64,
    /// Why.
    pub reason: String,
    /// It was the caller who left.
    pub by_caller: bool,
}

/// An agent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Agent {
    /// As FreeSWITCH knows it.
    pub name: String,
    /// `Available`, `On Break`, ...
    pub status: String,
    /// What it does, in the module's words.
    pub doing: String,
    /// Since when.
    pub doing_since_at: Option<i64>,
    /// On a break.
    pub pause: Option<Pause>,
    /// Until when nothing is offered.
    pub ready_at: Option<i64>,
    /// Until when it writes up.
    pub wrap_up_until_at: Option<i64>,
    /// Its callers.
    pub calls: Vec<Call>,
    /// Talks outside the queues.
    pub external_calls: u64,
    /// What it can.
    pub skills: String,
    /// Since midnight.
    pub today: AgentFigures,
    /// Which queues it serves.
    pub tiers: Option<Vec<Tier>>,
}

/// A break.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Pause {
    /// Why.
    pub reason: String,
    /// Since when.
    pub since_at: Option<i64>,
}

/// A caller of an agent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Call {
    /// Where the caller waited.
    pub queue: String,
    /// The caller's name.
    pub name: String,
    /// The caller's number.
    pub number: String,
    /// `audio` or `chat`.
    pub media: String,
    /// `ringing` or further.
    pub stage: String,
    /// When it began to ring.
    pub called_at: Option<i64>,
    /// When the two heard each other.
    pub bridged_at: Option<i64>,
}

/// Counts of an agent over some time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct AgentFigures {
    /// Callers offered.
    pub offers: u64,
    /// Callers talked to.
    pub answered: u64,
    /// Rings not answered.
    pub missed: u64,
    /// How long it talked.
    pub talk_ms: u64,
}

/// A queue that an agent serves.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Tier {
    /// Which.
    pub queue: String,
    /// Lower ones first.
    pub level: u32,
    /// Within the level.
    pub position: u32,
    /// On a break here alone.
    pub pause: Option<Pause>,
}

/// The module's own health.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Health {
    /// What the watchdog found, by kind.
    pub watchdog: BTreeMap<String, u64>,
    /// What waits for the database.
    pub journal: Journal,
    /// What the engine did.
    pub engine: Engine,
}

/// What waits for the database.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Journal {
    /// Changes that are not saved.
    pub unsaved: u64,
    /// For how long the first of them waits.
    pub lag_ms: u64,
    /// What is wrong with the database.
    pub trouble: Option<String>,
}

/// What the engine did.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Engine {
    /// Inputs handled.
    pub inputs: u64,
    /// Time it took, added up.
    pub seconds: f64,
    /// Upper bounds.
    pub bounds_seconds: Vec<f64>,
    /// Up to each bound, those below included.
    pub counts: Vec<u64>,
}
