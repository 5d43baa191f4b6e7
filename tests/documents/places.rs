//! Whatever a document points to is there: other documents, their headings, files, tests.

use callcenter_test_support::documents::{documents, Document};
use callcenter_test_support::repository::root;
use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};

/// Where a file that is named has to begin to be one of ours.
const TOPS: [&str; 10] = [
    ".ci/", "benches/", "conf/", "crates/", "docs/", "fuzz/", "include/", "scripts/", "src/", "tests/",
];

/// The targets of a document's links, code left out.
fn links(document: &Document) -> Vec<String> {
    let lines: Vec<&str> = document.prose().into_iter().map(|(_, line)| line).collect();
    let text = lines.join("\n");
    let plain: String = text.split('`').step_by(2).collect();
    let behind = plain.split("](").skip(1);
    behind
        .filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
        .collect()
}

/// What GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn anchors(document: &Document) -> BTreeSet<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let headings = document.prose().into_iter().filter(|(_, line)| line.starts_with('#'));
    let names = headings.map(|(_, line)| anchor(line.trim_start_matches('#').trim()));
    let numbered = names.map(|name| {
        let before = seen.entry(name.clone()).or_default();
        *before += 1;
        if *before == 1 {
            name
        } else {
            format!("{name}-{}", *before - 1)
        }
    });
    numbered.collect()
}

/// A path without `..` in it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The file that a link leads to, and the heading there.
fn target_of(document: &Document, link: &str) -> (PathBuf, Option<String>) {
    let (file, heading) = link
        .split_once('#')
        .map_or((link, None), |(file, heading)| (file, Some(heading)));
    let directory = document.path.parent().expect("a document is in a directory");
    let path = if file.is_empty() {
        document.path.clone()
    } else {
        plain(&directory.join(file))
    };
    (path, heading.map(str::to_owned))
}

fn is_elsewhere(link: &str) -> bool {
    link.starts_with("http://") || link.starts_with("https://")
}

#[test]
fn every_link_leads_somewhere() {
    let headings: HashMap<PathBuf, BTreeSet<String>> = documents()
        .iter()
        .map(|document| (document.path.clone(), anchors(document)))
        .collect();
    let mut broken = Vec::new();
    for document in documents() {
        for link in links(&document).into_iter().filter(|link| !is_elsewhere(link)) {
            let (path, heading) = target_of(&document, &link);
            let has_heading = |heading: &String| headings.get(&path).is_some_and(|known| known.contains(heading));
            if !root().join(&path).exists() || !heading.iter().all(has_heading) {
                broken.push(format!("{}: {link}", document.path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_readme_leads_to_every_document() {
    let readme = Document::read("README.md".into());
    let led: BTreeSet<PathBuf> = links(&readme).iter().map(|link| target_of(&readme, link).0).collect();
    let missing: Vec<PathBuf> = documents()
        .into_iter()
        .map(|document| document.path)
        .filter(|path| *path != readme.path && !led.contains(path))
        .collect();
    assert!(missing.is_empty(), "no link in the README: {missing:#?}");
}

#[test]
fn every_file_that_is_named_is_there() {
    let mut missing = Vec::new();
    for document in documents() {
        let spans = document.code_spans().into_iter();
        let files = spans.filter(|span| TOPS.iter().any(|top| span.starts_with(top)) && !span.contains(' '));
        missing.extend(
            files
                .filter(|file| !root().join(file).exists())
                .map(|file| format!("{}: {file}", document.path.display())),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every Rust file below a directory, as one text.
fn sources(directory: &Path) -> String {
    let entries = std::fs::read_dir(directory)
        .expect("a directory of the sources")
        .flatten();
    let texts = entries.map(|entry| match entry.path() {
        path if path.is_dir() => sources(&path),
        path if path.extension().is_some_and(|extension| extension == "rs") => {
            std::fs::read_to_string(path).expect("a source file")
        }
        _ => String::new(),
    });
    texts.collect()
}

/// Developers are told names of tests; that of a function has words and no blanks.
#[test]
fn every_test_that_is_named_is_there() {
    let code = ["src", "tests", "benches"]
        .map(|part| sources(&root().join(part)))
        .concat();
    let mut missing = Vec::new();
    let ours = documents()
        .into_iter()
        .filter(|document| document.path.starts_with("docs/developing"));
    for document in ours {
        let names = document.code_spans().into_iter().filter(|span| {
            let is_name = span.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            is_name && span.matches('_').count() >= 5
        });
        let absent =
            names.filter(|name| !code.contains(&format!("fn {name}")) && !code.contains(&format!("\"{name}\"")));
        missing.extend(absent.map(|name| format!("{}: {name}", document.path.display())));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
