//! `callcenter-sim` as somebody uses it for the first time, mistakes included.

use callcenter_test_support::documents::{blocks, Block};
use callcenter_test_support::repository::root;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const CONFIG: &str = r#"<configuration name="callcenter.conf">
  <queues><queue name="support@default"><param name="strategy" value="longest-idle-agent"/></queue></queues>
  <agents><agent name="1001" type="callback" contact="user/1001" status="Available" wrap-up-time="10"/></agents>
  <tiers><tier agent="1001" queue="support@default"/></tiers>
</configuration>"#;

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().expect("a temporary directory"));
        files.write("callcenter.conf.xml", CONFIG);
        files
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file written");
        path
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("callcenter.conf.xml")
    }
}

fn run(arguments: &[&Path], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_callcenter-sim"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("callcenter-sim starts");
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(input.as_bytes())
        .expect("commands written");
    child.wait_with_output().expect("callcenter-sim ends")
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs something that must be refused, and returns what is said about it.
fn refusal(arguments: &[&Path]) -> String {
    let output = run(arguments, "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[test]
fn a_day_ends_with_tables_of_queues_and_agents() {
    let files = Files::new();
    let output = run(&[&files.config()], "");
    let text = printed(&output);
    assert!(output.status.success(), "{text}");
    for expected in [
        "queue ",
        "support@default",
        "avg wait",
        "gave up",
        "agent ",
        "1001",
        "occupancy",
        "seed 1",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
}

#[test]
fn json_is_the_same_for_the_same_seed() {
    let files = Files::new();
    let day = |seed: &str| printed(&run(&[&files.config(), Path::new("--json"), Path::new(seed)], ""));
    let first = day("--seed=5");
    let figures: serde_json::Value = serde_json::from_str(&first).expect("JSON");
    assert!(
        figures["total"]["answered"]
            .as_u64()
            .is_some_and(|answered| answered > 50),
        "{first}"
    );
    assert_eq!(first, day("--seed=5"));
    assert_ne!(first, day("--seed=6"));
}

#[test]
fn the_scenarios_beside_the_configurations_run() {
    for (config, scenario) in [
        ("demo/autoload_configs/callcenter.conf.xml", "demo/scenario.toml"),
        ("board/callcenter.conf.xml", "board/scenario.toml"),
    ] {
        let conf = root().join("conf");
        let output = run(
            &[
                &conf.join(config),
                &conf.join(scenario),
                Path::new("--seeds=5"),
                Path::new("--json"),
            ],
            "",
        );
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // They are shown to people: neither all is well in them nor nothing.
        let figures: serde_json::Value = serde_json::from_str(&printed(&output)).expect("JSON");
        let level = |figures: &serde_json::Value| figures["service_level"]["value"].as_f64().expect("a share");
        let total = level(&figures["days"]["total"]);
        assert!((0.75..0.95).contains(&total), "{scenario}: {total}");
        let queues = figures["days"]["queues"].as_array().expect("queues");
        let well = queues.iter().filter(|queue| level(&queue["figures"]) >= 0.8).count();
        assert!(
            (1..queues.len()).contains(&well),
            "{scenario}: {well} of {}",
            queues.len()
        );
    }
}

#[test]
fn mistakes_are_named() {
    let files = Files::new();
    let config = files.config();
    assert!(refusal(&[&files.path("none.xml")]).contains("none.xml cannot be read"));
    assert!(refusal(&[&files.write("broken.xml", "<configuration")]).contains("not well-formed XML"));
    let empty = files.write("empty.xml", "<configuration name=\"callcenter.conf\"/>");
    assert!(refusal(&[&empty]).contains("has no queue to run"));
    assert!(refusal(&[&config, &files.path("none.toml")]).contains("none.toml cannot be read"));
    assert!(refusal(&[&config, &files.write("broken.toml", "hours = ")]).contains("broken.toml"));
    let latin = files.path("latin.toml");
    std::fs::write(&latin, b"hours = 8\n[queues.\"Verk\xe4ufe\"]\n").expect("a file");
    assert!(refusal(&[&config, &latin]).contains("latin.toml:2: a letter there is not UTF-8"));
    let variable = files.write("variable.xml", &CONFIG.replace("longest-idle-agent", "$${order}"));
    let output = run(&[&variable, Path::new("--hours=0.1")], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("$${order} is empty here") && said.matches("variable.xml").count() < 3,
        "{said}"
    );
    let many = files.write("many.toml", "hours = 0.01\n[callers]\ncalls_per_hour = 100");
    let output = run(&[&config, &many, Path::new("--seeds=2")], "");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("that takes minutes"));
    let output = run(&[&config, Path::new("--hours=0")], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("it must be more than 0"),
        "{said}"
    );
    let unknown = files.write("unknown.toml", "[queues.sales]\ntalk = 1");
    assert!(refusal(&[&config, &unknown]).contains("There is no queue sales in the configuration"));
}

#[test]
fn the_console_takes_commands_while_the_day_runs() {
    let files = Files::new();
    let commands = "call support@default 2\nrun 1 second\ncallcenter_config queue count members support@default\n\
                    callcenter_config agent set status 1001 'On Break'\ncallcenter_config agent get status 1001\n\
                    call nowhere\nno-such-thing\nagent list\nrun 30 minutes\nquit\n";
    let output = run(&[&files.config(), Path::new("--console")], commands);
    let text = printed(&output);
    assert!(output.status.success(), "{text}");
    for expected in [
        "\n2\n",
        "+OK",
        "On Break",
        "-ERR There is no queue nowhere",
        "-ERR There is no command",
        "-ERR It is a command of callcenter_config: callcenter_config agent list",
        "09:30:01",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
}

#[test]
fn the_console_ends_with_its_input() {
    let files = Files::new();
    let output = run(&[&files.config(), Path::new("--console")], "run\n");
    assert!(
        output.status.success() && printed(&output).contains("The day is over."),
        "{}",
        printed(&output)
    );
}

/// How the documents start the simulator.
const STARTED: &str = "cargo run --release --bin callcenter-sim -- ";

/// The files that the documents name, in a directory where their lines are run.
fn files_of_the_documents() -> Files {
    let files = Files::new();
    std::os::unix::fs::symlink(root().join("conf"), files.path("conf")).expect("a link");
    for (name, sample) in [("flows.csv", "cc_flows.csv"), ("agents.csv", "cc_agents.csv")] {
        std::os::unix::fs::symlink(samples().join(sample), files.path(name)).expect("a link");
    }
    files.write("opensips.cfg", "modparam(\"call_center\", \"wrapup_time\", 45)\n");
    files
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

/// The arguments in a line of a document: up to the file its output goes to, or its comment.
fn arguments_of(line: &str) -> Vec<String> {
    let queues = samples().join("queues.conf");
    let words = line.split_whitespace().take_while(|word| !word.starts_with(['>', '#']));
    let there = |word: &str| word.replace("/etc/asterisk/queues.conf", &queues.display().to_string());
    words.map(there).collect()
}

#[test]
fn every_line_of_the_documents_runs() {
    let files = files_of_the_documents();
    let mut count = 0;
    for block in blocks("sh") {
        for rest in block.text.lines().filter_map(|line| line.strip_prefix(STARTED)) {
            let output = Command::new(env!("CARGO_BIN_EXE_callcenter-sim"))
                .args(arguments_of(rest))
                .current_dir(files.0.path())
                .output()
                .expect("callcenter-sim runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {rest}: {said}", block.place());
            count += 1;
        }
    }
    assert!(count >= 7, "only {count} lines");
}

#[test]
fn every_scenario_of_the_documents_runs() {
    let files = Files::new();
    // The board's configuration is TOML as well, and its document says that it is not run.
    let is_scenario = |block: &Block| !block.before.contains("not run");
    let blocks: Vec<Block> = blocks("toml").into_iter().filter(is_scenario).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let output = run(&[&files.config(), &files.write("scenario.toml", &block.text)], "");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", block.place());
    }
}

#[test]
fn every_line_for_the_console_of_the_documents_is_understood() {
    let demo = root().join("conf/demo/autoload_configs/callcenter.conf.xml");
    let blocks = blocks("console");
    assert!(!blocks.is_empty());
    for block in blocks {
        let output = run(&[&demo, Path::new("--console")], &block.text);
        let text = printed(&output);
        assert!(
            output.status.success() && !text.contains("-ERR"),
            "{}: {text}",
            block.place()
        );
    }
}
