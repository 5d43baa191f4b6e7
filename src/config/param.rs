//! Names that are not known: each is told once, with the name that may have been meant.

use super::warnings::Warnings;
use super::Element;
use crate::engine::nearest_name;
use std::collections::HashSet;

/// Attributes that are of no meaning here and that programs write all the same: FusionPBX has `label` on queues and agents and
/// `domain_name` on tiers, and keeps the other two at hand.
const OTHERS: &[&str] = &[
    "label",
    "description",
    "domain_name",
    "domain_uuid",
    "agent_name",
    "queue_name",
];

/// The names of one kind of element that are known, and those that have been told of.
pub(super) struct Unknown {
    known: Vec<&'static str>,
    told: HashSet<String>,
}

impl Unknown {
    /// Of these names, nothing has been told yet.
    pub fn of(known: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            known: known.into_iter().collect(),
            told: HashSet::new(),
        }
    }

    /// Why a `<param>` of this name is ignored; none when that has been told already, of whichever element.
    pub fn param(&mut self, name: &str, what: &str) -> Option<String> {
        let is_news = self.told.insert(name.to_owned());
        is_news.then(|| format!("no {what} of that name is known; it is ignored.{}", self.guess(name)))
    }

    /// Warns of attributes that are not known; `about` is the element as it is written.
    pub fn attributes(&mut self, about: &str, element: &Element, warnings: &mut Warnings) {
        warnings.about(element);
        for (attribute, _) in &element.attributes {
            let is_known = [self.known.as_slice(), OTHERS]
                .iter()
                .any(|names| names.contains(&attribute.as_str()));
            if !is_known && self.told.insert(attribute.clone()) {
                warnings.push(format!(
                    "{about}: no attribute \"{attribute}\" is known; it is ignored.{}",
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

/// A `<param>` that has a value.
pub(super) struct Param<'a> {
    pub name: String,
    pub value: &'a str,
    pub element: &'a Element,
}

/// Each `<param>` that has a value. Empty values are none, as FreeSWITCH sees it, and nothing is said of them: programs
/// write one for every field that was left blank. A name or a value that is not there at all has been forgotten by a person.
pub(super) fn valued<'a>(about: &str, element: &'a Element, warnings: &mut Warnings) -> Vec<Param<'a>> {
    let mut valued = Vec::new();
    for param in element.children_named("param") {
        warnings.about(param);
        let name = param.attribute("name").unwrap_or_default().to_ascii_lowercase();
        match param.attribute("value") {
            _ if name.is_empty() => {
                warnings.push(format!("{about}: param \"\": it has no name and is ignored."));
            }
            None => warnings.push(format!(
                "{about}: param \"{name}\": it has no value and is ignored. Give it an attribute value=\"...\"."
            )),
            Some("") => (),
            Some(value) => valued.push(Param {
                name,
                value,
                element: param,
            }),
        }
    }
    valued
}

/// Warns of elements inside of `element` that have none of these names.
pub(super) fn strangers(about: &str, element: &Element, known: &[&'static str], warnings: &mut Warnings) {
    let mut told = HashSet::new();
    for child in &element.children {
        let name = child.name.as_str();
        if known.contains(&name) || !told.insert(name) {
            continue;
        }
        warnings.about(child);
        let nearest = nearest_name(name, known.iter().copied());
        let guess = nearest
            .map(|meant| format!(" The nearest name is <{meant}>."))
            .unwrap_or_default();
        warnings.push(format!(
            "{about}: no element <{name}> is known there; it is ignored.{guess}"
        ));
    }
}
