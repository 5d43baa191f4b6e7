//! What goes wrong with boxes, servers and the way between them.

use crate::proxy::{Proxy, Way};
use crate::staff::{begin, judge, phase, rows, Books, SharedBooks, StaffBox};
use crate::waiting::wait_for;
use crate::{addresses, box_id};
use callcenter_test_support::private::{Kind, PrivateServer};
use callcenter_test_support::small_centre::desk::Caller;
use mod_callcenter::cluster::Phase;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const AGENTS: u32 = 4;

/// How long something may take that takes as long as it takes.
const LONG: Duration = Duration::from_secs(30);

/// Three boxes, with a proxy each, on a server of their own.
struct Site {
    server: PrivateServer,
    standby: Option<PrivateServer>,
    proxies: Vec<Proxy>,
    boxes: Vec<Option<StaffBox>>,
    runs: u64,
    books: SharedBooks,
    next: Caller,
}

impl Site {
    /// Everybody takes part, and box 0 leads.
    fn open(has_standby: bool) -> Option<Self> {
        let server = PrivateServer::start(Kind::Postgres, &["-c", "fsync=on"])?;
        server.create_database("site");
        let standby = has_standby.then(|| server.standby());
        let proxies = (0..3).map(|_| Proxy::to(server.port)).collect();
        let mut site = Self {
            server,
            standby,
            proxies,
            boxes: vec![None, None, None],
            runs: 0,
            books: Arc::new(Mutex::new(Books::default())),
            next: 0,
        };
        for index in 0..3 {
            site.start(index);
            site.wait_until_sound(index);
        }
        assert_eq!(site.leader(), Some(0));
        Some(site)
    }

    fn start(&mut self, index: usize) {
        self.runs += 1;
        let mut ports = vec![self.proxies[index].port];
        ports.extend(self.standby.as_ref().map(|standby| standby.port));
        let way = addresses(&ports, "site");
        let id = box_id(&format!("box{index}"), u64::MAX - self.runs);
        self.boxes[index] = Some(begin(&way, &id, (AGENTS, &self.books)));
    }

    fn phase(&self, index: usize) -> Phase {
        self.boxes[index].as_ref().map_or(Phase::Leaving, phase)
    }

    fn leader(&self) -> Option<usize> {
        (0..3).find(|index| self.phase(*index) == Phase::Leading)
    }

    fn wait_until_sound(&self, index: usize) -> Duration {
        wait_for("a box takes part", LONG, || {
            matches!(self.phase(index), Phase::Following | Phase::Leading) && self.leader().is_some()
        })
    }

    /// Callers come to every box that is there.
    fn call(&mut self, each: usize) {
        for _ in 0..each {
            for one in self.boxes.iter().flatten() {
                self.next += 1;
                let caller = self.next;
                one.act(|voice, staff| staff.call(voice, caller));
            }
        }
    }

    /// The box is dead: its sockets and threads are gone, and nobody was told.
    fn kill(&mut self, index: usize) {
        self.boxes[index] = None;
        self.books.lock().expect("books").lose(&format!("box{index}"));
    }

    fn primary(&self) -> &PrivateServer {
        &self.server
    }

