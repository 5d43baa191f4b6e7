//! One call centre on many boxes: who leads, who takes part, and how what they tell one another is applied once and in order.
//!
//! A *box* is one FreeSWITCH with this module. One box at a time, the leader, runs the engine for all; the others send it their inputs
//! and carry out the outputs that concern their channels, through tables of the PostgreSQL server that they share. This room is sans-IO:
//! [`Life`] takes time, answers of the server and what happens on its box, and says what it wants.
//!
//! Why it is so, and what each fault leads to: `docs/developing/clusters.md`.

mod beats;
#[cfg(test)]
pub(crate) mod fixtures;
mod home;
mod identities;
mod journal;
mod leader;
mod life;
pub mod link;
pub mod marks;
mod messages;
mod numbered;
mod office;
mod stamps;
mod statements;
mod tables;
mod term;
mod time;
mod trust;
mod watch;
mod whereabouts;

pub use home::{Deed, Home, TOLD_AGAIN};
pub use identities::before_first;
pub use leader::{happened, Effects, InForce, Leader};
pub use life::{Decided, Life, Phase, Receipt, Takeover, Want};
pub use messages::{is_question, read, write, BadMessage, Command, Ended, FromBox, Report, ToBox, VERSION};
pub use office::Told;
pub use statements::{Answer, Batch, Lane, Lost, Restored, Statement};
pub use tables::{BoxId, BoxRow, FactChange, Facts, InputRow, Lease, OutputRow, Standing, Tables, View};
pub use term::{Incarnation, Server, Term};
pub use time::{BoxTime, BEAT, BOX_STANDS, BOX_STANDS_AFTER_A_GAP, LEASE_STANDS, LOOK, PATIENCE, PAUSE, TRUSTED};
pub use whereabouts::{Addressed, Whereabouts};
