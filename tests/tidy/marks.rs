//! A mark that stands nowhere breaks nothing, and one that stands twice does not say where the engine goes wrong.

use callcenter_test_support::repository::{root, sources};
use mod_callcenter::engine::marks::Mark;

#[test]
fn every_mark_stands_in_one_place() {
    let files = sources(&root().join("src/engine")).into_iter();
    let text: String = files
        .map(|file| std::fs::read_to_string(file).expect("a source file"))
        .collect();
    let places = |mark: &Mark| text.matches(&format!("holds(Mark::{mark:?})")).count();
    let misplaced = Mark::ALL.iter().filter(|mark| places(mark) != 1);
    let misplaced: Vec<String> = misplaced
        .map(|mark| format!("{mark:?}: {} places", places(mark)))
        .collect();
    assert!(Mark::ALL.len() >= 43, "only {} marks", Mark::ALL.len());
    assert!(misplaced.is_empty(), "{misplaced:#?}");
}
