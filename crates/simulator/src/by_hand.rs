//! What somebody who plays a scenario step by step has single callers do.

use super::caller::CallerId;
use super::world::{Happening, World};

impl World {
    /// The latest caller with this number, while on the line.
    fn caller_of_number(&self, number: &str) -> Option<CallerId> {
        let mut callers = self.callers.iter().rev();
        callers.find(|(_, caller)| caller.number == number).map(|(id, _)| *id)
    }

    /// Whether a caller with this number is on the line.
    pub fn is_on_the_line(&self, number: &str) -> bool {
        self.caller_of_number(number).is_some()
    }

    /// The caller with this number hangs up, waiting or talking. Nobody there is nobody gone.
    pub fn hang_up(&mut self, number: &str) {
        let Some(id) = self.caller_of_number(number) else {
            return;
        };
        let bridged = self.callers.get_mut(&id).and_then(|caller| {
            let offer = caller.bridged?;
            caller.agent_ends = false;
            Some(offer)
        });
        match bridged {
            Some(offer) => self.calendar.plan(self.now(), Happening::TalkEnds(offer)),
            None => self.caller_hangs_up(id),
        }
    }

    /// The caller with this number presses an exit key.
    pub fn press_exit_key(&mut self, number: &str) {
        if let Some(id) = self.caller_of_number(number) {
            self.presses_key(id);
        }
    }
}
