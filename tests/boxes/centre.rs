//! Boxes of the whole call centre, without FreeSWITCH: phones answer at once.

use crate::server;
use crate::waiting::wait_for;
use callcenter_test_support::private::PrivateServer;
use mod_callcenter::cluster::link::Addresses;
use mod_callcenter::cluster::Phase;
use mod_callcenter::clustered::{Clocks, ClusterBox, Setup};
use mod_callcenter::commands::Answering;
use mod_callcenter::config::{ConfigError, ConfigRequest, ConfigSource, Configuration};
use mod_callcenter::driver::Reception;
use mod_callcenter::engine::{
    CancelReason, HangupCause, Input, JoinRequest, LocalTime, MemberExit, MemberId, OfferId, Output, QueueConfig,
    Reply, Settings, TalkEnd, WallTime,
};
use mod_callcenter::switch::{BoxSwitch, Switch};
use serde_json::json;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, SystemTime};

/// How long a busy machine may take for anything.
const LONG: Duration = Duration::from_secs(60);

/// The phones of a box.
#[derive(Default)]
struct Phones {
    reception: OnceLock<Weak<ClusterBox>>,
    /// Offers that talk, by the caller's channel.
    talks: Mutex<Vec<(OfferId, String)>>,
    notices: Mutex<Vec<String>>,
}

impl Phones {
    /// Tells it on a thread of its own.
    fn tell(&self, input: Input) {
        let reception = self.reception.get().and_then(Weak::upgrade);
        if let Some(reception) = reception {
            std::thread::spawn(move || drop(reception.submit_and_settle(input)));
        }
    }

    fn talks(&self, session: &str) -> bool {
        let talks = self.talks.lock().expect("talks");
        talks.iter().any(|(_, caller)| caller == session)
    }
}

impl Switch for Phones {
    fn carry_out(&self, output: Output) {
        match output {
            Output::Ring(ring) => self.tell(Input::OfferAnswered {
                offer: ring.offer,
                agent_uuid: format!("leg-{:?}", ring.offer),
            }),
            Output::Connect(connect) => {
                let talk = (connect.offer, connect.member_session_uuid);
                self.talks.lock().expect("talks").push(talk);
                self.tell(Input::OfferBridged { offer: connect.offer });
            }
            Output::Notice(notice) => self.notices.lock().expect("notices").push(notice.text),
            _ => (),
        }
    }
}

impl BoxSwitch for Phones {
    fn end_talk(&self, _: &str, _: &HangupCause) {}
}

/// What every box reads.
struct Files(Configuration);

impl ConfigSource for Files {
    fn read(&self, _: &ConfigRequest) -> Result<Configuration, ConfigError> {
        Ok(self.0.clone())
    }
}

fn wall() -> WallTime {
    let since = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970");
    WallTime::from_micros(i64::try_from(since.as_micros()).expect("before 292000"))
}

/// What the clock of a box shows.
type Clock = fn() -> WallTime;

fn an_hour_ahead() -> WallTime {
    WallTime::from_micros(wall().micros() + HOUR)
}

fn an_hour_behind() -> WallTime {
    WallTime::from_micros(wall().micros() - HOUR)
}

/// In microseconds.
const HOUR: i64 = 3_600_000_000;

struct OneBox {
    cluster_box: Arc<ClusterBox>,
    phones: Arc<Phones>,
    wall: Clock,
}

