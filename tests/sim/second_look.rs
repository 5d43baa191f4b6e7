//! The watchdog looks twice: what was missing outside once may have its report on the way, and is not ended for that.

use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{Event, Input, Output};
use std::collections::HashMap;

/// How often members were missing outside, and whether the present step is about what is missing.
#[derive(Default)]
pub struct SecondLook {
    members: HashMap<String, u32>,
    is_looking: bool,
}

impl SecondLook {
    /// A step begins, before or after the ledger has noted it.
    pub fn begin(&mut self, ledger: &Ledger, input: Option<&Input>) {
        self.is_looking = false;
        match input {
            Some(Input::Restore(_)) => self.members.clear(),
            Some(Input::NotFound { members, .. }) => {
                self.is_looking = true;
                for uuid in members.iter().filter_map(|member| ledger.member_uuid(*member)) {
                    *self.members.entry(uuid.to_owned()).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    /// Before the ledger notes the output: what ends in this step was missing twice, or belongs to what was.
    pub fn output(&self, ledger: &Ledger, output: &Output) -> Finding {
        let Output::Event(event) = output else { return Ok(()) };
        let ends = ["bridge-agent-fail", "bridge-agent-end", "member-queue-end"].contains(&event.action());
        if !self.is_looking || !ends || self.was_missing_twice(ledger, event) {
            return Ok(());
        }
        Err(format!("{event:?} at the first look that found something missing"))
    }

    fn was_missing_twice(&self, ledger: &Ledger, event: &Event) -> bool {
        let agent = event.header("CC-Agent").unwrap_or_default();
        let uuid = event.header("CC-Member-UUID").unwrap_or_default();
        let is_members_end = event.action() == "member-queue-end";
        let mut offers = ledger.offers.values().chain(ledger.ended_in_step());
        self.members.get(uuid).is_some_and(|times| *times > 1)
            || offers.any(|offer| {
                offer.member == uuid && (is_members_end || offer.agent == agent) && offer.times_missing > 1
            })
    }
}
