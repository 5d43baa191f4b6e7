//! The documents, taken apart: prose, and fenced blocks with the language of each.

use crate::repository::root;
use std::path::{Path, PathBuf};

/// A document, by its path from the top of the repository.
pub struct Document {
    pub path: PathBuf,
    text: String,
}

/// A fenced block.
pub struct Block {
    /// The document it is in.
    pub document: PathBuf,
    /// The line of its fence, from 1 on.
    pub line: usize,
    /// The word behind the fence.
    pub language: String,
    /// What is in it.
    pub text: String,
    /// The paragraph before it.
    pub before: String,
}

impl Block {
    /// Where it is, for whoever has to mend it.
    pub fn place(&self) -> String {
        format!("{}:{}", self.document.display(), self.line)
    }
}

/// Every document there is.
pub fn documents() -> Vec<Document> {
    let mut paths = ["README.md", "CHANGELOG.md"].map(PathBuf::from).to_vec();
    for directory in ["docs/admin", "docs/developing"] {
        let entries = std::fs::read_dir(root().join(directory)).expect("a directory of documents");
        let names = entries.map(|entry| entry.expect("a document").file_name());
        paths.extend(names.map(|name| Path::new(directory).join(name)));
    }
    paths.sort();
    paths.into_iter().map(Document::read).collect()
}

/// The blocks of this language in all documents.
pub fn blocks(language: &str) -> Vec<Block> {
    let all = documents().into_iter().flat_map(|document| document.blocks());
    all.filter(|block| block.language == language).collect()
}

impl Document {
    /// The document at this path.
    pub fn read(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(root().join(&path)).expect("a document");
        Self { path, text }
    }

    /// Its lines.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }

    /// The lines outside of fenced blocks, each with its number.
    pub fn prose(&self) -> Vec<(usize, &str)> {
        let mut is_fenced = false;
        let numbered = self.text.lines().enumerate();
        let outside = numbered.filter(|(_, line)| {
            let is_fence = line.starts_with("```");
            is_fenced ^= is_fence;
            !is_fence && !is_fenced
        });
        outside.map(|(index, line)| (index + 1, line)).collect()
    }

    /// Its fenced blocks.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let (mut is_fenced, mut paragraphs) = (false, vec![String::new()]);
        for (index, line) in self.text.lines().enumerate() {
            match line.strip_prefix("```") {
                Some(_) if is_fenced => {
                    is_fenced = false;
                    paragraphs = vec![String::new()];
                }
                Some(language) => {
                    is_fenced = true;
                    let before = paragraphs.iter().rfind(|text| !text.is_empty());
                    blocks.push(Block {
                        document: self.path.clone(),
                        line: index + 1,
                        language: language.to_owned(),
                        text: String::new(),
                        before: before.cloned().unwrap_or_default(),
                    });
                }
                None if is_fenced => blocks.last_mut().expect("a fence has begun it").text += &format!("{line}\n"),
                None if line.is_empty() => paragraphs.push(String::new()),
                None => *paragraphs.last_mut().expect("there is one always") += &format!("{line} "),
            }
        }
        blocks
    }

    /// What stands between single backticks in its prose, whatever line breaks are in it.
    pub fn code_spans(&self) -> Vec<String> {
        let lines: Vec<&str> = self.prose().into_iter().map(|(_, line)| line).collect();
        let text = lines.join("\n");
        let paragraphs = text.split("\n\n");
        let spans = paragraphs.flat_map(|text| text.split('`').skip(1).step_by(2));
        spans
            .map(|span| span.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }
}
