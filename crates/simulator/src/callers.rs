//! What callers do: arrive, join, wait, give up, press a key, are sent away, call again.

use super::caller::{Caller, CallerId};
use super::dice::{Dice, Draw};
use super::expected::Lot;
use super::observer::Observer;
use super::plan::Traffic;
use super::world::{Call, Happening, World};
use mod_callcenter::engine::{
    Announce, AnnouncementEnd, CallerRequirements, CancelReason, EngineError, Input, JoinRequest, MemberExit,
    PreferredAgents, Release, Reply, Span,
};

/// Seconds; longer than many an interval between announcements.
const LONGEST_ANNOUNCEMENT: f64 = 40.0;

impl World {
    /// Lets a caller arrive now.
    pub fn call(&mut self, call: Call) {
        self.schedule(self.now(), Happening::Arrives(Box::new(call)));
    }

    /// A caller as the plan's traffic of this queue would send one; an ordinary one where there is no traffic.
    pub fn draw_call(&mut self, queue: &str) -> Call {
        match self.plan.traffic.iter().position(|traffic| traffic.queue == queue) {
            Some(index) => draw_call(&self.plan.traffic[index], &mut self.arrivals[index]),
            None => draw_call(&Traffic::new(queue, 0.0), &mut self.noise),
        }
    }

    pub(super) fn next_arrival(&mut self, index: usize) {
        let (Some(traffic), Some(dice)) = (self.plan.traffic.get(index), self.arrivals.get_mut(index)) else {
            return;
        };
        let now = mod_callcenter::driver::Clock::now(&*self.clock);
        let rate = traffic.rate(now.since(self.plan.start));
        // Arrivals have no memory, so where the rate changes the wait is simply drawn anew with the new rate.
        let step = traffic.step.micros().max(1);
        let into_step = now.since(self.plan.start).micros().rem_euclid(step);
        let to_next_rate = Span::from_micros(step - into_step);
        let wait = if rate > 0.0 {
            Draw::Exponential(3600.0 / rate).roll(dice)
        } else {
            to_next_rate
        };
        let end = self.plan.start + self.plan.length;
        let arrives = wait < to_next_rate;
        let next = now + wait.min(to_next_rate);
        if next >= end {
            return;
        }
        if arrives {
            let call = draw_call(traffic, dice);
            self.schedule(next, Happening::Arrives(Box::new(call)));
        }
        self.schedule(next, Happening::NextArrival(index));
    }

    fn name_of(&self, id: CallerId) -> String {
        let number = usize::try_from(id.0).unwrap_or(0).checked_rem(self.names.len());
        let name = number.and_then(|number| self.names.get(number));
        name.map_or_else(|| format!("Caller {}", id.0), |name| (*name).to_owned())
    }

    pub(super) fn arrives(&mut self, call: Call, lot: Option<Lot>, observer: &mut dyn Observer) {
        self.callers_ever += 1;
        let id = CallerId(self.callers_ever);
        let answered = self.now() + Span::from_micros(-call.before_queue.micros());
        let request = JoinRequest {
            queue: call.queue.clone(),
            session_uuid: id.session_uuid(),
            new_member_uuid: id.member_uuid(),
            cid_number: call.number.clone(),
            cid_name: self.name_of(id),
            dnis: None,
            base_score: call.base_score,
            answered_epoch: self.clock.wall_at(answered).secs(),
            answered_ago: None,
            requirements: call.requirements.clone(),
            position: None,
            param: None,
            preferred: call.preferred.clone(),
            caller_key: None,
            callback_number: None,
        };
        let now = self.now();
        // The caller exists before the engine is told: an offer may come back at once.
        self.callers.insert(id, new_caller(&call, lot));
        let joined = self.join(request, observer);
        let Some(caller) = self.callers.get_mut(&id) else {
            return;
        };
        let Ok(Reply::Joined { member, .. }) = joined else {
            let lot = self.callers.remove(&id).and_then(|caller| caller.lot);
            self.calls_again(lot);
            return;
        };
        caller.member = Some(member);
        self.schedule(now + call.patience, Happening::HangsUp(id));
        if let Some(after) = call.exit_key_after {
            self.schedule(now + after, Happening::PressesKey(id));
        }
        if let Some(after) = call.callback_after {
            self.schedule(now + after, Happening::AsksForCallback(id));
        }
        if let Some(after) = call.taken_away_after {
            self.schedule(now + after, Happening::TakenAway(id));
        }
    }

