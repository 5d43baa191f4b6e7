//! Nothing outside is called under the engine's lock (FreeSWITCH #695): every function of the switch and the database may ask for the
//! engine itself, or wait for a thread that does.

use super::*;
use crate::engine::{MemberExit, RingEnd, Span};
use once_cell::sync::OnceCell;
use std::collections::BTreeSet;
use std::sync::Weak;

/// A switch and a journal in one whose every function asks for the engine, and notes that it got it.
#[derive(Default)]
struct Prying {
    driver: OnceCell<Weak<Driver>>,
    called: Mutex<BTreeSet<&'static str>>,
    rung: Mutex<Option<OfferId>>,
}

impl Prying {
    fn ask_for_engine(&self, function: &'static str) {
        if let Some(driver) = self.driver.get().and_then(Weak::upgrade) {
            driver.view(|engine, _| engine.queue_count());
            self.called.lock().insert(function);
        }
    }
}

impl Switch for Prying {
    fn ring(&self, ring: Ring) {
        self.ask_for_engine("ring");
        *self.rung.lock() = Some(ring.offer);
    }
    fn cancel(&self, _: OfferId, _: HangupCause) {
        self.ask_for_engine("cancel");
    }
    fn connect(&self, _: Connect) {
        self.ask_for_engine("connect");
    }
    fn release(&self, _: Release) {
        self.ask_for_engine("release");
    }
    fn announce(&self, _: Announce) {
        self.ask_for_engine("announce");
    }
    fn hold(&self, _: &str, _: Hold) {
        self.ask_for_engine("hold");
    }
    fn set_variables(&self, _: &str, _: &[VariableChange]) {
        self.ask_for_engine("set_variables");
    }
    fn fire_event(&self, _: Event) {
        self.ask_for_engine("fire_event");
    }
    fn fire_presence(&self, _: Presence) {
        self.ask_for_engine("fire_presence");
    }
    fn inspect(&self, _: Inspection) {
        self.ask_for_engine("inspect");
    }
    fn look_at_leg(&self, _: &str) {
        self.ask_for_engine("look_at_leg");
    }
    fn log_queue(&self, _: QueueLogLine) {
        self.ask_for_engine("log_queue");
    }
    fn log(&self, _: Notice) {
        self.ask_for_engine("log");
    }
}

impl Journal for Prying {
    /// Only notes what is to be written; it is the one function that the engine's order needs under the lock.
    fn record(&self, _: Vec<RowChange>) -> Ticket {
        Ticket::default()
    }
    fn wait(&self, _: Ticket, _: Duration) -> Result<(), SaveError> {
        self.ask_for_engine("wait");
        Ok(())
    }
}

/// A clock that tests move.
#[derive(Default)]
struct HandClock(Mutex<Timestamp>);

impl HandClock {
    fn pass(&self, seconds: i64) {
        let mut now = self.0.lock();
        *now = *now + Span::from_secs(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }

    fn wall(&self) -> WallTime {
        WallTime::of(self.now(), Span::ZERO)
    }
}

#[test]
fn whatever_is_called_outside_may_ask_for_the_engine() {
    let prying = Arc::new(Prying::default());
    let clock = Arc::new(HandClock::default());
    clock.pass(1_000_000);
    let driver = Arc::new(Driver::new(
        Engine::new(Settings::default(), 1),
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::clone(&prying) as Arc<dyn Switch>,
        Arc::clone(&prying) as Arc<dyn Journal>,
    ));
    assert!(prying.driver.set(Arc::downgrade(&driver)).is_ok(), "set once");
    let queue = QueueConfig {
        announce_sound: Some("sound".to_owned()),
        announce_frequency: 10,
        max_wait_time: 100,
        ..QueueConfig::named("q")
    };
    driver.submit(Input::LoadQueue(queue)).expect("a queue loads");
    add_serving_agent(&driver);
    let join = |session: &str| {
        let request = JoinRequest {
            queue: "q".to_owned(),
            session_uuid: session.to_owned(),
            new_member_uuid: format!("member-{session}"),
            ..JoinRequest::default()
        };
        match driver.submit_and_settle(Input::MemberJoin(request)) {
            Ok(Reply::Joined { member, .. }) => member,
            other => panic!("joining is answered with {other:?}"),
        }
    };
    let set = |setting: AgentSetting| {
        let name = "a1".to_owned();
        let saved = driver.submit_and_save(Input::AgentSet { name, setting });
        saved.expect("saved").expect("a known agent")
    };
    let served = join("served");
    set(AgentSetting::Status("Available".to_owned()));
    // A break cancels the ring, and coming back makes another.
    set(AgentSetting::Status("On Break".to_owned()));
    let first = prying.rung.lock().take().expect("a ring");
    let end = RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL);
    driver
        .submit(Input::OfferFailed { offer: first, end })
        .expect("the ring ends");
    set(AgentSetting::Status("Available".to_owned()));
    let offer = prying.rung.lock().take().expect("another ring");
    let agent_uuid = "leg".to_owned();
    driver
        .submit_and_leave(Input::OfferAnswered { offer, agent_uuid })
        .expect("an answer");
    driver.submit(Input::OfferBridged { offer }).expect("a bridge");
    let exit = MemberExit {
        channel_up: true,
        reason: None,
        key: None,
    };
    driver
        .submit(Input::MemberExit { member: served, exit })
        .expect("a member");
    // Another waits for announcements, a look of the watchdog, and the end of the wait.
    join("waits");
    for _ in 0..12 {
        clock.pass(10);
        driver.handle_due_timers();
    }
    let all = [
        "announce",
        "cancel",
        "connect",
        "fire_event",
        "fire_presence",
        "inspect",
        "log",
        "release",
        "ring",
        "set_variables",
        "wait",
    ];
    assert_eq!(*prying.called.lock(), BTreeSet::from(all));
}

#[test]
#[should_panic(expected = "under the engine's lock")]
fn a_call_under_the_engines_lock_is_noticed() {
    let (switch, _rung) = Recorder::new();
    let driver = driver(switch, Arc::new(crate::store::NoJournal));
    driver.view(|_, _| assert_engine_is_free());
}

#[test]
#[should_panic(expected = "under the engine's lock")]
fn a_second_look_under_the_engines_lock_is_noticed_instead_of_waiting_for_ever() {
    let (switch, _rung) = Recorder::new();
    let driver = driver(switch, Arc::new(crate::store::NoJournal));
    driver.view(|_, _| driver.next_deadline());
}
