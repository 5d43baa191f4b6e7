//! Runs one scenario with each module and fails with a readable difference.

use super::freeswitch::FreeSwitch;
use super::install::{install, install_for, Module};
use super::recording::Recording;
use super::Setup;
use crate::skip::say;

/// Runs the scenario in a FreeSWITCH with the stock module and in one with ours, at the same time, and compares
/// what they recorded. `CALLCENTER_SHOW_RECORDINGS=1` prints both recordings. Where stock's module is missing ours
/// still has to go through the scenario.
pub fn compare(setup: Setup, scenario: impl Fn(&mut FreeSwitch, &mut Recording) + Sync) {
    let Some(install) = install() else { return };
    let run = |module| {
        let mut switch = FreeSwitch::start(install, module, setup.clone());
        let mut recording = Recording::default();
        scenario(&mut switch, &mut recording);
        let (status, _) = switch.stop();
        assert!(
            status.success(),
            "FreeSWITCH with the {module:?} module ended with {status}"
        );
        recording
    };
    if install_for(Module::Stock).is_none() {
        run(Module::Ours);
        return;
    }
    let (stock, ours) = std::thread::scope(|scope| {
        let stock = scope.spawn(|| run(Module::Stock));
        let ours = run(Module::Ours);
        (stock.join(), ours)
    });
    let stock = stock.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    if std::env::var_os("CALLCENTER_SHOW_RECORDINGS").is_some() {
        say(&format!(
            "stock:\n{}\nours:\n{}",
            stock.lines().join("\n"),
            ours.lines().join("\n")
        ));
    }
    if let Some(difference) = difference(stock.lines(), ours.lines()) {
        panic!("the modules differ (- stock, + ours):\n{difference}");
    }
}

/// Runs a test in a FreeSWITCH with our module only: for what stock cannot do.
pub fn with_ours(setup: Setup, test: impl Fn(&mut FreeSwitch)) {
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, setup);
    test(&mut switch);
    let (status, _) = switch.stop();
    assert!(status.success(), "FreeSWITCH ended with {status}");
}

/// A line diff of two recordings with a little context, or `None` when they are the same.
pub fn difference(stock: &[String], ours: &[String]) -> Option<String> {
    if stock == ours {
        return None;
    }
    let steps = edit_steps(stock, ours);
    let near = |at: usize| {
        steps[at.saturating_sub(CONTEXT)..steps.len().min(at + CONTEXT + 1)]
            .iter()
            .any(|step| step.0 != ' ')
    };
    let mut text = String::new();
    for (at, (mark, line)) in steps.iter().enumerate() {
        // Titles stay in sight: they tell which event or command a changed line belongs to.
        let title = !line.starts_with("    ")
            && steps[at..]
                .iter()
                .skip(1)
                .take_while(|(_, next)| next.starts_with("    "))
                .any(|step| step.0 != ' ');
        if near(at) || title {
            text.push_str(&format!("{mark} {line}\n"));
        }
    }
    Some(text)
}

/// Unchanged lines shown around each change.
const CONTEXT: usize = 2;

/// The shortest way from one list of lines to the other, by longest common subsequence.
pub fn edit_steps<'a>(stock: &'a [String], ours: &'a [String]) -> Vec<(char, &'a str)> {
    let width = ours.len() + 1;
    let mut common = vec![0u32; (stock.len() + 1) * width];
    for row in (0..stock.len()).rev() {
        for column in (0..ours.len()).rev() {
            common[row * width + column] = if stock[row] == ours[column] {
                common[(row + 1) * width + column + 1] + 1
            } else {
                common[(row + 1) * width + column].max(common[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column, mut steps) = (0, 0, Vec::new());
    while row < stock.len() || column < ours.len() {
        if row < stock.len() && column < ours.len() && stock[row] == ours[column] {
            steps.push((' ', stock[row].as_str()));
            (row, column) = (row + 1, column + 1);
        } else if column == ours.len()
            || (row < stock.len() && common[(row + 1) * width + column] >= common[row * width + column + 1])
        {
            steps.push(('-', stock[row].as_str()));
            row += 1;
        } else {
            steps.push(('+', ours[column].as_str()));
            column += 1;
        }
    }
    steps
}
