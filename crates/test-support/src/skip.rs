//! A test that can do nothing on this machine says so, and is not mistaken for one that passed: `make test` counts it as skipped.

use std::io::Write;

/// Notes that the test of this thread is skipped, and why, where `CALLCENTER_SKIPPED` names a file for it.
pub fn note(reason: &str) {
    let (Some(file), Some(test)) = (std::env::var_os("CALLCENTER_SKIPPED"), test_of_this_thread()) else {
        return;
    };
    let file = std::fs::File::options().append(true).create(true).open(file);
    let written = file.and_then(|mut file| file.write_all(format!("{test}\t{reason}\n").as_bytes()));
    // The count alone would be wrong; the tests have gone as they went.
    if let Err(error) = written {
        say(&format!("{test} is skipped, which could not be noted: {error}"));
    }
}

/// The test runner names its threads after the tests.
fn test_of_this_thread() -> Option<String> {
    std::thread::current().name().map(str::to_owned)
}

/// Notes it and says so.
pub fn skip(reason: &str) {
    let test = test_of_this_thread().unwrap_or_else(|| "a test".to_owned());
    say(&format!("{test} SKIPPED: {reason}"));
    note(reason);
}

/// Writes a line past the test runner's capture.
pub fn say(line: &str) {
    // A closed standard error is no reason to fail a test.
    let _ = writeln!(std::io::stderr(), "{line}");
}
