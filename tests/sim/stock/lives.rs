//! The life of each agent and of each caller in a scenario: its events, one after the other, in a few words each; and
//! what commands were answered.

use callcenter_test_support::scenario::{Difference, Order, Scenario};
use mod_callcenter::engine::{Event, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// An event of the call centre, and when it came.
pub struct Heard {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// What became of everybody in a scenario.
pub struct Lives {
    /// Who was offered whom, as far as the scenario compares it.
    offers: Vec<String>,
    /// What the steps' commands were answered; of a listing, how long it was.
    replies: Vec<String>,
    /// By agent and by caller; empty where the scenario leaves all to chance.
    lives: BTreeMap<String, Vec<String>>,
}

/// What an event is told by, beside its action.
const TELLING: &[&str] = &[
    "CC-Agent",
    "CC-Member-CID-Number",
    "CC-Queue",
    "CC-Agent-State",
    "CC-Agent-Status",
    "CC-Agent-Bridged",
    "CC-Cause",
    "CC-Cancel-Reason",
];

/// Events that stock does not send, and counts, which it sends from another thread.
const NOT_COMPARED: &[&str] = &["agent-del", "members-count"];

impl Lives {
    /// Those of a run in the simulator.
    pub fn played(scenario: &Scenario, heard: &[Heard], replies: &[(String, String)]) -> Lives {
        let events = heard.iter().map(|heard| &heard.event);
        let offers = events.clone().filter(|event| event.action() == "agent-offering");
        let of = |event: &Event, name: &str| event.header(name).unwrap_or_default().to_owned();
        let mut offers: Vec<String> = match scenario.order {
            Order::Chance => offers.map(|event| of(event, "CC-Agent")).collect(),
            _ => offers
                .map(|event| format!("{} to {}", of(event, "CC-Member-CID-Number"), of(event, "CC-Agent")))
                .collect(),
        };
        if scenario.order != Order::Defined {
            offers.sort();
        }
        let mut lives: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let compared = events.filter(|event| !NOT_COMPARED.contains(&event.action()));
        for event in compared.filter(|_| scenario.order != Order::Chance) {
            let life = match event.header("CC-Agent") {
                None => format!("member {}", of(event, "CC-Member-CID-Number")),
                Some(agent) => format!("agent {agent}"),
            };
            let told = told(event.action(), |name| event.header(name));
            lives.entry(life).or_default().push(told);
        }
        let replies = replies.iter().map(|(words, reply)| {
            let lines: Vec<String> = reply.split_inclusive('\n').map(|line| format!("{line:?}")).collect();
            reply_in_short(words, &lines.iter().map(String::as_str).collect::<Vec<_>>())
        });
        Lives {
            offers,
            replies: replies.collect(),
            lives,
        }
    }

    /// Those of a record of stock.
    pub fn recorded(scenario: &Scenario, record: &[String]) -> Lives {
        let sections = sections(record);
        let of_steps = sections.iter().take_while(|(title, _)| *title != "= offers");
        let replies = of_steps
            .filter_map(|(title, lines)| Some(reply_in_short(title.strip_prefix("> callcenter_config ")?, lines)));
        let offers = sections.iter().find(|(title, _)| *title == "= offers");
        let offers = offers.map(|(_, lines)| lines.as_slice()).unwrap_or_default();
        let lives = sections
            .iter()
            .filter_map(|(title, lines)| Some((title.strip_prefix("= events: ")?.to_owned(), recorded_life(lines))))
            .filter(|(life, _)| life != "counts" && scenario.order != Order::Chance);
        Lives {
            offers: offers.iter().map(|line| line.trim().to_owned()).collect(),
            replies: replies.collect(),
            lives: lives.collect(),
        }
    }

    /// What differs, apart from what the scenario says differs on purpose.
    pub fn difference(&self, ours: &Lives, scenario: &Scenario) -> Option<String> {
        let mut differences = Vec::new();
        let known = |texts: fn(&Difference) -> &[String], line: &str| {
            let mut texts = scenario.differs.iter().flat_map(texts);
            texts.any(|text| line.contains(text.as_str()))
        };
        let mut compare = |what: &str, stock: &[String], ours: &[String]| {
            let stock: Vec<_> = stock.iter().filter(|line| !known(|it| &it.stock, line)).collect();
            let ours: Vec<_> = ours.iter().filter(|line| !known(|it| &it.ours, line)).collect();
            if stock != ours {
                differences.push(format!("- {what}: {stock:#?}\n+ {what}: {ours:#?}"));
            }
        };
        compare("offers", &self.offers, &ours.offers);
        compare("replies", &self.replies, &ours.replies);
        let names: BTreeSet<&String> = self.lives.keys().chain(ours.lives.keys()).collect();
        let life = |lives: &Lives, name: &String| lives.lives.get(name).cloned().unwrap_or_default();
        for name in names {
            compare(name, &life(self, name), &life(ours, name));
        }
        (!differences.is_empty()).then(|| differences.join("\n"))
    }
}

/// The lines of a record under the title of their section.
fn sections(record: &[String]) -> Vec<(&str, Vec<&str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in record {
        match sections.last_mut() {
            Some((_, lines)) if line.starts_with(' ') => lines.push(line.trim_end()),
            _ => sections.push((line, Vec::new())),
        }
    }
    sections
}

/// A command and its reply; the rows of a listing have names and times of their run, so only their number counts.
fn reply_in_short(words: &str, lines: &[&str]) -> String {
    if lines.iter().any(|line| line.contains('|')) {
        return format!("{words}: a listing of {} lines", lines.len());
    }
    let lines: String = lines.iter().map(|line| line.trim()).collect();
    format!("{words}: {lines}")
}

fn recorded_life(lines: &[&str]) -> Vec<String> {
    let mut events: Vec<BTreeMap<&str, &str>> = Vec::new();
    for line in lines {
        match (line.strip_prefix("    "), events.last_mut()) {
            (Some(header), Some(event)) => {
                let (name, value) = header.split_once(": ").unwrap_or((header, ""));
                event.insert(name, value.trim_matches('"'));
            }
            _ => events.push(BTreeMap::new()),
        }
    }
    let events = events.iter();
    events
        .map(|event| {
            told(event.get("CC-Action").copied().unwrap_or_default(), |name| {
                event.get(name).copied()
            })
        })
        .collect()
}

fn told<'a>(action: &str, header: impl Fn(&str) -> Option<&'a str>) -> String {
    let words = TELLING.iter().filter_map(|name| header(name));
    std::iter::once(action).chain(words).collect::<Vec<_>>().join(" ")
}
