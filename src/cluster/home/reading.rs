//! What becomes of a message of the leader.

use super::{Attempted, Deed, Home, Offered};
use crate::cluster::marks::{holds, Mark};
use crate::cluster::messages::ToBox;
use crate::cluster::time::BoxTime;
use crate::engine::{
    Announce, ApplicationReport, CallBack, CallbackAttemptId, Connect, EngineError, HangupCause, Input, MemberExit,
    OfferId, OfferStage, Output, Release, Reply, Ring, RingEnd,
};

impl Home {
    /// A message of the leader is read: what is to be done.
    pub fn read(&mut self, now: BoxTime, message: ToBox) -> Vec<Deed> {
        match message {
            ToBox::Does(output) => self.read_output(now, *output),
            ToBox::Answers { question, answer } => self.read_answer(question, answer),
            ToBox::AnswersJoining { session_uuid, answer } => {
                let joining = self.unanswered(&session_uuid);
                joining.map_or_else(Vec::new, |drawn| self.read_answer_to_joining(&drawn, answer))
            }
            ToBox::Replies { question, text } => vec![Deed::Reply { question, text }],
            ToBox::Releases { offer } => self.read_release_of_talk(offer),
            ToBox::Stays { member, stay } => {
                if let Some(caller) = self.callers.of_member_mut(member) {
                    caller.stay = Some(*stay);
                }
                Vec::new()
            }
            ToBox::Talks { offer, talk } => {
                if let Some(offered) = self.offers.get_mut(offer) {
                    offered.talk = Some(*talk);
                }
                Vec::new()
            }
        }
    }

    fn read_output(&mut self, now: BoxTime, output: Output) -> Vec<Deed> {
        match output {
            Output::Ring(ring) => self.read_ring(now, ring),
            Output::CancelRing { offer, cause } => self.read_cancel(offer, cause),
            Output::Connect(connect) => self.read_connect(now, connect),
            Output::CallBack(call) => self.read_callback(now, *call),
            Output::CancelCallBack(attempt) => self.read_cancelled_callback(attempt),
            Output::Release(release) => self.read_release(release),
            Output::Announce(announce) => self.read_announce(announce),
            output @ (Output::Hold { .. }
            | Output::Variables { .. }
            | Output::Event(_)
            | Output::Presence(_)
            | Output::QueueLog(_)
            | Output::Notice(_)
            | Output::Inspect(_)
            | Output::LookAtLeg(_)) => vec![Deed::CarryOut(output)],
            // The leader's journal has the rows.
            Output::Row(_) => Vec::new(),
        }
    }

    /// Nobody is rung for a caller who has left; and no phone twice for one offer, which a report may have told.
    fn read_ring(&mut self, now: BoxTime, ring: Ring) -> Vec<Deed> {
        let offer = ring.offer;
        let mut callers = self.callers.of_channel(&ring.member_session_uuid);
        let waits = callers.any(|(_, caller)| {
            let is_in_queue = caller.application != ApplicationReport::HasEnded && caller.left.is_none();
            is_in_queue && caller.member.is_some()
        });
        // Whoever is to be called back has no channel.
        let waits = waits || ring.calls_back.is_some();
        if self.offers.get(offer).is_some() {
            return Vec::new();
        }
        if !waits && holds(Mark::NobodyIsRungForWhoHasLeft) {
            let end = RingEnd::CallerGone;
            return vec![Deed::Tell(Input::OfferFailed { offer, end })];
        }
        let offered = Offered {
            ring: ring.clone(),
            stage: OfferStage::Ringing,
            since: now,
            answered: None,
            question: None,
            talk: None,
        };
        self.offers.insert(offered);
        vec![Deed::CarryOut(Output::Ring(ring))]
    }

    /// The leader hears that it is known here.
    fn read_release_of_talk(&mut self, offer: OfferId) -> Vec<Deed> {
        let stage = self.offers.get(offer).map(|offered| &offered.stage);
        if !matches!(stage, None | Some(OfferStage::Bridged(_))) {
            // Who does not talk yet is called off by an output that comes behind this, and that end is told.
            return Vec::new();
        }
        self.end_offer(offer);
        vec![Deed::Tell(Input::NotFound {
            members: Vec::new(),
            offers: vec![offer],
        })]
    }

    fn read_cancel(&mut self, offer: OfferId, cause: HangupCause) -> Vec<Deed> {
        // The end of one that is not known was told.
        let Some(offered) = self.offers.get(offer) else {
            return Vec::new();
        };
        let end = match &offered.stage {
            OfferStage::Bridged(agent_uuid) => Deed::EndTalk {
                offer,
                agent_uuid: agent_uuid.clone(),
                cause,
            },
            _ => Deed::CarryOut(Output::CancelRing { offer, cause }),
        };
        let answered = self.answered_late(offer);
        answered.into_iter().chain([end]).collect()
    }

