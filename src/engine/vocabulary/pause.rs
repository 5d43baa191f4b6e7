//! A pause with its reason.

/// Why, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pause {
    /// In the words of whoever asked for it; may be empty.
    pub reason: String,
    /// Epoch seconds.
    pub since: i64,
}
