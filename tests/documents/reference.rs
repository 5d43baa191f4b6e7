//! Every name that the code uses is in the tables that the reference is made of, and the tables name nothing else; what is said of each
//! can be read. That the documents are made of the tables is tested in `crates/reference/tests/committed.rs`.

use callcenter_test_support::repository::root;
use mod_callcenter::commands::{commands, Command};
use mod_callcenter::engine::{
    AgentLimits, Meaning, Named, Parameter, QueueConfig, Sample, Settings, AGENT_ATTRIBUTES, AGENT_LIMITS, AGENT_WORDS,
    EVENTS, EVENT_HEADERS, QUEUE_LOG_EVENTS, QUEUE_PARAMETERS, SETTINGS, STRATEGIES, TIER_ATTRIBUTES, VARIABLES_READ,
    VARIABLES_SET,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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

/// The tables of names themselves: a name that stands nowhere else is not used.
const TABLES: [&str; 3] = ["channel_variables.rs", "event_names.rs", "names.rs"];

/// The code that uses names, its tests and the tables of names left out.
fn code() -> String {
    let files = sources(&root().join("src"));
    let is_table = |file: &&PathBuf| TABLES.iter().any(|table| file.ends_with(table));
    let of = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).expect("a source file");
        let code = text.split("#[cfg(test)]\nmod tests {").next();
        code.unwrap_or_default().to_owned()
    };
    assert_eq!(files.iter().filter(is_table).count(), TABLES.len(), "{TABLES:?}");
    files.iter().filter(|file| !is_table(file)).map(of).collect()
}

/// The constants of a module of `names.rs`: how the code writes each, and its word.
fn constants(module: &str) -> Vec<(String, String)> {
    let names = std::fs::read_to_string(root().join("src/engine/vocabulary/names.rs")).expect("the names");
    let begin = format!("\npub(crate) mod {module} {{");
    let module_of = names
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once("\n}"))
        .unwrap_or_else(|| panic!("names.rs has no {module}"))
        .0;
    let lines = module_of.lines().map(|line| line.trim().split('"').collect::<Vec<_>>());
    let constant = |parts: Vec<&str>| {
        let name = parts.first()?.strip_prefix("pub(crate) const ")?.split(':').next()?;
        Some((format!("{module}::{name}"), (*parts.get(1)?).to_owned()))
    };
    let all: Vec<_> = lines.filter_map(constant).collect();
    assert!(all.len() > 20, "{module}: {all:?}");
    all
}

/// The words of a module of `names.rs` whose constants stand in the code beside the tables.
fn words_of_constants(module: &str) -> BTreeSet<String> {
    let code = code();
    let stands = |constant: &str| {
        let mut rests = code.split(constant).skip(1);
        rests.any(|rest| !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_'))
    };
    let used = constants(module).into_iter().filter(|(constant, _)| stands(constant));
    used.map(|(_, word)| word).collect()
}

/// The texts in the code that begin so and consist of such letters.
fn words(start: &str, is_letter: fn(u8) -> bool) -> BTreeSet<String> {
    let code = code();
    let quoted = format!("\"{start}");
    let rests = code
        .split(&quoted)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0));
    rests
        .filter(|rest| rest.bytes().all(is_letter))
        .map(|rest| format!("{start}{rest}"))
        .collect()
}

fn names<'a>(tables: impl IntoIterator<Item = &'a [Named]>) -> BTreeSet<String> {
    let all: Vec<String> = tables
        .into_iter()
        .flatten()
        .map(|named| named.name.to_owned())
        .collect();
    let set: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(set.len(), all.len(), "a name is there twice: {all:?}");
    set
}

/// What is in the one and not in the other is told by name.
fn agree(what: &str, told: &BTreeSet<String>, used: &BTreeSet<String>) {
    let missing: Vec<_> = used.difference(told).collect();
    let surplus: Vec<_> = told.difference(used).collect();
    assert!(missing.is_empty(), "the table of {what} has no entry for {missing:?}");
    assert!(surplus.is_empty(), "no code uses these {what}: {surplus:?}");
}

