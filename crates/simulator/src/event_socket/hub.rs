//! Where events go out to clients, and their requests come in.

use super::event::{Event, Format};
use super::subscription::Subscription;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{mpsc, Arc};
use std::time::Duration;

/// So many messages wait for a client that is slow; then it misses events, as with FreeSWITCH.
const LONGEST_QUEUE: usize = 20_000;

/// Something that a client wants to be answered by the call centre.
pub(super) struct Request {
    /// The command of FreeSWITCH, and what stands behind it.
    pub line: String,
    /// Where the answer goes.
    pub reply: Sender<String>,
}

/// A client as the call centre sees it.
pub(super) struct Listener {
    pub wishes: Mutex<Subscription>,
    out: SyncSender<String>,
}

impl Listener {
    /// Sends something; a client who does not read misses it.
    pub fn send(&self, text: String) {
        let _ = self.out.try_send(text);
    }
}

/// All clients.
pub(super) struct Hub {
    listeners: Mutex<Vec<Arc<Listener>>>,
    requests: Sender<Request>,
    fired: AtomicU64,
}

/// What the call centre takes requests from.
pub(super) struct Requests(Receiver<Request>);

impl Requests {
    /// The next request that comes within so long; none when none does.
    pub fn next(&self, patience: Duration) -> Option<Request> {
        match self.0.recv_timeout(patience) {
            Ok(request) => Some(request),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(patience);
                None
            }
        }
    }
}

impl Hub {
    /// A hub without clients.
    pub fn new() -> (Arc<Self>, Requests) {
        let (requests, received) = mpsc::channel();
        let hub = Self {
            listeners: Mutex::default(),
            requests,
            fired: AtomicU64::new(0),
        };
        (Arc::new(hub), Requests(received))
    }

    /// A new client, and what is to be written to it.
    pub fn join(&self) -> (Arc<Listener>, Receiver<String>) {
        let (out, written) = mpsc::sync_channel(LONGEST_QUEUE);
        let listener = Arc::new(Listener {
            wishes: Mutex::default(),
            out,
        });
        self.listeners.lock().push(Arc::clone(&listener));
        (listener, written)
    }

    /// A client has gone.
    pub fn part(&self, listener: &Arc<Listener>) {
        self.listeners.lock().retain(|other| !Arc::ptr_eq(other, listener));
    }

    /// Asks the call centre, and waits for what it says.
    pub fn ask(&self, line: &str) -> String {
        let (reply, answer) = mpsc::channel();
        let request = Request {
            line: line.to_owned(),
            reply,
        };
        let asked = self.requests.send(request);
        let answer = asked.ok().and_then(|()| answer.recv().ok());
        answer.unwrap_or_else(|| "-ERR the simulation has ended\n".to_owned())
    }

    /// Sends an event to whoever wants it, with the next number of FreeSWITCH's kind.
    pub fn fire(&self, build: impl FnOnce(u64) -> Event) {
        let number = self.fired.fetch_add(1, Ordering::Relaxed) + 1;
        let listeners = self.listeners.lock();
        if listeners.is_empty() {
            return;
        }
        let event = build(number);
        let (mut plain, mut json) = (None, None);
        for listener in listeners.iter() {
            let Some(format) = listener.wishes.lock().wants(&event) else {
                continue;
            };
            let built = if format == Format::Json { &mut json } else { &mut plain };
            listener.send(built.get_or_insert_with(|| event.on_the_wire(format)).clone());
        }
    }
}
