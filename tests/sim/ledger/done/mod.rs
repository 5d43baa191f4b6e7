//! What has been done, as inputs and outputs tell: it is written down, and found to be impossible where it cannot follow what was
//! done before.

mod announcements;
mod callbacks;
mod members;
mod offers;
mod queues;
mod restart;
mod rings;
