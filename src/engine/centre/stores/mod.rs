//! The stores of the call centre. Their maps are private: everybody may look (a store derefs to its map), and changes go through
//! the few methods here, which keep the store's own indexes right and note whom the step's end has to look at.

pub(in crate::engine) mod agents;
pub(in crate::engine) mod callbacks;
pub(in crate::engine) mod callers;
pub(in crate::engine) mod id_map;
pub(in crate::engine) mod members;
pub(in crate::engine) mod offers;
pub(in crate::engine) mod queues;
pub(in crate::engine) mod tiers;
pub(in crate::engine) mod touched;