    /// As the queue application does it: a queue that is configured but not loaded is loaded for the caller.
    fn join(&mut self, request: JoinRequest, observer: &mut dyn Observer) -> Result<Reply, EngineError> {
        let reply = self.submit(Input::MemberJoin(request.clone()), observer);
        if reply != Err(EngineError::QueueNotFound) {
            return reply;
        }
        let Some(config) = self
            .plan
            .queues
            .iter()
            .find(|queue| queue.name == request.queue)
            .cloned()
        else {
            return reply;
        };
        self.submit(Input::LoadQueue(config), observer)?;
        self.submit(Input::MemberJoin(request), observer)
    }

    pub(super) fn caller_hangs_up(&mut self, id: CallerId) {
        if let Some(caller) = self.callers.get_mut(&id) {
            if caller.bridged.is_none() && caller.channel_up {
                caller.channel_up = false;
                self.plan_soon(Happening::ReportsExit(id));
            }
        }
    }

    pub(super) fn presses_key(&mut self, id: CallerId) {
        if let Some(caller) = self.callers.get_mut(&id) {
            if caller.bridged.is_none() && !caller.has_turned_away() {
                caller.reason = Some(CancelReason::ExitWithKey);
                self.plan_soon(Happening::ReportsExit(id));
            }
        }
    }

    pub(super) fn taken_away(&mut self, id: CallerId) {
        if let Some(caller) = self.callers.get_mut(&id) {
            if caller.bridged.is_none() && !caller.has_turned_away() {
                caller.taken_away = true;
                self.plan_soon(Happening::ReportsExit(id));
            }
        }
    }

    /// The engine lets a caller go: the application ends with that reason, at once or a little later.
    pub(super) fn released(&mut self, release: &Release) {
        let Some(id) = CallerId::of_session(&release.session_uuid) else {
            return;
        };
        if let Some(caller) = self.callers.get_mut(&id) {
            if caller.bridged.is_none() && !caller.has_turned_away() {
                caller.reason = Some(release.reason);
            }
            if self.noise.chance(0.5) {
                self.schedule(self.now(), Happening::ReportsExit(id));
            } else {
                self.plan_soon(Happening::ReportsExit(id));
            }
        }
    }

    /// Plays an announcement. Its end is reported even when the caller has left meanwhile: such news are late.
    pub(super) fn announce(&mut self, announce: &Announce) {
        let length = Draw::Uniform(0.0, LONGEST_ANNOUNCEMENT).roll(&mut self.noise);
        let ended = Input::AnnouncementEnded {
            member: announce.member,
            announcement: announce.announcement,
            end: if self.noise.chance(0.05) {
                AnnouncementEnd::Unplayable
            } else {
                AnnouncementEnd::Played
            },
        };
        self.calendar
            .plan(self.now() + length, Happening::Reports(Box::new(ended)));
    }

    pub(super) fn reports_exit(&mut self, id: CallerId, observer: &mut dyn Observer) {
        let Some(caller) = self.callers.get_mut(&id).filter(|caller| caller.in_queue) else {
            return;
        };
        let Some(member) = caller.member else {
            return;
        };
        caller.in_queue = false;
        let exit = MemberExit {
            channel_up: caller.channel_up,
            reason: caller.reason,
            key: None,
        };
        if self.happens(self.plan.network.lost_results) {
            self.forget_if_gone(id);
            return;
        }
        let left = self.submit(Input::MemberExit { member, exit }, observer);
        let is_promised = self.callers.get(&id).is_some_and(|caller| caller.is_promised);
        if left == Ok(Reply::Left { answered: false }) && !is_promised {
            self.perhaps_redial(id);
        }
        self.forget_if_gone(id);
    }