impl OneBox {
    fn start(name: &str, (server, database): (&PrivateServer, &str), wall: Clock) -> Self {
        let dsn = PrivateServer::dsn(&[server.port], database);
        let configuration = Configuration {
            settings: Settings {
                cluster: true,
                instance_id: name.to_owned(),
                odbc_dsn: Some(dsn.clone()),
                ..Settings::default()
            },
            queues: vec![QueueConfig::named("q")],
            ..Configuration::default()
        };
        let phones = Arc::<Phones>::default();
        let setup = Setup {
            addresses: Addresses::parse(&dsn).expect("a DSN"),
            configuration: configuration.clone(),
            talks: Vec::new(),
            switch: Arc::clone(&phones) as Arc<dyn BoxSwitch>,
            source: Arc::new(Files(configuration)),
            clocks: Clocks {
                wall,
                local_time: |_| LocalTime::default(),
            },
        };
        let cluster_box = Arc::new(ClusterBox::start(setup).expect("threads"));
        let _ = phones.reception.set(Arc::downgrade(&cluster_box));
        cluster_box.begin_deeds();
        Self {
            cluster_box,
            phones,
            wall,
        }
    }

    fn config(&self, words: &str) -> String {
        Answering::config(&*self.cluster_box, words)
    }

    fn obeys(&self, words: &str) {
        assert_eq!(self.config(words), "+OK\n", "{words}: {:?}", self.phones.notices);
    }

    fn until(&self, words: &str, what: &str) {
        wait_for(&format!("{words} shows {what}"), LONG, || {
            self.config(words).contains(what)
        });
    }

