//! What has really happened, whoever knows of it: phones that ring, talks, callers' ends.

use crate::centre::{Agent, Caller, Offer, Outcome};
use callcenter_test_support::boxes::faults::SECOND;
use mod_callcenter::cluster::{BoxId, Standing};
use mod_callcenter::engine::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A phone that rings, or a talk.
#[derive(Debug, Clone, Copy)]
pub struct Leg {
    pub at: usize,
    pub agent: Agent,
    pub talks: bool,
    /// Its box has lost touch since it began: nobody can know of the talk.
    pub is_out_of_touch: bool,
}

#[derive(Debug)]
pub struct Books {
    pub traces: bool,
    pub legs: BTreeMap<Offer, Leg>,
    /// Where a caller is, or how it has left; none for those who went away with their box.
    pub callers: BTreeMap<Caller, (usize, Option<Outcome>)>,
    /// Callers whose box is gone.
    pub lost: Vec<Caller>,
    pub findings: Vec<String>,
    /// The last instant of the engine's time at which a leader has decided something, where a box that runs knows of it.
    pub used: i64,
    /// By how much the engine's time was ahead of the world's at most.
    ahead: Option<i64>,
    /// Who had reported to the last leader whose time was right.
    know_the_time: BTreeSet<BoxId>,
    /// When something has gone wrong last.
    pub troubled: i64,
    /// A box has been paused without its clock showing it: what it tells of the engine's time is late.
    pub clocks_stand_still: bool,
    pub free_since: BTreeMap<Agent, i64>,
    /// When a phone rang for a caller before another one's, who has waited longer: when, who, and before whom.
    pub passed_over: Vec<(i64, Caller, Caller)>,
    /// When it was asked whether the deed that is done now is wanted.
    pub asked: i64,
    pub rings: u64,
    pub talks: u64,
    pub elections: u64,
    pub given_up: u64,
    /// How a box is gone, as whoever leads was told last.
    pub gone: BTreeMap<BoxId, Standing>,
    pub leaders: u64,
    /// What was answered to commands: for each box, the last one that is done for good.
    pub promised: BTreeMap<usize, u64>,
}

impl Books {
    pub fn new(_agents: u32) -> Self {
        Self {
            traces: false,
            legs: BTreeMap::new(),
            callers: BTreeMap::new(),
            lost: Vec::new(),
            findings: Vec::new(),
            used: i64::MIN,
            ahead: None,
            know_the_time: BTreeSet::new(),
            troubled: 0,
            clocks_stand_still: false,
            free_since: BTreeMap::new(),
            passed_over: Vec::new(),
            asked: 0,
            rings: 0,
            talks: 0,
            elections: 0,
            given_up: 0,
            gone: BTreeMap::new(),
            leaders: 0,
            promised: BTreeMap::new(),
        }
    }

    pub fn find(&mut self, finding: impl Into<String>) {
        self.findings.push(finding.into());
    }

    pub fn arrives(&mut self, caller: Caller, at: usize) {
        self.callers.insert(caller, (at, None));
    }

    pub fn leaves(&mut self, caller: Caller, how: Outcome) {
        if let Some((at, outcome)) = self.callers.get_mut(&caller) {
            if outcome.is_some() {
                let finding = format!("caller {caller} of box{at} leaves twice");
                self.findings.push(finding);
                return;
            }
            *outcome = Some(how);
        }
    }

    pub fn stop(&mut self, offer: Offer) {
        self.legs.remove(&offer);
    }

    pub fn lose_touch(&mut self, at: usize) {
        for leg in self.legs.values_mut().filter(|leg| leg.at == at) {
            leg.is_out_of_touch = true;
        }
    }

    /// A box is gone, and everything that was up on it.
    pub fn dies(&mut self, at: usize) {
        self.legs.retain(|_, leg| leg.at != at);
        let gone = self.callers.iter().filter(|(_, (home, _))| *home == at);
        self.lost.extend(gone.map(|(caller, _)| *caller));
    }

    /// A leader begins: the engine's time goes on, where a box has reported that knows it.
    pub fn lead(&mut self, now: i64, engine_time: Timestamp, reports: BTreeSet<BoxId>) {
        self.leaders += 1;
        let ahead = engine_time.micros() - now;
        let most = *self.ahead.get_or_insert(ahead);
        let drift = 4 * SECOND + now / 50;
        if ahead > most + drift && !self.clocks_stand_still {
            self.find(format!("the engine's time jumps by {} us", ahead - most));
        }
        if engine_time.micros() < self.used {
            self.find(format!(
                "the engine's time goes back by {} us",
                self.used - engine_time.micros()
            ));
        }
        let is_right = ahead >= most - drift;
        if !is_right && !self.know_the_time.is_disjoint(&reports) && !self.clocks_stand_still {
            self.find(format!("the engine's time has lost {} us", most - ahead));
        }
        if is_right {
            self.know_the_time = reports;
        }
        self.ahead = Some(most.max(ahead));
    }
}
