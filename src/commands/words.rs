//! Words that no command can do anything with: too many of them, empty names, texts longer than their column.

use super::reply::{Refusal, INVALID};

/// Refuses more words than the action takes. Stock ignores what is too many, and so takes `Available (On Demand)` without its
/// quotes for `Available`.
pub(super) fn at_most(most: &[(&str, usize)], action: &str, words: &[&str]) -> Result<(), Refusal> {
    match most.iter().find(|(name, _)| *name == action) {
        Some((_, most)) if words.len() > *most => Err(Refusal(format!(
            "Too many words! '{action}' takes {most}; put a value with blanks between single quotes."
        ))),
        _ => Ok(()),
    }
}

/// A name: there is no agent or queue without one.
pub(super) fn name(text: &str) -> Result<&str, Refusal> {
    if text.is_empty() {
        return Err(INVALID.into());
    }
    Ok(text)
}

/// A text that fits into its column of stock's tables.
pub(super) fn no_longer_than<'a>(longest: usize, what: &str, text: &'a str) -> Result<&'a str, Refusal> {
    match text.chars().count() {
        length if length > longest => Err(Refusal(format!(
            "Invalid {what}: it has {length} characters! Use at most {longest}."
        ))),
        _ => Ok(text),
    }
}
