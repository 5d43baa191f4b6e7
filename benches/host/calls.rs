//! Many calls at once, through a queue or by FreeSWITCH's core alone.

use std::collections::HashMap;
use std::time::Instant;

use crate::figures::Side;
use crate::{process, site};
use callcenter_test_support::harness::{CallCenter, Event, FreeSwitch};

/// The caller's and the agent's.
const LEGS_OF_A_CALL: usize = 2;

/// What a number of calls cost.
pub struct Cost {
    /// From the first call to the end of the last, in seconds.
    pub wall: f64,
    /// CPU of FreeSWITCH over their number, in milliseconds.
    pub cpu_a_call: f64,
}

impl Cost {
    /// Of calls that are over when `play` returns.
    fn of(switch: &FreeSwitch, calls: usize, play: impl FnOnce()) -> Self {
        let (began, before) = (Instant::now(), process::cpu(switch.pid()));
        play();
        let wall = began.elapsed().as_secs_f64();
        let cpu_a_call = (process::cpu(switch.pid()) - before) * 1000.0 / calls as f64;
        Self { wall, cpu_a_call }
    }
}

/// The same phones bridged by the core, as many at a time as there are agents: nobody waits, nothing is chosen.
pub fn plain_bridges(calls: usize, agents: usize) -> Cost {
    let switch = bare();
    Cost::of(&switch, calls, || {
        for _ in 0..calls / agents {
            let ended = site::legs(&switch).ever + agents * LEGS_OF_A_CALL;
            site::dial(&switch, agents, |number| in_line(0, number));
            site::until_legs_ended(&switch, ended);
        }
    })
}

/// All calls at once; each hears the hold sound until its turn would come, and is bridged by the core then. No less is needed.
pub fn held_bridges(calls: usize, agents: usize) -> Cost {
    let switch = bare();
    Cost::of(&switch, calls, || {
        let ended = site::legs(&switch).ever + calls * LEGS_OF_A_CALL;
        site::dial(&switch, calls, |number| in_line(number / agents, number));
        site::until_legs_ended(&switch, ended);
    })
}

fn bare() -> FreeSwitch {
    site::start(Side::Core, &CallCenter::new(), site::NO_EVENTS).expect("FreeSWITCH is there")
}

/// What a caller does who waits this many seconds and talks for one.
fn in_line(seconds: usize, number: usize) -> String {
    let bridge = format!("bridge:{}", site::phone_that_talks(&site::agent(number), 1));
    let hold = match seconds {
        0 => String::new(),
        // FreeSWITCH ignores a limit of one second.
        1 => "playback:silence_stream://1000,".to_owned(),
        _ => format!("set:playback_timeout_sec={seconds},playback:{},", site::HOLD),
    };
    format!("'{hold}{bridge}' inline")
}

/// Many calls at once through a queue whose agents' phones answer at once and hang up by themselves.
pub struct Rush {
    /// What they cost.
    pub cost: Cost,
    /// How often an agent was offered a call.
    pub offers: usize,
    /// All talk times together, in seconds.
    pub talk: f64,
    /// Each time an agent was free between two calls, in milliseconds.
    pub idle: Vec<f64>,
}

impl Rush {
    /// Plays it; nothing where stock's module is not there.
    pub fn play(side: Side, call_centre: &CallCenter, calls: usize) -> Option<Self> {
        let switch = site::start(side, call_centre, site::STATES_AND_OFFERS)?;
        let mark = switch.events().mark();
        let ended = site::legs(&switch).ever + calls * LEGS_OF_A_CALL;
        let cost = Cost::of(&switch, calls, || {
            site::dial(&switch, calls, |_| format!("&callcenter({})", site::QUEUE));
            site::until_legs_ended(&switch, ended);
        });
        let events = switch.events().since(mark);
        let offers = events.iter().filter(|event| event.is("agent-offering")).count();
        let Spans { talk, idle } = Spans::of(&events);
        let talk = talk.iter().sum::<f64>() / 1000.0;
        Some(Self {
            cost,
            offers,
            talk,
            idle,
        })
    }
}

/// The states between which an agent's day goes on.
const TALKING: &str = "In a queue call";
const FREE: &str = "Waiting";

/// How long agents talked and idled, in milliseconds, from their states.
#[derive(Default)]
struct Spans {
    talk: Vec<f64>,
    idle: Vec<f64>,
}

impl Spans {
    fn of(events: &[Event]) -> Self {
        let mut spans = Self::default();
        let mut since: HashMap<&str, (bool, &Event)> = HashMap::new();
        for event in events.iter().filter(|event| event.is("agent-state-change")) {
            let agent = event.get("CC-Agent");
            let before = since.get(agent).copied();
            match (event.get("CC-Agent-State"), before) {
                (TALKING, before) => {
                    let free = before.filter(|(talked, _)| !talked);
                    spans.idle.extend(free.map(|(_, free)| site::milliseconds(free, event)));
                    since.insert(agent, (true, event));
                }
                (FREE, Some((true, answered))) => {
                    spans.talk.push(site::milliseconds(answered, event));
                    since.insert(agent, (false, event));
                }
                _ => {}
            }
        }
        spans
    }
}
