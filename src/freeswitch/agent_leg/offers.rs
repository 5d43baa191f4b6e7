//! Offers that are not bridged yet, and how each is stopped at whatever stage it is in.

use crate::engine::OfferId;
use crate::freeswitch::agent_leg::calls_back::Waiting;
use crate::freeswitch::dialling::calls::{Call, UnderWay};
use crate::freeswitch::talk::bridging::Bridging;
use std::borrow::Borrow;
use std::ops::Deref;

/// The offers between ring and bridge.
pub type Offers = UnderWay<OfferId, Offer>;

/// One offer between ring and bridge.
#[derive(Default)]
pub struct Offer {
    call: Call,
    /// How far its two legs are.
    pub bridging: Bridging,
    /// What its agent hears while somebody is called back.
    pub waiting: Waiting,
}

impl Deref for Offer {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Borrow<Call> for Offer {
    fn borrow(&self) -> &Call {
        &self.call
    }
}
