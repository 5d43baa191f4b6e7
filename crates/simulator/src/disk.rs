//! A store that keeps rows in memory, and fails now and then as a database does that is locked, full or gone.

use super::dice::Dice;
use super::rows::Rows;
use mod_callcenter::engine::{ChangesByOthers, RowChange, Snapshot};
use mod_callcenter::store::{Store, StoreError};
use parking_lot::Mutex;
use std::sync::Arc;

/// The store. What is written together is kept together or not at all.
#[derive(Debug)]
pub struct Disk {
    rows: Arc<Mutex<Rows>>,
    fails: f64,
    dice: Dice,
}

impl Disk {
    /// An empty store; `fails` is the chance that a write fails, decided by `dice`.
    pub fn new(fails: f64, dice: Dice) -> Self {
        Self {
            rows: Arc::default(),
            fails,
            dice,
        }
    }

    /// The rows it keeps, for whoever has handed the store away.
    pub fn rows(&self) -> Arc<Mutex<Rows>> {
        Arc::clone(&self.rows)
    }
}

impl Store for Disk {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        Ok(self.rows.lock().snapshot())
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        if self.dice.chance(self.fails) {
            return Err(StoreError("The simulated disk is full.".to_owned()));
        }
        let mut rows = self.rows.lock();
        for change in changes {
            rows.apply(change.clone());
        }
        Ok(())
    }

    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
        Ok(ChangesByOthers::default())
    }

    fn take_remarks(&mut self) -> Vec<String> {
        Vec::new()
    }
}
