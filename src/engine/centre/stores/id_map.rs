//! A map by identities that were counted up.
//!
//! The engine looks up agents, tiers, queues and members far more often than anything else. Their identities are counted up, so a place in
//! a list is found by arithmetic, where a tree would compare its way down at each look. The list is made of pages, and those in which
//! nobody is left are given up, so that what was once there costs nothing. Order is that of the identities, as in a tree.

use crate::engine::vocabulary::ids::Counted;
use std::collections::VecDeque;

/// How many stand on a page; the bits of its mask.
const PAGE: u64 = u64::BITS as u64;

/// Identities that lie so many pages apart are in runs of their own: what is between them is not kept room for.
const WIDEST_GAP: u64 = 4_096;

/// What is kept by identity.
#[derive(Debug)]
pub(in crate::engine) struct IdMap<Id, V> {
    /// Sorted, and none of them is empty.
    runs: Vec<Run<Id, V>>,
    len: usize,
    /// A page that was given up, for the next one: the last member of a page may leave at each call.
    spare: Option<Box<Page<Id, V>>>,
}

/// Pages that follow one another.
#[derive(Debug)]
struct Run<Id, V> {
    /// The number of the first page.
    first: u64,
    /// Neither the first nor the last one is given up.
    pages: VecDeque<Option<Box<Page<Id, V>>>>,
}

#[derive(Debug)]
struct Page<Id, V> {
    /// Which places are taken, by bits: most identities on a page may be those of others.
    taken: u64,
    places: [Option<Box<(Id, V)>>; PAGE as usize],
}

impl<Id, V> Page<Id, V> {
    fn empty() -> Box<Self> {
        Box::new(Self {
            taken: 0,
            places: [const { None }; PAGE as usize],
        })
    }

    /// Those on this page from a place on.
    fn from(&self, first: u64) -> impl Iterator<Item = (&Id, &V)> {
        let mut left = self.taken & (u64::MAX << first);
        std::iter::from_fn(move || {
            let place = left.trailing_zeros();
            // Takes out the lowest bit; none is left when there was none.
            left &= left.wrapping_sub(1);
            let (id, value) = self.places.get(place as usize)?.as_deref()?;
            Some((id, value))
        })
    }
}

impl<Id, V> Run<Id, V> {
    fn page(&self, page: u64) -> Option<&Page<Id, V>> {
        let at = usize::try_from(page.checked_sub(self.first)?).ok()?;
        self.pages.get(at)?.as_deref()
    }

    fn page_mut(&mut self, page: u64) -> Option<&mut Option<Box<Page<Id, V>>>> {
        let at = usize::try_from(page.checked_sub(self.first)?).ok()?;
        self.pages.get_mut(at)
    }

    /// Those from a place on a page on.
    fn from(&self, page: u64, place: u64) -> impl Iterator<Item = (&Id, &V)> {
        let skipped = usize::try_from(page.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let pages = self.pages.iter().skip(skipped).enumerate();
        let begins_here = page >= self.first;
        let first_place = move |at: usize| if at == 0 && begins_here { place } else { 0 };
        pages
            .filter_map(|(at, page)| Some((at, page.as_deref()?)))
            .flat_map(move |(at, page)| page.from(first_place(at)))
    }

    /// Makes room up to a page behind the last one.
    fn reach(&mut self, page: u64) {
        let pages = usize::try_from(page.saturating_sub(self.first)).unwrap_or_default() + 1;
        if pages > self.pages.len() {
            self.pages.resize_with(pages, || None);
        }
    }

    /// Gives up the room of pages that nobody is on, at both ends.
    fn trim(&mut self) {
        while self.pages.front().is_some_and(Option::is_none) {
            self.pages.pop_front();
            self.first += 1;
        }
        while self.pages.back().is_some_and(Option::is_none) {
            self.pages.pop_back();
        }
    }
}

impl<Id, V> Default for IdMap<Id, V> {
    fn default() -> Self {
        Self {
            runs: Vec::new(),
            len: 0,
            spare: None,
        }
    }
}

impl<Id: Counted, V> IdMap<Id, V> {
    /// What is kept under an identity.
    pub fn get(&self, id: &Id) -> Option<&V> {
        let (page, place) = page_and_place(*id);
        let run = self.runs.get(self.run_at(page)?)?;
        let (_, value) = run.page(page)?.places.get(place)?.as_deref()?;
        Some(value)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, id: &Id) -> Option<&mut V> {
        let (page, place) = page_and_place(*id);
        let at = self.run_at(page)?;
        let page = self.runs.get_mut(at)?.page_mut(page)?.as_deref_mut()?;
        let (_, value) = page.places.get_mut(place)?.as_deref_mut()?;
        Some(value)
    }

