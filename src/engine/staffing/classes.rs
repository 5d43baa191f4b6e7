//! Requirement classes as members need them: which one is a member's, and the making of one more.

use crate::engine::border::output::NoticeLevel;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::{RequirementClass, RequirementClassId, MOST_CLASSES};
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Requirement;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::Media;

impl Engine {
    /// The class a member belongs to now, and when it will ask for something else.
    pub(in crate::engine) fn class_for(
        &mut self,
        now: Timestamp,
        id: MemberId,
    ) -> Option<(RequirementClassId, Option<Timestamp>)> {
        let member = self.members.get(&id)?;
        let (queue_id, joined) = (member.queue, member.joined);
        let queue = self.queues.get(&queue_id)?;
        let waited = now.since(joined);
        let (requirement, next) = Requirement::after(queue.config.as_ref()?, member.requirements(), waited);
        let next = next.map(|next| joined + next);
        if let Some(class) = queue.classes.of(&requirement) {
            return Some((class, next));
        }
        if self.make_room_for_class(queue_id, member.requirements.is_some()) {
            return Some((self.add_class(queue_id, requirement)?, next));
        }
        self.tell_overflow(queue_id);
        let config = self.config_of(queue_id)?;
        let nothing_else = CallerRequirements {
            media: self.members.get(&id)?.requirements().media,
            ..CallerRequirements::default()
        };
        let (requirement, next) = Requirement::after(config, &nothing_else, waited);
        let class = match self.queues.get(&queue_id)?.classes.of(&requirement) {
            Some(class) => class,
            None => self.add_class(queue_id, requirement)?,
        };
        Some((class, next.map(|next| joined + next)))
    }

    /// Whether there may be one more class. What the queue itself asks for always gets one: its rules are few.
    pub(in crate::engine) fn make_room_for_class(&mut self, queue: QueueId, is_for_caller: bool) -> bool {
        let Some(queue) = self.queues.get_mut(&queue) else {
            return false;
        };
        queue.classes.make_room();
        !is_for_caller || queue.classes.len() < MOST_CLASSES
    }

    /// The classes of who comes now and brings no requirements: there always, because figures, estimates and lamps count their free agents.
    pub(in crate::engine) fn renew_own_classes(&mut self, id: QueueId) {
        for media in Media::ALL {
            let Some(config) = self.config_of(id) else { return };
            let requirements = CallerRequirements {
                media: *media,
                ..CallerRequirements::default()
            };
            let (requirement, _) = Requirement::after(config, &requirements, Span::ZERO);
            let known = self.queues.get(&id).and_then(|queue| queue.classes.of(&requirement));
            let class = known.or_else(|| self.add_class(id, requirement));
            if let (Some(class), Some(queue)) = (class, self.queues.get_mut(&id)) {
                queue.classes.set_own(*media, class);
            }
        }
        self.aftermath.free.insert(id);
    }

    pub(in crate::engine) fn add_class(
        &mut self,
        queue_id: QueueId,
        requirement: Requirement,
    ) -> Option<RequirementClassId> {
        let class = self.new_class(self.queues.get(&queue_id)?, requirement);
        Some(self.queues.get_mut(&queue_id)?.classes.add(class))
    }

    /// The one step that looks at all free agents of a queue: when somebody asks for what nobody in line has asked for.
    pub(in crate::engine) fn new_class(&self, queue: &Queue, requirement: Requirement) -> RequirementClass {
        let mut class = RequirementClass {
            requirement,
            ..RequirementClass::default()
        };
        class.line.reset(queue.wait_steps(&class, &self.levels_of(queue)));
        let standings = queue.standings.iter();
        for (standing, agents) in standings.filter(|(standing, _)| standing.suits(&class.requirement)) {
            *class.logged_in.entry(standing.level).or_default() += agents;
        }
        for key in queue.classes.free(class.requirement.media()) {
            let Some(tier) = self.tiers.get(&key.tier) else {
                continue;
            };
            let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
            if agent.is_some_and(|agent| class.requirement.accepts(agent.ability(), tier.level)) {
                class.free.insert(class.requirement.key(*key));
            }
        }
        class
    }

    pub(in crate::engine) fn tell_overflow(&mut self, queue: QueueId) {
        let Some(queue) = self.queues.get_mut(&queue) else {
            return;
        };
        if std::mem::replace(&mut queue.classes.overflow_told, true) {
            return;
        }
        let text = format!(
            "Queue {}: its callers ask for more than {MOST_CLASSES} different things at once (cc_required_skills, cc_max_level, \
             cc_min_level, cc_raise_level). Further callers are served as the queue's own required-skills and level-rules say. Set \
             fewer different values in the dialplan.",
            queue.name
        );
        self.notice(NoticeLevel::Warning, None, text);
    }
}
