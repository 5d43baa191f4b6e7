//! What happens on this box's channels, on its way to the leader.

use super::deeds::Act;
use super::household::{is_alone, Household};
use super::questions::Said;
use super::ClusterBox;
use crate::cluster::{Command, Phase};
use crate::driver::{Reception, PATIENCE};
use crate::engine::{
    AgentType, CallbackOffer, CancelReason, EngineError, Input, JoinRequest, LeftTalk, LegState, MemberExit, MemberId,
    QueueConfig, Reply, Span, Timestamp, WallTime,
};
use std::time::{Duration, Instant};

/// A caller whose joining is not answered for so long is looked after.
const AT_ONCE: Duration = Duration::from_millis(300);

/// How long an agent who has answered hears nothing, at most: an election is over sooner.
const ELECTED_WITHIN: Duration = Duration::from_secs(15);

impl ClusterBox {
    /// Tells it; the number of the question where somebody may wait.
    fn tell(&self, input: &Input) -> Result<Option<u64>, EngineError> {
        self.life.act(|voice, household| {
            household.tell(voice, input).map_err(|bad| {
                household.note(bad.notice("this box"));
                EngineError::NotOfTheCluster
            })
        })
    }

    fn happens(&self, input: Input, settles: bool) -> Result<Reply, EngineError> {
        if let Input::LoadQueue(queue) = input {
            return self.load(queue);
        }
        let leaves = matches!(input, Input::MemberExit { .. });
        let last_words = leaves
            .then(|| self.look(|household| household.last_words(&input)))
            .flatten();
        let answer = self.answer_to(&input, self.patience_with(&input, settles))?;
        if let (None, Some(words)) = (&answer, last_words) {
            self.shared.deeds.put(Act::CarryOut(words));
        }
        if settles {
            self.settle();
        }
        answer.unwrap_or_else(|| unanswered(&input))
    }

    /// Tells it, and waits so long for what the engine says; none where nobody has said anything in time.
    pub(super) fn answer_to(
        &self,
        input: &Input,
        patience: Option<Duration>,
    ) -> Result<Option<Result<Reply, EngineError>>, EngineError> {
        let Some(question) = self.tell(input)? else {
            return Ok(Some(Ok(Reply::Done)));
        };
        let questions = &self.shared.questions;
        let said = patience.and_then(|patience| questions.wait(question, patience));
        Ok(match said.or(questions.close(question)) {
            Some(Said::Answer(answer)) => Some(answer),
            _ => None,
        })
    }

    /// How long whoever tells this waits for what the engine says.
    fn patience_with(&self, input: &Input, settles: bool) -> Option<Duration> {
        match input {
            Input::OfferAnswered { .. } | Input::CallbackReached { .. } => Some(ELECTED_WITHIN),
            Input::CallbackAsk { .. } => Some(PATIENCE),
            Input::AgentGet { .. } | Input::CallbackKey { .. } => self.is_led().then_some(PATIENCE),
            _ => (settles && self.is_led()).then_some(PATIENCE),
        }
    }

    pub(super) fn is_led(&self) -> bool {
        matches!(self.phase(), Phase::Following | Phase::Leading)
    }

    /// Returns once everything that is known to be wanted of this box is done.
    fn settle(&self) {
        // What came with the answer is put under the same lock.
        let last = self.life.act(|_, _| self.shared.deeds.last());
        self.shared.deeds.settle(last, PATIENCE);
    }

    /// A queue that nobody has loaded yet: the leader reads what its own files say of it.
    fn load(&self, queue: QueueConfig) -> Result<Reply, EngineError> {
        let words = format!("queue load '{}'", queue.name);
        let question = self.life.act(|voice, household| {
            household.note_queue(queue);
            household.ask(
                voice,
                Command {
                    words,
                    ..Command::default()
                },
            )
        });
        drop(self.shared.questions.wait(question, PATIENCE));
        self.shared.questions.close(question);
        Ok(Reply::Done)
    }

    /// The joining of a caller has had no answer until `max-wait-time` was over: it leaves as one who has waited for so long.
    fn turn_away(&self, question: u64, drawn: &str, channel: &str) -> Reply {
        let (reason, channel_up) = (CancelReason::Timeout, true);
        self.leaves_unanswered(question, drawn, (reason, channel_up));
        let exit = exit_of(reason, channel_up);
        let words = self.look(|household| household.words_of_unanswered(channel, exit));
        self.shared.deeds.put(Act::CarryOut(words));
        self.settle();
        Reply::Refused { reason, parting: None }
    }

    fn leaves_unanswered(&self, question: u64, drawn: &str, (reason, channel_up): (CancelReason, bool)) {
        self.shared.questions.close(question);
        let exit = exit_of(reason, channel_up);
        self.life
            .act(|voice, household| household.leaves_unanswered(voice, drawn, exit));
    }

