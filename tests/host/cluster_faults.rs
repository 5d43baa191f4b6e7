//! Faults of boxes and servers under load, fifty of each kind: `make cluster-faults`. After each one everything has to be as if nothing
//! had been; what it took is printed as a table.
//!
//! `ROUNDS=3` plays fewer, `CLUSTER_FAULTS_SEED=…` the same moments again, as far as real programs go the same way twice.

mod at_rest;
mod books;
mod figures;
mod load;
mod site;
mod watch;

use callcenter_simulator::Dice;
use callcenter_test_support::harness::{say, Ports};
use callcenter_test_support::seeds::{new_seed, number_from_environment};
use figures::Figures;
use load::{Call, Load};
use site::{Site, BOXES};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use watch::{watch, Hit, Seen};

const ROUNDS: u64 = 50;

const FROZEN_FOR: Duration = Duration::from_secs(10);

/// How long everybody who has called may take until the last one has talked.
const DAY: Duration = Duration::from_secs(60);

/// A phone that is let go by one box may be rung by another before its FreeSWITCH has told so, in milliseconds.
const CROSSING: f64 = 200.0;

/// Who comes so soon after a fault comes while nobody may lead.
const WITHOUT_LEADER: Duration = Duration::from_secs(5);

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// A box is killed, and started again.
    Killed,
    /// A box is stopped for ten seconds, and goes on.
    Frozen,
    /// The primary crashes, and the standby is promoted.
    FailedOver,
}

struct Series {
    fault: Fault,
    site: Site,
    load: Load,
    dice: Dice,
    figures: Figures,
    findings: Vec<String>,
}

#[test]
#[ignore = "minutes of faults: make cluster-faults"]
fn boxes_that_are_killed() {
    play(Fault::Killed);
}

#[test]
#[ignore = "minutes of faults: make cluster-faults"]
fn boxes_that_freeze() {
    play(Fault::Frozen);
}

#[test]
#[ignore = "minutes of faults: make cluster-faults"]
fn servers_that_fail_over() {
    play(Fault::FailedOver);
}

fn play(fault: Fault) {
    let seed = number_from_environment("CLUSTER_FAULTS_SEED").unwrap_or_else(new_seed);
    let rounds = number_from_environment("ROUNDS").unwrap_or(ROUNDS);
    say(&format!("{fault:?}: CLUSTER_FAULTS_SEED={seed}, {rounds} rounds"));
    let Some(site) = Site::open(fault == Fault::FailedOver) else {
        return;
    };
    let load = Load::new(&site.ports(), seed);
    let mut series = Series {
        fault,
        site,
        load,
        dice: Dice::new(seed, "faults"),
        figures: Figures::default(),
        findings: Vec::new(),
    };
    for round in 1..=rounds {
        let (began, before) = (Instant::now(), series.findings.len());
        let what = series.round();
        let told = series.findings[before..].iter();
        let told: Vec<String> = told.map(|finding| format!("\n    FOUND: {finding}")).collect();
        say(&format!(
            "  round {round}: {what}, {:.1} s{}",
            began.elapsed().as_secs_f64(),
            told.concat()
        ));
    }
    say(&format!("{fault:?}, {rounds} rounds:\n\n{}", series.figures.table()));
    assert!(series.findings.is_empty(), "{} findings", series.findings.len());
}

impl Series {
    /// Calls, a fault among them, and what has come of it; in words what it was.
    fn round(&mut self) -> String {
        {
            let mut books = self.site.books();
            books.told.clear();
            books.rings.clear();
        }
        self.load.open(true);
        // The moment is anybody's.
        std::thread::sleep(Duration::from_secs_f64(2.0 + 2.0 * self.dice.unit()));
        let (hit, seen, what) = match self.fault {
            Fault::Killed => self.kills(),
            Fault::Frozen => self.freezes(),
            Fault::FailedOver => self.fails_over(),
        };
        self.note(&hit, &seen);
        let resumed = self.calls_again(&hit, &seen);
        self.load.open(false);
        self.settle();
        let (living, lost) = self.load.take();
        self.judge(&hit, (&living, &lost), &resumed);
        format!("{what}; {} callers, {} lost with their box", living.len(), lost.len())
    }

