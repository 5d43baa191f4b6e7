//! Queues of the table `queues`, with the setting `queues-from-db`: made, changed and deleted at run time, by commands and by
//! others' SQL. For a name that callcenter.conf.xml has as well, the table's row counts.

use crate::engine::border::changes_by_others::ChangeByOthers;
use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::border::row_change::RowChange;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::configuration::tables::QUEUE_PARAMETERS;
use crate::engine::vocabulary::ids::QueueId;
use crate::engine::vocabulary::time::Timestamp;

impl Engine {
    /// `queue add`.
    pub(in crate::engine) fn add_queue(&mut self, now: Timestamp, name: &str) -> Result<Reply, EngineError> {
        if !self.settings.queues_from_db {
            return Err(EngineError::QueuesNotInDatabase);
        }
        if self.queue_in_database(name).is_some() || self.loaded_queue(name).is_ok() {
            return Err(EngineError::QueueExists);
        }
        let config = QueueConfig::named(name);
        self.debug(None, format!("Adding Queue {name}"));
        self.changed.others.push(RowChange::Queue(Box::new(config.clone())));
        self.restore_queue(now, config);
        Ok(Reply::Done)
    }

    /// `queue del`: nobody may be left behind in a queue that is no more.
    pub(in crate::engine) fn delete_queue(&mut self, now: Timestamp, name: &str) -> Result<Reply, EngineError> {
        let id = self.queues.named(name).ok_or(EngineError::QueueNotFound)?;
        let queue = self.queues.get(&id).ok_or(EngineError::QueueNotFound)?;
        if queue.in_database.is_none() {
            let is_loaded = queue.config.is_some();
            return Err(if is_loaded {
                EngineError::QueueNotInDatabase
            } else {
                EngineError::QueueNotFound
            });
        }
        let members = queue.members.iter().filter_map(|id| self.members.get(id));
        let waiting = members.filter(|member| member.row.state.waits()).count();
        let talks = |offer: &&Offer| offer.queue == id && offer.is_bridged();
        let talking = self.offers.values().filter(talks).count();
        if waiting + talking > 0 {
            return Err(EngineError::QueueInUse { waiting, talking });
        }
        let abandoned: Vec<_> = queue.members.iter().copied().collect();
        let tiers = queue.tiers.clone();
        self.debug(None, format!("Deleted Queue {name}"));
        for member in abandoned {
            self.timers.clear(Timer::Discard(member));
            self.discard(member);
        }
        self.forget_callers_of(name);
        for tier in tiers {
            if let Some(row) = self.tiers.get(&tier).and_then(|tier| self.tier_row(tier)) {
                let (queue, agent) = (row.queue, row.agent);
                self.changed.others.push(RowChange::TierGone { queue, agent });
            }
            self.give_up_tier(now, tier);
        }
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.in_database = None;
        }
        self.unload_queue(name);
        self.changed.others.push(RowChange::QueueGone(name.to_owned()));
        Ok(Reply::Done)
    }

    /// A row of the table: the queue is loaded.
    pub(in crate::engine) fn restore_queue(&mut self, now: Timestamp, config: QueueConfig) {
        let id = self.queue_named(&config.name);
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.in_database = Some(config.clone());
        }
        self.load_queue(now, config);
    }

    /// A caller asks for a queue of the table that somebody has unloaded. Whoever has waited there since comes first.
    pub(in crate::engine) fn load_from_database(&mut self, now: Timestamp, name: &str) {
        if self.loaded_queue(name).is_err() {
            if let Some(config) = self.queue_in_database(name).cloned() {
                self.load_queue(now, config);
            }
        }
    }

    /// The queue has been changed by a command: its row, if it has one, follows.
    pub(in crate::engine) fn keep_in_database(&mut self, id: QueueId, config: QueueConfig) {
        let Some(queue) = self.queues.get_mut(&id) else { return };
        if queue.in_database.is_some() {
            queue.in_database = Some(config.clone());
            self.changed.others.push(RowChange::Queue(Box::new(config)));
        }
    }

    /// Somebody has changed a row by SQL. Deleting one unloads the queue: who waits there waits on, as after `queue unload`.
    pub(in crate::engine) fn take_queue_by_others(&mut self, now: Timestamp, change: ChangeByOthers<QueueConfig>) {
        match change {
            ChangeByOthers::Added(row) => {
                if self.queue_in_database(&row.name).is_none() {
                    self.restore_queue(now, row);
                }
            }
            ChangeByOthers::Changed { before, after } => self.change_queue_by_others(now, &before, &after),
            ChangeByOthers::Gone(row) => {
                let id = self.queue_named(&row.name);
                let was_in_database = self.queues.get_mut(&id).and_then(|queue| queue.in_database.take());
                if was_in_database.is_some() {
                    self.unload_queue(&row.name);
                }
                self.changed.others.push(RowChange::QueueGone(row.name));
            }
        }
    }

    /// Takes the columns that were changed, unless a command has changed them meanwhile.
    fn change_queue_by_others(&mut self, now: Timestamp, before: &QueueConfig, after: &QueueConfig) {
        let id = self.queue_named(&after.name);
        let Some(queue) = self.queues.get_mut(&id) else { return };
        let Some(row) = &mut queue.in_database else { return };
        for parameter in QUEUE_PARAMETERS {
            let (was, is) = (parameter.get(before), parameter.get(after));
            if was != is && parameter.get(row) == was {
                parameter.copy(after, row);
            }
        }
        let row = row.clone();
        let is_news = queue.config.as_ref().is_some_and(|config| *config != row);
        if is_news {
            queue.config = Some(row.clone());
            self.renew_queue(now, id);
        }
        self.changed.others.push(RowChange::Queue(Box::new(row)));
    }
}
