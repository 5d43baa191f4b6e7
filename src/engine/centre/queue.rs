//! A queue: its configuration, who may serve it, and the line of members who want an agent.

use crate::engine::border::figures::Counts;
use crate::engine::border::hold::Hold;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::flow::Flow;
use crate::engine::centre::line::classes::{InLine, RequirementClass, RequirementClasses};
use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::centre::line::places::Place;
use crate::engine::centre::line::ranked::Ranked;
use crate::engine::centre::line::waiting_for::WaitingFor;
use crate::engine::centre::member::Member;
use crate::engine::centre::prospects::{are_all_absent, Prospect, Prospects, Standing};
use crate::engine::centre::staff::Staff;
use crate::engine::centre::tallies::Tallies;
use crate::engine::centre::tier::Tier;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::{MemberId, TierId};
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{Media, MemberState, Strategy};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A queue, known by name. It is loaded while it has a configuration.
#[derive(Debug)]
pub(in crate::engine) struct Queue {
    pub name: String,
    pub config: Option<QueueConfig>,
    /// The strategy its configuration names: it is asked for at every step.
    pub strategy: Option<Strategy>,
    /// The queue's row in the table `queues`: it takes the place of what callcenter.conf.xml says of a queue of this name.
    pub in_database: Option<QueueConfig>,
    /// Somebody has unloaded it: it stays so until it is loaded by name or a caller asks for it, whatever else needs it.
    pub is_put_away: bool,
    /// How those who are in it wait.
    pub hold: Hold,
    /// Tiers in the order they were made.
    pub tiers: Vec<TierId>,
    /// The same tiers by agent's name.
    pub tiers_by_agent: HashMap<String, TierId>,
    /// Agents who take no callers of this queue, by name; in a queue that is not loaded also those who will serve it by skills.
    pub pauses: BTreeMap<String, Pause>,
    /// Members in line and free agents, by what is asked of an agent.
    pub classes: RequirementClasses,
    /// Those in line whom agents may have before others because they are preferred.
    pub choosy: BTreeSet<MemberId>,
    /// Who waits, offered to an agent or not, best first.
    pub waiting_order: Ranked<Place>,
    /// Those of them who prefer agents, by agent.
    pub waiting_for: WaitingFor,
    /// All members with a row, abandoned ones too.
    pub members: BTreeSet<MemberId>,
    /// Abandoned members by caller's number, latest last.
    pub abandoned: BTreeSet<(String, i64, MemberId)>,
    /// The agents who are not logged out, by what counts of them: mostly few kinds, however many they are.
    pub standings: BTreeMap<Standing, usize>,
    /// Those of them who could serve a caller without requirements.
    pub staff: Staff,
    /// The same for the callers with requirements who wait, by what they ask for.
    pub staff_for: BTreeMap<Arc<Prospect>, Staff>,
    /// The same agents, by what keeps them from taking a caller.
    pub present: BTreeMap<Absences, usize>,
    /// Who could serve whom.
    pub prospects: Prospects,
    /// The tier of the agent who was offered a call last: round-robin goes on after it.
    pub last_offered: Option<TierId>,
    /// Whether subscribers know of a free agent.
    pub has_free_told: bool,
    /// The same for chats.
    pub last_chat_offered: Option<TierId>,
    /// wrandom: how far the lots drawn have come.
    pub lots: i64,
    pub waiting: usize,
    pub trying: usize,
    /// Those of both that are chats.
    pub waiting_chats: usize,
    pub calls_answered: u64,
    pub calls_abandoned: u64,
    pub counts: Counts,
    pub tallies: Tallies,
    /// How fast the line moves.
    pub flow: Flow,
    /// When `cc_position` of those who wait was last brought up to date.
    pub positions_told: Timestamp,
}

