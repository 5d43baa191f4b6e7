//! What is up already when the engine begins.

use crate::engine::vocabulary::ids::{MemberId, OfferId};
use crate::engine::vocabulary::time::WallTime;
use crate::engine::vocabulary::words::{AgentType, Media};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is up when an engine begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Talks between a caller and an agent.
    pub talks: Vec<Talk>,
    /// Standing legs of uuid-standby agents: agent and channel.
    pub standing: Vec<(String, String)>,
}

/// A talk between a caller and an agent, as whoever takes it over has to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// The queue's name.
    pub queue: String,
    /// The agent's name.
    pub agent: String,
    /// How the agent was reached.
    pub agent_type: AgentType,
    /// The agent's channel.
    pub agent_uuid: String,
    /// The member's uuid.
    pub member_uuid: String,
    /// The caller's channel.
    pub member_session_uuid: String,
    /// Caller's number.
    pub cid_number: String,
    /// Caller's name.
    pub cid_name: String,
    /// The number the caller was redirected from.
    pub dnis: Option<String>,
    /// `cc_param`.
    pub param: Option<String>,
    /// Whether they talk or write.
    pub media: Media,
    /// How it came about.
    pub course: Course,
}

/// A talk that a module leaves up, or has left up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftTalk {
    /// The talk.
    pub talk: Talk,
    /// By what the boxes of a cluster know it; none without a cluster.
    pub known_as: Option<(OfferId, MemberId)>,
}

impl LeftTalk {
    /// What is left on the channels of the talk.
    pub fn mark(&self) -> String {
        let course = self.talk.course;
        match self.known_as {
            Some((offer, member)) => format!("{course}@{offer}@{member}"),
            None => course.to_string(),
        }
    }

    /// The same, read again: how the talk came about, and by what it is known. None for any other text.
    pub fn read_mark(text: &str) -> Option<(Course, Option<(OfferId, MemberId)>)> {
        let mut words = text.split('@');
        let course = Course::parse(words.next()?)?;
        let mut number = || words.next()?.parse().ok();
        let known_as = number().zip(number());
        Some((
            course,
            known_as.map(|(offer, member)| (OfferId(offer), MemberId(member))),
        ))
    }
}

/// How a talk came about. As text it is what stays on the agent's leg while no module is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Course {
    /// When the caller's place in line began, epoch seconds.
    pub joined_epoch: i64,
    /// When this stay in the queue began.
    pub entered: WallTime,
    /// When the agent was offered the caller.
    pub called: WallTime,
    /// When the agent answered.
    pub answered: WallTime,
    /// Since when they talk.
    pub bridged: WallTime,
    /// How many stays of this member began in the same second before this one.
    pub repetition: u32,
    /// Which offer of the stay it was, counted from 1.
    pub number: u32,
    /// Offers of the stay that agents had not taken before this one.
    pub rejections_before: u32,
    /// Offers of the stay.
    pub offers: u32,
    /// Those that agents did not take.
    pub rejections: u32,
    /// The caller's place in line on entering.
    pub entry_place: u32,
    /// The agent was deleted meanwhile: one of that name is another.
    pub agent_is_gone: bool,
}

/// How many numbers there are in a course.
const NUMBERS: usize = 12;

impl Course {
    /// What [`Course`] looks like as text, read again; none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<i64> = text
            .split(':')
            .map(|number| number.parse().ok())
            .collect::<Option<_>>()?;
        let numbers: [i64; NUMBERS] = numbers.try_into().ok()?;
        let [joined_epoch, entered, called, answered, bridged, counts @ ..] = numbers;
        let [repetition, number, rejections_before, offers, rejections, entry_place, agent_is_gone] =
            counts.map(|count| u32::try_from(count).ok());
        Some(Self {
            joined_epoch,
            entered: WallTime::from_micros(entered),
            called: WallTime::from_micros(called),
            answered: WallTime::from_micros(answered),
            bridged: WallTime::from_micros(bridged),
            repetition: repetition?,
            number: number?,
            rejections_before: rejections_before?,
            offers: offers?,
            rejections: rejections?,
            entry_place: entry_place?,
            agent_is_gone: agent_is_gone? != 0,
        })
    }

    /// The same, with nothing that lies ahead: the machine's clock may have been set back.
    pub(in crate::engine) fn up_to(mut self, now: WallTime) -> Self {
        self.joined_epoch = self.joined_epoch.min(now.secs());
        for instant in [
            &mut self.entered,
            &mut self.called,
            &mut self.answered,
            &mut self.bridged,
        ] {
            *instant = (*instant).min(now);
        }
        self
    }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instants = [self.entered, self.called, self.answered, self.bridged].map(WallTime::micros);
        write!(f, "{}", self.joined_epoch)?;
        for instant in instants {
            write!(f, ":{instant}")?;
        }
        for count in [
            self.repetition,
            self.number,
            self.rejections_before,
            self.offers,
            self.rejections,
            self.entry_place,
            u32::from(self.agent_is_gone),
        ] {
            write!(f, ":{count}")?;
        }
        Ok(())
    }
}
