//! What a box's telephone switch tells the call centre and asks it, wherever the engine is: here, or on another box of a cluster.

use crate::driver::Driver;
use crate::engine::{AgentType, CallbackOffer, EngineError, Input, JoinRequest, LeftTalk, MemberId, Reply, WallTime};

/// Whoever takes what happens on this box's channels.
///
/// Looks are answered from what is known here: where the engine is elsewhere, that may be a little old.
pub trait Reception: Send + Sync {
    /// Something has happened. What follows from it is carried out, sooner or later.
    ///
    /// # Errors
    /// When it was refused.
    fn submit(&self, input: Input) -> Result<Reply, EngineError>;

    /// As [`Reception::submit`], and returns once what follows has been carried out, or after a short while: for a channel's own thread,
    /// whose variables must be set before it goes on.
    ///
    /// # Errors
    /// When it was refused.
    fn submit_and_settle(&self, input: Input) -> Result<Reply, EngineError>;

    /// As [`Reception::submit`], for a thread that must not be kept.
    ///
    /// # Errors
    /// When it was refused.
    fn submit_and_leave(&self, input: Input) -> Result<Reply, EngineError>;

    /// A caller enters a queue. As long as there is no answer, `wait` is called: it lets a while pass, at most until what it is given says
    /// that the answer is there, and says whether the caller still is.
    ///
    /// # Errors
    /// When the queue is not there, or the caller is gone before the answer came.
    fn join(&self, request: JoinRequest, wait: &mut dyn FnMut(&dyn Fn() -> bool) -> bool)
        -> Result<Reply, EngineError>;

    /// The time FreeSWITCH tells.
    fn wall(&self) -> WallTime;

    /// Whether callers can enter a queue of this name.
    fn queue_is_loaded(&self, queue: &str) -> bool;

    /// Whether nobody has loaded a queue of this name yet, or unloaded it.
    fn queue_is_new(&self, queue: &str) -> bool;

    /// `sticky-key` of a queue.
    fn sticky_key(&self, queue: &str) -> Option<String>;

    /// `welcome-sound` of a queue.
    fn welcome_sound(&self, queue: &str) -> Option<String>;

    /// `moh-sound` of a queue.
    fn hold_sound(&self, queue: &str) -> Option<String>;

    /// What a waiting member may be offered now about being called back.
    fn callback_offer(&self, member: MemberId) -> Option<CallbackOffer>;

    /// Whether a channel is the standing leg of an agent.
    fn is_standing_leg(&self, uuid: &str) -> bool;

    /// Whether a channel is a standing leg that is not known to be there.
    fn leg_is_awaited(&self, uuid: &str) -> bool;

    /// Whether a channel is a standing leg that somebody outside the queues talks with.
    fn leg_is_taken(&self, uuid: &str) -> bool;

    /// The talks that are up on this box.
    fn talks(&self) -> Vec<LeftTalk>;

    /// How an agent is reached, if there is one of this name.
    fn agent_type(&self, agent: &str) -> Option<AgentType>;
}

impl Reception for Driver {
    fn submit(&self, input: Input) -> Result<Reply, EngineError> {
        Driver::submit(self, input)
    }

    fn submit_and_settle(&self, input: Input) -> Result<Reply, EngineError> {
        Driver::submit_and_settle(self, input)
    }

    fn submit_and_leave(&self, input: Input) -> Result<Reply, EngineError> {
        Driver::submit_and_leave(self, input)
    }

    /// The engine is here: there is nothing to wait for.
    fn join(&self, request: JoinRequest, _: &mut dyn FnMut(&dyn Fn() -> bool) -> bool) -> Result<Reply, EngineError> {
        Driver::submit_and_settle(self, Input::MemberJoin(request))
    }

    fn wall(&self) -> WallTime {
        Driver::wall(self)
    }

    fn queue_is_loaded(&self, queue: &str) -> bool {
        self.view(|engine, _| engine.queue_is_loaded(queue))
    }

    fn queue_is_new(&self, queue: &str) -> bool {
        self.view(|engine, _| engine.queue_is_new(queue))
    }

    fn sticky_key(&self, queue: &str) -> Option<String> {
        self.view(|engine, _| engine.sticky_key(queue).map(str::to_owned))
    }

    fn welcome_sound(&self, queue: &str) -> Option<String> {
        self.view(|engine, _| engine.queue_config(queue)?.welcome_sound.clone())
    }

    fn hold_sound(&self, queue: &str) -> Option<String> {
        self.view(|engine, _| engine.queue_config(queue)?.moh_sound.clone())
    }

    fn callback_offer(&self, member: MemberId) -> Option<CallbackOffer> {
        self.view(|engine, now| engine.callback_offer(now, member))
    }

    fn is_standing_leg(&self, uuid: &str) -> bool {
        self.view(|engine, _| engine.is_standing_leg(uuid))
    }

    fn leg_is_awaited(&self, uuid: &str) -> bool {
        self.view(|engine, _| engine.leg_is_awaited(uuid))
    }

    fn leg_is_taken(&self, uuid: &str) -> bool {
        self.view(|engine, _| engine.leg_is_taken(uuid))
    }

    fn talks(&self) -> Vec<LeftTalk> {
        let talks = self.view(|engine, _| engine.talks()).into_iter();
        let left = talks.map(|talk| LeftTalk { talk, known_as: None });
        left.collect()
    }

    fn agent_type(&self, agent: &str) -> Option<AgentType> {
        self.view(|engine, _| Some(engine.agent_row(agent)?.agent_type))
    }
}
