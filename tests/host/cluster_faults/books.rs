//! What boxes and phones have told in a round, and what of it must not be.

use callcenter_test_support::harness::Event;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// An event of the call centre.
pub struct Told {
    pub at: Instant,
    /// Which box has told it.
    pub on: usize,
    action: String,
    pub agent: String,
    member: String,
    /// The caller's number: each caller has another one.
    pub number: String,
    cause: String,
    /// Whose number the next one is, and the number.
    election: String,
    sequence: String,
}

impl Told {
    pub fn is(&self, action: &str) -> bool {
        self.action == action
    }

    fn is_entry(&self) -> bool {
        self.is("member-queue-start") || self.is("member-queue-resume")
    }
}

/// A phone that was rung, by the clock of the FreeSWITCH that plays it, in microseconds.
pub struct Ring {
    pub agent: String,
    pub number: String,
    channel: String,
    began: i64,
    ended: Option<i64>,
}

#[derive(Default)]
pub struct Books {
    pub told: Vec<Told>,
    pub rings: Vec<Ring>,
}

impl Books {
    pub fn note(&mut self, on: usize, event: &Event) {
        let text = |name: &str| event.get(name).to_owned();
        self.told.push(Told {
            at: Instant::now(),
            on,
            action: event.action().to_owned(),
            agent: text("CC-Agent"),
            member: text("CC-Member-UUID"),
            number: text("CC-Member-CID-Number"),
            cause: text("CC-Cause"),
            election: text("CC-Election"),
            sequence: text("CC-Event-Sequence"),
        });
    }

    /// What a phone's channel does; the number that was dialled begins with the agent's name.
    pub fn note_phone(&mut self, event: &Event) {
        let channel = event.get("Unique-ID");
        let dialled = event.get("Caller-Destination-Number");
        if event.is_core("CHANNEL_CREATE") && event.get("Call-Direction") == "inbound" {
            self.rings.push(Ring {
                agent: dialled.split('-').next().unwrap_or_default().to_owned(),
                number: event.get("Caller-Caller-ID-Number").to_owned(),
                channel: channel.to_owned(),
                began: event.time(),
                ended: None,
            });
        }
        if event.is_core("CHANNEL_HANGUP") {
            let mut rings = self.rings.iter_mut().rev();
            if let Some(ring) = rings.find(|ring| ring.channel == channel) {
                ring.ended.get_or_insert(event.time());
            }
        }
    }

    /// Agents who are rung for callers of this box, or talk with them.
    pub fn held_by(&self, on: usize) -> Vec<String> {
        let mut held = BTreeSet::new();
        for told in self.told.iter().filter(|told| told.on == on) {
            if told.is("agent-offering") || told.is("bridge-agent-start") {
                held.insert(told.agent.as_str());
            } else if told.is("bridge-agent-fail") || told.is("bridge-agent-end") {
                held.remove(told.agent.as_str());
            }
        }
        held.into_iter().map(str::to_owned).collect()
    }

    /// Callers who wait on boxes that are accepted: since when, by number. Who is rung for waits as well.
    pub fn waiting(&self, accept: impl Fn(usize) -> bool) -> BTreeMap<String, Instant> {
        let mut waiting = BTreeMap::new();
        for told in self.told.iter().filter(|told| accept(told.on)) {
            if told.is_entry() {
                waiting.insert(told.number.clone(), told.at);
            } else if told.is("bridge-agent-start") || told.is("member-queue-end") {
                waiting.remove(&told.number);
            }
        }
        waiting
    }

    /// When the first of these was told after a moment.
    pub fn first(&self, since: Instant, accept: impl Fn(&Told) -> bool) -> Option<Instant> {
        let mut later = self.told.iter().filter(|told| told.at > since);
        later.find(|told| accept(told)).map(|told| told.at)
    }

    /// For how many milliseconds a phone was rung for two, each time that this was so.
    pub fn double_rings(&self) -> Vec<(f64, String)> {
        let mut by_agent: BTreeMap<&str, Vec<&Ring>> = BTreeMap::new();
        for ring in &self.rings {
            by_agent.entry(&ring.agent).or_default().push(ring);
        }
        let mut found = Vec::new();
        for (agent, mut rings) in by_agent {
            rings.sort_by_key(|ring| ring.began);
            for (at, later) in rings.iter().enumerate() {
                let until = |ring: &Ring| ring.ended.unwrap_or(i64::MAX);
                let earlier = rings[..at].iter().max_by_key(|ring| until(ring));
                let Some(earlier) = earlier.filter(|earlier| until(earlier) > later.began) else {
                    continue;
                };
                let both = until(earlier).min(until(later)) - later.began;
                let words = format!("{agent} was rung for {} and for {}", earlier.number, later.number);
                found.push((both as f64 / 1000.0, words));
            }
        }
        found
    }

