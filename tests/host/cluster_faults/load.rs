//! Callers who come to every box at a steady pace.

use super::site::QUEUE;
use callcenter_simulator::Dice;
use callcenter_test_support::harness::{Connection, Ports};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The mean time between two callers of one box, in seconds.
const APART: f64 = 0.75;

/// Somebody who calls.
#[derive(Clone)]
pub struct Call {
    pub number: String,
    pub on: usize,
    /// In which run of that box: another one each time it is started.
    pub run: usize,
}

/// What the threads of all boxes share.
#[derive(Default)]
struct Shared {
    is_open: AtomicBool,
    is_over: AtomicBool,
    count: AtomicUsize,
    calls: Mutex<Vec<Call>>,
}

pub struct Load {
    shared: Arc<Shared>,
    /// Which run of each box is the present one; it is odd while the box is down.
    runs: Arc<Vec<AtomicUsize>>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Callers for these boxes, none of whom comes before [`Load::open`].
    pub fn new(boxes: &[Ports], seed: u64) -> Self {
        let shared = Arc::new(Shared::default());
        let runs: Arc<Vec<AtomicUsize>> = Arc::new(boxes.iter().map(|_| AtomicUsize::new(0)).collect());
        let threads = boxes.iter().enumerate().map(|(on, ports)| {
            let dice = Dice::numbered(seed, "callers", on as u64);
            let (shared, runs, ports) = (shared.clone(), runs.clone(), *ports);
            std::thread::spawn(move || callers(&shared, &runs, (on, ports), dice))
        });
        let threads = threads.collect();
        Self { shared, runs, threads }
    }

    pub fn open(&self, is_open: bool) {
        self.shared.is_open.store(is_open, Ordering::SeqCst);
    }

    /// The box is about to be killed: who has called it is lost with it. Or it is up again, and may be called.
    pub fn turns(&self, on: usize) {
        self.runs[on].fetch_add(1, Ordering::SeqCst);
    }

    /// Somebody whose call was lost calls again, elsewhere.
    pub fn again(&self, number: &str, (on, ports): (usize, Ports)) -> std::io::Result<()> {
        let call = Call {
            number: number.to_owned(),
            on,
            run: self.runs[on].load(Ordering::SeqCst),
        };
        dial(&mut Connection::to(ports)?, number)?;
        self.shared.calls.lock().expect("calls").push(call);
        Ok(())
    }

    /// Everybody who has called since this was asked last: who called a box that still runs, and the others.
    pub fn take(&self) -> (Vec<Call>, Vec<Call>) {
        let calls = std::mem::take(&mut *self.shared.calls.lock().expect("calls"));
        let lives = |call: &Call| call.run % 2 == 0 && self.runs[call.on].load(Ordering::SeqCst) == call.run;
        calls.into_iter().partition(lives)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            // A thread that has failed has said so.
            let _ = thread.join();
        }
    }
}

fn dial(connection: &mut Connection, number: &str) -> std::io::Result<()> {
    let answer = connection.api(&format!(
        "bgapi originate null/caller 'set_profile_var:caller_id_number={number},callcenter:{QUEUE},hangup' inline"
    ))?;
    answer
        .starts_with("+OK")
        .then_some(())
        .ok_or(std::io::ErrorKind::Other.into())
}

/// The callers of one box, one after the other. While it is dead nobody can call it, and while it is frozen the next one waits.
fn callers(shared: &Shared, runs: &[AtomicUsize], (on, ports): (usize, Ports), mut dice: Dice) {
    let mut connection = None;
    while !shared.is_over.load(Ordering::SeqCst) {
        let due = Instant::now() + Duration::from_secs_f64(APART * (0.5 + dice.unit()));
        let run = runs[on].load(Ordering::SeqCst);
        if run % 2 == 1 || !shared.is_open.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        }
        if connection.is_none() {
            connection = Connection::to(ports).ok();
        }
        if let Some(open) = &mut connection {
            let number = format!("7{:07}", shared.count.fetch_add(1, Ordering::SeqCst));
            match dial(open, &number) {
                Ok(()) => shared.calls.lock().expect("calls").push(Call { number, on, run }),
                Err(_) => connection = None,
            }
        }
        // The pace of the callers is the load itself.
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}
