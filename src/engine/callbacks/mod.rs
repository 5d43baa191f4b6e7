//! Callers who are called back: who may ask, when it is due, attempts, and how it ends.

mod offering;
