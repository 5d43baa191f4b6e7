//! What include/abi declares is what FreeSWITCH's own headers say: every value, size, offset and function type.
//!
//! The same probe is compiled against both. Without real headers there is nothing to compare with, and the test says so.

use callcenter_test_support::repository::root;
use callcenter_test_support::skip;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where FreeSWITCH's own build installs its pkg-config file when nobody says otherwise.
const COMMON_PREFIXES: [&str; 3] = ["/usr/local/freeswitch", "/usr/local", "/opt/freeswitch"];

fn real_headers() -> Option<PathBuf> {
    let from_environment = std::env::var_os("FREESWITCH_INCLUDE_DIR").filter(|value| !value.is_empty());
    from_environment.map(PathBuf::from).or_else(from_pkg_config)
}

fn from_pkg_config() -> Option<PathBuf> {
    let mut path: Vec<PathBuf> = std::env::var_os("PKG_CONFIG_PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .collect();
    path.extend(
        COMMON_PREFIXES
            .iter()
            .map(|prefix| Path::new(prefix).join("lib/pkgconfig")),
    );
    let answer = Command::new("pkg-config")
        .env("PKG_CONFIG_PATH", std::env::join_paths(path).ok()?)
        .args(["--cflags-only-I", "freeswitch"])
        .output()
        .ok()?;
    let flags = String::from_utf8_lossy(&answer.stdout).into_owned();
    let mut directories = flags.split_whitespace().filter_map(|flag| flag.strip_prefix("-I"));
    directories
        .find(|directory| Path::new(directory).join("switch.h").is_file())
        .map(PathBuf::from)
}

fn compiler(headers: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    command
        .arg("-std=gnu11")
        .arg("-isystem")
        .arg(headers)
        .arg("-I")
        .arg(root().join("include"));
    command
}

fn compile(mut command: Command) {
    let result = command.output().expect("there is a C compiler");
    assert!(
        result.status.success(),
        "{command:?} failed:\n{}",
        String::from_utf8_lossy(&result.stderr)
    );
}

fn probe(headers: &Path, workplace: &Path) -> Vec<String> {
    let program = workplace.join("probe");
    let mut command = compiler(headers);
    command.arg(root().join("include/layout.c")).arg("-o").arg(&program);
    compile(command);
    let printed = Command::new(&program).output().expect("the probe runs");
    assert!(printed.status.success());
    String::from_utf8(printed.stdout)
        .expect("the probe prints text")
        .lines()
        .map(str::to_owned)
        .collect()
}

fn compile_shim(headers: &Path, workplace: &Path) {
    let mut command = compiler(headers);
    command
        .args(["-Wall", "-Wextra", "-Werror", "-c"])
        .arg(root().join("include/shim.c"));
    command.arg("-o").arg(workplace.join("shim.o"));
    compile(command);
}

#[test]
fn our_declarations_are_freeswitchs_own() {
    let Some(headers) = real_headers() else {
        skip::skip("no FreeSWITCH headers here; set FREESWITCH_INCLUDE_DIR to compare include/abi with them");
        return;
    };
    let workplace = tempfile::tempdir().expect("a temporary directory");
    let real = probe(&headers, workplace.path());
    let ours = probe(&root().join("include/abi"), workplace.path());
    assert!(real.len() > 100, "the probe printed {} lines only", real.len());
    let differences: Vec<_> = real.iter().zip(&ours).filter(|(real, ours)| real != ours).collect();
    assert!(differences.is_empty(), "(real, include/abi): {differences:#?}");
    assert_eq!(real.len(), ours.len());
}

#[test]
fn the_shim_compiles_with_our_declarations() {
    let workplace = tempfile::tempdir().expect("a temporary directory");
    compile_shim(&root().join("include/abi"), workplace.path());
}

#[test]
fn the_shim_compiles_with_freeswitchs_own() {
    let Some(headers) = real_headers() else {
        skip::skip("no FreeSWITCH headers here; set FREESWITCH_INCLUDE_DIR to compile with them");
        return;
    };
    let workplace = tempfile::tempdir().expect("a temporary directory");
    compile_shim(&headers, workplace.path());
}
