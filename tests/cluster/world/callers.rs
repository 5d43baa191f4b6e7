//! Callers, and the phones that ring for them.

use super::*;

impl World {
    pub(super) fn call(&mut self, index: usize) {
        let every = self.plan.callers_every.expect("callers");
        if self.now > self.plan.calls_until {
            return;
        }
        let next = self.dice.below(self.plan.boxes);
        let late = self.dice.between(every / 4, every * 7 / 4);
        self.schedule(self.now + late, Event::Calls(next));
        if self.boxes[index].state != State::Running || self.boxes[index].departing {
            return;
        }
        self.next_caller += 1;
        let caller = self.next_caller;
        self.note(|| format!("caller {caller} on box{index}"));
        let present = Present {
            joined: None,
            since: self.now,
            offer: None,
        };
        self.boxes[index].home.callers.insert(caller, present);
        self.books.arrives(caller, index);
        self.tell(index, &In::Joined(caller));
        let patience = self.dice.between(5 * SECOND, 40 * SECOND);
        let run = self.boxes[index].run;
        self.schedule(self.now + patience, Event::HangsUp(index, run, caller));
        self.serve(index);
    }

    pub(super) fn tell(&mut self, index: usize, input: &In) -> u64 {
        let now = self.box_time(index);
        let number = self.boxes[index].life.tell(now, input.write());
        self.note(|| format!("box{index} tells {input:?} as {number}"));
        number
    }

    pub(super) fn end(&mut self, index: usize, caller: Caller, outcome: Outcome, input: &In) {
        self.boxes[index].home.end(self.now, caller, outcome);
        self.books.leaves(caller, outcome);
        let number = self.tell(index, input);
        self.boxes[index].home.told(number);
    }

    pub(super) fn hang_up(&mut self, index: usize, caller: Caller) {
        let Some(present) = self.boxes[index].home.callers.get(&caller).copied() else {
            return;
        };
        if let Some(made) = present.offer {
            if made.stage == Stage::Talking {
                return;
            }
            self.books.stop(made.offer);
        }
        self.end(index, caller, Outcome::Left, &In::Left(caller));
    }

    /// Whose offer it is, while a phone rings for it.
    fn rung_for(&self, index: usize, offer: Offer) -> Option<Caller> {
        let found = self.boxes[index].home.of_offer(offer);
        found.and_then(|(caller, made)| (made.stage == Stage::Ringing).then_some(caller))
    }

    pub(super) fn answer_phone(&mut self, index: usize, offer: Offer) {
        if let Some(caller) = self.rung_for(index, offer) {
            self.boxes[index]
                .home
                .change(caller, |made| made.stage = Stage::Answered);
            self.tell(index, &In::Answered(offer));
        }
    }

    pub(super) fn ring_out(&mut self, index: usize, offer: Offer) {
        if let Some(caller) = self.rung_for(index, offer) {
            self.stop_offer(index, caller, offer);
        }
    }

    pub(super) fn stop_offer(&mut self, index: usize, caller: Caller, offer: Offer) {
        self.books.stop(offer);
        self.boxes[index].home.drop_offer(caller);
        self.tell(index, &In::Failed(offer));
    }

    pub(super) fn end_talk(&mut self, index: usize, offer: Offer) {
        if let Some((caller, made)) = self.boxes[index].home.of_offer(offer) {
            if made.stage == Stage::Talking {
                self.books.stop(offer);
                self.end(index, caller, Outcome::Served, &In::Ended(offer));
            }
        }
    }

    pub(super) fn carry_out(&mut self, index: usize, out: &Out) {
        self.note(|| format!("box{index} carries out {out:?}"));
        match *out {
            Out::Place(caller, joined) => {
                if let Some(present) = self.boxes[index].home.callers.get_mut(&caller) {
                    present.joined = Some(joined);
                }
            }
            Out::Ring(offer, caller, agent) => {
                let present = self.boxes[index].home.callers.get_mut(&caller);
                let Some(present) = present.filter(|present| present.offer.is_none()) else {
                    self.tell(index, &In::Failed(offer));
                    return;
                };
                present.offer = Some(Made {
                    offer,
                    agent,
                    stage: Stage::Ringing,
                    is_dialled: false,
                });
                self.want(index, Wanted::Dial(offer));
            }
            Out::Connect(offer) => {
                if self.boxes[index].home.of_offer(offer).is_some() {
                    self.want(index, Wanted::Bridge(offer));
                }
            }
            Out::Cancel(offer) => match self.boxes[index].home.of_offer(offer) {
                Some((_, made)) if made.stage == Stage::Talking => self.end_talk(index, offer),
                Some((caller, _)) => self.stop_offer(index, caller, offer),
                None => (),
            },
        }
    }

    pub(super) fn want(&mut self, index: usize, wanted: Wanted) {
        self.next_said += 1;
        self.deeds.insert(self.next_said, (self.now, wanted));
        let now = self.box_time(index);
        self.boxes[index].life.check(now, self.next_said);
    }

    pub(super) fn do_it(&mut self, index: usize, wanted: Wanted, is_wanted: bool) {
        self.note(|| format!("box{index}: {wanted:?} is wanted: {is_wanted}"));
        let (Wanted::Dial(offer) | Wanted::Bridge(offer)) = wanted;
        let Some((caller, made)) = self.boxes[index].home.of_offer(offer) else {
            return;
        };
        if !is_wanted {
            return self.stop_offer(index, caller, offer);
        }
        let run = self.boxes[index].run;
        match wanted {
            Wanted::Dial(_) if made.stage == Stage::Ringing && !made.is_dialled => {
                self.boxes[index].home.change(caller, |made| made.is_dialled = true);
                crate::checks::dial(self, index, offer, made.agent);
                let late = self.dice.between(SECOND / 5, 4 * SECOND);
                let event = if self.dice.chance(0.75) {
                    Event::Answers(index, run, offer)
                } else {
                    Event::RingsOut(index, run, offer)
                };
                self.schedule(self.now + late, event);
            }
            Wanted::Bridge(_) if made.stage == Stage::Answered => {
                self.boxes[index]
                    .home
                    .change(caller, |made| made.stage = Stage::Talking);
                crate::checks::bridge(self, index, offer, made.agent);
                self.tell(index, &In::Bridged(offer));
                let late = self.dice.between(SECOND, 9 * SECOND);
                self.schedule(self.now + late, Event::Ends(index, run, offer));
            }
            _ => (),
        }
    }

    pub fn home(&self, index: usize) -> &Home {
        &self.boxes[index].home
    }
}
