//! Whether the two modules did the same in a scenario, or differ on purpose.

use super::Outcome;
use callcenter_test_support::harness::{difference, edit_steps};
use callcenter_test_support::scenario::Scenario;

/// What the comparison came to.
pub enum Verdict {
    /// The records are the same.
    Same,
    /// Only what the scenario names differs.
    DiffersOnPurpose,
    /// Anything else, with what a person needs to see.
    Fails(String),
}

impl Verdict {
    /// Judges the two outcomes of a scenario.
    pub fn of(scenario: &Scenario, stock: Outcome, ours: Outcome) -> Verdict {
        let ours = match ours {
            Ok(lines) => lines,
            Err(error) => return Verdict::Fails(format!("with ours: {error}")),
        };
        if let Some(missing) = missing(scenario, &ours) {
            return Verdict::Fails(format!("ours has no line with {missing:?}:\n{}", ours.join("\n")));
        }
        match stock {
            _ if !scenario.is_beside_stock() => Verdict::DiffersOnPurpose,
            Err(error) => Verdict::Fails(format!("with stock: {error}")),
            Ok(stock) if stock == ours => Verdict::Same,
            Ok(stock) if is_known(scenario, &stock, &ours) => Verdict::DiffersOnPurpose,
            Ok(stock) => Verdict::Fails(difference(&stock, &ours).unwrap_or_default()),
        }
    }

    /// The text of a failed test, if it failed.
    pub fn failure(&self, scenario: &Scenario) -> Option<String> {
        match self {
            Verdict::Fails(text) => Some(format!(
                "{} ({}) (- stock, + ours):\n{text}",
                scenario.name, scenario.about
            )),
            _ => None,
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::DiffersOnPurpose => "differs on purpose",
            Verdict::Fails(_) => "FAILS",
        }
    }
}

/// A text that a known difference promises of ours and that is in none of its lines.
fn missing<'a>(scenario: &'a Scenario, ours: &[String]) -> Option<&'a String> {
    let promised = scenario.differs.iter().flat_map(|known| &known.ours);
    promised
        .into_iter()
        .find(|text| !ours.iter().any(|line| line.contains(*text)))
}

fn is_known(scenario: &Scenario, stock: &[String], ours: &[String]) -> bool {
    edit_steps(stock, ours).iter().all(|(mark, line)| {
        scenario.differs.iter().any(|known| {
            let texts = match mark {
                '-' => &known.stock,
                '+' => &known.ours,
                _ => return true,
            };
            texts.iter().any(|text| line.contains(text))
        }) || *mark == ' '
    })
}

/// The scenarios and their verdicts, for people.
pub fn table(verdicts: &[(Scenario, Verdict)]) -> String {
    let width = verdicts
        .iter()
        .map(|(scenario, _)| scenario.name.len())
        .max()
        .unwrap_or(0);
    let mut lines = vec![format!("{} scenarios beside stock:", verdicts.len())];
    for (scenario, verdict) in verdicts {
        lines.push(format!("  {:width$}  {}", scenario.name, verdict.words()));
        if matches!(verdict, Verdict::DiffersOnPurpose) {
            let reasons = scenario
                .differs
                .iter()
                .map(|known| format!("  {:width$}    {}", "", known.reason));
            lines.extend(reasons);
        }
    }
    lines.join("\n")
}
