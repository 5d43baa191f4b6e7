//! Every input that fuzzing found worth keeping, tried again.

use callcenter_test_support::fuzz;
use callcenter_test_support::repository::root;

/// Runs a target with each file of its corpus; there has to be one.
fn replay(target: &str, run: fn(&[u8])) {
    let directory = root().join("fuzz/corpus").join(target);
    let files = std::fs::read_dir(&directory).expect("the target's corpus");
    let mut count = 0;
    for file in files {
        let path = file.expect("a file of the corpus").path();
        // A failure shows the test's output, and the last line of it is the culprit.
        println!("{}", path.display());
        run(&std::fs::read(&path).expect("a readable file"));
        count += 1;
    }
    assert!(count > 0, "{} is empty", directory.display());
}

#[test]
fn console() {
    replay("console", fuzz::console::run);
}

#[test]
fn json() {
    replay("json", fuzz::json::run);
}

#[test]
fn configuration() {
    replay("configuration", fuzz::configuration::run);
}

#[test]
fn engine() {
    replay("engine", fuzz::engine::run);
}