    /// An offer is connected once, however often it is wanted: a leader that begins wants it anew.
    fn read_connect(&mut self, now: BoxTime, connect: Connect) -> Vec<Deed> {
        let known = self.offers.get_mut(connect.offer);
        let Some(offered) = known else { return Vec::new() };
        let OfferStage::Answered(agent_uuid) = &offered.stage else {
            return Vec::new();
        };
        offered.stage = OfferStage::Connecting(agent_uuid.clone());
        offered.since = now;
        // Who was called back has a channel by now.
        self.offers.move_to(connect.offer, &connect.member_session_uuid);
        let answered = self.answered_late(connect.offer);
        let connect = Deed::CarryOut(Output::Connect(connect));
        answered.into_iter().chain([connect]).collect()
    }

    fn read_callback(&mut self, now: BoxTime, call: CallBack) -> Vec<Deed> {
        if self.attempts.contains_key(&call.attempt) {
            return Vec::new();
        }
        let attempted = Attempted {
            call: call.clone(),
            read: now,
            reached: None,
        };
        self.attempts.insert(call.attempt, attempted);
        vec![Deed::CarryOut(Output::CallBack(Box::new(call)))]
    }

    fn read_cancelled_callback(&mut self, attempt: CallbackAttemptId) -> Vec<Deed> {
        let known = self.attempts.contains_key(&attempt);
        let cancel = known.then_some(Deed::CarryOut(Output::CancelCallBack(attempt)));
        cancel.into_iter().collect()
    }

    fn read_release(&mut self, release: Release) -> Vec<Deed> {
        let Some(caller) = self.callers.of_member_mut(release.member) else {
            return Vec::new();
        };
        if caller.application == ApplicationReport::Runs {
            caller.application = ApplicationReport::IsToEnd;
        }
        vec![Deed::CarryOut(Output::Release(release))]
    }

    fn read_announce(&mut self, announce: Announce) -> Vec<Deed> {
        let Some(caller) = self.callers.of_member_mut(announce.member) else {
            return Vec::new();
        };
        caller.announcement = Some(announce.announcement);
        vec![Deed::CarryOut(Output::Announce(announce))]
    }

    fn read_answer(&mut self, question: u64, answer: Result<Reply, EngineError>) -> Vec<Deed> {
        if let Some(drawn) = self.callers.drawn_for_question(question).map(str::to_owned) {
            return self.read_answer_to_joining(&drawn, answer);
        }
        if let Some(offer) = self.offers.of_question(question) {
            self.offers.take_question(offer);
            if answer.is_err() {
                self.end_offer(offer);
            }
        }
        if let Ok(Reply::CalledBack { member_uuid, .. }) = &answer {
            self.note_promise(member_uuid);
        }
        vec![Deed::Answer { question, answer }]
    }

    /// A caller is to be called back, and on the way out for that.
    fn note_promise(&mut self, member_uuid: &str) {
        let member = self.caller_of_uuid(member_uuid).map(|(member, _)| member);
        if let Some(caller) = member.and_then(|member| self.callers.of_member_mut(member)) {
            caller.is_promised = true;
            if caller.application == ApplicationReport::Runs {
                caller.application = ApplicationReport::IsToEnd;
            }
        }
    }

    /// The first joining of a channel that is not answered, in the order of reports.
    fn unanswered(&self, channel: &str) -> Option<String> {
        let mut callers = self.callers.of_channel(channel);
        let first = callers.find(|(_, caller)| caller.member.is_none());
        first.map(|(drawn, _)| drawn.to_owned())
    }

    /// Whoever waits for it has it; where the channel has left meanwhile, the end is told now.
    fn read_answer_to_joining(&mut self, drawn: &str, answer: Result<Reply, EngineError>) -> Vec<Deed> {
        let Some(caller) = self.callers.get(drawn).filter(|caller| caller.member.is_none()) else {
            return Vec::new();
        };
        let left = caller.left;
        let joined = match &answer {
            Ok(Reply::Joined { member, .. }) => Some(*member),
            _ => None,
        };
        let question = self.callers.answer(drawn, joined);
        if joined.is_none() {
            self.callers.remove(drawn);
        }
        match (left, joined, question) {
            (Some(exit), Some(member), _) => vec![Deed::Tell(Input::MemberExit { member, exit })],
            (None, _, Some(question)) => vec![Deed::Answer { question, answer }],
            _ => Vec::new(),
        }
    }

    /// The channel of a joining that is not answered has left: nobody waits for the answer any more, and once it is there the end is told.
    /// Says whether that is so; otherwise the member is known, and its end is an [`Input::MemberExit`].
    pub fn leaves_unanswered(&mut self, drawn: &str, exit: MemberExit) -> bool {
        let caller = self.callers.get_mut(drawn).filter(|caller| caller.member.is_none());
        caller.is_some_and(|caller| {
            caller.left = Some(exit);
            true
        })
    }
}