    /// What clients may rely on, for callers who are accepted: an offer has one outcome, a member one end, nothing is told twice.
    pub fn broken_promises(&self, from: Instant, accept: impl Fn(&str) -> bool) -> Vec<String> {
        let mut broken = Vec::new();
        let mut numbers = BTreeSet::new();
        for told in self.told.iter().filter(|told| !told.sequence.is_empty()) {
            if !numbers.insert((&told.election, &told.sequence)) {
                broken.push(format!("event {} of {} twice", told.sequence, told.election));
            }
        }
        let mut offers: BTreeMap<(&str, &str), Vec<&Told>> = BTreeMap::new();
        let mut members: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
        for told in self.told.iter().filter(|told| accept(&told.number)) {
            if told.action.starts_with("bridge-agent") || told.is("agent-offering") {
                offers.entry((&told.member, &told.agent)).or_default().push(told);
            } else if told.is_entry() || told.is("member-queue-end") {
                members.entry(&told.member).or_default().push(told);
            }
        }
        for ((_, agent), course) in offers {
            let number = course.first().map_or("", |told| &told.number);
            broken.extend(broken_offer(&course).map(|what| format!("{agent}: {what}{}", self.story(number, from))));
        }
        for course in members.values() {
            let count = |is: fn(&Told) -> bool| course.iter().filter(|told| is(told)).count();
            let (began, ended) = (count(Told::is_entry), count(|told| told.is("member-queue-end")));
            if began != ended {
                let number = course.first().map_or("", |told| &told.number);
                let story = self.story(number, from);
                broken.push(format!("{number} has come {began} times and gone {ended} times{story}"));
            }
        }
        broken
    }

    /// How long callers who waited at a moment, or came in the time from then to another one, waited from then on until an agent had
    /// answered.
    pub fn kept(&self, from: Instant, to: Instant) -> Vec<(String, Duration)> {
        let mut since: BTreeMap<&str, Instant> = BTreeMap::new();
        let mut kept = Vec::new();
        for told in &self.told {
            if told.is_entry() {
                since.entry(&told.number).or_insert(told.at);
            } else if told.is("bridge-agent-start") {
                let came = since
                    .remove(told.number.as_str())
                    .filter(|came| *came < to && told.at > from);
                kept.extend(came.map(|came| (told.number.clone(), told.at.duration_since(came.max(from)))));
            }
        }
        kept
    }

    /// Whether this caller has talked, and left behind that.
    pub fn was_served(&self, number: &str) -> bool {
        let of_caller = || self.told.iter().filter(|told| told.number == number);
        of_caller().any(|told| told.is("bridge-agent-start"))
            && of_caller().any(|told| told.is("member-queue-end") && told.cause == "Terminated")
    }

    /// What was told of a caller, a line for each event.
    pub fn story(&self, number: &str, from: Instant) -> String {
        let of_caller = self.told.iter().filter(|told| told.number == number);
        let lines = of_caller.map(|told| {
            let late = told.at.saturating_duration_since(from).as_millis();
            let early = from.saturating_duration_since(told.at).as_millis();
            format!(
                "\n      {:+} ms box{} {} {} {} ({} {})",
                late as i64 - early as i64,
                told.on + 1,
                told.action,
                told.agent,
                told.cause,
                told.election,
                told.sequence
            )
        });
        let base = self.rings.iter().map(|ring| ring.began).min().unwrap_or(0);
        let rings = self.rings.iter().filter(|ring| ring.number == number).map(|ring| {
            let span = ring.ended.map(|ended| (ended - ring.began) / 1000);
            format!(
                "\n      phone of {} at {} ms for {span:?} ms",
                ring.agent,
                (ring.began - base) / 1000
            )
        });
        lines.chain(rings).collect()
    }
}

/// Events of one member and one agent in the order of the leaders who numbered them: what does not follow from the one before.
fn broken_offer(course: &[&Told]) -> Option<String> {
    let mut course = course.to_vec();
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    let election = |told: &Told| {
        let (timeline, count) = told.election.split_once('-').unwrap_or(("", ""));
        (number(timeline), number(count))
    };
    course.sort_by_key(|told| (election(told), number(&told.sequence)));
    let mut last = "";
    for told in &course {
        let follows = match told.action.as_str() {
            "agent-offering" => matches!(last, "" | "bridge-agent-fail" | "bridge-agent-end"),
            "bridge-agent-start" | "bridge-agent-fail" => last == "agent-offering",
            "bridge-agent-end" => last == "bridge-agent-start",
            _ => true,
        };
        if !follows {
            return Some(format!("{} after {last:?} for {}", told.action, told.number));
        }
        last = &told.action;
    }
    let is_over = matches!(last, "" | "bridge-agent-fail" | "bridge-agent-end");
    let caller = course.last().map_or("", |told| &told.number);
    (!is_over).then(|| format!("{last} of {caller} is the last that was heard"))
}
