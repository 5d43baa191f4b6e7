//! The callers of a box, and what is known of each by which it is found.

use crate::cluster::time::BoxTime;
use crate::engine::{AnnouncementId, ApplicationReport, JoinRequest, MemberExit, MemberId, Stay};
use std::collections::{BTreeMap, BTreeSet};

/// A caller whose channel has asked to join a queue, until it is over and told.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub request: JoinRequest,
    /// The question that its joining was; none once it is answered.
    pub question: Option<u64>,
    pub asked: BoxTime,
    pub member: Option<MemberId>,
    pub stay: Option<Stay>,
    pub announcement: Option<AnnouncementId>,
    pub application: ApplicationReport,
    /// A call was promised: the caller leaves for that.
    pub is_promised: bool,
    /// The channel has left before the answer came: told once it is there.
    pub left: Option<MemberExit>,
}

/// All of them, each found by whatever names it.
#[derive(Debug, Default)]
pub(super) struct Callers {
    /// By the uuid that the box has drawn for the member: a channel may have left a queue before the answer came, and have asked for another.
    all: BTreeMap<String, Caller>,
    by_member: BTreeMap<MemberId, String>,
    by_question: BTreeMap<u64, String>,
    by_channel: BTreeMap<String, BTreeSet<String>>,
}

impl Callers {
    pub fn insert(&mut self, caller: Caller) {
        let drawn = caller.request.new_member_uuid.clone();
        self.remove(&drawn);
        let channel = self.by_channel.entry(caller.request.session_uuid.clone()).or_default();
        channel.insert(drawn.clone());
        if let Some(question) = caller.question {
            self.by_question.insert(question, drawn.clone());
        }
        if let Some(member) = caller.member {
            self.by_member.insert(member, drawn.clone());
        }
        self.all.insert(drawn, caller);
    }

    pub fn remove(&mut self, drawn: &str) -> Option<Caller> {
        let caller = self.all.remove(drawn)?;
        if let Some(member) = caller.member {
            self.by_member.remove(&member);
        }
        if let Some(question) = caller.question {
            self.by_question.remove(&question);
        }
        let channel = &caller.request.session_uuid;
        if let Some(others) = self.by_channel.get_mut(channel) {
            others.remove(drawn);
            if others.is_empty() {
                self.by_channel.remove(channel);
            }
        }
        Some(caller)
    }

    /// The joining is answered: the member that it has become; none where there is none. The question that it was.
    pub fn answer(&mut self, drawn: &str, member: Option<MemberId>) -> Option<u64> {
        let caller = self.all.get_mut(drawn)?;
        let question = caller.question.take();
        if let Some(question) = question {
            self.by_question.remove(&question);
        }
        caller.member = member;
        if let Some(member) = member {
            self.by_member.insert(member, drawn.to_owned());
        }
        question
    }

    pub fn get(&self, drawn: &str) -> Option<&Caller> {
        self.all.get(drawn)
    }

    /// For a change of anything but what it is found by.
    pub fn get_mut(&mut self, drawn: &str) -> Option<&mut Caller> {
        self.all.get_mut(drawn)
    }

    /// What was drawn for this member.
    pub fn drawn_for(&self, member: MemberId) -> Option<&str> {
        self.by_member.get(&member).map(String::as_str)
    }

    /// What was drawn for the joining that was this question.
    pub fn drawn_for_question(&self, question: u64) -> Option<&str> {
        self.by_question.get(&question).map(String::as_str)
    }

    pub fn of_member(&self, member: MemberId) -> Option<&Caller> {
        self.all.get(self.by_member.get(&member)?)
    }

    /// For a change of anything but what it is found by.
    pub fn of_member_mut(&mut self, member: MemberId) -> Option<&mut Caller> {
        self.all.get_mut(self.by_member.get(&member)?)
    }

    /// Those of one channel, by what was drawn for each.
    pub fn of_channel<'a>(&'a self, channel: &str) -> impl Iterator<Item = (&'a str, &'a Caller)> {
        let drawn = self.by_channel.get(channel).into_iter().flatten();
        drawn.filter_map(|drawn| Some((drawn.as_str(), self.all.get(drawn)?)))
    }

    pub fn values(&self) -> impl Iterator<Item = &Caller> {
        self.all.values()
    }
}
