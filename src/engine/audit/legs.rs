//! Standing legs and those who stand on them know of each other.

use super::Books;
use crate::engine::vocabulary::leg_state::LegState;
use crate::engine::vocabulary::words::AgentKind;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

impl Books<'_> {
    /// A leg is known as that of who stands on it, and of nobody else; and everybody on it knows how things stand.
    pub(super) fn check_standing_legs(&self) {
        let mut legs = BTreeMap::<String, (BTreeSet<_>, BTreeSet<_>)>::new();
        for (id, agent) in self.engine.agents.iter() {
            let stands = agent.row.agent_type.kind() == AgentKind::UuidStandby && !agent.deleted;
            let leg = Some(agent.row.uuid.clone()).filter(|uuid| stands && !uuid.is_empty());
            assert_eq!(agent.leg, leg, "{}", agent.row.name);
            let known = leg.as_ref().map(|leg| &self.engine.standing_legs[leg]);
            let is_lent = known.is_some_and(|leg| leg.serving.iter().any(|other| other != id));
            let footing = (known.map_or(LegState::Gone, |leg| leg.state), is_lent);
            assert_eq!((agent.leg_state, agent.leg_is_lent), footing, "{}", agent.row.name);
            if let Some(leg) = leg {
                let (owners, serving) = legs.entry(leg).or_default();
                owners.insert(*id);
                serving.extend(agent.offer.map(|_| *id));
            }
        }
        let known = self.engine.standing_legs.iter();
        let known = known.map(|(leg, known)| (leg.clone(), (known.owners.clone(), known.serving.clone())));
        assert_eq!(known.collect::<BTreeMap<_, _>>(), legs);
    }
}
