//! What happens on this box's channels, on its way to the leader.

use super::household::Household;
use super::questions::Said;
use super::ClusterBox;
use crate::cluster::{Command, Phase};
use crate::driver::{Reception, PATIENCE};
use crate::engine::{
    AgentType, CallbackOffer, EngineError, Input, JoinRequest, LegState, MemberId, QueueConfig, Reply, Talk, WallTime,
};
use std::time::Duration;

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
        match input {
            Input::LoadQueue(queue) => return self.load(queue),
            // Who asks for a status is not told of in a cluster.
            Input::AgentGet { .. } => return Ok(Reply::Done),
            _ => (),
        }
        let patience = self.patience_with(&input, settles);
        let Some(question) = self.tell(&input)? else {
            return Ok(Reply::Done);
        };
        let said = patience.and_then(|patience| self.shared.questions.wait(question, patience));
        self.shared.questions.close(question);
        match said {
            Some(Said::Answer(answer)) => {
                if settles {
                    self.settle();
                }
                answer
            }
            _ => unanswered(&input),
        }
    }

    /// How long whoever tells this waits for what the engine says.
    fn patience_with(&self, input: &Input, settles: bool) -> Option<Duration> {
        match input {
            Input::OfferAnswered { .. } | Input::CallbackReached { .. } => Some(ELECTED_WITHIN),
            Input::CallbackAsk { .. } => Some(PATIENCE),
            _ => {
                let is_led = matches!(self.phase(), Phase::Following | Phase::Leading);
                (settles && is_led).then_some(PATIENCE)
            }
        }
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

    fn look<R>(&self, look: impl FnOnce(&Household) -> R) -> R {
        self.life.act(|_, household| look(household))
    }

    fn with_queue<R>(&self, name: &str, look: impl FnOnce(&QueueConfig) -> Option<R>) -> Option<R> {
        self.look(|household| household.queue(name).and_then(look))
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
        request: JoinRequest,
        wait: &mut dyn FnMut(&dyn Fn() -> bool) -> bool,
    ) -> Result<Reply, EngineError> {
        let drawn = request.new_member_uuid.clone();
        let question = self.tell(&Input::MemberJoin(request))?;
        let question = question.ok_or(EngineError::NotOfTheCluster)?;
        let questions = &self.shared.questions;
        let is_answered = || questions.is_answered(question);
        loop {
            if let Some(Said::Answer(answer)) = questions.wait(question, AT_ONCE) {
                self.settle();
                return answer;
            }
            if !wait(&is_answered) && !is_answered() {
                questions.close(question);
                self.life
                    .act(|voice, household| household.leaves_unanswered(voice, &drawn));
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

    fn callback_offer(&self, member: MemberId) -> Option<CallbackOffer> {
        self.life.act(|voice, household| {
            let (engine, now) = household.engine(voice)?;
            engine.callback_offer(now, member)
        })
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

    fn talks(&self) -> Vec<Talk> {
        self.look(|household| household.home.talks())
    }

    fn agent_type(&self, agent: &str) -> Option<AgentType> {
        self.life.act(|voice, household| {
            let (engine, _) = household.engine(voice)?;
            Some(engine.agent_row(agent)?.agent_type)
        })
    }
}
