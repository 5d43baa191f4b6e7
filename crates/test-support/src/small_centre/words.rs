//! Messages of the small call centre as text, and back.

use crate::small_centre::desk::{Has, In, Offer, Out, Outcome, Stage};

impl Offer {
    fn write(self) -> String {
        format!("{}.{}.{}", self.timeline, self.election, self.number)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        Some(Self {
            timeline: parts.next()?.parse().ok()?,
            election: parts.next()?.parse().ok()?,
            number: parts.next()?.parse().ok()?,
        })
    }
}

const OUTCOMES: [(&str, Outcome); 3] = [
    ("served", Outcome::Served),
    ("left", Outcome::Left),
    ("lost", Outcome::Lost),
];

const STAGES: [(&str, Stage); 3] = [
    ("ringing", Stage::Ringing),
    ("answered", Stage::Answered),
    ("talking", Stage::Talking),
];

fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    let known = words.iter().find(|(_, known)| *known == value);
    known.map(|(word, _)| *word).expect("a word")
}

fn value<T: Copy>(words: &[(&'static str, T)], text: &str) -> Option<T> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
}

fn place(joined: Option<i64>) -> String {
    joined.map_or("-".to_owned(), |joined| joined.to_string())
}

impl Has {
    fn write(&self) -> String {
        match self {
            Self::Caller(caller, joined, None) => format!("{caller} {}", place(*joined)),
            Self::Caller(caller, joined, Some((offer, agent, stage))) => {
                let (offer, stage) = (offer.write(), word(&STAGES, *stage));
                format!("{caller} {} {offer} {agent} {stage}", place(*joined))
            }
            Self::Over(caller, joined, outcome, number) => {
                format!(
                    "{caller} {} over {} {number}",
                    place(*joined),
                    word(&OUTCOMES, *outcome)
                )
            }
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        let (caller, joined) = (words.first()?.parse().ok()?, words.get(1)?.parse().ok());
        Some(match words.get(2..)? {
            [] => Self::Caller(caller, joined, None),
            ["over", outcome, number] => Self::Over(caller, joined, value(&OUTCOMES, outcome)?, number.parse().ok()?),
            [offer, agent, stage] => {
                let offer = (Offer::parse(offer)?, agent.parse().ok()?, value(&STAGES, stage)?);
                Self::Caller(caller, joined, Some(offer))
            }
            _ => return None,
        })
    }
}

impl In {
    pub fn write(&self) -> String {
        match self {
            Self::Joined(caller) => format!("joined {caller}"),
            Self::Left(caller) => format!("left {caller}"),
            Self::Answered(offer) => format!("answered {}", offer.write()),
            Self::Failed(offer) => format!("failed {}", offer.write()),
            Self::Bridged(offer) => format!("bridged {}", offer.write()),
            Self::Ended(offer) => format!("ended {}", offer.write()),
            Self::Report(has) => {
                let has: Vec<String> = has.iter().map(Has::write).collect();
                format!("report {}", has.join(","))
            }
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ')?;
        let offer = || Offer::parse(rest);
        Some(match kind {
            "joined" => Self::Joined(rest.parse().ok()?),
            "left" => Self::Left(rest.parse().ok()?),
            "answered" => Self::Answered(offer()?),
            "failed" => Self::Failed(offer()?),
            "bridged" => Self::Bridged(offer()?),
            "ended" => Self::Ended(offer()?),
            "report" => {
                let has = rest.split(',').filter(|one| !one.is_empty());
                Self::Report(has.map(Has::parse).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }
}

impl Out {
    pub fn write(&self) -> String {
        match self {
            Self::Place(caller, joined) => format!("place {caller} {joined}"),
            Self::Ring(offer, caller, agent) => format!("ring {} {caller} {agent}", offer.write()),
            Self::Cancel(offer) => format!("cancel {}", offer.write()),
            Self::Connect(offer) => format!("connect {}", offer.write()),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        Some(match words.as_slice() {
            ["place", caller, joined] => Self::Place(caller.parse().ok()?, joined.parse().ok()?),
            ["ring", offer, caller, agent] => {
                Self::Ring(Offer::parse(offer)?, caller.parse().ok()?, agent.parse().ok()?)
            }
            ["cancel", offer] => Self::Cancel(Offer::parse(offer)?),
            ["connect", offer] => Self::Connect(Offer::parse(offer)?),
            _ => return None,
        })
    }
}
