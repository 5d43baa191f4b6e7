//! `docs/admin/reference.md` names everything that can be configured, set, read and commanded, and nothing else; defaults and units
//! of parameters are those of the code.

use mod_callcenter::commands::USAGE;
use mod_callcenter::engine::{
    AgentLimits, AgentRow, AgentType, Parameter, QueueConfig, Settings, Since, AGENT_ATTRIBUTES, AGENT_LIMITS,
    QUEUE_PARAMETERS, SETTINGS,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Attributes of elements that are more than a value, and so in no table of parameters.
const AGENT: [&str; 5] = ["name", "type", "contact", "status", "skills"];
const TIER: [&str; 4] = ["agent", "queue", "level", "position"];

/// A row of the table.
struct Row {
    name: String,
    place: String,
    default: String,
    unit: String,
    since: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(root().join("docs/admin/reference.md")).expect("the reference");
    let lines = text.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 8, "a row has eight columns: {line}");
        Row {
            name: cells[0].trim_matches('`').to_owned(),
            place: cells[1].to_owned(),
            default: cells[2].to_owned(),
            unit: cells[3].to_owned(),
            since: cells[4].to_owned(),
        }
    };
    lines.map(row).collect()
}

fn names(rows: &[Row], places: &[&str]) -> BTreeSet<String> {
    let ours = rows.iter().filter(|row| places.contains(&row.place.as_str()));
    ours.map(|row| row.name.clone()).collect()
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// What is in the one and not in the other is told by name.
fn agree(what: &str, told: &BTreeSet<String>, known: &BTreeSet<String>) {
    let missing: Vec<_> = known.difference(told).collect();
    let surplus: Vec<_> = told.difference(known).collect();
    assert!(
        missing.is_empty(),
        "docs/admin/reference.md has no row for {what}: {missing:?}"
    );
    assert!(
        surplus.is_empty(),
        "docs/admin/reference.md has rows for {what} that are not there: {surplus:?}"
    );
}

/// Default, unit and release of each parameter are those of its row.
fn values_agree<T: Clone>(rows: &[Row], place: &str, table: &'static [Parameter<T>], fresh: &T) {
    for parameter in table {
        let name = parameter.name;
        let mut row = rows.iter().filter(|row| row.place == place && row.name == name);
        let row = row.next().unwrap_or_else(|| panic!("no row of {place} {name}"));
        let default = match parameter.get(fresh).as_str() {
            "" => "none".to_owned(),
            value => format!("`{value}`"),
        };
        assert_eq!(
            (row.default.as_str(), row.unit.as_str()),
            (default.as_str(), parameter.kind.unit()),
            "{place} {name}"
        );
        let is_stocks = row.since == "stock";
        assert_eq!(
            is_stocks,
            parameter.since == Since::Stock,
            "{place} {name}: since {}",
            row.since
        );
    }
}

#[test]
fn every_parameter_has_a_row_and_every_row_a_parameter() {
    let rows = rows();
    assert_eq!(
        rows.len(),
        rows.iter()
            .map(|row| (&row.place, &row.name))
            .collect::<BTreeSet<_>>()
            .len(),
        "a name is there twice"
    );
    agree(
        "settings",
        &names(&rows, &["setting"]),
        &set(SETTINGS.iter().map(|setting| setting.name)),
    );
    agree(
        "queue parameters",
        &names(&rows, &["queue"]),
        &set(QUEUE_PARAMETERS.iter().map(|parameter| parameter.name)),
    );
    let attributes = AGENT_ATTRIBUTES.iter().map(|attribute| attribute.name);
    let attributes = attributes
        .chain(AGENT_LIMITS.iter().map(|limit| limit.name))
        .chain(AGENT);
    agree("agent attributes", &names(&rows, &["agent"]), &set(attributes));
    agree("tier attributes", &names(&rows, &["tier"]), &set(TIER));
    values_agree(&rows, "setting", SETTINGS, &Settings::default());
    values_agree(&rows, "queue", QUEUE_PARAMETERS, &QueueConfig::named("q"));
    values_agree(
        &rows,
        "agent",
        AGENT_ATTRIBUTES,
        &AgentRow::new("a", "", AgentType::callback()),
    );
    values_agree(&rows, "agent", AGENT_LIMITS, &AgentLimits::default());
}

#[test]
fn every_command_has_a_row_and_every_row_a_command() {
    let lines = USAGE
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("callcenter_config "));
    let words = |line: &str| line.split(['[', '<', '|']).next().unwrap_or_default().trim().to_owned();
    let known: BTreeSet<String> = lines.map(words).filter(|line| !line.is_empty()).collect();
    assert!(known.contains("agent add"), "{known:?}");
    agree("commands", &names(&rows(), &["command"]), &known);
}

#[test]
fn every_channel_variable_has_a_row_and_every_row_a_variable() {
    let known: BTreeSet<String> = sources(&root().join("src"))
        .iter()
        .flat_map(|file| variables_of(&std::fs::read_to_string(file).expect("a source file")))
        .collect();
    assert!(known.contains("cc_base_score"), "{known:?}");
    agree(
        "channel variables",
        &names(&rows(), &["variable", "variable, set"]),
        &known,
    );
}

/// Every Rust file below a directory but tests.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory)
        .expect("a directory of the sources")
        .flatten();
    let paths = entries.map(|entry| entry.path());
    let tests = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem == "tests");
    paths
        .filter(|path| !tests(path))
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The texts in a source file that are names of channel variables, its tests left out.
fn variables_of(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let names = code.split("\"cc_").skip(1).filter_map(|rest| rest.split_once('"'));
    let is_name = |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    names
        .map(|(name, _)| name)
        .filter(is_name)
        .map(|name| format!("cc_{name}"))
        .collect()
}
