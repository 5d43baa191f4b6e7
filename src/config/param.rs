//! Names that are not known: each is told once, with the name that may have been meant.

use super::Element;
use crate::core::nearest_name;
use std::collections::HashSet;

/// The names of one kind of element that are known, and those that have been told of.
pub(super) struct Unknown {
    element: &'static str,
    known: Vec<&'static str>,
    told: HashSet<String>,
}

impl Unknown {
    /// Nothing has been told yet of elements of this name.
    pub fn of(element: &'static str, known: impl Iterator<Item = &'static str>) -> Self {
        Self {
            element,
            known: known.collect(),
            told: HashSet::new(),
        }
    }

    /// Why a `<param>` of this name is ignored; none when that has been told already, of whichever element.
    pub fn param(&mut self, name: &str, what: &str) -> Option<String> {
        if name.is_empty() {
            return Some("it has no name and is ignored.".to_owned());
        }
        let is_news = self.told.insert(name.to_owned());
        is_news.then(|| format!("no {what} of that name is known; it is ignored.{}", self.guess(name)))
    }

    /// Warns of attributes that are not known.
    pub fn attributes(&mut self, name: &str, element: &Element, warnings: &mut Vec<String>) {
        for (attribute, _) in &element.attributes {
            if !self.known.contains(&attribute.as_str()) && self.told.insert(attribute.clone()) {
                warnings.push(format!(
                    "<{} name=\"{name}\">: no attribute \"{attribute}\" is known; it is ignored.{}",
                    self.element,
                    self.guess(attribute)
                ));
            }
        }
    }

    fn guess(&self, name: &str) -> String {
        let nearest = nearest_name(name, self.known.iter().copied());
        nearest
            .map(|meant| format!(" The nearest name is \"{meant}\"."))
            .unwrap_or_default()
    }
}
