//! How this box stands, for whoever watches over it: told by itself, also while nobody leads.

use super::household::{Household, Speaker};
use super::room::journal_state;
use super::ClusterBox;
use crate::cluster::{Phase, Standing};
use crate::commands::{BoxStatus, KnownBox};
use crate::engine::WallTime;

impl ClusterBox {
    /// How it stands now.
    pub(super) fn status(&self) -> BoxStatus {
        let wall = (self.clocks.wall)();
        self.life.act(|voice, household| status(voice, household, wall))
    }
}

fn status(voice: &Speaker<'_>, household: &Household, wall: WallTime) -> BoxStatus {
    let (callers, offers) = household.home.counts();
    BoxStatus {
        instance: household.me.instance.clone(),
        run: run_of(household.me.incarnation.0),
        standing: word_of(voice.phase()),
        since: WallTime::from_micros(wall.micros() - voice.has_stood().micros()),
        election: voice.promised().map(|term| term.election()),
        callers,
        offers,
        unsaved: journal_state(voice, household),
        boxes: known(voice),
    }
}

fn known(voice: &Speaker<'_>) -> Vec<KnownBox> {
    let Some(view) = voice.view() else { return Vec::new() };
    let holder = view
        .lease
        .as_ref()
        .filter(|lease| !lease.is_left)
        .map(|lease| &lease.holder);
    let boxes = view.boxes.iter().map(|row| KnownBox {
        instance: row.id.instance.clone(),
        run: run_of(row.id.incarnation.0),
        standing: match row.standing {
            Standing::Here => "here",
            Standing::Left => "left",
            Standing::Expelled => "expelled",
            Standing::GivenUp => "given-up",
        },
        leads: holder == Some(&row.id),
    });
    boxes.collect()
}

fn run_of(incarnation: u64) -> String {
    format!("{incarnation:016x}")
}

fn word_of(phase: Phase) -> &'static str {
    match phase {
        Phase::Joining => "joining",
        Phase::Alone => "alone",
        Phase::Reporting => "reporting",
        Phase::Following => "follows",
        Phase::Gathering | Phase::Restoring => "elected",
        Phase::Leading => "leads",
        Phase::Leaving => "leaving",
    }
}
