//! What stock did in each scenario, kept in `recorded/` for machines without stock's module and for the simulator.
//!
//! A record is the lines of a recording, shortened: a block (an event or a finished leg with its headers) holds only
//! what differs from the last block of its kind, and the first of each kind only what differs from the usual one in
//! `recorded/usual.txt`. `   -NAME` is a header this block does not have.

use crate::repository::root;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The lines of a block under its title, by kind of block.
type Blocks = BTreeMap<String, Vec<String>>;

/// The records of all scenarios.
pub struct Records {
    dir: PathBuf,
    usual: Blocks,
}

impl Records {
    /// Those in the repository.
    pub fn open() -> Records {
        let dir = root().join("tests/host/scenarios/recorded");
        let usual = std::fs::read_to_string(dir.join(USUAL)).unwrap_or_default();
        let lines: Vec<String> = usual.lines().map(str::to_string).collect();
        let blocks = blocks(&lines).into_iter();
        let usual = blocks.map(|(title, block)| (kind(title), block.to_vec())).collect();
        Records { dir, usual }
    }

    /// The record of a scenario as it was recorded, if it was.
    pub fn read(&self, scenario: &str) -> Option<Vec<String>> {
        let text = std::fs::read_to_string(self.file(scenario)).ok()?;
        Some(decode(&text, &self.usual))
    }

    /// Writes the record of a scenario.
    ///
    /// # Panics
    /// When it could not be read again as it is.
    pub fn write(&mut self, scenario: &str, lines: &[String]) {
        self.learn(lines);
        let text = encode(lines, &self.usual);
        assert_eq!(
            decode(&text, &self.usual),
            lines,
            "the record of {scenario} would not be read back"
        );
        std::fs::write(self.file(scenario), text).expect("write a record");
    }

    /// Keeps the first block ever seen of each kind as the usual one.
    fn learn(&mut self, lines: &[String]) {
        for (title, block) in blocks(lines).into_iter().filter(|(_, block)| !block.is_empty()) {
            self.usual.entry(kind(title)).or_insert_with(|| block.to_vec());
        }
        let lines = self
            .usual
            .iter()
            .flat_map(|(kind, block)| std::iter::once(kind).chain(block));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        std::fs::create_dir_all(&self.dir).expect("make the directory of records");
        std::fs::write(self.dir.join(USUAL), text).expect("write the usual blocks");
    }

    /// The records that belong to none of these scenarios.
    pub fn others(&self, scenarios: &BTreeSet<&str>) -> Vec<PathBuf> {
        let Ok(files) = std::fs::read_dir(&self.dir) else {
            return Vec::new();
        };
        let files = files.filter_map(|entry| Some(entry.ok()?.path()));
        let is_other = |file: &PathBuf| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            !file.ends_with(USUAL) && !file.ends_with(VERSION) && !scenarios.contains(name.as_ref())
        };
        files.filter(is_other).collect()
    }

    /// The FreeSWITCH they were recorded with.
    pub fn version(&self) -> String {
        std::fs::read_to_string(self.dir.join(VERSION)).unwrap_or_default()
    }

    /// Notes the FreeSWITCH they are recorded with.
    pub fn set_version(&self, version: &str) {
        std::fs::create_dir_all(&self.dir).expect("make the directory of records");
        std::fs::write(self.dir.join(VERSION), version).expect("write the version");
    }

    fn file(&self, scenario: &str) -> PathBuf {
        self.dir.join(format!("{scenario}.txt"))
    }
}

const USUAL: &str = "usual.txt";
const VERSION: &str = "version.txt";

/// A block's lines are indented by four columns, titles and all other lines by less.
const INDENT: &str = "    ";
const MISSING: &str = "   -";

/// Every line that is not within a block, with the block under it.
fn blocks(lines: &[String]) -> Vec<(&str, &[String])> {
    let is_title = |line: &String| !line.starts_with(INDENT);
    let starts: Vec<usize> = (0..lines.len()).filter(|at| is_title(&lines[*at])).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let spans = starts.iter().zip(ends);
    spans
        .map(|(start, end)| (lines[*start].as_str(), &lines[start + 1..end]))
        .collect()
}

