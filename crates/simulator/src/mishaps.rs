//! What befalls a switch besides calls: it dies, stands still, loses its module, and others write into its database.

use super::caller::CallerId;
use super::leg::{Leg, Stage};
use super::observer::Observer;
use super::plan::{Act, Edit};
use super::surviving::Surviving;
use super::world::{new_driver, Happening, World};
use mod_callcenter::engine::{CancelReason, HangupCause, Input, MemberExit, OfferId, RingEnd, Span};

impl World {
    pub(super) fn act(&mut self, act: Act, observer: &mut dyn Observer) {
        match act {
            Act::Submit(input) => drop(self.submit(*input, observer)),
            Act::BreakAgent(agent) => self.break_agent(&agent, observer),
            Act::StandbyUp(agent) => self.standby_up(agent, observer),
            Act::StandbyDown(agent) => self.standby_down(&agent),
            Act::HangUpTogether(agent) => self.hang_up_together(&agent, observer),
            Act::WriteRow(edit) => self.write_row(&edit, observer),
            Act::StandStill(span) => self.clock.set(self.now() + span),
            Act::SetClock(by) => self.clock.set_wall(by),
            Act::Reload => self.reload(observer),
            Act::Crash { clock } => self.crash(clock, observer),
        }
    }

    /// Something may lie in wait for this agent at this moment.
    pub(super) fn ambush(&mut self, agent: &str) {
        let chance = self.plan.ambushes.chance;
        if !self.happens(chance) {
            return;
        }
        let ambushes = self.plan.ambushes.of_agent.get(agent).map(Vec::as_slice);
        let chosen = self.noise.pick(ambushes.unwrap_or_default()).cloned();
        for (after, act) in chosen.unwrap_or_default() {
            self.schedule(self.now() + after, Happening::Does(Box::new(act)));
        }
    }

    fn hang_up_together(&mut self, agent: &str, observer: &mut dyn Observer) {
        let offers = self.legs.iter().filter(|(_, leg)| leg.agent == agent);
        let offers: Vec<(OfferId, Option<CallerId>, Stage)> =
            offers.map(|(offer, leg)| (*offer, leg.caller, leg.stage)).collect();
        for (offer, caller, stage) in offers {
            let agent_first = self.noise.chance(0.5);
            let hangs_up = |world: &mut Self| caller.into_iter().for_each(|caller| world.caller_hangs_up(caller));
            if !agent_first {
                hangs_up(self);
            }
            match stage {
                Stage::Ringing => {
                    let end = RingEnd::NotTaken(HangupCause::CALL_REJECTED);
                    self.ring_ends(offer, Some(end), observer);
                }
                Stage::Answered | Stage::Vanished => self.vanishes(offer),
                Stage::Bridged => self.talk_ends(offer),
            }
            if agent_first {
                hangs_up(self);
            }
        }
    }

    fn write_row(&mut self, edit: &Edit, observer: &mut dyn Observer) {
        if let Some(changes) = self.database.edit(edit) {
            let _ = self.submit(Input::RowsChanged(changes), observer);
        }
    }

    /// FreeSWITCH is killed: every channel is gone, and a new process starts from the saved rows.
    fn crash(&mut self, clock: Span, observer: &mut dyn Observer) {
        self.standing.clear();
        self.database.forget_unwritten();
        self.start_anew(clock, Vec::new(), observer);
    }

    /// As the module unloads: rings end, whoever waits is let go, talks go on; then it is loaded again, and finds them. Whatever
    /// is chosen meanwhile rings no phone.
    fn reload(&mut self, observer: &mut dyn Observer) {
        self.closing = true;
        self.finish_bridging(observer);
        for (offer, ending) in self.ends_of_offers() {
            self.legs.remove(&offer);
            if self.noise.chance(0.8) {
                let _ = self.submit(ending, observer);
            }
        }
        for (id, exit) in self.exits_of_callers() {
            if let Some(caller) = self.callers.get_mut(&id) {
                caller.in_queue = false;
            }
            if let Some(member) = self.callers.get(&id).and_then(|caller| caller.member) {
                let _ = self.submit(Input::MemberExit { member, exit }, observer);
            }
        }
        self.closing = false;
        let surviving = self.surviving_talks();
        let _ = self.database.write();
        self.database.forget_unwritten();
        self.start_anew(Span::ZERO, surviving, observer);
    }

    fn ends_of_offers(&self) -> Vec<(OfferId, Input)> {
        let cause = HangupCause::ORIGINATOR_CANCEL;
        let withdrawn = |offer: OfferId| Input::OfferFailed {
            offer,
            end: RingEnd::Withdrawn(cause.clone()),
        };
        let end_of = |offer: OfferId, leg: &Leg| match leg.stage {
            Stage::Ringing => Some(withdrawn(offer)),
            Stage::Answered | Stage::Vanished if leg.caller.is_none() => Some(withdrawn(offer)),
            Stage::Answered | Stage::Vanished => Some(Input::BridgeFailed {
                offer,
                member_up: true,
                agent_left: leg.stage == Stage::Vanished,
                cause: cause.clone(),
            }),
            Stage::Bridged => None,
        };
        let legs = self.legs.iter();
        legs.filter_map(|(offer, leg)| Some((*offer, end_of(*offer, leg)?)))
            .collect()
    }

    fn exits_of_callers(&self) -> Vec<(CallerId, MemberExit)> {
        let waiting = self.callers.iter().filter(|(_, caller)| caller.in_queue);
        let exit = |caller: &super::caller::Caller| MemberExit {
            channel_up: caller.channel_up,
            reason: caller.bridged.is_none().then_some(CancelReason::BreakOut),
            key: None,
        };
        waiting.map(|(id, caller)| (*id, exit(caller))).collect()
    }

    /// A new engine takes up the saved rows, and what is up. Nothing that the old one had asked for reaches it.
    fn start_anew(&mut self, clock: Span, surviving: Vec<Surviving>, observer: &mut dyn Observer) {
        let by = self.clock.start_anew(clock);
        self.calendar.shift(by);
        self.callers.clear();
        self.legs.clear();
        self.calendar.retain(Happening::outlives_the_switch);
        self.wire.forget();
        self.restarts += 1;
        let seed = self.plan.seed.wrapping_add(self.restarts);
        self.driver = new_driver(&self.plan, seed, &self.clock, &self.wire);
        let snapshot = self.database.snapshot();
        let standing = self.standing_legs(&snapshot);
        let _ = self.submit(Input::Restore(snapshot), observer);
        self.open(observer);
        self.tell_what_is_up(standing, (surviving, by), observer);
    }
}
