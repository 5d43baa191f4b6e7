//! callcenter.conf.xml from a file, where FreeSWITCH's XML registry is absent.

use super::places::Places;
use super::preprocess::preprocess;
use mod_callcenter::config::{
    read, read_laid_over, ConfigError, ConfigRequest, ConfigSource, Configuration, Element, EXTRA,
};
use std::path::{Path, PathBuf};

/// Reads a file with `<configuration>` as its root, or inside of `<include>`, `<document>` or `<section>`, and lays over it what
/// `callcenter-extra.conf.xml` says beside it, where there is such a file.
/// `$${variables}` and X-PRE-PROCESS `set` and `include` are expanded as FreeSWITCH does it.
///
/// # Errors
/// When a file cannot be read, is not XML, or has no `<configuration>`.
pub fn read_file(path: impl AsRef<Path>) -> Result<Configuration, ConfigError> {
    let path = path.as_ref();
    let mut warnings = Vec::new();
    let base = element_in(path, NAME, &mut warnings)?;
    let beside = path.with_file_name(format!("{EXTRA}.xml"));
    let has_extra = beside.is_file() && beside != path;
    let extra = has_extra
        .then(|| element_in(&beside, EXTRA, &mut warnings))
        .transpose()?;
    let mut found = read_laid_over(base, extra.as_ref(), &ConfigRequest::default());
    warnings.append(&mut found.warnings);
    found.warnings = warnings;
    Ok(found)
}

/// The configuration of a file.
fn element_in(path: &Path, name: &str, warnings: &mut Vec<String>) -> Result<Element, ConfigError> {
    let mut expanded = preprocess(path)?;
    warnings.append(&mut expanded.warnings);
    let text = in_one_document(&expanded.text);
    let places = Places::of_lines(&text, expanded.origins);
    let document = roxmltree::Document::parse(&text).map_err(|error| {
        let place = places
            .of_row(error.pos().row)
            .map_or_else(|| path.display().to_string(), str::to_owned);
        ConfigError(format!("{place} is not well-formed XML: {error}"))
    })?;
    let configuration =
        find_configuration(&document, name).map_err(|error| ConfigError(format!("{} {error}", path.display())))?;
    Ok(placed(configuration, &places))
}

/// As [`read_file`], for the text of a file in which everything is expanded.
///
/// # Errors
/// When the text is not XML, or has no `<configuration>`; in words that go behind the file's name.
pub fn read_text(text: &str) -> Result<Configuration, ConfigError> {
    let text = in_one_document(text);
    let document =
        roxmltree::Document::parse(&text).map_err(|error| ConfigError(format!("is not well-formed XML: {error}.")))?;
    Ok(read(&element_of(find_configuration(&document, NAME)?)))
}

/// The name of what is read.
const NAME: &str = "callcenter.conf";

/// Included files bring their own top elements; a root around them all keeps it one document.
fn in_one_document(text: &str) -> String {
    format!("<document>{text}</document>")
}

/// The configuration of that name, or the only one there is.
fn find_configuration<'a, 'input>(
    document: &'a roxmltree::Document<'input>,
    name: &str,
) -> Result<roxmltree::Node<'a, 'input>, ConfigError> {
    let all = || document.descendants().filter(|node| node.has_tag_name("configuration"));
    let named = all().find(|node| node.attribute("name") == Some(name));
    let found = named.or_else(|| all().next().filter(|_| all().count() == 1));
    found.ok_or_else(|| ConfigError(format!("has no <configuration name=\"{name}\">; put one there.")))
}

/// The neutral form of a parsed element, which stands nobody knows where.
pub fn element_of(node: roxmltree::Node<'_, '_>) -> Element {
    placed(node, &Places::default())
}

/// The neutral form of a parsed element.
fn placed(node: roxmltree::Node<'_, '_>, places: &Places) -> Element {
    let attributes = node.attributes();
    let children = node.children().filter(roxmltree::Node::is_element);
    Element {
        name: node.tag_name().name().to_owned(),
        attributes: attributes
            .map(|pair| (pair.name().to_owned(), pair.value().to_owned()))
            .collect(),
        children: children.map(|child| placed(child, places)).collect(),
        place: places.of(node).unwrap_or_default().to_owned(),
    }
}

/// A configuration file that is read anew for each request.
#[derive(Debug, Clone)]
pub struct FileSource {
    path: PathBuf,
}

impl FileSource {
    /// The file at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl ConfigSource for FileSource {
    fn read(&self, _request: &ConfigRequest) -> Result<Configuration, ConfigError> {
        read_file(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a temporary directory");
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            std::fs::write(path, text).expect("a file");
        }
        directory
    }

    fn queue_names(read: &Configuration) -> Vec<&str> {
        read.queues.iter().map(|queue| queue.name.as_str()).collect()
    }

    const PLAIN: &str = r#"<configuration name="callcenter.conf"><queues><queue name="q"/></queues></configuration>"#;

