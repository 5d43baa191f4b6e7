//! Where the elements of an expanded text stand in the files it was made of.

/// The lines of a text, and where each comes from.
#[derive(Default)]
pub(super) struct Places {
    /// Where each line but the first begins in the text.
    begins: Vec<usize>,
    origins: Vec<String>,
}

impl Places {
    /// The places of a text whose lines come from there.
    pub fn of_lines(text: &str, origins: Vec<String>) -> Self {
        let ends = text.match_indices('\n');
        Self {
            begins: ends.map(|(at, _)| at + 1).collect(),
            origins,
        }
    }

    /// Where an element begins: file and line.
    pub fn of(&self, node: roxmltree::Node<'_, '_>) -> Option<&str> {
        let line = self.begins.partition_point(|begin| *begin <= node.range().start);
        self.origins.get(line).map(String::as_str)
    }

    /// Where a line comes from; 1 is the first.
    pub fn of_row(&self, row: u32) -> Option<&str> {
        let line = usize::try_from(row).ok()?.checked_sub(1)?;
        self.origins.get(line).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_stands_on_the_line_that_it_begins_on() {
        let text = "<a><b/>\n<c\n x=\"1\"/><d/></a>";
        let places = Places::of_lines(text, ["f:1", "f:2", "g:1"].map(str::to_owned).to_vec());
        let document = roxmltree::Document::parse(text).expect("XML");
        let at = |name| places.of(document.descendants().find(|node| node.has_tag_name(name))?);
        assert_eq!(
            [at("a"), at("b"), at("c"), at("d")],
            [Some("f:1"), Some("f:1"), Some("f:2"), Some("g:1")]
        );
        assert_eq!(
            [places.of_row(3), places.of_row(4), places.of_row(0)],
            [Some("g:1"), None, None]
        );
    }
}
