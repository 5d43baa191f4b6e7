//! A worker alone: what fails is tried again, what is left is done at the end, and what cannot be ended is left behind.

use super::*;
use std::sync::mpsc::{channel, Receiver, Sender};

/// Long enough for anything that should happen at all.
const LONG: Duration = Duration::from_secs(20);

/// A task that passes numbers on.
struct Passing {
    shared: Arc<Shared<Vec<u32>>>,
    backoff: Backoff,
    unpassed: Vec<u32>,
    /// What keeps the thread, once.
    keeper: Option<Receiver<()>>,
    failures: usize,
    passed: Sender<u32>,
}

impl Task for Passing {
    const NAME: &'static str = "cc-test";
    const LAST_STATEMENT: Duration = LONG;
    type Backlog = Vec<u32>;
    type Work = Vec<u32>;

    fn next_step(&mut self, state: &mut State<Vec<u32>>, now: Instant) -> Step<Vec<u32>> {
        if state.has_given_up(now) {
            return Step::End;
        }
        match self.backoff.retry_at() {
            Some(at) if at > now => Step::Sleep(Some(at)),
            None if state.backlog.is_empty() && state.is_stopping() => Step::End,
            None if state.backlog.is_empty() => Step::Sleep(None),
            _ => Step::Work(std::mem::take(&mut state.backlog)),
        }
    }

    fn carry_out(&mut self, work: Vec<u32>) {
        self.unpassed.extend(work);
        let shared = Arc::clone(&self.shared);
        let result = shared.attempt("The test", || {
            if let Some(keeper) = self.keeper.take() {
                // Whoever keeps it ends it by going away.
                let _ = keeper.recv();
            }
            if self.failures > 0 {
                self.failures -= 1;
                panic!("a task that panics (this is part of a test)");
            }
            Ok(())
        });
        match result {
            Ok(()) => {
                self.backoff.succeeded();
                for number in self.unpassed.drain(..) {
                    // Whoever listened may have gone.
                    let _ = self.passed.send(number);
                }
            }
            Err(error) => {
                self.backoff.failed(Instant::now());
                shared.reporter.tell_trouble(|| error.0);
            }
        }
    }
}

struct Bench {
    worker: Worker<Passing>,
    passed: Receiver<u32>,
    told: Receiver<String>,
}

impl Bench {
    fn start(failures: usize, keeper: Option<Receiver<()>>) -> Self {
        let (passed_to, passed) = channel();
        let (tell, told) = channel();
        let report = Box::new(move |notice: crate::engine::Notice| drop(tell.send(notice.text)));
        let shared = Shared::new(Vec::new(), Reporter::new(report, false));
        let task = Passing {
            shared: Arc::clone(&shared),
            backoff: Backoff::growing(),
            unpassed: Vec::new(),
            keeper,
            failures,
            passed: passed_to,
        };
        let worker = Worker::start(shared, task).expect("a thread");
        Self { worker, passed, told }
    }

    fn pass(&self, number: u32) {
        self.worker.shared().lock().backlog.push(number);
        self.worker.shared().wake();
    }
}

#[test]
fn a_task_that_panics_is_tried_again_and_told_once() {
    let bench = Bench::start(3, None);
    bench.pass(1);
    assert_eq!(bench.passed.recv_timeout(LONG), Ok(1));
    drop(bench.worker);
    assert_eq!(
        bench.told.iter().collect::<Vec<_>>(),
        ["The test failed: internal error."]
    );
}

#[test]
fn what_is_left_is_done_at_the_end() {
    let bench = Bench::start(0, None);
    for number in 0..100 {
        bench.pass(number);
    }
    drop(bench.worker);
    assert_eq!(bench.passed.iter().count(), 100);
}

#[test]
fn a_task_that_fails_to_the_end_is_given_up_and_nothing_is_left_behind() {
    let mut bench = Bench::start(usize::MAX, None);
    bench.pass(1);
    let began = Instant::now();
    bench.worker.stop();
    assert!(began.elapsed() >= LAST_ATTEMPTS, "it was tried until then");
    assert!(bench.worker.task.lock().is_none(), "the thread has ended");
}

#[test]
fn somebody_else_works_while_the_thread_does_not() {
    let bench = Bench::start(0, None);
    let mut lent = false;
    while !lent {
        bench.worker.lend(|task| {
            task.carry_out(vec![7]);
            lent = true;
        });
    }
    assert_eq!(bench.passed.recv_timeout(LONG), Ok(7));
}

#[test]
fn an_attempt_that_takes_too_long_is_told_once() {
    let (keep, keeper) = channel();
    let bench = Bench::start(0, Some(keeper));
    let text = |patience: Duration| format!("kept for {} ms", patience.as_millis());
    let mut overseer =
        Overseer::start("cc-test-eye", &bench.worker, Duration::from_millis(20), text).expect("a thread");
    bench.pass(1);
    assert_eq!(bench.told.recv_timeout(LONG).as_deref(), Ok("kept for 20 ms"));
    drop(keep);
    assert_eq!(bench.passed.recv_timeout(LONG), Ok(1));
    bench.worker.begin_to_stop();
    overseer.join();
    drop(bench.worker);
    assert_eq!(bench.told.iter().count(), 0);
}
