//! Queues that are loaded, changed and unloaded.

use crate::ledger::entries::Figures;
use crate::ledger::lookups::pause_between_rings;
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{Input, QueueConfig, Span, Timestamp};

impl Ledger {
    /// What is loaded, and what stands in the table `queues`.
    pub(in crate::ledger) fn queue_input(&mut self, input: &Input) -> Finding {
        match input {
            Input::LoadQueue(config) => self.note_load(config),
            Input::QueueAdd(name) => {
                let config = QueueConfig::named(name);
                self.kept.insert(name.clone(), config.clone());
                self.note_load(&config);
            }
            Input::QueueDel(name) => {
                self.kept.remove(name);
                self.note_unload(name);
                self.nobody_is_in(name)?;
            }
            Input::QueueSet { queue, setting } => {
                let configs = [self.queues.get_mut(queue), self.kept.get_mut(queue)];
                for config in configs.into_iter().flatten() {
                    setting.apply(config);
                }
            }
            Input::UnloadQueue(name) => self.note_unload(name),
            _ => {}
        }
        Ok(())
    }

    /// Pauses under way are no longer than they would be under the rules there are now.
    pub(in crate::ledger) fn shorten_pauses(&mut self, now: Timestamp) {
        for member in self.members.values_mut() {
            if let Some(config) = self.queues.get(&member.queue) {
                let retry = Span::from_secs(i64::from(config.retry_delay));
                member.retry_at = member.retry_at.min(now + retry);
                member.ring_more_at = member.ring_more_at.min(now + pause_between_rings(config));
            }
        }
    }

    /// The row of the table counts, if there is one.
    pub(in crate::ledger) fn note_load(&mut self, config: &QueueConfig) {
        let config = self.kept.get(&config.name).unwrap_or(config).clone();
        self.unloaded.remove(&config.name);
        self.figures.insert(config.name.clone(), Figures::default());
        self.queues.insert(config.name.clone(), config);
    }

    /// A queue of the table that somebody has unloaded is loaded for the next caller.
    pub(in crate::ledger) fn note_load_by_caller(&mut self, name: &str) {
        if let Some(config) = self.kept.get(name).filter(|_| !self.queues.contains_key(name)) {
            self.note_load(&config.clone());
        }
    }

    pub(in crate::ledger) fn note_unload(&mut self, name: &str) {
        let config = self.queues.remove(name);
        self.unloaded.extend(config.map(|config| (name.to_owned(), config)));
    }
}
