//! The watchdog's place in its round, and what it has found.

use crate::engine::border::views::Repairs;
use crate::engine::vocabulary::ids::{MemberId, OfferId};
use crate::engine::vocabulary::time::Span;

/// The pause between two rounds.
pub(in crate::engine) const ROUND: Span = Span::from_secs(30);

/// The watchdog's place in its round, and what it has found.
#[derive(Debug, Default)]
pub(in crate::engine) struct Watchdog {
    /// A deadline is set.
    pub awake: bool,
    /// Something was under way in this round.
    pub seen: bool,
    /// The last member and offer looked at in this round.
    pub member: Option<MemberId>,
    pub offer: Option<OfferId>,
    /// What was not found and is looked up once more.
    pub suspected_members: Vec<MemberId>,
    pub suspected_offers: Vec<OfferId>,
    pub repairs: Repairs,
}
