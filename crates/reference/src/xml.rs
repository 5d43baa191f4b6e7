//! XML with comments, as people read it: indented, wrapped.

/// As wide as a line gets where there is a blank to break it.
const WIDTH: usize = 110;

/// A blank in a comment at which no line ends.
pub const UNBROKEN: char = '\u{a0}';

/// A text for an attribute.
pub fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// An attribute with its value.
pub fn attribute(name: &str, value: &str) -> String {
    format!("{name}=\"{}\"", escaped(value))
}

/// A comment of its own, its further lines below the first word.
pub fn comment(indent: usize, text: &str) -> String {
    let text = wrapped(text, indent + 5).replace(UNBROKEN, " ");
    format!("{}<!-- {text} -->\n", " ".repeat(indent))
}

/// Words in lines that begin at this column; the first one is not indented. Lines of the text stay lines, and keep their own indent.
fn wrapped(text: &str, column: usize) -> String {
    let break_ = format!("\n{}", " ".repeat(column));
    let lines: Vec<String> = text.lines().map(|line| wrapped_line(line, column, &break_)).collect();
    lines.join(&break_)
}

fn wrapped_line(line: &str, column: usize, break_: &str) -> String {
    let words = line.trim_start_matches(' ');
    let own_indent = &line[..line.len() - words.len()];
    let (mut wrapped, mut at) = (own_indent.to_owned(), column + own_indent.len());
    for (index, word) in words.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 && at + 1 + length > WIDTH {
            wrapped += &format!("{break_}{own_indent}");
            at = column + own_indent.len();
        } else if index > 0 {
            wrapped += " ";
            at += 1;
        }
        wrapped += word;
        at += length;
    }
    wrapped
}

/// An element without content, its attributes below one another where one line has no room for them.
pub fn element(indent: usize, name: &str, attributes: &[String]) -> String {
    let column = indent + name.len() + 2;
    let (mut text, mut at) = (format!("<{name}"), column - 1);
    for attribute in attributes {
        let length = attribute.chars().count();
        if at >= column && at + 1 + length > WIDTH {
            text += &format!("\n{}", " ".repeat(column));
            at = column;
        } else {
            text += " ";
            at += 1;
        }
        text += attribute;
        at += length;
    }
    text + "/>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_comment_is_wrapped_below_its_first_word() {
        let text = ["word"; 30].join(" ");
        let comment = comment(4, &text);
        let lines: Vec<&str> = comment.lines().collect();
        assert_eq!(lines.len(), 2, "{comment}");
        assert!(
            lines[0].starts_with("    <!-- word") && lines[1].starts_with("         word"),
            "{comment}"
        );
        assert!(lines.iter().all(|line| line.len() <= WIDTH + 4), "{comment}");
        assert_eq!(comment.split_whitespace().count(), 32);
    }

    #[test]
    fn what_has_a_meaning_in_xml_is_escaped() {
        assert_eq!(attribute("a", "b>=\"5\" & <c"), "a=\"b&gt;=&quot;5&quot; &amp; &lt;c\"");
    }

    #[test]
    fn attributes_stand_below_one_another_where_there_is_no_room() {
        let attributes: Vec<String> = (0..9).map(|number| format!("attribute-{number}=\"value\"")).collect();
        let text = element(4, "agent", &attributes);
        assert!(text.starts_with("<agent attribute-0=\"value\" attribute-1"), "{text}");
        assert!(text.contains("\n           attribute-"), "{text}");
    }
}