    /// Everybody who is on a box that is there has been served, and the rows say so.
    fn settle(&self, server: &PrivateServer, lost: &[&str]) {
        let is_over = || {
            let books = self.books.lock().expect("books");
            let mut callers = books.callers.values();
            callers.all(|(at, outcome)| outcome.is_some() || lost.contains(&at.as_str()))
        };
        wait_for("everybody is served", LONG * 2, is_over);
        let mut findings = Vec::new();
        let begun = Instant::now();
        loop {
            findings.splice(.., judge(&self.books, &rows(server, "site"), lost));
            if findings.is_empty() || begun.elapsed() > LONG {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(findings.is_empty(), "{findings:#?}");
        assert!(self.books.lock().expect("books").talks > 0);
    }
}

#[test]
fn callers_of_all_boxes_are_served() {
    let Some(mut site) = Site::open(false) else { return };
    site.call(6);
    site.settle(site.primary(), &[]);
}

#[test]
fn a_leader_that_is_killed_has_a_successor() {
    let Some(mut site) = Site::open(false) else { return };
    site.call(4);
    site.kill(0);
    let late = wait_for("somebody leads", LONG, || site.leader().is_some());
    assert!(late < Duration::from_millis(5_500), "after {late:?}");
    site.settle(site.primary(), &["box0"]);
    site.start(0);
    site.wait_until_sound(0);
    site.call(2);
    site.settle(site.primary(), &["box0"]);
}

#[test]
fn callers_of_a_box_that_is_killed_are_over_and_the_others_go_on() {
    let Some(mut site) = Site::open(false) else { return };
    site.call(4);
    site.kill(1);
    let begun = Instant::now();
    site.settle(site.primary(), &["box1"]);
    let open = || {
        let rows = rows(site.primary(), "site");
        let of_dead = rows.values().filter(|row| row.at.instance == "box1");
        of_dead
            .filter(|row| {
                !matches!(
                    row.stage,
                    callcenter_test_support::small_centre::desk::RowStage::Over(_)
                )
            })
            .count()
    };
    wait_for("its callers are over", LONG, || open() == 0);
    assert!(begun.elapsed() < LONG);
}

#[test]
fn a_box_that_freezes_lets_go_and_comes_back() {
    let Some(mut site) = Site::open(false) else { return };
    site.call(3);
    let frozen = site.boxes[0].clone().expect("a box");
    // A phone that rings there goes on ringing, and nobody can tell it to stop.
    site.books.lock().expect("books").lose("box0");
    let sleeper = std::thread::spawn(move || {
        // Whoever holds the lock keeps all its threads.
        frozen.act(|_, _| std::thread::sleep(Duration::from_secs(10)));
    });
    let late = wait_for("another one leads", LONG, || {
        (1..3).any(|index| site.phase(index) == Phase::Leading)
    });
    assert!(late < Duration::from_millis(5_500), "after {late:?}");
    sleeper.join().expect("it wakes");
    site.wait_until_sound(0);
    site.call(2);
    site.settle(site.primary(), &[]);
}

#[test]
fn a_server_that_crashes_comes_back_and_nobody_is_given_up() {
    let Some(mut site) = Site::open(false) else { return };
    site.call(4);
    site.server.crash();
    wait_for("everybody is alone", LONG, || {
        (0..3).all(|index| site.phase(index) == Phase::Alone)
    });
    site.server.run();
    for index in 0..3 {
        site.wait_until_sound(index);
    }
    let given_up = "SELECT count(*) FROM cluster_boxes WHERE standing <> 'here'";
    assert_eq!(site.server.administer("site", given_up).trim(), "0");
    site.call(2);
    site.settle(site.primary(), &[]);
}

#[test]
fn a_standby_that_is_promoted_takes_the_place_of_its_primary() {
    let Some(mut site) = Site::open(true) else { return };
    site.call(3);
    site.settle(site.primary(), &[]);
    site.call(2);
    site.server.crash();
    let standby = site.standby.take().expect("a standby");
    standby.promote();
    wait_for("somebody is elected there", LONG, || {
        standby.administer("site", "SELECT timeline FROM cluster_term").trim() == "2"
    });
    for index in 0..3 {
        site.wait_until_sound(index);
    }
    site.call(2);
    site.settle(&standby, &[]);
}

#[test]
fn a_box_whose_packets_are_swallowed_is_alone_and_comes_back() {
    let Some(mut site) = Site::open(false) else { return };
    site.call(3);
    site.proxies[0].set(Way::Swallows);
    let alone = wait_for("it is alone", LONG, || site.phase(0) == Phase::Alone);
    assert!(alone < Duration::from_millis(3_500), "after {alone:?}");
    wait_for("another one leads", LONG, || site.leader().is_some());
    site.proxies[0].set(Way::Open);
    site.wait_until_sound(0);
    site.call(2);
    site.settle(site.primary(), &[]);
}

#[test]
fn a_slow_way_is_a_slow_way_and_nothing_else() {
    let Some(mut site) = Site::open(false) else { return };
    site.proxies[1].set(Way::Slow(Duration::from_millis(150)));
    site.call(4);
    site.settle(site.primary(), &[]);
    assert_eq!(site.leader(), Some(0), "nobody was given up");
}
