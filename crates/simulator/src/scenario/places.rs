//! Where in a scenario's text something stands: an error that names the line is an error that is found.

use super::keys::{names_of, no_such_key, Section};
use super::ScenarioError;
use toml::de::{DeTable, DeValue};
use toml::Spanned;

type Table<'a> = Spanned<DeTable<'a>>;

/// The first key that no scenario has.
///
/// # Errors
/// When there is one, with its line and the nearest that is right.
pub fn check_keys(text: &str) -> Result<(), ScenarioError> {
    // What is no TOML at all is told by whoever reads it.
    let Ok(table) = DeTable::parse(text) else {
        return Ok(());
    };
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        if !names_of(Section::Day).any(|known| known == name) {
            let said = no_such_key(name, Section::Day, "A scenario");
            return Err(ScenarioError::new(said).at(line_of(text, key.span().start)));
        }
        let DeValue::Table(inner) = value.get_ref() else {
            continue;
        };
        match name {
            "callers" => check_section(text, inner, Section::Callers, "[callers]")?,
            "team" => check_section(text, inner, Section::Team, "[team]")?,
            "queues" => check_named(text, inner, Section::Callers, name)?,
            "agents" => check_named(text, inner, Section::Team, name)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_named(text: &str, table: &DeTable<'_>, section: Section, kind: &str) -> Result<(), ScenarioError> {
    for (name, value) in table {
        if let DeValue::Table(inner) = value.get_ref() {
            check_section(text, inner, section, &format!("[{kind}.\"{}\"]", name.get_ref()))?;
        }
    }
    Ok(())
}

fn check_section(text: &str, table: &DeTable<'_>, section: Section, place: &str) -> Result<(), ScenarioError> {
    let is_known = |name: &str| names_of(section).any(|known| known == name);
    let unknown = table.keys().find(|key| !is_known(key.get_ref()));
    unknown.map_or(Ok(()), |key| {
        let said = no_such_key(key.get_ref(), section, place);
        Err(ScenarioError::new(said).at(line_of(text, key.span().start)))
    })
}

/// The line in which the key at the end of this path stands, or the last part of the path that is there.
pub fn line_at(text: &str, path: &[&str]) -> Option<usize> {
    let table: Table<'_> = DeTable::parse(text).ok()?;
    let mut inner = table.get_ref();
    let mut line = None;
    for part in path {
        let Some((key, value)) = inner.iter().find(|(key, _)| key.get_ref() == part) else {
            break;
        };
        line = Some(line_of(text, key.span().start));
        match value.get_ref() {
            DeValue::Table(next) => inner = next,
            _ => break,
        }
    }
    line
}

/// Whether there is something at the end of this path.
pub fn has(text: &str, path: &[&str]) -> bool {
    let Ok(table) = DeTable::parse(text) else { return false };
    let mut inner = table.get_ref();
    for (depth, part) in path.iter().enumerate() {
        let Some((_, value)) = inner.iter().find(|(key, _)| key.get_ref() == part) else {
            return false;
        };
        match value.get_ref() {
            DeValue::Table(next) => inner = next,
            _ => return depth + 1 == path.len(),
        }
    }
    true
}

/// The number of the line, from 1, in which a byte stands.
pub fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count() + 1
}
