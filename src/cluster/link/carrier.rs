//! The threads that carry a box's life with the real clock, and what they ask of the box.

use crate::cluster::life::{Decided, Life, Phase, Receipt, Takeover, Want};
use crate::cluster::link::clock::now;
use crate::cluster::link::dsn::Addresses;
use crate::cluster::link::hints::Hints;
use crate::cluster::link::lane;
use crate::cluster::link::rows::StoredRows;
use crate::cluster::link::speaker::Speaker;
use crate::cluster::office::Told;
use crate::cluster::statements::{Answer, Lane, Lost, Statement};
use crate::cluster::tables::{BoxId, Standing, Tables, View};
use crate::cluster::term::Term;
use crate::cluster::time::BoxTime;
use crate::engine::{Span, Timestamp};
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::{unbounded_channel, UnboundedSender};

/// Deadlines that are nearer than this are taken together.
const NEAR: Duration = Duration::from_millis(1);

/// What a life wants of its box. Everything here is done under the lock under which messages get their numbers, so nothing may
/// block, and nobody may take that lock from in here: whoever has something to say uses the voice.
pub trait Duties<T: Tables>: Send + 'static {
    /// Tells what the box has, as a message. Nothing may be said to the life before it is told.
    fn report(&mut self, voice: &mut Voice<'_, T>) -> String;

    /// Stops what rings, hangs up agents who are not bridged yet, and goes on alone; talks stay.
    fn let_go(&mut self, voice: &mut Voice<'_, T>);

    /// Carries this out: the leader wants it, and it is committed.
    fn carry_out(&mut self, voice: &mut Voice<'_, T>, term: Term, body: String);

    /// The answer to [`Voice::check`].
    fn checked(&mut self, voice: &mut Voice<'_, T>, deed: u64, is_wanted: bool);

    /// Begins an engine for all.
    fn lead(&mut self, voice: &mut Voice<'_, T>, takeover: Takeover<T>);

    /// To the engine: somebody has told this, so long before it was sent.
    fn input(&mut self, voice: &mut Voice<'_, T>, receipt: Receipt, age: Span, body: String);

    /// To the engine: programs of the site have changed rows.
    fn others(&mut self, voice: &mut Voice<'_, T>, others: T::Others) {
        let _ = (voice, others);
    }

    /// To the engine: a box tells everything that it has.
    fn reported(&mut self, voice: &mut Voice<'_, T>, told: Told);

    /// To the engine: nothing of this box is up any more, as far as anybody can know.
    fn gone(&mut self, voice: &mut Voice<'_, T>, id: BoxId, standing: Standing);

    /// The engine for all is no more.
    fn resign(&mut self);

    /// The row says that the box has left.
    fn departed(&mut self);

    /// Why the server cannot be used, in words for the operator; none once it can be used again. Each is told once.
    fn trouble(&mut self, trouble: Option<&str>);
}

/// What may be said to a life by whoever holds its lock.
#[derive(Debug)]
pub struct Voice<'l, T: Tables> {
    life: &'l mut Life<T>,
    now: BoxTime,
}

#[cfg(test)]
impl<'l, T: Tables> Voice<'l, T> {
    /// What may be said to a life that nobody carries.
    pub fn of(life: &'l mut Life<T>, now: BoxTime) -> Self {
        Self { life, now }
    }
}

impl<T: Tables> Voice<'_, T> {
    /// Something has happened on this box. Its number is the one under which a report names it, if it has to.
    pub fn tell(&mut self, body: String) -> u64 {
        self.life.tell(self.now, body)
    }

    /// Before a phone is dialled, or two legs are bridged: is that still wanted? [`Duties::checked`] tells.
    pub fn check(&mut self, deed: u64) {
        self.life.check(self.now, deed);
    }

    /// What the engine for all has decided.
    pub fn put(&mut self, decided: Decided<T>) {
        self.life.put(self.now, decided);
    }

    /// The module is unloaded: [`Duties::departed`] tells when the others know.
    pub fn depart(&mut self) {
        self.life.depart(self.now);
    }

    /// The instant at which this is said.
    pub fn now(&self) -> BoxTime {
        self.now
    }

    /// Up to which message what this box has told is in the rows, as far as it knows.
    pub fn acknowledged(&self) -> u64 {
        self.life.acknowledged()
    }

    /// Whether all that this box has told is in the rows, as far as it knows.
    pub fn is_heard(&self) -> bool {
        self.life.is_heard()
    }

    /// The boxes that ever were in the cluster, as the last look has shown them.
    pub fn boxes(&self) -> Vec<BoxId> {
        self.life.boxes().cloned().collect()
    }

    /// What the last look has shown.
    pub fn view(&self) -> Option<&View> {
        self.life.view()
    }

    /// For how long the box has stood as it does.
    pub fn has_stood(&self) -> Span {
        self.life.has_stood(self.now)
    }

    /// What is not in the tables as far as this box knows, and for how long.
    pub fn unsaved(&self) -> (usize, Span) {
        self.life.unsaved(self.now)
    }

    /// Whether another box is there under the name of this one.
    pub fn name_is_taken(&self) -> bool {
        self.life.name_is_taken()
    }

    /// Whether another box takes part under the name of this one.
    pub fn name_is_in_use(&self) -> bool {
        self.life.name_is_in_use()
    }

    /// Where the box stands.
    pub fn phase(&self) -> Phase {
        self.life.phase(self.now)
    }

    /// The newest term that is obeyed here.
    pub fn promised(&self) -> Option<Term> {
        self.life.promised()
    }

    /// While this box leads it looks so often for what others have changed in the rows; none: never.
    pub fn look_for_others(&mut self, interval: Option<Span>) {
        self.life.look_for_others(interval);
    }

    /// The time of the engine for all on any box, as far as it knows it.
    pub fn cluster_time(&self) -> Timestamp {
        self.life.cluster_time(self.now)
    }

    /// The time of the engine for all, on the box that runs it.
    pub fn engine_time(&self) -> Option<Timestamp> {
        self.life.engine_time(self.now)
    }
}

/// A way to a lane.
struct Way<T: Tables> {
    statements: UnboundedSender<Statement<T>>,
    /// Something was said, and not answered.
    is_taken: bool,
}

/// What the lock is for.
struct AtWork<T: Tables, D> {
    life: Life<T>,
    duties: D,
    /// None: everything is over.
    ways: Option<[Way<T>; 2]>,
    /// Until when the thread of deadlines waits.
    waits_until: Option<BoxTime>,
    /// What each lane is in trouble with.
    troubles: [Option<String>; 2],
}

/// What the threads share.
pub(super) struct Carried<T: Tables, D> {
    at_work: Mutex<AtWork<T, D>>,
    changed: Condvar,
}

fn index_of(lane: Lane) -> usize {
    match lane {
        Lane::Reader => 0,
        Lane::Writer => 1,
    }
}

impl<T: Tables, D: Duties<T>> AtWork<T, D> {
    /// Does what the life wants, until it wants nothing more.
    fn serve(&mut self) {
        while let Some(want) = self.life.poll_want() {
            self.satisfy(want);
        }
    }

    fn satisfy(&mut self, want: Want<T>) {
        let now = now();
        let Self { life, duties, .. } = self;
        let mut voice = Voice { life, now };
        match want {
            Want::Say(lane, statement) => self.say(lane, statement),
            Want::Report => {
                let body = duties.report(&mut voice);
                voice.life.report(now, body);
            }
            Want::LetGo => duties.let_go(&mut voice),
            Want::CarryOut { term, body } => duties.carry_out(&mut voice, term, body),
            Want::Checked { deed, is_wanted } => duties.checked(&mut voice, deed, is_wanted),
            Want::Lead(takeover) => duties.lead(&mut voice, *takeover),
            Want::Input(receipt, age, body) => duties.input(&mut voice, receipt, age, body),
            Want::Others(others) => duties.others(&mut voice, others),
            Want::Reported(told) => duties.reported(&mut voice, told),
            Want::Gone(id, standing) => duties.gone(&mut voice, id, standing),
            Want::Resign => duties.resign(),
            Want::Departed => duties.departed(),
        }
    }

    fn say(&mut self, lane: Lane, statement: Statement<T>) {
        let way = self.ways.as_mut().map(|ways| &mut ways[index_of(lane)]);
        if let Some(way) = way {
            // A lane ends only when everything is over.
            way.is_taken = way.statements.send(statement).is_ok();
        }
    }

    /// A lane is in trouble, or well again. Two that are in the same trouble are told of once.
    fn tell_trouble(&mut self, lane: Lane, trouble: Option<&str>) {
        let known = &mut self.troubles[index_of(lane)];
        if known.as_deref() == trouble {
            return;
        }
        *known = trouble.map(str::to_owned);
        let is_told = self
            .troubles
            .iter()
            .flatten()
            .filter(|told| Some(told.as_str()) == trouble)
            .count()
            > 1;
        let is_well = self.troubles.iter().all(Option::is_none);
        if is_well || (trouble.is_some() && !is_told) {
            self.duties.trouble(trouble);
        }
    }
}

impl<T: Tables, D: Duties<T>> Carried<T, D> {
    /// A statement was answered, or not.
    pub fn answered(&self, lane: Lane, answer: Result<Answer<T>, Lost>, trouble: Option<&str>) {
        let mut at_work = self.at_work.lock();
        if let Some(ways) = &mut at_work.ways {
            ways[index_of(lane)].is_taken = false;
            at_work.tell_trouble(lane, trouble);
            at_work.life.answer(now(), lane, answer);
            self.serve(at_work);
        }
    }

    /// A connection on which nothing was said is lost.
    pub fn broken(&self, lane: Lane, trouble: Option<&str>) {
        let mut at_work = self.at_work.lock();
        // What was said since is answered by itself, on another connection.
        let is_free = at_work.ways.as_ref().is_some_and(|ways| !ways[index_of(lane)].is_taken);
        if is_free {
            at_work.tell_trouble(lane, trouble);
            at_work.life.answer(now(), lane, Err(Lost));
            self.serve(at_work);
        }
    }

    /// There may be something to see.
    pub fn hinted(&self) {
        let mut at_work = self.at_work.lock();
        at_work.life.hint(now());
        self.serve(at_work);
    }

    fn serve(&self, mut at_work: MutexGuard<'_, AtWork<T, D>>) {
        at_work.serve();
        let is_earlier = match (at_work.life.poll_timeout(), at_work.waits_until) {
            (Some(at), Some(until)) => at < until,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if is_earlier {
            self.changed.notify_one();
        }
    }

    /// Lets time pass until everything is over.
    fn keep_time(&self) {
        let mut at_work = self.at_work.lock();
        while at_work.ways.is_some() {
            let begun = now();
            if at_work.life.poll_timeout().is_some_and(|at| at <= begun) {
                at_work.life.handle_timeout(begun);
                at_work.serve();
            }
            let until = at_work.life.poll_timeout();
            at_work.waits_until = until;
            match until {
                Some(at) => {
                    let micros = u64::try_from(at.since(now()).micros()).unwrap_or_default();
                    let wait = Duration::from_micros(micros).max(NEAR);
                    self.changed.wait_for(&mut at_work, wait);
                }
                None => self.changed.wait(&mut at_work),
            }
        }
    }
}

/// Carries a box's life until it is dropped: then its connections are closed, and nobody is told.
pub struct Carrier<T: Tables, D> {
    carried: Arc<Carried<T, D>>,
    threads: Vec<JoinHandle<()>>,
}

impl<T, D> Carrier<T, D>
where
    T: Tables + Send + 'static,
    T::Change: Send,
    T::Rows: Send,
    T::Others: Send,
    D: Duties<T>,
{
    /// Begins the life of a box. The server may be away; `rows` makes what each lane reads and writes rows with.
    ///
    /// # Errors
    /// If the system has nothing left for it.
    pub fn start<R: StoredRows<T> + 'static>(
        addresses: &Addresses,
        me: &BoxId,
        rows: impl Fn() -> R,
        duties: D,
    ) -> Result<Self, String> {
        let ((reader, read), (writer, written)) = (unbounded_channel(), unbounded_channel());
        let way = |statements| Way {
            statements,
            is_taken: false,
        };
        let carried = Arc::new(Carried {
            at_work: Mutex::new(AtWork {
                life: Life::new(now(), me.clone()),
                duties,
                ways: Some([way(reader), way(writer)]),
                waits_until: None,
                troubles: [None, None],
            }),
            changed: Condvar::new(),
        });
        let mut carrier = Self {
            carried: Arc::clone(&carried),
            threads: Vec::new(),
        };
        let hints = Hints::default();
        for (lane, name, statements) in [
            (Lane::Reader, "cc-cluster-read", read),
            (Lane::Writer, "cc-cluster-write", written),
        ] {
            let speaker = Speaker::new(addresses.clone(), me.clone(), lane, rows())?.sharing(&hints);
            let carried = Arc::clone(&carried);
            carrier.run(name, move || lane::run(&carried, lane, speaker, statements))?;
        }
        carrier.run("cc-cluster-time", move || carried.keep_time())?;
        Ok(carrier)
    }

    fn run(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), String> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
        let thread = thread.map_err(|error| format!("the cluster's threads: {error}"))?;
        self.threads.push(thread);
        Ok(())
    }

    /// Does something under the lock of the life: with what may be said to it, and the box's duties.
    pub fn act<A>(&self, deed: impl FnOnce(&mut Voice<'_, T>, &mut D) -> A) -> A {
        let mut at_work = self.carried.at_work.lock();
        let AtWork { life, duties, .. } = &mut *at_work;
        let done = deed(&mut Voice { life, now: now() }, duties);
        self.carried.serve(at_work);
        done
    }
}

impl<T: Tables, D> Drop for Carrier<T, D> {
    fn drop(&mut self) {
        // Lanes end when nothing can be said any more, and time with them.
        self.carried.at_work.lock().ways = None;
        self.carried.changed.notify_all();
        for thread in self.threads.drain(..) {
            // A thread that has panicked has said so.
            let _ = thread.join();
        }
    }
}
