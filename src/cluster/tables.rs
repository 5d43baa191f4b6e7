//! What the cluster's tables hold, as a look shows it.

use crate::cluster::term::{Incarnation, Server, Term};
use crate::engine::{Span, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// What the tables of the call centre are made of: the cluster carries it, and looks at none of it.
pub trait Tables: Clone + Debug {
    /// A change of a row.
    type Change: Clone + Debug;
    /// All rows, as an engine begins with them.
    type Rows: Debug;
    /// What programs of the site have changed in the rows.
    type Others: Debug;
}

/// What no row tells and the next leader has to know, by name; see [`FactChange`].
pub type Facts = BTreeMap<String, String>;

/// What a leader has decided is to be known by this name from now on; nothing, where it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactChange {
    /// The name.
    pub name: String,
    /// What there is to be known.
    pub says: Option<String>,
}

/// A box, and which run of its module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoxId {
    /// `cc-instance-id`.
    pub instance: String,
    /// The run.
    pub incarnation: Incarnation,
}

/// The lease: who leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The term in office.
    pub term: Term,
    /// Who holds it.
    pub holder: BoxId,
    /// Counted up by the holder.
    pub beat: u64,
    /// The engine's own time when it was counted up.
    pub engine_time: Timestamp,
    /// The holder has left it: it may be taken at once.
    pub is_left: bool,
}

/// Whether a box counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It takes part.
    Here,
    /// It was unloaded.
    Left,
    /// It renews, and does not do what it should: it may renew no more.
    Expelled,
    /// It was silent for too long.
    GivenUp,
}

/// A box, as its row tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxRow {
    /// Which box.
    pub id: BoxId,
    /// The newest term whose outputs it obeys.
    pub promised: Option<Term>,
    /// Its last report.
    pub report: u32,
    /// Counted up by the box.
    pub beat: u64,
    /// How far it has carried out the outputs that follow its last report.
    pub cursor: u64,
    /// Whether it counts.
    pub standing: Standing,
    /// The run of the module that had the name before, if it has left: talks may be up that it knew of.
    pub left_before: Option<Incarnation>,
}

impl BoxRow {
    /// Whether anything may be up on the box.
    pub fn is_there(&self) -> bool {
        matches!(self.standing, Standing::Here | Standing::Expelled)
    }

    /// How a run of the module has ended that was there when it was seen last, and whose name this one has now.
    pub fn end_of(&self, before: &BoxId) -> Standing {
        if self.left_before == Some(before.incarnation) {
            Standing::Left
        } else {
            Standing::GivenUp
        }
    }
}

/// What a box has told the leader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputRow {
    /// Which box.
    pub from: BoxId,
    /// Numbers of one box go on as long as its module runs.
    pub number: u64,
    /// Which term the box had promised.
    pub promised: Option<Term>,
    /// It is the report of this number: everything the box has. What was sent before it and is not behind the cursor is void.
    pub report: Option<u32>,
    /// How long before it was sent it happened.
    pub age: Span,
    /// The engine's time when it was sent, as far as the box knows: who leads next goes on from there.
    pub engine_time: Timestamp,
    /// What it says.
    pub body: String,
}

/// What the leader wants of a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputRow {
    /// Whose output it is.
    pub term: Term,
    /// Of which box. Reports are counted by each run of a module: one that was meant for the run before is not for this one.
    pub to: BoxId,
    /// Which report of that box it follows.
    pub report: u32,
    /// Counted from one after each report.
    pub number: u64,
    /// What it says.
    pub body: String,
}

/// Everything a look shows, as it was in one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Which server has answered.
    pub server: Server,
    /// Its timeline, from the name of the WAL file that is being written.
    pub timeline: u32,
    /// The term of the last election.
    pub term: Option<Term>,
    /// The lease.
    pub lease: Option<Lease>,
    /// All boxes that ever were.
    pub boxes: Vec<BoxRow>,
    /// How far the inputs of the box that looks are in the rows.
    pub cursor: u64,
    /// What is there for the box that looks.
    pub outputs: Vec<OutputRow>,
    /// For who leads: what the boxes that have promised this term tell, each by number.
    pub inputs: Vec<InputRow>,
}