    /// What the fault takes hold of, at this moment.
    fn hit(&self, on: Option<usize>, election: String) -> Hit {
        let books = self.site.books();
        Hit {
            at: Instant::now(),
            on,
            election,
            held: on.map(|on| books.held_by(on)).unwrap_or_default(),
            waiting: on.map(|on| books.waiting(|other| other == on)).unwrap_or_default(),
        }
    }

    /// Watches while something is done about the fault.
    fn watched(&mut self, hit: &Hit, mend: impl FnOnce(&mut Site, &Load)) -> Seen {
        let is_over = AtomicBool::new(false);
        let ports: Vec<Ports> = self.site.ports();
        let asked = (0..BOXES).filter(|on| Some(*on) != hit.on).map(|on| ports[on]);
        let (asked, books) = (asked.collect::<Vec<_>>(), self.site.shared_books());
        std::thread::scope(|scope| {
            let watcher = scope.spawn(|| watch(hit, &asked, &books, &is_over));
            mend(&mut self.site, &self.load);
            is_over.store(true, Ordering::SeqCst);
            watcher.join().expect("a look")
        })
    }

    fn kills(&mut self) -> (Hit, Seen, String) {
        let (leader, election) = self.site.leader();
        let on = self.dice.below(BOXES);
        let rest = Duration::from_secs_f64(2.0 * self.dice.unit());
        let hit = self.hit(Some(on), election);
        self.load.turns(on);
        self.site.kill(on);
        let seen = self.watched(&hit, |site, load| {
            // Whoever starts it again comes when he comes.
            std::thread::sleep(rest);
            site.start_again(on);
            load.turns(on);
            site.wait_until_in(on);
        });
        self.figures
            .took("killed: until the box takes part again", hit.at.elapsed());
        (hit, seen, words("killed", on, leader))
    }

    fn freezes(&mut self) -> (Hit, Seen, String) {
        let (leader, election) = self.site.leader();
        let on = self.dice.below(BOXES);
        let hit = self.hit(Some(on), election);
        self.site.signal(on, "STOP");
        let mut woken = Instant::now();
        let seen = self.watched(&hit, |site, _| {
            // What is played is this very time.
            std::thread::sleep(FROZEN_FOR);
            woken = Instant::now();
            site.signal(on, "CONT");
            site.wait_until_back(on);
        });
        self.figures
            .took("frozen: from waking until the box takes part again", woken.elapsed());
        (hit, seen, words("frozen", on, leader))
    }

    fn fails_over(&mut self) -> (Hit, Seen, String) {
        let (_, election) = self.site.leader();
        let outage = Duration::from_secs_f64(4.0 * self.dice.unit());
        let hit = self.hit(None, election.clone());
        self.site.server.crash();
        let mut promoted = Instant::now();
        let seen = self.watched(&hit, |site, _| {
            // Whoever promotes the standby comes when he comes.
            std::thread::sleep(outage);
            site.standby.as_ref().expect("a standby").promote();
            promoted = Instant::now();
            site.wait_for_election(&election);
            site.rebuild_standby();
        });
        let leads = hit.at + seen.leads.unwrap_or_default();
        self.figures.took(
            "failed over: from the promotion until somebody leads",
            leads.saturating_duration_since(promoted),
        );
        (hit, seen, format!("failed over after {:.1} s", outage.as_secs_f64()))
    }

    /// What was seen from other boxes.
    fn note(&mut self, hit: &Hit, seen: &Seen) {
        if let Some(leads) = seen.leads {
            self.figures.took("until another one leads", leads);
            let offer = self
                .site
                .books()
                .first(hit.at + leads, |told| told.is("agent-offering"));
            if let Some(at) = offer {
                self.figures.took(
                    "until the next offer, where another one leads",
                    at.duration_since(hit.at),
                );
            }
        }
        for agent in &hit.held {
            match seen.free.get(agent) {
                Some(after) => self
                    .figures
                    .took("agents of its offers and talks: until free for others", *after),
                None => self.findings.push(format!("{agent} was never free again")),
            }
        }
        for (number, since) in &hit.waiting {
            let waited = hit.at.duration_since(*since);
            match seen.abandoned.get(number) {
                Some(after) => self
                    .figures
                    .took("callers who waited there: until their place can be resumed", *after),
                // A box that was frozen may have told the end of one that it was about to let go.
                None if waited < Duration::from_secs(1) || self.fault == Fault::Frozen => (),
                None => {
                    let story = self.site.books().story(number, hit.at);
                    self.findings
                        .push(format!("{number} waited and has left no place{story}"));
                }
            }
        }
    }

