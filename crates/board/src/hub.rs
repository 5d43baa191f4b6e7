//! What is known now, and everybody who wants to see it.

mod frame;

pub use frame::{Chunk, Frame, Items, HEAD};

use crate::metrics::Counts;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::views::{self, Centre, Link, LinkState};
use crate::{now_ms, views::Page};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What supervisors did, so many back.
const REMEMBERED_DEEDS: usize = 50;

/// What a supervisor did.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Done {
    /// When.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What, as the command that was given.
    pub what: String,
    /// FreeSWITCH's answer.
    pub answer: String,
    /// It was carried out.
    pub is_ok: bool,
}

struct State {
    centre: Centre,
    pages: HashMap<Page, watch::Sender<Arc<Frame>>>,
    deeds: VecDeque<Done>,
    counts: Counts,
    version: u64,
}

/// The middle of the board.
pub struct Hub {
    settings: Arc<Settings>,
    state: Mutex<State>,
    viewers: AtomicUsize,
    beats: watch::Sender<Chunk>,
}

impl Hub {
    /// A board that knows nothing yet.
    pub fn new(settings: Arc<Settings>) -> Self {
        let centre = Centre::new(Arc::clone(&settings), now_ms());
        let state = State {
            centre,
            pages: HashMap::new(),
            deeds: VecDeque::new(),
            counts: Counts::default(),
            version: 0,
        };
        Self {
            settings,
            state: Mutex::new(state),
            viewers: AtomicUsize::new(0),
            beats: watch::channel(frame::beat(now_ms())).0,
        }
    }

    /// What is configured.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is under the lock is written whole: a panic elsewhere has not left it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known now.
    pub fn centre(&self) -> Centre {
        self.state().centre.clone()
    }

    /// What was counted of the connection itself.
    pub fn counts(&self) -> Counts {
        self.state().counts.clone()
    }

    /// Takes over from the look before what was not asked for this time. False when something is missing still.
    pub fn carry_over(&self, snapshot: &mut Snapshot) -> bool {
        let before = self.state().centre.snapshot.clone();
        snapshot.is_from_lists || before.is_some_and(|before| snapshot.carry_over(&before))
    }

    /// A look at the call centre.
    pub fn publish(&self, snapshot: Snapshot, took: Duration, now: i64) {
        let mut state = self.state();
        state.counts.looks += 1;
        state.counts.last_look = took;
        if state.centre.snapshot.is_none() {
            tell_unknown(&self.settings, &snapshot);
        }
        let is = if snapshot.is_from_lists {
            LinkState::Lists
        } else {
            LinkState::Up
        };
        state.centre.snapshot = Some(Arc::new(snapshot));
        state.say(Link::new(is, "", now));
        state.refresh();
    }

    /// There is a FreeSWITCH that has no such module.
    pub fn no_module(&self) {
        let mut state = self.state();
        let why = "FreeSWITCH has no mod_callcenter loaded";
        if state.centre.link.is != LinkState::NoModule {
            tracing::warn!("{why}; the board goes on looking");
        }
        state.say(Link::new(LinkState::NoModule, why, now_ms()));
        state.refresh();
    }

    /// The connection is lost, or was not made.
    pub fn lost(&self, why: &str) {
        let mut state = self.state();
        if state.centre.link.is_up() {
            state.counts.losses += 1;
        }
        state.say(Link::new(LinkState::Lost, why, now_ms()));
        state.refresh();
    }

    /// FreeSWITCH is late with an answer.
    pub fn silent(&self, why: &str) {
        let mut state = self.state();
        if state.centre.link.is_up() {
            let before = state.centre.link.clone();
            state.say(Link::new(LinkState::Silent, why, now_ms()));
            state.centre.before_silence = Some(before);
            state.refresh();
        }
    }

    /// The answer has come, or will not come any more.
    pub fn answers_again(&self) {
        let mut state = self.state();
        if let Some(before) = state.centre.before_silence.take() {
            state.centre.link = before;
            state.refresh();
        }
    }