    /// Whether anything is kept under an identity.
    pub fn contains_key(&self, id: &Id) -> bool {
        self.get(id).is_some()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is kept.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keeps something under an identity; what was there before.
    pub fn insert(&mut self, id: Id, value: V) -> Option<V> {
        let (page, place) = page_and_place(id);
        let at = self.run_for(page);
        let run = self.runs.get_mut(at)?;
        run.reach(page);
        let spare = &mut self.spare;
        let page = run
            .page_mut(page)?
            .get_or_insert_with(|| spare.take().unwrap_or_else(Page::empty));
        let before = page.places.get_mut(place)?.replace(Box::new((id, value)));
        page.taken |= 1 << place;
        self.len += usize::from(before.is_none());
        before.map(|before| before.1)
    }

    /// Keeps nothing under an identity; what was there.
    pub fn remove(&mut self, id: &Id) -> Option<V> {
        let (page, place) = page_and_place(*id);
        let at = self.run_at(page)?;
        let run = self.runs.get_mut(at)?;
        let kept = run.page_mut(page)?;
        let on_page = kept.as_deref_mut()?;
        let gone = on_page.places.get_mut(place)?.take()?;
        on_page.taken &= !(1 << place);
        self.len -= 1;
        if on_page.taken == 0 {
            self.spare = kept.take();
            run.trim();
            if run.pages.is_empty() {
                self.runs.remove(at);
            }
        }
        Some(gone.1)
    }

    /// Everything, in the order of the identities.
    pub fn iter(&self) -> impl Iterator<Item = (&Id, &V)> {
        self.from(0)
    }

    /// Everything behind an identity, in order; everything where there is none.
    pub fn behind(&self, id: Option<Id>) -> impl Iterator<Item = (&Id, &V)> {
        let is_behind = move |(other, _): &(&Id, &V)| id.is_none_or(|id| other.counted() > id.counted());
        self.from(id.map_or(0, Id::counted)).filter(is_behind)
    }

    fn from(&self, number: u64) -> impl Iterator<Item = (&Id, &V)> {
        let (page, place) = (number / PAGE, number % PAGE);
        self.runs.iter().flat_map(move |run| run.from(page, place))
    }

    /// The identities, in order.
    pub fn keys(&self) -> impl Iterator<Item = &Id> {
        self.iter().map(|(id, _)| id)
    }

    /// What is kept, in the order of the identities.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// Everything, in order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Id, &mut V)> {
        let pages = self.runs.iter_mut().flat_map(|run| &mut run.pages);
        let places = pages.flatten().flat_map(|page| &mut page.places);
        places.filter_map(|place| {
            let (id, value) = place.as_deref_mut()?;
            Some((&*id, value))
        })
    }

    /// What is kept, in order, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, value)| value)
    }

    /// The run that a page can be in.
    fn run_at(&self, page: u64) -> Option<usize> {
        self.runs.partition_point(|run| run.first <= page).checked_sub(1)
    }

