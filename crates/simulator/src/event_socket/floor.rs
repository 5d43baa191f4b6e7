//! What makes a simulated floor worth looking at: people have names, and agents take breaks for a reason.

use crate::{Act, Dice, Draw, Plan};
use mod_callcenter::engine::{AgentSetting, AgentStatus, Input, Span, Timestamp};

/// So long before now the day has begun: there is something to look back at.
const EARLIER: Span = Span::from_secs(3 * 3600);
/// So long after now it ends.
const LATER: Span = Span::from_secs(31 * 86_400);

/// What callers are called; one of them is up to no good.
pub(super) const NAMES: &[&str] = &[
    "Ada Byron",
    "Ben Okafor",
    "Chiara Rossi",
    "Dmitri Volkov",
    "Emil Sørensen",
    "Fatima Haddad",
    "Greta Vogel",
    "Hiro Tanaka",
    "Ida Lindqvist",
    "João Pereira",
    "Katja Brandt",
    "Liam O'Brien",
    "Mei Chen",
    "Nils Aström",
    "Olga Petrova",
    "Pierre Dubois",
    "Quinn Adams",
    "Rosa Jiménez",
    "Stefan Krüger",
    "Tereza Nováková",
    "Umut Yılmaz",
    "Vera Kowalska",
    "Wanda Meyer",
    "Xenia Papadaki",
    "Yusuf Demir",
    "Zoë van Dijk",
    "<b>Robert'); DROP</b>",
];

/// Why agents are on a break, and for how long in minutes.
const REASONS: &[(&str, f64, f64)] = &[
    ("Lunch", 20.0, 35.0),
    ("Coffee", 4.0, 9.0),
    ("Paperwork", 3.0, 12.0),
    ("Training", 15.0, 30.0),
    ("Meeting", 10.0, 20.0),
];

/// The plan as it is run for clients: its day began some hours before `now`, does not end soon, and agents take breaks.
pub(super) fn for_clients(mut plan: Plan, now: Timestamp) -> Plan {
    let start = now + Span::from_micros(-EARLIER.micros());
    let by = start.since(plan.start);
    for (at, _) in &mut plan.acts {
        *at = *at + by;
    }
    plan.start = start;
    plan.length = Span::from_secs(EARLIER.secs() + LATER.secs());
    let agents: Vec<String> = plan.agents.iter().map(|agent| agent.name.clone()).collect();
    for name in agents {
        let breaks = breaks_of(&name, plan.seed, start, start + plan.length);
        plan.acts.extend(breaks);
    }
    plan.acts.sort_by_key(|(at, _)| *at);
    plan
}

/// An agent works for a while, and is away for a while; now and then long enough to log out.
fn breaks_of(name: &str, seed: u64, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, Act)> {
    let mut dice = Dice::new(seed, &format!("breaks of {name}"));
    let mut acts = Vec::new();
    let minutes = |dice: &mut Dice, from: f64, to: f64| Draw::Uniform(from * 60.0, to * 60.0).roll(dice);
    let mut at = start + minutes(&mut dice, 2.0, 45.0);
    while at < end {
        let back = if dice.chance(0.1) {
            let status = |status: AgentStatus| AgentSetting::Status(status.to_string());
            let back = at + minutes(&mut dice, 20.0, 60.0);
            acts.push((at, set(name, status(AgentStatus::LoggedOut))));
            acts.push((back, set(name, status(AgentStatus::Available))));
            back
        } else {
            let (reason, from, to) = dice.pick(REASONS).copied().unwrap_or(("Break", 5.0, 10.0));
            let back = at + minutes(&mut dice, from, to);
            let (pause, resume) = (name.to_owned(), name.to_owned());
            acts.push((
                at,
                Act::submit(Input::AgentPause {
                    name: pause,
                    reason: reason.to_owned(),
                }),
            ));
            acts.push((back, Act::submit(Input::AgentResume { name: resume })));
            back
        };
        at = back + minutes(&mut dice, 25.0, 80.0);
    }
    acts
}

fn set(name: &str, setting: AgentSetting) -> Act {
    Act::submit(Input::AgentSet {
        name: name.to_owned(),
        setting,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_end_and_are_the_same_for_the_same_seed() {
        let (start, end) = (Timestamp::from_secs(0), Timestamp::from_secs(86_400));
        let breaks = breaks_of("ann", 1, start, end);
        assert!(breaks.len() > 20 && breaks.len() % 2 == 0, "{} acts", breaks.len());
        assert_eq!(breaks, breaks_of("ann", 1, start, end));
        assert_ne!(breaks, breaks_of("bob", 1, start, end));
        assert!(breaks.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }
}
