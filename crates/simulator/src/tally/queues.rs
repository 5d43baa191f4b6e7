//! Figures of a queue, and what became of each caller.

use mod_callcenter::engine::{CancelReason, Span, Timestamp};

/// What became of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// An agent answered.
    Answered,
    /// The caller left by itself, as `abandoned` of `stats`.
    GaveUp(CancelReason),
    /// A limit of the queue ended the wait, as `released` of `stats`.
    Released(CancelReason),
    /// The caller was refused at the door.
    Refused(CancelReason),
    /// The caller still waited when the day was over.
    Stayed,
}

impl Outcome {
    /// What becomes of a caller who leaves the queue without an agent; the border is that of `stats`.
    pub fn of_leaving(reason: CancelReason) -> Self {
        match reason {
            CancelReason::None | CancelReason::BreakOut | CancelReason::ExitWithKey => Self::GaveUp(reason),
            _ => Self::Released(reason),
        }
    }

    /// Why the caller left or did not come in, in words of people.
    pub fn why(self) -> &'static str {
        let reason = match self {
            Self::Answered => return "answered by an agent",
            Self::Stayed => return "still waited when the day was over",
            Self::GaveUp(reason) | Self::Released(reason) | Self::Refused(reason) => reason,
        };
        match reason {
            CancelReason::None => "gone just before the agent was there",
            CancelReason::BreakOut => "hung up",
            CancelReason::ExitWithKey => "pressed an exit key",
            CancelReason::Timeout => "waited as long as the queue lets them (max-wait-time)",
            CancelReason::NoAgentTimeout => "no agent logged in (max-wait-time-with-no-agent)",
            CancelReason::Withdraw => "taken out (member withdraw)",
            CancelReason::QueueFull => "queue full (max-queue-length)",
            CancelReason::JoinEmpty => "nobody could take the call (join-empty)",
            CancelReason::LeaveEmpty => "nobody could take the call any more (leave-when-empty)",
            CancelReason::NoAgents => "no agent logged in (reject-on-no-agents)",
            CancelReason::DissuadeQueueSize => "too many waited (dissuade-queue-size)",
            CancelReason::DissuadeEstimatedWait => "too long a wait to be expected (dissuade-estimated-wait)",
            CancelReason::DissuadeWait => "waited for dissuade-wait",
            CancelReason::CallbackRefused => "not called back by the queue",
            CancelReason::CallbackExpired => "not called back in time",
            CancelReason::CallbackTooOften | CancelReason::CallbackGivenUp => "called back in vain",
            CancelReason::CallbackDeclined => "wanted no call any more",
            CancelReason::CallbackCancelled => "not to be called back any more",
        }
    }

    /// What becomes of such a caller, in a word.
    pub fn what(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::GaveUp(_) => "gave up",
            Self::Released(_) => "sent away",
            Self::Refused(_) => "refused",
            Self::Stayed => "left over",
        }
    }
}

/// What became of one caller in one queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// The queue's name.
    pub queue: String,
    /// When the caller entered, or was refused.
    pub entered: Timestamp,
    /// How long the caller waited, until the answer or the end.
    pub wait: Span,
    /// How it ended.
    pub outcome: Outcome,
}

/// Figures of a queue, or of all of them, or of a part of the day.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct QueueFigures {
    /// Callers who came, those included who were refused.
    pub calls: u64,
    /// Callers bridged to an agent.
    pub answered: u64,
    /// Of these, within the service level's time.
    pub answered_in_time: u64,
    /// Callers who left by themselves before that.
    pub abandoned: u64,
    /// Callers whose wait a limit of the queue ended.
    pub released: u64,
    /// Callers who were refused at the door.
    pub refused: u64,
    /// Callers who still waited when the day was over.
    pub stayed: u64,
    /// Callers who wait now.
    pub waiting: u64,
    /// Callers who talk now.
    pub talking: u64,
    /// Time until the answer, of all answered callers together.
    pub wait_of_answered: Span,
    /// Time waited by everybody who came in.
    pub wait_of_all: Span,
    /// The longest wait of a caller, answered or not.
    pub longest_wait: Span,
}

impl QueueFigures {
    /// Share of all callers whose lot is known, refused ones included, who were answered in time; none before the first.
    pub fn service_level(&self) -> Option<f64> {
        share(self.answered_in_time, self.over())
    }

    /// Share of the same who left by themselves; none before the first.
    pub fn abandonment(&self) -> Option<f64> {
        share(self.abandoned, self.over())
    }

    /// Callers whose lot is known: neither waiting nor on their way in.
    pub fn over(&self) -> u64 {
        self.answered + self.abandoned + self.released + self.refused + self.stayed
    }

    /// Average wait of the answered callers, in seconds; none before the first.
    pub fn average_wait(&self) -> Option<f64> {
        (self.answered > 0).then(|| seconds(self.wait_of_answered) / self.answered as f64)
    }

    /// Counts how a caller's stay ended.
    pub fn count(&mut self, stay: &Stay, service_level: Span) {
        match stay.outcome {
            Outcome::Answered => {
                self.answered += 1;
                self.answered_in_time += u64::from(stay.wait <= service_level);
                self.wait_of_answered = sum(self.wait_of_answered, stay.wait);
            }
            Outcome::GaveUp(_) => self.abandoned += 1,
            Outcome::Released(_) => self.released += 1,
            Outcome::Refused(_) => self.refused += 1,
            Outcome::Stayed => self.stayed += 1,
        }
        self.wait_of_all = sum(self.wait_of_all, stay.wait);
        self.longest_wait = self.longest_wait.max(stay.wait);
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: &QueueFigures) -> QueueFigures {
        QueueFigures {
            calls: self.calls + other.calls,
            answered: self.answered + other.answered,
            answered_in_time: self.answered_in_time + other.answered_in_time,
            abandoned: self.abandoned + other.abandoned,
            released: self.released + other.released,
            refused: self.refused + other.refused,
            stayed: self.stayed + other.stayed,
            waiting: self.waiting + other.waiting,
            talking: self.talking + other.talking,
            wait_of_answered: sum(self.wait_of_answered, other.wait_of_answered),
            wait_of_all: sum(self.wait_of_all, other.wait_of_all),
            longest_wait: self.longest_wait.max(other.longest_wait),
        }
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A span in seconds.
pub fn seconds(span: Span) -> f64 {
    span.micros() as f64 / 1e6
}

/// Two spans together.
pub fn sum(a: Span, b: Span) -> Span {
    Span::from_micros(a.micros().saturating_add(b.micros()))
}
