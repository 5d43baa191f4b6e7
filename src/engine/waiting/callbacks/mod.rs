//! Callers who are called back: who may ask, attempts, and how it ends. Whom an agent is held for is a matter of `matching`.

mod asking;
mod attempts;
mod door;
mod ends;
mod offering;
mod rows;
