//! What is expected of the engine, whatever it has done: nothing here changes the books.

mod agents;
mod announcements;
mod members;
mod offers;
