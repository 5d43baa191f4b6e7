//! Skills: what an agent can do, and what a queue or a caller asks for.
//!
//! OpenSIPS links its flows and agents by skills; levels are our addition. Written as `german=5,billing`: names separated by
//! commas, each with a level where one is given.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::{Display, Formatter};
use std::sync::Arc;

/// The highest level a skill can have.
pub const HIGHEST_SKILL: i64 = 1_000_000;

/// How many characters our table has room for.
const LONGEST_SKILLS: usize = 1024;

/// The level of a skill that is named without one.
const PLAIN_SKILL: i64 = 1;

/// An agent's skills, each with its level (1 where none is written). Names are compared as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Skills(Arc<BTreeMap<String, i64>>);

impl Skills {
    /// Reads `name` or `name=level`, separated by commas; a level is a whole number from 1 to [`HIGHEST_SKILL`].
    ///
    /// # Errors
    /// Says which part is wrong and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > LONGEST_SKILLS {
            return Err(format!(
                "there is room for {LONGEST_SKILLS} characters; use fewer or shorter names."
            ));
        }
        let mut skills = BTreeMap::new();
        for part in parts(text) {
            let (name, level) = match part.split_once('=') {
                Some((name, level)) => (name_of(name, part)?, level_of(level, part)?),
                None => (name_of(part, part)?, PLAIN_SKILL),
            };
            if skills.insert(name, level).is_some() {
                return Err(format!("\"{part}\": the skill is named twice; name it once."));
            }
        }
        Ok(Self(Arc::new(skills)))
    }

    /// The level of a skill; none for one the agent does not have.
    pub fn level(&self, name: &str) -> Option<i64> {
        self.0.get(name).copied()
    }
}

impl Display for Skills {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        for (number, (name, level)) in self.0.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            match *level {
                PLAIN_SKILL => write!(f, "{comma}{name}")?,
                level => write!(f, "{comma}{name}={level}")?,
            }
        }
        Ok(())
    }
}

/// One skill that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Need {
    name: String,
    at_least: i64,
}

/// The skills a queue or a caller asks for, in the order written: an agent needs all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct RequiredSkills(Vec<Need>);

impl RequiredSkills {
    /// Any agent will do.
    pub(in crate::engine) const NOTHING: Self = Self(Vec::new());

    /// Reads `name`, `name>=level` or `name=level` (which means the same: at least that level), separated by commas. A name alone
    /// asks for the skill at any level.
    ///
    /// # Errors
    /// Says which part is wrong and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut needs = Vec::<Need>::new();
        for part in parts(text) {
            let (name, at_least) = match part.split_once(">=").or_else(|| part.split_once('=')) {
                Some((name, level)) => (name_of(name, part)?, level_of(level, part)?),
                None => (name_of(part, part)?, PLAIN_SKILL),
            };
            if needs.iter().any(|need| need.name == name) {
                return Err(format!("\"{part}\": the skill is named twice; name it once."));
            }
            needs.push(Need { name, at_least });
        }
        Ok(Self(needs))
    }

    /// Each skill that is asked for, with the least level.
    pub fn each(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().map(|need| (need.name.as_str(), need.at_least))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an agent of these skills has all that is asked for.
    pub fn are_met_by(&self, skills: &Skills) -> bool {
        let has = |need: &Need| skills.0.get(&need.name).is_some_and(|level| *level >= need.at_least);
        self.0.iter().all(has)
    }

    /// These skills and those of `more` behind them; of a skill that both name the higher level.
    pub(in crate::engine) fn and(&self, more: &Self) -> Self {
        let mut needs = self.0.clone();
        for need in &more.0 {
            match needs.iter_mut().find(|known| known.name == need.name) {
                Some(known) => known.at_least = known.at_least.max(need.at_least),
                None => needs.push(need.clone()),
            }
        }
        Self(needs)
    }

    /// How often they can be relaxed, see [`RequiredSkills::relaxed`].
    pub(in crate::engine) fn relaxations(&self) -> i64 {
        let dropped = i64::try_from(self.0.len().saturating_sub(1)).unwrap_or(i64::MAX);
        let has_level = self.0.first().is_some_and(|need| need.at_least > PLAIN_SKILL);
        dropped.saturating_add(i64::from(has_level))
    }

    /// What is still asked for after so many relaxations: each drops the skill named last; the one named first stays, and when it is alone
    /// its level no longer matters.
    pub(in crate::engine) fn relaxed(&self, times: i64) -> Self {
        let times = usize::try_from(times).unwrap_or(0);
        let kept = self.0.len().saturating_sub(times).max(1);
        let mut needs: Vec<Need> = self.0.iter().take(kept).cloned().collect();
        if times >= self.0.len() {
            for need in &mut needs {
                need.at_least = PLAIN_SKILL;
            }
        }
        Self(needs)
    }

    /// The same whatever the order of writing: two that ask for the same are equal.
    pub(in crate::engine) fn in_order(mut self) -> Self {
        self.0.sort();
        self
    }
}

