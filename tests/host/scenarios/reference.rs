//! What ours is compared with: stock played beside it, or the record of it where stock's module is missing.

use std::collections::BTreeSet;
use std::process::Command;

use super::verdict::Verdict;
use super::{run, Outcome};
use callcenter_test_support::harness::{difference, say, Install, Module};
use callcenter_test_support::record::Records;
use callcenter_test_support::scenario::{read_all, Scenario};

/// How a record is made.
const HOW_TO_RECORD: &str =
    "record it where stock's module is installed: CALLCENTER_RECORD_STOCK=1 make host-test HOST_TESTS=every_scenario";

/// Stock, in person or as it was recorded.
pub struct Reference {
    install: &'static Install,
    records: Records,
    version: String,
    is_recording: bool,
}

impl Reference {
    /// The records of the repository, and stock where it is installed.
    pub fn new(install: &'static Install) -> Reference {
        let reference = Reference {
            install,
            records: Records::open(),
            version: version(install),
            is_recording: std::env::var_os("CALLCENTER_RECORD_STOCK").is_some(),
        };
        if reference.is_recording {
            assert!(install.has_stock(), "there is no stock module to record");
            reference.records.set_version(&reference.version);
        }
        if !install.has_stock() {
            say("no stock mod_callcenter.so: our module is compared with what stock's did when it was recorded");
            reference.say_version();
        }
        reference
    }

    /// What stock did in these scenarios.
    pub fn outcomes(&self, scenarios: &[Scenario]) -> Vec<Outcome> {
        if self.install.has_stock() {
            return run(self.install, Module::Stock, scenarios);
        }
        scenarios.iter().map(|scenario| self.recorded(scenario)).collect()
    }

    /// What stock did in this scenario when it was recorded.
    pub fn recorded(&self, scenario: &Scenario) -> Outcome {
        if !scenario.is_beside_stock() {
            return Ok(Vec::new());
        }
        let record = self.records.read(&scenario.name);
        record.ok_or(format!(
            "stock's module is missing, and so is a record of it; {HOW_TO_RECORD}"
        ))
    }

    /// Writes the record of a scenario when asked to, and finds out whether the one there is still holds.
    ///
    /// # Errors
    /// When stock does something else than was recorded, and does so again.
    pub fn keep(&mut self, scenario: &Scenario, stock: &Outcome, ours: &Outcome) -> Result<(), String> {
        let (Ok(played), Ok(ours)) = (stock, ours) else {
            return Ok(());
        };
        if !self.install.has_stock() || !scenario.is_beside_stock() {
            return Ok(());
        }
        let record = match self.records.read(&scenario.name) {
            Some(record) if record == *played => return Ok(()),
            _ if self.is_recording => {
                say(&format!("recorded {}", scenario.name));
                self.records.write(&scenario.name, played);
                return Ok(());
            }
            Some(record) => record,
            None => return Err(format!("{} has no record of stock; {HOW_TO_RECORD}", scenario.name)),
        };
        let changes = difference(&record, played).unwrap_or_default();
        let judged = Verdict::of(scenario, Ok(record), Ok(ours.clone()));
        // What stock does by chance, or differently in this FreeSWITCH, is no fault of the record.
        let holds = judged.failure(scenario).is_none();
        if holds || self.records.version() != self.version || self.plays_otherwise_again(scenario, played) {
            self.say_version();
            say(&format!(
                "the record of {} is another (- record, + stock):\n{changes}",
                scenario.name
            ));
            return Ok(());
        }
        Err(format!(
            "the record of {} is out of date (- record, + stock); {HOW_TO_RECORD}\n{changes}",
            scenario.name
        ))
    }

    /// Whether stock, played once more and alone, does not do the same as before.
    fn plays_otherwise_again(&self, scenario: &Scenario, before: &[String]) -> bool {
        let again = run(self.install, Module::Stock, std::slice::from_ref(scenario));
        again.first().is_none_or(|again| again.as_deref() != Ok(before))
    }

    /// Records that belong to no scenario; removed when recording.
    pub fn left_over(&self) -> Vec<String> {
        let scenarios = read_all();
        let played = scenarios.iter().filter(|scenario| scenario.is_beside_stock());
        let names: BTreeSet<&str> = played.map(|scenario| scenario.name.as_str()).collect();
        let mut files = self.records.others(&names);
        if self.is_recording {
            files.retain(|file| std::fs::remove_file(file).is_err());
        }
        let texts = files
            .iter()
            .map(|file| format!("{} belongs to no scenario; remove it", file.display()));
        texts.collect()
    }

    fn say_version(&self) {
        let recorded = self.records.version();
        if recorded != self.version {
            say(&format!(
                "the records were made with another FreeSWITCH: {}; this is {}",
                recorded.trim(),
                self.version.trim()
            ));
        }
    }
}

/// What FreeSWITCH says of itself.
fn version(install: &Install) -> String {
    let output = Command::new(&install.program).arg("-version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let text = text.unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("FreeSWITCH"));
    format!("{}\n", line.unwrap_or("an unknown FreeSWITCH"))
}
