//! Documents that are made of the names in the code: what is said of a setting, a parameter, a command, an event or a variable stands
//! beside the name, and nowhere else.
//!
//! The sample configuration is made as a whole. In documents that people write, what is made stands between two marks:
//! `<!-- generated: settings -->` and `<!-- end of settings -->`.
#![forbid(unsafe_code)]

mod marks;
mod rows;
mod sample;
mod tables;
mod xml;

use std::io;
use std::path::Path;

/// The documents with marks.
const MARKED: [&str; 4] = [
    "docs/admin/reference.md",
    "docs/admin/events.md",
    "docs/admin/queues.md",
    "docs/admin/reports.md",
];

/// The sample configuration.
const SAMPLE: &str = "conf/callcenter.conf.xml";

/// A document as it has to be.
pub struct Document {
    /// Where it is, from the top of the repository.
    pub path: &'static str,
    /// What has to stand in it.
    pub text: String,
}

/// Every document that names are told in, as it has to be; `root` is the top of the repository.
///
/// # Errors
/// When a document cannot be read, or a mark in it is not known or not closed.
pub fn documents(root: &Path) -> io::Result<Vec<Document>> {
    let mut documents = vec![Document {
        path: SAMPLE,
        text: sample::text(),
    }];
    for path in MARKED {
        let committed = std::fs::read_to_string(root.join(path))?;
        let text = marks::filled(&committed, tables::table).map_err(|trouble| at(path, &trouble))?;
        documents.push(Document { path, text });
    }
    Ok(documents)
}

fn at(path: &str, trouble: &str) -> io::Error {
    io::Error::other(format!("{path}: {trouble}"))
}

impl Document {
    /// The first line that is another one in the repository: which one, what stands there and what has to. None where all are the same.
    ///
    /// # Errors
    /// When the document cannot be read.
    pub fn first_difference(&self, root: &Path) -> io::Result<Option<String>> {
        let committed = std::fs::read_to_string(root.join(self.path))?;
        if committed == self.text {
            return Ok(None);
        }
        let (mut is, mut ought) = (committed.lines(), self.text.lines());
        let mut number = 0;
        loop {
            number += 1;
            match (is.next(), ought.next()) {
                (Some(is), Some(ought)) if is == ought => (),
                // All lines are the same, and only the end of the last one is not.
                (None, None) => return Ok(Some(format!("{}: the end of the last line", self.path))),
                (is, ought) => {
                    let [is, ought] = [is, ought].map(|line| line.unwrap_or("(nothing)"));
                    return Ok(Some(format!(
                        "{}:{number}\n  is: {is}\n  has to be: {ought}",
                        self.path
                    )));
                }
            }
        }
    }
}
