//! Places in line, as rows tell them, and whose turn comes soon.

use mod_callcenter::engine::{Engine, MemberRow, MemberState, Span, Timestamp};

/// Whoever joined sooner, or has the higher score, stands before.
pub type Place = (i64, i64);

/// Whether by the pace of the line the turn of this place comes within this time, and one of so many agents is for it.
pub fn is_soon_served((now, engine): (Timestamp, &Engine), place: Place, (lead, agents): (Span, usize)) -> bool {
    let statistics = engine.queue_statistics(None);
    let Some(queue) = statistics.first() else { return false };
    let rows = engine.member_rows(None, now);
    let waits = |row: &MemberRow| matches!(row.state, MemberState::Waiting | MemberState::Trying);
    let is_before = |row: &&MemberRow| waits(row) && place_of(row) < place;
    let before = rows.iter().map(|listing| &listing.row).filter(is_before).count();
    let Some(next) = queue.estimated_wait else { return false };
    let step = next.micros() / i64::try_from(queue.live.on_hold + 1).unwrap_or(i64::MAX);
    let wait = step * i64::try_from(before + 1).unwrap_or(i64::MAX);
    wait <= lead.micros() && before < agents
}

/// The place of a member, if it has a row.
pub fn place_in(engine: &Engine, now: Timestamp, uuid: &str) -> Option<Place> {
    let rows = engine.member_rows(None, now);
    let row = rows.iter().find(|listing| listing.row.uuid == uuid);
    row.map(|listing| place_of(&listing.row))
}

/// The place that a row tells of.
pub fn place_of(row: &MemberRow) -> Place {
    (row.joined_epoch - row.base_score, row.joined_epoch)
}
