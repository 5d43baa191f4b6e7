//! What boxes tell one another, as a line of JSON.
//!
//! Fields and variants are those of the engine's own inputs, outputs and replies. A field that a message of the next release has beyond
//! ours is passed over. A field that version 1 has not had has a default, so that what the release before writes is read; the lines in
//! `version_1` are the test of it. A kind of message that is not known here cannot be read, which is told in the log, and the next one is
//! read.

use crate::cluster::marks::{holds, Mark};
use crate::engine::{
    BoxReport, CallerReport, EngineError, Input, MemberId, Notice, NoticeLevel, OfferId, OfferReport, OfferStage,
    Output, Reply, Span, Stay, Talk, TalkReport,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of the messages that are written here. Boxes of two neighbouring versions understand one another.
pub const VERSION: u32 = 1;

/// What a box tells whoever leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromBox {
    /// Something has happened on its channels.
    Happened {
        /// Somebody waits for the answer, which is to name this number.
        question: Option<u64>,
        /// What has happened.
        input: Box<Input>,
    },
    /// Somebody has given a command there.
    Asked {
        /// The answer is to name this number.
        question: u64,
        /// The command.
        command: Command,
    },
    /// All that the box has.
    Has(Box<Report>),
}

/// A command, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Command {
    /// Its words.
    pub words: String,
    /// It came as JSON, and is answered so.
    pub is_json: bool,
    /// What callcenter.conf says on the box that asks, where the command reads it.
    pub configuration: Option<String>,
}

/// All that a box has.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// What the engine takes over.
    pub has: BoxReport,
    /// What has ended and may not be in the rows, the earliest first.
    pub ended: Vec<Ended>,
    /// Queues and lamps of which somebody there wants to know the presence.
    pub lamps: Vec<String>,
}

/// Something that has ended on the box, with what was there before: whoever does not know of it has to be told of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// The number of the message that has told it.
    pub number: u64,
    /// How long ago it was.
    pub age: Span,
    /// What has happened.
    pub input: Input,
    /// The caller, as it was before.
    pub caller: Option<CallerReport>,
    /// The offer, as it was before, unless it is in `talk`.
    pub offer: Option<OfferReport>,
    /// The talk that has ended, where its course is known.
    pub talk: Option<TalkReport>,
}

impl Report {
    /// The same, told so long ago: everything in it is older by that.
    pub fn told_ago(mut self, ago: Span) -> Self {
        let ended = self.ended.iter_mut();
        for ended in ended {
            ended.age = ended.age.and(ago);
            ended
                .caller
                .iter_mut()
                .for_each(|caller| caller.age = caller.age.and(ago));
            ended.offer.iter_mut().for_each(|offer| grow_older(offer, ago));
        }
        for caller in &mut self.has.callers {
            caller.age = caller.age.and(ago);
        }
        for offer in &mut self.has.offers {
            grow_older(offer, ago);
        }
        for attempt in &mut self.has.attempts {
            attempt.age = attempt.age.and(ago);
        }
        self
    }

    /// What the engine takes over, where the rows have everything up to the message `cursor`.
    pub fn beyond(self, cursor: u64) -> BoxReport {
        let mut has = self.has;
        let is_known = |ended: &Ended| ended.number <= cursor && holds(Mark::WhatIsInTheRowsIsNotDoneAgain);
        for ended in self.ended.into_iter().filter(|ended| !is_known(ended)) {
            let talk = ended
                .talk
                .filter(|talk| has.talks.iter().all(|known| known.offer != talk.offer));
            has.talks.extend(talk);
            let offer = ended
                .offer
                .filter(|offer| has.offers.iter().all(|known| known.ring.offer != offer.ring.offer));
            has.offers.extend(offer);
            let caller = ended
                .caller
                .filter(|caller| has.callers.iter().all(|known| known.member != caller.member));
            has.callers.extend(caller);
            has.since.push((ended.age, ended.input));
        }
        // A caller in a talk that is told is told with it.
        let talks = &has.talks;
        let is_in_talk = |caller: &CallerReport| talks.iter().any(|talk| caller.member == Some(talk.member));
        has.callers.retain(|caller| !is_in_talk(caller));
        has
    }
}

