//! The driver's promises: order, settling, saving, and timers that need no polling.

mod unlocked;

use super::doubles::DeadJournal;
use super::*;
use crate::engine::{AgentSetting, AgentType, HangupCause, JoinRequest, OfferId, QueueConfig, Settings, TierConfig};
use std::sync::mpsc;
use std::time::Instant;

const DEADLINE: Duration = Duration::from_secs(5);

/// What a switch was asked, and when it was to ring.
struct Recorder {
    asked: Mutex<Vec<String>>,
    rings: Mutex<mpsc::Sender<Instant>>,
}

impl Recorder {
    fn new() -> (Arc<Self>, mpsc::Receiver<Instant>) {
        let (rings, rung) = mpsc::channel();
        (
            Arc::new(Self {
                asked: Mutex::new(Vec::new()),
                rings: Mutex::new(rings),
            }),
            rung,
        )
    }

    fn note(&self, what: String) {
        self.asked.lock().push(what);
    }
}

impl Switch for Recorder {
    fn carry_out(&self, output: Output) {
        match output {
            Output::Ring(ring) => {
                self.note(format!("ring {}", ring.agent));
                self.rings.lock().send(Instant::now()).expect("the test listens");
            }
            Output::CancelRing { cause, .. } => self.note(format!("cancel {cause}")),
            Output::Variables { session_uuid, .. } => self.note(format!("variables {session_uuid}")),
            Output::Event(event) => {
                let agent = event.header("CC-Agent").unwrap_or_default();
                self.note(format!("{} {agent}", event.action()));
            }
            _ => (),
        }
    }
}

fn driver(switch: Arc<Recorder>, journal: Arc<dyn Journal>) -> Driver {
    let clock = Arc::new(SteadyClock::starting_now(WallTime::default));
    let driver = Driver::new(Engine::new(Settings::default(), 1), clock, switch, journal);
    driver
        .submit(Input::LoadQueue(QueueConfig::named("q")))
        .expect("a queue loads");
    driver
}

fn add_agent(driver: &Driver, name: &str) -> Result<Reply, EngineError> {
    let agent_type = AgentType::parse("callback").expect("a known type");
    driver.submit(Input::AgentAdd {
        name: name.to_owned(),
        agent_type,
    })
}

/// Adds agent a1, who serves queue q.
fn add_serving_agent(driver: &Driver) {
    add_agent(driver, "a1").expect("a new name");
    let tier = TierConfig {
        queue: "q".to_owned(),
        agent: "a1".to_owned(),
        level: 1,
        position: 1,
    };
    driver.submit(Input::TierAdd(tier)).expect("a new tier");
}

#[test]
fn many_threads_see_their_outputs_carried_out_in_the_engines_order() {
    let (switch, _rung) = Recorder::new();
    let driver = Arc::new(driver(Arc::clone(&switch), Arc::new(crate::store::NoJournal)));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let driver = Arc::clone(&driver);
            scope.spawn(move || {
                for number in 0..50 {
                    let name = format!("a{thread}-{number}");
                    add_agent(&driver, &name).expect("a new name");
                    let setting = AgentSetting::Status("Available".to_owned());
                    driver
                        .submit_and_settle(Input::AgentSet { name, setting })
                        .expect("a known agent");
                }
            });
        }
    });
    let asked = switch.asked.lock();
    assert_eq!(asked.len(), 400);
    for thread in 0..4 {
        for number in 0..50 {
            let agent = format!(" a{thread}-{number}");
            let own: Vec<_> = asked.iter().filter(|what| what.ends_with(&agent)).collect();
            assert_eq!(own.len(), 2, "{agent} was added and set");
            assert!(
                own[0].starts_with("agent-add") && own[1].starts_with("agent-status-change"),
                "{own:?}"
            );
        }
    }
}

