//! Tiers that name a queue or an agent that is not there, and levels that mean little.

use super::{Finding, Roster};
use crate::config::Configuration;
use std::collections::{BTreeMap, HashMap, HashSet};

/// One finding for each name that nobody has, with where it stands.
pub(super) fn of_nobody(configuration: &Configuration, roster: &Roster) -> Vec<Finding> {
    let queues: HashSet<&str> = configuration.queues.iter().map(|queue| queue.name.as_str()).collect();
    let (mut no_queue, mut no_agent) = (BTreeMap::new(), BTreeMap::new());
    for tier in &configuration.tiers {
        let (queue, agent) = (tier.queue.as_str(), tier.agent.as_str());
        if !queues.contains(queue) {
            no_queue.entry(queue).or_insert_with(Vec::new).push(agent);
        } else if !roster.has_agent(agent) {
            no_agent.entry(agent).or_insert_with(Vec::new).push(queue);
        }
    }
    let (like_queue, like_agent) = (Alike::of(queues.iter().copied()), Alike::of(roster.agents()));
    let queues = no_queue.iter().map(|(name, agents)| {
        finding(
            format!("<tier queue=\"{name}\">"),
            &format!("there is no queue of that name; {} left out", told("agent", agents)),
            like_queue.guess(name),
        )
    });
    let agents = no_agent.iter().map(|(name, queues)| {
        finding(
            format!("<tier agent=\"{name}\">"),
            &format!("there is no agent of that name; {} left out", told("queue", queues)),
            like_agent.guess(name),
        )
    });
    queues.chain(agents).collect()
}

/// One finding for each queue with levels below 0. They come first and tier rules never wait for them, as in stock; but stock's top-down
/// begins with level 0 and never rings them.
pub(super) fn below_zero(configuration: &Configuration) -> Vec<Finding> {
    let mut queues = BTreeMap::new();
    for tier in configuration.tiers.iter().filter(|tier| tier.level < 0) {
        let tiers = queues.entry(tier.queue.as_str()).or_insert_with(Vec::new);
        tiers.push((tier.agent.as_str(), tier.level));
    }
    let finding = |(queue, tiers): (&str, Vec<(&str, i64)>)| {
        let ((agent, level), others) = tiers.split_first()?;
        let more = match others.len() {
            0 => String::new(),
            more => format!(", and {more} more are below 0"),
        };
        Some(Finding {
            about: format!("<tier queue=\"{queue}\">"),
            trouble: format!(
                "the level of agent \"{agent}\" is {level}{more}: rung before level 0, and never waited for by tier rules; stock's top-down \
                 never rings such agents. Begin with level 0."
            ),
        })
    };
    queues.into_iter().filter_map(finding).collect()
}

fn finding(about: String, trouble: &str, guess: Option<&str>) -> Finding {
    let advice = match guess {
        Some(meant) => format!("Did you mean \"{meant}\"?"),
        None => "Add it, or remove the tier.".to_owned(),
    };
    Finding {
        about,
        trouble: format!("{trouble}. {advice}"),
    }
}

fn told(what: &str, others: &[&str]) -> String {
    match others {
        [one] => format!("the tier of {what} \"{one}\" is"),
        [one, rest @ ..] => format!("the tiers of {what} \"{one}\" and {} more are", rest.len()),
        [] => "nothing is".to_owned(),
    }
}

/// Names by what is left of them without case and domain: there may be thousands, so that none is compared letter by letter.
struct Alike<'a>(HashMap<String, &'a str>);

impl<'a> Alike<'a> {
    fn of(names: impl Iterator<Item = &'a str>) -> Self {
        Self(names.map(|name| (stem(name), name)).collect())
    }

    fn guess(&self, name: &str) -> Option<&'a str> {
        self.0.get(&stem(name)).copied()
    }
}

fn stem(name: &str) -> String {
    let local = name.split('@').next().unwrap_or_default();
    local.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::config::check::tests::{configuration, found};
    use crate::config::check::{everything, Roster};
    use crate::engine::{AgentRow, AgentType};

    const TEXT: &str = "<queues><queue name=\"support@default\"/></queues>
        <agents><agent name=\"Ann\" type=\"callback\" contact=\"user/1\"/></agents>
        <tiers><tier agent=\"Ann\" queue=\"support@default\"/><tier agent=\"ann\" queue=\"support@default\"/>
          <tier agent=\"Ann\" queue=\"support\"/><tier agent=\"Bob\" queue=\"support\"/><tier agent=\"Bob\" queue=\"support@default\"/>
          <tier agent=\"Ann\" queue=\"sales\"/></tiers>";

    #[test]
    fn each_name_that_nobody_has_is_told_once_with_the_one_that_was_meant() {
        assert_eq!(
            found(TEXT),
            [
                "<tier queue=\"sales\">: there is no queue of that name; the tier of agent \"Ann\" is left out. \
                 Add it, or remove the tier.",
                "<tier queue=\"support\">: there is no queue of that name; the tiers of agent \"Ann\" and 1 more are left out. \
                 Did you mean \"support@default\"?",
                "<tier agent=\"Bob\">: there is no agent of that name; the tier of queue \"support@default\" is left out. \
                 Add it, or remove the tier.",
                "<tier agent=\"ann\">: there is no agent of that name; the tier of queue \"support@default\" is left out. \
                 Did you mean \"Ann\"?",
            ]
        );
    }

    #[test]
    fn levels_below_zero_are_told_once_for_each_queue() {
        let tiers = |levels: [i32; 2]| {
            let [ann, bob] = levels;
            found(&format!(
                "<queues><queue name=\"q\"/></queues>
                 <agents><agent name=\"Ann\" type=\"callback\" contact=\"user/1\"/><agent name=\"Bob\" type=\"callback\" contact=\"user/2\"/></agents>
                 <tiers><tier agent=\"Ann\" queue=\"q\" level=\"{ann}\"/><tier agent=\"Bob\" queue=\"q\" level=\"{bob}\"/></tiers>"
            ))
        };
        let rest = "rung before level 0, and never waited for by tier rules; stock's top-down never rings such agents. Begin with level 0.";
        assert_eq!(
            tiers([-1, 1]),
            [format!("<tier queue=\"q\">: the level of agent \"Ann\" is -1: {rest}")]
        );
        assert_eq!(
            tiers([-1, -2]),
            [format!(
                "<tier queue=\"q\">: the level of agent \"Ann\" is -1, and 1 more are below 0: {rest}"
            )]
        );
        assert_eq!(tiers([0, 1]), Vec::<String>::new());
    }

    #[test]
    fn an_agent_of_the_database_is_one() {
        let configuration = configuration(TEXT);
        let bob = AgentRow {
            contact: "user/2".to_owned(),
            ..AgentRow::new("Bob", "", AgentType::callback())
        };
        let roster = Roster::of_rows(vec![bob], Vec::new(), Vec::new()).with(&configuration);
        let findings = everything(&configuration, &roster);
        assert!(
            findings.iter().all(|finding| !finding.about.contains("Bob")),
            "{findings:?}"
        );
    }
}
