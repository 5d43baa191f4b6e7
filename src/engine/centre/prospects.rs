//! Which agents could ever serve a caller, counted for each kind of callers by what keeps them away.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::line::classes::MOST_CLASSES;
use crate::engine::centre::requirement::{Ability, Requirement};
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{BoxNumber, TierId};
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::words::Media;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Up to so many are kept while nobody waits for them, for the next caller with the same requirements.
pub(in crate::engine) const KEPT_PROSPECTS: usize = 100;

/// So many are counted at most; the queue's own counts for whoever comes with further ones.
pub(in crate::engine) const MOST_PROSPECTS: usize = MOST_CLASSES;

/// What counts of an agent where it serves a queue, whatever it does now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Standing {
    pub level: i64,
    pub skills: Skills,
    pub takes_chats: bool,
    /// As in [`Ability`].
    pub only_at: Option<BoxNumber>,
}

impl Standing {
    /// That of an agent with a tier of this level.
    pub fn of(agent: &Agent, level: i64) -> Self {
        Self {
            level,
            skills: agent.skills.clone(),
            takes_chats: agent.takes_chats().is_ok(),
            only_at: agent.leg_at,
        }
    }

    /// Whether the agent will do.
    pub fn suits(&self, requirement: &Requirement) -> bool {
        let ability = Ability {
            skills: &self.skills,
            only_at: self.only_at,
        };
        (requirement.media() == Media::Audio || self.takes_chats) && requirement.accepts(ability, self.level)
    }
}

/// What a caller asks of an agent from now on, at each step of the wait.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Prospect(Vec<Requirement>);

impl Default for Prospect {
    fn default() -> Self {
        Self(vec![Requirement::default()])
    }
}

impl Prospect {
    /// What a caller with these requirements asks for who has waited so long.
    pub fn of(config: &QueueConfig, requirements: &CallerRequirements, waited: Span) -> Self {
        let mut steps = Vec::new();
        let mut next = Some(waited);
        while let Some(at) = next {
            let (requirement, after) = Requirement::after(config, requirements, at);
            steps.push(requirement);
            next = after;
        }
        steps.sort();
        steps.dedup();
        Self(steps)
    }

    /// The same, and when it is another one.
    pub fn of_member(config: &QueueConfig, requirements: &CallerRequirements, waited: Span) -> (Self, Option<Span>) {
        let (_, next) = Requirement::after(config, requirements, waited);
        (Self::of(config, requirements, waited), next)
    }

    /// Whether an agent will do, sooner or later.
    pub fn accepts(&self, agent: &Standing) -> bool {
        self.0.iter().any(|requirement| agent.suits(requirement))
    }

    pub fn media(&self) -> Media {
        self.0.first().map_or(Media::Audio, Requirement::media)
    }

    /// Whether it is another one at another time.
    pub fn changes(&self) -> bool {
        self.0.len() > 1
    }
}

/// The agents who will do for one kind of callers, by what keeps them away.
#[derive(Debug, Default)]
pub(in crate::engine) struct Counted {
    pub agents: HashMap<TierId, Absences>,
    pub by_absence: BTreeMap<Absences, usize>,
    /// Members who wait and ask for it.
    pub waiting: usize,
}

impl Counted {
    pub fn set(&mut self, tier: TierId, present: Option<Absences>) {
        let before = match present {
            Some(present) => self.agents.insert(tier, present),
            None => self.agents.remove(&tier),
        };
        count_anew(&mut self.by_absence, before, present);
    }
}

/// Keeps figures of agents by kind: one was of this kind, or not counted, and is of that one now, or not counted any more.
pub(in crate::engine) fn count_anew<K: Ord>(counts: &mut BTreeMap<K, usize>, before: Option<K>, after: Option<K>) {
    if let Some(after) = after {
        *counts.entry(after).or_default() += 1;
    }
    let Some(before) = before else { return };
    if let Some(count) = counts.get_mut(&before) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&before);
        }
    }
}

/// Whether nobody of those counted so could take a caller, where who is absent so does not count.
pub(in crate::engine) fn are_all_absent(counts: &BTreeMap<Absences, usize>, absences: Absences) -> bool {
    counts.keys().all(|found| found.meets(absences))
}

/// The agents of a queue beside those counted for callers without requirements.
#[derive(Debug)]
pub(in crate::engine) struct Prospects {
    /// What a caller without requirements asks for who comes now.
    pub own: Arc<Prospect>,
    /// It is one that every agent meets.
    anybody_will_do: bool,
    pub others: BTreeMap<Arc<Prospect>, Counted>,
}

impl Prospects {
    /// Those of a queue where a caller without requirements asks for this.
    pub fn beginning_with(own: Prospect) -> Self {
        Self {
            anybody_will_do: own == Prospect::default(),
            own: Arc::new(own),
            others: BTreeMap::new(),
        }
    }

    /// Whether all who ask, ask for nobody in particular: then no agent has to be looked at.
    pub fn are_all_the_same(&self) -> bool {
        self.anybody_will_do && self.others.is_empty()
    }
}

impl Default for Prospects {
    fn default() -> Self {
        Self::beginning_with(Prospect::default())
    }
}