#[test]
fn a_change_that_is_not_saved_is_told_apart_from_one_that_was_refused() {
    let (switch, _rung) = Recorder::new();
    let driver = driver(switch, Arc::new(DeadJournal("the database does not answer")));
    let agent_type = AgentType::parse("callback").expect("a known type");
    let saved = driver.submit_and_save(Input::AgentAdd {
        name: "a1".to_owned(),
        agent_type,
    });
    assert!(saved.is_err(), "the database never answers");
    assert!(
        driver.view(|engine, _| engine.agent_row("a1").is_some()),
        "the change is in effect all the same"
    );
    let agent = "nobody".to_owned();
    let refused = driver.submit_and_save(Input::AgentSet {
        name: agent,
        setting: attribute("wrap_up_time", 1),
    });
    assert_eq!(refused.ok(), Some(Err(EngineError::AgentNotFound)));
}

#[test]
fn the_timer_thread_acts_when_a_deadline_comes_and_stops_when_told() {
    let (switch, rung) = Recorder::new();
    let driver = Arc::new(driver(switch, Arc::new(crate::store::NoJournal)));
    let timer = TimerThread::start(Arc::clone(&driver)).expect("a thread");
    add_serving_agent(&driver);
    let status = AgentSetting::Status("Available".to_owned());
    driver
        .submit(Input::AgentSet {
            name: "a1".to_owned(),
            setting: status,
        })
        .expect("a known agent");
    let ready = driver.now().secs() + 1;
    driver
        .submit(Input::AgentSet {
            name: "a1".to_owned(),
            setting: AgentSetting::ReadyTime(ready),
        })
        .expect("a number");
    let request = JoinRequest {
        queue: "q".to_owned(),
        session_uuid: "s".to_owned(),
        ..JoinRequest::default()
    };
    driver.submit(Input::MemberJoin(request)).expect("the queue is loaded");
    assert!(rung.try_recv().is_err(), "the agent is not ready yet");
    rung.recv_timeout(DEADLINE)
        .expect("the deadline comes without anybody looking");
    assert!(driver.now().secs() >= ready);
    drop(timer);
}

#[test]
fn what_is_left_is_carried_out_by_the_timer_thread() {
    let (switch, rung) = Recorder::new();
    let driver = Arc::new(driver(switch, Arc::new(crate::store::NoJournal)));
    let timer = TimerThread::start(Arc::clone(&driver)).expect("a thread");
    add_serving_agent(&driver);
    let request = JoinRequest {
        queue: "q".to_owned(),
        session_uuid: "s".to_owned(),
        ..JoinRequest::default()
    };
    driver.submit(Input::MemberJoin(request)).expect("a loaded queue");
    driver
        .submit_and_leave(Input::AgentSet {
            name: "a1".to_owned(),
            setting: AgentSetting::Status("Available".to_owned()),
        })
        .expect("a known agent");
    rung.recv_timeout(DEADLINE).expect("a ring");
    drop(timer);
}

fn attribute(key: &str, value: i64) -> AgentSetting {
    let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
    setting.expect("a value that it takes")
}

#[test]
fn events_are_numbered_without_gaps_and_a_look_knows_the_last() {
    #[derive(Default)]
    struct Numbers(Mutex<Vec<u64>>);
    impl Switch for Numbers {
        fn carry_out(&self, output: Output) {
            if let Output::Event(event) = output {
                let (name, number) = event.headers.last().expect("a header");
                assert_eq!(*name, "CC-Event-Sequence");
                self.0.lock().push(number.parse().expect("a number"));
            }
        }
    }
    let switch = Arc::new(Numbers::default());
    let clock = Arc::new(SteadyClock::starting_now(WallTime::default));
    let engine = Engine::new(Settings::default(), 1);
    let driver = Driver::new(
        engine,
        clock,
        Arc::clone(&switch) as Arc<_>,
        Arc::new(crate::store::NoJournal),
    );
    let driver = driver.numbering_events();
    assert_eq!(driver.see(|_, _| ()).mark.sequence, 0);
    add_agent(&driver, "a1").expect("a new name");
    let seen = driver.see(|engine, _| engine.agent_rows().len());
    assert_eq!((seen.value, seen.mark.sequence), (1, 1));
    add_agent(&driver, "a2").expect("a new name");
    add_agent(&driver, "a3").expect("a new name");
    assert_eq!(*switch.0.lock(), [1, 2, 3]);
    assert_eq!(driver.see(|_, _| ()).mark.sequence, 3);
    let health = driver.health();
    assert_eq!((health.engine.inputs, health.outputs_waiting), (3, 0));
}
