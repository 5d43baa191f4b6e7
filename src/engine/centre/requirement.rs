//! What a member asks of an agent, and how it changes while the member waits.

use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::BoxNumber;
use crate::engine::vocabulary::level_rules::LevelLimits;
use crate::engine::vocabulary::skills::{RequiredSkills, Skills};
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::why_not::WhyNot;
use crate::engine::vocabulary::words::Media;

/// What is asked of an agent. Members of one queue who ask for the same stand in one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::engine) struct Requirement {
    skills: RequiredSkills,
    levels: LevelLimits,
    media: Media,
    /// In a cluster, the box that the member is on.
    at: Option<BoxNumber>,
}

/// What an agent can do.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Ability<'a> {
    pub skills: &'a Skills,
    /// In a cluster, the box of the channel that the agent stands on: callers of others cannot be joined with it.
    pub only_at: Option<BoxNumber>,
}

impl Requirement {
    /// Nothing but an agent for this medium.
    pub fn anybody(media: Media) -> Self {
        Self {
            media,
            ..Self::default()
        }
    }

    /// What a member of such requirements asks for after waiting so long, and at which time of waiting that changes next.
    pub fn after(config: &QueueConfig, requirements: &CallerRequirements, waited: Span) -> (Self, Option<Span>) {
        let waited = waited.secs().max(0);
        let asked = if requirements.skills.is_empty() {
            config.required_skills.clone()
        } else {
            config.required_skills.and(&requirements.skills)
        };
        let (skills, relaxes) = relaxed(asked, config.skill_relax_seconds, waited);
        let levels = config.level_rules.limits(requirements.levels, waited);
        let next = relaxes.into_iter().chain(config.level_rules.next_after(waited)).min();
        let requirement = Self {
            skills: skills.in_order(),
            levels,
            media: requirements.media,
            at: requirements.at,
        };
        (requirement, next.map(Span::from_secs))
    }

    /// What the member and the agent are to exchange.
    pub fn media(&self) -> Media {
        self.media
    }

    /// Whether an agent of this ability and level will do.
    pub fn accepts(&self, ability: Ability<'_>, level: i64) -> bool {
        self.met_by(ability, level).is_ok()
    }

    /// The same, and if not, why.
    pub fn met_by(&self, ability: Ability<'_>, level: i64) -> Result<(), WhyNot> {
        let is_on = |at| ability.only_at.is_none_or(|only_at| only_at == at);
        if !self.at.is_none_or(is_on) {
            return Err(WhyNot::OtherBox);
        }
        if !self.skills.are_met_by(ability.skills) {
            return Err(WhyNot::Skills);
        }
        self.levels.admit(level).then_some(()).ok_or(WhyNot::Level)
    }

    /// The level an agent of this level counts as.
    pub fn level(&self, level: i64) -> i64 {
        self.levels.effective(level)
    }

    /// Where a free agent stands among those who will do.
    pub fn key(&self, key: FreeKey) -> FreeKey {
        FreeKey {
            level: self.level(key.level),
            ..key
        }
    }
}

fn relaxed(asked: RequiredSkills, every: u32, waited: i64) -> (RequiredSkills, Option<i64>) {
    let every = i64::from(every);
    if every == 0 || asked.is_empty() {
        return (asked, None);
    }
    let times = waited / every;
    let is_next = times < asked.relaxations();
    (asked.relaxed(times), is_next.then(|| (times + 1) * every))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::LevelRules;

    fn required(text: &str) -> RequiredSkills {
        RequiredSkills::parse(text).expect("required skills")
    }

    #[test]
    fn nothing_is_asked_by_default() {
        let (requirement, next) = Requirement::after(
            &QueueConfig::named("q"),
            &CallerRequirements::default(),
            Span::from_secs(99),
        );
        assert_eq!((requirement, next), (Requirement::default(), None));
    }

    #[test]
    fn skills_and_levels_change_each_in_its_time() {
        let config = QueueConfig {
            required_skills: required("german"),
            skill_relax_seconds: 20,
            level_rules: LevelRules::parse("30:2").expect("rules"),
            ..QueueConfig::named("q")
        };
        let requirements = CallerRequirements {
            skills: required("gold"),
            ..CallerRequirements::default()
        };
        let after = |seconds| Requirement::after(&config, &requirements, Span::from_secs(seconds));
        let accepts = |requirement: &Requirement, text, level| {
            let skills = &Skills::parse(text).expect("skills");
            let only_at = None;
            requirement.accepts(Ability { skills, only_at }, level)
        };
        let (first, next) = after(0);
        assert!(!accepts(&first, "german", 9) && accepts(&first, "german,gold", 9));
        assert_eq!(next, Some(Span::from_secs(20)));
        let (second, next) = after(20);
        assert!(accepts(&second, "german", 9) && !accepts(&second, "gold", 9));
        assert_eq!(next, Some(Span::from_secs(30)));
        let (third, next) = after(30);
        assert!(!accepts(&third, "german", 9) && accepts(&third, "german", 2));
        assert_eq!(next, None);
    }

    #[test]
    fn the_order_of_writing_makes_no_other_demand() {
        let requirement = |text: &str| {
            let config = QueueConfig {
                required_skills: required(text),
                ..QueueConfig::named("q")
            };
            Requirement::after(&config, &CallerRequirements::default(), Span::ZERO).0
        };
        assert_eq!(requirement("a,b>=2"), requirement("b>=2,a"));
    }
}
