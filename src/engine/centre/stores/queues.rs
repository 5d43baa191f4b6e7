//! The queues, by identity and by name.

use crate::engine::centre::queue::Queue;
use crate::engine::centre::stores::id_map::IdMap;
use crate::engine::vocabulary::ids::QueueId;
use std::collections::HashMap;
use std::ops::Deref;

/// The queues. One that was named once stays known for good, so that an identity of a queue never dangles.
#[derive(Debug, Default)]
pub(in crate::engine) struct Queues {
    all: IdMap<QueueId, Queue>,
    names: HashMap<String, QueueId>,
    loaded: Vec<QueueId>,
}

impl Deref for Queues {
    type Target = IdMap<QueueId, Queue>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl Queues {
    /// The queue of this name.
    pub fn named(&self, name: &str) -> Option<QueueId> {
        self.names.get(name).copied()
    }

    /// A queue that is known by name from now on.
    pub fn insert(&mut self, id: QueueId, queue: Queue) {
        self.names.insert(queue.name.clone(), id);
        self.all.insert(id, queue);
    }

    /// A queue. An identity that was given out is one of a queue for good.
    pub fn get(&self, id: &QueueId) -> Option<&Queue> {
        let queue = self.all.get(id);
        debug_assert!(queue.is_some(), "{id:?} is not there");
        queue
    }

    /// A queue, to be changed.
    pub fn get_mut(&mut self, id: &QueueId) -> Option<&mut Queue> {
        let queue = self.all.get_mut(id);
        debug_assert!(queue.is_some(), "{id:?} is not there");
        queue
    }

    /// Loaded queues in the order they were loaded.
    pub fn loaded(&self) -> &[QueueId] {
        &self.loaded
    }

    /// A queue has a configuration from now on.
    pub fn note_loaded(&mut self, id: QueueId) {
        if !self.loaded.contains(&id) {
            self.loaded.push(id);
        }
    }

    /// A queue has no configuration any more.
    pub fn note_unloaded(&mut self, id: QueueId) {
        self.loaded.retain(|other| *other != id);
    }

    /// Every queue, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Queue> {
        self.all.values_mut()
    }
}
