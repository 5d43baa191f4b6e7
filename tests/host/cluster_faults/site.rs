//! Three FreeSWITCH that are one call centre, one that plays the agents' phones and outlives every fault, and a PostgreSQL with a standby.

use super::books::Books;
use callcenter_test_support::harness::{
    install, CallCenter, Connection, Follower, FreeSwitch, Install, Module, Ports, Setup,
};
use callcenter_test_support::private::{Kind, PrivateServer};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

pub const QUEUE: &str = "support@default";
pub const BOXES: usize = 3;

/// Those who answer after half a second and talk for less than two: a phone of a caller who is gone is free again before another caller
/// may have the agent, for nothing can tell it that its caller is gone.
const AGENTS: usize = 8;

/// The database.
const DATABASE: &str = "faults";

/// How long something may take that takes as long as it takes.
const LONG: Duration = Duration::from_secs(60);

/// A server that waits for its disk, as an installed one does, and counts statements.
const OPTIONS: &[&str] = &["-c", "fsync=on", "-c", "shared_preload_libraries=pg_stat_statements"];

/// What is told of phones.
const OF_PHONES: &[&str] = &["event plain CHANNEL_CREATE CHANNEL_HANGUP"];

/// No more than the harness needs: what is judged is followed beside it.
const OF_HARNESS: &[&str] = &["event plain BACKGROUND_JOB"];

pub struct Site {
    install: &'static Install,
    pub phones: FreeSwitch,
    pub boxes: Vec<FreeSwitch>,
    pub server: PrivateServer,
    pub standby: Option<PrivateServer>,
    books: Arc<Mutex<Books>>,
    /// Of each box, and of the phones.
    followers: Vec<Option<Follower>>,
}

fn setup(centre: &CallCenter) -> Setup {
    Setup {
        quiet: true,
        events: Some(OF_HARNESS),
        ..Setup::new(centre)
    }
}

fn agent(number: usize) -> String {
    format!("a{number}")
}

/// The call centre of one box: the agents' phones are where every box can dial them.
fn centre(name: &str, dsn: &str, phones: Ports) -> CallCenter {
    let centre = CallCenter::new()
        .setting("cluster", "true")
        .setting("cc-instance-id", name)
        .setting("odbc-dsn", dsn)
        .setting("cdrs", "true")
        .queue(
            QUEUE,
            &[
                ("strategy", "longest-idle-agent"),
                ("moh-sound", "local_stream://default"),
                ("abandoned-resume-allowed", "true"),
            ],
        );
    (0..AGENTS).fold(centre, |centre, number| {
        let agent = agent(number);
        let talks = 1_200 + 80 * number;
        let contact = format!("sofia/desk/{agent}-answer-500-talk-{talks}@127.0.0.1:{}", phones.phones);
        let attributes = [("status", "On Break"), ("max-no-answer", "0"), ("wrap-up-time", "0")];
        centre.agent(&agent, &contact, &attributes).tier(QUEUE, &agent, 1, 1)
    })
}

impl Site {
    /// Everybody takes part, the first box leads, and of the agents as many have logged in on each box.
    pub fn open(has_standby: bool) -> Option<Self> {
        let install = install()?;
        let server = PrivateServer::start(Kind::Postgres, OPTIONS)?;
        server.create_database(DATABASE);
        server.administer(DATABASE, "CREATE EXTENSION pg_stat_statements");
        let standby = has_standby.then(|| server.standby());
        let ports: Vec<u16> = [&server]
            .into_iter()
            .chain(&standby)
            .map(|server| server.port)
            .collect();
        let dsn = PrivateServer::dsn(&ports, DATABASE);
        let bare = Setup {
            bare: true,
            ..setup(&CallCenter::new())
        };
        let phones = FreeSwitch::start(install, Module::Ours, bare);
        let mut site = Self {
            install,
            boxes: Vec::new(),
            server,
            standby,
            books: Arc::default(),
            followers: (0..=BOXES).map(|_| None).collect(),
            phones,
        };
        for on in 0..BOXES {
            let centre = centre(&format!("box{}", on + 1), &dsn, site.phones.ports);
            let switch = FreeSwitch::start(site.install, Module::Ours, setup(&centre));
            site.boxes.push(switch);
            site.wait_until_in(on);
            site.follow(on);
        }
        let books = site.books.clone();
        let note = move |event| books.lock().expect("books").note_phone(&event);
        site.followers[BOXES] = Some(site.phones.follow(OF_PHONES, note));
        for number in 0..AGENTS {
            let words = format!("callcenter_config agent set status {} Available", agent(number));
            site.boxes[number % BOXES].until(&words, |answer| answer == "+OK\n");
        }
        Some(site)
    }

