//! What is known now, and everybody who wants to see it.

mod frame;
mod log;

pub use frame::{Chunk, Frame, Items, HEAD};

use crate::boxes::{self, Status, Vitals};
use crate::cluster::Member;
use crate::metrics::Counts;
use crate::settings::Settings;
use crate::snapshot::{EventMark, Snapshot};
use crate::views::{self, Centre, Link, LinkState};
use crate::{now_ms, views::Page};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What is said where a cluster has no leader.
const NO_LEADER: &str =
    "no box leads the cluster, as far as this one knows: it looks for one, or has lost touch with the database server";

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
    /// Counts what has happened in the call centre that is shown.
    happenings: watch::Sender<u64>,
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
            happenings: watch::channel(0).0,
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

    /// What has happened in the call centre that is shown, as it is counted.
    pub fn happenings(&self) -> watch::Receiver<u64> {
        self.happenings.subscribe()
    }

    /// Something has happened there, and FreeSWITCH tells it. It concerns nobody where another call centre is shown, nor where it came over
    /// another connection before, and what is known has it already.
    pub fn happened(&self, at: usize, event: &EventMark) {
        let is_news = {
            let state = self.state();
            let centre = &state.centre;
            let wanted = *self.wanted.borrow();
            let is_wanted = at == wanted || centre.sites[at].is_with(&centre.sites[wanted]);
            let known = centre.sites[wanted].snapshot.as_ref();
            is_wanted && !known.is_some_and(|known| known.contains(event))
        };
        if is_news {
            self.happenings.send_modify(|count| *count += 1);
        }
    }

    /// It was there, with a call centre, when it was asked last.
    pub fn is_up(&self, at: usize) -> bool {
        self.state().centre.sites[at].link.is_up()
    }

    /// It says that it is a box of a cluster.
    pub fn is_member(&self, at: usize) -> bool {
        self.state().centre.sites[at].member.is_some()
    }

    /// All events of the call centre that is shown come to the board.
    pub fn hears_all(&self) -> bool {
        let state = self.state();
        let centre = &state.centre;
        let is_told_here = centre.snapshot().is_some_and(|snapshot| snapshot.events_everywhere);
        is_told_here || boxes::unheard(&centre.sites, centre.shown).is_empty()
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
            log::unknown_names(&self.settings, &snapshot);
        }
        let link = Link::new(up(snapshot.is_from_lists), "", now);
        let site = &mut state.centre.sites[at];
        site.vitals = Vitals::of(&snapshot, status.or(site.vitals.status.take()));
        site.name_instance();
        site.snapshot = Some(Arc::new(snapshot));
        site.say(link);
        if *self.wanted.borrow() == at {
            state.show(at);
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

    /// What a FreeSWITCH says of the cluster it is a box of; none where it is in none.
    pub fn belongs(&self, at: usize, member: Option<Member>, status: Option<Status>, now: i64) {
        let mut state = self.state();
        let wanted = *self.wanted.borrow();
        let is_answered = state.centre.sites[wanted].link.is_up();
        let site = &mut state.centre.sites[at];
        site.vitals.status = status.or(site.vitals.status.take());
        let is_led = member.as_ref().map(Member::is_led);
        let leads = member.as_ref().is_some_and(Member::leads);
        // Whoever was asked in vain may follow a leader who is dead: it is asked again once somebody answers.
        let was_in_vain = site.link.is == LinkState::NoLeader && !leads && !is_answered;
        site.member = member;
        site.name_instance();
        match is_led {
            Some(false) => site.say(Link::new(LinkState::NoLeader, NO_LEADER, now)),
            // Whoever is shown is up once it has been looked at.
            Some(true) if wanted != at && !was_in_vain => site.say(Link::new(LinkState::Up, "", now)),
            _ => (),
        }
        self.changed(state);
    }

    /// A box of a cluster does not say how the call centre is.
    pub fn no_leader(&self, at: usize) {
        let mut state = self.state();
        state.centre.sites[at].say(Link::new(LinkState::NoLeader, NO_LEADER, now_ms()));
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
        // One that fell silent first was up before.
        let was_up = site.link.is_up() || site.before_silence.is_some();
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

    /// The answer has come.
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
        let shown = state.centre.shown;
        let wanted = boxes::choose(&state.centre.sites, shown);
        let centre = &mut state.centre;
        if wanted != shown && centre.sites[wanted].is_with(&centre.sites[shown]) {
            // It is the same call centre: what is known of it stays, whoever is asked.
            let known = centre.sites[shown].snapshot.clone();
            centre.sites[wanted].snapshot = known;
            state.show(wanted);
        }
        let shown = state.centre.shown;
        for at in boxes::note_strangers(&mut state.centre.sites, shown) {
            log::stranger(&state.centre, at);
        }
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
    fn show(&mut self, at: usize) {
        if std::mem::replace(&mut self.centre.shown, at) != at {
            tracing::info!("shown is now FreeSWITCH at {}", self.centre.sites[at].place);
        }
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

fn up(is_from_lists: bool) -> LinkState {
    if is_from_lists {
        LinkState::Lists
    } else {
        LinkState::Up
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
mod tests;
