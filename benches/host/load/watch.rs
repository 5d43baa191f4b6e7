//! What is seen of a call centre under load.

use std::collections::HashMap;

use crate::figures::Sample;
use callcenter_test_support::harness::Event;

/// The events it takes, and no other: each costs FreeSWITCH.
pub const EVENTS: &[&str] = &[
    "event plain CUSTOM callcenter::info",
    "filter CC-Action member-queue-start",
    "filter CC-Action agent-offering",
    "filter CC-Action bridge-agent-start",
    "filter CC-Action member-queue-end",
];

/// Ten seconds of it.
#[derive(Default)]
pub struct Window {
    /// When they ended, in seconds since the first call.
    pub second: f64,
    /// Calls made so far.
    pub calls: u32,
    /// From member-queue-start to the first agent-offering, in milliseconds.
    pub offers: Sample,
    /// Members who wait for an agent at its end.
    pub backlog: usize,
    /// Memory of FreeSWITCH at its end, in MB.
    pub memory: f64,
    /// CPU it used, in cores.
    pub cores: f64,
}

impl Window {
    /// A number of the offers; none when there was no offer.
    pub fn offered(&self, number: fn(&Sample) -> f64) -> Option<f64> {
        (self.offers.count() > 0).then(|| number(&self.offers))
    }
}

/// A member on the way to an agent.
struct Waiting {
    /// Time of member-queue-start, in microseconds; gone once there has been an offer.
    joined: Option<i64>,
}

/// Members on the way to an agent, and how long offers took since it was last asked.
#[derive(Default)]
pub struct Watch {
    waiting: HashMap<String, Waiting>,
    offers: Vec<f64>,
}

impl Watch {
    /// Takes note of an event.
    pub fn note(&mut self, event: &Event) {
        let member = event.get("CC-Member-UUID");
        match event.action() {
            "member-queue-start" => {
                let joined = Some(event.time());
                self.waiting.insert(member.to_owned(), Waiting { joined });
            }
            "agent-offering" => {
                let joined = self.waiting.get_mut(member).and_then(|waiting| waiting.joined.take());
                let took = joined.map(|joined| (event.time() - joined) as f64 / 1000.0);
                self.offers.extend(took);
            }
            _ => {
                self.waiting.remove(member);
            }
        }
    }

    /// How many wait now.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The offers since it was last asked, and how many wait now.
    pub fn take(&mut self) -> (Sample, usize) {
        let offers = std::mem::take(&mut self.offers);
        (Sample::of(&offers), self.waiting.len())
    }
}
