//! The simulated call centre at the speed of life, with clients at its doors.

use super::client;
use super::event::Event;
use super::floor::{for_clients, NAMES};
use super::hub::{Hub, Requests};
use super::service::answer;
use crate::xml::FileSource;
use crate::{Observer, Progress, Scenario, Scene, World};
use jiff::tz::TimeZone;
use mod_callcenter::commands::Console;
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{EngineError, Event as Told, Input, Output, Reply, Span, Timestamp, WallTime};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How often time passes while nothing is asked.
const FRAME: Duration = Duration::from_millis(50);
/// FreeSWITCH tells that it lives every so often.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Where clients come in.
pub struct Doors {
    listener: TcpListener,
    address: SocketAddr,
    password: String,
}

impl Doors {
    /// Listens on a port of this machine alone; port 0 is any that is free.
    ///
    /// # Errors
    /// When somebody else listens there.
    pub fn open(port: u16, password: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            password: password.to_owned(),
        })
    }

    /// Where that is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets clients in, each with a thread of its own, as long as the process lives.
    fn let_in(self, hub: Arc<Hub>) -> std::io::Result<()> {
        let accept = move || {
            for stream in self.listener.incoming() {
                let Ok(stream) = stream else { continue };
                let (hub, password) = (Arc::clone(&hub), self.password.clone());
                // A client for whom there is no thread, or whose line breaks, is gone.
                let _ = std::thread::Builder::new()
                    .name("client".to_owned())
                    .spawn(move || client::serve(stream, &hub, &password));
            }
        };
        std::thread::Builder::new().name("doors".to_owned()).spawn(accept)?;
        Ok(())
    }
}

/// A call centre that goes on until the process ends.
pub struct Live {
    world: World,
    console: Console,
    watcher: Watcher,
    requests: Requests,
}

impl Live {
    /// A call centre in the middle of its day: the hours before now are played already.
    ///
    /// # Errors
    /// When the scenario does not fit the configuration, or they do not get to their end.
    pub fn begin(scenario: &Scenario, configuration: &Configuration, seed: u64, config: &Path) -> Result<Self, String> {
        let now = wall_now();
        let plan =
            for_clients(scenario, configuration, seed, now, &TimeZone::system()).map_err(|error| error.to_string())?;
        let world = World::new(plan).for_clients(NAMES);
        let console = Console::new(Arc::clone(world.driver()), Arc::new(FileSource::new(config)));
        let (hub, requests) = Hub::new();
        let mut live = Self {
            world,
            console,
            watcher: Watcher { hub },
            requests,
        };
        live.go_on_to(now)?;
        Ok(live)
    }

    /// Goes on, so many times as fast as life, and serves whoever comes in.
    ///
    /// # Errors
    /// When the engine does not get on, or there are no threads.
    pub fn run(mut self, doors: Doors, speed: f64) -> Result<(), String> {
        let hub = Arc::clone(&self.watcher.hub);
        doors
            .let_in(hub)
            .map_err(|error| format!("There is no thread for clients: {error}."))?;
        let (begun, from) = (Instant::now(), self.world.now());
        let up = |begun: Instant| begun.elapsed().as_secs();
        let mut last_beat = Instant::now();
        loop {
            let due = from + Span::from_micros((begun.elapsed().as_secs_f64() * speed * 1e6) as i64);
            self.go_on_to(due)?;
            if last_beat.elapsed() >= HEARTBEAT {
                last_beat = Instant::now();
                self.beat(up(begun));
            }
            if let Some(request) = self.requests.next(FRAME) {
                let reply = answer(&self.console, &request.line, up(begun));
                self.world.absorb(&mut self.watcher);
                // Whoever has gone meanwhile wants no answer.
                let _ = request.reply.send(reply);
            }
        }
    }

    fn go_on_to(&mut self, until: Timestamp) -> Result<(), String> {
        match self.world.run_until(until, &mut self.watcher) {
            Progress::Stuck => {
                Err("The engine does not get on; please report the configuration and the seed.".to_owned())
            }
            Progress::Going | Progress::Over | Progress::Stopped => Ok(()),
        }
    }

    fn beat(&self, up_seconds: u64) {
        let now = self.world.now();
        self.watcher.hub.fire(|number| {
            let mut event = Event::new("HEARTBEAT", None);
            add_circumstances(&mut event, now, number);
            event.add("Event-Info", "System Ready");
            event.add("Up-Time", &format!("{up_seconds} seconds"));
            event
        });
    }
}

fn wall_now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Hands the day's events on.
struct Watcher {
    hub: Arc<Hub>,
}

impl Observer for Watcher {
    fn input(&mut self, _: Timestamp, _: &Input, _: &Result<Reply, EngineError>) {}

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, now: Timestamp, output: &Output) {
        if let Output::Event(told) = output {
            self.hub.fire(|number| event_of(told, now, number));
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// An event of the module's as FreeSWITCH fires it.
fn event_of(told: &Told, now: Timestamp, number: u64) -> Event {
    let mut event = Event::new("CUSTOM", Some("callcenter::info"));
    add_circumstances(&mut event, now, number);
    if let Some(channel) = &told.channel {
        event.add("Unique-ID", channel);
        event.add("Channel-Call-UUID", channel);
    }
    for (name, value) in &told.headers {
        event.add(name, value);
    }
    event
}

/// What stands in every event. The simulation's clocks are never set: one tells the other's time.
fn add_circumstances(event: &mut Event, now: Timestamp, number: u64) {
    let micros = WallTime::of(now, Span::ZERO).micros();
    let moment = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
    let (local, gmt) = (moment.to_zoned(TimeZone::system()), moment.to_zoned(TimeZone::UTC));
    event.add("Core-UUID", "00000000-0000-4000-8000-000000000000");
    event.add("FreeSWITCH-Hostname", "callcenter-sim");
    event.add("FreeSWITCH-Switchname", "callcenter-sim");
    event.add("FreeSWITCH-IPv4", "127.0.0.1");
    event.add("FreeSWITCH-IPv6", "::1");
    event.add("Event-Date-Local", &local.strftime("%Y-%m-%d %H:%M:%S").to_string());
    event.add("Event-Date-GMT", &gmt.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    event.add("Event-Date-Timestamp", &micros.to_string());
    event.add("Event-Sequence", &number.to_string());
}
