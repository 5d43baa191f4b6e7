//! The way to the PostgreSQL server: connections, tables, and each [`Statement`] as one transaction; and the threads that carry a
//! [`Life`] over it.
//!
//! [`Statement`]: crate::cluster::Statement
//! [`Life`]: crate::cluster::Life

mod carrier;
mod clock;
mod door;
mod dsn;
mod hints;
mod lane;
mod look;
mod rows;
mod schema;
mod scripts;
mod session;
mod speaker;
mod values;

pub use carrier::{Carrier, Duties, Voice};
pub use clock::now;
pub use door::examine;
pub use dsn::{names_postgresql, Addresses};
pub use rows::{CallCentre, StoredRows};
pub use speaker::Speaker;
