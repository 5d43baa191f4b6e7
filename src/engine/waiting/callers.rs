//! Callers who are known again: who talked to whom, and whom somebody prefers who joins.

use crate::engine::border::caller::JoinRequest;
use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::border::row_change::RowChange;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::MemberFacts;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::rows::caller::CallerRow;
use crate::engine::vocabulary::caller_number::known_by;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Timestamp;

/// So many callers are forgotten at one talk: each talk brings one, so that none too many stay.
const MOST_FORGOTTEN: usize = 10;

/// Seconds.
const DAY: i64 = 86_400;

impl QueueConfig {
    /// Whether talks are remembered.
    fn remembers(&self) -> bool {
        self.sticky_days > 0
    }
}

impl Engine {
    /// The channel variable by which a queue knows its callers again; none where that is the number, or nobody is remembered.
    pub fn sticky_key(&self, queue: &str) -> Option<&str> {
        let config = self.known_queue(queue)?.config.as_ref()?;
        config.sticky_key.as_deref().filter(|_| config.remembers())
    }

    /// Whom a caller prefers who joins: what its channel says, or else who talked to it last.
    pub(in crate::engine) fn preferred_by(
        &self,
        now: Timestamp,
        id: QueueId,
        request: &JoinRequest,
    ) -> Option<Box<PreferredAgents>> {
        if !request.preferred.is_empty() {
            return Some(Box::new(request.preferred.clone()));
        }
        let last = self.last_agent(now, id, request)?;
        Some(Box::new(PreferredAgents::one(last)))
    }

    fn last_agent(&self, now: Timestamp, id: QueueId, request: &JoinRequest) -> Option<&str> {
        let config = self.config_of(id).filter(|config| config.remembers())?;
        let caller = known_by(request.caller_key.as_deref(), &request.cid_number)?;
        let since = self.remembered_since(now, config);
        self.callers.last_agent(&config.name, caller, since)
    }

    /// A member goes on with what another channel says.
    pub(in crate::engine) fn note_preferred(&mut self, now: Timestamp, id: MemberId, request: &JoinRequest) {
        let queue = self.members.get(&id).map(|member| member.queue);
        let preferred = queue.and_then(|queue| self.preferred_by(now, queue, request));
        self.set_preferred(id, preferred);
    }

    /// Talks before this second are too long ago.
    fn remembered_since(&self, now: Timestamp, config: &QueueConfig) -> i64 {
        self.wall.secs(now) - i64::from(config.sticky_days) * DAY
    }

    /// A caller and an agent are connected.
    pub(in crate::engine) fn note_acquaintance(
        &mut self,
        now: Timestamp,
        id: QueueId,
        facts: &MemberFacts,
        agent: &str,
    ) {
        let Some(config) = self.config_of(id).filter(|config| config.remembers()) else {
            return;
        };
        let Some(caller) = facts.caller_key() else { return };
        let row = CallerRow {
            queue: config.name.clone(),
            caller: caller.to_owned(),
            agent: agent.to_owned(),
            last_talk_epoch: self.wall.secs(now),
        };
        let since = self.remembered_since(now, config);
        self.callers.note(&row);
        let queue = row.queue.clone();
        self.changed.others.push(RowChange::Caller(row));
        self.forget_callers(&queue, since, MOST_FORGOTTEN);
    }

    /// Takes up what a database kept. What lies ahead, because the clock was set back, is as if it were now.
    pub(in crate::engine) fn restore_caller(&mut self, now: Timestamp, mut row: CallerRow) {
        row.last_talk_epoch = row.last_talk_epoch.min(self.wall.secs(now));
        self.callers.note(&row);
    }

    /// A queue is loaded, or has other parameters: callers whom it does not remember any more are forgotten.
    pub(in crate::engine) fn review_callers(&mut self, now: Timestamp, id: QueueId) {
        let Some(config) = self.config_of(id) else { return };
        let known = self.callers.of_queue(&config.name);
        if known == 0 {
            return;
        }
        let since = match config.remembers() {
            true => self.remembered_since(now, config),
            false => i64::MAX,
        };
        let queue = config.name.clone();
        self.forget_callers(&queue, since, known);
    }

    /// A queue is deleted.
    pub(in crate::engine) fn forget_callers_of(&mut self, queue: &str) {
        self.forget_callers(queue, i64::MAX, self.callers.of_queue(queue));
    }

    fn forget_callers(&mut self, queue: &str, since: i64, most: usize) {
        for _ in 0..most {
            let Some(caller) = self.callers.forget_oldest(queue, since) else {
                return;
            };
            self.changed.others.push(RowChange::CallerGone {
                queue: queue.to_owned(),
                caller,
            });
        }
    }

    /// What is kept of a caller, by queue.
    pub fn remembered(&self, caller: &str) -> Vec<CallerRow> {
        self.callers.of_caller(caller)
    }

    /// `caller forget`: a caller is not known again in any queue.
    ///
    /// # Errors
    /// Nothing is kept of the caller.
    pub(in crate::engine) fn forget_caller(&mut self, caller: &str) -> Result<Reply, EngineError> {
        let queues = self.callers.forget(caller);
        if queues.is_empty() {
            return Err(EngineError::CallerNotRemembered);
        }
        let gone = queues.into_iter().map(|queue| RowChange::CallerGone {
            queue,
            caller: caller.to_owned(),
        });
        self.changed.others.extend(gone);
        Ok(Reply::Done)
    }
}
