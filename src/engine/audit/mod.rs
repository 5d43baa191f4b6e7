//! The books checked against each other: what is kept along the way is what looking at everybody anew says.
//!
//! Checks look and change nothing. Each file is about one subject, and states what holds apart from what makes it so.

mod callbacks;
mod classes;
mod figures;
mod free_agents;
mod legs;
mod offers;
mod pairs;
mod preferred;
mod staff;

use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::time::Timestamp;

/// The engine's books, at one moment.
pub(in crate::engine) struct Books<'a> {
    pub engine: &'a Engine,
    pub now: Timestamp,
}

impl Engine {
    /// Checks everything that is kept against everything else. It looks at each pair of member and agent, so it is for tests, and
    /// for call centres of their size.
    ///
    /// # Panics
    /// Where two books do not agree: a fault of the engine.
    pub fn audit(&self, now: Timestamp) {
        let books = Books { engine: self, now };
        books.check_rows_are_put_out();
        books.check_counts();
        books.check_limits_without_agents();
        books.check_uuids();
        books.check_offers();
        books.check_tiers_of_offers();
        books.check_announcements();
        books.check_positions();
        books.check_standing_legs();
        books.check_free_agents();
        books.check_free_to_chat();
        books.check_classes();
        books.check_staffing();
        books.check_pairs();
        books.check_preferred();
        books.check_callbacks();
        books.check_nobody_waits_for_a_free_agent();
    }
}
