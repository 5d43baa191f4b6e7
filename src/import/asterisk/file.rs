//! Asterisk's way to write a configuration: sections of `name = value` or `name => value`, with templates.

/// A section with its entries, those of its templates first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub name: String,
    pub entries: Vec<(String, String)>,
    is_template: bool,
}

/// The sections that are no templates, in their order. What is no line of a configuration becomes a warning.
pub(super) fn sections(text: &str, warnings: &mut Vec<String>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut current = None;
    for (number, line) in without_comments(text).lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if let Some(head) = line.strip_prefix('[') {
            current = Some(begin(&mut sections, head));
            continue;
        }
        let entry = entry(line).filter(|_| !line.starts_with('#'));
        let place = current.and_then(|current: usize| sections.get_mut(current));
        match (entry, place) {
            (Some(entry), Some(section)) => section.entries.push(entry),
            _ => warnings.push(format!("line {}: \"{line}\" is left out.", number + 1)),
        }
    }
    sections.retain(|section| !section.is_template);
    sections
}

/// Begins the section of a head such as `name](!,template)`, or takes up one that was there, and returns its place.
fn begin(sections: &mut Vec<Section>, head: &str) -> usize {
    let (name, rest) = head.split_once(']').unwrap_or((head, ""));
    let name = name.trim();
    let options = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let options: Vec<&str> = options
        .split(',')
        .map(str::trim)
        .filter(|option| !option.is_empty())
        .collect();
    if options.contains(&"+") {
        if let Some(place) = sections.iter().position(|section| section.name == name) {
            return place;
        }
    }
    let inherited = options.iter().filter_map(|template| {
        let section = sections.iter().find(|section| section.name == *template)?;
        Some(section.entries.clone())
    });
    let section = Section {
        name: name.to_owned(),
        entries: inherited.flatten().collect(),
        is_template: options.contains(&"!"),
    };
    sections.push(section);
    sections.len() - 1
}

fn entry(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let value = value.strip_prefix('>').unwrap_or(value).trim();
    Some((name.trim().to_ascii_lowercase(), value.replace("\\;", ";")))
}

/// The text without what stands behind `;` or between `;--` and `--;`; its lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_inside = false;
    for line in text.lines() {
        let mut rest = line;
        loop {
            if is_inside {
                let Some((_, behind)) = rest.split_once("--;") else {
                    break;
                };
                (is_inside, rest) = (false, behind);
            }
            let Some(place) = comment(rest) else {
                kept.push_str(rest);
                break;
            };
            let (before, behind) = rest.split_at(place);
            kept.push_str(before);
            // Asterisk takes more than two dashes for an ornament.
            if !behind.starts_with(";--") || behind.starts_with(";---") {
                break;
            }
            (is_inside, rest) = (true, behind.get(3..).unwrap_or_default());
        }
        kept.push('\n');
    }
    kept
}

/// Where a comment begins in a line: at a `;` without a backslash before it.
fn comment(line: &str) -> Option<usize> {
    let mut places = line.match_indices(';').map(|(place, _)| place);
    places.find(|place| !line.get(..*place).unwrap_or_default().ends_with('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_templates_and_comments_are_read() {
        let mut warnings = Vec::new();
        let text = "; a file\n[base](!)\nweight=1 ; more\nmember => PJSIP/1\n[one](base)\nWeight = 2\n;-- all\nof this --; x=1\n\
                    [two]\na=b\\;c\n#include other.conf\nnonsense\n[one](+)\ny=2 ;---- no block\nz=3\n";
        let read = sections(text, &mut warnings);
        let pairs = |place: usize| -> Vec<String> {
            let entries = read[place].entries.iter();
            entries.map(|(name, value)| format!("{name}={value}")).collect()
        };
        assert_eq!(
            read.iter().map(|section| section.name.as_str()).collect::<Vec<_>>(),
            ["one", "two"]
        );
        assert_eq!(
            pairs(0),
            ["weight=1", "member=PJSIP/1", "weight=2", "x=1", "y=2", "z=3"]
        );
        assert_eq!(pairs(1), ["a=b;c"]);
        assert_eq!(
            warnings,
            [
                "line 11: \"#include other.conf\" is left out.",
                "line 12: \"nonsense\" is left out."
            ]
        );
    }
}
