//! Asterisk's way to write a configuration: sections of `name = value` or `name => value`, with templates.

/// A section with its entries, those of its templates first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub name: String,
    pub entries: Vec<(String, String)>,
    is_template: bool,
}

/// A file of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// Its path, as far as it is known.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Finds the files that the file of the first name includes by the second; in words for the operator when there are none.
pub type Includes<'a> = dyn Fn(&str, &str) -> Result<Vec<Included>, String> + 'a;

/// A file includes a file, which includes a file: so deep and no deeper, for a file may include itself.
const DEEPEST: usize = 10;

/// The sections that are no templates, in their order. What is no line of a configuration becomes a warning.
pub(super) fn sections(file: &Included, includes: &Includes<'_>, warnings: &mut Vec<String>) -> Vec<Section> {
    let mut reader = Reader {
        includes,
        warnings,
        sections: Vec::new(),
        current: None,
    };
    reader.read(file, 0);
    let mut sections = reader.sections;
    sections.retain(|section| !section.is_template);
    sections
}

/// What has been read so far. An included file goes on in the section that includes it.
struct Reader<'a> {
    includes: &'a Includes<'a>,
    warnings: &'a mut Vec<String>,
    sections: Vec<Section>,
    current: Option<usize>,
}

impl Reader<'_> {
    fn read(&mut self, file: &Included, depth: usize) {
        for (number, line) in without_comments(&file.text).lines().enumerate() {
            let line = line.trim();
            let number = number + 1;
            let place = match depth {
                0 => format!("line {number}"),
                _ => format!("{} line {number}", file.name),
            };
            if let Some((wanted, must_be)) = include(line) {
                self.include(file, wanted, must_be, depth, &place);
            } else if let Some(head) = line.strip_prefix('[') {
                let troubles = troubles(&self.sections, head);
                self.warnings
                    .extend(troubles.into_iter().map(|trouble| format!("{place}: {trouble}")));
                self.current = Some(begin(&mut self.sections, head));
            } else if !line.is_empty() {
                self.take(line, &place);
            }
        }
    }

    fn take(&mut self, line: &str, place: &str) {
        let entry = entry(line).filter(|_| !line.starts_with('#'));
        let section = self.current.and_then(|current| self.sections.get_mut(current));
        match (entry, section) {
            (Some(entry), Some(section)) => section.entries.push(entry),
            _ => self.warnings.push(format!("{place}: \"{line}\" is left out.")),
        }
    }

    fn include(&mut self, from: &Included, wanted: &str, must_be: bool, depth: usize, place: &str) {
        let found = match (self.includes)(&from.name, wanted) {
            _ if depth + 1 >= DEEPEST => Err("files include each other more than ten deep.".to_owned()),
            found => found,
        };
        match found {
            Ok(files) => files.iter().for_each(|file| self.read(file, depth + 1)),
            Err(trouble) if must_be => self.warnings.push(format!(
                "{place}: #include {wanted}: {trouble} What it has is left out."
            )),
            Err(_) => (),
        }
    }
}

/// What a line includes, and whether it must be there.
fn include(line: &str) -> Option<(&str, bool)> {
    let (word, rest) = line.split_once(char::is_whitespace)?;
    let must_be = match word {
        "#include" => true,
        "#tryinclude" => false,
        _ => return None,
    };
    let wanted = rest.trim().trim_matches(['"', '<', '>', '\'']);
    (!wanted.is_empty()).then_some((wanted, must_be))
}

/// What is wrong with the head of a section.
fn troubles(sections: &[Section], head: &str) -> Vec<String> {
    let Some((name, rest)) = head.split_once(']') else {
        return vec![format!("\"[{head}\" has no \"]\"; a section of that name is begun.")];
    };
    let is_known = |template: &&str| sections.iter().any(|section| section.name == **template);
    let unknown = options(rest)
        .into_iter()
        .filter(|option| !["!", "+"].contains(option) && !is_known(option));
    unknown
        .map(|template| format!("[{name}]: there is no template \"{template}\" above it; what it has is left out."))
        .collect()
}

/// What stands in the brackets behind a section's name.
fn options(rest: &str) -> Vec<&str> {
    let options = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let options = options.split(',').map(str::trim);
    options.filter(|option| !option.is_empty()).collect()
}

/// Begins the section of a head such as `name](!,template)`, or takes up one that was there, and returns its place.
fn begin(sections: &mut Vec<Section>, head: &str) -> usize {
    let (name, rest) = head.split_once(']').unwrap_or((head, ""));
    let name = name.trim();
    let options = options(rest);
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

    fn file(name: &str, text: &str) -> Included {
        Included {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn nothing(_: &str, wanted: &str) -> Result<Vec<Included>, String> {
        Err(format!("{wanted} cannot be read."))
    }

    #[test]
    fn included_files_are_read_in_their_place() {
        let mut warnings = Vec::new();
        let includes = |from: &str, wanted: &str| match wanted {
            "more" => Ok(vec![file(
                &format!("{from}/more"),
                "b=2\n[two]\nnonsense\n#include again",
            )]),
            "again" => Ok(vec![file(&format!("{from}/again"), "c=3")]),
            _ => Err("it is not there.".to_owned()),
        };
        let text = "[one]\na=1\n#include \"more\"\nd=4\n#tryinclude missing\n#include <missing>\n";
        let read = sections(&file("q", text), &includes, &mut warnings);
        let shape: Vec<String> = read
            .iter()
            .map(|section| format!("{} {:?}", section.name, section.entries))
            .collect();
        assert_eq!(
            shape,
            [r#"one [("a", "1"), ("b", "2")]"#, r#"two [("c", "3"), ("d", "4")]"#]
        );
        assert_eq!(
            warnings,
            [
                "q/more line 3: \"nonsense\" is left out.",
                "line 6: #include missing: it is not there. What it has is left out."
            ]
        );
    }

    #[test]
    fn a_file_that_includes_itself_has_an_end() {
        let mut warnings = Vec::new();
        let includes = |_: &str, _: &str| Ok(vec![file("q", "#include q")]);
        sections(&file("q", "#include q"), &includes, &mut warnings);
        assert_eq!(
            warnings,
            ["q line 1: #include q: files include each other more than ten deep. What it has is left out."]
        );
    }

    #[test]
    fn sections_templates_and_comments_are_read() {
        let mut warnings = Vec::new();
        let text = "; a file\n[base](!)\nweight=1 ; more\nmember => PJSIP/1\n[one](base)\nWeight = 2\n;-- all\nof this --; x=1\n\
                    [two]\na=b\\;c\n#include other.conf\nnonsense\n[one](+)\ny=2 ;---- no block\nz=3\n";
        let read = sections(&file("queues.conf", text), &nothing, &mut warnings);
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
                "line 11: #include other.conf: other.conf cannot be read. What it has is left out.",
                "line 12: \"nonsense\" is left out."
            ]
        );
    }
}
