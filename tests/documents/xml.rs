//! XML of the documents is XML, and what is of the call centre's configuration is read without a complaint.

use crate::dialplan;
use callcenter_simulator::xml::element_of;
use callcenter_test_support::documents::{blocks, Block};
use mod_callcenter::config::{everything_wrong, read, read_laid_over, ConfigRequest, Element, Roster};
use mod_callcenter::engine::SETTINGS;

/// Variables of FreeSWITCH's own vars.xml, as they are there.
const VARS: [(&str, &str); 2] = [
    ("$${hold_music}", "local_stream://moh"),
    ("$${domain}", "pbx.example.com"),
];

fn parse(text: &str) -> Result<Element, String> {
    let expanded = VARS
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    let document = format!("<document>{expanded}</document>");
    let document = roxmltree::Document::parse(&document).map_err(|error| error.to_string())?;
    Ok(element_of(document.root_element()))
}

/// Elements of a section in a configuration that has nothing else.
fn framed(section: &str, elements: &[Element]) -> Element {
    let mut section = Element::named(section);
    section.children = elements.to_vec();
    let mut configuration = Element::named("configuration");
    configuration.children.push(section);
    configuration
}

fn params_of_queue(params: &[Element]) -> Element {
    let mut queue = Element::named("queue");
    queue.attributes = vec![("name".to_owned(), "support@default".to_owned())];
    queue.children = params.to_vec();
    framed("queues", &[queue])
}

/// What the reader says of an element that is part of a configuration.
fn complaints_about(element: &Element) -> Vec<String> {
    let part = std::slice::from_ref(element);
    let name = element.attribute("name").unwrap_or_default();
    let configuration = match (element.name.as_str(), name) {
        ("configuration", "callcenter.conf") => return complaints_about_whole(element),
        ("configuration", "callcenter-extra.conf") => return complaints_about_extra(element),
        ("queue", _) => framed("queues", part),
        ("agent", _) => framed("agents", part),
        ("tier", _) => framed("tiers", part),
        ("param", _) if SETTINGS.iter().any(|setting| setting.name == name) => framed("settings", part),
        ("param", _) => params_of_queue(part),
        ("context" | "extension" | "action", _) => return dialplan::complaints_about(element),
        (other, _) => return vec![format!("<{other}> is nothing that a test knows")],
    };
    read(&configuration).warnings
}

fn complaints_about_whole(element: &Element) -> Vec<String> {
    let configuration = read(element);
    let findings = everything_wrong(&configuration, &Roster::of(&configuration));
    findings.iter().map(ToString::to_string).collect()
}

/// What it lays over is there: it adds nothing.
fn complaints_about_extra(extra: &Element) -> Vec<String> {
    let mut base = Element::named("configuration");
    for (section, kind) in [("queues", "queue"), ("agents", "agent")] {
        let named = extra
            .children_named(section)
            .flat_map(|section| section.children.clone());
        let bare = named.map(|element| {
            let mut bare = Element::named(kind);
            let name = element.attribute("name").unwrap_or_default().to_owned();
            bare.attributes.push(("name".to_owned(), name));
            if kind == "agent" {
                bare.attributes.push(("type".to_owned(), "callback".to_owned()));
            }
            bare
        });
        let mut whole = Element::named(section);
        whole.children = bare.collect();
        base.children.push(whole);
    }
    read_laid_over(base, Some(extra), &ConfigRequest::default()).warnings
}

fn complaints_about_block(block: &Block) -> Vec<String> {
    match parse(&block.text) {
        Err(error) => vec![error],
        Ok(document) => document.children.iter().flat_map(complaints_about).collect(),
    }
}

#[test]
fn every_configuration_is_read_without_a_complaint() {
    let blocks = blocks("xml");
    let complaints: Vec<String> = blocks
        .iter()
        .flat_map(|block| {
            complaints_about_block(block)
                .into_iter()
                .map(|text| format!("{}: {text}", block.place()))
        })
        .collect();
    assert!(blocks.len() > 8, "only {} blocks", blocks.len());
    assert!(complaints.is_empty(), "{complaints:#?}");
}
