//! XML without a parser: what this room reads.

/// An XML element. Text between elements is of no meaning in callcenter.conf.xml and is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// The element's name.
    pub name: String,
    /// Attributes in their order.
    pub attributes: Vec<(String, String)>,
    /// Child elements in their order.
    pub children: Vec<Element>,
    /// Where it stands: file and line; empty where whoever has read the XML does not say.
    pub place: String,
}

impl Element {
    /// An element without attributes and children.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The child elements of that name.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// An attribute that is there and not empty: an empty one is no value.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.attribute(name).filter(|value| !value.is_empty())
    }

    #[cfg(test)]
    pub(crate) fn parse_for_tests(text: &str) -> Self {
        fn element_of(node: roxmltree::Node<'_, '_>) -> Element {
            let attributes = node
                .attributes()
                .map(|pair| (pair.name().to_owned(), pair.value().to_owned()));
            Element {
                name: node.tag_name().name().to_owned(),
                attributes: attributes.collect(),
                children: node
                    .children()
                    .filter(roxmltree::Node::is_element)
                    .map(element_of)
                    .collect(),
                place: String::new(),
            }
        }
        let document = roxmltree::Document::parse(text).expect("well-formed XML");
        element_of(document.root_element())
    }
}