    /// The run that a page is in from now on: what is far from all others begins one.
    fn run_for(&mut self, page: u64) -> usize {
        let at = self.run_at(page);
        let is_near = |run: &Run<Id, V>| page - run.first < run.pages.len() as u64 + WIDEST_GAP;
        if let Some(at) = at.filter(|at| self.runs.get(*at).is_some_and(is_near)) {
            return at;
        }
        let at = at.map_or(0, |at| at + 1);
        let run = Run {
            first: page,
            pages: VecDeque::new(),
        };
        self.runs.insert(at, run);
        at
    }
}

#[cfg(any(test, debug_assertions))]
impl<Id: Counted, V> std::ops::Index<&Id> for IdMap<Id, V> {
    type Output = V;

    /// What is kept under an identity; it has to be there.
    fn index(&self, id: &Id) -> &V {
        self.get(id).expect("an identity that is kept is there")
    }
}

fn page_and_place(id: impl Counted) -> (u64, usize) {
    let number = id.counted();
    (number / PAGE, (number % PAGE) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, proptest};
    use std::collections::BTreeMap;

    impl Counted for u64 {
        fn counted(self) -> u64 {
            self
        }
    }

    fn agrees(map: &mut IdMap<u64, u32>, plain: &mut BTreeMap<u64, u32>) {
        assert_eq!(map.len(), plain.len());
        assert!(map.iter().eq(plain.iter()) && map.iter_mut().eq(plain.iter_mut()));
        assert!(map.keys().eq(plain.keys()) && map.values().eq(plain.values()));
        assert!(map.runs.iter().all(|run| !run.pages.is_empty()));
        let at_ends = |run: &Run<u64, u32>| {
            [
                run.pages.front().is_some_and(Option::is_some),
                run.pages.back().is_some_and(Option::is_some),
            ]
        };
        assert!(
            map.runs.iter().all(|run| at_ends(run) == [true, true]),
            "empty pages are kept at an end"
        );
    }

    proptest! {
        /// Identities that were counted up, with those of other elections far away; old ones go first, as a rule.
        #[test]
        fn it_agrees_with_a_tree(steps in prop::collection::vec((0..4u8, 0..3u64, 0..2_000u64), 0..400)) {
            let (mut map, mut plain) = (IdMap::default(), BTreeMap::new());
            for (step, (what, election, number)) in (0..).zip(steps) {
                let id = (election << 40) + number;
                if what == 0 {
                    assert_eq!(map.remove(&id), plain.remove(&id));
                    for old in plain.keys().copied().take(3).collect::<Vec<_>>() {
                        assert_eq!(map.remove(&old), plain.remove(&old));
                    }
                } else {
                    assert_eq!(map.insert(id, step), plain.insert(id, step));
                }
                assert_eq!(map.get(&id), plain.get(&id));
                assert_eq!(map.get_mut(&id), plain.get_mut(&id));
                assert_eq!(map.contains_key(&(id + 1)), plain.contains_key(&(id + 1)));
                assert!(map.behind(Some(id)).eq(plain.range(id + 1..)));
            }
            agrees(&mut map, &mut plain);
        }
    }

    #[test]
    fn the_highest_number_is_one_like_others() {
        let mut map = IdMap::default();
        for id in [u64::MAX, 0, u64::MAX - 64] {
            assert_eq!(map.insert(id, 1), None);
        }
        assert!(map.keys().copied().eq([0, u64::MAX - 64, u64::MAX]));
        assert_eq!(map.behind(Some(u64::MAX - 64)).count(), 1);
        assert_eq!((map.remove(&u64::MAX), map.len()), (Some(1), 2));
    }

    #[test]
    fn who_stays_for_long_does_not_keep_the_room_of_those_who_went() {
        let mut map = IdMap::default();
        for id in 0..100_000_u64 {
            map.insert(id, ());
            if id > 10 {
                map.remove(&(id - 1));
            }
        }
        let kept = map.runs.iter().flat_map(|run| &run.pages).flatten().count();
        assert_eq!((map.len(), kept), (11, 2));
    }
}
