//! Callers, and the phones that ring for them: what a switch does on each box.

use super::*;
use mod_callcenter::cluster::{happened, write, Command, Deed as Wish, FromBox};
use mod_callcenter::engine::{
    AnnouncementEnd, CancelReason, HangupCause, Input, Inspection, JoinRequest, LegState, MemberExit, Output, Release,
    Reply, Ring, RingEnd, TalkEnd,
};
use std::collections::BTreeSet;

/// A caller's channel on its box.
#[derive(Debug, Clone)]
pub struct Call {
    /// The uuid that was drawn for the member.
    drawn: String,
    pub queue: String,
    pub since: i64,
    /// Its joining was answered.
    pub has_joined: bool,
    /// It is in the queue application.
    pub waits: bool,
    /// Since when no phone rings for it.
    pub idle_since: i64,
    /// Agents who have not taken it: others come first.
    pub missed_by: BTreeSet<Agent>,
}

/// A phone on its box, from the wish to ring it.
#[derive(Debug, Clone)]
pub struct Phone {
    pub agent: Agent,
    pub caller: Caller,
    pub stage: Stage,
    question: Option<u64>,
}

/// How far a phone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It is yet to be dialled.
    Wanted,
    Ringing,
    Answered,
    Talking,
}

fn session(caller: Caller) -> String {
    format!("c{caller}")
}

