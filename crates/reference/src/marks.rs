//! Documents in which what is made stands between marks.

/// The document with what `content` makes of each name between that name's marks.
///
/// # Errors
/// When `content` knows no such name, or a mark is not closed.
pub fn filled(document: &str, content: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        filled += line;
        filled += "\n";
        let Some(name) = line
            .strip_prefix("<!-- generated: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        else {
            continue;
        };
        let made = content(name).ok_or_else(|| format!("nothing is known of the mark \"{name}\""))?;
        let end = format!("<!-- end of {name} -->");
        if !lines.any(|line| line == end) {
            return Err(format!("the mark \"{name}\" has no \"{end}\""));
        }
        filled += &format!("\n{made}\n{end}\n");
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::filled;

    fn content(name: &str) -> Option<String> {
        (name == "fruit").then(|| "apple\npear\n".to_owned())
    }

    #[test]
    fn what_stands_between_the_marks_is_made_anew_and_nothing_else() {
        let before = "# Garden\n<!-- generated: fruit -->\nplum\n<!-- end of fruit -->\nprose\n";
        let after = "# Garden\n<!-- generated: fruit -->\n\napple\npear\n\n<!-- end of fruit -->\nprose\n";
        assert_eq!(filled(before, content).as_deref(), Ok(after));
        assert_eq!(filled(after, content).as_deref(), Ok(after));
    }

    #[test]
    fn a_mark_that_is_not_known_or_not_closed_is_told() {
        let unknown = filled("<!-- generated: nuts -->\n<!-- end of nuts -->\n", content);
        assert_eq!(unknown, Err("nothing is known of the mark \"nuts\"".to_owned()));
        let open = filled("<!-- generated: fruit -->\nplum\n", content);
        assert!(open.is_err_and(|trouble| trouble.contains("end of fruit")));
    }
}
