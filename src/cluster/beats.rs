//! Every beat there is, watched by every box at all times: who wins an election has watched the others for as long as they are silent.

use crate::cluster::marks::{holds, Mark};
use crate::cluster::tables::{BoxId, Lease, View};
use crate::cluster::term::Term;
use crate::cluster::time::{BoxTime, BEAT, BOX_STANDS, BOX_STANDS_AFTER_A_GAP, LEASE_STANDS};
use crate::cluster::watch::{Looked, Watch};
use crate::engine::Timestamp;
use std::collections::BTreeMap;

/// The watches of one box.
#[derive(Debug, Default)]
pub struct Beats {
    lease: Option<Watch<(Term, u64)>>,
    /// The engine's time that the lease has told last, and when it was told.
    told: Option<(Timestamp, BoxTime)>,
    boxes: BTreeMap<BoxId, Watch<u64>>,
}

impl Beats {
    /// What a look shows.
    pub fn look(&mut self, looked: Looked, view: &View) {
        match (&view.lease, &mut self.lease) {
            (None, watch) => *watch = None,
            (Some(lease), Some(watch)) => watch.look(looked, (lease.term, lease.beat)),
            (Some(lease), watch @ None) => *watch = Some(Watch::begin(looked, (lease.term, lease.beat))),
        }
        if let Some(lease) = &view.lease {
            self.hear(looked.answered, lease.engine_time);
        }
        let is_there = |id: &BoxId| view.boxes.iter().any(|row| row.id == *id);
        self.boxes.retain(|id, _| is_there(id));
        for row in &view.boxes {
            let watch = self.boxes.entry(row.id.clone());
            let watch = watch.or_insert_with(|| Watch::begin(looked, row.beat));
            watch.look(looked, row.beat);
        }
    }

    /// This box could not renew until now. Where reads are answered and commits are not, nobody could: silence meanwhile says nothing.
    pub fn forget(&mut self, looked: Looked) {
        if holds(Mark::WhoCouldNotBeatHasSeenNothing) {
            self.lease.iter_mut().for_each(|watch| watch.forget(looked));
            self.boxes.values_mut().for_each(|watch| watch.forget(looked));
        }
    }

    /// Whether the lease may be taken.
    pub fn lease_is_free(&self, lease: Option<&Lease>) -> bool {
        let is_silent = |watch: &Watch<_>| watch.still_for() >= LEASE_STANDS;
        lease.is_none_or(|lease| lease.is_left) || self.lease.as_ref().is_some_and(is_silent)
    }

    /// The engine's time goes on between two beats, and never goes back: a server that was replaced tells an older one.
    pub fn hear(&mut self, now: BoxTime, told: Timestamp) {
        if self.told.is_none() || self.engine_time(now) < told {
            self.told = Some((told, now));
        }
    }

    /// The engine's time now: what was told last, and what has gone by here since, watched or not.
    pub fn engine_time(&self, now: BoxTime) -> Timestamp {
        let (told, when) = self.told.unwrap_or((Timestamp::from_micros(0), now));
        told + now.since(when)
    }

    /// Whether a box has been silent for so long that it is given up.
    pub fn is_over(&self, id: &BoxId) -> bool {
        let bound = |watch: &Watch<u64>| match watch.began_after_absence() && holds(Mark::LateBoxesAreWaitedFor) {
            true => BOX_STANDS_AFTER_A_GAP,
            false => BOX_STANDS,
        };
        self.boxes
            .get(id)
            .is_some_and(|watch| watch.still_for() >= bound(watch))
    }

    /// Whether a box whose silence began while the server was away has certainly let go.
    pub fn has_let_go(&self, id: &BoxId) -> bool {
        let has_let_go = |watch: &Watch<u64>| watch.began_after_absence() && watch.still_for() >= BOX_STANDS;
        self.boxes.get(id).is_some_and(has_let_go)
    }

    /// Whether a box renews: its beat has missed one at most.
    pub fn is_alive(&self, id: &BoxId) -> bool {
        let is_alive = |watch: &Watch<u64>| watch.still_for() < BEAT.and(BEAT);
        self.boxes.get(id).is_some_and(is_alive)
    }
}