    fn look<R>(&self, look: impl FnOnce(&Household) -> R) -> R {
        self.life.act(|_, household| look(household))
    }

    fn with_queue<R>(&self, name: &str, look: impl FnOnce(&QueueConfig) -> Option<R>) -> Option<R> {
        self.look(|household| household.queue(name).and_then(look))
    }
}

fn exit_of(reason: CancelReason, channel_up: bool) -> MemberExit {
    MemberExit {
        channel_up,
        reason: Some(reason),
        key: None,
    }
}

/// What follows where nobody has answered in time.
fn unanswered(input: &Input) -> Result<Reply, EngineError> {
    match input {
        Input::OfferAnswered { .. } => Err(EngineError::OfferOver),
        Input::CallbackReached { .. } => Err(EngineError::AttemptOver),
        Input::CallbackAsk { .. } => Err(EngineError::MemberNotWaiting),
        _ => Ok(Reply::Done),
    }
}

impl Reception for ClusterBox {
    fn submit(&self, input: Input) -> Result<Reply, EngineError> {
        self.happens(input, false)
    }

    fn submit_and_settle(&self, input: Input) -> Result<Reply, EngineError> {
        self.happens(input, true)
    }

    fn submit_and_leave(&self, input: Input) -> Result<Reply, EngineError> {
        self.happens(input, false)
    }

    fn join(
        &self,
        mut request: JoinRequest,
        wait: &mut dyn FnMut(&dyn Fn() -> bool) -> bool,
    ) -> Result<Reply, EngineError> {
        let ago = self.wall().ahead_of(Timestamp::from_secs(request.answered_epoch));
        request.answered_ago = (request.answered_epoch > 0).then(|| ago.max(Span::ZERO));
        let (drawn, channel) = (request.new_member_uuid.clone(), request.session_uuid.clone());
        let limit = self.with_queue(&request.queue, |queue| {
            let seconds = Some(queue.max_wait_time).filter(|seconds| *seconds > 0)?;
            Some(Instant::now() + Duration::from_secs(u64::from(seconds)))
        });
        let is_over = || limit.is_some_and(|at| Instant::now() >= at) && is_alone(self.phase());
        let question = self.tell(&Input::MemberJoin(request))?;
        let question = question.ok_or(EngineError::NotOfTheCluster)?;
        let questions = &self.shared.questions;
        let is_answered = || questions.is_answered(question);
        let goes_on = || is_answered() || is_over();
        loop {
            if let Some(Said::Answer(answer)) = questions.wait(question, AT_ONCE) {
                self.settle();
                return answer;
            }
            if is_over() {
                return Ok(self.turn_away(question, &drawn, &channel));
            }
            if !wait(&goes_on) && !is_answered() {
                self.leaves_unanswered(question, &drawn, (CancelReason::BreakOut, false));
                return Err(EngineError::MemberNotFound);
            }
        }
    }

    fn wall(&self) -> WallTime {
        (self.clocks.wall)()
    }

    fn queue_is_loaded(&self, queue: &str) -> bool {
        self.look(|household| household.queue(queue).is_some())
    }

    fn queue_is_new(&self, queue: &str) -> bool {
        !self.queue_is_loaded(queue)
    }

    fn sticky_key(&self, queue: &str) -> Option<String> {
        self.with_queue(queue, |queue| queue.sticky_key.clone())
    }

    fn welcome_sound(&self, queue: &str) -> Option<String> {
        self.with_queue(queue, |queue| queue.welcome_sound.clone())
    }

    fn hold_sound(&self, queue: &str) -> Option<String> {
        self.with_queue(queue, |queue| queue.moh_sound.clone())
    }

    fn callback_offer(&self, member: MemberId) -> Option<CallbackOffer> {
        let here = self.life.act(|voice, household| {
            let (engine, now) = household.engine(voice)?;
            Some(engine.callback_offer(now, member))
        });
        if let Some(offer) = here {
            return offer;
        }
        match self.happens(Input::CallbackKey { member }, false) {
            Ok(Reply::CallbackOffered(offer)) => offer,
            _ => None,
        }
    }

    fn is_standing_leg(&self, uuid: &str) -> bool {
        self.look(|household| household.is_standing_leg(uuid))
    }

    fn leg_is_awaited(&self, uuid: &str) -> bool {
        self.look(|household| household.is_standing_leg(uuid) && household.leg(uuid) == LegState::Gone)
    }

    fn leg_is_taken(&self, uuid: &str) -> bool {
        self.look(|household| household.leg(uuid) == LegState::Taken)
    }

    fn talks(&self) -> Vec<LeftTalk> {
        self.look(|household| household.home.talks())
    }

    fn agent_type(&self, agent: &str) -> Option<AgentType> {
        self.life.act(|voice, household| {
            let (engine, _) = household.engine(voice)?;
            Some(engine.agent_row(agent)?.agent_type)
        })
    }
}
