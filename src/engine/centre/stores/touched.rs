//! Who was noted within a step.

/// Identities noted within a step, each once when they are taken.
#[derive(Debug)]
pub(in crate::engine) struct Touched<Id> {
    noted: Vec<Id>,
    /// The room of a list that was worked off, for the next one.
    room: Vec<Id>,
}

impl<Id> Default for Touched<Id> {
    fn default() -> Self {
        Self {
            noted: Vec::new(),
            room: Vec::new(),
        }
    }
}

impl<Id: Copy + Ord> Touched<Id> {
    /// Notes one. Several changes of the same in a row are the rule.
    pub fn note(&mut self, id: Id) {
        if self.noted.last() != Some(&id) {
            self.noted.push(id);
        }
    }

    /// Forgets one, if it is the last that was noted.
    pub fn forget_last(&mut self, id: Id) {
        if self.noted.last() == Some(&id) {
            self.noted.pop();
        }
    }

    /// Whether nobody is noted.
    pub fn is_empty(&self) -> bool {
        self.noted.is_empty()
    }

    /// Those noted, in order.
    pub fn take(&mut self) -> Vec<Id> {
        self.arrange();
        std::mem::replace(&mut self.noted, std::mem::take(&mut self.room))
    }

    /// Takes back a list that was worked off, for its room.
    pub fn give_back(&mut self, mut list: Vec<Id>) {
        list.clear();
        self.room = list;
    }

    /// Hands over those noted, in order. Room for as many is kept.
    pub fn drain(&mut self, each: impl FnMut(Id)) {
        self.arrange();
        self.noted.drain(..).for_each(each);
    }

    fn arrange(&mut self) {
        if self.noted.len() > 1 {
            self.noted.sort_unstable();
            self.noted.dedup();
        }
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
        [2, 1, 2].into_iter().for_each(|id| touched.note(id));
        let mut handed_over = Vec::new();
        touched.drain(|id| handed_over.push(id));
        assert_eq!(handed_over, [1, 2]);
        assert!(touched.is_empty());
    }
}
