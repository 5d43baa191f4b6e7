//! A place in line that goes over to another channel: somebody has called the queue, and joins a caller with that call while it waits.
//!
//! FreeSWITCH sends the caller into the queue anew and hangs up the call that waited, each on its own thread. The place is kept in between:
//! nobody is rung for it, and the caller who arrives is the same member, with all that it has waited for. What never arrives has left.

use crate::engine::border::caller::{JoinRequest, MemberExit};
use crate::engine::border::error::EngineError;
use crate::engine::border::hold::Hold;
use crate::engine::border::output::Output;
use crate::engine::border::reply::Reply;
use crate::engine::centre::callback::CallbackStage;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{Application, Brought, MemberFacts};
use crate::engine::centre::offer::Offer;
use crate::engine::centre::timers::Timer;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CallState, CancelReason, HangupCause};
use std::sync::Arc;

/// How long a place is kept for a caller who is on the way: as long as the dialplan may take before the queue.
const ARRIVAL: Span = Span::from_secs(60);

impl Engine {
    /// A waiting member's channel has left for good, and another one is on the way to its place.
    pub(in crate::engine) fn hand_over(
        &mut self,
        now: Timestamp,
        id: MemberId,
        successor: String,
    ) -> Result<Reply, EngineError> {
        let member = self.members.get(&id).ok_or(EngineError::MemberNotFound)?;
        let serving = member.serving().and_then(|offer| self.offers.get(&offer));
        let is_in_talk = member.is_served() || serving.is_some_and(Offer::is_bridged);
        if is_in_talk || member.application != Application::Runs {
            return self.exit(now, id, GONE);
        }
        if let Some(member) = self.members.change(&id) {
            member.application = Application::HasEnded;
        }
        self.stop_rings_of(now, id);
        self.take_from_agent(id);
        self.clear_limits(id);
        self.timers.set(Timer::Succession(id), now + ARRIVAL);
        self.successors.insert(successor, id);
        Ok(Reply::Left { answered: false })
    }

    /// The agent who has answered has nobody to be connected to.
    fn take_from_agent(&mut self, id: MemberId) {
        let serving = self.members.get(&id).and_then(|member| member.serving());
        let Some(offer) = serving else { return };
        self.return_member(id, offer);
        if let Some(offer) = self.offers.get_mut(&offer) {
            offer.lose_member();
        }
        self.outputs.push_back(Output::CancelRing {
            offer,
            cause: HangupCause::ORIGINATOR_CANCEL,
        });
    }

    /// The place that is kept in this queue for the channel of a caller at the door. One that is kept elsewhere will not be taken.
    pub(in crate::engine) fn kept_place(
        &mut self,
        now: Timestamp,
        queue: QueueId,
        session_uuid: &str,
    ) -> Option<MemberId> {
        let id = self.successors.remove(session_uuid)?;
        self.timers.clear(Timer::Succession(id));
        let is_here = self.members.get(&id).is_some_and(|member| member.queue == queue);
        if !is_here {
            self.give_place_up(now, id);
        }
        is_here.then_some(id)
    }

    /// A channel that a place is kept for has gone.
    pub(in crate::engine) fn forget_successor(&mut self, now: Timestamp, session_uuid: &str) {
        if let Some(id) = self.successors.remove(session_uuid) {
            self.timers.clear(Timer::Succession(id));
            self.give_place_up(now, id);
        }
    }

    /// Nobody has arrived in all the time.
    pub(in crate::engine) fn give_up_successor(&mut self, now: Timestamp, id: MemberId) {
        self.successors.retain(|_, member| *member != id);
        if self.members.get(&id).is_some_and(|member| member.is_arriving()) {
            return self.end_arrival(now, id);
        }
        self.give_place_up(now, id);
    }

    fn give_place_up(&mut self, now: Timestamp, id: MemberId) {
        self.log_leaving(now, id, CancelReason::BreakOut, None);
        self.abandon(now, id, CancelReason::BreakOut);
    }

    /// The caller whom the place was kept for is there: the stay goes on.
    pub(in crate::engine) fn take_over(&mut self, now: Timestamp, id: MemberId, request: &JoinRequest) -> Reply {
        let is_called_back = self.members.get(&id).is_some_and(|member| member.is_arriving());
        if is_called_back {
            self.begin_limits_anew(now, id);
            self.release_hold(id);
        }
        if let Some(before) = self.put_on_channel(id, request) {
            if !is_called_back {
                self.note_preferred(now, id, request);
            }
            self.tell_successor(id, &before);
        }
        self.set_limits(now, id);
        self.connect_waiting_agent(id);
        self.watch(now);
        self.release_overdue(id);
        let member = self.members.get(&id);
        // The queue may have become empty meanwhile.
        self.aftermath.staffing.extend(member.map(|member| member.queue));
        let hold = member.and_then(|member| self.config_of(member.queue)).map(Hold::of);
        let hold = hold.unwrap_or_default().by(request.requirements.media);
        Reply::Joined {
            member: id,
            member_uuid: member.map(|member| member.row.uuid.clone()).unwrap_or_default(),
            hold: Hold {
                callback_key: hold.callback_key.filter(|_| !is_called_back),
                ..hold
            },
        }
    }

    /// The member goes on with the channel of whoever asks; what it was before.
    fn put_on_channel(&mut self, id: MemberId, request: &JoinRequest) -> Option<Arc<MemberFacts>> {
        let member = self.members.change(&id)?;
        let before = Arc::clone(&member.facts);
        member.row.session_uuid = request.session_uuid.clone();
        let logged_call = Some(before.logged_call().to_owned());
        let brought = match member.callback.as_mut() {
            // The channel is one that was made for the caller: what it asks for is what the caller has asked for.
            Some(callback) => {
                callback.enter(CallbackStage::Here);
                Brought {
                    dnis: before.dnis().map(str::to_owned),
                    param: before.param().map(str::to_owned),
                    media: before.media,
                    caller_key: before.said_key().map(str::to_owned),
                    logged_call,
                }
            }
            None => {
                member.row.cid_number = request.cid_number.clone();
                member.row.cid_name = request.cid_name.clone();
                member.requirements = request.requirements.kept();
                Brought {
                    logged_call,
                    ..Brought::by(request)
                }
            }
        };
        let facts = before.same_stay(&member.row, brought);
        member.facts = Arc::new(facts);
        member.application = Application::Runs;
        member.suspected = false;
        member.dissuasion_playing = None;
        if let Some(heard) = member.heard.as_mut() {
            heard.playing = None;
        }
        (member.told_place, member.told_state) = (0, CallState::Queue);
        let (state, media) = (member.row.state, member.facts.media);
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.count_state(before.media, Some(state), None);
            queue.count_state(media, None, Some(state));
        }
        Some(before)
    }

    fn tell_successor(&mut self, id: MemberId, before: &MemberFacts) {
        let Some(member) = self.members.get(&id) else { return };
        let (facts, queue) = (Arc::clone(&member.facts), member.row.queue.clone());
        self.tell_channel(&facts, &queue, facts.entered_epoch);
        self.fire_member_changes_channel(&queue, &facts, &before.session_uuid);
        let text = format!(
            "Member {} <{}> takes the place that is kept in queue {queue}",
            facts.cid_name, facts.cid_number
        );
        self.debug(Some(&facts.session_uuid), text);
    }
}

/// How a channel ends that another one takes over from.
const GONE: MemberExit = MemberExit {
    channel_up: false,
    reason: None,
    key: None,
};
