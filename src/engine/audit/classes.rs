//! RequirementClasses of members and free agents, beside what looking at everybody anew says.

use super::Books;
use crate::engine::centre::line::classes::{RequirementClass, RequirementClassId};
use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Requirement;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use std::collections::BTreeSet;

impl Books<'_> {
    /// Whoever is in a class belongs there, and whoever belongs there is in it.
    pub(super) fn check_classes(&self) {
        for (id, queue) in self.engine.queues.iter() {
            for (class_id, class) in queue.classes.iter() {
                assert_eq!(
                    class.free,
                    self.fitting(queue, class),
                    "free agents of {:?}",
                    class.requirement
                );
                assert_eq!(
                    class.everybody().map(|place| place.member).collect::<BTreeSet<_>>(),
                    self.members_of(*id, class_id),
                    "members who ask for {:?}",
                    class.requirement
                );
            }
            self.check_skill_tiers(*id, queue);
        }
        self.check_requirements();
    }

    /// The free agents of a queue who have what the class asks for.
    fn fitting(&self, queue: &Queue, class: &RequirementClass) -> BTreeSet<FreeKey> {
        let tiers = queue.tiers.iter().filter_map(|id| self.engine.tiers.get(id));
        let fitting = tiers.filter_map(|tier| {
            let agent = self.engine.agents.get(&tier.agent?)?;
            let fits = class.requirement.accepts(agent.ability(), tier.level);
            let key = tier.free_for(class.requirement.media()).filter(|_| fits)?;
            Some(FreeKey {
                level: class.requirement.level(key.level),
                ..key
            })
        });
        fitting.collect()
    }

    fn members_of(&self, queue: QueueId, class: RequirementClassId) -> BTreeSet<MemberId> {
        let members = self.engine.members.iter().filter(|(_, member)| {
            let place = member.place.filter(|_| member.queue == queue);
            place.is_some_and(|place| place.class == class)
        });
        members.map(|(id, _)| *id).collect()
    }

    /// Whoever stands in line asks for what the queue, the caller and the time waited say.
    fn check_requirements(&self) {
        for member in self.engine.members.values() {
            let Some(place) = member.place else { continue };
            let queue = self.engine.queues.get(&member.queue).expect("its queue is there");
            let config = queue
                .config
                .as_ref()
                .expect("nobody is in the line of a queue without configuration");
            let (requirement, _) = Requirement::after(config, member.requirements(), self.now.since(member.joined));
            let class = queue.classes.get(place.class).expect("its class is there");
            let there_was_no_room = queue.classes.overflow_told && queue.classes.of(&requirement).is_none();
            assert!(class.requirement == requirement || there_was_no_room, "{member:?}");
        }
    }

    /// Whoever has the skills of a loaded queue has a tier there, and nobody else has one that nobody made.
    fn check_skill_tiers(&self, id: QueueId, queue: &Queue) {
        let Some(config) = &queue.config else { return };
        let least = config.least_skills();
        let tiers: Vec<_> = self.engine.tiers.values().filter(|tier| tier.queue == id).collect();
        for agent in self.engine.agents.values().filter(|agent| !agent.deleted) {
            let tier: Vec<_> = tiers.iter().filter(|tier| tier.agent_name == agent.row.name).collect();
            let matches = !least.is_empty() && least.are_met_by(&agent.skills);
            assert!(tier.len() <= 1, "{tier:?}");
            assert!(
                !matches || !tier.is_empty(),
                "{} serves {} by skill",
                agent.row.name,
                queue.name
            );
            assert!(matches || tier.iter().all(|tier| !tier.by_skill), "{tier:?}");
        }
    }
}
