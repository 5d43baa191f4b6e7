//! A file has one reason, and is short enough to be read in one sitting.

use callcenter_test_support::repository::{root, sources};

/// Lines of a file, its tests among them.
const LONGEST: usize = 500;

/// Tables: an entry for each name that a user can write. None is ever added.
const EXCEPTIONS: &[&str] = &["src/engine/configuration/tables/queue.rs"];

#[test]
fn files_are_short() {
    let rooms = ["src", "crates", "tests", "benches"];
    let files = rooms.iter().flat_map(|room| sources(&root().join(room)));
    let long = files.filter_map(|path| {
        let length = std::fs::read_to_string(&path).expect("a source file").lines().count();
        let file = path
            .strip_prefix(root())
            .expect("of this package")
            .display()
            .to_string();
        (length > LONGEST).then_some((file, length))
    });
    let long: Vec<(String, usize)> = long.collect();
    let new: Vec<_> = long
        .iter()
        .filter(|(file, _)| !EXCEPTIONS.contains(&file.as_str()))
        .collect();
    assert!(new.is_empty(), "longer than {LONGEST} lines: {new:#?}");
    let over: Vec<_> = EXCEPTIONS
        .iter()
        .filter(|name| !long.iter().any(|(file, _)| file == *name))
        .collect();
    assert!(over.is_empty(), "no exceptions any more, so strike them out: {over:#?}");
}
