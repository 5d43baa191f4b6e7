//! Days on which more callers come than the agents can take, with callbacks and without: what they bring and what they cost.
//!
//! `cargo test --release --test sim busy_days -- --nocapture` prints the table of docs/admin/callbacks.md; with `BUSY_DAYS=FILE.svg` it
//! draws the chart there as well.

use callcenter_simulator::{Ambushes, Draw, Network, Observer, Phone, Plan, Scene, Storage, Traffic, World};
use mod_callcenter::engine::{
    find_parameter, AgentConfig, AgentRow, AgentStatus, AgentType, CallbackAttemptId, CallbackConfig, CallbackFirst,
    EngineError, Event, Input, MemberId, OfferId, Output, QueueConfig, Reply, Settings, Span, TierConfig, Timestamp,
    AGENT_ATTRIBUTES,
};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::ops::ControlFlow;

const QUEUE: &str = "support@default";
const DAYS: u64 = 10;
const AGENTS: usize = 10;
const HOURS: i64 = 8;
const MORNING: i64 = 1_699_952_400;
const EVENING: Timestamp = Timestamp::from_secs(MORNING + HOURS * 3600);
/// Of what the agents can take, over the whole day.
const LOAD: f64 = 1.1;
/// How the callers are spread over the hours: evenly, or as on a day with peaks.
const SPREADS: [(&str, [f64; 8]); 2] = [
    ("even", [1.0; 8]),
    ("with peaks", [0.6, 1.3, 1.4, 0.7, 0.7, 1.4, 1.2, 0.7]),
];
const TALK: f64 = 180.0;
/// Seconds of rest after each call, and until an agent answers, on average.
const WRAP_UP: f64 = 15.0;
const ANSWER: f64 = 5.0;

/// How callers are called back on a day.
struct Way {
    name: &'static str,
    callbacks: Option<(CallbackFirst, u32)>,
}

const WAYS: [Way; 4] = [
    Way {
        name: "no callbacks",
        callbacks: None,
    },
    Way {
        name: "caller first",
        callbacks: Some((CallbackFirst::Customer, 0)),
    },
    Way {
        name: "caller first, `callback-lead` 20",
        callbacks: Some((CallbackFirst::Customer, 20)),
    },
    Way {
        name: "agent first",
        callbacks: Some((CallbackFirst::Agent, 0)),
    },
];

fn day(way: &Way, spread: &[f64], seed: u64) -> Plan {
    let names: Vec<String> = (0..AGENTS).map(|number| format!("a{number}")).collect();
    let wrap_up = find_parameter(AGENT_ATTRIBUTES, "wrap-up-time").expect("an attribute");
    let like = AgentRow::new("", "", AgentType::callback());
    let agent = |name: &String| AgentConfig {
        name: name.clone(),
        agent_type: AgentType::callback(),
        contact: Some("user/1000".to_owned()),
        status: Some(AgentStatus::Available),
        skills: None,
        attributes: vec![wrap_up.assign(&like, &WRAP_UP.to_string()).expect("a value")],
        limits: Vec::new(),
    };
    let tier = |name: &String| TierConfig {
        queue: QUEUE.to_owned(),
        agent: name.clone(),
        level: 1,
        position: 1,
    };
    let phone = Phone {
        answer: Draw::Uniform(2.0, 2.0 * ANSWER - 2.0),
        ..Phone::default()
    };
    let (first, lead) = way.callbacks.unwrap_or((CallbackFirst::Customer, 0));
    let callbacks = CallbackConfig {
        key: Some('2'),
        dial: way
            .callbacks
            .map(|_| "loopback/${callback_number}/callbacks".to_owned()),
        offer_after: 30,
        first,
        lead,
        ..CallbackConfig::default()
    };
    let callers_an_hour = LOAD * AGENTS as f64 * 3600.0 / (TALK + WRAP_UP + ANSWER);
    Plan {
        seed,
        start: Timestamp::from_secs(MORNING),
        length: Span::from_secs(HOURS * 3600),
        settings: Settings::default(),
        queues: vec![QueueConfig {
            callbacks,
            ..QueueConfig::named(QUEUE)
        }],
        agents: names.iter().map(agent).collect(),
        tiers: names.iter().map(tier).collect(),
        traffic: vec![Traffic {
            talk: Draw::Exponential(TALK),
            patience: Draw::Exponential(240.0),
            callback: 0.5,
            calls_per_hour: spread.iter().map(|part| part * callers_an_hour).collect(),
            ..Traffic::new(QUEUE, 0.0)
        }],
        phones: names.iter().map(|name| (name.clone(), phone.clone())).collect(),
        acts: Vec::new(),
        network: Network::IDEAL,
        storage: Storage::IDEAL,
        ambushes: Ambushes::default(),
    }
}

