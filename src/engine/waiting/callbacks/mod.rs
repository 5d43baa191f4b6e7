//! Callers who are called back: who may ask, attempts, and how it ends. Whom an agent is held for is a matter of `matching`.

mod agent_first;
mod asking;
mod attempts;
mod days;
mod door;
mod ends;
mod leading;
mod offering;
mod rows;
