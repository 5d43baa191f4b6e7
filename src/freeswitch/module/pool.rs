//! Threads that FreeSWITCH may block: an originate rings for a minute, an announcement plays to its end. A thread exists only
//! while there is such work, and a little longer for the next.

use crate::freeswitch::ffi::barrier;
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a thread without work waits for some.
const IDLE: Duration = Duration::from_secs(5);

/// FreeSWITCH gives its own session threads 240 KiB; the room above is for our frames.
const STACK: usize = 512 * 1024;

type Job = Box<dyn FnOnce() + Send>;

/// How long work may wait for a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Rings a phone; waits when [`Pool::new`]'s limit is reached.
    Usual,
    /// Somebody who has answered waits for it; goes first, and gets a thread beyond the limit.
    Urgent,
}

/// A bounded pool of threads.
pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// There is work, or there will be none any more.
    work: Condvar,
    /// A thread has ended.
    ended: Condvar,
    limit: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
    handles: Vec<JoinHandle<()>>,
}

/// The pool is closed, or the system has no thread to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

impl Pool {
    /// A pool of at most `limit` threads for usual work, and a quarter more for urgent work.
    pub fn new(limit: usize) -> Self {
        let state = Mutex::new(State::default());
        Self {
            shared: Arc::new(Shared {
                state,
                work: Condvar::new(),
                ended: Condvar::new(),
                limit,
            }),
        }
    }

    /// Has `job` done by a thread of the pool.
    ///
    /// # Errors
    /// When the job can never be done; it is dropped then.
    pub fn run(&self, urgency: Urgency, job: impl FnOnce() + Send + 'static) -> Result<(), Refused> {
        let mut state = self.shared.state.lock();
        if state.closed {
            return Err(Refused);
        }
        match urgency {
            Urgency::Usual => state.jobs.push_back(Box::new(job)),
            Urgency::Urgent => state.jobs.push_front(Box::new(job)),
        }
        if state.idle >= state.jobs.len() {
            self.shared.work.notify_one();
            return Ok(());
        }
        let limit = match urgency {
            Urgency::Usual => self.shared.limit,
            Urgency::Urgent => self.shared.limit + self.shared.limit / 4,
        };
        if state.threads < limit {
            self.add_thread(&mut state, urgency)?;
        }
        Ok(())
    }

    /// Adds a thread. Without one the job waits for those there are; without any it is refused.
    fn add_thread(&self, state: &mut State, urgency: Urgency) -> Result<(), Refused> {
        let shared = Arc::clone(&self.shared);
        let builder = std::thread::Builder::new().name("cc-call".to_owned()).stack_size(STACK);
        match builder.spawn(move || work(&shared)) {
            Ok(handle) => {
                state.threads += 1;
                state.handles.retain(|handle| !handle.is_finished());
                state.handles.push(handle);
                Ok(())
            }
            Err(_) if state.threads > 0 => Ok(()),
            Err(_) => {
                match urgency {
                    Urgency::Usual => state.jobs.pop_back(),
                    Urgency::Urgent => state.jobs.pop_front(),
                };
                Err(Refused)
            }
        }
    }

    /// Lets the threads finish what has been handed in, takes nothing more, and waits for them to end; false when one is still at
    /// work after `patience`.
    pub fn close(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        let mut state = self.shared.state.lock();
        state.closed = true;
        self.shared.work.notify_all();
        while state.threads > 0 {
            if self.shared.ended.wait_until(&mut state, deadline).timed_out() {
                return state.threads == 0;
            }
        }
        let handles = std::mem::take(&mut state.handles);
        drop(state);
        for handle in handles {
            // The thread has nothing left to do but to end; a panic was logged where it happened.
            let _ = handle.join();
        }
        true
    }
}

fn work(shared: &Shared) {
    let mut state = shared.state.lock();
    loop {
        if let Some(job) = state.jobs.pop_front() {
            drop(state);
            barrier::contain((), job);
            state = shared.state.lock();
            continue;
        }
        if state.closed {
            break;
        }
        state.idle += 1;
        let waited = shared.work.wait_for(&mut state, IDLE);
        state.idle -= 1;
        if waited.timed_out() && state.jobs.is_empty() {
            break;
        }
    }
    state.threads -= 1;
    shared.ended.notify_all();
}
