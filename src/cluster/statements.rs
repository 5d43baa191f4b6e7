//! What a box asks of the server. Each is one transaction, with the conditions that stand here.

use crate::cluster::tables::{BoxId, FactChange, Facts, InputRow, Lease, OutputRow, Standing, Tables, View};
use crate::cluster::term::Term;
use crate::engine::{Timestamp, WallTime};

/// One of the two connections of a box. Each says one statement at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Looks, and renews what was looked at.
    Reader,
    /// Writes.
    Writer,
}

/// A statement.
#[derive(Debug, Clone)]
pub enum Statement<T: Tables> {
    /// Shows everything: answered with [`Answer::View`].
    Look {
        /// Who looks.
        id: BoxId,
        /// Inputs are shown to who has this office.
        leads: Option<Term>,
    },
    /// Counts the beat of a box up, if its row has this incarnation and is [`Standing::Here`].
    Renew {
        /// Who renews.
        id: BoxId,
        /// After which report the cursor counts: of an older one nothing is kept.
        report: u32,
        /// How far its outputs are carried out.
        cursor: u64,
    },
    /// Asks whether a deed is still wanted: the box is here, and the term is the one of the last election.
    Check {
        /// Who asks.
        id: BoxId,
        /// The term it has promised.
        term: Term,
    },
    /// Makes a row for a box, or takes over that of its name, if that is still of this incarnation and beat, or there is none.
    Join {
        /// Who comes.
        id: BoxId,
        /// What is there under its name.
        instead_of: Option<(BoxId, u64)>,
    },
    /// Writes what a box has and what it has promised, if its row has this incarnation and no newer report, and the term of the last
    /// election is not newer than what is promised. The box is here again, and its beat counted up.
    Report(InputRow),
    /// Tells the leader something. What is there already stays as it is.
    Tell(Vec<InputRow>),
    /// Takes the lease, if the server is on the term's timeline, the lease is still as it was seen, and the box is here. The box has
    /// promised the term by that.
    Elect {
        /// The new term.
        term: Term,
        /// Who takes it.
        id: BoxId,
        /// The lease as it was seen.
        seen: Option<Lease>,
    },
    /// Marks a box, if this is the term of the last election and the box has not moved since.
    Mark {
        /// By whom.
        term: Term,
        /// Which box.
        id: BoxId,
        /// Its beat when it was seen last.
        beat: u64,
        /// As what.
        standing: Standing,
    },
    /// Reads all rows and facts, and how far each box's inputs are in them, if this is the term of the last election.
    Restore {
        /// Who reads.
        term: Term,
    },
    /// Reads what others have changed in the rows since this was asked last, or the rows were read, if this is the term of the last
    /// election. Answered with [`Answer::Others`].
    LookForOthers {
        /// Who reads.
        term: Term,
    },
    /// Writes what the engine has decided, if this is the term of the last election, the server is on its timeline, and the batch
    /// before it is there. Answered with [`Answer::Written`].
    Write(Batch<T>),
    /// Leaves the lease, if it is of this term.
    Leave {
        /// Whose lease it is.
        term: Term,
        /// The engine's time: whoever leads next goes on from here.
        engine_time: Timestamp,
    },
    /// A box is unloaded: its row says so, and a lease that it holds is left.
    Depart {
        /// Which box.
        id: BoxId,
        /// The engine's time, of a leader.
        engine_time: Timestamp,
    },
}

/// What is written in one transaction: rows, how far each box's inputs are in them, and what follows from them.
#[derive(Debug, Clone)]
pub struct Batch<T: Tables> {
    /// Whose it is.
    pub term: Term,
    /// Counted from one in each term.
    pub number: u64,
    /// Changes of rows.
    pub rows: Vec<T::Change>,
    /// Changes of what no row tells.
    pub facts: Vec<FactChange>,
    /// Each box's last input that is in the rows.
    pub cursors: Vec<(BoxId, u64)>,
    /// What the boxes are to do. What is there already stays as it is.
    pub outputs: Vec<OutputRow>,
    /// The lease is renewed with this time of the engine, and the commit waits for the disk.
    pub beat: Option<Timestamp>,
}

/// What the server says.
#[derive(Debug)]
pub enum Answer<T: Tables> {
    /// What a look has shown.
    View(Box<View>),
    /// It is done, or so.
    Done,
    /// The conditions are not there.
    Refused,
    /// What a new leader begins with.
    Restored(Restored<T>),
    /// What others have changed; none where nothing has changed, or nobody can say whose the changes are.
    Others(Option<T::Others>),
    /// The last batch of the term that is there: the one that was to be written, or an older one where the server has lost some.
    Written(u64),
}

/// What the server has kept of the call centre.
#[derive(Debug)]
pub struct Restored<T: Tables> {
    /// All rows.
    pub rows: T::Rows,
    /// What no row tells.
    pub facts: Facts,
    /// How far each box's inputs are in both.
    pub cursors: Vec<(BoxId, u64)>,
    /// What the server's clock shows.
    pub wall: WallTime,
}

/// A statement was not answered in time, or the connection is lost. Whether it was done, nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;
