//! What every reader of the lists relies on.

/// A list that a program can take apart: each row has as many fields as the line of column names, and `+OK` ends it.
///
/// # Panics
/// When it is not.
pub fn check(text: &str) {
    let body = text
        .strip_suffix("+OK\n")
        .unwrap_or_else(|| panic!("no +OK at the end: {text:?}"));
    // Every character that some language's `splitlines` takes for the end of a line.
    let ends =
        |character: char| (character.is_control() && character != '\t') || matches!(character, '\u{2028}' | '\u{2029}');
    let mut lines = body.strip_suffix('\n').unwrap_or(body).split(ends);
    let columns = lines.next().unwrap_or_default().split('|').count();
    for row in lines {
        assert_eq!(row.split('|').count(), columns, "{row:?} in {text:?}");
    }
}

/// A refusal is one line.
///
/// # Panics
/// When it is more.
pub fn check_refusal(text: &str) {
    assert!(text.ends_with('\n') && text.lines().count() == 1, "{text:?}");
    assert!(
        !text
            .trim_end()
            .chars()
            .any(|character| character.is_control() && character != '\t'),
        "{text:?}"
    );
}
