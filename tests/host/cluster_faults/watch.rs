//! What can be seen from boxes that live, from the fault on.

use super::books::Books;
use super::site::{asks, cells, Standing, QUEUE};
use callcenter_test_support::harness::{Connection, Ports};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A look follows the one before after so long.
const APART: Duration = Duration::from_millis(25);

/// Twice what a dead box may take from anybody.
const LONG_ENOUGH: Duration = Duration::from_secs(10);

/// What a fault has taken hold of.
pub struct Hit {
    pub at: Instant,
    /// The box; none where it was the server.
    pub on: Option<usize>,
    /// The election that was in force.
    pub election: String,
    /// Agents who were rung for its callers, or talked with them.
    pub held: Vec<String>,
    /// Callers of the box who waited, by number.
    pub waiting: BTreeMap<String, Instant>,
}

/// How long after the fault something was seen.
#[derive(Default)]
pub struct Seen {
    pub leads: Option<Duration>,
    pub free: BTreeMap<String, Duration>,
    pub abandoned: BTreeMap<String, Duration>,
}

impl Seen {
    fn is_all_of(&self, hit: &Hit) -> bool {
        self.free.len() >= hit.held.len() && self.abandoned.len() >= hit.waiting.len()
    }
}

/// Looks until it is told to stop, and has seen what there was to be seen or waited long enough for it.
pub fn watch(hit: &Hit, boxes: &[Ports], books: &Arc<Mutex<Books>>, is_over: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    let open = |ports: &Ports| Connection::to(*ports).ok();
    let mut connections: Vec<Connection> = boxes.iter().filter_map(open).collect();
    while !is_over.load(Ordering::SeqCst) || (!seen.is_all_of(hit) && hit.at.elapsed() < LONG_ENOUGH) {
        std::thread::sleep(APART);
        let leader = connections.iter_mut().find_map(|connection| {
            let standing = Standing::asked(connection);
            standing.leads().then_some((connection, standing.election))
        });
        let Some((leader, election)) = leader else { continue };
        if election != hit.election {
            seen.leads.get_or_insert(hit.at.elapsed());
        }
        look(hit, leader, books, &mut seen);
    }
    seen
}

fn look(hit: &Hit, leader: &mut Connection, books: &Arc<Mutex<Books>>, seen: &mut Seen) {
    let agents = asks(leader, "agent list");
    let after = hit.at.elapsed();
    for [name, state] in cells(&agents, ["name", "state"]) {
        let was_held = hit.held.iter().any(|held| held == name);
        if was_held && !seen.free.contains_key(name) {
            let is_offered = |books: &Books| {
                books.first(hit.at, |told| {
                    told.is("agent-offering") && told.agent == name && Some(told.on) != hit.on
                })
            };
            let offered = is_offered(&books.lock().expect("books")).map(|at| at.duration_since(hit.at));
            let free = offered.or((state == "Waiting").then_some(after));
            seen.free.extend(free.map(|free| (name.to_owned(), free)));
        }
    }
    if hit.waiting.keys().any(|number| !seen.abandoned.contains_key(number)) {
        let members = asks(leader, &format!("queue list members {QUEUE}"));
        for [number, state] in cells(&members, ["cid_number", "state"]) {
            if state == "Abandoned" && hit.waiting.contains_key(number) {
                seen.abandoned.entry(number.to_owned()).or_insert(after);
            }
        }
    }
}
