//! Callbacks: what is asked of the engine and of whoever dials.
//!
//! A callback is a member without a channel. The caller's application asks for it ([`Input::CallbackAsk`](crate::engine::Input)) and then
//! leaves the queue, or a caller joins as one; it keeps the place. When it is due, [`Output::CallBack`](crate::engine::Output) has it
//! dialled, once at a time. What comes of that is reported by `CallbackFailed` or `CallbackReached`; a channel that was reached then enters
//! the queue by `MemberJoin` and takes the place that is kept.

use crate::engine::vocabulary::ids::CallbackAttemptId;

/// Somebody to be called back: one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// `callback-confirm-sound`: what is played to whoever answers until the key is pressed; none: the phrase that comes with this module.
    pub confirm_sound: Option<String>,
    /// Which attempt of the callback it is, counted from 1.
    pub number_of_attempt: u32,
    /// When the person joined the queue, epoch seconds.
    pub joined_epoch: i64,
}

/// What a waiting caller may be offered now who has pressed `callback-key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackOffer {
    /// The caller's own number, where it may be called; none: another one has to be asked for.
    pub number: Option<String>,
    /// `callback-confirm-number`: the number is read back, and counts once the caller has confirmed it.
    pub confirm_number: bool,
    /// `callback-other-number`: the caller may give another one.
    pub other_number: bool,
}

/// Why nobody is called back. Nothing has changed when one of these is returned: a caller who waits waits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
            Self::NotThisCaller => "NOT_THIS_CALLER",
        }
    }
}
