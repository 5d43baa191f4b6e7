//! Talks that a module before this one has left up: by what the other boxes know them.

use crate::engine::{LeftTalk, MemberId, OfferId, TalkReport};
use std::hash::{BuildHasher, Hasher, RandomState};

/// The talks that were found, under the identities that a box of a cluster has left on their channels. One that comes from a call centre
/// without a cluster gets some that no engine gives out: those have the highest bit.
pub fn known(found: Vec<LeftTalk>) -> Vec<TalkReport> {
    let talks = found.into_iter().map(|LeftTalk { talk, known_as }| {
        let (offer, member) = known_as.unwrap_or_else(|| (OfferId(drawn()), MemberId(drawn())));
        TalkReport { offer, member, talk }
    });
    talks.collect()
}

fn drawn() -> u64 {
    RandomState::new().build_hasher().finish() | (1 << 63)
}