    /// Whoever waited on a box that was killed calls again.
    fn calls_again(&mut self, hit: &Hit, seen: &Seen) -> BTreeSet<String> {
        let dead = hit.on.filter(|_| self.fault == Fault::Killed);
        let Some(dead) = dead else { return BTreeSet::new() };
        let on = (dead + 1) % BOXES;
        let ports = self.site.boxes[on].ports;
        for number in seen.abandoned.keys() {
            self.load
                .again(number, (on, ports))
                .expect("a call to a box that lives");
        }
        seen.abandoned.keys().cloned().collect()
    }

    /// Waits until everybody has talked and everything is still.
    fn settle(&mut self) {
        let began = Instant::now();
        let mut left = self.site.leftovers();
        while !left.is_empty() && began.elapsed() < DAY {
            std::thread::sleep(Duration::from_millis(100));
            left = self.site.leftovers();
        }
        if left.is_empty() {
            return;
        }
        self.findings.push(format!("after {DAY:?} there is left: {left:#?}"));
        for switch in self.site.boxes.iter().chain([&self.site.phones]) {
            switch.api("hupall");
        }
        let began = Instant::now();
        while !self.site.leftovers().is_empty() {
            assert!(
                began.elapsed() < DAY,
                "this cannot be put right: {:#?}",
                self.site.leftovers()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn judge(&mut self, hit: &Hit, (living, lost): (&[Call], &[Call]), resumed: &BTreeSet<String>) {
        let of = |calls: &[Call]| calls.iter().map(|call| call.number.clone()).collect::<BTreeSet<_>>();
        let (living, lost) = (of(living), of(lost));
        let records = self.records(&living);
        let books = self.site.books();
        let mut found = books.broken_promises(hit.at, |number| living.contains(number) && !lost.contains(number));
        for number in &living {
            if !books.was_served(number) {
                found.push(format!("{number} was not served{}", books.story(number, hit.at)));
            }
            let resumes = books.first(hit.at, |told| told.is("member-queue-resume") && told.number == *number);
            if resumed.contains(number) && resumes.is_none() {
                found.push(format!(
                    "{number} came back without its place{}",
                    books.story(number, hit.at)
                ));
            }
            let known = records.get(number).cloned().unwrap_or_default();
            if !lost.contains(number) && known != [1, 1] {
                let [members, offers] = known;
                let story = books.story(number, hit.at);
                found.push(format!(
                    "{number} has {members} records of a stay that was answered, {offers} of an offer{story}"
                ));
            }
        }
        for (both, words) in books.double_rings() {
            self.figures
                .add("a phone rung for two, where it was: for how long", both / 1_000.0);
            if both > CROSSING {
                found.push(format!("for {both} ms {words}"));
            }
        }
        for (number, waited) in books.kept(hit.at, hit.at + WITHOUT_LEADER) {
            if living.contains(&number) && !lost.contains(&number) {
                self.figures.took(
                    "callers elsewhere who waited, or came within 5 s: until an agent had them",
                    waited,
                );
            }
        }
        drop(books);
        self.findings.extend(found);
    }

    /// How many records there are of a stay and of an offer that were answered, by the caller's number, once there are some of everybody.
    fn records(&self, callers: &BTreeSet<String>) -> BTreeMap<String, [usize; 2]> {
        let began = Instant::now();
        loop {
            let first = callers.first().map_or("", String::as_str);
            let rows = self.site.ask(&format!(
                "SELECT caller_number, record FROM cdrs WHERE result = 'answered' AND caller_number >= '{first}'"
            ));
            let mut records: BTreeMap<String, [usize; 2]> = BTreeMap::new();
            for row in rows.lines() {
                let (number, record) = row.split_once('\u{1f}').unwrap_or((row, ""));
                let counts = records.entry(number.to_owned()).or_default();
                counts[usize::from(record == "offer")] += 1;
            }
            let is_whole = callers.iter().all(|number| records.contains_key(number));
            if is_whole || began.elapsed() > WITHOUT_LEADER {
                return records;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn words(what: &str, on: usize, leader: usize) -> String {
    let role = if on == leader { "which led" } else { "which followed" };
    format!("box{} {what}, {role}", on + 1)
}
