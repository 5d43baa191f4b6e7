//! The configurations in `conf`, as somebody starts from them.

use callcenter_simulator::xml::read_file;
use mod_callcenter::config::{everything_wrong, Configuration, Roster};
use mod_callcenter::engine::{
    AGENT_ATTRIBUTES, AGENT_LIMITS, AGENT_WORDS, QUEUE_PARAMETERS, SETTINGS, TIER_ATTRIBUTES,
};
use std::path::Path;

#[test]
fn the_sample_and_the_demos_are_sound() {
    for path in [
        "conf/callcenter.conf.xml",
        "conf/demo/autoload_configs/callcenter.conf.xml",
        "conf/board/callcenter.conf.xml",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        let read = read_file(&path).expect("a configuration");
        let sample = Configuration {
            // Variables that only FreeSWITCH sets.
            warnings: Vec::new(),
            ..read
        };
        assert_eq!(
            everything_wrong(&sample, &Roster::of(&sample)),
            [],
            "{}",
            path.display()
        );
    }
}

/// The sample with all in force that is commented out, and the names that only vars.xml knows filled in.
fn sample_in_full() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conf/callcenter.conf.xml");
    let text = std::fs::read_to_string(path).expect("the sample");
    let text = text.replace("$${hold_music}", "local_stream://moh");
    let mut full = text.replace("$${recordings_dir}", "/var/recordings");
    for element in ["param", "agent"] {
        full = full.replace(&format!("<!-- <{element} "), &format!("<{element} "));
    }
    full.replace("/> -->", "/>")
}

/// Whoever takes away the marks of a comment has something that is understood.
#[test]
fn all_that_the_sample_has_commented_out_can_be_put_in_force() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("callcenter.conf.xml");
    std::fs::write(&path, sample_in_full()).expect("a file");
    let read = read_file(&path).expect("a configuration");
    assert_eq!(read.warnings, Vec::<String>::new());
    assert_eq!(read.agents.len(), 2);
}

#[test]
fn the_sample_names_each_setting_parameter_and_attribute_once() {
    let full = sample_in_full();
    let count = |text: &str| full.matches(text).count();
    let params = QUEUE_PARAMETERS.iter().map(|parameter| parameter.name);
    let params: Vec<&str> = params.chain(SETTINGS.iter().map(|setting| setting.name)).collect();
    for name in &params {
        let expected = params.iter().filter(|other| *other == name).count();
        assert_eq!(count(&format!("<param name=\"{name}\"")), expected, "{name}");
    }
    let limits = AGENT_LIMITS.iter().map(|limit| limit.name);
    let attributes = AGENT_ATTRIBUTES.iter().map(|attribute| attribute.name).chain(limits);
    let words = [AGENT_WORDS, TIER_ATTRIBUTES].concat();
    for name in attributes.chain(words.iter().map(|word| word.name)) {
        assert!(count(&format!(" {name}=\"")) >= 1, "{name}");
    }
}
