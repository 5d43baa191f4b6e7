//! Queues that no agent can serve: nobody has a tier there, nobody has the skills, no level is ever admitted.

use super::limits::first_end;
use super::{Finding, Roster};
use crate::engine::{LevelLimits, QueueConfig, RequiredSkills};

/// Adds what keeps agents from a queue.
pub(super) fn of_queue(queue: &QueueConfig, roster: &Roster, findings: &mut Vec<Finding>) {
    let mut tell = |trouble: String| findings.push(Finding::queue(&queue.name, trouble));
    let lacking = lacking(&queue.required_skills, roster);
    let levels = roster.levels(queue);
    if levels.is_empty() && lacking.is_empty() {
        tell("no agent serves it: callers wait in vain. Add a <tier>, or required-skills that agents have.".to_owned());
    }
    let relaxes = match queue.skill_relax_seconds {
        0 => String::new(),
        seconds => format!(" Callers wait until less is required (skill-relax-seconds is {seconds})."),
    };
    for lacking in lacking {
        tell(format!("required-skills: {lacking}{relaxes}"));
    }
    if let Some(trouble) = closed_by_rules(queue, &levels) {
        tell(trouble);
    }
    let late = opened_too_late(queue, &levels);
    if let Some(trouble) = late.or_else(|| first_level_waits(queue, &levels)) {
        tell(trouble);
    }
}

/// What is required and nobody has.
fn lacking(required: &RequiredSkills, roster: &Roster) -> Vec<String> {
    let mut lacking = Vec::new();
    for (name, at_least) in required.each() {
        let highest = roster.skills().filter_map(|skills| skills.level(name)).max();
        match highest {
            None => lacking.push(format!("no agent has the skill \"{name}\". Add it to an agent's skills.")),
            Some(highest) if highest < at_least => lacking.push(format!(
                "no agent has the skill \"{name}\" at level {at_least}; the highest is {highest}. Ask for less, or raise an agent's."
            )),
            Some(_) => (),
        }
    }
    let has_somebody = roster.skills().any(|skills| required.are_met_by(skills));
    if lacking.is_empty() && !has_somebody && !required.is_empty() {
        lacking.push(format!(
            "each skill is there, but no one agent has all of \"{required}\"."
        ));
    }
    lacking
}

/// A time of waiting from which on level rules leave nobody.
fn closed_by_rules(queue: &QueueConfig, levels: &[i64]) -> Option<String> {
    if levels.is_empty() {
        return None;
    }
    let (from, to) = closed(queue, levels)?;
    let until = to.map(|to| format!(" until {to}")).unwrap_or_default();
    Some(format!(
        "level-rules: from {from} seconds of waiting on{until} no agent may serve a caller; agents have the levels {}. Admit one of them.",
        written(levels)
    ))
}

/// The first stretch of waiting in which agents of none of these levels may serve a caller who brings no requirements: its first second, and the
/// second after it where it ends.
fn closed(queue: &QueueConfig, levels: &[i64]) -> Option<(i64, Option<i64>)> {
    let is_open = |waited: i64| {
        let limits = queue.level_rules.limits(LevelLimits::default(), waited);
        levels.iter().any(|level| limits.admit(*level))
    };
    let mut times = std::iter::once(0).chain(queue.level_rules.times());
    let from = times.by_ref().find(|waited| !is_open(*waited))?;
    Some((from, times.find(|waited| is_open(*waited))))
}

/// Levels that tier rules open only when the wait is over. With `tier-rule-no-agent-no-wait` the lowest level with agents is not waited for.
fn opened_too_late(queue: &QueueConfig, levels: &[i64]) -> Option<String> {
    let (end, longest) = first_end(queue)?;
    let lowest = *levels.iter().min()?;
    let is_first = |level: i64| queue.tier_rule_no_agent_no_wait && level == lowest;
    let is_late = |level: &&i64| queue.tier_rule_wait(**level).secs() >= i64::from(longest) && !is_first(**level);
    let late: Vec<i64> = levels.iter().filter(is_late).copied().collect();
    let offered = match queue.tier_rule_no_agent_no_wait {
        true => "offered only while no agent of a lower level is logged in",
        false => "never offered",
    };
    (!late.is_empty()).then(|| {
        format!(
            "tier-rule-wait-second ({}) opens the levels {} only when {end} ({longest}) is over: agents there are {offered}. Make it \
             smaller.",
            queue.tier_rule_wait_second,
            written(&late)
        )
    })
}

/// Tier rules that let callers wait for the first agents, too: the level, not its rank, counts.
fn first_level_waits(queue: &QueueConfig, levels: &[i64]) -> Option<String> {
    let lowest = *levels.iter().min()?;
    let wait = queue.tier_rule_wait(lowest).secs();
    (wait > 0 && !queue.tier_rule_no_agent_no_wait).then(|| {
        format!(
            "tier rules: even agents of the lowest level, {lowest}, are rung only after {wait} seconds of waiting, for \
             tier-rule-no-agent-no-wait is false and only level 0 is never waited for. Give the first agents level 0, or set \
             tier-rule-no-agent-no-wait to true."
        )
    })
}

