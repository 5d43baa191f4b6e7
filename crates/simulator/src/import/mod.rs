//! Configurations of other queues, as callcenter.conf.xml: Asterisk's queues.conf, and the flows and agents of OpenSIPS call_center.
//!
//! What has a counterpart here is carried over; whatever else is set becomes a warning that says what to do. Which parameters there are
//! is known from the tables of parameters alone, and every value is checked by them.

mod asterisk;
mod csv;
mod draft;
mod opensips;

pub use asterisk::{import as from_asterisk, Included, Includes};
pub use draft::Draft;
pub use opensips::import as from_opensips;
