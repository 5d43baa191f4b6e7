//! A sorted set that knows how many stand before one of its elements.
//!
//! A list of short sorted lists: finding, adding, removing and counting touch one short list and the lengths of those before it, so
//! that 100,000 elements cost a few hundred additions.

/// A short list is cut in two when it becomes longer than this.
const LONGEST: usize = 512;

/// A sorted set of small values.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Ranked<T> {
    /// None of them is empty.
    lists: Vec<Vec<T>>,
}

impl<T> Default for Ranked<T> {
    fn default() -> Self {
        Self { lists: Vec::new() }
    }
}

impl<T: Ord + Copy> Ranked<T> {
    /// Adds an element; one that is there already stays as it is.
    pub fn insert(&mut self, element: T) {
        if self.lists.is_empty() {
            self.lists.push(vec![element]);
            return;
        }
        let at = self.list_for(&element).min(self.lists.len() - 1);
        let Some(list) = self.lists.get_mut(at) else { return };
        if let Err(place) = list.binary_search(&element) {
            list.insert(place, element);
        }
        if list.len() > LONGEST {
            let second = list.split_off(LONGEST / 2);
            self.lists.insert(at + 1, second);
        }
    }

    /// Takes an element out; nothing happens when it is not there.
    pub fn remove(&mut self, element: &T) {
        let at = self.list_for(element);
        let Some(list) = self.lists.get_mut(at) else { return };
        if let Ok(place) = list.binary_search(element) {
            list.remove(place);
        }
        if list.is_empty() {
            self.lists.remove(at);
        }
    }

    /// How many stand before an element; none when it is not there.
    pub fn rank(&self, element: &T) -> Option<usize> {
        let at = self.list_for(element);
        let place = self.lists.get(at)?.binary_search(element).ok()?;
        let before: usize = self.lists.iter().take(at).map(Vec::len).sum();
        Some(before + place)
    }

    /// The element that has so many before it.
    pub fn nth(&self, mut before: usize) -> Option<T> {
        for list in &self.lists {
            match list.get(before) {
                Some(element) => return Some(*element),
                None => before -= list.len(),
            }
        }
        None
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// All of them in their order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.lists.iter().flatten().copied()
    }

    /// The only list that can hold the element; one past the last when all are before it.
    fn list_for(&self, element: &T) -> usize {
        self.lists.partition_point(|list| list.last() < Some(element))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, proptest};
    use std::collections::BTreeSet;

    #[test]
    fn an_empty_one_ranks_nobody() {
        let mut ranked = Ranked::default();
        ranked.remove(&1);
        assert_eq!((ranked.rank(&1), ranked.nth(0)), (None, None));
    }

    proptest! {
        /// Enough elements for many short lists, and for lists that empty.
        #[test]
        fn it_agrees_with_a_plain_sorted_set(steps in prop::collection::vec((0..4u8, 0..4_000u16), 0..6_000)) {
            let (mut ranked, mut plain) = (Ranked::default(), BTreeSet::new());
            for (what, element) in steps {
                // Three of four come, so that there are many; then the low ones go.
                if what == 0 {
                    for gone in element..element.saturating_add(40) {
                        ranked.remove(&gone);
                        plain.remove(&gone);
                    }
                } else {
                    ranked.insert(element);
                    plain.insert(element);
                }
            }
            for (rank, element) in plain.iter().enumerate() {
                assert_eq!((ranked.rank(element), ranked.nth(rank)), (Some(rank), Some(*element)));
            }
            assert_eq!(ranked.nth(plain.len()), None);
            assert!(ranked.iter().eq(plain.iter().copied()));
            assert_eq!((ranked.len(), ranked.is_empty()), (plain.len(), plain.is_empty()));
            assert!(ranked.lists.iter().all(|list| (1..=LONGEST).contains(&list.len())));
            assert!((0..4_000).all(|element| plain.contains(&element) || ranked.rank(&element).is_none()));
        }
    }
}
