//! Nothing outside is called under the engine's lock (FreeSWITCH #695): every function of the switch and the database may ask for the
//! engine itself, or wait for a thread that does.

use super::*;
use crate::driver::doubles::HandClock;
use crate::engine::{MemberExit, MemberId, RingEnd};
use once_cell::sync::OnceCell;
use std::collections::BTreeSet;
use std::sync::Weak;

/// A switch and a journal in one that ask for the engine whatever they are asked for, and note that they got it.
#[derive(Default)]
struct Prying {
    driver: OnceCell<Weak<Driver>>,
    called: Mutex<BTreeSet<String>>,
    rung: Mutex<Option<OfferId>>,
}

impl Prying {
    fn ask_for_engine(&self, what: &str) {
        if let Some(driver) = self.driver.get().and_then(Weak::upgrade) {
            driver.view(|engine, _| engine.queue_count());
            self.called.lock().insert(what.to_owned());
        }
    }
}

impl Switch for Prying {
    fn carry_out(&self, output: Output) {
        self.ask_for_engine(&kind_of(&output));
        if let Output::Ring(ring) = output {
            *self.rung.lock() = Some(ring.offer);
        }
    }
}

/// What an output is called in the source.
fn kind_of(output: &Output) -> String {
    let text = format!("{output:?}");
    let name = text.split(|character: char| !character.is_alphanumeric()).next();
    name.unwrap_or_default().to_owned()
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

/// A queue that has something to say to whoever waits, and does not let them wait for ever.
fn talkative() -> QueueConfig {
    QueueConfig {
        announce_sound: Some("sound".to_owned()),
        announce_frequency: 10,
        max_wait_time: 100,
        ..QueueConfig::named("q")
    }
}

fn join(driver: &Driver, session: &str) -> MemberId {
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
}

#[test]
fn whatever_is_called_outside_may_ask_for_the_engine() {
    let prying = Arc::new(Prying::default());
    let clock = Arc::new(HandClock::at(1_000_000));
    let driver = Arc::new(Driver::new(
        Engine::new(Settings::default(), 1),
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::clone(&prying) as Arc<dyn Switch>,
        Arc::clone(&prying) as Arc<dyn Journal>,
    ));
    assert!(prying.driver.set(Arc::downgrade(&driver)).is_ok(), "set once");
    driver.submit(Input::LoadQueue(talkative())).expect("a queue loads");
    add_serving_agent(&driver);
    let set = |setting: AgentSetting| {
        let name = "a1".to_owned();
        let saved = driver.submit_and_save(Input::AgentSet { name, setting });
        saved.expect("saved").expect("a known agent")
    };
    let served = join(&driver, "served");
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
    join(&driver, "waits");
    for _ in 0..12 {
        clock.pass(10);
        driver.handle_due_timers();
    }
    let all = [
        "Announce",
        "CancelRing",
        "Connect",
        "Event",
        "Inspect",
        "Notice",
        "Presence",
        "Release",
        "Ring",
        "Variables",
        "wait",
    ];
    assert_eq!(*prying.called.lock(), BTreeSet::from(all.map(str::to_owned)));
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