    fn perhaps_redial(&mut self, id: CallerId) {
        let Some(caller) = self.callers.get_mut(&id) else {
            return;
        };
        let lot = caller.lot.take();
        if self.calls_again(lot) {
            return;
        }
        let Some(caller) = self.callers.get(&id) else {
            return;
        };
        let (queue, number, redial) = (caller.queue.clone(), caller.number.clone(), caller.redial);
        if self.noise.chance(redial) {
            let again = self.now() + Draw::Uniform(1.0, 120.0).roll(&mut self.noise);
            if again < self.plan.start + self.plan.length {
                let call = Call {
                    number,
                    ..self.draw_call(&queue)
                };
                self.schedule(again, Happening::Arrives(Box::new(call)));
            }
        }
    }

    /// Forgets a caller who is neither in the queue nor talking.
    pub(super) fn forget_if_gone(&mut self, id: CallerId) {
        if self
            .callers
            .get(&id)
            .is_some_and(|caller| !caller.in_queue && caller.bridged.is_none())
        {
            self.callers.remove(&id);
        }
    }

    pub(super) fn doors_close(&mut self) {
        let waiting: Vec<CallerId> = self.callers.keys().copied().collect();
        for id in waiting {
            self.caller_hangs_up(id);
        }
    }
}

pub(super) fn new_caller(call: &Call, lot: Option<Lot>) -> Caller {
    Caller {
        lot,
        queue: call.queue.clone(),
        number: call.number.clone(),
        talk: call.talk,
        agent_ends: call.agent_ends,
        redial: call.redial,
        member: None,
        channel_up: true,
        in_queue: true,
        reason: None,
        taken_away: false,
        is_promised: false,
        bridged: None,
    }
}

/// One of the requirements of the queue's callers, all alike; nothing is drawn where there are none, so that other days stay as they are.
fn draw_requirements(traffic: &Traffic, dice: &mut Dice) -> CallerRequirements {
    if traffic.requirements.is_empty() {
        return CallerRequirements::default();
    }
    dice.pick(&traffic.requirements).cloned().unwrap_or_default()
}

/// Everything about a caller is drawn at once, so that it does not depend on what the engine does with the call.
/// One of the lists of agents whom the queue's callers prefer; nothing is drawn where there are none.
fn draw_preferred(traffic: &Traffic, dice: &mut Dice) -> PreferredAgents {
    if traffic.preferred.is_empty() {
        return PreferredAgents::default();
    }
    dice.pick(&traffic.preferred).cloned().unwrap_or_default()
}

pub(super) fn draw_call(traffic: &Traffic, dice: &mut Dice) -> Call {
    let patience = traffic.patience.roll(dice);
    let part_of_it = Span::from_micros((patience.micros() as f64 * dice.unit()) as i64);
    Call {
        queue: traffic.queue.clone(),
        number: format!("0{:06}", dice.between(1, traffic.numbers)),
        talk: traffic.talk.roll(dice),
        exit_key_after: dice.chance(traffic.exit_key).then_some(part_of_it),
        taken_away_after: dice.chance(traffic.taken_away).then_some(part_of_it),
        redial: traffic.redial,
        base_score: dice.between(0, traffic.base_score),
        before_queue: traffic.before_queue.roll(dice),
        agent_ends: dice.chance(traffic.agent_ends),
        requirements: draw_requirements(traffic, dice),
        preferred: draw_preferred(traffic, dice),
        // Nothing is drawn where nobody asks, so that other days stay as they are.
        callback_after: (traffic.callback > 0.0 && dice.chance(traffic.callback)).then_some(part_of_it),
        patience,
    }
}
