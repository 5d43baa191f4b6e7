//! Asterisk's way to write a configuration: sections of `name = value` or `name => value`, with templates.

/// A section with its entries, those of its templates first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub name: String,
    /// Where it begins, as `FILE:LINE`.
    pub place: String,
    pub entries: Vec<Entry>,
    is_template: bool,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub name: String,
    pub value: String,
    /// Where it stands, as `FILE:LINE`.
    pub place: String,
}

impl Section {
    /// Whether there is an entry of this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }
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
///
/// # Errors
/// When the name of a section is not closed: nobody knows whose the lines below it are, and Asterisk does not load such a file.
pub(super) fn sections(
    file: &Included,
    includes: &Includes<'_>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Section>, String> {
    let mut reader = Reader {
        includes,
        warnings,
        sections: Vec::new(),
        current: None,
    };
    reader.read(file, 0)?;
    let mut sections = reader.sections;
    sections.retain(|section| !section.is_template);
    Ok(sections)
}

/// What has been read so far. An included file goes on in the section that includes it.
struct Reader<'a> {
    includes: &'a Includes<'a>,
    warnings: &'a mut Vec<String>,
    sections: Vec<Section>,
    current: Option<usize>,
}

impl Reader<'_> {
    fn read(&mut self, file: &Included, depth: usize) -> Result<(), String> {
        for (number, line) in without_comments(&file.text).lines().enumerate() {
            let line = line.trim();
            let place = format!("{}:{}", file.name, number + 1);
            if let Some((wanted, must_be)) = include(line) {
                self.include(file, wanted, must_be, depth, &place)?;
            } else if let Some(head) = line.strip_prefix('[') {
                let Some((name, rest)) = head.split_once(']') else {
                    return Err(format!("{place}: \"[{head}\" has no \"]\"."));
                };
                self.begin(name.trim(), rest, place);
            } else if !line.is_empty() {
                self.take(line, place);
            }
        }
        Ok(())
    }

    /// Begins the section of a head such as `[name](!,template)`, or takes up one that was there.
    fn begin(&mut self, name: &str, rest: &str, place: String) {
        let options = options(rest);
        let is_known = |template: &&str| self.sections.iter().any(|section| section.name == **template);
        let unknown = options
            .iter()
            .filter(|option| !["!", "+"].contains(option) && !is_known(option));
        let unknown = unknown.map(|template| {
            format!("{place}: [{name}]: there is no template \"{template}\" above it; what it has is left out.")
        });
        self.warnings.extend(unknown);
        let before = self.sections.iter().position(|section| section.name == name);
        self.current = before.filter(|_| options.contains(&"+"));
        if self.current.is_some() {
            return;
        }
        let inherited = options.iter().filter_map(|template| {
            let section = self.sections.iter().find(|section| section.name == *template)?;
            Some(section.entries.clone())
        });
        let section = Section {
            name: name.to_owned(),
            place,
            entries: inherited.flatten().collect(),
            is_template: options.contains(&"!"),
        };
        self.sections.push(section);
        self.current = self.sections.len().checked_sub(1);
    }

    fn take(&mut self, line: &str, place: String) {
        let entry = entry(line, &place).filter(|_| !line.starts_with('#'));
        let section = self.current.and_then(|current| self.sections.get_mut(current));
        match (entry, section) {
            (Some(entry), Some(section)) => section.entries.push(entry),
            _ => self.warnings.push(format!("{place}: \"{line}\" is left out.")),
        }
    }

    fn include(
        &mut self,
        from: &Included,
        wanted: &str,
        must_be: bool,
        depth: usize,
        place: &str,
    ) -> Result<(), String> {
        let found = match (self.includes)(&from.name, wanted) {
            _ if depth + 1 >= DEEPEST => Err("files include each other more than ten deep.".to_owned()),
            found => found,
        };
        match found {
            Ok(files) => return files.iter().try_for_each(|file| self.read(file, depth + 1)),
            Err(trouble) if must_be => self.warnings.push(format!(
                "{place}: #include {wanted}: {trouble} What it has is left out."
            )),
            Err(_) => (),
        }
        Ok(())
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

/// What stands in the brackets behind a section's name.
fn options(rest: &str) -> Vec<&str> {
    let options = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let options = options.split(',').map(str::trim);
    options.filter(|option| !option.is_empty()).collect()
}

fn entry(line: &str, place: &str) -> Option<Entry> {
    let (name, value) = line.split_once('=')?;
    let value = value.strip_prefix('>').unwrap_or(value).trim();
    Some(Entry {
        name: name.trim().to_ascii_lowercase(),
        value: value.replace("\\;", ";"),
        place: place.to_owned(),
    })
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

    fn shape(section: &Section) -> String {
        let entries = section.entries.iter();
        let entries: Vec<String> = entries
            .map(|entry| format!("{}={} {}", entry.name, entry.value, entry.place))
            .collect();
        format!("{} {}: {}", section.name, section.place, entries.join(", "))
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
        let read = sections(&file("q", text), &includes, &mut warnings).expect("sections");
        let shape: Vec<String> = read.iter().map(shape).collect();
        assert_eq!(
            shape,
            [
                "one q:1: a=1 q:2, b=2 q/more:1",
                "two q/more:2: c=3 q/more/again:1, d=4 q:4"
            ]
        );
        assert_eq!(
            warnings,
            [
                "q/more:3: \"nonsense\" is left out.",
                "q:6: #include missing: it is not there. What it has is left out."
            ]
        );
    }

    #[test]
    fn a_file_that_includes_itself_has_an_end() {
        let mut warnings = Vec::new();
        let includes = |_: &str, _: &str| Ok(vec![file("q", "#include q")]);
        sections(&file("q", "#include q"), &includes, &mut warnings).expect("no section");
        assert_eq!(
            warnings,
            ["q:1: #include q: files include each other more than ten deep. What it has is left out."]
        );
    }

    #[test]
    fn sections_templates_and_comments_are_read() {
        let mut warnings = Vec::new();
        let text = "; a file\n[base](!)\nweight=1 ; more\nmember => PJSIP/1\n[one](base)\nWeight = 2\n;-- all\nof this --; x=1\n\
                    [two]\na=b\\;c\n#include other.conf\nnonsense\n[one](+)\ny=2 ;---- no block\nz=3\n";
        let read = sections(&file("queues.conf", text), &nothing, &mut warnings).expect("sections");
        let pairs = |place: usize| -> Vec<String> {
            let entries = read[place].entries.iter();
            entries.map(|entry| format!("{}={}", entry.name, entry.value)).collect()
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
                "queues.conf:11: #include other.conf: other.conf cannot be read. What it has is left out.",
                "queues.conf:12: \"nonsense\" is left out."
            ]
        );
    }
}
