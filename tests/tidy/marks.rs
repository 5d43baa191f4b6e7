//! A mark that stands nowhere breaks nothing, and one that stands twice does not say where the engine goes wrong.

use callcenter_test_support::repository::{root, sources};
use mod_callcenter::{cluster, engine};

/// The marks that do not stand in exactly one place of their room.
fn misplaced(room: &str, names: &[String]) -> Vec<String> {
    let files = sources(&root().join("src").join(room)).into_iter();
    let text: String = files
        .map(|file| std::fs::read_to_string(file).expect("a source file"))
        .collect();
    let places = names
        .iter()
        .map(|name| (name, text.matches(&format!("holds(Mark::{name})")).count()));
    let misplaced = places.filter(|(_, places)| *places != 1);
    misplaced
        .map(|(name, places)| format!("{name}: {places} places"))
        .collect()
}

#[test]
fn every_mark_stands_in_one_place() {
    let of_engine = engine::marks::Mark::ALL.iter().map(|mark| format!("{mark:?}"));
    let of_engine: Vec<String> = of_engine.collect();
    assert!(of_engine.len() >= 43, "only {} marks", of_engine.len());
    let of_cluster = cluster::marks::Mark::ALL.iter().map(|mark| format!("{mark:?}"));
    let of_cluster: Vec<String> = of_cluster.collect();
    assert!(of_cluster.len() >= 10, "only {} marks", of_cluster.len());
    let misplaced = [misplaced("engine", &of_engine), misplaced("cluster", &of_cluster)].concat();
    assert!(misplaced.is_empty(), "{misplaced:#?}");
}
