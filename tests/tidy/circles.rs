//! No file of the engine takes something from another that, by whatever way, takes something from it.

use crate::imports::{files_and_arrows, Arrow};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Where there are no circles.
const ENGINE: &str = "engine";

/// A way along the arrows from a file back to itself; none where there is no such way.
fn circle(arrows: &[Arrow]) -> Option<Vec<PathBuf>> {
    let mut taken: BTreeMap<&PathBuf, Vec<&PathBuf>> = BTreeMap::new();
    for arrow in arrows {
        taken.entry(&arrow.from).or_default().push(&arrow.to);
    }
    let mut done = BTreeSet::new();
    for start in taken.keys() {
        let mut way: Vec<(&PathBuf, usize)> = vec![(start, 0)];
        while let Some((file, next)) = way.pop() {
            let Some(to) = taken.get(file).and_then(|all| all.get(next)) else {
                done.insert(file);
                continue;
            };
            way.push((file, next + 1));
            if let Some(at) = way.iter().position(|(file, _)| file == to) {
                let files = way[at..].iter().map(|(file, _)| *file);
                return Some(files.chain([*to]).cloned().collect());
            }
            if !done.contains(to) {
                way.push((to, 0));
            }
        }
    }
    None
}

#[test]
fn no_files_of_the_engine_need_one_another() {
    let (_, arrows) = files_and_arrows();
    let of_engine = arrows
        .into_iter()
        .filter(|arrow| arrow.from.starts_with(ENGINE) && arrow.to.starts_with(ENGINE));
    let arrows: Vec<Arrow> = of_engine.collect();
    assert!(arrows.len() > 300, "only {} imports are seen", arrows.len());
    if let Some(files) = circle(&arrows) {
        let files: Vec<String> = files.iter().map(|file| format!("src/{}", file.display())).collect();
        panic!("a circle of imports: {}", files.join(" -> "));
    }
}

#[test]
fn a_circle_is_found_wherever_it_begins() {
    let arrow = |from: &str, to: &str| Arrow {
        from: from.into(),
        to: to.into(),
    };
    let straight = vec![arrow("a", "b"), arrow("a", "c"), arrow("b", "d"), arrow("c", "d")];
    assert_eq!(circle(&straight), None);
    let round = [straight, vec![arrow("d", "e"), arrow("e", "c")]].concat();
    let files = circle(&round).expect("a circle");
    assert_eq!(files.len(), 4);
    assert_eq!(files.first(), files.last());
}
