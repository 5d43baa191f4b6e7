//! A queue: its configuration, who may serve it, and the line of members who want an agent.

use super::ids::{MemberId, TierId};
use super::settings::QueueConfig;
use super::tier::FreeKey;
use super::time::{Span, Timestamp};
use super::words::{MemberState, Strategy};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A queue, known by name. It is loaded while it has a configuration.
#[derive(Debug)]
pub(super) struct Queue {
    pub name: String,
    pub config: Option<QueueConfig>,
    /// The queue's row in the table `queues`: it takes the place of what callcenter.conf.xml says of a queue of this name.
    pub kept: Option<QueueConfig>,
    /// Tiers in the order they were made.
    pub tiers: Vec<TierId>,
    /// The same tiers by agent's name.
    pub tiers_by_agent: HashMap<String, TierId>,
    /// Free agents in the order of choice.
    pub free: BTreeSet<FreeKey>,
    pub line: Line,
    /// All members with a row, abandoned ones too.
    pub members: BTreeSet<MemberId>,
    /// Abandoned members by caller's number, latest last.
    pub abandoned: BTreeSet<(String, i64, MemberId)>,
    /// Agents who are not logged out, by tier level.
    pub logged_in: BTreeMap<i64, usize>,
    /// Since when nobody has been logged in; none while somebody is.
    pub no_agent_since: Option<Timestamp>,
    /// The tier of the agent who was offered a call last: round-robin goes on after it.
    pub last_offered: Option<TierId>,
    pub waiting: usize,
    pub trying: usize,
    pub calls_answered: u64,
    pub calls_abandoned: u64,
}

impl Queue {
    /// A queue that is known by name only.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            config: None,
            kept: None,
            tiers: Vec::new(),
            tiers_by_agent: HashMap::new(),
            free: BTreeSet::new(),
            line: Line::default(),
            members: BTreeSet::new(),
            abandoned: BTreeSet::new(),
            logged_in: BTreeMap::new(),
            // Stock counts from the epoch until an agent has been seen.
            no_agent_since: Some(Timestamp::default()),
            last_offered: None,
            waiting: 0,
            trying: 0,
            calls_answered: 0,
            calls_abandoned: 0,
        }
    }

    /// The strategy, for a loaded queue.
    pub fn strategy(&self) -> Option<Strategy> {
        self.config.as_ref().map(QueueConfig::strategy)
    }

    /// How long a member must have waited before agents of this level may serve it: stock's tier rules.
    pub fn wait_for_level(&self, level: i64) -> Span {
        let Some(config) = &self.config else { return Span::ZERO };
        let first_with_agents = self.logged_in.first_key_value().map(|(level, _)| *level);
        if config.tier_rule_no_agent_no_wait && first_with_agents == Some(level) {
            return Span::ZERO;
        }
        wait_for_level(config, level)
    }

    /// Waiting times that open a level, apart from zero.
    pub fn wait_steps(&self, levels: impl Iterator<Item = i64>) -> BTreeSet<Span> {
        let Some(config) = self.config.as_ref().filter(|config| config.tier_rules_apply) else {
            return BTreeSet::new();
        };
        levels
            .map(|level| wait_for_level(config, level))
            .filter(|span| *span > Span::ZERO)
            .collect()
    }

    /// Keeps the figures of members by state.
    pub fn count_state(&mut self, from: Option<MemberState>, to: Option<MemberState>) {
        for (state, joined) in [(from, false), (to, true)] {
            let count = match state {
                Some(MemberState::Waiting) => &mut self.waiting,
                Some(MemberState::Trying) => &mut self.trying,
                _ => continue,
            };
            *count = if joined { *count + 1 } else { count.saturating_sub(1) };
        }
    }
}

/// The waiting time the tier rules ask for, whoever is logged in.
fn wait_for_level(config: &QueueConfig, level: i64) -> Span {
    if !config.tier_rules_apply || level <= 0 {
        return Span::ZERO;
    }
    let step = i64::from(config.tier_rule_wait_second);
    let factor = if config.tier_rule_wait_multiply_level { level } else { 1 };
    Span::from_secs(step.saturating_mul(factor))
}

/// A member's place: higher score first, among equals who joined first. It does not change while the member waits, for
/// all scores grow alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Score at the epoch: base and skill score less the second of joining.
    pub standing: Reverse<i64>,
    pub joined: Timestamp,
    pub member: MemberId,
}

/// Members who want an agent, once for each waiting time that opens a tier level, so that the best member for an
/// agent of any level is the first of one set.
#[derive(Debug)]
pub(super) struct Line {
    by_wait: BTreeMap<Span, BTreeSet<Place>>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            by_wait: BTreeMap::from([(Span::ZERO, BTreeSet::new())]),
        }
    }
}

impl Line {
    /// Puts a member into every set it has waited long enough for, and tells when the next one opens.
    pub fn enter(&mut self, place: Place, now: Timestamp) -> Option<Timestamp> {
        for (wait, places) in &mut self.by_wait {
            let opens = place.joined + *wait;
            if *wait > Span::ZERO && opens > now {
                return Some(opens);
            }
            places.insert(place);
        }
        None
    }

    /// Takes a member out; false when it was not in line.
    pub fn leave(&mut self, place: &Place) -> bool {
        let mut was_in_line = false;
        for places in self.by_wait.values_mut() {
            was_in_line |= places.remove(place);
        }
        was_in_line
    }

    /// The best member who has waited at least `wait`.
    pub fn best(&self, wait: Span) -> Option<Place> {
        self.by_wait.get(&wait).and_then(|places| places.first().copied())
    }

    /// Everybody in line, best first.
    pub fn everybody(&self) -> impl Iterator<Item = Place> + '_ {
        self.by_wait.get(&Span::ZERO).into_iter().flatten().copied()
    }

    /// Whether the sets are those of these waiting times (and zero).
    pub fn has_steps(&self, steps: &BTreeSet<Span>) -> bool {
        self.by_wait.keys().skip(1).eq(steps.iter())
    }

    /// Makes the sets anew; everybody has to enter again.
    pub fn reset(&mut self, steps: BTreeSet<Span>) {
        self.by_wait = steps
            .into_iter()
            .chain([Span::ZERO])
            .map(|wait| (wait, BTreeSet::new()))
            .collect();
    }
}
