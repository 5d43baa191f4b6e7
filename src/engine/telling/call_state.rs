//! `cc_state`: how far a call is, on the caller's channel, in OpenSIPS's words.

use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::words::{CallState, CancelReason};

impl CallState {
    /// What a caller who is dissuaded for this reason hears: the first message on entering, the second after a wait.
    pub(in crate::engine) const fn of_dissuasion(reason: CancelReason) -> Self {
        match reason {
            CancelReason::DissuadeWait => CallState::Dissuading2,
            _ => CallState::Dissuading1,
        }
    }
}

impl Engine {
    /// Sets `cc_state` if it is another now. Whoever has left keeps the last one, for the CDR.
    pub(in crate::engine) fn tell_state(&mut self, id: MemberId) {
        let state = self.members.get(&id).and_then(|member| member.call_state());
        if let Some(state) = state {
            self.tell_state_as(id, state);
        }
    }

    /// Sets `cc_state` to this, unless it is that.
    pub(in crate::engine) fn tell_state_as(&mut self, id: MemberId, state: CallState) {
        let Some(member) = self.members.books_of(&id).filter(|member| !member.has_exited()) else {
            return;
        };
        if std::mem::replace(&mut member.told_state, state) != state {
            let session_uuid = member.facts.session_uuid.clone();
            self.set_variables(&session_uuid, vec![(variable::STATE, Some(state.to_string()))]);
        }
    }
}
