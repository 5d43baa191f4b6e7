//! Callers who prefer agents: how each stands with them, beside what the rule says of everybody anew.

use super::Books;
use crate::engine::centre::line::classes::RequirementClass;
use crate::engine::centre::queue::Queue;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use std::collections::BTreeSet;

impl Books<'_> {
    /// Whoever waits for an agent is in that agent's line, and for as long as the rule says; nobody waits for one who is free.
    pub(super) fn check_preferred(&self) {
        for (id, member) in self.engine.members.iter() {
            let Some(place) = member.place else { continue };
            let preferring = self.engine.preferring(self.now, *id, place.class);
            assert_eq!(
                (place.prefers, place.spoken_for),
                (preferring.prefers, preferring.spoken_for),
                "{id:?} {member:?}"
            );
        }
        for queue in self.engine.queues.values() {
            let mut choosy = BTreeSet::new();
            for (_, class) in queue.classes.iter() {
                self.check_own_callers(class, &mut choosy);
                for (agent, line) in class.own_callers.iter() {
                    let tier = queue
                        .tiers_by_agent
                        .get(agent)
                        .and_then(|tier| self.engine.tiers.get(tier));
                    let key = tier.and_then(|tier| tier.free_for(class.requirement.media()));
                    let key = key
                        .map(|key| class.requirement.key(key))
                        .filter(|key| class.free.contains(key));
                    let Some(key) = key.filter(|_| self.engine.dispatches()) else {
                        continue;
                    };
                    let wait = queue.wait_for_level(class, key.level);
                    let best = line.best_of(wait, |member| !self.engine.is_kept_from(key.tier, member));
                    assert_eq!(best, None, "somebody in {} waits for {agent}, who is free", queue.name);
                }
            }
            assert_eq!(choosy, queue.choosy, "who prefers somebody in {}", queue.name);
            self.check_waiting_for(queue);
        }
    }

    fn check_waiting_for(&self, queue: &Queue) {
        let members = queue.members.iter().filter_map(|id| self.engine.members.get(id));
        let mut expected = BTreeSet::new();
        for member in members {
            let names = member.preferred.as_deref().map_or(&[][..], PreferredAgents::names);
            let places = member.waits_at.into_iter();
            expected.extend(places.flat_map(|place| names.iter().map(move |name| (&**name, place))));
        }
        let found: BTreeSet<_> = queue.waiting_for.iter().collect();
        assert_eq!(found, expected, "who waits for whom in {}", queue.name);
    }

    fn check_own_callers(&self, class: &RequirementClass, choosy: &mut BTreeSet<MemberId>) {
        let mut expected = BTreeSet::new();
        for place in class.everybody() {
            let member = &self.engine.members[&place.member];
            if member.place.is_some_and(|place| place.prefers) {
                choosy.insert(place.member);
                let names = member.preferred.as_deref().map_or(&[][..], PreferredAgents::names);
                expected.extend(names.iter().map(|name| (&**name, place)));
            }
        }
        let own = class.own_callers.iter();
        let found: BTreeSet<_> = own
            .flat_map(|(agent, line)| line.everybody().map(move |place| (agent, place)))
            .collect();
        assert_eq!(found, expected, "callers who prefer agents, of {:?}", class.requirement);
    }
}
