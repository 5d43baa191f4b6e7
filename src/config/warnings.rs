//! What is wrong with a configuration, gathered while it is read.

use super::Element;

/// Warnings, each with the place it is about where that is known.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    told: Vec<String>,
    place: String,
}

impl Warnings {
    /// What is told from here on is about this element.
    pub fn about(&mut self, element: &Element) {
        self.place.clone_from(&element.place);
    }

    /// Tells the operator.
    pub fn push(&mut self, text: String) {
        let told = match self.place.as_str() {
            "" => text,
            place => format!("{place}: {text}"),
        };
        self.told.push(told);
    }

    /// All that was told.
    pub fn told(self) -> Vec<String> {
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_element_comes_first_where_it_is_known() {
        let mut warnings = Warnings::default();
        warnings.about(&Element::named("queue"));
        warnings.push("one".to_owned());
        let known = Element {
            place: "a.xml:7".to_owned(),
            ..Element::named("queue")
        };
        warnings.about(&known);
        warnings.push("two".to_owned());
        assert_eq!(warnings.told(), ["one", "a.xml:7: two"]);
    }
}