#[test]
fn every_channel_variable_has_an_entry_and_every_entry_a_variable() {
    let mut used = words("cc_", |byte| byte.is_ascii_lowercase() || byte == b'_');
    used.extend(words_of_constants("variable"));
    assert!(used.contains("cc_base_score"), "{used:?}");
    agree("channel variables", &names([VARIABLES_READ, VARIABLES_SET]), &used);
}

#[test]
fn every_header_has_an_entry_and_every_entry_a_header() {
    let mut used = words("CC-", |byte| byte.is_ascii_alphabetic() || byte == b'-');
    used.extend(words_of_constants("header"));
    assert!(used.contains("CC-Action"), "{used:?}");
    agree("headers", &names([EVENT_HEADERS]), &used);
}

#[test]
fn every_event_has_an_entry_and_is_fired() {
    agree("events", &names([EVENTS]), &words_of_constants("action"));
}

/// What is said of each name, with where it stands.
fn meanings() -> Vec<(String, Meaning)> {
    fn of<T>(table: &'static [Parameter<T>]) -> impl Iterator<Item = (String, Meaning)> {
        table
            .iter()
            .map(|parameter| (parameter.name.to_owned(), parameter.meaning))
    }
    let named = [
        AGENT_WORDS,
        TIER_ATTRIBUTES,
        VARIABLES_READ,
        VARIABLES_SET,
        EVENTS,
        EVENT_HEADERS,
        QUEUE_LOG_EVENTS,
        STRATEGIES,
        AgentLimits::COUNTS,
    ];
    let named = named.into_iter().flatten();
    let commands = commands();
    of(SETTINGS)
        .chain(of(QUEUE_PARAMETERS))
        .chain(of(AGENT_ATTRIBUTES))
        .chain(of(AGENT_LIMITS))
        .chain(named.map(|named| (named.name.to_owned(), named.meaning)))
        .chain(commands.iter().map(|command| (command.words(), command.meaning)))
        .collect()
}

/// What is said goes into tables of Markdown and into comments of XML.
#[test]
fn what_is_said_of_a_name_is_whole_sentences_that_fit_everywhere() {
    let meanings = meanings();
    assert!(meanings.len() > 300, "{}", meanings.len());
    for (name, meaning) in meanings {
        let what = meaning.what;
        let begins = what.starts_with(|letter: char| letter.is_uppercase() || letter == '`');
        assert!(begins && what.ends_with('.'), "{name}: {what:?} is no sentence");
        for text in [what, meaning.opensips, meaning.asterisk] {
            assert!(
                !["|", "--", "\n", "  "].iter().any(|part| text.contains(part)),
                "{name}: {text:?}"
            );
            assert_eq!(text.matches('`').count() % 2, 0, "{name}: {text:?}");
        }
    }
}

/// The parameters that the sample would show with nothing.
fn bare<T: Clone>(table: &'static [Parameter<T>], fresh: &T) -> Vec<&'static str> {
    let bare = table
        .iter()
        .filter(|parameter| parameter.get(fresh).is_empty() && parameter.meaning.sample == Sample::Default);
    bare.map(|parameter| parameter.name).collect()
}

#[test]
fn a_parameter_without_a_default_has_an_example() {
    assert_eq!(bare(SETTINGS, &Settings::default()), Vec::<&str>::new());
    assert_eq!(bare(QUEUE_PARAMETERS, &QueueConfig::named("")), Vec::<&str>::new());
}

#[test]
fn no_command_is_there_twice() {
    let words: Vec<String> = commands().iter().map(Command::words).collect();
    let set: BTreeSet<&String> = words.iter().collect();
    assert_eq!(set.len(), words.len(), "{words:?}");
}