    /// Keeps what a supervisor did.
    pub fn note(&self, done: Done) {
        let mut state = self.state();
        state.deeds.push_front(done);
        state.deeds.truncate(REMEMBERED_DEEDS);
        state.centre.deeds += 1;
        state.refresh();
    }

    /// What supervisors did, the latest first.
    pub fn deeds(&self) -> Vec<Done> {
        self.state().deeds.iter().cloned().collect()
    }

    /// How many watch.
    pub fn viewers(&self) -> usize {
        self.viewers.load(Ordering::Relaxed)
    }

    /// Somebody wants to see a page. None where there are too many already.
    pub fn watch(self: &Arc<Self>, page: Page) -> Option<Watcher> {
        if self.viewers.fetch_add(1, Ordering::Relaxed) >= self.settings.max_viewers {
            self.viewers.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let mut state = self.state();
        state.drop_unwatched();
        let frames = match state.pages.get(&page) {
            Some(sender) => sender.subscribe(),
            None => {
                state.version += 1;
                let frame = Frame::first(state.version, views::items(&state.centre, &page));
                let (sender, frames) = watch::channel(Arc::new(frame));
                state.pages.insert(page, sender);
                frames
            }
        };
        Some(Watcher {
            frames,
            beats: self.beats.subscribe(),
            hub: Arc::clone(self),
        })
    }

    /// Tells everybody the time, for as long as the board runs: a page that does not hear it any more says so.
    pub async fn beat(&self) {
        let mut every = tokio::time::interval(Duration::from_secs(1));
        loop {
            every.tick().await;
            self.beats.send_replace(frame::beat(now_ms()));
        }
    }
}

impl State {
    /// The state of the connection; since when stays as it is while the state does.
    fn say(&mut self, mut link: Link) {
        if link.is == self.centre.link.is {
            link.since = self.centre.link.since;
        }
        self.centre.before_silence = None;
        self.centre.link = link;
    }

    fn drop_unwatched(&mut self) {
        self.pages.retain(|_, sender| sender.receiver_count() > 0);
    }

    /// Shows what is known to whoever watches.
    fn refresh(&mut self) {
        self.drop_unwatched();
        for (page, sender) in &self.pages {
            let before = Arc::clone(&sender.borrow());
            if let Some(frame) = before.then(self.version + 1, views::items(&self.centre, page)) {
                sender.send_replace(Arc::new(frame));
            }
        }
        self.version += 1;
    }
}

/// Names of the configuration that FreeSWITCH does not have: told once, they may come.
fn tell_unknown(settings: &Settings, snapshot: &Snapshot) {
    for queue in &settings.queues {
        if !snapshot.queues.iter().any(|known| known.name == queue.name) {
            tracing::warn!(
                "the configuration names the queue \"{}\", which FreeSWITCH does not have",
                queue.name
            );
        }
    }
    for agent in &settings.agents {
        if !snapshot.agents.iter().any(|known| known.name == agent.name) {
            tracing::warn!(
                "the configuration names the agent \"{}\", whom FreeSWITCH does not have",
                agent.name
            );
        }
    }
}

/// Somebody who watches a page.
pub struct Watcher {
    /// What there is to see.
    pub frames: watch::Receiver<Arc<Frame>>,
    /// The time.
    pub beats: watch::Receiver<Chunk>,
    hub: Arc<Hub>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.hub.viewers.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_the_silence_at_once() {
        let hub = Hub::new(Arc::new(Settings::default()));
        let up = Link::new(LinkState::Up, "", 1);
        hub.state().say(up);
        hub.silent("FreeSWITCH does not answer");
        assert_eq!(hub.centre().link.is, LinkState::Silent);
        hub.answers_again();
        let link = hub.centre().link;
        assert_eq!((link.is, link.since), (LinkState::Up, 1));
        hub.silent("FreeSWITCH does not answer");
        hub.lost("the connection was closed");
        hub.answers_again();
        assert_eq!(hub.centre().link.is, LinkState::Lost);
    }
}
