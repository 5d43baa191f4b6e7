//! Callbacks: what is asked of the engine and of whoever dials.
//!
//! A callback is a member without a channel. The caller's application asks for it ([`Input::CallbackAsk`](crate::engine::Input)) and then
//! leaves the queue, or a caller joins as one; it keeps the place. When it is due, [`Output::CallBack`](crate::engine::Output) has it
//! dialled, once at a time. What comes of that is reported by `CallbackFailed` or `CallbackReached`; a channel that was reached then enters
//! the queue by `MemberJoin` and takes the place that is kept.
//!
//! With `callback-first` = `agent` an agent is rung before that: an [`Output::Ring`](crate::engine::Output) with `calls_back` and without
//! a caller's channel. The agent who answers hears whom it is about and takes it (`OfferAnswered`), or gives it back (`OfferFailed` with
//! `RingEnd::GivenBack`). Who has taken it waits: `CallBack` follows, with the agent's channel. Once the person is in the queue by
//! `MemberJoin`, `Connect` brings the two together as ever. Where the person is not reached, `CancelRing` ends the agent's waiting, and its
//! end is reported by `OfferFailed`; should the agent hang up before, that is an `OfferFailed` as well, and `CancelCallBack` follows.

use crate::engine::vocabulary::ids::{CallbackAttemptId, OfferId};
use crate::engine::vocabulary::words::CallbackResult;
use serde::{Deserialize, Serialize};

/// Somebody to be called back: one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallBack {
    /// The attempt, by which its end is reported.
    pub attempt: CallbackAttemptId,
    /// The queue's name, which the channel enters that was reached.
    pub queue: String,
    /// The member whose place it is.
    pub member_uuid: String,
    /// The number: digits, `*`, `#` and a leading `+`, nothing else.
    pub number: String,
    /// Who is called.
    pub name: String,
    /// `callback-dial` with the number in the place of `${callback_number}`.
    pub dial: String,
    /// Seconds from dialling until somebody has confirmed; then the attempt is to be ended as not answered, or not confirmed.
    pub timeout: u32,
    /// `callback-caller-id-name`; empty where the queue says none.
    pub caller_id_name: String,
    /// `callback-caller-id-number`; empty where the queue says none.
    pub caller_id_number: String,
    /// `callback-confirm-key`: who does not press it was not reached.
    pub confirm_key: char,
    /// Whether whoever answers has to press that key. Where an agent waits already nobody has to, unless the queue has a
    /// `callback-confirm-sound`: whoever answers was reached.
    pub must_confirm: bool,
    /// The agent who has taken the callback and waits, where the agent was called first.
    pub waiting_agent: Option<WaitingAgent>,
    /// `callback-confirm-sound`: what is played to whoever answers until the key is pressed; none: the phrase that comes with this module.
    pub confirm_sound: Option<String>,
    /// Which attempt of the callback it is, counted from 1.
    pub number_of_attempt: u32,
    /// When the person joined the queue, epoch seconds.
    pub joined_epoch: i64,
}

/// An agent who has taken a callback and waits while the number is dialled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingAgent {
    /// The offer.
    pub offer: OfferId,
    /// The agent's channel.
    pub agent_uuid: String,
    /// What the agent hears meanwhile: `moh-sound` of the queue, if it has one.
    pub hold_sound: Option<String>,
}

/// What an agent who is called first is told, and may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallsBack {
    /// The number that is dialled once the agent has taken the callback.
    pub number: String,
    /// `callback-give-back-key`: with it the agent gives the callback back.
    pub give_back_key: char,
    /// `callback-agent-sound`: what the agent hears; none: the phrase that comes with this module.
    pub sound: Option<String>,
}

/// What a waiting caller may be offered now who has pressed `callback-key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackOffer {
    /// The caller's own number, where it may be called; none: another one has to be asked for.
    pub number: Option<String>,
    /// `callback-confirm-number`: the number is read back, and counts once the caller has confirmed it.
    pub confirm_number: bool,
    /// `callback-other-number`: the caller may give another one.
    pub other_number: bool,
}

