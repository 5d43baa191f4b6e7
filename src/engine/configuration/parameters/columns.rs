//! The names of stock's tables and of their columns, at a site that calls them otherwise: `cc_agents`, `name=agent_id,status=mode`.
//! Whatever is taken here stands in statements as it is, so only plain words are.

use super::reading::Wrong;
use super::text::any_of;

/// PostgreSQL has room for 63 letters; table names need some for their indexes.
const LONGEST_COLUMN: usize = 63;

/// Leaves room for the names of indexes on every server.
const LONGEST_TABLE: usize = 48;

/// Columns of one of stock's tables that have another name here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnNames(Vec<(&'static str, String)>);

impl ColumnNames {
    /// Whether all have stock's names.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a column of stock's is called here.
    pub fn name_of<'a>(&'a self, column: &'a str) -> &'a str {
        let renamed = self.0.iter().find(|(stocks, _)| *stocks == column);
        renamed.map_or(column, |(_, name)| name)
    }

    /// Reads pairs of stock's name and the one here, for a table with these columns. Servers see small letters.
    fn parse(text: &str, columns: &'static [&'static str]) -> Result<Self, String> {
        let mut names = Self::default();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (stocks, name) = pair
                .split_once('=')
                .ok_or_else(|| format!("\"{pair}\" is no pair of names"))?;
            let (stocks, name) = (stocks.trim(), name.trim().to_ascii_lowercase());
            let known = columns.iter().find(|column| column.eq_ignore_ascii_case(stocks));
            let column = *known.ok_or_else(|| format!("\"{stocks}\" is no column of stock's table"))?;
            if !is_plain(&name, LONGEST_COLUMN) {
                return Err(format!("\"{name}\" is no name for a column"));
            }
            if names.0.iter().any(|(other, _)| *other == column) {
                return Err(format!("\"{column}\" is named twice"));
            }
            if name != column {
                names.0.push((column, name));
            }
        }
        let mut all: Vec<&str> = columns.iter().map(|column| names.name_of(column)).collect();
        all.sort_unstable();
        let twice = all.iter().zip(all.iter().skip(1)).find(|(name, next)| name == next);
        match twice {
            Some((name, _)) => Err(format!("two columns would be called \"{name}\"")),
            None => Ok(names),
        }
    }
}

impl std::fmt::Display for ColumnNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pairs: Vec<String> = self.0.iter().map(|(column, name)| format!("{column}={name}")).collect();
        f.write_str(&pairs.join(","))
    }
}

/// A name that needs no quotes on any server.
fn is_plain(name: &str, longest: usize) -> bool {
    !name.is_empty()
        && name.len() <= longest
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Reads the columns' names. A value that is wrong anywhere is left out as a whole: half of the names would be worse than none.
pub(in crate::engine::configuration) fn read_columns(
    to: &mut ColumnNames,
    value: &str,
    columns: &'static [&'static str],
) -> Result<(), Wrong> {
    match ColumnNames::parse(value, columns) {
        Ok(names) => *to = names,
        Err(what) => {
            return Err(Wrong {
                what,
                instead: "stock's names are used".to_owned(),
                advice: format!(
                    "Write pairs STOCKS=YOURS with commas between them; stock's columns are {}.",
                    any_of(columns.iter().copied())
                ),
            })
        }
    }
    Ok(())
}

/// Reads a table's name. An empty one is the default.
pub(in crate::engine::configuration) fn read_table(to: &mut String, value: &str, default: &str) -> Result<(), Wrong> {
    if value.is_empty() {
        default.clone_into(to);
        return Ok(());
    }
    let wrong = |what: String, advice: String| Wrong {
        what,
        instead: format!("{to} is used"),
        advice,
    };
    if !is_plain(value, LONGEST_TABLE) {
        return Err(wrong(
            format!("\"{value}\" is no name for a table"),
            format!("Use up to {LONGEST_TABLE} letters, digits and _, a digit not first."),
        ));
    }
    let is_default = value.eq_ignore_ascii_case(default);
    if !is_default && OUR_TABLES.iter().any(|table| table.eq_ignore_ascii_case(value)) {
        let what = format!("\"{value}\" is another table of the call centre");
        return Err(wrong(what, String::new()));
    }
    value.clone_into(to);
    Ok(())
}

/// The names that tables have here unless a setting says otherwise.
const OUR_TABLES: &[&str] = &[
    "agents",
    "tiers",
    "members",
    "cdrs",
    "agents_configured",
    "agents_configured_status",
    "agents_limits",
    "agents_paused",
    "agents_skills",
    "tiers_configured",
    "queues",
    "callcenter_commits",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::TIER_COLUMNS;

    fn read(value: &str) -> Result<ColumnNames, String> {
        let mut names = ColumnNames::default();
        read_columns(&mut names, value, TIER_COLUMNS).map_err(|wrong| wrong.to_string())?;
        Ok(names)
    }

    #[test]
    fn columns_have_the_names_a_site_gives_them() {
        let names = read("queue=flow, AGENT = Agent_Id,level=level").expect("names");
        assert_eq!(names.name_of("queue"), "flow");
        assert_eq!(names.name_of("agent"), "agent_id");
        assert_eq!(names.name_of("level"), "level");
        assert_eq!(names.to_string(), "queue=flow,agent=agent_id");
        assert_eq!(read(&names.to_string()), Ok(names));
        assert!(read("").expect("nothing").is_empty());
        assert_eq!(
            read("queue=agent,agent=queue").expect("swapped").name_of("agent"),
            "queue"
        );
    }

    #[test]
    fn nothing_but_plain_words_is_taken_for_a_name() {
        for (value, what) in [
            ("queue=a b", "\"a b\" is no name"),
            ("queue=x;DROP TABLE tiers", "is no name for a column"),
            ("queue=x'--", "is no name for a column"),
            ("queue=1x", "is no name for a column"),
            ("queue=", "is no name for a column"),
            ("queue", "is no pair of names"),
            ("flow=queue", "\"flow\" is no column of stock's table"),
            ("queue=agent", "two columns would be called \"agent\""),
            ("queue=a,queue=b", "\"queue\" is named twice"),
        ] {
            let told = read(value).expect_err(value);
            assert!(told.contains(what), "{told}");
        }
        let long = "x".repeat(64);
        assert!(read(&format!("queue={long}")).is_err());
    }

    #[test]
    fn a_table_has_a_plain_name_of_its_own() {
        let mut name = "agents".to_owned();
        for value in ["a b", "1cdrs", "agents;--", "tiers", "Queues", &"x".repeat(49)] {
            assert!(read_table(&mut name, value, "agents").is_err(), "{value}");
            assert_eq!(name, "agents");
        }
        assert!(read_table(&mut name, "cc_agents", "agents").is_ok());
        assert_eq!(name, "cc_agents");
        assert!(read_table(&mut name, "", "agents").is_ok());
        assert_eq!(name, "agents");
    }
}
