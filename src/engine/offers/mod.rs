//! An offer's way: the ring, the answer, the bridge, the end.

mod calling_back;
pub(super) mod failed;
pub(super) mod missed;
pub(super) mod ringing;
pub(super) mod talking;
