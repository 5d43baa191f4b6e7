//! What a box says of devices, of calls outside the queues and of standing legs is that box's part: a report takes its place, and it goes
//! with the box.

use crate::engine::border::box_report::StandingLegReport;
use crate::engine::border::input::BoxReport;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::{AgentId, BoxNumber};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::AgentKind;
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    /// The box that the input comes from has these, and no others.
    pub(in crate::engine) fn take_part_of_box(&mut self, now: Timestamp, report: &BoxReport) {
        self.take_devices(&report.devices_in_use);
        self.take_external_calls(&report.external_calls);
        self.take_standing_legs(now, &report.instance, &report.standing);
    }

    fn take_devices(&mut self, in_use: &[String]) {
        let in_use: BTreeSet<String> = in_use.iter().map(|device| device.to_lowercase()).collect();
        for device in self.devices.of_box(self.origin.at) {
            if !in_use.contains(&device) {
                self.note_device(&device, false);
            }
        }
        for device in in_use {
            self.note_device(&device, true);
        }
    }

    fn take_external_calls(&mut self, agents: &[String]) {
        let mut calls = BTreeMap::<String, i64>::new();
        for agent in agents {
            *calls.entry(agent.clone()).or_default() += 1;
        }
        let mut change = calls.clone();
        let before = self.external_calls.remove(&self.origin.at).unwrap_or_default();
        for (agent, calls) in before {
            *change.entry(agent).or_default() -= calls;
        }
        for (agent, calls) in change {
            // Of an agent who is gone nothing is counted.
            let _ = self.count_external_call(&agent, calls);
        }
        self.external_calls.insert(self.origin.at, calls);
    }

    fn take_standing_legs(&mut self, now: Timestamp, instance: &str, legs: &[StandingLegReport]) {
        for leg in legs {
            let Some(id) = self.agent_on(leg) else { continue };
            let Some(agent) = self.agents.change(&id) else { continue };
            if agent.row.agent_type.kind() == AgentKind::UuidStandby && agent.row.uuid.is_empty() {
                agent.row.uuid = leg.agent_uuid.clone();
                self.renew_leg(now, id);
            }
            self.note_leg(now, &leg.agent_uuid, leg.state);
        }
        let named: BTreeSet<&str> = legs.iter().map(|leg| leg.agent_uuid.as_str()).collect();
        self.step_off_legs_but(now, instance, &named);
    }

    fn agent_on(&self, leg: &StandingLegReport) -> Option<AgentId> {
        if !leg.agent.is_empty() {
            let id = self.agents.named(&leg.agent)?;
            let agent = self.agents.get(&id)?;
            return self.is_ours(&agent.row.instance_id).then_some(id);
        }
        let known = self.standing_legs.get(&leg.agent_uuid)?;
        known.owners.first().copied()
    }

    /// Nobody of this box stands on another leg than these any more.
    fn step_off_legs_but(&mut self, now: Timestamp, instance: &str, named: &BTreeSet<&str>) {
        let at = self.boxes.number(instance);
        let is_of_box = |uuid: &str, owner: &str| {
            let told_by = self.standing_legs.get(uuid).and_then(|leg| leg.at);
            told_by.map_or(owner == instance, |told_by| Some(told_by) == at)
        };
        let gone = self.agents.iter().filter(|(_, agent)| {
            agent
                .leg
                .as_deref()
                .is_some_and(|leg| !named.contains(leg) && is_of_box(leg, &agent.row.instance_id))
        });
        let gone: Vec<AgentId> = gone.map(|(id, _)| *id).collect();
        for id in gone {
            if let Some(agent) = self.agents.change(&id) {
                agent.row.uuid = String::new();
            }
            self.renew_leg(now, id);
        }
    }

    /// The box is gone, and what it has said with it.
    pub(in crate::engine) fn forget_part_of_box(&mut self, now: Timestamp, at: BoxNumber, instance: &str) {
        let before = std::mem::replace(&mut self.origin.at, at);
        self.take_devices(&[]);
        self.take_external_calls(&[]);
        self.step_off_legs_but(now, instance, &BTreeSet::new());
        self.external_calls.remove(&at);
        self.refusals.forget(at);
        self.origin.at = before;
    }
}
