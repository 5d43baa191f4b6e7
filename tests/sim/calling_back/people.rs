//! What callers and agents do: they call, ask to be called back, hang up, confirm and come; answer, give back and talk.

use super::{Day, Happening, QUEUE};
use mod_callcenter::engine::*;

impl Day {
    pub(super) fn caller_calls(&mut self) {
        if self.now < self.end {
            self.plan((1.0, 40.0), Happening::Calls);
        }
        self.callers += 1;
        let number = format!("0{}", self.dice.below(12));
        let asks_at_the_door = self.dice.chance(0.1);
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("s{}", self.callers),
            new_member_uuid: format!("m{}", self.callers),
            cid_number: number.clone(),
            base_score: if self.dice.chance(0.1) { 900 } else { 0 },
            callback_number: asks_at_the_door.then(|| number.clone()),
            ..JoinRequest::default()
        };
        self.join(request, &number, false);
    }

    pub(super) fn join(&mut self, request: JoinRequest, number: &str, is_back: bool) {
        self.book.shake();
        let reply = self.tell(Input::MemberJoin(request));
        let Ok(Reply::Joined {
            member, member_uuid, ..
        }) = reply
        else {
            return;
        };
        let found = self.book.joins(&self.engine, self.now, member, (&member_uuid, is_back));
        self.judge(found);
        let patience = if self.dice.chance(0.3) { 60.0 } else { 900.0 };
        self.plan((5.0, patience), Happening::GivesUp(member));
        if self.dice.chance(0.5) {
            self.plan((1.0, 60.0), Happening::Asks(member, number.to_owned()));
        }
    }

    /// A supervisor has the queue call nobody back for a while.
    pub(super) fn stops(&mut self) {
        self.plan((5.0, 120.0), Happening::GoesOn);
        self.plan((200.0, 1_500.0), Happening::Stops);
        let mut config = self.config.clone();
        config.callbacks.dial = None;
        self.loads(config);
    }

    pub(super) fn goes_on(&mut self) {
        self.loads(self.config.clone());
    }

    fn loads(&mut self, config: QueueConfig) {
        self.book.shake();
        self.book.is_stopped = config.callbacks.dial.is_none();
        let _ = self.tell(Input::LoadQueue(config));
    }

    pub(super) fn asks(&mut self, member: MemberId, number: String) {
        self.book.shake();
        if let Ok(Reply::CalledBack { member_uuid, .. }) = self.tell(Input::CallbackAsk { member, number }) {
            self.book.is_leaving(member, &member_uuid);
            self.plan((0.0, 5.0), Happening::Leaves(member));
        }
    }

    pub(super) fn leaves(&mut self, member: MemberId, channel_up: bool) {
        if !self.book.live.contains_key(&member) {
            return;
        }
        self.book.left(self.now, member);
        let exit = MemberExit {
            channel_up,
            reason: (!channel_up).then_some(CancelReason::BreakOut),
            key: None,
        };
        let _ = self.tell(Input::MemberExit { member, exit });
    }

    pub(super) fn confirms(&mut self, attempt: CallbackAttemptId) {
        let session_uuid = format!("back{}", attempt.number());
        let reply = self.tell(Input::CallbackReached {
            attempt,
            session_uuid: session_uuid.clone(),
        });
        match (reply, self.dice.below(10)) {
            (Err(_), _) => (),
            (Ok(_), 0) => self.plan((0.0, 1.0), Happening::HangsUp(session_uuid)),
            // The dialplan loses it.
            (Ok(_), 1) => (),
            (Ok(_), _) => self.plan((0.0, 1.0), Happening::Arrives(session_uuid)),
        }
    }

    pub(super) fn arrives(&mut self, session: &str) {
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: session.to_owned(),
            new_member_uuid: format!("not-{session}"),
            cid_number: "0800".to_owned(),
            ..JoinRequest::default()
        };
        self.join(request, "0800", true);
    }

    pub(super) fn answers(&mut self, offer: OfferId) {
        if self.cancelled.contains(&offer) {
            return;
        }
        let Some(ring) = self.rings.get(&offer).cloned() else {
            return;
        };
        let agent_uuid = format!("leg{}", offer.number());
        if self.tell(Input::OfferAnswered { offer, agent_uuid }).is_err() {
            self.ring_ends(offer, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
            return;
        }
        if ring.calls_back.is_some() {
            if self.dice.chance(0.15) {
                self.plan((0.5, 30.0), Happening::HangsUpWhileWaiting(offer));
            }
            return;
        }
        self.bridges(offer);
    }

    /// Member and agent hear each other; whoever asked for that has it.
    pub(super) fn bridges(&mut self, offer: OfferId) {
        if self.cancelled.contains(&offer) {
            return;
        }
        self.connecting.remove(&offer);
        let Some(ring) = self.rings.get(&offer).cloned() else {
            return;
        };
        if self.tell(Input::OfferBridged { offer }).is_err() {
            return;
        }
        let member = self.book.live.iter().find(|(_, live)| live.uuid == ring.member_uuid);
        if let Some(member) = member.map(|(member, _)| *member) {
            self.book.live.remove(&member);
            let exit = MemberExit {
                channel_up: true,
                reason: None,
                key: None,
            };
            let _ = self.tell(Input::MemberExit { member, exit });
        }
        self.plan((5.0, 90.0), Happening::TalkEnds(offer));
    }

    pub(super) fn ring_ends(&mut self, offer: OfferId, end: RingEnd) {
        if self.rings.remove(&offer).is_none() {
            return;
        }
        self.book.offer_ends(self.now, offer);
        let input = match self.connecting.remove(&offer) {
            false => Input::OfferFailed { offer, end },
            true => Input::BridgeFailed {
                offer,
                member_up: false,
                agent_left: false,
                cause: end.cause(),
            },
        };
        let _ = self.tell(input);
    }

    /// The agent has heard whom it is about, and does not want it.
    pub(super) fn gives_back(&mut self, offer: OfferId) {
        if self.cancelled.contains(&offer) {
            return;
        }
        self.book.is_given_back(self.now, offer);
        self.ring_ends(offer, RingEnd::GivenBack);
    }

    pub(super) fn talk_ends(&mut self, offer: OfferId) {
        if self.rings.remove(&offer).is_none() {
            return;
        }
        self.book.offer_ends(self.now, offer);
        let _ = self.tell(Input::AgentLegEnded {
            offer,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Agent,
        });
    }
}
