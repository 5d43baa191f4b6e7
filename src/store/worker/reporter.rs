//! What a worker tells the operator: of trouble once, however often it fails, and of its end.

use crate::engine::{Notice, NoticeLevel};
use std::sync::atomic::{AtomicBool, Ordering};

/// Who is told of trouble, and of its end.
pub type Report = Box<dyn Fn(Notice) + Send + Sync>;

/// The operator, and whether they know.
pub(in crate::store) struct Reporter {
    report: Report,
    /// The operator knows that there is trouble.
    is_told: AtomicBool,
}

impl Reporter {
    /// An operator who knows of trouble already, or of none.
    pub fn new(report: Report, is_told: bool) -> Self {
        Self {
            report,
            is_told: AtomicBool::new(is_told),
        }
    }

    /// Tells something.
    pub fn tell(&self, level: NoticeLevel, text: String) {
        (self.report)(Notice {
            level,
            session_uuid: None,
            text,
        });
    }

    /// Tells of trouble, unless the operator knows.
    pub fn tell_trouble(&self, text: impl FnOnce() -> String) {
        if self.is_new() {
            self.tell(NoticeLevel::Error, text());
        }
    }

    /// Whether trouble is not known yet; from here on it is.
    pub fn is_new(&self) -> bool {
        !self.is_told.swap(true, Ordering::SeqCst)
    }

    /// Whether the operator knows of trouble.
    pub fn is_told(&self) -> bool {
        self.is_told.load(Ordering::SeqCst)
    }

    /// The trouble is over; whether the operator knew of it.
    pub fn end(&self) -> bool {
        self.is_told.swap(false, Ordering::SeqCst)
    }
}
