//! Which file takes something from which other one, by the paths that begin with `crate`, `super`, `self` or a module below.
//!
//! A re-export is a signpost: what is taken by its way is taken from the file behind it. Calls of methods have no path: they
//! are in `calls.rs`.

use callcenter_test_support::repository::{root, sources};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// A module by its names from the root of the crate.
type Module = Vec<String>;

/// A source file that is built outside of tests.
struct Source {
    file: PathBuf,
    code: String,
    /// What the file hands on, by name, and the path behind it.
    signposts: HashMap<String, Vec<String>>,
}

/// One file takes something from another, both below `src`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: PathBuf,
    pub to: PathBuf,
}

impl std::fmt::Display for Arrow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "src/{} -> src/{}", self.from.display(), self.to.display())
    }
}

/// The files of the crate, those aside that are nothing but tests, and all arrows between them.
pub fn files_and_arrows() -> (Vec<PathBuf>, BTreeSet<Arrow>) {
    let modules = modules();
    let mut arrows = BTreeSet::new();
    for (module, source) in &modules {
        let taken = paths_of(&source.code).into_iter().filter(|path| !path.is_signpost);
        for path in taken {
            let Some(to) = resolve(&modules, module, &path.names) else {
                continue;
            };
            if to != source.file {
                let from = source.file.clone();
                arrows.insert(Arrow { from, to });
            }
        }
    }
    (modules.into_values().map(|source| source.file).collect(), arrows)
}

/// The files of the crate, those aside that are nothing but tests, with their code without comments and unit tests.
pub fn code_of_files() -> Vec<(PathBuf, String)> {
    modules()
        .into_values()
        .map(|source| (source.file, source.code))
        .collect()
}

fn modules() -> BTreeMap<Module, Source> {
    let top = root().join("src");
    let files = sources(&top).into_iter();
    let files = files.map(|path| path.strip_prefix(&top).expect("below src").to_owned());
    let sources = files.filter(|file| !is_of_tests(file)).map(|file| {
        let text = std::fs::read_to_string(top.join(&file)).expect("a source file");
        let code = without_comments(text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default());
        let paths = paths_of(&code).into_iter().filter(|path| path.is_signpost);
        let signposts = paths.map(|path| (path.known_as, path.names)).collect();
        (module_of(&file), Source { file, code, signposts })
    });
    sources.collect()
}

fn is_of_tests(file: &Path) -> bool {
    file.components()
        .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

fn module_of(file: &Path) -> Module {
    let names = file.with_extension("");
    let mut names: Module = names
        .iter()
        .map(|name| name.to_str().expect("a name in ASCII").to_owned())
        .collect();
    if names.last().is_some_and(|name| name == "mod" || name == "lib") {
        names.pop();
    }
    names
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.map(|line| format!("{line}\n")).collect()
}

/// A path in the sources.
struct Named {
    names: Vec<String>,
    /// What it is called from there on.
    known_as: String,
    /// It is handed on.
    is_signpost: bool,
}

impl Named {
    fn new(mut names: Vec<String>, is_signpost: bool) -> Self {
        let last = names.last().cloned().unwrap_or_default();
        let known_as = match last.split_once(" as ") {
            Some((name, other)) => {
                names.pop();
                names.push(name.trim().to_owned());
                other.trim().to_owned()
            }
            None => last,
        };
        Self {
            names,
            known_as,
            is_signpost,
        }
    }
}

/// The paths of all `use` declarations, and those that stand in the code.
fn paths_of(code: &str) -> Vec<Named> {
    let mut paths = Vec::new();
    let mut rest = String::new();
    let mut declaration: Option<(bool, String)> = None;
    for line in code.lines() {
        if declaration.is_none() {
            if let Some((before, tree)) = line.split_once("use ").filter(|(before, _)| is_visibility(before)) {
                declaration = Some((!before.trim().is_empty(), tree.to_owned()));
            } else {
                rest.push_str(line);
                rest.push('\n');
            }
        } else if let Some((_, tree)) = &mut declaration {
            tree.push_str(line);
        }
        if let Some((is_signpost, tree)) = declaration.take_if(|(_, tree)| tree.contains(';')) {
            let tree = tree.split(';').next().unwrap_or_default();
            let found = branches(tree).into_iter();
            paths.extend(found.map(|names| Named::new(names, is_signpost)));
        }
    }
    paths.extend(inline_paths(&rest).into_iter().map(|names| Named::new(names, false)));
    paths
}

fn is_visibility(before: &str) -> bool {
    before.trim().is_empty() || before.starts_with("pub")
}

/// The paths of a tree: `a::{b, c::d}` has two.
fn branches(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((before, inner)) = tree.split_once('{') else {
        let names = tree.split("::").map(|name| name.trim().to_owned());
        return vec![names.filter(|name| !name.is_empty()).collect()];
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let before: Vec<String> = before
        .split("::")
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let mut depth = 0_usize;
    let parts = inner.split(|letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => (),
        }
        letter == ',' && depth == 0
    });
    let parts = parts.filter(|part| !part.trim().is_empty()).flat_map(branches);
    parts.map(|branch| [before.clone(), branch].concat()).collect()
}

/// Paths in the code that begin with `crate::` or `super::`.
fn inline_paths(code: &str) -> Vec<Vec<String>> {
    let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words = code.split(|letter: char| !is_of_name(letter) && letter != ':');
    let paths = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
    paths
        .map(|path| {
            path.split("::")
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

/// The file in which what a path names is written; none for what is not of this crate.
fn resolve(modules: &BTreeMap<Module, Source>, from: &Module, path: &[String]) -> Option<PathBuf> {
    let mut at = from.clone();
    let mut names = path;
    match names.first()?.as_str() {
        "crate" => {
            at.clear();
            names = &names[1..];
        }
        "self" => names = &names[1..],
        "super" => {
            while names.first().is_some_and(|name| name == "super") {
                at.pop();
                names = &names[1..];
            }
        }
        child => {
            let below = [at.as_slice(), &[child.to_owned()]].concat();
            modules.get(&below)?;
        }
    }
    while let Some((name, behind)) = names.split_first() {
        let below = [at.as_slice(), std::slice::from_ref(name)].concat();
        if !modules.contains_key(&below) {
            break;
        }
        at = below;
        names = behind;
    }
    let source = modules.get(&at)?;
    let signpost = names.first().and_then(|name| source.signposts.get(name));
    let behind = signpost.and_then(|path| resolve(modules, &at, path));
    Some(behind.unwrap_or_else(|| source.file.clone()))
}

#[test]
fn paths_are_found_in_trees_and_in_the_code() {
    let code = "use super::{a::{B, c as d}, e};\npub(crate) use f::G;\nfn x() { crate::h::I::new(); }\n";
    let found: Vec<(String, String, bool)> = paths_of(code)
        .into_iter()
        .map(|path| (path.names.join("::"), path.known_as, path.is_signpost))
        .collect();
    let path = |names: &str, known_as: &str, is_signpost| (names.to_owned(), known_as.to_owned(), is_signpost);
    let wanted = [
        path("super::a::B", "B", false),
        path("super::a::c", "d", false),
        path("super::e", "e", false),
        path("f::G", "G", true),
        path("crate::h::I::new", "new", false),
    ];
    assert_eq!(found, wanted);
}