/// What has been seen of days of one kind.
#[derive(Default)]
struct Seen {
    /// When each caller came, and when each of them was promised a call or has confirmed one.
    came: HashMap<String, Timestamp>,
    promised: HashSet<String>,
    confirmed: HashMap<String, Timestamp>,
    offers: HashMap<OfferId, String>,
    attempts: HashMap<CallbackAttemptId, String>,
    talks: HashMap<OfferId, Timestamp>,
    /// Who is in the queue application, since when.
    on_phone: HashMap<MemberId, Timestamp>,
    hours_on_phone: f64,
    callers: f64,
    abandoned: f64,
    served_on_phone: f64,
    phone_waits: f64,
    served_by_callback: f64,
    after_confirming: f64,
    in_vain: f64,
    unkept: f64,
    talked: f64,
}

fn seconds(span: Span) -> f64 {
    span.micros() as f64 / 1e6
}

impl Seen {
    fn event(&mut self, event: &Event) {
        let get = |name| event.header(name).unwrap_or_default();
        match event.action() {
            "callback-failed" => self.in_vain += 1.0,
            "callback-expired" => self.unkept += 1.0,
            "member-queue-end" if get("CC-Cause") == "Cancel" => {
                let is_promised = self.promised.contains(get("CC-Member-UUID"));
                self.abandoned += f64::from(u8::from(!is_promised));
            }
            _ => {}
        }
    }

    fn is_served(&mut self, now: Timestamp, offer: OfferId) {
        self.talks.insert(offer, now);
        let Some(member) = self.offers.get(&offer) else { return };
        match self.confirmed.get(member) {
            Some(confirmed) => {
                self.served_by_callback += 1.0;
                self.after_confirming += seconds(now.since(*confirmed));
            }
            None => {
                let came = self.came.get(member).copied().unwrap_or(now);
                self.served_on_phone += 1.0;
                self.phone_waits += seconds(now.since(came));
            }
        }
    }

    /// The figures of the table: callers who gave up, seconds on the phone before an agent, seconds from the key to the agent, served by
    /// callback a day, calls in vain a day, promises not kept a day, share of the agents' time without a talk,
    /// hours that all callers together wait on the phone.
    fn figures(&self) -> [f64; 8] {
        let days = DAYS as f64;
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let time = days * AGENTS as f64 * HOURS as f64 * 3600.0;
        [
            100.0 * share(self.abandoned, self.callers),
            share(self.phone_waits, self.served_on_phone),
            share(self.after_confirming, self.served_by_callback),
            self.served_by_callback / days,
            self.in_vain / days,
            self.unkept / days,
            100.0 * (1.0 - self.talked / time),
            self.hours_on_phone / days,
        ]
    }
}