    /// A caller comes, and is a member.
    fn call(&self, session: &str) -> MemberId {
        let request = JoinRequest {
            queue: "q".to_owned(),
            session_uuid: session.to_owned(),
            new_member_uuid: format!("m-{session}"),
            cid_number: session.to_owned(),
            answered_epoch: (self.wall)().secs(),
            ..JoinRequest::default()
        };
        match self.cluster_box.join(request, &mut |_| true) {
            Ok(Reply::Joined { member, .. }) => member,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until this caller talks, and lets it leave the queue application for it.
    fn talks(&self, session: &str, member: MemberId) {
        wait_for(&format!("{session} talks"), LONG, || self.phones.talks(session));
        let exit = MemberExit {
            channel_up: true,
            reason: None,
            key: None,
        };
        let left = self.cluster_box.submit_and_settle(Input::MemberExit { member, exit });
        assert!(left.is_ok(), "{left:?}");
    }

    fn hang_up(&self, session: &str) {
        let talk = self
            .phones
            .talks
            .lock()
            .expect("talks")
            .iter()
            .find(|(_, caller)| caller == session)
            .cloned();
        let (offer, _) = talk.expect("a talk");
        let ended = Input::AgentLegEnded {
            offer,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Caller,
        };
        self.cluster_box.submit_and_settle(ended).expect("a talk");
    }

    fn leads(&self) -> bool {
        self.cluster_box.phase() == Phase::Leading
    }
}

/// Two boxes, of which the first one leads, with one agent on a break.
fn two(database: &str) -> Option<(OneBox, OneBox)> {
    two_by(database, [wall, wall])
}

/// The same, with these clocks.
fn two_by(database: &str, clocks: [Clock; 2]) -> Option<(OneBox, OneBox)> {
    let server = server(database)?;
    let first = OneBox::start("box1", (server, database), clocks[0]);
    wait_for("the first one leads", LONG, || first.leads());
    let second = OneBox::start("box2", (server, database), clocks[1]);
    wait_for("the second one takes part", LONG, || {
        second.cluster_box.phase() == Phase::Following
    });
    for words in [
        "agent add a1 callback",
        "agent set contact a1 user/a1",
        "agent set status a1 'On Break'",
        "tier add q a1",
    ] {
        second.obeys(words);
    }
    Some((first, second))
}

/// Commands and lists are the same on each box; the agent is offered who has waited longest, wherever that is.
#[test]
fn two_boxes_are_one_call_centre() {
    let Some((first, second)) = two("one_centre") else {
        return;
    };
    let longest = second.call("c1");
    let later = first.call("c2");
    for one in [&first, &second] {
        assert_eq!(one.config("queue count members q"), "2\n");
        one.until("agent list", "|On Break|Waiting|");
    }
    first.obeys("agent set status a1 Available");
    second.talks("c1", longest);
    assert!(!first.phones.talks("c2"));
    for one in [&first, &second] {
        one.until("agent list", "|Available|In a queue call|");
    }
    assert_eq!(first.config("agent list"), second.config("agent list"));
    second.hang_up("c1");
    first.talks("c2", later);
    first.hang_up("c2");
    second.until("agent list", "|Available|Waiting|");
    let listed = Answering::json(&*second.cluster_box, &json!({"arguments": "agent list"}));
    assert_eq!(listed.expect("a list")[0]["name"], "a1");
    let refused = Answering::json(&*second.cluster_box, &json!({"arguments": "nothing"}));
    assert!(refused.expect_err("no list")["error"].is_string());
    assert_eq!(
        second.config("agent set status nobody Available"),
        "-ERR Agent not found!\n"
    );
}

/// A leader that is gone without a word has a successor, who knows the rows and who waits; a caller who gives up is gone.
#[test]
fn a_leader_that_dies_is_succeeded() {
    let Some((first, second)) = two("dies") else { return };
    let waits = second.call("c1");
    let impatient = second.call("c2");
    drop(first);
    let late = wait_for("the second one leads", LONG, || second.leads());
    println!("succeeded after {late:?}");
    let exit = MemberExit {
        channel_up: false,
        reason: Some(CancelReason::BreakOut),
        key: None,
    };
    let left = second.cluster_box.submit_and_settle(Input::MemberExit {
        member: impatient,
        exit,
    });
    assert!(left.is_ok(), "{left:?}");
    assert_eq!(
        second.config("queue count members q"),
        "2\n",
        "one is abandoned and may resume"
    );
    second.obeys("agent set status a1 Available");
    second.talks("c1", waits);
    second.hang_up("c1");
}

/// While nobody leads a command is refused in words; a box that leaves hands over at once.
#[test]
fn a_leader_that_leaves_hands_over() {
    let Some((first, second)) = two("leaves") else { return };
    assert!(first.cluster_box.depart(Duration::from_secs(5)));
    let late = wait_for("the second one leads", Duration::from_secs(5), || second.leads());
    println!("succeeded after {late:?}");
    let refused = first.config("agent list");
    assert!(refused.starts_with("-ERR No box leads"), "{refused}");
    second.until("agent list", "a1|box");
}

/// Seconds between the epochs of this caller's row and what the clock of the server, which is that of this machine, shows.
fn epochs_of(one: &OneBox, session: &str) -> Vec<i64> {
    let list = one.config("queue list members q");
    let row = list.lines().find(|line| line.contains(&format!("|{session}|")));
    let cells: Vec<&str> = row.unwrap_or_else(|| panic!("{session}: {list}")).split('|').collect();
    let now = wall().secs();
    let epochs = cells[6..8]
        .iter()
        .map(|cell| cell.parse::<i64>().expect("an epoch") - now);
    epochs.collect()
}

/// Clocks of boxes may show anything: epochs are the server's, whoever leads, and nobody waits for an hour.
#[test]
fn clocks_that_are_an_hour_off_do_not_matter() {
    let Some((first, second)) = two_by("clocks", [an_hour_ahead, an_hour_behind]) else {
        return;
    };
    second.obeys("agent set wrap_up_time a1 1");
    let callers = [(&first, "c1"), (&second, "c2")].map(|(one, session)| (one.call(session), session));
    for (_, session) in callers {
        let off = epochs_of(&second, session);
        assert!(off.iter().all(|off| off.abs() < 60), "{session}: {off:?}");
    }
    first.obeys("agent set status a1 Available");
    first.talks("c1", callers[0].0);
    first.hang_up("c1");
    second.talks("c2", callers[1].0);
    second.hang_up("c2");
    assert!(first.cluster_box.depart(Duration::from_secs(5)));
    wait_for("the second one leads", LONG, || second.leads());
    let next = second.call("c3");
    second.talks("c3", next);
    let off = epochs_of(&second, "c3");
    assert!(off.iter().all(|off| off.abs() < 120), "{off:?}");
}
