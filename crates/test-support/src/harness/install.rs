//! Where the installed FreeSWITCH, its own call-centre module and ours are.

use crate::skip::{self, say};
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

/// An installed FreeSWITCH that can run our module, and stock's where that is still there.
#[derive(Debug)]
pub struct Install {
    /// The `freeswitch` program.
    pub program: PathBuf,
    /// The directory of its modules.
    pub modules: PathBuf,
    /// The call-centre module that came with it, unless it is gone.
    pub stock: Option<PathBuf>,
    /// The module under test.
    pub ours: PathBuf,
}

impl Install {
    /// The file of one of the two modules.
    ///
    /// # Panics
    /// For stock's module where there is none: see [`install_for`].
    pub fn module(&self, which: Module) -> &Path {
        match which {
            Module::Stock => self.stock.as_deref().expect("a stock mod_callcenter.so"),
            Module::Ours => &self.ours,
        }
    }

    /// Whether stock's module can be played beside ours.
    pub fn has_stock(&self) -> bool {
        self.stock.is_some()
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
    static FOUND: OnceLock<Result<Install, String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| find().inspect_err(|reason| say(&format!("host tests SKIPPED: {reason}"))));
    found.as_ref().inspect_err(|reason| skip::note(reason)).ok()
}

/// The installation for a test that starts this module, or `None` after saying why the test is skipped.
pub fn install_for(module: Module) -> Option<&'static Install> {
    let install = install()?;
    let found = module == Module::Ours || install.has_stock();
    if !found {
        skip::skip(&format!("no stock mod_callcenter.so in {}", install.modules.display()));
    }
    found.then_some(install)
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
    let ours = built_module().ok_or("the module is not built; run `make host-test`, or set CALLCENTER_MODULE")?;
    Ok(Install {
        program: prefix.join("bin/freeswitch"),
        stock: stock_module(&modules),
        modules,
        ours,
    })
}

/// Stock's module, which stands beside ours as `mod_callcenter.so.stock` after `make install`. Ours in its place, as
/// where FreeSWITCH came without stock's, is not taken for it.
fn stock_module(modules: &Path) -> Option<PathBuf> {
    let names = ["mod_callcenter.so.stock", "mod_callcenter.so"];
    let mut files = names.iter().map(|name| modules.join(name));
    files.find(|file| std::fs::read(file).is_ok_and(|bytes| !is_rust(&bytes)))
}

/// Whether a program file was made from Rust: each names the place its standard library was built at.
fn is_rust(program: &[u8]) -> bool {
    const LIBRARY: &[u8] = b"/rustc/";
    program.windows(LIBRARY.len()).any(|bytes| bytes == LIBRARY)
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