impl Queue {
    /// A queue that is known by name only.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            config: None,
            strategy: None,
            in_database: None,
            is_put_away: false,
            hold: Hold::default(),
            tiers: Vec::new(),
            tiers_by_agent: HashMap::new(),
            pauses: BTreeMap::new(),
            classes: RequirementClasses::default(),
            choosy: BTreeSet::new(),
            waiting_order: Ranked::default(),
            waiting_for: WaitingFor::default(),
            members: BTreeSet::new(),
            abandoned: BTreeSet::new(),
            standings: BTreeMap::new(),
            staff: Staff::default(),
            staff_for: BTreeMap::new(),
            present: BTreeMap::new(),
            prospects: Prospects::default(),
            last_offered: None,
            has_free_told: false,
            last_chat_offered: None,
            lots: 0,
            waiting: 0,
            trying: 0,
            waiting_chats: 0,
            calls_answered: 0,
            calls_abandoned: 0,
            counts: Counts::default(),
            tallies: Tallies::default(),
            flow: Flow::default(),
            positions_told: Timestamp::default(),
        }
    }

    /// The level a tier counts as where free agents stand in their order.
    pub fn level_in_order(&self, tier: &Tier) -> i64 {
        if self.strategy.is_some_and(Strategy::weighs_levels) {
            return 0;
        }
        tier.level
    }

    /// How long a member of this class must have waited before agents who count as of this level may serve it: stock's tier rules.
    pub fn wait_for_level(&self, class: &RequirementClass, level: i64) -> Span {
        let Some(config) = &self.config else { return Span::ZERO };
        let first_with_agents = class
            .logged_in
            .first_key_value()
            .map(|(level, _)| class.requirement.level(*level));
        if config.tier_rule_no_agent_no_wait && first_with_agents == Some(level) {
            return Span::ZERO;
        }
        config.tier_rule_wait(level)
    }

    /// Waiting times that open a level to this class, apart from zero.
    pub fn wait_steps(&self, class: &RequirementClass, levels: &BTreeSet<i64>) -> BTreeSet<Span> {
        let Some(config) = &self.config else {
            return BTreeSet::new();
        };
        let levels = levels.iter().filter(|_| config.tier_rules_apply);
        levels
            .map(|level| config.tier_rule_wait(class.requirement.level(*level)))
            .chain([config.sticky_patience()])
            .filter(|span| *span > Span::ZERO)
            .collect()
    }

    /// So long may a caller of this queue be passed over for another one whom the freed agent knows.
    pub fn sticky_patience(&self) -> Span {
        self.config.as_ref().map_or(Span::ZERO, QueueConfig::sticky_patience)
    }

    /// The priority of the queue's members: the higher is served first, whatever the scores.
    pub fn priority(&self) -> u32 {
        self.config.as_ref().map_or(0, |config| config.priority)
    }

    /// Puts a member in line who prefers these agents and joined then, and tells when more agents may serve it.
    pub fn enter(&mut self, place: &InLine, preferred: &[Arc<str>], at: (Timestamp, Timestamp)) -> Option<Timestamp> {
        if place.prefers {
            self.choosy.insert(place.place.member);
        }
        self.classes.get_mut(place.class)?.enter(place, preferred, at)
    }

    /// Takes a member out of line who prefers these agents.
    pub fn leave(&mut self, place: &InLine, preferred: &[Arc<str>]) {
        if place.prefers {
            self.choosy.remove(&place.place.member);
        }
        if let Some(class) = self.classes.get_mut(place.class) {
            class.leave(place, preferred);
        }
    }

    /// Whether callers leave to whom `sticky-only` leaves nobody who is there.
    pub fn may_be_deserted(&self) -> bool {
        let config = self.config.as_ref();
        config.is_some_and(|config| config.sticky_only && config.leave_when_empty.is_some())
    }

    /// The tier of the agent who was offered a member of this medium last.
    pub fn last_offered_for(&self, media: Media) -> Option<TierId> {
        match media {
            Media::Audio => self.last_offered,
            Media::Chat => self.last_chat_offered,
        }
    }

    /// How many wait, those included for whom an agent's phone rings.
    pub fn line_length(&self) -> usize {
        self.waiting + self.trying
    }

    /// Keeps the figures of members by state.
    pub fn count_state(&mut self, media: Media, from: Option<MemberState>, to: Option<MemberState>) {
        for (state, joined) in [(from, false), (to, true)] {
            let count = match state {
                Some(MemberState::Waiting) => &mut self.waiting,
                Some(MemberState::Trying) => &mut self.trying,
                _ => continue,
            };
            let counts = [Some(count), (media == Media::Chat).then_some(&mut self.waiting_chats)];
            for count in counts.into_iter().flatten() {
                *count = if joined { *count + 1 } else { count.saturating_sub(1) };
            }
        }
    }
}

