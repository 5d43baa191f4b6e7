//! What is known now, and everybody who wants to see it.

mod frame;

pub use frame::{Chunk, Frame, Items, HEAD};

use crate::boxes::{self, Status, Vitals};
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
    wanted: watch::Sender<usize>,
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
            wanted: watch::channel(0).0,
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

    /// Which FreeSWITCH is to be shown, as it changes.
    pub fn wanted(&self) -> watch::Receiver<usize> {
        self.wanted.subscribe()
    }

    /// Which one is shown.
    pub fn shown(&self) -> usize {
        self.state().centre.shown
    }

    /// Whether what a look says is counted by another module than what is known: one that was loaded since.
    pub fn counts_anew(&self, at: usize, snapshot: &Snapshot) -> bool {
        let state = self.state();
        let before = state.centre.sites[at].snapshot.as_ref();
        before.is_some_and(|before| before.module.loaded_at != snapshot.module.loaded_at)
    }

    /// Takes over from the look before what was not asked for this time. False when something is missing still.
    pub fn carry_over(&self, at: usize, snapshot: &mut Snapshot) -> bool {
        let before = self.state().centre.sites[at].snapshot.clone();
        snapshot.is_from_lists || before.is_some_and(|before| snapshot.carry_over(&before))
    }

    /// A look at the call centre of the FreeSWITCH that is to be shown. What it says of itself is known from before where it was not asked.
    pub fn publish(&self, at: usize, snapshot: Snapshot, status: Option<Status>, took: Duration, now: i64) {
        let mut state = self.state();
        state.counts.looks += 1;
        state.counts.last_look = took;
        if state.centre.sites[at].snapshot.is_none() {
            tell_unknown(&self.settings, &snapshot);
        }
        let link = Link::new(up(snapshot.is_from_lists), "", now);
        let site = &mut state.centre.sites[at];
        site.vitals = Vitals::of(&snapshot, status.or(site.vitals.status.take()));
        site.snapshot = Some(Arc::new(snapshot));
        site.say(link);
        if state.centre.shown != at && *self.wanted.borrow() == at {
            tracing::info!("shown is now FreeSWITCH at {}", state.centre.sites[at].place);
            state.centre.shown = at;
        }
        self.changed(state);
    }

    /// A FreeSWITCH that stands by is well.
    pub fn stands_by(&self, at: usize, vitals: Vitals, now: i64) {
        let mut state = self.state();
        let site = &mut state.centre.sites[at];
        site.say(Link::new(up(vitals.is_stock), "", now));
        site.vitals = vitals;
        self.changed(state);
    }

    /// There is a FreeSWITCH that has no such module.
    pub fn no_module(&self, at: usize) {
        let mut state = self.state();
        let why = "FreeSWITCH has no mod_callcenter loaded";
        let site = &mut state.centre.sites[at];
        if site.link.is != LinkState::NoModule {
            tracing::warn!("{why} at {}; the board goes on looking", site.place);
        }
        site.say(Link::new(LinkState::NoModule, why, now_ms()));
        self.changed(state);
    }

    /// The connection is lost, or was not made.
    pub fn lost(&self, at: usize, why: &str) {
        let mut state = self.state();
        let site = &mut state.centre.sites[at];
        let was_up = site.link.is_up();
        site.say(Link::new(LinkState::Lost, why, now_ms()));
        state.counts.losses += u64::from(was_up);
        self.changed(state);
    }

    /// FreeSWITCH is late with an answer.
    pub fn silent(&self, at: usize, why: &str) {
        let mut state = self.state();
        let site = &mut state.centre.sites[at];
        if site.link.is_up() {
            let before = site.link.clone();
            site.say(Link::new(LinkState::Silent, why, now_ms()));
            site.before_silence = Some(before);
            self.changed(state);
        }
    }

    /// The answer has come, or will not come any more.
    pub fn answers_again(&self, at: usize) {
        let mut state = self.state();
        let site = &mut state.centre.sites[at];
        if let Some(before) = site.before_silence.take() {
            site.link = before;
            self.changed(state);
        }
    }

    /// Something is another: whoever watches sees it, and whoever is to be shown learns it.
    fn changed(&self, mut state: MutexGuard<'_, State>) {
        let wanted = boxes::choose(&state.centre.sites, state.centre.shown);
        self.wanted
            .send_if_modified(|now| std::mem::replace(now, wanted) != wanted);
        state.refresh();
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

fn up(is_from_lists: bool) -> LinkState {
    if is_from_lists {
        LinkState::Lists
    } else {
        LinkState::Up
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
    use crate::settings::OneBox;

    #[test]
    fn an_answer_ends_the_silence_at_once() {
        let hub = Hub::new(Arc::new(Settings::default()));
        hub.publish(0, Snapshot::default(), None, Duration::ZERO, 1);
        hub.silent(0, "FreeSWITCH does not answer");
        assert_eq!(hub.centre().link().is, LinkState::Silent);
        hub.answers_again(0);
        let centre = hub.centre();
        assert_eq!((centre.link().is, centre.link().since), (LinkState::Up, 1));
        hub.silent(0, "FreeSWITCH does not answer");
        hub.lost(0, "the connection was closed");
        hub.answers_again(0);
        assert_eq!(hub.centre().link().is, LinkState::Lost);
    }

    #[test]
    fn another_box_is_shown_once_it_has_been_looked_at_and_the_first_again_when_it_is_back() {
        let settings = Settings {
            boxes: OneBox::list("left,right").expect("boxes"),
            ..Settings::default()
        };
        let hub = Hub::new(Arc::new(settings));
        let wanted = hub.wanted();
        hub.publish(0, Snapshot::default(), None, Duration::ZERO, 1);
        hub.stands_by(1, Vitals::default(), 1);
        assert_eq!((*wanted.borrow(), hub.shown()), (0, 0));
        hub.lost(0, "the connection was closed");
        assert_eq!((*wanted.borrow(), hub.shown()), (1, 0));
        hub.publish(1, Snapshot::default(), None, Duration::ZERO, 2);
        assert_eq!((hub.shown(), hub.centre().link().is), (1, LinkState::Up));
        hub.stands_by(0, Vitals::default(), 3);
        assert_eq!((*wanted.borrow(), hub.shown()), (0, 1));
        hub.publish(0, Snapshot::default(), None, Duration::ZERO, 4);
        assert_eq!(hub.shown(), 0);
    }
}
