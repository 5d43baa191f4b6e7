//! callcenter.conf.xml: settings, queues, agents and tiers as written, checked, with stock's defaults.
//!
//! The room sees XML as a neutral [`Element`] tree, whoever parsed it: FreeSWITCH's XML registry, or the
//! simulator's reader of files where there is no FreeSWITCH. Nothing in a configuration is fatal: what is wrong becomes a warning that names the
//! element and says what is used instead, and the rest loads.

#[cfg(test)]
mod bad_values;
mod check;
mod element;
mod element_name;
mod overlay;
mod param;
mod queue;
mod roster;
mod settings;
mod source;
mod warnings;

pub use check::{contradictions, everything as everything_wrong, Finding, Roster};
pub use element::Element;
pub use overlay::{read_laid_over, EXTRA};
pub use source::{ConfigError, ConfigRequest, ConfigSource};
use warnings::Warnings;

use crate::engine::{AgentConfig, QueueConfig, Settings, TierConfig};

/// A whole configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Configuration {
    /// `<settings>`.
    pub settings: Settings,
    /// `<queues>`, in their order; each name once.
    pub queues: Vec<QueueConfig>,
    /// `<agents>`, in their order; each name once.
    pub agents: Vec<AgentConfig>,
    /// `<tiers>`, in their order.
    pub tiers: Vec<TierConfig>,
    /// Whether there is a `<settings>` at all: without one everything has its default at load, and nothing is said later.
    pub lists_settings: bool,
    /// Whether there is a `<tiers>` at all: without one nothing is said of tiers, not even that there are none.
    pub lists_tiers: bool,
    /// What is wrong with it, in words for the operator: each names an element and says what is used instead.
    pub warnings: Vec<String>,
}

/// Reads the `<configuration name="callcenter.conf">` element.
///
/// Defaults and parsing follow stock: the first `<settings>`, `<queues>`, `<agents>` and `<tiers>` count, integers
/// outside 0 to 86400 and non-numbers fall back to the default, booleans are FreeSWITCH's words, an empty value is no value.
pub fn read(root: &Element) -> Configuration {
    let mut warnings = Warnings::default();
    let sections = ["settings", "queues", "agents", "tiers"];
    param::strangers(
        "<configuration name=\"callcenter.conf\">",
        root,
        &sections,
        &mut warnings,
    );
    let settings = section(root, "settings", &mut warnings);
    let queues = section(root, "queues", &mut warnings);
    let agents = section(root, "agents", &mut warnings);
    let tiers = section(root, "tiers", &mut warnings);
    Configuration {
        lists_settings: settings.is_some(),
        settings: settings
            .map(|element| settings::read(element, &mut warnings))
            .unwrap_or_default(),
        queues: queues
            .map(|element| queue::read_all(element, &mut warnings))
            .unwrap_or_default(),
        agents: agents
            .map(|element| roster::read_agents(element, &mut warnings))
            .unwrap_or_default(),
        lists_tiers: tiers.is_some(),
        tiers: tiers
            .map(|element| roster::read_tiers(element, &mut warnings))
            .unwrap_or_default(),
        warnings: warnings.told(),
    }
}

/// The first section of that name, as in stock; others are pointed out.
fn section<'a>(root: &'a Element, name: &'static str, warnings: &mut Warnings) -> Option<&'a Element> {
    let mut sections = root.children_named(name);
    let first = sections.next();
    if let Some(second) = sections.next() {
        warnings.about(second);
        warnings.push(format!(
            "There is more than one <{name}>; only the first is used. Put everything into one <{name}>."
        ));
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_configuration_is_stocks_defaults() {
        let read = read(&Element::named("configuration"));
        assert_eq!(read, Configuration::default());
    }

    #[test]
    fn only_the_first_section_counts_and_the_second_is_pointed_out() {
        let root = Element::parse_for_tests(
            r#"<configuration>
                 <queues><queue name="one"/></queues>
                 <queues><queue name="two"/></queues>
               </configuration>"#,
        );
        let read = read(&root);
        assert_eq!(
            read.queues.iter().map(|queue| queue.name.as_str()).collect::<Vec<_>>(),
            ["one"]
        );
        assert_eq!(
            read.warnings,
            ["There is more than one <queues>; only the first is used. Put everything into one <queues>."]
        );
    }
}