impl Queue {
    /// Whether the queue leaves out an agent because of calls outside the queues.
    pub(in crate::engine) fn minds_other_calls(&self, agent: &Agent) -> bool {
        let skips = |config: &QueueConfig| config.skip_agents_with_external_calls;
        agent.row.external_calls_count > 0 && self.config.as_ref().is_some_and(skips)
    }

    /// The free agents whom a caller of this class could have who comes now: tier rules keep the others back.
    pub(in crate::engine) fn free_at_once<'a>(
        &'a self,
        class: &'a RequirementClass,
    ) -> impl Iterator<Item = &'a FreeKey> {
        // Levels come first in the order, and a higher one never opens sooner.
        let is_open = |key: &&FreeKey| self.wait_for_level(class, key.level) == Span::ZERO;
        class.free.iter().take_while(is_open)
    }

    /// How many free agents a caller could have at once who comes now and brings no requirements.
    pub(in crate::engine) fn free_agents(&self, media: Media) -> usize {
        let Some(class) = self.classes.own(media) else { return 0 };
        let last = class.free.last();
        if last.is_some_and(|key| self.wait_for_level(class, key.level) == Span::ZERO) {
            return class.free.len();
        }
        self.free_at_once(class).count()
    }

    /// Whether a caller who comes now, and brings no requirements, could have an agent at once.
    pub(in crate::engine) fn has_free(&self, media: Media) -> bool {
        self.classes
            .own(media)
            .is_some_and(|class| self.free_at_once(class).next().is_some())
    }
}

impl Queue {
    /// Whether the agent of a tier of this queue is paused.
    pub(in crate::engine) fn is_paused(&self, tier: &Tier) -> bool {
        self.pauses.contains_key(&tier.agent_name)
    }
}

impl Queue {
    /// How many are not logged out who could serve callers of this kind.
    pub fn staff_of(&self, kind: &Prospect) -> usize {
        let standings = self.standings.iter();
        standings
            .filter_map(|(standing, agents)| kind.accepts(standing).then_some(agents))
            .sum()
    }

    /// Since when nobody has been logged in who could serve this member.
    pub fn nobody_since(&self, member: &Member) -> Option<Timestamp> {
        let own = member.kind.as_ref().and_then(|kind| self.staff_for.get(kind));
        let asked = own.filter(|_| holds(Mark::WhoCanServeIsLookedAt));
        asked.unwrap_or(&self.staff).nobody_since
    }
}

impl Queue {
    /// How its agents are counted for a caller of this prospect; none where they have not been.
    pub fn counts_for(&self, prospect: &Prospect) -> Option<&BTreeMap<Absences, usize>> {
        if *prospect == *self.prospects.own {
            return Some(&self.present);
        }
        self.prospects.others.get(prospect).map(|counted| &counted.by_absence)
    }

    /// Those whom nobody could serve, with members who wait.
    pub fn hopeless(&self, absences: Absences) -> Vec<Arc<Prospect>> {
        let others = self.prospects.others.iter();
        let hopeless =
            others.filter(|(_, counted)| counted.waiting > 0 && are_all_absent(&counted.by_absence, absences));
        hopeless.map(|(prospect, _)| Arc::clone(prospect)).collect()
    }
}
