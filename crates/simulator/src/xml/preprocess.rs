//! What FreeSWITCH does to an XML file before it is parsed: `$${variables}`, X-PRE-PROCESS, `<include>`.
//!
//! As in FreeSWITCH this works line by line, inside of comments too, and a directive takes its whole line.

use mod_callcenter::config::ConfigError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Includes may be nested this deep; deeper means that a file includes itself.
const MAX_DEPTH: usize = 100;

/// What FreeSWITCH has set before a module reads its file, by itself or in the vars.xml that comes with it. A file that is read alone may use
/// it as well: what is heard, and where a recording goes, makes no difference here.
const SET_BY_FREESWITCH: [(&str, &str); 3] = [
    ("hold_music", "local_stream://moh"),
    ("recordings_dir", "/var/lib/freeswitch/recordings"),
    ("sounds_dir", "/usr/share/freeswitch/sounds"),
];

/// A file with everything expanded.
#[derive(Default)]
pub(super) struct Expanded {
    pub text: String,
    /// Where each line of the text comes from: file and line.
    pub origins: Vec<String>,
    /// What could not be expanded, in words for the operator.
    pub warnings: Vec<String>,
}

/// Expands a file.
pub(super) fn preprocess(path: &Path) -> Result<Expanded, ConfigError> {
    let mut state = Preprocessor::default();
    let set = SET_BY_FREESWITCH.map(|(name, value)| (name.to_owned(), value.to_owned()));
    state.variables.extend(set);
    state.file(path, 0)?;
    Ok(state.expanded)
}

#[derive(Default)]
struct Preprocessor {
    variables: HashMap<String, String>,
    expanded: Expanded,
}

/// An X-PRE-PROCESS element.
struct Directive {
    command: String,
    data: String,
}

impl Preprocessor {
    fn file(&mut self, path: &Path, depth: usize) -> Result<(), ConfigError> {
        let shown = path.display();
        if depth > MAX_DEPTH {
            return Err(ConfigError(format!(
                "{shown} includes itself, directly or through others; take that include out."
            )));
        }
        let text = text_of(path).map_err(ConfigError)?;
        for (number, line) in text.lines().enumerate() {
            let origin = format!("{shown}:{}", number + 1);
            let line = self.expand(line, &origin);
            match directive(&line) {
                Some(directive) => self.carry_out(&directive, path, depth)?,
                None => {
                    self.expanded.text.push_str(&without_wrappers(&line));
                    self.expanded.text.push('\n');
                    self.expanded.origins.push(origin);
                }
            }
        }
        Ok(())
    }

    /// Replaces `$${name}`; as in FreeSWITCH, a variable that is not set becomes empty.
    fn expand(&mut self, line: &str, place: &str) -> String {
        let mut expanded = String::with_capacity(line.len());
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("$${") {
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            expanded.push_str(before);
            match self.variables.get(name) {
                Some(value) => expanded.push_str(value),
                None => self.expanded.warnings.push(format!(
                    "{place}: $${{{name}}} is empty here: what FreeSWITCH's vars.xml sets is not known to the simulator."
                )),
            }
            rest = tail;
        }
        expanded.push_str(rest);
        expanded
    }

    fn carry_out(&mut self, directive: &Directive, path: &Path, depth: usize) -> Result<(), ConfigError> {
        match directive.command.to_ascii_lowercase().as_str() {
            "set" => {
                if let Some((name, value)) = directive.data.split_once('=') {
                    self.variables.insert(
                        name.trim_end_matches(' ').to_owned(),
                        value.trim_start_matches(' ').to_owned(),
                    );
                }
            }
            "include" => {
                for file in self.included(&directive.data, path)? {
                    self.file(&file, depth + 1)?;
                }
            }
            other => self.expanded.warnings.push(format!(
                "{}: X-PRE-PROCESS cmd=\"{other}\" works inside FreeSWITCH only; it is ignored.",
                path.display()
            )),
        }
        Ok(())
    }

    /// The files a pattern stands for, sorted; relative to the including file.
    fn included(&mut self, pattern: &str, path: &Path) -> Result<Vec<PathBuf>, ConfigError> {
        let directory = path.parent().unwrap_or_else(|| Path::new("."));
        let full = directory.join(pattern);
        let shown = full.display();
        let matches = glob::glob(&full.to_string_lossy()).map_err(|error| {
            ConfigError(format!(
                "{}: include \"{pattern}\" is no file pattern: {error}.",
                path.display()
            ))
        })?;
        let files: Vec<PathBuf> = matches.flatten().collect();
        if files.is_empty() {
            self.expanded
                .warnings
                .push(format!("{}: there is no file to include at {shown}.", path.display()));
        }
        Ok(files)
    }
}

/// The directive on a line, if there is one.
fn directive(line: &str) -> Option<Directive> {
    const TAG: &str = "<x-pre-process";
    let at = line.to_ascii_lowercase().find(TAG)?;
    let tag = line.get(at + TAG.len()..)?;
    Some(Directive {
        command: quoted_after(tag, "cmd").unwrap_or_default(),
        data: quoted_after(tag, "data").unwrap_or_default(),
    })
}

/// The text in double quotes behind `name=`.
fn quoted_after(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(name)?;
    let (_, rest) = rest.split_once('"')?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}

/// A line without `<include>`, `</include>` and `<?...?>`, which FreeSWITCH does not show to its parser.
fn without_wrappers(line: &str) -> String {
    let mut line = line.replace("<include>", "").replace("</include>", "");
    while let Some(start) = line.find("<?") {
        let end = line
            .get(start..)
            .and_then(|rest| rest.find("?>"))
            .map_or(line.len(), |length| start + length + 2);
        line.replace_range(start..end, "");
    }
    line
}

/// The text of a file.
///
/// # Errors
/// With the file, what is wrong with it, and what to do.
pub fn text_of(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| format!("{shown} cannot be read: {error}. Check the path and the permissions."))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        format!("{shown}:{line}: a letter there is not UTF-8. Save the file as UTF-8.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_is_recognised_in_any_case() {
        let found = directive(r#"  <x-PRE-process cmd = "set" data="a=b"/>"#).expect("a directive");
        assert_eq!((found.command.as_str(), found.data.as_str()), ("set", "a=b"));
        assert!(directive(r#"<queue name="x-pre-process"/>"#).is_none());
    }

    #[test]
    fn what_freeswitch_sets_is_not_missed_in_a_file_that_is_read_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("callcenter.conf.xml");
        std::fs::write(&path, "<a moh=\"$${hold_music}\" other=\"$${our_own}\"/>").expect("a file");
        let Expanded { text, warnings, .. } = preprocess(&path).expect("a text");
        assert_eq!(text, "<a moh=\"local_stream://moh\" other=\"\"/>\n");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("$${our_own} is empty here"), "{warnings:?}");
    }

    #[test]
    fn wrappers_vanish_and_the_rest_of_the_line_stays() {
        assert_eq!(
            without_wrappers("<?xml version=\"1.0\"?><include><a/></include>"),
            "<a/>"
        );
        assert_eq!(without_wrappers("<?xml"), "");
    }
}
