//! Where the installed FreeSWITCH, its own call-centre module and ours are.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The call-centre module a private FreeSWITCH is started with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Module {
    /// The module that came with FreeSWITCH.
    Stock,
    /// The module of this repository.
    Ours,
}

/// An installed FreeSWITCH that can run both modules.
#[derive(Debug)]
pub struct Install {
    /// The `freeswitch` program.
    pub program: PathBuf,
    /// The directory of its modules.
    pub modules: PathBuf,
    /// The call-centre module that came with it.
    pub stock: PathBuf,
    /// The module under test.
    pub ours: PathBuf,
}

impl Install {
    /// The file of one of the two modules.
    pub fn module(&self, which: Module) -> &Path {
        match which {
            Module::Stock => &self.stock,
            Module::Ours => &self.ours,
        }
    }

    /// Whether FreeSWITCH has a module of this name, for tests that need more than the usual ones.
    pub fn has_module(&self, name: &str) -> bool {
        self.modules.join(format!("{name}.so")).is_file()
    }
}

/// The installation the host tests run in, or `None` after saying once why they are skipped.
///
/// `CALLCENTER_HOST_TESTS=off` skips them on a machine that has FreeSWITCH; `make test` does so because
/// `make host-test` runs them.
pub fn install() -> Option<&'static Install> {
    static FOUND: OnceLock<Option<Install>> = OnceLock::new();
    FOUND
        .get_or_init(|| match find() {
            Ok(install) => Some(install),
            Err(reason) => {
                say(&format!("host tests SKIPPED: {reason}"));
                None
            }
        })
        .as_ref()
}

/// Writes a line past the test runner's capture, so that a skipped test is not mistaken for a passed one.
pub fn say(line: &str) {
    use std::io::Write;
    // A closed standard error is no reason to fail a test.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn find() -> Result<Install, String> {
    if std::env::var("CALLCENTER_HOST_TESTS").is_ok_and(|value| value == "off") {
        return Err("CALLCENTER_HOST_TESTS=off (run `make host-test` for them)".into());
    }
    let prefix = prefixes()
        .into_iter()
        .find(|prefix| prefix.join("bin/freeswitch").is_file())
        .ok_or("no FreeSWITCH found; install it or set FREESWITCH_PREFIX to its directory")?;
    let modules = [
        prefix.join("lib/freeswitch/mod"),
        prefix.join("mod"),
        prefix.join("lib/x86_64-linux-gnu/freeswitch/mod"),
    ]
    .into_iter()
    .find(|dir| dir.join("mod_event_socket.so").is_file())
    .ok_or(format!("no FreeSWITCH module directory under {}", prefix.display()))?;
    // After `make install` stock's own file stands beside ours under this name.
    let stock = [
        modules.join("mod_callcenter.so.stock"),
        modules.join("mod_callcenter.so"),
    ]
    .into_iter()
    .find(|file| file.is_file())
    .ok_or(format!("no stock mod_callcenter.so in {}", modules.display()))?;
    let ours = built_module().ok_or("the module is not built; run `make host-test`, or set CALLCENTER_MODULE")?;
    Ok(Install {
        program: prefix.join("bin/freeswitch"),
        modules,
        stock,
        ours,
    })
}

/// The prefixes FreeSWITCH may live under, most explicit first.
fn prefixes() -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(prefix) = std::env::var_os("FREESWITCH_PREFIX") {
        found.push(PathBuf::from(prefix));
    }
    found.push(PathBuf::from("/usr/local/freeswitch"));
    found.push(PathBuf::from("/usr"));
    if let Ok(output) = Command::new("pkg-config")
        .args(["--variable=prefix", "freeswitch"])
        .output()
    {
        let prefix = String::from_utf8_lossy(&output.stdout).trim().to_string();
        if !prefix.is_empty() {
            found.push(PathBuf::from(prefix));
        }
    }
    found
}

/// Our module: where `CALLCENTER_MODULE` says, else beside the running test program in the target directory.
fn built_module() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CALLCENTER_MODULE") {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    let program = std::env::current_exe().ok()?;
    let deps = program.parent()?;
    let profile = deps.parent()?;
    let places = [profile, deps];
    let mut files = places
        .iter()
        .flat_map(|dir| ["mod_callcenter.so", "libmod_callcenter.so"].map(|name| dir.join(name)));
    files.find(|path| path.is_file())
}