    #[test]
    fn a_configuration_is_found_wherever_it_stands() {
        for text in [
            PLAIN.to_owned(),
            format!("<?xml version=\"1.0\"?>\n<include>\n{PLAIN}\n</include>"),
            format!("<document type=\"freeswitch/xml\"><section name=\"configuration\"><configuration name=\"x\"/>{PLAIN}</section></document>"),
        ] {
            let directory = directory(&[("cc.xml", &text)]);
            let read = read_file(directory.path().join("cc.xml")).expect("a configuration");
            assert_eq!(queue_names(&read), ["q"], "{text}");
        }
    }

    #[test]
    fn variables_and_includes_are_expanded() {
        let directory = directory(&[
            (
                "cc.xml",
                "<X-PRE-PROCESS cmd=\"set\" data=\"domain=example.com\"/>\n<configuration name=\"callcenter.conf\">\n<queues>\n\
                 <X-PRE-PROCESS cmd=\"include\" data=\"queues/*.xml\"/>\n</queues>\n</configuration>",
            ),
            ("queues/b.xml", "<include>\n<queue name=\"b@$${domain}\"/>\n</include>"),
            ("queues/a.xml", "<queue name=\"a@$${nothing}\"/>"),
        ]);
        let read = read_file(directory.path().join("cc.xml")).expect("a configuration");
        assert_eq!(queue_names(&read), ["a@", "b@example.com"]);
        assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
        assert!(read.warnings[0].contains("$${nothing}"), "{:?}", read.warnings);
    }

    #[test]
    fn what_stands_beside_is_laid_over() {
        let extra = r#"<configuration name="callcenter-extra.conf"><queues><queue name="q">
            <param name="priority" value="$${first}"/></queue></queues></configuration>"#;
        let set = r#"<X-PRE-PROCESS cmd="set" data="first=7"/>"#;
        let directory = directory(&[
            ("callcenter.conf.xml", PLAIN),
            ("callcenter-extra.conf.xml", &format!("{set}\n{extra}")),
        ]);
        let read = read_file(directory.path().join("callcenter.conf.xml")).expect("a configuration");
        assert_eq!((read.queues[0].priority, &read.warnings[..]), (7, &[][..]));
        std::fs::write(directory.path().join("callcenter-extra.conf.xml"), "<configuration>").expect("a file");
        let error = read_file(directory.path().join("callcenter.conf.xml")).expect_err("broken XML");
        assert!(
            error.0.contains("callcenter-extra.conf.xml is not well-formed"),
            "{error}"
        );
    }

    #[test]
    fn a_file_that_includes_itself_is_refused() {
        let directory = directory(&[("cc.xml", "<X-PRE-PROCESS cmd=\"include\" data=\"cc.xml\"/>")]);
        let error = read_file(directory.path().join("cc.xml")).expect_err("an endless include");
        assert!(error.0.contains("includes"), "{error}");
    }

    #[test]
    fn what_is_wrong_is_told_with_file_and_line_through_includes() {
        let directory = directory(&[
            (
                "cc.xml",
                "<configuration name=\"callcenter.conf\">\n<queues>\n<X-PRE-PROCESS cmd=\"include\" data=\"queues/*.xml\"/>\n</queues>\n\
                 <agents>\n<agent name=\"Ann\"/>\n</agents>\n</configuration>",
            ),
            (
                "queues/a.xml",
                "<include>\n<queue name=\"a\">\n<param name=\"strategy\"/>\n<parm/>\n<param\n name=\"max-wait-time\" value=\"soon\"/></queue>\n</include>",
            ),
        ]);
        let read = read_file(directory.path().join("cc.xml")).expect("a configuration");
        let places: Vec<_> = read
            .warnings
            .iter()
            .filter_map(|told| told.split(": ").next()?.rsplit('/').next())
            .collect();
        assert_eq!(
            places,
            ["a.xml:4", "a.xml:3", "a.xml:5", "cc.xml:6"],
            "{:?}",
            read.warnings
        );
        std::fs::write(
            directory.path().join("queues/a.xml"),
            "<queue name=\"a\">\n<param</queue>",
        )
        .expect("a file");
        let error = read_file(directory.path().join("cc.xml")).expect_err("broken XML");
        assert!(error.0.contains("queues/a.xml:2 is not well-formed"), "{error}");
    }

    #[test]
    fn errors_name_the_file_and_the_trouble() {
        let directory = directory(&[("bad.xml", "<configuration>"), ("none.xml", "<other/>")]);
        for (file, words) in [
            ("bad.xml", "well-formed"),
            ("none.xml", "no <configuration"),
            ("missing.xml", "cannot be read"),
        ] {
            let error = read_file(directory.path().join(file)).expect_err("an error");
            assert!(error.0.contains(file) && error.0.contains(words), "{error}");
        }
    }
}
