//! One question, one answer: whatever keeps an agent back or lets it in, and whoever asks for it. The agents are looked at one by one here, by
//! the one question alone, and everybody who asks has to have come to the same.

use super::Books;
use crate::engine::centre::line::classes::{RequirementClass, RequirementClassId};
use crate::engine::centre::prospects::{Prospect, Standing};
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Requirement;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{QueueId, TierId};
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::why_not::Unoffered;
use crate::engine::vocabulary::words::Media;

impl Books<'_> {
    /// Every place that asks, in every loaded queue.
    pub(super) fn check_pairs(&self) {
        for id in self.engine.queues.loaded() {
            let queue = &self.engine.queues[id];
            for (class_id, class) in queue.classes.iter() {
                self.check_choice(queue, class_id, class);
                self.check_levels(queue, class);
            }
            self.check_figures(*id, queue);
            self.check_counted(queue);
        }
        self.check_waits();
        self.check_reasons();
    }

    /// `dispatch why` has a reason whoever asks about whom: between two steps nobody is left alone for none.
    fn check_reasons(&self) {
        for (id, member) in self.engine.members.iter() {
            for (_, agent) in self.engine.agents.iter() {
                let (uuid, name) = (&member.row.uuid, &agent.row.name);
                let why = self.engine.why_not_offered(self.now, uuid, name);
                assert_ne!(why, Ok(Unoffered::ForNoReason), "{id:?} {member:?} and {name}");
            }
        }
    }

    fn tiers_of<'a>(&'a self, queue: &'a Queue) -> impl Iterator<Item = TierId> + 'a {
        queue.tiers.iter().copied()
    }

    /// Offers, and `dispatch member`: who is in the order of choice may have a member for whom every level is open, and nobody else.
    fn check_choice(&self, queue: &Queue, id: RequirementClassId, class: &RequirementClass) {
        for tier in self.tiers_of(queue) {
            let answer =
                self.engine
                    .eligibility(self.now, tier, &class.requirement, Span::from_secs(i64::from(u32::MAX)));
            let key = self.engine.tiers[&tier].free_for(class.requirement.media());
            let stands = key.is_some_and(|key| class.free.contains(&class.requirement.key(key)));
            assert_eq!(
                stands,
                answer.is_ok(),
                "{tier:?} in {id:?} {:?}: {answer:?}",
                class.requirement
            );
        }
    }

    /// Tier rules: the levels with agents who will do.
    fn check_levels(&self, queue: &Queue, class: &RequirementClass) {
        let levels = self.tiers_of(queue).filter_map(|id| {
            let tier = &self.engine.tiers[&id];
            let agent = &self.engine.agents[&tier.agent?];
            let is_here = self.engine.status_here(tier.agent?)?.is_logged_in() && !agent.lacks_leg();
            let will_do = Standing::of(agent, tier.level).suits(&class.requirement);
            (is_here && will_do).then_some(tier.level)
        });
        let levels: Vec<i64> = levels.collect();
        for level in &levels {
            let count = levels.iter().filter(|other| *other == level).count();
            assert_eq!(
                class.logged_in.get(level),
                Some(&count),
                "level {level} of {:?}",
                class.requirement
            );
        }
        let counted: usize = class.logged_in.values().sum();
        assert_eq!(counted, levels.len(), "levels of {:?}", class.requirement);
    }

    /// Statistics, estimates and lamps: who could have a caller at once who comes now and brings no requirements.
    fn check_figures(&self, id: QueueId, queue: &Queue) {
        let config = queue.config.as_ref().expect("a loaded queue");
        for media in Media::ALL {
            let requirements = CallerRequirements {
                media: *media,
                ..CallerRequirements::default()
            };
            let (requirement, _) = Requirement::after(config, &requirements, Span::ZERO);
            let free = self
                .tiers_of(queue)
                .filter(|tier| {
                    self.engine
                        .eligibility(self.now, *tier, &requirement, Span::ZERO)
                        .is_ok()
                })
                .count();
            assert_eq!(queue.free_agents(*media), free, "free in {} for {media}", queue.name);
            assert_eq!(queue.has_free(*media), free > 0, "free in {} for {media}", queue.name);
            if *media == Media::Audio && self.engine.settings.agent_presence {
                assert_eq!(queue.has_free_told, free > 0, "lamp of {}", queue.name);
            }
            let at_once = free > 0 && queue.line_length() == 0 && self.engine.dispatches();
            let expected = if at_once {
                Some(Span::ZERO)
            } else {
                self.engine.estimated_wait_at(id, queue.line_length() + 1)
            };
            assert_eq!(self.engine.estimated_wait(id, &requirements), expected, "{media}");
        }
    }

    /// Agents are counted for callers without requirements if they could ever serve one.
    fn check_counted(&self, queue: &Queue) {
        for id in self.tiers_of(queue) {
            let tier = &self.engine.tiers[&id];
            let agent = tier.agent.map(|agent| &self.engine.agents[&agent]);
            let could = agent.is_some_and(|agent| queue.prospects.own.accepts(&Standing::of(agent, tier.level)));
            assert_eq!(tier.counted, tier.present.filter(|_| could), "{tier:?}");
        }
    }

    /// Nobody waits where `leave-when-empty` holds and no agent could serve this very caller.
    fn check_waits(&self) {
        for (id, member) in self.engine.members.iter() {
            let Some(config) = self.engine.config_of(member.queue) else {
                continue;
            };
            let Some(absences) = config
                .leave_when_empty
                .filter(|_| member.place.is_some() && !member.is_away())
            else {
                continue;
            };
            let prospect = Prospect::of(config, member.requirements(), self.now.since(member.joined));
            let is_empty = self.is_empty_by_looking(member.queue, &prospect, member.requirements().media, absences);
            let is_alone = member.offers.is_empty() && member.serving().is_none();
            assert!(!(is_alone && is_empty), "{id:?} {member:?} waits for nobody");
        }
    }

    pub(in crate::engine) fn is_empty_by_looking(
        &self,
        id: QueueId,
        prospect: &Prospect,
        media: Media,
        absences: Absences,
    ) -> bool {
        let boxes = &self.engine.boxes;
        let mut tiers = self.tiers_of(&self.engine.queues[&id]);
        !tiers.any(|id| {
            let tier = &self.engine.tiers[&id];
            let agent = tier.agent.map(|agent| &self.engine.agents[&agent]);
            let agent = agent.filter(|agent| prospect.accepts(&Standing::of(agent, tier.level)));
            let found = agent.and_then(|agent| agent.absences(self.now, media, boxes));
            let present = self.engine.present_in(id, found, media);
            present.is_some_and(|present| !present.meets(absences))
        })
    }
}
