//! An offer's way: the ring, the answer, the bridge, the end.

pub(super) mod failed;
pub(super) mod missed;
pub(super) mod ringing;
pub(super) mod talking;