/// What has come of callbacks in some stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallbackCounts {
    /// Callbacks that were asked for.
    pub requested: u64,
    /// Attempts that were made; those that FreeSWITCH did not make do not count.
    pub attempts: u64,
    /// Attempts that have reached the person.
    pub reached: u64,
    /// Callbacks that ended with an agent.
    pub answered: u64,
    /// Callers who called meanwhile and took the place.
    pub taken_live: u64,
    /// Those who were reached, and hung up before an agent had them.
    pub left: u64,
    /// Callbacks that somebody has cancelled.
    pub cancelled: u64,
    /// Those who wanted no call any more.
    pub declined: u64,
    /// Callbacks that were promised and not kept: out of time, out of attempts, or the number was called too often.
    pub expired: u64,
    /// Offers of callbacks that agents gave back.
    pub given_back: u64,
}

impl CallbackCounts {
    /// Counts a callback that has ended.
    pub(in crate::engine) fn note_result(&mut self, result: CallbackResult) {
        let count = match result {
            CallbackResult::Answered => &mut self.answered,
            CallbackResult::TakenLive => &mut self.taken_live,
            CallbackResult::Left => &mut self.left,
            CallbackResult::Cancelled => &mut self.cancelled,
            CallbackResult::Declined => &mut self.declined,
            CallbackResult::Expired | CallbackResult::GivenUp | CallbackResult::TooOften => &mut self.expired,
        };
        *count += 1;
    }

    /// Adds what was counted in another stretch of time.
    pub(in crate::engine) fn add(&mut self, other: &Self) {
        self.requested += other.requested;
        self.attempts += other.attempts;
        self.reached += other.reached;
        self.answered += other.answered;
        self.taken_live += other.taken_live;
        self.left += other.left;
        self.cancelled += other.cancelled;
        self.declined += other.declined;
        self.expired += other.expired;
        self.given_back += other.given_back;
    }
}

/// A callback that was promised and not kept, for somebody to call by hand. The latest of each queue are remembered, until the module is
/// unloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnkeptCallback {
    /// The member's uuid.
    pub uuid: String,
    /// The queue's name.
    pub queue: String,
    /// The number that was to be called.
    pub number: String,
    /// Who it is.
    pub name: String,
    /// When the place in line began, epoch seconds.
    pub joined_epoch: i64,
    /// When it was asked for, epoch seconds.
    pub requested_epoch: i64,
    /// Attempts made.
    pub attempts: i64,
    /// How the last of them ended; empty where there was none.
    pub last_end: String,
    /// Why it was given up.
    pub result: CallbackResult,
    /// When it was, epoch seconds.
    pub ended_epoch: i64,
}

/// Why nobody is called back. Nothing has changed when one of these is returned: a caller who waits waits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CallbackRefusal {
    /// The queue has no `callback-dial`.
    #[error("The queue calls nobody back! Set callback-dial.")]
    NotInThisQueue,
    /// The text is no number.
    #[error("Not a number to call! Use digits, *, # and a leading +, 32 at most.")]
    NotANumber,
    /// `callback-numbers` does not admit it.
    #[error("The queue does not call this number (callback-numbers)!")]
    NotAdmitted,
    /// The number is not the caller's own.
    #[error("The queue calls the caller's own number alone (callback-other-number)!")]
    NotTheCallers,
    /// `callback-max-pending`.
    #[error("As many callbacks wait in the queue as it takes (callback-max-pending)!")]
    TooMany,
    /// The number is to be called back already.
    #[error("The number is to be called back from this queue already! See `callback list`.")]
    Pending,
    /// `callback-until`.
    #[error("The queue promises no more calls today (callback-until)!")]
    TooLate,
    /// `callback-attempts-per-day`.
    #[error("The number was called as often as it may be on one day (callback-attempts-per-day)!")]
    TooOften,
    /// A chat, or somebody who has been called back.
    #[error("Who writes, or has been called back, is not called back!")]
    NotThisCaller,
}

impl CallbackRefusal {
    /// In one word, for the channel (`cc_callback_refused`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotInThisQueue => "NOT_IN_THIS_QUEUE",
            Self::NotANumber => "NOT_A_NUMBER",
            Self::NotAdmitted => "NOT_ADMITTED",
            Self::NotTheCallers => "NOT_THE_CALLERS",
            Self::TooMany => "TOO_MANY",
            Self::Pending => "PENDING",
            Self::TooLate => "TOO_LATE",
            Self::TooOften => "TOO_OFTEN",
            Self::NotThisCaller => "NOT_THIS_CALLER",
        }
    }
}