fn caller_of(session: &str) -> Option<Caller> {
    session.strip_prefix('c')?.parse().ok()
}

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
        let drawn = format!("m{caller}");
        let queue = self.configuration.queue(&mut self.dice);
        let call = Call {
            drawn: drawn.clone(),
            queue: queue.clone(),
            since: self.now,
            has_joined: false,
            waits: true,
            idle_since: self.now,
            missed_by: BTreeSet::new(),
        };
        self.boxes[index].calls.insert(caller, call);
        self.books.arrives(caller, index);
        let request = JoinRequest {
            queue,
            session_uuid: session(caller),
            new_member_uuid: drawn,
            cid_number: caller.to_string(),
            ..JoinRequest::default()
        };
        self.tell(index, &Input::MemberJoin(request));
        let patience = self.dice.between(5 * SECOND, 40 * SECOND);
        let run = self.boxes[index].run;
        self.schedule(self.now + patience, Event::HangsUp(index, run, caller));
        if self.dice.chance(0.3) {
            self.command(index);
        }
        self.serve(index);
    }

    /// Somebody gives a command here.
    fn command(&mut self, index: usize) {
        self.next_command += 1;
        let command = self.next_command;
        let question = self.boxes[index].home.question();
        let words = format!("k{index} user/{command}");
        let asked = FromBox::Asked {
            question,
            command: Command {
                words,
                ..Command::default()
            },
        };
        self.commands.insert((index, self.boxes[index].run, question), command);
        let now = self.box_time(index);
        let line = self.of_its_release(index, write(&asked).expect("a line"));
        self.boxes[index].life.tell(now, line);
    }

    /// Something has happened on a box: its number as a question, if it is one.
    pub(super) fn tell(&mut self, index: usize, input: &Input) -> Option<u64> {
        let now = self.box_time(index);
        let one = &mut self.boxes[index];
        let (line, question) = happened(&mut one.home, input).expect("a line");
        let line = self.of_its_release(index, line);
        let one = &mut self.boxes[index];
        let number = one.life.tell(now, line);
        one.home.happens(now, number, question, input);
        self.note(|| format!("box{index} tells {input:?} as {number}"));
        question
    }

    pub(super) fn hang_up(&mut self, index: usize, caller: Caller) {
        let waits = self.boxes[index].calls.get(&caller).is_some_and(|call| call.waits);
        if waits {
            self.leave(index, caller, None);
        }
    }

    /// A caller leaves the queue, and nobody has it.
    fn leave(&mut self, index: usize, caller: Caller, reason: Option<CancelReason>) {
        let Some(call) = self.boxes[index].calls.remove(&caller) else {
            return;
        };
        self.books.leaves(caller, Outcome::Left);
        let exit = MemberExit {
            channel_up: false,
            reason,
            key: None,
        };
        let rung = self.boxes[index]
            .phones
            .iter()
            .filter(|(_, phone)| phone.caller == caller);
        let rung: Vec<Offer> = rung.map(|(offer, _)| *offer).collect();
        match self.boxes[index].home.member(&call.drawn) {
            Some(member) => drop(self.tell(index, &Input::MemberExit { member, exit })),
            None => drop(self.boxes[index].home.leaves_unanswered(&call.drawn, exit)),
        }
        for offer in rung {
            self.stop_phone(index, offer, &HangupCause::ORIGINATOR_CANCEL);
        }
    }

    pub(super) fn answer_phone(&mut self, index: usize, offer: Offer) {
        let Some(phone) = self.boxes[index].phones.get_mut(&offer) else {
            return;
        };
        if phone.stage != Stage::Ringing {
            return;
        }
        phone.stage = Stage::Answered;
        let agent_uuid = format!("leg-{offer}");
        let question = self.tell(index, &Input::OfferAnswered { offer, agent_uuid });
        if let Some(phone) = self.boxes[index].phones.get_mut(&offer) {
            phone.question = question;
        }
    }

    pub(super) fn ring_out(&mut self, index: usize, offer: Offer) {
        let rings = |phone: &Phone| phone.stage == Stage::Ringing;
        if self.boxes[index].phones.get(&offer).is_some_and(rings) {
            if let Some(phone) = self.drop_phone(index, offer) {
                self.note_missed(index, &phone);
            }
            let end = RingEnd::NotTaken(HangupCause::NO_ANSWER);
            self.tell(index, &Input::OfferFailed { offer, end });
        }
    }

    fn drop_phone(&mut self, index: usize, offer: Offer) -> Option<Phone> {
        self.books.stop(offer);
        let phone = self.boxes[index].phones.remove(&offer)?;
        let now = self.now;
        let others = self.boxes[index]
            .phones
            .values()
            .any(|other| other.caller == phone.caller);
        if let Some(call) = self.boxes[index].calls.get_mut(&phone.caller).filter(|_| !others) {
            call.idle_since = now;
        }
        Some(phone)
    }

    fn note_missed(&mut self, index: usize, phone: &Phone) {
        if let Some(call) = self.boxes[index].calls.get_mut(&phone.caller) {
            call.missed_by.insert(phone.agent);
        }
    }

    /// Whatever the phone does, it is not wanted any more.
    fn stop_phone(&mut self, index: usize, offer: Offer, cause: &HangupCause) {
        let Some(phone) = self.drop_phone(index, offer) else {
            return;
        };
        self.note_missed(index, &phone);
        let member_up = self.boxes[index].calls.contains_key(&phone.caller);
        let cause = cause.clone();
        let end = match phone.stage {
            Stage::Wanted | Stage::Ringing => Input::OfferFailed {
                offer,
                end: RingEnd::Withdrawn(cause),
            },
            Stage::Answered => Input::BridgeFailed {
                offer,
                member_up,
                agent_left: false,
                cause,
            },
            Stage::Talking => return self.end_talk_of(index, offer, phone.caller),
        };
        self.tell(index, &end);
    }

    pub(super) fn end_talk(&mut self, index: usize, offer: Offer) {
        let talks = |phone: &Phone| phone.stage == Stage::Talking;
        if self.boxes[index].phones.get(&offer).is_some_and(talks) {
            if let Some(phone) = self.drop_phone(index, offer) {
                self.end_talk_of(index, offer, phone.caller);
            }
        }
    }

    fn end_talk_of(&mut self, index: usize, offer: Offer, caller: Caller) {
        self.boxes[index].calls.remove(&caller);
        self.books.leaves(caller, Outcome::Served);
        let ended = Input::AgentLegEnded {
            offer,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Agent,
        };
        self.tell(index, &ended);
    }

    /// What the home says is to be done.
    pub(super) fn fulfil(&mut self, index: usize, wishes: Vec<Wish>) {
        for wish in wishes {
            self.note(|| format!("box{index}: {wish:?}"));
            match wish {
                Wish::CarryOut(output) => self.carry_out(index, output),
                Wish::EndTalk { offer, .. } => self.end_talk(index, offer),
                Wish::Answer { question, answer } => self.take_answer(index, question, answer.is_ok_and(is_welcome)),
                Wish::Reply { question, text } => self.take_reply(index, question, &text),
                Wish::Tell(input) => drop(self.tell(index, &input)),
            }
        }
    }

    /// Whoever waits for an answer has it.
    fn take_answer(&mut self, index: usize, question: u64, is_welcome: bool) {
        let answered = self.boxes[index]
            .phones
            .iter()
            .find(|(_, phone)| phone.question == Some(question));
        if let Some(offer) = answered.map(|(offer, _)| *offer).filter(|_| !is_welcome) {
            self.drop_phone(index, offer);
        }
        let home = &self.boxes[index].home;
        let joined = self.boxes[index]
            .calls
            .iter()
            .filter(|(_, call)| home.member(&call.drawn).is_some());
        let joined: Vec<Caller> = joined.map(|(caller, _)| *caller).collect();
        for caller in joined {
            if let Some(call) = self.boxes[index].calls.get_mut(&caller) {
                call.has_joined = true;
            }
        }
    }

    fn take_reply(&mut self, index: usize, question: u64, text: &str) {
        let key = (index, self.boxes[index].run, question);
        let command = self.commands.remove(&key).filter(|_| text == "+OK");
        if let Some(command) = command {
            self.books.promised.insert(index, command);
        }
    }

    fn carry_out(&mut self, index: usize, output: Output) {
        match output {
            Output::Ring(ring) => self.ring(index, &ring),
            Output::CancelRing { offer, cause } => self.stop_phone(index, offer, &cause),
            Output::Connect(connect) => self.want(index, Wanted::Bridge(connect.offer)),
            Output::Release(Release {
                session_uuid, reason, ..
            }) => {
                if let Some(caller) = caller_of(&session_uuid) {
                    self.leave(index, caller, Some(reason));
                }
            }
            Output::Announce(announce) => {
                let ended = Input::AnnouncementEnded {
                    member: announce.member,
                    announcement: announce.announcement,
                    end: AnnouncementEnd::Played,
                };
                self.tell(index, &ended);
            }
            Output::Inspect(inspection) => self.look_up(index, &inspection),
            Output::LookAtLeg(agent_uuid) => {
                let state = LegState::Gone;
                self.tell(index, &Input::StandingLeg { agent_uuid, state });
            }
            _ => (),
        }
    }

    fn ring(&mut self, index: usize, ring: &Ring) {
        let caller = caller_of(&ring.member_session_uuid).expect("a caller of this world");
        let phone = Phone {
            agent: number_of(&ring.agent),
            caller,
            stage: Stage::Wanted,
            question: None,
        };
        self.boxes[index].phones.insert(ring.offer, phone);
        self.want(index, Wanted::Dial(ring.offer));
    }

    fn look_up(&mut self, index: usize, inspection: &Inspection) {
        let one = &self.boxes[index];
        let offers = inspection.ringing.iter().chain(&inspection.talking);
        let offers: Vec<Offer> = offers
            .filter(|offer| !one.phones.contains_key(offer))
            .copied()
            .collect();
        let waits = |session: &str| {
            caller_of(session)
                .and_then(|caller| one.calls.get(&caller))
                .is_some_and(|call| call.waits)
        };
        let members = inspection.waiting.iter().filter(|(_, session)| !waits(session));
        let members: Vec<_> = members.map(|(member, _)| *member).collect();
        if !offers.is_empty() || !members.is_empty() {
            self.tell(index, &Input::NotFound { members, offers });
        }
    }

    fn want(&mut self, index: usize, wanted: Wanted) {
        self.next_said += 1;
        self.deeds.insert(self.next_said, (self.now, wanted));
        let now = self.box_time(index);
        self.boxes[index].life.check(now, self.next_said);
    }

    pub(super) fn do_it(&mut self, index: usize, wanted: Wanted, is_wanted: bool) {
        self.note(|| format!("box{index}: {wanted:?} is wanted: {is_wanted}"));
        let (Wanted::Dial(offer) | Wanted::Bridge(offer)) = wanted;
        let Some(phone) = self.boxes[index].phones.get(&offer).cloned() else {
            return;
        };
        if !is_wanted {
            return self.stop_phone(index, offer, &HangupCause::ORIGINATOR_CANCEL);
        }
        let home = &self.boxes[index].home;
        match wanted {
            Wanted::Dial(_) if phone.stage == Stage::Wanted && home.rings(offer) => self.dial(index, offer, &phone),
            Wanted::Bridge(_) if phone.stage == Stage::Answered && home.connects(offer) => {
                self.bridge(index, offer, &phone);
            }
            _ => (),
        }
    }

    fn dial(&mut self, index: usize, offer: Offer, phone: &Phone) {
        if let Some(phone) = self.boxes[index].phones.get_mut(&offer) {
            phone.stage = Stage::Ringing;
        }
        crate::checks::dial(self, index, offer, phone);
        let late = self.dice.between(SECOND / 5, 4 * SECOND);
        let run = self.boxes[index].run;
        let event = if self.dice.chance(0.75) {
            Event::Answers(index, run, offer)
        } else {
            Event::RingsOut(index, run, offer)
        };
        self.schedule(self.now + late, event);
    }

    /// Bridging ends the caller's queue application.
    fn bridge(&mut self, index: usize, offer: Offer, phone: &Phone) {
        let call = self.boxes[index].calls.get_mut(&phone.caller).filter(|call| call.waits);
        let Some(call) = call else {
            return self.stop_phone(index, offer, &HangupCause::ORIGINATOR_CANCEL);
        };
        call.waits = false;
        let drawn = call.drawn.clone();
        if let Some(phone) = self.boxes[index].phones.get_mut(&offer) {
            phone.stage = Stage::Talking;
        }
        crate::checks::bridge(self, index, offer, phone.agent);
        self.tell(index, &Input::OfferBridged { offer });
        if let Some(member) = self.boxes[index].home.member(&drawn) {
            let exit = MemberExit {
                channel_up: true,
                reason: None,
                key: None,
            };
            self.tell(index, &Input::MemberExit { member, exit });
        }
        let run = self.boxes[index].run;
        let late = self.dice.between(SECOND, 9 * SECOND);
        self.schedule(self.now + late, Event::Ends(index, run, offer));
    }
}

/// Whether an answer lets go on whoever has asked.
fn is_welcome(reply: Reply) -> bool {
    !matches!(reply, Reply::Refused { .. })
}