/// Each level once, in order; the first ones where there are many.
fn written(levels: &[i64]) -> String {
    const SHOWN: usize = 8;
    let levels: std::collections::BTreeSet<i64> = levels.iter().copied().collect();
    let more = if levels.len() > SHOWN { ", ..." } else { "" };
    let shown: Vec<String> = levels.iter().take(SHOWN).map(i64::to_string).collect();
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::config::check::tests::{found, found_in_queue};

    /// What is found in a queue whose agents have these attributes, and no tiers.
    fn found_with_agents(params: &str, agents: &[&str]) -> Vec<String> {
        let agents: String = agents
            .iter()
            .enumerate()
            .map(|(number, skills)| {
                format!("<agent name=\"a{number}\" type=\"callback\" contact=\"user/1\" skills=\"{skills}\"/>")
            })
            .collect();
        found(&format!(
            "<queues><queue name=\"q\">{params}</queue></queues><agents>{agents}</agents>"
        ))
    }

    const REQUIRED: &str = "<param name=\"required-skills\" value=\"german>=5,billing\"/>";

    #[test]
    fn a_queue_without_agents_is_told() {
        let found = found_with_agents("", &["german"]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("<queue name=\"q\">: no agent serves it"),
            "{found:?}"
        );
    }

    #[test]
    fn skills_that_nobody_has_are_told() {
        assert_eq!(found_with_agents(REQUIRED, &["german=5,billing"]), Vec::<String>::new());
        for (agents, words) in [
            (vec!["german=5"], "no agent has the skill \"billing\""),
            (
                vec!["german=4,billing"],
                "no agent has the skill \"german\" at level 5; the highest is 4",
            ),
            (
                vec!["german=5", "billing"],
                "no one agent has all of \"german>=5,billing\"",
            ),
        ] {
            let found = found_with_agents(REQUIRED, &agents);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains(words), "{found:?}");
        }
        let relaxing = format!("{REQUIRED}<param name=\"skill-relax-seconds\" value=\"20\"/>");
        let found = found_with_agents(&relaxing, &["german=5"]);
        assert!(found[0].ends_with("(skill-relax-seconds is 20)."), "{found:?}");
    }

    #[test]
    fn level_rules_that_admit_nobody_are_told() {
        let rules = |rules| found_in_queue(&[("level-rules", rules)]);
        assert_eq!(rules("30:5,60:+2"), Vec::<String>::new());
        let found = rules("30:0,60:1");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("from 30 seconds of waiting on until 60 no agent"),
            "{found:?}"
        );
        assert!(rules("30::2")[0].contains("from 30 seconds of waiting on no agent"));
    }

    #[test]
    fn levels_that_open_after_the_longest_wait_are_told() {
        let mut params = vec![
            ("max-wait-time", "60"),
            ("tier-rules-apply", "true"),
            ("tier-rule-wait-second", "60"),
            ("tier-rule-no-agent-no-wait", "false"),
        ];
        let found = found_in_queue(&params);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("opens the levels 1 only when"), "{found:?}");
        params[3].1 = "true";
        assert_eq!(found_in_queue(&params), Vec::<String>::new());
    }

    #[test]
    fn levels_that_open_in_time_only_where_no_agent_of_a_lower_one_is_logged_in_are_told() {
        let levels = |levels: [i64; 2], wait: &str| {
            let agents = levels.map(|level| format!("<agent name=\"a{level}\" type=\"callback\" contact=\"user/a\"/>"));
            let tiers = levels.map(|level| format!("<tier agent=\"a{level}\" queue=\"q\" level=\"{level}\"/>"));
            found(&format!(
                "<queues><queue name=\"q\"><param name=\"tier-rules-apply\" value=\"true\"/>
                 <param name=\"tier-rule-wait-second\" value=\"{wait}\"/><param name=\"max-wait-time\" value=\"60\"/>
                 </queue></queues><agents>{}</agents><tiers>{}</tiers>",
                agents.concat(),
                tiers.concat()
            ))
        };
        let told = levels([1, 2], "300");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("opens the levels 2 only when max-wait-time (60) is over")
                && told[0].contains("while no agent of a lower level is logged in"),
            "{told:?}"
        );
        assert_eq!(levels([1, 2], "59"), Vec::<String>::new());
    }

    #[test]
    fn tier_rules_that_let_callers_wait_for_the_first_agents_are_told() {
        let rules = |wait: &str, no_wait: &str, level: &str| {
            found(&format!(
                "<queues><queue name=\"q\"><param name=\"tier-rules-apply\" value=\"true\"/>
                 <param name=\"tier-rule-wait-second\" value=\"{wait}\"/><param name=\"tier-rule-no-agent-no-wait\" value=\"{no_wait}\"/>
                 </queue></queues><agents><agent name=\"a\" type=\"callback\" contact=\"user/a\"/></agents>
                 <tiers><tier agent=\"a\" queue=\"q\" level=\"{level}\"/></tiers>"
            ))
        };
        let told = rules("300", "false", "1");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("the lowest level, 1, are rung only after 300 seconds"),
            "{told:?}"
        );
        for (wait, no_wait, level) in [("300", "false", "0"), ("300", "true", "1"), ("0", "false", "1")] {
            assert_eq!(rules(wait, no_wait, level), Vec::<String>::new());
        }
    }
}
