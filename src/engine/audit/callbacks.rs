//! Callbacks: each has a number of its own, one attempt at most and one agent at most, and whoever is held is held for one of them.

use super::Books;
use crate::engine::centre::callback::CallbackStage;
use std::collections::BTreeSet;

impl Books<'_> {
    /// What members say of their callbacks, and who finds them by what.
    pub(super) fn check_callbacks(&self) {
        let (mut attempts, mut leading, mut held) = (0, 0, BTreeSet::new());
        for (id, member) in self.engine.members.iter() {
            let Some(callback) = member.callback.as_deref() else {
                continue;
            };
            let found = self.engine.callbacks.of_number(member.queue, &callback.row.number);
            assert_eq!(found, Some(*id), "{callback:?}");
            assert!(member.row.state.waits() && !member.is_served(), "{member:?}");
            assert!(!member.is_away() || member.has_exited(), "{member:?}");
            leading += usize::from(callback.leads.is_some());
            if callback.leads.is_some() {
                let place = member.place.map(|place| place.place);
                assert_eq!(
                    (callback.stage, callback.leads),
                    (CallbackStage::Pending, place),
                    "{callback:?}"
                );
            }
            if let CallbackStage::Attempting(attempt) = callback.stage {
                attempts += 1;
                assert_eq!(self.engine.callbacks.of_attempt(attempt), Some(*id), "{callback:?}");
            }
            if let Some((_, _, agent)) = callback.hold {
                let holds = matches!(callback.stage, CallbackStage::Attempting(_) | CallbackStage::Arriving);
                assert!(holds && held.insert(agent), "{callback:?}");
                assert_eq!(self.engine.callbacks.held_for(agent), Some(*id), "{callback:?}");
            }
        }
        assert_eq!(
            self.engine.callbacks.attempts(),
            attempts,
            "attempts that are under way"
        );
        assert_eq!(
            self.engine.callbacks.leading(),
            leading,
            "callbacks that may be dialled"
        );
        let are_held = self.engine.agents.iter().filter(|(_, agent)| agent.is_held);
        let are_held: BTreeSet<_> = are_held.map(|(id, _)| *id).collect();
        assert_eq!(are_held, held, "agents who are held");
        let queues = self.engine.callbacks.queues().into_iter();
        let counted: usize = queues.map(|queue| self.engine.callbacks.count(queue)).sum();
        let members = self.engine.members.values();
        assert_eq!(counted, members.filter(|member| member.callback.is_some()).count());
    }
}
