//! The engine, broken on purpose: `tests/mutations` says how, and the simulation must notice each time.

use serde::Deserialize;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What the file of mutations says.
#[derive(Deserialize)]
struct Mutations {
    mutation: Vec<Mutation>,
}

/// One way to break the engine.
#[derive(Deserialize)]
struct Mutation {
    breaks: String,
    file: PathBuf,
    old: String,
    new: String,
}

fn mutations() -> Vec<Mutation> {
    let text = std::fs::read_to_string(root().join("tests/mutations/engine.toml")).expect("the file of mutations");
    toml::from_str::<Mutations>(&text).expect("mutations").mutation
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_mutation_still_finds_its_place() {
    let mutations = mutations();
    assert!(mutations.len() >= 12, "only {} mutations", mutations.len());
    for Mutation { breaks, file, old, new } in mutations {
        let source = std::fs::read_to_string(root().join(&file)).expect("a source file");
        let places = source.matches(&old).count();
        assert_eq!(places, 1, "{breaks}: {} has {places} times: {old}", file.display());
        assert_ne!(old, new, "{breaks}");
    }
}

/// `make mutants`: each mutation is built in a copy of the sources, and the simulation has to fail. `MUTANT` picks those whose
/// description contains it.
#[test]
#[ignore = "builds the engine once for each mutation: make mutants"]
fn every_mutant_is_caught() {
    let copy = Copy::new();
    let wanted = std::env::var("MUTANT").unwrap_or_default();
    let mut survivors = Vec::new();
    for mutation in mutations()
        .into_iter()
        .filter(|mutation| mutation.breaks.contains(&wanted))
    {
        let begun = Instant::now();
        match copy.try_out(&mutation) {
            Some(how) => println!("caught in {} s ({how}): {}", begun.elapsed().as_secs(), mutation.breaks),
            None => {
                println!("NOT CAUGHT: {}", mutation.breaks);
                survivors.push(mutation.breaks);
            }
        }
    }
    assert!(survivors.is_empty(), "the simulation does not notice: {survivors:#?}");
}

/// A copy of the sources, with a target directory of its own.
struct Copy {
    tree: PathBuf,
    target: PathBuf,
}

/// How many calls a mutant has to survive.
const CALLS: &str = "200000";

/// A simulation that takes longer than this does not end any more.
const PATIENCE: Duration = Duration::from_secs(600);

/// The first build in the copy compiles everything, on whatever machine this is.
const PATIENCE_WITH_BUILDS: Duration = Duration::from_secs(3600);

impl Copy {
    fn new() -> Self {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
        let tree = place.join("tree");
        if tree.exists() {
            std::fs::remove_dir_all(&tree).expect("the old copy removed");
        }
        std::fs::create_dir_all(&tree).expect("a directory for the copy");
        for part in [
            "Cargo.toml",
            "Cargo.lock",
            "build.rs",
            "src",
            "tests",
            "crates",
            "benches",
            "include",
        ] {
            let copied = Command::new("cp").arg("-r").arg(root().join(part)).arg(&tree).status();
            assert!(copied.expect("cp").success(), "{part} is copied");
        }
        let target = place.join("target");
        Self { tree, target }
    }

    /// Says how the mutant was caught; none when it was not.
    fn try_out(&self, mutation: &Mutation) -> Option<String> {
        let file = self.tree.join(&mutation.file);
        let sound = std::fs::read_to_string(&file).expect("a source file");
        std::fs::write(&file, sound.replace(&mutation.old, &mutation.new)).expect("the mutation written");
        let log = self.tree.join("simulation.log");
        let built = self.cargo(&["--no-run"], &log, PATIENCE_WITH_BUILDS);
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(
            built.is_some_and(|status| status.success()),
            "{}: {text}",
            mutation.breaks
        );
        let run = self.cargo(&["days", "--", "--nocapture"], &log, PATIENCE);
        std::fs::write(&file, sound).expect("the source restored");
        match run {
            None => Some("it does not end".to_owned()),
            Some(status) if status.success() => None,
            Some(_) => Some(seed_in(&std::fs::read_to_string(&log).unwrap_or_default())),
        }
    }

    /// Runs the simulation's tests; none when they do not end in time.
    fn cargo(&self, arguments: &[&str], log: &Path, patience: Duration) -> Option<ExitStatus> {
        let log = std::fs::File::create(log).expect("a log");
        let mut child = Command::new(env!("CARGO"))
            .args(["test", "--no-default-features", "--test", "sim"])
            .args(arguments)
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("SIM_CALLS", CALLS)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .process_group(0)
            .spawn()
            .expect("cargo starts");
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait().expect("cargo's end") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        // The simulation is cargo's child: it must not go on without it.
        let group = format!("-{}", child.id());
        let stopped = Command::new("kill").args(["-KILL", "--", &group]).status();
        assert!(stopped.expect("kill").success(), "cargo and what it runs are stopped");
        child.wait().expect("cargo's end");
        None
    }
}

fn seed_in(log: &str) -> String {
    let seed = log
        .split("SIM_SEED=")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    let seed = seed.expect("a simulation that fails names its seed");
    format!("seed {seed}")
}
