//! What a table keeps: whoever changes it has it saved, without a word about that.

use std::ops::{Deref, DerefMut};

/// A row, or another part of one, beside the note that it is not what was put out last. To get at it in order to change it is to note that.
#[derive(Debug)]
pub(in crate::engine) struct Saved<T> {
    kept: T,
    is_news: bool,
}

impl<T> Saved<T> {
    /// One that the table has already, or is not to have.
    pub fn known(kept: T) -> Self {
        Self { kept, is_news: false }
    }

    /// Has it put out, changed or not.
    pub fn save(&mut self) {
        self.is_news = true;
    }

    /// Changes it, and has it put out if the change says that it is another one now.
    pub fn change(&mut self, change: impl FnOnce(&mut T) -> bool) {
        self.is_news |= change(&mut self.kept);
    }

    /// Whether it is to be put out.
    #[cfg(any(test, debug_assertions))]
    pub fn is_news(&self) -> bool {
        self.is_news
    }

    /// It, if it is to be put out; from now on it is not.
    pub fn take_news(&mut self) -> Option<&T> {
        std::mem::take(&mut self.is_news).then_some(&self.kept)
    }
}

impl<T> Deref for Saved<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.kept
    }
}

impl<T> DerefMut for Saved<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.is_news = true;
        &mut self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_changes_it_has_it_saved_and_who_looks_does_not() {
        let mut saved = Saved::known(vec![1]);
        assert_eq!(saved.first(), Some(&1));
        assert_eq!(saved.take_news(), None);
        saved.push(2);
        assert_eq!(saved.take_news(), Some(&vec![1, 2]));
        assert_eq!(saved.take_news(), None, "it is put out once");
        saved.change(|kept| kept.pop().is_none());
        assert!(!saved.is_news(), "the change says that it is none");
        saved.save();
        assert_eq!(saved.take_news(), Some(&vec![1]));
    }
}