/// What blocks are alike: events of the same action; legs of callers; legs to agents.
fn kind(title: &str) -> String {
    let Some(address) = title.strip_prefix("  sofia/desk/") else {
        return title.to_string();
    };
    let user = address.split('@').next().unwrap_or_default();
    let is_caller = user.chars().all(|c| c.is_ascii_digit());
    format!("  leg of {}", if is_caller { "a caller" } else { "an agent" })
}

/// A block's lines by header: a name may come more than once.
fn by_name(block: &[String]) -> BTreeMap<&str, Vec<&String>> {
    let mut headers: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for line in block {
        headers.entry(name(line)).or_default().push(line);
    }
    headers
}

fn name(line: &str) -> &str {
    line.split(": ").next().unwrap_or_default().trim_start()
}

fn encode(lines: &[String], usual: &Blocks) -> String {
    let mut last = usual.clone();
    let mut text = String::new();
    for (title, block) in blocks(lines) {
        text += &format!("{title}\n");
        if block.is_empty() {
            continue;
        }
        let before = last.insert(kind(title), block.to_vec()).unwrap_or_default();
        let (before, now) = (by_name(&before), by_name(block));
        let missing = before.keys().filter(|name| !now.contains_key(*name));
        text.extend(missing.map(|name| format!("{MISSING}{name}\n")));
        let changed = now.iter().filter(|(name, lines)| before.get(*name) != Some(lines));
        text.extend(changed.flat_map(|(_, lines)| lines).map(|line| format!("{line}\n")));
    }
    text
}

fn decode(text: &str, usual: &Blocks) -> Vec<String> {
    let mut last = usual.clone();
    let mut lines = Vec::new();
    let mut rest = text.lines().peekable();
    while let Some(title) = rest.next() {
        lines.push(title.to_string());
        let mut given = Vec::new();
        while let Some(line) = rest.next_if(|line| line.starts_with(MISSING) || line.starts_with(INDENT)) {
            given.push(line);
        }
        if !has_headers(title) {
            continue;
        }
        let named: BTreeSet<&str> = given
            .iter()
            .map(|line| line.strip_prefix(MISSING).unwrap_or(name(line)))
            .collect();
        let mut block = last.remove(&kind(title)).unwrap_or_default();
        block.retain(|line| !named.contains(name(line)));
        let new = given.iter().filter(|line| line.starts_with(INDENT));
        block.extend(new.map(|line| line.to_string()));
        block.sort();
        lines.extend(block.iter().cloned());
        last.insert(kind(title), block);
    }
    lines
}

/// Whether a line is the title of an event or of a leg; each of these has headers.
fn has_headers(line: &str) -> bool {
    ["  CUSTOM ", "  PRESENCE_IN", "  sofia/"]
        .iter()
        .any(|start| line.starts_with(start))
}

#[test]
fn a_record_is_read_back_as_it_was_written() {
    let lines = [
        "= offers",
        "  5551 to a1",
        "= events: agent a1",
        "  CUSTOM agent-offering",
        "    CC-Agent: \"a1\"",
        "    CC-Queue: \"support\"",
        "  CUSTOM agent-offering",
        "    CC-Agent: \"a2\"",
        "    CC-Queue: \"support\"",
        "    CC-Queue: \"twice\"",
        "  CUSTOM agent-offering",
        "    CC-Agent: \"a2\"",
        "= legs at their end",
        "  sofia/desk/5551@127.0.0.1:<port>",
        "    variable_x: \"1\"",
        "> callcenter_config tier list",
        "  \"+OK\\n\"",
    ];
    let lines = lines.map(str::to_string);
    let usual = Blocks::from([
        (
            "  CUSTOM agent-offering".to_string(),
            vec![
                "    CC-Other: \"gone\"".to_string(),
                "    CC-Queue: \"support\"".to_string(),
            ],
        ),
        (
            "  leg of a caller".to_string(),
            vec!["    variable_x: \"1\"".to_string()],
        ),
    ]);
    let text = encode(&lines, &usual);
    assert!(text.starts_with(
        "= offers\n  5551 to a1\n= events: agent a1\n  CUSTOM agent-offering\n   -CC-Other\n    CC-Agent: \"a1\"\n  CUSTOM"
    ));
    assert_eq!(decode(&text, &usual), lines);
}
