//! One FreeSWITCH under a steady load.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::watch::{Watch, Window, EVENTS};
use super::{Callers, Case};
use crate::figures::Side;
use crate::{process, site};
use callcenter_test_support::harness::{CallCenter, Follower, FreeSwitch, Sipp};

const AGENTS: usize = 200;

/// How many queues each agent serves where there are that many.
const TIERS: usize = 4;

/// Seconds an agent talks at most: a hundred calls at a time at the highest pace.
const TALK: u32 = 2;

const WINDOW: Duration = Duration::from_secs(10);

/// Who has to wait this long, or is late by this much in dialling, will wait longer yet: the machine carries no more, and
/// hundreds of callers who only hear the hold sound would keep it busy for nobody.
const OVERLOADED: Duration = Duration::from_secs(20);

/// What was seen of a load.
pub struct Seen {
    /// In each ten seconds.
    pub windows: Vec<Window>,
    /// Callers gathered, or could not even dial in time, and the rest was not played.
    pub overloaded: bool,
}

/// A running call centre.
pub struct Hour {
    case: Case,
    watch: Arc<Mutex<Watch>>,
    _follower: Follower,
    switch: FreeSwitch,
}

impl Hour {
    /// Starts it, without calls; nothing where stock's module is not there.
    pub fn start(case: Case, side: Side) -> Option<Self> {
        let switch = site::start(side, &call_centre(case.queues), site::NO_EVENTS)?;
        let watch = Arc::new(Mutex::new(Watch::default()));
        let noted = watch.clone();
        let follower = switch.follow(EVENTS, move |event| {
            noted.lock().unwrap_or_else(PoisonError::into_inner).note(&event);
        });
        Some(Self {
            case,
            watch,
            _follower: follower,
            switch,
        })
    }

    /// Has calls come for this long, or until it is clear that they are too many.
    pub fn play(&self, length: Duration) -> Seen {
        let calls = (length.as_secs_f64() * f64::from(self.case.calls_a_second)) as u32;
        let sipp = (self.case.callers == Callers::Sip).then(|| {
            let patience = length + Duration::from_secs(60);
            Sipp::callers(&self.switch, &extension(0), self.case.calls_a_second, calls, patience)
        });
        let mut watched = Watched::new(self.switch.pid());
        let mut windows = Vec::new();
        for call in 1..=calls {
            let due = Duration::from_secs_f64(f64::from(call) / f64::from(self.case.calls_a_second));
            // The pace of the callers is the load itself.
            std::thread::sleep(due.saturating_sub(watched.began.elapsed()));
            if sipp.is_none() {
                let queue = queue(call as usize % self.case.queues);
                site::dial(&self.switch, 1, |_| format!("&callcenter({queue})"));
            }
            let overloaded = self.is_overloaded(watched.began.elapsed().saturating_sub(due));
            if overloaded || watched.since.elapsed() >= WINDOW {
                windows.push(self.look(&mut watched, call));
            }
            if overloaded {
                return Seen { windows, overloaded };
            }
        }
        windows.push(self.look(&mut watched, calls));
        let overloaded = false;
        Seen { windows, overloaded }
    }

    /// Whether more callers wait than come in [`OVERLOADED`], or the next one dials that late.
    fn is_overloaded(&self, late: Duration) -> bool {
        let most = u64::from(self.case.calls_a_second) * OVERLOADED.as_secs();
        let waiting = self.watch.lock().unwrap_or_else(PoisonError::into_inner).waiting();
        late > OVERLOADED || waiting as u64 > most
    }

    fn look(&self, watched: &mut Watched, calls: u32) -> Window {
        let (offers, backlog) = self.watch.lock().unwrap_or_else(PoisonError::into_inner).take();
        let pid = self.switch.pid();
        let (elapsed, cpu) = (watched.since.elapsed().as_secs_f64(), process::cpu(pid));
        let cores = (cpu - watched.cpu) / elapsed;
        (watched.since, watched.cpu) = (Instant::now(), cpu);
        Window {
            second: watched.began.elapsed().as_secs_f64(),
            calls,
            offers,
            backlog,
            memory: process::memory(pid),
            cores,
        }
    }
}

/// Where the last window ended.
struct Watched {
    began: Instant,
    since: Instant,
    cpu: f64,
}

impl Watched {
    fn new(pid: u32) -> Self {
        let (began, cpu) = (Instant::now(), process::cpu(pid));
        let since = began;
        Self { began, since, cpu }
    }
}

fn queue(number: usize) -> String {
    format!("q{number}@default")
}

/// What SIP callers dial for a queue.
fn extension(queue: usize) -> String {
    format!("queue-q{queue}")
}

fn call_centre(queues: usize) -> CallCenter {
    let file = (0..queues).fold(CallCenter::new(), |file, number| {
        let params = [("strategy", "longest-idle-agent"), ("moh-sound", site::HOLD)];
        file.queue(&queue(number), &params)
    });
    (0..AGENTS).fold(file, |file, number| {
        let agent = site::agent(number);
        let file = file.agent(&agent, &site::phone_that_talks(&agent, TALK), &[]);
        (0..TIERS.min(queues)).fold(file, |file, tier| {
            file.tier(&queue((number + tier) % queues), &agent, 1, 1)
        })
    })
}