impl Observer for Seen {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        match (input, reply) {
            (Input::MemberExit { member, .. }, Ok(_)) => {
                let began = self.on_phone.remove(member).unwrap_or(now);
                self.hours_on_phone += seconds(now.since(began)) / 3600.0;
            }
            (
                Input::MemberJoin(_),
                Ok(Reply::Joined {
                    member, member_uuid, ..
                }),
            ) => {
                self.on_phone.insert(*member, now);
                if !self.promised.contains(member_uuid) {
                    self.callers += 1.0;
                    self.came.insert(member_uuid.clone(), now);
                } else if !self.confirmed.contains_key(member_uuid) {
                    // Has called meanwhile, and waits on the phone.
                    self.came.insert(member_uuid.clone(), now);
                }
            }
            (Input::CallbackAsk { .. }, Ok(Reply::CalledBack { member_uuid, .. })) => {
                self.promised.insert(member_uuid.clone());
            }
            (Input::CallbackReached { attempt, .. }, Ok(_)) => {
                let member = self.attempts.get(attempt).cloned().unwrap_or_default();
                self.confirmed.insert(member, now);
            }
            (Input::OfferBridged { offer }, Ok(_)) => self.is_served(now, *offer),
            (Input::AgentLegEnded { offer, .. }, Ok(_)) => {
                let began = self.talks.remove(offer).unwrap_or(now);
                // Who is served after hours is nobody's work of the day.
                self.talked += seconds(now.min(EVENING).since(began)).max(0.0);
            }
            _ => {}
        }
    }

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, _: Timestamp, output: &Output) {
        match output {
            Output::Ring(ring) => drop(self.offers.insert(ring.offer, ring.member_uuid.clone())),
            Output::CallBack(call) => drop(self.attempts.insert(call.attempt, call.member_uuid.clone())),
            Output::Event(event) => self.event(event),
            _ => {}
        }
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// The days of one kind; nobody is known from one to the next.
fn play(way: &Way, spread: &[f64]) -> [f64; 8] {
    let mut seen = Seen::default();
    for seed in 0..DAYS {
        World::new(day(way, spread, seed)).run(&mut seen);
        seen = Seen {
            came: HashMap::new(),
            promised: HashSet::new(),
            confirmed: HashMap::new(),
            offers: HashMap::new(),
            attempts: HashMap::new(),
            talks: HashMap::new(),
            on_phone: HashMap::new(),
            ..seen
        };
    }
    seen.figures()
}

/// Bars side by side: for each figure its own scale, for each way a bar.
fn drawn(rows: &[(&str, [f64; 8])]) -> String {
    const SHOWN: [(usize, &str); 4] = [
        (0, "gave up, %"),
        (7, "hours waited on the phone, all callers"),
        (4, "calls in vain a day"),
        (6, "agents without a talk, %"),
    ];
    const COLOURS: [&str; 4] = ["#9a9a9a", "#2f6f9f", "#4fa3a5", "#d08c3c"];
    let mut body = String::new();
    for (number, (figure, title)) in SHOWN.iter().enumerate() {
        let top = 30 + 120 * number;
        let most = rows.iter().map(|(_, figures)| figures[*figure]).fold(1e-9, f64::max);
        let _ = writeln!(body, "<text x=\"10\" y=\"{top}\" font-weight=\"bold\">{title}</text>");
        for (row, (name, figures)) in rows.iter().enumerate() {
            let (y, value) = (top + 8 + 22 * row, figures[*figure]);
            let (width, colour, text) = (360.0 * value / most, COLOURS[row % COLOURS.len()], y + 13);
            let name = name.replace('`', "");
            let _ = writeln!(body, "<text x=\"10\" y=\"{text}\">{name}</text>");
            let _ = writeln!(
                body,
                "<rect x=\"220\" y=\"{y}\" width=\"{width:.1}\" height=\"16\" fill=\"{colour}\"/>"
            );
            let _ = writeln!(body, "<text x=\"{:.1}\" y=\"{text}\">{value:.1}</text>", 226.0 + width);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 660 510\" width=\"660\" height=\"510\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{body}</svg>\n"
    )
}

#[test]
fn a_lead_holds_agents_for_less_time() {
    println!(
        "| day | way | gave up, % | wait on the phone, s | from the key to the agent, s | served by callback | calls in vain | not kept | \
         agents without a talk, % | hours waited on the phone |"
    );
    for (day, spread) in SPREADS {
        let rows = WAYS.each_ref().map(|way| (way.name, play(way, &spread)));
        for (name, figures) in &rows {
            let figures = figures.map(|figure| format!("{figure:.1}"));
            println!("| {day} | {name} | {} |", figures.join(" | "));
        }
        if let Ok(file) = std::env::var("BUSY_DAYS") {
            std::fs::write(file, drawn(&rows)).expect("the chart written");
        }
        let [_, customer, lead, _] = rows.map(|(_, figures)| figures);
        assert!(
            lead[6] < customer[6],
            "agents are held for less time: {lead:?}, {customer:?}"
        );
    }
}
