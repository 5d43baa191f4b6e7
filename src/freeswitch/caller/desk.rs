//! What a waiting caller's thread tells the engine, and asks it, on behalf of the caller.

use crate::engine::{CallbackOffer, EngineError, Input, MemberId};
use crate::freeswitch::module::Module;

/// A member's own way to the engine.
pub struct Desk<'a> {
    module: &'a Module,
    member: MemberId,
}

impl<'a> Desk<'a> {
    /// That of this member.
    pub fn of(module: &'a Module, member: MemberId) -> Self {
        Self { module, member }
    }

    /// Reports something about the member.
    pub fn report(&self, input: Input) {
        // The caller's thread has sound to play: others carry out what follows. News about a member that is over are no news.
        let _ = self.module.reception.submit_and_leave(input);
    }

    /// What the caller may be offered now about being called back.
    pub fn callback_offer(&self) -> Option<CallbackOffer> {
        self.module.reception.callback_offer(self.member)
    }

    /// Asks for a call to this number.
    ///
    /// # Errors
    /// The caller is not called back, and waits on.
    pub fn ask_for_callback(&self, number: &str) -> Result<(), EngineError> {
        let ask = Input::CallbackAsk {
            member: self.member,
            number: number.to_owned(),
        };
        self.module.reception.submit_and_settle(ask).map(drop)
    }
}
