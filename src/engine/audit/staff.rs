//! Who is logged in is counted as looking at everybody says, and nobody waits for nobody.

use super::Books;
use crate::engine::centre::prospects::Standing;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::timers::Timer;
use crate::engine::vocabulary::words::{AgentStatus, Media};

impl Books<'_> {
    /// Whoever is logged in is counted for each kind of callers whom the agent could serve, and a clock runs for those without any.
    pub(super) fn check_staff(&self, queue: &Queue) {
        let own = (&queue.prospects.own, &queue.staff);
        for (kind, staff) in std::iter::once(own).chain(&queue.staff_for) {
            let tiers = queue.tiers.iter().filter_map(|tier| self.engine.tiers.get(tier));
            let standings = tiers.filter_map(|tier| {
                let agent = self.engine.agents.get(&tier.agent?)?;
                let counts = agent.is_there() && self.engine.is_ours(&agent.row.instance_id);
                counts.then(|| Standing::of(agent, tier.level))
            });
            let expected = standings.filter(|standing| kind.accepts(standing)).count();
            assert_eq!(staff.agents, expected, "{kind:?} in {}", queue.name);
            assert_eq!(staff.nobody_since.is_none(), expected > 0, "{kind:?} in {}", queue.name);
        }
    }

    /// Nobody who waits and could be served by nobody who is logged in is without a deadline, whatever the caller asks for.
    pub(super) fn check_limits_without_agents(&self) {
        for (id, member) in self.engine.members.iter() {
            let waits = member.row.state.waits();
            if waits && !member.has_exited() && self.engine.no_agent_limit(*id).is_some() {
                let at = |timer| self.engine.timers.at(timer);
                let own = at(Timer::NoAgentForMember(*id));
                // The queue's is about to set everybody's.
                let soon = own.or(at(Timer::NoAgentInQueue(member.queue)));
                let is_over = member.overdue.is_some() || member.is_leaving();
                assert!(soon.is_some() || is_over, "{} waits without end", member.row.uuid);
            }
        }
    }

    /// Nobody waits in an empty queue that is left when empty; agents are counted as they are.
    pub(super) fn check_staffing(&self) {
        for (id, agent) in self.engine.agents.iter() {
            let boxes = &self.engine.boxes;
            let absences = agent.absences(self.now, Media::Audio, boxes);
            if self.engine.settings.agent_report {
                let report = agent.report(self.now, boxes);
                assert_eq!(agent.reported, report, "{id:?} {:?}", agent.row);
            }
            let is_on_break = agent.row.status == AgentStatus::OnBreak;
            assert!(
                agent.pause.is_none() || is_on_break,
                "{:?} {:?}",
                agent.pause,
                agent.row
            );
            for id in &agent.tiers {
                let tier = self.engine.tiers.get(id).expect("an agent's tier");
                let expected = self.engine.present_in(*id, absences, Media::Audio);
                assert_eq!(tier.present, expected, "{id:?} {:?}", agent.row);
            }
        }
        for (id, member) in self.engine.members.iter() {
            let waits = member.row.state.waits();
            let is_alone =
                member.offers.is_empty() && member.serving().is_none() && !member.is_leaving() && !member.has_exited();
            assert!(
                !(waits && is_alone && self.engine.is_left_by(self.now, *id)),
                "{member:?} waits in an empty queue"
            );
        }
    }
}