    pub fn ports(&self) -> Vec<Ports> {
        self.boxes.iter().map(|switch| switch.ports).collect()
    }

    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("books")
    }

    /// The books, for a thread of its own.
    pub fn shared_books(&self) -> Arc<Mutex<Books>> {
        self.books.clone()
    }

    fn follow(&mut self, on: usize) {
        let books = self.books.clone();
        let note = move |event| books.lock().expect("books").note(on, &event);
        let events = &["event plain CUSTOM callcenter::info"];
        self.followers[on] = Some(self.boxes[on].follow(events, note));
    }

    /// A crash.
    pub fn kill(&mut self, on: usize) {
        self.boxes[on].kill();
        self.followers[on] = None;
    }

    pub fn start_again(&mut self, on: usize) {
        self.boxes[on].start_again(Module::Ours);
        self.follow(on);
    }

    pub fn signal(&self, on: usize, name: &str) {
        let pid = self.boxes[on].pid().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.expect("run kill").success());
    }

    /// Waits until this box follows or leads.
    pub fn wait_until_in(&self, on: usize) {
        until(&format!("box{} takes part", on + 1), || {
            let standing = Standing::of(&self.boxes[on].api(STANDING));
            standing.is_in().then_some(())
        });
    }

    /// Waits until a box that was given up counts again, as another one sees it, and takes part.
    pub fn wait_until_back(&self, on: usize) {
        let (name, other) = (format!("box{}", on + 1), &self.boxes[(on + 1) % BOXES]);
        until(&format!("{name} counts again"), || {
            let list = other.callcenter("cluster");
            cells(&list, ["instance", "standing"])
                .contains(&[&name, "here"])
                .then_some(())
        });
        self.wait_until_in(on);
    }

    /// Which box leads, and by which election.
    pub fn leader(&self) -> (usize, String) {
        until("somebody leads", || {
            let mut all = self.boxes.iter().map(|switch| Standing::of(&switch.api(STANDING)));
            let leader = all.position(|standing| standing.leads())?;
            let standing = Standing::of(&self.boxes[leader].api(STANDING));
            standing.leads().then_some((leader, standing.election))
        })
    }

    /// Waits until all boxes take part under another election than this one.
    pub fn wait_for_election(&self, before: &str) {
        for switch in &self.boxes {
            until("everybody takes part under a new leader", || {
                let standing = Standing::of(&switch.api(STANDING));
                (standing.is_in() && standing.election != before).then_some(())
            });
        }
    }

    pub fn ask(&self, sql: &str) -> String {
        self.server.administer(DATABASE, sql)
    }

    /// What is left of calls once no new ones come; nothing, if all is as it was before the first one.
    pub fn leftovers(&self) -> Vec<String> {
        let leader = &self.boxes[self.leader().0];
        let members = leader.callcenter(&format!("queue list members {QUEUE}"));
        let waiting = members
            .lines()
            .filter(|line| line.contains('|') && !line.contains("|Abandoned|"));
        // The first line names the columns.
        let mut left: Vec<String> = waiting.skip(1).map(str::to_owned).collect();
        let agents = leader.callcenter("agent list");
        let rows = agents.lines().filter(|line| line.contains("sofia/"));
        left.extend(
            rows.filter(|row| !row.contains("|Available|Waiting|"))
                .map(str::to_owned),
        );
        for (on, switch) in self.boxes.iter().chain([&self.phones]).enumerate() {
            let channels = switch.api("show channels count");
            if !channels.trim_start().starts_with("0 ") {
                left.push(format!("box{}: {}", on + 1, channels.trim()));
            }
        }
        left
    }

    /// The old server is gone, and the standby is in its place: it gets a standby of its own, where the old one was.
    pub fn rebuild_standby(&mut self) {
        let promoted = self.standby.take().expect("a standby");
        let old = std::mem::replace(&mut self.server, promoted);
        let port = old.port;
        drop(old);
        self.standby = Some(self.server.standby_on(port));
    }
}

/// What is answered at last, in a time that is long enough for anything.
fn until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(began.elapsed() < LONG, "waited {LONG:?} in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The question how a box stands, which it answers by itself.
const STANDING: &str = r#"json {"command":"callcenter_config","data":{"arguments":"cluster"}}"#;

/// How a box stands.
#[derive(Default)]
pub struct Standing {
    word: String,
    pub election: String,
}

impl Standing {
    fn of(answer: &str) -> Self {
        let answer: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
        let text = |name: &str| answer["response"][name].as_str().unwrap_or_default().to_owned();
        Self {
            word: text("standing"),
            election: text("election"),
        }
    }

    /// Of a box that may have gone meanwhile.
    pub fn asked(connection: &mut Connection) -> Self {
        connection
            .api(STANDING)
            .map(|answer| Self::of(&answer))
            .unwrap_or_default()
    }

    pub fn leads(&self) -> bool {
        self.word == "leads"
    }

    fn is_in(&self) -> bool {
        self.leads() || self.word == "follows"
    }
}

/// Of each row of a list what stands in two columns.
pub fn cells<'l>(list: &'l str, columns: [&str; 2]) -> Vec<[&'l str; 2]> {
    let mut lines = list.lines().map(|line| line.split('|').collect::<Vec<_>>());
    let head = lines.next().unwrap_or_default();
    let places = columns.map(|column| head.iter().position(|name| *name == column));
    let [Some(first), Some(second)] = places else {
        return Vec::new();
    };
    let both = lines.filter_map(|fields| Some([*fields.get(first)?, *fields.get(second)?]));
    both.collect()
}

/// Asks a box that may have gone meanwhile.
pub fn asks(connection: &mut Connection, words: &str) -> String {
    connection
        .api(&format!("callcenter_config {words}"))
        .unwrap_or_default()
}
