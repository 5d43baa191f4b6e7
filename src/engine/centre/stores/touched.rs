//! Whom the end of a step has to look at.

/// Identities noted within a step, each once when they are taken.
#[derive(Debug)]
pub(in crate::engine) struct Touched<Id>(Vec<Id>);

impl<Id> Default for Touched<Id> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<Id: Copy + Ord> Touched<Id> {
    /// Notes one. Several changes of the same in a row are the rule.
    pub fn note(&mut self, id: Id) {
        if self.0.last() != Some(&id) {
            self.0.push(id);
        }
    }

    /// Whether nobody is noted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those noted, in order.
    pub fn take(&mut self) -> Vec<Id> {
        let mut all = std::mem::take(&mut self.0);
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_taken_once_in_order() {
        let mut touched = Touched::default();
        for id in [3, 3, 1, 3, 2, 1] {
            touched.note(id);
        }
        assert!(!touched.is_empty());
        assert_eq!(touched.take(), [1, 2, 3]);
        assert!(touched.is_empty());
    }
}
