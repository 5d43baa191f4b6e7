//! What is typed at fs_cli is understood and done.

use crate::site::Site;
use callcenter_test_support::documents::{blocks, documents};
use mod_callcenter::commands::USAGE;

#[test]
fn every_command_is_done() {
    let mut refused = Vec::new();
    let blocks = blocks("fs_cli");
    for block in &blocks {
        let site = Site::new();
        for line in block.text.lines() {
            if let Err(reply) = site.obey(line) {
                refused.push(format!("{}: {line}: {reply}", block.place()));
            }
        }
    }
    assert!(blocks.len() > 10, "only {} blocks", blocks.len());
    assert!(refused.is_empty(), "{refused:#?}");
}

/// In prose a command has names in capitals, or stops before them.
#[test]
fn every_command_in_prose_is_one() {
    let lines = USAGE.lines();
    let known: Vec<&str> = lines
        .filter_map(|line| line.trim_start().strip_prefix("callcenter_config "))
        .collect();
    let mut unknown = Vec::new();
    for document in documents() {
        for span in document.code_spans() {
            let Some(words) = span.strip_prefix("callcenter_config ") else {
                continue;
            };
            let is_fixed = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            let fixed: Vec<&str> = words.split(' ').take_while(is_fixed).collect();
            let begins = |line: &&str| line.split(' ').take(fixed.len()).eq(fixed.iter().copied());
            if !known.iter().any(begins) && !words.starts_with("...") {
                unknown.push(format!("{}: {span}", document.path.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}