fn grow_older(offer: &mut OfferReport, by: Span) {
    offer.age = offer.age.and(by);
    if offer.stage != OfferStage::Ringing {
        offer.answered = offer.answered.and(by);
    }
}

/// What whoever leads tells a box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToBox {
    /// This is to be carried out.
    Does(Box<Output>),
    /// The answer to what has happened.
    Answers {
        /// The number of the question.
        question: u64,
        /// What the engine says.
        answer: Result<Reply, EngineError>,
    },
    /// The answer to a joining that a report has told.
    AnswersJoining {
        /// The caller's channel. Where it has asked twice, answers come in the order of the report.
        session_uuid: String,
        /// What the engine says.
        answer: Result<Reply, EngineError>,
    },
    /// The answer to a command.
    Replies {
        /// The number of the question.
        question: u64,
        /// What whoever gave the command is to read.
        text: String,
    },
    /// An offer of this box is over, although the agent's leg stays up: it was released on another box.
    Releases {
        /// The offer.
        offer: OfferId,
    },
    /// How a waiting caller stands: told again in a report.
    Stays {
        /// The member.
        member: MemberId,
        /// What decides its place.
        stay: Box<Stay>,
    },
    /// How a talk came about: told again in a report.
    Talks {
        /// The offer.
        offer: OfferId,
        /// The talk.
        talk: Box<Talk>,
    },
}

/// Why a message cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadMessage {
    /// It is of a release that is too far from this one.
    #[error(
        "a message of version {0}, and this module writes version {VERSION}: boxes of neighbouring releases understand one another; \
         upgrade the older ones first"
    )]
    Version(u32),
    /// It is none of ours.
    #[error("a message that cannot be read: {0}")]
    Unreadable(serde_json::Error),
    /// It says what is none of the other boxes' business.
    #[error("a message that cannot be written: {0}")]
    Unwritable(serde_json::Error),
}

impl BadMessage {
    /// The same for the log.
    pub fn notice(&self, from: &str) -> Notice {
        Notice {
            level: NoticeLevel::Error,
            session_uuid: None,
            text: format!("cluster: {from}: {self}"),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Line<M> {
    version: u32,
    says: M,
}

/// Of a line of any version.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// A message as a line.
///
/// # Errors
/// Where it holds an input or output that stays with the leader.
pub fn write<M: Serialize>(says: &M) -> Result<String, BadMessage> {
    let version = VERSION;
    serde_json::to_string(&Line { version, says }).map_err(BadMessage::Unwritable)
}

/// What a line says.
///
/// # Errors
/// Where it is no message of a version that is known here.
pub fn read<M: DeserializeOwned>(line: &str) -> Result<M, BadMessage> {
    let Version { version } = serde_json::from_str(line).map_err(BadMessage::Unreadable)?;
    let is_known = if holds(Mark::NeighboursAreUnderstood) {
        version.abs_diff(VERSION) <= 1
    } else {
        version == VERSION
    };
    if !is_known {
        return Err(BadMessage::Version(version));
    }
    let line: Line<M> = serde_json::from_str(line).map_err(BadMessage::Unreadable)?;
    Ok(line.says)
}

/// Whether somebody on the box waits for what the engine says to this. Nothing else is waited for. Whoever leaves a queue, and whose talk
/// has ended, waits until what is to be on the channel is there.
pub fn is_question(input: &Input) -> bool {
    matches!(
        input,
        Input::MemberJoin(_)
            | Input::MemberExit { .. }
            | Input::OfferAnswered { .. }
            | Input::AgentLegEnded { .. }
            | Input::AgentBreak { .. }
            | Input::AgentGet { .. }
            | Input::CallbackKey { .. }
            | Input::CallbackAsk { .. }
            | Input::CallbackReached { .. }
    )
}

#[cfg(test)]
mod tests;
