//! How often something that failed is tried again: on a busy machine FreeSWITCH's own threads come now and then in another order. All
//! of it is counted and bounded, for the whole run.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

/// So many in a run, `scripts/host-tests` and its second tries included: more is no accident.
pub const MOST: usize = 10;

static REPEATED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Whether something that failed may be tried once more. Counted if so.
pub fn may_repeat(what: &str) -> bool {
    let mut repeated = REPEATED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let file = std::env::var_os("CALLCENTER_REPEATED").map(PathBuf::from);
    let noted = file
        .as_ref()
        .map(|file| std::fs::read_to_string(file).unwrap_or_default());
    let so_far = noted.map_or(repeated.len(), |text| text.lines().count());
    if so_far >= MOST {
        return false;
    }
    repeated.push(what.to_owned());
    if let Some(file) = file {
        let file = std::fs::File::options().append(true).create(true).open(file);
        let written = file.and_then(|mut file| file.write_all(format!("{what}\n").as_bytes()));
        written.expect("note what is tried again");
    }
    true
}

/// What this process has tried again, in one line.
pub fn told() -> String {
    let repeated = REPEATED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match repeated.len() {
        0 => "nothing was tried again".to_owned(),
        count => format!("{count} tried again, at most {MOST} in a run: {}", repeated.join(", ")),
    }
}