impl Display for RequiredSkills {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        for (number, need) in self.0.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            match need.at_least {
                PLAIN_SKILL => write!(f, "{comma}{}", need.name)?,
                level => write!(f, "{comma}{}>={level}", need.name)?,
            }
        }
        Ok(())
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn name_of(name: &str, part: &str) -> Result<String, String> {
    let name = name.trim();
    if name.is_empty() || name.contains(['=', '<', '>', '|']) || name.chars().any(char::is_control) {
        return Err(format!(
            "\"{part}\" names no skill; write a name, or a name and a level such as german=5."
        ));
    }
    Ok(name.to_owned())
}

fn level_of(level: &str, part: &str) -> Result<i64, String> {
    let number = level.trim().parse().ok();
    number
        .filter(|number| (1..=HIGHEST_SKILL).contains(number))
        .ok_or_else(|| format!("\"{part}\": the level of a skill is a whole number from 1 to {HIGHEST_SKILL}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skills(text: &str) -> Skills {
        Skills::parse(text).expect("skills")
    }

    fn required(text: &str) -> RequiredSkills {
        RequiredSkills::parse(text).expect("required skills")
    }

    #[test]
    fn skills_are_read_and_written_alike() {
        assert_eq!(skills(" german = 5 ,billing,, ").to_string(), "billing,german=5");
        assert_eq!(required("german>=5, billing,x=2").to_string(), "german>=5,billing,x>=2");
        assert_eq!(skills(""), Skills::default());
        for wrong in ["=5", "a=0", "a=x", "a=1,a=2", "a>5", "a=-1", "a=1000001", "a|b"] {
            assert!(Skills::parse(wrong).is_err(), "{wrong}");
            assert!(RequiredSkills::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_agent_needs_every_skill_at_its_level() {
        let asked = required("german>=5,billing");
        assert!(asked.are_met_by(&skills("billing=3,german=5")));
        assert!(!asked.are_met_by(&skills("billing,german=4")));
        assert!(!asked.are_met_by(&skills("german=9")));
        assert!(required("").are_met_by(&skills("")));
    }

    #[test]
    fn relaxing_drops_the_last_skill_and_at_the_end_the_level_of_the_first() {
        let asked = required("german>=5,billing,gold");
        assert_eq!(asked.relaxations(), 3);
        let steps: Vec<_> = (0..5).map(|times| asked.relaxed(times).to_string()).collect();
        assert_eq!(
            steps,
            [
                "german>=5,billing,gold",
                "german>=5,billing",
                "german>=5",
                "german",
                "german"
            ]
        );
        assert_eq!(required("german").relaxations(), 0);
        assert_eq!(required("").relaxations(), 0);
        assert_eq!(required("").relaxed(3), required(""));
    }

    #[test]
    fn a_callers_skills_come_behind_the_queues() {
        let both = required("german>=2,billing").and(&required("gold,german>=7"));
        assert_eq!(both.to_string(), "german>=7,billing,gold");
    }
}
